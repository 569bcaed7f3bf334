"""Codebooks: themes, their parents, topics and polarity."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from cip.engagement.codebook import (
    Codebook,
    Theme,
    list_codebook_columns,
    name_themes,
    read_codebook,
)
from cip.errors import ParameterError

DEMO = Path(__file__).parents[2] / "params" / "demo"
DAMP = {
    "theme_id": "damp", "name": "Damp homes", "description": "Wet walls.", "parent": "homes",
    "topic": "housing", "polarity": "challenge",
}  # fmt: skip
HOMES = {"theme_id": "homes", "name": "Homes", "description": "A heading.", "polarity": "either"}


def read(tmp_path, *rows) -> Codebook:
    path = tmp_path / "codebook.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(list_codebook_columns()), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return read_codebook(path)


def refuse(tmp_path, *rows) -> str:
    with pytest.raises(ParameterError) as caught:
        read(tmp_path, *rows)
    return str(caught.value)


def test_a_codebook_is_read_with_parents_and_topics(tmp_path):
    book = read(tmp_path, HOMES, DAMP)
    assert book.by_id["damp"].topic == "housing"
    assert book.headings == {"homes"}
    frame = book.to_frame().set_index("theme_id")
    assert frame.loc["damp", "parent"] == "Homes"
    assert frame.loc["homes", ["parent", "topic"]].isna().all()


def test_a_theme_is_found_by_id_and_by_name_however_it_is_typed(tmp_path):
    book = read(tmp_path, HOMES, DAMP)
    assert book.find_theme("DAMP") == book.find_theme(" damp  homes ") == "damp"
    assert book.find_theme("damp walls") is None
    assert book.find_nearest_theme("damp home") == "damp"
    assert book.find_nearest_theme("x" * 100_000) is None


def test_every_mistake_is_told_with_its_row(tmp_path):
    told = refuse(
        tmp_path,
        HOMES,
        {**DAMP, "parent": "home", "topic": "housing"},
        {**DAMP, "name": "Other", "polarity": "challenge"},
        {**HOMES, "theme_id": "Bad Id", "name": "damp-homes"},
    )
    assert "row 3, column 'parent'" in told and "Did you mean 'homes'?" in told
    assert "row 4, column 'theme_id': this stands in row 3 already" in told
    assert "row 5, column 'name': this stands in row 3 already" in told
    assert "row 5, column 'theme_id': this is not a name for files" in told


def test_an_unknown_topic_names_the_nearest(tmp_path):
    told = refuse(tmp_path, {**HOMES, "topic": "housng"})
    assert "Did you mean 'housing'?" in told


def test_parents_that_go_round_are_refused(tmp_path):
    told = refuse(tmp_path, {**HOMES, "parent": "damp"}, DAMP)
    assert told.count("lead back to it") == 2


@pytest.mark.parametrize(
    "name", ["Ring 01632 960147", "Mrs Ferrywhistle", "By ZZ1 2LF", "me@example.org"]
)
def test_personal_details_are_refused_and_never_repeated(tmp_path, name):
    for column in ("name", "description"):
        told = refuse(tmp_path, HOMES, {**DAMP, column: name})
        assert f"column '{column}'" in told
        assert name not in told


def test_codes_of_other_tools_get_ids_and_lines_tell_topic_and_polarity():
    themes = name_themes(
        [
            ("1", "Homes", "", ""),
            ("2", "Damp!", "Wet walls\ntopic: Housing\nPolarity: challenge", "1"),
            ("3", "Health", "", ""),
            ("4", "Damp", "Wet air", "3"),
        ]
    )
    assert [theme.id for theme in themes] == ["homes", "damp", "health", "health_damp"]
    assert (themes[1].topic, themes[1].polarity) == ("housing", "challenge")
    assert themes[1].description == "Wet walls"
    assert themes[1].parent == "homes"


def test_an_empty_codebook_is_refused():
    with pytest.raises(ParameterError, match="no themes"):
        Codebook(())


def test_no_representation_holds_a_description():
    assert "secret" not in repr(Codebook((Theme("a", "A", "secret"),)))


def test_the_demonstration_has_both_enablers_and_challenges():
    book = read_codebook(DEMO / "codebook.csv")
    leaves = [theme for theme in book.themes if theme.id not in book.headings]
    assert {"enabler", "challenge", "either"} == {theme.polarity for theme in leaves}
    assert all(theme.topic for theme in leaves)
