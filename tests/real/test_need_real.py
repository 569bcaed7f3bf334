"""The county's areas ranked by need, against the publisher's own ranks and hand-made sums."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from cip.area_definition import resolve_area
from cip.need import build_need
from cip.pages import need as page
from cip.params import load_params
from cip.register import load_register
from cip.store import Store
from cip.workspace import Workspace

pytestmark = pytest.mark.real

COUNTY = "E10000025"


@pytest.fixture(scope="module")
def store(real_store):
    return Store(real_store)


@pytest.fixture(scope="module")
def register(store):
    return load_register(store)


@pytest.fixture(scope="module")
def build(root, store, register, tmp_path_factory):
    """Return the ranking for one of the parameter files, with settings added."""

    def one(name: str, settings: str = ""):
        text = (root / "params" / "oxfordshire" / f"{name}.yml").read_text(encoding="utf-8")
        path = tmp_path_factory.mktemp("params") / f"{name}.yml"
        path.write_text(text + settings, encoding="utf-8")
        file = load_params(path)
        area = resolve_area(file, register)
        return build_need(store, file, area, register), file, area

    return one


@pytest.fixture(scope="module")
def lsoas(build):
    return build("littlemore")[0]


@pytest.fixture(scope="module")
def wards(build):
    return build("littlemore", "need:\n  level: ward\n")[0]


def read_published(real_data, year: int) -> pd.Series:
    """Return the publisher's IMD rank by LSOA code, from its own file."""
    folder = real_data / "deprivation"
    if year == 2019:
        packed = folder / "IoD2019_File7_layout_REASSEMBLED_no_subdomain_scores.csv.gz"
    else:
        packed = folder / "File_1_IoD2025_Index_of_Multiple_Deprivation.csv.gz"
    table = pd.read_csv(packed, compression="gzip", encoding="utf-8-sig")
    rank = next(
        c
        for c in table.columns
        if "Index of Multiple Deprivation (IMD) Rank" in " ".join(c.split())
    )
    return table.set_index(table.columns[0])[rank]


@pytest.mark.parametrize(
    ("year", "level", "count", "national"),
    [(2019, "lsoa11", 407, 32844), (2025, "lsoa21", 428, 33755)],
)
def test_the_countys_order_is_that_of_the_publishers_ranks(
    lsoas, register, real_data, year, level, count, national
):
    published = read_published(real_data, year)
    assert len(published) == published.max() == national
    own = lsoas.native[(lsoas.native["edition"] == year) & (lsoas.native["index_name"] == "imd")]
    if year == 2025:
        codes = register.lsoas.index[register.lsoas["county_code"] == COUNTY]
    else:
        codes = register.changes["lsoa11_code"].unique()
        codes = [code for code in codes if code in published.index]
    expected = published.loc[sorted(codes)].sort_values(kind="stable")
    assert len(expected) == count
    assert own["area_code"].tolist() == expected.index.tolist()
    assert own["national_rank"].tolist() == expected.tolist()
    # In 2019 some ranks were given twice in England, so that equal ones share a place.
    assert own["local_rank"].tolist() == expected.rank(method="min").astype(int).tolist()
    assert set(own["level"]) == {level}
    assert set(own["national_areas"]) == {national}
    assert set(own["local_areas"]) == {count}


def test_both_lists_say_which_geography_they_use(root, store, register, lsoas, build):
    _, file, area = build("littlemore")
    workspace = Workspace(file, store, root / "outputs")
    blocks = {
        getattr(b, "block_id", ""): b for b in page.show_need(workspace, area, register, need=lsoas)
    }
    assert "407 LSOAs of Oxfordshire by IMD 2019, on LSOA 2011" in blocks["need-imd-2019"].caption
    assert "428 LSOAs of Oxfordshire by IMD 2025, on LSOA 2021" in blocks["need-imd-2025"].caption


def test_the_indices_for_ages_come_from_2019_where_2025_lacks_them(lsoas):
    measures = lsoas.measured.measures.set_index("measure_id")
    for name in ("idaci", "idaopi"):
        assert measures.at[name, "source_id"] == "iod2019"
        assert "LSOA 2011, carried over" in measures.at[name, "geography"]
        assert "no figures for" in measures.at[name, "remark"]
    assert measures.at["imd", "source_id"] == "iod2025"
    assert set(measures.index[measures["missing_reason"] != ""]) == {"low_income_children"}
    assert lsoas.measured.values["value"].notna().all()


def test_every_lsoa_of_the_county_has_a_rank(lsoas):
    table = lsoas.ranking.table
    assert len(table) == 428
    assert table["rank"].notna().all()
    assert table["rank_lower_95"].le(table["rank_upper_95"]).all()
    inside = table["rank"].between(table["rank_lower_95"], table["rank_upper_95"])
    assert inside.mean() > 0.98
    assert int(table["is_shortlisted"].sum()) == 20


def test_overcrowding_is_the_share_in_the_source_rows(lsoas, real_data):
    source = pd.read_csv(
        real_data / "census2021" / "TS052_household_overcrowding21_lsoa21_Oxfordshire.csv"
    )
    few = source[source["occupancy_rating"].str.startswith("-")].groupby("lsoa21_code")["n"].sum()
    every = source.groupby("lsoa21_code")["n"].sum()
    expected = 100 * few.reindex(every.index).fillna(0) / every
    values = lsoas.measured.values
    own = values[values["measure_id"] == "overcrowded_bedrooms"].set_index("area_code")
    assert own["value"].to_dict() == pytest.approx(expected.loc[own.index].to_dict())
    worst = own["value"].rank(ascending=False, method="min")
    assert own["local_rank"].astype(float).to_dict() == worst.to_dict()


def test_a_wards_score_and_extent_are_weighted_by_people(wards, store, register):
    index = store.read("iod2025").set_index("area_code")
    values = wards.measured.values.set_index(["measure_id", "area_code"])
    for ward in ("E05013107", "E05013108"):
        own = index.loc[register.lsoas.index[register.lsoas["ward24_code"] == ward]]
        people = own["population"].astype(float)
        score = (own["imd_score"].astype(float) * people).sum() / people.sum()
        assert values.at[("imd", ward), "value"] == pytest.approx(score)
        percentile = np.ceil(own["imd_rank"].astype(float) / 33755 * 100)
        weight = np.where(percentile <= 10, 1, 0.95 - (percentile - 11) * 0.9 / 19)
        weight = np.where(percentile > 30, 0, weight)
        extent = 100 * (weight * people).sum() / people.sum()
        assert values.at[("imd_extent", ward), "value"] == pytest.approx(extent)
    assert len(wards.ranking.table) == 111


def test_the_city_centres_students_are_pointed_out(lsoas):
    table = lsoas.ranking.table
    flagged = table[table["signs"].str.contains("15 to 24")]
    assert 5 <= len(flagged) <= 60
    assert flagged["area_name"].str.startswith("Oxford ").mean() > 0.8


def test_the_same_store_gives_the_same_tables(build, lsoas):
    again = build("littlemore")[0]
    for name, table in lsoas.tables.items():
        first, second = io.BytesIO(), io.BytesIO()
        table.to_parquet(first)
        again.tables[name].to_parquet(second)
        assert first.getvalue() == second.getvalue(), name
