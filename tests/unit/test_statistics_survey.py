"""Surveys: bases, weights, shares, differences, plans, what is shown, and who was heard."""

import doctest
import math

import numpy as np
import pandas as pd
import pytest

from cip import statistics
from cip.disclosure import load_rule, protect_table
from cip.statistics import (
    raking,
    representation,
    saturation,
    survey_design,
    survey_differences,
    survey_planning,
)
from cip.statistics.raking import rake_weights
from cip.statistics.raking_margins import RakingError
from cip.statistics.survey_display import FLAGGED, NOBODY, SHOWN, WITHHELD

NAN = math.nan


@pytest.mark.parametrize(
    "module",
    [raking, representation, saturation, survey_design, survey_differences, survey_planning],
    ids=lambda module: module.__name__,
)
def test_documentation_examples_hold(module):
    result = doctest.testmod(module)
    assert result.attempted >= 1
    assert result.failed == 0


class TestDesign:
    def test_a_simple_sample_is_student_on_the_mean(self):
        values = [3, 5, 4, 8, 10, 2]
        design = statistics.build_design(np.ones(6))
        found = statistics.estimate_means(values, design)
        expected = statistics.mean_interval(values)
        assert [float(part[0]) for part in (found.value, found.lower, found.upper)] == (
            pytest.approx([float(part) for part in expected])
        )
        assert found.design_effect[0] == pytest.approx(1)

    def test_one_value_per_household_counts_households(self):
        # Four households of two people who answer alike: the sum of eight is worth four.
        values = np.repeat([1.0, 3.0, 4.0, 8.0], 2)
        design = statistics.build_design(np.ones(8), clusters=np.repeat(list("abcd"), 2))
        found = statistics.estimate_means(values, design)
        alone = statistics.mean_interval(values[::2])
        assert (found.lower[0], found.upper[0]) == pytest.approx(
            (float(alone.lower), float(alone.upper))
        )
        assert found.base[0] == 8
        # 2 for the clusters, times 7/8 · 4/3 for the two divisors of the variance.
        assert found.design_effect[0] == pytest.approx(2 * (7 / 8) * (4 / 3))

    def test_everyone_in_the_sample_leaves_no_doubt(self):
        design = statistics.build_design(np.ones(4), population=[4] * 4)
        assert statistics.estimate_means([1, 2, 3, 4], design).standard_error[0] == 0

    def test_missing_answers_leave_the_base(self):
        design = statistics.build_design([1, 1, 2])
        found = statistics.estimate_means(np.array([[1, NAN], [3, NAN], [NAN, NAN]]), design)
        assert found.base.tolist() == [2, 0]
        assert found.value[0] == 2
        assert np.isnan([found.value[1], found.lower[1], found.standard_error[1]]).all()

    def test_nobody_and_everybody_get_exact_limits_on_the_effective_base(self):
        design = statistics.build_design(np.ones(20))
        for method in ("logit", "beta", "wilson", "likelihood"):
            found = statistics.estimate_shares(
                np.column_stack([np.zeros(20), np.ones(20)]), design, method=method
            )
            # Clopper and Pearson: 1 - 0.025 ** (1 / 20).
            assert found.upper[0] == pytest.approx(0.1684, abs=1e-4)
            assert found.lower.tolist() == pytest.approx([0, 0.8316], abs=1e-4)
            assert found.upper[1] == 1

    def test_gap_of_two_groups_is_the_difference_of_their_means(self):
        values, first = np.array([1.0, 2, 3, 7, 8, 12]), np.array([True] * 3 + [False] * 3)
        found = statistics.estimate_gap(
            values, statistics.build_design(np.ones(6)), first=first, second=~first
        )
        one, other = (
            statistics.estimate_means(values, statistics.build_design(np.ones(6)), within=group)
            for group in (first, ~first)
        )
        assert found.value[0] == -7
        # People are drawn one by one, so the variances of two groups add up.
        both = np.hypot(one.standard_error, other.standard_error)
        assert found.standard_error[0] == pytest.approx(both[0])

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            ({"weights": [1, 0, 1]}, "not above zero; the first is that of person 2"),
            ({"weights": [1, NAN, 1]}, "missing"),
            ({"weights": []}, "one person at least"),
            ({"strata": ["a", "a", "b"]}, "Stratum b has a single"),
            ({"strata": ["a", None, "a"]}, "person 2 is missing"),
            ({"strata": ["a", "a"]}, "3 people, but 2"),
            (
                {"weights": [1] * 4, "strata": list("aabb"), "clusters": list("xyxz")},
                "Cluster x lies in more than one",
            ),
            ({"population": [2, 2, 2]}, "more in the sample than in the population"),
            ({"population": [5, 6, 5]}, "one number"),
        ],
    )
    def test_what_is_refused(self, options, said):
        with pytest.raises(ValueError, match=said):
            statistics.build_design(**{"weights": [1, 1, 1], **options})

    def test_values_that_are_refused(self):
        design = statistics.build_design(np.ones(3))
        with pytest.raises(ValueError, match="3 people, but values for 2"):
            statistics.estimate_means([1, 2], design)
        with pytest.raises(ValueError, match="1 or 0"):
            statistics.estimate_shares([0, 1, 2], design)
        with pytest.raises(ValueError, match="no interval called"):
            statistics.estimate_shares([0, 1, 1], design, method="other")
        with pytest.raises(ValueError, match="both groups"):
            statistics.estimate_gap([1, 2, 3], design, first=[1, 1, 0], second=[0, 1, 1])


ANSWERS = ["yes", "yes", "no", "dk", None, "yes", "no", "no"]
GROUPS = ["a", "a", "a", "a", "a", "b", "b", None]


class TestTables:
    def test_dont_knows_stand_apart(self):
        groups = statistics.number_groups(8, groups=GROUPS)
        table = statistics.tabulate_answers(
            ANSWERS, ["yes", "no"], groups, dont_know=["dk"]
        ).set_index(["group", "answer"])
        assert table.loc[("", "yes"), ["base", "count", "percent"]].tolist() == [6, 3, 50]
        assert table.loc[("", "dk"), ["base", "count"]].tolist() == [7, 1]
        assert table.loc[("a", "yes"), "percent"] == pytest.approx(200 / 3)
        # The person without a group counts among everyone and in no group.
        assert table.xs("no", level="answer")["count"].tolist() == [3, 1, 1]
        lower, upper = statistics.wilson_interval(2, 3)
        assert table.loc[("a", "yes"), ["lower", "upper"]].tolist() == pytest.approx(
            [100 * lower, 100 * upper]
        )

    def test_weights_change_the_share_and_the_effective_base_but_not_the_base(self):
        weights = [0.5, 0.5, 2, 1, 1, 1, 1, 1]
        groups = statistics.number_groups(8, groups=GROUPS, weights=weights)
        table = statistics.tabulate_answers(
            ANSWERS, ["yes", "no"], groups, dont_know=["dk"]
        ).set_index(["group", "answer"])
        row = table.loc[("a", "yes")]
        assert (row["base"], row["percent"]) == (3, pytest.approx(100 / 3))
        assert row["effective_base"] == pytest.approx(9 / 4.5)
        assert row["design_effect"] == pytest.approx(1.5)

    def test_a_group_of_nobody_has_no_share(self):
        groups = statistics.number_groups(2, groups=["a", "a"], order=["a", "b"])
        table = statistics.tabulate_answers(["yes", "no"], ["yes", "no"], groups)
        nobody = table[table["group"] == "b"]
        assert nobody["base"].tolist() == [0, 0]
        assert nobody[["percent", "lower", "upper", "effective_base"]].isna().all(axis=None)

    def test_answers_outside_the_scale_are_all_named(self):
        groups = statistics.number_groups(4)
        with pytest.raises(ValueError, match=r"'Yess' \(2×\), near 'Yes'; '7' \(1×\)"):
            statistics.tabulate_answers(["Yess", "Yess", 7, "Yes"], ["Yes", "No"], groups)

    def test_several_answers_may_pass_a_hundred(self):
        chosen = pd.DataFrame(
            {"walk": [1, 1, 0, 0, NAN], "bus": [1, 0, 0, 0, NAN], "dk": [0, 0, 0, 1, NAN]}
        )
        groups = statistics.number_groups(5)
        table = statistics.tabulate_multiple(chosen, groups, dont_know=["dk"]).set_index("answer")
        # One ticked nothing and stays; one only does not know; one was not shown the question.
        assert table["base"].tolist() == [3, 3, 4]
        assert table["percent"].tolist() == pytest.approx([200 / 3, 100 / 3, 25])
        meant = chosen[["walk", "bus"]].sum(axis=1) + chosen["dk"].fillna(0) > 0
        skipped = statistics.tabulate_multiple(
            chosen, groups, dont_know=["dk"], was_shown=meant
        ).set_index("answer")
        assert skipped["base"].tolist() == [2, 2, 3]

    def test_several_answers_refused(self):
        groups = statistics.number_groups(1)
        with pytest.raises(ValueError, match="neither 0, 1"):
            statistics.tabulate_multiple(pd.DataFrame({"a": [2]}), groups)
        with pytest.raises(ValueError, match="not shown"):
            statistics.tabulate_multiple(pd.DataFrame({"a": [1]}), groups, was_shown=[False])
        with pytest.raises(ValueError, match="no column 'dk'"):
            statistics.tabulate_multiple(pd.DataFrame({"a": [1]}), groups, dont_know=["dk"])

    def test_a_scale_in_bands(self):
        bands = {"agree": [1, 2], "neither": [3], "disagree": [4, 5]}
        table = statistics.tabulate_bands(
            [1, 2, 2, 3, 5, 9, None], bands, statistics.number_groups(7), dont_know=[9]
        )
        assert table["answer"].tolist() == ["agree", "neither", "disagree", 9]
        assert table["percent"].tolist() == pytest.approx([60, 20, 20, 100 / 6])
        with pytest.raises(ValueError, match="two bands"):
            statistics.tabulate_bands([1], {"a": [1], "b": [1]}, statistics.number_groups(1))

    def test_means_by_group(self):
        groups = statistics.number_groups(6, groups=list("aaabbb"))
        table = statistics.tabulate_means([1, 2, 3, 4, NAN, 8], groups).set_index("group")
        assert table["mean"].tolist() == [3.6, 2, 6]
        assert table["base"].tolist() == [5, 3, 2]
        assert (table["lower"] < table["mean"]).all()

    def test_lists_of_other_lengths_are_refused(self):
        with pytest.raises(ValueError, match="3 people, but 2 weights"):
            statistics.number_groups(3, weights=[1, 1])
        with pytest.raises(ValueError, match="have a group"):
            statistics.number_groups(3, groups=["a"])
        with pytest.raises(ValueError, match="Not a known group: 'c'"):
            statistics.number_groups(1, groups=["c"], order=["a"])
        with pytest.raises(ValueError, match="3 people, but 2 answers"):
            statistics.tabulate_means([1, 2], statistics.number_groups(3))


class TestRaking:
    def test_a_margin_by_hand(self):
        people = pd.DataFrame({"sex": list("fffm"), "age": list("yoyo")})
        raked = rake_weights(people, {"sex": {"f": 1, "m": 1}}, cap=None)
        assert raked.weights.tolist() == pytest.approx([2 / 3] * 3 + [2])
        # 4 · (3 · 4/9 + 4) / 16
        assert raked.design_effect == pytest.approx(4 / 3)
        assert raked.effective_base == pytest.approx(3)
        assert raked.margins["base"].tolist() == [3, 1]
        assert raked.margins["unweighted"].tolist() == [75, 25]

    def test_every_problem_of_the_margins_is_told_at_once(self):
        people = pd.DataFrame({"sex": ["f", "m", "femal", None], "age": ["old"] * 4})
        margins = {
            "sex": {"f": 50, "m": 50, "female": 0},
            "age": {"old": 20, "young": 80},
            "tenur": {"own": 1},
        }
        with pytest.raises(RakingError) as raised:
            rake_weights(people, margins)
        told = [(problem.column, str(problem)) for problem in raised.value.problems]
        assert [column for column, _ in told] == ["sex", "sex", "sex", "sex", "age", "tenur"]
        text = str(raised.value)
        for said in (
            "population of category 'female' is not above zero",
            "Nobody in the sample is in category 'female'",
            "not a category of the margin. Found: femal",
            "Did you mean 'female'",
            "1 people have no category",
            "Nobody in the sample is in category 'young'",
            "no such column",
        ):
            assert said in text

    def test_people_without_a_category_can_be_kept(self):
        people = pd.DataFrame({"sex": ["f", "f", "f", "m", None]})
        raked = rake_weights(people, {"sex": {"f": 1, "m": 1}}, missing="keep", cap=None)
        assert raked.unplaced == {"sex": 1}
        assert raked.weights[4] == pytest.approx(1)
        assert raked.weights[3] == pytest.approx(raked.weights[:3].sum())

    def test_contradicting_margins_are_an_error_that_names_the_worst(self):
        # All women are old and all men young, so the two margins cannot both hold.
        people = pd.DataFrame({"sex": list("ffmm"), "age": list("ooyy")})
        margins = {"sex": {"f": 90, "m": 10}, "age": {"o": 50, "y": 50}}
        with pytest.raises(RakingError, match=r"no weights meet all margins.*50.00%.*90.00%"):
            rake_weights(people, margins, cap=None)

    def test_rounds_that_run_out_are_an_error(self):
        chance = np.random.default_rng(5)
        people = pd.DataFrame({name: chance.choice(list("xyz"), 60) for name in "abc"})
        margins = {name: {"x": 5, "y": 3, "z": 2} for name in "abc"}
        assert rake_weights(people, margins).iterations > 2
        with pytest.raises(RakingError, match="After 1 rounds"):
            rake_weights(people, margins, max_iterations=1)

    def test_a_cap_that_binds_is_told_with_its_gap(self):
        people = pd.DataFrame({"tenure": ["own"] * 95 + ["rent"] * 5})
        raked = rake_weights(people, {"tenure": {"own": 60, "rent": 40}})
        assert raked.status == "capped"
        assert raked.capped == 5
        assert raked.weights.max() == pytest.approx(3)
        # Five people at 3 are 15 of 100.
        assert abs(raked.worst["gap"]) == pytest.approx(25, abs=0.01)
        assert rake_weights(
            people, {"tenure": {"own": 60, "rent": 40}}, cap=None
        ).weights.max() == pytest.approx(8)

    @pytest.mark.parametrize("cap", [(0, 3), (1.1, 3), (0.3, 0.9), (0.3, 1)])
    def test_caps_that_are_refused(self, cap):
        people = pd.DataFrame({"a": ["x", "y"]})
        with pytest.raises(ValueError, match="cap"):
            rake_weights(people, {"a": {"x": 1, "y": 1}}, cap=cap)


class TestDifferences:
    def test_the_example_of_two_waves(self):
        # Methods, section 4.2: 36 of 300 against 21 of 300 is +5.0 points, 0.3 to 9.8.
        before, after = (
            statistics.tabulate_answers(
                ["yes"] * yes + ["no"] * (300 - yes), ["yes", "no"], statistics.number_groups(300)
            )
            for yes in (21, 36)
        )
        found = statistics.compare_waves(before, after, polarity="high_is_good").iloc[0]
        assert found[["difference", "lower", "upper"]].astype(float).round(1).tolist() == [
            5.0,
            0.3,
            9.8,
        ]
        assert found["verdict"] == "better"

    def test_waves_without_anything_in_common_are_refused(self):
        groups = statistics.number_groups(2)
        one = statistics.tabulate_answers(["a", "b"], ["a", "b"], groups)
        other = statistics.tabulate_answers(["c", "d"], ["c", "d"], groups)
        with pytest.raises(ValueError, match="in common"):
            statistics.compare_waves(one, other)
        with pytest.raises(ValueError, match="twice"):
            statistics.compare_waves(pd.concat([one, one]), one)

    def test_a_group_is_held_against_the_others_and_not_against_everyone(self):
        answers = ["yes"] * 30 + ["no"] * 10 + ["yes"] * 20 + ["no"] * 40
        groups = statistics.number_groups(100, groups=["a"] * 40 + ["b"] * 60)
        table = statistics.tabulate_answers(answers, ["yes", "no"], groups)
        found = statistics.compare_with_rest(table).set_index(["group", "answer"])
        expected = statistics.newcombe_difference(30, 40, 20, 60)
        row = found.loc[("a", "yes")]
        assert row[["difference", "lower", "upper"]].astype(float).tolist() == pytest.approx(
            [float(part) for part in expected]
        )
        assert (row["base"], row["base_rest"], row["verdict"]) == (40, 60, "higher")
        assert found.loc[("b", "yes"), "difference"] == pytest.approx(-row["difference"])

    def test_a_group_that_is_everyone_has_no_others(self):
        groups = statistics.number_groups(2, groups=["a", "a"])
        table = statistics.tabulate_answers(["y", "n"], ["y", "n"], groups)
        assert set(statistics.compare_with_rest(table)["verdict"]) == {"not compared"}
        with pytest.raises(ValueError, match="everyone"):
            statistics.compare_with_rest(table[table["group"] == "a"])

    @pytest.mark.parametrize(
        ("counts", "expected", "p_value"),
        [
            # Complete response before and after consolidation therapy, Cavo and others 2012, and
            # airway hyper-responsiveness, Bentur and others 2009: Fagerland, Lydersen and Laake
            # 2017, chapter 8. There the difference is before less after.
            ((59, 6, 16, 80), (6.21, 0.46, 11.86), 0.034690),
            ((1, 1, 7, 12), (28.57, 2.56, 50.69), 0.0391),
        ],
    )
    def test_pairs_of_the_textbook(self, counts, expected, p_value):
        gap = statistics.paired_difference(*counts)
        assert [round(float(part), 2) for part in gap] == list(expected)
        found = statistics.mcnemar_test(counts[1], counts[2])
        assert float(found) == pytest.approx(p_value, abs=5e-5 if p_value > 0.035 else 5e-7)

    def test_pairs_without_change(self):
        found = statistics.compare_pairs([1, 0, 1, NAN], [1, 0, 1, 1])
        assert found.pairs.tolist() == [3]
        assert found.difference[0] == 0
        assert found.p_value[0] == 1
        assert found.verdict[0] == "similar"

    def test_pairs_of_nobody_and_bad_pairs(self):
        found = statistics.compare_pairs([NAN], [1])
        assert np.isnan([found.difference[0], found.p_value[0]]).all()
        assert found.verdict[0] == "not compared"
        with pytest.raises(ValueError, match="neither 1, 0"):
            statistics.compare_pairs([2], [1])
        with pytest.raises(ValueError, match="one answer after"):
            statistics.compare_pairs([1, 0], [1])
        with pytest.raises(ValueError, match="negative"):
            statistics.paired_difference(-1, 1, 1, 1)

    def test_equal_numbers_of_changes_are_no_sign_of_any(self):
        # Half of the chance of the very count: 1 - C(2, 1) / 2² / 2.
        assert float(statistics.mcnemar_test(1, 1)) == pytest.approx(0.75)


class TestPlanning:
    @pytest.mark.parametrize(
        ("population", "published"),
        # Krejcie and Morgan 1970, table 1, which rounds to the nearest and not up.
        [(100, 80), (500, 217), (1000, 278), (10_000, 370), (100_000, 383)],
    )
    def test_sizes_of_krejcie_and_morgan(self, population, published):
        found = statistics.plan_sample(0.5, 0.05, population=population).item()
        assert found in (published, published + 1)

    def test_size_without_a_correction(self):
        # Cochran 1977: 1.96² · 0.25 / 0.05² = 384.2.
        assert statistics.plan_sample(0.5, 0.05).item() == 385
        assert statistics.plan_sample(0.5, 0.05, design_effect=1.5).item() == 577
        assert statistics.plan_sample(0.5, 0.001, population=50).item() == 50
        # 384.146 / (1 + 383.146 / 150) = 108.08, and people come whole.
        assert statistics.plan_sample(0.5, 0.05, population=150).item() == 109

    def test_size_for_two_waves_of_the_textbook(self):
        # Fleiss 1981 without continuity correction: 50% against 60%, 80% power.
        assert statistics.plan_waves(0.5, 0.6).item() == 388
        assert statistics.plan_waves(0.5, 0.5).item() == math.inf

    def test_the_handbooks_example_has_little_power(self):
        # Handbook of the Health Empowerment Leverage Project, Figure 2: 7% to 12% active, 5% to
        # 10% with better health; appendix 5: at least 300 residents. The power of the first at
        # 300 is that of statsmodels, .551.
        table = statistics.plan_changes()
        assert table["before"].tolist() == pytest.approx([7, 5])
        assert table["after"].tolist() == pytest.approx([12, 10])
        assert table["size"].tolist() == [300, 300]
        assert table["power"].round(3).tolist() == [0.551, 0.643]
        assert (table["power"] < 0.8).all()
        assert table["size_needed"].tolist() == [539, 435]
        # With 300 a rise from 7% is seen four times in five only if it goes to 14%.
        assert table["detectable_after"].round(1).tolist() == [14.0, 11.2]

    def test_weights_cost_power(self):
        plain, weighted = (statistics.plan_changes(design_effect=e) for e in (1, 1.19))
        assert (weighted["power"] < plain["power"]).all()
        # Rounded up at the end: 1.19 times the unrounded 538.8.
        assert weighted["size_needed"].tolist() == [642, 517]

    def test_detectable_share_turns_the_power_round(self):
        for rises in (True, False):
            share = statistics.find_detectable_share(0.3, 400, rises=rises)
            assert (share > 0.3) == rises
            assert float(statistics.calculate_power(0.3, share, 400)) == pytest.approx(0.8)

    def test_no_change_is_large_enough_for_a_handful(self):
        found = statistics.find_detectable_share([0.5, 0.99, 0.0], [3, 10, 300])
        assert np.isnan(found).tolist() == [True, True, False]

    @pytest.mark.parametrize(
        ("call", "said"),
        [
            (lambda: statistics.plan_sample(1.5, 0.05), "outside 0 to 1"),
            (lambda: statistics.plan_sample(0.5, 5), "half width"),
            (lambda: statistics.plan_sample(0.5, 0.05, population=0), "population"),
            (lambda: statistics.plan_sample(0.5, 0.05, design_effect=0.5), "design effect"),
            (lambda: statistics.plan_waves(0.1, 0.2, power=0.2), "power"),
        ],
    )
    def test_plans_that_are_refused(self, call, said):
        with pytest.raises(ValueError, match=said):
            call()


class TestDisplay:
    @pytest.mark.parametrize(
        ("base", "count", "status"),
        [
            (0, 0, NOBODY),
            (9, 9, WITHHELD),
            (10, 5, FLAGGED),
            (29, 10, FLAGGED),
            (30, 10, SHOWN),
            (30, 4, WITHHELD),
            (30, 26, WITHHELD),
            (30, 0, SHOWN),
            (30, 30, SHOWN),
        ],
    )
    def test_limits(self, base, count, status):
        assert str(statistics.decide_display(base, count)) == status

    def test_a_mean_has_only_its_base(self):
        assert statistics.decide_display([9, 10, 30]).tolist() == [WITHHELD, FLAGGED, SHOWN]

    @pytest.mark.parametrize(("base", "count"), [(NAN, 1), (-1, 0), (5, 6), (5, NAN), (5, -1)])
    def test_impossible_numbers_are_refused(self, base, count):
        with pytest.raises(ValueError, match=r"missing|negative|above"):
            statistics.decide_display(base, count)

    def test_a_lone_withheld_answer_is_exposed(self):
        status = statistics.decide_display([[100] * 3, [100] * 3], [[3, 40, 57], [30, 30, 40]])
        assert statistics.find_exposed(status).tolist() == [[True, False, False], [False] * 3]

    def test_a_group_can_be_worked_out_from_everyone(self):
        counts = np.array([[33, 70, 97], [30, 30, 40], [3, 40, 57]])
        status = statistics.decide_display(counts.sum(axis=1, keepdims=True), counts)
        assert statistics.find_exposed(status, everyone=0)[2, 0]
        with pytest.raises(ValueError, match="one row per group"):
            statistics.find_exposed(status[0])

    def test_the_workbooks_protection_closes_what_is_exposed(self):
        counts = pd.DataFrame(
            [[33, 70, 97], [30, 30, 40], [3, 40, 57]],
            index=["everyone", "a", "b"],
            columns=["yes", "partly", "no"],
        )
        counts["base"] = counts.sum(axis=1)
        table = protect_table(
            counts, load_rule("under_5"), total_column="base", total_row="everyone"
        )
        answers = table.is_blank[["yes", "partly", "no"]].to_numpy()
        assert answers[2, 0]
        status = np.where(answers, WITHHELD, SHOWN)
        assert not statistics.find_exposed(status, everyone=0).any()


class TestRepresentation:
    def test_the_interval_is_that_of_the_share(self):
        found = statistics.compare_make_up([30, 70], [500, 500])
        lower, upper = statistics.wilson_interval(30, 100)
        assert (found.lower[0], found.upper[0]) == pytest.approx((2 * lower, 2 * upper))
        assert found.missing_people.tolist() == [20, -20]

    @pytest.mark.parametrize(
        ("heard", "people", "verdict"),
        [
            ([0, 200], [500, 500], "nobody heard"),
            ([0, 20], [1, 999], "too few to say"),
            ([2, 6], [500, 500], "too few to say"),
            ([50, 50], [500, 500], "in line"),
            ([30, 170], [500, 500], "fewer heard"),
            ([170, 30], [500, 500], "more heard"),
            ([0, 20], [0, 999], "too few to say"),
        ],
    )
    def test_verdicts(self, heard, people, verdict):
        assert statistics.compare_make_up(heard, people).verdict[0] == verdict

    @pytest.mark.parametrize(
        ("heard", "people"),
        [([1], [1, 2]), ([-1, 2], [1, 2]), ([NAN, 1], [1, 2]), ([0, 0], [0, 0]), ([1, 2], [0, 3])],
    )
    def test_what_is_refused(self, heard, people):
        with pytest.raises(ValueError, match=r"people|count|nobody"):
            statistics.compare_make_up(heard, people)

    def test_gaps_come_first(self):
        heard = pd.DataFrame(
            [("sex", "f", 60), ("sex", "m", 20), ("sex", None, 3), ("age", "old", 80)],
            columns=["characteristic", "category", "respondents"],
        )
        people = pd.DataFrame(
            [("sex", "f", 500), ("sex", "m", 500), ("age", "old", 200), ("age", "young", 800)],
            columns=["characteristic", "category", "population"],
        )
        table = statistics.build_representation(heard, people)
        assert table["category"].tolist() == ["young", "m", "f", "old"]
        assert table["respondents"].tolist() == [0, 20, 60, 80]
        assert table["not_said"].tolist() == [0, 3, 3, 0]
        assert set(table["base"]) == {80}

    def test_a_category_that_the_census_lacks_is_named(self):
        heard = pd.DataFrame(
            [("sex", "femal", 1)], columns=["characteristic", "category", "respondents"]
        )
        people = pd.DataFrame(
            [("sex", "female", 5)], columns=["characteristic", "category", "population"]
        )
        with pytest.raises(ValueError, match="'femal' of 'sex', near 'female'"):
            statistics.build_representation(heard, people)
        with pytest.raises(ValueError, match="twice"):
            statistics.build_representation(pd.concat([heard, heard]), people)


class TestSaturation:
    def test_new_themes_are_counted_in_order(self):
        mentions = pd.DataFrame(
            [("b", "bus"), ("b", "bus"), ("a", "bus"), ("a", "park"), ("d", "park")],
            columns=["interview", "theme"],
        )
        table = statistics.count_new_themes(mentions, ["a", "b", "c", "d"])
        assert table["themes"].tolist() == [2, 1, 0, 1]
        assert table["new_themes"].tolist() == [2, 0, 0, 0]
        turned = statistics.count_new_themes(mentions, ["b", "a", "c", "d"])
        assert turned["new_themes"].tolist() == [1, 1, 0, 0]
        assert turned["all_themes"].tolist() == [1, 2, 2, 2]

    def test_the_papers_example(self):
        # Guest, Namey and Chen 2020: 37 themes in the base of four; the second run adds 11%, the
        # third one theme: saturation at 6+2. What single interviews added is ours.
        found = statistics.assess_saturation([20, 9, 5, 3, 3, 4, 0, 1])
        assert found.base_themes == 37
        assert (100 * found.runs["share"]).round().tolist()[1:] == [11, 3]
        assert (found.label, found.interviews) == ("6+2", 6)

    def test_not_reached(self):
        assert statistics.assess_saturation([5, 4, 3, 3, 3, 3]).label == "not reached"
        short = statistics.assess_saturation([5, 4, 3])
        assert (short.interviews, len(short.runs)) == (None, 0)
        assert statistics.assess_saturation([20, 9, 5, 3, 0, 1, 0, 0], threshold=0).label == "6+2"

    @pytest.mark.parametrize(
        ("new", "options"),
        [
            ([1.5, 2], {}),
            ([-1, 2], {}),
            ([NAN], {}),
            ([0, 0, 0, 0, 1], {}),
            ([1, 2], {"run_length": 0}),
            ([1, 2], {"threshold": 5}),
        ],
    )
    def test_what_is_refused(self, new, options):
        with pytest.raises(ValueError, match=r"themes|Base"):
            statistics.assess_saturation(new, **options)

    def test_mentions_that_are_refused(self):
        mentions = pd.DataFrame({"interview": ["x"], "theme": ["bus"]})
        for order, said in ((["y"], "Not in the order"), (["x", "x"], "twice")):
            with pytest.raises(ValueError, match=said):
                statistics.count_new_themes(mentions, order)
        with pytest.raises(ValueError, match="no theme"):
            statistics.count_new_themes(mentions.assign(theme=None), ["x"])
