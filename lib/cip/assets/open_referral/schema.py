"""JSON Schema of the parts of a service that are read and written here.

Written for this workbook from the objects, fields and required fields of the UK profile of the
Human Services Data Specification, version 3.0; not a copy of its schema. Fields that are not named
here are let pass. Persons and their numbers (contacts, phones, e-mail addresses) are left out on
purpose, so that nothing reads them.
"""

from __future__ import annotations

from typing import Any

STATUSES = ("active", "inactive", "defunct", "temporarily closed")
LOCATION_TYPES = ("physical", "postal", "virtual")
FREQUENCIES = ("WEEKLY", "MONTHLY")
_DIALECT = "https://json-schema.org/draft/2020-12/schema"

_TEXT: dict[str, Any] = {"type": "string"}
_FILLED = {"type": "string", "minLength": 1}
_NUMBER = {"type": "number"}
_ID = {"type": "string", "format": "uuid"}
_DATE = {"type": "string", "format": "date"}
_STAMP = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}([T ].*)?$"}
_TIME = {
    "type": "string",
    "pattern": r"^([01]\d|2[0-4]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$",
}
_ADDRESS = {"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$"}
_DAY, _MONTH_DAY = r"[+-]?\d{0,2}[A-Z]{2}", r"-?\d{1,2}"
_DAYS = {"type": "string", "pattern": rf"^\s*{_DAY}(\s*,\s*{_DAY})*\s*$"}
_MONTH_DAYS = {"type": "string", "pattern": rf"^\s*{_MONTH_DAY}(\s*,\s*{_MONTH_DAY})*\s*$"}


def _object(required: tuple[str, ...] = ("id",), **properties: dict[str, Any]) -> dict[str, Any]:
    fields = {"id": _ID, **properties}
    return {"type": "object", "properties": fields, "required": list(required)}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_TERM = _object(
    ("id", "name", "description"),
    code=_TEXT, name=_FILLED, description=_TEXT, taxonomy=_TEXT, taxonomy_id=_ID, parent_id=_ID,
)  # fmt: skip
_ATTRIBUTE = _object(
    link_id=_ID, taxonomy_term_id=_ID, link_type=_TEXT, link_entity=_TEXT, value=_TEXT, label=_TEXT,
    taxonomy_term=_TERM,
)  # fmt: skip
_SCHEDULE = _object(
    valid_from=_DATE, valid_to=_DATE, dtstart=_DATE, freq={"enum": list(FREQUENCIES)},
    interval={"type": "number", "exclusiveMinimum": 0}, byday=_DAYS, bymonthday=_MONTH_DAYS,
    opens_at=_TIME, closes_at=_TIME, description=_TEXT,
)  # fmt: skip
_COST_OPTION = _object(
    valid_from=_DATE, valid_to=_DATE, option=_TEXT, currency=_TEXT, amount=_NUMBER,
    amount_description=_TEXT,
)  # fmt: skip
_POSTAL = _object(
    ("id", "address_1", "city", "state_province", "postal_code", "country", "address_type"),
    address_1=_FILLED, address_2=_TEXT, city=_FILLED, region=_TEXT, state_province=_TEXT,
    postal_code=_FILLED, country={"type": "string", "minLength": 2},
    address_type={"enum": list(LOCATION_TYPES)},
)  # fmt: skip
_LOCATION = _object(
    ("id", "location_type"),
    location_type={"enum": list(LOCATION_TYPES)}, name=_TEXT, description=_TEXT,
    latitude={"type": "number", "minimum": -90, "maximum": 90},
    longitude={"type": "number", "minimum": -180, "maximum": 180},
    addresses=_list(_POSTAL), schedules=_list(_SCHEDULE), attributes=_list(_ATTRIBUTE),
)  # fmt: skip
_SERVICE_AT_LOCATION = _object(
    service_id=_ID, location_id=_ID, description=_TEXT, location=_LOCATION,
    schedules=_list(_SCHEDULE), attributes=_list(_ATTRIBUTE),
)  # fmt: skip
_ORGANISATION = _object(
    ("id", "name", "description"), name=_FILLED, description=_TEXT, website=_ADDRESS, uri=_ADDRESS
)
#: One service with everything that hangs on it.
SERVICE: dict[str, Any] = {
    "$schema": _DIALECT,
    **_object(
        ("id", "name", "status"),
        name=_FILLED, description=_TEXT, url=_ADDRESS, status={"enum": list(STATUSES)}, fees=_TEXT,
        fees_description=_TEXT, eligibility_description=_TEXT, minimum_age=_NUMBER,
        maximum_age=_NUMBER, assured_date=_DATE, last_modified=_STAMP, organization_id=_ID,
        organization=_ORGANISATION, service_at_locations=_list(_SERVICE_AT_LOCATION),
        schedules=_list(_SCHEDULE), cost_options=_list(_COST_OPTION), attributes=_list(_ATTRIBUTE),
    ),
}  # fmt: skip
#: One of the vocabularies that terms are taken from.
TAXONOMY: dict[str, Any] = {
    "$schema": _DIALECT,
    **_object(
        ("id", "name", "description"),
        name=_FILLED, description=_FILLED, uri=_ADDRESS, version=_TEXT, taxonomy_terms=_list(_TERM),
    ),
}  # fmt: skip
