"""Hand-over tables: checked against their schema when written and when read."""

from __future__ import annotations

import pandas as pd
import pytest

from cip.errors import CipError
from cip.tables import TableFolder, check_table

AREAS = pd.DataFrame(
    {"area_code": ["here", "Z07"], "area_name": ["Here", "A"], "area_role": ["profile", "district"]}
)


def test_a_table_comes_back_as_it_went(tmp_path):
    folder = TableFolder(tmp_path / "tables")
    folder.write("areas", AREAS)
    assert folder.read("areas").to_dict("list") == AREAS.to_dict("list")
    assert folder.list_names() == ["areas"]


def test_the_same_table_gives_the_same_bytes(tmp_path):
    first = TableFolder(tmp_path / "a").write("areas", AREAS).read_bytes()
    assert TableFolder(tmp_path / "b").write("areas", AREAS.copy()).read_bytes() == first


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (AREAS.drop(columns="area_role"), "lacks the column 'area_role'"),
        (AREAS.assign(extra=1), "does not know: 'extra'"),
        (pd.concat([AREAS, AREAS]), "occurs twice"),
    ],
)
def test_a_wrong_table_is_refused_and_nothing_is_written(tmp_path, table, words):
    with pytest.raises(CipError, match=words):
        TableFolder(tmp_path).write("areas", table)
    assert not list(tmp_path.iterdir())


def test_a_number_that_is_none_is_refused():
    table = pd.DataFrame({"level": ["ward"], "code": ["Z05"], "name": ["Hill"], "lsoas": ["many"]})
    table = table.assign(is_excluded=False, oas=1)
    with pytest.raises(CipError, match="wrong type"):
        check_table("area_parts", table)


def test_a_table_that_is_not_there_names_the_stage_that_makes_it(tmp_path):
    with pytest.raises(CipError, match="run the stage 'geography' first"):
        TableFolder(tmp_path).read("membership")
