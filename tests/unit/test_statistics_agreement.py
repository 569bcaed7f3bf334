"""Agreement of coders: textbook figures, gaps in the coding, rare codes, and disagreements."""

import doctest
import math

import numpy as np
import pandas as pd
import pytest

from cip import statistics
from cip.statistics import agreement, agreement_alpha

NAN = math.nan
#: Krippendorff 2011: four observers, twelve units, with gaps.
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
    [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
]


@pytest.mark.parametrize("module", [agreement, agreement_alpha], ids=lambda m: m.__name__)
def test_documentation_examples_hold(module):
    result = doctest.testmod(module)
    assert result.attempted >= 1
    assert result.failed == 0


def make_pairs(table: list[list[int]]) -> tuple[list[int], list[int]]:
    cells = [(i, j) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)]
    return tuple(zip(*cells, strict=True))


class TestAlpha:
    @pytest.mark.parametrize(
        ("level", "published"),
        [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
    )
    def test_the_papers_example(self, level, published):
        found = statistics.measure_alpha(np.array(OBSERVERS).T, level=level, draws=100)
        assert round(found.value, 3) == published
        # The twelfth unit has one rating and says nothing.
        assert found.units == 11

    def test_words_in_any_order_of_coders(self):
        ratings = pd.DataFrame({"a": ["x", "y", "x", "z"], "b": ["x", "y", "y", "z"]})
        one = statistics.measure_alpha(ratings, draws=100)
        other = statistics.measure_alpha(ratings[["b", "a"]], draws=100)
        assert one == other

    def test_the_same_seed_gives_the_same_interval(self):
        ratings = np.array(OBSERVERS).T
        assert statistics.measure_alpha(ratings, draws=300) == statistics.measure_alpha(
            ratings, draws=300
        )
        assert statistics.measure_alpha(ratings, draws=300).lower != (
            statistics.measure_alpha(ratings, draws=300, seed=2).lower
        )

    def test_more_units_narrow_the_interval(self):
        ratings = np.array(OBSERVERS).T
        few = statistics.measure_alpha(ratings)
        many = statistics.measure_alpha(np.tile(ratings, (20, 1)))
        assert many.upper - many.lower < (few.upper - few.lower) / 3

    def test_resampling_units_agrees_with_drawing_them_one_by_one(self):
        ratings = np.array(OBSERVERS).T[:11]
        chance = np.random.default_rng(4)
        drawn = [
            statistics.measure_alpha(ratings[chance.integers(0, 11, 11)], draws=1).value
            for _ in range(600)
        ]
        expected = np.nanquantile(drawn, [0.1, 0.9])
        found = statistics.measure_alpha(ratings, draws=4000, confidence=0.8)
        assert (found.lower, found.upper) == pytest.approx(tuple(expected), abs=0.06)

    def test_without_variation_there_is_no_alpha(self):
        found = statistics.measure_alpha([["x", "x"], ["x", "x"]])
        assert np.isnan(found.value)
        assert "same category" in found.reason

    def test_a_rare_code_has_no_interval(self):
        ratings = np.zeros((200, 2))
        ratings[0] = 1
        found = statistics.measure_alpha(ratings)
        assert found.value == 1
        assert np.isnan(found.lower)
        assert "rare" in found.reason

    def test_units_seen_by_one_coder_say_nothing(self):
        found = statistics.measure_alpha([["x", None], [None, "y"]])
        assert (found.units, found.reason) == (0, "No unit was rated twice")

    @pytest.mark.parametrize(
        ("ratings", "level", "said"),
        [
            ([["x", "y"]], "interval", "needs numbers, not 'x'"),
            ([[1, 2]], "unknown", "no level"),
            ([[-1, 2]], "ratio", "negative"),
            ([["x"], ["y"]], "nominal", "two at least"),
            ([[i, i] for i in range(80)], "nominal", "80 different values"),
        ],
    )
    def test_what_is_refused(self, ratings, level, said):
        with pytest.raises(ValueError, match=said):
            statistics.measure_alpha(ratings, level=level)


class TestKappa:
    def test_the_textbooks_table_and_standard_error(self):
        # Fleiss, Levin and Paik 2003, table 18.1: kappa 0.68, standard error 0.087 to 0.088.
        found = statistics.measure_cohen(*make_pairs([[75, 1, 4], [5, 4, 1], [0, 0, 10]]))
        assert round(found.value, 2) == 0.68
        assert (found.value - found.lower) / 1.959964 == pytest.approx(0.0875, abs=0.0005)

    def test_unrated_units_are_left_out(self):
        first = ["y", "y", "n", None, "n"]
        second = ["y", "n", "n", "y", None]
        found = statistics.measure_cohen(first, second)
        assert found.units == 3
        assert found.value == statistics.measure_cohen(first[:3], second[:3]).value

    def test_one_category_has_no_kappa(self):
        found = statistics.measure_cohen(["y", "y"], ["y", "y"])
        assert np.isnan(found.value)
        assert "same category" in found.reason
        assert "No unit" in statistics.measure_cohen([None], ["y"]).reason

    def test_full_agreement_is_one(self):
        found = statistics.measure_cohen(["y", "n", "n"], ["y", "n", "n"])
        assert (found.value, found.lower, found.upper) == (1, 1, 1)

    def test_fleiss_and_his_example(self):
        # Fleiss 1971 in the worked example of ten subjects and fourteen raters.
        counts = [
            [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
            [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
        ]  # fmt: skip
        found = statistics.measure_fleiss_counts(counts)
        assert round(found.value, 3) == 0.210
        assert found.lower < found.value < found.upper

    def test_fleiss_takes_only_units_that_all_rated(self):
        ratings = [["x", "x", "y"], ["y", "y", "y"], ["x", None, "y"], ["x", "x", "x"]]
        found = statistics.measure_fleiss(ratings, draws=50)
        assert found.units == 3
        with pytest.raises(ValueError, match="same number of ratings"):
            statistics.measure_fleiss_counts([[3, 0], [1, 1]])

    def test_percentage_of_pairs(self):
        # Two of three pairs differ in the first unit; one pair in the second, which agrees.
        found = statistics.measure_percentage([["x", "x", "y"], ["y", "y", None]], draws=50)
        assert found.value == pytest.approx(100 * 2 / 4)

    def test_bands(self):
        words = [statistics.band_agreement(value) for value in (0.8, 0.7, 0.6, NAN)]
        assert words == ["reliable", "tentative", "not reliable", "no figure"]


CODINGS = pd.DataFrame(
    [
        (1, "A", "bus"), (1, "B", "bus"),
        (2, "A", "park"), (2, "B", "bus"),
        (3, "A", None), (3, "B", "park"),
        (4, "A", "bus"),
        (5, "A", "bus"), (5, "A", "park"), (5, "B", "bus"), (5, "B", "park"),
    ],
    columns=["unit", "coder", "code"],
)  # fmt: skip


class TestCodes:
    def test_a_unit_that_a_coder_did_not_look_at_is_not_a_no(self):
        table = statistics.measure_codes(CODINGS, draws=50).set_index("code")
        # Unit 4 was seen by A alone. Unit 3 was seen by A, who found nothing.
        assert table.loc["bus", "units"] == 4
        assert table.loc["bus", "percentage"] == 75
        assert table.loc["park", "percentage"] == 50
        assert table.loc["bus", "kappa_of"] == "Cohen"

    def test_unless_it_is_said_that_they_looked(self):
        seen = pd.DataFrame({"unit": [4], "coder": ["B"]})
        table = statistics.measure_codes(CODINGS, looked_at=seen, draws=50).set_index("code")
        assert table.loc["bus", "units"] == 5
        assert table.loc["bus", "percentage"] == 60

    def test_overall_takes_all_units_and_codes(self):
        table = statistics.measure_codes(CODINGS, draws=50)
        assert table["code"].tolist() == ["", "bus", "park"]
        overall = table.iloc[0]
        assert overall["percentage"] == pytest.approx(100 * 5 / 8)
        # Alpha of the eight pairs of yes and no laid out by hand.
        pairs = [(1, 1), (0, 1), (0, 0), (1, 1), (0, 0), (1, 0), (0, 1), (1, 1)]
        assert overall["alpha"] == pytest.approx(statistics.measure_alpha(pairs, draws=1).value)
        assert overall["units"] == 4

    def test_three_coders_have_fleiss(self):
        third = CODINGS[CODINGS["coder"] == "B"].assign(coder="C")
        table = statistics.measure_codes(pd.concat([CODINGS, third]), draws=50)
        assert set(table["kappa_of"].iloc[1:]) == {"Fleiss"}

    def test_a_code_of_the_codebook_that_nobody_used(self):
        table = statistics.measure_codes(CODINGS, codes=["park", "bus", "shop"], draws=50)
        assert table["code"].tolist() == ["", "park", "bus", "shop"]
        unused = table.iloc[3]
        assert unused["applied"] == 0
        assert unused["percentage"] == 100
        assert np.isnan(unused["alpha"])
        assert unused["band"] == "no figure"

    def test_disagreements_are_listed(self):
        table = statistics.list_disagreements(CODINGS)
        assert table.to_numpy().tolist() == [
            [2, "bus", "B", "A"],
            [2, "park", "A", "B"],
            [3, "park", "B", "A"],
        ]
        assert statistics.list_disagreements(CODINGS[CODINGS["unit"].isin([1, 5])]).empty

    @pytest.mark.parametrize(
        ("codings", "options", "said"),
        [
            (CODINGS, {"codes": ["bus"]}, "Not in the codebook: park"),
            (CODINGS[CODINGS["coder"] == "A"], {}, "two coders"),
            (CODINGS.assign(code=None), {}, "No code was applied"),
            (CODINGS.drop(columns="unit"), {}, "no column unit"),
            (CODINGS.assign(coder=[None, *CODINGS["coder"][1:]]), {}, "Row 1 .* no coder"),
        ],
    )
    def test_what_is_refused(self, codings, options, said):
        with pytest.raises(ValueError, match=said):
            statistics.measure_codes(codings, **options)
