"""From executed notebooks to what a reader opens: HTML, PDF, downloads, the area's own index."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import nbformat

from cip.catalogue.stages import load_stages
from cip.errors import ExportError
from cip.params import ParameterFile
from cip.report.downloads import write_downloads
from cip.report.html import ReportMeta, export_html
from cip.report.index import write_area_index
from cip.report.pdf import open_pdf_writer
from cip.store import Store
from cip.tables import SCHEMAS, TableFolder
from cip.workspace import name_notebook

#: Reports are selections of stages, so that nothing is written twice. The Insight and Summary
#: Reports join this table when their stages are complete.
REPORTS = {"data_report": ("Data Report", ("geography", "data_profile"))}

#: Products that the area, its map and its comparators rest on, besides those of the indicators.
_GEOGRAPHY_PRODUCTS = (
    "boundary_lsoa21", "boundary_ward", "lookup_lsoa21_ward24",
    "lookup_lsoa11_lsoa21", "centroid_oa21",
)  # fmt: skip


def publish_area(
    file: ParameterFile,
    store: Store,
    folder: Path,
    *,
    show_code: bool = False,
    make_pdf: bool = True,
) -> dict[str, Any]:
    """Write the reports, stage pages, downloads and index of one area.

    Parameters
    ----------
    folder
        The area's folder with its executed notebooks and tables.

    Returns
    -------
    dict
        For ``run.json``: the files written, relative to ``folder``, and what made the PDF.

    Raises
    ------
    ExportError
        If a report cannot be made; reports that were made before stay in ``folder``.
    """
    stages = file.params.stages
    notebooks = {stage: _read_notebook(folder, stage) for stage in stages}
    tables = TableFolder(folder / "tables")
    written: dict[str, Any] = {"html": [], "pdf": [], "pdf_engine": None}
    for name, (title, needed) in REPORTS.items():
        if set(needed) <= set(stages):
            meta = describe_report(file, store, title, tables)
            path = folder / "reports" / f"{name}.html"
            export_html([notebooks[s] for s in needed], meta, path, show_code=show_code)
            written["html"].append(path.relative_to(folder).as_posix())
    for stage in stages:
        meta = describe_report(file, store, load_stages()[stage].title, tables)
        path = folder / "reports" / "stages" / f"{Path(name_notebook(stage)).stem}.html"
        export_html([notebooks[stage]], meta, path, show_code=show_code)
        written["html"].append(path.relative_to(folder).as_posix())
    meta = describe_report(file, store, "Downloads", tables)
    contents = {name: tables.read(name) for name in tables.list_names()}
    files = write_downloads(contents, folder / "downloads", meta)
    written["downloads"] = [f.relative_to(folder).as_posix() for f in files]
    if make_pdf:
        _write_pdfs(folder, written)
    write_area_index(
        folder,
        title=file.params.title,
        sections=list_files(written),
        is_synthetic=store.is_synthetic,
        messages=[_describe_gap(stage) for stage in stages if load_stages()[stage].needs],
    )
    return written


def list_files(written: dict[str, Any], *, below: str = "") -> dict[str, list[dict[str, str]]]:
    """Return the files of an area as the index pages show them: heading to labelled paths.

    Parameters
    ----------
    written
        What :func:`publish_area` returned.
    below
        Folder to put in front of each path, for the list of all areas.
    """
    reports, chapters = [], []
    for path in sorted([*written.get("html", []), *written.get("pdf", [])]):
        stem, kind = Path(path).stem, Path(path).suffix[1:].upper()
        entry = {"path": f"{below}{path}", "note": ""}
        if stem in REPORTS:
            reports.append({**entry, "label": f"{REPORTS[stem][0]} ({kind})"})
        else:
            stage = stem.partition("_")[2]
            chapters.append({**entry, "label": f"{stem[:2]} {load_stages()[stage].title}"})
    tables = [
        {
            "path": f"{below}{path}",
            "label": Path(path).name,
            "note": _describe_table(Path(path).stem),
        }
        for path in written.get("downloads", [])
    ]
    named = {"Reports": reports, "Chapters": chapters, "Tables to download": tables}
    return {heading: files for heading, files in named.items() if files}


def describe_report(
    file: ParameterFile, store: Store, kind: str, tables: TableFolder
) -> ReportMeta:
    """Return what a report of this area says about itself on its title page and in its small print."""
    params = file.params
    return ReportMeta(
        title=f"{params.title}: {kind}",
        subtitle="Community Insight Profile",
        area_name=params.title,
        organisation=params.organisation.name,
        contact=params.organisation.contact,
        published=params.report_date or date.today(),
        kind=kind,
        licence=params.licence,
        attribution=list_attributions(store, _list_products(store, tables)),
        is_synthetic=store.is_synthetic,
    )


def list_attributions(store: Store, products: Iterable[str]) -> list[str]:
    """Return the statements that the sources' licences require, each once, in order of use."""
    statements = (store.entry(product).attribution for product in products)
    return list(dict.fromkeys(statement for statement in statements if statement))


def _describe_table(name: str) -> str:
    return f"One row per {SCHEMAS[name].grain}." if name in SCHEMAS else "What each file holds."


def _describe_gap(stage: str) -> str:
    entry = load_stages()[stage]
    return f"{entry.title}: not made yet. The chapter says what it needs."


def _list_products(store: Store, tables: TableFolder) -> list[str]:
    used = [product for product in _GEOGRAPHY_PRODUCTS if store.has(product)]
    if tables.has("indicators"):
        used += list(dict.fromkeys(tables.read("indicators")["source_id"]))
    return used


def _write_pdfs(folder: Path, written: dict[str, Any]) -> None:
    with open_pdf_writer() as writer:
        for name in REPORTS:
            html = folder / "reports" / f"{name}.html"
            if html.exists():
                pdf = html.with_suffix(".pdf")
                writer.write(html, pdf)
                written["pdf"].append(pdf.relative_to(folder).as_posix())
        written["pdf_engine"] = writer.engine


def _read_notebook(folder: Path, stage: str) -> nbformat.NotebookNode:
    path = folder / "notebooks" / name_notebook(stage)
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError) as error:
        raise ExportError(f"the executed notebook {path.name} cannot be read: {error}") from error
