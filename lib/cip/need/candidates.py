"""Stage 01: the areas that are ranked by need, and the small areas that each is made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cip.area_definition import ResolvedArea
from cip.catalogue.need import NeedSettings
from cip.membership import build_memberships
from cip.register import Register

#: How many names a note lists before it stops.
_NAMED = 5


@dataclass(frozen=True)
class Candidates:
    """The areas that are ranked.

    Parameters
    ----------
    level
        ``lsoa`` (of 2021) or ``ward``.
    within_code, within_name
        The county or district whose areas they are.
    table
        One row per area: ``area_code, area_name, place, population, lsoas, in_profile`` (``whole``,
        ``part`` or empty). ``place`` says where it is: the neighbourhood of an LSOA, the district
        of a ward.
    membership
        One row per area x small area: ``area_code, small_area_code, level, share, population``.
        The county or district itself is in it under its own code.
    notes
        What a reader should know about the list, in sentences.
    """

    level: str
    within_code: str
    within_name: str
    table: pd.DataFrame
    membership: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def noun(self) -> str:
        """What the areas are called, in the plural."""
        return "wards" if self.level == "ward" else "LSOAs"


def list_candidates(area: ResolvedArea, register: Register, settings: NeedSettings) -> Candidates:
    """Return every LSOA, or every ward, of the county or district that most of the area lies in.

    Wards are taken through the best-fit look-up, so a ward may hold an LSOA from over the border,
    and a ward that no LSOA fits best into is not among them.
    A county or district is made of its own LSOAs.
    """
    column, code, name, notes = _find_home(area, register, settings.within)
    lsoas = register.lsoas
    own = lsoas.index[lsoas[column] == code]
    if settings.level == "ward":
        table, pairs, more = _list_wards(own, register)
        notes += more
    else:
        table, pairs = _list_lsoas(own, register)
    outside = sorted(set(area.codes) - set(pairs["lsoa21_code"]))
    if outside:
        verb = "lies" if len(outside) == 1 else "lie"
        notes.append(
            f"Of the profile area, {_list_names(lsoas.loc[outside, 'lsoa21_name'])} {verb} outside "
            "the areas that are ranked."
        )
    whole = pd.DataFrame({"area_code": code, "lsoa21_code": own})
    membership = build_memberships(pd.concat([whole, pairs], ignore_index=True), register)
    return Candidates(
        settings.level,
        code,
        name,
        _describe(table, pairs, area, register),
        membership,
        tuple(notes),
    )


def _find_home(
    area: ResolvedArea, register: Register, within: str
) -> tuple[str, str, str, list[str]]:
    """Return the column, code and name of the county or district that holds most of the area."""
    own = register.lsoas.loc[area.codes]
    column, notes = {"county": "county_code", "district": "lad_code"}[within], []
    if own[column].isna().all():
        column = "lad_code"
        notes.append(
            "The store does not know which county the area belongs to, so areas are ranked "
            "within its district."
        )
    # Without a population every LSOA counts the same: they are built to be of like size.
    people = own["population"].astype("Float64").fillna(1.0)
    weight = people if own["population"].notna().all() else people * 0 + 1.0
    shares = weight.groupby(own[column]).sum().sort_index().sort_values(kind="stable")
    code = str(shares.index[-1])
    names = own.loc[own[column] == code, column.replace("_code", "_name")].dropna()
    name = str(names.iloc[0]) if len(names) else code
    if len(shares) > 1:
        notes.append(
            f"The profile area lies in {len(shares)} of them; most of its people in {name}."
        )
    return column, code, name, notes


def _list_lsoas(own: pd.Index, register: Register) -> tuple[pd.DataFrame, pd.DataFrame]:
    lsoas = register.lsoas.loc[own]
    hcl = register.msoas["msoa21_hcl_name"] if len(register.msoas) else pd.Series(dtype=object)
    place = lsoas["msoa21_code"].map(hcl).fillna(lsoas["ward24_name"])
    table = pd.DataFrame(
        {"area_code": own, "area_name": lsoas["lsoa21_name"].to_numpy(), "place": place.to_numpy()}
    )
    return table, pd.DataFrame({"area_code": own, "lsoa21_code": own})


def _list_wards(own: pd.Index, register: Register) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    lsoas = register.lsoas
    wards = register.wards[register.wards["lad24_code"].isin(lsoas.loc[own, "lad_code"])]
    held = lsoas[lsoas["ward24_code"].isin(wards.index)]
    pairs = pd.DataFrame({"area_code": held["ward24_code"], "lsoa21_code": held.index})
    notes = []
    over = held.index.difference(own)
    if len(over):
        names = _list_names(lsoas.loc[over, "lsoa21_name"])
        notes.append(f"Best fit takes {names} into these wards from over the border.")
    lost = own.difference(held.index)
    if len(lost):
        notes.append(f"{len(lost)} of the {len(own)} LSOAs here belong to no ward that is ranked.")
    table = pd.DataFrame(
        {
            "area_code": wards.index,
            "area_name": wards["ward24_name"].to_numpy(),
            "place": wards["lad24_name"].to_numpy(),
        }
    )
    return table, pairs.reset_index(drop=True), notes


def _describe(
    table: pd.DataFrame, pairs: pd.DataFrame, area: ResolvedArea, register: Register
) -> pd.DataFrame:
    """Add residents, number of LSOAs, and how much of each area belongs to the profile area."""
    people = register.lsoas["population"].reindex(pairs["lsoa21_code"])
    rows = pairs.assign(
        people=people.to_numpy(dtype=float, na_value=np.nan),
        own=pairs["lsoa21_code"].isin(area.codes),
    )
    grouped = rows.groupby("area_code")
    people_in, is_known = grouped["people"].sum(), grouped["people"].count() == grouped.size()
    facts = pd.DataFrame(
        {
            "population": people_in.where(is_known).astype("Int64"),
            "lsoas": grouped.size(),
            "in_profile": np.select(
                [grouped["own"].all(), grouped["own"].any()], ["whole", "part"], default=""
            ),
        }
    )
    result = table.merge(facts, left_on="area_code", right_index=True, validate="1:1")
    return result.sort_values("area_code", ignore_index=True)


def _list_names(names: pd.Series | list[str]) -> str:
    listed = sorted(str(name) for name in names)
    if len(listed) > _NAMED:
        return f"{', '.join(listed[:_NAMED])} and {len(listed) - _NAMED} more"
    return " and ".join(filter(None, [", ".join(listed[:-1]), listed[-1]]))
