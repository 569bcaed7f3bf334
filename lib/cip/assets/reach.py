"""Reach: how many people live within a walk of each type of asset, and where they do not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from cip.assets.nearest import find_nearest
from cip.assets.network import Journeys, WalkNetwork
from cip.assets.people import list_people
from cip.catalogue.asset_types import load_asset_types
from cip.catalogue.walking import load_walking

TABLE_COLUMNS = [
    "asset_type", "within", "unit", "method", "assets", "population_reached", "population", "share",
]  # fmt: skip
PLACE_COLUMNS = [
    "asset_type", "lsoa21_code", "nearest_m", "nearest_asset_id", "population", "population_beyond",
]  # fmt: skip
POINT_COLUMNS = [
    "asset_type", "point_id", "lsoa21_code", "population", "metres", "asset_id", "method",
]  # fmt: skip
BY_NETWORK, BY_LINE, MIXED = "walking network", "straight line x 1.3", "mixed"
__all__ = [
    "ReachResult", "convert_minutes", "list_gaps", "list_people", "list_possible_types",
    "measure_reach",
]  # fmt: skip

#: Beyond it people count as not reached, unless a parameter file says otherwise.
GAP_M = 1_200.0


@dataclass(frozen=True)
class ReachResult:
    """What was measured.

    Parameters
    ----------
    table
        One row per type of asset x distance or time.
    places
        One row per type of asset x LSOA: metres that the middle resident walks (the median,
        weighted by people), to which asset, and how many live beyond the gap.
    points
        One row per type of asset x point where people live.
    unplaced
        Assets without a point, by type: they were not used.
    off_network
        Points where people live, and assets used, that are too far from every way and were
        measured by straight line: by ``people`` and ``assets``. Both 0 without a network.
    level
        Areas that the points stand for: ``oa`` or ``lsoa``.
    unknown
        Types that no source at hand could have shown: nobody knows who reaches them.
    """

    table: pd.DataFrame
    places: pd.DataFrame
    points: pd.DataFrame
    unplaced: dict[str, int] = field(default_factory=dict)
    off_network: dict[str, int] = field(default_factory=dict)
    level: str = "lsoa"
    unknown: frozenset[str] = frozenset()


def list_possible_types(products: Iterable[str]) -> set[str]:
    """Return the types of asset that some product of a store could show.

    Parameters
    ----------
    products
        Products of the store.
    """
    at_hand = set(products)
    return {
        entry.id
        for entry in load_asset_types().values()
        if any(selection.product in at_hand for selection in entry.sources)
        or (entry.osm and "osm_places" in at_hand)
    }


def convert_minutes(minutes: float) -> float:
    """Return how many metres people walk in so many minutes, at the pace of ``walking.toml``.

    Examples
    --------
    >>> convert_minutes(10)
    800.0
    """
    return float(minutes * load_walking().pace.metres_a_minute)


def measure_reach(
    people: pd.DataFrame,
    assets: pd.DataFrame,
    *,
    types: Sequence[str],
    distances_m: Sequence[float],
    minutes: Sequence[float] = (),
    network: WalkNetwork | None = None,
    gap_m: float = GAP_M,
    known_types: Collection[str] | None = None,
) -> ReachResult:
    """Measure how many people live within a walk of each type of asset.

    Distances follow the walking network where there is one. A person or an asset further than
    250 m from every way of it is measured by straight line x 1.3, and so is everybody where there
    is no network; the method says which. Minutes are walked at 4.8 km/h.

    Parameters
    ----------
    people
        As from `list_people`.
    assets
        One row per asset: ``asset_id, asset_type, x, y``. Those without a point are counted and
        not used. Assets outside the area count: residents use them.
    types
        Types to measure.
    distances_m, minutes
        Walking distances and times.
    network
        From `load_network`.
    gap_m
        Beyond this distance people count as not reached in ``places``.
    known_types
        Types that the sources at hand could have shown. A type that is none of them and has no
        asset has a missing share; any other without an asset reaches nobody. By default all.

    Returns
    -------
    ReachResult
        Population is missing where that of a point is: a part would be taken for the whole.

    Notes
    -----
    Source of method: shares of residents by population-weighted centres, `docs/methods.md`.
    """
    types = list(dict.fromkeys(types))
    chosen = assets[assets["asset_type"].isin(types)]
    is_placed = chosen["x"].notna() & chosen["y"].notna()
    unplaced = chosen.loc[~is_placed, "asset_type"].value_counts()
    chosen = chosen[is_placed].reset_index(drop=True)
    homes, spots = (table[["x", "y"]].to_numpy(dtype=float) for table in (people, chosen))
    journeys = network.join(homes, spots) if network is not None else None
    parts = []
    for asset_type in types:
        rows = np.flatnonzero((chosen["asset_type"] == asset_type).to_numpy())
        metres, nearest, by_network = find_nearest(homes, spots, rows, journeys)
        parts.append(_describe_points(people, chosen, asset_type, metres, nearest, by_network))
    points = pd.concat(parts, ignore_index=True) if parts else _empty(POINT_COLUMNS)
    counts = chosen["asset_type"].value_counts().reindex(types, fill_value=0)
    unknown = set() if known_types is None else set(types) - set(known_types)
    unknown -= set(counts[counts > 0].index)
    return ReachResult(
        _sum_reach(points, counts, _list_limits(distances_m, minutes), unknown),
        _sum_places(points, gap_m, unknown),
        points[POINT_COLUMNS],
        {str(name): int(number) for name, number in unplaced.items()},
        _count_off(journeys),
        str(people["level"].iloc[0]) if len(people) else "lsoa",
        frozenset(unknown),
    )


def _describe_points(
    people: pd.DataFrame,
    chosen: pd.DataFrame,
    asset_type: str,
    metres: np.ndarray,
    nearest: np.ndarray,
    by_network: np.ndarray,
) -> pd.DataFrame:
    ids = chosen["asset_id"].to_numpy(dtype=object)
    return pd.DataFrame(
        {
            "asset_type": asset_type,
            "point_id": people["point_id"].to_numpy(),
            "lsoa21_code": people["lsoa21_code"].to_numpy(),
            "population": people["population"].to_numpy(dtype=float),
            "metres": metres,
            "asset_id": np.where(nearest >= 0, np.append(ids, None)[nearest], None),
            "method": np.where(by_network, BY_NETWORK, BY_LINE),
        }
    )


def _list_limits(
    distances_m: Sequence[float], minutes: Sequence[float]
) -> list[tuple[float, str, float]]:
    """Return distance or time, its unit, and the metres that it is."""
    limits = [(float(distance), "metres", float(distance)) for distance in distances_m]
    return limits + [(float(time), "minutes", convert_minutes(time)) for time in minutes]


def _is_within(metres: pd.Series, limit: float) -> pd.Series:
    # To the millimetre: the same walk, added up from its other end, may differ in its last digit.
    return metres.round(3) <= limit


def _sum_reach(
    points: pd.DataFrame,
    counts: pd.Series,
    limits: Sequence[tuple[float, str, float]],
    unknown: Collection[str],
) -> pd.DataFrame:
    rows = []
    for asset_type, of_type in points.groupby("asset_type", sort=False):
        people = of_type["population"]
        total = people.sum(skipna=False)
        methods = of_type["method"].unique()
        method = str(methods[0]) if len(methods) == 1 else MIXED
        number = int(counts[asset_type])
        for within, unit, metres in limits:
            reached = people[_is_within(of_type["metres"], metres)].sum()
            if asset_type in unknown or np.isnan(total):
                reached = np.nan
            share = reached / total if total else np.nan
            said = method if number else None
            rows.append((asset_type, within, unit, said, number, reached, total, share))
    table = pd.DataFrame(rows, columns=TABLE_COLUMNS)
    return table.astype({"asset_type": "str", "unit": "str", "method": "str", "assets": "Int64"})


def _sum_places(points: pd.DataFrame, gap_m: float, unknown: Collection[str]) -> pd.DataFrame:
    keys = ["asset_type", "lsoa21_code"]
    points = points.assign(
        order=pd.factorize(points["asset_type"])[0],
        beyond=points["population"].where(~_is_within(points["metres"], gap_m), 0.0),
    ).sort_values(["order", "lsoa21_code", "metres"])
    groups = points.groupby(keys, sort=False)
    # The middle resident is in the first point with half of the people at most as far away.
    half = groups["population"].transform("sum") / 2
    middle = points[groups["population"].cumsum() >= half].drop_duplicates(keys).set_index(keys)
    sums = groups[["population", "beyond"]].sum()
    sums = sums.where(groups["population"].count() == groups.size())
    table = sums.join(middle[["metres", "asset_id"]], validate="1:1").reset_index()
    table = table.rename(
        columns={
            "metres": "nearest_m",
            "asset_id": "nearest_asset_id",
            "beyond": "population_beyond",
        }
    )
    table["nearest_m"] = table["nearest_m"].replace(np.inf, np.nan)
    is_unknown = table["asset_type"].isin(unknown)
    table["population_beyond"] = table["population_beyond"].mask(is_unknown)
    return table[PLACE_COLUMNS].astype({"nearest_asset_id": "str"})


def _empty(columns: Sequence[str]) -> pd.DataFrame:
    numbers = {"population", "metres"}
    return pd.DataFrame(
        {name: pd.Series(dtype="float64" if name in numbers else "str") for name in columns}
    )


def _count_off(journeys: Journeys | None) -> dict[str, int]:
    if journeys is None:
        return {"people": 0, "assets": 0}
    return {
        "people": int((~journeys.people.is_on).sum()),
        "assets": int((~journeys.places.is_on).sum()),
    }


def list_gaps(result: ReachResult, gap_m: float = GAP_M) -> pd.DataFrame:
    """Return the LSOAs in which people live further than a distance from a type of asset.

    Returns
    -------
    DataFrame
        One row per type of asset x LSOA with people beyond: ``asset_type, lsoa21_code, nearest_m,
        nearest_asset_id, population, population_beyond``; most people first within a type.
    """
    places = _sum_places(result.points, gap_m, result.unknown)
    places["order"] = pd.factorize(places["asset_type"])[0]
    gaps = places[places["population_beyond"] > 0]
    gaps = gaps.sort_values(
        ["order", "population_beyond", "lsoa21_code"], ascending=[True, False, True]
    )
    return gaps[PLACE_COLUMNS].reset_index(drop=True)
