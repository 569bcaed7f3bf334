"""Numbers and findings in words: one row of a table for each rule of grammar."""

import doctest
import math

import pandas as pd
import pytest

from cip.catalogue.indicators import load_indicators
from cip.display import text
from cip.display.text import MAX_WORDS, write_alt_text, write_finding

CATALOGUE = load_indicators()
NAN = math.nan
PLACES = {
    "here": ("demo", "Littleford", "profile"),
    "Oxford": ("E07", "Oxford", "district"),
    "Oxfordshire": ("E10", "Oxfordshire", "county"),
    "England": ("E92", "England", "england"),
}


def make_rows(indicator, *figures, group=""):
    """Rows from (place, value, comparison); the profile's comparison is empty."""
    label = next((g.label for g in CATALOGUE[indicator].groups if g.id == group), "")
    return pd.DataFrame(
        [
            {
                "indicator_id": indicator,
                "area_code": PLACES[place][0],
                "area_name": PLACES[place][1],
                "area_role": PLACES[place][2],
                "group": group,
                "group_label": label,
                "value": value,
                "comparison": comparison,
            }
            for place, value, comparison in figures
        ]
    )


def test_documentation_examples_hold():
    result = doctest.testmod(text)
    assert result.attempted > 0
    assert result.failed == 0


FORMATS = [
    (31.24, "%", 1, "31.2%"),
    (31.25, "%", 1, "31.3%"),
    (0.05, "%", 1, "0.1%"),
    (0, "%", 1, "0.0%"),
    (-0.04, "score", 1, "0.0"),
    (-0.271, "score", 3, "-0.271"),
    (100, "%", 1, "100.0%"),
    (6543, "people", 0, "6,543"),
    (56490048.0, "people", 0, "56,490,048"),
    (NAN, "%", 1, "no figure"),
    (None, "people", 0, "no figure"),
    (pd.NA, "people", 0, "no figure"),
]


@pytest.mark.parametrize(("value", "unit", "decimals", "expected"), FORMATS)
def test_values(value, unit, decimals, expected):
    assert text.format_value(value, unit, decimals) == expected


def test_interval():
    assert text.format_interval(30.12, 32.28, "%", 1) == "30.1% to 32.3%"
    assert text.format_interval(NAN, 32.28, "%", 1) == ""
    assert text.format_interval(None, None, "%", 1) == ""


@pytest.mark.parametrize(
    ("names", "expected"),
    [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")],
)
def test_names_are_joined(names, expected):
    assert text.join_names(names) == expected


COMPARISONS = [
    ("higher", "Higher than in Oxford (21.4%)"),
    ("lower", "Lower than in Oxford (21.4%)"),
    ("similar", "Similar to Oxford (21.4%)"),
    ("better", "Better than in Oxford (21.4%)"),
    ("worse", "Worse than in Oxford (21.4%)"),
    ("not compared", "Not compared with Oxford (21.4%)"),
    ("", ""),
]


@pytest.mark.parametrize(("word", "expected"), COMPARISONS)
def test_comparison_in_words(word, expected):
    assert text.describe_comparison(word, "Oxford", 21.4, "%", 1) == expected


def test_name_in_brackets_takes_its_figure_inside():
    found = text.describe_comparison("lower", "England (invented figures)", 17.1, "%", 1)
    assert found == "Lower than in England (invented figures; 17.1%)"


FINDINGS = [
    (
        "all higher",
        "social_rented",
        [("here", 31.2, ""), ("Oxford", 21.4, "higher"), ("England", 17.1, "higher")],
        "A larger share of households rent from a social landlord here (31.2%) than in "
        "Oxford (21.4%) and England (17.1%).",
    ),
    (
        "all lower",
        "owned",
        [("here", 44.9, ""), ("Oxford", 50.0, "lower"), ("England", 61.3, "lower")],
        "A smaller share of households own their home here (44.9%) than in Oxford (50.0%) and "
        "England (61.3%).",
    ),
    (
        "all similar",
        "private_rented",
        [("here", 20.0, ""), ("Oxfordshire", 20.2, "similar"), ("England", 20.5, "similar")],
        "Here, 20.0% of households rent privately, which is similar to Oxfordshire (20.2%) and "
        "England (20.5%).",
    ),
    (
        "mixed",
        "private_rented",
        [("here", 25.9, ""), ("Oxford", 32.2, "lower"), ("England", 20.5, "higher")],
        "Here, 25.9% of households rent privately, which is lower than in Oxford (32.2%) but "
        "higher than in England (20.5%).",
    ),
    (
        "worse",
        "overcrowded_bedrooms",
        [("here", 7.7, ""), ("Oxford", 6.3, "worse"), ("England", 4.4, "worse")],
        "Here, 7.7% of households have too few bedrooms, which is worse than in Oxford (6.3%) and "
        "England (4.4%).",
    ),
    (
        "better, and too long for one sentence",
        "households_deprived_2_plus",
        [
            ("here", 9.2, ""),
            ("Oxford", 15.6, "better"),
            ("Oxfordshire", 12.4, "better"),
            ("England", 9.3, "similar"),
        ],
        "Here, 9.2% of households are deprived in two or more ways. This is better than in Oxford "
        "(15.6%) and Oxfordshire (12.4%) but similar to England (9.3%).",
    ),
    (
        "one comparator missing",
        "social_rented",
        [("here", 31.2, ""), ("Oxford", 21.4, "higher"), ("England", NAN, "not compared")],
        "A larger share of households rent from a social landlord here (31.2%) than in "
        "Oxford (21.4%).",
    ),
    (
        "no comparators",
        "social_rented",
        [("here", 31.2, "")],
        "Here, 31.2% of households rent from a social landlord.",
    ),
    (
        "none at all",
        "flats",
        [("here", 0.0, ""), ("England", 23.0, "lower")],
        "A smaller share of households live in a flat here (0.0%) than in England (23.0%).",
    ),
    (
        "nobody, not compared",
        "imd_2025_most_deprived_10_people",
        [("here", 0.0, ""), ("England", 10.0, "not compared")],
        "Here, no residents live in England's most deprived tenth of areas on the Index of "
        "Multiple Deprivation 2025, compared with 10.0% in England.",
    ),
    (
        "too few to show at one decimal",
        "imd_2025_most_deprived_10_people",
        [("here", 0.01, "")],
        "Here, fewer than 0.1% of residents live in England's most deprived tenth of areas on the "
        "Index of Multiple Deprivation 2025.",
    ),
    (
        "profile missing",
        "bad_health",
        [("here", NAN, ""), ("England", 5.2, "not compared")],
        "No figure is available for this area: Residents in bad or very bad health.",
    ),
    (
        "people",
        "population",
        [("here", 5582, ""), ("England", 56490048, "not compared")],
        "There are 5,582 residents here.",
    ),
    ("one person", "population", [("here", 1, "")], "There is 1 resident here."),
    ("no people", "population", [("here", 0, "")], "There are 0 residents here."),
    (
        "mean score",
        "imd_2025_average_score",
        [("here", 28.64, ""), ("Oxford", 14.4, "not compared"), ("England", 21.8, "not compared")],
        "The average score on the Index of Multiple Deprivation 2025 here is 28.6, compared with "
        "14.4 in Oxford and 21.8 in England.",
    ),
]


@pytest.mark.parametrize(
    ("indicator", "figures", "expected"),
    [row[1:] for row in FINDINGS],
    ids=[row[0] for row in FINDINGS],
)
def test_findings(indicator, figures, expected):
    assert write_finding(CATALOGUE[indicator], make_rows(indicator, *figures)) == expected


def test_composition_names_its_largest_group():
    rows = pd.concat(
        [
            make_rows("tenure", ("here", 28.4, ""), ("England", 32.5, ""), group="owned_outright"),
            make_rows("tenure", ("here", 20.0, ""), ("England", 40.0, ""), group="owned_mortgage"),
        ]
    )
    assert write_finding(CATALOGUE["tenure"], rows) == (
        "The most common tenure here is owned outright, at 28.4% of households, compared with "
        "32.5% in England."
    )


def test_proper_names_keep_their_capitals():
    rows = make_rows("religion", ("here", 43.2, ""), group="christian")
    assert "here is Christian, at 43.2%" in write_finding(CATALOGUE["religion"], rows)
    rows = make_rows("religion", ("here", 43.2, ""), group="no_religion")
    assert "here is no religion, at 43.2%" in write_finding(CATALOGUE["religion"], rows)


def test_deciles_say_which_end_is_deprived():
    name = "imd_2025_decile_people"
    rows = pd.concat(
        [
            make_rows(name, ("here", 50.0, ""), group="decile_10"),
            make_rows(name, ("here", 50.0, ""), group="decile_2"),
        ]
    )
    # Equal shares: the first row is named.
    assert write_finding(CATALOGUE[name], rows[::-1].reset_index(drop=True)) == (
        "On the Index of Multiple Deprivation 2025, the largest share of residents (50.0%) is in "
        "national decile 2. Decile 1 is the most deprived tenth."
    )


def test_missing_group_does_not_hide_the_others():
    rows = pd.concat(
        [
            make_rows("tenure", ("here", NAN, ""), group="owned_outright"),
            make_rows("tenure", ("here", 20.0, ""), group="owned_mortgage"),
        ],
        ignore_index=True,
    )
    assert "owned with a mortgage or loan" in write_finding(CATALOGUE["tenure"], rows)


@pytest.mark.parametrize("indicator", CATALOGUE.values(), ids=CATALOGUE)
def test_every_sentence_is_short_and_plain(indicator):
    group = indicator.groups[-1].id if indicator.groups else ""
    figures = [("here", 99.9, ""), ("Oxford", 0.1, "higher"), ("England", 50.0, "lower")]
    found = write_finding(indicator, make_rows(indicator.id, *figures, group=group))
    for sentence in found.rstrip(".").split(". "):
        assert len(sentence.split()) <= MAX_WORDS, sentence
        assert sentence[0].isupper() or sentence[0].isdigit()
    assert "  " not in found
    assert "{" not in found
    assert found.endswith(".")


def test_very_many_areas_give_one_sentence_for_each_word():
    rows = make_rows("owned", ("here", 44.9, ""))
    names = ["South Oxfordshire", "Vale of White Horse", "West Oxfordshire"]
    others = [
        rows.assign(area_name=f"{n}{k}", area_role="district", value=v, comparison=word)
        for k, (word, v) in enumerate([("higher", 1.0), ("lower", 90.0)])
        for n in names
    ]
    found = write_finding(CATALOGUE["owned"], pd.concat([rows, *others], ignore_index=True))
    assert found.count("This is") == 2
    assert "but" not in found


def test_alt_text_gives_every_figure():
    rows = make_rows("social_rented", ("here", 31.2, ""), ("England", NAN, "not compared"))
    assert write_alt_text(CATALOGUE["social_rented"], rows) == (
        "Bar chart. Households renting from a council or other social landlord. "
        "Littleford: 31.2%; England: no figure."
    )


def test_alt_text_of_a_composition_lists_the_groups_of_the_area():
    rows = pd.concat(
        make_rows("tenure", ("here", value, ""), ("England", 1.0, ""), group=group)
        for group, value in (("owned_outright", 60.0), ("rent_free", 40.0))
    )
    assert write_alt_text(CATALOGUE["tenure"], rows, chart="Stacked bar") == (
        "Stacked bar. Tenure. Littleford: Owned outright 60.0%, Lives rent free 40.0%."
    )


def test_alt_text_names_the_unit_of_a_count():
    rows = make_rows("population", ("here", 5582, ""))
    assert write_alt_text(CATALOGUE["population"], rows) == (
        "Bar chart. Usual residents, people. Littleford: 5,582."
    )


def test_rows_of_another_indicator_or_no_profile_are_refused():
    with pytest.raises(ValueError, match="alone"):
        write_finding(CATALOGUE["owned"], make_rows("tenure", ("here", 1.0, "")))
    with pytest.raises(ValueError, match="no profile"):
        write_finding(CATALOGUE["owned"], make_rows("owned", ("Oxford", 1.0, "")))
