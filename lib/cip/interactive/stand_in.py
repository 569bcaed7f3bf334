"""What stands in for the chooser where nobody can click: a picture and a table of the choice."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from cip.area_definition import resolve_area
from cip.catalogue import source_line
from cip.display.blocks import Block, KeyFacts, NoteBlock, TableBlock
from cip.display.maps import map_area
from cip.geography import CRS_MAP, read_context
from cip.interactive.facts import list_facts
from cip.interactive.ground import Ground, load_ground
from cip.register import Register, load_register
from cip.workspace import Workspace


def choose_area(workspace: Workspace, register: Register | None = None) -> list[Block]:
    """Return the area as the parameter file defines it: headline figures, a map and a table.

    This is what a run shows. To change the area in JupyterLab, call
    ``cip.interactive.open_chooser``.
    """
    register = register or load_register(workspace.store)
    area = resolve_area(workspace.file, register)
    ground = load_ground(workspace.store, register)
    facts = KeyFacts(list_facts(ground.summarise(area.codes)), block_id="choice")
    return [
        facts,
        _draw_map(workspace, register, ground, area.codes),
        tabulate_choice(workspace.params.title, ground, area.codes),
    ]


def _draw_map(workspace: Workspace, register: Register, ground: Ground, codes: list[str]) -> Block:
    title = workspace.params.title
    store = workspace.store
    if not store.has("boundary_lsoa21"):
        body = "The store has no outlines of LSOAs ('boundary_lsoa21'). Fetch them to see a map."
        return NoteBlock("missing", "Map of the choice", body)
    shapes = store.read("boundary_lsoa21")
    shapes = shapes[shapes["area_code"].isin(codes)].reset_index(drop=True).to_crs(CRS_MAP)
    if shapes.empty:
        return NoteBlock("missing", "Map of the choice", "None of these LSOAs has an outline here.")
    residents = ground.table["population"]
    return map_area(
        shapes.assign(population=shapes["area_code"].map(residents)),
        read_context(store, shapes, register),
        block_id="choice",
        title=f"{title}: {ground.summarise(codes).describe().rstrip('.')}",
        source_line=source_line("boundary_lsoa21"),
    )


def tabulate_choice(title: str, ground: Ground, codes: Iterable[str]) -> TableBlock:
    """Return the chosen LSOAs, the most deprived first: one row per LSOA."""
    rows = ground.table.loc[sorted(codes)]
    frame = pd.DataFrame(
        {
            "name": rows["name"].fillna(rows.index.to_series()),
            "code": rows.index,
            "ward": rows["ward"],
            "population": rows["population"],
            "decile": rows["decile"],
        }
    )
    has_index = ground.table["decile"].notna().any()
    return TableBlock(
        block_id="choice",
        caption=f"Small areas chosen for {title}",
        frame=frame.sort_values(["decile", "code"], ignore_index=True),
        column_labels={
            "name": "LSOA",
            "code": "Code",
            "ward": "Ward (best fit)",
            "population": "Residents",
            "decile": "National decile, IMD 2025 (1 is most deprived)",
        },
        formats={"decile": "{:.0f}"},
        source_line=source_line("iod2025") if has_index else source_line("lookup_lsoa21_ward24"),
        note="Residents are usual residents on Census day, 21 March 2021.",
    )
