"""Stage 02: which indicators a store can feed for an area, and what stands in the way of others."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cip.catalogue.entries import Indicator
from cip.number_tables import Rows
from cip.products import Reading, list_columns

#: Roles of areas that publishers have figures for under the area's own code.
PUBLISHED_ROLES = ("district", "county", "region", "england")


def find_obstacles(
    readings: Iterable[Reading], areas: pd.DataFrame, membership: pd.DataFrame
) -> dict[str, str]:
    """Return, for each indicator that cannot be made for the profile area, the reason why.

    A figure that exists for districts and larger areas alone can be made when one of the profile
    area's comparators has it.

    Raises
    ------
    ValueError
        When not exactly one area has the role ``profile``.
    """
    profile = areas.loc[areas["area_role"] == "profile", "area_code"]
    if len(profile) != 1:
        raise ValueError(f"One area must have the role 'profile', not {len(profile)}.")
    codes = _list_codes(profile.iloc[0], areas, membership)
    found: dict[str, str] = {}
    made: set[str] = set()
    for reading in readings:
        find = _find_obstacle(reading, codes)
        for entry in reading.entries:
            if reason := find(entry):
                found[entry.id] = reason
            else:
                made.add(entry.id)
    return {name: reason for name, reason in found.items() if name not in made}


def _list_codes(
    profile: str, areas: pd.DataFrame, membership: pd.DataFrame
) -> Callable[[Reading], pd.Index]:
    """Return what lists the codes of a reading's table that speak of the profile area."""
    wider = areas.loc[areas["area_role"].isin(PUBLISHED_ROLES), "area_code"]
    is_own = (membership["area_code"] == profile) | (membership["level"] == "district")
    # A figure for districts may be that of any district around.
    members = dict(list(membership[is_own].groupby("level")["small_area_code"]))

    def list_codes(reading: Reading) -> pd.Index:
        pieces = [list(members.get(reading.level, ()))]
        if reading.level == "district" or reading.is_published:
            pieces.append(list(wider))
        return pd.Index(dict.fromkeys(itertools.chain(*pieces)), dtype=object)

    return list_codes


def _find_obstacle(
    reading: Reading, list_codes: Callable[[Reading], pd.Index]
) -> Callable[[Indicator], str]:
    """Return what says of an indicator of the reading why it cannot be made, empty if it can."""
    if reading.obstacle:
        return lambda entry: reading.obstacle
    codes = list_codes(reading)
    if reading.is_published:
        is_near = reading.values.codes.isin(codes)
        return partial(_find_series_obstacle, reading, is_near)
    if codes.empty:
        return lambda entry: _describe_unknown(reading)
    rows = reading.table.find(codes)
    if (rows < 0).all():
        return lambda entry: f"{reading.title} in the store leaves out this area."
    return partial(_find_column_obstacle, reading, rows[rows >= 0])


def _describe_unknown(reading: Reading) -> str:
    if reading.level == "district":
        return f"{reading.title} is for districts, and the area is compared with none."
    name = f"{reading.level[:4].upper()}s of 20{reading.level[-2:]}"
    return f"The area is not known in {name}, which {reading.title} uses."


def _find_column_obstacle(reading: Reading, rows: Rows, entry: Indicator) -> str:
    held = reading.table.columns
    lacking = [
        name for name in list_columns(entry) if name not in held or np.isnan(held[name][rows]).all()
    ]
    if not lacking:
        return ""
    names = ", ".join(name.replace("base:", "base ") for name in lacking)
    return f"'{entry.source}' in the store has no figures for: {names}."


def _find_series_obstacle(reading: Reading, is_near: NDArray[np.bool_], entry: Indicator) -> str:
    """Return why a series cannot be used: absent, ambiguous, or its number means something else."""
    rows = reading.values.find(entry)
    rows = rows[is_near[rows]]
    columns = reading.values.columns
    names = dict.fromkeys(name for name in columns["series_name"][rows] if name is not None)
    if not names:
        return f"'{entry.source}' in the store does not hold this series for this area."
    strange = [name for name in names if entry.series_name.casefold() not in name.casefold()]
    if strange:
        return (
            f"Series {entry.series} of '{entry.source}' is called '{strange[0]}', which is not "
            f"what the catalogue means by it ('{entry.series_name}')."
        )
    keys = list(zip(reading.values.codes[rows], columns["period"][rows], strict=True))
    if len(set(keys)) < len(keys):
        return (
            f"Series {entry.series} of '{entry.source}' has several values for one area and "
            "period. The catalogue must name the sex and the age."
        )
    return ""
