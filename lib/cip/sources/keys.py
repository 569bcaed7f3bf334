"""What tells one row of a product's table from another."""

from __future__ import annotations

from cip.catalogue.sources import Source

#: Column of a table of events that says who reported them, until the counts are added up.
BY = "@reporter"
#: What tells one row of a table of published values from another.
VALUES_KEY = ("series_id", "area_code", "sex", "age", "period")


def list_key(source: Source) -> list[str]:
    """Return the columns that make a row of a product's table unique, until it is finished."""
    if source.kind == "lookup":
        return source.key
    if source.kind == "places":
        return ["place_id"]
    if source.kind == "values":
        return list(VALUES_KEY)
    if has_events(source):
        return ["area_code", "period", BY]
    return ["area_code", "period"] if source.has_period else ["area_code"]


def has_events(source: Source) -> bool:
    """Return True for a product that is counted up from a list of events."""
    return any(layout.kind == "events" for layout in source.layouts)
