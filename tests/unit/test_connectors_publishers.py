"""Each publisher's service, answered in its own format: what is asked, what comes out, what fails."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlsplit

import httpx
import pytest
from pydantic import TypeAdapter

from cip.catalogue.downloads import Download
from cip.errors import SourceError
from cip.sources import paging
from cip.sources.publishers import obtain
from cip.sources.transfer import USER_AGENT, NotThere, Transfer, read_wait

from ..support.web import Site, make_zip, open_site, send, send_file

HOST = "https://publisher.example"
TODAY = date(2026, 3, 2)


@pytest.fixture
def site() -> Iterator[Site]:
    with open_site() as made:
        yield made


def make(kind: str, file_name: str = "file.csv", **fields: object) -> Download:
    entry = {"kind": kind, "file_name": file_name, "evidence": "from memory", **fields}
    return TypeAdapter(Download).validate_python({"address": f"{HOST}/service", **entry})


class Asker:
    def __init__(self, site: Site, folder: Path):
        self.site, self.folder = site, folder
        self.waits: list[float] = []

    def __call__(self, download: Download, **how: object) -> bytes:
        path = self.folder / download.file_name
        obtain(download, path, self.make_transfer(), today=TODAY, **how)  # type: ignore[arg-type]
        return path.read_bytes()

    def make_transfer(self, **changes: object) -> Transfer:
        options = {"base_urls": {HOST: self.site.address}, "sleep": self.waits.append, **changes}
        return Transfer(httpx.Client(), ["publisher.example"], **options)  # type: ignore[arg-type]

    def refuse(self, download: Download, message: str, **how: object) -> None:
        with pytest.raises(SourceError, match=message):
            self(download, **how)
        assert list(self.folder.iterdir()) == []

    def queries(self) -> list[dict[str, str]]:
        return [dict(parse_qsl(urlsplit(path).query)) for path in self.site.requests]


@pytest.fixture
def ask(site: Site, tmp_path: Path) -> Asker:
    return Asker(site, tmp_path)


def answer_by_path(answers: dict[str, bytes]) -> Callable[[BaseHTTPRequestHandler, int], None]:
    """Answer with the first entry whose key the path ends with, before any query."""

    def answer(request: BaseHTTPRequestHandler, n: int) -> None:
        path = urlsplit(request.path).path
        body = next((body for key, body in answers.items() if path.endswith(key)), None)
        send(request, body or b"", status=404 if body is None else 200)

    return answer


# ------------------------------------------------------------------------------------------- Nomis

NOMIS = {
    "params": {"date": "latest", "geography": "TYPE151", "measures": "20100"},
    "page_rows": 3,
    "max_bytes": 5000,
}


def answer_nomis(
    total: int, *, said: int | None = None, rows: int = 3
) -> Callable[[BaseHTTPRequestHandler, int], None]:
    """Answer as Nomis does: at most ``rows`` records from RecordOffset on, each with their number."""

    def answer(request: BaseHTTPRequestHandler, n: int) -> None:
        query = parse_qs(urlsplit(request.path).query)
        first = int(query["RecordOffset"][0])
        lines = ['"GEOGRAPHY_CODE","GEOGRAPHY_NAME","OBS_VALUE","RECORD_COUNT"']
        lines += [
            f'"E0102{i:04}","Oxford {i}",{i},{total if said is None else said}'
            for i in range(first, min(first + rows, total))
        ]
        send(request, "\r\n".join(lines).encode() + b"\r\n", Content_Type="text/csv")

    return answer


def test_nomis_pages_are_put_together(site: Site, ask: Asker) -> None:
    site.answer = answer_nomis(7)
    rows = list(csv.DictReader(io.StringIO(ask(make("nomis", **NOMIS)).decode())))
    assert [row["OBS_VALUE"] for row in rows] == [str(i) for i in range(7)]
    assert [q["RecordOffset"] for q in ask.queries()] == ["0", "3", "6"]
    assert {q["geography"] for q in ask.queries()} == {"TYPE151"}


def test_nomis_at_chosen_areas(site: Site, ask: Asker) -> None:
    site.answer = answer_nomis(2)
    ask(make("nomis", **NOMIS), areas=["E07000178", "E10000025"])
    assert ask.queries()[0]["geography"] == (
        "E07000178,E07000178TYPE151,E10000025,E10000025TYPE151,E92000001"
    )


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (answer_nomis(0), "has no rows for this question"),
        (answer_nomis(7, said=8), "another number of rows than it said"),
        (lambda request, n: send(request, b"Invalid dimension"), "Found: Invalid dimension"),
        (lambda request, n: send(request, b'{"error":"x"}'), "gave no table"),
        (lambda request, n: send(request, b"<html>busy"), "a web page"),
        (
            lambda request, n: send(
                request, b"OBS_VALUE,A\n1,2\n" if n == 1 else b"A,OBS_VALUE\n1,2\n"
            ),
            "changed its headings between two pages",
        ),
        (lambda request, n: send(request, b"OBS_VALUE,A\n1,2\n"), "same page twice"),
        (
            lambda request, n: send(request, f"OBS_VALUE,A\n{n},{'x' * 900}\n".encode()),
            "larger than expected",
        ),
    ],
)
def test_nomis_faults(answer: Callable, message: str, site: Site, ask: Asker) -> None:
    site.answer = answer
    ask.refuse(make("nomis", **NOMIS), message)


def test_pages_without_end(site: Site, ask: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "MAX_PAGES", 5)
    site.answer = lambda request, n: send(request, f"OBS_VALUE,A\n{n},2\n".encode())
    ask.refuse(make("nomis", **NOMIS), "never came to an end: 5 rows in 5 pages")
    assert len(site.requests) == 5


# ------------------------------------------------------------------------------------------ ArcGIS


def make_page(*numbers: int, more: bool) -> bytes:
    features = [{"attributes": {"LSOA21CD": f"E0102{n:04}"}} for n in numbers]
    return json.dumps({"features": features, "exceededTransferLimit": more}).encode()


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda request, n: send(request, make_page(more=False)), "has no rows"),
        (lambda request, n: send(request, make_page(1, more=True)), "same page twice"),
        (lambda request, n: send(request, make_page(n, more=True)), "never came to an end"),
        (lambda request, n: send(request, b"a,b\n"), "not JSON"),
        (
            lambda request, n: send(request, b'{"error":{"message":"Invalid field"}}'),
            "Invalid field",
        ),
    ],
)
def test_arcgis_faults(
    answer: Callable, message: str, site: Site, ask: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "MAX_PAGES", 5)
    site.answer = answer
    ask.refuse(make("arcgis"), message)


# -------------------------------------------------------------------------------------- Fingertips

FINGERTIPS = (
    "Indicator ID,Indicator Name,Parent Code,Area Code,Area Type,Sex,Age,Time period,Value\r\n"
)


def test_fingertips_asks_in_parts_and_keeps_rows_once(site: Site, ask: Asker) -> None:
    def answer(request: BaseHTTPRequestHandler, n: int) -> None:
        query = parse_qs(urlsplit(request.path).query)
        area = f"E0{query['child_area_type_id'][0]}"
        lines = [
            f"{i},Life,E92000001,{code},x,Male,All ages,2020 - 22,79.5\r\n"
            for i in query["indicator_ids"][0].split(",")
            for code in ("E92000001", area)
        ]
        send(request, (FINGERTIPS + "".join(lines)).encode("utf-8-sig"))

    site.answer = answer
    download = make("fingertips", indicators=[1, 2, 3], area_types=[501, 3], batch=2)
    rows = list(csv.DictReader(io.StringIO(ask(download).decode())))
    assert [q["indicator_ids"] for q in ask.queries()] == ["1,2", "3", "1,2", "3"]
    assert {q["parent_area_type_id"] for q in ask.queries()} == {"15"}
    found = [(row["Indicator ID"], row["Area Code"]) for row in rows]
    assert len(found) == len(set(found)) == 9  # three indicators at England and two other areas


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (FINGERTIPS.encode(), "no rows for these indicators"),
        (b"Message\r\nInvalid area type\r\n", "another table than expected"),
        (b"<!DOCTYPE html>", "a web page"),
        (b"", "an empty file"),
    ],
)
def test_fingertips_faults(body: bytes, message: str, site: Site, ask: Asker) -> None:
    site.answer = lambda request, n: send(request, body)
    ask.refuse(make("fingertips", indicators=[1], area_types=[3]), message)


# ------------------------------------------------------------------------------------------ GOV.UK

PAGE = {
    "details": {
        "attachments": [
            {"title": "Report", "url": f"{HOST}/media/1/report.pdf"},
            {"title": "Data tables", "url": f"{HOST}/media/2/fuel-poverty-sub-regional-2026.xlsx"},
        ]
    }
}
COLLECTION = {
    "links": {
        "documents": [
            {
                "title": f"Sub-regional fuel poverty data {year}",
                "base_path": f"/government/statistics/{year}",
                "public_updated_at": f"{year}-02-28T09:30:00Z",
            }
            for year in (2024, 2026, 2025)
        ]
        + [{"title": "Methodology", "base_path": "/m", "public_updated_at": "2027-01-01T00:00:00Z"}]
    }
}
FUEL = make(
    "govuk",
    "fuel.xlsx",
    address=f"{HOST}/collection",
    document="^sub-regional fuel poverty data",
    attachment=r"\.xlsx$",
)


@pytest.fixture
def govuk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cip.sources.govuk.CONTENT_API", f"{HOST}/api/content")


@pytest.mark.usefixtures("govuk")
def test_govuk_finds_the_newest_attachment(site: Site, ask: Asker) -> None:
    workbook = make_zip({"[Content_Types].xml": "<Types/>"})
    site.answer = answer_by_path(
        {
            "/collection": json.dumps(COLLECTION).encode(),
            "/statistics/2026": json.dumps(PAGE).encode(),
            "fuel-poverty-sub-regional-2026.xlsx": workbook,
        }
    )
    assert ask(FUEL) == workbook


@pytest.mark.usefixtures("govuk")
@pytest.mark.parametrize(
    ("collection", "page", "message"),
    [
        ({"links": {}}, PAGE, "no document with the title"),
        (COLLECTION, {"details": {}}, "lists no attachments"),
        (COLLECTION, {"details": {"attachments": [{"url": "a/b.pdf"}]}}, "Found: b.pdf"),
        (COLLECTION, ["x"], "does not describe itself"),
    ],
)
def test_govuk_faults(
    collection: object, page: object, message: str, site: Site, ask: Asker
) -> None:
    site.answer = answer_by_path(
        {"/collection": json.dumps(collection).encode(), "/2026": json.dumps(page).encode()}
    )
    ask.refuse(FUEL, message)


# ------------------------------------------------------------------------------- OS Downloads API

GREEN = make_zip({"OS Open Greenspace (ESRI Shape File) SP/data/SP_GreenspaceSite.shp": b"shape"})


def list_os_files(content: bytes, **changes: object) -> bytes:
    entry = {
        "md5": hashlib.md5(content).hexdigest(),
        "size": len(content),
        "url": f"{HOST}/downloads/v1/file.zip",
        "format": "ESRI® Shapefile",
        "area": "SP",
        "fileName": "opgrsp_essh_sp.zip",
    }
    return json.dumps([{**entry, "area": "GB"}, {**entry, **changes}]).encode()


OS = make("os_downloads", "green.zip", area="SP", format="ESRI® Shapefile")


def test_os_file_is_checked_against_the_list(site: Site, ask: Asker) -> None:
    site.answer = answer_by_path({"/service": list_os_files(GREEN), "/file.zip": GREEN})
    assert ask(OS) == GREEN


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        (list_os_files(GREEN, md5="0" * 32), "checksum differs"),
        (list_os_files(GREEN, area="TQ"), "not offered for this area.*GB ESRI"),
        (list_os_files(GREEN, size=len(GREEN) - 1), "larger than expected"),
        (b'{"error": "no such product"}', "not as expected"),
    ],
)
def test_os_faults(listed: bytes, message: str, site: Site, ask: Asker) -> None:
    site.answer = answer_by_path({"/service": listed, "/file.zip": GREEN})
    ask.refuse(OS, message)


# ---------------------------------------------------------------------------------- OpenStreetMap

OVERPASS = make("overpass", "places.csv", query="[out:json];node(1);out;", tags=["name", "amenity"])


def make_elements(*elements: dict, **more: object) -> bytes:
    return json.dumps({"version": 0.6, "elements": list(elements), **more}).encode()


def test_overpass_answer_becomes_places(site: Site, ask: Asker) -> None:
    site.answer = lambda request, n: send(
        request,
        make_elements(
            {"type": "node", "id": 1, "lat": 51.7, "lon": -1.2, "tags": {"name": "Hall, The"}},
            {
                "type": "way",
                "id": 2,
                "center": {"lat": 51.8, "lon": -1.3},
                "user": "somebody",
                "tags": {"amenity": "library", "phone": "0"},
            },
            {"type": "node", "id": 3, "lat": 51.7, "lon": -1.2},
        ),
    )
    rows = list(csv.DictReader(io.StringIO(ask(OVERPASS).decode())))
    assert [(r["osm_type"], r["osm_id"], r["lat"], r["name"]) for r in rows] == [
        ("node", "1", "51.7", "Hall, The"),
        ("way", "2", "51.8", ""),
    ]
    assert list(rows[0]) == ["osm_type", "osm_id", "lat", "lon", "name", "amenity"]
    assert unquote_plus(site.bodies[0].decode()) == "data=[out:json];node(1);out;"
    assert site.headers[0]["User-Agent"] == USER_AGENT


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (make_elements(remark="runtime error: Query timed out"), "Query timed out"),
        (make_elements(), "holds no place"),
        (b"<?xml version='1.0'?><osm/>", "not the declared form"),
        (b"<!DOCTYPE html>Too many requests", "a web page"),
    ],
)
def test_overpass_faults(body: bytes, message: str, site: Site, ask: Asker) -> None:
    site.answer = lambda request, n: send(request, body)
    ask.refuse(OVERPASS, message)


PBF = b"\x00\x00\x00\x0e\x0a\x09OSMHeader\x18\x7c" + bytes(500)
EXTRACT = make("file", "county.osm.pbf", mark="OSMHeader", checksum_ending=".md5")


@pytest.mark.parametrize(
    ("content", "digest", "message"),
    [
        (PBF, hashlib.md5(PBF).hexdigest(), ""),
        (PBF, hashlib.md5(b"another").hexdigest(), "checksum differs"),
        (PBF[:100], hashlib.md5(PBF).hexdigest(), "checksum differs"),
        (b"x" * 400, hashlib.md5(b"x" * 400).hexdigest(), "'OSMHeader' at its beginning"),
    ],
)
def test_extract_is_checked(
    content: bytes, digest: str, message: str, site: Site, ask: Asker
) -> None:
    sums = f"{digest}  county-latest.osm.pbf\n".encode()
    site.answer = answer_by_path({"/service.md5": sums, "/service": content})
    if message:
        ask.refuse(EXTRACT, message)
    else:
        assert ask(EXTRACT) == content


# --------------------------------------------------------------------------------------- police.uk

CRIME = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context\n"
)
MONTHS = [f"2026-0{m}" for m in (1, 2, 3)]
ARCHIVE = make_zip(
    {
        f"{month}/{month}-{force}-{kind}.csv": f"{CRIME}{month} {force} {kind}\n"
        for month in MONTHS
        for force in ("thames-valley", "avon-and-somerset")
        for kind in ("street", "outcomes")
    }
    | {"2026-01/large.bin": bytes(range(256)) * 40_000}
)
DATES = json.dumps([{"date": m, "stop-and-search": []} for m in reversed(MONTHS)]).encode()
POLICE = make(
    "police",
    "crime.zip",
    address=f"{HOST}/archive/{{month}}.zip",
    dates_address=f"{HOST}/dates",
    forces=["thames-valley"],
    months=2,
)


@pytest.mark.parametrize("ranges", [True, False])
def test_police_archive_gives_what_is_wanted(
    ranges: bool, site: Site, ask: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cip.sources.police.BLOCK_BYTES", 4096)
    sent = []

    def answer(request: BaseHTTPRequestHandler, n: int) -> None:
        if request.path == "/dates":
            send(request, DATES)
            return
        assert request.path == "/archive/2026-03.zip"
        sent.append(request.headers.get("Range"))
        send_file(request, ARCHIVE, ranges=ranges)

    site.answer = answer
    archive = zipfile.ZipFile(io.BytesIO(ask(POLICE)))
    assert archive.namelist() == [
        "2026-02/2026-02-thames-valley-street.csv",
        "2026-03/2026-03-thames-valley-street.csv",
    ]
    assert archive.read("2026-03/2026-03-thames-valley-street.csv").decode() == (
        f"{CRIME}2026-03 thames-valley street\n"
    )
    assert (None in sent) is not ranges


@pytest.mark.parametrize(
    ("dates", "archive", "message"),
    [
        (b"[]", ARCHIVE, "has no months"),
        (b"{", ARCHIVE, "not as expected"),
        (DATES.replace(b"2026-03", b"2026-04"), ARCHIVE, "lacks months.*no 2026-04"),
        (DATES, make_zip({"a.csv": "x"}), "does not hold the files that are wanted"),
        (DATES, ARCHIVE[:-30], "cut short or damaged"),
    ],
)
def test_police_faults(dates: bytes, archive: bytes, message: str, site: Site, ask: Asker) -> None:
    site.answer = lambda request, n: (
        send(request, dates) if request.path == "/dates" else send_file(request, archive)
    )
    ask.refuse(POLICE, message)


def test_police_archive_replaced_while_it_is_read(
    site: Site, ask: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cip.sources.police.BLOCK_BYTES", 4096)
    site.answer = lambda request, n: (
        send(request, DATES)
        if request.path == "/dates"
        else send_file(request, ARCHIVE, etag='"one"' if n < 4 else '"two"')
    )
    ask.refuse(POLICE, "was replaced while it was read")


# ------------------------------------------------------------------- files by day, parts of archives

GIAS = make("file", "gias.csv", address=f"{HOST}/edubasealldata{{date}}.csv", days_back=3)


def test_daily_file_of_the_latest_day(site: Site, ask: Asker) -> None:
    site.answer = answer_by_path({"/edubasealldata20260228.csv": b"URN,LA (code)\n1,931\n"})
    assert ask(GIAS).startswith(b"URN")
    assert site.requests == [f"/edubasealldata{day}.csv" for day in (20260302, 20260301, 20260228)]


def test_daily_file_of_no_day(site: Site, ask: Asker) -> None:
    with pytest.raises(NotThere, match="status 404"):
        ask(GIAS)
    assert len(site.requests) == 4


NSPL = make("zip", "nspl.zip", members=["*/multi_csv/NSPL*_OX.csv"])


def test_only_wanted_members_are_kept(site: Site, ask: Asker) -> None:
    names = [f"Data/multi_csv/NSPL_MAY_2025_UK_{area}.csv" for area in ("OX", "RG")]
    whole = make_zip(dict.fromkeys([*names, "Data/NSPL_MAY_2025_UK.csv"], "pcds,doterm\n"))
    site.answer = lambda request, n: send_file(request, whole)
    first = ask(NSPL)
    assert zipfile.ZipFile(io.BytesIO(first)).namelist() == names[:1]
    assert ask(NSPL) == first  # the same members give the same bytes


def test_declared_checksum_is_compared(site: Site, ask: Asker) -> None:
    site.answer = lambda request, n: send(request, b"a,b\n1,2\n")
    good = hashlib.sha256(b"a,b\n1,2\n").hexdigest()
    assert ask(make("file", sha256=good)) == b"a,b\n1,2\n"
    (ask.folder / "file.csv").unlink()
    ask.refuse(make("file", sha256="0" * 64), "its checksum differs")


# ----------------------------------------------------------------------------------------- manners


def test_pause_between_requests_to_one_host(site: Site, ask: Asker) -> None:
    site.answer = lambda request, n: send(request, b"1,2")
    now = iter([0.0] * 3 + [0.5] * 3 + [9.0] * 6)
    transfer = ask.make_transfer(pauses_s={"127.0.0.1": 2.0}, clock=lambda: next(now))
    for _ in range(3):
        transfer.get(f"{HOST}/a", max_bytes=10)
    assert ask.waits == [1.5]  # the third came long after


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 120 ", 120.0),
        ("Mon, 02 Mar 2026 09:00:30 GMT", 30.0),
        ("Mon, 02 Mar 2026 08:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        (None, None),
        ("-5", None),
    ],
)
def test_retry_after(header: str | None, seconds: float | None) -> None:
    assert read_wait(header, now=datetime(2026, 3, 2, 9, tzinfo=UTC)) == seconds
