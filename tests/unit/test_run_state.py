"""What changed decides what runs; one run at a time; nothing half-made is left or trusted.

Notebooks are stood in for by a function that writes their files at once: which of them run is
what is tested here. ``tests/notebooks/test_incremental.py`` runs the real ones.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cip.catalogue.stages import list_before, load_stages
from cip.errors import CipError, ExportError
from cip.param_models import Inputs
from cip.params import STAGES
from cip.run import state as run_state
from cip.run.area import AreaOutcome, find_unchanged, make_task, run_area
from cip.run.lock import AreaBusyError, is_locked, lock_area
from cip.run.place import clean_outputs, put_in_place
from cip.run.task import AreaTask, StageOutcome
from cip.workspace import name_notebook

PARAMS = """\
id: test-area
title: Test Area
profile_kind: bespoke
area:
  wards: [Somewhere]
organisation:
  name: Nobody
  contact: nowhere
report_date: 2026-01-01
inputs:
  survey: survey.csv
  narrative: words
"""
USED = {
    "geography": ("boundary_ward", "lookup_oa21"),
    "data_profile": ("ts054", "ts021"),
    "asset_map": (),
    "engagement_analysis": (),
    "summary": (),
}
EVERY = list(STAGES)


@dataclass
class World:
    """An area to run: its files, and what was executed and exported."""

    folder: Path
    ran: list[str] = field(default_factory=list)
    fresh: list[bool] = field(default_factory=list)
    exported: int = 0
    events: list[tuple[str, str, str]] = field(default_factory=list)
    fail: dict[str, Exception | str] = field(default_factory=dict)
    during: dict[str, object] = field(default_factory=dict)

    @property
    def params(self) -> Path:
        return self.folder / "area.yml"

    @property
    def area(self) -> Path:
        return self.folder / "outputs" / "test-area"

    def make_task(self, **options) -> AreaTask:
        return make_task(
            self.params,
            store_dir=self.folder / "store",
            outputs_dir=self.folder / "outputs",
            notebooks_dir=self.folder / "notebooks",
            **options,
        )

    def run(self, **options) -> AreaOutcome:
        self.ran.clear()
        self.fresh.clear()
        self.events.clear()
        self.exported = 0
        return run_area(self.make_task(**options), lambda *event: self.events.append(event))

    def edit_params(self, old: str, new: str) -> None:
        text = self.params.read_text()
        assert old in text
        self.params.write_text(text.replace(old, new))

    def edit_product(self, product: str, **values: object) -> None:
        path = self.folder / "store" / "manifest.json"
        manifest = json.loads(path.read_text())
        template = next(iter(manifest["products"].values()))
        entry = manifest["products"].get(product, template | {"product_id": product})
        manifest["products"][product] = entry | values
        path.write_text(json.dumps(manifest))

    def list_outputs(self) -> dict[str, tuple[int, int]]:
        """Every file and folder of the outputs with its inode and time of change."""
        paths = sorted((self.folder / "outputs").rglob("*"))
        return {str(p): (p.stat().st_ino, p.stat().st_mtime_ns) for p in paths}


@pytest.fixture
def world(tmp_path, monkeypatch) -> World:
    world = World(tmp_path)
    world.params.write_text(PARAMS)
    (tmp_path / "survey.csv").write_text("q1\nyes\n")
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "findings.md").write_text("We agree.")
    (tmp_path / "notebooks").mkdir()
    for stage in STAGES:
        (tmp_path / "notebooks" / name_notebook(stage)).write_text(f"source of {stage}")
    (tmp_path / "store").mkdir()
    entry = {
        "product_id": "", "kind": "counts", "title": "T", "publisher": "P", "geography": "G",
        "period": "2021", "licence": "L", "attribution": "A", "rows": 1, "sha256": "0",
        "fetched_at": "2026-01-01",
    }  # fmt: skip
    products = {p: entry | {"product_id": p} for p in ("boundary_ward", "ts054", "ts037")}
    manifest = {"version": 1, "is_synthetic": True, "products": products}
    (tmp_path / "store" / "manifest.json").write_text(json.dumps(manifest))

    def execute(stage, notebook, target, parameters, *, fresh_kernel=False, timeout_s=1.0):
        world.ran.append(stage)
        world.fresh.append(fresh_kernel)
        made = Path(parameters["outputs_dir"]) / "test-area"
        target.write_text(f"executed {notebook.read_text()}")
        (made / "tables").mkdir(exist_ok=True)
        (made / "tables" / f"{stage}.parquet").write_text(f"table of {stage}")
        if action := world.during.get(stage):
            action()
        trouble = world.fail.get(stage)
        if isinstance(trouble, Exception):
            raise trouble
        if trouble:
            return StageOutcome(stage, "failed", 0.1, message=trouble, used=(), attempts=1)
        return StageOutcome(stage, "done", 0.1, used=USED[stage], attempts=1)

    class Publisher:
        def __init__(self, file, store, folder, *, previous, show_code, make_pdf):
            self.folder, self.stages = folder, []

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def add(self, stage):
            self.stages.append(stage)

        def finish(self):
            world.exported += 1
            if trouble := world.fail.get("reports"):
                raise trouble
            (self.folder / "reports").mkdir()
            (self.folder / "reports" / "report.html").write_text(" ".join(self.stages))
            return {"html": ["reports/report.html"], "pdf": [], "pdf_engine": None}

    monkeypatch.setattr("cip.run.execute.execute_stage", execute)
    monkeypatch.setattr("cip.run.publish.Publisher", Publisher)
    monkeypatch.setattr("cip.run.area.describe_software", lambda: {})
    return world


@pytest.fixture
def made(world) -> World:
    """An area that has been run once."""
    assert world.run().status == "done"
    assert world.ran == EVERY
    return world


# What changed, and what runs


def change_title(world, _):
    world.edit_params("title: Test Area", "title: Another Name")


def change_report_date(world, _):
    world.edit_params("2026-01-01", "2026-02-02")


def drop_stages(world, _):
    world.params.write_text(world.params.read_text() + "stages: [geography, data_profile]\n")


def comment_on_params(world, _):
    world.params.write_text("# a comment\n" + world.params.read_text())


def change_survey(world, _):
    (world.folder / "survey.csv").write_text("q1\nno\n")


def touch_survey(world, _):
    os.utime(world.folder / "survey.csv", (0, 0))


def move_survey(world, _):
    (world.folder / "elsewhere").mkdir()
    (world.folder / "survey.csv").rename(world.folder / "elsewhere" / "survey.csv")
    world.edit_params("survey: survey.csv", "survey: elsewhere/survey.csv")


def name_insight(world, _):
    (world.folder / "insight.csv").write_text("title\n")
    world.edit_params("inputs:", "inputs:\n  insight: insight.csv")


def name_outline(world, _):
    (world.folder / "patch.geojson").write_text("{}")
    world.edit_params("area:", "area:\n  outlines: [patch.geojson]")


def change_narrative(world, _):
    (world.folder / "words" / "more.md").write_text("And so on.")


def change_used_product(world, _):
    world.edit_product("ts054", sha256="1")


def change_product_used_first(world, _):
    world.edit_product("boundary_ward", sha256="1")


def supply_absent_product(world, _):
    world.edit_product("ts021", sha256="1")


def change_unused_product(world, _):
    world.edit_product("ts037", sha256="1")


def fetch_again(world, _):
    world.edit_product("ts054", fetched_at="2026-03-03")


def change_notebook(world, _):
    (world.folder / "notebooks" / name_notebook("asset_map")).write_text("new source")


def change_package(_, monkeypatch):
    monkeypatch.setattr(run_state, "read_versions", lambda: {"pandas": "99"})


def change_code(_, monkeypatch):
    monkeypatch.setattr(run_state, "digest_code", lambda: "another")


def spoil_table(world, _):
    path = world.area / "tables" / "data_profile.parquet"
    before = path.stat()
    path.write_text(path.read_text().replace("table", "TABLE"))
    # Same size and same time: only the content tells.
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def delete_executed_notebook(world, _):
    (world.area / "notebooks" / name_notebook("geography")).unlink()


def delete_report(world, _):
    (world.area / "reports" / "report.html").unlink()


def spoil_record(world, _):
    (world.area / "run.json").write_text("{")


def write_other_version(world, _):
    path = world.area / "run.json"
    record = json.loads(path.read_text())
    path.write_text(json.dumps(record | {"record_version": 1}))


def add_own_file(world, _):
    (world.area / "notes.txt").write_text("an analyst's own notes")


def do_nothing(world, _):
    pass


@pytest.mark.parametrize(
    ("change", "expected", "exported"),
    [
        (do_nothing, [], False),
        (change_title, EVERY, True),
        (change_report_date, ["asset_map", "engagement_analysis", "summary"], True),
        (drop_stages, [], True),
        (comment_on_params, [], False),
        (change_survey, ["engagement_analysis", "summary"], True),
        (touch_survey, [], False),
        (move_survey, [], False),
        (name_insight, EVERY, True),
        (name_outline, EVERY, True),
        (change_narrative, ["summary"], True),
        (change_used_product, ["data_profile", "summary"], True),
        (change_product_used_first, EVERY, True),
        (supply_absent_product, ["data_profile", "summary"], True),
        (change_unused_product, [], False),
        (fetch_again, [], False),
        (change_notebook, ["asset_map", "engagement_analysis", "summary"], True),
        (change_package, EVERY, True),
        (change_code, EVERY, True),
        (spoil_table, ["data_profile"], True),
        (delete_executed_notebook, ["geography"], True),
        (delete_report, [], True),
        (spoil_record, EVERY, True),
        (write_other_version, EVERY, True),
        (add_own_file, [], False),
    ],
)
def test_only_what_changed_runs(made, monkeypatch, change, expected, exported):
    change(made, monkeypatch)
    outcome = made.run()
    assert made.ran == expected
    assert made.exported == exported
    wanted = 2 if change is drop_stages else 5
    assert [s.status for s in outcome.stages] == [
        "done" if stage in expected else "unchanged" for stage in STAGES[:wanted]
    ]
    assert outcome.status == ("done" if exported else "unchanged")
    # Whatever was taken over is whole, and the next run has nothing to do.
    again = made.run()
    assert (again.status, made.ran, made.exported) == ("unchanged", [], 0)
    names = [name_notebook(stage) for stage in STAGES[:wanted]]
    assert sorted(p.name for p in (made.area / "notebooks").iterdir()) == names
    tables = sorted(f"{stage}.parquet" for stage in STAGES[:wanted])
    assert sorted(p.name for p in (made.area / "tables").iterdir()) == tables
    for stage in STAGES[:wanted]:
        assert (made.area / "tables" / f"{stage}.parquet").read_text() == f"table of {stage}"


def test_with_deadlines_among_the_inputs_another_date_means_another_chapter(world):
    name_insight(world, None)
    world.run()
    change_report_date(world, None)
    world.run()
    assert world.ran == EVERY


def test_a_redrawn_outline_means_another_area(world):
    name_outline(world, None)
    world.run()
    (world.folder / "patch.geojson").write_text('{"redrawn": true}')
    world.run()
    assert world.ran == EVERY


def test_an_unchanged_area_is_not_written_to(made):
    before = made.list_outputs()
    outcome = made.run()
    assert outcome.status == "unchanged"
    assert made.list_outputs() == before
    assert made.events == [
        *[("test-area", stage, "unchanged") for stage in STAGES],
        ("test-area", "reports", "unchanged"),
        ("test-area", "area", "unchanged"),
    ]


def test_a_batch_can_ask_before_it_starts_a_worker(made):
    before = made.list_outputs()
    assert find_unchanged(made.make_task()).status == "unchanged"
    assert find_unchanged(made.make_task(force=True)) is None
    assert made.list_outputs() == before
    change_survey(made, None)
    assert find_unchanged(made.make_task()) is None
    assert made.list_outputs() == before


def test_force_runs_everything(made):
    assert made.run(force=True).status == "done"
    assert (made.ran, made.exported) == (EVERY, 1)


def test_options_of_the_reports_make_them_again(made):
    assert made.run(show_code=True).status == "done"
    assert (made.ran, made.exported) == ([], 1)


def test_a_left_out_date_stays_the_day_on_which_the_reports_were_made(world):
    world.edit_params("report_date: 2026-01-01\n", "")
    world.run()
    assert world.run().status == "unchanged"


def test_a_kernel_of_its_own_is_passed_on(world):
    world.run(fresh_kernels=True)
    assert world.fresh == [True] * 5


def test_a_file_that_changes_during_the_run_is_read_again_by_the_next(world):
    world.during["summary"] = lambda: (world.folder / "survey.csv").write_text("q1\nlate\n")
    world.run()
    world.during.clear()
    world.run()
    assert world.ran == ["engagement_analysis", "summary"]


def test_the_record_keeps_what_a_taken_over_stage_took_and_used(made):
    change_survey(made, None)
    made.run()
    record = json.loads((made.area / "run.json").read_text())
    first = record["stages"][0]
    assert (first["stage"], first["status"], first["seconds"]) == ("geography", "unchanged", 0.1)
    assert first["used"] == list(USED["geography"])
    assert first["files"] == ["notebooks/01_geography.ipynb", "tables/geography.parquet"]


def test_a_record_that_names_files_elsewhere_is_not_trusted(made):
    path = made.area / "run.json"
    record = json.loads(path.read_text())
    record["stages"][0]["files"].append("../../survey.csv")
    path.write_text(json.dumps(record))
    made.run()
    assert made.ran == EVERY


def test_the_record_of_another_area_is_not_trusted(made):
    shutil.copytree(made.area, made.area.with_name("copied-area"))
    made.edit_params("id: test-area", "id: copied-area")
    basis_owner = json.loads((made.area.with_name("copied-area") / "run.json").read_text())
    assert basis_owner["area"] == "test-area"
    assert run_state.read_state(None, made.area.with_name("copied-area")).earlier is None


def test_a_failed_stage_leaves_the_profile_and_goes_when_its_cause_does(made):
    before = (made.area / "run.json").read_bytes()
    change_survey(made, None)
    made.fail["engagement_analysis"] = "ValueError: planted"
    outcome = made.run()
    assert (outcome.status, outcome.message) == ("failed", "ValueError: planted")
    assert [s.status for s in outcome.stages] == [*["unchanged"] * 3, "failed"]
    assert (made.area / "run.json").read_bytes() == before
    assert (made.area / "failed" / "notebooks" / "04_engagement_analysis.ipynb").exists()
    (made.folder / "survey.csv").write_text("q1\nyes\n")
    assert made.run().status == "unchanged"
    assert not (made.area / "failed").exists()


def test_a_report_that_cannot_be_made_is_told(world):
    world.fail["reports"] = ExportError("planted")
    assert world.run().status == "not exported"
    assert not (world.area / "run.json").exists()
    world.fail.clear()
    assert world.run().status == "done"


def test_a_changed_answer_counts_though_only_the_mapping_file_is_named(made):
    (made.folder / "survey.csv").write_text("files:\n  - path: answers.csv\n    wave: one\n")
    (made.folder / "answers.csv").write_text("q1\nyes\n")
    made.run()
    assert made.run().status == "unchanged"
    (made.folder / "answers.csv").write_text("q1\nno\n")
    made.ran.clear()
    made.run()
    assert made.ran == ["engagement_analysis", "summary"]


# The catalogue of what each stage reads


def test_every_input_is_read_by_a_stage_and_stages_come_after_earlier_ones():
    stages = load_stages()
    assert {name for entry in stages.values() for name in entry.reads} == {
        *Inputs.model_fields,
        run_state.AREA_FILES,
        run_state.STATED_DATE,
        run_state.REPORT_DATE,
        run_state.PUBLICATION,
    }
    for place, (name, entry) in enumerate(stages.items()):
        assert set(entry.after) <= set(STAGES[:place]), name
    assert list_before(["asset_map"]) == {"asset_map", "geography"}


# One run at a time

HOLD = (
    "import sys, time\n"
    "from pathlib import Path\n"
    "from cip.run.lock import lock_area\n"
    "with lock_area(Path(sys.argv[1]), 'test-area'):\n"
    "    print('held', flush=True)\n"
    "    time.sleep(60)\n"
)


@pytest.fixture
def holder(world):
    """A process that holds the lock of the area."""
    command = [sys.executable, "-c", HOLD, str(world.folder / "outputs")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_two_runs_cannot_write_one_area(world, holder):
    with pytest.raises(AreaBusyError, match=f"process {holder.pid} on .*Wait until"):
        world.run()
    assert world.ran == []
    assert is_locked(world.folder / "outputs", "test-area")
    assert not list((world.folder / "outputs").glob(".partial-*"))


def test_the_lock_of_a_dead_process_is_taken_over(world, holder):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert (world.folder / "outputs" / ".lock-test-area").exists()
    assert world.run().status == "done"
    assert not list((world.folder / "outputs").glob(".lock-*"))


def test_a_clock_moved_back_matters_neither_to_the_lock_nor_to_what_changed(made, monkeypatch):
    lock = made.folder / "outputs" / ".lock-test-area"
    lock.write_text('{"pid": 1, "host": "x"}')
    later = time.time() + 10**8
    for path in [lock, *made.area.rglob("*")]:
        os.utime(path, (later, later))
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert made.run().status == "unchanged"
    assert made.run(force=True).status == "done"


def test_the_lock_holds_within_one_process_too(tmp_path):
    with lock_area(tmp_path, "one"):
        with pytest.raises(AreaBusyError), lock_area(tmp_path, "one"):
            pass
        with lock_area(tmp_path, "another"):
            pass
    assert list(tmp_path.iterdir()) == []


def test_a_file_system_without_locks_is_told(tmp_path, monkeypatch):
    def refuse(_):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("cip.run.lock._lock", refuse)
    with pytest.raises(CipError, match="offers no locks"), lock_area(tmp_path, "one"):
        pass


def test_an_error_inside_the_lock_is_not_mistaken_for_one_of_the_lock(tmp_path):
    with pytest.raises(OSError, match="planted"), lock_area(tmp_path, "one"):
        raise OSError(errno.EAGAIN, "planted")
    assert not is_locked(tmp_path, "one")


# What dead runs leave


def test_leftovers_of_dead_runs_are_cleared_and_a_swap_is_undone(made):
    outputs = made.folder / "outputs"
    (outputs / ".partial-test-area-1" / "test-area").mkdir(parents=True)
    made.area.rename(outputs / ".old-test-area-1")
    # The last good profile is back, so there is nothing to execute.
    assert made.run().status == "unchanged"
    assert sorted(p.name for p in outputs.iterdir()) == ["test-area"]


def test_leftovers_of_other_areas_are_cleared_but_not_those_of_a_live_run(world, holder):
    outputs = world.folder / "outputs"
    for name in (".partial-test-area-1", ".old-ward-12-77", ".partial-ward-12-77"):
        (outputs / name).mkdir()
    (outputs / ".old-ward-12-77" / "run.json").write_text("{}")
    clean_outputs(outputs)
    assert sorted(p.name for p in outputs.iterdir()) == [
        ".lock-test-area", ".partial-test-area-1", "ward-12"
    ]  # fmt: skip


def test_an_interrupted_swap_brings_the_old_folder_back(tmp_path):
    target = tmp_path / "area"
    target.mkdir()
    (target / "kept.txt").write_text("old")
    with pytest.raises(FileNotFoundError):
        put_in_place(tmp_path / "not there", target)
    assert (target / "kept.txt").read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["area"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_an_interrupted_run_leaves_nothing_of_its_own(made, error):
    before = made.list_outputs()

    def interrupt():
        raise error

    made.during["asset_map"] = interrupt
    with pytest.raises(error):
        made.run(force=True)
    inside = {k: v for k, v in made.list_outputs().items() if k.startswith(str(made.area))}
    assert inside == {k: v for k, v in before.items() if k.startswith(str(made.area))}
    assert [p.name for p in (made.folder / "outputs").iterdir()] == ["test-area"]


# Full disks and refused writes


@pytest.mark.parametrize(
    "trouble",
    [
        OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
        f"OSError: [Errno 28] Error writing bytes to file. Detail: {os.strerror(errno.ENOSPC)}",
    ],
    ids=["in the runner", "in the notebook"],
)
def test_a_full_disk_is_told_and_loses_nothing(made, trouble):
    before = (made.area / "run.json").read_bytes()
    made.fail["summary"] = trouble
    with pytest.raises(ExportError, match=r"disk is full.*Free some space"):
        made.run(force=True)
    assert (made.area / "run.json").read_bytes() == before
    assert [p.name for p in (made.folder / "outputs").iterdir()] == ["test-area"]
    assert not (made.area / "failed").exists()


def test_a_full_disk_while_exporting_is_told(made):
    made.fail["reports"] = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with pytest.raises(ExportError, match="disk is full"):
        made.run(force=True)
    made.fail.clear()
    assert made.run().status == "unchanged"


@pytest.fixture
def mount(world):
    """Put a small file system of its own under the outputs folder; skips where that is refused."""
    outputs = world.folder / "outputs"
    mounted = []

    def put(options: str) -> None:
        outputs.mkdir(exist_ok=True)
        command = ["mount", *options.split(), str(outputs)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            pytest.skip("there is no mount command here")
        if done.returncode:
            pytest.skip(f"mounting is not permitted here: {done.stderr.strip()}")
        mounted.append(outputs)

    yield put
    for path in reversed(mounted):
        subprocess.run(["umount", str(path)], check=True)


def test_a_small_disk_that_fills_up(world, mount):
    mount("-t tmpfs -o size=200k tmpfs")
    assert world.run().status == "done"
    world.during["summary"] = lambda: (
        next((world.folder / "outputs").glob(".partial-*")) / "big"
    ).write_bytes(bytes(10**6))
    with pytest.raises(ExportError, match="disk is full"):
        world.run(force=True)
    world.during.clear()
    assert world.run().status == "unchanged"
    assert [p.name for p in (world.folder / "outputs").iterdir()] == ["test-area"]


def test_a_read_only_folder_is_told_and_will_do_where_nothing_changed(made, mount):
    outputs = made.folder / "outputs"
    mount(f"--bind -o ro {outputs}")
    assert made.run().status == "unchanged"
    with pytest.raises(ExportError, match=r"cannot be written to.*--outputs"):
        made.run(force=True)
    assert made.ran == []


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_folder_without_the_right_to_write_is_told(made):
    outputs = made.folder / "outputs"
    outputs.chmod(0o555)
    try:
        with pytest.raises(ExportError, match="cannot be written to"):
            made.run(force=True)
    finally:
        outputs.chmod(0o755)


def test_other_errors_of_the_system_pass_as_they_are(world):
    world.fail["geography"] = PermissionError(errno.EACCES, "Permission denied", "/elsewhere/store")
    with pytest.raises(PermissionError, match="store"):
        world.run()
