"""Classes of a map of values: the mark printed on each area, its fill, and the key in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from cip.display.cells import format_cell
from cip.display.palette import NO_DATA
from cip.display.style import DECILE_COLOURS, make_ramp

Classes = Literal["deciles", "quantiles", "natural_breaks"] | Sequence[float]


def classify(
    values: pd.Series, classes: Classes, class_count: int, value_format: str
) -> tuple[list[str], list[str], list[tuple[str, str]]]:
    """Return per area its mark and fill, and the key."""
    held = values.dropna().astype(float)
    if held.empty:
        raise ValueError("a map of values needs at least one value")
    if classes == "deciles":
        marks, colours, words = _classify_deciles(held)
    else:
        marks, colours, words = _classify_limits(held, classes, class_count, value_format)
    every_mark = [marks.get(i, "[x]") for i in values.index]
    fills = [colours.get(mark, NO_DATA) for mark in every_mark]
    key = [(colours[mark], text) for mark, text in words.items()]
    if "[x]" in every_mark:
        key.append((NO_DATA, "[x] not available"))
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
    words, low = {}, float(held.min())
    for letter, high in zip(letters, limits, strict=True):
        joint = f"{format_cell(low, value_format)} to {format_cell(high, value_format)}"
        words[letter] = f"{letter}: {joint}"
        low = high
    return marks, colours, words


def _find_limits(held: pd.Series, classes: Classes, class_count: int) -> list[float]:
    """Return the upper limits of the classes, lowest first, each once."""
    if isinstance(classes, str):
        import mapclassify  # it brings a whole library of machine learning along

        count = min(class_count, held.nunique())
        scheme = {"quantiles": mapclassify.Quantiles, "natural_breaks": mapclassify.FisherJenks}
        limits = [float(b) for b in scheme[classes](held.to_numpy(), k=count).bins]
    else:
        limits = [float(limit) for limit in classes]
    limits = sorted(set(limits))
    if limits[-1] < held.max():
        raise ValueError(f"the last class ends at {limits[-1]}, below the value {held.max()}")
    return limits
