"""Classes of a map of values: the mark printed on each area, its fill, and the key in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from cip.display.cells import format_cell
from cip.display.natural_breaks import find_natural_breaks
from cip.display.palette import NO_DATA
from cip.display.style import DECILE_COLOURS, make_ramp

Classes = Literal["deciles", "quantiles", "natural_breaks"] | Sequence[float]


#: How the limits of classes were found, for the note under a map.
METHODS: dict[str, str] = {
    "quantiles": "quantiles: about as many small areas in each class",
    "natural_breaks": "natural breaks (Fisher-Jenks): values close together share a class",
    "deciles": "national deciles",
}


def classify(
    values: pd.Series,
    classes: Classes,
    class_count: int,
    value_format: str,
    withheld: pd.Series | None = None,
) -> tuple[list[str], list[str], list[tuple[str, str]]]:
    """Return per area its mark and fill, and the key.

    ``withheld`` says which missing values are kept back to protect people; they read ``[c]``.
    """
    held = values.dropna().astype(float)
    if held.empty:
        raise ValueError("a map of values needs at least one value")
    if classes == "deciles":
        marks, colours, words = _classify_deciles(held)
    else:
        marks, colours, words = _classify_limits(held, classes, class_count, value_format)
    hidden = set() if withheld is None else set(values.index[withheld.fillna(False).astype(bool)])
    every_mark = [marks.get(i, "[c]" if i in hidden else "[x]") for i in values.index]
    fills = [colours.get(mark, NO_DATA) for mark in every_mark]
    key = [(colours[mark], text) for mark, text in words.items()]
    gaps = (("[x]", "[x] not available"), ("[c]", "[c] withheld"))
    key += [(NO_DATA, text) for mark, text in gaps if mark in every_mark]
    return every_mark, fills, key


def _classify_deciles(
    held: pd.Series,
) -> tuple[dict[object, str], dict[str, str], dict[str, str]]:
    if not held.isin(range(1, 11)).all():
        raise ValueError("deciles are whole numbers from 1 to 10")
    marks = {i: str(int(v)) for i, v in held.items()}
    colours = {str(d): DECILE_COLOURS[d - 1] for d in range(1, 11)}
    words = {str(d): f"Decile {d}" for d in sorted(held.astype(int).unique())}
    for decile, meaning in (("1", "most deprived"), ("10", "least deprived")):
        if decile in words:
            words[decile] += f" ({meaning})"
    return marks, colours, words


def _classify_limits(
    held: pd.Series, classes: Classes, class_count: int, value_format: str
) -> tuple[dict[object, str], dict[str, str], dict[str, str]]:
    limits = _find_limits(held, classes, class_count)
    places = np.searchsorted(np.array(limits), held.to_numpy(), side="left")
    letters = [chr(ord("A") + i) for i in range(len(limits))]
    colours = dict(zip(letters, make_ramp(len(limits)), strict=True))
    marks = {i: letters[p] for i, p in zip(held.index, places, strict=True)}
    words = {}
    for place, letter in enumerate(letters):
        inside = held[places == place]
        if isinstance(classes, str) and inside.empty:
            continue
        # Computed classes are named by what they hold, declared ones by their limits.
        ends = (inside.min(), inside.max())
        if not isinstance(classes, str):
            # No value need lie in the first one, which has no lower limit.
            lowest = min(held.min(), limits[0])
            ends = (limits[place - 1] if place else lowest, limits[place])
        low, high = (format_cell(float(end), value_format) for end in ends)
        words[letter] = f"{letter}: {low}" if low == high else f"{letter}: {low} to {high}"
    return marks, colours, words


def _find_limits(held: pd.Series, classes: Classes, class_count: int) -> list[float]:
    """Return the upper limits of the classes, lowest first, each once."""
    if classes == "natural_breaks":
        count = min(class_count, held.nunique())
        limits = find_natural_breaks(held.to_numpy(dtype=float), classes=count)
    elif isinstance(classes, str):
        import mapclassify  # it brings a whole library of machine learning along

        count = min(class_count, held.nunique())
        limits = [float(b) for b in mapclassify.Quantiles(held.to_numpy(), k=count).bins]
    else:
        limits = [float(limit) for limit in classes]
    limits = sorted(set(limits))
    if limits[-1] < held.max():
        raise ValueError(f"the last class ends at {limits[-1]}, below the value {held.max()}")
    return limits
