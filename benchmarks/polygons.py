"""Measure how fast many drawn outlines are fitted to whole small areas, in one call."""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import Polygon

from cip.area_fit import fit_outlines
from cip.register import load_register
from cip.sources.fetch import fetch_folder
from cip.store import Store

ROOT = Path(__file__).parents[1]
CORNERS = 24


def draw_outlines(oas: pd.DataFrame, count: int) -> gpd.GeoSeries:
    """Return stars of random size around random output areas, the same every time."""
    chance = np.random.default_rng(count)
    centres = oas[["x", "y"]].to_numpy()[chance.integers(0, len(oas), count)]
    turns = np.sort(chance.uniform(0, 2 * np.pi, (count, CORNERS)), axis=1)
    reach = chance.uniform(500, 5000, (count, CORNERS))
    rings = centres[:, None, :] + np.stack([np.cos(turns), np.sin(turns)], -1) * reach[..., None]
    return gpd.GeoSeries([Polygon(ring) for ring in rings], crs="EPSG:27700")


def time_fit(outlines: gpd.GeoSeries, oas: pd.DataFrame) -> float:
    """Return the median seconds of three calls."""
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        fit_outlines(outlines, oas)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, help="left out, the synthetic demonstration")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cip-bench-") as name:
        store = options.store
        if store is None:
            store = Path(name) / "store"
            fetch_folder(ROOT / "params" / "demo" / "source", store)
        oas = load_register(Store(store)).oas.dropna(subset=["x"])
    times = {count: time_fit(draw_outlines(oas, count), oas) for count in (500, 1000, 2000, 4000)}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    megabytes = peak / (1e6 if sys.platform == "darwin" else 1e3)
    print(f"{len(oas):,} output areas, outlines of {CORNERS} corners")
    for count, seconds in times.items():
        print(f"{count:,} outlines: {seconds:.2f} s")
    print(f"4,000 against 1,000: {times[4000] / times[1000]:.2f} times (in line: 4)")
    print(f"most memory of the process, all imports included: {megabytes:,.0f} MB")


if __name__ == "__main__":
    main()
