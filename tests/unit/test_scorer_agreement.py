"""Kendall's W against published answers."""

from __future__ import annotations

import numpy as np
import pytest

from cip.statistics.scorer_agreement import measure_concordance

# R package irr, data set 'anxiety' (20 people, 3 raters); W with ties as its manual prints it.
ANXIETY = np.column_stack(
    [
        [3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3],
        [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4],
        [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2],
    ]
)


def test_w_with_ties_as_published():
    found = measure_concordance(ANXIETY)
    assert round(found.w, 7) == 0.5396569
    assert 0.01 < found.chance < 0.03


def test_w_without_ties_as_published():
    # ProofWiki, Kendall's coefficient of concordance, arbitrary example 1: one sixteenth.
    found = measure_concordance([[1, 1, 2, 3], [3, 2, 3, 1], [2, 3, 1, 2]])
    assert found.w == 1 / 16
    # Ten projects and four judges, a textbook's sum of squares 1,048: 12 x 1048 / (16 x 990).
    judges = np.column_stack(
        [
            [1, 3, 4, 5, 2, 8, 6, 7, 10, 9],
            [2, 1, 4, 5, 6, 3, 8, 7, 10, 9],
            [3, 2, 1, 5, 7, 4, 6, 8, 9, 10],
            [4, 2, 3, 1, 6, 7, 5, 9, 8, 10],
        ]
    )
    assert measure_concordance(judges).w == pytest.approx(12 * 1048 / (16 * 990))


def test_full_agreement_and_its_chance():
    found = measure_concordance([[1, 10, 5], [2, 20, 6], [3, 30, 7]])
    assert found.w == 1
    assert found.mean_correlation == pytest.approx(1)
    # Of the 36 pairs of orders of the others one alone agrees in full.
    assert found.chance == pytest.approx(1 / 36)


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ([[1], [2], [3]], "fewer than two scorers"),
        ([[1, 2], [2, 1], [np.nan, 3]], "fewer than three applicants"),
        ([[1, 2], [1, 1], [1, 3]], "gave every applicant the same"),
    ],
)
def test_no_figure_has_its_reason(scores, words):
    found = measure_concordance(scores)
    assert np.isnan(found.w)
    assert words in found.reason
