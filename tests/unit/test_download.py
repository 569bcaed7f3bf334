"""Downloading, against a small server in a thread: no test touches the network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from cip.catalogue.offers import load_offers
from cip.catalogue.sources import load_source_catalogue
from cip.cli import main
from cip.errors import EXIT_SOURCES, SourceError
from cip.sources.download import choose_downloads, fetch_network
from cip.sources.transfer import MAX_TRIES, Transfer
from cip.store import Store

from ..support.web import Answer, Site, make_zip, open_site, send

NOMIS = "https://www.nomisweb.co.uk"
ARCGIS = "https://services1.arcgis.com"
OUTLINE = {"type": "Polygon", "coordinates": [[[0, 50], [1, 50], [1, 51], [0, 51], [0, 50]]]}
HEALTH = (
    "date,geography,geography code,General health: Total: All usual residents,"
    "General health: Very good health,General health: Good health,General health: Fair health,"
    "General health: Bad health,General health: Very bad health\n"
    "2021,Tinton 001A,Z01000001,100,40,30,20,7,3\n"
)


@pytest.fixture
def site() -> Iterator[Site]:
    with open_site() as made:
        yield made


def zipped(text: str) -> bytes:
    return make_zip({"census2021-ts037-lsoa.csv": text})


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


def test_single_years_of_age_become_bands(site: Site, fetch: Fetch) -> None:
    """The bulk file of TS009 has districts and above only, and mixes bands with single years."""
    bands = [(0, 4), (5, 9), (10, 15), (16, 19), (20, 24), (25, 34), (35, 49), (50, 64), (65, 74)]
    cells: dict[str, int] = {}
    for sex, each in (("All persons", 3), ("Female", 2), ("Male", 1)):
        ages = {"Total": 91 * each, "Aged 4 years and under": 5 * each}
        ages |= {f"Aged {a} to {b} years": (b - a + 1) * each for a, b in [*bands[1:], (75, 84)]}
        ages |= {"Aged under 1 year": each, "Aged 1 year": each}
        ages |= {f"Aged {year} years": each for year in range(2, 90)}
        ages |= {"Aged 85 years and over": 6 * each, "Aged 90 years and over": each}
        cells |= {f"Sex: {sex}; Age: {age}; measures: Value": n for age, n in ages.items()}
    heading = ",".join(["date", "geography", "geography code", *cells])
    row = ",".join(["2021", "Tinton", "Z07000001", *map(str, cells.values())])
    site.answer = lambda request, n: send(request, zipped(f"{heading}\n{row}\n"))
    fetch("ts009")
    area = Store(fetch.store).read("ts009").iloc[0]
    assert (area["level"], area["total"]) == ("district", 273)
    assert (area["female_total"], area["female_age_10_14"], area["male_age_80_84"]) == (182, 10, 5)
    assert area["female_age_85_plus"] == 12


def test_household_composition_as_nomis_words_it(site: Site, fetch: Fetch) -> None:
    single, other = "Single family household", "Other household types"
    couples = (
        f"{single}: Married or civil partnership couple",
        f"{single}: Cohabiting couple family",
    )
    counts = {
        "Total": 100,
        "One person household": 30,
        "One person household: Aged 66 years and over": 12,
        "One person household: Other": 18,
        single: 60,
        f"{single}: All aged 66 years and over": 9,
        couples[0]: 27,
        f"{couples[0]}: No children": 10,
        f"{couples[0]}: Dependent children": 13,
        f"{couples[0]}: All children non-dependent": 4,
        couples[1]: 11,
        f"{couples[1]}: No children": 6,
        f"{couples[1]}: With dependent children": 3,
        f"{couples[1]}: All children non-dependent": 2,
        f"{single}: Lone parent family": 12,
        f"{single}: Lone parent family: With dependent children": 8,
        f"{single}: Lone parent family: All children non-dependent": 4,
        f"{single}: Other single family household": 1,
        f"{single}: Other single family household: Other family composition": 1,
        other: 10,
        f"{other}: With dependent children": 4,
        f"{other}: Other, including all full-time students and all aged 66 years and over": 6,
    }
    headings = [f'"Household composition: {label}; measures: Value"' for label in counts]
    heading = ",".join(["date", "geography", "geography code", *headings])
    row = ",".join(["2021", "Tinton 001A", "Z01000001", *map(str, counts.values())])
    site.answer = lambda request, n: send(request, zipped(f"{heading}\n{row}\n"))
    fetch("ts003")
    area = Store(fetch.store).read("ts003").iloc[0]
    assert (area["one_person_66_plus"], area["couple_dependent_children"]) == (12, 16)
    assert (area["lone_parent_nondependent_children"], area["other_family"]) == (4, 1)
    assert (area["other_other"], area["total"]) == (6, 100)


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


def test_arcgis_points_give_their_coordinates(site: Site, fetch: Fetch) -> None:
    point = {"attributes": {"LSOA21CD": "Z01000001"}, "geometry": {"x": 451000.5, "y": 206000.0}}
    page = {"features": [point]}
    site.answer = lambda request, n: send(request, json.dumps(page).encode())
    fetch("centroid_lsoa21")
    query = parse_qs(urlsplit(site.requests[0]).query)
    assert (query["returnGeometry"], query["outSR"]) == (["true"], ["27700"])
    table = Store(fetch.store).read("centroid_lsoa21")
    assert table[["x", "y"]].to_numpy().tolist() == [[451000.5, 206000.0]]


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
    said = fetch.refuse("ts037")
    assert "failed 4 times." in said
    assert "Found: status 500" in said
    assert len(site.requests) == MAX_TRIES
    assert fetch.waits == [1.0, 2.0, 4.0]
    assert list(fetch.cache.iterdir()) == []


def test_not_found_is_not_tried_again(site: Site, fetch: Fetch) -> None:
    assert "status 404" in fetch.refuse("ts037")
    assert len(site.requests) == 1


def test_failure_says_that_the_address_is_untried(site: Site, fetch: Fetch) -> None:
    said = fetch.refuse("ts037", "lookup_lad_county")
    assert "not been tried by the workbook's authors (quoted in public code)" in said
    assert "not been tried by the workbook's authors (from memory)" in said


def test_failure_of_a_tried_address_does_not_say_so(
    site: Site, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = load_offers()["ts037"]
    tried = offer.downloads[0].model_copy(update={"evidence": "fetched"})
    monkeypatch.setattr(
        "cip.sources.download.choose_downloads", lambda _, for_areas: [(offer, tried)]
    )
    said = fetch.refuse("ts037")
    assert "status 404" in said
    assert "not been tried" not in said


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


def date_copy(fetch: Fetch, day: str) -> None:
    """Make the ledger say that the good copy of TS037 was had on another day."""
    ledger = fetch.cache / "downloads.json"
    known = json.loads(ledger.read_text("utf-8"))
    known["copies"]["census2021-ts037.zip"]["downloaded_at"] = f"{day}T09:00:00+00:00"
    ledger.write_text(json.dumps(known), encoding="utf-8")


def test_last_good_copy_is_used_with_its_date(site: Site, fetch: Fetch) -> None:
    site.answer = lambda request, n: send(request, zipped(HEALTH))
    fetch("ts037")
    date_copy(fetch, "2023-11-14")
    site.answer = lambda request, n: send(request, b"", status=503)
    report = fetch("ts037")
    assert "the copy downloaded on 2023-11-14 is used" in report.warnings[0]
    store = Store(fetch.store)
    assert store.read("ts037")["total"].tolist() == [100]
    assert "copy downloaded on 2023-11-14 is used" in store.entry("ts037").notes[-1]


def test_product_without_a_download(fetch: Fetch) -> None:
    with pytest.raises(SourceError, match="cannot be downloaded by the workbook") as caught:
        fetch("cni2023", "centroid_oa21")
    assert [str(p).split("'")[1] for p in caught.value.problems] == ["cni2023", "centroid_oa21"]
    assert "Save its file from https://geoportal.statistics.gov.uk/" in str(caught.value)


def test_command_names_what_cannot_be_downloaded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["fetch", "--only", "cni2023", "--store", str(tmp_path / "store")])
    assert left.value.code == EXIT_SOURCES
    assert "'cni2023' cannot be downloaded by the workbook. Save" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_copies_are_kept_beside_the_store(site: Site, tmp_path: Path) -> None:
    site.answer = lambda request, n: send(request, zipped(HEALTH))
    fetch_network(tmp_path / "store", products=["ts037"], base_urls={NOMIS: site.address})
    assert (tmp_path / "store-downloads" / "census2021-ts037.zip").is_file()


def test_default_products_that_fail_are_warned_of(site: Site, fetch: Fetch) -> None:
    def answer(request: BaseHTTPRequestHandler, n: int) -> None:
        is_health = "ts037" in request.path
        send(request, zipped(HEALTH) if is_health else b"", status=200 if is_health else 404)

    site.answer = answer
    hosts = load_source_catalogue().allowed_hosts
    report = fetch_network(
        fetch.store,
        cache_dir=fetch.cache,
        base_urls={f"https://{host}": site.address for host in hosts},
        sleep=lambda s: None,
    )
    offered = {o.product_id for o, _ in choose_downloads(None)}
    warned = {w.split(":")[0] for w in report.warnings if "not downloaded" in w}
    assert list(report.products) == ["ts037"]
    assert warned == offered - {"ts037"}
    assert all("has not been tried" in w for w in report.warnings if "not downloaded" in w)
