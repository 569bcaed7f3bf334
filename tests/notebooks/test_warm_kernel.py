"""A kernel that is used again: it must be as good as a fresh one, and survive what goes wrong."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from cip.params import STAGES
from cip.run import kernel
from cip.run.execute import StageOutcome, close_kernels, execute_stage
from cip.run.output_limit import NOTICE, PRINT_LIMIT
from cip.workspace import name_notebook


@pytest.fixture(autouse=True)
def steady_environment(monkeypatch):
    """pytest renames the test in the environment as it goes: no reason for another kernel."""

    def describe(name: str):
        kept = {k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"}
        return name, str(Path.cwd()), frozenset(kept.items())

    monkeypatch.setattr(kernel, "describe_setting", describe)


@pytest.fixture(autouse=True, scope="module")
def no_kernel_left():
    yield
    close_kernels()
    assert not list_kernels(os.getpid())


def list_kernels(pid: int) -> list[psutil.Process]:
    """Return the kernels that a process has started and that still run."""
    return [c for c in psutil.Process(pid).children(recursive=True) if is_kernel(c)]


def is_kernel(process: psutil.Process) -> bool:
    try:
        is_running = process.status() != psutil.STATUS_ZOMBIE
        return is_running and "ipykernel_launcher" in " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return False


def write_cells(path: Path, *sources: str) -> Path:
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    notebook.metadata["kernelspec"] = {
        "name": "python3", "display_name": "Python 3", "language": "python",
    }  # fmt: skip
    nbformat.write(notebook, path)
    return path


def run_cells(folder: Path, *sources: str, name: str = "try", **settings) -> StageOutcome:
    """Run a notebook of these cells, keeping it as ``name``."""
    path = write_cells(folder / f"{name}_source.ipynb", *sources)
    return execute_stage(name, path, folder / f"{name}.ipynb", {}, **settings)


def read_text(folder: Path, name: str = "try") -> str:
    """Return all that the executed notebook printed."""
    notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    streams = [o for c in notebook.cells for o in c.get("outputs", []) if o.output_type == "stream"]
    return "".join(o.text for o in streams)


def find_pid() -> int:
    held = kernel.get_holder()._kernel
    assert held is not None
    return held.pid


# --- the same as a fresh kernel ---------------------------------------------------------------


def run_stage(root: Path, store: Path, outputs: Path, stage: str, *, fresh: bool) -> StageOutcome:
    folder = outputs / "executed"
    folder.mkdir(exist_ok=True, parents=True)
    values = {
        "params_file": str(root / "params" / "demo.yml"),
        "store_dir": str(store),
        "outputs_dir": str(outputs),
    }
    name = name_notebook(stage)
    outcome = execute_stage(
        stage, root / "notebooks" / name, folder / name, values, fresh_kernel=fresh
    )
    assert outcome.status == "done", outcome.message
    assert outcome.attempts == 1
    return outcome


def read_outputs(outputs: Path, stage: str) -> str:
    """Return counts and outputs of every cell; what papermill notes about time is elsewhere."""
    notebook = nbformat.read(outputs / "executed" / name_notebook(stage), as_version=4)
    cells = [c for c in notebook.cells if c.cell_type == "code"]
    return json.dumps([(c.execution_count, c.outputs) for c in cells], indent=1)


def read_tables(outputs: Path) -> dict[str, bytes]:
    files = [p for p in (outputs / "demo").rglob("*") if p.is_file()]
    return {p.relative_to(outputs).as_posix(): p.read_bytes() for p in files}


def test_each_notebook_shows_and_writes_what_it_does_in_a_fresh_kernel(root, demo_store, tmp_path):
    fresh, warm = tmp_path / "fresh", tmp_path / "warm"
    first = {s: run_stage(root, demo_store, fresh, s, fresh=True) for s in STAGES}
    tables = read_tables(fresh)
    assert len(tables) >= 10
    # Every stage finds the tables of those before it, so that any order will do.
    shutil.copytree(fresh / "demo", warm / "demo")
    order = [*STAGES, *STAGES]
    random.Random(20210321).shuffle(order)
    pids = set()
    for stage in order:
        outcome = run_stage(root, demo_store, warm, stage, fresh=False)
        assert read_outputs(warm, stage) == read_outputs(fresh, stage), stage
        assert outcome.used == first[stage].used
        pids.add(find_pid())
        if stage != "summary":  # it lists the tables, and adds none
            assert read_tables(warm) == tables, stage
    assert len(pids) == 1, "a notebook of the workbook cost the warm kernel its life"
    assert {"iod2025", "ts054"} <= set(first["data_profile"].used)
    assert {"places_gp", "osm_walk_edges"} <= set(first["asset_map"].used)
    assert {"ts021", "ts054"} <= set(first["engagement_analysis"].used)
    assert first["summary"].used == ()


# --- no trace ---------------------------------------------------------------------------------

#: What a careless notebook leaves, and how the next one would find it.
TRACES = {
    "a name": ("leak = 1", "'leak' in globals()"),
    "an environment variable": (
        "import os; os.environ['CIP_LEAK'] = 'x'; os.environ.pop('HOME', None)",
        "('CIP_LEAK' in __import__('os').environ, 'HOME' in __import__('os').environ)",
    ),
    "the folder": ("import os; os.chdir('/')", "__import__('os').getcwd()"),
    "the path": (
        "import sys; sys.path.insert(0, '/nowhere')",
        "'/nowhere' in __import__('sys').path",
    ),
    "matplotlib": (
        "import matplotlib.pyplot as plt\nplt.rcParams['font.size'] = 33\nplt.style.use('ggplot')\n"
        "f = plt.figure(); plt.rcdefaults; plt.ioff()",
        "(lambda p: (p.rcParams['font.size'], p.rcParams['axes.facecolor'], p.get_fignums()))"
        "(__import__('matplotlib.pyplot').pyplot)",
    ),
    "a figure format": (
        "from matplotlib_inline.backend_inline import set_matplotlib_formats\n"
        "set_matplotlib_formats('svg')",
        "sorted(k for k, f in get_ipython().display_formatter.formatters.items()"
        " if __import__('matplotlib.figure').figure.Figure in f.type_printers)",
    ),
    "warnings": (
        "import warnings; warnings.simplefilter('error')",
        "__import__('warnings').warn('told again', stacklevel=1)",
    ),
    "an option of pandas": (
        "import pandas as pd; pd.set_option('display.max_rows', 3); pd.options.display.precision = 1",
        "(lambda p: (p.get_option('display.max_rows'), p.get_option('display.precision')))"
        "(__import__('pandas'))",
    ),
    "how numpy prints": (
        "import numpy as np; np.set_printoptions(precision=1); np.seterr(all='raise')",
        "(lambda n: (n.array([1 / 3]), n.geterr()))(__import__('numpy'))",
    ),
    "a global of the workbook": (
        "from cip.catalogue.sources import _Provenance, mark_invented\nmark_invented(True)\n"
        "_Provenance.extra = 1",
        "(lambda p: (p.is_invented, hasattr(p, 'extra')))"
        "(__import__('cip.catalogue.sources').catalogue.sources._Provenance)",
    ),
    "a table of the workbook": (
        "from cip.display import palette\npalette.ROLE_STYLES.clear(); palette.INK = 'red'",
        "(lambda s: (sorted(s.ROLE_STYLES), s.INK))(__import__('cip.display.palette').display.palette)",
    ),
    "the catalogue": (
        "from cip.catalogue import load_sources\nload_sources().pop('ts054')",
        "'ts054' in __import__('cip.catalogue').catalogue.load_sources()",
    ),
    "a patched function": (
        "import pandas as pd, math\npd.DataFrame.head = None; pd.concat = None; math.sqrt = None\n"
        "pd.DataFrame.leak = 1",
        "(lambda p: (p.DataFrame.head.__name__, p.concat.__name__, hasattr(p.DataFrame, 'leak'),"
        " __import__('math').sqrt(4)))(__import__('pandas'))",
    ),
    "a builtin": (
        "import builtins; builtins.leak = 1; builtins.print = None",
        "'leak' in dir(__builtins__)",
    ),
    "logging": (
        "import logging; logging.getLogger().setLevel(10); logging.disable(50)\n"
        "logging.getLogger('fiona').addHandler(logging.StreamHandler())",
        "(lambda g: (g.getLogger().level, g.root.manager.disable, g.getLogger('fiona').handlers))"
        "(__import__('logging'))",
    ),
    "a signal": (
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)",
        "__import__('signal').getsignal(15)",
    ),
    "the locale": (
        "import locale; locale.setlocale(locale.LC_ALL, 'C')",
        "__import__('locale').setlocale(6)",
    ),
    "decimals": (
        "import decimal; decimal.getcontext().prec = 3",
        "__import__('decimal').Decimal(1) / 3",
    ),
    "a display hook": (
        "get_ipython().display_formatter.formatters['text/plain'].for_type(int, lambda *a: a[1].text('!'))\n"
        "get_ipython().events.register('post_run_cell', lambda *_: print('leak'))",
        "12345",
    ),
    "the annotations": ("x: int = 3", "globals().get('__annotations__')"),
    "the last error": (
        "import sys; sys.last_value = 1",
        "hasattr(__import__('sys'), 'last_value')",
    ),
    "settings of tracebacks": (
        "%xmode Minimal\n%precision 1",
        "(1 / 3, get_ipython().InteractiveTB.mode)",
    ),
    "a replaced stream": ("import sys, io; sys.stdout = io.StringIO()", "print('heard')"),
}


#: Every notebook begins so: what a first import or a first figure does is no trace of another's.
OPENING = "import cip.pages, matplotlib.pyplot as plt; plt.close(plt.figure()); del plt"


def find_answer(cell) -> list:
    found = []
    for output in cell.outputs:
        data = (
            output.get("data", {}).get("text/plain") or output.get("text") or output.get("evalue")
        )
        # A warning names the file of its cell, which carries the number of the process.
        found.append(data.partition("UserWarning")[2] or data)
    return found


def find_last_answer(folder: Path, name: str) -> list:
    cells = nbformat.read(folder / f"{name}.ipynb", as_version=4).cells
    return find_answer([c for c in cells if c.cell_type == "code"][-1])


@pytest.fixture(scope="module")
def fresh_answers(tmp_path_factory):
    """What each question is answered in a kernel that ran nothing before."""
    folder = tmp_path_factory.mktemp("fresh")
    questions = [question for _, question in TRACES.values()]
    outcome = run_cells(folder, OPENING, *questions, name="fresh", fresh_kernel=True)
    assert outcome.status == "done", outcome.message
    cells = nbformat.read(folder / "fresh.ipynb", as_version=4).cells
    assert [c.execution_count for c in cells] == list(range(1, len(TRACES) + 2))
    return {what: find_answer(cell) for what, cell in zip(TRACES, cells[1:], strict=True)}


@pytest.mark.parametrize("what", TRACES)
def test_a_notebook_leaves_no_trace(what, fresh_answers, tmp_path):
    careless, question = TRACES[what]
    run_cells(tmp_path, OPENING, name="before")
    pid = find_pid()
    run_cells(tmp_path, OPENING, careless, question, name="careless")
    assert find_last_answer(tmp_path, "careless") != fresh_answers[what], "this leaves nothing"
    outcome = run_cells(tmp_path, OPENING, question, name="next")
    assert outcome.status == "done", outcome.message
    assert find_last_answer(tmp_path, "next") == fresh_answers[what]
    assert find_pid() == pid, "put back by a new kernel, not in place"
    cells = nbformat.read(tmp_path / "next.ipynb", as_version=4).cells
    assert [c.execution_count for c in cells] == [1, 2]


@pytest.mark.slow
@pytest.mark.parametrize(
    "careless",
    [
        "import threading, time\nthreading.Thread(target=time.sleep, args=(600,), daemon=True).start()",
        "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])",
        "import asyncio, time\nasync def wait(): await asyncio.sleep(600)\nt = asyncio.create_task(wait())",
        "%load_ext autoreload",
        "import matplotlib; matplotlib.use('svg')",
    ],
    ids=["thread", "process", "task", "extension", "backend"],
)
def test_what_cannot_be_taken_back_costs_the_kernel_its_life(careless, tmp_path):
    run_cells(tmp_path, careless, name="careless")
    pid = find_pid()
    children = psutil.Process(pid).children()
    outcome = run_cells(tmp_path, "x = 1", name="next")
    assert (outcome.status, outcome.attempts) == ("done", 1)
    assert find_pid() != pid
    assert not psutil.pid_exists(pid)
    psutil.wait_procs(children, timeout=5)
    assert not any(c.is_running() for c in children)


def test_a_module_of_the_notebook_is_read_again(tmp_path):
    (tmp_path / "helper_of_this_test.py").write_text("VALUE = 1\n")
    cells = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})",
        "import helper_of_this_test as h; print(h.VALUE); h.VALUE = 9",
    )
    run_cells(tmp_path, *cells, name="first")
    pid = find_pid()
    (tmp_path / "helper_of_this_test.py").write_text("VALUE = 22\n")
    run_cells(tmp_path, *cells, name="second")
    missing = run_cells(tmp_path, "import helper_of_this_test", name="third")
    assert (read_text(tmp_path, "first"), read_text(tmp_path, "second")) == ("1\n", "22\n")
    assert "ModuleNotFoundError" in (missing.message or "")
    assert find_pid() == pid


def test_random_numbers_are_not_those_of_another_notebook(tmp_path):
    draw = "import random, numpy as np\nprint(random.random(), np.random.rand())"
    seed = "import random, numpy as np; random.seed(1); np.random.seed(1)"
    run_cells(tmp_path, seed, draw, name="first")
    run_cells(tmp_path, draw, name="second")
    run_cells(tmp_path, draw, name="third")
    drawn = [read_text(tmp_path, name).split() for name in ("first", "second", "third")]
    assert len({pair[0] for pair in drawn}) == len({pair[1] for pair in drawn}) == 3


@pytest.mark.slow
def test_a_library_that_a_notebook_imports_is_there_for_the_next_kernel(tmp_path):
    see = "import sys; print('nbconvert' in sys.modules)"
    run_cells(tmp_path, see, "import nbconvert", name="first")
    pid = find_pid()
    run_cells(tmp_path, see, "import nbconvert", name="second")
    new = find_pid()
    run_cells(tmp_path, see, name="third")
    assert [read_text(tmp_path, n) for n in ("first", "second", "third")] == [
        "False\n",
        "True\n",
        "True\n",
    ]
    assert pid != new == find_pid()


def test_what_only_some_areas_need_is_loaded_when_wanted_and_then_stays(tmp_path):
    close_kernels()
    see = "import sys; print(sorted({'pyogrio', 'scipy.optimize'} & set(sys.modules)))"
    run_cells(tmp_path, see, "import pyogrio, scipy.optimize", name="first")
    pid = find_pid()
    run_cells(tmp_path, see, name="second")
    assert read_text(tmp_path, "first") == "[]\n"
    assert read_text(tmp_path, "second") == "['pyogrio', 'scipy.optimize']\n"
    assert find_pid() == pid


# --- what goes wrong --------------------------------------------------------------------------


def test_a_kernel_killed_in_a_cell_is_replaced_and_the_notebook_run_again(tmp_path):
    marker = tmp_path / "was_here"
    kill = (
        "import os, pathlib\n"
        f"marker = pathlib.Path({str(marker)!r})\n"
        "if not marker.exists():\n    marker.touch()\n    os.kill(os.getpid(), 9)\n"
        "print('through')"
    )
    outcome = run_cells(tmp_path, "x = 1", kill)
    assert (outcome.status, outcome.attempts, outcome.message) == ("done", 2, None)
    assert read_text(tmp_path) == "through\n"
    again = run_cells(tmp_path, "y = 1", "import os; os.kill(os.getpid(), 9)")
    assert (again.status, again.attempts, again.cell) == ("failed", 2, 2)
    assert "kernel died" in again.message.lower()
    saved = (tmp_path / "try.ipynb").read_text()
    assert "papermill-error-cell" in saved
    assert run_cells(tmp_path, "z = 1").attempts == 1


@pytest.mark.parametrize(
    "cell",
    ["while True: pass", pytest.param("import time; time.sleep(600)", marks=pytest.mark.slow)],
)
def test_a_notebook_that_never_ends_is_stopped(cell, tmp_path):
    run_cells(tmp_path, "1")
    pid = find_pid()
    started = time.monotonic()
    outcome = run_cells(tmp_path, "x = 1", cell, timeout_s=2)
    assert time.monotonic() - started < 60
    assert (outcome.status, outcome.attempts, outcome.cell) == ("failed", 2, 2)
    assert outcome.message == "TimeoutError: not ended after 2 seconds"
    assert "TimeoutError" in (tmp_path / "try.ipynb").read_text()
    assert not psutil.pid_exists(pid)


def test_an_error_in_a_cell_is_final_and_the_kernel_goes_on(tmp_path):
    run_cells(tmp_path, "1")
    pid = find_pid()
    outcome = run_cells(
        tmp_path, "x = 1", "# second\nraise ValueError('planted')", "print('never')"
    )
    assert (outcome.status, outcome.attempts, outcome.cell) == ("failed", 1, 2)
    assert outcome.message == "ValueError: planted"
    assert outcome.source.startswith("# second")
    saved = nbformat.read(tmp_path / "try.ipynb", as_version=4)
    assert "papermill-error-cell" in str(saved.cells[0])
    assert run_cells(tmp_path, "print(1)").status == "done"
    assert find_pid() == pid


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param("for _ in range(100): print('x' * 999_999)", id="blocks"),
        pytest.param(
            "for _ in range(200_000): print('y' * 499, flush=True)",
            id="lines",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            "import os\nfor _ in range(100): os.write(1, b'z' * 1_000_000)",
            id="file descriptor",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_a_notebook_that_prints_without_end_is_cut_off(cell, tmp_path, monkeypatch):
    import resource

    # A kernel that finds itself in a test of pytest's does not watch its file descriptors.
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    close_kernels()
    outcome = run_cells(tmp_path, cell, "print('after')", "41 + 1")
    assert (outcome.status, outcome.attempts) == ("done", 1), outcome.message
    text = read_text(tmp_path)
    assert PRINT_LIMIT <= len(text) < PRINT_LIMIT + 2 * len(NOTICE)
    assert text.count(NOTICE.strip()) == 1
    assert (tmp_path / "try.ipynb").stat().st_size < 1.5 * PRINT_LIMIT
    assert find_last_answer(tmp_path, "try") == ["42"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1_000_000
    run_cells(tmp_path, "print('heard again')")
    assert read_text(tmp_path) == "heard again\n"


@pytest.mark.slow
def test_a_kernel_that_holds_too_much_is_replaced(tmp_path, monkeypatch):
    run_cells(tmp_path, "1")
    pid = find_pid()
    monkeypatch.setattr(kernel, "MEMORY_LIMIT_BYTES", 1)
    run_cells(tmp_path, "1")
    assert find_pid() != pid
    monkeypatch.undo()


@pytest.mark.slow
def test_a_changed_environment_or_folder_means_another_kernel(tmp_path, monkeypatch):
    run_cells(tmp_path, "1")
    pid = find_pid()
    monkeypatch.setenv("CIP_STORE", "elsewhere")
    run_cells(tmp_path, "import os; print(os.environ['CIP_STORE'])")
    assert read_text(tmp_path) == "elsewhere\n"
    assert find_pid() != pid


@pytest.mark.slow
@pytest.mark.parametrize("how", ["end", "SIGTERM", "SIGINT", "SIGKILL"])
def test_no_kernel_outlives_its_process(how, tmp_path):
    seconds = 0 if how == "end" else 600
    write_cells(tmp_path / "n.ipynb", f"import time; time.sleep({seconds})")
    code = (
        "import sys; from pathlib import Path; from cip.run.execute import execute_stage\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "execute_stage('n', folder / 'n.ipynb', folder / 'o.ipynb', {})\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
    kernels: list[psutil.Process] = []
    deadline = time.monotonic() + 60
    while not kernels and time.monotonic() < deadline and process.poll() is None:
        kernels = list_kernels(process.pid)
        time.sleep(0.05)
    assert kernels
    if how != "end":
        time.sleep(3)
        process.send_signal(getattr(signal, how))
    process.wait(timeout=60)
    _, alive = psutil.wait_procs(kernels, timeout=10)
    assert not [k for k in alive if is_kernel(k)]
    if how in ("end", "SIGINT"):
        import tempfile

        assert not list(Path(tempfile.gettempdir()).glob(f"cip-kernel-{process.pid}-*"))


@pytest.mark.slow
def test_threads_take_turns_with_the_one_kernel(tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        names = [f"n{i}" for i in range(4)]
        done = list(pool.map(lambda n: run_cells(tmp_path, f"print({n!r})", name=n), names))
    assert [o.status for o in done] == ["done"] * 4
    assert [read_text(tmp_path, n).strip() for n in names] == names
    assert len(list_kernels(os.getpid())) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such sockets")
@pytest.mark.parametrize(("length", "transport"), [(20, "ipc"), (120, "tcp")])
def test_a_kernel_starts_below_a_folder_with_a_long_name(
    length, transport, tmp_path_factory, monkeypatch
):
    with tempfile.TemporaryDirectory(prefix="k", dir="/tmp") as short:
        folder = Path(short) / ("n" * length)
        folder.mkdir()
        monkeypatch.setattr(kernel, "_make_folder", lambda: folder)
        made = kernel.NotebookKernel("python3")
        try:
            assert made.manager.transport == transport
            assert made.is_alive()
        finally:
            made.kill()
