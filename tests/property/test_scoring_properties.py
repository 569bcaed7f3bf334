"""What holds of any panel: W and its relations, ranks, scores and who is left out."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import friedmanchisquare

from cip.framework.scoring_results import average, rank_means
from cip.statistics.scorer_agreement import measure_concordance


def _draw_panels(most_applicants: int = 5, least_scorers: int = 3) -> st.SearchStrategy:
    sizes = st.tuples(st.integers(3, most_applicants), st.integers(least_scorers, 4))
    return sizes.flatmap(
        lambda size: st.lists(
            st.lists(st.integers(0, 4), min_size=size[1], max_size=size[1]),
            min_size=size[0],
            max_size=size[0],
        )
    )


@settings(max_examples=40, deadline=None)
@given(_draw_panels(most_applicants=4))
def test_w_is_friedmans_statistic_on_another_scale(scores):
    table = np.array(scores, dtype=float)
    found = measure_concordance(table)
    if found.reason:
        assert np.isnan(found.w)
        return
    applicants, scorers = table.shape
    statistic = friedmanchisquare(*table).statistic
    assert found.w == pytest.approx(statistic / (scorers * (applicants - 1)), abs=1e-9)
    assert -1e-9 <= found.w <= 1 + 1e-9
    assert 0 < found.chance <= 1


@settings(max_examples=30, deadline=None)
@given(st.lists(st.permutations(range(4)), min_size=2, max_size=3))
def test_without_ties_w_and_the_mean_correlation_are_one_figure(orders):
    found = measure_concordance(np.column_stack(orders))
    scorers = len(orders)
    assert found.mean_correlation == pytest.approx((scorers * found.w - 1) / (scorers - 1))


means = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3),
    st.fractions(min_value=0, max_value=100, max_denominator=6),
    min_size=1,
    max_size=8,
)


@settings(max_examples=40, deadline=None)
@given(means)
def test_ranks_share_ties_and_leave_out_what_follows(held):
    ranks = rank_means(held)
    for name, rank in ranks.items():
        better = sum(other > held[name] for other in held.values())
        assert rank == better + 1
    assert min(ranks.values()) == 1


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from("xyz"), st.sampled_from("ab")),
        st.fractions(min_value=0, max_value=100, max_denominator=12),
        min_size=1,
    )
)
def test_a_mean_lies_between_its_scores_and_leaving_out_leaves_the_others(scores):
    found = average(scores)
    for name, mean in found.items():
        own = [score for (applicant, _), score in scores.items() if applicant == name]
        assert min(own) <= mean <= max(own)
        assert isinstance(mean, Fraction)
    without = average(scores, without="a")
    assert without == average({pair: score for pair, score in scores.items() if pair[1] != "a"})
