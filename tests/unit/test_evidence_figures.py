"""Entries of published figures: statement, verdict, source, place, and what cannot be cited."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cip.catalogue import load_indicators
from cip.evidence.entry import build_table
from cip.evidence.from_indicators import SourceWords, from_indicators
from cip.evidence.places import list_missing_anchors, name_definition, place_figure
from cip.schemas import SCHEMAS

COLUMNS = list(SCHEMAS["indicators"].columns)
NO_MISSING = pd.DataFrame(columns=["indicator_id", "label", "source_id", "reason"])
SOURCES = {"ts054": SourceWords("Source: Census 2021.", "OGL", "LSOA 2021")}
NAMES = {"profile": "Riverside", "england": "England", "county": "Shire", "district": "Town"}


def make_row(indicator_id: str = "social_rented", role: str = "profile", **given) -> dict:
    entry = load_indicators()[indicator_id]
    row = dict.fromkeys(COLUMNS, float("nan")) | {
        "indicator_id": indicator_id, "section": entry.section, "area_code": role,
        "area_name": NAMES[role], "area_role": role, "period": "21 March 2021",
        "period_order": 2021.2, "group": "", "group_label": "", "value": 20.0,
        "unit": entry.unit, "comparison": "", "comparison_998": "", "comparison_method": "",
        "is_suppressed": False, "missing_reason": "", "source_id": entry.source,
    }  # fmt: skip
    return row | given


def enter(*rows: dict, missing: pd.DataFrame = NO_MISSING, **given) -> dict:
    table = pd.DataFrame(rows, columns=COLUMNS)
    table["is_suppressed"] = table["is_suppressed"].astype("boolean")
    return {one.evidence_id: one for one in from_indicators(table, missing, SOURCES, **given)}


def test_a_share_says_its_interval_counts_period_and_verdict():
    own = make_row(lower_95=18.2, upper_95=21.9, numerator=1_234, denominator=6_170)
    england = make_row(role="england", value=17.1, comparison="higher")
    (entry,) = enter(own, england).values()
    assert entry.statement == (
        f"{load_indicators()['social_rented'].label}: 20.0% of households in Riverside "
        "(95% interval 18.2% to 21.9%; 1,234 of 6,170; crude), 21 March 2021; "
        "higher than in England (17.1%)."
    )
    assert (entry.comparator, entry.comparison, entry.direction) == ("England", "higher", "")
    assert (entry.source, entry.licence, entry.vintage) == tuple(vars(SOURCES["ts054"]).values())
    assert entry.topics == ("housing",)
    assert entry.base == 6_170


@pytest.mark.parametrize(
    ("verdict", "side"), [("better", "strength"), ("worse", "challenge"), ("similar", "")]
)
def test_only_better_and_worse_take_a_side(verdict, side):
    entries = enter(
        make_row("no_qualifications"), make_row("no_qualifications", "england", comparison=verdict)
    )
    entry = entries["data:no_qualifications"]
    assert (entry.comparison, entry.direction) == (verdict, side)


def test_without_englands_figure_the_nearest_area_stands_in():
    rows = [
        make_row(),
        make_row(role="england", value=float("nan"), comparison=""),
        make_row(role="county", comparison="lower"),
        make_row(role="district", comparison="similar"),
        make_row(role="district", area_code="b", area_name="Nearer town", comparison="lower"),
    ]
    assert enter(*rows)["data:social_rented"].comparator == "Nearer town"
    ordered = enter(*rows, area_codes=["profile", "district", "b"])
    assert ordered["data:social_rented"].comparator == "Town"


def test_what_is_not_compared_says_why_and_holds_no_verdict():
    why = "Not compared: this figure has no interval."
    england = make_row(role="england", comparison="not compared", missing_reason=why, value=17.1)
    entry = enter(make_row(), england)["data:social_rented"]
    assert entry.statement.endswith(
        "not compared with England (17.1%), as this figure has no interval."
    )
    assert entry.comparison == "" and entry.comparator == "England"


def test_only_the_latest_period_is_entered():
    old = make_row("claimants", period="2023-09", period_order=2023.7, value=1.0)
    new = make_row("claimants", period="2025-09", period_order=2025.7, value=2.0)
    assert enter(old, new)["data:claimants"].period == "2025-09"


def test_groups_have_ids_of_their_own():
    entries = enter(make_row("tenure", group="rent_free", group_label="Rent free"))
    (name,) = entries
    assert name == "data:tenure.rent_free"
    assert entries[name].label == "Tenure: Rent free"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"value": float("nan"), "missing_reason": "Published for districts."}, "published for"),
        ({"value": float("nan")}, "there is no figure"),
        (
            {"is_suppressed": True, "missing_reason": "Fewer than 10."},
            "suppressed to protect people (fewer than 10)",
        ),
    ],
)
def test_a_missing_or_suppressed_figure_is_there_and_cannot_be_cited(given, said):
    entry = enter(make_row(**given))["data:social_rented"]
    assert not entry.is_citable
    assert said in entry.reason and said in entry.statement
    assert entry.value is None and entry.lower_95 is None


def test_an_indicator_that_the_store_cannot_feed_is_there_with_its_reason():
    missing = pd.DataFrame(
        [("tenure", "Tenure", "ts054", "The store lacks ts054.")], columns=NO_MISSING.columns
    )
    entry = enter(missing=missing)["data:tenure"]
    assert (entry.is_citable, entry.reason) == (False, "the store lacks ts054")
    assert entry.anchor == "tab-missing"


def test_the_product_of_the_base_is_a_source_where_the_store_has_it():
    entry = load_indicators()["crime_rate"]
    base = next(iter(entry.base_source.values()))
    held = {base: SOURCES["ts054"]}
    rows = pd.DataFrame([make_row("crime_rate")], columns=COLUMNS)
    (made,) = from_indicators(rows, NO_MISSING, held)
    assert made.source_ids == (entry.source, base)


def test_modelled_figures_say_so_once():
    assert "modelled" in enter(make_row("fuel_poverty"))["data:fuel_poverty"].statement
    assert enter(make_row("loneliness"))["data:loneliness"].statement.count("modelled") == 1


@pytest.mark.parametrize(
    ("indicator_id", "is_own", "place"),
    [
        ("social_rented", True, "fig-housing-shares"),
        ("social_rented", False, "tab-housing-wider"),
        ("tenure", True, "fig-tenure"),
        ("crime_rate", True, "tab-community-safety-measures"),
        ("population", True, "facts-glance"),
        ("imd_2025_average_score", True, "def-imd-iod2025"),
        ("population_by_broad_age", True, "def-population-by-broad-age"),
    ],
)
def test_places_of_figures(indicator_id, is_own, place):
    entry = load_indicators()[indicator_id]
    assert place_figure(entry, is_own=is_own, shown={indicator_id}) == place


def test_an_age_structure_without_sexes_is_drawn_itself():
    entry = load_indicators()["population_by_age"]
    assert place_figure(entry, is_own=True, shown={"population_by_age"}) == "fig-population-by-age"
    both = {"population_by_age", "population_by_age_sex"}
    assert place_figure(entry, is_own=True, shown=both) == name_definition(entry)


def test_missing_anchors_are_listed_by_id_and_by_stage():
    table = build_table(enter(make_row(), make_row("crime_rate")).values())
    page = '<div class="x" id="fig-housing-shares">data-id="tab-community-safety-measures"</div>'
    assert list_missing_anchors(table, {"data_profile": page}) == ["data:crime_rate"]
    assert list_missing_anchors(table, {"geography": page}) == list(table["evidence_id"])


SHARES = [n for n, e in load_indicators().items() if not e.groups]
FIGURES = st.floats(-1e6, 1e7, allow_nan=False)
ROWS = st.fixed_dictionaries(
    {
        "value": st.one_of(FIGURES, st.just(float("nan"))),
        "lower_95": st.one_of(FIGURES, st.just(float("nan"))),
        "upper_95": st.one_of(FIGURES, st.just(float("nan"))),
        "numerator": st.one_of(st.floats(0, 1e7), st.just(float("nan"))),
        "denominator": st.one_of(st.floats(1, 1e7), st.just(float("nan"))),
        "is_suppressed": st.booleans(),
        "missing_reason": st.sampled_from(["", "Published for districts.", "Too few."]),
        "period": st.sampled_from(["2024", "2016 - 20", "21 March 2021"]),
    }
)
VERDICTS = st.sampled_from(["better", "worse", "similar", "higher", "lower", "not compared", ""])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(SHARES), ROWS, FIGURES, VERDICTS),
                min_size=1, max_size=6, unique_by=lambda one: one[0]), st.randoms())  # fmt: skip
def test_sentences_are_well_formed_and_ids_do_not_depend_on_order(drawn, random):
    rows = []
    for name, own, other, verdict in drawn:
        rows += [make_row(name, **own), make_row(name, "england", value=other, comparison=verdict)]
    entries = enter(*rows)
    for entry in entries.values():
        check_sentence(entry.statement)
        assert entry.is_citable == (entry.value is not None)
    random.shuffle(rows)
    assert enter(*rows) == entries


def check_sentence(text: str) -> None:
    assert text.endswith(".") and not text.endswith("..")
    assert "  " not in text and "\n" not in text
    for word in ("nan", "None", "NaT", "<NA>", "()", ";;", " ,"):
        assert word not in text, text
