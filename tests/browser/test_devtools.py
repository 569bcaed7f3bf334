"""The browser that prints: what it may reach, and what becomes of one that is lost."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest

from cip.errors import ExportError
from cip.report import pdf
from cip.report.browser import find_browser
from cip.report.browser_page import PagePrinter, photograph_page, start_browser
from cip.report.devtools import BrowserLostError, DevTools

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason="no Chrome, Edge or Chromium found"),
]


@pytest.fixture
def browser(tmp_path, monkeypatch) -> Iterator[DevTools]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    started = start_browser(find_browser())
    yield started
    started.close()


@pytest.fixture
def page(tmp_path) -> Path:
    path = tmp_path / "page.html"
    path.write_text("<html lang='en'><title>A page</title><h1>A page</h1>", encoding="utf-8")
    return path


@pytest.fixture
def server() -> Iterator[tuple[int, list[str]]]:
    """A server of this machine, and what it was asked for."""
    asked: list[str] = []

    class Note(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_):
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Note)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running.server_port, asked
    running.shutdown()
    running.server_close()


def test_printing_asks_no_server_not_even_on_this_machine(browser, page, server):
    port, asked = server
    hosts = ("127.0.0.1", "localhost", "[::1]", "a.example")
    links = "".join(
        f"<img src='http://{h}:{port}/img'><link rel=stylesheet href='http://{h}:{port}/css'>"
        f"<iframe src='http://{h}:{port}/frame'></iframe>"
        for h in hosts
    )
    page.write_text(
        f"<html><title>A page</title><h1>A page</h1>{links}"
        "<script>document.title='scripted'</script>",
        encoding="utf-8",
    )
    data = PagePrinter(browser).print(page)
    assert data.startswith(b"%PDF")
    assert b"scripted" not in data
    assert asked == []


def test_what_the_browser_refuses_is_told_and_it_goes_on(browser, page):
    with pytest.raises(ExportError, match=r"refused Page\.fly.*wasn't found"):
        browser.call("Page.fly")
    assert PagePrinter(browser).print(page).startswith(b"%PDF")


def test_a_file_that_is_not_there_is_told(browser, tmp_path):
    gone = tmp_path / "gone.html"
    gone.write_text("x", encoding="utf-8")
    opened = PagePrinter(browser)._open()
    gone.unlink()
    with pytest.raises(ExportError, match=r"could not open it.*ERR_FILE_NOT_FOUND"):
        opened.print(gone)


def test_a_picture_has_the_pixels_asked_for(browser):
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10"/></svg>'
    png = photograph_page(browser, svg, 30, 20)
    assert png.startswith(b"\x89PNG")
    assert (int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")) == (30, 20)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot stop a process for a while")
def test_a_browser_that_hangs_is_lost_in_time_and_leaves_nothing(browser, page, tmp_path):
    top = psutil.Process(browser._process.pid)
    processes = [top, *top.children(recursive=True)]
    os.kill(browser._process.pid, signal.SIGSTOP)
    with pytest.raises(BrowserLostError, match="did not answer"), browser.limit_time(1):
        PagePrinter(browser).print(page)
    with pytest.raises(BrowserLostError):
        browser.call("Browser.getVersion")
    browser.close()
    _, alive = psutil.wait_procs(processes, timeout=10)
    assert alive == []
    assert not list(tmp_path.glob("cip-browser-*"))


def test_a_page_that_crashes_loses_the_browser_at_once(browser):
    printer = PagePrinter(browser)
    opened = printer._open()
    with pytest.raises(BrowserLostError, match="page's process"), browser.limit_time(20):
        opened.call("Page.crash")
        opened.call("Page.printToPDF")


@pytest.mark.parametrize("method", ["write", "photograph"])
def test_a_lost_browser_is_replaced_once(page, method):
    shared = pdf._SharedPdfWriter()
    first = shared._get()
    first._browser.call("Browser.close")
    try:
        if method == "write":
            assert shared.write(page, page.with_suffix(".pdf")).read_bytes().startswith(b"%PDF")
        else:
            svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
            assert shared.photograph(svg, width_px=5, height_px=5).startswith(b"\x89PNG")
        assert shared._get() is not first
    finally:
        shared.close()


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for the browser")
def test_a_browser_that_does_not_start_says_why(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    program = tmp_path / "chrome"
    program.write_text("#!/bin/sh\necho starting >&2\necho no room for a profile >&2\nexit 3\n")
    program.chmod(0o755)
    with pytest.raises(ExportError, match=r"did not start.*no room for a profile"):
        DevTools(program)
    assert not list(tmp_path.glob("cip-browser-*"))


def test_a_program_that_cannot_be_run_says_so(tmp_path):
    program = tmp_path / "chrome"
    program.write_text("not a program")
    with pytest.raises(ExportError, match="did not start"):
        DevTools(program)
