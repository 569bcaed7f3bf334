"""The pages of scoring and grants: the demonstration's, and texts that nobody should trust."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from cip.display.grant_block import GrantBlock
from cip.display.score_chart import ScoreRow, draw_scores
from cip.display.score_decisions import DecisionBlock
from cip.display.score_round import RoundBlock
from cip.display.score_words import describe_agreement
from cip.framework.grants_others import make_empty
from cip.pages.grants import ask_others, read_others, read_register, show_grants
from cip.pages.scoring import read_rounds, show_rounds, tabulate_rounds
from cip.report.scoring_words import SCORING_WORDS
from cip.schemas.scoring import SCORING

from .scoring_samples import list_rows, make_round, open_round, write_scoring

DEMO = Path(__file__).parents[2] / "params" / "demo"


def make_area(folder: Path, *, grants: str = "grants.csv"):
    """Return what the pages ask of a workspace."""
    paths = {"scoring": folder / "scoring.yml", "grants": folder / grants}

    def read_input(name, read):
        return read(paths[name]) if paths[name].is_file() else None

    return SimpleNamespace(today=date(2026, 11, 21), read_input=read_input)


@pytest.fixture(scope="module")
def demo():
    advice = pd.read_csv(DEMO / "recommendations.csv")
    pairs = zip(advice["id"], advice["recommendation"], strict=True)
    labels = {f"recommendation:{name}": text for name, text in pairs}
    workspace = make_area(DEMO)
    area = read_rounds(workspace, recommendations=list(advice["id"]))
    grants = read_register(workspace, area, recommendations=list(advice["id"]))
    others = read_others(area)
    return SimpleNamespace(
        area=area, grants=grants, others=others, labels=labels, questions=ask_others(grants, others)
    )


def test_the_demonstration_has_a_conflict_a_tie_and_marks_that_were_settled(demo):
    results = tabulate_rounds(demo.area)["scoring_results"]
    marks = tabulate_rounds(demo.area)["scoring_marks"]
    assert results["round_id"].nunique() == 2
    assert (marks["standing"] == "conflict of interest").any()
    assert (results["tied_with"] != "").sum() == 2
    assert (results["moderated"] > 0).any()
    assert results["decision"].notna().all()
    assert len(demo.grants) == 5
    assert demo.grants["outcomes"].notna().sum() >= 3
    assert len(demo.questions) == 2


def test_awards_are_those_that_were_decided(demo):
    results = tabulate_rounds(demo.area)["scoring_results"]
    decided = results[results["round_id"] == "quick-start-grants-2026"]
    awarded = demo.grants.set_index("recipient")["amount"].to_dict()
    assert awarded == decided.set_index("organisation")["amount"].to_dict()


def test_tables_have_their_columns_and_words_and_a_key(demo):
    tables = tabulate_rounds(demo.area)
    tables |= {"grants": demo.grants, "grant_questions": demo.questions}
    assert set(tables) == set(SCORING)
    for name, schema in SCORING.items():
        assert list(tables[name].columns) == list(schema.columns)
        assert not tables[name].duplicated(list(schema.key)).any()
        assert {f"{name}.{column}" for column in schema.columns} <= set(SCORING_WORDS)


def test_pages_hold_every_place_and_never_a_note(demo):
    blocks = show_rounds(demo.area, labels=demo.labels, grants=demo.grants)
    blocks += show_grants(
        demo.grants, demo.others, demo.questions, labels=demo.labels, area=demo.area
    )
    page = "".join(block.to_html() for block in blocks)
    text = "\n".join(block.to_text() for block in blocks)
    for place in ("round-listening-2026", "round-quick-start-grants-2026", "grant-qs1"):
        assert f'id="{place}"' in page
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links
    assert links <= set(ids)
    assert "cip:summary#recommendation-a-bus-for-late-shifts" in page
    for note in ("Our own budget may follow", "Nice, but is it a need", "nobody I know"):
        assert note not in page + text
    assert "conflict of interest (Works for the applicant)" in text
    assert "questions, not facts" in text
    assert "chance alone could do it" in text


def test_texts_from_outside_are_escaped(tmp_path):
    evil = "<img src=x onerror=alert(1)>"
    one = make_round(title=evil, about=evil)
    one["applicants"][0]["organisation"] = evil
    one["scorers"][0]["role"] = evil
    one["criteria"][0]["question"] = evil
    one["conflicts"][0]["reason"] = evil
    one["decisions"][0] |= {"reason": evil, "conditions": evil, "by": evil}
    write_scoring(tmp_path, one)
    area = read_rounds(make_area(tmp_path))
    page = "".join(block.to_html() for block in show_rounds(area))
    row = {"grant_id": evil, "recipient": evil, "project": evil, "amount": 1, "status": evil}
    page += GrantBlock(grant=row, labels={}).to_html()
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_an_open_round_says_what_waits(tmp_path):
    write_scoring(tmp_path, open_round(moderation={"spread": 1}), rows=list_rows()[2:])
    blocks = show_rounds(read_rounds(make_area(tmp_path)))
    text = "\n".join(block.to_text() for block in blocks)
    assert "not decided yet" in text
    assert "has left 2 criteria of Friday Larder without a mark" in text
    assert "Warning: Marks to settle: Spring grants" in text
    assert not any(isinstance(block, DecisionBlock) for block in blocks)


def test_nothing_was_scored_yet(tmp_path):
    write_scoring(tmp_path, open_round(), rows=[])
    blocks = show_rounds(read_rounds(make_area(tmp_path)))
    assert isinstance(blocks[0], RoundBlock)
    assert "no mark" in blocks[1].to_text()
    write_scoring(tmp_path, open_round(applicants=[], conflicts=[]), rows=[])
    assert "Nobody has applied yet" in show_rounds(read_rounds(make_area(tmp_path)))[1].to_text()


def test_an_area_that_uses_neither_shows_nothing(tmp_path):
    workspace = make_area(tmp_path)
    area = read_rounds(workspace)
    assert area is None
    assert show_rounds(area) == []
    assert tabulate_rounds(area) == {}
    grants = read_register(workspace, area)
    assert show_grants(grants, make_empty(), ask_others(grants, make_empty())) == []


def test_equal_dots_are_drawn_apart():
    row = ScoreRow("1  Larder", (50.0, 50.0, None), 50.0, "1 conflict of interest, left out")
    svg = draw_scores([row], ["Chair", "Nurse", "Warden"])
    dots = re.findall(r'<use href="#m\d+" x="([\d.]+)" y="([\d.]+)"', svg)
    assert len(dots) == len(set(dots))
    assert svg == draw_scores([row], ["Chair", "Nurse", "Warden"])


def test_a_large_panel_is_not_called_small(demo):
    panel = demo.area.rounds[0].panel
    few = " ".join(describe_agreement(panel))
    assert "too small" in few
    order = panel.order._replace(scorers=9, applicants=12, chance=0.0001)
    many = " ".join(describe_agreement(type(panel)(order, panel.marks)))
    assert "too small" not in many
    assert "hardly ever" in many


def test_what_the_demonstrations_grants_name_is_there(demo):
    """Links lead both ways: a grant names its outcomes, and each outcome names the grant."""
    outcomes = pd.read_csv(DEMO / "outcomes.csv").set_index("id")["grants"].fillna("")
    named = demo.grants.set_index("grant_id")["outcome_ids"].dropna()
    assert len(named)
    for grant, cell in named.items():
        for outcome in cell.split("; "):
            assert grant in outcomes[outcome].split("; ")
    actions = set(pd.read_csv(DEMO / "actions.csv")["id"])
    for cell in demo.grants["actions"].dropna():
        assert set(cell.split("; ")) <= actions
