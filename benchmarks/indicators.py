"""Measure the indicators of one area, of thousands in one pass, and how a store is built.

Every part runs in a process of its own, so that its peak memory is its own too. Times are given
twice: on the clock, and of the processor, which tells more where a machine is shared.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cip.area_definition import resolve_area
from cip.catalogue import load_indicators
from cip.geography import build_areas
from cip.indicators import build_figures, build_indicators
from cip.membership import build_membership, list_peers
from cip.params import load_params
from cip.register import load_register
from cip.similar import find_similar
from cip.sources.fetch import fetch_folder
from cip.spread import build_small_area_figures
from cip.store import Store

ROOT = Path(__file__).parents[1]
ENGLAND = "E92000001"
#: The products that hold a figure of every LSOA of England.
NATIONAL = ("iod2019", "iod2025", "ts007a")
FEW, MANY = 700, 7000
#: Areas of the loop; its time is scaled up to all areas.
LOOPED = 25
#: LSOAs of an area, least and most.
SIZES = (2, 40)
REPEATS = 5


def measure(work: Callable[[], Any], repeats: int = REPEATS) -> dict[str, float]:
    """Return the median seconds on the clock and of the processor."""
    clock, processor = [], []
    for _ in range(repeats):
        started, used = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - started)
        processor.append(time.process_time() - used)
    return {"clock": statistics.median(clock), "processor": statistics.median(processor)}


def measure_one(options: argparse.Namespace) -> dict[str, Any]:
    """Measure every step of one area, each from files that the system has read before."""
    params, store = load_params(options.params), Store(options.store)
    register = load_register(store)
    area = resolve_area(params, register)
    similar = find_similar(area.codes, register, store)
    areas, _ = build_areas(params, area, register, similar)
    membership = build_membership(area, areas, register, similar=similar.shares)
    table = build_indicators(store, areas, membership)
    peers = list_peers(areas, area, register)
    held = {k: v for k, v in load_indicators().items() if k in set(table["indicator_id"])}
    role = "england" if "england" in set(areas["area_role"]) else "district"
    against = areas.loc[areas["area_role"] == role, "area_code"].iloc[0]
    steps: dict[str, Callable[[], Any]] = {
        "all indicators": lambda: build_indicators(Store(options.store), areas, membership),
        "figures of the LSOAs around": lambda: build_small_area_figures(
            Store(options.store), areas, membership, peers, held, against=against
        ),
        "register of places": lambda: load_register(Store(options.store)),
        "membership": lambda: build_membership(area, areas, register, similar=similar.shares),
    }
    return {
        "steps": {name: measure(step) for name, step in steps.items()},
        "indicators": len(held),
        "areas": len(areas),
        "rows": len(table),
        "around": peers["area_code"].nunique(),
    }


def draw_areas(store: Store, count: int) -> pd.DataFrame:
    """Return random runs of neighbouring LSOAs: one row per area x small area.

    Outlines of the whole country are not at hand, so neighbours are those next in order by name
    within a district. Names number the MSOAs and then their LSOAs, so a run stays together by and
    large. It is not proved to touch.
    """
    lsoas = store.read("lookup_lsoa21_lad24").sort_values(["lad_code", "lsoa21_name"])
    codes = lsoas["lsoa21_code"].to_numpy(dtype=object)
    districts = pd.factorize(lsoas["lad_code"])[0]
    ends = np.searchsorted(districts, districts, side="right")
    chance = np.random.default_rng(count)
    starts = chance.integers(0, len(codes), count)
    stops = np.minimum(starts + chance.integers(SIZES[0], SIZES[1] + 1, count), ends[starts])
    sizes = stops - starts
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    names = np.array([f"area-{number}" for number in range(count)], dtype=object)
    current = pd.DataFrame(
        {
            "area_code": np.repeat(names, sizes),
            "small_area_code": codes[np.repeat(starts, sizes) + within],
        }
    )
    # The exact look-up of the country is not at hand: each LSOA of 2011 goes by its best fit.
    fit = store.read("lookup_lsoa11_lsoa21_bestfit", ["lsoa11_code", "lsoa21_code"])
    old = current.merge(fit, left_on="small_area_code", right_on="lsoa21_code")
    old = old[["area_code", "lsoa11_code"]].rename(columns={"lsoa11_code": "small_area_code"})
    pieces = [current.assign(level="lsoa21"), old.assign(level="lsoa11")]
    return pd.concat(pieces, ignore_index=True).assign(share=1.0)


def list_areas(membership: pd.DataFrame, role: str) -> pd.DataFrame:
    """Return the areas of a membership, then England."""
    codes = list(membership["area_code"].unique())
    return pd.DataFrame(
        {
            "area_code": [*codes, ENGLAND],
            "area_name": [*codes, "England"],
            "area_role": [*[role] * len(codes), "england"],
        }
    )


def choose_national() -> dict[str, Any]:
    """Return the indicators of the products that cover England."""
    return {k: entry for k, entry in load_indicators().items() if entry.source in NATIONAL}


def measure_many(options: argparse.Namespace) -> dict[str, Any]:
    """Measure one pass over many areas."""
    membership = draw_areas(Store(options.store), options.areas)
    areas, chosen = list_areas(membership, "place"), choose_national()
    rows: list[int] = []

    def work() -> None:
        store = Store(options.store)
        rows.append(len(build_figures(store, areas, membership, chosen, against=ENGLAND)))

    work()
    return {**measure(work, 3), "rows": rows[0], "indicators": len(chosen)}


def measure_loop(options: argparse.Namespace) -> dict[str, Any]:
    """Measure the path for one area on a sample, and see that the pass gives the same figures."""
    membership, chosen = draw_areas(Store(options.store), MANY), choose_national()
    wide = membership[membership["area_code"].isin([f"area-{n}" for n in range(LOOPED)])]
    parts = [part for _, part in wide.groupby("area_code", sort=False)]
    found: list[pd.DataFrame] = []

    def work(part: pd.DataFrame) -> None:
        areas = list_areas(part, "profile")
        found.append(build_indicators(Store(options.store), areas, part, chosen))

    work(parts[0])
    found.clear()
    times = [measure(lambda part=part: work(part), 1) for part in parts]
    areas = list_areas(wide, "place")
    together = build_figures(Store(options.store), areas, wide, chosen, against=ENGLAND)
    compare_figures(pd.concat(found), together)
    return {name: sum(t[name] for t in times) / len(times) for name in ("clock", "processor")}


def compare_figures(one_by_one: pd.DataFrame, together: pd.DataFrame) -> None:
    """Stop when a figure of the loop is not that of the pass."""
    keys = ["indicator_id", "area_code", "period", "group"]
    columns = ["value", "lower_95", "upper_95", "lower_998", "upper_998"]
    both = [
        table[table["area_code"] != ENGLAND]
        .astype(dict.fromkeys(keys, "str"))
        .set_index(keys)[columns]
        .sort_index()
        for table in (one_by_one, together)
    ]
    # An area that a table leaves out has no row of its own in the loop, and an empty one here.
    lost = both[1].index.difference(both[0].index)
    if both[1].loc[lost, "value"].notna().any():
        raise SystemExit("The pass has figures that the loop lacks.")
    pd.testing.assert_frame_equal(both[0], both[1].loc[both[0].index], rtol=1e-12)


def measure_store(options: argparse.Namespace) -> dict[str, Any]:
    """Measure a store built from a folder of files, from nothing."""
    with tempfile.TemporaryDirectory(prefix="cip-bench-") as name:
        root = Path(name) / "store"
        times = measure(lambda: fetch_folder(options.data, root), 1)
        return {**times, "products": len(Store(root).products())}


PARTS = {"one": measure_one, "many": measure_many, "loop": measure_loop, "store": measure_store}


def run_part(options: argparse.Namespace, part: str, **more: object) -> dict[str, Any]:
    """Run a part in a new process and return its numbers, with its peak memory in MB."""
    command = [sys.executable, __file__, "--part", part]
    for name in ("store", "params", "data"):
        command += [f"--{name}", str(getattr(options, name))]
    for name, value in more.items():
        command += [f"--{name}", str(value)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The part '{part}' ended with {done.returncode}.\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def report_part(options: argparse.Namespace) -> None:
    """Print the numbers of one part as one line of JSON."""
    found = PARTS[options.part](options)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found["megabytes"] = peak / (1e6 if sys.platform == "darwin" else 1e3)
    print(json.dumps(found))


def write_row(what: str, found: dict[str, Any], bar: str, *, peak: float = 0.0) -> str:
    """Return one row of the table of times."""
    held = f"{peak:,.0f}" if peak else ""
    return f"| {what} | {found['clock']:.2f} | {found['processor']:.2f} | {held} | {bar} |"


def write_report(options: argparse.Namespace) -> str:
    """Run every part and return the tables."""
    one = run_part(options, "one")
    few = run_part(options, "many", areas=FEW)
    many = run_part(options, "many", areas=MANY)
    loop = run_part(options, "loop")
    label = f"{one['indicators']} indicators, {one['areas']} areas, {one['rows']:,} rows"
    steps = one["steps"]
    lines = [
        f"Load of the machine at the start and end: {options.load:.1f}, {os.getloadavg()[0]:.1f}; "
        f"{os.cpu_count()} cores.",
        "",
        "| Measured | Clock (s) | Processor (s) | Peak (MB) | Bar |",
        "|---|---|---|---|---|",
        write_row(
            f"one area: {label}", steps["all indicators"], "under 1 s", peak=one["megabytes"]
        ),
        write_row(
            f"one area: figures of {one['around']} LSOAs", steps["figures of the LSOAs around"], ""
        ),
        write_row("one area: register of places", steps["register of places"], ""),
        write_row("one area: membership", steps["membership"], ""),
        write_row(f"{FEW} areas in one pass, {few['rows']:,} rows", few, "", peak=few["megabytes"]),
        write_row(
            f"{MANY:,} areas in one pass, {many['rows']:,} rows",
            many,
            "under 60 s, 4,000 MB",
            peak=many["megabytes"],
        ),
        write_row(f"the path for one area, mean of {LOOPED}", loop, ""),
    ]
    if options.data:
        store = run_part(options, "store")
        what = f"store of {store['products']} products from files"
        lines.append(write_row(what, store, "under 60 s, 2,000 MB", peak=store["megabytes"]))
    lines += ["", "| Ratio | Clock | Processor | Bar |", "|---|---|---|---|"]
    for what, scale, top, bottom, bar in (
        (f"the loop x {MANY:,} / the pass", MANY, loop, many, "at least 50"),
        (f"{MANY:,} areas / {FEW}", 1, many, few, "at most 11"),
    ):
        ratios = [scale * top[name] / bottom[name] for name in ("clock", "processor")]
        lines.append(f"| {what} | {ratios[0]:.1f} | {ratios[1]:.1f} | {bar} |")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, required=True, help="with the Indices of England")
    parser.add_argument(
        "--params", type=Path, default=ROOT / "params" / "oxfordshire" / "littlemore.yml"
    )
    parser.add_argument("--data", default="", help="files to build a store from; else left out")
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    parser.add_argument("--areas", type=int, default=MANY, help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.data = Path(options.data) if options.data else ""
    options.load = os.getloadavg()[0]
    if options.part:
        report_part(options)
    else:
        print(write_report(options))


if __name__ == "__main__":
    main()
