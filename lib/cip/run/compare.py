"""``cip compare``: read the areas' tables and write one report of them side by side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import nbformat
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from cip.catalogue import load_sources, mark_invented
from cip.changes import take_latest
from cip.display.blocks import Block
from cip.errors import CipError, ParameterError, Problem
from cip.pages.comparison import ROLES, Comparison
from cip.params import ParameterFile
from cip.report.html import ReportMeta, export_html
from cip.report.pdf import open_pdf_writer
from cip.tables import TableFolder


def write_comparison(
    files: Sequence[ParameterFile],
    outputs: Path,
    *,
    against: str = "england",
    make_pdf: bool = True,
) -> list[Path]:
    """Write ``comparison.html``, and its PDF, into the outputs folder.

    Only what the areas' own runs left in ``outputs/<area>`` is read, so every figure is the one
    that the area's own report shows.

    Parameters
    ----------
    files
        The areas, in the order of the report; at least two.
    against
        ``england``, ``county`` or ``district``.

    Raises
    ------
    ParameterError
        If there are fewer than two areas, an unknown benchmark, or one that no area has.
    CipError
        If an area has not been run, or invented figures would stand beside real ones.
    ExportError
        If the report cannot be written.
    """
    _check_call(files, against)
    records = [_read_record(outputs, file) for file in files]
    is_synthetic = _find_provenance(files, records)
    mark_invented(is_synthetic)
    table = pd.concat([_read_indicators(outputs, file) for file in files], ignore_index=True)
    if not (table["area_role"] == against).any():
        raise ParameterError(f"none of these areas is compared with its {against}")
    comparison = Comparison(
        table, _read_outlines(outputs, files, table), against, find_editions(records)
    )
    page = outputs / "comparison.html"
    export_html([build_notebook(comparison)], _describe(files, comparison, is_synthetic), page)
    if not make_pdf:
        return [page]
    with open_pdf_writer() as writer:
        return [page, writer.write(page, page.with_suffix(".pdf"))]


def build_notebook(comparison: Comparison) -> nbformat.NotebookNode:
    """Return the report as an executed notebook, so that it is exported like any other."""
    name = comparison.benchmark_name
    count = len(comparison.outlines)
    return new_notebook(
        cells=[
            new_markdown_cell(
                f"# Areas side by side\n\nThis report sets {count} areas beside each other. Every "
                "figure is the one in the area's own profile, which says how it was made."
            ),
            *_show(comparison.show_editions()),
            new_markdown_cell("## Where the areas lie"),
            *_show([comparison.show_map()]),
            new_markdown_cell(
                f"## The areas against {name}\n\nRead down a column for one area, or along a row "
                "for one measure."
            ),
            *_show([*comparison.show_rug(), comparison.show_verdicts()]),
            new_markdown_cell(
                "## The areas in order\n\nA rank says who comes first, not by how much. Look at "
                "the intervals: where they are wide, the order could well be another one."
            ),
            *_show(comparison.show_ranks()),
        ]
    )


def find_editions(records: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    """Return the products of which the areas used more than one edition, with their periods."""
    seen: dict[str, dict[str, str]] = {}
    for record in records:
        for product, entry in record["store"].items():
            seen.setdefault(product, {})[entry["table_sha256"]] = entry["period"]
    return {
        product: [f"{period} ({digest[:8]})" for digest, period in editions.items()]
        for product, editions in seen.items()
        if len(editions) > 1
    }


def _show(blocks: Sequence[Block]) -> list[nbformat.NotebookNode]:
    return [
        new_code_cell("", outputs=[new_output("display_data", dict(block._repr_mimebundle_()))])
        for block in blocks
    ]


def _check_call(files: Sequence[ParameterFile], against: str) -> None:
    if len(files) < 2:
        raise ParameterError("a comparison needs at least two areas")
    if against not in ROLES:
        raise ParameterError(
            Problem("areas cannot be compared with that", found=against, expected=", ".join(ROLES))
        )


def _read_record(outputs: Path, file: ParameterFile) -> dict[str, Any]:
    path = outputs / file.params.id / "run.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        message = f"this area has no profile in {outputs}; run 'cip run {file.path}' first"
        raise CipError(Problem(message, file=file.path)) from None


def _find_provenance(files: Sequence[ParameterFile], records: Sequence[dict[str, Any]]) -> bool:
    invented = [bool(record["is_synthetic"]) for record in records]
    if any(invented) and not all(invented):
        real = next(f for f, flag in zip(files, invented, strict=True) if not flag)
        message = "this area is real, and others of the call are invented; compare them apart"
        raise CipError(Problem(message, file=real.path))
    return all(invented)


def _read_indicators(outputs: Path, file: ParameterFile) -> pd.DataFrame:
    folder = TableFolder(outputs / file.params.id / "tables")
    return take_latest(folder.read("indicators")).assign(profile_id=file.params.id)


def _read_outlines(
    outputs: Path, files: Sequence[ParameterFile], table: pd.DataFrame
) -> gpd.GeoDataFrame:
    """Return one row per area: its id, title, population and outline."""
    people = table[(table["indicator_id"] == "population") & (table["area_role"] == "profile")]
    people = people.set_index("profile_id")["value"]
    parts = []
    for file in files:
        outline = gpd.read_parquet(outputs / file.params.id / "tables" / "boundary.geo.parquet")
        parts.append(
            outline.assign(
                area_code=file.params.id,
                area_name=file.params.title,
                population=people.get(file.params.id),
            )
        )
    return pd.concat(parts, ignore_index=True)


def _describe(
    files: Sequence[ParameterFile], comparison: Comparison, is_synthetic: bool
) -> ReportMeta:
    params = [file.params for file in files]
    sources = load_sources()
    used = dict.fromkeys(entry.source for entry in comparison.indicators)
    statements = dict.fromkeys(sources[product].attribution for product in used)
    return ReportMeta(
        title="Areas side by side",
        subtitle="Community Insight Profiles",
        area_name=f"{len(files)} areas",
        organisation=_join({p.organisation.name: None for p in params}),
        contact=_join({p.organisation.contact: None for p in params}),
        published=max(p.report_date or date.today() for p in params),
        kind="Comparison",
        licence=_join({p.licence: None for p in params}),
        attribution=[] if is_synthetic else [s for s in statements if s],
        is_synthetic=is_synthetic,
    )


def _join(values: dict[str, None]) -> str:
    return "; ".join(values)
