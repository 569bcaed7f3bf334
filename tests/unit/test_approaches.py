"""The family of community-centred approaches: whole, dated, and with a caveat on each figure."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest
from pydantic import ValidationError

from cip.catalogue.approaches import (
    ApproachFamily,
    cite_approaches,
    list_figures,
    load_approach_groups,
    load_approaches,
    load_family,
)


def read_raw() -> dict:
    text = resources.files("cip.catalogue").joinpath("approaches.toml").read_text("utf-8")
    return tomllib.loads(text)


def test_the_four_groups_of_the_source_each_have_approaches():
    groups = [approach.group for approach in load_approaches().values()]
    assert list(load_approach_groups()) == [
        "strengthening_communities",
        "volunteer_and_peer_roles",
        "collaborations_and_partnerships",
        "access_to_community_resources",
    ]
    assert all(groups.count(group) >= 3 for group in load_approach_groups())
    assert cite_approaches().endswith("Public Health England, 2018")


def test_returns_are_those_of_the_source_and_say_where_they_come_from():
    returns = {name: list_figures(name) for name in load_approaches()}
    found = {name: [f.pounds for f in figures if f.is_return] for name, figures in returns.items()}
    assert {name: values for name, values in found.items() if values} == {
        "timebanking": [2.89],
        "befriending": [3.75],
        "community_navigators": [3.0],
    }
    for figure in load_family().figures:
        assert f"£{figure.pounds:,.2f}".removesuffix(".00") in figure.statement
        assert figure.study_year in (2010, 2013)
        assert "imulat" in figure.caveat or "odelled" in figure.caveat


def test_an_approach_that_the_source_puts_in_no_group_says_so():
    placed = [name for name, one in load_approaches().items() if one.is_placed_by_us]
    assert placed == ["befriending", "community_navigators"]


@pytest.mark.parametrize(
    ("part", "change", "words"),
    [
        ("approaches", {"group": "no_such_group"}, "groups without match"),
        ("approaches", {"id": "asset_based_approaches"}, "occurs twice among the approaches"),
        ("approaches", {"meaning": "no full stop"}, "meaning"),
        ("figures", {"approaches": ["knitting"]}, "unknown approaches"),
        ("figures", {"pounds": 0}, "pounds"),
        ("figures", {"colour": "red"}, "colour"),
    ],
)
def test_a_faulty_entry_is_refused(part: str, change: dict, words: str):
    raw = read_raw()
    raw[part][0] |= change
    with pytest.raises(ValidationError, match=words):
        ApproachFamily.model_validate(raw)
