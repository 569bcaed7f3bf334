"""Rule sets and shorthand: every threshold on both sides."""

import numpy as np
import pandas as pd
import pytest

from cip.disclosure import RULES, load_rule
from cip.errors import ParameterError
from cip.shorthand import explain_shorthand, show_value

NHS, UNDER_5, NONE = (load_rule(name) for name in ("nhs", "under_5", "none"))


@pytest.mark.parametrize(
    ("count", "nhs", "under_5", "none"),
    [
        (0, "0", "0", "0"),
        (1, "[c]", "[c]", "1"),
        (4, "[c]", "[c]", "4"),
        (5, "[c]", "5", "5"),
        (7, "[c]", "7", "7"),
        (8, "10", "8", "8"),
        (12, "10", "12", "12"),
        (13, "15", "13", "13"),
        (1002, "1000", "1002", "1002"),
        (np.nan, "", "", ""),
        (0.4, "[c]", "[c]", "0"),  # a sum of shares
        (7.6, "[c]", "8", "8"),
        (7.9999999999, "10", "8", "8"),
        (4.9999999999, "[c]", "5", "5"),
    ],
)
def test_counts_as_shown(count, nhs, under_5, none):
    shown = [rule.show_counts([count], mark="[c]")[0] for rule in (NHS, UNDER_5, NONE)]
    assert shown == [nhs, under_5, none]


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        (13, 3997, 0.0),  # 15 / 3,995 on a base below 4,000: a whole number
        (13, 3998, 0.4),  # 15 / 4,000
        (1002, 3000, 33.0),  # 1,000 / 3,000, not 33.4
        (7, 100, np.nan),
        (0, 100, 0.0),
        (0, 0, np.nan),
        (50, 50, 100.0),
        (25, 200, 13.0),  # 12.5: halves go up
    ],
)
def test_nhs_percentages_come_from_rounded_parts(numerator, denominator, expected):
    found = NHS.calculate_percentages([numerator], [denominator])
    np.testing.assert_allclose(found, [expected])


def test_under_5_leaves_decimals_alone():
    assert UNDER_5.calculate_percentages([10], [30]).tolist() == [100 * 10 / 30]


@pytest.mark.parametrize(("people", "nhs", "under_5"), [(4, 0, 0), (5, 0, 1), (7, 0, 1), (8, 1, 1)])
def test_means_need_people(people, nhs, under_5):
    assert [bool(NHS.shows_mean(people)), bool(UNDER_5.shows_mean(people))] == [nhs, under_5]


def test_every_rule_says_why_and_from_where():
    assert set(RULES) == {"nhs", "under_5", "none"}
    for rule in RULES.values():
        assert rule.label and rule.reason.endswith(".") and rule.source
        assert load_rule(rule.id) is rule
    assert [rule.id for rule in RULES.values() if rule.is_open] == ["none"]


def test_an_unknown_rule_names_the_nearest():
    with pytest.raises(ParameterError, match="'under_5'"):
        load_rule("under5")


def test_a_negative_count_is_an_error():
    with pytest.raises(ValueError, match="negative"):
        NHS.is_unsafe([3, -1])


@pytest.mark.parametrize(
    ("value", "is_suppressed", "reason", "decimals", "expected"),
    [
        (12.34, False, "", 1, "12.3"),
        (1234.0, False, "", 0, "1,234"),
        (12.34, True, "", 1, "[c]"),
        (None, True, "Not applicable.", 1, "[c]"),
        (0.04, False, "", 1, "[low]"),
        (-0.04, False, "", 1, "[low]"),
        (0.05, False, "", 1, "0.1"),
        (0.15, False, "", 1, "0.2"),
        (0.0, False, "", 1, "0.0"),
        (0, False, "", 0, "0"),
        (0.4, False, "", 0, "[low]"),
        (-2.5, False, "", 0, "-3"),
        (np.nan, False, "The table lacks a figure.", 1, "[x]"),
        (None, False, "", 1, "[x]"),
        (pd.NA, pd.NA, pd.NA, 1, "[x]"),
        (None, False, "Not applicable: no such people.", 1, "[z]"),
    ],
)
def test_values_as_shown(value, is_suppressed, reason, decimals, expected):
    assert show_value(value, is_suppressed, reason, decimals=decimals) == expected


def test_shorthand_is_explained_once_each():
    marks = explain_shorthand()
    assert [mark.symbol for mark in marks] == ["[c]", "[low]", "[x]", "[z]"]
    assert all(mark.meaning.endswith(".") for mark in marks)


def test_infinite_figures_and_negative_decimals_are_errors():
    with pytest.raises(ValueError, match="infinite"):
        show_value(float("inf"))
    with pytest.raises(ValueError, match="zero or more"):
        show_value(1.0, decimals=-1)
