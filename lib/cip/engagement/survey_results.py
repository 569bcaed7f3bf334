"""Results of a survey: shares, means and medians by wave and group, as they may be published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cip import statistics
from cip.engagement.crossing import WithheldGroups, find_followed, join_groups
from cip.engagement.survey_data import Survey
from cip.engagement.survey_measures import Measure, measure_question
from cip.engagement.survey_protection import name_display
from cip.engagement.survey_weights import SurveyWeights
from cip.statistics import Groups

COLUMNS = [
    "question_id",
    "question",
    "wave",
    "characteristic",
    "group",
    "answer",
    "answer_label",
    "value",
    "lower_95",
    "upper_95",
    "unit",
    "base",
    "effective_base",
    "dont_know",
    "not_answered",
    "is_weighted",
    "display",
]
_DTYPES = {
    **dict.fromkeys(COLUMNS, "str"),
    **dict.fromkeys(("value", "lower_95", "upper_95", "effective_base"), "float64"),
    **dict.fromkeys(("base", "dont_know", "not_answered"), "Int64"),
    "is_weighted": "boolean",
}
#: A figure on fewer people than this is withheld.
LEAST_PEOPLE = 5


def tabulate_answers(
    survey: Survey,
    characteristics: Sequence[str] | None = None,
    weights: SurveyWeights | None = None,
    *,
    least_people: int = LEAST_PEOPLE,
) -> pd.DataFrame:
    """Return the results of every closed question and number.

    Parameters
    ----------
    characteristics
        By which to break the results down; all that the survey has by default.
    weights
        From `weigh_survey`; unweighted by default and where they carry none.
    least_people
        Fewer people than this are withheld (``params.engagement.least_people``).

    Returns
    -------
    DataFrame
        One row per question, wave, characteristic, group and answer, of the schema ``answers``.
        Characteristic and group are ``""`` for everyone, who include those whose group is not
        known. Percentages with Wilson's interval on the effective base, means with Student's t,
        medians with Woodruff's. ``dont_know`` and ``not_answered`` (blank, preferred not to say,
        not usable) are people outside the base, except that a question with several answers has
        all to whom it was shown in its base, blanks too; both are missing where they are few.
        Groups without anyone are left out.

        ``display`` is ``shown``, ``small base`` (10 to 29) or ``withheld``: value and limits are
        missing then, and so are the bases of a group that is withheld as a whole. Besides what is
        small, as much is withheld as it takes that nothing follows from the rest.
    """
    measured = measure_survey(survey, characteristics, weights, least_people=least_people)
    return assemble_answers(measured, is_weighted=weights is not None and weights.is_weighted)


def measure_survey(
    survey: Survey,
    characteristics: Sequence[str] | None = None,
    weights: SurveyWeights | None = None,
    *,
    least_people: int = LEAST_PEOPLE,
    withheld: WithheldGroups | None = None,
) -> list[Measure]:
    """Return the tables of every question, wave and characteristic, for use more than once.

    ``withheld`` are the groups that the table ``respondents`` withholds
    (`cip.engagement.crossing.list_withheld`).
    """
    names = list(survey.characteristics) if characteristics is None else list(characteristics)
    orders = {name: list(survey.characteristics[name].groups) for name in names}
    measured = []
    for wave in survey.waves:
        frame = survey.take_wave(wave)
        if frame.empty:
            continue
        groupings = number_all_groups(frame, orders, take_weights(survey, weights, wave))
        own = (withheld or {}).get(wave, {})
        found: dict[str, list[Measure]] = {}
        for question in survey.questions.values():
            before = found.get(question.asked_if.question, []) if question.asked_if else []
            also = join_groups(own, find_followed(question, before))
            found[question.id] = measure_question(
                question, frame, wave, groupings, least_people=least_people, withheld=also
            )
            measured += found[question.id]
    return measured


def number_all_groups(
    frame: pd.DataFrame,
    characteristics: Mapping[str, Sequence[str]],
    weights: NDArray[np.float64] | None,
) -> dict[str, Groups]:
    """Return everyone, and the groups of each characteristic, of one wave's rows."""
    size = len(frame)
    found = {"": statistics.number_groups(size, weights=weights)}
    for name, order in characteristics.items():
        found[name] = statistics.number_groups(
            size, groups=frame[name].astype(object), order=list(order), weights=weights
        )
    return found


def assemble_answers(measured: Sequence[Measure], *, is_weighted: bool) -> pd.DataFrame:
    """Return measured tables as the table ``answers``; see `tabulate_answers`."""
    parts = [_flatten(measure) for measure in measured]
    if not parts:
        return pd.DataFrame({name: [] for name in COLUMNS}).astype(_DTYPES)
    columns = {name: np.concatenate([part[name] for part in parts]) for name in COLUMNS[:-2]} | {
        "display": np.concatenate([part["display"] for part in parts])
    }
    table = pd.DataFrame(columns)
    table["is_weighted"] = is_weighted
    return table[COLUMNS].astype(_DTYPES)


def _flatten(measure: Measure) -> dict[str, np.ndarray]:
    """Return a table's cells as columns; everyone's row is in the table without groups alone."""
    first = 1 if measure.characteristic else 0
    bases = np.repeat(measure.base[first:], len(measure.answers))
    hidden = measure.hidden[first:].ravel()
    untold = np.repeat(measure.untold[first:], len(measure.answers))
    # A row that is left out says that nobody of the group answered.
    some = (bases > 0) | untold
    size, answers = len(bases), len(measure.answers)
    rows = len(measure.groups) - first

    def spread(per_group: np.ndarray) -> np.ndarray:
        return np.where(untold, np.nan, np.repeat(per_group[first:], answers))

    cells: dict[str, np.ndarray] = {
        "question_id": np.full(size, measure.question.id, dtype=object),
        "question": np.full(size, measure.question.text, dtype=object),
        "wave": np.full(size, measure.wave, dtype=object),
        "characteristic": np.full(size, measure.characteristic, dtype=object),
        "group": np.repeat(np.array(measure.groups[first:], dtype=object), answers),
        "answer": np.tile(np.array(list(measure.answers), dtype=object), rows),
        "answer_label": np.tile(np.array(list(measure.answers.values()), dtype=object), rows),
        "unit": np.full(size, measure.unit, dtype=object),
        "base": np.where(untold, np.nan, bases),
        "effective_base": spread(measure.effective_base),
        "dont_know": spread(measure.dont_know),
        "not_answered": spread(measure.not_answered),
        "display": name_display(hidden, bases),
    }
    for name, values in zip(
        ("value", "lower_95", "upper_95"),
        (measure.value, measure.lower, measure.upper),
        strict=True,
    ):
        cells[name] = np.where(hidden, np.nan, values[first:].ravel())
    return {name: values[some] for name, values in cells.items()}


def take_weights(survey: Survey, weights: SurveyWeights | None, wave: str) -> np.ndarray | None:
    """Return the weights of one wave, in the order of `Survey.take_wave`; None without any."""
    if weights is None or weights.weights is None:
        return None
    of_wave = (survey.answers["wave"] == wave).to_numpy()
    return weights.weights.to_numpy(dtype=float)[of_wave]
