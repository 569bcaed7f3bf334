"""Stage 02: sums of counts into rows of the indicator table: value, interval, what is missing.

All figures of all areas are worked out together, one array operation for each kind of figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cip.benchmarks import Codes, Phrases, compare_cells
from cip.catalogue.entries import Indicator, IndicatorGroup
from cip.periods import order_period
from cip.statistics import count_interval, wilson_interval

FloatArray = NDArray[np.float64]

COLUMNS = [
    "indicator_id",
    "section",
    "area_code",
    "area_name",
    "area_role",
    "period",
    "period_order",
    "group",
    "group_label",
    "value",
    "lower_95",
    "upper_95",
    "lower_998",
    "upper_998",
    "numerator",
    "denominator",
    "unit",
    "comparison",
    "comparison_998",
    "comparison_method",
    "is_suppressed",
    "missing_reason",
    "source_id",
]
LIMITS = ("lower_95", "upper_95", "lower_998", "upper_998")
#: Shares of people or homes, and ratios and changes, are shown as percentages.
_UNSCALED = ("count", "weighted_mean", "published")
#: The counts behind these are no counts of anything that a reader knows.
_WITHOUT_NUMERATOR = ("weighted_mean", "change")

SUPPRESSED_REASON = "The base is too small to show."
EMPTY_REASON = "There is nobody in the base."
PART_REASON = "The table lacks a figure for part of this area."


@dataclass(frozen=True)
class Cell:
    """One indicator, or one group of it, in one period, with an array over the areas for each part.

    Parameters
    ----------
    reason
        Why an area has no figure as far as that is known before it is worked out, else "".
    given
        Value and limits that a publisher gives, by column.
    is_given
        Which areas' figures are the publisher's own: nothing is worked out where it gives none.
    """

    indicator: Indicator
    group: IndicatorGroup | None
    source_id: str
    period: str
    numerator: FloatArray
    denominator: FloatArray
    reason: NDArray[np.object_]
    given: dict[str, FloatArray] | None = None
    is_given: NDArray[np.bool_] | None = None


def assemble(
    cells: Sequence[Cell], areas: pd.DataFrame, *, against: str | None = None
) -> pd.DataFrame:
    """Turn cells into the rows of the indicator table.

    Parameters
    ----------
    areas
        One row per area: ``area_code, area_name, area_role``, in the order of the cells' arrays.
    against
        Code of the area with which every other is compared; by default the profile area is
        compared with every other.

    Returns
    -------
    DataFrame
        One row per cell x area, with ``COLUMNS``; texts that repeat are categorical.
    """
    numerator = np.stack([cell.numerator for cell in cells])
    denominator = np.stack([cell.denominator for cell in cells])
    kinds = np.array([cell.indicator.statistic for cell in cells])
    is_count = np.isin(kinds, ["count"])[:, None]
    least = np.array([float(cell.indicator.minimum_base) for cell in cells])[:, None]
    is_small = ~is_count & (denominator < least)
    base = np.where((denominator == 0) | is_small, np.nan, denominator)
    scale = np.array([_find_scale(cell.indicator) for cell in cells])[:, None]
    value = scale * numerator / np.where(is_count & ~np.isnan(numerator), 1.0, base)
    numbers = {"value": value, **_limit(cells, numerator, base, scale)}
    for row, cell in enumerate(cells):
        for name, given in (cell.given or {}).items():
            numbers[name][row] = np.where(cell.is_given, given, numbers[name][row])
    # The counts of similar areas are weighted, so an interval of theirs would mean nothing.
    is_similar = (areas["area_role"] == "similar").to_numpy()
    for name in LIMITS:
        numbers[name][:, is_similar] = np.nan
    phrases = Phrases()
    reason = _encode_reasons(cells, phrases)
    reason = _explain_missing(numbers["value"], reason, is_small, denominator, phrases)
    entries = [cell.indicator for cell in cells]
    words = compare_cells(entries, numbers, reason, areas, phrases, against)
    hidden = np.isin(kinds, _WITHOUT_NUMERATOR)[:, None] | is_small
    hidden = hidden | is_similar[None, :]
    return pd.DataFrame(
        {
            **_label_rows(cells, areas),
            **{name: part.ravel() for name, part in numbers.items()},
            "numerator": np.where(hidden, np.nan, numerator).ravel(),
            "denominator": np.where(
                (hidden & ~_is_mean(kinds)) | is_similar[None, :] | is_count | is_small,
                np.nan,
                denominator,
            ).ravel(),
            "is_suppressed": is_small.ravel(),
            **{name: phrases.decode(codes) for name, codes in words.items()},
        },
        columns=COLUMNS,
    )


def _is_mean(kinds: NDArray[np.str_]) -> NDArray[np.bool_]:
    return (kinds == "weighted_mean")[:, None]


def _find_scale(entry: Indicator) -> float:
    if entry.statistic == "rate" or entry.combine == "rate":
        return float(entry.multiplier)
    if entry.statistic == "weighted_mean":
        return float(entry.multiplier or 1)
    if entry.statistic == "published":
        # A value that is not put together from counts is the publisher's own or none.
        return 100.0 if entry.combine in ("proportion", "ratio") else float("nan")
    return 1.0 if entry.statistic in _UNSCALED else 100.0


def find_interval(entry: Indicator) -> str:
    """Return the kind of interval that an indicator's own sums of counts have."""
    if entry.statistic != "published":
        return entry.interval
    return {"proportion": "wilson", "rate": "byars", "ratio": "byars"}.get(entry.combine, "none")


def _limit(
    cells: Sequence[Cell], numerator: FloatArray, base: FloatArray, scale: FloatArray
) -> dict[str, FloatArray]:
    limits = {name: np.full(numerator.shape, np.nan) for name in LIMITS}
    kinds = np.array([find_interval(cell.indicator) for cell in cells])
    for confidence, names in ((0.95, LIMITS[:2]), (0.998, LIMITS[2:])):
        chosen = kinds == "wilson"
        if chosen.any():
            found = wilson_interval(numerator[chosen], base[chosen], confidence=confidence)
            for name, limit in zip(names, found, strict=True):
                limits[name][chosen] = scale[chosen] * limit
        chosen = kinds == "byars"
        if chosen.any():
            found = count_interval(numerator[chosen], confidence=confidence)
            for name, limit in zip(names, found, strict=True):
                limits[name][chosen] = scale[chosen] * limit / base[chosen]
    return limits


def _label_rows(cells: Sequence[Cell], areas: pd.DataFrame) -> dict[str, Any]:
    """Return the texts of the rows: those of a cell once per area, those of an area per cell."""
    size = len(areas)

    def spread(values: list[str]) -> pd.Categorical:
        codes, names = pd.factorize(np.array(values, dtype=object))
        return pd.Categorical.from_codes(np.repeat(codes, size), names)

    def tile(values: pd.Series) -> pd.Categorical:
        codes, names = pd.factorize(values)
        return pd.Categorical.from_codes(np.tile(codes, len(cells)), names)

    entries, groups = [c.indicator for c in cells], [c.group for c in cells]
    return {
        "indicator_id": spread([e.id for e in entries]),
        "section": spread([e.section for e in entries]),
        "area_code": tile(areas["area_code"]),
        "area_name": tile(areas["area_name"]),
        "area_role": tile(areas["area_role"]),
        "period": spread([c.period for c in cells]),
        "period_order": np.repeat([order_period(c.period) for c in cells], size),
        "group": spread([g.id if g else "" for g in groups]),
        "group_label": spread([g.label if g else "" for g in groups]),
        "unit": spread([e.unit for e in entries]),
        "source_id": spread([c.source_id for c in cells]),
    }


def _encode_reasons(cells: Sequence[Cell], phrases: Phrases) -> Codes:
    # Cells that come from one table share one array.
    known = {id(cell.reason): cell.reason for cell in cells}
    codes = {key: phrases.encode(reason) for key, reason in known.items()}
    return np.stack([codes[id(cell.reason)] for cell in cells])


def _explain_missing(
    value: FloatArray,
    reason: Codes,
    is_small: NDArray[np.bool_],
    denominator: FloatArray,
    phrases: Phrases,
) -> Codes:
    is_missing = np.isnan(value)
    explained = np.where(is_missing, phrases.place(PART_REASON), 0).astype(np.int32)
    explained[is_missing & (denominator == 0)] = phrases.place(EMPTY_REASON)
    is_told = is_missing & (reason != 0)
    explained[is_told] = reason[is_told]
    explained[is_missing & is_small] = phrases.place(SUPPRESSED_REASON)
    return explained
