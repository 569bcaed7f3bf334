"""Best fit: from points where people live to whole small areas.

Output areas are placed by their population-weighted centroid and are never cut. A small area
belongs when most of its people live in output areas that lie inside (ONS best-fit policy).
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

#: An output area nearer to an outline than this could as well have been on its other side.
EDGE_M = 100.0


def weigh_oas(oas: pd.DataFrame) -> pd.Series:
    """Return the weight of each output area: its residents, or 1 where not all are known.

    ``oas`` has one row per output area with ``population``.
    """
    people = oas["population"]
    return people.astype(float) if len(oas) and people.notna().all() else people.map(lambda _: 1.0)


def find_inside(outline: BaseGeometry, oas: pd.DataFrame) -> pd.Index:
    """Return the output areas whose centroid lies inside an outline (EPSG:27700)."""
    pairs = match_outlines(gpd.GeoSeries([outline], crs="EPSG:27700"), oas)
    return oas.index[pairs["oa"]]


def find_near_edge(outline: BaseGeometry, oas: pd.DataFrame, *, within_m: float = EDGE_M) -> int:
    """Return how many output areas have their centroid within some metres of an outline."""
    points = gpd.GeoSeries.from_xy(oas["x"], oas["y"], crs="EPSG:27700")
    return int((points.distance(outline.boundary) <= within_m).sum())


def match_outlines(outlines: gpd.GeoSeries, oas: pd.DataFrame) -> pd.DataFrame:
    """Return which output areas lie inside which outlines, for any number of outlines at once.

    Parameters
    ----------
    outlines
        One outline per row, EPSG:27700.
    oas
        One row per output area: ``x, y`` in metres.

    Returns
    -------
    DataFrame
        One row per pair: ``outline`` and ``oa``, places in the two inputs.
    """
    points = gpd.GeoSeries.from_xy(oas["x"], oas["y"], crs="EPSG:27700")
    outline, oa = points.sindex.query(outlines.to_crs(points.crs).array, predicate="contains")
    return pd.DataFrame({"outline": outline, "oa": oa})


def fit_outlines(outlines: gpd.GeoSeries, oas: pd.DataFrame) -> pd.DataFrame:
    """Fit any number of outlines to whole small areas at once.

    Returns
    -------
    DataFrame
        One row per outline x LSOA touched: ``outline`` (its place), and the columns of
        :func:`fit_small_areas`.
    """
    pairs = match_outlines(outlines, oas)
    return _fit(pairs["outline"].to_numpy(), pairs["oa"].to_numpy(), oas)


def fit_small_areas(inside: pd.Index, oas: pd.DataFrame) -> pd.DataFrame:
    """Return the LSOAs that a set of output areas touches, and which of them belong.

    An LSOA belongs when more than half of its people live in the set. Exactly half counts when
    the set holds the LSOA's first output area by code: so an area and the rest of the county
    never both claim an LSOA, nor leave one between them.

    Parameters
    ----------
    inside
        Codes of output areas.
    oas
        One row per output area, indexed by code: ``lsoa21_code, population``.

    Returns
    -------
    DataFrame
        One row per LSOA touched: ``lsoa21_code, oas, oas_inside, share_inside`` (of its people,
        0 to 1), ``belongs``.
    """
    places = np.flatnonzero(oas.index.isin(inside))
    return _fit(np.zeros(len(places), dtype=int), places, oas).drop(columns="outline")


def _fit(outline: np.ndarray, oa: np.ndarray, oas: pd.DataFrame) -> pd.DataFrame:
    """Add up pairs of outline and output area; never holds outlines x small areas."""
    lsoa, names = pd.factorize(oas["lsoa21_code"])
    weight = weigh_oas(oas).to_numpy()
    is_first = np.zeros(len(oas), dtype=bool)
    order = np.argsort(oas.index.to_numpy(dtype=str), kind="stable")
    is_first[order[np.unique(lsoa[order], return_index=True)[1]]] = True
    pairs = pd.DataFrame(
        {"outline": outline, "lsoa": lsoa[oa], "people": weight[oa], "first": is_first[oa]}
    )
    fit = pairs.groupby(["outline", "lsoa"], as_index=False).agg(
        oas_inside=("people", "size"), people=("people", "sum"), first=("first", "any")
    )
    whole = np.bincount(lsoa, weights=weight, minlength=len(names))[fit["lsoa"]]
    share = fit["people"].to_numpy() / whole
    is_half = np.isclose(share, 0.5)
    return pd.DataFrame(
        {
            "outline": fit["outline"],
            "lsoa21_code": names[fit["lsoa"]],
            "oas": np.bincount(lsoa, minlength=len(names))[fit["lsoa"]],
            "oas_inside": fit["oas_inside"],
            "share_inside": share,
            "belongs": np.where(is_half, fit["first"], share > 0.5).astype(bool),
        }
    )
