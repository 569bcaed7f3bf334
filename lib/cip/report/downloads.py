"""What a reader takes away: the workbook of tables, CSV files, their metadata, a GeoPackage."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from cip.errors import ExportError, Problem
from cip.formulas import neutralise_cell
from cip.report.meta import ReportMeta
from cip.report.table_words import describe_column, describe_file

if TYPE_CHECKING:
    from cip.store import ManifestEntry

_NAME = re.compile(r"[a-z][a-z0-9_]*")
README_NAME = "README.txt"
WORKBOOK_NAME = "data_report_tables"


def write_downloads(
    tables: Mapping[str, pd.DataFrame],
    folder: Path,
    meta: ReportMeta,
    *,
    sources: Mapping[str, ManifestEntry] | None = None,
    outlines: Path | None = None,
) -> list[Path]:
    """Write the downloads of an area; the same input gives the same bytes.

    Always: each table as CSV, ``datapackage.json`` and a README. With an indicator table: the
    workbook as .xlsx and .ods, and CSVW metadata. With outlines: a GeoPackage.

    CSV files are UTF-8 with a byte order mark, so that Excel shows every letter; missing cells
    are empty. Text that a spreadsheet would run as a formula gets an apostrophe in front.

    Parameters
    ----------
    tables
        Table by name (lower case letters, digits, underscores); index not written.
    folder
        Where to write; made if absent.
    meta
        Title, licence and attribution; whether the figures are invented.
    sources
        What the store says of each product that was used, by id.
    outlines
        GeoParquet of the area's small areas; left out if there is no such file.

    Returns
    -------
    list of Path
        The files written: workbook, CSV files, GeoPackage, metadata, README.

    Raises
    ------
    ExportError
        If a name cannot be a file name, or the workbook breaks a rule.
    """
    _check_names(tables)
    folder.mkdir(parents=True, exist_ok=True)
    used = dict(sources or {})
    paths = _write_workbook(tables, folder, meta, used)
    for name, frame in tables.items():
        paths.append(folder / f"{name}.csv")
        paths[-1].write_bytes(("\ufeff" + write_table_text(frame)).encode("utf-8"))
    if outlines is not None and outlines.exists():
        from cip.report.geopackage import write_geopackage

        paths.append(write_geopackage(outlines, tables, folder, meta))
    paths += _write_metadata(tables, folder, meta, used)
    readme = folder / README_NAME
    names = [path.name for path in paths]
    readme.write_bytes(_write_readme(tables, names, meta).encode("utf-8"))
    return [*paths, readme]


def write_table_text(frame: pd.DataFrame) -> str:
    """Return a table as CSV text: full precision, text neutralised, missing cells empty."""
    safe = frame.copy(deep=False)
    for place, name in enumerate(frame.columns):
        column = frame.iloc[:, place]
        if column.dtype.kind in "biuf":
            continue
        # The same few texts stand in many rows.
        held = {cell for cell in set(column.to_numpy(object)) if isinstance(cell, str)}
        made = {cell: neutralise_cell(cell) for cell in held}
        changed = {cell: text for cell, text in made.items() if text != cell}
        if changed:
            safe[name] = column.astype(object).map(lambda cell, c=changed: c.get(cell, cell))
    safe.columns = [neutralise_cell(str(name)) for name in frame.columns]
    return safe.to_csv(index=False, lineterminator="\r\n")


def _check_names(tables: Mapping[str, pd.DataFrame]) -> None:
    expected = "lower case letters, digits and underscores"
    problems = [
        Problem("A download has no usable name.", found=name, expected=expected)
        for name in tables
        if not _NAME.fullmatch(name)
    ]
    if problems:
        raise ExportError(problems)


def _write_workbook(
    tables: Mapping[str, pd.DataFrame],
    folder: Path,
    meta: ReportMeta,
    sources: Mapping[str, ManifestEntry],
) -> list[Path]:
    if "indicators" not in tables or tables["indicators"].empty:
        return []
    from cip.report.workbook_ods import write_ods
    from cip.report.workbook_sheets import make_workbook
    from cip.report.workbook_xlsx import write_xlsx

    workbook = make_workbook(tables, meta, sources)
    return [
        write_xlsx(workbook, folder / f"{WORKBOOK_NAME}.xlsx"),
        write_ods(workbook, folder / f"{WORKBOOK_NAME}.ods"),
    ]


def _write_metadata(
    tables: Mapping[str, pd.DataFrame],
    folder: Path,
    meta: ReportMeta,
    sources: Mapping[str, ManifestEntry],
) -> list[Path]:
    from cip.report.table_schema import write_csvw, write_data_package

    paths = [write_data_package(tables, folder, meta, sources)] if tables else []
    if "indicators" in tables:
        paths.append(write_csvw("indicators", tables["indicators"], folder, meta, sources))
    return paths


def _write_readme(tables: Mapping[str, pd.DataFrame], names: list[str], meta: ReportMeta) -> str:
    lines = [meta.page_title, "=" * len(meta.page_title), ""]
    if meta.is_synthetic:
        lines += [f"{meta.banner}.", ""]
    lines += [f"Area: {meta.area_name}", f"Published: {meta.published_words}"]
    lines += [f"Published by: {meta.organisation}"] if meta.organisation else []
    lines += [f"Version: {meta.version}"] if meta.version else []
    lines += ["", "Files", "-----", *(f"  {name}: {describe_file(name)}" for name in names)]
    lines += [
        "",
        "The CSV files have one header row and are UTF-8. An empty cell means that there is no",
        "figure; it never means zero. An apostrophe at the start of a text keeps spreadsheet",
        "programs from running it as a formula. In the workbook, cells without a figure hold a",
        "mark that its sheet Notes explains. The GeoPackage is in longitude and latitude",
        "(EPSG:4326); its layer columns says what its columns hold.",
    ]
    for name, frame in tables.items():
        lines += ["", f"{name}.csv", "-" * (len(name) + 4), describe_file(f"{name}.csv")]
        lines += [f"{len(frame):,} rows. Columns:"]
        lines += [_describe_column(name, str(column)) for column in frame.columns]
    if meta.licence:
        lines += ["", "Licence", "-------", meta.licence]
    if meta.attribution:
        lines += ["", "Attribution", "-----------", *meta.attribution]
    return "\n".join(lines) + "\n"


def _describe_column(table: str, column: str) -> str:
    words = describe_column(table, column)
    return f"  {column}: {words}" if words else f"  {column}"
