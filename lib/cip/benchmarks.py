"""Stage 02: how the profile area compares with each area shown beside it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cip.catalogue.indicators import Indicator
from cip.statistics import NOT_COMPARED, compare_with_benchmark

METHOD = "95% interval of the area against the comparator's value"

_KEY = ["indicator_id", "group"]
_LIMITS = ["value", "lower_95", "upper_95"]


def add_comparisons(table: pd.DataFrame, indicators: Mapping[str, Indicator]) -> pd.DataFrame:
    """Say on each comparator's row how the profile area compares with it.

    The profile's 95% interval is held against the comparator's value. The overlap of two intervals
    is never used, because it would call many real differences similar.

    Parameters
    ----------
    table
        Indicator rows with ``area_role``; one area is the profile.
    indicators
        The entries by id, for their polarity.

    Returns
    -------
    DataFrame
        The rows with ``comparison`` and ``comparison_method``, empty on the profile's own rows.
        ``not compared`` comes with its reason in ``missing_reason``.
    """
    profile = table.loc[table["area_role"] == "profile", _KEY + _LIMITS]
    joined = table.merge(profile, on=_KEY, how="left", suffixes=("", "_profile"), validate="m:1")
    polarity = joined["indicator_id"].map({name: e.polarity for name, e in indicators.items()})
    words = np.full(len(joined), "", dtype=object)
    for kind in polarity.unique():
        rows = ((polarity == kind) & (joined["area_role"] != "profile")).to_numpy()
        chosen = joined[rows]
        words[rows] = compare_with_benchmark(
            chosen["lower_95_profile"], chosen["upper_95_profile"], chosen["value"], kind
        )
    compared = joined.assign(
        comparison=words,
        comparison_method=np.where(np.isin(words, ["", NOT_COMPARED]), "", METHOD),
    )
    is_open = (compared["comparison"] == NOT_COMPARED) & (compared["missing_reason"] == "")
    compared.loc[is_open, "missing_reason"] = _explain(compared[is_open], indicators)
    return compared.drop(columns=[f"{name}_profile" for name in _LIMITS])


def _explain(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> list[str]:
    return [
        _reason(indicators[name], is_missing)
        for name, is_missing in zip(rows["indicator_id"], rows["value_profile"].isna(), strict=True)
    ]


def _reason(entry: Indicator, is_profile_missing: bool) -> str:
    if is_profile_missing:
        return "Not compared: the figure is missing for the profile area."
    if entry.statistic == "count":
        return "Not compared: areas differ in size."
    return "Not compared: this figure has no interval."
