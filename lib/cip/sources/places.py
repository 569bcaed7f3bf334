"""Places: schools, surgeries, stops and the like, one row each, never a person's name or number."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from cip.catalogue.layouts import Layout
from cip.catalogue.sources import Catalogue
from cip.sources.areas import ROW
from cip.sources.cells import CODE_PATTERN, Findings, parse_numbers, parse_text
from cip.sources.extract import Body
from cip.sources.matches import Match

#: Columns of a table of places, in order; x and y are metres on the National Grid.
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
    "detail",
)
_DATES = (
    re.compile(r"(?P<year>\d{4})-?(?P<month>\d{2})-?(?P<day>\d{2})(?:[T ].*)?"),
    re.compile(r"(?P<day>\d{2})[-/](?P<month>\d{2})[-/](?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})"),
)
_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})", re.IGNORECASE)


def build_places(
    match: Match, body: Body, catalogue: Catalogue, findings: Findings
) -> pd.DataFrame:
    """Return one row per place with the columns of every table of places."""
    layout = match.form.layout
    columns = {id_: parse_text(_take(id_, layout, body)) for id_ in COLUMNS if id_ not in "xy"}
    columns["place_id"] = columns["place_id"].str.removesuffix(".0")
    columns["place_type"] = _translate("place_type", columns, layout.types)
    columns["status"] = _translate("status", columns, layout.statuses)
    columns["postcode"] = columns["postcode"].map(write_postcode, na_action="ignore").astype("str")
    for id_ in ("opened", "closed", "checked"):
        columns[id_] = _read_dates(id_, columns[id_], body, findings)
    columns["lsoa_code"] = _read_areas(columns["lsoa_code"], findings)
    columns["x"], columns["y"] = _find_points(match, body, catalogue, findings)
    _check_ids(columns["place_id"], body, findings)
    return pd.DataFrame({ROW: body.rows, **{id_: columns[id_] for id_ in COLUMNS}})


def _take(id_: str, layout: Layout, body: Body) -> list[str]:
    parts = [body.cells[f] for f in body.cells if f == id_ or f.startswith(f"{id_}#")]
    if not parts:
        return [layout.fixed.get(id_, "")] * len(body.rows)
    joined = [[" ".join(cell.split()) for cell in cells] for cells in zip(*parts, strict=True)]
    return [", ".join(cell for cell in cells if cell) for cells in joined]


def _translate(id_: str, columns: dict[str, pd.Series], words: dict[str, str]) -> pd.Series:
    """Return what codes mean; "*" stands for every other code, "" for an empty cell.

    Without "*" a text that is not listed is kept as it is.
    """
    texts = columns[id_]
    found = texts.map(words).astype("str")
    found = found.fillna(texts.where(texts.isna(), words["*"]) if "*" in words else texts)
    return found.where(texts.notna(), words.get("")).astype("str")


def write_postcode(text: str) -> str:
    """Return a postcode in capitals with one space; other text as it is.

    Examples
    --------
    >>> write_postcode("ox143ly")
    'OX14 3LY'
    """
    found = _POSTCODE.fullmatch(text.strip())
    return f"{found[1]} {found[2]}".upper() if found else text


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


def _find_points(
    match: Match, body: Body, catalogue: Catalogue, findings: Findings
) -> tuple[pd.Series, pd.Series]:
    x, y = (_parse(id_, body, catalogue, findings) for id_ in ("x", "y"))
    is_nowhere = (x == 0) | (y == 0)
    x, y = x.mask(is_nowhere), y.mask(is_nowhere)
    if "longitude" in body.cells and "latitude" in body.cells:
        given = x.isna() | y.isna()
        east, north = _project(
            *(_parse(id_, body, catalogue, findings) for id_ in ("longitude", "latitude"))
        )
        x, y = x.where(~given, east), y.where(~given, north)
    has_points = any(id_ in body.cells for id_ in ("x", "longitude"))
    if has_points and x.isna().any():
        findings.notes.append(f"{findings.file}: {int(x.isna().sum())} places without a point.")
    return x, y


def _parse(id_: str, body: Body, catalogue: Catalogue, findings: Findings) -> pd.Series:
    if id_ not in body.cells:
        return pd.Series(np.nan, index=range(len(body.rows)), dtype="float64")
    return parse_numbers(
        body.cells[id_],
        body.rows,
        column=body.headings[id_],
        kind="number",
        missing=catalogue.missing_values,
        findings=findings,
    )


def _project(longitude: pd.Series, latitude: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Turn degrees into metres on the National Grid, to the centimetre."""
    from pyproj import Transformer

    is_point = longitude.notna() & latitude.notna() & ((longitude != 0) | (latitude != 0))
    east, north = longitude.copy(), latitude.copy()
    east[:], north[:] = np.nan, np.nan
    if is_point.any():
        to_grid = Transformer.from_crs(4326, 27700, always_xy=True)
        east[is_point], north[is_point] = (
            np.round(values, 2)
            for values in to_grid.transform(longitude[is_point], latitude[is_point])
        )
    return east, north


def _check_ids(ids: pd.Series, body: Body, findings: Findings) -> None:
    missing = ids.isna().to_numpy().nonzero()[0]
    findings.add_each(
        "The place has no reference number.",
        [body.rows[i] for i in missing],
        [""] * len(missing),
        column=body.headings.get("place_id", "place_id"),
    )
