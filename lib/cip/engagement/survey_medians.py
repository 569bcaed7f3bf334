"""Medians of weighted answers with their interval."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cip.statistics import Groups, weighted_proportion

_SLACK = 1e-9


def measure_medians(values: pd.Series, groups: Groups) -> NDArray[np.float64]:
    """Return the median with its limits, one row for everyone and one for each group.

    Missing where nobody answered.

    Notes
    -----
    The interval is that of Woodruff 1952: half of the people lie below the median, Wilson's
    interval of that half is taken on the effective base, and the values at its two ends are the
    limits. Equal weights give the usual median.
    """
    numbers = values.to_numpy(dtype=float)
    members = [np.ones(len(numbers), dtype=bool)]
    members += [groups.number == number + 1 for number in range(len(groups.labels))]
    rows = []
    for member in members:
        counted = member & ~np.isnan(numbers)
        rows.append(_find_median(numbers[counted], groups.weights[counted]))
    return np.array(rows)


def _find_median(
    values: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[float, float, float]:
    if values.size == 0:
        return np.nan, np.nan, np.nan
    order = np.argsort(values, kind="stable")
    ranked, share = values[order], np.cumsum(weights[order]) / weights.sum()
    effective = weights.sum() ** 2 / (weights**2).sum()
    half, lower, upper = (
        float(np.squeeze(part)) for part in weighted_proportion([0.5], [effective], multiplier=1)
    )
    median, low, high = (_find_quantile(ranked, share, part) for part in (half, lower, upper))
    return median, low, high


def _find_quantile(ranked: NDArray[np.float64], share: NDArray[np.float64], part: float) -> float:
    """Return the value below which a part of the weight lies, between two where it falls there."""
    place = min(int(np.searchsorted(share, part - _SLACK)), len(ranked) - 1)
    if abs(share[place] - part) <= _SLACK and place + 1 < len(ranked):
        return float((ranked[place] + ranked[place + 1]) / 2)
    return float(ranked[place])
