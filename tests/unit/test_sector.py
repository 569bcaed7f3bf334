"""The survey of community and voluntary groups: counts, the community sector, what is withheld."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from cip.catalogue.engagement import load_community_sector_income
from cip.engagement.sector import (
    COMMUNITY,
    EVERYONE,
    LARGER,
    NO_ANSWER,
    count_sector,
    read_sector,
    split_sector,
)
from cip.errors import ParameterError
from cip.tables import check_table

MAPPING = """\
title: Groups
design: convenience
mode: online
audience: {audience}
files: [{{path: groups.csv, wave: "2026"}}]
questions:
  - {{id: support, bank: group_support, column: Support}}
  - {{id: volunteers, bank: group_volunteers, column: Volunteers}}
  - {income}
  - {{id: needs, bank: group_needs, column: Needs}}
  - id: rooms
    kind: multiple
    column: Rooms
    separator: ";"
    text: Where do you meet?
    answers: {{Hall: hall, Library: library}}
"""
BANDS = "{id: income, bank: group_income, column: Income}"
POUNDS = "{id: group_income, kind: number, text: Income, unit: pounds, column: Income}"
SMALL, LARGE = "Under £5,000", "Over £100,000"
SECRET = "ring 07700 900 123"
Group = tuple[str, object, str]


def write(
    folder: Path, groups: Sequence[Group], *, income: str = BANDS, audience: str = "groups"
) -> Path:
    rows = ["Name,Support,Volunteers,Income,Needs,Rooms"]
    for place, (support, volunteers, band) in enumerate(groups):
        rooms = "Hall;Library" if place == 0 else "Hall"
        rows.append(f'Group {place} {SECRET},{support},{volunteers},"{band}",{SECRET},{rooms}')
    (folder / "groups.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    path = folder / "sector.yml"
    path.write_text(MAPPING.format(audience=audience, income=income), encoding="utf-8")
    return path


def count(folder: Path, groups: Sequence[Group], **options: str) -> pd.DataFrame:
    survey, _ = read_sector(write(folder, groups, **options))
    return check_table("sector", count_sector(survey))


def pick(table: pd.DataFrame, measure: str, group: str = EVERYONE) -> pd.DataFrame:
    own = table[(table["measure_id"] == measure) & (table["group"] == group)]
    return own.set_index("answer")


def make_groups(small: int, large: int, unknown: int = 0) -> list[Group]:
    """Return groups: the small ones are very satisfied and have 10 volunteers, the others not."""
    return [
        *[("Very satisfied", 10, SMALL)] * small,
        *[("Very dissatisfied", 30, LARGE)] * large,
        *[("Neither", 20, "")] * unknown,
    ]


def test_both_rooms_mean_the_same_income():
    assert load_community_sector_income() == 10_000


def test_few_groups_are_counted_and_not_made_into_percentages(tmp_path):
    table = count(tmp_path, make_groups(6, 5))
    rows = pick(table, "support")
    assert rows.at["Very satisfied", "value"] == 6 and rows.at["Very dissatisfied", "value"] == 5
    assert rows.at["Satisfied (both answers)", "value"] == 6
    assert set(rows["unit"]) == {"groups"} and set(rows["display"]) == {"small base"}
    assert rows["lower_95"].isna().all() and set(rows["base"]) == {11}


def test_thirty_groups_have_percentages_with_an_interval(tmp_path):
    table = count(tmp_path, make_groups(20, 10))
    row = pick(table, "support").loc["Very satisfied"]
    # Wilson 20 of 30.
    assert (row["unit"], row["display"]) == ("%", "shown")
    assert [round(row[c], 2) for c in ("value", "lower_95", "upper_95")] == [66.67, 48.78, 80.77]
    assert pick(table, "support", COMMUNITY).at["Very satisfied", "value"] == 20


def test_numbers_have_median_and_total_by_kind_of_group(tmp_path):
    table = count(tmp_path, make_groups(6, 5))
    whole, small, large = (pick(table, "volunteers", g) for g in (EVERYONE, COMMUNITY, LARGER))
    assert whole["value"].to_dict() == {"Median": 10, "Total": 210}
    assert small["value"].to_dict() == {"Median": 10, "Total": 60}
    assert large["value"].to_dict() == {"Median": 30, "Total": 150}
    assert set(whole["unit"]) == {"volunteers"}


def test_several_answers_count_each_group_once_for_each(tmp_path):
    rows = pick(count(tmp_path, make_groups(6, 5)), "rooms")
    assert rows["value"].to_dict() == {"Hall": 11, "Library": 1} and set(rows["base"]) == {11}


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ((6, 5, 0), {EVERYONE, COMMUNITY, LARGER}),
        ((6, 4, 0), {EVERYONE}),  # the four larger ones would be what is left
        ((4, 6, 0), {EVERYONE}),
        ((6, 0, 0), {EVERYONE, COMMUNITY}),
        ((6, 5, 1), {EVERYONE, COMMUNITY}),  # one of unknown income would be what is left
        ((6, 5, 5), {EVERYONE, COMMUNITY, LARGER}),
        ((2, 2, 0), set()),
    ],
)
def test_no_part_gives_away_a_few_groups(tmp_path, sizes, shown):
    table = count(tmp_path, make_groups(*sizes))
    own = table[table["measure_id"] == "support"]
    assert set(own.loc[own["display"] != "withheld", "group"]) == shown
    assert own.loc[own["display"] == "withheld", "value"].isna().all()
    assert own.loc[own["display"] != "withheld", "value"].notna().all()


def test_no_answer_stands_apart_and_out_of_the_base(tmp_path):
    groups = [*make_groups(6, 5), ("Don't know", "", SMALL), ("", "many", LARGE)]
    rows = pick(count(tmp_path, groups), "support")
    assert set(rows["base"]) == {11} and rows.at[NO_ANSWER, "value"] == 2


def test_income_may_be_a_number_of_pounds(tmp_path):
    groups = [("Neither", 1, pounds) for pounds in ("0", "9,999", "10000", "250000", "")]
    survey, _ = read_sector(write(tmp_path, groups, income=POUNDS))
    assert split_sector(survey).tolist() == [True, True, False, False, pd.NA]


def test_income_is_not_split_by_itself(tmp_path):
    assert set(count(tmp_path, make_groups(6, 5)).query("measure_id == 'income'")["group"]) == {
        EVERYONE
    }


def test_without_a_question_on_income_there_is_no_community_sector(tmp_path):
    path = write(tmp_path, make_groups(6, 5), income="{id: x, kind: text, text: x, column: Income}")
    survey, _ = read_sector(path)
    assert split_sector(survey) is None
    assert set(count_sector(survey)["group"]) == {EVERYONE}


def test_names_and_open_answers_reach_no_table_and_no_message(tmp_path):
    survey, problems = read_sector(write(tmp_path, [*make_groups(6, 5), (SECRET, SECRET, SMALL)]))
    table = count_sector(survey)
    for text in (table.to_csv(), repr(survey), *map(str, problems)):
        assert "07700" not in text and "Group 0" not in text
    assert len(problems) >= 2
    assert "needs" not in set(table["measure_id"])


def test_a_survey_of_residents_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="audience: groups"):
        read_sector(write(tmp_path, make_groups(6, 5), audience="residents"))


def test_the_demonstration_asks_twelve_groups(root):
    survey, problems = read_sector(root / "params" / "demo" / "sector_survey.yml")
    assert not problems and len(survey.answers) == 12
    assert split_sector(survey).value_counts().to_dict() == {True: 7, False: 5}
    table = check_table("sector", count_sector(survey))
    assert set(table["group"]) == {EVERYONE, COMMUNITY, LARGER}
    assert not table["display"].eq("withheld").any()
