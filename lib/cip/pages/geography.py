"""The page of notebook 01: the area, how it was built, and what a reader should know about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from cip.area_definition import Note, ResolvedArea
from cip.catalogue import source_line
from cip.display.blocks import Block, KeyFacts, MapBlock, NoteBlock, TableBlock
from cip.display.maps import map_area
from cip.register import Register
from cip.similar import MIN_PEER_POPULATION, SimilarAreas
from cip.store import Store
from cip.workspace import Workspace

_LEVEL_NAMES = {
    "oa": "Output area",
    "lsoa": "LSOA",
    "msoa": "MSOA",
    "ward": "Ward",
    "parish": "Parish",
    "district": "District",
    "postcodes": "List of postcodes",
    "outline": "Outline",
    "circle": "Circle",
    "service area": "Service area",
}
_ROLE_NAMES = {
    "profile": "Profile area",
    "similar": "Similar areas",
    "place": "Another small area",
    "district": "District",
    "county": "County",
    "region": "Region",
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
    """Return the places that the parameter file names, and how many small areas each brought."""
    parts = area.parts
    table = parts.assign(
        level=parts["level"].map(_LEVEL_NAMES),
        code=parts["code"].where(parts["code"] != parts["name"], ""),
        role=parts["is_excluded"].map({False: "part of the area", True: "left out"}),
    )
    labels = {"name": "Place", "level": "Kind", "code": "Code"}
    if parts["is_excluded"].any():
        labels["role"] = "Role"
    for column, heading in (("lsoas", "LSOAs"), ("oas", "Output areas")):
        if parts[column].notna().any():
            labels[column] = heading
    return TableBlock(
        block_id="area-parts",
        caption="Places that make up the area",
        frame=table[list(labels)],
        column_labels=labels,
        note=(
            "Places made of whole LSOAs are counted in LSOAs, the others in output areas."
            if {"lsoas", "oas"} <= set(labels)
            else ""
        ),
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


def show_fit(area: ResolvedArea, register: Register) -> list[Block]:
    """Return how well whole LSOAs stand for what was asked for; nothing where they are the same."""
    if area.wanted is None:
        return []
    people = "people" if register.oas["population"].notna().all() else "output areas"
    facts = KeyFacts(
        [
            ("Taken in", f"{area.captured:.0%}", f"of the {people} asked for"),
            ("From outside", f"{area.outside:.0%}", f"of the {people} in the profile area"),
            ("Small areas cut by the edge", f"{len(area.fit)}", "LSOAs taken or left whole"),
        ],
        block_id="fit",
    )
    return [facts] if area.fit.empty else [facts, _tabulate_fit(area, register)]


def _tabulate_fit(area: ResolvedArea, register: Register) -> TableBlock:
    fit = area.fit.sort_values("share_inside", ascending=False)
    table = fit.assign(
        name=fit["lsoa21_code"].map(register.lsoas["lsoa21_name"]),
        share=fit["share_inside"] * 100,
        became=fit["belongs"].map({True: "taken whole", False: "left out"}),
    )
    return TableBlock(
        block_id="area-fit",
        caption="LSOAs that the edge of the area cuts",
        frame=table[["name", "lsoa21_code", "oas_inside", "oas", "share", "became"]],
        column_labels={
            "name": "LSOA",
            "lsoa21_code": "Code",
            "oas_inside": "Output areas inside",
            "oas": "Output areas in all",
            "share": "Share inside",
            "became": "In this profile",
        },
        formats={"share": "{:.0f}%"},
        source_line=source_line("centroid_oa21"),
        note=(
            "Most statistics are published for LSOAs, so none is cut. An LSOA is taken when most "
            "of its people live inside. An output area counts where the centre of its people lies."
        ),
    )


def show_overlaps(overlaps: pd.DataFrame, area: ResolvedArea, title: str) -> list[Block]:
    """Return how the area compares with other ways to draw the same place."""
    if overlaps.empty:
        return []
    table = overlaps.assign(
        kind=[_LEVEL_NAMES.get(kind, kind) for kind in overlaps["kind"]],
        share_of_area=overlaps["share_of_area"] * 100,
        share_of_other=overlaps["share_of_other"] * 100,
        fit=[_word_fit(row) for row in overlaps.itertuples()],
    )
    return [
        TableBlock(
            block_id="overlaps",
            caption=f"How {title} compares with other outlines of the place",
            frame=table[["name", "kind", "share_of_area", "share_of_other", "fit"]],
            column_labels={
                "name": "Other outline",
                "kind": "Kind",
                "share_of_area": "Share of the area in it",
                "share_of_other": "Share of it in the area",
                "fit": "In words",
            },
            formats={"share_of_area": "{:.0f}%", "share_of_other": "{:.0f}%"},
            source_line=source_line("centroid_oa21"),
            note=(
                "Shares are of people, counted by output area, each placed where the centre of its "
                "people lies. A good stand-in has high shares both ways. Outlines that hold less than 1% of the "
                "area's people are left out, unless they are named in the parameter file."
            ),
        )
    ]


def _word_fit(row: Any) -> str:
    """Return one row of the overlaps in words; the cut points are ours, and the table says so."""
    mostly, hardly = 0.9, 0.1
    if row.share_of_area >= mostly and row.share_of_other >= mostly:
        return "nearly the same"
    if row.share_of_area >= mostly:
        return "area lies in it"
    if row.share_of_other >= mostly:
        return "it lies in the area"
    if row.share_of_area < hardly and row.share_of_other < hardly:
        return "they hardly meet"
    return "they overlap"


def show_notes(notes: Iterable[Note]) -> list[NoteBlock]:
    """Return one box per kind of note; none where nothing was noticed."""
    blocks = []
    for kind, heading in (
        ("warning", "About how the area was built"),
        ("information", "Worth knowing"),
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
        "similar": "LSOAs elsewhere of the same kinds, weighted as people here are spread over them",
        "place": "its own LSOAs, added up, as best fit has them",
        "region": "the publisher's own total, or its LSOAs where all of them are known",
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


def show_similar(similar: SimilarAreas) -> list[Block]:
    """Return which kinds of small area the comparator "similar areas" is made of, and how many."""
    if similar.kinds.empty:
        return []
    frame = similar.kinds.assign(
        group=similar.kinds["oac_group"] + " " + similar.kinds["oac_name"],
        use=np.where(similar.kinds["is_used"], "yes", "no: too few people"),
    )
    columns = {
        "group": "Kind of area",
        "quintile": "Fifth",
        "share_of_area": "Residents here",
        "peer_lsoas": "LSOAs elsewhere",
        "peer_population": "Residents elsewhere",
        "use": "Used",
    }
    note = (
        "A kind is a group of the Output Area Classification and a fifth of the Index of Multiple "
        "Deprivation, of which 1 is the most deprived. Elsewhere means the LSOAs that the store "
        "knows. The codes of all of them are in the download 'similar_areas'. A kind is used when "
        f"at least {MIN_PEER_POPULATION:,} people elsewhere live in it; where a group has fewer, "
        "its supergroup (a code of one figure) takes its place."
    )
    return [
        TableBlock(
            block_id="similar-areas",
            caption="Kinds of small area found here, and those of the same kind elsewhere",
            frame=frame[list(columns)],
            column_labels=columns,
            formats={"share_of_area": "{:.1f}%"},
            source_line=f"{source_line('oac_lsoa21')} {source_line('iod2025')}",
            note=f"{note} {similar.reason}".strip(),
        )
    ]


def _join(names: Iterable[str]) -> str:
    return ", ".join(str(name) for name in names) or "not known"
