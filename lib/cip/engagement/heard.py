"""Who was heard: respondents and speakers by group against the people of the area, gaps first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cip.catalogue.people_groups import Characteristic, load_people_groups
from cip.disclosure import RULES, DisclosureRule, protect_table
from cip.engagement.plan import Group, list_seldom_heard
from cip.engagement.survey_questions import APART, NOT_ANSWERED, PREFER_NOT
from cip.statistics import compare_make_up, proportion
from cip.statistics.representation import FEWER, IN_LINE, MORE, NOBODY_HEARD, UNCLEAR
from cip.statistics.survey_display import FLAG_BELOW, FLAGGED, LEAST_BASE, SHOWN, WITHHELD

if TYPE_CHECKING:
    from cip.param_models import EngagementSettings

#: Rows of those who are in no group. "Don't know" and what cannot be used count as no answer.
_SILENT = {PREFER_NOT: "Preferred not to say", NOT_ANSWERED: "Did not answer"}
NO_ANSWER_OR_RARE = "Did not answer, or gave an answer too rare to show"
#: The wave under which people heard in interviews, groups, stories and on the street are counted.
SPOKEN = "interviews and groups"
TOO_FEW, NOT_COMPARED = "too few to show", "not compared"
_ORDER = (NOBODY_HEARD, FEWER, TOO_FEW, UNCLEAR, IN_LINE, MORE, NOT_COMPARED, "")
_FIGURES = ["respondents", "share", "lower_95", "upper_95", "ratio", "ratio_lower_95",
            "ratio_upper_95", "weight_mean"]  # fmt: skip
COLUMNS = ["wave", "characteristic", "group", "group_label", "respondents", "answered", "share",
           "lower_95", "upper_95", "population", "population_share", "ratio", "ratio_lower_95",
           "ratio_upper_95", "weight_mean", "is_seldom_heard", "display", "source_id"]  # fmt: skip


def count_heard(
    people: pd.DataFrame,
    margins: pd.DataFrame,
    settings: EngagementSettings,
    *,
    weights: pd.Series | None = None,
    part_names: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return who was heard, by wave, characteristic and group.

    Parameters
    ----------
    people
        One row per person heard: ``wave`` and a column per characteristic with ids of groups,
        ``prefer_not_to_say``, or missing. Characteristics that it lacks were not asked.
    margins
        As `cip.engagement.margins.build_margins` gives them.
    settings
        Names the groups that the plan set out to hear, and the fewest people that are shown.
    weights
        Weight of each person, by the index of ``people``; missing for a wave without weights.
    part_names
        What a survey calls the parts of the area, by id; without it the margins' names stand.

    Returns
    -------
    DataFrame
        The hand-over table ``respondents``, gaps first within each wave (see `judge_heard`). A
        characteristic that nobody of a wave answered has no rows there. ``answered`` are those
        who named a group. Shares are percentages of these; the ratio is the share over the
        population's, 1 where they agree. Groups of 1 to ``least_people`` less one are withheld,
        with others from which they could be worked out, and all groups where fewer than 10
        answered; zero is shown, because it stands for nobody. Those in no group have rows of
        their own, which are shown: silence tells of no group. A few people of a group that the
        population's count lacks are counted with those who did not answer.

    Raises
    ------
    ParameterError
        If a group of ``settings.seldom_heard`` is not in the catalogue.
    ValueError
        If a column holds what is no group of its characteristic. The value is not repeated.

    Notes
    -----
    Wilson's interval of the share, divided by the population's share, which is taken as known.
    It says what chance alone would do to numbers as small as these; with an open invitation it
    is no measure of who had the opportunity.
    """
    rule = replace(RULES["under_5"], safe_from=settings.least_people)
    by = _Measure(margins, weights, rule, frozenset(list_seldom_heard(settings)), part_names or {})
    asked = [entry for name, entry in load_people_groups().items() if name in people.columns]
    parts = [
        _count_wave(wave, own[entry.id], entry, by)
        for wave, own in people.groupby("wave", sort=False, observed=True)
        for entry in asked
    ]
    parts = [part for part in parts if not part.empty]
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    table = pd.concat(parts, ignore_index=True)
    pairs = zip(table["characteristic"], table["group"], strict=True)
    table["is_seldom_heard"] = [pair in by.seldom for pair in pairs]
    return _order_gaps(table)[COLUMNS]


def judge_heard(table: pd.DataFrame) -> pd.Series:
    """Return in words how each row of the table ``respondents`` compares with the population.

    ``nobody heard`` and ``fewer heard`` where the interval of the ratio lies below 1, ``more
    heard`` above, ``in line`` where it holds 1; ``too few to say`` where nobody is heard and that
    may be chance; ``too few to show`` where the row is withheld; ``not compared`` without a count
    of the population; empty for those in no group.
    """
    nobody = table["respondents"].eq(0).fillna(False).astype(bool)
    upper, lower = table["ratio_upper_95"], table["ratio_lower_95"]
    words = np.select(
        [
            table["group"].isin(_SILENT),
            table["display"].eq(WITHHELD),
            table["ratio"].isna(),
            nobody & (upper < 1),
            nobody,
            upper < 1,
            lower > 1,
        ],
        ["", TOO_FEW, NOT_COMPARED, NOBODY_HEARD, UNCLEAR, FEWER, MORE],
        IN_LINE,
    )
    return pd.Series(words, index=table.index, dtype="str")


def list_speakers(excerpts: pd.DataFrame) -> pd.DataFrame:
    """Return the people heard in their own voice, apart from the survey's respondents.

    Parameters
    ----------
    excerpts
        One row per excerpt: ``person_id, voice`` and columns of characteristics.

    Returns
    -------
    DataFrame
        One row per person, with the wave ``interviews and groups``. A characteristic that is
        told in two ways of one person is missing. Ids and words of people are not in it.
    """
    known = [name for name in load_people_groups() if name in excerpts.columns]
    spoken = excerpts[excerpts["voice"] != "survey"].dropna(subset="person_id")
    grouped = spoken.groupby("person_id", sort=False)[known]
    told = grouped.nunique()
    table = grouped.first().where(told == 1).reset_index(drop=True)
    table.insert(0, "wave", SPOKEN)
    return table


def find_unheard(table: pd.DataFrame, seldom_heard: Iterable[Group]) -> list[Group]:
    """Return the groups of the plan of which no wave shows anyone.

    A group that is withheld is not among them: a few were heard, or too few answered to tell. A
    group that nobody was asked about is, because there is no sign that it was heard.
    """
    is_heard = table["respondents"].gt(0).fillna(False) | table["display"].eq(WITHHELD)
    seen = table[is_heard.astype(bool)]
    heard = set(zip(seen["characteristic"], seen["group"], strict=True))
    return [group for group in seldom_heard if group not in heard]


@dataclass(frozen=True)
class _Measure:
    """What every wave and characteristic is held against."""

    margins: pd.DataFrame
    weights: pd.Series | None
    rule: DisclosureRule
    seldom: frozenset[Group]
    part_names: Mapping[str, str]


def _count_wave(wave: str, said: pd.Series, entry: Characteristic, by: _Measure) -> pd.DataFrame:
    """Return the rows of one characteristic in one wave; none where nobody named a group."""
    said = said.astype(object)  # a category that nobody chose is no group here
    named = said[said.notna() & ~said.isin(APART)]
    table = _list_groups(entry, named, by)
    rare = _find_rare(table, entry, named, by)
    table = table[~table["group"].isin(rare)].reset_index(drop=True)
    named = named[~named.isin(rare)]
    if named.empty:
        return pd.DataFrame()
    table["respondents"] = named.value_counts().reindex(table["group"], fill_value=0).to_numpy()
    table["answered"] = len(named)
    table = _compare(table)
    if by.weights is not None:
        means = by.weights.reindex(named.index).groupby(named).mean()
        table["weight_mean"] = means.reindex(table["group"]).to_numpy(dtype=float)
    table = _withhold(table, by.rule)
    silent = pd.DataFrame(_list_silent(said, len(named), has_rare=bool(rare)))
    table = pd.concat([table, silent], ignore_index=True) if len(silent) else table
    return table.assign(wave=str(wave), characteristic=entry.id).reindex(columns=COLUMNS)


def _find_rare(
    table: pd.DataFrame, entry: Characteristic, named: pd.Series, by: _Measure
) -> list[str]:
    """Return groups of few that the population's count lacks; they join those who did not answer.

    Where the population has two groups, one person of a third would hide the figures of another.
    A group that the plan set out to hear keeps its row.
    """
    if table["population"].isna().all():
        return []
    apart = table.loc[table["population"].isna(), "group"]
    counts = named.value_counts()
    return [
        group
        for group in apart
        if counts.get(group, 0) < by.rule.safe_from and (entry.id, group) not in by.seldom
    ]


def _list_groups(entry: Characteristic, named: pd.Series, by: _Measure) -> pd.DataFrame:
    """Return the groups of a characteristic with their people, in the catalogue's order."""
    columns = ["group", "group_label", "population", "source_id"]
    known = by.margins.loc[by.margins["characteristic"] == entry.id, columns]
    strange = sorted(set(named) - set(known["group"]))
    if strange and not entry.is_place:
        raise ValueError(
            f"{int(named.isin(strange).sum())} value(s) of '{entry.id}' are no group of it."
        )
    # A survey may name parts of the area for which no count was given.
    more = pd.DataFrame({"group": strange, "group_label": strange, "source_id": ""})
    table = pd.concat([known, more], ignore_index=True) if strange else known
    own = table["group"].map(by.part_names) if entry.is_place else table["group_label"]
    return table.assign(group_label=own.fillna(table["group_label"]))


def _compare(table: pd.DataFrame) -> pd.DataFrame:
    """Add shares, and where the population is known the ratio of each group against the rest."""
    heard = table["respondents"].to_numpy(dtype=float)
    base = float(table["answered"].iloc[0])
    share = proportion(heard, base)
    table = table.assign(share=share.value, lower_95=share.lower, upper_95=share.upper)
    population = table["population"].to_numpy(dtype=float)
    everyone = np.nansum(population)
    found = np.full((len(table), 4), np.nan)
    for row in np.flatnonzero(population > 0):
        rest = everyone - population[row]
        if rest > 0:
            made_up = compare_make_up([heard[row], base - heard[row]], [population[row], rest])
            found[row] = [part[0] for part in made_up[1:5]]
    names = ["population_share", "ratio", "ratio_lower_95", "ratio_upper_95"]
    return table.assign(**dict(zip(names, found.T, strict=True)), weight_mean=np.nan)


def _withhold(table: pd.DataFrame, rule: DisclosureRule) -> pd.DataFrame:
    """Mark what is withheld and take its figures out."""
    base = int(table["answered"].iloc[0])
    if base < max(LEAST_BASE, rule.safe_from):
        is_blank = np.ones(len(table), dtype=bool)
    else:
        # Numbers stand for the groups, so that no group's name can be that of the total.
        counts = pd.DataFrame([[*table["respondents"], base]], columns=range(len(table) + 1))
        total = len(table)
        shown = protect_table(counts, rule, total_column=total, keep=[(0, total)])
        is_blank = shown.is_blank.to_numpy()[0, :total]
    table["display"] = np.where(is_blank, WITHHELD, FLAGGED if base < FLAG_BELOW else SHOWN)
    table["respondents"] = table["respondents"].astype("Int64")
    table.loc[is_blank, _FIGURES] = pd.NA
    return table


def _list_silent(said: pd.Series, answered: int, *, has_rare: bool) -> Iterator[dict[str, object]]:
    """Yield the rows of those in no group; all who are not in one that is shown are among them."""
    preferred = int(said.eq(PREFER_NOT).sum())
    counts = {PREFER_NOT: preferred, NOT_ANSWERED: len(said) - answered - preferred}
    for group, number in counts.items():
        if number:
            is_mixed = has_rare and group == NOT_ANSWERED
            yield {
                "group": group,
                "group_label": NO_ANSWER_OR_RARE if is_mixed else _SILENT[group],
                "respondents": number,
                "answered": answered,
                "display": SHOWN,
                "source_id": "",
            }


def _order_gaps(table: pd.DataFrame) -> pd.DataFrame:
    """Put gaps first within each wave; withheld rows keep the catalogue's order among them."""
    places = {word: place for place, word in enumerate(_ORDER)}
    keys = table.assign(
        by_wave=pd.factorize(table["wave"])[0], by_gap=judge_heard(table).map(places)
    )
    order = keys.sort_values(["by_wave", "by_gap", "ratio"], kind="stable").index
    return table.loc[order].reset_index(drop=True)
