"""Running the demonstration again: the real notebooks, kernels and browser, only what changed."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import psutil
import pytest

from cip.catalogue.stages import list_before
from cip.errors import ExportError
from cip.params import STAGES
from cip.report import pdf
from cip.report.browser import find_browser
from cip.report.browser_page import PagePrinter
from cip.report.devtools import BrowserLostError
from cip.run.area import AreaOutcome, make_task, run_area
from cip.schemas import SCHEMAS
from cip.workspace import name_notebook

needs_browser = pytest.mark.skipif(
    find_browser() is None, reason="there is no Chrome, Edge or Chromium on this machine"
)


def digest_files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class Demo:
    """The demonstration in a folder of its own, with a survey."""

    def __init__(self, root: Path, store: Path, folder: Path) -> None:
        self.folder, self.root = folder, root
        self.store = shutil.copytree(store, folder / "store")
        text = (root / "params" / "demo.yml").read_text(encoding="utf-8").partition("inputs:")[0]
        self.params = folder / "demo.yml"
        self.params.write_text(text + "inputs:\n  survey: survey.yml\n", encoding="utf-8")
        demo = root / "params" / "demo"
        shutil.copy(demo / "survey.yml", folder / "survey.yml")
        # What is changed is an answer, not the mapping file that names the file of answers.
        self.survey = shutil.copytree(demo / "survey", folder / "survey") / "residents_2026.csv"
        self.area = folder / "outputs" / "demo"

    def run(self, **options) -> AreaOutcome:
        task = make_task(
            self.params,
            store_dir=self.store,
            outputs_dir=self.area.parent,
            notebooks_dir=self.root / "notebooks",
            **{"make_pdf": False, **options},
        )
        outcome = run_area(task)
        assert outcome.status != "failed", outcome.message
        return outcome

    def list_executed(self, outcome: AreaOutcome) -> list[str]:
        return [stage.stage for stage in outcome.stages if stage.status == "done"]


@pytest.fixture(scope="module")
def demo(root, demo_store, tmp_path_factory) -> Demo:
    from cip.run.execute import close_kernels

    demo = Demo(root, demo_store, tmp_path_factory.mktemp("incremental"))
    assert demo.list_executed(demo.run()) == list(STAGES)
    yield demo
    close_kernels()


def test_what_a_stage_used_is_recorded(demo):
    record = json.loads((demo.area / "run.json").read_text(encoding="utf-8"))
    used = {stage["stage"]: stage["used"] for stage in record["stages"]}
    assert {"ts054", "iod2025"} <= set(used["data_profile"])
    assert "lookup_oa21" in used["geography"]
    assert "ts054" not in used["geography"]
    files = {stage["stage"]: stage["files"] for stage in record["stages"]}
    assert "tables/indicators.parquet" in files["data_profile"]
    assert "tables/areas.parquet" in files["geography"]
    assert set(record["files"]) == set(digest_files(demo.area)) - {"run.json"}


def test_an_unchanged_area_loads_nothing_heavy_and_takes_no_time(demo):
    demo.run()
    code = (
        "import sys, time\n"
        "from cip.run.area import make_task, run_area\n"
        "task = make_task(sys.argv[1], store_dir=sys.argv[2], outputs_dir=sys.argv[3],\n"
        "                 notebooks_dir=sys.argv[4], make_pdf=False)\n"
        "run_area(task)\n"  # the digest of the code is taken once per process
        "started = time.process_time()\n"
        "print('STATUS', run_area(task).status)\n"
        "print('SECONDS', time.process_time() - started)\n"
        "heavy = {'pandas', 'numpy', 'geopandas', 'matplotlib', 'papermill', 'nbconvert',\n"
        "         'nbformat', 'playwright'}\n"
        "print('LOADED', sorted(heavy & set(sys.modules)))\n"
    )
    command = [
        sys.executable, "-c", code, demo.params, demo.store, demo.area.parent,
        demo.root / "notebooks",
    ]  # fmt: skip
    before = digest_files(demo.area)
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=True, timeout=120
    )
    assert "STATUS unchanged" in done.stdout
    assert "LOADED []" in done.stdout
    assert float(re.search(r"SECONDS (\S+)", done.stdout)[1]) < 0.1
    assert digest_files(demo.area) == before


def test_a_changed_survey_runs_04_and_05_and_gives_what_a_full_run_gives(demo):
    before = digest_files(demo.area / "notebooks")
    lines = demo.survey.read_bytes().splitlines(keepends=True)
    demo.survey.write_bytes(b"".join(lines[:-40]))
    assert demo.list_executed(demo.run()) == ["engagement_analysis", "summary"]
    after = digest_files(demo.area / "notebooks")
    changed = sorted(name for name in after if after[name] != before[name])
    assert changed == ["04_engagement_analysis.ipynb", "05_summary.ipynb"]

    pieced = {part: digest_files(demo.area / part) for part in ("tables", "reports", "downloads")}
    assert demo.list_executed(demo.run(force=True)) == list(STAGES)
    assert pieced == {part: digest_files(demo.area / part) for part in pieced}


def test_a_product_that_the_area_does_not_use_runs_nothing_and_one_that_it_uses_does(demo):
    path = demo.store / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    # The demonstration uses all that its store holds, so the store gets one that nothing asks for.
    manifest["products"]["spare"] = {**manifest["products"]["ts044"], "product_id": "spare"}
    shutil.copy(demo.store / "ts044.parquet", demo.store / "spare.parquet")
    path.write_text(json.dumps(manifest), encoding="utf-8")
    demo.run()
    for product, expected in [("spare", []), ("ts044", ["data_profile", "summary"])]:
        manifest["products"][product]["notes"] = ["read again"]
        path.write_text(json.dumps(manifest), encoding="utf-8")
        assert demo.list_executed(demo.run()) == expected, product


def test_a_stage_reads_only_tables_of_stages_that_it_says_it_comes_after(root):
    for stage in STAGES:
        notebook = nbformat.read(root / "notebooks" / name_notebook(stage), as_version=4)
        source = "\n".join(c.source for c in notebook.cells if c.cell_type == "code")
        # The notebook's own pages may read tables for it.
        modules = set(re.findall(r"\b(?:pages import|pages\.)\s*([\w, ]+)", source))
        for name in {word for found in modules for word in re.findall(r"\w+", found)}:
            path = root / "lib" / "cip" / "pages" / f"{name}.py"
            source += path.read_text(encoding="utf-8") if path.exists() else ""
        tables = set(re.findall(r"\.read\(\"(\w+)\"\)", source)) & set(SCHEMAS)
        writers = {SCHEMAS[table].written_by for table in tables}
        assert writers <= list_before([stage]), stage
        if stage == "data_profile":
            assert tables >= {"areas", "membership"}  # the pattern finds what it should


# The browser


@pytest.fixture
def pages(tmp_path) -> list[Path]:
    found = []
    for number in range(3):
        found.append(tmp_path / f"page{number}.html")
        found[-1].write_text(f"<html lang='en'><title>Page {number}</title><h1>{number}</h1>")
    return found


@pytest.fixture
def shared():
    """This process's shared writer, without a browser before and after."""
    writer = pdf.share_pdf_writer()
    writer.close()
    yield writer
    writer.close()


@pytest.fixture
def started(monkeypatch) -> list[Path]:
    """The browsers that were started, in order."""
    started: list[Path] = []
    genuine = pdf.BrowserPdfWriter

    class Counted(genuine):
        def __init__(self, path):
            started.append(path)
            super().__init__(path)

    monkeypatch.setattr(pdf, "BrowserPdfWriter", Counted)
    return started


def list_browsers(process: psutil.Process | None = None) -> list[psutil.Process]:
    """The browser's processes below a process, those that draw pages included."""
    below = (process or psutil.Process()).children(recursive=True)
    return [p for p in below if re.search("chrom|edge", read_name(p), re.IGNORECASE)]


def read_name(process: psutil.Process) -> str:
    """Name of a process; nothing if it has ended since it was listed, as helpers of a browser do."""
    try:
        return process.name()
    except psutil.NoSuchProcess:
        return ""


@pytest.mark.browser
@needs_browser
def test_all_pdfs_of_a_process_share_one_browser(pages, shared, started):
    for page in pages:
        assert shared.write(page, page.with_suffix(".pdf")).read_bytes().startswith(b"%PDF")
    assert len(started) == 1
    shared.close()
    assert list_browsers() == []


@pytest.mark.browser
@needs_browser
def test_a_browser_killed_between_two_pdfs_is_replaced(pages, shared, started):
    shared.write(pages[0], pages[0].with_suffix(".pdf"))
    browsers = list_browsers()
    assert browsers
    ids = {p.pid for p in browsers}
    next(p for p in browsers if p.is_running() and p.ppid() not in ids).kill()
    assert shared.write(pages[1], pages[1].with_suffix(".pdf")).read_bytes().startswith(b"%PDF")
    assert len(started) == 2
    _, alive = psutil.wait_procs(browsers, timeout=10)
    assert alive == []


@pytest.mark.browser
@needs_browser
def test_a_browser_that_is_lost_twice_is_an_error(pages, shared, started, monkeypatch):
    def lose(self, _):
        raise BrowserLostError("the browser has ended")

    monkeypatch.setattr(PagePrinter, "print", lose)
    with pytest.raises(ExportError, match="could not print"):
        shared.write(pages[0], pages[0].with_suffix(".pdf"))
    assert len(started) == 2


@pytest.mark.browser
@needs_browser
@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot stop a process for a while")
def test_a_browser_that_does_not_answer_is_replaced(pages, shared, started, monkeypatch):
    shared.write(pages[0], pages[0].with_suffix(".pdf"))
    hung = list_browsers()
    for process in hung:
        process.suspend()
    monkeypatch.setattr(pdf, "_PRINT_TIMEOUT_S", 5)
    assert shared.write(pages[1], pages[1].with_suffix(".pdf")).read_bytes().startswith(b"%PDF")
    assert len(started) == 2
    _, alive = psutil.wait_procs(hung, timeout=10)
    assert alive == []


@pytest.mark.browser
@needs_browser
@pytest.mark.parametrize("end", ["exit", signal.SIGTERM, signal.SIGKILL], ids=str)
def test_no_browser_outlives_its_process(pages, end):
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from cip.report.pdf import share_pdf_writer\n"
        "page = Path(sys.argv[1])\n"
        "share_pdf_writer().write(page, page.with_suffix('.pdf'))\n"
        "print('printed', flush=True)\n"
        "sys.stdin.readline()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(pages[0])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "printed\n"
    browsers = list_browsers(psutil.Process(process.pid))
    assert browsers
    if end == "exit":
        process.stdin.write("\n")
        process.stdin.flush()
    else:
        os.kill(process.pid, end)
    process.wait(timeout=30)
    process.stdin.close()
    process.stdout.close()
    _, alive = psutil.wait_procs(browsers, timeout=20)
    assert alive == []
