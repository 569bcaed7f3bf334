"""Words for how an area compares with a benchmark value."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from cip.statistics.checks import check_confidence
from cip.statistics.estimate import TextArray, TwoLevels

Polarity = Literal["high_is_good", "high_is_bad", "none"]

BETTER, WORSE = "better", "worse"
HIGHER, LOWER = "higher", "lower"
SIMILAR, NOT_COMPARED = "similar", "not compared"

#: Words for (below the benchmark, above the benchmark), by polarity.
_WORDS: dict[str, tuple[str, str]] = {
    "high_is_good": (WORSE, BETTER),
    "high_is_bad": (BETTER, WORSE),
    "none": (LOWER, HIGHER),
}

#: Words for the fifths 1 to 5 of areas in rising order of the value, by polarity.
_FIFTHS: dict[str, tuple[str, ...]] = {
    "high_is_good": ("worst", "second worst", "middle", "second best", "best"),
    "high_is_bad": ("best", "second best", "middle", "second worst", "worst"),
    "none": ("lowest", "second lowest", "middle", "second highest", "highest"),
}


class WordsAtBothLevels(NamedTuple):
    """The words of a comparison at 95% and at 99.8%."""

    at_95: TextArray
    at_998: TextArray


def compare_with_benchmark(
    lower: ArrayLike, upper: ArrayLike, benchmark: ArrayLike, polarity: Polarity
) -> TextArray:
    """Say where an area's interval lies against a benchmark value.

    Parameters
    ----------
    lower, upper
        The area's interval, in the unit of the benchmark.
    benchmark
        The comparator's value; its own interval plays no part.
    polarity
        Whether a high value is good, bad or neither.

    Returns
    -------
    array of str
        ``better``, ``similar`` or ``worse`` with a polarity; ``higher``, ``similar`` or
        ``lower`` without; ``not compared`` where any number is missing. A benchmark on a limit
        is similar.

    Raises
    ------
    ValueError
        For an unknown polarity, or a lower limit above the upper one.

    Examples
    --------
    >>> compare_with_benchmark([10.0, 10.0], [12.0, 12.0], [9.0, 11.0], "high_is_bad").tolist()
    ['worse', 'similar']
    """
    _check_polarity(polarity)
    low, high, value = np.broadcast_arrays(
        *(np.asarray(part, dtype=float) for part in (lower, upper, benchmark))
    )
    if np.any(low > high):
        raise ValueError("A lower limit is above its upper limit.")
    below, above = _WORDS[polarity]
    is_missing = np.isnan(low) | np.isnan(high) | np.isnan(value)
    return np.select(
        [is_missing, high < value, low > value], [NOT_COMPARED, below, above], default=SIMILAR
    )


def compare_at_both_levels(
    estimate: TwoLevels, benchmark: ArrayLike, polarity: Polarity
) -> WordsAtBothLevels:
    """Compare with a benchmark value at 95% and at 99.8%.

    The stricter level marks fewer areas, and hardly ever by chance: one comparison in 500.
    """
    return WordsAtBothLevels(
        compare_with_benchmark(estimate.lower_95, estimate.upper_95, benchmark, polarity),
        compare_with_benchmark(estimate.lower_998, estimate.upper_998, benchmark, polarity),
    )


def describe_fifth(fifth: ArrayLike, polarity: Polarity) -> TextArray:
    """Return words for an area's fifth, where a figure has no interval to compare by.

    Parameters
    ----------
    fifth
        From `assign_quantiles`, 1 for the lowest values; missing where there is none.
    polarity
        Whether a high value is good, bad or neither.

    Returns
    -------
    array of str
        Such as ``lowest fifth``, with a polarity ``worst fifth``; ``not compared`` where missing.

    Examples
    --------
    >>> describe_fifth([1, 5], "high_is_bad").tolist()
    ['best fifth', 'worst fifth']
    """
    _check_polarity(polarity)
    numbers = np.asarray(fifth, dtype=float)
    if not np.all(np.isin(numbers, [1, 2, 3, 4, 5]) | np.isnan(numbers)):
        raise ValueError("A fifth must be 1, 2, 3, 4 or 5.")
    words = np.array([NOT_COMPARED, *(f"{word} fifth" for word in _FIFTHS[polarity])])
    return words[np.nan_to_num(numbers).astype(int)]


def count_chance_marks(compared: int, *, confidence: float = 0.95) -> float:
    """Return how many of so many comparisons chance alone would mark, if nothing differed.

    Examples
    --------
    >>> round(count_chance_marks(70), 2), round(count_chance_marks(70, confidence=0.998), 2)
    (3.5, 0.14)
    """
    if compared < 0:
        raise ValueError("The number of comparisons is negative.")
    return compared * (1 - check_confidence(confidence))


def _check_polarity(polarity: str) -> None:
    if polarity not in _WORDS:
        raise ValueError(f"Unknown polarity '{polarity}'. Use one of: {', '.join(_WORDS)}.")
