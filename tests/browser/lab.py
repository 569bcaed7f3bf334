"""A JupyterLab that runs for tests: one server for all of them, a page and a kernel for each."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from playwright.sync_api import Browser, Page, expect

TOKEN = "a-token-of-this-test"
START_S = 60
#: The first cell starts a kernel and loads pandas, which a busy machine does slowly.
CELL_MS = 90_000


@dataclass(frozen=True)
class Lab:
    """A JupyterLab that runs: its address and the folder that it serves."""

    address: str
    folder: Path


@contextmanager
def start_lab(folder: Path) -> Iterator[Lab]:
    """Run a server until the block ends."""
    port = _find_port()
    process = subprocess.Popen(
        _write_command(port), cwd=folder, env=_write_environment(folder / "own"),
        stdout=(folder / "lab.log").open("wb"), stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        _wait_for(f"http://127.0.0.1:{port}/api/status?token={TOKEN}", process, folder / "lab.log")
        yield Lab(f"http://127.0.0.1:{port}", folder)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def write_notebook(path: Path, code: str) -> None:
    """Write a notebook of one cell."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cell = nbformat.v4.new_code_cell(code)
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel})
    nbformat.write(notebook, path)


@contextmanager
def open_notebook(browser: Browser, lab: Lab, name: str, sign: str) -> Iterator[Page]:
    """Open a notebook with the rest of the network blocked, and run its first cell.

    Parameters
    ----------
    name
        Path of the notebook inside the folder that is served.
    sign
        Selector of what the cell shows.
    """
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    reached_out: list[str] = []
    host = urlsplit(lab.address).netloc

    def guard(route) -> None:
        if urlsplit(route.request.url).netloc == host:
            route.continue_()
        else:
            reached_out.append(route.request.url)
            route.abort()

    context.route("**/*", guard)
    page = context.new_page()
    # A workspace of its own: the notebook of another test is not opened beside this one.
    space = Path(name).stem
    page.goto(f"{lab.address}/lab/workspaces/{space}/tree/{name}?token={TOKEN}")
    _run_first_cell(page, lab, name)
    error = page.locator('.jp-OutputArea-output[data-mime-type*="error"]')
    expect(page.locator(sign).first.or_(error)).to_be_attached(timeout=CELL_MS)
    assert error.count() == 0, error.inner_text()
    yield page
    context.close()
    _end_kernel(lab, name)
    assert [address for address in reached_out if not address.startswith(("data:", "blob:"))] == []


def _find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _write_command(port: int) -> list[str]:
    return [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root",
        "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={TOKEN}", "--LabApp.extension_manager=readonly",
    ]  # fmt: skip


def _write_environment(own: Path) -> dict[str, str]:
    """Nothing of the user's own Jupyter is read or written, and no news are asked for."""
    settings = own / "settings"
    notices = settings / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    notices.parent.mkdir(parents=True)
    notices.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}))
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    folders = {name: str(own / name.lower()) for name in names}
    folders |= {"JUPYTERLAB_WORKSPACES_DIR": str(own / "workspaces")}
    return {**os.environ, **folders, "JUPYTERLAB_SETTINGS_DIR": str(settings)}


def _wait_for(address: str, process: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                assert answer.status == 200
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
    pytest.fail(f"JupyterLab has not started:\n{log.read_text()}")


def _run_first_cell(page: Page, lab: Lab, name: str) -> None:
    """Run the cell as soon as the page is joined to its kernel; what is run before is lost."""
    end = time.monotonic() + START_S
    while not any(_is_ready(session["kernel"]) for session in _list_sessions(lab, name)):
        assert time.monotonic() < end, "the notebook has no kernel"
        page.wait_for_timeout(200)
    prompt = page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt").first
    while prompt.text_content().strip() == "[ ]:":
        assert time.monotonic() < end, "the cell was not run"
        page.locator(".jp-Notebook .jp-CodeCell .cm-content").first.click()
        page.keyboard.press("Shift+Enter")
        page.wait_for_timeout(1000)


def _is_ready(kernel: dict) -> bool:
    """Say whether a page is connected to a kernel that is ready."""
    return bool(kernel["connections"]) and kernel["execution_state"] == "idle"


def _list_sessions(lab: Lab, name: str) -> list[dict]:
    with urllib.request.urlopen(f"{lab.address}/api/sessions?token={TOKEN}", timeout=5) as answer:
        return [session for session in json.load(answer) if session["path"] == name]


def _end_kernel(lab: Lab, name: str) -> None:
    for session in _list_sessions(lab, name):
        address = f"{lab.address}/api/sessions/{session['id']}"
        request = urllib.request.Request(
            address, method="DELETE", headers={"Authorization": f"token {TOKEN}"}
        )
        urllib.request.urlopen(request, timeout=20).close()
