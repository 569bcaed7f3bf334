"""Words for how an area compares with a benchmark value."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

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


def compare_with_benchmark(
    lower: ArrayLike, upper: ArrayLike, benchmark: ArrayLike, polarity: Polarity
) -> NDArray[np.str_]:
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
    if polarity not in _WORDS:
        raise ValueError(f"Unknown polarity '{polarity}'. Use one of: {', '.join(_WORDS)}.")
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
