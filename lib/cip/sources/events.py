"""Events with an area, a month and a kind (crimes, collisions), counted by area and month."""

from __future__ import annotations

import re

import pandas as pd

from cip.catalogue.sources import Catalogue
from cip.errors import find_nearest
from cip.sources.areas import ROW
from cip.sources.cells import Findings, check_codes, find_level, parse_numbers, parse_text
from cip.sources.extract import Body
from cip.sources.forms import CATEGORY, CODE, NAME, PERIOD, REPORTER
from cip.sources.headings import fold_heading
from cip.sources.keys import BY
from cip.sources.matches import Match


def build_events(
    match: Match, body: Body, catalogue: Catalogue, findings: Findings
) -> pd.DataFrame:
    """Return one row per area, month and reporter: ``total`` and one column per kind of event.

    Events without an area are counted in a note. A kind that the file has nowhere is zero: the
    file lists every event of its months.
    """
    body = _leave_out_unplaced(body, findings)
    if not body.rows:
        return pd.DataFrame({ROW: []})
    months = _read_months(match, body, findings)
    kinds = _read_kinds(match, body, findings)
    events = pd.DataFrame(
        {
            ROW: body.rows,
            "area_code": _check_areas(match, body, findings),
            "area_name": parse_text(body.cells.get(NAME, [""] * len(body.rows))),
            "period": months,
            BY: [text.strip() for text in body.cells.get(REPORTER, [""] * len(body.rows))],
            "kind": kinds,
        }
    )
    for id_ in match.form.layout.amounts:
        events[id_] = parse_numbers(
            body.cells[id_],
            body.rows,
            column=body.headings[id_],
            kind="count",
            missing=catalogue.missing_values,
            findings=findings,
        )
    return _count(events, match) if not findings.problems else events


def _leave_out_unplaced(body: Body, findings: Findings) -> Body:
    placed = [i for i, code in enumerate(body.cells[CODE]) if code.strip()]
    if len(placed) < len(body.rows):
        findings.notes.append(
            f"{findings.file}: {len(body.rows) - len(placed):,} of {len(body.rows):,} events have "
            "no area and are counted nowhere."
        )
    return Body(
        rows=[body.rows[i] for i in placed],
        cells={id_: [cells[i] for i in placed] for id_, cells in body.cells.items()},
        headings=body.headings,
    )


def _check_areas(match: Match, body: Body, findings: Findings) -> pd.Series:
    return check_codes(
        body.cells[CODE],
        body.rows,
        column=body.headings[CODE],
        levels=match.form.source.levels,
        findings=findings,
    )


def _read_months(match: Match, body: Body, findings: Findings) -> list[str | None]:
    """Return the month of every event as year and month ("2018-06")."""
    pattern = re.compile(match.form.layout.period_pattern)
    texts = {cell: pattern.search(cell) for cell in set(body.cells[PERIOD])}
    months = {
        cell: f"{found['year']}-{found['month']}"
        for cell, found in texts.items()
        if found and 1 <= int(found["month"]) <= 12
    }
    bad = [i for i, cell in enumerate(body.cells[PERIOD]) if cell not in months]
    findings.add_each(
        "The cell does not say in which month.",
        [body.rows[i] for i in bad],
        [body.cells[PERIOD][i] for i in bad],
        column=body.headings[PERIOD],
        expected="a month and a year",
    )
    return [months.get(cell) for cell in body.cells[PERIOD]]


def _read_kinds(match: Match, body: Body, findings: Findings) -> list[str | None]:
    labels = match.form.labels[0]
    kinds = {cell: labels.get(fold_heading(cell)) for cell in set(body.cells[CATEGORY])}
    bad = [i for i, cell in enumerate(body.cells[CATEGORY]) if kinds[cell] is None]
    known = [label for group in match.form.source.categories.values() for label in group]
    for cell in dict.fromkeys(body.cells[CATEGORY][i] for i in bad):
        rows = [body.rows[i] for i in bad if body.cells[CATEGORY][i] == cell]
        findings.add(
            f"The kind of event is not known ({len(rows):,} rows).",
            row=rows[0],
            column=body.headings[CATEGORY],
            found=f"'{cell.strip()}'",
            nearest=find_nearest(cell.strip(), known),
        )
    return [kinds[cell] for cell in body.cells[CATEGORY]]


def _count(events: pd.DataFrame, match: Match) -> pd.DataFrame:
    source, layout = match.form.source, match.form.layout
    key = ["area_code", "period", BY]
    groups = events.groupby(key, sort=True)
    table = groups.agg({ROW: "first", "area_name": "first"})
    table["total"] = groups.size()
    kinds = events.groupby([*key, "kind"]).size().unstack(fill_value=0)
    for id_ in source.categories:
        if id_ in kinds:
            table[id_] = kinds[id_]
        elif source.categories[id_]:
            table[id_] = 0
    for id_ in layout.amounts:
        table[id_] = groups[id_].sum(min_count=1)
    counted = ["total", *(c for c in source.categories if c in table and c != "total")]
    table[counted] = table[counted].astype("Int64")
    table = table.reset_index()
    table["level"] = pd.Series([find_level(code) for code in table["area_code"]], dtype="str")
    return table
