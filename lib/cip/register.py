"""The register of places: which small areas exist, what they are called, what they belong to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING

import pandas as pd

from cip.errors import Problem, SourceError

if TYPE_CHECKING:
    import geopandas as gpd

    from cip.store import Store

#: England has had 296 districts since 2023, and had more before: a shorter look-up is a part.
ENGLISH_DISTRICTS = 296

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
    readers
        Tables that few areas need, by name, each read when it is first asked for.
    """

    lsoas: pd.DataFrame
    wards: pd.DataFrame
    msoas: pd.DataFrame
    changes: pd.DataFrame
    old_wards: pd.DataFrame
    readers: Mapping[str, Callable[[], pd.DataFrame]] = field(default_factory=dict)

    @cached_property
    def oas(self) -> pd.DataFrame:
        """One row per output area, indexed by ``oa21_code``: ``lsoa21_code, x, y, population``.

        ``x`` and ``y`` are the population-weighted centroid in metres (EPSG:27700). Population is
        missing where the store has no count by output area.
        """
        columns = ["lsoa21_code", "x", "y", "population"]
        return self._read("oas", ["oa21_code", *columns]).set_index("oa21_code")

    @cached_property
    def parishes(self) -> pd.DataFrame:
        """One row per output area that lies in a parish: ``oa21_code, parish_code, parish_name``."""
        return self._read("parishes", ["oa21_code", "parish_code", "parish_name"])

    @cached_property
    def postcodes(self) -> pd.DataFrame:
        """One row per postcode, indexed by it without its space: ``oa21_code, is_live``.

        The output area is missing where the look-up names one that was redrawn in 2021.
        """
        columns = ["postcode", "oa21_code", "is_live"]
        return self._read("postcodes", columns).set_index("postcode")

    @cached_property
    def shapes(self) -> gpd.GeoDataFrame | None:
        """Outlines of the LSOAs that the store covers (``area_code``, EPSG:27700), or None."""
        read = self.readers.get("shapes")
        return read() if read else None

    def _read(self, name: str, columns: list[str]) -> pd.DataFrame:
        read = self.readers.get(name)
        return read() if read else pd.DataFrame({c: pd.Series(dtype=object) for c in columns})

    @cached_property
    def msoa_people(self) -> pd.Series:
        """Residents of each MSOA 2021, by code; missing where one of its LSOAs has no count."""
        people = self.lsoas["population"].astype("Float64").astype(float)
        grouped = people.groupby(self.lsoas["msoa21_code"])
        return grouped.sum().where(grouped.count() == grouped.size())

    @cached_property
    def msoa_changes(self) -> pd.DataFrame:
        """One row per pair of MSOA 2011 and 2021: ``msoa11_code, msoa21_code, change``."""
        return self._read("msoa_changes", ["msoa11_code", "msoa21_code", "change"])

    @cached_property
    def regions(self) -> pd.Series:
        """Code of the region of each district, by the district's code."""
        table = self._read("regions", ["lad_code", "region_code", "region_name"])
        return table.set_index("lad_code")["region_code"]

    @cached_property
    def region_names(self) -> dict[str, str]:
        """Name of each region by its code."""
        table = self._read("regions", ["lad_code", "region_code", "region_name"]).dropna()
        return dict(zip(table["region_code"], table["region_name"], strict=True))

    @property
    def knows_all_regions(self) -> bool:
        """Whether the look-up of districts to regions is the national one, not a local part."""
        return len(self.regions) >= ENGLISH_DISTRICTS

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
        readers=_list_readers(store),
    )


def _list_readers(store: Store) -> dict[str, Callable[[], pd.DataFrame]]:
    """Return how to read the tables that few areas need, as far as the store has them."""
    readers = {
        "oas": (_read_oas, ("lookup_oa21", "centroid_oa21")),
        "parishes": (_read_parishes, ("lookup_oa21_parish",)),
        "postcodes": (_read_postcodes, ("lookup_postcode",)),
        "shapes": (_read_shapes, ("boundary_lsoa21",)),
        "regions": (_read_regions, ("lookup_lad_region",)),
        "msoa_changes": (_read_msoa_changes, ("lookup_msoa11_msoa21",)),
    }
    return {
        name: partial(read, store)
        for name, (read, products) in readers.items()
        if all(store.has(product) for product in products)
    }


def _read_oas(store: Store) -> pd.DataFrame:
    oas = store.read("lookup_oa21")[["oa21_code", "lsoa21_code"]]
    points = store.read("centroid_oa21").rename(columns={"area_code": "oa21_code"})
    oas = oas.merge(points[["oa21_code", "x", "y"]], on="oa21_code", how="left", validate="1:1")
    counts = _read_population(store, "oa").rename(columns={"area_code": "oa21_code"})
    return oas.merge(counts, on="oa21_code", how="left", validate="1:1").sort_values("oa21_code")


def _read_parishes(store: Store) -> pd.DataFrame:
    return store.read("lookup_oa21_parish")[["oa21_code", "parish_code", "parish_name"]]


def _read_postcodes(store: Store) -> pd.DataFrame:
    table = store.read("lookup_postcode")
    known = set(store.read("lookup_oa21")["oa21_code"])
    oa = table["oa21_code"]
    # Most output areas kept their code in 2021; a postcode of one that did not has no place yet.
    oa = oa.fillna(table["oa11_code"].where(table["oa11_code"].isin(known)))
    return pd.DataFrame(
        {
            "postcode": table["postcode"].str.replace(" ", "").str.upper(),
            "oa21_code": oa,
            "is_live": table["ended"].isna() | (table["ended"] == ""),
        }
    ).drop_duplicates("postcode")


def _read_regions(store: Store) -> pd.DataFrame:
    return store.read("lookup_lad_region").reindex(
        columns=["lad_code", "region_code", "region_name"]
    )


def _read_msoa_changes(store: Store) -> pd.DataFrame:
    return store.read("lookup_msoa11_msoa21")[["msoa11_code", "msoa21_code", "change"]]


def _read_shapes(store: Store) -> gpd.GeoDataFrame:
    return store.read("boundary_lsoa21")[["area_code", "geometry"]].to_crs("EPSG:27700")


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
    counts = _read_population(store, "lsoa").rename(columns={"area_code": "lsoa21_code"})
    return lsoas.merge(counts, on="lsoa21_code", how="left", validate="1:1").set_index(
        "lsoa21_code"
    )


def _read_population(store: Store, level: str) -> pd.DataFrame:
    if not store.has("ts007a"):
        return pd.DataFrame(
            {"area_code": pd.Series(dtype=str), "population": pd.Series(dtype="Int64")}
        )
    counts = store.read("ts007a", columns=["area_code", "level", "total"])
    counts = counts.loc[counts["level"] == level, ["area_code", "total"]]
    return counts.rename(columns={"total": "population"})


def _name_counties(store: Store) -> dict[str, str]:
    if not store.has("boundary_county"):
        return {}
    counties = store.read("boundary_county", ["area_code", "area_name"])
    return dict(zip(counties["area_code"], counties["area_name"], strict=True))


def _read_msoas(store: Store, lsoas: pd.DataFrame) -> pd.DataFrame:
    codes = lsoas["msoa21_code"].dropna().unique()
    msoas = pd.DataFrame(
        {"msoa21_name": None, "msoa21_hcl_name": None}, index=pd.Index(codes), dtype=object
    )
    if store.has("boundary_msoa21"):
        named = store.read("boundary_msoa21", ["area_code", "area_name"])
        named = named.set_index("area_code")["area_name"]
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
