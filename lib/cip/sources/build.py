"""From the rows of a recognised file to a typed part of a product's table."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cip.catalogue.sources import Catalogue, Column, Source
from cip.errors import find_nearest
from cip.sources.cells import (
    Findings,
    check_codes,
    find_level,
    is_kept,
    parse_flags,
    parse_numbers,
    parse_text,
)
from cip.sources.checks import check_sums, derive_sums, drop_duplicates
from cip.sources.extract import Body, extract_body
from cip.sources.forms import CODE, NAME, TOTAL, VALUE
from cip.sources.raw_tables import Content
from cip.sources.recognise import Match, fold_label
from cip.sources.shapes import build_boundaries, build_centroids

#: Column that carries a row's number in its file until the checks are done.
ROW = "@row"


@dataclass(frozen=True)
class Part:
    """What one file gives to one product.

    ``table`` has the product's columns and ``@row``, the row number in the file.
    """

    match: Match
    table: pd.DataFrame
    findings: Findings

    @property
    def source(self) -> Source:
        """The product's declaration."""
        return self.match.form.source


def list_key(source: Source) -> list[str]:
    """Return the columns that make a row of a product's table unique."""
    return source.key if source.kind == "lookup" else ["area_code"]


def build_part(match: Match, content: Content, catalogue: Catalogue) -> Part:
    """Read a recognised table into the shape of its product, with all its problems noted."""
    findings = Findings(match.table.file.name, match.table.sheet)
    body = extract_body(match, content, findings)
    builders = {
        "wide_counts": _build_wide,
        "long_counts": _build_long,
        "table": _build_table,
        "centroids": _build_centroids,
        "boundaries": _build_boundaries,
    }
    if not body.rows:
        return Part(match, pd.DataFrame({ROW: []}), findings)
    table = builders[match.form.layout.kind](match, content, body, catalogue, findings)
    table = _drop_other_countries(table, match.form.source, findings)
    if not findings.problems:
        table = drop_duplicates(table, list_key(match.form.source), findings)
    if match.form.source.kind == "counts" and not findings.problems:
        check_sums(table, match.form.source, catalogue, findings)
        table = derive_sums(table, match.form.source, findings)
    return Part(match, table, findings)


def _build_wide(
    match: Match, content: Content, body: Body, catalogue: Catalogue, findings: Findings
) -> pd.DataFrame:
    columns = _start_areas(match, body, findings)
    for id_ in match.form.source.categories:
        if id_ in body.cells:
            columns[id_] = parse_numbers(
                body.cells[id_],
                body.rows,
                column=body.headings[id_],
                kind="count",
                missing=catalogue.missing_values,
                findings=findings,
            )
    return pd.DataFrame(columns)


def _start_areas(match: Match, body: Body, findings: Findings) -> dict[str, pd.Series]:
    source = match.form.source
    codes = check_codes(
        body.cells[CODE],
        body.rows,
        column=body.headings[CODE],
        levels=source.levels,
        findings=findings,
    )
    names = body.cells.get(NAME, [""] * len(body.rows))
    columns = {ROW: pd.Series(body.rows), "area_code": codes, "area_name": parse_text(names)}
    if source.kind == "counts":
        columns["level"] = pd.Series([find_level(code) for code in codes], dtype="str")
    return columns


def _build_long(
    match: Match, content: Content, body: Body, catalogue: Catalogue, findings: Findings
) -> pd.DataFrame:
    layout = match.form.layout
    ids = _name_categories(match, body, findings)
    wanted = [i for i, id_ in enumerate(ids) if id_ is not None]
    body = Body(
        rows=[body.rows[i] for i in wanted],
        cells={f: [cells[i] for i in wanted] for f, cells in body.cells.items()},
        headings=body.headings,
    )
    long = pd.DataFrame(_start_areas(match, body, findings))
    long["category"] = [ids[i] for i in wanted]
    for field, column in ((VALUE, "value"), (TOTAL, "total_given")):
        if field in body.cells:
            long[column] = parse_numbers(
                body.cells[field],
                body.rows,
                column=body.headings[field],
                kind="count",
                missing=catalogue.missing_values,
                findings=findings,
            )
    if layout.total and "total_given" in long and "total" in match.form.source.categories:
        long = _append_totals(long, findings)
    return long if findings.problems else _widen(long, match.form.source, findings)


def _name_categories(match: Match, body: Body, findings: Findings) -> list[str | None]:
    """Return the category of every row; None for rows that are not counted."""
    layout = match.form.layout
    dropped = {fold_label(label, layout) for label in layout.drop_labels}
    ids: list[str | None] = []
    for i, row in enumerate(body.rows):
        cells = [axis[i] for axis in body.axes]
        ending = layout.drop_ending.casefold()
        folded = [fold_label(cell, layout) for cell in cells]
        if (ending and cells[0].strip().casefold().endswith(ending)) or set(folded) & dropped:
            ids.append(None)
            continue
        found = [labels.get(f) for f, labels in zip(folded, match.form.labels, strict=True)]
        if None in found:
            _report_label(match, cells, found, row, findings)
            ids.append(None)
        else:
            ids.append("_".join(f for f in found if f))
    return ids


def _report_label(
    match: Match, cells: list[str], found: list[str | None], row: int, findings: Findings
) -> None:
    n = found.index(None)
    axes = [axis.categories for axis in match.form.source.axes] or [match.form.source.categories]
    labels = [label for spellings in axes[n].values() for label in spellings]
    findings.add(
        "The category is not one of this table's.",
        row=row,
        column=match.headings[match.axes[n]],
        found=f"'{cells[n].strip()}'",
        nearest=find_nearest(cells[n].strip(), labels),
    )


def _append_totals(long: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    uneven = long.groupby("area_code")["total_given"].nunique()
    for code in uneven[uneven > 1].index[:10]:
        findings.add("The area has different totals in different rows.", found=f"'{code}'")
    firsts = long.drop_duplicates("area_code")
    totals = firsts.assign(category="total", value=firsts["total_given"])
    return pd.concat([totals, long], ignore_index=True)


def _widen(long: pd.DataFrame, source: Source, findings: Findings) -> pd.DataFrame:
    """Turn one row per area and category into one row per area."""
    long = drop_duplicates(long, ["area_code", "category"], findings)
    if findings.problems:
        return long
    areas = long.drop_duplicates("area_code")[[ROW, "area_code", "area_name", "level"]]
    wide = long.pivot_table(index="area_code", columns="category", values="value", aggfunc="first")
    counts = long.groupby("area_code").size()
    short = counts[counts < counts.max()]
    for code in short.index[:10]:
        absent = [
            c for c in wide.columns if c not in set(long.loc[long.area_code == code, "category"])
        ]
        findings.add(
            "The area lacks a row for a category: is the file cut short?",
            row=int(long.loc[long.area_code == code, ROW].max()),
            found=f"'{code}'",
            expected=f"a row for {', '.join(absent)}",
        )
    options = source.require or [list(source.categories)]
    if not any(set(option) <= set(wide.columns) for option in options) and not source.axes:
        lacking = min(([i for i in o if i not in wide.columns] for o in options), key=len)
        findings.add(f"The file has no rows for these categories: {', '.join(lacking)}.")
    ordered = [id_ for id_ in source.categories if id_ in wide.columns]
    return areas.merge(wide[ordered].reset_index(), on="area_code", validate="one_to_one")


def _build_table(
    match: Match, content: Content, body: Body, catalogue: Catalogue, findings: Findings
) -> pd.DataFrame:
    source = match.form.source
    columns = _start_areas(match, body, findings) if CODE in body.cells else {}
    columns.setdefault(ROW, pd.Series(body.rows))
    for id_, column in source.columns.items():
        if id_ in body.cells:
            columns[id_] = _parse_column(id_, column, body, catalogue, findings)
        elif source.kind == "lookup":
            columns[id_] = pd.Series([None] * len(body.rows), dtype="str")
    return pd.DataFrame(columns)


def _parse_column(
    id_: str, column: Column, body: Body, catalogue: Catalogue, findings: Findings
) -> pd.Series:
    cells, heading = body.cells[id_], body.headings[id_]
    if column.type == "code":
        if not any(cell.strip() for cell in cells) and not column.required:
            return parse_text(cells)
        return check_codes(
            cells, body.rows, column=heading, levels=column.levels, findings=findings
        )
    if column.type == "string":
        return parse_text(cells)
    if column.type == "flag":
        return parse_flags(cells, body.rows, column=heading, findings=findings)
    return parse_numbers(
        cells,
        body.rows,
        column=heading,
        kind=column.type,
        missing=catalogue.missing_values,
        findings=findings,
    )


def _build_centroids(
    match: Match, content: Content, body: Body, catalogue: Catalogue, findings: Findings
) -> pd.DataFrame:
    columns = _start_areas(match, body, findings)
    columns.pop("area_name")
    return build_centroids(columns, match, body, catalogue, findings)


def _build_boundaries(
    match: Match, content: Content, body: Body, catalogue: Catalogue, findings: Findings
) -> pd.DataFrame:
    return build_boundaries(_start_areas(match, body, findings), content.crs, body, findings)


def _list_deciding(table: pd.DataFrame, source: Source) -> list[str]:
    """Return the columns of codes that say where a row lies: the key, or else any code there is."""
    if "area_code" in table:
        return ["area_code"]
    first = list_key(source)[0]
    if source.columns[first].type == "code":
        return [first]
    return [name for name, column in source.columns.items() if column.type == "code"]


def _drop_other_countries(table: pd.DataFrame, source: Source, findings: Findings) -> pd.DataFrame:
    kept = pd.Series(True, index=table.index)
    for column in _list_deciding(table, source):
        dropped = [c for c in table[column].dropna().unique() if c and not is_kept(c)]
        kept &= ~table[column].isin(dropped)
    if not kept.all():
        findings.notes.append(
            f"{findings.file}: {int((~kept).sum()):,} rows left out: outside England and Wales, or "
            "of a geography that the workbook does not use."
        )
    return table[kept].reset_index(drop=True)
