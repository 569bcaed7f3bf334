"""Whole-number randomness that gives the same figures on every machine."""

from collections.abc import Sequence

import numpy as np


class Draws:
    """Whole numbers from the raw PCG64 stream.

    The raw stream is the part of numpy's random numbers that never changes between versions;
    the methods of ``Generator`` may. Only whole numbers are drawn, so no rounding can differ.
    """

    def __init__(self, seed: int) -> None:
        self._bits = np.random.PCG64(seed)

    def between(self, low: int, high: int) -> int:
        """Draw a whole number from low to high, both included."""
        return low + int(self._bits.random_raw()) % (high - low + 1)


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Share out a total by weights in whole numbers (largest remainder, first one wins ties).

    Parameters
    ----------
    total
        Number of people, households or metres to share out.
    weights
        Whole numbers, not all zero.

    Returns
    -------
    list of int
        One share per weight; the shares add up to the total exactly.
    """
    whole = sum(weights)
    shares = [total * weight // whole for weight in weights]
    remainders = [total * weight % whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: (-remainders[index], index))
    for index in by_remainder[: total - sum(shares)]:
        shares[index] += 1
    return shares


def jitter_weights(weights: Sequence[int], draws: Draws, per_mille: int) -> list[int]:
    """Move every weight at random by up to so many parts in a thousand of itself."""
    return [weight * (1000 + draws.between(-per_mille, per_mille)) // 1000 for weight in weights]
