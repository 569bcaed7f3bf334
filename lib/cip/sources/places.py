"""Places: schools, surgeries, stops and the like, one row each, never a person's name or number."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pandas as pd

from cip.catalogue.layouts import Layout
from cip.catalogue.sources import Catalogue
from cip.sources.areas import ROW
from cip.sources.cells import CODE_PATTERN, Findings, parse_text
from cip.sources.extract import Body
from cip.sources.matches import Match
from cip.sources.place_points import (
    find_points,
    read_shapes,
    split_location,
    to_grid,
    write_points,
)
from cip.sources.place_words import (
    find_postcodes,
    keep_websites,
    leave_out_contacts,
    make_ids,
    translate_codes,
    write_postcode,
)

#: Columns of a table of places, in order; x and y are metres on the National Grid, income is in
#: pounds a year, capacity in what the type of asset says, shared_id the ids of other registers
#: (``urn:100000; charity:1234567``) beside the place's own.
COLUMNS = (
    "place_id",
    "name",
    "place_type",
    "status",
    "address",
    "postcode",
    "x",
    "y",
    "lsoa_code",
    "opened",
    "closed",
    "checked",
    "opening",
    "website",
    "income",
    "capacity",
    "detail",
    "shared_id",
)
#: Columns of numbers; all others are texts.
NUMBERS = ("x", "y", "income", "capacity")
#: Texts in which a contact detail may have been written, though their headings do not ask for it.
_FREE_TEXTS = ("name", "address", "opening", "detail")
_DATES = (
    re.compile(r"(?P<year>\d{4})-?(?P<month>\d{2})-?(?P<day>\d{2})(?:[T ].*)?"),
    re.compile(r"(?P<day>\d{2})[-/](?P<month>\d{2})[-/](?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})"),
)
_SQUARE_METRES_IN_HECTARE = 10_000

__all__ = ["COLUMNS", "NUMBERS", "build_places", "write_postcode"]


def build_places(
    match: Match, body: Body, catalogue: Catalogue, findings: Findings
) -> pd.DataFrame:
    """Return one row per place with the columns of every table of places."""
    layout = match.form.layout
    texts = [id_ for id_ in COLUMNS if id_ not in NUMBERS]
    columns = {id_: parse_text(_take(id_, layout, body)) for id_ in texts}
    for id_ in _FREE_TEXTS:
        columns[id_] = leave_out_contacts(id_, columns[id_], body, findings)
    columns["place_id"] = columns["place_id"].str.removesuffix(".0")
    for id_ in ("place_type", "status"):
        columns[id_] = translate_codes(id_, columns[id_], match, body, findings)
    columns["postcode"] = _read_postcodes(columns)
    for id_ in ("opened", "closed", "checked"):
        columns[id_] = _read_dates(id_, columns[id_], body, findings)
    columns["lsoa_code"] = _read_areas(columns["lsoa_code"], findings)
    columns["website"] = keep_websites(columns["website"], findings)
    shapes = read_shapes(body, findings) if body.geometries else None
    columns["x"], columns["y"] = find_points(body, shapes, catalogue, findings)
    for id_ in ("income", "capacity"):
        columns[id_] = _read_amounts(id_, body, catalogue, findings)
    if shapes is not None and "detail" not in body.cells:
        columns["detail"] = _describe_size(shapes)
    if layout.id_from:
        points = write_points(columns["x"], columns["y"], shapes)
        columns["place_id"] = make_ids(layout.id_from, columns, points)
        return _leave_out_nameless(_join(body, columns), findings)
    _check_ids(columns["place_id"], body, findings)
    return _join(body, columns)


def _join(body: Body, columns: dict[str, pd.Series]) -> pd.DataFrame:
    return pd.DataFrame({ROW: body.rows, **{id_: columns[id_] for id_ in COLUMNS}})


def _take(id_: str, layout: Layout, body: Body) -> list[str]:
    if id_ == "address" and "location" in body.cells:
        return [split_location(cell)[0] for cell in body.cells["location"]]
    parts = [body.cells[f] for f in body.cells if f == id_ or f.startswith(f"{id_}#")]
    if not parts:
        return [layout.fixed.get(id_, "")] * len(body.rows)
    joined = [[" ".join(cell.split()) for cell in cells] for cells in zip(*parts, strict=True)]
    return [", ".join(cell for cell in cells if cell) for cells in joined]


def _read_postcodes(columns: dict[str, pd.Series]) -> pd.Series:
    """Return postcodes in one way of writing; those that only the address has are taken from it."""
    own = columns["postcode"].map(write_postcode, na_action="ignore").astype("str")
    is_open = own.isna() & columns["address"].notna()
    if not is_open.any():
        return own
    return own.fillna(find_postcodes(columns["address"].where(is_open)))


def _read_amounts(id_: str, body: Body, catalogue: Catalogue, findings: Findings) -> pd.Series:
    """Return numbers from 0 up; a cell that is none is told and left empty."""
    if id_ not in body.cells:
        return pd.Series(np.nan, index=range(len(body.rows)), dtype="float64")
    texts = parse_text(body.cells[id_])
    texts = texts.mask(texts.isin(catalogue.missing_values))
    numbers = pd.to_numeric(texts.str.replace(r"[£,\s]", "", regex=True), errors="coerce")
    numbers = numbers.astype("float64").where(lambda n: (n >= 0) & np.isfinite(n))
    bad = (texts.notna() & numbers.isna()).to_numpy().nonzero()[0]
    findings.report_each(
        "this is not a number from 0 up, and was left out.",
        [body.rows[i] for i in bad],
        column=body.headings[id_],
    )
    return numbers


def _describe_size(shapes: gpd.GeoSeries) -> pd.Series:
    """Return the size of every place that is drawn as an outline."""
    area = to_grid(shapes).area / _SQUARE_METRES_IN_HECTARE
    return area.map("{:.1f} hectares".format).where(area > 0).astype("str")


def _leave_out_nameless(table: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Leave out rows with neither a name nor a point: nothing is known of them."""
    is_empty = table["place_id"].isna()
    findings.report_each(
        "the row has neither a name nor a point, and was left out.",
        table.loc[is_empty, ROW].tolist(),
    )
    return table[~is_empty].reset_index(drop=True)


def _read_dates(id_: str, texts: pd.Series, body: Body, findings: Findings) -> pd.Series:
    """Return dates as year, month, day; the month and day are left out where a file has none."""
    written: dict[str, str | None] = {}
    for text in texts.dropna().unique():
        found = next((m for m in (p.fullmatch(text) for p in _DATES) if m), None)
        parts = found.groupdict() if found else {}
        ordered = [parts[k] for k in ("year", "month", "day") if k in parts]
        written[text] = "-".join(ordered) or None
    bad = [i for i, text in enumerate(texts) if isinstance(text, str) and not written[text]]
    findings.add_each(
        "The cell is not a date.",
        [body.rows[i] for i in bad],
        [texts[i] for i in bad],
        column=body.headings.get(id_, id_),
        expected="a date such as 31-12-2020",
    )
    return texts.map(written).astype("str")


def _read_areas(codes: pd.Series, findings: Findings) -> pd.Series:
    """Take the codes of small areas; placeholders such as 999999999 are missing, and counted."""
    is_code = codes.map(lambda c: bool(CODE_PATTERN.fullmatch(c)), na_action="ignore") == True  # noqa: E712
    placeholders = int((codes.notna() & ~is_code).sum())
    if placeholders:
        findings.notes.append(f"{findings.file}: {placeholders} places without an area code.")
    return codes.where(is_code)


def _check_ids(ids: pd.Series, body: Body, findings: Findings) -> None:
    missing = ids.isna().to_numpy().nonzero()[0]
    findings.add_each(
        "The place has no reference number.",
        [body.rows[i] for i in missing],
        [""] * len(missing),
        column=body.headings.get("place_id", "place_id"),
    )
