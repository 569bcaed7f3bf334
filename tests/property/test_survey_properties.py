"""What must hold of every survey estimate, raked weight and measure of agreement."""

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cip import statistics
from cip.statistics.raking_margins import RakingError

WEIGHTS = st.lists(st.floats(0.1, 10), min_size=4, max_size=60)
CODE = st.sampled_from(["x", "y", "z", None])
METHODS = st.sampled_from(["logit", "beta", "wilson", "likelihood"])


@given(WEIGHTS, st.floats(0.01, 100))
def test_effective_base_lies_between_one_and_the_base(weights, scale):
    found = statistics.effective_base(weights)
    assert 1 - 1e-9 <= found <= len(weights) * (1 + 1e-9)
    assert np.isclose(found, statistics.effective_base(np.array(weights) * scale))
    cv2 = np.var(weights) / np.mean(weights) ** 2
    assert np.isclose(statistics.weighting_effect(weights), 1 + cv2)


@given(WEIGHTS, METHODS, st.data())
def test_share_lies_in_its_interval_whatever_the_scale_of_the_weights(weights, method, data):
    yes = data.draw(st.lists(st.integers(0, 1), min_size=len(weights), max_size=len(weights)))
    design = statistics.build_design(weights)
    found = statistics.estimate_shares(yes, design, method=method)
    assert -1e-12 <= found.lower[0] <= found.value[0] + 1e-9
    assert found.value[0] - 1e-9 <= found.upper[0] <= 1 + 1e-12
    scaled = statistics.build_design(np.array(weights) * 7)
    again = statistics.estimate_shares(yes, scaled, method=method)
    np.testing.assert_allclose(again.lower, found.lower, atol=1e-7)


@given(WEIGHTS, METHODS, st.data())
def test_yes_and_no_mirror_each_other(weights, method, data):
    yes = data.draw(st.lists(st.integers(0, 1), min_size=len(weights), max_size=len(weights)))
    design = statistics.build_design(weights)
    one = statistics.estimate_shares(yes, design, method=method)
    other = statistics.estimate_shares(1 - np.array(yes), design, method=method)
    np.testing.assert_allclose(one.lower, 1 - other.upper, atol=1e-7)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), min_size=5, max_size=80))
def test_counts_and_shares_add_up_over_groups_and_answers(rows):
    groups, answers = zip(*rows, strict=True)
    table = statistics.tabulate_answers(
        answers, ["x", "y", "z"], statistics.number_groups(len(rows), groups=groups)
    )
    everyone = table["group"] == ""
    assert table.loc[everyone, "count"].sum() == len(rows)
    assert table.loc[~everyone, "count"].sum() == len(rows)
    shares = table.groupby("group")["percent"].sum()
    np.testing.assert_allclose(shares, 100)
    assert ((table["lower"] <= table["percent"] + 1e-9) & (table["base"] > 0)).all()


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), min_size=12, max_size=80),
    st.integers(1, 9),
    st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9)),
)
def test_raked_weights_meet_the_margins_or_say_so(rows, share, others):
    frame = pd.DataFrame(rows, columns=["one", "two"])
    assume(frame["one"].nunique() == 2 and frame["two"].nunique() == 3)
    margins = {"one": {"a": share, "b": 10 - share}, "two": dict(zip("xyz", others, strict=True))}
    try:
        raked = statistics.rake_weights(frame, margins)
    except RakingError as error:
        assert error.problems[0].column in margins
        return
    assert np.isclose(raked.weights.mean(), 1)
    assert raked.weights.min() >= 0.3 - 1e-6
    assert raked.weights.max() <= 3 + 1e-6
    if raked.status == "converged":
        assert raked.margins["gap"].abs().max() <= 1e-3
    else:
        assert raked.capped > 0
        assert raked.margins["gap"].abs().max() > 0
    assert raked.effective_base <= raked.base * (1 + 1e-9)


@given(*(st.integers(0, 60) for _ in range(4)))
def test_paired_interval_holds_the_difference_and_turns_with_it(a, b, c, d):
    assume(a + b + c + d > 0)
    gap = statistics.paired_difference(a, b, c, d)
    assert gap.lower - 1e-9 <= gap.value <= gap.upper + 1e-9
    assert gap.lower >= -100 - 1e-9
    assert gap.upper <= 100 + 1e-9
    back = statistics.paired_difference(a, c, b, d)
    assert np.isclose(back.lower, -gap.upper, atol=1e-9)
    assert 0 < statistics.mcnemar_test(b, c) <= 1


@given(
    st.floats(0.02, 0.98),
    st.floats(0.01, 0.2),
    st.integers(50, 100_000),
)
def test_a_small_population_needs_no_more_answers(share, width, population):
    plain = statistics.plan_sample(share, width)
    assert statistics.plan_sample(share, width, population=population) <= plain


@given(st.floats(0.05, 0.9), st.floats(0.02, 0.09))
def test_planned_waves_have_the_power(before, change):
    size = statistics.plan_waves(before, before + change)
    assert statistics.calculate_power(before, before + change, size) >= 0.8 - 1e-9
    assert statistics.calculate_power(before, before + change, size - 2) < 0.8


@settings(max_examples=60)
@given(st.lists(st.tuples(CODE, CODE, CODE), min_size=2, max_size=30))
def test_agreement_does_not_depend_on_order_or_names(rows):
    ratings = pd.DataFrame(rows)
    found = statistics.measure_alpha(ratings, draws=20)
    turned = ratings.iloc[::-1, ::-1].replace({"x": "q", "y": "a"})
    again = statistics.measure_alpha(turned, draws=20)
    assert found.units == again.units
    np.testing.assert_allclose(found.value, again.value, atol=1e-9)
    assert not found.value > 1


@given(st.lists(st.sampled_from("xyz"), min_size=2, max_size=30))
def test_coders_who_always_agree_have_full_agreement(codes):
    assume(len(set(codes)) > 1)
    ratings = np.column_stack([codes, codes])
    assert np.isclose(statistics.measure_alpha(ratings, draws=20).value, 1)
    assert np.isclose(statistics.measure_cohen(codes, codes).value, 1)
    assert statistics.measure_percentage(ratings, draws=20).value == 100


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(1, 5000)), min_size=2, max_size=8))
def test_representation_ratios_weigh_up_to_one(rows):
    heard, people = (np.array(part) for part in zip(*rows, strict=True))
    assume(heard.sum() > 0)
    found = statistics.compare_make_up(heard, people)
    np.testing.assert_allclose((found.ratio * people).sum() / people.sum(), 1)
    np.testing.assert_allclose(found.missing_people.sum(), 0, atol=1e-6)
    assert (found.lower <= found.ratio + 1e-9).all()
    assert (found.ratio <= found.upper + 1e-9).all()
