"""Who speaks of what: people and not mentions, and nobody to be worked out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cip.engagement.codebook import Codebook, Theme, read_codebook
from cip.engagement.excerpts import Excerpts, load_excerpts
from cip.engagement.theme_saturation import count_saturation, judge_saturation
from cip.engagement.themes import count_themes, pair_polarities, rank_priorities
from cip.tables import check_table

DEMO = Path(__file__).parents[2] / "params" / "demo"
BOOK = Codebook(
    (
        Theme("homes", "Homes"),
        Theme("damp", "Damp", parent="homes", topic="housing", polarity="challenge"),
        Theme("kind", "Kind neighbours", topic="housing", polarity="enabler"),
        Theme("bus", "Buses", topic="transport", polarity="challenge"),
    )
)


def make(rows: list[dict]) -> Excerpts:
    """Return excerpts that one person coded: ``person, themes``, and attributes where wanted."""
    frame = pd.DataFrame(
        [
            {
                "excerpt_id": f"E{n}",
                "document_id": row.get("document", row["person"]),
                "person_id": row["person"],
                "voice": row.get("voice", "interview"),
                "wave": "2026",
                "age": row.get("age"),
                "text": "said",
                "suggestion": row.get("suggestion", False),
            }
            for n, row in enumerate(rows)
        ]
    ).astype({"suggestion": "boolean"})
    codings = [(f"E{n}", "coder_a", theme) for n, row in enumerate(rows) for theme in row["themes"]]
    return Excerpts(
        frame,
        pd.DataFrame(codings, columns=["excerpt_id", "coder", "theme_id"], dtype="str"),
        pd.DataFrame({"excerpt_id": frame["excerpt_id"], "coder": "coder_a"}),
        pd.DataFrame(columns=["excerpt_id", "theme_id", "decision", "decided_on"], dtype="str"),
    )


def speak(number: int, *themes: str, start: int = 0, **more) -> list[dict]:
    return [{"person": f"P{start + n}", "themes": themes, **more} for n in range(number)]


def index(table: pd.DataFrame, *names: str) -> pd.DataFrame:
    return table.set_index(list(names))


def test_people_are_counted_once_however_often_they_say_it():
    rows = [*speak(12, "damp"), *speak(12, "damp"), *speak(30, start=12)]
    tables = count_themes(make(rows), BOOK)
    row = index(tables.themes, "theme_id", "voice").loc["damp", "all"]
    assert (row["people"], row["excerpts"], row["display"]) == (12, 24, "shown")
    for name, table in zip(("themes", "theme_groups", "theme_pairs"), tables, strict=False):
        check_table(name, table)


def test_a_heading_that_nobody_applies_has_no_row_and_a_parent_is_named():
    themes = count_themes(make(speak(12, "damp")), BOOK).themes
    assert set(themes["theme_id"]) == {"damp", "kind", "bus"}
    assert index(themes, "theme_id", "voice").loc[("damp", "all"), "parent"] == "Homes"


def test_few_people_are_withheld_and_nobody_is_shown():
    rows = [*speak(4, "damp"), *speak(20, "bus", start=4)]
    themes = index(count_themes(make(rows), BOOK).themes, "theme_id", "voice")
    assert themes.loc[("damp", "all"), "display"] == "withheld"
    assert themes.loc[("damp", "all"), ["people", "excerpts"]].isna().all()
    assert themes.loc[("kind", "all"), "people"] == 0
    assert themes.loc[("bus", "all"), "display"] == "small base"
    lower = index(count_themes(make(rows), BOOK, least_people=3).themes, "theme_id", "voice")
    assert lower.loc[("damp", "all"), "people"] == 4
    with pytest.raises(ValueError, match="nobody"):
        count_themes(make(rows), BOOK, least_people=1)


def test_fewer_than_ten_heard_show_nothing():
    themes = count_themes(make(speak(9, "damp", "bus")), BOOK)
    assert set(themes.themes["display"]) == {"withheld"}
    assert set(themes.theme_pairs["display"]) == {"withheld"}


def test_a_withheld_group_cannot_be_worked_out_from_the_others():
    rows = [
        *speak(12, "damp", age="16_24"),
        *speak(2, "damp", start=12, age="25_34"),
        *speak(20, start=14, age="25_34"),
        *speak(15, "damp", start=34, age="35_49"),
    ]
    groups = count_themes(make(rows), BOOK).theme_groups
    damp = groups[groups["theme_id"] == "damp"].set_index("group")
    assert damp["people"].isna().sum() == 2 and pd.isna(damp.loc["25_34", "people"])
    assert damp.loc["25_34", "of_people"] == 22


def test_those_who_did_not_say_their_age_are_no_group_and_hide_nothing():
    rows = [
        *speak(20, "damp", age="16_24"),
        *speak(20, "damp", start=20, age="25_34"),
        *speak(3, "damp", start=40),
    ]
    groups = count_themes(make(rows), BOOK).theme_groups
    damp = groups[groups["theme_id"] == "damp"].set_index("group")
    assert damp["people"].to_dict() == {"16_24": 20, "25_34": 20}


def test_a_group_of_few_people_heard_is_withheld_with_another():
    rows = [
        *speak(20, "damp", age="16_24"),
        *speak(12, "damp", start=20, age="25_34"),
        *speak(6, "damp", start=40, age="75_plus"),
    ]
    groups = count_themes(make(rows), BOOK).theme_groups
    damp = groups[groups["theme_id"] == "damp"].set_index("group")
    assert damp.loc[["75_plus", "25_34"], ["people", "of_people"]].isna().all(axis=None)
    assert damp.loc["16_24", "people"] == 20


def test_pairs_are_of_people_and_withheld_with_their_themes():
    rows = [*speak(8, "damp"), *speak(8, "bus"), *speak(3, "kind"), *speak(20, start=8)]
    pairs = index(count_themes(make(rows), BOOK).theme_pairs, "theme_a", "theme_b")
    assert pairs.loc[("damp", "bus"), "people"] == 8
    assert pairs.loc[("damp", "kind"), "display"] == "withheld"
    assert len(pairs) == 3


def test_people_heard_in_two_ways_count_once_in_all():
    rows = [*speak(12, "damp"), *speak(12, "damp", voice="survey"), *speak(20, start=12)]
    themes = index(count_themes(make(rows), BOOK).themes, "theme_id", "voice")
    assert list(themes.loc["damp"].loc[["all", "interview", "survey"], "people"]) == [12, 12, 12]


def test_suggestions_are_counted_in_people():
    rows = [*speak(7, "bus", suggestion=True), *speak(20, "bus", start=7)]
    found = count_themes(make(rows), BOOK).suggestions
    assert found[["theme_id", "people"]].to_numpy().tolist() == [["bus", 7]]


def test_priorities_and_both_sides_leave_out_what_is_withheld():
    rows = [*speak(12, "damp"), *speak(9, "kind"), *speak(2, "bus"), *speak(20, start=12)]
    themes = count_themes(make(rows), BOOK).themes
    ranked = rank_priorities(themes)
    assert list(ranked["theme_id"]) == ["damp", "kind"] and list(ranked["place"]) == [1, 2]
    sides = pair_polarities(themes)
    assert sides.iloc[0].to_dict() == {
        "topic": "housing", "enabler": "Kind neighbours", "enabler_people": 9,
        "challenge": "Damp", "challenge_people": 12,
    }  # fmt: skip


def test_saturation_follows_the_order_of_documents():
    rows = [
        {"person": "P1", "themes": ["damp", "bus"]},
        {"person": "P2", "themes": ["damp"]},
        {"person": "P3", "themes": ["kind"], "voice": "focus group"},
        {"person": "P4", "themes": ["damp"], "voice": "survey"},
    ]
    table = check_table("saturation", count_saturation(make(rows)))
    assert list(table["new_themes"]) == [2, 0, 1]
    assert list(table["themes_so_far"]) == [2, 2, 3]
    assert table["new_share"].round(1).tolist() == [100.0, 0.0, 33.3]
    assert judge_saturation(count_saturation(make(rows * 3)))
    assert judge_saturation(count_saturation(make([{"person": "P1", "themes": []}]))) is None


def test_no_text_and_no_identifier_reaches_a_table_of_the_demonstration():
    book = read_codebook(DEMO / "codebook.csv")
    excerpts, _ = load_excerpts(DEMO / "excerpts", book)
    tables = count_themes(excerpts, book, least_people=3)
    everything = "".join(table.to_csv() for table in [*tables, count_saturation(excerpts)])
    for secret in ("Ferrywhistle", "Quillfeather", "ZZ1", "01632", "underline it"):
        assert secret not in everything
        assert excerpts.frame["text"].str.contains(secret).any()
    assert tables.themes["people"].notna().any()


def test_what_is_shown_never_gives_a_withheld_group_away():
    chance = np.random.default_rng(4)
    for _ in range(5):
        rows = [
            {
                "person": f"P{n}",
                "themes": [t for t in ("damp", "bus", "kind") if chance.random() < 0.3],
                "age": chance.choice(["16_24", "25_34", "35_49", "50_64"]),
                "voice": chance.choice(["interview", "survey", "street"]),
            }
            for n in range(60)
        ]
        tables = count_themes(make(rows), BOOK)
        total = tables.themes[tables.themes["voice"] == "all"].set_index("theme_id")["people"]
        for theme, part in tables.theme_groups.groupby("theme_id"):
            blanks = part["people"].isna().sum()
            assert blanks != 1 or pd.isna(total[theme])
