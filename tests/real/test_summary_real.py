"""Findings of real wards, which have no engagement yet: honest about what is missing."""

from __future__ import annotations

import re
from datetime import date

import pandas as pd
import pytest

from cip.area_definition import resolve_area
from cip.assets.balance import count_balance
from cip.assets.gather import gather_assets
from cip.assets.settle import settle_records
from cip.catalogue import load_indicators
from cip.catalogue.building_blocks import load_topics
from cip.catalogue.evidence import load_evidence_rules, load_indicator_topics
from cip.evidence.entry import build_table
from cip.evidence.from_assets import from_assets, list_type_sources
from cip.evidence.from_indicators import from_indicators
from cip.evidence.from_reach import from_reach
from cip.evidence.register import read_source, register_area, register_voices
from cip.geography import build_areas, dissolve_boundary, read_boundaries
from cip.indicators import build_indicators, missing_sources
from cip.membership import build_membership
from cip.pages import asset_stage
from cip.params import load_params
from cip.register import load_register
from cip.store import Store
from cip.summary.findings import CITING_COLUMNS, draft_findings
from cip.workspace import Workspace

pytestmark = pytest.mark.real
TODAY = date(2026, 11, 21)
#: What sentences of a verdict begin with.
_CLAIM = re.compile(r"(Better|Worse) than in (.+?): (.+?)\.(?= [A-Z]|$)")
_CITED = re.compile(r"\[data:([^\]]+)\]")


@pytest.fixture(scope="module")
def store(real_store) -> Store:
    return Store(real_store)


@pytest.fixture(scope="module", params=["banbury-ruscote"])
def ward(request, root, store, tmp_path_factory) -> dict:
    """One ward as the notebooks make it: its figures, its assets, its voices and its findings."""
    file = load_params(root / "params" / "oxfordshire" / f"{request.param}.yml")
    workspace = Workspace(file, store, tmp_path_factory.mktemp(request.param))
    register = load_register(store)
    area = resolve_area(file, register)
    areas, _ = build_areas(file, area, register)
    membership = build_membership(area, areas, register)
    table = build_indicators(store, areas, membership)
    missing = missing_sources(store, areas, membership)
    named = dict.fromkeys([*table["source_id"], *missing["source_id"]])
    sources = {n: words for n in named if (words := read_source(store, n)) is not None}
    figures = from_indicators(table, missing, sources, area_codes=areas["area_code"].to_list())
    evidence = pd.concat(
        [
            build_table([*figures, *enter_assets(workspace, register, area)]),
            register_area(workspace),
            register_voices(workspace),
        ],
        ignore_index=True,
    )
    findings = draft_findings(evidence, area=file.params.title, today=TODAY)
    return {"table": table, "evidence": evidence, "findings": findings}


def enter_assets(workspace: Workspace, register, area) -> list:
    shapes = read_boundaries(workspace.store, area)
    boundary = dissolve_boundary(shapes, workspace.params)
    gathered = gather_assets(workspace, boundary)
    placed = asset_stage.place(
        workspace, settle_records(gathered.records, gathered.decisions), shapes, boundary
    )
    people = asset_stage.list_residents(workspace, register, area.codes)
    reach = asset_stage.measure(workspace, people, placed, None)
    name = workspace.params.title
    return [
        *from_assets(placed.table, count_balance(placed.table), area_name=name),
        *from_reach(
            reach.table,
            reach.places,
            gap_m=workspace.params.assets.gap_m,
            area_name=name,
            sources=list_type_sources(placed.table),
        ),
    ]


def test_a_ward_without_engagement_says_so_and_claims_nothing_of_people(ward):
    findings, kinds = ward["findings"], set(ward["evidence"]["kind"])
    assert kinds == {"data", "asset", "reach"}
    assert (findings["people_say"] == "").all()
    assert findings["gaps"].str.startswith("Nothing that people say is in this profile yet.").all()
    words = " ".join(findings[["text", "title", "fit_words"]].to_numpy().ravel())
    assert not re.search(r"\b[Pp]eople (speak|say|were asked)|\bheard\b", words)
    assert set(findings["theme_id"]) == {""}


def test_each_building_block_and_health_itself_has_a_finding(ward):
    assert set(ward["findings"]["finding_id"]) == set(load_topics())


def test_only_what_can_be_cited_is_cited_and_every_entry_has_a_place(ward):
    evidence = ward["evidence"].set_index("evidence_id")
    cited = {one for cell in ward["findings"]["cites"] for one in cell.split("; ")}
    assert len(cited) > 30
    assert evidence.loc[list(cited), "is_citable"].all()
    assert (evidence["anchor"] != "").all()


def test_better_and_worse_are_what_a_recount_says(ward):
    table, indicators = ward["table"], load_indicators()
    latest = table.sort_values("period").drop_duplicates(
        ["indicator_id", "area_code", "group"], keep="last"
    )
    claims = 0
    for text in ward["findings"]["text"]:
        for verdict, comparator, listed in _CLAIM.findall(text):
            for name in _CITED.findall(listed):
                rows = latest[latest["indicator_id"] == name]
                own = rows[rows["area_role"] == "profile"].iloc[0]
                other = rows[rows["area_name"] == comparator].iloc[0]
                is_high = own["value"] > other["value"]
                is_good = is_high == (indicators[name].polarity == "high_is_good")
                assert verdict == ("Better" if is_good else "Worse"), name
                # Both are shares or rates with an interval that leaves the other outside.
                assert not own["lower_95"] <= other["value"] <= own["upper_95"], name
                claims += 1
    assert claims >= 4


def test_sides_count_what_each_topic_has_and_nothing_untested(ward):
    evidence, topics = ward["evidence"], load_indicator_topics()
    ranked = load_evidence_rules().deprived
    data = evidence[(evidence["kind"] == "data") & evidence["is_citable"]]
    for row in ward["findings"].to_dict("records"):
        own = data[data["topics"].str.split("; ").map(lambda t, name=row["topic"]: name in t)]
        stems = own["evidence_id"].str.removeprefix("data:").str.partition(".")[0]
        assert all(row["topic"] in topics[stem] for stem in stems)
        ways = own["comparison"].map({"better": "strength", "worse": "challenge"})
        is_deprived = stems.isin(ranked.indicators) & (
            own["value"] >= ranked.challenge_from_percent
        )
        ways = ways.where(~is_deprived, "challenge").groupby(stems).agg(lambda s: set(s.dropna()))
        for way in ("strength", "challenge"):
            number = int((ways == {way}).sum())
            counted = re.search(rf"figures, [^;]*?(\d+) for a {way}", row["fit_words"])
            assert (int(counted[1]) if counted else 0) == number, row["finding_id"]


def test_a_list_that_lacks_a_type_is_no_claim_about_the_place(ward):
    evidence = ward["evidence"].set_index("evidence_id")
    reach = evidence[evidence["kind"] == "reach"]
    hidden = reach[~reach["is_citable"]]
    assert len(hidden) > 0
    assert hidden["value"].isna().all()
    assert not hidden["direction"].any()
    gaps = " ".join(ward["findings"]["gaps"])
    assert all(label in gaps or "more" in gaps for label in hidden["label"])


def test_words_are_sentences(ward):
    for cell in ward["findings"][
        [*CITING_COLUMNS, "title", "fit_words", "strength_words"]
    ].to_numpy():
        for words in cell:
            assert not re.search(r"\bnan\b|<NA>|None\b(?!:)|\{|  |\.\.", words), words
    for said in ward["evidence"].loc[ward["evidence"]["is_citable"], "statement"]:
        assert said.endswith("."), said
        assert not re.search(r"\bnan\b|<NA>|  |\(score\)", said), said
