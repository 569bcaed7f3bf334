"""The register of places: which small areas exist, what they are called, what they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from cip.errors import Problem, SourceError

if TYPE_CHECKING:
    from cip.store import Store

#: Products without which no area can be resolved, with what each is needed for.
NEEDED = {
    "lookup_lsoa21_ward24": "the wards and the LSOAs fitted to them",
    "lookup_lad_county": "the county that each district belongs to",
}


@dataclass(frozen=True)
class Register:
    """Every place that the store knows.

    Parameters
    ----------
    lsoas
        One row per LSOA 2021, indexed by ``lsoa21_code``: ``lsoa21_name, lad_code, lad_name,
        county_code, county_name, msoa21_code, ward24_code, ward24_name, population``.
    wards
        One row per ward, indexed by ``ward24_code``: ``ward24_name, lad24_code, lad24_name``.
    msoas
        One row per MSOA 2021, indexed by ``msoa21_code``: ``msoa21_name, msoa21_hcl_name``.
    changes
        One row per pair of LSOA 2011 and 2021: ``lsoa11_code, lsoa11_name, lsoa21_code, change``.
        Empty where the store holds no look-up.
    old_wards
        One row per LSOA 2011 and ward of 2019: ``lsoa11_code, ward19_code, ward19_name``.
    """

    lsoas: pd.DataFrame
    wards: pd.DataFrame
    msoas: pd.DataFrame
    changes: pd.DataFrame
    old_wards: pd.DataFrame

    @property
    def districts(self) -> pd.Series:
        """Names of districts, one per district code."""
        named = self.lsoas.dropna(subset=["lad_code"]).drop_duplicates("lad_code")
        return named.set_index("lad_code")["lad_name"]


def load_register(store: Store) -> Register:
    """Put the register together from the store's look-ups.

    Population is the Census 2021 total of table TS007A and missing where the store lacks it.

    Raises
    ------
    SourceError
        Naming every look-up that is needed and absent.
    """
    absent = [
        Problem(f"the store has no '{product}', which holds {purpose}; fetch it first")
        for product, purpose in NEEDED.items()
        if not store.has(product)
    ]
    if not (store.has("lookup_lsoa21_lad24") or store.has("lookup_lsoa21_lad22")):
        absent.append(
            Problem(
                "the store has no 'lookup_lsoa21_lad24', which holds each LSOA's district; fetch it first"
            )
        )
    if absent:
        raise SourceError(absent)
    lsoas = _join_lsoas(store)
    wards = store.read("lookup_lsoa21_ward24")
    return Register(
        lsoas=lsoas,
        wards=wards.drop_duplicates("ward24_code").set_index("ward24_code")[
            ["ward24_name", "lad24_code", "lad24_name"]
        ],
        msoas=_read_msoas(store, lsoas),
        changes=_read_or_empty(
            store, "lookup_lsoa11_lsoa21", ["lsoa11_code", "lsoa11_name", "lsoa21_code", "change"]
        ),
        old_wards=_read_or_empty(
            store, "lookup_lsoa11_ward19", ["lsoa11_code", "ward19_code", "ward19_name"]
        ),
    )


def _join_lsoas(store: Store) -> pd.DataFrame:
    district = "lookup_lsoa21_lad24" if store.has("lookup_lsoa21_lad24") else "lookup_lsoa21_lad22"
    lsoas = store.read(district)[["lsoa21_code", "lsoa21_name", "lad_code", "lad_name"]]
    wards = store.read("lookup_lsoa21_ward24")[["lsoa21_code", "ward24_code", "ward24_name"]]
    lsoas = lsoas.merge(wards, on="lsoa21_code", how="left", validate="1:1")
    counties = store.read("lookup_lad_county")[["lad_code", "county_code"]]
    lsoas = lsoas.merge(counties, on="lad_code", how="left", validate="m:1")
    lsoas["county_name"] = lsoas["county_code"].map(_name_counties(store))
    msoas = _read_or_empty(store, "lookup_oa21", ["lsoa21_code", "msoa21_code"])
    lsoas = lsoas.merge(msoas.drop_duplicates(), on="lsoa21_code", how="left", validate="1:1")
    return lsoas.merge(
        _read_population(store), on="lsoa21_code", how="left", validate="1:1"
    ).set_index("lsoa21_code")


def _read_population(store: Store) -> pd.DataFrame:
    if not store.has("ts007a"):
        return pd.DataFrame(
            {"lsoa21_code": pd.Series(dtype=str), "population": pd.Series(dtype="Int64")}
        )
    counts = store.read("ts007a", columns=["area_code", "level", "total"])
    counts = counts.loc[counts["level"] == "lsoa", ["area_code", "total"]]
    return counts.rename(columns={"area_code": "lsoa21_code", "total": "population"})


def _name_counties(store: Store) -> dict[str, str]:
    if not store.has("boundary_county"):
        return {}
    counties = store.read("boundary_county")
    return dict(zip(counties["area_code"], counties["area_name"], strict=True))


def _read_msoas(store: Store, lsoas: pd.DataFrame) -> pd.DataFrame:
    codes = lsoas["msoa21_code"].dropna().unique()
    msoas = pd.DataFrame(
        {"msoa21_name": None, "msoa21_hcl_name": None}, index=pd.Index(codes), dtype=object
    )
    if store.has("boundary_msoa21"):
        named = store.read("boundary_msoa21").set_index("area_code")["area_name"]
        msoas["msoa21_name"] = named.reindex(msoas.index)
    if store.has("lookup_msoa_names"):
        named = store.read("lookup_msoa_names").set_index("msoa21_code")
        msoas["msoa21_name"] = msoas["msoa21_name"].fillna(
            named["msoa21_name"].reindex(msoas.index)
        )
        msoas["msoa21_hcl_name"] = named["msoa21_hcl_name"].reindex(msoas.index)
    return msoas


def _read_or_empty(store: Store, product: str, columns: list[str]) -> pd.DataFrame:
    """Return the look-up, or an empty one: these products add to a profile but none depends on them."""
    if store.has(product):
        return store.read(product)[columns]
    return pd.DataFrame({name: pd.Series(dtype=str) for name in columns})
