"""Recommendations: what is refused, what each rests on, and what falls when evidence goes."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cip.catalogue.approaches import load_approaches
from cip.catalogue.building_blocks import load_topics
from cip.errors import ParameterError, Problem
from cip.evidence.entry import Entry, build_table
from cip.summary.fallen import expand_citations, follow_findings, list_fallen
from cip.summary.recommendations import Recommendations, read_citations, read_recommendations
from cip.tables import check_table

DEMO = Path(__file__).parents[2] / "params" / "demo"
HEAD = "id,recommendation,cites,for_whom,approach,priority,agreed_with,agreed_on\n"
GOOD = "warm,Mend the roofs.,data:fuel; quote:Q01,Landlords,co_production,high,Group,2026-03-31\n"
IDS = ("data:fuel", "data:damp", "quote:Q01", "theme:cold", "asset:library", "heard:age.under_25")
FINDINGS = pd.DataFrame(
    {
        "finding_id": ["housing", "food", "theme-cold"],
        "title": ["Cold homes", "Nothing known", "Cold"],
        "cites": ["data:damp; theme:cold", "", "finding:housing; asset:library"],
    }
)


def make_evidence(*ids: str, withheld: str = "") -> pd.DataFrame:
    words = {"statement": "Said.", "stage": "data_profile", "anchor": "fig-a"}
    entries = [Entry(evidence_id=name, label=f"Label of {name}", **words) for name in ids]
    if withheld:
        shut = {"is_citable": False, "reason": "fewer than ten people"}
        entries.append(Entry(evidence_id=withheld, label="Withheld", **words, **shut))
    return build_table(entries)


def read(folder: Path, rows: str, *, findings: pd.DataFrame = FINDINGS) -> Recommendations:
    path = folder / "recommendations.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    evidence = make_evidence(*IDS, withheld="data:small")
    return read_recommendations(path, evidence=evidence, findings=findings)


def refuse(folder: Path, rows: str) -> list[Problem]:
    with pytest.raises(ParameterError) as caught:
        read(folder, rows)
    return caught.value.problems


def test_a_recommendation_becomes_a_row_and_a_citation_for_each_id(tmp_path: Path):
    found = read(tmp_path, GOOD + "two,Ask [theme:cold].,finding:housing,All,,low,,\n")
    check_table("recommendations", found.table)
    check_table("citations", found.citations)
    assert found.table.loc[0].to_dict() == {
        "recommendation_id": "warm",
        "number": 1,
        "text": "Mend the roofs.",
        "for_whom": "Landlords",
        "approach": "co_production",
        "priority": "high",
        "agreed_with": "Group",
        "agreed_on": "2026-03-31",
        "cites": "data:fuel; quote:Q01",
        "rests_on": "numbers, voices",
        "flag": "",
    }
    rows = found.citations[["citing_id", "evidence_id", "citing_title", "line"]]
    assert rows.to_numpy().tolist() == [
        ["warm", "data:fuel", "Mend the roofs", 2],
        ["warm", "quote:Q01", "Mend the roofs", 2],
        ["two", "finding:housing", "Ask", 3],
        ["two", "theme:cold", "Ask", 3],
    ]
    assert set(found.citations["citing_kind"]) == {"recommendation"}
    assert set(found.citations["file"]) == {"recommendations.csv"}


@pytest.mark.parametrize(
    ("cites", "rests_on", "flag"),
    [
        ("data:fuel", "numbers", "numbers alone"),
        ("quote:Q01; theme:cold", "voices", "voices alone"),
        ("asset:library; heard:age.under_25", "assets", "assets alone"),
        ("data:fuel; asset:library", "numbers, assets", ""),
        ("finding:housing", "numbers, voices", ""),
        ("finding:theme-cold", "numbers, voices, assets", ""),
        ("[data:fuel]; finding:food", "numbers", "numbers alone"),
    ],
)
def test_what_it_rests_on_is_found_through_findings(tmp_path, cites, rests_on, flag):
    row = read(tmp_path, f"one,Do it.,{cites},All,,low,,\n").table.loc[0]
    assert (row["rests_on"], row["flag"]) == (rests_on, flag)


@pytest.mark.parametrize(
    ("row", "column", "words", "nearest"),
    [
        ("one,Do it.,,All,,low,,", "cites", "must cite", None),
        ("one,Do it.,data:fule,All,,low,,", "cites", "not there", "data:fuel"),
        ("one,Do it.,fuel,All,,low,,", "cites", "not there", "data:fuel"),
        ("one,Do it.,data:small,All,,low,,", "cites", "fewer than ten people", None),
        ("one,Do it.,finding:houses,All,,low,,", "cites", "not there", "finding:housing"),
        ("one,Do it.,finding:food,All,,low,,", "cites", "says nothing", None),
        ("one,Do it.,heard:age.under_25,All,,low,,", "cites", "says nothing", None),
        ("one,Do [case:x].,data:fuel,All,,low,,", "recommendation", "not there", None),
        ("one,Do it.,data:fuel,All,co_producing,low,,", "approach", "choices", "co_production"),
        ("one,Do it.,data:fuel,All,,urgent,,", "priority", "choices", None),
        ("one,Do it.,data:fuel,Dr Ada Example,,low,,", "for_whom", "person's name", None),
        ("one,Do it.,data:fuel,All,,low,ring 01632 960 123,", "agreed_with", "telephone", None),
        ("one,Do it.,data:fuel,All,,high,,", "agreed_with", "who agreed", None),
        ("one,Do it.,data:fuel,All,,low,,2026-03-31", "agreed_with", "nobody who agreed", None),
        ("one,Do it.,data:fuel,All,,low,Group,next spring", "agreed_on", "not a date", None),
        ("o n e,Do it.,data:fuel,All,,low,,", "id", "not an id", None),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path, row, column, words, nearest):
    problem = refuse(tmp_path, f"{GOOD}{row}\n")[0]
    assert (problem.row, problem.column) == (3, column)
    assert words in problem.message
    assert problem.nearest == nearest
    assert "Ada" not in str(problem)


def test_all_problems_of_a_file_are_told_at_once(tmp_path: Path):
    rows = GOOD + "WARM,Do it.,data:gone; data:small,All,knitting,low,,soon\n"
    problems = refuse(tmp_path, rows)
    assert [problem.column for problem in problems] == [
        "approach", "agreed_on", "id", "cites", "cites",
    ]  # fmt: skip
    assert "row 2" in problems[2].message


# A folder of Markdown

PAGE = """\
---
id: warm
cites: [data:fuel, quote:Q01]
for_whom: Landlords
approach: co_production
priority: high
agreed_with: Group
agreed_on: 2026-03-31
---
Mend the **roofs** [theme:cold].

Begin with the worst.
"""


def read_pages(folder: Path, **pages: str) -> Recommendations:
    held = folder / "recommendations"
    held.mkdir()
    for name, text in pages.items():
        (held / f"{name}.md").write_text(text, encoding="utf-8")
    evidence = make_evidence(*IDS, withheld="data:small")
    return read_recommendations(held, evidence=evidence, findings=FINDINGS)


def test_a_folder_of_markdown_gives_the_same_columns(tmp_path: Path):
    found = read_pages(tmp_path, b=PAGE, a=PAGE.replace("warm", "cool"))
    check_table("recommendations", found.table)
    assert list(found.table["recommendation_id"]) == ["cool", "warm"]
    row = found.table.loc[1]
    assert row["text"] == "Mend the **roofs** [theme:cold].\n\nBegin with the worst."
    assert (row["cites"], row["agreed_on"]) == ("data:fuel; quote:Q01; theme:cold", "2026-03-31")
    assert list(found.citations["citing_title"].unique()) == ["Mend the roofs"]
    places = found.citations[["file", "line"]].drop_duplicates().to_numpy().tolist()
    assert places == [["recommendations/a.md", 3], ["recommendations/b.md", 3]]


def test_every_file_is_told_of_by_its_lines(tmp_path: Path):
    pages = {
        "a": PAGE,
        "b": PAGE.replace("quote:Q01", "quote:Q99").replace("high", "urgent"),
        "c": PAGE.replace("id: warm\n", "").replace("for_whom", "for_who"),
        "d": PAGE + "\n<script>alert(1)</script>\n",
        "e": "no front",
        "f": PAGE.replace("agreed_on: 2026-03-31", "agreed_on: soon: or late"),
    }
    with pytest.raises(ParameterError) as caught:
        read_pages(tmp_path, **pages)
    found = {
        (Path(str(one.file)).name, one.line, one.message.partition(";")[0][:40])
        for one in caught.value.problems
    }
    assert found >= {
        ("b.md", 3, "this cites evidence that is not there: i"),
        ("b.md", 6, "this is not one of the choices"),
        ("c.md", None, "the line 'id:' is missing"),
        ("c.md", 3, "this key is not known"),
        ("d.md", 14, "HTML is not shown"),
        ("e.md", None, "no lines stand in front of the text"),
        ("f.md", 8, "this is not valid YAML"),
    }
    assert ("b.md", 2, "this id stands in recommendations/a.md a") in found


# What falls


def make_citations(tmp_path: Path) -> pd.DataFrame:
    found = read(tmp_path, GOOD + "two,Ask.,finding:theme-cold; data:fuel,All,,low,,\n")
    own = [
        (row.finding_id, "finding", row.title, name, "narrative/a.md", 4)
        for row in FINDINGS.itertuples()
        for name in row.cites.split("; ")
        if name
    ]
    return pd.concat([pd.DataFrame(own, columns=found.citations.columns), found.citations])


def test_citations_are_followed_through_findings_to_evidence(tmp_path: Path):
    table = expand_citations(make_citations(tmp_path))
    rows = table[table["citing_id"] == "two"][["evidence_id", "through", "file", "line"]]
    assert rows.to_numpy().tolist() == [
        ["data:fuel", "", "recommendations.csv", 3],
        ["data:damp", "finding:theme-cold", "recommendations.csv", 3],
        ["theme:cold", "finding:theme-cold", "recommendations.csv", 3],
        ["asset:library", "finding:theme-cold", "recommendations.csv", 3],
    ]


@pytest.mark.parametrize(
    ("gone", "falls"),
    [
        ("quote:Q01", {"warm"}),
        ("data:fuel", {"warm", "two"}),
        ("theme:cold", {"housing", "theme-cold", "two"}),
        ("asset:library", {"theme-cold", "two"}),
        ("heard:age.under_25", set()),
    ],
)
def test_exactly_what_rested_on_it_falls(tmp_path: Path, gone: str, falls: set[str]):
    evidence = make_evidence(*(name for name in IDS if name != gone))
    table = list_fallen(make_citations(tmp_path), evidence, findings=["food"])
    assert set(table["citing_id"]) == falls
    assert set(table["evidence_id"]) <= {gone}
    assert list_fallen(make_citations(tmp_path), make_evidence(*IDS)).empty


def test_what_may_no_longer_be_cited_falls_and_says_why(tmp_path: Path):
    evidence = make_evidence(*IDS[1:], withheld="data:fuel")
    table = list_fallen(make_citations(tmp_path), evidence)
    assert set(table["reason"]) == {"fewer than ten people"}
    assert set(table["citing_id"]) == {"warm", "two"}


def test_a_finding_that_is_gone_is_named_itself(tmp_path: Path):
    citations = read(tmp_path, "one,Do.,finding:food; data:fuel,All,,low,,\n").citations
    assert list(list_fallen(citations, make_evidence(*IDS))["evidence_id"]) == ["finding:food"]
    assert list_fallen(citations, make_evidence(*IDS), findings=["food"]).empty


def test_what_is_cited_can_be_read_although_the_evidence_is_gone(tmp_path: Path):
    path = tmp_path / "recommendations.csv"
    path.write_text(HEAD + GOOD.replace("data:fuel", "data:gone"), encoding="utf-8")
    table = list_fallen(read_citations(path), make_evidence(*IDS))
    assert table[["citing_id", "evidence_id", "line"]].to_numpy().tolist() == [
        ["warm", "data:gone", 2]
    ]


NAMES = st.sampled_from(["a", "b", "c"])
CITED = st.one_of(NAMES.map("finding:{}".format), st.sampled_from(["data:x", "quote:y"]))


@given(st.lists(CITED, min_size=1), st.dictionaries(NAMES, st.lists(CITED)))
def test_following_ends_and_loses_nothing(cited: list[str], findings: dict[str, list[str]]):
    found = follow_findings(cited, findings)
    assert {one for one in cited if not one.startswith("finding:")} <= set(found)
    for name, through in found.items():
        assert name in cited if not through else not name.startswith("finding:")


# The demo


def test_the_demo_recommends_from_every_side_and_flags_one():
    path = DEMO / "recommendations.csv"
    cited = set(read_citations(path)["evidence_id"])
    evidence = make_evidence(*(one for one in cited if not one.startswith("finding:")))
    findings = pd.DataFrame(
        [(name, entry.label, "data:fuel_poverty") for name, entry in load_topics().items()],
        columns=["finding_id", "title", "cites"],
    )
    table = read_recommendations(path, evidence=evidence, findings=findings).table
    assert len(table) >= 6
    assert list(table.loc[table["flag"] != "", "flag"]) == ["voices alone"]
    groups = {load_approaches()[name].group for name in table["approach"]}
    assert len(groups) == 4
    assert (table["rests_on"] == "numbers, voices, assets").sum() >= 5


@pytest.mark.parametrize(
    ("kind", "file", "column"), [("quote", "quotes.csv", 0), ("theme", "codebook.csv", 0)]
)
def test_the_demo_cites_what_its_own_files_hold(kind: str, file: str, column: int):
    with (DEMO / file).open(encoding="utf-8-sig", newline="") as stream:
        held = {row[column] for row in csv.reader(stream)}
    cited = read_citations(DEMO / "recommendations.csv")["evidence_id"]
    named = {one.partition(":")[2] for one in cited if one.startswith(f"{kind}:")}
    assert named
    assert named <= held
