"""Stage 01: the area, its small areas in each vintage, its boundary and its comparators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely
from shapely import Polygon, box

from cip.area_definition import Note, ResolvedArea
from cip.catalogue.area_groups import load_region_names
from cip.errors import ParameterError, Problem, find_nearest
from cip.params import AreaParams, ParameterFile
from cip.register import Register
from cip.similar import SimilarAreas

if TYPE_CHECKING:
    from cip.store import Store

#: Longitude and latitude, as publishers release boundaries and as web maps want them.
CRS_MAP = "EPSG:4326"
#: British National Grid: metres, for every distance and area.
CRS_DISTANCE = "EPSG:27700"

#: A district that holds less of the area's people than this is named in a note, not compared with.
MIN_DISTRICT_SHARE = 0.10

#: What an area may be compared with by a word.
COMPARATORS = ("similar", "district", "county", "region", "england")

COUNTRY_CODE = {"E": "E92000001", "Z": "Z92000001"}
COUNTRY_NAME = {"E": "England", "Z": "England (invented figures)"}


def build_areas(
    file: ParameterFile,
    area: ResolvedArea,
    register: Register,
    similar: SimilarAreas | None = None,
) -> tuple[pd.DataFrame, list[Note]]:
    """Return the profile area and its comparators, in the order in which reports show them.

    Parameters
    ----------
    similar
        Places elsewhere that are like the area; needed for the comparator ``similar``.

    Returns
    -------
    tuple
        One row per area (``area_code, area_name, area_role``), and notes on comparators left out.

    Raises
    ------
    ParameterError
        If a comparator is neither a role nor a district or ward of the store.
    """
    rows = [(file.params.id, file.params.title, "profile")]
    notes: list[Note] = []
    problems = []
    for index, word in enumerate(file.params.comparators):
        if word == "district":
            found, notes_here = _find_own_districts(area, register)
            rows += found
            notes += notes_here
        elif word == "county":
            rows += _find_own_county(area, register)
        elif word == "region":
            rows += _find_own_region(area, register, notes)
        elif word == "similar":
            rows += _list_similar(similar, notes)
        elif word == "england":
            first = area.codes[0][0]
            rows.append((COUNTRY_CODE[first], COUNTRY_NAME[first], "england"))
        elif named := _find_district(word, register) or _find_ward(word, register):
            rows.append(named)
        else:
            valid = [
                *COMPARATORS,
                *register.districts,
                *register.districts.index,
                *register.wards["ward24_name"],
                *register.wards.index,
            ]
            problems.append(
                Problem(
                    "this comparator is not known",
                    file=file.path,
                    line=file.find_line("comparators", index),
                    found=f"'{word}'",
                    expected=f"{', '.join(COMPARATORS)}, or the code or name of a district or ward",
                    nearest=find_nearest(word, valid),
                )
            )
    if problems:
        raise ParameterError(problems)
    table = pd.DataFrame(rows, columns=["area_code", "area_name", "area_role"])
    return table.drop_duplicates("area_code", ignore_index=True), notes


def list_small_areas(area: ResolvedArea, register: Register) -> pd.DataFrame:
    """Return the area's LSOAs for reading: one row per LSOA, with what it belongs to."""
    columns = ["lsoa21_name", "population", "ward24_name", "msoa21_code", "lad_name"]
    table = register.lsoas.loc[area.codes, columns].reset_index()
    hcl = register.msoas["msoa21_hcl_name"] if len(register.msoas) else pd.Series(dtype=str)
    names = register.msoas["msoa21_name"] if len(register.msoas) else pd.Series(dtype=str)
    table["msoa21_name"] = table["msoa21_code"].map(hcl).fillna(table["msoa21_code"].map(names))
    return table.drop(columns="msoa21_code")


def read_ward_outlines(store: Store) -> gpd.GeoDataFrame | None:
    """Return the outlines of wards (EPSG:27700), or None where the store has none."""
    if not store.has("boundary_ward"):
        return None
    return store.read("boundary_ward").to_crs(CRS_DISTANCE)


def read_boundaries(store: Store, area: ResolvedArea) -> gpd.GeoDataFrame:
    """Return the area's LSOAs with their shapes: one row per LSOA that the store has a shape for."""
    shapes = store.read("boundary_lsoa21")
    return shapes[shapes["area_code"].isin(area.codes)].reset_index(drop=True)


def dissolve_boundary(shapes: gpd.GeoDataFrame, params: AreaParams) -> gpd.GeoDataFrame:
    """Return the outline of the whole area: one row, in longitude and latitude."""
    outline = shapes.to_crs(CRS_DISTANCE).geometry.union_all()
    whole = gpd.GeoDataFrame(
        {"area_code": [params.id], "area_name": [params.title]},
        geometry=[outline],
        crs=CRS_DISTANCE,
    )
    return whole.to_crs(CRS_MAP)


def read_context(
    store: Store,
    shapes: gpd.GeoDataFrame,
    register: Register,
    outlines: gpd.GeoDataFrame | None = None,
    *,
    margin_m: float = 2500.0,
) -> gpd.GeoDataFrame:
    """Return what lies around the area, as a backdrop for maps.

    Districts are put together from the LSOAs around, which nest in them, because published
    district outlines are often so generalised that they cut across the small areas.

    Returns
    -------
    GeoDataFrame
        One row per outline: ``layer`` (``neighbour``, ``ward``, ``district`` or ``outline``),
        ``area_code``, ``area_name`` and the shape, cut to the area's bounding box plus
        ``margin_m`` metres. ``outline`` holds what was drawn, as ``outlines`` gives it.
    """
    if shapes.empty:
        columns = {"layer": [], "area_code": [], "area_name": []}
        return gpd.GeoDataFrame(columns, geometry=[], crs=CRS_MAP)
    window = box(*shapes.to_crs(CRS_DISTANCE).total_bounds).buffer(margin_m, join_style="mitre")
    neighbours = _clip_layer(store.read("boundary_lsoa21"), window)
    layers = [neighbours.assign(layer="neighbour"), _join_districts(neighbours, register)]
    if store.has("boundary_ward"):
        layers.append(_clip_layer(store.read("boundary_ward"), window).assign(layer="ward"))
    if outlines is not None:
        drawn = outlines.rename(columns={"name": "area_name"})[["area_name", "geometry"]]
        drawn = drawn.assign(area_code=drawn["area_name"])
        layers.append(_clip_layer(drawn, window).assign(layer="outline"))
    return pd.concat(layers, ignore_index=True).to_crs(CRS_MAP)


def describe_shape(boundary: gpd.GeoDataFrame) -> list[Note]:
    """Return what is unusual about the outline of the whole area: pieces, and holes in it.

    ``boundary`` is the one row of :func:`dissolve_boundary`.
    """
    if boundary.empty or boundary.geometry.iloc[0].is_empty:
        return []
    parts = shapely.get_parts(boundary.geometry.iloc[0])
    holes = int(shapely.get_num_interior_rings(parts).sum())
    notes = []
    if len(parts) > 1:
        text = (
            f"The area lies in {len(parts)} separate pieces. Figures are for all of them together."
        )
        notes.append(Note("information", text))
    if holes:
        text = (
            "The area lies around other small areas that are not part of it. They are not counted."
        )
        notes.append(Note("warning", text))
    return notes


def _clip_layer(layer: gpd.GeoDataFrame, window: Polygon) -> gpd.GeoDataFrame:
    layer = layer.to_crs(CRS_DISTANCE)
    return layer[layer.intersects(window)].clip(window)


def _join_districts(neighbours: gpd.GeoDataFrame, register: Register) -> gpd.GeoDataFrame:
    codes = neighbours["area_code"].map(register.lsoas["lad_code"])
    joined = neighbours.assign(area_code=codes).dissolve("area_code").reset_index()
    names = joined["area_code"].map(register.districts)
    return joined.assign(area_name=names, layer="district")


def _find_own_districts(area: ResolvedArea, register: Register) -> tuple[list[tuple], list[Note]]:
    members = register.lsoas.loc[area.codes]
    # Without population every LSOA counts the same: they are built to be of like size.
    weight = (
        members["population"].astype("Float64").fillna(1.0)
        if members["population"].notna().all()
        else 1.0
    )
    shares = members.assign(weight=weight).groupby(["lad_code", "lad_name"])["weight"].sum()
    shares = (shares / shares.sum()).sort_values(ascending=False)
    rows, notes = [], []
    for (code, name), share in shares.items():
        if share >= MIN_DISTRICT_SHARE:
            rows.append((code, name, "district"))
        else:
            text = f"{name} holds {share:.0%} of the area's people and is not used as a comparator."
            notes.append(Note("information", text))
    return rows, notes


def _find_own_county(area: ResolvedArea, register: Register) -> list[tuple]:
    members = register.lsoas.loc[area.codes].dropna(subset=["county_code"])
    if members.empty:
        return []
    code = members["county_code"].mode().iloc[0]
    name = members.loc[members["county_code"] == code, "county_name"].iloc[0]
    return [(code, name if isinstance(name, str) else code, "county")]


def _find_own_region(
    area: ResolvedArea, register: Register, notes: list[Note]
) -> list[tuple[str, str, str]]:
    districts = register.lsoas.loc[area.codes, "lad_code"].dropna()
    codes = register.regions.reindex(districts).dropna()
    if codes.empty:
        text = (
            "The region is not known, so the area is not compared with it. "
            "Add the look-up of districts to regions ('lookup_lad_region') to the store."
        )
        notes.append(Note("information", text))
        return []
    code = str(codes.mode().iloc[0])
    names = load_region_names() | register.region_names
    return [(code, names.get(code, code), "region")]


def _list_similar(similar: SimilarAreas | None, notes: list[Note]) -> list[tuple[str, str, str]]:
    if similar is None or similar.reason:
        reason = similar.reason if similar else "They were not looked for."
        notes.append(Note("information", f"The area is not compared with similar areas. {reason}"))
        return []
    return [("similar", similar.name, "similar")]


def _find_ward(word: str, register: Register) -> tuple | None:
    """Return a ward as a comparator: a small area itself, so differences are tested."""
    wards = register.wards
    if word in wards.index:
        return (word, wards.loc[word, "ward24_name"], "place")
    named = wards.index[wards["ward24_name"].str.casefold() == word.casefold()]
    return (named[0], wards.loc[named[0], "ward24_name"], "place") if len(named) == 1 else None


def _find_district(word: str, register: Register) -> tuple | None:
    districts = register.districts
    if word in districts.index:
        return (word, districts[word], "district")
    named = districts.index[districts.str.casefold() == word.casefold()]
    return (named[0], districts[named[0]], "district") if len(named) == 1 else None
