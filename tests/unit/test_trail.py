"""From any figure to its definition, and from there to the file that it was read from."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape

import pandas as pd
import pytest

from cip.catalogue.indicators import load_indicators, load_sections
from cip.display.blocks import FigureBlock, NoteBlock, TableBlock
from cip.indicators import build_indicators, missing_sources
from cip.pages.data_profile import DataProfile
from cip.pages.trail import (
    add_trail,
    list_trail,
    name_definition,
    show_definitions,
    show_sources,
)

from ..support.hand_store import make_areas, make_members, make_values, write_store

CATALOGUE = load_indicators()
LSOAS = ["Z01000001", "Z01000002", "Z01000003"]
OLD = ["Z01009001", "Z01009002", "Z01009003"]
AREAS = make_areas(("demo", "profile"), ("Z07000001", "district"), ("Z92000001", "england"))
MEMBERS = make_members(
    *[("demo", code, "lsoa21", 1.0) for code in LSOAS[:2]],
    *[("demo", code, "lsoa11", 1.0) for code in OLD[:2]],
    *[("Z07000001", code, "lsoa21", 1.0) for code in LSOAS],
    *[("Z07000001", code, "lsoa11", 1.0) for code in OLD],
    ("demo", "Z02000001", "msoa21", 1.0),
)
TENURES = [
    "owned_outright", "owned_mortgage", "shared_ownership", "social_rented_council",
    "social_rented_other", "private_rented_landlord", "private_rented_other", "rent_free",
]  # fmt: skip


def make_tables() -> dict[str, pd.DataFrame]:
    """Return a product for each kind of figure that stands in the chapter in its own way."""
    wide = [*LSOAS, "Z92000001"]
    months = [(code, m, 30 + n) for m in ("June 2018", "June 2019") for n, code in enumerate(OLD)]
    crimes = pd.DataFrame(months, columns=["area_code", "period", "total"])
    years = [(code, year, 900 + year) for year in (2018, 2019) for code in (*OLD, *LSOAS)]
    people = pd.DataFrame(years, columns=["area_code", "period", "total"]).astype({"period": str})
    ranked = {"area_code": LSOAS, "population": [900, 950, 990]}
    ranked |= {"imd_score": [30.0, 20.0, 10.0], "imd_rank": [1, 2, 3], "imd_decile": [1, 5, 9]}
    values = [
        {"series_id": series, "series_name": name, "area_code": code, "value": value, "count": 50}
        for series, name, code, value in (
            ("93250", "Deaths", "Z02000001", 110.0),
            ("93250", "Deaths", "Z92000001", 100.0),
            ("92659", "Estimated prevalence of diagnosed hypertension", "Z07000001", 14.0),
            ("92659", "Estimated prevalence of diagnosed hypertension", "Z92000001", 13.0),
        )
    ]
    return {
        "ts054": pd.DataFrame({"area_code": wide, **{n: 10 + i for i, n in enumerate(TENURES)}}),
        "ts007a": pd.DataFrame({"area_code": wide, "total": 1000}),
        "crime_street": crimes.assign(burglary=3, anti_social_behaviour=9),
        "mid_year_population_lsoa11": people[people["area_code"].isin(OLD)],
        "mid_year_population_lsoa21": people[people["area_code"].isin(LSOAS)],
        "cni2023": pd.DataFrame({"area_code": LSOAS, "cni_score": [90.0, 80.0, 70.0]}),
        "iod2025": pd.DataFrame(ranked),
        "fingertips": make_values(*values),
    }


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    vintages = {"crime_street": {"lsoa": "2011"}}
    return write_store(tmp_path_factory.mktemp("store"), make_tables(), vintages=vintages)


@pytest.fixture(scope="module")
def profile(store) -> DataProfile:
    table = build_indicators(store, AREAS, MEMBERS)
    return DataProfile(table, missing_sources(store, AREAS, MEMBERS), AREAS)


@pytest.fixture(scope="module")
def figures(profile):
    """Every block of the chapter that shows figures, without the definitions and the sources."""
    sections = [block for name in load_sections() for block in profile.show_section(name)]
    return [*profile.show_glance(), *sections]


@pytest.fixture(scope="module")
def page(figures, profile, store) -> str:
    last = [*show_definitions(profile.table, store), *show_sources(profile.table, store)]
    return "".join(block.to_html() for block in [*figures, *last])


def list_links(html: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'href="#([^"]+)"', html)]


def list_places(html: str) -> list[str]:
    return [unescape(place) for place in re.findall(r'\bid="([^"]+)"', html)]


def test_hand_made_chapter_shows_every_kind_of_figure(profile):
    held = {CATALOGUE[name].statistic for name in profile.table["indicator_id"].unique()}
    expected = {entry.statistic for entry in CATALOGUE.values()} - {"ratio"}
    assert held == expected  # no indicator of the catalogue is a ratio of its own yet


def test_every_link_has_a_place_and_every_place_is_one(page):
    links, places = list_links(page), Counter(list_places(page))
    assert len(links) > 25
    assert {link for link in links if not places[link]} == set()
    assert {place for place, times in places.items() if times > 1} == set()


def test_every_figure_and_table_leads_to_the_definitions_of_what_it_shows(figures, profile):
    shown = set()
    for block in figures:
        if isinstance(block, NoteBlock) or not isinstance(block, FigureBlock | TableBlock):
            continue
        links = [link for link in list_links(block.to_html()) if link.startswith("def-")]
        assert links, block.block_id
        if isinstance(block, TableBlock):
            assert len(links) == len(block.frame), block.block_id
        shown |= set(links)
    own = [CATALOGUE[name] for name in profile.table["indicator_id"].unique()]
    # The Indices have figures of their own in their section; totals have facts at a glance.
    expected = {
        name_definition(entry)
        for entry in own
        if entry.source != "iod2025" and entry.statistic != "count"
    }
    assert expected <= shown


def test_every_number_is_two_links_from_a_checksum(page, profile, store):
    rows = dict(re.findall(r'<tr id="([^"]+)">(.*?)</tr>', page, flags=re.DOTALL))
    for name in profile.table["indicator_id"].unique():
        entry = CATALOGUE[name]
        definition = rows[name_definition(entry)]
        (source,) = list_links(definition)
        file = store.entry(entry.source).files[0]
        assert file.sha256[:12] in rows[source]
        assert file.name in rows[source]


def test_definition_says_what_how_when_and_where(profile, store):
    blocks = show_definitions(profile.table, store)
    said = {
        place: row
        for block in blocks
        for place, row in zip(block.row_ids, block.frame.to_dict("records"), strict=True)
    }
    rate = said["def-crime-rate"]
    entry = CATALOGUE["crime_rate"]
    assert rate["measure"] == entry.label
    assert entry.definition in rate["meaning"]
    assert entry.caveat in rate["meaning"]
    for words in ("Rate of", entry.unit, "crude", "Byar's", "June 2019", "LSOA 2011", "base from"):
        assert words in rate["base"], words
    assert "; standardised;" in said["def-deaths-all"]["base"]
    assert "the publisher's interval" in said["def-deaths-all"]["base"]
    assert "neither crude nor standardised" in said["def-community-needs"]["base"]
    assert "districts" in said["def-prevalence-hypertension"]["base"]
    assert "LSOA 2021" in said["def-social-rented"]["base"]


def test_one_definition_serves_an_index_and_its_edition(profile, store):
    blocks = show_definitions(profile.table, store)
    places = [place for block in blocks for place in block.row_ids]
    assert [place for place in places if "imd" in place] == ["def-imd-iod2025"]
    assert name_definition(CATALOGUE["imd_2025_average_score"]) == "def-imd-iod2025"
    assert name_definition(CATALOGUE["imd_2019_average_score"]) == "def-imd-iod2019"
    assert name_definition(CATALOGUE["social_rented"]) == "def-social-rented"


def test_definitions_stand_in_their_sections(profile, store):
    for block in show_definitions(profile.table, store):
        section = block.block_id.removeprefix("definitions-")
        own = {name_definition(e) for e in CATALOGUE.values() if e.section == section}
        assert set(block.row_ids) <= own


def test_sources_name_files_with_rows_and_checksums_once_each(profile, store):
    (block,) = show_sources(profile.table, store)
    used = {CATALOGUE[name].source for name in profile.table["indicator_id"].unique()}
    assert {f"source-{name.replace('_', '-')}" for name in used} <= set(block.row_ids)
    assert len(block.row_ids) == len(set(block.row_ids))
    row = dict(zip(block.row_ids, block.frame.to_dict("records"), strict=True))["source-ts054"]
    file = store.entry("ts054").files[0]
    assert row["files"] == f"ts054.csv (4 rows, {file.sha256[:12]})"
    assert row["licence"] == store.entry("ts054").licence


@pytest.mark.parametrize("names", [["crime_rate", "crime_types"], ["crime_types", "burglary_rate"]])
def test_sources_name_the_base_of_every_measure(store, names):
    table = pd.DataFrame({"indicator_id": names, "source_id": "crime_street"})
    (block,) = show_sources(table, store)
    assert block.row_ids[0] == "source-crime-street"
    assert "source-mid-year-population-lsoa11" in block.row_ids


def test_trail_of_a_figure_names_what_it_shows_and_no_more():
    entries = [CATALOGUE[name] for name in ("social_rented", "owned")]
    shown = pd.DataFrame({"measure": [entries[1].label], "value": [3]})
    block = FigureBlock(
        block_id="x", title="Title", svg="<svg/>", alt="Words", source_line="", table=shown
    )
    assert add_trail(block, entries).trail == ((entries[1].label, "def-owned"),)
    by_period = FigureBlock(
        block_id="x",
        title="Title",
        svg="<svg/>",
        alt="Words",
        source_line="",
        table=pd.DataFrame({"period": ["2020"]}),
    )
    assert len(add_trail(by_period, entries).trail) == 2


def test_trail_names_each_definition_once():
    names = ("imd_2025_average_score", "imd_2025_decile_people", "social_rented")
    found = list_trail(CATALOGUE[name] for name in names)
    assert [place for _, place in found] == ["def-imd-iod2025", "def-social-rented"]
