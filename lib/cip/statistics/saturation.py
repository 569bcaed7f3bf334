"""Saturation: whether further interviews still bring new themes."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

#: The values of Guest, Namey and Chen 2020: first interviews, interviews in a run, and the share
#: of new themes at which a run counts as bringing nothing new.
BASE_SIZE, RUN_LENGTH, THRESHOLD = 4, 2, 0.05


class Saturation(NamedTuple):
    """Whether and when new themes ran dry.

    ``interviews`` is the number before the run that brought no more than the threshold; with
    ``run_length`` it is written as in 6+2. Missing (None) where that never happened. ``runs`` has
    one row per run: ``first, last`` (interviews)``, new_themes, share`` (of 1)``, is_reached``.
    """

    interviews: int | None
    run_length: int
    base_themes: int
    runs: pd.DataFrame

    @property
    def label(self) -> str:
        """The result as 6+2, or in words where it was not reached."""
        if self.interviews is None:
            return "not reached"
        return f"{self.interviews}+{self.run_length}"


def count_new_themes(mentions: pd.DataFrame, order: Sequence[Hashable]) -> pd.DataFrame:
    """Return how many themes each interview brought up, and how many for the first time.

    Parameters
    ----------
    mentions
        One row per theme and interview, or more: ``interview, theme``.
    order
        All interviews in the order in which they were held, those without themes too.

    Returns
    -------
    DataFrame
        One row per interview: ``interview, themes, new_themes, all_themes`` (so far).

    Raises
    ------
    ValueError
        When the order names an interview twice or leaves one out, or a theme is missing.
    """
    held = list(order)
    if len(set(held)) != len(held):
        raise ValueError("An interview stands twice in the order.")
    if mentions["theme"].isna().any():
        raise ValueError("A mention has no theme.")
    unknown = [str(name) for name in mentions["interview"].unique() if name not in set(held)]
    if unknown:
        raise ValueError(f"Not in the order of interviews: {', '.join(unknown)}.")
    once = mentions[["interview", "theme"]].drop_duplicates()
    place = pd.Series(pd.Index(held).get_indexer(once["interview"]), index=once.index)
    first = place.groupby(once["theme"]).min()
    themes = np.bincount(place, minlength=len(held))
    new = np.bincount(first, minlength=len(held))
    return pd.DataFrame(
        {"interview": held, "themes": themes, "new_themes": new, "all_themes": new.cumsum()}
    )


def assess_saturation(
    new_themes: ArrayLike,
    *,
    base_size: int = BASE_SIZE,
    run_length: int = RUN_LENGTH,
    threshold: float = THRESHOLD,
) -> Saturation:
    """Return after how many interviews new themes ran dry.

    Parameters
    ----------
    new_themes
        New themes of each interview, in the order held.
    base_size
        First interviews; their themes are what new ones are counted against.
    run_length
        Interviews that are looked at together. Each run starts one interview after the last.
    threshold
        Share of the base's themes that a run may add at most; 0 for none at all.

    Returns
    -------
    Saturation
        Not reached where there are too few interviews for a run.

    Raises
    ------
    ValueError
        For counts that are not whole, a base without themes, or settings out of range.

    Notes
    -----
    Guest, Namey and Chen 2020, PLoS ONE 15(5): e0232076. The result depends on the order of the
    interviews, on how fine the codebook is and on whom was asked: people who were not asked bring
    no themes. It says nothing of how well a theme is understood.

    Examples
    --------
    >>> assess_saturation([20, 9, 5, 3, 3, 4, 0, 1]).label
    '6+2'
    """
    new = np.asarray(new_themes, dtype=float)
    if new.ndim != 1 or not np.all((new >= 0) & (new == np.floor(new))):
        raise ValueError("New themes are whole numbers, one for each interview.")
    if base_size < 1 or run_length < 1 or not 0 <= threshold < 1:
        raise ValueError("Base and run need one interview at least, and a threshold from 0 to 1.")
    base = int(new[:base_size].sum())
    if base == 0:
        raise ValueError("The first interviews have no themes to count new ones against.")
    starts = np.arange(base_size, len(new) - run_length + 1)
    added = np.array([new[start : start + run_length].sum() for start in starts])
    is_reached = added / base <= threshold
    runs = pd.DataFrame(
        {
            "first": starts + 1,
            "last": starts + run_length,
            "new_themes": added.astype(int),
            "share": added / base,
            "is_reached": is_reached,
        }
    )
    interviews = int(starts[is_reached][0]) if is_reached.any() else None
    return Saturation(interviews, run_length, base, runs)
