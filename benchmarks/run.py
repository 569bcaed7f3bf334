"""Measure the runner: one command, everything in one run, medians and ratios."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from cip.params import STAGES
from cip.report.browser import find_browser
from cip.sources.fetch import fetch_folder
from cip.store import Store
from cip.workspace import name_notebook

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"
BIN = Path(sys.executable).parent

AREA = """\
id: {id}
title: {title}
profile_kind: demonstration
area:
  {level}: [{code}]
organisation:
  name: Benchmark
  contact: none
report_date: 2026-11-21
"""


def write_areas(store: Store, folder: Path, number: int) -> list[Path]:
    """Write parameter files of real shape: the county's wards, then its MSOAs, then LSOAs."""
    wards = store.read("lookup_lsoa21_ward24")["ward24_code"].unique()
    msoas = store.read("lookup_oa21")["msoa21_code"].unique()
    lsoas = store.read("lookup_lsoa21_ward24")["lsoa21_code"]
    places = [("wards", c) for c in wards] + [("msoas", c) for c in msoas]
    places += [("lsoas", c) for c in lsoas]
    if number > len(places):
        raise SystemExit(f"the demonstration has {len(places)} places, not {number}")
    files = []
    for level, code in places[:number]:
        files.append(folder / f"{code.lower()}.yml")
        text = AREA.format(id=code.lower(), title=code, level=level, code=code)
        files[-1].write_text(text, encoding="utf-8")
    return files


def time_call(command: Sequence[object], *, cwd: Path | None = None) -> float:
    """Run a command to its end and return seconds; a failure ends the benchmark with its words."""
    started = time.perf_counter()
    done = subprocess.run(
        [str(c) for c in command], cwd=cwd, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(
            f"{' '.join(map(str, command))}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        )
    return time.perf_counter() - started


def repeat(times: int, call: Callable[[], float]) -> list[float]:
    """Return the seconds of several calls."""
    return [call() for _ in range(times)]


def time_runner(store: Path, files: Sequence[Path], outputs: Path, *, fresh: bool = True) -> float:
    """Time ``cip run`` with two workers."""
    if fresh:
        shutil.rmtree(outputs, ignore_errors=True)
    return time_call(
        [
            BIN / "cip",
            "run",
            *files,
            "--store",
            store,
            "--outputs",
            outputs,
            "--jobs",
            2,
            "--no-compare",
        ]
    )


def time_plain(store: Path, files: Sequence[Path], outputs: Path) -> float:
    """Time the same work as functions in two processes."""
    shutil.rmtree(outputs, ignore_errors=True)
    script = Path(__file__).with_name("plain.py")
    return time_call([sys.executable, script, store, outputs, NOTEBOOKS, *files])


def time_loop(store: Path, files: Sequence[Path], outputs: Path) -> float:
    """Time the command-line loop that the runner replaces."""
    shutil.rmtree(outputs, ignore_errors=True)
    browser = find_browser()
    seconds = 0.0
    for file in files:
        folder = outputs / file.stem / "loop"
        folder.mkdir(parents=True)
        for stage in STAGES:
            target = folder / name_notebook(stage)
            parameters = {"params_file": file, "store_dir": store, "outputs_dir": outputs}
            pairs = [word for pair in parameters.items() for word in ("-p", *pair)]
            papermill = [BIN / "papermill", NOTEBOOKS / target.name, target, *pairs]
            seconds += time_call([*papermill, "--no-progress-bar"])
            convert = [BIN / "jupyter", "nbconvert", "--to", "html", "--no-input", target]
            seconds += time_call(convert)
        if browser is not None:
            page = (folder / name_notebook("data_profile")).with_suffix(".html")
            flags = ["--headless", "--disable-gpu", "--disable-background-networking"]
            flags += ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
            pdf = f"--print-to-pdf={page.with_suffix('.pdf')}"
            seconds += time_call([browser, *flags, pdf, page.as_uri()])
    return seconds


def describe_machine() -> str:
    """Name the machine in general terms."""
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--areas", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument(
        "--loop-areas", type=int, default=1, help="the loop grows in line with areas"
    )
    parser.add_argument("--quick", action="store_true", help="4 areas, once")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("results.md"))
    options = parser.parse_args()
    if options.quick:
        options.areas, options.repeats = 4, 1
    with tempfile.TemporaryDirectory(prefix="cip-bench-") as name:
        folder = Path(name)
        fetch_folder(ROOT / "params" / "demo" / "source", folder / "store")
        store = Store(folder / "store")
        files = write_areas(store, folder, 2 * options.areas)
        text = measure(options, folder, files)
    options.out.write_text(text, encoding="utf-8")
    print(text)


def measure(options: argparse.Namespace, folder: Path, files: Sequence[Path]) -> str:
    """Return the table of results."""
    store, outputs = folder / "store", folder / "outputs"
    once, times = files[: options.areas], options.repeats
    cold = repeat(times, lambda: time_runner(store, once[:1], folder / "cold"))
    plain = repeat(times, lambda: time_plain(store, once, folder / "plain"))
    runner = repeat(times, lambda: time_runner(store, once, outputs))
    unchanged = repeat(times, lambda: time_runner(store, once, outputs, fresh=False))
    start = repeat(times, lambda: time_call([BIN / "cip", "check", once[0], "--store", store]))
    double = repeat(times, lambda: time_runner(store, files, folder / "double"))
    loops = repeat(times, lambda: time_loop(store, once[: options.loop_areas], folder / "loop"))
    per_area = statistics.median(loops) / options.loop_areas
    middle = statistics.median
    rows = [
        ("this runner", middle(runner), f"{options.areas} areas, two workers, HTML and PDF"),
        (
            "the loop, one area",
            per_area,
            f"median of {times}; {options.loop_areas} area(s) measured",
        ),
        ("the loop, scaled", per_area * options.areas, f"one area x {options.areas}"),
        ("plain Python, two processes", middle(plain), f"{options.areas} areas"),
        ("this runner, twice the areas", middle(double), f"{2 * options.areas} areas"),
        ("this runner, nothing changed", middle(unchanged), f"{options.areas} areas"),
        ("start-up alone", middle(start), "cip check of one area"),
        ("one area from cold", middle(cold), "start-up included"),
    ]
    ratios = [
        ("loop / runner", per_area * options.areas / middle(runner), "at least 10"),
        ("runner / plain Python", middle(runner) / middle(plain), "at most 1.5"),
        ("twice the areas / once", middle(double) / middle(runner), "at most 2.1"),
        ("nothing changed, beyond start-up (s)", middle(unchanged) - middle(start), "under 3"),
        ("one area from cold / its loop", middle(cold) / per_area, "at most 0.25"),
    ]
    lines = ["# Results", "", f"Machine: {describe_machine()}. Medians of {times}.", ""]
    lines += ["| Measured | Seconds | What |", "|---|---|---|"]
    lines += [f"| {name} | {seconds:.1f} | {what} |" for name, seconds, what in rows]
    lines += ["", "| Ratio | Value | Bar |", "|---|---|---|"]
    lines += [f"| {name} | {value:.2f} | {bar} |" for name, value, bar in ratios]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
