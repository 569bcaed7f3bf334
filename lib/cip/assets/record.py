"""What is known of one asset: the columns that every source of assets fills in."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

#: Columns of a record, with their kind as in `cip.schemas`. A record is one asset as one source
#: tells of it; `cip.assets.settle` makes assets of records.
RECORD: dict[str, str] = {
    # The source's id and the thing's own id in it: ``places_gp:K84001``.
    "asset_id": "text",
    "name": "text",
    "asset_type": "text",  # an id of asset_types.toml
    "kind": "text",  # hard or soft
    "health_asset": "text",  # an id of the health assets of asset_types.toml
    "resource": "text",
    "function": "text",  # ids of building blocks of health, parted by "; "
    "method": "text",
    "last_reviewed": "text",  # ISO date: when people looked at what it does for them
    "still_active": "flag",
    "reviewed_by": "text",  # a role, never a person
    "address": "text",
    "postcode": "text",
    "x": "number",  # metres, EPSG:27700
    "y": "number",
    "located_by": "text",  # given, postcode; missing where there is no point
    "opening": "text",
    "cost": "text",
    "serves": "text",
    "contact_page": "text",  # an https address of an organisation
    "income": "number",  # pounds a year
    "capacity": "number",  # what the type's capacity_label says: places, chairs, seats
    "status": "text",  # open, closed, dormant, proposed; missing where the source does not say
    "detail": "text",
    "shared_id": "text",  # ids that other sources use too: ``ods:K84001; urn:123``
    "source_id": "text",  # a product of the store, or own, open_referral
    "licence": "text",
    "last_checked": "text",  # ISO date or year: when the source looked at this row
    "confidence": "text",  # high, medium, low
    "row": "count",  # row of the file, where it came from the area's own file
}

#: How a register's place without a name is called, behind the word for what it is.
NAMELESS = "(name not in the source)"
#: Between the parts of ``function`` and of ``shared_id``.
SEPARATOR = "; "

_DTYPES = {"text": "str", "number": "float64", "count": "Int64", "flag": "boolean"}


def make_records(columns: pd.DataFrame) -> pd.DataFrame:
    """Return a table with every column of a record in order and with its type.

    Columns that the source does not have are missing in every row.

    Raises
    ------
    ValueError
        If a column is not one of a record, or an id is missing or occurs twice.
    """
    if unknown := set(columns) - set(RECORD):
        raise ValueError(f"not columns of a record: {', '.join(sorted(unknown))}")
    table = columns.reindex(columns=list(RECORD)).reset_index(drop=True)
    table = table.astype({name: _DTYPES[kind] for name, kind in RECORD.items()})
    if table["asset_id"].isna().any() or table["asset_id"].duplicated().any():
        raise ValueError("every record needs an id of its own")
    return table


def join_records(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the records of several sources as one table, in the order given."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return make_records(pd.DataFrame({"asset_id": []}))
    return make_records(pd.concat(filled, ignore_index=True))


def split_parts(value: object) -> list[str]:
    """Return the parts of a cell such as ``shared_id``; none where it is missing.

    Examples
    --------
    >>> split_parts("ods:K84001; urn:123"), split_parts(None)
    (['ods:K84001', 'urn:123'], [])
    """
    if not isinstance(value, str):
        return []
    return [part.strip() for part in value.split(";") if part.strip()]
