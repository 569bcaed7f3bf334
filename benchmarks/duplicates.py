"""How long it takes to join a county's records of assets, most of them OpenStreetMap's.

Run ``python benchmarks/duplicates.py [records ...]``. Records are invented: clusters as dense as a
town's centre, of which registers tell one thing in six a second time.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
import pandas as pd

from cip.assets.record import make_records
from cip.assets.settle import settle_records
from cip.catalogue.asset_types import load_asset_types

_FIRST = "Ash Beck Cold Dun Elder Fen Gorse Hazel Iron Juniper Kestrel Larch Mill Nether Oak"
_SECOND = "brook combe cross dale field ford gate ham hill hurst ley mead ridge stone wick"
_KINDS = {
    "school": "Primary School",
    "pharmacy": "Pharmacy",
    "gp_surgery": "Surgery",
    "community_centre": "Community Centre",
    "place_of_worship": "Church",
    "food_shop": "Stores",
    "cafe_or_pub": "Arms",
    "bus_stop": "Lane",
    "green_space": "Park",
    "play_area": "",
}


def make_county(number: int, *, seed: int = 20) -> pd.DataFrame:
    """Return so many invented records: five sixths of OpenStreetMap, the others of registers."""
    draw = np.random.default_rng(seed)
    things = number * 5 // 6
    centres = draw.uniform(0, 60_000, (max(1, things // 250), 2))
    xy = centres[draw.integers(len(centres), size=things)] + draw.normal(0, 400, (things, 2))
    types = draw.choice(list(_KINDS), size=things)
    words = [draw.choice(part.split(), things) for part in (_FIRST, _SECOND, _FIRST)]
    names = [
        f"{a}{b} {c} {_KINDS[kind]}" if _KINDS[kind] else None
        for a, b, c, kind in zip(*words, types, strict=True)
    ]
    osm = _fill("osm_places", names, types, xy)
    again = draw.choice(things, size=number - things, replace=False)
    told = [names[i].upper() if names[i] else None for i in again]
    register = _fill(
        "register", told, types[again], xy[again] + draw.normal(0, 15, (len(again), 2))
    )
    return make_records(pd.concat([osm, register], ignore_index=True))


def _fill(source: str, names: list[str | None], types: np.ndarray, xy: np.ndarray) -> pd.DataFrame:
    kinds = {id_: entry.kind for id_, entry in load_asset_types().items()}
    return pd.DataFrame(
        {
            "asset_id": [f"{source}:{i}" for i in range(len(names))],
            "name": names,
            "asset_type": types,
            "kind": [kinds[name] for name in types],
            "x": xy[:, 0],
            "y": xy[:, 1],
            "located_by": "given",
            "source_id": source,
        }
    )


def main(sizes: list[int]) -> None:
    """Print the seconds and the memory of joining so many records."""
    print("records  assets  pairs to settle  seconds  MB at most")
    for number in sizes:
        records = make_county(number)
        start = time.perf_counter()
        settled = settle_records(records)
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{number:7,d} {len(settled.assets):7,d} {len(settled.pairs):16,d} {seconds:8.1f} {peak:11.0f}"
        )


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [15_000, 30_000, 60_000])
