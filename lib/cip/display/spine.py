"""The spine chart: each measure of an area beside its benchmark and the range over other areas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from cip.catalogue import Indicator
from cip.display.blocks import FigureBlock
from cip.display.cells import is_missing
from cip.display.chart_parts import (
    join_sources,
    number_format,
    read_value,
    table_cell,
    word_cell,
    write_alt,
)
from cip.display.findings import Figure, check_verdict, compare_figures, write_tally
from cip.display.spine_drawing import SpineGroup, SpineRow, draw_svg
from cip.display.text import format_value, join_names
from cip.statistics import NOT_COMPARED

#: So many measures fill a page of A4.
MOST_ROWS = 12
_ENDS = ("lowest", "lower_quartile", "upper_quartile", "highest")
_DIRECTIONS = {
    True: ("Worse on the left, better on the right", ("Worst", "Best")),
    False: ("Low on the left, high on the right (not judged)", ("Lowest", "Highest")),
}
_LABELS = {
    "measure": "Measure",
    "count": "Count",
    "value": "Value here",
    "benchmark": "Benchmark",
    "comparison": "Here is",
    "lowest": "Lowest",
    "lower_quartile": "Lower quartile",
    "upper_quartile": "Upper quartile",
    "highest": "Highest",
    "areas": "Areas in the range",
}


def draw_spine(
    rows: pd.DataFrame,
    ranges: pd.DataFrame,
    indicators: Sequence[Indicator],
    *,
    block_id: str,
    benchmark_role: str = "england",
) -> list[FigureBlock]:
    """Draw measures of the profile against a benchmark, in parts where there are many.

    The benchmark's value is at the centre of every bar. Each bar is scaled on its own, so that
    its farther end reaches the edge. Worse is on the left where one direction is good.

    Parameters
    ----------
    rows
        Indicator table, one row per indicator x area without groups, one period per indicator.
    ranges
        One row per indicator: ``indicator_id, lowest, lower_quartile, upper_quartile, highest,
        areas`` (how many) and ``of_what`` ("428 small areas of Wessmarch").
    indicators
        Catalogue entries in the order to draw; those without polarity come last.
    block_id
        Short name; parts get a number.
    benchmark_role
        Which comparator is at the centre.

    Raises
    ------
    ValueError
        If a measure is a count, has no profile row or two, ranges hold it twice, or a verdict judges a
        measure without polarity.
    """
    if not indicators:
        raise ValueError("a spine chart needs at least one measure")
    if counts := [i.id for i in indicators if i.statistic == "count"]:
        raise ValueError(f"counts of areas of different sizes do not compare: {counts}")
    pairs, spreads = _group_rows(rows), _group_rows(ranges)
    held = [
        _Measure(
            i,
            *_find_pair(pairs.get(i.id, []), i, benchmark_role),
            _find_range(spreads.get(i.id, []), i),
        )
        for i in indicators
    ]
    area = next(m.own["area_name"] for m in held)
    benchmark = next(
        (str(m.other["area_name"]) for m in held if m.other is not None),
        benchmark_role.capitalize(),
    )
    held.sort(key=lambda m: m.indicator.polarity == "none")
    parts = _split(held)
    return [
        _make_block(
            part, str(area), benchmark,
            block_id if len(parts) == 1 else f"{block_id}-{number}",
            f" (part {number} of {len(parts)})" if len(parts) > 1 else "",
        )
        for number, part in enumerate(parts, start=1)
    ]  # fmt: skip


class _Measure:
    """One measure with its rows: the profile's, the benchmark's and the range."""

    def __init__(
        self,
        indicator: Indicator,
        own: Mapping[str, Any],
        other: Mapping[str, Any] | None,
        spread: Mapping[str, Any] | None,
    ) -> None:
        self.indicator, self.own, self.other, self.spread = indicator, own, other, spread
        word = "" if other is None or is_missing(other["comparison"]) else str(other["comparison"])
        self.verdict = check_verdict(word, indicator.polarity)
        if read_value(own) is None:
            self.verdict = NOT_COMPARED

    @property
    def is_judged(self) -> bool:
        """Whether one direction is good."""
        return self.indicator.polarity != "none"

    @property
    def limits(self) -> tuple[float, ...] | None:
        """Lowest, quartiles and highest, or None where one is missing."""
        if self.spread is None or any(is_missing(self.spread[end]) for end in _ENDS):
            return None
        return tuple(float(self.spread[end]) for end in _ENDS)

    def make_row(self) -> SpineRow:
        value, centre = read_value(self.own), read_value(self.other)
        places, dot = _place_marks(value, centre, self.limits, self.indicator.polarity)
        count = table_cell(self.own, "numerator")
        ends = self._word_ends() if places is not None else ("", "")
        return SpineRow(
            label=self.indicator.label,
            figures=(
                count if isinstance(count, str) else _word_count(count),
                word_cell(self.own, self.indicator),
                word_cell(self.other, self.indicator),
            ),
            ends=ends,
            places=places,
            dot=dot,
            verdict=self.verdict,
        )

    def _word_ends(self) -> tuple[str, str]:
        unit, decimals = self.indicator.unit, self.indicator.decimals
        low, *_, high = (format_value(v, unit, decimals) for v in self.limits or ())
        return (high, low) if self.indicator.polarity == "high_is_bad" else (low, high)

    def describe(self, benchmark: str) -> str:
        own, other = (
            Figure(read_value(row), self.indicator.unit, self.indicator.decimals)
            for row in (self.own, self.other)
        )
        words = compare_figures(
            own, other, benchmark, verdict=self.verdict, polarity=self.indicator.polarity
        )
        return f"{self.indicator.label}: {words}"


def _word_count(count: object) -> str:
    return "" if is_missing(count) else f"{float(str(count)):,.0f}"


def _group_rows(frame: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each indicator: looked up for every measure of the chart."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in frame.to_dict("records"):
        found.setdefault(str(row["indicator_id"]), []).append(row)
    return found


def _find_pair(
    here: Sequence[Mapping[str, Any]], indicator: Indicator, role: str
) -> tuple[Mapping[str, Any], Mapping[str, Any] | None]:
    own = [row for row in here if row["area_role"] == "profile"]
    if len(own) != 1:
        raise ValueError(f"'{indicator.id}' needs one row of the profile, found {len(own)}")
    # Of two areas of one role the first is the benchmark, as on other charts.
    return own[0], next((row for row in here if row["area_role"] == role), None)


def _find_range(
    found: Sequence[Mapping[str, Any]], indicator: Indicator
) -> Mapping[str, Any] | None:
    if len(found) > 1:
        raise ValueError(f"'{indicator.id}' has {len(found)} ranges")
    return found[0] if found else None


def _place_marks(
    value: float | None, centre: float | None, limits: tuple[float, ...] | None, polarity: str
) -> tuple[tuple[float, float, float, float] | None, float | None]:
    """Return where range and value lie between minus one and one, the benchmark at zero."""
    if centre is None or limits is None:
        return None, None
    held = [*limits, *([] if value is None else [value])]
    reach = max(abs(v - centre) for v in held) or 1.0
    sign = -1.0 if polarity == "high_is_bad" else 1.0
    low, lower, upper, high = (sign * (v - centre) / reach for v in limits)
    return (low, lower, upper, high), None if value is None else sign * (value - centre) / reach


def _split(held: Sequence[_Measure]) -> list[list[_Measure]]:
    """Return parts that fit a page, of as even a length as can be."""
    count = -(-len(held) // MOST_ROWS)
    length = -(-len(held) // count)
    return [list(held[at : at + length]) for at in range(0, len(held), length)]


def _make_block(
    part: Sequence[_Measure], area: str, benchmark: str, block_id: str, suffix: str
) -> FigureBlock:
    groups = []
    for is_judged, (direction, ends) in _DIRECTIONS.items():
        drawn = tuple(m.make_row() for m in part if m.is_judged is is_judged)
        if drawn:
            groups.append(SpineGroup(direction, ends, drawn))
    pairs = [(m.verdict, m.indicator.polarity) for m in part]
    title, lead = write_tally(area, benchmark, pairs)
    indicators = [m.indicator for m in part]
    return FigureBlock(
        block_id=block_id,
        title=f"{title}{suffix}",
        lead=lead,
        svg=draw_svg(groups, area=area, benchmark=benchmark),
        alt=write_alt(
            "Spine chart",
            f"{area} against {benchmark}",
            [m.describe(benchmark) for m in part],
        ),
        source_line=join_sources(indicators),
        table=_tabulate(part),
        note=_write_note(part, benchmark),
        column_labels={**_LABELS, "benchmark": benchmark},
        formats={"areas": "{:,.0f}", "count": "{:,.0f}"},
    )


def _tabulate(part: Sequence[_Measure]) -> pd.DataFrame:
    """Return one row per measure; figures are written out, because their units differ."""
    lines = []
    for m in part:
        pattern = number_format(m.indicator)
        limits = m.limits or (None,) * len(_ENDS)
        areas = None if m.spread is None else m.spread["areas"]
        lines.append(
            [
                m.indicator.label,
                table_cell(m.own, "numerator"),
                word_cell(m.own, m.indicator),
                word_cell(m.other, m.indicator),
                m.verdict,
                *(None if v is None else pattern.format(v).replace("-", "\N{MINUS SIGN}") for v in limits),
                areas,
            ]
        )  # fmt: skip
    table = pd.DataFrame(lines, columns=list(_LABELS))
    # How many areas a range is over is said in the note, unless it differs from row to row.
    idle = ["areas"] if len(set(table["areas"].dropna())) <= 1 else []
    return table.drop(columns=[*idle, *(["count"] if table["count"].isna().all() else [])])


def _write_note(part: Sequence[_Measure], benchmark: str) -> str:
    spreads = [m.spread for m in part if m.limits is not None and m.spread is not None]
    over = list(dict.fromkeys(str(spread["of_what"]) for spread in spreads))
    sentences = []
    if over:
        sentences.append(
            f"Bars run from the lowest to the highest of {join_names(over)}; the darker part is "
            f"the middle half of them. Each bar has its own scale, with {benchmark} at the centre."
        )
        sentences.append("A large area lies nearer the middle than the small areas in it do.")
    if any(m.limits is None for m in part):
        sentences.append("Where no range is known, no bar is drawn.")
    if any(m.is_judged for m in part) and any(not m.is_judged for m in part):
        sentences.append("Where neither direction is good, low is on the left.")
    return " ".join(sentences)
