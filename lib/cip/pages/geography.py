"""The page of notebook 01: the area, how it was built, and what a reader should know about it."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import pandas as pd

from cip.area_definition import Note, ResolvedArea
from cip.catalogue import source_line
from cip.display.blocks import KeyFacts, MapBlock, NoteBlock, TableBlock
from cip.display.maps import map_area
from cip.store import Store
from cip.workspace import Workspace

_LEVEL_NAMES = {"lsoa": "LSOA", "msoa": "MSOA", "ward": "Ward", "district": "District"}
_ROLE_NAMES = {
    "profile": "Profile area",
    "district": "District",
    "county": "County",
    "england": "Country",
}


def show_facts(area: ResolvedArea, small_areas: pd.DataFrame) -> KeyFacts:
    """Return the headline facts of the area: residents, small areas, where it lies."""
    residents = small_areas["population"]
    people = (
        f"{int(residents.sum()):,}" if residents.notna().all() and len(residents) else "not known"
    )
    facts = [
        ("Residents", people, "usual residents, Census 2021"),
        ("Small areas", f"{len(area.codes)}", "LSOAs of 2021, each taken whole"),
        ("District", _join(small_areas["lad_name"].dropna().unique()), ""),
    ]
    return KeyFacts(facts, block_id="area")


def show_parts(area: ResolvedArea) -> TableBlock:
    """Return the places that the parameter file names, and how many LSOAs each brought."""
    table = area.parts.assign(level=area.parts["level"].map(_LEVEL_NAMES))
    return TableBlock(
        block_id="area-parts",
        caption="Places that make up the area",
        frame=table[["name", "level", "code", "lsoas"]],
        column_labels={"name": "Place", "level": "Kind", "code": "Code", "lsoas": "LSOAs"},
    )


def show_map(
    workspace: Workspace,
    shapes: gpd.GeoDataFrame,
    context: gpd.GeoDataFrame,
    small_areas: pd.DataFrame,
) -> MapBlock | NoteBlock:
    """Return the map of the area with what lies around it, or say why there is none."""
    if shapes.empty:
        return NoteBlock(
            "missing", "Map of the area", "The store has no boundaries of these LSOAs."
        )
    residents = small_areas.set_index("lsoa21_code")["population"]
    lost = len(small_areas) - len(shapes)
    note = f"{lost} small area(s) of the profile have no shape in the store." if lost else ""
    return map_area(
        shapes.assign(population=shapes["area_code"].map(residents)),
        context,
        block_id="area",
        title=f"{workspace.params.title} is made up of {len(shapes)} small areas",
        source_line=source_line("boundary_lsoa21"),
        note=note,
    )


def show_small_areas(small_areas: pd.DataFrame) -> TableBlock:
    """Return the list of the area's LSOAs with their residents."""
    names = {
        "lsoa21_name": "LSOA",
        "lsoa21_code": "Code",
        "population": "Residents",
        "ward24_name": "Ward (best fit)",
        "msoa21_name": "Neighbourhood (MSOA)",
        "lad_name": "District",
    }
    return TableBlock(
        block_id="small-areas",
        caption="Small areas of the profile area",
        frame=small_areas[list(names)],
        column_labels=names,
        source_line=source_line("lookup_lsoa21_ward24"),
        note="Residents are usual residents on Census day, 21 March 2021.",
    )


def show_fit(fit: pd.DataFrame) -> TableBlock | None:
    """Return how well whole LSOAs stand for each ward, or nothing where no ward is named."""
    if fit.empty:
        return None
    table = fit.assign(
        share_covered=fit["share_covered"] * 100, share_from_outside=fit["share_from_outside"] * 100
    )
    return TableBlock(
        block_id="ward-fit",
        caption="How well whole LSOAs stand for the ward",
        frame=table[["ward_name", "oas_in_ward", "share_covered", "share_from_outside"]],
        column_labels={
            "ward_name": "Ward",
            "oas_in_ward": "Output areas in the ward",
            "share_covered": "of these, in the profile area",
            "share_from_outside": "Output areas of the profile area that lie outside the ward",
        },
        formats={"share_covered": "{:.0f}%", "share_from_outside": "{:.0f}%"},
        source_line=source_line("boundary_ward"),
        note=(
            "An output area holds about 300 people and is placed by the point where its people "
            "live. These shares are therefore close to shares of residents, not exact."
        ),
    )


def show_notes(notes: Iterable[Note]) -> list[NoteBlock]:
    """Return one box per kind of note; none where nothing was noticed."""
    blocks = []
    for kind, heading in (
        ("warning", "About how the area was built"),
        ("information", "Comparators"),
    ):
        texts = [note.text for note in notes if note.kind == kind]
        if texts:
            blocks.append(
                NoteBlock("warning" if kind == "warning" else "info", heading, "\n\n".join(texts))
            )
    return blocks


def tabulate_notes(notes: Iterable[Note]) -> pd.DataFrame:
    """Return the notes as a table: one row per note."""
    return pd.DataFrame(
        [(n.kind, n.text) for n in notes], columns=["kind", "text"]
    ).drop_duplicates()


def show_vintages(store: Store, membership: pd.DataFrame, area_code: str) -> TableBlock:
    """Return which edition of each geography the profile uses, and how many areas of each."""
    own = membership[membership["area_code"] == area_code]
    rows = [
        (
            "LSOA 2021",
            int((own["level"] == "lsoa21").sum()),
            "Census 2021, Indices of Deprivation 2025",
        ),
        ("LSOA 2011", int((own["level"] == "lsoa11").sum()), "Indices of Deprivation 2019"),
    ]
    frame = pd.DataFrame(rows, columns=["geography", "areas", "used_for"])
    frame = frame[frame["areas"] > 0]
    return TableBlock(
        block_id="vintages",
        caption="Editions of geography used in this profile",
        frame=frame,
        column_labels={
            "geography": "Geography",
            "areas": "Areas in the profile",
            "used_for": "Used for",
        },
        source_line=source_line("lookup_lsoa11_lsoa21")
        if store.has("lookup_lsoa11_lsoa21")
        else "",
        note=(
            "Small areas were redrawn between the censuses of 2011 and 2021. "
            "Figures on the two editions are never set against each other."
        ),
    )


def show_comparators(areas: pd.DataFrame) -> TableBlock:
    """Return what the area is compared with, and how each comparator is put together."""
    ways = {
        "profile": "whole LSOAs, added up",
        "district": "its own LSOAs, added up; never its wards",
        "county": "its own LSOAs, added up; never its wards",
        "england": "the publisher's own total, or all LSOAs where the publisher gives none",
    }
    frame = areas.assign(
        role=areas["area_role"].map(_ROLE_NAMES), built=areas["area_role"].map(ways)
    )
    return TableBlock(
        block_id="comparators",
        caption="What the area is compared with",
        frame=frame[["area_name", "role", "built"]],
        column_labels={"area_name": "Area", "role": "Role", "built": "Put together from"},
    )


def _join(names: Iterable[str]) -> str:
    return ", ".join(str(name) for name in names) or "not known"
