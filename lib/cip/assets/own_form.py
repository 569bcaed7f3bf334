"""The form ``assets.csv``: its columns, and records written back as its rows."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cip.assets.given_points import list_point_columns
from cip.assets.named_choices import name_health_assets, name_topics, name_types
from cip.catalogue.asset_types import load_asset_types
from cip.inputs import Column

SOURCE_ID = "own"
#: A row that somebody checked within so many months is trusted, unless it says otherwise.
CHECKED_LATELY_MONTHS = 12
TOLD_BY = "Told by: "


def list_asset_columns() -> dict[str, Column]:
    """Return the columns of ``assets.csv``: one row per asset."""
    text = {"privacy": "role"}
    return {
        "asset_id": Column(
            privacy="no_contact",
            description="Short name of your own that never changes; left out, the name and the "
            "postcode stand for it.",
        ),
        "name": Column(required=True, privacy="no_contact", description="Name that people use."),
        "type": Column(
            required=True,
            **text,
            description=f"What it is; one of: {name_types().describe()}.",
        ),
        "kind": Column(
            kind="choice",
            choices=("hard", "soft"),
            description="A place or thing, or people and what they do; left out, that of its type.",
        ),
        "health_asset": Column(
            **text,
            description="Kind of health asset; left out, that of its type; one of: "
            f"{name_health_assets().describe()}.",
        ),
        "resource": Column(**text, description="What the community has with it."),
        "function": Column(
            **text,
            description="What it helps with; one or more, parted by semicolons, of: "
            f"{name_topics().describe()}.",
        ),
        "method": Column(**text, description="How people come to use it."),
        "last_reviewed": Column(
            kind="date", description="When people looked at what it does for them."
        ),
        "still_active": Column(kind="flag", description="Whether it still goes on."),
        "reviewed_by": Column(**text, description="Who looked, as a role or a group."),
        "address": Column(privacy="no_contact", description="Address, without the postcode."),
        **list_point_columns(),
        "opening": Column(**text, description="When it is open or happens."),
        "cost": Column(**text, description="What it costs, or Free."),
        "who_it_serves": Column(**text, description="Whom it is for."),
        "contact_page": Column(
            kind="link",
            privacy="no_contact",
            description="Page of the organisation, never of a person.",
        ),
        "income": Column(kind="number", minimum=0, description="Pounds a year, if known."),
        "capacity": Column(
            kind="number",
            minimum=0,
            description="How many at a time or in all, as its type counts: places, plots, beds.",
        ),
        "source": Column(**text, description="Who told of it, as a role or a list."),
        "last_checked": Column(kind="date", description="When somebody saw that this is right."),
        "confidence": Column(
            kind="choice",
            choices=("high", "medium", "low"),
            description="How sure you are; left out, high if it was checked within "
            f"{CHECKED_LATELY_MONTHS} months, else medium.",
        ),
        "shared_id": Column(
            privacy="no_contact",
            description="Its number in other registers, such as charity:1234567 or urn:100000.",
        ),
    }


def format_rows(records: pd.DataFrame) -> list[dict[str, str]]:
    """Return records as rows of the form, so that an asset can be written into the area's file.

    What a record only has from its type stays blank. Reading the rows gives the records again.

    Parameters
    ----------
    records
        Records; only those of the area's own file keep their id.
    """
    return [_format_row(item) for item in records.to_dict("records")]


def _format_row(item: Mapping[str, object]) -> dict[str, str]:
    entry = load_asset_types()[str(item["asset_type"])]
    defaults = {
        "kind": entry.kind,
        "health_asset": entry.health_asset,
        "resource": entry.resource,
        "function": "; ".join(entry.function),
        "method": entry.method,
    }
    is_given = item["located_by"] == "given"
    renamed = {
        "asset_id": str(item["asset_id"]).removeprefix(f"{SOURCE_ID}:").replace(":", "-"),
        "type": entry.label,
        "easting": item["x"] if is_given else None,
        "northing": item["y"] if is_given else None,
        "latitude": None,
        "longitude": None,
        "who_it_serves": item["serves"],
        "source": str(item["detail"]).removeprefix(TOLD_BY) if pd.notna(item["detail"]) else None,
    }
    cells = {
        name: renamed[name] if name in renamed else item[name] for name in list_asset_columns()
    }
    return {
        name: "" if cells[name] == defaults.get(name) else _write_cell(cells[name])
        for name in cells
    }


def _write_cell(value: object) -> str:
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)
