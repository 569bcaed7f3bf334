"""The columns that every table of areas starts with: code, name and level."""

from __future__ import annotations

import re

import pandas as pd

from cip.sources.cells import Findings, check_codes, find_level, parse_text
from cip.sources.extract import Body
from cip.sources.forms import CODE, NAME, PERIOD
from cip.sources.matches import Match

#: Column that carries a row's number in its file until the checks are done.
ROW = "@row"
#: Kinds of product whose tables say the level of every area.
WITH_LEVEL = ("counts", "values")


def start_areas(match: Match, body: Body, findings: Findings) -> dict[str, pd.Series]:
    """Return row number, area code and area name of every row, and its level.

    Measures and shapes of one level alone do without the level.
    """
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
    if source.kind in WITH_LEVEL or (source.kind == "measures" and len(source.levels) > 1):
        levels = {code: find_level(code) for code in codes.unique()}
        columns["level"] = pd.Series([levels[code] for code in codes], dtype="str")
    if source.has_period and match.form.layout.kind != "period_counts":
        columns["period"] = read_periods(match, body, findings)
    return columns


def read_periods(match: Match, body: Body, findings: Findings) -> pd.Series:
    """Return the period of every row: from its own cell, the sheet's name or titles, or declared."""
    layout = match.form.layout
    pattern = re.compile(layout.period_pattern or r".*\S.*")
    if PERIOD not in body.cells:
        above = [cell for row in match.table.head[: match.header_row] for cell in row]
        found = [pattern.search(text) for text in (match.table.sheet or "", *above)]
        named = [_read_group(m) for m in found if m] if layout.period_pattern else []
        period = layout.period_text or next(iter(named), "")
        if not period:
            findings.add("Neither the sheet's name nor its titles say which period it is.")
        return pd.Series([period] * len(body.rows), dtype="str")
    read = {cell: pattern.search(cell.strip()) for cell in set(body.cells[PERIOD])}
    bad = [i for i, cell in enumerate(body.cells[PERIOD]) if not read[cell]]
    findings.add_each(
        "The cell does not say which period the row is of.",
        [body.rows[i] for i in bad],
        [body.cells[PERIOD][i] for i in bad],
        column=body.headings[PERIOD],
    )
    texts = {cell: _read_group(found) if found else None for cell, found in read.items()}
    return pd.Series([texts[cell] for cell in body.cells[PERIOD]], dtype="str")


def _read_group(found: re.Match[str]) -> str:
    return found[1] if found.re.groups else found[0]
