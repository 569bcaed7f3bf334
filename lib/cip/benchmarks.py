"""Stage 02: how areas compare with one another, and on what grounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cip.catalogue.entries import Indicator
from cip.statistics import NOT_COMPARED, Estimate, compare_with_benchmark, difference_interval

FloatArray = NDArray[np.float64]
Words = NDArray[np.object_]

METHOD = "95% interval of the area against the comparator's value"
METHOD_DIFFERENCE = "95% interval of the difference between the two areas"
#: The area whose figure speaks where the profile area can have none of its own.
_STAND_IN = {"district": "district", "county": "county"}
#: Comparators that are small areas themselves, so that chance bears on both sides.
_SAMPLES = ("place",)


def compare_cells(
    entries: Sequence[Indicator],
    numbers: Mapping[str, FloatArray],
    reason: Words,
    areas: pd.DataFrame,
    against: str | None = None,
) -> dict[str, Words]:
    """Say of each figure how areas compare, at 95% and at 99.8%.

    The area's interval is held against the comparator's value. The overlap of two intervals is
    never used: it would call many real differences similar. A comparator that is a small area
    itself is compared by the interval of the difference.

    Parameters
    ----------
    entries
        The indicator of each row of the arrays.
    numbers
        ``value`` and limits, one row per figure and one column per area.
    reason
        Why a figure is missing, else "".
    areas
        One row per column of the arrays: ``area_code, area_name, area_role``.
    against
        Compare every area with this one. By default the profile area is compared with every
        other, and the word stands on the other's row.

    Returns
    -------
    dict
        ``comparison, comparison_998, comparison_method, missing_reason``, shaped as the values.
    """
    value = numbers["value"]
    subject = _choose_subjects(entries, areas)
    if against is None:
        low, high, low_998, high_998 = (
            np.take_along_axis(numbers[name], subject[:, None], axis=1)
            for name in ("lower_95", "upper_95", "lower_998", "upper_998")
        )
        benchmark, is_own = value, np.arange(len(areas))[None, :] == subject[:, None]
    else:
        place = int(np.flatnonzero(areas["area_code"].to_numpy() == against)[0])
        low, high, low_998, high_998 = (
            numbers[name] for name in ("lower_95", "upper_95", "lower_998", "upper_998")
        )
        benchmark, is_own = value[:, [place]], (np.arange(len(areas)) == place)[None, :]
    words = {
        "comparison": _word(entries, low, high, benchmark),
        "comparison_998": _word(entries, low_998, high_998, benchmark),
    }
    method = np.full(value.shape, METHOD, dtype=object)
    if against is None:
        _compare_samples(words, method, entries, numbers, subject, areas)
        # Where a district's figure stands in for the area's, the area itself has nothing to say.
        is_own = is_own | (areas["area_role"] == "profile").to_numpy()[None, :]
    for name in words:
        words[name][np.broadcast_to(is_own, value.shape)] = ""
    is_silent = np.isin(words["comparison"], ["", NOT_COMPARED])
    method[is_silent] = ""
    return {
        **words,
        "comparison_method": method,
        "missing_reason": _explain(entries, words["comparison"], value, subject, reason, against),
    }


def _choose_subjects(entries: Sequence[Indicator], areas: pd.DataFrame) -> NDArray[np.intp]:
    """Return the column of the area that is compared: the profile, or what stands in for it."""
    roles = areas["area_role"].to_numpy()
    profile = int(np.flatnonzero(roles == "profile")[0]) if (roles == "profile").any() else 0
    subjects = []
    for entry in entries:
        found = np.flatnonzero(roles == _STAND_IN.get(entry.level, "profile"))
        subjects.append(int(found[0]) if len(found) else profile)
    return np.array(subjects, dtype=np.intp)


def _word(
    entries: Sequence[Indicator], low: FloatArray, high: FloatArray, benchmark: FloatArray
) -> Words:
    shape = np.broadcast_shapes(low.shape, benchmark.shape)
    words = np.full(shape, NOT_COMPARED, dtype=object)
    polarity = np.array([entry.polarity for entry in entries])
    for kind in np.unique(polarity):
        rows = polarity == kind
        words[rows] = compare_with_benchmark(low[rows], high[rows], benchmark[rows], str(kind))
    return words


def _compare_samples(
    words: dict[str, Words],
    method: Words,
    entries: Sequence[Indicator],
    numbers: Mapping[str, FloatArray],
    subject: NDArray[np.intp],
    areas: pd.DataFrame,
) -> None:
    """Replace the words on comparators that are small areas by those of a test of the difference."""
    places = np.flatnonzero(areas["area_role"].isin(_SAMPLES).to_numpy())
    if not len(places):
        return
    own = np.broadcast_to(subject[:, None], (len(entries), len(places)))
    zero = np.zeros(own.shape)
    for name, ending in (("comparison", "95"), ("comparison_998", "998")):
        parts = [numbers[part] for part in ("value", f"lower_{ending}", f"upper_{ending}")]
        gap = difference_interval(
            Estimate(*(np.take_along_axis(part, own, axis=1) for part in parts)),
            Estimate(*(part[:, places] for part in parts)),
        )
        words[name][:, places] = _word(entries, gap.lower, gap.upper, zero)
    method[:, places] = METHOD_DIFFERENCE


def _explain(
    entries: Sequence[Indicator],
    comparison: Words,
    value: FloatArray,
    subject: NDArray[np.intp],
    reason: Words,
    against: str | None,
) -> Words:
    explained = reason.copy()
    is_open = (comparison == NOT_COMPARED) & (reason == "")
    if against is None:
        own = np.isnan(np.take_along_axis(value, subject[:, None], axis=1))
    else:
        own = np.zeros((len(entries), 1), dtype=bool)
    why = np.array([_reason(entry) for entry in entries], dtype=object)[:, None]
    lost = "Not compared: the figure is missing for the profile area."
    explained[is_open] = np.where(np.broadcast_to(own, value.shape), lost, why)[is_open]
    return explained


def _reason(entry: Indicator) -> str:
    if entry.statistic == "count":
        return "Not compared: areas differ in size."
    return "Not compared: this figure has no interval."
