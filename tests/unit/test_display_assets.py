"""The map of assets, reach and the balance: what they say, hold and refuse."""

from __future__ import annotations

import base64
import json

import pandas as pd
import pytest
from lxml import html as lxml_html

from cip.catalogue.asset_types import load_asset_groups, load_asset_types
from cip.display.asset_drawing import draw_assets
from cip.display.asset_items import is_web_page, list_items
from cip.display.asset_layout import (
    MOST_NUMBERED,
    Heap,
    find_room,
    gather_heaps,
    name_squares,
    pick_unnumbered,
)
from cip.display.asset_map import AssetMapBlock, map_assets
from cip.display.asset_marks import (
    WALK_READINGS,
    find_corners,
    load_mark_styles,
    write_mark,
    write_ranges,
)
from cip.display.balance_chart import chart_balance
from cip.display.palette import PAPER, contrast
from cip.display.reach_chart import chart_reach, map_reach_gap
from cip.report.checks import find_loads

from ..support.assets import (
    make_assets,
    make_backdrop,
    make_boundary,
    make_reach,
    make_reach_places,
    make_small_areas,
    make_walkabout,
)

ATTACK = "</script><img src=x onerror=alert(1)>"
GAPS = {"a pharmacy": [120, 0, 300, None]}


def make_map(assets: pd.DataFrame | None = None, **changes: object) -> AssetMapBlock:
    values = {
        "title": "What Fernhollow has",
        "block_id": "assets",
        "source_line": "Source: invented",
        "walkabout": make_walkabout(),
    }
    table = make_assets() if assets is None else assets
    return map_assets(table, make_boundary(), make_backdrop(), **{**values, **changes})  # type: ignore[arg-type]


def read_data(block: AssetMapBlock) -> dict:
    page = lxml_html.document_fromstring(block.frame_html)
    return json.loads(page.get_element_by_id("cip-data").text)


def read_fact(data: dict, label: str, i: int) -> str:
    (fact,) = [fact for fact in data["facts"] if fact["label"] == label]
    return fact["values"][fact["codes"][i]]


# Marks


def test_every_group_has_a_look_of_its_own_that_needs_no_colour() -> None:
    styles = load_mark_styles()
    assert set(styles) == {*load_asset_groups(), *WALK_READINGS}
    assert len({(style.letter, style.shape) for style in styles.values()}) == len(styles)
    assert len({style.letter for style in styles.values()}) == len(styles)
    for style in styles.values():
        assert len(find_corners(style.shape)) >= 3
        assert contrast(style.colour, PAPER) >= 4.5  # the letter on it
    with pytest.raises(ValueError, match="'star'"):
        find_corners("star")


def test_a_soft_mark_has_a_second_outline() -> None:
    style = load_mark_styles()["people"]
    hard, soft = (write_mark(style, is_soft=value) for value in (False, True))
    assert (hard.count("<path"), soft.count("<path")) == (1, 2)
    assert ">P</text>" in hard


@pytest.mark.parametrize(
    ("numbers", "words"),
    [([], ""), ([7], "7"), ([12, 15, 13, 14, 31], "12-15, 31"), ([3, 1], "1, 3")],
)
def test_runs_of_numbers_are_closed_up(numbers: list[int], words: str) -> None:
    assert write_ranges(numbers) == words


# Items


def test_items_say_where_they_are_and_how_sure_that_is() -> None:
    assets = make_assets(6)
    assets["is_inside"] = pd.array([True, True, False, False, True, None], dtype="boolean")
    assets["still_active"] = pd.array([True, False, True, None, None, None], dtype="boolean")
    assets["is_stale"] = pd.array([False, True, True, False, None, None], dtype="boolean")
    items = list_items(assets, make_walkabout(), make_boundary())
    assert items["state"].tolist()[:6] == [
        "active", "ended", "stale", "unknown", "unknown", "unknown",
    ]  # fmt: skip
    assert items["place"].tolist() == [
        "inside", "inside", "nearby", "nearby", "inside", "unplaced",
        "inside", "inside", "unplaced",
    ]  # fmt: skip
    assert items["mark"].tolist()[6:] == ["W1", "W2", "W3"]
    assert items["lat"].isna().tolist() == items["x"].isna().tolist()
    assert items["lat"].dropna().between(53.9, 54.1).all()
    assert (items["What it is for"].iloc[7]) == "Transport; Surroundings"


def test_items_refuse_what_the_catalogue_does_not_know() -> None:
    with pytest.raises(ValueError, match="volcano"):
        list_items(make_assets(3).assign(asset_type="volcano"), None, make_boundary())
    seen = make_walkabout().assign(reading="opinion")
    with pytest.raises(ValueError, match="not opinion"):
        list_items(make_assets(3), seen, make_boundary())


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://example.org/a", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("example.org", False),
        (None, False),
        (pd.NA, False),
    ],
)
def test_only_addresses_of_web_pages_are_shown(address: object, is_one: bool) -> None:
    assert is_web_page(address) is is_one
    assets = make_assets(3)
    assets["contact_page"] = pd.Series([address] * 3, dtype="str")
    items = list_items(assets, None, make_boundary())
    assert set(items["Web page"]) == {address if is_one else ""}


# The map


def test_the_block_holds_both_maps_the_key_and_everything_in_the_list() -> None:
    assets = make_assets()
    block = make_map(assets)
    tree = lxml_html.fragment_fromstring(block.to_html())
    frame = tree.find(".//iframe")
    assert frame.get("sandbox") == "allow-scripts"
    assert len(tree.findall(".//tbody/tr")) == len(assets) + len(make_walkabout())
    key = tree.find('.//ul[@aria-label="Key"]').text_content()
    for entry in load_asset_groups().values():
        assert entry.label in key
    assert "+" in block.key_html
    inside = int(assets["is_inside"].sum())
    assert f"60 assets, {inside} inside the area" in block.alt
    groups = assets["asset_type"].map(lambda name: load_asset_types()[name].group)
    assert f"Health and care: {(groups == 'health').sum()}" in block.alt
    svg = base64.b64decode(tree.find(".//img").get("src").split(",")[1]).decode()
    assert svg == block.svg


def test_the_page_of_the_map_loads_nothing_and_is_the_same_every_time() -> None:
    page = make_map().frame_html
    tree = lxml_html.document_fromstring(page)
    assert list(find_loads(tree)) == []
    assert all("url(" not in (sheet.text or "") for sheet in tree.findall(".//style"))
    assert page == make_map().frame_html
    assert "innerHTML" not in tree.findall(".//script")[-1].text


def test_what_comes_from_outside_stays_text() -> None:
    assets = make_assets()
    assets["name"] = ATTACK
    assets.loc[0, "detail"] = "circle_0123456789abcdef0123456789abcdef"
    block = make_map(assets, title=ATTACK)
    assert lxml_html.fragment_fromstring(block.to_html()).find(".//script") is None
    page = lxml_html.document_fromstring(block.frame_html)
    assert len(page.findall(".//script")) == 3  # Leaflet, the data, the map
    assert page.find(".//img") is None
    data = read_data(block)
    assert data["name"]["values"][0] == ATTACK
    assert read_fact(data, "More", 0) == assets.loc[0, "detail"]


def test_the_data_of_the_page_hold_every_item_once() -> None:
    assets = make_assets()
    data = read_data(make_map(assets, gaps=make_small_areas().assign(**GAPS)))
    assert data["numbers"][:2] == ["1", "2"]
    assert data["numbers"][-3:] == ["W1", "W2", "W3"]
    assert [data["name"]["values"][c] for c in data["name"]["codes"]][: len(assets)] == list(
        assets["name"]
    )
    assert data["lat"].count(None) == 2
    assert [shape["beyond"] for shape in data["gaps"]] == [
        {"a pharmacy": 120}, {}, {"a pharmacy": 300}, {},
    ]  # fmt: skip
    surgery = int(assets.loc[assets["name"] == "Fernhollow Surgery", "number"].iloc[0]) - 1
    assert read_fact(data, "Type", surgery) == "GP surgery (hard asset: a place or thing)"
    assert read_fact(data, "Web page", surgery) == "https://example.org/surgery"


def test_a_map_without_assets_or_outline_is_refused() -> None:
    with pytest.raises(ValueError, match="needs assets"):
        make_map(make_assets().iloc[:0])
    with pytest.raises(ValueError, match="outline"):
        map_assets(
            make_assets(), make_boundary().iloc[:0], title="t", block_id="b", source_line="s"
        )


def test_a_map_of_assets_without_any_place_still_lists_them() -> None:
    assets = make_assets(4)
    assets[["x", "y"]] = float("nan")
    assets["is_inside"] = pd.array([None] * 4, dtype="boolean")
    block = make_map(assets, walkabout=None)
    assert block.table["square"].isna().all()
    assert set(block.table["place"]) == {"not known"}
    assert "4 of which the place is not known" in block.alt


# The drawn map


def test_squares_are_counted_from_the_north_west() -> None:
    items = pd.DataFrame({"x": [1.0, 599.0, 600.0, 601.0, None], "y": [599.0, 1, 0, 0, 5]})
    squares = name_squares(items, (0.0, 0.0, 600.0, 600.0))
    assert squares.tolist()[:3] == ["A1", "F6", "F6"]
    assert squares.isna().tolist() == [False, False, False, True, True]


def test_marks_on_each_other_become_one() -> None:
    places = pd.DataFrame({"x": [1.0, 1.1, 2.0], "y": [1.0, 1.0, 1.0]}, index=[4, 5, 6])
    assert gather_heaps(places) == [Heap([4, 5], pytest.approx(1.05), 1.0), Heap([6], 2.0, 1.0)]
    # The middle of the first two lies nearer to the third than the first of them does.
    row = pd.DataFrame({"x": [1.0, 1.16, 1.24], "y": 1.0})
    assert gather_heaps(row) == [Heap([0, 1, 2], pytest.approx(3.4 / 3), pytest.approx(1.0))]


def test_many_assets_leave_the_most_frequent_types_without_numbers() -> None:
    items = list_items(make_assets(400), make_walkabout(), make_boundary())
    picked = pick_unnumbered(items)
    left = items[~items["type_id"].isin(picked)]
    assert len(left) <= MOST_NUMBERED
    assert picked[0] == items["type_id"].value_counts().index[0] == "bus_stop"
    assert not {"strength", "challenge", "gp_surgery"} & set(picked)
    assert pick_unnumbered(items.head(MOST_NUMBERED)) == []
    drawing = draw_assets(items, make_boundary(), make_backdrop())
    assert drawing.unnumbered["bus_stop"] > 20
    assert drawing.heaps > 0
    assert "bus stops (" in make_map(make_assets(400)).key_html


def test_words_go_where_nothing_lies_or_nowhere() -> None:
    right, left = (1.1, 0.95, 1.9, 1.05), (0.1, 0.95, 0.9, 1.05)
    where = {"width": 0.6, "height": 0.12, "gap": 0.1, "size_in": (2.0, 2.0)}
    first = find_room(1.0, 1.0, taken=[], **where)
    assert first[0] > 1.0 and first[1] < 1.0 < first[3]
    second = find_room(1.0, 1.0, taken=[right], **where)
    assert second[2] < 1.0
    third = find_room(1.0, 1.0, taken=[right, left], **where)
    assert third[1] > 1.0
    assert find_room(1.0, 1.0, taken=[(0.0, 0.0, 2.0, 2.0)], **where) is None


# Reach


def test_reach_is_drawn_least_first_and_names_what_is_missing() -> None:
    block = chart_reach(
        make_reach(), title="Reach", block_id="r", source_line="S", note="By network."
    )
    assert block.table["type"].tolist() == [
        "food bank or larder", "GP surgery", "pharmacy", "bus stop",
    ]  # fmt: skip
    assert block.table["800 m"].tolist() == pytest.approx([0.2, 46.0, 46.0, 99.0])
    assert block.note == "By network. Not drawn, because none is listed: libraries."
    assert "Food bank or larder: 0%, under 1% and 31%" in block.alt
    assert block.column_labels["1,200 m"] == "Residents within 1,200 m (%)"


def test_reach_of_two_units_or_of_nothing_is_refused() -> None:
    reach = make_reach()
    mixed = pd.concat([reach, reach.assign(unit="minutes")])
    with pytest.raises(ValueError, match="one unit"):
        chart_reach(mixed, title="t", block_id="r", source_line="S")
    with pytest.raises(ValueError, match="with an asset"):
        chart_reach(reach.assign(assets=0), title="t", block_id="r", source_line="S")


def test_a_gap_is_counted_in_people() -> None:
    block = map_reach_gap(
        make_reach_places(), make_small_areas(), make_backdrop(),
        type_label="pharmacy", within_m=1_200, block_id="g", source_line="S",
    )  # fmt: skip
    assert block.title == (
        "2,720 of 6,000 residents live more than 1,200 m from the nearest pharmacy"
    )
    assert block.table["value"].tolist() == pytest.approx([0.0, 21.33, 60.0, 100.0], abs=0.01)
    assert block.table["class"].tolist() == ["A", "B", "D", "E"]
    assert block.table["population_beyond"].tolist() == [0, 320, 900, 1_500]


def test_a_gap_of_two_types_is_refused() -> None:
    both = pd.concat([make_reach_places(), make_reach_places().assign(asset_type="library")])
    with pytest.raises(ValueError, match="one type"):
        map_reach_gap(
            both, make_small_areas(), None,
            type_label="x", within_m=1_200, block_id="g", source_line="S",
        )  # fmt: skip


# Balance


def make_balance(**counts: tuple[int, int, int]) -> pd.DataFrame:
    """Return the table ``asset_balance`` with (inside, nearby, unplaced) of the types named."""
    rows = [
        (name, entry.kind, entry.health_asset, *counts.get(name, (0, 0, 0)))
        for name, entry in load_asset_types().items()
    ]
    columns = ["asset_type", "kind", "health_asset", "inside", "nearby", "unplaced"]
    return pd.DataFrame(rows, columns=columns)


def test_the_balance_counts_what_is_here_and_names_what_is_not() -> None:
    balance = make_balance(gp_surgery=(2, 1, 0), charity=(3, 0, 1), library=(0, 2, 0))
    block = chart_balance(balance, title="t", block_id="b", source_line="S", note="A note.")
    found = block.table.set_index("label")
    assert found.loc["Hard assets: places and things"].tolist() == [2, 3]
    assert found.loc["Soft assets: people and what they do"].tolist() == [4, 0]
    assert found.loc["What outside agencies bring"].tolist() == [2, 3]
    assert found["own"].iloc[:2].sum() == found["own"].iloc[2:].sum() == 6
    assert block.note.startswith("A note. None is listed in the area or just outside: ")
    assert "pharmacies" in block.note
    assert "GP surgeries" not in block.note
    assert block.note.endswith("Only just outside: libraries.")
    assert "What outside agencies bring: 2 in the area, 3 just outside" in block.alt


def test_a_balance_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="needs an asset"):
        chart_balance(make_balance(), title="t", block_id="b", source_line="S")
