"""The parameter file: what is accepted, and how each mistake is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cip.errors import ParameterError
from cip.params import STAGES, build_schema, load_batch, load_params, write_new

GOOD = """\
id: test-area
title: Test area
profile_kind: ward
area:
  wards: [Z05000001]
organisation:
  name: Council
  contact: page
"""


def write(tmp_path: Path, text: str, name: str = "area.yml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(tmp_path: Path, text: str) -> list:
    with pytest.raises(ParameterError) as caught:
        load_params(write(tmp_path, text))
    return caught.value.problems


def test_defaults_are_filled_in(tmp_path):
    params = load_params(write(tmp_path, GOOD)).params
    assert params.comparators == ["similar", "district", "county", "england"]
    assert params.vintages.deprivation == [2025, 2019]
    assert tuple(params.stages) == STAGES


# one row per mistake: what is appended or replaced, expected line, words of the message, nearest
MISTAKES = [
    (GOOD.replace("title:", "titel:"), 2, "'titel' is not a known key", "title"),
    (GOOD.replace("  wards:", "  ward:"), 5, "'area.ward' is not a known key", "wards"),
    (GOOD.replace("kind: ward", "kind: wrad"), 3, "'profile_kind'", "ward"),
    (GOOD.replace("id: test-area", "id: Test Area"), 1, "lower case letters", None),
    (GOOD.replace("wards: [Z05000001]", "wards: Z05000001"), 5, "should be a list", None),
    (GOOD.replace("  wards: [Z05000001]", "  wards: []"), 4, "name at least one", None),
    (GOOD + "stages: [geography, summary]\n", None, "'data_profile' is missing", None),
    (GOOD + "vintages:\n  deprivation: [2015]\n", 10, "should be 2019 or 2025", None),
    (GOOD + "inputs:\n  survey: none.csv\n", 10, "does not exist", None),
    (GOOD + "organisation:\n  name: twice\n", None, "not valid YAML", None),
    (GOOD + "broken: [1,\n", None, "not valid YAML", None),
]


@pytest.mark.parametrize(("text", "line", "words", "nearest"), MISTAKES)
def test_each_mistake_is_told_with_its_line(tmp_path, text, line, words, nearest):
    found = [p for p in problems_of(tmp_path, text) if words in p.message]
    assert len(found) == 1
    if line is not None:
        assert found[0].line == line
    if nearest is not None:
        assert found[0].nearest == nearest
    assert str(found[0].file).endswith("area.yml")


def test_every_mistake_is_told_at_once(tmp_path):
    text = (
        GOOD.replace("title:", "titel:").replace("contact:", "contakt:")
        + "inputs:\n  survey: x.csv\n"
    )
    messages = "\n".join(str(p) for p in problems_of(tmp_path, text))
    for words in ("'titel'", "'title' is missing", "'organisation.contakt'", "'inputs.survey'"):
        assert words in messages


def test_a_missing_file_offers_the_nearest_name(tmp_path):
    write(tmp_path, GOOD, "littlemore.yml")
    with pytest.raises(ParameterError) as caught:
        load_params(tmp_path / "litlemore.yml")
    assert caught.value.problems[0].nearest == "littlemore.yml"


def test_inputs_are_relative_to_the_parameter_file(tmp_path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "assets.csv").write_text("name\n")
    file = load_params(write(tmp_path, GOOD + "inputs:\n  assets: own/assets.csv\n"))
    assert file.resolve_input("assets") == tmp_path / "own" / "assets.csv"
    assert file.resolve_input("survey") is None


def test_one_bad_file_stops_no_other_and_ids_are_unique(tmp_path):
    good = write(tmp_path, GOOD, "a.yml")
    twin = write(tmp_path, GOOD, "b.yml")
    bad = write(tmp_path, "id: 1\n", "c.yml")
    files, errors = load_batch([good, twin, bad])
    assert [f.path for f in files] == [good]
    assert len(errors) == 2
    assert "already used by" in str(errors[0])


def test_the_schema_in_the_repository_is_the_models(root):
    written = json.loads((root / "params" / "_schema.json").read_text(encoding="utf-8"))
    assert written == build_schema()


def test_a_new_file_can_be_read_back_and_is_never_replaced(tmp_path):
    path = write_new(tmp_path / "x.yml", "rose-hill", "Rose Hill", wards=["Z05000001"], lsoas=[])
    assert load_params(path).params.area.wards == ["Z05000001"]
    with pytest.raises(ParameterError, match="already exists"):
        write_new(path, "rose-hill", "Rose Hill", wards=["Z05000001"], lsoas=[])


def test_every_parameter_file_in_the_repository_is_valid(root):
    # A folder beside a parameter file holds that area's own inputs, mapping files among them.
    params = root / "params"
    paths = sorted([*params.glob("*.yml"), *(params / "oxfordshire").glob("*.yml")])
    files, errors = load_batch(paths)
    assert not errors, errors
    assert len([f for f in files if f.path.parent.name == "oxfordshire"]) == 11
