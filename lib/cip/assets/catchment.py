"""Access to services of limited capacity: the two-step floating catchment area."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from cip.assets.network import WalkNetwork
from cip.catalogue.walking import load_walking

COLUMNS = ["asset_type", "lsoa21_code", "population", "capacity_per_1000"]
_PER = 1_000


def measure_access(
    people: pd.DataFrame,
    assets: pd.DataFrame,
    limit_m: float,
    network: WalkNetwork | None = None,
) -> pd.DataFrame:
    """Measure how much of a service there is for each resident within a walk.

    First, each service's capacity is shared out among everybody who lives within the limit of it:
    ``R_j = capacity_j / people within the limit of j``. Then each point where people live adds up
    the shares of the services within the limit of it: ``A_i = sum of R_j``. An LSOA has the mean
    of its points, weighted by people.

    Parameters
    ----------
    people
        As from `list_people`. People from outside the area use the same services: hand in those
        of a window that reaches beyond the area by twice the limit, and keep the area's rows.
    assets
        One row per service: ``asset_type, x, y, capacity``. Those without a point or a capacity
        take no part. Each type is measured by itself.
    limit_m
        Metres that people walk, by the network where there is one; else, and for whoever is too
        far from every way, by straight line x 1.3.

    Returns
    -------
    DataFrame
        One row per type of asset x LSOA: ``asset_type, lsoa21_code, population,
        capacity_per_1000`` (missing where the LSOA's population is, or is none).

    Notes
    -----
    Source of method: Luo and Wang (2003), "Measures of spatial accessibility to health care in a
    GIS environment", Environment and Planning B 30, 865-884.
    """
    if people["population"].isna().any():
        raise ValueError("the population of every point is needed: all of them share a service")
    usable = assets[assets[["x", "y", "capacity"]].notna().all(axis=1)]
    parts = []
    for asset_type, of_type in usable.groupby("asset_type", sort=False):
        pairs = find_pairs(people, of_type, limit_m, network)
        shares = share_capacity(people["population"], of_type["capacity"], pairs)
        parts.append(_sum_lsoas(people, shares).assign(asset_type=asset_type))
    if not parts:
        texts = {name: pd.Series(dtype="str") for name in COLUMNS[:2]}
        return pd.DataFrame(texts | {name: pd.Series(dtype="float64") for name in COLUMNS[2:]})
    return pd.concat(parts, ignore_index=True)[COLUMNS]


def share_capacity(
    population: pd.Series, capacity: pd.Series, pairs: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """Return capacity per resident at each point (A_i of the two-step floating catchment area).

    Parameters
    ----------
    population
        Residents of each point.
    capacity
        Capacity of each service.
    pairs
        Positions of the point and of the service of every pair within the limit.
    """
    point, service = pairs
    residents = population.to_numpy(dtype=float)
    within = np.bincount(service, weights=residents[point], minlength=len(capacity))
    ratio = np.divide(
        capacity.to_numpy(dtype=float), within, out=np.zeros(len(capacity)), where=within > 0
    )
    return np.bincount(point, weights=ratio[service], minlength=len(residents))


def find_pairs(
    people: pd.DataFrame, assets: pd.DataFrame, limit_m: float, network: WalkNetwork | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the positions of point and service of every pair within the limit."""
    homes, spots = (table[["x", "y"]].to_numpy(dtype=float) for table in (people, assets))
    straight_m = limit_m / load_walking().detour.factor
    near = KDTree(homes).sparse_distance_matrix(KDTree(spots), straight_m, output_type="ndarray")
    point, service = near["i"], near["j"]
    if network is None:
        return point, service
    journeys = network.join(homes, spots)
    on_both = journeys.people.is_on[point] & journeys.places.is_on[service]
    walked_point, walked_service, _ = journeys.find_all(limit_m)
    return np.r_[point[~on_both], walked_point], np.r_[service[~on_both], walked_service]


def _sum_lsoas(people: pd.DataFrame, shares: np.ndarray) -> pd.DataFrame:
    table = people[["lsoa21_code", "population"]].assign(held=shares * people["population"])
    sums = table.groupby("lsoa21_code", as_index=False)[["population", "held"]].sum()
    sums["capacity_per_1000"] = _PER * sums["held"] / sums["population"].replace(0, np.nan)
    return sums
