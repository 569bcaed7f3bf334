"""Outcomes: what is refused, what is tested and what is not, and what is withheld."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from cip.catalogue.evaluation import load_bases
from cip.display.change_chart import chart_changes
from cip.display.change_chart_card import OutcomeBlock
from cip.display.change_chart_words import judge, word_change, word_point
from cip.errors import ParameterError
from cip.framework.outcomes import (
    Measured,
    list_outcome_citations,
    measure_outcomes,
    read_outcomes,
)
from cip.framework.outcomes_columns import list_outcome_columns
from cip.schemas.engagement import ENGAGEMENT
from cip.statistics import mcnemar_test, newcombe_difference, paired_difference

TODAY = date(2026, 11, 21)
KNOWN = {"recommendations": ["bus"], "actions": ["late-bus"], "grants": ["g1"]}
ASKED = "How often do you feel it?"
BASE = {"id": "one", "outcome": "More people do", "goal": "dialogue", "measure": "People who do"}
TYPED = BASE | {
    "unit": "%",
    "design": "independent samples",
    "better": "higher",
    "baseline_wording": ASKED,
    "baseline_on": "2025-05-01",
    "baseline_value": "20",
    "baseline_base": "300",
    "followup_wording": ASKED,
    "followup_on": "2026-05-01",
    "followup_value": "30",
    "followup_base": "280",
}
PAIRS = BASE | {
    "unit": "%",
    "design": "same people",
    "baseline_wording": ASKED,
    "followup_wording": ASKED,
    "baseline_on": "2026-01-10",
    "followup_on": "2026-05-10",
    "yes_both": "20",
    "only_before": "5",
    "only_after": "19",
    "no_both": "16",
}


def make_answers(**changes) -> pd.DataFrame:
    rows = []
    for wave, share, base in (("2025", 20.0, 300), ("2026", 30.0, 280)):
        for characteristic, group, part in (("", "", 1.0), ("age", "16_24", 0.1)):
            for answer in ("yes", "no"):
                value = share if answer == "yes" else 100 - share
                rows.append(
                    {
                        "question_id": "say", "question": ASKED, "wave": wave,
                        "characteristic": characteristic, "group": group, "answer": answer,
                        "answer_label": answer, "value": value, "lower_95": value - 5,
                        "upper_95": value + 5, "unit": "%", "base": int(base * part),
                        "effective_base": base * part, "dont_know": 0, "not_answered": 0,
                        "is_weighted": True, "display": "shown",
                    }
                    | changes
                )  # fmt: skip
    return pd.DataFrame(rows, columns=list(ENGAGEMENT["answers"].columns))


def make_changes() -> pd.DataFrame:
    row = {
        "question_id": "say", "answer": "yes", "kind": "waves", "first": "2026", "second": "2025",
        "difference": 10.0, "lower_95": 2.5, "upper_95": 17.0, "p_value": None,
        "reading": "higher", "method": "a method",
    }  # fmt: skip
    return pd.DataFrame([row])


def make_measured(**changes) -> Measured:
    return Measured(make_answers(**changes), make_changes(), None, None)


def write(tmp_path: Path, *rows: dict) -> Path:
    path = tmp_path / "outcomes.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(list_outcome_columns()), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def measure(tmp_path: Path, row: dict, measured: Measured | None = None, least: int = 5):
    held = measured or Measured()
    table = read_outcomes(write(tmp_path, row), today=TODAY, known=KNOWN, measured=held)
    return measure_outcomes(table, held, least_people=least).iloc[0].to_dict()


def refuse(tmp_path: Path, *rows: dict, measured: Measured | None = None) -> list[str]:
    with pytest.raises(ParameterError) as error:
        read_outcomes(write(tmp_path, *rows), today=TODAY, known=KNOWN, measured=measured)
    assert all(problem.row and problem.column for problem in error.value.problems)
    return [str(problem).partition("outcomes.csv, ")[2] for problem in error.value.problems]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"goal": "dialog"},
            "row 2, column 'goal': this is not one of the choices. Found: dialog.",
        ),
        ({"goal": ""}, "row 2, column 'goal': this outcome belongs to no goal and to no question"),
        ({"followup_wording": "Do you feel it now?"}, "'followup_wording': the follow-up asked in"),
        ({"baseline_wording": "can_influense"}, "the question bank has no such question"),
        ({"followup_on": "01/05/2026"}, "written in another way"),
        ({"followup_on": "1 May 2026"}, "Did you mean '2026-05-01'?"),
        ({"followup_on": "soon"}, "this is not a date. Found: soon."),
        ({"followup_on": "2025-01-01"}, "the follow-up is not after the baseline"),
        ({"followup_on": "2027-01-01"}, "this day lies after the report"),
        ({"baseline_value": ""}, "'baseline_value': there is a follow-up without a baseline"),
        ({"followup_value": "130"}, "a share is at most 100"),
        ({"design": ""}, "say how the two measurements belong together"),
        ({"followup_wording": ""}, "say how the question was worded"),
        ({"unit": ""}, "say in which unit this is"),
        ({"among": "age: 16_24"}, "a group can be named only where the survey's own figures"),
        ({"actions": "late-buss"}, "no action with this id. Found: late-buss. Did you mean"),
        ({"recommendations": "bus; tram"}, "no recommendation with this id. Found: tram"),
        ({"yes_both": "3"}, "pairs belong to the same people"),
        ({"id": "one two"}, "this id cannot be linked to"),
        ({"measure": "Ask Dr Example"}, "seems to hold a person's name"),
        ({"taken_from": "survey:say.yes"}, "do not type it again"),
        ({"taken_from": "diary:say"}, "figures cannot be taken from this"),
    ],
)
def test_what_is_refused(tmp_path, change, told):
    found = refuse(tmp_path, TYPED | change)
    assert any(told in problem for problem in found), found
    assert not any("Example" in problem for problem in found)


def test_all_rows_are_told_at_once(tmp_path):
    found = refuse(tmp_path, TYPED | {"goal": "x"}, TYPED, TYPED | {"id": "two", "design": "guess"})
    assert [problem.split(",")[0] for problem in found] == ["row 2", "row 3", "row 4"]
    assert "this id stands in row 2 already" in found[1]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"taken_from": "survey:say.yess"},
            "nothing was measured by this. Found: survey:say.yess.",
        ),
        ({"baseline_on": "2024"}, "nothing was measured then. Found: 2024. Expected: one of 2025"),
        ({"baseline_on": "2026", "followup_on": "2025"}, "the follow-up is not after the baseline"),
        ({"among": "ages: 16_24"}, "this characteristic is not known"),
        ({"among": "age: 16-24"}, "this group is not known"),
        ({"among": "age: 25_34"}, "nothing was measured of this group"),
        ({"design": "same people"}, "the waves asked different people"),
        ({"followup_wording": "Did you?"}, "the survey did not ask it in these words"),
    ],
)
def test_what_is_refused_of_figures_taken_from_the_survey(tmp_path, change, told):
    row = BASE | {"taken_from": "survey:say.yes"} | change
    found = refuse(tmp_path, row, measured=make_measured())
    assert any(told in problem for problem in found), found


def test_waves_that_asked_in_other_words_are_refused(tmp_path):
    answers = make_answers()
    answers.loc[answers["wave"] == "2026", "question"] = "Do you feel it?"
    row = BASE | {"taken_from": "survey:say.yes"}
    found = refuse(tmp_path, row, measured=Measured(answers, make_changes()))
    assert "the waves asked this in different words" in found[0]


def test_the_survey_gives_values_bases_and_its_own_interval(tmp_path):
    row = measure(tmp_path, BASE | {"taken_from": "survey:say.yes", "better": "higher"},
                  make_measured())  # fmt: skip
    assert (row["baseline"], row["followup"]) == (20, 30)
    assert (row["baseline_base"], row["followup_base"]) == (300, 280)
    assert (row["difference"], row["lower_95"], row["upper_95"]) == (10, 2.5, 17)
    assert row["method"] == "a method" and row["no_interval"] == ""
    assert row["wording"] == ASKED
    assert judge(row) == "better"


def test_one_group_is_compared_by_the_limits_of_its_figures(tmp_path):
    row = measure(
        tmp_path, BASE | {"taken_from": "survey:say.yes", "among": "age: 16_24"}, make_measured()
    )
    assert row["baseline_base"] == 30
    # Limits 5 points to each side of both figures: the square root of 5² + 5².
    assert row["lower_95"] == pytest.approx(10 - 50**0.5)
    assert row["reading"] == "higher" and judge(row) == "higher"


def test_waves_that_chapter_04_does_not_compare_are_compared_by_their_limits(tmp_path):
    held = Measured(make_answers(), make_changes().assign(first="2027"))
    row = measure(tmp_path, BASE | {"taken_from": "survey:say.yes"}, held)
    assert row["lower_95"] == pytest.approx(10 - 50**0.5)
    assert row["method"] == "Newcombe's interval of the difference of two shares"


def test_a_withheld_wave_hides_the_change_but_not_the_other_wave(tmp_path):
    answers = make_answers()
    answers.loc[answers["wave"] == "2026", ["display", "value"]] = ["withheld", None]
    row = measure(tmp_path, BASE | {"taken_from": "survey:say.yes"},
                  Measured(answers, make_changes()))  # fmt: skip
    assert row["state"] == judge(row) == "withheld"
    assert row["baseline"] == 20
    assert pd.isna(row["followup"]) and pd.isna(row["difference"]) and pd.isna(row["lower_95"])
    assert "10 or more" in word_change(row)


def test_independent_samples_have_newcombes_interval(tmp_path):
    row = measure(tmp_path, TYPED)
    wanted = newcombe_difference([84], [280], [60], [300])
    assert row["difference"] == pytest.approx(10)
    assert row["lower_95"] == pytest.approx(float(wanted.lower[0]))
    assert row["upper_95"] == pytest.approx(float(wanted.upper[0]))
    assert row["reading"] == "higher"


def test_a_design_effect_widens_the_interval(tmp_path):
    plain, wide = (measure(tmp_path, TYPED | {"design_effect": d}) for d in ("", "2.5"))
    assert wide["lower_95"] < plain["lower_95"] < plain["upper_95"] < wide["upper_95"]
    assert plain["reading"] == "higher" and wide["reading"] == "no clear difference"
    assert wide["followup_base"] == 280


def test_pairs_are_tested_as_pairs(tmp_path):
    row = measure(tmp_path, PAIRS)
    gap = paired_difference(20, 5, 19, 16)
    assert row["baseline"] == pytest.approx(100 * 25 / 60)
    assert row["difference"] == pytest.approx(100 * 14 / 60)
    assert row["lower_95"] == pytest.approx(float(gap.lower))
    assert row["p_value"] == pytest.approx(float(mcnemar_test(5, 19)))
    assert row["baseline_base"] == 60 and row["reading"] == "higher"


def test_the_same_people_without_pairs_are_not_tested(tmp_path):
    row = measure(tmp_path, TYPED | {"design": "same people"})
    assert row["reading"] == "not tested" and pd.isna(row["lower_95"])
    assert "cannot be tested as if they were others" in row["no_interval"]


def test_records_are_counted_and_not_tested(tmp_path):
    row = measure(tmp_path, TYPED | {"design": "census or records", "unit": "evenings",
                                     "counts": "things", "baseline_base": "",
                                     "followup_base": ""})  # fmt: skip
    assert row["difference"] == 10 and row["reading"] == "not tested"
    assert row["no_base"] == "A count, so that there is no base."
    assert judge(row) == "risen, not tested"
    assert word_change(row).startswith(
        "+10 evenings. A count, so that there is no base. Everyone or every case is counted"
    )


def test_groups_are_too_few_to_test_and_the_page_says_so(tmp_path):
    row = measure(tmp_path, TYPED | {"counts": "groups", "baseline_base": "12",
                                     "followup_base": "14"})  # fmt: skip
    assert row["reading"] == "not tested" and pd.isna(row["lower_95"])
    assert row["no_interval"] == load_bases().groups
    assert "too few groups" in word_change(row)


@pytest.mark.parametrize(
    "change",
    [
        {"followup_base": "9"},
        {"followup_value": "1"},
        {"baseline_value": "99"},
    ],
)
def test_few_people_are_not_shown(tmp_path, change):
    row = measure(tmp_path, TYPED | change)
    assert row["state"] == "withheld" and row["display"] == "withheld"
    assert pd.isna(row["difference"]) and pd.isna(row["p_value"])
    hidden = "baseline" if "baseline_value" in change else "followup"
    assert pd.isna(row[hidden]) and pd.isna(row[f"{hidden}_base"])
    assert "withheld" in word_point(row, hidden)


def test_least_people_of_the_area_counts(tmp_path):
    assert measure(tmp_path, TYPED | {"followup_value": "3"}, least=5)["state"] == "measured twice"
    assert measure(tmp_path, TYPED | {"followup_value": "3"}, least=9)["state"] == "withheld"


def test_a_small_base_is_marked(tmp_path):
    row = measure(tmp_path, TYPED | {"followup_base": "20"})
    assert row["display"] == "small base"
    assert "base 20 people, a small base" in word_point(row, "followup")


def test_a_count_of_few_people_without_base_is_withheld(tmp_path):
    records = {"design": "census or records", "unit": "people", "baseline_base": "",
               "followup_base": ""}  # fmt: skip
    assert measure(tmp_path, TYPED | records | {"followup_value": "3"})["state"] == "withheld"
    assert measure(tmp_path, TYPED | records)["state"] == "measured twice"


def test_an_outcome_can_wait_for_its_measurement(tmp_path):
    row = measure(tmp_path, BASE)
    assert row["state"] == judge(row) == "not measured"
    assert word_point(row, "baseline") == "Not measured yet."


def test_a_baseline_alone_is_measured_once(tmp_path):
    row = measure(tmp_path, TYPED | {"followup_on": "", "followup_value": "", "followup_base": ""})
    assert row["state"] == "measured once"
    assert word_change(row) == "Measured once so far."


def test_every_change_states_base_and_interval_or_why_not(tmp_path):
    rows = [TYPED, PAIRS | {"id": "b"}, BASE | {"id": "c", "taken_from": "survey:say.yes"},
            TYPED | {"id": "d", "design": "census or records"},
            TYPED | {"id": "e", "baseline_base": ""}]  # fmt: skip
    held = make_measured()
    table = read_outcomes(write(tmp_path, *rows), today=TODAY, measured=held)
    outcomes = measure_outcomes(table, held, least_people=5)
    assert outcomes["difference"].notna().all()
    has_interval = outcomes["lower_95"].notna()
    assert (has_interval ^ (outcomes["no_interval"] != "")).all()
    has_bases = outcomes[["baseline_base", "followup_base"]].notna().all(axis=1)
    assert (has_bases ^ (outcomes["no_base"] != "")).all()


def test_citations_name_figures_and_what_it_follows_from(tmp_path):
    row = BASE | {"taken_from": "survey:say.yes", "recommendations": "bus", "actions": "late-bus",
                  "grants": "g1"}  # fmt: skip
    held = make_measured()
    table = read_outcomes(write(tmp_path, row), today=TODAY, known=KNOWN, measured=held)
    cited = list_outcome_citations(measure_outcomes(table, held, least_people=5))
    assert cited["evidence_id"].tolist() == [
        "survey:say.yes", "change:say.yes", "recommendation:bus", "action:late-bus", "grant:g1",
    ]  # fmt: skip
    assert set(cited["citing_kind"]) == {"outcome"} and set(cited["line"]) == {2}


def test_the_card_escapes_and_links_back(tmp_path):
    row = measure(tmp_path, TYPED | {"outcome": "<script>More</script>", "actions": "late-bus"})
    card = OutcomeBlock(outcome=row, names={"action": {"late-bus": "A bus & a driver"}})
    html = card.to_html()
    assert 'id="outcome-one"' in html and "<script>" not in html
    assert 'href="cip:summary#action-late-bus">Action: A bus &amp; a driver</a>' in html
    assert "95% interval +" in html
    assert "Follows from Action: A bus & a driver" in card.to_text()


def test_the_chart_says_how_many_changes_are_clear(tmp_path):
    rows = [TYPED, TYPED | {"id": "b", "followup_value": "21"},
            TYPED | {"id": "c", "better": "lower"}]  # fmt: skip
    outcomes = measure_outcomes(
        read_outcomes(write(tmp_path, *rows), today=TODAY), Measured(), least_people=5
    )
    figure = chart_changes(outcomes)
    assert figure.title == "Of 3 shares that were tested, 1 is clearly better and 1 clearly worse"
    assert "by chance alone about 0.2" in figure.note
    assert "300 and 280" in figure.to_html()
    assert chart_changes(outcomes.assign(difference=None)) is None
    plain = outcomes.assign(lower_95=None, upper_95=None, reading="not tested", counts="groups")
    assert "none: too few groups" in chart_changes(plain).to_html()
    assert chart_changes(plain).title == "No change of a share could be tested"
