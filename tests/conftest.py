"""Fixtures that several kinds of test share: the demonstration's store and run, the real data."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from cip.catalogue import mark_invented

# Tests share the processors: how long one example takes says nothing.
settings.register_profile("workbook", deadline=None)
settings.load_profile("workbook")

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def _own_figures_again():
    """Forget that a test opened the demonstration: source lines name publishers again."""
    yield
    mark_invented(False)


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory) -> Path:
    """A store filled from the synthetic demonstration's files."""
    from cip.sources.fetch import fetch_folder

    store = tmp_path_factory.mktemp("demo") / "store"
    fetch_folder(ROOT / "params" / "demo" / "source", store)
    return store


@pytest.fixture(scope="session")
def demo_run(demo_store, tmp_path_factory) -> Path:
    """The outputs folder of one full run of the demonstration, made by the ``cip`` command."""
    outputs = tmp_path_factory.mktemp("run") / "outputs"
    done = run_cip("run", "params/demo.yml", "--store", demo_store, "--outputs", outputs)
    assert done.returncode == 0, done.stdout + done.stderr
    return outputs


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real open data; skips where it is not on this machine."""
    folder = Path(os.environ.get("CIP_REAL_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("the real open data are not beside the project (set CIP_REAL_DATA)")
    return folder


@pytest.fixture(scope="session")
def real_store(real_data, tmp_path_factory) -> Path:
    """A store filled from the real open data."""
    from cip.sources.fetch import fetch_folder

    store = tmp_path_factory.mktemp("real") / "store"
    fetch_folder(real_data, store)
    return store


def run_cip(*arguments: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does and return what it printed and its exit code."""
    command = [sys.executable, "-m", "cip.cli", *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=600, check=False
    )


@pytest.fixture(scope="session", name="cip")
def cip_command():
    """The command line as a function."""
    return run_cip
