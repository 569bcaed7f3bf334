"""Measure the runner: one command, everything in one run, medians and ratios."""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from memory import Sample, watch_batch

from cip.params import STAGES, load_params
from cip.report.browser import find_browser
from cip.run.publish import REPORTS, list_reports
from cip.sources.fetch import fetch_folder
from cip.store import Store
from cip.workspace import name_notebook

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"
BIN = Path(sys.executable).parent
#: Chromium refuses to run as root inside its sandbox.
NEEDS_NO_SANDBOX = hasattr(os, "geteuid") and os.geteuid() == 0

AREA = """\
id: {id}
title: {title}
profile_kind: demonstration
area:
  {level}: [{codes}]
organisation:
  name: Benchmark
  contact: none
report_date: 2026-11-21
"""


def write_areas(store: Store, folder: Path, number: int) -> list[Path]:
    """Write parameter files of real shape: the county's wards, then MSOAs, LSOAs, pairs of LSOAs."""
    wards = store.read("lookup_lsoa21_ward24")["ward24_code"].unique()
    msoas = store.read("lookup_oa21")["msoa21_code"].unique()
    lsoas = list(store.read("lookup_lsoa21_ward24")["lsoa21_code"])
    places = [("wards", [c]) for c in wards] + [("msoas", [c]) for c in msoas]
    places += [("lsoas", [c]) for c in lsoas]
    places += [("lsoas", list(pair)) for pair in pairwise(lsoas)]
    if number > len(places):
        raise SystemExit(f"the demonstration has {len(places)} places, not {number}")
    files = []
    for level, codes in places[:number]:
        name = "-".join(codes).lower()
        files.append(folder / f"{name}.yml")
        text = AREA.format(id=name, title=name.upper(), level=level, codes=", ".join(codes))
        files[-1].write_text(text, encoding="utf-8")
    return files


def time_call(command: Sequence[object], *, browsers: Path | None = None) -> float:
    """Run a command to its end and return seconds; a failure ends the benchmark with its words."""
    started = time.perf_counter()
    done = subprocess.run(
        [str(c) for c in command], capture_output=True, text=True, check=False,
        env=_environment(browsers),
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(
            f"{' '.join(map(str, command))}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        )
    return time.perf_counter() - started


def _environment(browsers: Path | None = None) -> dict[str, str]:
    """Return this environment as most people have it: Python keeps what it has compiled."""
    own = {"PLAYWRIGHT_BROWSERS_PATH": str(browsers)} if browsers is not None else {}
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | own


def list_run(store: Path, files: Sequence[Path], outputs: Path) -> list[object]:
    """Return the command of ``cip run`` with two workers."""
    where = ["--store", store, "--outputs", outputs]
    return [BIN / "cip", "run", *files, *where, "--jobs", 2, "--no-compare"]


def time_runner(store: Path, files: Sequence[Path], outputs: Path, *, fresh: bool = True) -> float:
    """Time ``cip run`` with two workers."""
    if fresh:
        shutil.rmtree(outputs, ignore_errors=True)
    return time_call(list_run(store, files, outputs))


def time_plain(store: Path, files: Sequence[Path], outputs: Path) -> float:
    """Time the same work as functions in two processes."""
    shutil.rmtree(outputs, ignore_errors=True)
    script = Path(__file__).with_name("plain.py")
    return time_call([sys.executable, script, store, outputs, NOTEBOOKS, *files])


def time_loop(store: Path, file: Path, outputs: Path, browsers: Path | None) -> dict[str, float]:
    """Time the command-line loop that the runner replaces.

    It prints the chapters that the area's own PDFs hold.

    Returns
    -------
    dict
        Seconds of one area: ``html`` for the notebooks and their pages, ``pdf`` for the PDFs by
        nbconvert, ``pdf_plain`` for the same by the browser's own command line.
    """
    shutil.rmtree(outputs, ignore_errors=True)
    params = load_params(file)
    printed = {stage for name in list_reports(params) for stage in REPORTS[name][1]}
    seconds = {"html": 0.0, "pdf": 0.0, "pdf_plain": 0.0}
    folder = outputs / file.stem / "loop"
    folder.mkdir(parents=True)
    for stage in STAGES:
        target = folder / name_notebook(stage)
        parameters = {"params_file": file, "store_dir": store, "outputs_dir": outputs}
        pairs = [word for pair in parameters.items() for word in ("-p", *pair)]
        papermill = [BIN / "papermill", NOTEBOOKS / target.name, target, *pairs]
        seconds["html"] += time_call([*papermill, "--no-progress-bar"])
        convert = [BIN / "jupyter", "nbconvert", "--no-input", target, "--to"]
        seconds["html"] += time_call([*convert, "html"])
        if browsers is not None and stage in printed:
            root = ["--disable-chromium-sandbox"] if NEEDS_NO_SANDBOX else []
            seconds["pdf"] += time_call([*convert, "webpdf", *root], browsers=browsers)
            page = target.with_suffix(".html")
            pdf = f"--print-to-pdf={page.with_suffix('.pdf')}"
            flags = ["--headless", "--disable-gpu", "--disable-background-networking"]
            flags += ["--no-sandbox"] if NEEDS_NO_SANDBOX else []
            seconds["pdf_plain"] += time_call([find_browser(), *flags, pdf, page.as_uri()])
    return seconds


def lend_browser(folder: Path) -> Path | None:
    """Return a folder of playwright's in which this machine's own browser stands; None without one.

    nbconvert prints with a browser that playwright has downloaded, and takes no other.
    """
    browser = find_browser()
    if browser is None or sys.platform == "win32":
        return None
    code = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as playwright:\n"
        "    try: playwright.chromium.launch()\n"
        "    except Exception as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env=_environment(folder),
    )  # fmt: skip
    wanted = Path(re.search(r"doesn't exist at (\S+)", done.stdout)[1])  # type: ignore[index]
    wanted.parent.mkdir(parents=True)
    wanted.write_text(f'#!/bin/sh\nexec "{browser}" "$@"\n', encoding="utf-8")
    wanted.chmod(0o755)
    return folder


def _find_others(path: Path) -> str:
    """Return what the other benchmarks have written below the runner's results."""
    held = path.read_text(encoding="utf-8") if path.exists() else ""
    _, start, others = held.partition("\n# Results: ")
    return start + others


def describe_machine() -> str:
    """Name the machine in general terms."""
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--areas", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--loop-areas", type=int, default=5, help="of the loop, in each repeat")
    parser.add_argument("--memory-areas", type=int, default=100)
    parser.add_argument("--quick", action="store_true", help="4 areas, once")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("results.md"))
    options = parser.parse_args()
    if options.quick:
        options.areas, options.repeats, options.loop_areas, options.memory_areas = 4, 1, 1, 8
    with tempfile.TemporaryDirectory(prefix="cip-bench-") as name:
        folder = Path(name)
        fetch_folder(ROOT / "params" / "demo" / "source", folder / "store")
        store = Store(folder / "store")
        needed = max(2 * options.areas, options.memory_areas, options.loop_areas * options.repeats)
        files = write_areas(store, folder, needed)
        times = measure_times(options, folder, files)
        shutil.rmtree(folder / "outputs", ignore_errors=True)
        memory = measure_memory(options, folder, files)
    text = write_results(options, times, memory)
    options.out.write_text(text + _find_others(options.out), encoding="utf-8")
    print(text)


def measure_times(
    options: argparse.Namespace, folder: Path, files: Sequence[Path]
) -> dict[str, list[float]]:
    """Return the seconds of each thing measured, one per repeat; the loop's per area.

    Everything takes its turn in every repeat, so that a machine that is busy for a while slows
    all of it.
    """
    store, outputs = folder / "store", folder / "outputs"
    browsers = lend_browser(folder / "browsers")
    once, double = files[: options.areas], files[: 2 * options.areas]
    times: dict[str, list[float]] = {}

    def note(name: str, seconds: float) -> None:
        times.setdefault(name, []).append(seconds)
        print(f"{name}: {seconds:.1f} s", file=sys.stderr, flush=True)

    for turn in range(options.repeats):
        note("cold", time_runner(store, once[:1], folder / "cold"))
        note("plain", time_plain(store, once, folder / "plain"))
        note("runner", time_runner(store, once, outputs))
        note("unchanged", time_runner(store, once, outputs, fresh=False))
        note("start", time_call([BIN / "cip", "check", once[0], "--store", store]))
        note("double", time_runner(store, double, folder / "double"))
        for file in files[turn * options.loop_areas :][: options.loop_areas]:
            parts = time_loop(store, file, folder / "loop", browsers)
            note("loop", parts["html"] + parts["pdf"])
            note("loop_plain", parts["html"] + parts["pdf_plain"])
    return times


def measure_memory(
    options: argparse.Namespace, folder: Path, files: Sequence[Path]
) -> list[Sample]:
    """Return what workers held during a long batch."""
    command = list_run(folder / "store", files[: options.memory_areas], folder / "many")
    samples = watch_batch([*command, "--json"])
    print(f"memory: {len(samples)} samples", file=sys.stderr, flush=True)
    return samples


def write_results(
    options: argparse.Namespace, times: dict[str, list[float]], memory: list[Sample]
) -> str:
    """Return the report: seconds, ratios against their bars, memory."""
    areas = options.areas
    middle = {name: statistics.median(seconds) for name, seconds in times.items()}
    loop = middle["loop"]
    what = {
        "runner": ("this runner", f"{areas} areas, two workers, HTML and PDF"),
        "loop": ("the loop, one area", f"{len(times['loop'])} areas measured"),
        "loop_plain": ("the loop, PDFs by the browser itself", "not by nbconvert"),
        "plain": ("plain Python, two processes", f"{areas} areas"),
        "double": ("this runner, twice the areas", f"{2 * areas} areas"),
        "unchanged": ("this runner, nothing changed", f"{areas} areas"),
        "start": ("start-up alone", "`cip check` of one area"),
        "cold": ("this runner, one area from cold", "start-up included"),
    }
    plain_loop = middle["loop_plain"] * areas / middle["runner"]
    ratios = [
        (f"the loop x {areas} / this runner", loop * areas / middle["runner"], "at least 10"),
        ("the same, the loop's PDFs by the browser itself", plain_loop, ""),
        ("this runner / plain Python", middle["runner"] / middle["plain"], "at most 1.5"),
        ("twice the areas / once", middle["double"] / middle["runner"], "at most 2.1"),
        ("nothing changed, beyond start-up (s)", middle["unchanged"] - middle["start"], "under 3"),
        ("one area from cold / its loop", middle["cold"] / loop, "at most 0.25"),
    ]
    lines = ["# Results", "", f"Machine: {describe_machine()}.", ""]
    lines += ["| Measured | Median (s) | Least to most (s) | What |", "|---|---|---|---|"]
    lines += [
        f"| {name} | {middle[key]:.1f} | {min(times[key]):.1f} to {max(times[key]):.1f} | {note} |"
        for key, (name, note) in what.items()
    ]
    lines += ["", "| Ratio | Value | Bar |", "|---|---|---|"]
    lines += [f"| {name} | {value:.2f} | {bar} |" for name, value, bar in ratios]
    return "\n".join([*lines, "", *_describe_memory(options.memory_areas, memory)]) + "\n"


def _describe_memory(areas: int, samples: list[Sample]) -> list[str]:
    early = [s.megabytes for s in samples if 5 <= s.areas_done < 5 + areas // 5]
    late = [s.megabytes for s in samples if s.areas_done >= areas - areas // 5]
    peak = max(s.megabytes for s in samples)
    return [
        f"| Memory of one worker with its kernel and its browser, {areas} areas | MB | Bar |",
        "|---|---|---|",
        f"| after the first five areas, median | {statistics.median(early):.0f} | |",
        f"| in the last fifth of the areas, median | {statistics.median(late):.0f} | flat |",
        f"| most at any moment | {peak:.0f} | under 1,200 |",
    ]


if __name__ == "__main__":
    main()
