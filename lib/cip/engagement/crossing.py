"""What one table must withhold because another one, laid beside it, would tell the same count.

``respondents`` withholds how many of a group were heard. ``answers`` counts the same people question
by question, ``theme_groups`` those of them who spoke, and a question that was put to those who gave
one answer counts these. The rule: a group that ``respondents`` withholds is withheld in the others
too; a withheld answer hides the question that follows from it; and the base of a group that is
withheld as a whole is not told, nor who did not know or did not answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cip.engagement.survey_questions import Question
from cip.statistics.survey_display import LEAST_BASE, WITHHELD

if TYPE_CHECKING:
    from cip.engagement.excerpts import Excerpts
    from cip.engagement.survey_measures import Measure

#: Groups by characteristic.
Groups = Mapping[str, frozenset[str]]
#: The same by wave.
WithheldGroups = Mapping[str, Groups]


def list_withheld(respondents: pd.DataFrame) -> dict[str, dict[str, frozenset[str]]]:
    """Return the groups that the table ``respondents`` withholds, by wave and characteristic."""
    hidden = respondents[respondents["display"] == WITHHELD]
    found: dict[str, dict[str, frozenset[str]]] = {}
    for (wave, name), rows in hidden.groupby(["wave", "characteristic"], sort=False):
        found.setdefault(str(wave), {})[str(name)] = frozenset(rows["group"].astype(str))
    return found


def find_followed(question: Question, earlier: Iterable[Measure]) -> dict[str, frozenset[str]]:
    """Return the groups in which a question's base tells an answer that is withheld.

    Parameters
    ----------
    earlier
        The tables of one wave of the question that decides who is asked this one.

    Returns
    -------
    dict
        Groups by characteristic; ``""`` stands for everyone.
    """
    skip = question.asked_if
    if skip is None:
        return {}
    found = {}
    for measure in earlier:
        columns = [place for place, name in enumerate(measure.answers) if name in skip.answers]
        hidden = measure.hidden[:, columns].sum(axis=1)
        # Of answers of which people give one, the base is the sum: one that is withheld follows.
        is_told = hidden == 1 if measure.question.kind != "multiple" else hidden == len(columns)
        names = np.array(measure.groups, dtype=object)[is_told & (hidden > 0)]
        found[measure.characteristic] = frozenset(names.tolist())
    return found


def join_groups(*parts: Groups) -> dict[str, frozenset[str]]:
    """Return the groups that are in any of the parts, by characteristic."""
    names = dict.fromkeys(name for part in parts for name in part)
    return {name: frozenset().union(*(part.get(name, ()) for part in parts)) for name in names}


def mark_groups(groups: Sequence[str], withheld: Iterable[str]) -> np.ndarray:
    """Return whether each group is withheld."""
    return np.isin(np.array(groups, dtype=object), list(withheld))


def find_exposed_speakers(excerpts: Excerpts, spoken: pd.DataFrame) -> dict[str, frozenset[str]]:
    """Return the groups of which the number who spoke would follow from the tables of themes.

    Parameters
    ----------
    excerpts
        All that was said, answers of a survey in people's own words among them.
    spoken
        The rows of ``respondents`` for those heard in interviews and groups.

    Returns
    -------
    dict
        Groups by characteristic. Themes count those who wrote in a survey too, so they tell how
        many spoke only where fewer than 10 of the groups in question wrote and did not speak.
    """
    hidden = list_withheld(spoken)
    found: dict[str, frozenset[str]] = {}
    voices = excerpts.frame.groupby("person_id", sort=False)["voice"]
    wrote = voices.agg(lambda own: (own == "survey").all())
    people = excerpts.people.set_index("person_id")
    for groups in hidden.values():
        for name, withheld in groups.items():
            if name not in people:
                continue
            is_theirs = people[name].isin(withheld)
            if int((is_theirs & wrote.reindex(people.index)).sum()) < LEAST_BASE:
                found[name] = withheld
    return found
