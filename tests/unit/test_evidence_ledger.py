"""The ledger: entries, citations in text, who cites what, and what a refresh has changed."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cip.errors import CipError
from cip.evidence.citing import check_cited, find_citations, list_cited
from cip.evidence.entry import KINDS, Entry, build_table, make_anchor
from cip.evidence.ledger import (
    describe_ledger,
    list_changes,
    list_cited_by,
    read_ledger,
    read_parts,
    write_ledger,
)
from cip.summary.fallen import expand_citations
from cip.tables import TableFolder

STAGE = "data_profile"


def make_entry(evidence_id="data:damp", **values):
    base = {
        "label": "Damp homes",
        "statement": "12.0% of 400 homes are damp.",
        "stage": STAGE,
        "anchor": "def-damp",
    }
    return Entry(evidence_id=evidence_id, **(base | values))


def describe(*entries, cited_by=None):
    return describe_ledger(build_table(entries), cited_by or {}, about={"area": "demo"})


@pytest.mark.parametrize("wrong", ["damp", "rumour:damp", "data:", "data:two words", "DATA:damp"])
def test_an_id_says_what_it_is(wrong):
    with pytest.raises(ValueError, match="no id of evidence"):
        make_entry(wrong)


def test_what_cannot_be_cited_says_why_and_shows_no_value():
    with pytest.raises(ValueError, match="does not say why"):
        make_entry(is_citable=False)
    with pytest.raises(ValueError, match="shows its value"):
        make_entry(is_citable=False, reason="suppressed", value=3.0)
    assert make_entry(is_citable=False, reason="suppressed").value is None


def test_two_entries_cannot_share_an_id():
    with pytest.raises(ValueError, match="data:damp"):
        build_table([make_entry(), make_entry(label="Again")])


def test_the_table_keeps_its_schema_when_it_is_empty_or_written(tmp_path):
    tables = TableFolder(tmp_path)
    tables.write("evidence_data", build_table([make_entry(value=12.0, base=400.0)]))
    tables.write("evidence_area", build_table([]))
    ledger = read_parts(tables)
    assert list(ledger["evidence_id"]) == ["data:damp"]
    assert ledger.loc[0, "value"] == 12.0
    assert pd.isna(ledger.loc[0, "lower_95"])


def test_an_area_without_any_part_has_an_empty_ledger(tmp_path):
    assert read_parts(TableFolder(tmp_path)).empty


TEXT = """Homes are damp [data:damp], and people say so [quote:Q01].

See [the report](https://example.org), [data:damp](https://example.org) and [sic].
A walk to the hall [asset:own:friday-larder-zz12hb] costs nothing [finding:food]."""


def test_citations_are_found_with_their_lines():
    found = [(c.evidence_id, c.line) for c in find_citations(TEXT)]
    assert found == [
        ("data:damp", 1),
        ("quote:Q01", 1),
        ("asset:own:friday-larder-zz12hb", 4),
        ("finding:food", 4),
    ]
    first = find_citations(TEXT)[0]
    assert TEXT[first.start : first.end] == "[data:damp]"


@given(st.text(max_size=200))
def test_citations_never_come_from_ordinary_brackets(text):
    for citation in find_citations(text):
        kind = citation.evidence_id.partition(":")[0]
        assert kind in KINDS or kind == "finding"
        assert text[citation.start : citation.end] == f"[{citation.evidence_id}]"


def test_each_thing_cited_is_listed_once():
    assert list_cited(find_citations("[data:damp] [quote:Q1] [data:damp]")) == [
        "data:damp",
        "quote:Q1",
    ]


def test_a_citation_of_nothing_names_the_nearest_and_a_hidden_figure_says_why():
    evidence = build_table(
        [make_entry(), make_entry("data:cold", is_citable=False, reason="fewer than 10 homes")]
    )
    cited = ["data:dampp", "data:cold", "data:damp", "finding:housing", "finding:food"]
    found = dict(check_cited(cited, evidence, findings=["housing"]))
    assert set(found) == {"data:dampp", "data:cold", "finding:food"}
    assert found["data:dampp"].nearest == "data:damp"
    assert "fewer than 10 homes" in found["data:cold"].message


def test_anchors_differ_where_ids_do():
    assert make_anchor("data:social_rented") == "ev-data-social-rented"


CITATIONS = pd.DataFrame(
    {
        "citing_kind": ["finding", "recommendation", "finding"],
        "citing_id": ["housing", "r1", "housing"],
        "evidence_id": ["data:damp", "data:damp", "data:damp"],
    }
)


def test_who_cites_what_is_listed_once():
    assert list_cited_by(CITATIONS) == {"data:damp": ["finding:housing", "recommendation:r1"]}


def test_a_change_names_old_new_and_what_rests_on_it():
    cited = list_cited_by(CITATIONS)
    before = describe(make_entry(value=12.0), cited_by=cited)
    now = make_entry(value=15.0, statement="15.0% of 400 homes are damp.")
    (change,) = list_changes(before, describe(now, cited_by=cited))
    words = str(change)
    for part in ("[data:damp]", "12.0%", "15.0%", "finding:housing", "recommendation:r1"):
        assert part in words


def test_only_what_is_cited_counts_as_a_change():
    before = describe(make_entry(value=12.0), make_entry("data:cold", value=1.0))
    after = describe(make_entry(value=15.0), make_entry("data:cold", value=2.0))
    assert list_changes(before, after) == []


def test_what_is_gone_or_new_is_a_change_too():
    cited = {"data:damp": ["finding:housing"]}
    there, empty = describe(make_entry(), cited_by=cited), describe()
    (gone,) = list_changes(there, empty)
    assert str(gone).count("now gone") == 1
    (come,) = list_changes(empty, there)
    assert "was not there" in str(come)


def test_a_verdict_that_turns_is_a_change_though_the_value_stays():
    cited = {"data:damp": ["finding:housing"]}
    before = describe(make_entry(comparison="similar"), cited_by=cited)
    after = describe(make_entry(comparison="worse"), cited_by=cited)
    assert len(list_changes(before, after)) == 1
    assert list_changes(before, before) == []


def test_the_ledger_is_read_as_it_was_written(tmp_path):
    ledger = describe(make_entry(value=12.0, topics=("housing", "food")))
    write_ledger(tmp_path / "evidence.json", ledger)
    assert read_ledger(tmp_path / "evidence.json") == ledger
    assert ledger["entries"][0]["topics"] == ["housing", "food"]
    assert "NaN" not in (tmp_path / "evidence.json").read_text()


def test_no_ledger_is_none_and_a_broken_one_says_so(tmp_path):
    assert read_ledger(tmp_path / "evidence.json") is None
    (tmp_path / "evidence.json").write_text("{")
    with pytest.raises(CipError, match="run the area again"):
        read_ledger(tmp_path / "evidence.json")
    (tmp_path / "evidence.json").write_text(json.dumps({"ledger_version": 0, "entries": []}))
    assert read_ledger(tmp_path / "evidence.json") is None


def test_the_chain_is_followed_from_an_action_back_to_the_evidence():
    rows = [
        ("finding", "housing", "Cold homes", "data:damp", "", None),
        ("recommendation", "mend", "Mend the roofs", "finding:housing", "", None),
        ("action", "list", "Write a list", "recommendation:mend", "", None),
        ("action", "list", "Write a list", "asset:hall", "", None),
    ]
    columns = ["citing_kind", "citing_id", "citing_title", "evidence_id", "file", "line"]
    expanded = expand_citations(pd.DataFrame(rows, columns=columns))
    found = {
        (row.citing_kind, row.evidence_id): row.through for row in expanded.itertuples(index=False)
    }
    assert found == {
        ("finding", "data:damp"): "",
        ("recommendation", "data:damp"): "finding:housing",
        ("action", "asset:hall"): "",
        ("action", "data:damp"): "recommendation:mend",
    }
