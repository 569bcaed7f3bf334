"""Every publisher on one small server of this machine, each in its own format, with invented figures.

A test that asks for the fixture ``publisher_server`` can fetch any product that can be downloaded::

    def test_it(publisher_server, tmp_path):
        publisher_server.fetch(tmp_path / "store", "lookup_oa21", "ts066")

The fixture ``published`` is a store with every product, made once.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from cip.catalogue.downloads import Download, OsDownload, PoliceDownload
from cip.catalogue.offers import load_offers
from cip.catalogue.sources import Source, load_source_catalogue
from cip.sources.download import fetch_network
from cip.sources.fetch import FetchReport
from cip.sources.govuk import CONTENT_API

from . import registers
from .county import AREAS, COUNTY, ENGLAND, REGION, draw, list_groups, make_square, name_area
from .invented import (
    list_nomis_rows,
    write_csv,
    write_nomis_bulk,
    write_ods,
    write_table,
    write_wide,
    write_xlsx,
)
from .web import Site, make_zip, open_site, send, send_file

TODAY = date(2026, 3, 2)
Content = Callable[[dict[str, str]], bytes]


class PublisherServer:
    """The publishers of every product, at one address each on this machine.

    ``faults`` holds other answers by product: while there is one, it is given in place of the
    publisher's. ``asked`` lists the addresses that were asked, as the publishers know them.
    """

    def __init__(self, site: Site):
        self.site = site
        self.faults: dict[str, Callable[[BaseHTTPRequestHandler, int], None]] = {}
        self.asked: list[str] = []
        self._answers: list[tuple[re.Pattern[str], str, Content]] = []
        self._made: dict[tuple[str, str], bytes] = {}
        for id_, offer in load_offers().items():
            for download in (d for d in offer.downloads if id_ not in d.also):
                for address, content in list_answers(download, offer.source):
                    self._answers.append((match_address(address), id_, content))
        site.answer = self._answer

    @property
    def base_urls(self) -> dict[str, str]:
        """Where each publisher is on this machine."""
        hosts = load_source_catalogue().allowed_hosts
        return {f"https://{host}": f"{self.site.address}/{host}" for host in hosts}

    def fetch(self, store: Path, *products: str, areas: Sequence[str] = ()) -> FetchReport:
        """Fetch products, or all that are had without being named, into a store."""
        return fetch_network(
            store,
            products=products or None,
            areas=areas,
            base_urls=self.base_urls,
            sleep=lambda seconds: None,
            today=TODAY,
        )

    def _answer(self, request: BaseHTTPRequestHandler, n: int) -> None:
        address = f"https:/{request.path}"
        self.asked.append(address)
        plain, _, query = address.partition("?")
        form = self.site.bodies[n - 1].decode()
        for pattern, product, content in self._answers:
            if pattern.fullmatch(address) or pattern.fullmatch(plain):
                if product in self.faults:
                    self.faults[product](request, n)
                    return
                key = (plain, query + form)
                if key not in self._made:
                    self._made[key] = content(dict(parse_qsl(query)))
                body = self._made[key]
                send_file(request, body, etag=f'"{hashlib.sha256(body).hexdigest()[:12]}"')
                return
        send(request, b"", status=404)


@pytest.fixture(scope="session")
def _publishers() -> Iterator[PublisherServer]:
    with open_site() as site:
        yield PublisherServer(site)


@pytest.fixture
def publisher_server(_publishers: PublisherServer) -> Iterator[PublisherServer]:
    """Every publisher, without faults to begin with."""
    _publishers.faults.clear()
    _publishers.asked.clear()
    yield _publishers
    _publishers.faults.clear()


@dataclass(frozen=True)
class Published:
    """A store with everything that can be downloaded, and how it came to be."""

    store: Path
    warnings: list[str]
    asked: list[str]


@pytest.fixture(scope="session")
def published(_publishers: PublisherServer, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Everything that can be downloaded, in one store, fetched once for all tests."""
    store = tmp_path_factory.mktemp("published") / "store"
    _publishers.faults.clear()
    _publishers.asked.clear()
    report = _publishers.fetch(store, *load_offers())
    return Published(store, report.warnings, list(_publishers.asked))


def match_address(address: str) -> re.Pattern[str]:
    """Return a pattern for an address; ``{month}`` and ``{date}`` stand for the newest there is."""
    spelled = address.replace("{month}", MONTHS[0]).replace("{date}", f"{TODAY:%Y%m%d}")
    return re.compile(re.escape(spelled))


def list_answers(download: Download, source: object) -> Iterator[tuple[str, Content]]:
    """Give the addresses of a download with what is to be had there."""
    makers: dict[str, Callable[..., Iterator[tuple[str, Content]]]] = {
        "arcgis": _answer_arcgis,
        "nomis": _answer_nomis,
        "fingertips": _answer_fingertips,
        "govuk": _answer_govuk,
        "os_downloads": _answer_os,
        "overpass": _answer_overpass,
        "police": _answer_police,
    }
    yield from makers.get(download.kind, _answer_file)(download, source)


# ------------------------------------------------------------------------------------------ ArcGIS


def _answer_arcgis(download: Download, source: Source) -> Iterator[tuple[str, Content]]:
    def content(query: dict[str, str]) -> bytes:
        level = source.levels[0] if source.levels else ""
        if source.kind == "boundaries":
            is_old = source.vintages.get("lsoa") == "2011"
            features = [
                _outline(query["outFields"], code, areas)
                for code, areas in list_groups("lsoa11" if is_old else level).items()
            ]
        else:
            features = [_attributes(query, row) for row in _list_rows(query["outFields"], source)]
        first, rows = int(query["resultOffset"]), int(query["resultRecordCount"])
        page = {"features": features[first : first + rows]}
        if query["f"] == "geojson":
            page["type"] = "FeatureCollection"  # type: ignore[assignment]
        return json.dumps(page).encode()

    yield download.address, content


def _outline(fields: str, code: str, areas: Sequence) -> dict[str, object]:
    properties = {f: code if f.endswith("CD") else name_area(code) for f in fields.split(",")}
    return {"type": "Feature", "properties": properties, "geometry": make_square(areas)}


def _list_rows(fields: str, source: Source) -> list[dict[str, object]]:
    names = fields.split(",")
    if names == ["*"]:
        names = [c.headings[0].replace("{yy}", "22") for c in source.columns.values()]
    is_of_lsoas = any(name.startswith("LSOA") for name in names)
    rows = []
    for area in AREAS:
        for oa in area.output_areas if any(n.startswith("OA") for n in names) else [""]:
            facts = {
                "OA21": oa,
                "LSOA21": area.lsoa21,
                "LSOA11": area.lsoa11,
                "MSOA": area.msoa,
                "WD": area.ward,
                "LAD": area.district,
                "LTLA": area.district,
                "UTLA": COUNTY,
                "CTYUA": COUNTY,
                "RGN": REGION,
                "change": "split" if is_of_lsoas and area.lsoa11 != area.lsoa21 else "",
            }
            rows.append({name: _give_field(name, facts) for name in names})
    return [dict(row) for row in dict.fromkeys(tuple(row.items()) for row in rows)]


def _give_field(name: str, facts: dict[str, str]) -> str:
    if name.startswith("CH"):
        return "S" if facts["change"] else "U"
    code = next((code for key, code in facts.items() if name.startswith(key)), "")
    return name_area(code) if name.endswith("NM") else code


def _attributes(query: dict[str, str], row: dict[str, object]) -> dict[str, object]:
    feature: dict[str, object] = {"attributes": row}
    if query["returnGeometry"] == "true":
        number = next(a.number for a in AREAS if a.lsoa21 == row["LSOA21CD"])
        feature["geometry"] = {"x": 448_000 + 1_400 * number, "y": 205_000}
    return feature


# ------------------------------------------------------------------------------------------- Nomis

MONTHS = [f"{year}-{m:02}" for year in (2025, 2024) for m in range(12, 0, -1)]


def _answer_nomis(download, source: Source) -> Iterator[tuple[str, Content]]:
    def content(query: dict[str, str]) -> bytes:
        select = query["select"].split(",")
        periods = ["2024"] if source.id.startswith("mid_year") else MONTHS[:1]
        rows = list_nomis_rows(source, select, query["geography"], periods)
        place = select.index("record_count")
        for row in rows:
            row[place] = len(rows)
        first, limit = int(query["RecordOffset"]), int(query["RecordLimit"])
        return write_csv([[s.upper() for s in select], *rows[first : first + limit]])

    yield download.address, content


# -------------------------------------------------------------------------------------- Fingertips

FINGERTIPS = (
    "Indicator ID;Indicator Name;Parent Code;Parent Name;Area Code;Area Name;Area Type;Sex;Age;"
    "Category Type;Category;Time period;Value;Lower CI 95.0 limit;Upper CI 95.0 limit;"
    "Lower CI 99.8 limit;Upper CI 99.8 limit;Count;Denominator;Value note;Recent Trend;"
    "Compared to England value or percentiles;Compared to percentiles;Time period Sortable;"
    "New data;Compared to goal;Time period range"
)


def _answer_fingertips(download, source: Source) -> Iterator[tuple[str, Content]]:
    levels = {"501": "district", "502": "county", "3": "msoa", "8": "ward"}

    def content(query: dict[str, str]) -> bytes:
        level = levels[query["child_area_type_id"]]
        codes = [ENGLAND, REGION, *list_groups(level)]
        rows = [
            _make_value(indicator, code, sex, year)
            for indicator in query["indicator_ids"].split(",")
            for code in codes
            for sex in (["Persons"] if indicator in MODELLED else ["Persons", "Female", "Male"])
            for year in (2021, 2022, 2023)
        ]
        return write_csv([FINGERTIPS.split(";"), *rows])

    yield download.address, content


#: Names of series, as Fingertips words them.
SERIES = {
    "92658": "Estimated prevalence of COPD (all ages)",
    "92659": "Estimated prevalence of diagnosed hypertension (16+)",
    "92660": "Estimated prevalence of undiagnosed hypertension (16+)",
    "92661": "Estimated prevalence of depression (all ages)",
    "92662": "Estimated prevalence of CHD (55-79 yrs)",
    "93105": "Reception prevalence of obesity (including severe obesity), 3-years data combined",
    "93107": "Year 6 prevalence of obesity (including severe obesity), 3-years data combined",
    "93227": "Emergency hospital admissions for all causes, all ages, standardised admission ratio",
    "93229": "Emergency hospital admissions for coronary heart disease, standardised admission ratio",
    "93231": "Emergency hospital admissions for stroke, standardised admission ratio",
    "93233": "Emergency hospital admissions for COPD, standardised admission ratio",
    "93239": "Emergency hospital admissions for intentional self harm, standardised admission ratio",
    "93241": "Emergency hospital admissions for hip fracture in persons 65 years and over",
    "93250": "Deaths from all causes, all ages, standardised mortality ratio",
    "93252": "Deaths from all causes, under 75 years, standardised mortality ratio",
    "93254": "Deaths from all cancer, under 75 years, standardised mortality ratio",
    "93256": "Deaths from circulatory disease, under 75 years, standardised mortality ratio",
    "93260": "Deaths from respiratory diseases, all ages, standardised mortality ratio",
    "93283": "Life expectancy at birth, (upper age band 90+)",
    "90280": "Social isolation: adult social care users with as much social contact as they would like",
    "90638": "Social isolation: adult carers who have as much social contact as they would like",
}
MODELLED = ("92658", "92659", "92660", "92661", "92662")
AGES = {"90280": "18+ yrs", "90638": "18+ yrs", "92658": "All ages", "92662": "55-79 yrs"}
AGES |= dict.fromkeys(("92659", "92660", "92661"), "16+ yrs")


def _make_value(indicator: str, code: str, sex: str, year: int) -> list[object]:
    """Return one row; value, count and denominator agree wherever a value is a ratio of them."""
    name = SERIES.get(indicator, f"Invented indicator {indicator}")
    of = (indicator, code, sex, year)
    factor = 1000 if code == ENGLAND else 1
    whole = factor * draw("whole", *of, low=150, high=400)
    part = factor * draw("part", *of, low=30, high=140)
    if "standardised" in name or "fracture" in name:
        part = whole + factor * draw("more", *of, low=-60, high=90)
    value = round(100 * part / whole, 4)
    cells: list[object] = [part, whole]
    if "Life expectancy" in name:
        value, cells = draw("years", *of, low=760, high=860) / 10, ["", ""]
    wide = 0.2 if code == ENGLAND else 3.0
    limits = [round(value + side * k * wide, 2) for k in (1, 1.6) for side in (-1, 1)]
    parent = ["", ""] if code == ENGLAND else ["E92000001", "England"]
    age = AGES.get(indicator, "All ages")
    what = ["x", sex, age, "", "", f"{year}", value, *limits, *cells]
    return [
        indicator,
        name,
        *parent,
        code,
        name_area(code),
        *what,
        *[""] * 4,
        f"{year}0000",
        *[""] * 3,
    ]


# ------------------------------------------------------------------------------------------ GOV.UK


def _answer_govuk(download, source: Source) -> Iterator[tuple[str, Content]]:
    name = {
        "fuel_poverty": "fuel-poverty-sub-regional-2026-2024-data-tables.xlsx",
        "children_low_income": (
            "children-in-low-income-families-local-area-statistics-2022-to-2025.ods"
        ),
    }[source.id]
    titles = {
        "fuel_poverty": "Sub-regional fuel poverty data 2026 (2024 data)",
        "children_low_income": "Children in low income families: local area statistics 2022 to 2025",
    }
    path = f"/government/statistics/{source.id}"
    file = f"https://assets.publishing.service.gov.uk/media/0/{name}"
    document = {
        "title": titles[source.id],
        "base_path": path,
        "public_updated_at": "2026-02-26T09:30:00Z",
    }
    page = {"details": {"attachments": [{"title": "Tables", "url": file}]}}
    collection = {"links": {"documents": [document]}}
    yield download.address, lambda query: json.dumps(collection).encode()
    yield CONTENT_API + path, lambda query: json.dumps(page).encode()
    yield file, lambda query: _write_govuk(source)


def _write_govuk(source: Source) -> bytes:
    if source.id == "fuel_poverty":
        notes = [["Sub-regional fuel poverty"], ["Invented figures"], []]
        return write_xlsx({"Contents": notes, "Table 4": [*notes, *write_wide(source, _codes())]})
    sheets = {}
    for number, measure in enumerate(("Relative", "Absolute"), start=1):
        years = [f"Number of children FYE {year}" for year in (2023, 2024, 2025)]
        rows: list[list[object]] = [
            [f"{measure} low income"],
            ["Local Authority", "Area Code", *years],
        ]
        for code in list_groups("district"):
            counts = [draw(measure, code, y, low=900, high=2500) for y in years]
            rows.append([name_area(code), code, *counts])
        sheets[f"{number}_{measure}_Local_Authority"] = rows
        rows = [[f"{measure} low income"], ["LSOA Name", "LSOA Code", *years]]
        for area in AREAS:
            counts = [draw(measure, area.lsoa21, y, low=5, high=60) for y in years]
            rows.append([area.name, area.lsoa21, *counts])
        sheets[f"{number}_{measure}_LSOA"] = rows
    return write_ods(sheets)


def _codes() -> list[str]:
    return [area.lsoa21 for area in AREAS]


# ------------------------------------------------------------------------------- OS, OpenStreetMap


def _answer_os(download: OsDownload, source: object) -> Iterator[tuple[str, Content]]:
    content = registers.write_greenspace()
    listed = [
        {
            "md5": hashlib.md5(content).hexdigest(),
            "size": len(content),
            "url": f"{download.address}?area={area}&redirect",
            "format": download.format,
            "area": area,
            "fileName": f"opgrsp_essh_{area.lower()}.zip",
        }
        for area in ("SP", "SU", "GB")
    ]
    for entry in listed:
        yield str(entry["url"]), lambda query: content
    yield download.address, lambda query: json.dumps(listed).encode()


def _answer_overpass(download: Download, source: object) -> Iterator[tuple[str, Content]]:
    places = [
        {
            "type": "node",
            "id": area.number + 1,
            "lat": 51.75,
            "lon": area.west + 0.01,
            "tags": {"amenity": "community_centre", "name": f"Hall {area.number}"},
        }
        for area in AREAS
    ]
    answer = {"version": 0.6, "generator": "Overpass API", "elements": places}
    yield download.address, lambda query: json.dumps(answer).encode()


# ------------------------------------------------------------------------------------------- crime

STREET = (
    "Crime ID;Month;Reported by;Falls within;Longitude;Latitude;Location;LSOA code;LSOA name;"
    "Crime type;Last outcome category;Context"
)


def _answer_police(download: PoliceDownload, source: Source) -> Iterator[tuple[str, Content]]:
    dates = [{"date": month, "stop-and-search": ["thames-valley"]} for month in MONTHS]

    def archive(query: dict[str, str]) -> bytes:
        return make_zip(
            {
                f"{month}/{month}-{force}-street.csv": write_csv(
                    [STREET.split(";"), *_list_crimes(source, month)]
                )
                for month in MONTHS
                for force in download.forces
            }
        )

    yield download.dates_address, lambda query: json.dumps(dates).encode()
    yield download.address, archive


def _list_crimes(source: Source, month: str) -> Iterator[list[object]]:
    kinds = [labels[0] for labels in source.categories.values() if labels]
    force = "Thames Valley Police"
    for area in AREAS:
        for n in range(draw("crimes", area.lsoa21, month, low=1, high=6)):
            kind = kinds[draw(area.lsoa21, month, n, high=len(kinds) - 1)]
            place = [area.west + 0.01, 51.75, "On or near High Street", area.lsoa21, area.name]
            yield [f"{month}{area.number}{n}", month, force, force, *place, kind, "", ""]


# ------------------------------------------------------------------------------------ single files


def _answer_file(download, source: object) -> Iterator[tuple[str, Content]]:
    write = registers.WRITERS.get(getattr(source, "id", ""))
    if write is None and isinstance(source, Source):
        write = {
            "lookup_msoa_names": _write_msoa_names,
            "lookup_postcode": _write_postcodes,
            "mid_year_population_lsoa21": _write_population,
            "road_injuries": _write_collisions,
        }.get(source.id, _write_plain)
    if getattr(source, "id", "").startswith("osm_"):
        content = _write_streets()
        sums = f"{hashlib.md5(content).hexdigest()}  extract\n".encode()
        yield download.address + ".md5", lambda query: sums
        yield download.address, lambda query: content
        return
    yield download.address, lambda query: write(source)


@cache
def _write_streets() -> bytes:
    """Return an extract of OpenStreetMap with one street and a hall, as PBF."""
    import osmium

    with TemporaryDirectory() as folder:
        path = Path(folder) / "streets.osm.pbf"
        with osmium.SimpleWriter(str(path)) as writer:
            node, way = osmium.osm.mutable.Node, osmium.osm.mutable.Way
            for number in range(1, 4):
                tags = {"amenity": "community_centre", "name": "Hall"} if number == 3 else {}
                place = (-1.2 + number / 1000, 51.75)
                writer.add_node(node(id=number, location=place, tags=tags, version=1))
            writer.add_way(way(id=1, nodes=[1, 2], tags={"highway": "residential"}, version=1))
        return path.read_bytes()


def _write_plain(source: Source) -> bytes:
    if "nomis_bulk" in [layout.id for layout in source.layouts]:
        return write_nomis_bulk(source)
    old, districts = "2019" in source.id, source.id.endswith("_districts")
    level = "district" if districts else "lsoa11" if old else "lsoa"
    rows = write_table(source, source.layouts[0].id, list(list_groups(level)))
    return write_xlsx({"Tables": rows}) if districts else write_csv(rows)


def _write_msoa_names(source: Source) -> bytes:
    rows = [
        [code, name_area(code), "", "", f"{name_area(code)} and Fields"]
        for code in list_groups("msoa")
    ]
    return write_csv([["msoa21cd", "msoa21nm", "msoa21nmw", "msoa21hclnmw", "msoa21hclnm"], *rows])


def _write_postcodes(source: Source) -> bytes:
    headings = ["pcd7", "pcd8", "pcds", "dointr", "doterm", "usrtypind", "oseast1m", "osnrth1m"]
    headings += ["oa21cd", "lsoa21cd"]
    rows = [
        [f"OX{n}9{k}ZZ", *[f"OX{n} 9{k}ZZ"] * 2, "199001", "", 0, 448_000 + n, 205_000, oa, code]
        for n, area in enumerate(AREAS, start=1)
        for code in [area.lsoa21]
        for k, oa in enumerate(area.output_areas)
    ]
    content = write_csv([headings, *rows])
    return make_zip(
        {"Data/multi_csv/NSPL_FEB_2026_UK_OX.csv": content, "User Guide/g.pdf": b"%PDF"}
    )


def _write_population(source: Source) -> bytes:
    ages = range(91)
    headings = ["LAD 2023 Code", "LAD 2023 Name", "LSOA 2021 Code", "LSOA 2021 Name", "Total"]
    headings += [f"{sex}{age}" for sex in "FM" for age in ages]
    sheets = {}
    for year in (2023, 2024):
        rows: list[list[object]] = [[f"Mid-{year} population estimates"], ["Invented"], []]
        rows.append([*headings])
        for area in AREAS:
            people = [
                draw("people", area.lsoa21, sex, a, low=4, high=14) for sex in "FM" for a in ages
            ]
            rows.append(
                [
                    area.district,
                    name_area(area.district),
                    area.lsoa21,
                    area.name,
                    sum(people),
                    *people,
                ]
            )
        sheets[f"Mid-{year} LSOA 2021"] = rows
    return write_xlsx(sheets)


def _write_collisions(source: Source) -> bytes:
    headings = [
        "collision_index", "collision_year", "longitude", "latitude", "police_force",
        "collision_severity", "number_of_vehicles", "number_of_casualties", "date",
        "lsoa_of_collision_location",
    ]  # fmt: skip
    rows = [
        [f"2025{a.number}{m}", 2025, a.west, 51.75, 43, 1 + draw(a.lsoa21, m, high=2), 2, 1 + m % 2,
         f"14/{m:02}/2025", a.lsoa21]
        for a in AREAS
        for m in range(1, 13)
    ]  # fmt: skip
    return write_csv([headings, *rows])


def count_requests(asked: Sequence[str]) -> dict[str, int]:
    """Return how often each host was asked."""
    hosts = [urlsplit(address).netloc for address in asked]
    return {host: hosts.count(host) for host in dict.fromkeys(hosts)}


def read_query(address: str) -> dict[str, list[str]]:
    """Return the query of an address that was asked."""
    return parse_qs(urlsplit(address).query)
