"""Published values: one row per series, area, sex, age and period, as their publisher gives them."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from cip.catalogue.layouts import VALUE_FIELDS
from cip.catalogue.sources import Catalogue
from cip.periods import order_period
from cip.sources.areas import ROW, start_areas
from cip.sources.cells import Findings, parse_numbers, parse_text
from cip.sources.extract import Body
from cip.sources.forms import NAME
from cip.sources.matches import Match

NUMBERS = ("value", "lower_95", "upper_95", "lower_998", "upper_998", "count", "denominator")
#: Numbers in the unit of the series; the others are people.
SCALED = NUMBERS[:5]
#: Columns of a table of values, in order.
COLUMNS = ("series_id", "series_name", "area_code", "area_name", "level", *VALUE_FIELDS[2:])
#: Name and level of an area whose code is still to be found.
AREA_NAME, AREA_LEVEL = "@area_name", "@area_level"
_SHORT_YEARS = re.compile(r"([A-Z][a-z]{2}) (\d{2})[-/](\d{2})")


def build_values(
    match: Match, body: Body, catalogue: Catalogue, findings: Findings
) -> pd.DataFrame:
    """Return one row for each row of a long file of published values."""
    layout = match.form.layout
    columns = start_areas(match, body, findings)
    for id_ in VALUE_FIELDS:
        if id_ in NUMBERS:
            columns[id_] = _parse(id_, match, body, catalogue, findings)
        elif id_ != "period_order":
            cells = body.cells.get(id_, [layout.fixed.get(id_, "")] * len(body.rows))
            columns[id_] = parse_text(cells)
    _check_presence(columns, match, body, findings)
    if layout.series:
        columns["series_name"] = _name_series(columns["series_id"], layout.series, body, findings)
    columns["period_order"] = _order_periods(columns["period"], body)
    return pd.DataFrame(columns)[[ROW, *COLUMNS]]


def _parse(
    id_: str, match: Match, body: Body, catalogue: Catalogue, findings: Findings
) -> pd.Series:
    if id_ not in body.cells:
        return pd.Series([float("nan")] * len(body.rows), dtype="float64")
    numbers = parse_numbers(
        [cell.strip().removesuffix("%") for cell in body.cells[id_]],
        body.rows,
        column=body.headings[id_],
        kind="number",
        missing=catalogue.missing_values,
        findings=findings,
    )
    return numbers * match.form.layout.scale if id_ in SCALED else numbers


def _check_presence(
    columns: Mapping[str, pd.Series], match: Match, body: Body, findings: Findings
) -> None:
    """Note rows that do not say of which series and period they are."""
    for id_ in ("series_id", "period"):
        missing = columns[id_].isna().to_numpy().nonzero()[0]
        if len(missing):
            findings.add_each(
                "The row does not say which figure it is.",
                [body.rows[i] for i in missing],
                [""] * len(missing),
                column=body.headings.get(id_, id_),
            )


def _name_series(
    ids: pd.Series, names: Mapping[str, str], body: Body, findings: Findings
) -> pd.Series:
    unknown = (~ids.isin(list(names)) & ids.notna()).to_numpy().nonzero()[0]
    if len(unknown):
        findings.add_each(
            "The code of the series is not one of this publication's.",
            [body.rows[i] for i in unknown],
            [str(ids[i]) for i in unknown],
            column=body.headings["series_id"],
            expected=", ".join(names),
        )
    return ids.map(names).astype("str")


def _order_periods(periods: pd.Series, body: Body) -> pd.Series:
    """Return years as decimals: from a sortable date such as 20180000, else from the text."""
    if "period_order" in body.cells:
        dates = pd.to_numeric(pd.Series(body.cells["period_order"]), errors="coerce")
        return (dates / 10_000).astype("float64")
    return periods.map(lambda period: order_period(period) if period else float("nan")).astype(
        "float64"
    )


def build_wide_values(
    match: Match, body: Body, catalogue: Catalogue, findings: Findings
) -> pd.DataFrame:
    """Return one row per area and period of a table with periods as columns and no area codes.

    The area's name and level stay in columns of their own until its code has been found.
    """
    title = _find_titles(match)
    endings = match.form.layout.endings
    columns = [c for c in body.cells if c != NAME]
    frames = [_read_period(c, body, catalogue, findings) for c in columns]
    table = pd.concat(frames, ignore_index=True)
    ending = table[AREA_NAME].map(lambda name: next((e for e in endings if name.endswith(e)), ""))
    table[AREA_LEVEL] = ending.map({**endings, "": "district"}).astype("str")
    table[AREA_NAME] = [
        name.removesuffix(end).strip(" ,")
        for name, end in zip(table[AREA_NAME], ending, strict=True)
    ]
    table["series_id"] = re.sub(r"[^a-z0-9]+", "_", title[-1].casefold()).strip("_")
    table["series_name"] = ": ".join(title[-3:][::2] if len(title) > 2 else title)
    for id_ in ("sex", "age", "note"):
        fixed = match.form.layout.fixed.get(id_)
        table[id_] = pd.Series([fixed] * len(table), dtype="str")
    table["area_code"] = ""
    return table.reindex(columns=[ROW, AREA_NAME, AREA_LEVEL, *COLUMNS])


def _find_titles(match: Match) -> list[str]:
    above = match.table.head[: match.header_row]
    return [next((c.strip() for c in row if c.strip()), "") for row in above] or [""]


def _read_period(
    heading: str, body: Body, catalogue: Catalogue, findings: Findings
) -> pd.DataFrame:
    numbers = parse_numbers(
        [cell.strip().removesuffix("%") for cell in body.cells[heading]],
        body.rows,
        column=heading,
        kind="number",
        missing=catalogue.missing_values,
        findings=findings,
    )
    period = write_period(heading)
    return pd.DataFrame(
        {
            ROW: body.rows,
            AREA_NAME: [" ".join(name.split()) for name in body.cells[NAME]],
            "period": period,
            "period_order": order_period(period),
            "value": numbers,
        }
    )


def write_period(heading: str) -> str:
    """Return a period with its years in full.

    Examples
    --------
    >>> write_period("Nov 22-23"), write_period("2019")
    ('Nov 2022 to Nov 2023', '2019')
    """
    if found := _SHORT_YEARS.fullmatch(heading):
        return f"{found[1]} 20{found[2]} to {found[1]} 20{found[3]}"
    return heading
