"""What was answered to one question in one wave, by the groups of one characteristic.

The figures come from `cip.statistics`; here they are brought to one shape, and what may not be
shown is marked. Nothing here leaves the room: see `cip.engagement.survey_results`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cip import statistics
from cip.engagement.crossing import Groups as GroupNames
from cip.engagement.crossing import mark_groups
from cip.engagement.survey_medians import measure_medians
from cip.engagement.survey_protection import Layout, protect_counts, protect_rows
from cip.engagement.survey_questions import AFTER, BEFORE, DONT_KNOW, Question
from cip.statistics import EVERYONE, Groups
from cip.statistics.survey_display import LEAST_BASE

#: After less before, beside the two halves of a pair of numbers.
CHANGE = "change"
PERCENT = "%"
_NAMES = {"mean": "Mean", "median": "Median"}
_HALVES = {BEFORE: "Before", AFTER: "After", CHANGE: "Change"}


@dataclass
class Measure:
    """A table of one question: one row per group (everyone first), one column per answer.

    Parameters
    ----------
    answers
        Id and label of each column.
    table
        One row per group and answer, as `cip.statistics.tabulate_answers` makes it; None for
        numbers.
    value, lower, upper
        Percentages, or the unit of the number.
    base, effective_base
        One per group.
    dont_know, not_answered
        People, one per group; missing where they are withheld.
    hidden
        Which figures are withheld.
    untold
        Groups of which nothing is told, neither base nor how many did not know or answer.
    layout
        What adds up to what; None for numbers.
    """

    question: Question
    wave: str
    characteristic: str
    groups: list[str]
    answers: dict[str, str]
    unit: str
    value: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    base: NDArray[np.float64]
    effective_base: NDArray[np.float64]
    dont_know: NDArray[np.float64]
    not_answered: NDArray[np.float64]
    hidden: NDArray[np.bool_]
    table: pd.DataFrame | None = field(default=None, repr=False)
    layout: Layout | None = None
    untold: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))


def measure_question(
    question: Question,
    frame: pd.DataFrame,
    wave: str,
    groupings: Mapping[str, Groups],
    *,
    least_people: int,
    withheld: GroupNames | None = None,
) -> list[Measure]:
    """Return the tables of one question: everyone's, and one for each characteristic.

    Parameters
    ----------
    frame
        The wave's rows of `Survey.answers`.
    groupings
        Groups by characteristic; ``""`` has everyone alone and comes first.
    least_people
        Fewer people than this are withheld.
    withheld
        Groups by characteristic that another table makes it necessary to withhold.
    """
    if question.id not in frame or frame[question.id].isna().all():
        return []
    measured: list[Measure] = []
    for part in _list_parts(question, frame):
        everyone: NDArray[np.bool_] | None = None
        for characteristic, groups in groupings.items():
            measure = _measure_part(question, part, frame, wave, characteristic, groups)
            also = mark_groups(measure.groups, (withheld or {}).get(characteristic, ()))
            _protect(measure, also, everyone, least_people)
            everyone = measure.hidden[0] if characteristic == "" else everyone
            measured.append(measure)
    return measured


@dataclass(frozen=True)
class _Part:
    """A table's worth of a question: all of it, or one half of a pair."""

    half: str = ""
    numbers: Mapping[str, pd.Series] = field(default_factory=dict, repr=False)
    answers: pd.Series | None = field(default=None, repr=False)
    ticks: pd.DataFrame | None = field(default=None, repr=False)
    was_shown: NDArray[np.bool_] | None = field(default=None, repr=False)


def _list_parts(question: Question, frame: pd.DataFrame) -> Iterator[_Part]:
    said = frame[question.id]
    is_answered = (said == "answered").to_numpy(dtype=bool, na_value=False)
    if question.kind == "number":
        yield _Part(numbers={"": frame[f"{question.id}:value"]})
    elif question.kind == "multiple":
        columns = {name: frame[f"{question.id}:{name}"] for name in question.options}
        blank = said.isin(["not_answered"]).to_numpy()
        shown = is_answered | blank
        ticks = {name: cells.where(shown) for name, cells in columns.items()}
        yield _Part(ticks=pd.DataFrame(ticks), was_shown=shown)
    elif question.kind == "before_after":
        halves = {half: frame[f"{question.id}:{half}"].where(is_answered) for half in _HALVES
                  if half != CHANGE}  # fmt: skip
        if question.of == "number":
            change = halves[AFTER] - halves[BEFORE]
            yield _Part(numbers={**halves, CHANGE: change})
        else:
            for half, values in halves.items():
                yield _Part(half, answers=values.astype(object))
    elif question.kind != "text":
        kept = said.isin([*question.options, DONT_KNOW])
        yield _Part(answers=said.astype(object).where(kept, None))


def _measure_part(
    question: Question,
    part: _Part,
    frame: pd.DataFrame,
    wave: str,
    characteristic: str,
    groups: Groups,
) -> Measure:
    names = [EVERYONE, *map(str, groups.labels)]
    unsaid = _count_unsaid(frame[question.id], groups)
    if part.numbers:
        return _measure_numbers(question, part, wave, characteristic, groups, names, unsaid)
    if part.ticks is not None:
        table = statistics.tabulate_multiple(part.ticks, groups, was_shown=part.was_shown)
        labels, layout = dict(question.options), Layout()
    else:
        table, labels, layout = _tabulate_scale(question, part, groups)
    shape = (len(names), len(labels))
    columns = {
        name: table[name].to_numpy(dtype=float).reshape(shape)
        for name in ("percent", "lower", "upper", "base", "effective_base")
    }
    prefix = f"{part.half}_" if part.half else ""
    first = f"{_HALVES[part.half]}: " if part.half else ""
    return Measure(
        question,
        wave,
        characteristic,
        names,
        {f"{prefix}{name}": f"{first}{label}" for name, label in labels.items()},
        PERCENT,
        columns["percent"],
        columns["lower"],
        columns["upper"],
        columns["base"][:, 0],
        columns["effective_base"][:, 0],
        *unsaid,
        np.zeros(shape, dtype=bool),
        table,
        layout,
    )


def _tabulate_scale(
    question: Question, part: _Part, groups: Groups
) -> tuple[pd.DataFrame, dict[str, str], Layout]:
    """Return the table of one-answer questions: the answers, then the nets of them."""
    options, apart = list(question.options), [DONT_KNOW]
    table = statistics.tabulate_answers(part.answers, options, groups, dont_know=apart)
    table = table[~table["is_dont_know"]]
    labels = dict(question.options)
    if not question.nets:
        return table, labels, Layout(tuple(range(len(options))))
    netted = {name for members in question.nets.values() for name in members}
    alone = [name for name in options if name not in netted]
    bands = {**question.nets, **{name: [name] for name in alone}}
    nets = statistics.tabulate_bands(part.answers, bands, groups, dont_know=apart)
    nets = nets[nets["answer"].isin(list(question.nets))]
    labels |= {name: question.net_labels[name] for name in question.nets}
    place = {name: number for number, name in enumerate(labels)}
    rows = pd.concat([table, nets], ignore_index=True)
    # Answers and nets of one group stand together, in the order of the labels.
    group_order = {name: n for n, name in enumerate([EVERYONE, *groups.labels])}
    order = rows["group"].map(group_order) * len(place) + rows["answer"].map(place)
    rows = rows.iloc[np.argsort(order.to_numpy(), kind="stable")].reset_index(drop=True)
    return rows, labels, Layout(
        tuple(place[name] for name in (*alone, *question.nets)),
        {place[net]: tuple(place[name] for name in members)
         for net, members in question.nets.items()},
    )  # fmt: skip


def _measure_numbers(
    question: Question,
    part: _Part,
    wave: str,
    characteristic: str,
    groups: Groups,
    names: list[str],
    unsaid: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> Measure:
    """Return means and medians; of a pair, those before and after and the mean change."""
    labels: dict[str, str] = {}
    found: list[NDArray[np.float64]] = []
    for half, values in part.numbers.items():
        prefix, first = (f"{half}_", f"{_HALVES[half]}: ") if half else ("", "")
        means = statistics.tabulate_means(values, groups)
        base = means["base"].to_numpy(dtype=float)
        effective = base / means["design_effect"].where(means["design_effect"] > 0).to_numpy(float)
        labels[f"{prefix}mean"] = f"{first}{_NAMES['mean'].lower() if first else _NAMES['mean']}"
        found.append(means[["mean", "lower", "upper"]].to_numpy(dtype=float))
        # The median of the changes is often nought and says little.
        if half != CHANGE:
            labels[f"{prefix}median"] = (
                f"{first}{_NAMES['median'].lower() if first else _NAMES['median']}"
            )
            found.append(measure_medians(values, groups))
    value, lower, upper = np.stack(found, axis=1).transpose(2, 0, 1)
    hidden = np.zeros(value.shape, dtype=bool)
    return Measure(
        question, wave, characteristic, names, labels, question.unit or "number",
        value, lower, upper, base, effective, *unsaid, hidden,
    )  # fmt: skip


def _count_unsaid(
    said: pd.Series, groups: Groups
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how many did not know, and how many gave no answer that could be used, by group."""
    is_apart = said.isin(["not_answered", "not_usable", "prefer_not_to_say"]).to_numpy()
    return groups.count((said == DONT_KNOW).to_numpy(bool, na_value=False)), groups.count(is_apart)


def _protect(
    measure: Measure,
    also: NDArray[np.bool_],
    everyone: NDArray[np.bool_] | None,
    least_people: int,
) -> None:
    """Mark what is withheld, and blank small numbers of people who did not answer."""
    unknown = measure.base[0] - measure.base[1:].sum()
    rows = protect_rows(measure.base[1:], unknown)
    measure.untold = np.concatenate([[measure.base[0] < LEAST_BASE], rows]) | also
    if measure.layout is None:
        rows = measure.untold[:, np.newaxis]
        measure.hidden = np.repeat(rows, measure.value.shape[1], axis=1)
    else:
        counts = measure.table["count"].to_numpy(dtype=float).reshape(measure.value.shape)
        measure.hidden = protect_counts(
            counts,
            measure.base,
            measure.layout,
            everyone=everyone,
            least_people=least_people,
            withheld=also,
        )
    unsaid = np.stack([measure.dont_know, measure.not_answered], axis=1)
    # Few people without an answer are not told either; how many answered is told throughout.
    large = np.full(len(unsaid), 1e9)
    hidden = protect_counts(unsaid, large, Layout((0, 1)), least_people=least_people)
    hidden |= measure.untold[:, np.newaxis]
    measure.dont_know, measure.not_answered = np.where(hidden, np.nan, unsaid).T
