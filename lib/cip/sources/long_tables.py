"""Tables with one row for each area and category, turned into one row for each area."""

from __future__ import annotations

import pandas as pd

from cip.catalogue.sources import Catalogue, Source
from cip.errors import find_nearest
from cip.sources.areas import ROW, start_areas
from cip.sources.cells import Findings, parse_numbers
from cip.sources.checks import drop_duplicates
from cip.sources.extract import Body
from cip.sources.forms import TOTAL, VALUE
from cip.sources.keys import list_key
from cip.sources.long_axes import fold_label
from cip.sources.matches import Match


def build_long(match: Match, body: Body, catalogue: Catalogue, findings: Findings) -> pd.DataFrame:
    """Return one row per area (and period), with one column for each category."""
    layout = match.form.layout
    ids = _name_categories(match, body, findings)
    wanted = [i for i, id_ in enumerate(ids) if id_ is not None]
    body = Body(
        rows=[body.rows[i] for i in wanted],
        cells={f: [cells[i] for i in wanted] for f, cells in body.cells.items()},
        headings=body.headings,
    )
    long = pd.DataFrame(start_areas(match, body, findings))
    long["category"] = [ids[i] for i in wanted]
    for name, column in ((VALUE, "value"), (TOTAL, "total_given")):
        if name in body.cells:
            long[column] = parse_numbers(
                body.cells[name],
                body.rows,
                column=body.headings[name],
                kind="count",
                missing=catalogue.missing_values,
                findings=findings,
            )
    if layout.total and "total_given" in long and "total" in match.form.source.categories:
        long = _append_totals(long, match.form.source, findings)
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


def _append_totals(long: pd.DataFrame, source: Source, findings: Findings) -> pd.DataFrame:
    key = list_key(source)
    uneven = long.groupby(key)["total_given"].nunique()
    for code in uneven[uneven > 1].index[:10]:
        findings.add("The area has different totals in different rows.", found=f"'{code}'")
    firsts = long.drop_duplicates(key)
    totals = firsts.assign(category="total", value=firsts["total_given"])
    return pd.concat([totals, long], ignore_index=True)


def _widen(long: pd.DataFrame, source: Source, findings: Findings) -> pd.DataFrame:
    """Turn one row per area and category into one row per area (and period)."""
    key = list_key(source)
    long = drop_duplicates(long, [*key, "category"], findings)
    if findings.problems:
        return long
    areas = long.drop_duplicates(key)[[ROW, *dict.fromkeys([*key, "area_name", "level"])]]
    wide = long.pivot_table(index=key, columns="category", values="value", aggfunc="first")
    _report_cut_areas(long, key, list(wide.columns), findings)
    options = source.require or [list(source.categories)]
    if not any(set(option) <= set(wide.columns) for option in options) and not source.axes:
        lacking = min(([i for i in o if i not in wide.columns] for o in options), key=len)
        findings.is_partial = not findings.problems
        findings.add(f"The file has no rows for these categories: {', '.join(lacking)}.")
    ordered = [id_ for id_ in source.categories if id_ in wide.columns]
    return areas.merge(wide[ordered].reset_index(), on=key, validate="one_to_one")


def _report_cut_areas(
    long: pd.DataFrame, key: list[str], categories: list[str], findings: Findings
) -> None:
    counts = long.groupby(key)["category"].size()
    short = set(counts[counts < counts.max()].index[:10])
    if not short:
        return
    for _, rows in long.groupby(key):
        first = rows.iloc[0]
        place = first["area_code"] if len(key) == 1 else tuple(first[key])
        if place in short:
            absent = [c for c in categories if c not in set(rows["category"])]
            findings.add(
                "The area lacks a row for a category: is the file cut short?",
                row=int(rows[ROW].max()),
                found=f"'{first['area_code']}'",
                expected=f"a row for {', '.join(absent)}",
            )
