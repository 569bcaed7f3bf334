"""Stage 02: the latest figure of a trend, and whether it changed from the first period to the last."""

from __future__ import annotations

import pandas as pd

from cip.statistics import Estimate, compare_difference

_LIMITS = ["value", "lower_95", "upper_95"]
_KEY = ["indicator_id", "area_code"]


def take_latest(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the latest period of each indicator."""
    latest = rows.groupby("indicator_id", sort=False)["period_order"].transform("max")
    return rows[(rows["period_order"] == latest) | latest.isna()]


def judge_changes(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the verdict on the difference of the last figure and the first.

    The two periods are taken to hold different people or events, and the interval of their
    difference is made from the intervals of both (`cip.statistics.compare_difference`). Two
    intervals that overlap are never taken to say that nothing changed.

    Parameters
    ----------
    rows
        Indicator rows without groups, one per indicator x area x period, with limits.

    Returns
    -------
    DataFrame
        One row per indicator x area with figures and limits in two periods or more:
        ``indicator_id, area_code, first_period, last_period, difference, lower_95, upper_95,
        verdict`` (``higher``, ``lower`` or ``similar``).
    """
    known = rows.dropna(subset=_LIMITS).sort_values("period_order", kind="stable")
    grouped = known.groupby(_KEY, sort=False)
    first, last = grouped.head(1).set_index(_KEY), grouped.tail(1).set_index(_KEY)
    has_two = last["period_order"] > first["period_order"].reindex(last.index)
    last = last[has_two]
    first = first.loc[last.index]
    test = compare_difference(
        Estimate(*(last[name].to_numpy(dtype=float) for name in _LIMITS)),
        Estimate(*(first[name].to_numpy(dtype=float) for name in _LIMITS)),
    )
    return pd.DataFrame(
        {
            "first_period": first["period"],
            "last_period": last["period"],
            "difference": test[0],
            "lower_95": test[1],
            "upper_95": test[2],
            "verdict": test.verdict,
        },
        index=last.index,
    ).reset_index()
