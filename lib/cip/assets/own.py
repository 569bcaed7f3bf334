"""The community's own register of assets, ``assets.csv``: what no publisher's list knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd

from cip.assets.given_points import Window, find_bad_postcodes, read_points, write_notes
from cip.assets.keys import make_key
from cip.assets.named_choices import (
    find_unknown_names,
    name_health_assets,
    name_topics,
    name_types,
    resolve_names,
)
from cip.assets.own_form import (
    CHECKED_LATELY_MONTHS,
    SOURCE_ID,
    TOLD_BY,
    format_rows,
    list_asset_columns,
)
from cip.assets.public_names import find_person_in_name
from cip.assets.record import make_records, split_parts
from cip.catalogue.asset_types import load_asset_types
from cip.errors import Problem
from cip.inputs import read_table
from cip.sources.places import write_postcode

__all__ = ["SOURCE_ID", "format_rows", "list_asset_columns", "read_assets"]

#: What a list says of who may use what the area's own people wrote down for it.
LICENCE = "Supplied for this profile"
_SHARED_ID = re.compile(r"[a-z][a-z_]*:[\w./-]+")
_OWN_ID = re.compile(r"[A-Za-z0-9][\w.-]*")
_ODD_NAME = re.compile(r"<[A-Za-z/!]|^\s*[=+@-]")


def read_assets(
    path: Path, *, today: date, near: Window | None = None, postcodes: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, list[str]]:
    """Read the community's own register.

    What a row leaves blank of kind, health asset, resource, function and method is that of its
    type. Its confidence, if blank, is ``high`` where it was checked within
    ``CHECKED_LATELY_MONTHS`` of ``today``, else ``medium``.

    Parameters
    ----------
    path
        A CSV file in UTF-8, or an XLSX workbook, with the columns of `list_asset_columns`.
    today
        Date of the report; no check or review may be later.
    near
        Box around the area, in metres, to find points that are swapped or far away.
    postcodes
        As `cip.assets.locate.read_postcode_points` gives them, to find points that contradict
        their postcode.

    Returns
    -------
    tuple
        One record per row, in the order of the file; and what is told of single rows without
        refusing the file: points left out, and names with markup or the look of a formula.

    Raises
    ------
    ParameterError
        With every other problem of the file, among them types that are not there, details of a
        person, and two rows that stand for the same asset.
    """
    table = read_table(path, list_asset_columns(), check=lambda found: _check(found, today))
    points, notes = read_points(table, near=near, postcodes=postcodes)
    notes += _find_odd_names(table)
    return _make(table, points, today), write_notes(notes, path)


def _check(table: pd.DataFrame, today: date) -> Iterator[Problem]:
    yield from find_unknown_names(table, "type", name_types())
    yield from find_unknown_names(table, "health_asset", name_health_assets())
    yield from find_unknown_names(table, "function", name_topics(), is_list=True)
    yield from find_bad_postcodes(table)
    yield from _find_persons(table)
    yield from _find_clashes(table)
    yield from _find_doubles(table)
    for name in ("last_reviewed", "last_checked"):
        late = table[table[name] > pd.Timestamp(today)]
        for row in late["row"]:
            expected = f"a day up to the report's, {today.isoformat()}"
            yield Problem("this day has not come yet", row=int(row), column=name, expected=expected)


def _find_persons(table: pd.DataFrame) -> Iterator[Problem]:
    """Yield names and addresses that hold a person's name; titles of places are let pass."""
    for name in ("name", "address"):
        for cell, row in zip(table[name], table["row"], strict=True):
            if isinstance(cell, str) and find_person_in_name(cell):
                message = "this cell seems to hold a person's name; name the place or the group"
                yield Problem(message, row=int(row), column=name)


def _find_clashes(table: pd.DataFrame) -> Iterator[Problem]:
    types = load_asset_types()
    for item in table.itertuples():
        row = int(item.row)
        asset_type = name_types().find(item.type) if isinstance(item.type, str) else None
        if asset_type and isinstance(item.kind, str) and types[asset_type].kind != item.kind:
            expected = f"{types[asset_type].kind}, or another type"
            yield Problem(
                f"a {types[asset_type].label} is not {item.kind}",
                row=row,
                column="kind",
                expected=expected,
            )
        if isinstance(item.contact_page, str) and not item.contact_page.startswith("https://"):
            nearest = re.sub(r"^\w+://", "https://", item.contact_page)
            yield Problem(
                "this page is not read safely", row=row, column="contact_page",
                found=item.contact_page[:80], expected="an address that starts with https://",
                nearest=nearest[:80],
            )  # fmt: skip
        for part in split_parts(item.shared_id):
            if not _SHARED_ID.fullmatch(part):
                yield Problem(
                    "this is not a number of a register", row=row, column="shared_id",
                    found=part[:80], expected="the register, a colon and the number: charity:1234567",
                )  # fmt: skip


def _find_doubles(table: pd.DataFrame) -> Iterator[Problem]:
    first_rows: dict[str, int] = {}
    for key, item in zip(_make_ids(table), table.itertuples(), strict=True):
        row = int(item.row)
        if isinstance(item.asset_id, str):
            column, what = "asset_id", "this id stands"
            if not _OWN_ID.fullmatch(item.asset_id):
                yield Problem(
                    "this id cannot be used", row=row, column=column, found=item.asset_id[:80],
                    expected="letters, digits, hyphens, underscores and full stops",
                )  # fmt: skip
        elif pd.isna(item.name):
            continue
        else:
            column, what = "name", "this name and postcode stand"
        if (other := first_rows.setdefault(key, row)) != row:
            yield Problem(
                f"{what} in row {other} already",
                row=row,
                column=column,
                expected="one row per asset, or an asset_id that tells the two apart",
            )


def _make_ids(table: pd.DataFrame) -> list[str]:
    """Return an id for each row: its own, else its name and postcode, whatever the rows' order."""
    cells = zip(table["asset_id"], table["name"], table["postcode"], strict=True)
    return [
        f"{SOURCE_ID}:{own}" if isinstance(own, str)
        else f"{SOURCE_ID}:{make_key(name, _squeeze(postcode))}"
        for own, name, postcode in cells
    ]  # fmt: skip


def _squeeze(postcode: object) -> object:
    return write_postcode(postcode).replace(" ", "") if isinstance(postcode, str) else postcode


def _find_odd_names(table: pd.DataFrame) -> list[Problem]:
    is_odd = table["name"].str.contains(_ODD_NAME)
    message = "this name holds markup or looks like a formula; it is shown as it was typed"
    return [Problem(message, row=int(row), column="name") for row in table.loc[is_odd, "row"]]


def _make(table: pd.DataFrame, points: pd.DataFrame, today: date) -> pd.DataFrame:
    types = load_asset_types()
    asset_type = resolve_names(table["type"], name_types())

    def fill(cells: pd.Series, field: str) -> pd.Series:
        return cells.where(cells.notna(), asset_type.map(lambda n: getattr(types[n], field)))

    function = asset_type.map(lambda name: "; ".join(types[name].function))
    own_function = resolve_names(table["function"], name_topics(), is_list=True)
    return make_records(
        pd.DataFrame(
            {
                "asset_id": _make_ids(table),
                "name": table["name"],
                "asset_type": asset_type,
                "kind": fill(table["kind"], "kind"),
                "health_asset": fill(
                    resolve_names(table["health_asset"], name_health_assets()), "health_asset"
                ),
                "resource": fill(table["resource"], "resource"),
                "function": own_function.where(own_function.notna(), function),
                "method": fill(table["method"], "method"),
                "last_reviewed": _write_dates(table["last_reviewed"]),
                "still_active": table["still_active"],
                "reviewed_by": table["reviewed_by"],
                "address": table["address"],
                **{name: points[name] for name in ("postcode", "x", "y", "located_by")},
                "opening": table["opening"],
                "cost": table["cost"],
                "serves": table["who_it_serves"],
                "contact_page": table["contact_page"],
                "income": table["income"],
                "capacity": table["capacity"],
                "detail": (TOLD_BY + table["source"]).where(table["source"].notna()),
                "shared_id": table["shared_id"],
                "source_id": SOURCE_ID,
                "licence": LICENCE,
                "last_checked": _write_dates(table["last_checked"]),
                "confidence": _judge_confidence(table, today),
                "row": table["row"],
            }
        )
    )


def _write_dates(days: pd.Series) -> pd.Series:
    return days.dt.strftime("%Y-%m-%d").astype("str")


def _judge_confidence(table: pd.DataFrame, today: date) -> pd.Series:
    since = pd.Timestamp(today) - pd.DateOffset(months=CHECKED_LATELY_MONTHS)
    judged = (table["last_checked"] >= since).map({True: "high", False: "medium"})
    return table["confidence"].where(table["confidence"].notna(), judged)
