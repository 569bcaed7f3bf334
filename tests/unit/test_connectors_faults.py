"""What goes wrong between a publisher and the store, and that store and good copy are unharmed."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import httpx
import pytest

from cip.errors import SourceError
from cip.sources import transfer as transfer_module
from cip.sources.copies import read_ledger
from cip.sources.download import fetch_network
from cip.store import Store

from ..support.web import Site, make_zip, open_site, send, send_file

NOMIS = "https://www.nomisweb.co.uk"
NAME = "census2021-ts037.zip"
HEADINGS = (
    "date,geography,geography code,General health: Total: All usual residents,"
    "General health: Very good health,General health: Good health,General health: Fair health,"
    "General health: Bad health,General health: Very bad health"
)


def make_table(*totals: int, headings: str = HEADINGS) -> bytes:
    """Return the zip that Nomis offers, with invented counts that add up."""
    rows = [
        f"2021,Tinton {i},Z0100000{i},{n},{n - 10},4,3,2,1" for i, n in enumerate(totals, start=1)
    ]
    return make_zip({"census2021-ts037-lsoa.csv": "\n".join([headings, *rows]) + "\n"})


GOOD = make_table(100, 200)
NEWER = make_table(100, 300)


@pytest.fixture
def site() -> Iterator[Site]:
    with open_site() as made:
        yield made


class Fetch:
    def __init__(self, site: Site, folder: Path):
        self.site, self.store, self.cache = site, folder / "store", folder / "cache"
        self.waits: list[float] = []
        self.seen: list[tuple[str, int, int | None]] = []

    def __call__(self, *products: str):
        return fetch_network(
            self.store,
            products=products or ("ts037",),
            cache_dir=self.cache,
            base_urls={NOMIS: self.site.address},
            sleep=self.waits.append,
            progress=lambda *seen: self.seen.append(seen),
            today=date(2026, 3, 2),
        )

    def totals(self) -> list[int]:
        return Store(self.store).read("ts037")["total"].tolist()


@pytest.fixture
def fetch(site: Site, tmp_path: Path) -> Fetch:
    return Fetch(site, tmp_path)


def make_bomb() -> bytes:
    return make_zip({"census2021-ts037-lsoa.csv": b"0" * 60_000_000})


def make_claimed_bomb() -> bytes:
    """Return a small archive whose list of contents claims two gigabytes."""
    archive = bytearray(GOOD)
    place = archive.rindex(b"PK\x01\x02") + 24
    archive[place : place + 4] = (2_000_000_000).to_bytes(4, "little")
    return bytes(archive)


def make_outside() -> bytes:
    return make_zip({"../census2021-ts037-lsoa.csv": "a,b\n"})


def stall(request: BaseHTTPRequestHandler, n: int) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "1000")
    request.end_headers()
    request.wfile.write(b"PK\x03\x04")
    request.wfile.flush()
    request.server.stalled.wait(5)  # type: ignore[attr-defined]


def answer_with(body: bytes, **how: object) -> Callable[[BaseHTTPRequestHandler, int], None]:
    return lambda request, n: send(request, body, **how)  # type: ignore[arg-type]


FAULTS = {
    "asked to wait, always": (answer_with(b"", status=429, Retry_After="3"), "status 429"),
    "asked to wait an hour": (
        answer_with(b"", status=429, Retry_After="3600"),
        "asks to be left alone for 60 minutes",
    ),
    "server error": (answer_with(b"", status=500), "failed 4 times"),
    "nothing there": (answer_with(b"", status=404), "status 404"),
    "sign-in page": (answer_with(b"<!DOCTYPE html><p>Sign in"), "sent a web page, not the file"),
    "sign-in page by its type": (
        answer_with(b"Sign in", Content_Type="text/html"),
        "sent a web page, not the file",
    ),
    "empty answer": (answer_with(b""), "sent an empty file"),
    "truncated zip": (answer_with(NEWER[:-40]), "cut short or damaged"),
    "zip bomb": (answer_with(make_bomb()), "would unpack to 60,000,000"),
    "zip that claims too much": (
        answer_with(make_claimed_bomb()),
        "would unpack to 2,000,000,000 bytes",
    ),
    "zip that points outside": (answer_with(make_outside()), "points outside the archive"),
    "text, not a zip": (answer_with(b"The file is being updated"), "no zip archive"),
    "cut, always": (answer_with(NEWER[:50], claim=len(NEWER)), "RemoteProtocolError"),
    "length too small": (answer_with(NEWER, claim=len(NEWER) - 30), "cut short or damaged"),
    "redirect to a foreign host": (
        answer_with(b"", status=302, Location="https://example.org/a.zip"),
        "not one of a known publisher",
    ),
    "redirect to an open connection": (
        answer_with(b"", status=302, Location="http://www.nomisweb.co.uk/a.zip"),
        "not one of a known publisher",
    ),
    "redirect in a ring": (
        answer_with(b"", status=302, Location="/output/census/2021/again.zip"),
        "redirects too often",
    ),
    "changed headings": (
        answer_with(make_table(100, headings=HEADINGS.replace("Fair health", "Middling health"))),
        "new headings 'General health: Middling health'",
    ),
    "headings without rows": (answer_with(make_table()), "no rows under them"),
    "codes that are none": (
        answer_with(make_zip({"a.csv": f"{HEADINGS}\n2021,Tinton,nowhere,100,90,4,3,2,1\n"})),
        "'nowhere'",
    ),
    "counts that do not add up": (
        answer_with(make_zip({"a.csv": f"{HEADINGS}\n2021,Tinton,Z01000001,900,9,4,3,2,1\n"})),
        "900",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_leaves_good_copy_and_store(fault: str, site: Site, fetch: Fetch) -> None:
    site.answer = lambda request, n: send(request, GOOD)
    fetch()
    before = read_manifest_table(fetch.store)
    site.answer, message = FAULTS[fault]
    report = fetch()
    assert len(report.warnings) == 1, report.warnings
    today = read_ledger(fetch.cache)[NAME].downloaded_at[:10]
    assert report.warnings[0].startswith("ts037: the publisher")
    assert f"so the copy downloaded on {today} is used" in report.warnings[0]
    assert message in report.warnings[0]
    assert (fetch.cache / NAME).read_bytes() == GOOD
    assert fetch.totals() == [100, 200]
    assert read_manifest_table(fetch.store) == before
    assert not (fetch.cache / ".new").exists()


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_at_first_leaves_nothing(fault: str, site: Site, fetch: Fetch) -> None:
    site.answer, message = FAULTS[fault]
    known = message.startswith("new headings")
    with pytest.raises(SourceError) as caught:
        fetch()
    assert ("a column is missing" if known else message) in str(caught.value)
    assert len(caught.value.problems) == 1
    assert not fetch.store.exists()
    assert not (fetch.cache / NAME).exists()


def read_manifest_table(store: Path) -> tuple[str, str]:
    """Return what the store says of the table, and what the table's file is."""
    entry = Store(store).entry("ts037")
    return entry.sha256, hashlib.sha256(Store(store).path("ts037").read_bytes()).hexdigest()


def test_timeout_is_tried_again_and_then_told(
    site: Site, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    site.server.stalled = threading.Event()  # type: ignore[attr-defined]
    monkeypatch.setattr("cip.sources.download.TIMEOUT", httpx.Timeout(0.05))
    site.answer = stall
    with pytest.raises(SourceError, match="ReadTimeout"):
        fetch()
    site.server.stalled.set()  # type: ignore[attr-defined]
    assert len(site.requests) == transfer_module.MAX_TRIES
    assert fetch.waits == [1.0, 2.0, 4.0]


def test_slow_for_ever_is_stopped(
    site: Site, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer_module, "LONGEST_TRANSFER_S", -1.0)
    site.answer = lambda request, n: send(request, GOOD)
    with pytest.raises(SourceError, match="longer than an hour"):
        fetch()


def test_server_error_then_good(site: Site, fetch: Fetch) -> None:
    site.answer = lambda request, n: send(
        request, b"" if n < 3 else GOOD, status=500 if n < 3 else 200
    )
    assert fetch().warnings == []
    assert fetch.waits == [1.0, 2.0]


def test_cut_connection_is_taken_up_again(site: Site, fetch: Fetch) -> None:
    site.answer = lambda request, n: send_file(request, GOOD, cut_after=100 if n == 1 else None)
    fetch()
    assert [h.get("Range") for h in site.headers] == [None, "bytes=100-"]
    assert site.headers[1]["If-Range"] == '"one"'
    assert (fetch.cache / NAME).read_bytes() == GOOD
    assert fetch.seen[-1] == (NAME, len(GOOD), len(GOOD))


def test_cut_download_waits_for_the_next_run(site: Site, fetch: Fetch) -> None:
    site.answer = lambda request, n: send_file(request, GOOD, cut_after=20)
    with pytest.raises(SourceError):
        fetch()
    waiting = fetch.cache / ".new" / f"{NAME}.part"
    assert waiting.read_bytes() == GOOD[:80]  # four tries of twenty bytes
    site.answer = lambda request, n: send_file(request, GOOD)
    fetch()
    assert site.headers[-1]["Range"] == "bytes=80-"
    assert fetch.totals() == [100, 200]
    assert not waiting.exists()


@pytest.mark.parametrize("how", ["a newer file", "no ranges"])
def test_part_of_another_file_is_not_continued(how: str, site: Site, fetch: Fetch) -> None:
    def answer(request: BaseHTTPRequestHandler, n: int) -> None:
        if n == 1:
            send_file(request, GOOD, cut_after=100)
        elif how == "a newer file":
            send_file(request, NEWER, etag='"two"')
        else:
            send_file(request, NEWER, ranges=False)

    site.answer = answer
    fetch()
    assert (fetch.cache / NAME).read_bytes() == NEWER
    assert fetch.totals() == [100, 300]


def test_a_wrong_part_is_not_put_in(site: Site, fetch: Fetch) -> None:
    def answer(request: BaseHTTPRequestHandler, n: int) -> None:
        if n == 1:
            send_file(request, GOOD, cut_after=100)
        elif n == 2:
            where = f"bytes 50-{len(GOOD) - 1}/{len(GOOD)}"
            send(request, GOOD[50:], status=206, Content_Range=where, ETag='"one"')
        else:
            send_file(request, GOOD)

    site.answer = answer
    fetch()
    assert "Range" not in site.headers[2]
    assert (fetch.cache / NAME).read_bytes() == GOOD


def test_unchanged_is_not_sent_again(site: Site, fetch: Fetch) -> None:
    site.answer = lambda request, n: send_file(request, GOOD)
    fetch()
    inode = (fetch.cache / NAME).stat().st_ino
    fetch()
    assert site.headers[1]["If-None-Match"] == '"one"'
    assert (fetch.cache / NAME).stat().st_ino == inode
    site.answer = lambda request, n: send_file(request, NEWER, etag='"two"')
    fetch()
    assert fetch.totals() == [100, 300]
    assert read_ledger(fetch.cache)[NAME].etag == '"two"'


def test_changed_copy_is_not_called_unchanged(site: Site, fetch: Fetch) -> None:
    """Somebody edited the kept file: the publisher's is had again, whatever the server says."""
    site.answer = lambda request, n: send_file(request, GOOD)
    fetch()
    (fetch.cache / NAME).write_bytes(NEWER)
    fetch()
    assert "If-None-Match" not in site.headers[1]
    assert (fetch.cache / NAME).read_bytes() == GOOD


def test_rejected_file_is_kept_with_the_reason(site: Site, fetch: Fetch) -> None:
    site.answer = lambda request, n: send(request, GOOD)
    fetch()
    changed = make_table(100, headings=HEADINGS.replace("Fair health", "Middling health"))
    site.answer = lambda request, n: send(request, changed)
    warning = fetch().warnings[0]
    aside = fetch.cache / f"{NAME}.rejected"
    assert aside.read_bytes() == changed
    reason = aside.with_name(f"{aside.name}.txt").read_text("utf-8")
    for said in (warning, reason):
        assert "new headings 'General health: Middling health'" in said
        assert "as before 'General health: Fair health'" in said
    assert f"kept as '{NAME}.rejected'" in warning
    notes = Store(fetch.store).entry("ts037").notes
    assert any("is no longer understood, so the copy downloaded on" in note for note in notes)

    site.answer = lambda request, n: send(request, NEWER)
    assert fetch().warnings == []
    assert not aside.exists()
    assert not any("no longer" in note for note in Store(fetch.store).entry("ts037").notes)


def test_a_named_product_that_fails_holds_back_the_rest(site: Site, fetch: Fetch) -> None:
    def answer(request: BaseHTTPRequestHandler, n: int) -> None:
        is_health = "ts037" in request.path
        send(request, GOOD if is_health else b"", status=200 if is_health else 503)

    site.answer = answer
    with pytest.raises(SourceError) as caught:
        fetch("ts037", "ts054")
    assert [str(p.file).rsplit("/", 1)[-1] for p in caught.value.problems] == [
        "census2021-ts054.zip"
    ]
    assert not fetch.store.exists()


def test_licence_is_carried_into_manifest_and_ledger(site: Site, fetch: Fetch) -> None:
    real = GOOD_REAL
    site.answer = lambda request, n: send(request, real)
    fetch()
    entry, record = Store(fetch.store).entry("ts037"), read_ledger(fetch.cache)[NAME]
    assert entry.licence == record.licence == "Open Government Licence v3.0"
    assert entry.attribution == record.attribution
    assert "Office for National Statistics" in record.attribution
    assert record.sha256 == entry.files[0].sha256 == hashlib.sha256(real).hexdigest()
    assert entry.files[0].address == record.address


GOOD_REAL = make_zip(
    {"census2021-ts037-lsoa.csv": f"{HEADINGS}\n2021,Oxford 900A,E01028513,100,90,4,3,2,1\n"}
)


def test_archives_are_made_as_they_are_told() -> None:
    """The bombs of these tests are bombs, and the good one is good."""
    assert zipfile.ZipFile(io.BytesIO(GOOD)).testzip() is None
    claimed = zipfile.ZipFile(io.BytesIO(make_claimed_bomb())).infolist()[0]
    assert claimed.file_size == 2_000_000_000
    assert len(make_bomb()) < 300_000
