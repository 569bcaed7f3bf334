"""The pages of notebook 03, each with much, little and nothing to show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import pandas as pd
import pytest
from lxml.html import document_fromstring

from cip.assets.abcd import tabulate_abcd
from cip.assets.balance import Density, count_balance, count_functions, measure_density
from cip.assets.gather import Gathered
from cip.assets.place import PlacedAssets
from cip.assets.priorities import match_priorities
from cip.assets.reach import ReachResult
from cip.assets.settle import Settled, settle_records
from cip.catalogue.sources import mark_invented
from cip.display.anchors import name_assets
from cip.display.blocks import Block, NoteBlock, TableBlock
from cip.errors import SourceError
from cip.pages import asset_reach, asset_sources, asset_stage, asset_themes
from cip.pages import assets as page
from cip.param_models import AssetSettings
from cip.schemas import SCHEMAS
from cip.store import Store
from cip.tables import check_table

from ..support.asset_records import make_table, tell
from ..support.assets import (
    make_assets,
    make_backdrop,
    make_boundary,
    make_reach,
    make_reach_places,
    make_small_areas,
    make_walkabout,
)

MARKUP = "<img src=x onerror=alert(1)> & <b>Hall</b>"


@pytest.fixture
def workspace(tmp_path: Path) -> SimpleNamespace:
    """Return what the pages take of a workspace, with an empty store and no inputs."""
    params = SimpleNamespace(title="Fernhollow", assets=AssetSettings())
    return SimpleNamespace(
        params=params,
        store=Store(tmp_path),
        today=date(2026, 6, 1),
        read_input=lambda name, read: None,
    )


@pytest.fixture
def invented() -> Iterator[None]:
    mark_invented(True)
    yield
    mark_invented(False)


def make_placed(table: pd.DataFrame | None = None) -> PlacedAssets:
    table = make_assets(60) if table is None else table
    return PlacedAssets(table, pd.Series({"places_gp": 3}))


def make_gathered(*records: dict, notes: list[str] | None = None) -> tuple[Gathered, Settled]:
    table = make_table(*records)
    return Gathered(table, None, notes or []), settle_records(table)


def place_records(settled: Settled) -> PlacedAssets:
    columns = dict.fromkeys(SCHEMAS["assets"].columns)
    return PlacedAssets(settled.assets.assign(**{n: v for n, v in columns.items()
                                                 if n not in settled.assets}), pd.Series(dtype=int))  # fmt: skip


def write(*blocks: Block | list[Block]) -> str:
    flat = [b for part in blocks for b in (part if isinstance(part, list) else [part])]
    return "".join(block.to_html() for block in flat)


def find_note(blocks: list[Block] | Block) -> NoteBlock:
    (block,) = blocks if isinstance(blocks, list) else [blocks]
    assert isinstance(block, NoteBlock)
    return block


# ---- The register


def test_facts_of_the_register(workspace) -> None:
    placed = make_placed()
    here = placed.table["is_inside"].fillna(True).astype(bool)
    facts = page.show_facts(workspace, placed, measure_density(placed.table, 6_000.0)).facts
    values = {label: value for label, value, _ in facts}
    assert values["Places and buildings"] == str((here & (placed.table["kind"] == "hard")).sum())
    assert values["Just outside"] == str((~here).sum())
    assert "Groups and charities" in values


def test_facts_without_dates_or_residents(workspace) -> None:
    table = make_assets(10)
    table["is_stale"] = pd.array([pd.NA] * 10, dtype="boolean")
    facts = page.show_facts(workspace, make_placed(table), measure_density(table, None)).facts
    values = {label: value for label, value, _ in facts}
    assert values["Checked lately"] == "not known"
    assert "Groups and charities" not in values


def test_map_names_its_sources_and_how_things_were_placed(workspace) -> None:
    placed = make_placed()
    (block,) = page.show_map(workspace, placed, make_boundary(), make_backdrop(), make_walkabout())
    assert block.title.startswith(
        f"{int(placed.table['is_inside'].sum())} assets lie in Fernhollow"
    )
    assert "are placed by their postcode" in block.note
    assert "1 has no place" in block.note
    assert block.source_line == "Source: the community's own list."


def test_without_points_there_is_no_map(workspace) -> None:
    table = make_assets(8)
    table[["x", "y"]] = float("nan")
    table["is_inside"] = pd.array([pd.NA] * 8, dtype="boolean")
    shapes = make_boundary(), make_backdrop()
    note, listed = page.show_map(workspace, make_placed(table), *shapes, None)
    assert "No asset of this area has a place" in find_note(note).body
    rows = document_fromstring(listed.to_html())
    for place, asset in zip(name_assets(table).values(), sorted(table["asset_id"]), strict=True):
        name = table.set_index("asset_id").loc[asset, "name"]
        assert str(name) in rows.get_element_by_id(place).text_content()
    empty = shapes[0].iloc[:0]
    assert find_note(page.show_map(workspace, make_placed(), empty, shapes[1], None)[0])
    (alone,) = page.show_map(workspace, make_placed(table.iloc[:0]), *shapes, None)
    assert isinstance(alone, NoteBlock)


def test_sources_are_named_with_whose_they_are() -> None:
    table = make_assets(3)
    table["sources"] = ["own; places_gp", "osm_places", "places_gp"]
    line = page.write_sources(table)
    assert line.startswith("Source: OpenStreetMap, places; the community's own list; GP practices")
    assert line.endswith("Open Government Licence v3.0. © OpenStreetMap contributors, ODbL 1.0.")


@pytest.mark.usefixtures("invented")
def test_invented_entries_are_called_so(workspace) -> None:
    placed = make_placed()
    placed.table["sources"] = "places_gp"
    line = page.write_sources(placed.table)
    assert line.startswith("Source: invented entries in the layout of GP practices")
    assert "Licence" not in line
    (block,) = page.show_map(workspace, placed, make_boundary(), make_backdrop(), None)
    assert "invented entries in the layout of" in block.to_html()
    result = ReachResult(make_reach(), make_reach_places(), pd.DataFrame())
    shown = asset_reach.show_reach(result, make_people())
    assert "invented residents in the layout of Census 2021" in write(shown)


def test_soft_assets_of_the_area_are_listed() -> None:
    placed = make_placed()
    block = page.show_soft(placed)
    table = placed.table
    soft = table[(table["kind"] == "soft") & table["is_inside"].fillna(True).astype(bool)]
    assert isinstance(block, TableBlock)
    assert set(block.frame["name"]) == set(soft["name"])
    assert {"yes", "no longer", "not stated"} & {
        words.partition(" (")[0] for words in block.frame["active"]
    }
    assert any("out of date" in words for words in block.frame["active"])


def test_no_soft_asset_asks_for_a_list() -> None:
    table = make_assets(30)
    hard = table[table["kind"] == "hard"]
    assert "cip forms" in find_note(page.show_soft(make_placed(hard))).body
    nearby = table.assign(is_inside=pd.array([False] * len(table), dtype="boolean"))
    assert find_note(page.show_soft(make_placed(nearby)))
    chart = page.show_balance(count_balance(hard), make_placed(hard))[0]
    assert chart.title.endswith("and no soft one")


def test_types_that_are_missing_are_named() -> None:
    table = make_assets(60)
    table = table[table["asset_type"].isin(["gp_surgery", "community_group"])]
    _, types = page.show_balance(count_balance(table), make_placed(table))
    assert types.note.startswith("Named by the framework, and none listed here: ")
    assert "GP surgeries" not in types.note
    assert set(types.frame["label"]) == {"GP surgeries", "local groups and associations"}
    functions = page.show_functions(count_functions(table))
    assert functions.frame[["hard", "soft"]].to_numpy().sum() > 0


def test_density_is_a_floor_or_nothing() -> None:
    assert page.show_density(Density(0, 0.0, 0, 0)) == []
    assert page.show_density(Density(4, None, 0, 0)) == []
    body = find_note(page.show_density(Density(12, 2.0, 5, 3))).body
    assert "2.0 for each 1,000 residents" in body
    assert "The income of 5 of them is known. 3 had less" in body
    assert "income" not in find_note(page.show_density(Density(12, 2.0, 0, 0))).body


# ---- Reach


def make_people(level: str = "lsoa") -> pd.DataFrame:
    return pd.DataFrame({"population": [1_500.0] * 4, "level": [level] * 4})


def make_result(places: pd.DataFrame | None = None, **columns) -> ReachResult:
    places = make_reach_places() if places is None else places
    return ReachResult(make_reach().assign(**columns), places, pd.DataFrame())


def test_reach_says_who_was_measured_how() -> None:
    chart, table = asset_reach.show_reach(make_result(), make_people())
    assert (
        chart.title
        == "Almost nobody lives within 800 m of a food bank or larder, the least of all kinds"
    )
    assert "LSOA (about 1,600 people)" in chart.note
    assert "Streets and paths: © OpenStreetMap contributors" in chart.source_line
    assert table.frame.loc[table.frame["label"] == "library", "assets"].tolist() == [0]
    by_line = make_result(method="straight line x 1.3")
    line = asset_reach.show_reach(by_line, make_people("oa"))[0]
    assert "output area (about 300 people)" in line.note
    assert "stand-in" in line.note
    assert "OpenStreetMap" not in line.source_line


def test_reach_without_people() -> None:
    for people in (None, make_people().assign(population=0.0)):
        note = find_note(asset_reach.show_reach(make_result(), people))
        assert "cannot be measured" in note.body
    assert find_note(asset_reach.show_reach(
        ReachResult(make_reach().iloc[:0], make_reach_places(), pd.DataFrame()), make_people()
    ))  # fmt: skip


def test_everybody_reached() -> None:
    result = make_result(share=1.0, assets=2)
    chart = asset_reach.show_reach(result, make_people())[0]
    assert chart.title == "Nearly everyone lives within 800 m of each kind of asset that is listed"


def test_types_that_nobody_could_have_listed_are_said() -> None:
    known = ReachResult(make_reach(), make_reach_places(), pd.DataFrame())
    unknown = ReachResult(make_reach(), make_reach_places(), pd.DataFrame(), unknown=("library",))
    said = "No source at hand lists libraries, so nobody knows who reaches them."
    assert said in asset_reach.show_reach(unknown, make_people())[0].note
    assert said not in asset_reach.show_reach(known, make_people())[0].note


def name_small_areas() -> pd.DataFrame:
    areas = make_small_areas()
    return pd.DataFrame({"lsoa21_code": areas["area_code"], "lsoa21_name": areas["area_name"]})


def test_gaps_by_place_and_nobody_beyond(workspace) -> None:
    shapes, context = make_small_areas(), make_backdrop()
    result = make_result()
    *maps, table = asset_reach.show_gaps(workspace, result, name_small_areas(), shapes, context)
    assert len(maps) == 1
    assert table.frame["people"].tolist() == [1_500.0, 900.0, 320.0]
    assert table.frame["place"].tolist() == ["Marlbury 104A", "Marlbury 103A", "Marlbury 102A"]
    none = make_result(make_reach_places((0.0, 0.0, 0.0, 0.0)))
    note = find_note(asset_reach.show_gaps(workspace, none, name_small_areas(), shapes, context))
    assert note.heading == "Nobody is beyond reach"
    no_shapes = asset_reach.show_gaps(workspace, result, name_small_areas(), shapes[:0], context)
    assert [type(block) for block in no_shapes] == [TableBlock]


def test_capacity_is_shown_where_it_is_known() -> None:
    access = pd.DataFrame(
        {
            "asset_type": "school",
            "lsoa21_code": ["Z01000101", "Z01000109"],
            "population": [1_500.0, 900.0],
            "capacity_per_1000": [2.5, 0.5],
        }
    )
    (block,) = asset_reach.show_access(access, name_small_areas())
    assert block.frame["place"].tolist() == ["Z01000109", "Marlbury 101A"]
    assert asset_reach.show_access(access[:0], name_small_areas()) == []


# ---- Where the register comes from


def test_sources_with_what_was_left_out() -> None:
    placed = make_placed()
    placed.table.loc[:9, "sources"] = "own; places_gp"
    left = pd.DataFrame(
        {"source_id": ["places_gp"], "closed": [2], "dormant": [1], "proposed": [0]}
    )
    gathered = Gathered(make_table(tell("own:1", "A")), None, ["Said twice.", "Said twice."], left)
    table, note = asset_sources.show_sources(gathered, placed)
    rows = table.frame.set_index("source")
    gp = next(name for name in rows.index if name.startswith("GP practices"))
    assert rows.loc[gp, ["assets", "closed", "unplaced"]].tolist() == [10, 3, 3]
    assert rows.loc["the community's own list", "licence"] == "the area's own"
    assert note.body == "Said twice."


def test_nothing_left_out_and_nothing_listed() -> None:
    gathered = Gathered(make_table(tell("own:1", "A")), None)
    (table,) = asset_sources.show_sources(gathered, make_placed())
    assert table.frame["closed"].tolist() == [0]
    empty = PlacedAssets(make_assets(5).iloc[:0], pd.Series(dtype=int))
    assert find_note(asset_sources.show_sources(gathered, empty)).kind == "missing"


def test_open_pairs_are_asked_about() -> None:
    gathered, settled = make_gathered(
        tell("own:1", "Cheney Hall", "community_centre", x=0.0),
        tell("own:2", "Cheney Hall", "community_centre", x=10.0),
        tell("places_libraries:3", "Elsewhere", "library", x=9_000.0),
        tell("osm_places:n4", "Elsewhere", "library", x=9_001.0),
    )
    placed = place_records(settled)
    blocks = asset_sources.show_joined(gathered, settled, placed)
    assert "4 entries of 3 sources became 3 assets: 1 told of one" in blocks[0].body
    assert "1 pair is still open, and is shown as two assets." in blocks[0].body
    assert blocks[1].frame["a"].tolist() == ["Cheney Hall (community centre or hall)"]
    alone, apart = make_gathered(tell("own:1", "Cheney Hall", "community_centre", x=0.0))
    assert len(asset_sources.show_joined(alone, apart, place_records(apart))) == 1


# ---- Themes, priorities and walks


def test_abcd_by_theme_and_nothing_to_show() -> None:
    table = tabulate_abcd(make_assets(60))
    (block,) = asset_themes.show_abcd(table)
    assert len(block.frame) == len(table)
    assert (block.frame["evaluation"] == "not reviewed yet").all()
    assert find_note(asset_themes.show_abcd(table.iloc[:0])).kind == "missing"


def test_priorities_with_and_without_assets() -> None:
    named = pd.DataFrame(
        {"priority_id": ["p1"], "priority": [MARKUP], "topics": ["surroundings"], "row": [2]}
    )
    assets = make_assets(60)
    for table, gaps in ((assets, ""), (assets.iloc[:0], ": 1 gap")):
        matched = match_priorities(named, table, most_named=3)
        (block,) = asset_themes.show_priorities(matched, assets)
        assert block.caption == f"Assets beside what residents want to change{gaps}"
        assert "<img" not in block.to_html()
    assert find_note(asset_themes.show_priorities(None, assets)).kind == "missing"
    assert find_note(asset_themes.show_priorities(matched.iloc[:0], assets)).kind == "info"


def test_walks_with_and_without_notes() -> None:
    (block,) = asset_themes.show_walkabout(make_walkabout())
    assert block.caption.endswith(": 1 strength and 2 challenges")
    assert find_note(asset_themes.show_walkabout(None)).kind == "missing"
    assert find_note(asset_themes.show_walkabout(make_walkabout().iloc[:0])).kind == "info"


# ---- The steps behind the pages


def test_without_residents_nothing_is_measured(workspace) -> None:
    found = asset_stage.measure(workspace, None, make_placed(), None)
    assert found.table.empty
    assert found.places.empty
    check_table("reach", found.table)
    assert asset_stage.read_network(workspace, make_boundary()) is None
    assert asset_stage.read_walkabout(workspace, make_boundary()) is None
    assert asset_stage.match(workspace, make_placed()) is None


def test_residents_need_every_count() -> None:
    areas = pd.DataFrame({"population": [100.0, 200.0]})
    assert asset_stage.count_residents(areas) == 300.0
    assert asset_stage.count_residents(areas.replace(200.0, None)) is None
    assert asset_stage.count_residents(areas.iloc[:0]) is None


def test_a_store_without_counts_has_no_residents(workspace, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise SourceError([])

    monkeypatch.setattr(asset_stage, "list_people", refuse)
    assert asset_stage.list_residents(workspace, None, ["Z01000101"]) is None


def test_capacity_needs_assets_that_state_it(workspace) -> None:
    register = SimpleNamespace(lsoas=pd.DataFrame({"lad_code": []}))
    table = make_assets(20).assign(capacity=float("nan"))
    found = asset_stage.measure_capacity(
        workspace, register, make_placed(table), None, ["Z01000101"]
    )
    assert found.empty
    assert list(found.columns) == list(SCHEMAS["asset_access"].columns)


# ---- What comes from outside is text


def test_markup_in_names_is_never_run(workspace) -> None:
    table = make_assets(12)
    table["name"] = MARKUP
    table["serves"] = table["opening"] = table["detail"] = MARKUP
    placed = make_placed(table)
    walk = make_walkabout().assign(what_was_seen=MARKUP, place=MARKUP)
    gathered, settled = make_gathered(
        tell("own:1", MARKUP, x=0.0), tell("places_schools:2", MARKUP + " Hall", x=5.0),
        notes=[MARKUP],
    )  # fmt: skip
    html = write(
        page.show_map(workspace, placed, make_boundary(), make_backdrop(), walk),
        page.show_soft(placed),
        asset_sources.show_sources(gathered, placed),
        asset_sources.show_joined(gathered, settled, place_records(settled)),
        asset_themes.show_abcd(tabulate_abcd(table)),
        asset_themes.show_walkabout(walk),
    )
    assert "<img src=x" not in html
    assert "<b>Hall" not in html
    assert html.count("&lt;img src=x") > 5


def test_shapes_are_not_changed_by_their_pages(workspace) -> None:
    boundary: gpd.GeoDataFrame = make_boundary()
    before = boundary.copy()
    page.show_map(workspace, make_placed(), boundary, make_backdrop(), None)
    assert boundary.equals(before)


def test_an_extract_that_does_not_reach_here_says_nothing_of_what_is_missing() -> None:
    class Store:
        def products(self):
            return ["places_gp", "osm_places", "places_libraries"]

    class Workspace:
        store = Store()

    def list_here(*sources: str) -> set[str]:
        placed = make_placed(make_assets(60).head(len(sources)).assign(sources=list(sources)))
        return asset_stage._list_products_here(Workspace(), placed)

    assert list_here("places_gp") == {"places_gp"}
    assert list_here("places_gp; osm_places", "own") == {"places_gp", "osm_places"}
    assert list_here("places_libraries") == {"places_gp", "places_libraries"}
