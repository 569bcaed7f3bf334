"""Trends: one panel per measure with the area's figures over time, its band and comparators."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

import pandas as pd

from cip.catalogue import Indicator
from cip.display.blocks import FigureBlock
from cip.display.cells import is_missing, list_records, list_rows
from cip.display.chart_parts import (
    ROLE_ORDER,
    join_sources,
    number_format,
    read_value,
    split_rows,
    word_cell,
    write_alt,
)
from cip.display.findings import Figure, write_change, write_change_count
from cip.display.palette import ROLE_STYLES, SPARE_STYLES, RoleStyle
from cip.display.text import join_names
from cip.display.trend_drawing import TrendLine, TrendPanel, draw_svg
from cip.statistics import NOT_COMPARED

#: Fewer periods are a comparison of two dates, not a trend.
LEAST_PERIODS = 3
#: So many panels fill a page of A4.
MOST_PANELS = 4
#: Areas whose trend is shown as the area's own, the first that has one.
_OWN_ROLES = ("profile", "district", "county")
_ZERO_STATISTICS = ("proportion", "composition", "rate", "count")
_LIMITS = {"lower_95": "lower 95% limit", "upper_95": "upper 95% limit"}


def list_trends(rows: pd.DataFrame, indicators: Sequence[Indicator]) -> list[Indicator]:
    """Return the measures of which an area of its own has figures for three periods or more.

    Parameters
    ----------
    rows
        Indicator table, one row per indicator x area x period.
    """
    parts = split_rows(rows)
    return [i for i in indicators if i.id in parts and _find_own(parts[i.id]) is not None]


def draw_trends(
    rows: pd.DataFrame,
    indicators: Sequence[Indicator],
    *,
    block_id: str,
    changes: pd.DataFrame | None = None,
    not_from_zero: Collection[str] = (),
) -> list[FigureBlock]:
    """Draw a panel per measure that has a trend, in parts where there are many.

    The area's own line is the profile's; where only its district or county has figures, it is
    that one's, and the panel names it. Gaps in the figures are gaps in the lines.

    Parameters
    ----------
    rows
        Indicator table without groups, one row per indicator x area x period, with
        ``period_order`` (year as decimal).
    indicators
        Catalogue entries in the order to draw; those without a trend are left out.
    block_id
        Short name; parts get a number.
    changes
        One row per indicator x area: ``indicator_id, area_code, verdict`` (higher, lower or
        similar: the last figure against the first, by their difference). A trend without a row
        is drawn and said to be untested.
    not_from_zero
        Measures whose scale may start above zero. Scores, ratios and years of life always do;
        shares, rates and counts only when named here. The panel says so.

    Returns
    -------
    list of FigureBlock
        None where no measure has a trend.

    Raises
    ------
    ValueError
        If an area has two figures for one period, or a verdict contradicts the figures.
    """
    held = split_rows(rows)
    panels = [
        _Trend(i, held[i.id], changes, not_from_zero)
        for i in indicators
        if i.id in held and _find_own(held[i.id]) is not None
    ]
    count = -(-len(panels) // MOST_PANELS)
    length = -(-len(panels) // count) if count else 1
    parts = [panels[at : at + length] for at in range(0, len(panels), length)]
    return [
        _make_block(part, block_id if count == 1 else f"{block_id}-{number}",
                    f" (part {number} of {count})" if count > 1 else "")
        for number, part in enumerate(parts, start=1)
    ]  # fmt: skip


class _Trend:
    """One measure over time."""

    def __init__(
        self,
        indicator: Indicator,
        rows: pd.DataFrame,
        changes: pd.DataFrame | None,
        not_from_zero: Collection[str],
    ) -> None:
        if rows.duplicated(["area_code", "period_order"]).any():
            raise ValueError(f"'{indicator.id}': an area has two figures for one period")
        self.indicator, self.rows = indicator, rows
        own = _find_own(rows)
        assert own is not None
        self.own_code, self.own_name, self.own_role = own
        self.verdict = _find_verdict(changes, indicator.id, self.own_code)
        self.starts_at_zero = (
            indicator.unit == "%" or indicator.statistic in _ZERO_STATISTICS
        ) and indicator.id not in not_from_zero

    @cached_property
    def finding(self) -> str:
        points = [
            (str(row["period"]), self._figure(row))
            for row in self._rows_of(self.own_code)
        ]  # fmt: skip
        # Another area's figures are never passed off as the profile's.
        whose = "" if self.own_role == "profile" else f" ({self.own_name})"
        return f"{self.indicator.label}{whose}: {write_change(points, verdict=self.verdict)}"

    def _figure(self, row: Mapping[str, object]) -> Figure:
        return Figure(read_value(row), self.indicator.unit, self.indicator.decimals)

    @cached_property
    def _held(self) -> dict[str, list[dict[str, object]]]:
        """The rows of each area, oldest first."""
        found: dict[str, list[dict[str, object]]] = {}
        for row in list_records(self.rows.sort_values("period_order", kind="stable")):
            found.setdefault(str(row["area_code"]), []).append(row)
        return found

    def _rows_of(self, code: str) -> list[dict[str, object]]:
        return self._held.get(code, [])

    def make_panel(self, *, is_alone: bool) -> TrendPanel:
        """Return the panel; one that stands alone leaves the finding to the figure's title."""
        title = self.indicator.label if is_alone else self.finding
        lines = tuple(self._make_line(*area) for area in self.areas)
        held = [v for line in lines for v in (*line.values, *line.lower) if not math.isnan(v)]
        is_cut = not self.starts_at_zero and min(held) > 0
        if is_cut:
            title += ". The scale does not start at zero"
        times = self.rows.drop_duplicates("period_order").sort_values("period_order")
        periods = zip(times["period_order"], times["period"], strict=True)
        return TrendPanel(
            title=title,
            lines=lines,
            periods=tuple((float(time), str(name)) for time, name in periods),
            suffix="%" if self.indicator.unit == "%" else "",
            starts_at_zero=self.starts_at_zero,
        )

    @cached_property
    def areas(self) -> list[tuple[str, str, RoleStyle]]:
        """Return the areas with a figure, the own one first and then from near to far."""
        held = self.rows[self.rows["value"].notna()].drop_duplicates("area_code")
        ranked = sorted(
            held[["area_code", "area_name", "area_role"]].itertuples(index=False),
            key=lambda a: (a.area_code != self.own_code, ROLE_ORDER.index(a.area_role)),
        )
        spare, used, areas = iter(SPARE_STYLES), set(), []
        for code, name, role in ranked:
            style = ROLE_STYLES.get(role)
            if style is None or role in used:
                style = next(spare, SPARE_STYLES[-1])
            used.add(role)
            areas.append((str(code), str(name), style))
        return areas

    def _make_line(self, code: str, name: str, style: RoleStyle) -> TrendLine:
        rows = self._rows_of(code)
        columns = [
            tuple(math.nan if (v := read_value(row, c)) is None else v for row in rows)
            for c in ("value", "lower_95", "upper_95")
        ]
        times = tuple(float(row["period_order"]) for row in rows)  # type: ignore[arg-type]
        has_band = code == self.own_code and not all(map(math.isnan, columns[1]))
        return TrendLine(name, style, times, columns[0], *(columns[1:] if has_band else []))

    def describe(self) -> str:
        """Return the finding with the latest figures of the comparators."""
        others = []
        for code, name, _ in self.areas[1:]:
            held = [row for row in self._rows_of(code) if read_value(row) is not None]
            if held:
                others.append(f"{name} {self._figure(held[-1]).words} in {held[-1]['period']}")
        return f"{self.finding}{' (' + ', '.join(others) + ')' if others else ''}"

    def tabulate(self) -> list[dict[str, object]]:
        """Return one row per period: each area's figure and its limits, by the area's code."""
        pattern = number_format(self.indicator)
        lines: dict[str, dict[str, object]] = {}
        for period in self.rows.sort_values("period_order", kind="stable")["period"]:
            lines.setdefault(str(period), {"measure": self.indicator.label, "period": period})
        for code, _, _ in self.areas:
            for row in self._rows_of(code):
                line = lines[str(row["period"])]
                line[code] = word_cell(row, self.indicator)
                for column in _LIMITS:
                    if (limit := read_value(row, column)) is not None:
                        line[f"{code} {column}"] = pattern.format(limit).replace("-", "−")
        return list(lines.values())


def _find_own(rows: pd.DataFrame) -> tuple[str, str, str] | None:
    """Return code, name and role of the area whose trend it is, or None without one."""
    columns = ("area_role", "area_code", "area_name", "period_order", "value")
    found: dict[tuple[str, str], tuple[str, set[float]]] = {}
    for role, code, name, period, value in list_rows(rows[[*columns]]):
        if not is_missing(value) and not is_missing(period):
            found.setdefault((role, code), (name, set()))[1].add(period)
    for own_role in _OWN_ROLES:
        for (role, code), (name, periods) in found.items():
            if role == own_role and len(periods) >= LEAST_PERIODS:
                return str(code), str(name), role
    return None


def _find_verdict(changes: pd.DataFrame | None, indicator_id: str, code: str) -> str:
    if changes is None:
        return NOT_COMPARED
    found = changes[(changes["indicator_id"] == indicator_id) & (changes["area_code"] == code)]
    if len(found) > 1:
        raise ValueError(f"'{indicator_id}' has {len(found)} verdicts of change for '{code}'")
    word = found["verdict"].iloc[0] if len(found) else None
    return NOT_COMPARED if is_missing(word) or not word else str(word)


def _make_block(part: Sequence[_Trend], block_id: str, suffix: str) -> FigureBlock:
    names = list(dict.fromkeys(trend.own_name for trend in part))
    title = part[0].finding
    if len(part) > 1:
        area = names[0] if len(names) == 1 else "the area or its district"
        title = write_change_count([trend.verdict for trend in part], area)
    indicators = [trend.indicator for trend in part]
    table, labels = _tabulate(part)
    return FigureBlock(
        block_id=block_id,
        title=f"{title}{suffix}",
        svg=draw_svg([trend.make_panel(is_alone=len(part) == 1) for trend in part]),
        alt=write_alt("Line charts", "trends", [trend.describe() for trend in part]),
        source_line=join_sources(indicators),
        table=table,
        note=_write_note(part, has_band=any(name.endswith("lower_95") for name in table)),
        column_labels=labels,
    )


def _tabulate(part: Sequence[_Trend]) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return one row per measure and period with a column per area, and the columns' labels.

    Areas with a panel of their own have their limits beside them.
    """
    lines = pd.DataFrame([line for trend in part for line in trend.tabulate()])
    # The first column names the row: with one measure that is the period.
    labels = {"measure": "Measure"} if len(part) > 1 else {}
    labels["period"] = "Period"
    owns = {trend.own_code for trend in part}
    for code, name in dict.fromkeys(area[:2] for trend in part for area in trend.areas):
        labels[code] = name
        if code in owns:
            labels |= {f"{code} {c}": f"{name}, {words}" for c, words in _LIMITS.items()}
    labels = {column: words for column, words in labels.items() if column in lines}
    return lines[[*labels]], labels


def _write_note(part: Sequence[_Trend], *, has_band: bool) -> str:
    sentences = ["Each panel has its own scale. A gap in a line is a period without a figure."]
    if has_band:
        sentences.append("The shaded band is the 95% confidence interval.")
    if any(trend.verdict != NOT_COMPARED for trend in part):
        sentences.append(
            "Rose and fell mean that the difference of the first and the last figure is larger "
            "than chance would explain; what happened between them is not tested."
        )
    borrowed = {t.own_name for t in part if t.own_role != "profile"}
    if borrowed:
        sentences.append(
            f"A panel that names {join_names(sorted(borrowed))} shows that area, because the "
            "profile area has no trend of its own."
        )
    return " ".join(sentences)
