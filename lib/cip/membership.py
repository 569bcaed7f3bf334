"""Stage 01: which small areas make up the profile area and each area that it is compared with."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cip.area_definition import ResolvedArea
from cip.register import Register

COLUMNS = ["area_code", "small_area_code", "level", "share", "population"]
_NONE = pd.DataFrame(columns=COLUMNS[1:])


def build_membership(
    area: ResolvedArea,
    areas: pd.DataFrame,
    register: Register,
    *,
    similar: pd.Series | None = None,
) -> pd.DataFrame:
    """Return which small areas make up the profile area and its comparators.

    Districts and counties are put together from their own LSOAs, never from wards, because a
    ward's best fit may cross a district line. The country is not listed: its figures come from
    the publisher's own total, or from all LSOAs.

    Parameters
    ----------
    area
        The profile area.
    areas
        One row per area: ``area_code, area_name, area_role``.
    similar
        Share by LSOA 2021 of those that make up the area with the role ``similar``.

    Returns
    -------
    DataFrame
        One row per area x small area: ``area_code, small_area_code, level, share, population``.
        ``level`` is ``lsoa21``; ``lsoa11``, ``msoa21`` and ``msoa11`` where look-ups cover the
        area; and ``district`` for areas made of whole districts. ``share`` is the share of the
        small area's people who belong.
    """
    pieces = []
    for row in areas.itertuples():
        if row.area_role == "similar":
            shares = pd.Series(dtype=float) if similar is None else similar
        else:
            shares = _take(_list_lsoas(row, area.codes, register))
        if shares.empty:
            continue
        tables = [*_list_levels(shares, register), _list_districts(row, shares, register)]
        pieces.append(pd.concat([t for t in tables if len(t)]).assign(area_code=row.area_code))
    table = pd.concat(pieces, ignore_index=True)
    return table[COLUMNS].astype({"share": float, "population": "Int64"})


#: Column of the register that says which area of a role an LSOA belongs to.
_COLUMNS = {"district": "lad_code", "county": "county_code", "place": "ward24_code"}


def _list_lsoas(area: Any, own: list[str], register: Register) -> list[str]:
    """Return the LSOAs of 2021 that make up an area; none for a country."""
    if area.area_role == "profile":
        return own
    if area.area_role == "region":
        return _list_region(area.area_code, register)
    column = _COLUMNS.get(area.area_role)
    if column is None:
        return []
    return list(register.lsoas.index[register.lsoas[column] == area.area_code])


def _take(codes: list[str]) -> pd.Series:
    return pd.Series(1.0, index=pd.Index(codes, dtype=object))


def _list_levels(shares: pd.Series, register: Register) -> list[pd.DataFrame]:
    people = register.lsoas["population"]
    msoas, msoa_people = _share_msoas(shares, register)
    return [
        _tabulate(shares, "lsoa21", people.reindex(shares.index)),
        _translate(shares, people, register.changes, level="lsoa"),
        _tabulate(msoas, "msoa21", msoa_people),
        _translate(msoas, register.msoa_people, register.msoa_changes, level="msoa"),
    ]


def _tabulate(shares: pd.Series, level: str, people: pd.Series) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "small_area_code": shares.index,
            "level": level,
            "share": shares.to_numpy(dtype=float),
            "population": pd.array(people.astype("Float64").round().to_numpy(), dtype="Int64"),
        }
    )


def _share_msoas(shares: pd.Series, register: Register) -> tuple[pd.Series, pd.Series]:
    """Return the share of each MSOA's people who belong, and how many people that is.

    There is none when an LSOA has no MSOA or no population: a part of an area is not the area.
    """
    own = register.lsoas.loc[shares.index, ["msoa21_code", "population"]]
    empty = pd.Series(dtype=float)
    if own.isna().to_numpy().any():
        return empty, empty
    inside = (own["population"].astype(float) * shares).groupby(own["msoa21_code"]).sum()
    found = inside / register.msoa_people.reindex(inside.index)
    # An MSOA of which one LSOA has no count cannot be shared out.
    return (empty, empty) if found.isna().any() else (found, inside)


def _list_districts(area: Any, shares: pd.Series, register: Register) -> pd.DataFrame:
    """Return the districts of an area that is made of whole ones."""
    if area.area_role not in ("district", "county", "region"):
        return _NONE
    districts = register.lsoas.loc[shares.index, "lad_code"].dropna().unique()
    people = register.lsoas.groupby("lad_code")["population"].sum(min_count=1).reindex(districts)
    return _tabulate(_take(list(districts)), "district", people)


def _list_region(code: str, register: Register) -> list[str]:
    """Return the LSOAs of a region when the register knows every district of it, else none."""
    districts = register.regions
    if not register.knows_all_regions:
        return []
    own = set(districts.index[districts == code])
    lsoas = register.lsoas
    return list(lsoas.index[lsoas["lad_code"].isin(own)]) if own <= set(lsoas["lad_code"]) else []


def translate_to_2011(lsoas: list[str], register: Register) -> pd.DataFrame:
    """Return the LSOAs of 2011 that make up a set of LSOAs of 2021.

    An unchanged or merged LSOA of 2011 belongs as its successor does. One that was split, or
    changed irregularly, belongs by the share of its successors' people who are in the set (ONS
    exact-fit look-up with change indicator).

    Returns
    -------
    DataFrame
        One row per LSOA 2011: ``small_area_code, level, share, population``; empty if the look-up
        does not cover every LSOA of the set, because a part of an area is not the area.
    """
    return _translate(_take(lsoas), register.lsoas["population"], register.changes, level="lsoa")


def _translate(
    shares: pd.Series, people: pd.Series, changes: pd.DataFrame, *, level: str
) -> pd.DataFrame:
    old, new = f"{level}11_code", f"{level}21_code"
    if shares.empty or not set(shares.index) <= set(changes[new]):
        return _NONE
    named = changes.loc[changes[new].isin(shares.index), old]
    touched = changes[changes[old].isin(named)]
    belongs = shares.reindex(touched[new]).fillna(0.0).to_numpy(dtype=float)
    residents = (
        people.reindex(touched[new]).astype("Float64").to_numpy(dtype=float, na_value=float("nan"))
    )
    parts = pd.DataFrame(
        {
            "code": touched[old].to_numpy(),
            "share": belongs,
            "people": residents,
            "within": residents * belongs,
            "is_merged": (touched["change"] == "M").to_numpy(),
        }
    )
    grouped = parts.groupby("code")
    known = grouped["people"].count() == grouped["people"].size()
    sums = grouped[["people", "within"]].sum().where(known)
    sums["lowest"], sums["highest"] = grouped["share"].min(), grouped["share"].max()
    sums["is_merged"] = grouped["is_merged"].any()
    share = (sums["within"] / sums["people"]).where(
        sums["lowest"] != sums["highest"], sums["highest"]
    )
    if share.isna().any():
        return _NONE
    # Merged successors hold several areas of 2011: Census 2021 has no count for each alone.
    return _tabulate(share, f"{level}11", sums["within"].where(~sums["is_merged"]))


def build_memberships(pairs: pd.DataFrame, register: Register) -> pd.DataFrame:
    """Return which small areas of each vintage make up many areas, in one pass.

    The shares are those of `translate_to_2011`: an LSOA of 2011 whose successors all
    belong to an area belongs whole, any other by the share of their people who belong.

    Parameters
    ----------
    pairs
        One row per area x LSOA of 2021: ``area_code, lsoa21_code``.

    Returns
    -------
    DataFrame
        One row per area x small area: ``area_code, small_area_code, level, share, population``.
        An area that the look-up between vintages does not cover has no LSOAs of 2011.
    """
    people = register.lsoas["population"]
    current = pd.DataFrame(
        {
            "area_code": pairs["area_code"],
            "small_area_code": pairs["lsoa21_code"],
            "level": "lsoa21",
            "share": 1.0,
            "population": people.reindex(pairs["lsoa21_code"]).to_numpy(),
        }
    )
    old = _share_out_2011(pairs, register)
    return pd.concat([current, old], ignore_index=True) if len(old) else current


def _share_out_2011(pairs: pd.DataFrame, register: Register) -> pd.DataFrame:
    changes = register.changes[["lsoa11_code", "lsoa21_code"]]
    people = register.lsoas["population"].reindex(changes["lsoa21_code"])
    changes = changes.assign(people=people.to_numpy(dtype=float, na_value=np.nan))
    # An LSOA of 2021 stands in several areas, and may follow several of 2011: many to many.
    joined = pairs.merge(changes, on="lsoa21_code", how="left", validate="m:m")
    uncovered = set(joined.loc[joined["lsoa11_code"].isna(), "area_code"])
    joined = joined[~joined["area_code"].isin(uncovered)]
    keys = ["area_code", "lsoa11_code"]
    grouped = joined.groupby(keys, sort=False)["people"]
    parts = grouped.sum(min_count=1).rename("within").to_frame()
    parts["inside"] = grouped.size()
    parts = parts.reset_index()
    by_old = changes.groupby("lsoa11_code")["people"]
    whole = by_old.sum().where(by_old.count() == by_old.size())
    parts["whole"] = parts["lsoa11_code"].map(whole)
    is_whole = parts["inside"] == parts["lsoa11_code"].map(by_old.size())
    parts["share"] = (parts["within"] / parts["whole"]).where(~is_whole, 1.0)
    unknown = set(parts.loc[parts["share"].isna(), "area_code"])
    parts = parts[~parts["area_code"].isin(unknown)]
    return pd.DataFrame(
        {
            "area_code": parts["area_code"],
            "small_area_code": parts["lsoa11_code"],
            "level": "lsoa11",
            "share": parts["share"].astype(float),
            "population": pd.array([pd.NA] * len(parts), dtype="Int64"),
        }
    )


def list_peers(areas: pd.DataFrame, area: ResolvedArea, register: Register) -> pd.DataFrame:
    """Return which small areas make up each LSOA of the county, and of the profile area itself.

    Figures of these LSOAs show how the profile area differs within, and where it stands among
    small areas. Where the area is compared with no county, its districts take the county's place.

    Returns
    -------
    DataFrame
        One row per LSOA 2021 x small area: ``area_code, small_area_code, level, share,
        population``.
    """
    lsoas = register.lsoas
    around: set[str] = set(area.codes)
    for role in ("county", "district"):
        codes = areas.loc[areas["area_role"] == role, "area_code"]
        around |= set(lsoas.index[lsoas[_COLUMNS[role]].isin(codes)])
        if len(codes):
            break
    listed = sorted(around)
    pairs = pd.DataFrame({"area_code": listed, "lsoa21_code": listed})
    return build_memberships(pairs, register)[COLUMNS].astype(
        {"share": float, "population": "Int64"}
    )
