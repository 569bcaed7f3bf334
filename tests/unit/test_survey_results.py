"""Results by wave and group against counting by hand, what is withheld, weights and differences."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cip import statistics
from cip.engagement.survey_answers import load_survey
from cip.engagement.survey_changes import compare_answers, describe_comparisons
from cip.engagement.survey_data import Survey
from cip.engagement.survey_mapping import Weighting
from cip.engagement.survey_medians import measure_medians
from cip.engagement.survey_protection import Layout, protect_counts, protect_rows
from cip.engagement.survey_results import number_all_groups, tabulate_answers
from cip.engagement.survey_weights import weigh_survey
from cip.schemas import SCHEMAS
from cip.tables import TableFolder

MAPPING = """title: A survey
design: {design}
mode: online
files:
  - {{path: one.csv, wave: "one"}}
  - {{path: two.csv, wave: "two"}}
characteristics:
  - {{id: sex, column: Sex}}
  - {{id: tenure, column: Home}}
questions:
  - id: safe
    text: Safe?
    kind: likert
    column: Safe
    answers: {{a: a, b: b, c: c, d: d}}
    nets: {{net_ab: [a, b], net_cd: [c, d]}}
  - {{id: clubs, text: Clubs?, kind: multiple, column: Clubs, separator: ";", answers: {{x: x, y: y, z: z}}}}
  - {{id: days, text: Days?, kind: number, column: Days, unit: days}}
  - id: move
    text: Move?
    kind: before_after
    of: single
    before: Then
    after: Now
    answers: {{"Yes": "yes", "No": "no"}}
weights: {{margins: [sex, tenure], cap: [0.2, 4]}}
"""


def make(folder: Path, frames: dict[str, pd.DataFrame], design: str = "random") -> Survey:
    for name, frame in frames.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    (folder / "survey.yml").write_text(MAPPING.format(design=design), encoding="utf-8")
    survey, problems = load_survey(folder / "survey.yml")
    assert not problems
    return survey


def invent(size: int, seed: int, shift: float = 0.0) -> pd.DataFrame:
    chance = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "Sex": chance.choice(["Female", "Male"], size, p=[0.6, 0.4]),
            "Home": chance.choice(["owner", "social", "private", ""], size, p=[0.5, 0.3, 0.15, 0.05]),
            "Safe": chance.choice(["a", "b", "c", "d", "Don't know", ""], size,
                                  p=[0.2 + shift, 0.3, 0.2 - shift, 0.2, 0.06, 0.04]),
            "Clubs": chance.choice(["x", "x;y", "z", "x;y;z", ""], size),
            "Days": chance.choice([*map(str, range(8)), ""], size),
            "Then": chance.choice(["Yes", "No", ""], size, p=[0.4, 0.5, 0.1]),
            "Now": chance.choice(["Yes", "No"], size, p=[0.7, 0.3]),
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def frames() -> dict[str, pd.DataFrame]:
    return {"one": invent(400, 1), "two": invent(360, 2, shift=0.15)}


@pytest.fixture(scope="module")
def survey(frames, tmp_path_factory) -> Survey:
    return make(tmp_path_factory.mktemp("survey"), frames)


@pytest.fixture(scope="module")
def table(survey) -> pd.DataFrame:
    return tabulate_answers(survey)


MARGINS = pd.DataFrame(
    [("sex", "female", 500.0), ("sex", "male", 500.0), ("sex", "self_described", np.nan),
     ("tenure", "owner", 600.0), ("tenure", "social", 250.0), ("tenure", "private", 150.0)],
    columns=["characteristic", "group", "population"],
)  # fmt: skip


def pick(table: pd.DataFrame, question: str, answer: str, group: str = "", wave: str = "one"):
    kept = table[
        (table["question_id"] == question)
        & (table["answer"] == answer)
        & (table["group"] == group)
        & (table["wave"] == wave)
    ]
    assert len(kept) == 1
    return kept.iloc[0]


def test_the_tables_fit_their_schemas(survey, table, tmp_path):
    folder = TableFolder(tmp_path / "tables")
    folder.write("answers", table)
    folder.write("answer_changes", compare_answers(survey))
    assert not table.duplicated(list(SCHEMAS["answers"].key)).any()


@pytest.mark.parametrize(("group", "label"), [("", None), ("female", "Female"), ("male", "Male")])
def test_shares_bases_and_missing_answers_are_those_counted_by_hand(table, frames, group, label):
    frame = frames["one"]
    frame = frame if label is None else frame[frame["Sex"] == label]
    said = frame["Safe"].value_counts()
    base = int(said[["a", "b", "c", "d"]].sum())
    row = pick(table, "safe", "a", group)
    assert row["base"] == base
    assert row["value"] == pytest.approx(100 * said["a"] / base)
    assert (row["dont_know"], row["not_answered"]) == (said["Don't know"], said[""])
    expected = statistics.proportion([said["a"]], [base])
    assert row["lower_95"] == pytest.approx(float(expected.lower[0]))
    net = pick(table, "safe", "net_ab", group)
    assert net["value"] == pytest.approx(100 * (said["a"] + said["b"]) / base)


def test_a_question_with_several_answers_has_all_who_saw_it_in_its_base(table, frames):
    clubs = frames["one"]["Clubs"]
    row = pick(table, "clubs", "x")
    assert row["base"] == 400
    assert row["value"] == pytest.approx(100 * clubs.str.contains("x").mean())
    assert row["not_answered"] == (clubs == "").sum()


def test_numbers_have_a_mean_and_a_median(table, frames):
    days = pd.to_numeric(frames["one"]["Days"])
    mean, median = pick(table, "days", "mean"), pick(table, "days", "median")
    assert mean["value"] == pytest.approx(days.mean())
    assert median["value"] == days.median()
    assert median["lower_95"] <= median["value"] <= median["upper_95"]
    assert mean["unit"] == "days" and mean["base"] == days.notna().sum()


def test_pairs_count_those_with_both_answers(survey, table, frames):
    frame = frames["one"][frames["one"]["Then"] != ""]
    before, after = pick(table, "move", "before_yes"), pick(table, "move", "after_yes")
    assert before["base"] == after["base"] == len(frame)
    assert before["value"] == pytest.approx(100 * (frame["Then"] == "Yes").mean())
    changes = compare_answers(survey).set_index(["question_id", "answer", "kind", "first"])
    row = changes.loc[("move", "yes", "paired", "one: after")]
    assert row["difference"] == pytest.approx(after["value"] - before["value"])
    assert row["reading"] == "higher" and row["p_value"] < 0.001
    less, more = (
        ((frame["Then"] == one) & (frame["Now"] == other)).sum()
        for one, other in (("Yes", "No"), ("No", "Yes"))
    )
    assert row["p_value"] == pytest.approx(float(statistics.mcnemar_test(less, more)))


def test_waves_differ_by_the_later_less_the_earlier(survey, table):
    changes = compare_answers(survey)
    row = changes.set_index(["question_id", "answer", "kind"]).loc[("safe", "net_ab", "waves")]
    assert (row["first"], row["second"]) == ("two", "one")
    later, earlier = (pick(table, "safe", "net_ab", wave=wave) for wave in ("two", "one"))
    assert row["difference"] == pytest.approx(later["value"] - earlier["value"])
    counts = [round(r["value"] * r["base"] / 100) for r in (later, earlier)]
    expected = statistics.newcombe_difference(
        counts[:1], [later["base"]], counts[1:], [earlier["base"]]
    )
    assert row["lower_95"] == pytest.approx(float(expected.lower[0]))
    assert row["reading"] == "higher"


def test_groups_are_held_against_everyone_else_in_the_last_wave(survey, frames):
    changes = compare_answers(survey).set_index(["question_id", "answer", "kind", "first"])
    row = changes.loc[("days", "mean", "groups", "sex: female")]
    days, sex = pd.to_numeric(frames["two"]["Days"]), frames["two"]["Sex"]
    gap = days[sex == "Female"].mean() - days[sex == "Male"].mean()
    assert row["difference"] == pytest.approx(gap) and row["second"] == "rest"
    said = frames["two"][frames["two"]["Safe"].isin(list("abcd"))]
    by_sex = (said["Safe"] == "a").groupby(said["Sex"]).mean() * 100
    row = changes.loc[("safe", "a", "groups", "sex: female")]
    assert row["difference"] == pytest.approx(by_sex["Female"] - by_sex["Male"])


def test_many_comparisons_are_told(survey):
    changes = compare_answers(survey)
    said = describe_comparisons(changes)
    compared = (changes["reading"] != "not compared").sum()
    assert said.startswith(f"{compared:,} comparisons") and "by chance" in said
    assert describe_comparisons(changes.head(0)) == "Nothing could be compared."


def test_small_groups_are_withheld_with_another_beside_them(tmp_path):
    frame = invent(200, 3)
    frame["Home"] = ["owner"] * 120 + ["social"] * 74 + ["private"] * 6
    survey = make(tmp_path, {"one": frame, "two": frame})
    table = tabulate_answers(survey)
    homes = table[(table["characteristic"] == "tenure") & (table["question_id"] == "days")]
    by_group = homes.groupby("group")["display"].agg(set)
    assert by_group.to_dict() == {
        "owner": {"shown"}, "social": {"withheld"}, "private": {"withheld"}
    }  # fmt: skip
    hidden = table[table["display"] == "withheld"]
    assert hidden[["value", "lower_95", "upper_95"]].isna().all(axis=None)
    changes = compare_answers(survey)
    private = changes[changes["first"] == "tenure: private"]
    assert set(private["reading"]) == {"not compared"} and private["difference"].isna().all()


def test_bases_of_10_to_29_are_flagged(tmp_path):
    frame = invent(25, 4)
    frame["Safe"] = ["a"] * 12 + ["b"] * 13
    table = tabulate_answers(make(tmp_path, {"one": frame, "two": frame}), [])
    assert pick(table, "safe", "a")["display"] == "small base"
    assert pick(table, "safe", "a")["value"] == pytest.approx(48)


def test_fewer_than_the_least_people_are_withheld(tmp_path):
    frame = invent(200, 5)
    frame["Safe"] = ["a"] * 7 + ["b"] * 60 + ["c"] * 73 + ["d"] * 60
    survey = make(tmp_path, {"one": frame, "two": frame})
    usual, strict = (tabulate_answers(survey, [], least_people=least) for least in (5, 8))
    assert pick(usual, "safe", "a")["display"] == "shown"
    assert pick(strict, "safe", "a")["display"] == "withheld"
    assert pick(strict, "safe", "b")["display"] == "withheld"


def test_weights_bring_every_wave_to_the_margins(survey):
    weights = weigh_survey(survey, MARGINS)
    assert weights.is_weighted and not weights.problems
    sex = survey.answers["sex"]
    for wave in survey.waves:
        of_wave = survey.answers["wave"] == wave
        share = weights.weights[of_wave & (sex == "female")].sum() / weights.weights[of_wave].sum()
        assert share == pytest.approx(0.5, abs=1e-5)
        assert weights.weights[of_wave].mean() == pytest.approx(1)
    assert all(effect > 1 for effect in weights.design_effects.values())
    table = tabulate_answers(survey, ["sex"], weights)
    row = pick(table, "safe", "a")
    women, men = (pick(table, "safe", "a", group) for group in ("female", "male"))
    assert table["is_weighted"].all() and row["effective_base"] < row["base"]
    assert min(women["value"], men["value"]) < row["value"] < max(women["value"], men["value"])


@pytest.mark.parametrize(
    ("design", "words"), [("convenience", "forward"), ("census_of_group", "Everyone")]
)
def test_designs_that_weights_do_not_suit_stay_unweighted(tmp_path, frames, design, words):
    weights = weigh_survey(make(tmp_path, frames, design), MARGINS)
    assert not weights.is_weighted and words in weights.reason


def test_a_margin_with_nobody_in_it_leaves_all_unweighted(tmp_path, frames):
    empty = frames["two"].assign(Home="owner")
    survey = make(tmp_path, {**frames, "two": empty})
    weights = weigh_survey(survey, MARGINS)
    assert not weights.is_weighted and not weights.waves
    told = " ".join(map(str, weights.problems))
    assert "wave two" in told and "'social'" in told and "'private'" in told
    joined = Weighting(margins=["sex", "tenure"],
                       join={"tenure": {"all": ["owner", "social", "private"]}})  # fmt: skip
    assert weigh_survey(survey, MARGINS, weighting=joined).is_weighted


def test_margins_that_contradict_each_other_are_reported(tmp_path):
    frame = invent(100, 6)
    # Every woman owns, every man rents, but the population says otherwise.
    frame["Sex"], frame["Home"] = ["Female"] * 50 + ["Male"] * 50, ["owner"] * 50 + ["social"] * 50
    survey = make(tmp_path, {"one": frame, "two": frame})
    margins = MARGINS[MARGINS["group"] != "private"].assign(population=[500, 500, np.nan, 900, 100])
    plan = Weighting(margins=["sex", "tenure"], cap=(0.01, 90))
    weights = weigh_survey(survey, margins, weighting=plan)
    assert not weights.is_weighted
    assert "no weights meet all margins" in weights.reason


def test_a_margin_without_population_is_reported(survey):
    weights = weigh_survey(survey, MARGINS[MARGINS["characteristic"] == "sex"])
    assert not weights.is_weighted and "tenure" in str(weights.problems[0])


def test_withheld_groups_are_hidden_by_others_or_by_those_unknown():
    bases = np.array([100.0, 50.0, 6.0])
    assert protect_rows(bases, 0).tolist() == [False, True, True]
    assert protect_rows(bases, 20).tolist() == [False, False, True]
    assert protect_rows(np.array([100.0, 4.0, 3.0, 30.0]), 0).tolist() == [False, True, True, True]
    assert not protect_rows(np.array([100.0, 0.0]), 0).any()


def test_nets_stay_shown_where_their_answers_can_hide_each_other():
    counts = np.array([[3.0, 60.0, 40.0, 50.0, 63.0, 90.0]])
    layout = Layout((4, 5), {4: (0, 1), 5: (2, 3)})
    hidden = protect_counts(counts, np.array([153.0]), layout)
    assert hidden.tolist() == [[True, True, False, False, False, False]]


def test_weighted_medians_are_where_half_the_weight_lies():
    groups = number_all_groups(pd.DataFrame(index=range(4)), {}, np.array([1.0, 1.0, 1.0, 5.0]))
    found = measure_medians(pd.Series([1.0, 2.0, 3.0, 9.0]), groups[""])
    assert found[0, 0] == 9
    equal = number_all_groups(pd.DataFrame(index=range(4)), {}, None)
    assert measure_medians(pd.Series([1.0, 2.0, 3.0, np.nan]), equal[""])[0, 0] == 2
    assert np.isnan(measure_medians(pd.Series([np.nan] * 4), equal[""])).all()
