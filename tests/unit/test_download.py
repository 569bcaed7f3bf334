"""Downloading, against a small server in a thread: no test touches the network."""

from __future__ import annotations

import io
import json
import os
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from cip.catalogue.sources import load_sources
from cip.errors import SourceError
from cip.sources.download import fetch_network
from cip.sources.transfer import MAX_TRIES, Transfer
from cip.store import Store

NOMIS = "https://www.nomisweb.co.uk"
ARCGIS = "https://services1.arcgis.com"
OUTLINE = {"type": "Polygon", "coordinates": [[[0, 50], [1, 50], [1, 51], [0, 51], [0, 50]]]}
HEALTH = (
    "date,geography,geography code,General health: Total: All usual residents,"
    "General health: Very good health,General health: Good health,General health: Fair health,"
    "General health: Bad health,General health: Very bad health\n"
    "2021,Tinton 001A,Z01000001,100,40,30,20,7,3\n"
)

Answer = Callable[[BaseHTTPRequestHandler, int], None]


class Site:
    """A server whose answer to every request is set by the test; it counts requests."""

    def __init__(self) -> None:
        self.answer: Answer = lambda request, n: send(request, b"", status=404)
        self.requests: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.requests.append(self.path)
                site.answer(self, len(site.requests))

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def send(
    request: BaseHTTPRequestHandler,
    body: bytes,
    *,
    status: int = 200,
    claim: int | None = None,
    **headers: str,
) -> None:
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    request.send_header("Content-Length", str(len(body) if claim is None else claim))
    request.end_headers()
    request.wfile.write(body)


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.server.shutdown()
    made.server.server_close()


def zipped(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("census2021-ts037-lsoa.csv", text)
    return buffer.getvalue()


class Fetch:
    """Fetches into a temporary store through the test server, noting how long it would wait."""

    def __init__(self, site: Site, tmp_path: Path):
        self.site, self.store, self.cache = site, tmp_path / "store", tmp_path / "cache"
        self.waits: list[float] = []

    def __call__(self, *products: str):
        return fetch_network(
            self.store,
            products=products,
            cache_dir=self.cache,
            base_urls={NOMIS: self.site.address, ARCGIS: self.site.address},
            sleep=self.waits.append,
        )

    def refuse(self, *products: str) -> str:
        with pytest.raises(SourceError) as caught:
            self(*products)
        assert not self.store.exists()
        return str(caught.value)


@pytest.fixture
def fetch(site: Site, tmp_path: Path) -> Fetch:
    return Fetch(site, tmp_path)


def test_zip_is_downloaded_and_read(site: Site, fetch: Fetch) -> None:
    site.answer = lambda request, n: send(request, zipped(HEALTH))
    report = fetch("ts037")
    assert site.requests == ["/output/census/2021/census2021-ts037.zip"]
    assert Store(fetch.store).read("ts037")["total"].tolist() == [100]
    record = report.products["ts037"].files[0]
    assert record.name == "census2021-ts037.zip/census2021-ts037-lsoa.csv"
    assert record.address == f"{NOMIS}/output/census/2021/census2021-ts037.zip"


def answer_pages(total: int, page_rows: int) -> Answer:
    """Answer like a feature service that gives fewer rows at a time than it was asked for."""

    def answer(request: BaseHTTPRequestHandler, n: int) -> None:
        query = parse_qs(urlsplit(request.path).query)
        first = int(query["resultOffset"][0])
        rows = range(first, min(first + page_rows, total))
        page: dict[str, object] = {"type": "FeatureCollection"}
        page["features"] = [
            {
                "type": "Feature",
                "properties": {"LSOA21CD": f"Z0100{i:04}", "LSOA21NM": f"Tinton {i}"},
                "geometry": OUTLINE,
            }
            for i in rows
        ]
        if rows.stop < total:
            page["properties"] = {"exceededTransferLimit": True}
        send(request, json.dumps(page).encode())

    return answer


def test_arcgis_pages_are_put_together(site: Site, fetch: Fetch) -> None:
    site.answer = answer_pages(total=7, page_rows=3)
    fetch("boundary_lsoa21")
    offsets = [parse_qs(urlsplit(path).query)["resultOffset"][0] for path in site.requests]
    assert offsets == ["0", "3", "6"]
    table = Store(fetch.store).read("boundary_lsoa21")
    assert table["area_code"].tolist() == [f"Z0100{i:04}" for i in range(7)]


def test_arcgis_table_becomes_csv(site: Site, fetch: Fetch) -> None:
    rows = {"LTLA23CD": "Z07000001", "LTLA23NM": "Tin, ton", "UTLA23CD": "Z10000001"}
    page = {"features": [{"attributes": rows}]}
    site.answer = lambda request, n: send(request, json.dumps(page).encode())
    fetch("lookup_lad_county")
    assert Store(fetch.store).read("lookup_lad_county").shape == (1, 2)
    assert "returnGeometry=false" in site.requests[0]


def test_arcgis_error_with_status_200(site: Site, fetch: Fetch) -> None:
    body = json.dumps({"error": {"code": 400, "message": "Invalid field"}}).encode()
    site.answer = lambda request, n: send(request, body)
    assert "Invalid field" in fetch.refuse("boundary_lsoa21")


def test_asked_to_wait_then_served(site: Site, fetch: Fetch) -> None:
    site.answer = lambda request, n: (
        send(request, b"", status=429, Retry_After="7") if n == 1 else send(request, zipped(HEALTH))
    )
    fetch("ts037")
    assert fetch.waits == [7.0]
    assert len(site.requests) == 2


def test_server_error_until_giving_up(site: Site, fetch: Fetch) -> None:
    site.answer = lambda request, n: send(request, b"", status=500)
    assert "failed 4 times. Found: status 500" in fetch.refuse("ts037")
    assert len(site.requests) == MAX_TRIES
    assert fetch.waits == [1.0, 2.0, 4.0]
    assert list(fetch.cache.iterdir()) == []


def test_not_found_is_not_tried_again(site: Site, fetch: Fetch) -> None:
    assert "status 404" in fetch.refuse("ts037")
    assert len(site.requests) == 1


def test_cut_connection(site: Site, fetch: Fetch) -> None:
    whole = zipped(HEALTH)
    site.answer = lambda request, n: send(request, whole[:50], claim=len(whole))
    assert "RemoteProtocolError" in fetch.refuse("ts037")
    assert list(fetch.cache.iterdir()) == []


def test_cut_connection_then_whole(site: Site, fetch: Fetch) -> None:
    whole = zipped(HEALTH)
    site.answer = lambda request, n: send(
        request, whole[:50] if n == 1 else whole, claim=len(whole)
    )
    fetch("ts037")
    assert Store(fetch.store).has("ts037")


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"<!DOCTYPE html><p>Sign in", "text/csv"), (b"Sign in", "text/html; charset=utf-8")],
)
def test_web_page_in_place_of_the_file(site: Site, fetch: Fetch, body: bytes, kind: str) -> None:
    site.answer = lambda request, n: send(request, body, Content_Type=kind)
    assert "sent a web page, not the file" in fetch.refuse("ts037")


def test_text_in_place_of_a_zip(site: Site, fetch: Fetch) -> None:
    site.answer = lambda request, n: send(request, b"busy")
    assert "no zip archive" in fetch.refuse("ts037")


def make_transfer(site: Site, **changes: object) -> Transfer:
    options = {"allowed_hosts": ["www.nomisweb.co.uk"], "base_urls": {NOMIS: site.address}}
    client = httpx.Client(follow_redirects=False)
    return Transfer(client, **{**options, "sleep": lambda s: None, **changes})  # type: ignore[arg-type]


def test_larger_than_allowed(site: Site) -> None:
    site.answer = lambda request, n: send(request, b"x" * 5000)
    with pytest.raises(SourceError, match="more than 4,999 bytes"):
        make_transfer(site).get(f"{NOMIS}/a", max_bytes=4999)
    assert make_transfer(site).get(f"{NOMIS}/a", max_bytes=5000) == b"x" * 5000


@pytest.mark.parametrize(
    "address",
    ["https://example.org/a.csv", "http://www.nomisweb.co.uk/a.csv", "file:///etc/hostname"],
)
def test_other_hosts_and_schemes_are_refused(site: Site, address: str) -> None:
    with pytest.raises(SourceError, match="not one of a known publisher"):
        make_transfer(site).get(address, max_bytes=10)
    assert site.requests == []


def test_redirect_to_another_host_is_refused(site: Site) -> None:
    site.answer = lambda request, n: send(
        request, b"", status=302, Location="https://example.org/a.csv"
    )
    with pytest.raises(SourceError, match="not one of a known publisher"):
        make_transfer(site).get(f"{NOMIS}/a", max_bytes=10)


def test_redirect_within_the_host_is_followed(site: Site) -> None:
    site.answer = lambda request, n: (
        send(request, b"", status=302, Location="/b") if n == 1 else send(request, b"1,2")
    )
    assert make_transfer(site).get(f"{NOMIS}/a", max_bytes=10) == b"1,2"
    assert site.requests == ["/a", "/b"]


def test_endless_redirects_end(site: Site) -> None:
    site.answer = lambda request, n: send(request, b"", status=302, Location="/again")
    with pytest.raises(SourceError, match="redirects too often"):
        make_transfer(site).get(f"{NOMIS}/a", max_bytes=10)


def test_last_good_copy_is_used_with_its_date(site: Site, fetch: Fetch) -> None:
    site.answer = lambda request, n: send(request, zipped(HEALTH))
    fetch("ts037")
    copy = fetch.cache / "census2021-ts037.zip"
    os.utime(copy, (1_700_000_000, 1_700_000_000))
    site.answer = lambda request, n: send(request, b"", status=503)
    report = fetch("ts037")
    assert "the copy downloaded on 2023-11-14 is used" in report.warnings[0]
    assert Store(fetch.store).read("ts037")["total"].tolist() == [100]


def test_product_without_a_download(fetch: Fetch) -> None:
    with pytest.raises(SourceError, match="cannot be downloaded by the workbook"):
        fetch("cni2023")


def test_default_products_that_fail_are_warned_of(site: Site, fetch: Fetch) -> None:
    def answer(request: BaseHTTPRequestHandler, n: int) -> None:
        is_health = "ts037" in request.path
        send(request, zipped(HEALTH) if is_health else b"", status=200 if is_health else 404)

    site.answer = answer
    publisher = "https://assets.publishing.service.gov.uk"
    report = fetch_network(
        fetch.store,
        cache_dir=fetch.cache,
        base_urls={NOMIS: site.address, ARCGIS: site.address, publisher: site.address},
        sleep=lambda s: None,
    )
    offered = {p for p, source in load_sources().items() if source.downloads}
    warned = {w.split(":")[0] for w in report.warnings if "not downloaded" in w}
    assert list(report.products) == ["ts037"]
    assert warned == offered - {"ts037"}
