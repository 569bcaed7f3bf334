"""Batches that are hurt while they run: lost workers, signals, a lost parent; nothing lost or double."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from cip.report.browser import find_browser

TAG = "CIP_TEST_BATCH"
WARDS = ("Bookend Hill", "Footnote Fen", "Lantern Quay", "Marginalia")
#: A run that was stopped says so; before Python has set its handlers, the system says it.
STOPPED = {signal.SIGINT: {130, -signal.SIGINT}, signal.SIGTERM: {143, -signal.SIGTERM}}

pytestmark = pytest.mark.alone


@pytest.fixture(scope="module")
def params(root, tmp_path_factory) -> list[Path]:
    """Parameter files of four wards of the demonstration, with their first stage alone."""
    folder = tmp_path_factory.mktemp("params")
    text = (root / "params" / "demo.yml").read_text(encoding="utf-8").partition("inputs:")[0]
    files = []
    for ward in WARDS:
        name = ward.lower().replace(" ", "-")
        own = text.replace("id: demo", f"id: {name}").replace("[Teaspoon Common]", f"[{ward}]")
        own = own.replace("title: Teaspoon Common", f"title: {ward}\nstages: [geography]")
        files.append(folder / f"{name}.yml")
        files[-1].write_text(own, encoding="utf-8")
    return files


@dataclass
class Batch:
    """One ``cip run --json`` as another process, with every process below it marked."""

    arguments: list[str]
    pdf: bool = False
    tag: str = field(default_factory=lambda: uuid.uuid4().hex)

    def __post_init__(self) -> None:
        command = [sys.executable, "-m", "cip.cli", "run", *self.arguments, "--json"]
        command += [] if self.pdf else ["--no-pdf"]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, TAG: self.tag}, start_new_session=True,
        )  # fmt: skip
        self.events: list[dict] = []

    def follow(self, act: Callable[[dict], object] = lambda event: None) -> None:
        """Read events until the end, and show each one to ``act``."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            event = json.loads(line)
            assert set(event) == {"area", "stage", "status", "seconds"}
            self.events.append(event)
            act(event)
        self.process.wait(timeout=60)

    @property
    def ends(self) -> Counter:
        """How often each area was told to have ended, and how."""
        return Counter((e["area"], e["status"]) for e in self.events if e["stage"] == "area")

    def list_workers(self) -> list[psutil.Process]:
        """Return the pool's worker processes."""
        children = psutil.Process(self.process.pid).children()
        return [c for c in children if "spawn_main" in read_command(c)]

    def list_processes(self) -> list[psutil.Process]:
        """Return every live process that this batch started, orphans included."""
        return list(find_tagged(self.tag))

    def wait_for_none(self) -> None:
        """Assert that within a few seconds no process of the batch is left."""
        end = time.monotonic() + 8
        while (left := self.list_processes()) and time.monotonic() < end:
            time.sleep(0.1)
        assert [read_command(p) for p in left] == []


def read_command(process: psutil.Process) -> str:
    """Command line of a process; nothing if it has ended since it was listed."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def find_tagged(tag: str) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        try:
            if process.environ().get(TAG) == tag and process.status() != psutil.STATUS_ZOMBIE:
                yield process
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue


def start(params: Sequence[Path | str], store: Path | str, outputs: Path, *more: str) -> Batch:
    places = ["--store", str(store), "--outputs", str(outputs)]
    return Batch([*map(str, params), *places, *more])


def assert_whole(outputs: Path) -> set[str]:
    """Every area is complete and valid, and nothing half made lies about; return their names."""
    names = {p.name for p in outputs.iterdir() if p.is_dir() and not p.name.startswith(".")}
    assert [p.name for p in outputs.iterdir() if p.name.startswith((".partial", ".old"))] == []
    for name in names:
        record = json.loads((outputs / name / "run.json").read_text(encoding="utf-8"))
        assert record["status"] == "done"
        assert record["reports"]["html"]
        for path in (*record["reports"]["html"], *record["reports"]["downloads"]):
            assert (outputs / name / path).stat().st_size > 0
    return names


def all_done(params: list[Path]) -> Counter:
    return Counter((path.stem, "done") for path in params)


def test_a_killed_worker_loses_nothing_and_doubles_nothing(params, demo_store, tmp_path):
    batch = start(params[:3], demo_store, tmp_path / "out", "--jobs", "2")
    killed = []

    def kill_one(event: dict) -> None:
        if not killed and event["status"] == "running":
            killed.extend(batch.list_workers()[:1])
            killed[0].kill()

    batch.follow(kill_one)
    assert killed
    assert batch.process.returncode == 0, batch.process.stderr.read()
    assert batch.ends == all_done(params[:3])
    assert assert_whole(tmp_path / "out") == {path.stem for path in params[:3]}
    batch.wait_for_none()


def test_a_dask_cluster_runs_the_batch_and_loses_a_worker(
    params, demo_store, tmp_path, monkeypatch
):
    distributed = pytest.importorskip("distributed")
    monkeypatch.setenv("CIP_CACHE", str(tmp_path / "cache"))
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        pids = list(client.run(os.getpid).values())
        assert len(pids) == 2
        batch = start(
            [params[0].as_uri(), params[1]],  # by address and by path
            demo_store.as_uri(),
            tmp_path / "out",
            "--scheduler",
            cluster.scheduler_address,
        )
        killed = []

        def kill_one(event: dict) -> None:
            if not killed and event["status"] == "running":
                killed.append(pids[0])
                os.kill(pids[0], signal.SIGKILL)

        batch.follow(kill_one)
        kernels = [p for p in psutil.Process().children(recursive=True) if is_kernel(p)]
    assert killed
    assert batch.process.returncode == 0, batch.process.stderr.read()
    assert batch.ends == all_done(params[:2])
    assert assert_whole(tmp_path / "out") == {path.stem for path in params[:2]}
    assert kernels == []
    assert len(list((tmp_path / "cache" / "mirrors").iterdir())) == 2
    batch.wait_for_none()


def is_kernel(process: psutil.Process) -> bool:
    return "ipykernel" in read_command(process)


def test_a_scheduler_that_is_not_there_is_told(params, demo_store, tmp_path):
    pytest.importorskip("distributed")
    batch = start(params[:1], demo_store, tmp_path / "out", "--scheduler", "tcp://127.0.0.1:1")
    batch.follow()
    assert batch.process.returncode == 6
    assert "no Dask scheduler answers at tcp://127.0.0.1:1" in batch.process.stderr.read()
    assert not (tmp_path / "out").exists()


@dataclass(frozen=True)
class Moment:
    """When a signal is sent: so long after so many events, whatever the machine's speed."""

    number: int
    events: int
    seconds: float


def pick_moments(count: int, areas: int) -> list[Moment]:
    """Return moments from start-up to the last export; the same every time, to repeat a fault."""
    chance = random.Random(count)
    numbers = [(signal.SIGINT, signal.SIGTERM)[n % 2] for n in range(count)]
    return [Moment(n, chance.randrange(5 * areas), chance.uniform(0, 0.7)) for n in numbers]


def interrupt(params: list[Path], store: Path, outputs: Path, moment: Moment) -> int:
    """Start a batch, send it a signal, and return the exit code."""
    batch = start(params, store, outputs, "--jobs", "2", "--force")

    def send(event: dict | None) -> None:
        if len(batch.events) == moment.events:
            time.sleep(moment.seconds)
            batch.process.send_signal(moment.number)

    send(None)
    batch.follow(send)
    batch.wait_for_none()
    return batch.process.returncode


def check_interruptions(params: list[Path], store: Path, outputs: Path, count: int) -> None:
    everything, stopped = {path.stem for path in params}, 0
    for moment in pick_moments(count, len(params)):
        code = interrupt(params, store, outputs, moment)
        whole = assert_whole(outputs) if outputs.exists() else set()
        # A signal that comes when all is done finds nothing to stop.
        assert code in STOPPED[moment.number] or (code == 0 and whole == everything), moment
        assert whole <= everything
        stopped += code != 0
    assert stopped >= count / 2
    last = start(params, store, outputs, "--jobs", "2")
    last.follow()
    assert last.process.returncode == 0, last.process.stderr.read()
    assert assert_whole(outputs) == {path.stem for path in params}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_signals_leave_areas_whole_or_absent(params, demo_store, tmp_path):
    check_interruptions(params[:1], demo_store, tmp_path / "out", 4)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_forty_signals_leave_areas_whole_or_absent(params, demo_store, tmp_path):
    check_interruptions(params, demo_store, tmp_path / "out", 40)


@pytest.mark.browser
@pytest.mark.skipif(find_browser() is None, reason="no Chrome, Edge or Chromium found")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_a_signal_while_a_report_is_printed_ends_the_browser(params, demo_store, tmp_path):
    stages = (
        params[0].read_text(encoding="utf-8").replace("[geography]", "[geography, data_profile]")
    )
    file = tmp_path / "printed.yml"
    file.write_text(stages, encoding="utf-8")
    places = ["--store", str(demo_store), "--outputs", str(tmp_path / "out"), "--jobs", "1"]
    batch = Batch([str(file), *places], pdf=True)
    browsers = []

    def stop(event: dict) -> None:
        if (event["stage"], event["status"]) == ("reports", "running"):
            # A browser writes its own title over the mark, so it is found by who started it.
            below = psutil.Process(batch.process.pid).children(recursive=True)
            browsers.extend(p for p in below if "--type=" in read_command(p))
            batch.process.send_signal(signal.SIGINT)

    batch.follow(stop)
    assert batch.process.returncode == 130
    assert browsers, "the browser was not at work yet"
    _, alive = psutil.wait_procs(browsers, timeout=8)
    assert alive == []
    batch.wait_for_none()
    assert assert_whole(tmp_path / "out") == set()


def test_a_killed_command_leaves_no_process_behind(params, demo_store, tmp_path, monkeypatch):
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    batch = start(params[:1], demo_store, tmp_path / "out", "--jobs", "1")
    batch.follow(lambda event: event["status"] == "running" and batch.process.kill())
    assert batch.process.returncode == -signal.SIGKILL
    batch.wait_for_none()
    assert not (tmp_path / "out" / params[0].stem).exists()
    assert list(temporary.iterdir()) == []


def write_pairs(root: Path, folder: Path, count: int, stages: str) -> list[Path]:
    """Write parameter files of so many areas of two small areas each."""
    text = (root / "params" / "demo.yml").read_text(encoding="utf-8").partition("inputs:")[0]
    lookup = root / "params" / "demo" / "source" / "LSOA21_WD24_LAD24_best_fit_lookup.csv"
    rows = lookup.read_text(encoding="utf-8-sig").splitlines()[1:]
    codes = [row.split(",")[0] for row in rows]
    files = []
    for number in range(count):
        pair = f"[{codes[number % len(codes)]}, {codes[(number * 7 + 3) % len(codes)]}]"
        own = text.replace("id: demo", f"id: pair-{number:03}")
        own = own.replace("wards: [Teaspoon Common]", f"lsoas: {pair}")
        own = own.replace("title: Teaspoon Common", f"title: Pair {number}\nstages: {stages}")
        files.append(folder / f"pair-{number:03}.yml")
        files[-1].write_text(own, encoding="utf-8")
    return files


def check_many(root: Path, store: Path, folder: Path, count: int, stages: str) -> None:
    files = write_pairs(root, folder, count, stages)
    batch = start(files, store, folder / "out", "--jobs", "4", "--no-compare")
    batch.follow()
    assert batch.process.returncode == 0, batch.process.stderr.read()
    assert batch.ends == all_done(files)
    assert assert_whole(folder / "out") == {path.stem for path in files}
    batch.wait_for_none()


def test_more_areas_than_workers_than_processors(root, demo_store, tmp_path):
    check_many(root, demo_store, tmp_path, 10, "[geography]")


@pytest.mark.slow
def test_a_hundred_areas_side_by_side(root, demo_store, tmp_path):
    check_many(root, demo_store, tmp_path, 100, "[geography, data_profile]")
