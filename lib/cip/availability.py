"""Stage 02: which indicators a store can feed for an area, and what stands in the way of others."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from cip.catalogue.entries import Indicator
from cip.products import Reading, list_columns, select_series

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
    wider = areas.loc[areas["area_role"].isin(PUBLISHED_ROLES), "area_code"]
    found: dict[str, str] = {}
    made: set[str] = set()
    for reading in readings:
        shared, rows = _find_shared_obstacle(reading, profile.iloc[0], wider, membership)
        for entry in reading.entries:
            reason = shared or _find_own_obstacle(reading, rows, entry)
            if reason:
                found[entry.id] = reason
            else:
                made.add(entry.id)
    return {name: reason for name, reason in found.items() if name not in made}


def _find_shared_obstacle(
    reading: Reading, profile: str, wider: pd.Series, membership: pd.DataFrame
) -> tuple[str, pd.DataFrame]:
    """Return what stops every indicator of a reading, and the area's rows of its table."""
    none = pd.DataFrame()
    if reading.obstacle:
        return reading.obstacle, none
    own = membership["area_code"].isin([profile])
    if reading.level == "district":
        codes = pd.concat(
            [membership.loc[membership["level"] == "district", "small_area_code"], wider]
        )
    else:
        codes = membership.loc[own & (membership["level"] == reading.level), "small_area_code"]
    if codes.empty and not reading.is_published:
        return _describe_unknown(reading), none
    if reading.is_published:
        codes = pd.concat([codes, wider])
    rows = reading.table[reading.table["area_code"].isin(codes)]
    is_absent = rows.empty and not reading.is_published
    return (f"{reading.title} in the store leaves out this area." if is_absent else ""), rows


def _describe_unknown(reading: Reading) -> str:
    if reading.level == "district":
        return f"{reading.title} is for districts, and the area is compared with none."
    name = f"{reading.level[:4].upper()}s of 20{reading.level[-2:]}"
    return f"The area is not known in {name}, which {reading.title} uses."


def _find_own_obstacle(reading: Reading, rows: pd.DataFrame, entry: Indicator) -> str:
    if reading.is_published:
        return _find_series_obstacle(rows, entry)
    lacking = [name for name in list_columns(entry) if name not in rows or rows[name].isna().all()]
    if not lacking:
        return ""
    names = ", ".join(name.replace("base:", "base ") for name in lacking)
    return f"'{entry.source}' in the store has no figures for: {names}."


def _find_series_obstacle(rows: pd.DataFrame, entry: Indicator) -> str:
    """Return why a series cannot be used: absent, ambiguous, or its number means something else."""
    own = select_series(rows, entry)
    names = own["series_name"].dropna().unique()
    if not len(names):
        return f"'{entry.source}' in the store does not hold this series for this area."
    strange = [name for name in names if entry.series_name.casefold() not in name.casefold()]
    if strange:
        return (
            f"Series {entry.series} of '{entry.source}' is called '{strange[0]}', which is not "
            f"what the catalogue means by it ('{entry.series_name}')."
        )
    if own.duplicated(["area_code", "period"]).any():
        return (
            f"Series {entry.series} of '{entry.source}' has several values for one area and "
            "period. The catalogue must name the sex and the age."
        )
    return ""
