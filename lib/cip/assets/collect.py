"""Assets from the registers of the store: every product that a type of asset names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow.compute as pc

from cip.assets.locate import (
    BY_OUTPUT_AREA,
    BY_POSTCODE,
    locate_records,
    read_postcode_points,
)
from cip.assets.record import NAMELESS, SEPARATOR, make_records
from cip.assets.vintage import find_vintage
from cip.catalogue.asset_types import AssetType, load_asset_types
from cip.catalogue.sources import load_sources
from cip.errors import Problem, SourceError
from cip.postcodes import tidy_postcode
from cip.store import Store

Window = tuple[float, float, float, float]

#: OpenStreetMap's places: their type is that of ``asset_types.toml``, and volunteers keep them.
OSM = "osm_places"
#: States of a place that is not there to be used.
LEFT_OUT = ("closed", "dormant", "proposed")
#: A list of this age or older says little of today.
OLD_YEARS = 5
#: Columns of a record that its type gives, and those that a place gives as they are.
_OF_TYPE = ("kind", "health_asset", "resource", "function", "method")
_AS_THEY_ARE = ("address", "postcode", "x", "y", "opening", "income", "status")
_COLUMNS = (
    "place_id", "name", "place_type", "status", "address", "postcode", "x", "y",
    "opening", "website", "income", "capacity", "detail", "shared_id",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Collected:
    """What the registers of a store hold, read once.

    Parameters
    ----------
    records
        What is open, or not said to be closed: one row per place and register
        (`cip.assets.record`), register by register.
    closed
        What a register, OpenStreetMap apart, says is closed: the same columns.
    """

    records: pd.DataFrame
    closed: pd.DataFrame


def collect_records(store: Store, window: Window | None = None) -> pd.DataFrame:
    """Return the assets of every register in the store that are open, or not said to be closed.

    They are the ``records`` of `collect_places`.
    """
    return collect_places(store, window).records


def collect_places(store: Store, window: Window | None = None) -> Collected:
    """Return the assets of every register in the store, and what registers call closed.

    A place without coordinates is placed by its postcode first. With a window, places outside it
    are left out; an open one that cannot be placed is kept when it may be inside: it has no
    postcode, or one of a postcode district that the window has.

    Parameters
    ----------
    window
        West, south, east and north in metres (EPSG:27700); None for everything.

    Notes
    -----
    What a place does not say of itself (kind, resource, function, method) is that of its type.

    ``confidence`` is low for a place without a name, without a point or with that of its output
    area, and for a list that was five years old or older when the store was filled; else medium
    for one placed by its postcode and for OpenStreetMap, which volunteers keep; else high.
    ``last_checked`` is the age of the list: see `cip.assets.vintage`.
    """
    points = read_postcode_points(store)
    found = [_collect(store, product, window) for product in list_registers(store)]
    is_closed = [part["status"] == "closed" for part in found]
    pairs = list(zip(found, is_closed, strict=True))
    records = _make_records([part[~closed] for part, closed in pairs], points)
    gone = _make_records([part[closed] for part, closed in pairs], points)
    if window is not None:
        records = records[_may_be_inside(records, window, points)].reset_index(drop=True)
        gone = gone[_is_inside(gone, window)]
    return Collected(records, gone[gone["x"].notna()].reset_index(drop=True))


def _make_records(found: Sequence[pd.DataFrame], points: pd.DataFrame) -> pd.DataFrame:
    """Return the places of some registers, each with its point if it has one."""
    parts = [part for part in found if len(part)]
    if not parts:
        return make_records(pd.DataFrame({"asset_id": []}))
    table = pd.concat(parts, ignore_index=True)
    is_nameless, days = table.pop("is_nameless"), table.pop("fetched_on")
    of_type = {name: table["asset_type"].map(_list_of_types(name)) for name in _OF_TYPE}
    records, _ = locate_records(make_records(table.assign(**of_type)), points)
    records["confidence"] = _rate(records, days, is_nameless)
    return records


def count_left_out(store: Store) -> pd.DataFrame:
    """Return how many places of each register are not there to be used.

    Returns
    -------
    DataFrame
        One row per product: ``source_id``, ``closed``, ``dormant``, ``proposed``.
    """
    rows = []
    for product in list_registers(store):
        states = store.read_arrays(product, ["status"])["status"]
        counts = {state: int((states == state).sum()) for state in LEFT_OUT}
        rows.append({"source_id": product, **counts})
    return pd.DataFrame(rows, columns=["source_id", *LEFT_OUT])


def count_other_types(store: Store) -> pd.DataFrame:
    """Return the open places of each register that are of a type that is no asset.

    Returns
    -------
    DataFrame
        One row per product and type: ``source_id``, ``place_type`` (the register's own word),
        ``places``.
    """
    rows = []
    for product in list_registers(store):
        table = store.read(product, ["status", "place_type"])
        table = table[~table["status"].isin(LEFT_OUT)]
        other = table.loc[choose_types(product, table["place_type"]).isna(), "place_type"]
        for place_type, number in other.fillna("type not stated").value_counts().items():
            rows.append({"source_id": product, "place_type": place_type, "places": int(number)})
    return pd.DataFrame(rows, columns=["source_id", "place_type", "places"])


def list_registers(store: Store) -> list[str]:
    """Return the products of the store that a type of asset names, and OpenStreetMap's places."""
    named = {s.product for entry in load_asset_types().values() for s in entry.sources}
    return [
        product for product in load_sources() if product in named | {OSM} and store.has(product)
    ]


def choose_types(product: str, place_types: pd.Series) -> pd.Series:
    """Return the type of asset of every place of a product; missing where it is none."""
    types = load_asset_types()
    if product == OSM:
        return place_types.where(place_types.isin(list(types))).astype("str")
    by_name: dict[str, str] = {}
    others: str | None = None
    for entry in types.values():
        for selection in (s for s in entry.sources if s.product == product):
            by_name |= dict.fromkeys(selection.place_types, entry.id)
            others = others if selection.place_types else entry.id
    found = place_types.map(by_name).astype("str")
    return found.fillna(others) if others else found


def _collect(store: Store, product: str, window: Window | None) -> pd.DataFrame:
    """Return the open and the closed places of one register with what is known, not yet located.

    OpenStreetMap's closed places are left out: only a register is asked what is closed.
    """
    places = _read_places(store, product, window)
    types = choose_types(product, places["place_type"])
    states = places["status"]
    is_open = ~states.isin(LEFT_OUT)
    is_kept = types.notna() & (is_open if product == OSM else is_open | (states == "closed"))
    places, types = places[is_kept].reset_index(drop=True), types[is_kept].reset_index(drop=True)
    return _describe_places(store, product, places, types)


def _read_places(store: Store, product: str, window: Window | None) -> pd.DataFrame:
    """Return the places inside a window and those without a point.

    The table is filtered before it is made of text: a national register has half a million rows.
    """
    inside = None
    if window is not None:
        west, south, east, north = window
        x, y = pc.field("x"), pc.field("y")
        inside = (x >= west) & (x <= east) & (y >= south) & (y <= north) | x.is_null()
    try:
        held = set(store.columns(product))
        present = [name for name in _COLUMNS if name in held]
        table = pd.read_parquet(store.path(product), columns=present, filters=inside)
    except (OSError, ValueError) as error:
        raise SourceError(
            Problem(
                f"The table of '{product}' is missing or damaged. Fetch it again.",
                file=store.path(product),
            )
        ) from error
    return table.reindex(columns=list(_COLUMNS))


def _describe_places(
    store: Store, product: str, places: pd.DataFrame, types: pd.Series
) -> pd.DataFrame:
    entry = store.entry(product)
    scheme = "osm" if product == OSM else load_sources()[product].id_scheme
    has_capacity = types.map({t.id: bool(t.capacity_label) for t in load_asset_types().values()})
    return pd.DataFrame(
        {
            **{name: places[name] for name in _AS_THEY_ARE},
            "asset_id": product + ":" + places["place_id"],
            "name": places["name"].fillna(_name_nameless(product, places, types)),
            "asset_type": types,
            "contact_page": places["website"],
            "capacity": places["capacity"].where(has_capacity.astype(bool)),
            "detail": _describe_detail(store, product, places),
            "shared_id": _share_ids(scheme, places),
            "source_id": product,
            "licence": entry.licence,
            "last_checked": find_vintage(store, product),
            "is_nameless": places["name"].isna(),
            "fetched_on": entry.fetched_at[:10],
        }
    )


def _share_ids(scheme: str, places: pd.DataFrame) -> pd.Series:
    """Return the ids by which other sources may know a place: its own, and those it names."""
    others = places["shared_id"].astype("str")
    if not scheme:
        return others
    own = (f"{scheme}:" + places["place_id"]).astype("str")
    return own + (SEPARATOR + others).fillna("")


def _list_of_types(name: str) -> dict[str, str]:
    """Return a property of every type of asset by its id, several joined."""

    def write(entry: AssetType) -> str:
        value = getattr(entry, name)
        return SEPARATOR.join(value) if isinstance(value, tuple) else value

    return {entry.id: write(entry) for entry in load_asset_types().values()}


def _name_nameless(product: str, places: pd.DataFrame, types: pd.Series) -> pd.Series:
    labels = types.map(_list_of_types("label"))
    labels = labels.str[:1].str.upper() + labels.str[1:]
    if product == OSM:
        return labels
    return places["place_type"].fillna(labels) + f" {NAMELESS}"


def _describe_detail(store: Store, product: str, places: pd.DataFrame) -> pd.Series:
    """Return what a register says beside all else, after its own word for the type if it has one."""
    used = {file.layout for file in store.entry(product).files}
    layouts = [layout for layout in load_sources()[product].layouts if layout.id in used]
    if product == OSM or any("place_type" in layout.fixed for layout in layouts):
        return places["detail"]
    words = places["place_type"].mask(places["place_type"].str.casefold() == "unknown")
    both = (words + ". " + places["detail"]).astype("str")
    return both.fillna(words).fillna(places["detail"])


def _rate(records: pd.DataFrame, fetched_on: pd.Series, is_nameless: pd.Series) -> pd.Series:
    checked = records["last_checked"]
    # A year alone stands for its last day, so that no list is called older than it is.
    limit = (fetched_on.str[:4].astype(int) - OLD_YEARS).astype("str") + fetched_on.str[4:]
    is_old = checked.where(checked.str.len() != 4, checked + "-12-31") < limit
    is_low = is_nameless | is_old | records["x"].isna() | (records["located_by"] == BY_OUTPUT_AREA)
    is_medium = (records["located_by"] == BY_POSTCODE) | (records["source_id"] == OSM)
    rated = pd.Series("high", index=records.index, dtype="str")
    return rated.mask(is_medium, "medium").mask(is_low.fillna(False).astype(bool), "low")


def _may_be_inside(records: pd.DataFrame, window: Window, points: pd.DataFrame) -> pd.Series:
    if points.empty:
        return records["x"].isna() | _is_inside(records, window)
    is_inside = _is_inside(records, window)
    here = {code[:-3] for code in points.index[_is_inside(points, window)]}
    here |= {tidy_postcode(p)[:-3] for p in records.loc[is_inside, "postcode"].dropna()}
    unplaced = records.loc[records["x"].isna(), "postcode"]
    district = unplaced.map(lambda p: tidy_postcode(p)[:-3], na_action="ignore")
    may_be = district.isna() | district.isin(here)
    return is_inside | may_be.reindex(records.index, fill_value=False)


def _is_inside(table: pd.DataFrame, window: Window) -> pd.Series:
    west, south, east, north = window
    return table["x"].between(west, east) & table["y"].between(south, north)
