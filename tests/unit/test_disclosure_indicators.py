"""The table of indicators: what is withheld under each rule."""

import numpy as np
import pandas as pd
import pytest

from cip.disclosure import load_rule, protect_indicators

UNDER_5, NHS = load_rule("under_5"), load_rule("nhs")
NAN = float("nan")
LIMITS = ["lower_95", "upper_95", "lower_998", "upper_998"]


def make_rows(*cells, **changes):
    """One row per cell: numerator, denominator, group; other columns filled."""
    rows = []
    for numerator, denominator, group in cells:
        value = numerator if np.isnan(denominator) else 100 * numerator / (denominator or NAN)
        rows.append(
            {"indicator_id": "i", "section": "s", "area_code": "here", "area_name": "Here",
             "area_role": "profile", "period": "2021", "group": group, "group_label": group,
             "value": value, **dict.fromkeys(LIMITS, 50.0), "numerator": float(numerator),
             "denominator": float(denominator), "unit": "%", "comparison": "",
             "comparison_998": "", "comparison_method": "", "is_suppressed": False,
             "missing_reason": "", "source_id": "own", **changes}
        )  # fmt: skip
    return pd.DataFrame(rows)


def list_shown(table):
    return table.loc[table["numerator"].notna(), "group"].tolist()


@pytest.mark.parametrize(
    ("cells", "shown", "base"),
    [
        ([(20, 100, "a")], ["a"], True),
        ([(4, 100, "a")], [], True),
        ([(0, 100, "a")], ["a"], True),
        ([(97, 100, "a")], [], True),  # three people are without
        ([(100, 100, "a")], ["a"], True),
        ([(3, 4, "a")], [], False),
        ([(4, 8, "a")], [], False),  # four with and four without
        ([(3, 100, "a"), (40, 100, "b"), (57, 100, "c")], ["c"], True),
        ([(3, 100, "a"), (40, 100, "b"), (30, 100, "c")], ["b", "c"], True),  # a rest of 27
        ([(3, 103, "a"), (100, 103, "b")], [], True),
        ([(48, 100, "a"), (50, 100, "b")], ["b"], True),  # a rest of 2
        ([(60, 100, "a"), (70, 100, "b"), (98, 100, "c")], ["a", "b"], True),  # overlapping
        ([(3, NAN, "a"), (40, NAN, "b")], ["b"], True),  # counts without a base
    ],
)
def test_groups_of_one_base(cells, shown, base):
    safe = protect_indicators(make_rows(*cells), UNDER_5)
    assert list_shown(safe) == shown
    lost = safe[safe["numerator"].isna()]
    assert lost[["value", *LIMITS]].isna().all(axis=None)
    assert lost["is_suppressed"].all()
    assert (lost["missing_reason"] == "Suppressed to protect people.").all()
    kept = safe[safe["numerator"].notna()]
    assert kept[["value", *LIMITS]].notna().all(axis=None) and not kept["is_suppressed"].any()
    if not np.isnan(cells[0][1]):
        assert safe["denominator"].notna().all() == base


def test_a_withheld_base_is_withheld_wherever_it_stands():
    small = make_rows((4, 8, "a"))
    other = make_rows((0, 8, "a"), indicator_id="j")
    people = make_rows((8, NAN, "a"), indicator_id="people")
    elsewhere = make_rows((0, 8, "a"), indicator_id="j", area_code="there")
    safe = protect_indicators(pd.concat([small, other, people, elsewhere]), UNDER_5)
    assert safe["numerator"].isna().tolist() == [True, True, True, False]


def test_means_need_enough_people():
    rows = make_rows((NAN, 7, "a"), (NAN, 8, "b"), (NAN, 0, "c"))
    rows["value"] = [3.3, 4.4, NAN]
    safe = protect_indicators(rows, NHS)
    assert safe["value"].isna().tolist() == [True, False, True]
    assert safe["is_suppressed"].tolist() == [True, False, False]
    assert safe["denominator"].isna().tolist() == [True, False, False]
    assert safe.loc[1, ["value", "denominator"]].tolist() == [4.4, 10]


def test_nhs_makes_values_from_rounded_parts_and_drops_limits():
    rows = make_rows((1002, 3001, "a"), (13, 3001, "b"), (7, 3001, "c"))
    safe = protect_indicators(rows, NHS)
    assert safe["numerator"].tolist()[:2] == [1000, 15] and np.isnan(safe["numerator"][2])
    assert safe["denominator"].tolist() == [3000, 3000, 3000]
    assert safe["value"].tolist()[:2] == [33, 1]
    assert safe[LIMITS].isna().all(axis=None)
    assert safe["is_suppressed"].tolist() == [False, False, True]
    large = protect_indicators(make_rows((1002, 8001, "a")), NHS)
    assert large["value"].tolist() == [12.5]


def test_nhs_keeps_a_rate_a_rate_and_counts_round():
    rate = make_rows((52, 4003, "a"), value=1000 * 52 / 4003)
    safe = protect_indicators(rate, NHS, statistics={"i": "rate"})
    assert safe["value"].tolist() == pytest.approx([1000 * 50 / 4005])
    assert protect_indicators(make_rows((52, NAN, "a")), NHS)["value"].tolist() == [50]


def test_more_events_than_people_have_no_rest():
    rows = make_rows((120, 117, "a"))
    assert list_shown(protect_indicators(rows, UNDER_5, statistics={"i": "rate"})) == ["a"]


def test_the_country_is_not_sub_national():
    rows = make_rows((1003, 4001, "a"), area_role="england")
    pd.testing.assert_frame_equal(protect_indicators(rows, NHS), rows)


@pytest.mark.parametrize("rule", ["none", "under_5", "nhs"])
def test_published_figures_are_left_alone(rule):
    rows = make_rows((3, 100, "a"))
    kind = {} if rule == "none" else {"i": "published"}
    safe = protect_indicators(rows, load_rule(rule), statistics=kind)
    pd.testing.assert_frame_equal(safe, rows)


def test_no_comparison_with_a_withheld_figure():
    own = make_rows((3, 100, "a"))
    district = make_rows((300, 5000, "a"), area_code="Z07", area_role="district",
                         comparison="higher", comparison_998="similar")  # fmt: skip
    safe = protect_indicators(pd.concat([own, district]), UNDER_5)
    assert safe["comparison"].tolist() == ["", "not compared"]
    assert safe["comparison_998"].tolist() == ["", "not compared"]
    assert safe["missing_reason"].iloc[1] == "The area's figure is suppressed to protect people."
    assert safe["value"].tolist()[1] == 6 and not safe["is_suppressed"].iloc[1]


def test_index_order_columns_and_the_table_given_stay():
    rows = make_rows((40, 103, "a"), (3, 103, "b"), (60, 103, "c"))
    rows.index = [7, 3, 5]
    before = rows.copy()
    safe = protect_indicators(rows.drop(columns=["lower_998", "upper_998"]), UNDER_5)
    assert safe.index.tolist() == [7, 3, 5]
    assert "lower_998" not in safe.columns
    pd.testing.assert_frame_equal(rows, before)


def test_missing_figures_stay_missing_with_their_reason():
    rows = make_rows((NAN, NAN, "a"), missing_reason="The table lacks a figure.")
    safe = protect_indicators(rows, UNDER_5)
    assert not safe["is_suppressed"].any()
    assert safe["missing_reason"].tolist() == ["The table lacks a figure."]


def test_a_statistic_that_is_none_is_refused():
    with pytest.raises(ValueError, match="no such statistic"):
        protect_indicators(make_rows((3, 100, "a")), UNDER_5, statistics={"i": "ratios"})
