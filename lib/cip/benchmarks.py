"""Stage 02: how areas compare with one another, and on what grounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cip.catalogue.entries import Indicator
from cip.statistics import (
    BETTER,
    HIGHER,
    LOWER,
    NOT_COMPARED,
    SIMILAR,
    WORSE,
    Estimate,
    compare_with_benchmark,
    difference_interval,
)

FloatArray = NDArray[np.float64]
#: Places in a list of phrases, which take far less room and time than the phrases themselves.
Codes = NDArray[np.int32]

METHOD = "95% interval of the area against the comparator's value"
METHOD_DIFFERENCE = "95% interval of the difference between the two areas"
#: The area whose figure speaks where the profile area can have none of its own.
_STAND_IN = {"district": "district", "county": "county"}
#: Comparators that are small areas themselves, so that chance bears on both sides.
_SAMPLES = ("place",)
_VERDICTS = (NOT_COMPARED, SIMILAR, BETTER, WORSE, HIGHER, LOWER)
_LOST = "Not compared: the figure is missing for the profile area."
_NO_BENCHMARK = "Not compared: the figure is missing for the area that others are compared with."


class Phrases:
    """Words that repeat, each known by its place in a list."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {"": 0}

    def place(self, text: str) -> int:
        """Return the place of a phrase; that of none is 0."""
        return self._places.setdefault(text, len(self._places))

    def encode(self, texts: NDArray[Any]) -> Codes:
        """Return the place of each of many phrases."""
        codes, names = pd.factorize(texts)
        return np.array([self.place(str(name)) for name in names], dtype=np.int32)[codes]

    def decode(self, codes: Codes) -> pd.api.extensions.ExtensionArray:
        """Return the phrases of many places, as a column of texts."""
        return pd.array(list(self._places), dtype="str").take(codes.ravel())


def compare_cells(
    entries: Sequence[Indicator],
    numbers: Mapping[str, FloatArray],
    reason: Codes,
    areas: pd.DataFrame,
    phrases: Phrases,
    against: str | None = None,
) -> dict[str, Codes]:
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
        Why a figure is missing, as the place of a phrase, else 0.
    areas
        One row per column of the arrays: ``area_code, area_name, area_role``.
    phrases
        The phrases, to which others are added.
    against
        Compare every area with this one. By default the profile area is compared with every
        other, and the word stands on the other's row.

    Returns
    -------
    dict
        ``comparison, comparison_998, comparison_method, missing_reason``, shaped as the values,
        as places of phrases.
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
        "comparison": _word(entries, low, high, benchmark, phrases),
        "comparison_998": _word(entries, low_998, high_998, benchmark, phrases),
    }
    method = np.full(value.shape, phrases.place(METHOD), dtype=np.int32)
    if against is None:
        _compare_samples(words, method, entries, numbers, subject, areas, phrases)
        _leave_ratios_uncompared(words, entries, areas, phrases)
        # Where a district's figure stands in for the area's, the area itself has nothing to say.
        is_own = is_own | (areas["area_role"] == "profile").to_numpy()[None, :]
    for name in words:
        words[name][np.broadcast_to(is_own, value.shape)] = 0
    is_open = words["comparison"] == phrases.place(NOT_COMPARED)
    method[is_open | (words["comparison"] == 0)] = 0
    is_open &= reason == 0
    explained = _explain(entries, is_open, value, benchmark, subject, reason, phrases, against)
    return {**words, "comparison_method": method, "missing_reason": explained}


def _choose_subjects(entries: Sequence[Indicator], areas: pd.DataFrame) -> NDArray[np.intp]:
    """Return the column of the area that is compared: the profile, or what stands in for it."""
    roles = areas["area_role"].tolist()
    profile = roles.index("profile") if "profile" in roles else 0
    wanted = {entry.level: _STAND_IN.get(entry.level, "profile") for entry in entries}
    columns = {
        level: roles.index(role) if role in roles else profile for level, role in wanted.items()
    }
    return np.array([columns[entry.level] for entry in entries], dtype=np.intp)


def _word(
    entries: Sequence[Indicator],
    low: FloatArray,
    high: FloatArray,
    benchmark: FloatArray,
    phrases: Phrases,
) -> Codes:
    shape = np.broadcast_shapes(low.shape, benchmark.shape)
    codes = np.empty(shape, dtype=np.int32)
    polarity = np.array([entry.polarity for entry in entries])
    for kind in np.unique(polarity):
        rows = polarity == kind
        words = compare_with_benchmark(low[rows], high[rows], benchmark[rows], str(kind))
        own = np.empty(words.shape, dtype=np.int32)
        for verdict in _VERDICTS:
            own[words == verdict] = phrases.place(verdict)
        codes[rows] = own
    return codes


def _compare_samples(
    words: dict[str, Codes],
    method: Codes,
    entries: Sequence[Indicator],
    numbers: Mapping[str, FloatArray],
    subject: NDArray[np.intp],
    areas: pd.DataFrame,
    phrases: Phrases,
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
        words[name][:, places] = _word(entries, gap.lower, gap.upper, zero, phrases)
    method[:, places] = phrases.place(METHOD_DIFFERENCE)


def _leave_ratios_uncompared(
    words: dict[str, Codes], entries: Sequence[Indicator], areas: pd.DataFrame, phrases: Phrases
) -> None:
    """Take back the words on ratios beside any area but England, whose rates they rest on.

    Two ratios that are standardised indirectly have weights of their own ages, so that neither
    can be held against the other.
    """
    rows = np.array([is_standard_ratio(entry) for entry in entries], dtype=bool)
    others = (areas["area_role"] != "england").to_numpy()
    for name in words:
        words[name][np.ix_(rows, others)] = phrases.place(NOT_COMPARED)


def is_standard_ratio(entry: Indicator) -> bool:
    """Say whether a figure is a ratio of events to those expected at England's rates."""
    return entry.combine == "ratio" or entry.statistic == "ratio"


def _explain(
    entries: Sequence[Indicator],
    is_open: NDArray[np.bool_],
    value: FloatArray,
    benchmark: FloatArray,
    subject: NDArray[np.intp],
    reason: Codes,
    phrases: Phrases,
    against: str | None,
) -> Codes:
    """Add why a figure that is there is not compared."""
    if against is None:
        own, lost = np.isnan(np.take_along_axis(value, subject[:, None], axis=1)), _LOST
    else:
        own, lost = np.isnan(benchmark), _NO_BENCHMARK
    why = np.array([[phrases.place(_reason(entry))] for entry in entries], dtype=np.int32)
    return np.where(is_open, np.where(own, phrases.place(lost), why), reason)


def _reason(entry: Indicator) -> str:
    if entry.statistic == "count":
        return "Not compared: areas differ in size."
    if is_standard_ratio(entry):
        return "Not compared: a ratio to England's rates can be held against England alone."
    return "Not compared: this figure has no interval."
