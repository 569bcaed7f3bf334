"""Services of a directory as records of assets; persons and their numbers are never read."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from cip.assets.given_points import Window, read_points
from cip.assets.open_referral.check import check_service, list_services, read_document
from cip.assets.open_referral.describe import (
    MOST_READ,
    describe_cost,
    describe_service,
    is_audience,
    pick_date,
    pick_page,
)
from cip.assets.open_referral.places import Place, list_places
from cip.assets.open_referral.schedules import describe_schedules
from cip.assets.open_referral.vocabulary import find_topics, find_type
from cip.assets.public_names import find_person_in_name
from cip.assets.record import SEPARATOR, make_records
from cip.catalogue.asset_types import load_asset_types
from cip.errors import ParameterError, Problem
from cip.inputs import find_person

SOURCE_ID = "open_referral"
#: As for the community's own register: checked within so many months is checked lately.
CHECKED_LATELY_MONTHS = 12
_UNTYPED_WITH_TIMES, _UNTYPED = "activity", "organisation"


def import_services(
    path: Path, *, today: date, near: Window | None = None, postcodes: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, list[str]]:
    """Read services in the form of Open Referral UK, version 3, as records of assets.

    Active services alone are taken, one record for each physical place at which a service happens,
    and one without a place where there is none. Contacts, telephone numbers and e-mail addresses
    are not read; a text that holds such details, or a person named with a title, is left out.

    Parameters
    ----------
    path
        JSON: one service, a list of them, or a page of them.
    today
        Date of the report: schedules and prices that ended before it are left out, and a service
        assured within ``CHECKED_LATELY_MONTHS`` of it has ``high`` confidence, any other
        ``medium``.
    near, postcodes
        As for `cip.assets.own.read_assets`.

    Returns
    -------
    tuple
        The records, in the order of the file; and what a reader should know: services that are
        left out, and how the file differs from the form (each kind of difference once, with the
        first place and how often). What cannot be used is left out; the rest of the service is not.

    Raises
    ------
    ParameterError
        If the file is not JSON, holds no services, or none that can be used.
    """
    try:
        services = list_services(read_document(path))
    except ParameterError as error:
        raise ParameterError([replace(p, file=p.file or path) for p in error.problems]) from None
    notes = _Notes(path)
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    for place, service in services:
        for problem in check_service(service, place):
            notes.add(problem)
        if (fault := _find_fault(service, seen)) is None:
            rows += _read_service(service, place, today, notes)
        elif fault != _NOT_ACTIVE:
            notes.add(Problem(fault, column=place))
    inactive = sum(_find_fault(service, set()) == _NOT_ACTIVE for _, service in services)
    if services and not rows and not inactive:
        raise ParameterError([replace(problem, file=path) for problem in notes.first.values()])
    records = _make(rows, near, postcodes, notes)
    return records, notes.write(inactive)


_LONGEST_NAME = 300
_NOT_ACTIVE = "this service is not active"


def _find_fault(service: Any, seen: set[str]) -> str | None:
    """Return why a service is left out, or None; remembers its id."""
    if not isinstance(service, dict):
        return "this is not a service, so that it is left out"
    key, name = service.get("id"), service.get("name")
    if not isinstance(key, str) or not key.strip():
        return "this service has no id, so that it is left out"
    if not isinstance(name, str) or not name.strip():
        return "this service has no name, so that it is left out"
    if len(name) > _LONGEST_NAME:
        return "the name of this service is too long, so that it is left out"
    if service.get("status") != "active":
        return _NOT_ACTIVE
    if find_person_in_name(name):
        return "the name of this service seems to hold a person's details, so that it is left out"
    if key in seen:
        return "this service stands in the file already, so that it is left out"
    seen.add(key)
    return None


class _Notes:
    """What is told of a file: each kind of difference once, with its first place."""

    def __init__(self, path: Path):
        self._file = path.name
        self._counts: Counter[tuple[str, str]] = Counter()
        self.first: dict[tuple[str, str], Problem] = {}

    def add(self, problem: Problem) -> None:
        kind = (re.sub(r"\[\d+\]", "[]", problem.column or ""), problem.message)
        self._counts[kind] += 1
        self.first.setdefault(kind, problem)

    def write(self, inactive: int) -> list[str]:
        lines = []
        if inactive:
            words = "1 service is" if inactive == 1 else f"{inactive:,} services are"
            lines.append(f"{self._file}: {words} not active and left out.")
        for kind, problem in self.first.items():
            more = self._counts[kind] - 1
            again = f" {more:,} more of this kind." if more else ""
            lines.append(f"{replace(problem, file=self._file)}{again}")
        return lines


def _read_service(
    service: dict[str, Any], where: str, today: date, notes: _Notes
) -> list[dict[str, Any]]:
    attributes = _list_dicts(service.get("attributes"))
    schedules = _list_dicts(service.get("schedules"))
    classes = [item for item in attributes if not is_audience(item)]
    asset_type = find_type(classes)
    shared = {
        "name": " ".join(service["name"].split()),
        "asset_type": asset_type or (_UNTYPED_WITH_TIMES if schedules else _UNTYPED),
        "function": SEPARATOR.join(find_topics(classes)) or None,
        "opening": describe_schedules(schedules, today),
        "cost": describe_cost(service, today),
        "contact_page": pick_page(service),
        "last_checked": pick_date(service),
        "confidence": _judge(pick_date(service), today),
        **describe_service(service, attributes),
    }
    for key in ("description", "fees", "fees_description", "eligibility_description"):
        if isinstance(text := service.get(key), str) and find_person(text[:MOST_READ]):
            message = "sentences of this text that seem to hold a person's details are left out"
            notes.add(Problem(message, column=f"{where}.{key}"))
    if service.get("url") and shared["contact_page"] != service["url"]:
        expected = "an address that starts with https://"
        message = "this address is not shown"
        notes.add(Problem(message, column=f"{where}.url", expected=expected))
    places, problems = list_places(service, where)
    for problem in problems:
        notes.add(problem)
    return [_read_place(shared, place, asset_type, today) for place in places]


def _read_place(
    shared: dict[str, Any], place: Place, asset_type: str | None, today: date
) -> dict[str, Any]:
    own = describe_schedules(place.schedules, today)
    # Times of this place alone go before those of the whole service.
    row = {**shared, **place.cells, "opening": own or shared["opening"], "where": place.where}
    if own and asset_type is None:
        row["asset_type"] = _UNTYPED_WITH_TIMES
    return row


def _judge(checked: str | None, today: date) -> str:
    since = pd.Timestamp(today) - pd.DateOffset(months=CHECKED_LATELY_MONTHS)
    return "high" if checked is not None and pd.Timestamp(checked) >= since else "medium"


def _list_dicts(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _make(
    rows: list[dict[str, Any]],
    near: Window | None,
    postcodes: pd.DataFrame | None,
    notes: _Notes,
) -> pd.DataFrame:
    columns = ["asset_id", "name", "asset_type", "function", "resource", "opening", "latitude"]
    table = pd.DataFrame(rows, columns=list(dict.fromkeys([*columns, *_LATER, *_keys(rows)])))
    points, left_out = read_points(
        table.assign(easting=float("nan"), northing=float("nan"), row=range(len(table))).astype(
            {"latitude": "float64", "longitude": "float64", "postcode": "str"}
        ),
        near=near,
        postcodes=postcodes,
    )
    for note in left_out:
        where = f"{table['where'].iloc[note.row or 0]}.{note.column}"
        notes.add(replace(note, row=None, column=where))
    types = load_asset_types()
    entries = [types[name] for name in table["asset_type"]]
    own = table[["function", "resource"]]
    table = table.drop(columns=["latitude", "longitude", "where"]).assign(
        **{name: points[name] for name in ("postcode", "x", "y", "located_by")},
        kind=[entry.kind for entry in entries],
        health_asset=[entry.health_asset for entry in entries],
        method=[entry.method for entry in entries],
        resource=own["resource"].where(own["resource"].notna(), [e.resource for e in entries]),
        function=own["function"].where(
            own["function"].notna(), [SEPARATOR.join(e.function) for e in entries]
        ),
        status="open",
        source_id=SOURCE_ID,
    )
    return make_records(_drop_doubles(table))


_LATER = ("longitude", "postcode", "where")


def _keys(rows: list[dict[str, Any]]) -> list[str]:
    return list(rows[0]) if rows else []


def _drop_doubles(table: pd.DataFrame) -> pd.DataFrame:
    """Give places that share an id a number, so that none of them is lost."""
    again = table.groupby("asset_id").cumcount()
    numbered = table["asset_id"] + (":" + (again + 1).astype(str)).where(again > 0, "")
    return table.assign(asset_id=numbered.astype("str"))
