"""Assets as services in the form of Open Referral UK, the same bytes every time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from cip.assets.given_points import find_degrees
from cip.assets.open_referral.check import validate_services
from cip.assets.open_referral.describe import RUN_BY
from cip.assets.open_referral.schedules import read_opening
from cip.assets.open_referral.vocabulary import TOPICS, TYPES, build_term, make_id
from cip.assets.record import split_parts
from cip.catalogue.asset_types import load_asset_types
from cip.catalogue.open_referral import load_open_referral
from cip.errors import ExportError


def export_services(
    assets: pd.DataFrame,
    *,
    area_id: str,
    organisation: str,
    town: str,
    county: str,
    is_own_only: bool = False,
) -> dict[str, Any]:
    """Return a page of services in the form of Open Referral UK, version 3.

    Soft assets are listed, single people apart, and hard ones that people go to for a service
    (``catalogue/open_referral.toml``). No telephone number, e-mail address or person is written:
    the register holds none. What is known to be no longer active is ``inactive``.

    Parameters
    ----------
    assets
        One row per asset of the table ``assets``.
    area_id
        Id of the profile: ids are made of it and of the asset's id, so that they stay the same.
    organisation
        Who keeps the register. It stands as the organisation of what is not one itself, and says
        there that it only keeps the list.
    town, county
        The form wants both in every address; the town stands where an address names none.
    is_own_only
        Leave out what comes from publishers' registers and OpenStreetMap.

    Returns
    -------
    dict
        A page with ``contents``, sorted by name.

    Raises
    ------
    ExportError
        If what was made does not fit the form: a mistake of this workbook.
    """
    listed = _choose(assets, is_own_only)
    keeper = {
        "id": make_id(area_id, "keeper", organisation),
        "name": organisation,
        "description": "Keeps the register in which this is listed; it need not run it.",
    }
    makers = _Makers(area_id, keeper, town, county)
    services = [makers.make_service(item) for item in listed.to_dict("records")]
    services.sort(key=lambda service: (service["name"].casefold(), service["id"]))
    number = len(services)
    page = {
        "total_items": number, "total_pages": 1, "page_number": 1, "size": number,
        "first_page": True, "last_page": True, "empty": number == 0, "contents": services,
    }  # fmt: skip
    if problems := validate_services(page):
        raise ExportError(problems)
    return page


def write_services(path: Path, page: Mapping[str, Any]) -> Path:
    """Write a page of services as JSON in UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(page, ensure_ascii=False, indent=2, allow_nan=False)
    path.write_text(f"{text}\n", encoding="utf-8", newline="\n")
    return path


def _choose(assets: pd.DataFrame, is_own_only: bool) -> pd.DataFrame:
    export = load_open_referral().export
    is_listed = assets["kind"].eq("soft") | assets["asset_type"].isin(export.hard_types)
    is_listed &= ~assets["asset_type"].isin(export.left_out_types)
    if is_own_only:
        is_listed &= assets["source_id"].isin(["own", "open_referral"])
    return assets[is_listed]


class _Makers:
    """What turns one asset after another into a service."""

    def __init__(self, area_id: str, keeper: dict[str, Any], town: str, county: str):
        self._area_id = area_id
        self._keeper = keeper
        self._town = town
        self._county = county

    def make_service(self, item: dict[str, Any]) -> dict[str, Any]:
        """Return one service with its organisation, place, times, cost and terms."""
        item = {name: None if pd.isna(value) else value for name, value in item.items()}
        service_id = self._id(item, "service")
        checked = item["last_checked"] or ""
        terms = [(TYPES, item["asset_type"]), *((TOPICS, t) for t in split_parts(item["function"]))]
        service = {
            "id": service_id,
            "name": item["name"] or load_asset_types()[item["asset_type"]].label,
            "description": _describe(item),
            "url": item["contact_page"],
            "status": "inactive" if item["still_active"] is False else "active",
            "fees_description": item["cost"],
            "eligibility_description": item["serves"],
            # A year alone is not a day.
            "assured_date": checked if len(checked) == 10 else None,
            "organization": self._make_organisation(item),
            "schedules": self._make_schedules(item),
            "cost_options": self._make_costs(item),
            "service_at_locations": self._make_places(item, service_id),
            "attributes": [
                {
                    "id": self._id(item, "attribute", *term),
                    "link_id": service_id,
                    "link_entity": "service",
                    "link_type": "asset_type" if term[0] == TYPES else "building_block",
                    "taxonomy_term_id": build_term(*term)["id"],
                    "taxonomy_term": build_term(*term),
                }
                for term in terms
            ],
        }
        return {name: value for name, value in service.items() if value not in (None, [])}

    def _id(self, item: dict[str, Any], *words: str) -> str:
        return make_id(self._area_id, str(item["asset_id"]), *words)

    def _make_organisation(self, item: dict[str, Any]) -> dict[str, Any]:
        entry = load_asset_types()[item["asset_type"]]
        if (detail := item["detail"] or "").startswith(RUN_BY):
            name = detail.removeprefix(RUN_BY)
            words = f"Runs {item['name'] or entry.label}."
            return {
                "id": make_id(self._area_id, "runner", name),
                "name": name,
                "description": words,
            }
        if not item["name"] or not (
            entry.is_group or entry.kind == "hard" or entry.id == "organisation"
        ):
            return self._keeper
        organisation = {
            "id": self._id(item, "organization"),
            "name": item["name"],
            "description": _describe(item),
            "website": item["contact_page"],
        }
        return {name: value for name, value in organisation.items() if value}

    def _make_schedules(self, item: dict[str, Any]) -> list[dict[str, Any]]:
        if not item["opening"]:
            return []
        # Words that are no rule are still a schedule: the form has a place for them.
        rules = read_opening(item["opening"]) or [{"description": item["opening"]}]
        return [{"id": self._id(item, "schedule", str(n)), **rule} for n, rule in enumerate(rules)]

    def _make_costs(self, item: dict[str, Any]) -> list[dict[str, Any]]:
        if (item["cost"] or "").strip().casefold() != "free":
            return []
        return [{"id": self._id(item, "cost"), "amount": 0, "currency": "GBP"}]

    def _make_places(self, item: dict[str, Any], service_id: str) -> list[dict[str, Any]]:
        has_point = item["x"] is not None and item["y"] is not None
        if not (has_point or item["postcode"] or item["address"]):
            return []
        location_id = self._id(item, "location")
        degrees = find_degrees(item["x"], item["y"]) if has_point else ()
        location = {
            "id": location_id,
            "location_type": "physical",
            "name": item["address"] or item["name"] or "",
            **dict(zip(("latitude", "longitude"), degrees, strict=False)),
            **self._make_addresses(item),
        }
        link = {
            "id": self._id(item, "place"),
            "service_id": service_id,
            "location_id": location_id,
            "location": location,
        }
        return [link]

    def _make_addresses(self, item: dict[str, Any]) -> dict[str, Any]:
        # The form has no address without a postcode.
        if not item["postcode"]:
            return {}
        text = item["address"] or item["name"] or self._town
        line, comma, last = text.rpartition(", ")
        first, town = (line, last) if comma and line and last else (text, self._town)
        address = {
            "id": self._id(item, "address"),
            "address_1": first,
            "city": town,
            "state_province": self._county,
            "postal_code": item["postcode"],
            "country": "GB",
            "address_type": "physical",
        }
        return {"addresses": [address]}


def _describe(item: dict[str, Any]) -> str:
    """Return what an asset is for, and where it is known from when not from the area itself."""
    parts = [item["resource"], item["method"]]
    parts += [item["detail"]] if not (item["detail"] or "").startswith(RUN_BY) else []
    if item["source_id"] not in ("own", "open_referral") and item["licence"]:
        parts.append(f"Licence of the entry: {item['licence']}")
    return ". ".join(part.rstrip(".") for part in parts if part) + "."
