"""From the rows of a recognised file to a typed part of a product's table."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from cip.catalogue.sources import Catalogue, Column, Source
from cip.sources import events, values
from cip.sources.areas import ROW, start_areas
from cip.sources.cells import (
    Findings,
    check_codes,
    is_kept,
    parse_flags,
    parse_numbers,
    parse_text,
)
from cip.sources.checks import check_sums, derive_sums, drop_duplicates
from cip.sources.extract import Body, extract_body
from cip.sources.forms import CODE, PERIOD
from cip.sources.keys import list_key
from cip.sources.long_tables import build_long
from cip.sources.matches import Match
from cip.sources.osm import KINDS, build_osm
from cip.sources.place_words import parse_postcodes
from cip.sources.places import build_places
from cip.sources.raw_tables import Content
from cip.sources.shapes import build_boundaries, build_centroids


@dataclass(frozen=True)
class Part:
    """What one file gives to one product.

    ``table`` has the product's columns and ``@row``, the row number in the file. ``vintages`` are
    those of its small areas: the catalogue's, or what its codes told.
    """

    match: Match
    table: pd.DataFrame
    findings: Findings
    vintages: dict[str, str] = field(default_factory=dict)

    @property
    def source(self) -> Source:
        """The product's declaration."""
        return self.match.form.source


def build_part(match: Match, content: Content, catalogue: Catalogue) -> Part:
    """Read a recognised table into the shape of its product, with all its problems noted."""
    findings = Findings(match.table.file.name, match.table.sheet)
    source = match.form.source
    vintages = dict(source.vintages)
    if match.table.kind in KINDS:
        return Part(match, build_osm(match, findings), findings, vintages)
    body = extract_body(match, content, findings)
    if not body.rows:
        return Part(match, pd.DataFrame({ROW: []}), findings, vintages)
    table = _build_table_of(match, content, body, catalogue, findings)
    if findings.problems or table.empty:
        return Part(match, table, findings, vintages)
    table = _drop_other_countries(table, source, findings)
    if values.AREA_NAME not in table:
        table = drop_duplicates(table, list_key(source), findings)
    if source.kind == "counts" and not findings.problems:
        table = derive_sums(table, source, findings)
        check_sums(table, source, catalogue, findings)
    return Part(match, table, findings, vintages)


def _build_table_of(
    match: Match, content: Content, body: Body, catalogue: Catalogue, findings: Findings
) -> pd.DataFrame:
    source = match.form.source
    builders = {
        "values": values.build_values,
        "wide_values": values.build_wide_values,
        "events": events.build_events,
        "places": build_places,
        "points": build_places,
        "records": build_places if source.kind == "places" else _build_table,
        "wide_counts": _build_wide,
        "long_counts": build_long,
        "period_counts": _build_periods,
        "table": _build_table,
        "centroids": _build_centroids,
    }
    if match.form.layout.kind == "boundaries":
        areas = start_areas(match, body, findings)
        return build_boundaries(areas, content.crs, body, findings)
    return builders[match.form.layout.kind](match, body, catalogue, findings)


def _build_wide(match: Match, body: Body, catalogue: Catalogue, findings: Findings) -> pd.DataFrame:
    columns = start_areas(match, body, findings)
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


def _build_periods(
    match: Match, body: Body, catalogue: Catalogue, findings: Findings
) -> pd.DataFrame:
    """Turn a table with one column for each period into one row per area and period."""
    areas = pd.DataFrame(start_areas(match, body, findings))
    pieces = []
    for id_ in (id_ for id_ in body.cells if id_.startswith(f"{PERIOD}:")):
        counts = parse_numbers(
            body.cells[id_],
            body.rows,
            column=body.headings[id_],
            kind="count",
            missing=catalogue.missing_values,
            findings=findings,
        )
        period = pd.Series([id_.removeprefix(f"{PERIOD}:")] * len(areas), dtype="str")
        pieces.append(areas.assign(period=period, **{match.form.layout.fixed["category"]: counts}))
    return pd.concat(pieces, ignore_index=True)


def _build_table(
    match: Match, body: Body, catalogue: Catalogue, findings: Findings
) -> pd.DataFrame:
    source = match.form.source
    columns = start_areas(match, body, findings) if CODE in body.cells else {}
    columns.setdefault(ROW, pd.Series(body.rows))
    for id_, column in source.columns.items():
        if id_ in body.cells:
            columns[id_] = _parse_column(id_, column, body, catalogue, findings)
        elif column.names_of in columns:
            columns[id_] = _name_codes(column, columns[column.names_of], body, findings)
        elif source.kind == "lookup":
            columns[id_] = pd.Series([None] * len(body.rows), dtype="str")
    return pd.DataFrame(columns)


def _name_codes(column: Column, codes: pd.Series, body: Body, findings: Findings) -> pd.Series:
    names = codes.map(column.names, na_action="ignore").astype("str")
    unknown = (codes.notna() & names.isna()).to_numpy().nonzero()[0]
    findings.add_each(
        "The code is not one of the classification's.",
        [body.rows[i] for i in unknown],
        [codes[i] for i in unknown],
        column=body.headings.get(column.names_of),
    )
    return names


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
    if column.type == "postcode":
        return parse_postcodes(cells, body.rows, column=heading, findings=findings)
    if column.type == "flag":
        return parse_flags(cells, body.rows, column=heading, findings=findings)
    numbers = parse_numbers(
        cells,
        body.rows,
        column=heading,
        kind=column.type,
        missing=catalogue.missing_values,
        findings=findings,
    )
    is_none = numbers.isin(column.no_value)
    if is_none.any():
        findings.notes.append(
            f"{findings.file}: {int(is_none.sum()):,} rows without a value under '{heading}'."
        )
        numbers = numbers.mask(is_none)
    return numbers * column.factor if column.factor != 1 else numbers


def _build_centroids(
    match: Match, body: Body, catalogue: Catalogue, findings: Findings
) -> pd.DataFrame:
    columns = start_areas(match, body, findings)
    columns.pop("area_name")
    return build_centroids(columns, match, body, catalogue, findings)


def _list_deciding(table: pd.DataFrame, source: Source) -> list[str]:
    """Return the columns of codes that say where a row lies: the key, or else any code there is."""
    if "area_code" in table or source.kind == "places":
        return ["area_code"] if "area_code" in table else []
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
