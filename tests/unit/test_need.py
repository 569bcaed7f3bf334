"""Need: sums worked by hand, what a parameter file may ask for, and the demonstration ranked."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cip.area_definition import resolve_area
from cip.catalogue import load_indicators
from cip.catalogue.need import load_need, parse_need
from cip.display.blocks import FigureBlock, NoteBlock, TableBlock
from cip.display.quintiles import MOST_COLUMNS, draw_quintiles
from cip.display.rank_intervals import MOST_ROWS, draw_rank_intervals
from cip.errors import ParameterError, SourceError
from cip.membership import build_memberships, translate_to_2011
from cip.need import build_need
from cip.need.candidates import list_candidates
from cip.need.choice import choose_measures
from cip.need.ranking import choose_number
from cip.pages import need as page
from cip.params import AreaParams, ParameterFile, load_params
from cip.register import Register, load_register
from cip.statistics import composite
from cip.store import Store
from cip.tables import check_table
from cip.workspace import Workspace

HEAD = (
    "id: here\ntitle: Teaspoon Common\nprofile_kind: ward\narea:\n  wards: [Teaspoon Common]\n"
    "organisation:\n  name: Test\n  contact: Test\n"
)


# ------------------------------------------------------------------------- sums worked by hand


def test_places_are_shares_of_the_way_up_the_order():
    # Rent: 10, 30, 20, 20 in order gives ranks 1, 4, 2.5, 2.5; income: low means need.
    values = [[10, 500], [30, 400], [20, np.nan], [20, 300]]
    scores = composite.score_by_rank(values, is_high_need=[True, False])
    assert scores[:, 0].tolist() == [12.5, 87.5, 50.0, 50.0]
    # Of three incomes the lowest is the greatest need: 100 * 2.5 / 3.
    assert scores[:, 1] == pytest.approx([50 / 3, 50.0, np.nan, 250 / 3], nan_ok=True)


def test_a_composite_is_the_weighted_mean_of_places():
    scores = [[80.0, 20.0], [40.0, 60.0], [np.nan, 90.0]]
    found = composite.combine_scores(scores, [3, 1])
    assert found == pytest.approx([65.0, 45.0, np.nan], nan_ok=True)
    # Without a weight the first measure cannot make an area drop out.
    assert composite.combine_scores(scores, [0, 2]).tolist() == [20.0, 60.0, 90.0]


def test_equal_scores_share_the_better_rank():
    found = composite.rank_scores([70.0, 90.0, 70.0, np.nan, 10.0])
    assert found == pytest.approx([2, 1, 2, np.nan, 4], nan_ok=True)


def test_weights_are_moved_one_at_a_time():
    changes = {(c.measure, c.change): c.weights.tolist() for c in composite.vary_weights([60, 40])}
    assert changes[0, "doubled"] == pytest.approx([0.75, 0.25])
    assert changes[0, "halved"] == pytest.approx([3 / 7, 4 / 7])
    assert changes[0, "left out"] == [0.0, 1.0]
    assert changes[None, "all equal"] == [0.5, 0.5]
    assert len(changes) == 7
    assert composite.vary_weights([5.0]) == []
    assert (None, "all equal") not in {
        (c.measure, c.change) for c in composite.vary_weights([1, 1])
    }


def test_ranks_under_random_weights_are_those_of_the_weights_that_were_drawn():
    # The first area leads on one measure and the second on the other; the third trails on both.
    # With two equal weights every split is as likely, so each of the two leads half of the time.
    scores = [[90.0, 10.0], [10.0, 90.0], [0.0, 0.0], [np.nan, 50.0]]
    spread = composite.simulate_ranks(scores, [1, 1], number=1)
    assert spread.lower == pytest.approx([1, 1, 3, np.nan], nan_ok=True)
    assert spread.upper == pytest.approx([2, 2, 3, np.nan], nan_ok=True)
    assert spread.share_shortlisted[:2] == pytest.approx([0.5, 0.5], abs=0.03)
    assert spread.share_shortlisted[2] == 0.0
    again = composite.simulate_ranks(scores, [1, 1], number=1)
    assert np.array_equal(spread.share_shortlisted, again.share_shortlisted, equal_nan=True)


def test_random_weights_keep_to_the_declared_ones_on_average():
    drawn = composite.draw_weights([40, 0, 60], draws=20_000)
    assert drawn.sum(axis=0) == pytest.approx(np.ones(20_000))
    assert drawn.mean(axis=1) == pytest.approx([0.4, 0.0, 0.6], abs=0.01)


@pytest.mark.parametrize("weights", [[], [0, 0], [-1, 2], [np.nan, 1]])
def test_weights_that_make_no_sense_are_refused(weights):
    with pytest.raises(ValueError, match="Weights"):
        composite.normalise_weights(weights)


def test_areas_that_share_the_last_rank_all_get_a_tier():
    tiers = composite.assign_tiers([1, 2, 3, 3, 5], number=3, up_to=[25, 60, 100])
    assert tiers == pytest.approx([1, 2, 3, 3, np.nan], nan_ok=True)


@pytest.mark.parametrize(
    ("areas", "asked", "number"),
    [
        (428, {}, 20),
        (12, {}, 3),
        (1, {}, 1),
        (428, {"shortlist_percent": 10}, 43),
        (428, {"shortlist_percent": 25}, 107),
        (5, {"shortlist_number": 9}, 5),
    ],
)
def test_length_of_the_shortlist(areas, asked, number):
    assert choose_number(areas, make_file(asked).params.need) == number


# ------------------------------------------------------------------ what a parameter file may ask


def make_file(need: dict | None = None, editions=(2025, 2019), **area) -> ParameterFile:
    params = AreaParams(
        id="here", title="Teaspoon Common", profile_kind="ward", area=area or {"wards": ["Teaspoon Common"]},
        vintages={"deprivation": list(editions)}, need=need or {},
        organisation={"name": "Council", "contact": "page"},
    )  # fmt: skip
    return ParameterFile(Path("area.yml"), params)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("need:\n  lewel: ward\n", 10, "not a known key"),
        ("need:\n  level: parish\n", 10, "'lsoa' or 'ward'"),
        ("need:\n  shortlist_number: 3\n  shortlist_percent: 5\n", 9, "not both"),
        ("need:\n  measures:\n    - {id: imd, weght: 2}\n", 11, "not a known key"),
        ("need:\n  measures:\n    - {id: imd, weight: 0}\n", 9, "above 0"),
        ("need:\n  measures:\n    - {id: imd}\n    - {id: imd}\n", 9, "named twice"),
        ("need:\n  tiers:\n    - {name: all, up_to: 90}\n", 9, "must end at 100"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path, text, line, words):
    path = tmp_path / "area.yml"
    path.write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(ParameterError) as caught:
        load_params(path)
    told = [p for p in caught.value.problems if words in str(p)]
    assert told, caught.value.problems
    assert told[0].line == line


def test_every_measure_that_cannot_be_ranked_by_is_told_at_once(tmp_path):
    path = tmp_path / "area.yml"
    ids = ("overcrowded_bedroms", "population", "tenure", "private_rented", "bad_health")
    rows = "".join(f"    - id: {name}\n" for name in ids)
    path.write_text(f"{HEAD}need:\n  measures:\n{rows}", encoding="utf-8")
    with pytest.raises(ParameterError) as caught:
        choose_measures(load_params(path))
    told = {p.found: p for p in caught.value.problems}
    # Bad health has a polarity, so it is the one that can be used as it stands.
    assert set(told) == set(ids) - {"bad_health"}
    assert told["overcrowded_bedroms"].nearest == "overcrowded_bedrooms"
    assert [told[name].line for name in ids[:4]] == [11, 12, 13, 14]
    assert "count" in told["population"].message
    assert "several groups" in told["tenure"].message
    assert "direction" in told["private_rented"].message


def test_a_direction_can_be_given_and_follows_from_polarity_else():
    asked = {"measures": [{"id": "private_rented", "direction": "low"}, {"id": "good_health"}]}
    chosen = choose_measures(make_file(asked))
    assert [(m.id, m.direction) for m in chosen] == [
        ("private_rented", "low"),
        ("good_health", "low"),
    ]


def test_the_newest_wanted_edition_is_tried_first():
    chosen = {m.id: m.indicators for m in choose_measures(make_file(editions=(2019, 2025)))}
    assert chosen["idaci"] == ("idaci_2025_average_score", "idaci_2019_average_score")
    only = {m.id: m.indicators for m in choose_measures(make_file(editions=(2019,)))}
    assert only["imd"] == ("imd_2019_average_score",)


def test_the_catalogue_of_need_names_indicators_or_says_what_it_awaits():
    known = load_indicators()
    for entry in load_need().measures.values():
        names = [entry.indicator.format(edition=year) for year in (2019, 2025)]
        assert all(name in known for name in names) or entry.awaits, entry.id
    assert sum(entry.weight for entry in load_need().measures.values()) == 100


@pytest.mark.parametrize("text", ["", "measures = 3", "[measures.a]\nlabel = 'A'", "not toml"])
def test_a_broken_catalogue_is_refused(text):
    with pytest.raises(SourceError, match=r"need\.toml"):
        parse_need(text)


# -------------------------------------------------------------------- the demonstration, ranked


@pytest.fixture(scope="module")
def store(demo_store) -> Store:
    return Store(demo_store)


@pytest.fixture(scope="module")
def register(store) -> Register:
    return load_register(store)


@pytest.fixture(scope="module")
def build(store, register):
    def one(need: dict | None = None, *, of: Store = store, **more):
        file = make_file(need, **more)
        area = resolve_area(file, register)
        return build_need(of, file, area, register), file, area

    return one


@pytest.fixture(scope="module")
def lsoas(build):
    return build()[0]


@pytest.fixture(scope="module")
def wards(build):
    return build({"level": "ward"})[0]


def make_part(store: Store, folder: Path, *without: str) -> Store:
    """Return a copy of a store that lacks some products."""
    shutil.copytree(store.root, folder)
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["products"] = {k: v for k, v in manifest["products"].items() if k not in without}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    return Store(folder)


def test_memberships_in_one_pass_are_those_of_one_area_at_a_time(register):
    own = register.lsoas.index[register.lsoas["ward24_code"].notna()]
    wards = register.lsoas.loc[own, "ward24_code"]
    pairs = pd.DataFrame({"area_code": wards.to_numpy(), "lsoa21_code": own})
    found = build_memberships(pairs, register)
    for ward, part in found.groupby("area_code"):
        alone = translate_to_2011(list(own[wards == ward]), register)
        old = part[part["level"] == "lsoa11"].set_index("small_area_code")["share"]
        assert old.to_dict() == pytest.approx(
            alone.set_index("small_area_code")["share"].to_dict()
        ), ward
        assert set(part.loc[part["level"] == "lsoa21", "small_area_code"]) == set(
            own[wards == ward]
        )
    assert set(found["area_code"]) == set(wards)


def test_every_lsoa_of_the_county_is_ranked_and_the_profiles_are_marked(lsoas, build, register):
    area = build()[2]
    table = lsoas.ranking.table
    assert len(table) == 60
    assert set(table.loc[table["in_profile"] == "whole", "area_code"]) == set(area.codes)
    assert not (table["in_profile"] == "part").any()
    assert sorted(table["rank"].dropna()) == list(table["rank"].dropna())
    assert (
        register.lsoas.loc[table["area_code"], "county_code"] == lsoas.candidates.within_code
    ).all()


def test_wards_are_made_of_the_lsoas_that_fit_them_best(wards, register):
    table = wards.ranking.table
    # The thirteenth ward is a rock in the sea, into which no LSOA fits best.
    assert len(table) == 12
    assert "Blotting Paper Isle" not in set(table["area_name"])
    assert (table["in_profile"] != "").sum() == 1
    assert (
        table["population"].sum()
        == register.lsoas.loc[
            register.lsoas["ward24_code"].isin(table["area_code"]), "population"
        ].sum()
    )


def test_a_district_ranks_its_own_lsoas_alone(build, register):
    need = build({"within": "district"})[0]
    codes = set(need.ranking.table["area_code"])
    own = register.lsoas
    assert codes == set(own.index[own["lad_code"] == need.candidates.within_code])
    assert 0 < len(codes) < 60
    crossing = build({"within": "district", "level": "ward"})[0].candidates.notes
    assert any("from over the border" in note for note in crossing)
    assert any("belong to no ward that is ranked" in note for note in crossing)


def test_the_tables_keep_to_their_schemas(lsoas, wards):
    for need in (lsoas, wards):
        for name, table in need.tables.items():
            assert len(check_table(name, table)) > 0, name


def test_measures_without_figures_are_listed_and_their_weight_is_shared_out(
    store, register, tmp_path
):
    part = make_part(store, tmp_path / "part", "fuel_poverty", "children_low_income")
    file = make_file(None)
    need = build_need(part, file, resolve_area(file, register), register)
    lsoas = need
    measures = lsoas.measured.measures.set_index("measure_id")
    assert set(measures.index) == set(load_need().measures)
    absent = measures[measures["missing_reason"] != ""]
    assert set(absent.index) == {"fuel_poverty", "low_income_children"}
    assert "fuel poverty" in absent.at["fuel_poverty", "missing_reason"]
    assert "Children in low income" in absent.at["low_income_children", "missing_reason"]
    assert measures["weight"].sum() == pytest.approx(100)
    assert measures["weight_used"].sum() == pytest.approx(100)
    assert measures.at["imd", "weight_used"] == pytest.approx(100 * 40 / 90)
    assert not set(absent.index) & set(lsoas.measured.values["measure_id"])


def test_values_of_lsoas_are_those_of_the_index_and_ranks_follow(lsoas, store):
    index = store.read("iod2025").set_index("area_code")
    values = lsoas.measured.values
    imd = values[values["measure_id"] == "imd"].set_index("area_code")
    assert imd["value"].to_dict() == pytest.approx(index.loc[imd.index, "imd_score"].to_dict())
    assert imd["national_rank"].to_dict() == index.loc[imd.index, "imd_rank"].to_dict()
    assert imd["national_decile"].to_dict() == index.loc[imd.index, "imd_decile"].to_dict()
    assert set(imd["national_areas"]) == {500}
    assert imd["local_rank"].to_dict() == imd["value"].rank(ascending=False, method="min").to_dict()
    assert imd.loc[imd["local_rank"] == 1, "quintile"].tolist() == [1]


def test_a_share_is_worked_out_from_counts_and_ranked_by_its_direction(lsoas, store):
    counts = store.read("ts052").set_index("area_code")
    values = lsoas.measured.values
    crowded = values[values["measure_id"] == "overcrowded_bedrooms"].set_index("area_code")
    code = crowded.index[0]
    row = counts.loc[code]
    few = row["occupancy_minus_1"] + row["occupancy_minus_2"]
    held = [n for n in counts.columns if n.startswith("occupancy_")]
    assert crowded.at[code, "numerator"] == few
    assert crowded.at[code, "value"] == pytest.approx(100 * few / row[held].sum())


def test_a_ward_score_is_weighted_by_people_and_never_a_mean_of_lsoas(wards, store, register):
    index = store.read("iod2025").set_index("area_code")
    values = wards.measured.values
    imd = values[values["measure_id"] == "imd"].set_index("area_code")
    differ = 0
    for ward, row in imd.iterrows():
        members = index.loc[register.lsoas.index[register.lsoas["ward24_code"] == ward]]
        score, people = members["imd_score"].astype(float), members["population"].astype(float)
        assert row["value"] == pytest.approx((score * people).sum() / people.sum())
        differ += abs(row["value"] - score.mean()) > 1e-6
    assert differ > 0
    extent = values[values["measure_id"] == "imd_extent"]
    assert extent["value"].between(0, 100).all()
    assert imd["national_rank"].isna().all()


def test_areas_that_share_a_value_with_too_many_others_get_no_fifth(wards):
    # Where few LSOAs of a county are among England's most deprived, most wards have no extent.
    values = wards.measured.values
    extent = values[values["measure_id"] == "imd_extent"]
    none = extent[extent["value"] == 0]
    assert len(none) > len(extent) / 5
    assert none["quintile"].isna().all()
    assert extent.loc[extent["value"] > 0, "quintile"].notna().all()


def test_a_score_of_2019_is_carried_to_what_was_not_redrawn_irregularly(build, store, register):
    need = build(
        {"measures": [{"id": "imd_2019_average_score", "weight": 1}, {"id": "bad_health"}]}
    )[0]
    values = need.measured.values
    own = values[values["measure_id"] == "imd_2019_average_score"].set_index("area_code")
    index = store.read("iod2019").set_index("area_code")
    kinds = register.changes.groupby("lsoa21_code")["change"].agg(lambda c: "".join(sorted(set(c))))
    seen = set()
    for code, row in own.iterrows():
        kind = kinds[code]
        parents = register.changes.loc[register.changes["lsoa21_code"] == code, "lsoa11_code"]
        scores = index.loc[parents, "imd_score"].astype(float)
        if kind == "X":
            assert np.isnan(row["value"])
            assert "irregularly" in row["missing_reason"]
        else:
            people = index.loc[parents, "population"].astype(float)
            assert row["value"] == pytest.approx((scores * people).sum() / people.sum())
            assert row["missing_reason"] == ""
        assert pd.isna(row["national_rank"]) == (kind != "U")
        seen.add(kind)
    assert seen == {"U", "S", "M", "X"}
    table = need.ranking.table
    lost = table[table["rank"].isna()]
    assert set(lost["area_code"]) == set(kinds.index[kinds == "X"])
    assert lost["missing_reason"].str.startswith("Not ranked: no figure for").all()


def test_the_students_are_pointed_out_and_stay(lsoas, store):
    ages = store.read("ts007a")
    ages = ages[ages["area_code"].isin(lsoas.ranking.table["area_code"])].set_index("area_code")
    share = (ages["age_15_19"] + ages["age_20_24"]) / ages["total"]
    table = lsoas.ranking.table.set_index("area_code")
    flagged = table.index[table["signs"].str.contains("15 to 24")]
    assert list(flagged) == [share.idxmax()]
    assert table.loc[flagged, "rank"].notna().all()


def test_a_small_population_is_a_matter_of_the_count_that_is_declared(build):
    need = build({"small_population": 1500})[0]
    table = need.ranking.table
    is_small = table["signs"].str.contains("few residents")
    assert (is_small == (table["population"] < 1500).fillna(False)).all()
    assert is_small.any()


def test_native_ranks_say_which_lsoas_they_are_on(lsoas, store):
    for year, level in ((2019, "lsoa11"), (2025, "lsoa21")):
        own = lsoas.native[
            (lsoas.native["edition"] == year) & (lsoas.native["index_name"] == "imd")
        ]
        assert set(own["level"]) == {level}
        index = store.read(f"iod{year}").set_index("area_code").loc[own["area_code"], "imd_rank"]
        assert own["national_rank"].tolist() == sorted(index)


# ------------------------------------------------------------------------------ what is shown


@pytest.fixture(scope="module")
def show(store, register):
    def one(need: dict | None = None, *, of: Store = store):
        file = make_file(need)
        workspace = Workspace(file, of, Path("outputs"))
        return page.show_need(workspace, resolve_area(file, register), register)

    return one


def test_the_page_shows_shortlist_chances_weights_and_gaps(show, store, tmp_path):
    gap = show(of=make_part(store, tmp_path / "part", "fuel_poverty"))
    told = {block.heading: block for block in gap if isinstance(block, NoteBlock)}
    assert "Fuel poverty" in told["Measures without figures"].body
    blocks = show()
    html = "".join(block.to_html() for block in blocks)
    ids = [block.block_id for block in blocks if isinstance(block, (TableBlock, FigureBlock))]
    assert len(ids) == len(set(ids))
    assert {
        "need-shortlist", "need-intervals", "need-quintiles", "need-own", "need-weights",
        "need-sensitivity", "need-imd-2019", "need-imd-2025", "need-levels",
    } <= {re.sub(r"quintiles-\d+$", "quintiles", name) for name in ids}  # fmt: skip
    notes = {block.heading: block for block in blocks if isinstance(block, NoteBlock)}
    assert "Measures without figures" not in notes
    stand = notes["Where Teaspoon Common stands"].body
    assert "of the 60 LSOAs" in stand
    assert "on LSOA 2011" in html
    assert "on LSOA 2021" in html
    assert "nan" not in html.casefold().replace("financ", "")


def test_the_page_of_wards_shows_extent_in_place_of_national_ranks(show):
    blocks = {b.block_id: b for b in show({"level": "ward"}) if isinstance(b, TableBlock)}
    frame = blocks["need-shortlist"].frame
    assert "extent" in frame
    assert "imd" not in frame
    assert frame["area"].notna().all()


def test_one_measure_alone_has_no_weights_to_move(show):
    blocks = show({"measures": [{"id": "bad_health"}]})
    assert any(isinstance(b, NoteBlock) and "no weights to move" in b.body for b in blocks)


def test_a_store_without_the_figures_gives_a_note_and_no_error(show, store, tmp_path):
    census = [name for name in store.products() if name.startswith("ts0") and name != "ts007a"]
    others = ("iod2019", "iod2025", "fuel_poverty", "children_low_income")
    part = make_part(store, tmp_path / "part", *others, *census)
    blocks = show(of=part)
    assert all(isinstance(block, NoteBlock) for block in blocks)
    text = "\n".join(block.to_text() for block in blocks)
    assert "could be ranked" in text
    assert "The store does not hold" in text


def test_a_store_without_the_newer_index_falls_back_and_says_so(show, store, tmp_path):
    part = make_part(store, tmp_path / "part", "iod2025")
    notes = [b for b in show(of=part) if isinstance(b, NoteBlock)]
    older = next(b for b in notes if b.heading == "Measures from an older edition")
    assert (
        "IMD, overall is taken from Average score, Index of Multiple Deprivation 2019" in older.body
    )
    missing = next(b for b in notes if b.heading == "Measures without figures")
    assert "IMD 2025" in missing.body


def test_names_from_outside_are_escaped(show, store, register):
    attack = "<script>alert(1)</script>"
    codes = register.lsoas.index
    lsoas = register.lsoas.assign(lsoa21_name=[f"{attack}{code}" for code in codes])
    spoiled = Register(lsoas, register.wards, register.msoas, register.changes, register.old_wards)
    file = make_file()
    workspace = Workspace(file, store, Path("outputs"))
    blocks = page.show_need(workspace, resolve_area(file, spoiled), spoiled)
    assert "<script>" not in "".join(block.to_html() for block in blocks)


def test_the_candidates_fall_back_on_the_district_where_no_county_is_known(register):
    lsoas = register.lsoas.assign(county_code=None, county_name=None)
    bare = Register(lsoas, register.wards, register.msoas, register.changes, register.old_wards)
    file = make_file()
    found = list_candidates(resolve_area(file, bare), bare, file.params.need)
    assert found.within_code in set(register.districts.index)
    assert any("which county" in note for note in found.notes)


def make_shortlist(rows: int, share: float) -> pd.DataFrame:
    rank = np.arange(1, rows + 1)
    return pd.DataFrame(
        {
            "area_name": [f"Place {r}" for r in rank],
            "place": "",
            "rank": rank,
            "rank_lower_95": rank,
            "rank_upper_95": rank + 2,
            "share_of_draws": share,
            "in_profile": "",
        }
    )


@pytest.mark.parametrize(
    ("rows", "share", "title"),
    [
        (3, 1.0, "All 3 shortlisted areas stay on the shortlist"),
        (3, 0.2, "No shortlisted area stays on the shortlist"),
        (1, 1.0, "The one shortlisted area stays on the shortlist"),
    ],
)
def test_the_chart_of_ranks_states_what_was_found(rows, share, title):
    texts = {"block_id": "a", "source_line": "", "note": "Why."}
    figure = draw_rank_intervals(make_shortlist(rows, share), number=rows, **texts)
    assert figure.title.startswith(title)
    assert "Place 1 1 (1 to 3)" in figure.alt
    assert figure.svg == draw_rank_intervals(make_shortlist(rows, share), number=rows, **texts).svg


def test_a_long_shortlist_is_drawn_in_part_and_its_table_is_whole():
    rows = MOST_ROWS + 4
    figure = draw_rank_intervals(
        make_shortlist(rows, 1.0), number=rows, block_id="a", source_line="", note=""
    )
    assert len(figure.table) == rows
    assert f"first {MOST_ROWS}" in figure.note


def test_a_wide_heat_table_is_split_and_says_what_is_missing():
    cells = pd.DataFrame(
        np.tile([1.0, np.nan], (2, MOST_COLUMNS)), index=["Hill", "Dale"],
        columns=[f"Measure {n}" for n in range(2 * MOST_COLUMNS)],
    )  # fmt: skip
    parts = draw_quintiles(cells, title="Found", block_id="a", source_line="", note="")
    assert [part.block_id for part in parts] == ["a-1", "a-2"]
    assert sum(part.table.shape[1] - 1 for part in parts) == 2 * MOST_COLUMNS
    assert "Measure 0: 2 of 2 in fifth 1; Measure 1: 0 of 2 in fifth 1" in parts[0].alt
    with pytest.raises(ValueError, match="at least one area"):
        draw_quintiles(cells.iloc[:0], title="Found", block_id="a", source_line="", note="")
