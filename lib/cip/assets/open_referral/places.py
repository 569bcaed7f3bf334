"""Where a service happens: its physical locations with their addresses and points."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any

from cip.assets.keys import digest_text
from cip.assets.public_names import find_person_in_name
from cip.errors import Problem
from cip.inputs import find_contact
from cip.postcodes import is_postcode

_PLAIN_ID = re.compile(r"[\w.-]{1,64}")
_LONGEST_LINE = 300
_NO_CELLS: dict[str, Any] = dict.fromkeys(("address", "postcode", "latitude", "longitude"))


@dataclass(frozen=True)
class Place:
    """One place of a service.

    Parameters
    ----------
    where
        Its place in the document.
    cells
        ``asset_id, address, postcode, latitude, longitude``.
    schedules
        When the service happens at this place alone.
    """

    where: str
    cells: dict[str, Any]
    schedules: list[dict[str, Any]] = field(default_factory=list)


def make_asset_id(key: str) -> str:
    """Return the id of a record; a digest where a directory's own id is not one to be shown."""
    is_plain = _PLAIN_ID.fullmatch(key) and not find_contact(key)
    return f"open_referral:{key if is_plain else digest_text(key)}"


def list_places(service: dict[str, Any], where: str) -> tuple[list[Place], list[Problem]]:
    """Return the physical places of a service, one without a place where there is none.

    Returns
    -------
    tuple
        The places; and what of them cannot be used.
    """
    problems: list[Problem] = []
    places = []
    links = service.get("service_at_locations")
    for number, link in enumerate(links if isinstance(links, list) else []):
        location = link.get("location") if isinstance(link, dict) else None
        # A location that does not say its type is taken for physical, as in earlier versions.
        if isinstance(location, dict) and location.get("location_type", "physical") == "physical":
            spot = f"{where}.service_at_locations[{number}]"
            places.append(_read_place(service, link, location, spot, problems))
    if not places:
        places = [Place(where, {"asset_id": make_asset_id(service["id"]), **_NO_CELLS})]
    return places, problems


def _read_place(
    service: dict[str, Any],
    link: dict[str, Any],
    location: dict[str, Any],
    spot: str,
    problems: list[Problem],
) -> Place:
    key = next((k for k in (link.get("id"), location.get("id")) if isinstance(k, str)), None)
    cells = {
        "asset_id": make_asset_id(key or service["id"]),
        **_read_address(location, f"{spot}.location", problems),
        "latitude": _read_degrees(location, "latitude"),
        "longitude": _read_degrees(location, "longitude"),
    }
    schedules = link.get("schedules")
    listed = [s for s in schedules if isinstance(s, dict)] if isinstance(schedules, list) else []
    return Place(f"{spot}.location", cells, listed)


def _read_degrees(location: dict[str, Any], key: str) -> float | None:
    value = location.get(key)
    try:
        number = float(value) if isinstance(value, (int, float, str)) else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _read_address(
    location: dict[str, Any], spot: str, problems: list[Problem]
) -> dict[str, str | None]:
    addresses = location.get("addresses")
    listed = [a for a in addresses if isinstance(a, dict)] if isinstance(addresses, list) else []
    # A postal address is where letters go; people go to the physical one.
    listed.sort(key=lambda item: item.get("address_type") != "physical")
    first = listed[0] if listed else {}
    lines = [_read_line(first, key) for key in ("address_1", "address_2", "city")]
    text = ", ".join(line for line in lines if line) or _read_line(location, "name")
    if text and find_person_in_name(text):
        message = "this address seems to hold a person's details, so that it is left out"
        problems.append(Problem(message, column=f"{spot}.addresses"))
        text = ""
    postcode = first.get("postal_code")
    if isinstance(postcode, str) and postcode.strip() and not is_postcode(postcode):
        message = "this is not a postcode, so that it is left out"
        problems.append(Problem(message, column=f"{spot}.addresses[0].postal_code"))
        postcode = None
    is_given = isinstance(postcode, str) and bool(postcode.strip())
    return {"address": text or None, "postcode": postcode.strip() if is_given else None}


def _read_line(holder: dict[str, Any], key: str) -> str:
    value = holder.get(key)
    return " ".join(value[:_LONGEST_LINE].split()) if isinstance(value, str) else ""
