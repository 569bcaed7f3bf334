"""What residents want, and what is there for it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cip.assets.priorities import match_priorities, read_priorities
from cip.errors import ParameterError
from cip.tables import check_table

DEMO = Path(__file__).parents[2] / "params" / "demo"


def build_assets(*rows: tuple) -> pd.DataFrame:
    """One asset per row: id, kind, function, metres from the area, whether it still goes on."""
    columns = ["asset_id", "kind", "function", "distance_m", "still_active"]
    table = pd.DataFrame(rows, columns=columns).astype({"distance_m": "float64"})
    table["still_active"] = table["still_active"].astype("boolean")
    return table.assign(number=range(1, len(table) + 1))


def build_priorities(**topics: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"priority_id": list(topics), "priority": list(topics), "topics": list(topics.values())}
    )


ASSETS = build_assets(
    ("hall", "hard", "housing; food", 0, None),
    ("club", "soft", "food", 0, True),
    ("far_club", "soft", "food", 900, None),
    ("nowhere", "soft", "food", None, None),
    ("ended", "soft", "work", 0, False),
)


def test_a_topic_is_a_strength_partly_there_or_a_gap():
    found = match_priorities(build_priorities(eat="food", live="housing", earn="work"), ASSETS)
    assert check_table("asset_priorities", found) is not None
    rows = found.set_index("priority_id")
    assert rows["reading"].to_dict() == {"eat": "strength", "live": "partly", "earn": "gap"}
    assert rows.loc["eat", ["hard", "soft"]].tolist() == [1, 3]
    assert rows.loc["eat", "asset_ids"] == "hall; club; far_club; nowhere"
    assert pd.isna(rows.loc["earn", "asset_ids"])


def test_what_no_longer_goes_on_answers_nothing():
    found = match_priorities(build_priorities(earn="work"), ASSETS)
    assert found[["hard", "soft"]].to_numpy().tolist() == [[0, 0]]


def test_each_kind_keeps_half_of_the_names_as_far_as_it_has_any():
    many = build_assets(
        *((f"stop{n}", "hard", "transport", n, None) for n in range(10)),
        *((f"group{n}", "soft", "transport", 100 + n, None) for n in range(10)),
    )
    want = build_priorities(bus="transport")
    names = match_priorities(want, many)["asset_ids"][0]
    assert names == "stop0; stop1; stop2; group0; group1; group2"
    few = many[many["asset_id"].str.startswith("stop") | many["asset_id"].eq("group0")]
    names = match_priorities(want, few)["asset_ids"][0]
    assert names == "stop0; stop1; stop2; stop3; stop4; group0"
    assert match_priorities(want, many, most_named=1)["asset_ids"][0].count(";") == 0
    row = match_priorities(want, many).iloc[0]
    assert (row["hard"], row["soft"]) == (10, 10)


def test_a_priority_has_one_row_for_each_of_its_topics_in_the_order_of_the_catalogue():
    found = match_priorities(build_priorities(home="food; housing;food"), ASSETS)
    assert found["topic"].tolist() == ["housing", "food"]


def test_themes_of_another_chapter_fit_when_they_are_named_so():
    themes = pd.DataFrame({"theme_id": ["t1"], "label": ["Getting about"], "topics": ["transport"]})
    found = match_priorities(
        themes.rename(columns={"theme_id": "priority_id", "label": "priority"}), ASSETS
    )
    assert found[["priority_id", "priority", "reading"]].values.tolist() == [
        ["t1", "Getting about", "gap"]
    ]


def test_an_unknown_topic_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="no such topics: \\['fod'\\]"):
        match_priorities(build_priorities(eat="fod"), ASSETS)


def test_no_priorities_and_no_assets_are_not_errors():
    empty = match_priorities(build_priorities(), ASSETS)
    assert check_table("asset_priorities", empty).empty
    gaps = match_priorities(build_priorities(eat="food"), ASSETS.iloc[:0])
    assert gaps["reading"].tolist() == ["gap"]


def test_the_list_is_read_with_ids_of_its_own_words():
    table = read_priorities(DEMO / "priorities.csv")
    assert len(table) == 5
    assert table["priority_id"].iloc[0] == "homes-that-are-dry-and-repaired-in-time"
    assert table["topics"].iloc[0] == "housing; power_and_discrimination"


def test_mistakes_of_the_list_are_told_at_once(tmp_path):
    path = tmp_path / "priorities.csv"
    path.write_text(
        "priority,said_by,topics\nA bus,Ms Example,Transprt\na  bus!,,Transport\nHomes,,\n",
        encoding="utf-8",
    )
    with pytest.raises(ParameterError) as caught:
        read_priorities(path)
    said = str(caught.value)
    for words in (
        "row 2, column 'said_by': this cell seems to hold a person's name",
        "row 2, column 'topics': there is no such topic. Found: Transprt.",
        "row 3, column 'priority': this priority stands in row 2 already",
        "row 4, column 'topics': this cell must be filled in",
    ):
        assert words in said
    assert "Example" not in said
