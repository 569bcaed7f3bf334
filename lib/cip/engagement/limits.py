"""What this engagement cannot say: sentences from the facts of who was asked, and how."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pandas as pd

from cip.catalogue.people_groups import load_people_groups, name_group
from cip.engagement.heard import SPOKEN, find_unheard, judge_heard
from cip.engagement.plan import Group
from cip.statistics.representation import FEWER, NOBODY_HEARD
from cip.statistics.survey_display import FLAG_BELOW

#: Agreement below this bears not even tentative conclusions (Krippendorff's bands).
LEAST_ALPHA = 0.667
_DESIGNS = {
    "convenience": "The survey was open to whoever came upon it. Its percentages describe those "
    "who answered; no weighting makes them stand for all residents.",
    "quota": "People were sought out for the survey until groups were full. Weights bring the "
    "groups into line with the area, but who within a group was asked was left to chance "
    "meetings.",
    "random": "Everyone had a chance to be drawn for the survey, but not everyone answered; those "
    "who did may differ from those who did not in ways that weights cannot mend.",
    "census_of_group": "All of one group were asked. The survey says nothing of other people.",
}


@dataclass(frozen=True)
class EngagementFacts:
    """What the limits are drawn from; what is left out was not done.

    Parameters
    ----------
    respondents
        The table ``respondents``.
    seldom_heard, unplanned
        Groups that the plan set out to hear, and those of them for whom nothing was held.
    design
        Of the survey, as its mapping file says; empty without a survey.
    waves
        Of the survey, in order.
    uncounted
        Activities that do not say how many people took part.
    interviews, saturation
        Interviews and groups held, and the label of `cip.statistics.Saturation`: "6+2", or "not
        reached"; empty where it could not be judged.
    coders, alpha, open_disagreements
        People who coded, Krippendorff's alpha over all themes, and disagreements not settled.
    sector_groups
        Groups that answered the survey of community groups; None without one.
    """

    respondents: pd.DataFrame | None = field(default=None, repr=False)
    seldom_heard: Sequence[Group] = ()
    unplanned: Sequence[Group] = ()
    design: str = ""
    waves: Sequence[str] = ()
    uncounted: int = 0
    interviews: int = 0
    saturation: str = ""
    coders: int = 0
    alpha: float | None = None
    open_disagreements: int = 0
    sector_groups: int | None = None


def list_limits(facts: EngagementFacts) -> list[str]:
    """Return what this engagement cannot say, the most important first, one thing each.

    Examples
    --------
    >>> list_limits(EngagementFacts(coders=1, interviews=3))[-1].startswith("One person coded")
    True
    """
    return [
        *_tell_groups(facts),
        *_tell_bases(facts.respondents),
        *_tell_survey(facts),
        *_tell_interviews(facts),
        *_tell_coding(facts),
        *_tell_sector(facts),
    ]


def _tell_groups(facts: EngagementFacts) -> Iterator[str]:
    """Yield sentences on groups that were not heard, or too little."""
    if facts.respondents is None:
        if facts.seldom_heard:
            yield "Nobody was asked which groups they belong to, so it is not known who was heard."
        return
    asked = set(facts.respondents["characteristic"])
    unheard = find_unheard(facts.respondents, facts.seldom_heard)
    absent = [group for group in unheard if group[0] in asked]
    unasked = [group for group in unheard if group[0] not in asked]
    if absent:
        yield (
            f"Of groups that the plan set out to hear, there is nobody from {_join_groups(absent)}."
        )
    if unasked:
        yield (
            f"The plan set out to hear {_join_groups(unasked)}, but nobody was asked whether they "
            "are, so it is not known whether any were heard."
        )
    if facts.unplanned:
        yield f"Nothing was held that was meant for {_join_groups(facts.unplanned)}."
    table = facts.respondents.assign(verdict=judge_heard(facts.respondents))
    for wave, rows in table.groupby("wave", sort=False):
        fewer = rows[rows["verdict"].isin([NOBODY_HEARD, FEWER])]
        pairs = zip(fewer["characteristic"], fewer["group"], strict=True)
        labels = dict(zip(pairs, fewer["group_label"], strict=True))
        if few := [group for group in labels if group not in absent]:
            said = _join_groups(few, labels)
            yield f"{_name_wave(wave)} these were heard less than their share of the area: {said}."


def _tell_bases(respondents: pd.DataFrame | None) -> Iterator[str]:
    """Yield a sentence for each wave in which few said which group they belong to."""
    if respondents is None:
        return
    catalogue = load_people_groups()
    once = respondents.drop_duplicates(["wave", "characteristic"])
    small = once[once["answered"] < FLAG_BELOW]
    for wave, rows in small.groupby("wave", sort=False):
        names = [catalogue[name].label.lower() for name in rows["characteristic"]]
        yield (
            f"{_name_wave(wave)} fewer than {FLAG_BELOW} people told us their {_join(names)}, so a "
            "comparison with the area is rough."
        )


def _tell_survey(facts: EngagementFacts) -> Iterator[str]:
    if not facts.design:
        yield "There was no survey, so nothing here is a share of residents."
        return
    yield _DESIGNS[facts.design]
    if len(facts.waves) > 1 and facts.design in ("convenience", "quota"):
        yield (
            f"The waves {_join(facts.waves)} reached different people. A change between them can "
            "be one of who answered and not of what people think."
        )


def _tell_interviews(facts: EngagementFacts) -> Iterator[str]:
    if facts.uncounted:
        things = "activity does" if facts.uncounted == 1 else "activities do"
        yield f"{_count(facts.uncounted)} {things} not say how many people took part."
    if not facts.interviews:
        yield "Nobody was interviewed, so reasons behind the answers are missing."
        return
    if not facts.saturation:
        yield "There were too few conversations to judge whether more would have brought new themes."
    elif facts.saturation == "not reached":
        yield "The last conversations still brought new themes, so more would have brought others."
    else:
        yield (
            f"New themes ran dry ({facts.saturation}) among the people who were asked; those who "
            "were not asked may have others."
        )
    yield (
        "Numbers of people who spoke of a theme are no measure of how common it is in the area: "
        "people were invited, not drawn, and were free to speak of what they liked."
    )


def _tell_coding(facts: EngagementFacts) -> Iterator[str]:
    if facts.coders == 1:
        yield "One person coded what was said, so nobody knows whether another would read it alike."
    if facts.alpha is not None and facts.alpha < LEAST_ALPHA:
        yield (
            f"Those who coded agreed too little (alpha {facts.alpha:.2f}) to build on themes that "
            "rest on few people."
        )
    if facts.open_disagreements:
        verb = "disagreement is" if facts.open_disagreements == 1 else "disagreements are"
        yield (
            f"{_count(facts.open_disagreements)} {verb} not settled between those who coded; what "
            "they are about is not counted."
        )


def _tell_sector(facts: EngagementFacts) -> Iterator[str]:
    if facts.sector_groups is not None:
        yield (
            f"{_count(facts.sector_groups)} community and voluntary groups answered. Most informal "
            "groups are on no list, so that these are not the whole sector."
        )


def _name_wave(wave: str) -> str:
    return f"In {SPOKEN}" if wave == SPOKEN else f"In the survey ({wave})"


def _join_groups(groups: Iterable[Group], labels: dict[Group, str] | None = None) -> str:
    places = {name for name, entry in load_people_groups().items() if entry.is_place}
    return _join(
        f"people in {labels[group]}" if labels and group[0] in places else name_group(*group)
        for group in groups
    )


def _join(parts: Iterable[str]) -> str:
    *first, last = [str(part) for part in parts]
    return f"{', '.join(first)} and {last}" if first else last


def _count(number: int) -> str:
    words = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
    return words[number] if number < len(words) else str(number)
