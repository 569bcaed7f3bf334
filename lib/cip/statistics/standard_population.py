"""The European Standard Population of 2013, and age bands matched by their label."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from cip.statistics.estimate import FloatArray

#: People by age band; they add up to 100,000. Eurostat 2013, "Revision of the European Standard
#: Population", with its bands under 5 and from 90 on put together as English indicators do.
ESP2013: Mapping[str, float] = MappingProxyType(
    {
        "0-4": 5000,
        "5-9": 5500,
        "10-14": 5500,
        "15-19": 5500,
        "20-24": 6000,
        "25-29": 6000,
        "30-34": 6500,
        "35-39": 7000,
        "40-44": 7000,
        "45-49": 7000,
        "50-54": 7000,
        "55-59": 6500,
        "60-64": 6000,
        "65-69": 5500,
        "70-74": 5000,
        "75-79": 4000,
        "80-84": 2500,
        "85-89": 1500,
        "90+": 1000,
    }
)


def group_standard(
    bands: Sequence[str], standard: Mapping[str, float] = ESP2013
) -> dict[str, float]:
    """Return a standard population for wider age bands, such as one that ends at ``85+``.

    Parameters
    ----------
    bands
        Labels ``from-to`` or ``from+``. Together they cover some ages, each once.
    standard
        People by narrower band.

    Raises
    ------
    ValueError
        When a band of the standard lies across the edge of a wanted band, or a wanted band holds
        none.

    Examples
    --------
    >>> group_standard(["0-14", "85+"])
    {'0-14': 16000, '85+': 2500}
    """
    grouped = dict.fromkeys(bands, 0.0)
    wanted = {label: parse_band(label) for label in bands}
    for label, people in standard.items():
        first, last = parse_band(label)
        for name, (start, end) in wanted.items():
            if start <= first and last <= end:
                grouped[name] += people
            elif first <= end and start <= last:
                raise ValueError(f"The standard's age band {label} lies across the edge of {name}.")
    empty = [name for name, people in grouped.items() if people == 0]
    if empty:
        raise ValueError(f"The standard has no people aged {', '.join(empty)}.")
    return {name: int(n) if float(n).is_integer() else n for name, n in grouped.items()}


def parse_band(label: str) -> tuple[float, float]:
    """Return the first and last age of a label: ``5-9`` is 5 to 9, ``90+`` has no end."""
    start, dash, end = label.removesuffix("+").partition("-")
    if not start.isdigit() or (dash and not end.isdigit()) or (dash and label.endswith("+")):
        raise ValueError(f"'{label}' is not an age band. Write it as 0, 5-9 or 90+.")
    last = float(end) if dash else math.inf if label.endswith("+") else float(start)
    if last < float(start):
        raise ValueError(f"The age band {label} ends before it starts.")
    return float(start), last


def order_bands(
    table: ArrayLike, bands: Sequence[str], wanted: Sequence[str], *, axis: int = -1
) -> FloatArray:
    """Return numbers by age band in the wanted order of bands, matched by label.

    Parameters
    ----------
    table
        Numbers with the bands along ``axis``.
    bands
        The label of each, in the table's own order.
    wanted
        The labels that a method needs.

    Raises
    ------
    ValueError
        Naming every band that is missing, unknown or given twice, or when there are more or fewer
        labels than bands.
    """
    numbers = np.asarray(table, dtype=float)
    names = list(bands)
    if numbers.ndim == 0 or numbers.shape[axis] != len(names):
        size = numbers.shape[axis] if numbers.ndim else 0
        raise ValueError(f"There are {len(names)} age-band labels for {size} bands of numbers.")
    faults = {
        "missing": [name for name in wanted if name not in names],
        "not known here": [name for name in names if name not in wanted],
        "given twice": sorted({name for name in names if names.count(name) > 1}),
    }
    told = [f"{what}: {', '.join(found)}" for what, found in faults.items() if found]
    if told:
        raise ValueError(f"The age bands do not fit ({'; '.join(told)}).")
    return np.take(numbers, [names.index(name) for name in wanted], axis=axis)
