"""Compare the profile area with other ways to draw the same place.

A natural neighbourhood, a ward, a parish, a Primary Care Network and a service's own patch seldom
share an edge. The shares both ways say how well one stands for another (Tool C, step 2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from cip.area_definition import ResolvedArea
from cip.area_fit import match_outlines, weigh_oas
from cip.register import Register

COLUMNS = [
    "kind", "code", "name", "is_named", "oas", "oas_shared", "share_of_area", "share_of_other",
]  # fmt: skip

#: Others that hold less of the area's people than this, and are not named, are left out.
LEAST_SHARE = 0.01


def measure_overlaps(
    area: ResolvedArea,
    register: Register,
    *,
    wards: gpd.GeoDataFrame | None = None,
    service_areas: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """Measure what the area shares with wards, parishes, MSOAs, outlines and service areas.

    People are counted by output area, each placed by its population-weighted centroid: by
    residents where the store knows them, else each output area counts the same.

    Parameters
    ----------
    wards
        Ward outlines: ``area_code, area_name``.
    service_areas
        Other outlines of the place: ``name, kind`` (see :func:`cip.outlines.read_service_areas`).

    Returns
    -------
    DataFrame
        One row per other definition that shares people with the area (``COLUMNS``), those that
        the parameter file names first, then by share. ``share_of_area`` is the share of the
        profile area's people who live in the other, ``share_of_other`` the share of the other's
        people who live in the profile area (0 to 1). Empty where the store has no output areas.
    """
    oas = register.oas
    inside = oas["lsoa21_code"].isin(area.codes).to_numpy()
    if not inside.any():
        return pd.DataFrame(columns=COLUMNS)
    weight = weigh_oas(oas).to_numpy()
    named = set(area.parts.loc[~area.parts["is_excluded"].astype(bool), "code"])
    rows = []
    for other, places in _list_others(area, register, wards, service_areas):
        both = places & inside
        if not both.any():
            continue
        shared = weight[both].sum()
        rows.append(
            (other.kind, other.code, other.name, other.is_own or other.code in named,
             int(places.sum()), int(both.sum()),
             shared / weight[inside].sum(), shared / weight[places].sum())
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=COLUMNS)
    table = table[table["is_named"].astype(bool) | (table["share_of_area"] >= LEAST_SHARE)]
    order = ["is_named", "share_of_area", "share_of_other"]
    return table.sort_values(order, ascending=False, kind="stable", ignore_index=True)


@dataclass(frozen=True)
class _Other:
    """Another definition of the place; ``is_own`` where the parameter file brings it."""

    kind: str
    code: str
    name: str
    is_own: bool = False


def _list_others(
    area: ResolvedArea,
    register: Register,
    wards: gpd.GeoDataFrame | None,
    service_areas: gpd.GeoDataFrame | None,
) -> Iterator[tuple[_Other, np.ndarray]]:
    """Yield each other definition, and which output areas lie in it."""
    if area.outlines is not None:
        drawn = area.outlines[~area.outlines["is_excluded"].astype(bool)]
        others = [_Other("outline", name, name, is_own=True) for name in drawn["name"]]
        yield from _place(others, drawn.geometry, register)
    if service_areas is not None:
        rows = service_areas[["kind", "name"]].itertuples(index=False)
        others = [_Other(kind, name, name, is_own=True) for kind, name in rows]
        yield from _place(others, service_areas.geometry, register)
    if wards is not None:
        rows = wards[["area_code", "area_name"]].itertuples(index=False)
        yield from _place([_Other("ward", c, n) for c, n in rows], wards.geometry, register)
    codes = register.oas.index
    for code, members in register.parishes.groupby("parish_code"):
        name = str(members["parish_name"].iloc[0])
        yield _Other("parish", str(code), name), codes.isin(members["oa21_code"])
    msoa = register.oas["lsoa21_code"].map(register.lsoas["msoa21_code"])
    for code in msoa[register.oas["lsoa21_code"].isin(area.codes)].dropna().unique():
        yield _Other("msoa", code, _name_msoa(code, register)), (msoa == code).to_numpy()


def _place(
    others: list[_Other], outlines: gpd.GeoSeries, register: Register
) -> Iterator[tuple[_Other, np.ndarray]]:
    pairs = match_outlines(outlines.reset_index(drop=True), register.oas)
    for place, other in enumerate(others):
        inside = np.zeros(len(register.oas), dtype=bool)
        inside[pairs.loc[pairs["outline"] == place, "oa"]] = True
        yield other, inside


def _name_msoa(code: str, register: Register) -> str:
    if code not in register.msoas.index:
        return code
    names = register.msoas.loc[code, ["msoa21_hcl_name", "msoa21_name"]].dropna()
    return str(names.iloc[0]) if len(names) else code
