"""People of each group in real wards, from publishers' files."""

from __future__ import annotations

import pandas as pd
import pytest

from cip.area_definition import resolve_area
from cip.catalogue.people_groups import load_people_groups
from cip.engagement.heard import count_heard, judge_heard
from cip.engagement.margins import build_margins
from cip.geography import build_areas
from cip.membership import build_membership
from cip.param_models import EngagementSettings
from cip.params import load_params
from cip.register import load_register
from cip.store import Store

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def littlemore(root, real_store):
    """Store, membership and areas of one ward."""
    store = Store(real_store)
    register = load_register(store)
    file = load_params(root / "params" / "oxfordshire" / "littlemore.yml")
    area = resolve_area(file, register)
    areas, _ = build_areas(file, area, register)
    return store, build_membership(area, areas, register), areas


@pytest.fixture(scope="module")
def margins(littlemore):
    return build_margins(*littlemore)


def total(margins: pd.DataFrame, name: str) -> float:
    return float(margins.loc[margins["characteristic"] == name, "population"].sum(min_count=1))


def test_groups_add_up_to_the_totals_of_their_own_tables(littlemore, margins):
    """Each table of the Census is perturbed on its own, so each is held against its own total."""
    store, membership, areas = littlemore
    profile = areas.loc[areas["area_role"] == "profile", "area_code"].iloc[0]
    own = membership[(membership["area_code"] == profile) & (membership["level"] == "lsoa21")]
    assert own["share"].eq(1).all()
    for name, product in (("ethnic_group", "ts021"), ("disability", "ts038"), ("tenure", "ts054"),
                          ("carer", "ts039")):  # fmt: skip
        table = store.read(product, ["area_code", "total"]).set_index("area_code")
        expected = float(table.loc[own["small_area_code"], "total"].sum())
        assert abs(total(margins, name) - expected) <= 0.005 * expected


def test_a_table_that_the_folder_lacks_leaves_a_reason(margins):
    sex = margins[margins["characteristic"] == "sex"]
    assert sex["population"].isna().all() and sex["missing_reason"].str.len().gt(20).all()


def test_ages_fall_back_on_the_older_estimates_and_say_so(littlemore, margins):
    store, membership, areas = littlemore
    age = margins[margins["characteristic"] == "age"]
    assert set(age["source_id"]) == {"mid_year_population_lsoa11"}
    profile = areas.loc[areas["area_role"] == "profile", "area_code"].iloc[0]
    own = membership[(membership["area_code"] == profile) & (membership["level"] == "lsoa11")]
    columns = ["area_code", "total", "age_0_15"]
    table = store.read("mid_year_population_lsoa11", columns).set_index("area_code")
    people = table.loc[own["small_area_code"]].mul(own["share"].to_numpy(), axis=0).sum()
    # Everyone but those under 16, each once.
    assert total(margins, "age") == pytest.approx(people["total"] - people["age_0_15"])
    assert age["group"].tolist() == list(load_people_groups()["age"].labels)


def test_a_sample_in_the_wards_own_make_up_is_in_line(margins):
    """People drawn in exact proportion leave no gap, whatever the ward looks like."""
    ethnic = margins[margins["characteristic"] == "ethnic_group"]
    numbers = (600 * ethnic["population"] / ethnic["population"].sum()).round().astype(int)
    people = pd.DataFrame({"wave": "2026", "ethnic_group": ethnic["group"].repeat(numbers)})
    table = count_heard(people.reset_index(drop=True), margins, EngagementSettings())
    assert set(judge_heard(table)) == {"in line"}
