"""Stage 01: which measures a parameter file ranks by, checked against the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from cip.catalogue.indicators import Indicator, load_indicators
from cip.catalogue.need import Direction, NeedMeasure, load_need
from cip.errors import ParameterError, Problem, find_nearest
from cip.params import ParameterFile

_POLARITY: dict[str, Direction] = {"high_is_bad": "high", "high_is_good": "low"}


@dataclass(frozen=True)
class Measure:
    """One measure to rank by.

    Parameters
    ----------
    direction
        ``high`` where a high value means more need, else ``low``.
    weight
        Relative weight in the composite.
    indicators
        Indicators to take it from, the best first.
    awaits
        What would have to be supplied, where the catalogue has no such indicator yet.
    """

    id: str
    label: str
    direction: Direction
    weight: float
    reason: str
    indicators: tuple[str, ...]
    awaits: str = ""


def choose_measures(file: ParameterFile) -> list[Measure]:
    """Return the measures that a parameter file asks for, else those of the catalogue.

    Raises
    ------
    ParameterError
        With every measure that is not known, is not a single figure of any area's size, or has no
        direction; with its line and the nearest valid one.
    """
    settings, catalogue = file.params.need, load_need()
    asked = settings.measures or [
        NeedMeasure(id=m.id, weight=m.weight) for m in catalogue.measures.values()
    ]
    editions = sorted(file.params.vintages.deprivation, reverse=True)
    chosen, problems = [], []
    for place, measure in enumerate(asked):
        one = _make_measure(measure, editions)
        if isinstance(one, Measure):
            chosen.append(one)
        else:
            line = file.find_line("need", "measures", place)
            message, nearest = one
            problems.append(
                Problem(message, file=file.path, line=line, found=measure.id, nearest=nearest)
            )
    if problems:
        raise ParameterError(problems)
    return chosen


def _make_measure(asked: NeedMeasure, editions: list[int]) -> Measure | tuple[str, str | None]:
    """Return the measure, or what is wrong with it and the nearest valid id."""
    known, indicators = load_need().measures, load_indicators()
    if entry := known.get(asked.id):
        label, reason, awaits = entry.label, entry.reason, entry.awaits
        ids = (entry.indicator,)
        if "{edition}" in entry.indicator:
            ids = tuple(entry.indicator.format(edition=edition) for edition in editions)
        declared = asked.direction or entry.direction
    elif found := indicators.get(asked.id):
        label, reason, awaits = found.label, "Chosen in the parameter file.", ""
        ids, declared = (asked.id,), asked.direction
    else:
        nearest = find_nearest(asked.id, [*known, *indicators])
        return "there is no measure and no indicator of this name", nearest
    held = [indicators[name] for name in ids if name in indicators]
    if problem := next(filter(None, map(_find_unfit, held)), None):
        return problem, None
    direction = declared or next((_POLARITY.get(entry.polarity) for entry in held), None)
    if direction is None:
        return (
            "nothing says which end of this means more need: add 'direction: high' or 'low'",
            None,
        )
    return Measure(asked.id, label, direction, asked.weight, reason, ids, awaits)


def _find_unfit(entry: Indicator) -> str:
    if entry.statistic == "count":
        return "this is a count, which is larger where more people live; choose a share or a score"
    if entry.groups:
        return "this has several groups and no single figure; choose a share or a score"
    return ""
