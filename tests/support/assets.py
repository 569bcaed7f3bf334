"""An invented neighbourhood and its assets, as many as a test wants."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import Polygon, box

from cip.catalogue.asset_types import AssetType, load_asset_types
from cip.schemas.assets import ASSETS

#: South-west corner of the neighbourhood, in metres of the national grid: out at sea.
WEST, SOUTH = 620_000.0, 460_000.0
SIDE = 2_400.0
_WORDS = ("Fern", "Mill", "Oak", "Brook", "Hill", "Larch", "Meadow", "Quarry", "Rose", "Stone")
_ENDS = ("Lane", "Street", "Corner", "Green", "Court", "Row", "Rise", "Yard", "End", "Walk")
_DTYPES = {"text": "str", "number": "float64", "count": "Int64", "flag": "boolean"}


def make_boundary() -> gpd.GeoDataFrame:
    """Return the outline of the neighbourhood: one row, longitude and latitude."""
    corners = [(0, 150), (1_300, 0), (2_400, 500), (2_250, 1_900), (1_100, 2_400), (150, 1_700)]
    outline = Polygon([(WEST + x, SOUTH + y) for x, y in corners])
    frame = gpd.GeoDataFrame(
        {"area_code": ["fernhollow"], "area_name": ["Fernhollow"]},
        geometry=[outline],
        crs="EPSG:27700",
    )
    return frame.to_crs("EPSG:4326")


def make_small_areas() -> gpd.GeoDataFrame:
    """Return four small areas that fill the neighbourhood: ``area_code, area_name``, shape."""
    outline = make_boundary().to_crs("EPSG:27700").geometry.iloc[0]
    half = SIDE / 2
    tiles = [
        box(WEST + i * half, SOUTH + j * half, WEST + (i + 1) * half, SOUTH + (j + 1) * half)
        for j in (0, 1)
        for i in (0, 1)
    ]
    frame = gpd.GeoDataFrame(
        {
            "area_code": [f"Z0100010{i}" for i in range(1, 5)],
            "area_name": [f"Marlbury 10{i}A" for i in range(1, 5)],
        },
        geometry=[outline.intersection(tile) for tile in tiles],
        crs="EPSG:27700",
    )
    return frame.to_crs("EPSG:4326")


def make_backdrop() -> gpd.GeoDataFrame:
    """Return what lies around: neighbours, two wards and a district, with a ``layer`` column."""
    rows = [
        ("neighbour", "Next 1", box(WEST - 2_000, SOUTH - 1_500, WEST + 1_200, SOUTH + 4_000)),
        ("neighbour", "Next 2", box(WEST + 1_200, SOUTH - 1_500, WEST + 4_000, SOUTH + 4_000)),
        ("ward", "Fern ward", box(WEST, SOUTH, WEST + 2_400, SOUTH + 1_200)),
        ("ward", "Mill ward", box(WEST, SOUTH + 1_200, WEST + 2_400, SOUTH + 2_400)),
        ("district", "Marlbury", box(WEST - 900, SOUTH - 900, WEST + 3_300, SOUTH + 3_300)),
    ]
    frame = gpd.GeoDataFrame(
        {"layer": [r[0] for r in rows], "area_name": [r[1] for r in rows]},
        geometry=[r[2] for r in rows],
        crs="EPSG:27700",
    )
    return frame.to_crs("EPSG:4326")


def make_assets(count: int = 60, *, seed: int = 3) -> pd.DataFrame:
    """Return the table ``assets`` with ``count`` rows: bus stops are many, points in clumps.

    The first two rows are of each kind and the last has no place, whatever the count.
    """
    random = np.random.default_rng(seed)
    types = list(load_asset_types().values())
    weights = np.array(
        [6.0 if t.id in ("bus_stop", "charity", "green_space") else 1 for t in types]
    )
    drawn = random.choice(len(types), size=count, p=weights / weights.sum())
    clumps = random.uniform(0.1, 0.9, (8, 2))
    picked = clumps[random.integers(0, 8, count)] + random.normal(0, 0.09, (count, 2))
    spread = random.uniform(-0.15, 1.15, (count, 2))
    shares = np.where(random.random((count, 1)) < 0.6, picked, spread)
    # Some share one point, as everything does that is known by its postcode alone.
    shares[3 : 3 + count // 20] = shares[2]
    chosen = [types[i] for i in drawn]
    chosen[:2] = [load_asset_types()["gp_surgery"], load_asset_types()["community_group"]]
    outline = make_boundary().to_crs("EPSG:27700").geometry
    points = gpd.GeoSeries(
        gpd.points_from_xy(WEST + SIDE * shares[:, 0], SOUTH + SIDE * shares[:, 1])
    )
    inside = points.within(outline.iloc[0]).to_numpy()
    rows = [_make_row(i, entry, random) for i, entry in enumerate(chosen)]
    frame = pd.DataFrame(rows)
    frame["x"], frame["y"] = points.x, points.y
    frame["is_inside"] = pd.array(inside, dtype="boolean")
    frame["distance_m"] = points.distance(outline.iloc[0]).round(1)
    frame.loc[count - 1, ["x", "y", "is_inside", "distance_m", "located_by"]] = pd.NA
    return _finish(frame)


def _make_row(i: int, entry: AssetType, random: np.random.Generator) -> dict[str, object]:
    place = f"{_WORDS[int(random.integers(10))]} {_ENDS[int(random.integers(10))]}"
    is_checked = bool(random.random() < 0.8)
    return {
        "asset_id": f"own:{i + 1}",
        "name": f"{place} {entry.label}" if i else "Fernhollow Surgery",
        "kind": entry.kind,
        "asset_type": entry.id,
        "health_asset": entry.health_asset,
        "resource": entry.resource,
        "function": "; ".join(entry.function),
        "method": entry.method,
        "still_active": [True, None, False][int(random.choice(3, p=[0.6, 0.3, 0.1]))],
        "address": f"{i % 90 + 1} {place}",
        "postcode": f"ZZ1 {i % 9 + 1}AA",
        "located_by": "postcode" if i % 4 == 0 else "given",
        "opening": "Monday to Friday, 9 to 5" if i % 3 == 0 else None,
        "cost": "Free" if i % 5 == 0 else None,
        "serves": "Older people" if i % 7 == 0 else None,
        "contact_page": "https://example.org/surgery" if i % 6 == 0 else None,
        "source_id": "own",
        "sources": "own",
        "records": 1,
        "last_checked": "2026-05-01" if is_checked else "2021-05-01",
        "is_stale": not is_checked,
        "confidence": "high",
    }


def _finish(frame: pd.DataFrame) -> pd.DataFrame:
    """Number the rows as chapter 03 does, inside first, and give every column its type."""
    groups = {name: entry.group for name, entry in load_asset_types().items()}
    order = frame["is_inside"].map({True: 0, False: 1}).fillna(2)
    frame = frame.assign(_place=order, _group=frame["asset_type"].map(groups))
    frame = frame.sort_values(["_place", "_group", "asset_type", "name"], kind="stable")
    frame = frame.reset_index(drop=True).assign(number=range(1, len(frame) + 1))
    columns = ASSETS["assets"].columns
    frame = frame.reindex(columns=list(columns))
    return frame.astype({name: _DTYPES[kind] for name, kind in columns.items()})


def make_walkabout() -> pd.DataFrame:
    """Return the table ``walkabout``: a strength and two challenges, one without a place."""
    frame = pd.DataFrame(
        {
            "observation_id": ["w1", "w2", "w3"],
            "seen_on": ["2026-04-02"] * 3,
            "place": ["Fern Lane", "Mill Corner", "somewhere by the brook"],
            "x": [WEST + 900, WEST + 1_700, None],
            "y": [SOUTH + 800, SOUTH + 1_500, None],
            "located_by": ["given", "given", None],
            "reading": ["strength", "challenge", "challenge"],
            "topics": ["surroundings", "transport; surroundings", "surroundings"],
            "what_was_seen": ["Neighbours tend the verge", "No crossing by the school", "Litter"],
            "row": [2, 3, 4],
        }
    )
    columns = ASSETS["walkabout"].columns
    return frame.reindex(columns=list(columns)).astype({n: _DTYPES[k] for n, k in columns.items()})


def make_reach() -> pd.DataFrame:
    """Return the table ``reach`` for three distances; there is no library."""
    shares = {
        "bus_stop": (0.82, 0.99, 1.0),
        "gp_surgery": (0.12, 0.46, 0.81),
        "pharmacy": (0.12, 0.46, 0.81),
        "library": (0.0, 0.0, 0.0),
        "food_support": (0.0, 0.002, 0.31),
    }
    rows = [
        {
            "asset_type": name,
            "within": within,
            "unit": "metres",
            "method": "walking network" if name != "library" else None,
            "assets": 0 if name == "library" else 2,
            "population_reached": 6_000 * share,
            "population": 6_000.0,
            "share": share,
        }
        for name, own in shares.items()
        for within, share in zip((400.0, 800.0, 1_200.0), own, strict=True)
    ]
    return pd.DataFrame(rows).astype({"assets": "Int64", "method": "str"})


def make_reach_places(beyond: tuple[float, ...] = (0.0, 320.0, 900.0, 1_500.0)) -> pd.DataFrame:
    """Return the table ``reach_places`` of one type for the four small areas."""
    return pd.DataFrame(
        {
            "asset_type": "pharmacy",
            "lsoa21_code": [f"Z0100010{i}" for i in range(1, 5)],
            "nearest_m": [400.0, 900.0, 1_300.0, 1_900.0],
            "nearest_asset_id": "own:1",
            "population": 1_500.0,
            "population_beyond": list(beyond),
        }
    )
