"""Choosing small areas: the state, the search, the map's shapes and the words that are saved."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box

from cip.area_definition import resolve_area
from cip.display.blocks import KeyFacts, MapBlock, NoteBlock, TableBlock
from cip.errors import ParameterError
from cip.interactive import choose_area, open_chooser
from cip.interactive.chooser import Chooser
from cip.interactive.ground import Ground, load_ground
from cip.interactive.layers import MOST_SHAPES, MapLayers, load_layers, write_path
from cip.interactive.opening import WIDGETS_VARIABLE, StandIn
from cip.interactive.save import compose_definition, plan_save
from cip.interactive.search import NO_POSTCODES, PlaceSearch, describe_place, fold
from cip.interactive.selection import Place, start_selection
from cip.params import load_params
from cip.params_edit import apply_edit
from cip.register import Register, load_register
from cip.store import Store
from cip.workspace import open_workspace

# Six LSOAs: ward Hill has 1 to 3, St Mary's Dale 4 and 5, Ŵern Brook 6 in another district.
ROWS = [
    ("Z01000001", "A 001A", "A", "Z07000001", "Z02000001", "Z05000001", "Hill", 1000, 50.0, 1, 990),
    ("Z01000002", "A 001B", "A", "Z07000001", "Z02000001", "Z05000001", "Hill", 2000, 40.0, 2, 2010),
    ("Z01000003", "A 001C", "A", "Z07000001", "Z02000001", "Z05000001", "Hill", 1000, 10.0, 3, 1000),
    ("Z01000004", "A 002A", "A", "Z07000001", "Z02000002", "Z05000002", "St Mary's Dale", 500, 5.0, 9, 500),
    ("Z01000005", "A 002B", "A", "Z07000001", "Z02000002", "Z05000002", "St Mary's Dale", 700, 5.0, 9, 700),
    ("Z01000006", "B 001A", "B", "Z07000002", "Z02000003", "Z05000003", "Ŵern Brook", None, None, None, None),
]  # fmt: skip
COLUMNS = [
    "lsoa21_code", "lsoa21_name", "lad_name", "lad_code", "msoa21_code", "ward24_code",
    "ward24_name", "population", "score", "decile", "index_population",
]  # fmt: skip
FRAME = pd.DataFrame(ROWS, columns=COLUMNS).set_index("lsoa21_code")
LSOAS = FRAME.assign(
    population=FRAME["population"].astype("Int64"), county_code="Z10000001", county_name="County"
)
WARDS = (
    FRAME.rename(columns={"lad_code": "lad24_code", "lad_name": "lad24_name"})
    .drop_duplicates("ward24_code")
    .set_index("ward24_code")[["ward24_name", "lad24_code", "lad24_name"]]
)
MSOAS = pd.DataFrame(
    {"msoa21_name": ["A 001", "A 002", "B 001"], "msoa21_hcl_name": ["Hill & Top", "Dale", None]},
    index=["Z02000001", "Z02000002", "Z02000003"],
)
CHANGES = pd.DataFrame(columns=["lsoa11_code", "lsoa11_name", "lsoa21_code", "change"])
OLD_WARDS = pd.DataFrame(columns=["lsoa11_code", "ward19_code", "ward19_name"])
POSTCODES = pd.DataFrame(
    {
        "postcode": ["ZZ11AA", "ZZ11AB", "ZZ11AC"],
        "oa21_code": ["Z00000001", "Z00000004", None],
        "is_live": [True, False, True],
    }
)
OAS = pd.DataFrame(
    {
        "oa21_code": ["Z00000001", "Z00000004"],
        "lsoa21_code": ["Z01000001", "Z01000004"],
        "x": [0.0, 1.0],
        "y": [0.0, 1.0],
        "population": [300, 300],
    }
)


def make_register(*, has_postcodes: bool = False) -> Register:
    readers = {"postcodes": lambda: POSTCODES, "oas": lambda: OAS} if has_postcodes else {}
    return Register(LSOAS, WARDS, MSOAS, CHANGES, OLD_WARDS, readers)


REGISTER = make_register()
GROUND = Ground(
    FRAME.rename(columns={"lsoa21_name": "name", "ward24_name": "ward", "lad_name": "district"})[
        ["name", "ward", "district", "population", "score", "decile", "index_population"]
    ]
)
CODES = list(GROUND.codes)
HILL = Place("ward", "Z05000001", "Hill", frozenset(CODES[:3]), "A")
DALE = Place("ward", "Z05000002", "St Mary's Dale", frozenset(CODES[3:5]), "A")


def start(*numbers: int):
    return start_selection(GROUND, [f"Z0100000{n}" for n in numbers])


# --- The state ------------------------------------------------------------------------------------


def test_each_action_returns_a_new_choice_and_leaves_the_old_one():
    first = start(1)
    second = first.add(DALE)
    assert first.chosen == {"Z01000001"}
    assert second.chosen == {"Z01000001", "Z01000004", "Z01000005"}
    assert second.last_action == "Added St Mary's Dale ward (2 small areas)."


def test_an_action_that_changes_nothing_returns_the_same_choice():
    choice = start(1, 2, 3)
    assert choice.add(HILL) is choice
    assert choice.remove(DALE) is choice
    assert choice.remove_codes(["Z01000006"]) is choice
    assert choice.undo() is choice


def test_toggling_adds_and_then_takes_out():
    choice = start(1).toggle("Z01000002")
    assert choice.chosen == {"Z01000001", "Z01000002"}
    assert choice.last_action == "Added A 001B, Hill ward."
    assert choice.toggle("Z01000002").chosen == {"Z01000001"}


def test_undo_goes_back_one_action_at_a_time_places_included():
    choice = start().add(HILL).toggle("Z01000001").add(DALE)
    assert [p.name for p in choice.places] == ["Hill", "St Mary's Dale"]
    choice = choice.undo()
    assert choice.chosen == {"Z01000002", "Z01000003"}
    assert [p.name for p in choice.places] == ["Hill"]
    assert choice.undo().undo().chosen == frozenset()
    assert not choice.undo().undo().can_undo


def test_several_marked_in_the_list_are_one_action():
    choice = start(1, 2, 3).remove_codes(["Z01000001", "Z01000002", "Z01000006"])
    assert choice.chosen == {"Z01000003"}
    assert choice.last_action == "Took out 2 small areas."
    assert choice.undo().chosen == {"Z01000001", "Z01000002", "Z01000003"}


def test_an_unknown_small_area_is_refused_with_the_nearest():
    with pytest.raises(ParameterError) as caught:
        start(1).toggle("Z01000009")
    assert caught.value.problems[0].found == "'Z01000009'"
    assert caught.value.problems[0].nearest in CODES
    with pytest.raises(ParameterError, match="no such small area"):
        start_selection(GROUND, ["X"])


@given(st.lists(st.sampled_from([*CODES, "hill", "dale", "undo"]), max_size=25))
def test_undoing_everything_leads_back_to_the_start(actions):
    choice = start(1, 4)
    for action in actions:
        if action == "undo":
            choice = choice.undo()
        elif action in ("hill", "dale"):
            choice = choice.add(HILL if action == "hill" else DALE)
        else:
            choice = choice.toggle(action)
        assert all(place.code in ("Z05000001", "Z05000002") for place in choice.places)
    while choice.can_undo:
        choice = choice.undo()
    assert choice.chosen == {"Z01000001", "Z01000004"}


# --- What the choice amounts to -------------------------------------------------------------------


def test_people_in_the_most_deprived_fifth_and_the_average_score():
    summary = start(1, 2, 3).summary
    assert (summary.lsoas, summary.population) == (3, 4000)
    assert (summary.deprived_people, summary.index_population) == (3000, 4000)
    assert summary.deprived_share == 75.0
    assert summary.average_score == pytest.approx((50 * 990 + 40 * 2010 + 10 * 1000) / 4000)
    assert summary.describe() == (
        "3 small areas, 4,000 residents. 75% live in the most deprived fifth of England; "
        "average score 35.0 (IMD 2025)."
    )


def test_an_unknown_figure_is_unknown_and_not_zero():
    summary = start(1, 6).summary
    assert (summary.population, summary.deprived_people, summary.average_score) == (None,) * 3
    assert summary.describe() == (
        "2 small areas, residents not known. Deprivation is not known for all of them."
    )


def test_an_empty_choice_says_so():
    assert start().summary.describe() == "No small area is chosen."
    assert start().summary.population == 0
    assert start().summary.average_score is None


@given(st.sets(st.sampled_from(CODES[:5])), st.sampled_from(CODES[:5]))
def test_adding_a_small_area_never_lowers_the_population(codes, more):
    before = GROUND.summarise(codes).population
    after = GROUND.summarise(codes | {more}).population
    assert after >= before


def test_a_choice_and_the_rest_add_up_to_everybody():
    whole = GROUND.summarise(CODES[:5]).population
    assert GROUND.summarise(CODES[:2]).population + GROUND.summarise(CODES[2:5]).population == whole


def test_the_summary_agrees_with_the_stores_own_tables(demo_store):
    store = Store(demo_store)
    register = load_register(store)
    ground = load_ground(store, register)
    codes = list(register.lsoas.index[::3])
    summary = ground.summarise(codes)
    index = store.read("iod2025").set_index("area_code").loc[codes]
    people = index["population"].astype(float)
    deprived = people[index["imd_decile"].isin([1, 2])].sum()
    assert summary.population == register.lsoas.loc[codes, "population"].sum()
    assert summary.deprived_people == deprived
    assert 0 < deprived < people.sum()
    assert summary.average_score == pytest.approx(np.average(index["imd_score"], weights=people))


def test_a_click_reads_nothing_from_the_store(demo_store, monkeypatch):
    store = Store(demo_store)
    ground = load_ground(store, load_register(store))
    monkeypatch.setattr(Store, "read", lambda *_: pytest.fail("the store was read"))
    choice = start_selection(ground)
    for code in ground.codes[:20]:
        choice = choice.toggle(code)
        assert choice.summary.lsoas == len(choice.chosen)


def test_a_store_without_the_index_still_lets_an_area_be_chosen(demo_store):
    class WithoutIndex(Store):
        def has(self, product_id: str) -> bool:
            return product_id != "iod2025" and super().has(product_id)

    store = WithoutIndex(demo_store)
    ground = load_ground(store, load_register(store))
    summary = ground.summarise(ground.codes[:3])
    assert summary.population > 0
    assert (summary.deprived_share, summary.average_score) == (None, None)


# --- Search ---------------------------------------------------------------------------------------


def find(text: str, **options) -> list[str]:
    return [place.code for place in PlaceSearch(make_register(**options)).find(text).places]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("hill", "Z05000001"),  # the ward of this name before the neighbourhood that begins so
        ("Hill and Top", "Z02000001"),  # the Library's name, with & written out
        ("st marys", "Z05000002"),
        ("ST. MARY’S", "Z05000002"),
        ("wern", "Z05000003"),  # without its accent
        ("dale", "Z02000002"),  # the same name before a name that contains it
        ("A 001B", "Z01000002"),
        ("z01000005", "Z01000005"),
        ("Z02000003", "Z02000003"),
        ("Z07000002", "Z07000002"),
        ("B 001", "Z02000003"),  # the ONS name of an MSOA before the LSOAs in it
    ],
)
def test_places_are_found_by_name_and_code(text, first):
    assert find(text)[0] == first


def test_a_place_brings_its_small_areas_and_says_where_it_lies():
    places = {p.code: p for p in PlaceSearch(REGISTER).find("hill").places}
    assert places["Z05000001"].codes == frozenset(CODES[:3])
    assert describe_place(places["Z05000001"]) == "Hill: ward Z05000001, A, 3 small areas"
    assert describe_place(places["Z02000001"]) == "Hill & Top: MSOA Z02000001, A 001, 3 small areas"
    only = PlaceSearch(REGISTER).find("wern").places[0]
    assert describe_place(only) == "Ŵern Brook: ward Z05000003, B, 1 small area"


def test_each_place_is_listed_once_and_the_count_is_said():
    found = PlaceSearch(REGISTER).find("A 00")
    codes = [place.code for place in found.places]
    assert len(codes) == len(set(codes)) == 7
    assert found.words == "7 places fit 'A 00'."


def test_a_mistyped_name_gets_the_nearest_one():
    found = PlaceSearch(REGISTER).find("Hil Topp")
    assert found.places == ()
    assert "Did you mean 'Hill & Top'?" in found.words
    assert "Did you mean 'Brook'?" in PlaceSearch(REGISTER).find("Broock").words
    assert "Did you mean" not in PlaceSearch(REGISTER).find("qqqqqq").words


@pytest.mark.parametrize("text", ["", " ", "h", "'"])
def test_a_text_too_short_to_mean_anything_finds_nothing(text):
    assert PlaceSearch(REGISTER).find(text).places == ()


def test_signs_of_a_pattern_are_letters_like_others():
    for text in ("(hill", "hill*", "[a-z]+", "\\d\\d"):
        PlaceSearch(REGISTER).find(text)
    assert fold("Hill & Top's  (north)") == "hill and tops north"


@pytest.mark.parametrize("text", ["ZZ1 1AA", "zz11aa", " zz1  1aa "])
def test_a_postcode_finds_the_small_area_it_lies_in(text):
    found = PlaceSearch(make_register(has_postcodes=True)).find(text)
    assert [place.code for place in found.places] == ["Z01000001"]
    assert found.words == "The postcode ZZ1 1AA lies in A 001A."


def test_a_postcode_that_is_ended_unknown_or_without_a_place_says_so():
    search = PlaceSearch(make_register(has_postcodes=True))
    assert search.find("ZZ1 1AB").words.endswith("It is no longer in use.")
    assert search.find("ZZ1 1AB").places[0].code == "Z01000004"
    assert "is not in the store's postcode look-up" in search.find("ZZ9 9ZZ").words
    assert "does not say" in search.find("ZZ1 1AC").words


def test_without_the_look_up_a_postcode_says_what_to_fetch():
    search = PlaceSearch(REGISTER)
    assert not search.has_postcodes
    assert search.find("ZZ1 1AA").words == NO_POSTCODES


def test_every_place_of_the_demonstration_is_found_by_its_own_code_and_name(demo_store):
    register = load_register(Store(demo_store))
    search = PlaceSearch(register)
    for code in [*register.wards.index, *register.msoas.index, *register.lsoas.index[::10]]:
        assert search.find(code).places[0].code == code
    for code, name in register.wards["ward24_name"].items():
        found = search.find(name).places
        assert code in [p.code for p in found]
        members = register.lsoas.index[register.lsoas["ward24_code"] == code]
        assert next(p for p in found if p.code == code).codes == frozenset(members)


# --- Shapes of the map ----------------------------------------------------------------------------


def make_layers(columns: int = 3, size: float = 1000.0) -> MapLayers:
    """A row of squares, one per small area."""
    squares = [
        box(400000 + size * (i % columns), 200000 + size * (i // columns),
            400000 + size * (i % columns + 1), 200000 + size * (i // columns + 1))
        for i in range(len(CODES))
    ]  # fmt: skip
    shapes = gpd.GeoDataFrame({"area_code": CODES}, geometry=squares, crs="EPSG:27700")
    wards = gpd.GeoDataFrame(
        {"area_name": ["Hill"]}, geometry=[shapes.geometry.iloc[:3].union_all()], crs="EPSG:27700"
    )
    return MapLayers(shapes, wards, GROUND)


def test_a_path_is_in_whole_metres_from_the_top_left_corner_with_its_holes():
    ring = box(10, 20, 40, 60).difference(box(20, 30, 30, 40))
    path = write_path(ring, 0, 100)
    assert path.count("M") == path.count("Z") == 2
    numbers = [int(n) for n in path.replace("M", " ").replace("Z", " ").split()]
    assert set(numbers[::2]) == {10, 40, 20, 30}
    assert set(numbers[1::2]) == {80, 40, 70, 60}
    assert write_path(Point(1, 1), 0, 0) == ""


def test_the_window_frames_what_is_chosen_and_holds_what_lies_around():
    window = make_layers(columns=6, size=4000.0).draw_window(["Z01000001"])
    assert "Z01000001" in window.codes
    assert "Z01000006" not in window.codes
    inside = next(shape for shape in window.shapes if shape["code"] == "Z01000001")
    assert 0 < inside["x"] < window.size[0]
    assert 0 < inside["y"] < window.size[1]
    assert inside["name"] == "A 001A, Hill ward"
    assert inside["facts"] == "1,000 residents, decile 1"
    assert [ward["name"] for ward in window.wards] == ["Hill"]
    json.dumps(window.shapes)


def test_nothing_chosen_shows_everything_there_is():
    layers = make_layers()
    assert layers.draw_window([]).codes == set(CODES)
    assert layers.draw_window(["not here"]).codes == set(CODES)


def test_a_map_of_very_many_areas_draws_the_chosen_and_those_nearest():
    count = MOST_SHAPES + 200
    codes = [f"Z{n:08d}" for n in range(count)]
    squares = [box(x * 100, y * 100, x * 100 + 100, y * 100 + 100) for x, y in
               ((i % 30, i // 30) for i in range(count))]  # fmt: skip
    shapes = gpd.GeoDataFrame({"area_code": codes}, geometry=squares, crs="EPSG:27700")
    table = pd.DataFrame(dict.fromkeys(GROUND.table.columns), index=pd.Index(codes), dtype=object)
    empty = gpd.GeoDataFrame({"area_name": []}, geometry=[], crs="EPSG:27700")
    wanted = [codes[0], codes[-1]]
    window = MapLayers(shapes, empty, Ground(table)).draw_window(wanted)
    assert len(window.shapes) == MOST_SHAPES
    assert set(wanted) <= window.codes
    assert f"no more than {MOST_SHAPES}" in window.words
    assert window.shapes[0]["facts"] == "residents not known, decile not known"


def test_every_outline_of_the_demonstration_is_drawn_and_light_enough_to_send(demo_store):
    store = Store(demo_store)
    register = load_register(store)
    layers = load_layers(store, register, load_ground(store, register))
    window = layers.draw_window(register.lsoas.index)
    assert window.codes == set(store.read("boundary_lsoa21")["area_code"])
    assert all(shape["path"].startswith("M") for shape in window.shapes)
    assert len(json.dumps(window.shapes)) < 1000 * len(window.shapes)


# --- Saving ---------------------------------------------------------------------------------------

FILE = """\
id: here
title: Here
profile_kind: bespoke
area:
{area}
organisation: {{name: Council, contact: page}}
"""


def make_file(tmp_path: Path, area: str):
    path = tmp_path / "here.yml"
    path.write_text(FILE.format(area=area), encoding="utf-8")
    return load_params(path)


def begin(tmp_path: Path, area: str):
    file = make_file(tmp_path, area)
    return file, start_selection(GROUND, resolve_area(file, REGISTER).codes)


def test_an_unchanged_choice_keeps_the_words_of_the_file(tmp_path):
    file, choice = begin(tmp_path, "  wards: [Hill]")
    assert compose_definition(choice, file, REGISTER) == ({"wards": ["Hill"]}, "")
    assert plan_save(choice, file, REGISTER).is_empty


def test_a_ward_with_a_small_area_added_stays_a_ward(tmp_path):
    file, choice = begin(tmp_path, "  wards: [Hill]")
    definition, _ = compose_definition(choice.toggle("Z01000004"), file, REGISTER)
    assert definition == {"wards": ["Hill"], "lsoas": ["Z01000004"]}


def test_a_ward_with_a_small_area_taken_out_is_written_as_an_exclusion(tmp_path):
    file, choice = begin(tmp_path, "  wards: [Hill]")
    definition, _ = compose_definition(choice.toggle("Z01000003"), file, REGISTER)
    assert definition == {"wards": ["Hill"], "exclude": {"lsoas": ["Z01000003"]}}


def test_a_small_area_that_was_excluded_can_come_back(tmp_path):
    file, choice = begin(tmp_path, "  wards: [Hill]\n  exclude:\n    lsoas: [Z01000003, Z01000002]")
    assert choice.chosen == {"Z01000001"}
    definition, _ = compose_definition(choice.toggle("Z01000002"), file, REGISTER)
    assert definition == {"wards": ["Hill"], "exclude": {"lsoas": ["Z01000003"]}}


def test_a_small_area_that_is_listed_is_struck_off_and_not_excluded(tmp_path):
    file, choice = begin(tmp_path, "  lsoas: [Z01000001, Z01000004, Z01000006]")
    definition, _ = compose_definition(choice.toggle("Z01000004"), file, REGISTER)
    assert definition == {"lsoas": ["Z01000001", "Z01000006"]}


def test_a_place_added_by_name_is_written_by_its_code(tmp_path):
    file, choice = begin(tmp_path, "  wards: [Hill]")
    changed = choice.add(DALE).toggle("Z01000006")
    definition, _ = compose_definition(changed, file, REGISTER)
    assert definition == {"wards": ["Hill", "Z05000002"], "lsoas": ["Z01000006"]}


def test_a_choice_that_is_exactly_a_ward_is_written_as_the_ward(tmp_path):
    file, choice = begin(tmp_path, "  lsoas: [Z01000001]")
    changed = choice.toggle("Z01000002").toggle("Z01000003")
    assert compose_definition(changed, file, REGISTER) == ({"wards": ["Z05000001"]}, "")


def test_a_quite_different_choice_is_a_list_with_a_note_of_its_wards(tmp_path):
    file, choice = begin(tmp_path, "  wards: [Hill]")
    changed = choice.remove(HILL).toggle("Z01000004").toggle("Z01000006")
    definition, note = compose_definition(changed, file, REGISTER)
    assert definition == {"lsoas": ["Z01000004", "Z01000006"]}
    assert note == "2 small areas: 1 in St Mary's Dale ward, 1 in Ŵern Brook ward."
    diff = plan_save(changed, file, REGISTER).diff
    assert "-  wards: [Hill]" in diff
    assert "+    - Z01000004  # A 002A" in diff


def test_nothing_chosen_cannot_be_saved(tmp_path):
    file, choice = begin(tmp_path, "  wards: [Hill]")
    with pytest.raises(ParameterError, match="nothing to save"):
        plan_save(choice.remove(HILL), file, REGISTER)


AREAS = [
    "  wards: [Hill]",
    "  lsoas: [Z01000001, Z01000005]",
    "  wards: [Z05000001]\n  msoas: [Dale]\n  exclude:\n    lsoas: [Z01000002]",
    "  districts: [A]\n  exclude:\n    wards: [Hill]",
]


@pytest.mark.parametrize("area", AREAS)
@settings(deadline=None, max_examples=10)
@given(actions=st.lists(st.sampled_from([*CODES, "hill", "dale"]), min_size=1, max_size=8))
def test_what_is_saved_is_what_was_chosen(tmp_path_factory, area, actions):
    file, choice = begin(tmp_path_factory.mktemp("saved"), area)
    for action in actions:
        if action in ("hill", "dale"):
            place = HILL if action == "hill" else DALE
            choice = choice.remove(place) if place.codes <= choice.chosen else choice.add(place)
        else:
            choice = choice.toggle(action)
    if not choice.chosen:
        return
    saved = apply_edit(plan_save(choice, file, REGISTER))
    assert frozenset(resolve_area(saved, REGISTER).codes) == choice.chosen


# --- The chooser without a browser ----------------------------------------------------------------


def make_chooser(tmp_path: Path, area: str = "  wards: [Hill]", **options) -> Chooser:
    file, choice = begin(tmp_path, area)
    return Chooser(file, make_register(**options), choice, make_layers())


def click(chooser: Chooser, code: str) -> None:
    """What the browser sends when a small area of the map is clicked."""
    chooser.map._handle_custom_msg({"kind": "toggle", "code": code}, [])


def test_everything_follows_a_click_on_the_map(tmp_path):
    chooser = make_chooser(tmp_path)
    click(chooser, "Z01000004")
    assert "Z01000004" in chooser.map.chosen
    assert chooser.map.status.startswith("Added A 002A, St Mary's Dale ward. 4 small areas")
    assert [value for _, value in chooser.controls.listed.options] == CODES[:4]
    assert "4,500" in chooser.controls.facts.value
    click(chooser, "Z01000004")
    assert chooser.map.chosen == CODES[:3]


def test_search_add_and_take_out_do_the_same_by_keyboard(tmp_path):
    chooser = make_chooser(tmp_path)
    chooser.controls.text.value = "st marys"
    assert chooser.controls.results.options[0][1] == "Z05000002"
    assert chooser.map.found == CODES[3:5]
    chooser.controls.add.click()
    assert chooser.selection.chosen == set(CODES[:5])
    chooser.controls.take_out.click()
    assert chooser.selection.chosen == set(CODES[:3])
    chooser.controls.listed.value = CODES[:2]
    chooser.controls.take_out_listed.click()
    assert chooser.selection.chosen == {CODES[2]}
    chooser.controls.undo.click()
    assert chooser.selection.chosen == set(CODES[:3])
    assert chooser.map.status.startswith("Undone: Took out 2 small areas.")


def test_buttons_without_anything_marked_say_what_to_do(tmp_path):
    chooser = make_chooser(tmp_path)
    chooser.controls.add.click()
    assert chooser.map.status == "Mark a place in the list of results first."
    chooser.controls.take_out_listed.click()
    assert chooser.map.status == "Mark small areas in the list first."
    chooser.controls.text.value = "hill"
    chooser.controls.add.click()
    assert chooser.map.status == "Hill ward is already in the area."
    chooser.controls.take_out.click()
    chooser.controls.take_out.click()
    assert chooser.map.status == "Hill ward is not in the area."
    chooser.controls.text.value = "nowhere at all"
    assert chooser.controls.results.value is None
    assert "No place of this name" in chooser.map.status


def test_saving_shows_the_diff_first_and_writes_on_confirmation(tmp_path):
    chooser = make_chooser(tmp_path)
    path = chooser.file.path
    before = path.read_bytes()
    click(chooser, "Z01000004")
    chooser.controls.preview.click()
    assert "Z01000004" in chooser.controls.message.value
    assert chooser.controls.decision.layout.display == "flex"
    assert path.read_bytes() == before
    chooser.controls.confirm.click()
    assert load_params(path).params.area.lsoas == ["Z01000004"]
    assert chooser.controls.decision.layout.display == "none"
    chooser.controls.preview.click()
    assert "already says this" in chooser.controls.message.value


def test_a_choice_changed_after_the_diff_was_shown_must_be_shown_again(tmp_path):
    chooser = make_chooser(tmp_path)
    before = chooser.file.path.read_bytes()
    click(chooser, "Z01000004")
    chooser.controls.preview.click()
    click(chooser, "Z01000006")
    chooser.controls.confirm.click()
    assert chooser.file.path.read_bytes() == before
    assert chooser.controls.decision.layout.display == "none"


def test_do_not_write_leaves_the_file(tmp_path):
    chooser = make_chooser(tmp_path)
    before = chooser.file.path.read_bytes()
    click(chooser, "Z01000004")
    chooser.controls.preview.click()
    chooser.controls.cancel.click()
    chooser.controls.confirm.click()
    assert chooser.file.path.read_bytes() == before


def test_a_file_changed_meanwhile_is_told_and_left(tmp_path):
    chooser = make_chooser(tmp_path)
    click(chooser, "Z01000004")
    chooser.controls.preview.click()
    theirs = chooser.file.path.read_text().replace("Here", "There")
    chooser.file.path.write_text(theirs)
    chooser.controls.confirm.click()
    assert "has changed since" in chooser.controls.message.value
    assert chooser.file.path.read_text() == theirs


def test_names_from_outside_are_shown_as_text(tmp_path):
    file, choice = begin(tmp_path, "  wards: [Hill]")
    params = file.params.model_copy(update={"title": "<img src=x onerror=alert(1)>"})
    chooser = Chooser(type(file)(file.path, params), REGISTER, choice, None)
    assert "<img" not in chooser.controls.heading.value
    assert "&lt;img" in chooser.controls.heading.value


def test_without_outlines_the_lists_still_do_everything(tmp_path):
    file, choice = begin(tmp_path, "  wards: [Hill]")
    chooser = Chooser(file, REGISTER, choice, None)
    assert chooser.map.shapes == []
    chooser.controls.text.value = "dale"
    chooser.controls.add.click()
    assert chooser.selection.chosen == set(CODES[:5])
    chooser.controls.show.click()
    assert "no outline of Dale" in chooser.map.status


def test_a_place_beyond_the_outlines_is_chosen_and_the_map_stays_where_it_is(tmp_path):
    file, choice = begin(tmp_path, "  wards: [Hill]")
    layers = make_layers()
    layers = MapLayers(layers.shapes.iloc[:5], layers.wards, GROUND)
    chooser = Chooser(file, REGISTER, choice, layers)
    shapes = chooser.map.shapes
    chooser.controls.text.value = "wern"
    chooser.controls.show.click()
    assert "no outline of Ŵern Brook ward" in chooser.map.status
    chooser.controls.add.click()
    assert "Z01000006" in chooser.selection.chosen
    assert chooser.map.shapes is shapes


def test_a_store_without_postcodes_says_so_in_the_heading(tmp_path):
    assert "lookup_postcode" in make_chooser(tmp_path).controls.heading.value
    chooser = make_chooser(tmp_path, has_postcodes=True)
    assert "lookup_postcode" not in chooser.controls.heading.value
    chooser.controls.text.value = "zz1 1ab"
    chooser.controls.add.click()
    assert "Z01000004" in chooser.selection.chosen


# --- In a batch -----------------------------------------------------------------------------------


@pytest.fixture
def workspace(demo_store, tmp_path, root):
    return open_workspace(root / "params" / "demo.yml", str(demo_store), str(tmp_path))


def test_a_run_shows_a_picture_and_a_table_and_no_widget(workspace):
    facts, picture, table = choose_area(workspace)
    assert isinstance(facts, KeyFacts)
    assert isinstance(picture, MapBlock)
    assert isinstance(table, TableBlock)
    codes = resolve_area(workspace.file, load_register(workspace.store)).codes
    assert set(table.frame["code"]) == set(codes)
    assert str(len(codes)) in facts.to_text()


def test_a_call_left_in_the_notebook_exports_the_stand_in(workspace, monkeypatch):
    monkeypatch.setenv(WIDGETS_VARIABLE, "off")
    shown = open_chooser(workspace)
    assert isinstance(shown, StandIn)
    data = shown._repr_mimebundle_()
    assert set(data) == {"text/html", "text/plain"}
    assert data["text/html"].count("data-cip-block") == 3
    monkeypatch.delenv(WIDGETS_VARIABLE)
    chooser = open_chooser(workspace)
    data = chooser._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    # Read without a kernel, or exported by a tool that knows no widgets.
    assert data["text/html"].count("data-cip-block") == 2
    assert "VBox" not in data["text/plain"]
    assert set(chooser.map.chosen) == chooser.selection.chosen != set()


def test_a_store_without_outlines_has_a_note_in_place_of_the_picture(workspace, monkeypatch):
    has = Store.has
    monkeypatch.setattr(
        Store, "has", lambda self, product: product != "boundary_lsoa21" and has(self, product)
    )
    blocks = choose_area(workspace)
    notes = [block for block in blocks if isinstance(block, NoteBlock)]
    assert "boundary_lsoa21" in notes[0].body
    assert isinstance(blocks[-1], TableBlock)
