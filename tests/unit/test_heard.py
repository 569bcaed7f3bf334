"""Who was heard against who lives here, what is withheld, and what the engagement cannot say."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cip.catalogue.people_groups import load_people_groups
from cip.engagement.heard import (
    NO_ANSWER_OR_RARE,
    NOT_COMPARED,
    SPOKEN,
    TOO_FEW,
    count_heard,
    find_unheard,
    judge_heard,
    list_speakers,
)
from cip.engagement.limits import EngagementFacts, list_limits
from cip.engagement.margins import COLUMNS
from cip.errors import ParameterError
from cip.param_models import EngagementSettings
from cip.statistics.representation import FEWER, IN_LINE, MORE, NOBODY_HEARD, UNCLEAR
from cip.tables import check_table

FIVE = EngagementSettings(least_people=5)
AGES = ("16_24", "25_34", "35_49", "50_64", "65_74", "75_plus")
SECRET = "ring 07700 900 123"


def make_margins(**populations: dict[str, float | None]) -> pd.DataFrame:
    """Return margins of some characteristics; None is a group that nobody counts."""
    rows = []
    for name, groups in populations.items():
        labels = load_people_groups()[name].labels
        for group, people in groups.items():
            number = np.nan if people is None else float(people)
            source = "" if people is None else "ts054"
            rows.append((name, group, labels.get(group, group), number, source, "", "", ""))
    return pd.DataFrame(rows, columns=COLUMNS)


def make_people(wave: str = "2026", **columns: dict[str | None, int]) -> pd.DataFrame:
    """Return one row per person from the number of people with each answer."""
    lists = {
        name: [a for a, n in counts.items() for _ in range(n)] for name, counts in columns.items()
    }
    return pd.DataFrame({"wave": wave, **{k: pd.Series(v, dtype=object) for k, v in lists.items()}})


TENURE = make_margins(tenure={"owner": 500, "social": 300, "private": 200})


def rows_of(table: pd.DataFrame, name: str = "tenure") -> pd.DataFrame:
    own = table[table["characteristic"] == name].set_index("group")
    return own.assign(verdict=judge_heard(own.reset_index()).to_numpy())


def test_shares_and_ratios_are_those_of_a_hand_calculation():
    people = make_people(tenure={"owner": 70, "social": 20, "private": 10})
    table = check_table("respondents", count_heard(people, TENURE, FIVE))
    found = rows_of(table)
    assert found["respondents"].to_dict() == {"private": 10, "social": 20, "owner": 70}
    # Wilson 10 of 100: 5.52 to 17.44; against 20% of the people.
    row = found.loc["private"]
    assert row["share"] == 10 and row["population_share"] == 20 and row["ratio"] == 0.5
    assert (round(row["lower_95"], 2), round(row["upper_95"], 2)) == (5.52, 17.44)
    assert (round(row["ratio_lower_95"], 3), round(row["ratio_upper_95"], 3)) == (0.276, 0.872)
    assert found["verdict"].to_dict() == {"private": FEWER, "social": FEWER, "owner": MORE}
    assert table["group"].tolist() == ["private", "social", "owner"]


def test_gaps_come_first_and_nobody_heard_before_all():
    people = make_people(tenure={"owner": 60, "social": 40}, disability={"yes": 20, "no": 80})
    margins = pd.concat([TENURE, make_margins(disability={"yes": 200, "no": 800})])
    table = count_heard(people, margins, FIVE)
    assert table["group"].tolist()[0] == "private"
    assert judge_heard(table).tolist() == [NOBODY_HEARD, IN_LINE, IN_LINE, MORE, MORE]
    few = count_heard(make_people(tenure={"owner": 8, "social": 6}), TENURE, FIVE)
    assert rows_of(few).loc["private", "verdict"] == UNCLEAR


def test_small_groups_are_withheld_with_one_that_would_give_them_away():
    people = make_people(tenure={"owner": 90, "social": 27, "private": 3})
    table = check_table("respondents", count_heard(people, TENURE, FIVE))
    found = rows_of(table)
    assert found["display"].to_dict() == {
        "owner": "shown",
        "social": "withheld",
        "private": "withheld",
    }
    hidden = found.loc[["social", "private"]]
    figures = ["respondents", "share", "lower_95", "upper_95", "ratio", "ratio_lower_95",
               "ratio_upper_95", "weight_mean"]  # fmt: skip
    assert hidden[figures].isna().all(axis=None)
    assert set(hidden["verdict"]) == {TOO_FEW} and set(hidden["population"]) == {300, 200}


@pytest.mark.parametrize(
    ("answered", "expected"),
    [(9, {"withheld"}), (12, {"small base"}), (29, {"small base"}), (30, {"shown"})],
)
def test_the_base_decides_what_is_flagged(answered, expected):
    counts = {"owner": answered - 6, "social": 6} if answered > 9 else {"owner": 9}
    table = count_heard(make_people(tenure=counts), TENURE, FIVE)
    assert set(table["display"]) == expected


def test_a_higher_least_number_withholds_more():
    people = make_people(tenure={"owner": 40, "social": 20, "private": 12})
    shown = count_heard(people, TENURE, FIVE)["display"]
    fewer = count_heard(people, TENURE, EngagementSettings(least_people=15))["display"]
    all_gone = count_heard(people.head(30), TENURE, EngagementSettings(least_people=50))["display"]
    assert (shown == "withheld").sum() == 0 and (fewer == "withheld").sum() == 2
    assert set(all_gone) == {"withheld"}


def test_silence_stands_apart_and_never_in_the_base():
    answers = {"owner": 50, "social": 30, "private": 20, "prefer_not_to_say": 3,
               "dont_know": 1, None: 2}  # fmt: skip
    table = count_heard(make_people(tenure=answers), TENURE, FIVE)
    found = rows_of(table)
    assert set(table["answered"]) == {100}
    assert found.loc["prefer_not_to_say", "respondents"] == 3
    assert found.loc["not_answered", "respondents"] == 3
    assert found.loc[["prefer_not_to_say", "not_answered"], "share"].isna().all()
    assert table["group"].tolist()[-2:] == ["prefer_not_to_say", "not_answered"]


def test_a_rare_group_that_the_census_lacks_hides_nobody_elses_figures():
    margins = make_margins(sex={"female": 500, "male": 500, "self_described": None})
    people = make_people(sex={"female": 60, "male": 40, "self_described": 1, None: 1})
    table = count_heard(people, margins, FIVE)
    assert table["group"].tolist() == ["male", "female", "not_answered"]
    silent = table.iloc[-1]
    assert silent["group_label"] == NO_ANSWER_OR_RARE and silent["respondents"] == 2
    enough = make_people(sex={"female": 60, "male": 40, "self_described": 6})
    seen = rows_of(count_heard(enough, margins, FIVE), "sex")
    assert seen.loc["self_described", "respondents"] == 6
    assert seen.loc["self_described", "verdict"] == NOT_COMPARED
    named = EngagementSettings(seldom_heard=["sex: self_described"])
    kept = rows_of(count_heard(people, margins, named), "sex")
    assert kept.loc["self_described", "display"] == "withheld"
    assert kept.loc["self_described", "is_seldom_heard"]


def test_a_characteristic_without_a_count_is_not_compared():
    margins = make_margins(internet_use={"daily": None, "seldom": None, "never": None})
    table = count_heard(make_people(internet_use={"daily": 80, "seldom": 20}), margins, FIVE)
    assert set(judge_heard(table)) == {NOT_COMPARED}
    assert rows_of(table, "internet_use").loc["seldom", "share"] == 20
    assert table["ratio"].isna().all()


def test_people_where_the_census_counts_none_do_not_stop_the_table():
    margins = make_margins(religion={"none": 90, "christian": 10, "muslim": 0, "other": 0})
    table = count_heard(make_people(religion={"none": 20, "muslim": 20}), margins, FIVE)
    found = rows_of(table, "religion")
    assert found.loc["muslim", "verdict"] == NOT_COMPARED and found.loc["muslim", "share"] == 50


def test_waves_are_counted_apart_and_what_was_not_asked_has_no_row():
    first = make_people("2025", tenure={"owner": 50, "social": 50})
    second = make_people("2026", tenure={"prefer_not_to_say": 5, None: 95})
    people = pd.concat([first, second], ignore_index=True)
    table = count_heard(people, TENURE, FIVE)
    assert set(table["wave"]) == {"2025"}
    assert count_heard(people[["wave"]], TENURE, FIVE).empty


def test_categories_that_nobody_chose_and_numbers_of_rows_make_no_difference():
    people = make_people(tenure={"owner": 50, "social": 50})
    people.index = range(1000, 1100)
    as_category = people.assign(
        tenure=people["tenure"].astype("category"), wave=people["wave"].astype("category")
    )
    weights = pd.Series(2.0, index=people.index)
    one = count_heard(people, TENURE, FIVE, weights=weights)
    other = count_heard(as_category, TENURE, FIVE, weights=weights)
    pd.testing.assert_frame_equal(one, other)
    assert rows_of(one).loc["owner", "weight_mean"] == 2.0
    assert pd.isna(rows_of(one).loc["private", "weight_mean"])


def test_a_value_that_is_no_group_is_refused_without_repeating_it():
    people = make_people(tenure={"owner": 50, SECRET: 2})
    with pytest.raises(ValueError, match="2 value") as caught:
        count_heard(people, TENURE, FIVE)
    assert "07700" not in str(caught.value) and "tenure" in str(caught.value)


def test_parts_of_the_area_may_be_a_surveys_own():
    margins = make_margins(part_of_area={"Z01000001": 600, "Z01000002": 400})
    people = make_people(part_of_area={"quay": 40, "mill": 60})
    table = count_heard(people, margins, FIVE, part_names={"quay": "The Quay"})
    labels = rows_of(table, "part_of_area")["group_label"].to_dict()
    assert labels["quay"] == "The Quay" and labels["mill"] == "mill"


def test_an_unknown_seldom_heard_group_is_told():
    with pytest.raises(ParameterError, match="tenure: private"):
        count_heard(
            make_people(tenure={"owner": 1}),
            TENURE,
            EngagementSettings(seldom_heard=["tenure: privat"]),
        )


@settings(max_examples=20, deadline=None)
@given(
    counts=st.lists(st.integers(0, 40), min_size=6, max_size=6),
    silent=st.integers(0, 5),
    least=st.integers(3, 12),
)
def test_nobody_can_work_out_a_small_group(counts, silent, least):
    """Every withheld count has two or more values that agree with all that is shown."""
    margins = make_margins(age=dict.fromkeys(AGES, 100))
    people = make_people(age={**dict(zip(AGES, counts, strict=True)), None: silent})
    table = count_heard(people, margins, EngagementSettings(least_people=least))
    if not sum(counts):
        assert table.empty
        return
    found = table[table["group"].isin(AGES)].set_index("group")
    shown = found[found["display"] != "withheld"]
    assert not shown["respondents"].between(1, least - 1).any()
    assert (found["respondents"].fillna(0).sum() <= found["answered"]).all()
    hidden = found.index[found["display"] == "withheld"]
    if len(hidden) and len(shown):
        left = int(found["answered"].iloc[0] - shown["respondents"].sum())
        # A blank is somebody, so each of the others takes one at least.
        assert len(hidden) >= 2 and left - (len(hidden) - 1) > 1
    for row in shown.itertuples():
        assert row.lower_95 - 1e-9 <= row.share <= row.upper_95 + 1e-9
        assert row.ratio_lower_95 - 1e-9 <= row.ratio <= row.ratio_upper_95 + 1e-9


def test_speakers_are_people_and_not_excerpts():
    excerpts = pd.DataFrame(
        [
            ("p1", "interview", "16_24", "female", SECRET),
            ("p1", "interview", "16_24", "male", SECRET),
            ("p1", "interview", None, None, SECRET),
            ("p2", "focus group", "75_plus", "male", SECRET),
            ("p3", "survey", "75_plus", "male", SECRET),
            (None, "street", "75_plus", "male", SECRET),
        ],
        columns=["person_id", "voice", "age", "sex", "text"],
    )
    people = list_speakers(excerpts)
    assert people.columns.tolist() == ["wave", "age", "sex"]
    assert people["wave"].tolist() == [SPOKEN] * 2
    assert people["age"].tolist() == ["16_24", "75_plus"]
    # Told in two ways of one person: not known.
    assert people["sex"].isna().tolist() == [True, False]
    assert "07700" not in people.to_csv()


def make_facts(**facts) -> EngagementFacts:
    people = make_people(tenure={"owner": 90, "social": 10}, age={"50_64": 98, "16_24": 2})
    margins = pd.concat([TENURE, make_margins(age=dict.fromkeys(AGES, 100))])
    seldom = [("tenure", "private"), ("age", "16_24"), ("carer", "yes")]
    return EngagementFacts(
        **{"respondents": count_heard(people, margins, FIVE), "seldom_heard": seldom, **facts}
    )


def test_limits_name_groups_that_were_not_heard():
    facts = make_facts()
    assert find_unheard(facts.respondents, facts.seldom_heard) == [
        ("tenure", "private"),
        ("carer", "yes"),
    ]
    text = " ".join(list_limits(facts))
    assert "there is nobody from people who rent privately" in text
    assert "set out to hear unpaid carers, but nobody was asked" in text
    assert "In the survey (2026) these were heard less than their share of the area: " in text
    # A group that is withheld was heard, by a few, and is not called unheard.
    assert "nobody from people aged 16 to 24" not in text


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "There was no survey"),
        ({"design": "convenience"}, "open to whoever came upon it"),
        ({"design": "random"}, "not everyone answered"),
        ({"design": "quota", "waves": ("2025", "2026")}, "The waves 2025 and 2026 reached different"),
        ({"uncounted": 1}, "One activity does not say"),
        ({"uncounted": 2}, "Two activities do not say"),
        ({"interviews": 3}, "too few conversations to judge"),
        ({"interviews": 9, "saturation": "not reached"}, "still brought new themes"),
        ({"interviews": 24, "saturation": "6+2"}, "ran dry (6+2)"),
        ({"interviews": 24, "coders": 1}, "One person coded"),
        ({"interviews": 24, "coders": 2, "alpha": 0.5}, "alpha 0.50"),
        ({"open_disagreements": 1}, "One disagreement is not settled"),
        ({"sector_groups": 12}, "12 community and voluntary groups answered"),
        ({"unplanned": [("carer", "yes")]}, "Nothing was held that was meant for unpaid carers"),
    ],
)  # fmt: skip
def test_limits_say_what_follows_from_the_facts(facts, words):
    assert any(words in sentence for sentence in list_limits(make_facts(**facts)))


def test_limits_do_not_say_what_does_not_follow():
    done = make_facts(
        design="random", waves=("2026",), interviews=24, saturation="6+2", coders=2, alpha=0.9
    )
    text = " ".join(list_limits(done))
    for words in ("One person coded", "alpha", "not settled", "no survey", "waves", "activit"):
        assert words not in text
    assert list_limits(EngagementFacts())[0].startswith("There was no survey")
    assert all(len(sentence.split()) <= 45 for sentence in list_limits(done))


def test_facts_show_no_table():
    assert "tenure" not in repr(make_facts(seldom_heard=()))


def test_small_bases_are_named_once_a_wave():
    people = make_people(tenure={"owner": 12, "social": 8}, age={"50_64": 20})
    margins = pd.concat([TENURE, make_margins(age=dict.fromkeys(AGES, 100))])
    facts = EngagementFacts(respondents=count_heard(people, margins, FIVE))
    told = [s for s in list_limits(facts) if "is rough" in s]
    assert told == ["In the survey (2026) fewer than 30 people told us their age and tenure, so a "
                    "comparison with the area is rough."]  # fmt: skip


def test_a_hundred_thousand_people_take_no_time(benchmark_seconds=2.0):
    from time import perf_counter

    people = pd.concat(
        itertools.repeat(make_people(tenure={"owner": 50, "social": 30, "private": 20}), 1000),
        ignore_index=True,
    )
    start = perf_counter()
    count_heard(people, TENURE, FIVE)
    assert perf_counter() - start < benchmark_seconds
