"""Edges of the engine: what is withheld stays withheld, and every figure leads to its definition."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cip.indicators import build_figures, build_indicators
from cip.pages.trail import show_sources

from ..support.hand_store import (
    find,
    make_areas,
    make_indicator,
    make_members,
    make_values,
    write_store,
)
from .test_membership import ROWS, build, make_register, read


def test_1_value_that_the_publisher_suppressed_is_not_worked_out_again(tmp_path):
    hidden = {
        "area_code": "Z07000001",
        "level": "district",
        "value": np.nan,
        "count": 3,
        "denominator": 10,
    }
    store = write_store(
        tmp_path, {"fingertips": make_values(hidden, {"area_code": "Z92000001", "value": 20.0})}
    )
    entry = make_indicator(
        "published",
        "fingertips",
        series="1",
        combine="proportion",
        level="msoa",
        interval="published",
    )
    areas = make_areas(("demo", "profile"), ("Z07000001", "district"), ("Z92000001", "england"))
    members = make_members(("demo", "Z02000001", "msoa21", 1.0))
    row = find(build_indicators(store, areas, members, {entry.id: entry}), "Z07000001")
    assert pd.isna(row["value"])


@pytest.mark.parametrize("level", ["lsoa11", "msoa21", "msoa11"])
def test_2_share_is_never_worked_out_from_some_of_the_people(level):
    # The area is LSOAs 1 and 3; nobody knows how many live in 2, beside 1 in its MSOA and once one LSOA with it.
    blank = [(*row[:-1], None if row[0].endswith("2") else row[-1]) for row in ROWS]
    table = build("13", register=make_register(blank))

    assert read(table, level) == {}


def test_3_sources_name_the_base_of_every_indicator(tmp_path):
    codes = ["Z01009001"]
    tables = {
        "crime_street": pd.DataFrame(
            {"area_code": codes, "period": "2018", "total": 5, "burglary": 1}
        ),
        "mid_year_population_lsoa11": pd.DataFrame(
            {"area_code": codes, "period": "2018", "total": 100}
        ),
    }
    store = write_store(tmp_path, tables, vintages={"crime_street": {"lsoa": "2011"}})
    for names in (
        ["crime_rate", "crime_types"],
        ["crime_types", "crime_rate"],
        ["burglary_rate", "crime_types"],
    ):
        table = pd.DataFrame({"indicator_id": names, "source_id": "crime_street"})
        shown = show_sources(table, store)[0].row_ids
        assert "source-mid-year-population-lsoa11" in shown


def test_4_reason_names_the_comparator_that_has_no_figure(tmp_path):
    store = write_store(
        tmp_path, {"ts054": pd.DataFrame({"area_code": ["Z01000001"], "a": [5], "b": [10]})}
    )
    entry = make_indicator("proportion", "ts054", numerator=("a",), denominator=("b",))
    areas = make_areas(("Z01000001", "place"), ("Z92000001", "england"))
    members = make_members(("Z01000001", "Z01000001", "lsoa21", 1.0))
    table = build_figures(store, areas, members, {entry.id: entry}, against="Z92000001")
    row = find(table, "Z01000001")
    assert not pd.isna(row["lower_95"])
    assert "no interval" not in row["missing_reason"]


def test_5_key_facts_and_deprivation_lead_to_their_definitions(tmp_path):
    from cip.deprivation import rank_small_areas, tidy_ranks
    from cip.indicators import missing_sources
    from cip.pages import deprivation
    from cip.pages.data_profile import DataProfile

    from .test_trail import AREAS, MEMBERS, make_tables

    store = write_store(tmp_path, make_tables(), vintages={"crime_street": {"lsoa": "2011"}})
    profile = DataProfile(
        build_indicators(store, AREAS, MEMBERS), missing_sources(store, AREAS, MEMBERS), AREAS
    )
    ranks = tidy_ranks(rank_small_areas(store, MEMBERS, 2025))
    for block in [profile.show_glance()[0], *deprivation.show_edition(profile, ranks, 2025)]:
        assert 'href="#def-' in block.to_html()


def test_7_definition_of_a_sub_domain_is_not_that_of_its_domain():
    from cip.catalogue.indicators import load_indicators

    found = load_indicators()
    one, other = (
        found[f"{n}_2025_decile_people"].definition for n in ("education", "children_young_people")
    )
    assert one != other
