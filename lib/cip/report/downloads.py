"""Tables as CSV files that a spreadsheet opens rightly, with a README beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from cip.display.cells import write_csv_text
from cip.errors import ExportError, Problem
from cip.report.meta import ReportMeta

_NAME = re.compile(r"[a-z][a-z0-9_]*")
README_NAME = "README.txt"

#: What the columns of the workbook's tables hold; other columns are listed by name.
COLUMN_WORDS: dict[str, str] = {
    "area_code": "code of the area",
    "area_name": "name of the area",
    "area_role": "profile (the area itself) or a comparator: district, county, england",
    "small_area_code": "code of a small area",
    "level": "kind of area",
    "share": "part of the small area's people who belong to the area, 0 to 1",
    "population": "number of residents",
    "indicator_id": "identifier of the indicator",
    "section": "chapter of the report",
    "period": "date or period that the figure describes",
    "group": "identifier of the group, empty where there is none",
    "group_label": "name of the group",
    "value": "the figure, in the unit given; percentages are 0 to 100",
    "lower_95": "lower limit of the 95% confidence interval",
    "upper_95": "upper limit of the 95% confidence interval",
    "numerator": "count above the line",
    "denominator": "count below the line",
    "unit": "unit of the figure",
    "comparison": "how the profile area compares with this area",
    "comparison_method": "how that was judged",
    "is_suppressed": "True where the figure is withheld to protect people's privacy",
    "missing_reason": "why there is no figure",
    "source_id": "identifier of the source",
}


def write_downloads(
    tables: Mapping[str, pd.DataFrame], folder: Path, meta: ReportMeta
) -> list[Path]:
    """Write each table as CSV and a README that describes them.

    Files are UTF-8 with a byte order mark, so that Excel shows every letter. Text that a
    spreadsheet would run as a formula gets an apostrophe in front; missing cells are empty.
    The same tables give the same bytes.

    Parameters
    ----------
    tables
        Table by name (lower case letters, digits, underscores); index not written.
    folder
        Where to write; made if absent.
    meta
        Title, licence and attribution for the README.

    Returns
    -------
    list of Path
        The files written, README last.

    Raises
    ------
    ExportError
        If a name cannot be a file name.
    """
    bad = [name for name in tables if not _NAME.fullmatch(name)]
    if bad:
        expected = "lower case letters, digits and underscores"
        raise ExportError(
            [Problem("A download has no usable name.", found=n, expected=expected) for n in bad]
        )
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, frame in tables.items():
        path = folder / f"{name}.csv"
        path.write_bytes(("\ufeff" + write_csv_text(frame)).encode("utf-8"))
        paths.append(path)
    readme = folder / README_NAME
    readme.write_bytes(_write_readme(tables, meta).encode("utf-8"))
    return [*paths, readme]


def _write_readme(tables: Mapping[str, pd.DataFrame], meta: ReportMeta) -> str:
    lines = [meta.page_title, "=" * len(meta.page_title), ""]
    if meta.is_synthetic:
        lines += [f"{meta.banner}.", ""]
    lines += [f"Area: {meta.area_name}", f"Published: {meta.published_words}"]
    lines += [f"Published by: {meta.organisation}"] if meta.organisation else []
    lines += [f"Version: {meta.version}"] if meta.version else []
    lines += [
        "",
        "The files are CSV, one header row, UTF-8. An empty cell means that there is no figure;",
        "it never means zero. An apostrophe at the start of a text keeps spreadsheet programs",
        "from running it as a formula.",
    ]
    for name, frame in tables.items():
        lines += ["", f"{name}.csv", "-" * (len(name) + 4), f"{len(frame):,} rows. Columns:"]
        lines += [_describe_column(str(column)) for column in frame.columns]
    if meta.licence:
        lines += ["", "Licence", "-------", meta.licence]
    if meta.attribution:
        lines += ["", "Attribution", "-----------", *meta.attribution]
    return "\n".join(lines) + "\n"


def _describe_column(name: str) -> str:
    words = COLUMN_WORDS.get(name)
    return f"  {name}: {words}" if words else f"  {name}"
