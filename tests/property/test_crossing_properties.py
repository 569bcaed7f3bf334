"""Tables laid side by side: what one withholds follows from no other.

The attack: a reader writes down an equation for every figure that ``respondents``, ``answers`` and
``theme_groups`` publish and solves for each count that is withheld because it is small.
"""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from cip.engagement.codebook import Codebook, Theme
from cip.engagement.crossing import find_exposed_speakers, list_withheld
from cip.engagement.excerpts import Excerpts
from cip.engagement.heard import SPOKEN, count_heard, list_speakers
from cip.engagement.survey_answers import load_survey
from cip.engagement.survey_results import assemble_answers, measure_survey
from cip.engagement.themes import count_themes
from cip.param_models import EngagementSettings

GROUPS = ["white", "asian", "black", "mixed", "other"]
SILENT = "silent"
SAID = ["yes", "no", "dont_know", "not_answered"]
LEAST = 5
MAPPING = """
title: Invented
design: convenience
mode: online
files: [{path: answers.csv, wave: one, form: plain}]
characteristics:
  - {id: ethnic_group, column: who}
questions:
  - {id: first, text: First?, kind: single, column: first, answers: {Yes: "yes", No: "no"}}
  - id: then
    text: Then?
    kind: single
    column: then
    answers: {Yes: "yes", No: "no"}
    asked_if: {question: first, answers: ["yes"]}
"""
MARGINS = pd.DataFrame(
    [("ethnic_group", group, group, 100.0, "ts021") for group in GROUPS],
    columns=["characteristic", "group", "group_label", "population", "source_id"],
)
SETTINGS = EngagementSettings(least_people=LEAST)
PEOPLE = st.lists(st.integers(0, 9) | st.integers(0, 40), min_size=5, max_size=5)


@pytest.fixture(scope="module")
def survey(tmp_path_factory):
    """A survey of two questions, the second put to those who answer yes to the first."""
    folder = tmp_path_factory.mktemp("survey")
    (folder / "survey.yml").write_text(MAPPING, encoding="utf-8")
    (folder / "answers.csv").write_text("who,first,then\nWhite,Yes,No\n", encoding="utf-8")
    return load_survey(folder / "survey.yml")[0]


def invent(survey, sizes: list[int], silent: int, seed: int):
    """Return the survey with so many people of each group, and some who name none."""
    chance = random.Random(seed)
    groups = [g for g, n in zip([*GROUPS, None], [*sizes, silent], strict=True) for _ in range(n)]
    likely = [chance.choice([1, 4, 12]) for _ in SAID]
    first = chance.choices(SAID, likely, k=len(groups))
    then = [chance.choices(SAID, likely)[0] if said == "yes" else None for said in first]
    like = survey.answers.dtypes
    answers = pd.DataFrame(
        {
            "respondent_id": [f"r{n}" for n in range(len(groups))],
            "wave": "one",
            "ethnic_group": groups,
            "first": first,
            "then": then,
        }
    ).astype({name: like[name] for name in ("ethnic_group", "first", "then")})
    return replace(survey, answers=answers)


class Reader:
    """Adds up what is published: one unknown whole number for each cell."""

    def __init__(self, cells: list[tuple]) -> None:
        self.places = {cell: place for place, cell in enumerate(cells)}
        self.lines: list[np.ndarray] = []
        self.totals: list[float] = []

    def learn(self, cells, total: float, *, less=()) -> None:
        line = np.zeros(len(self.places))
        for cell in cells:
            line[self.places[cell]] += 1
        for cell in less:
            line[self.places[cell]] -= 1
        self.lines.append(line)
        self.totals.append(float(total))

    def find_range(self, cells) -> tuple[int, int]:
        goal = np.zeros(len(self.places))
        for cell in cells:
            goal[self.places[cell]] += 1
        rule = LinearConstraint(np.array(self.lines), self.totals, self.totals)
        ends = []
        for sign in (1, -1):
            found = milp(sign * goal, constraints=rule, bounds=Bounds(0, 200), integrality=1)
            assert found.success
            ends.append(round(sign * found.fun))
        return ends[0], ends[1]


def read_survey(answers: pd.DataFrame, respondents: pd.DataFrame) -> Reader:
    """Learn everything that the two tables tell."""
    everyone = [*GROUPS, SILENT]
    reader = Reader(list(product(everyone, ("first", "then"), SAID)))
    for group in everyone:
        asked = [(group, "then", said) for said in SAID]
        reader.learn(asked, 0, less=[(group, "first", "yes")])
    for row in respondents.itertuples():
        group = SILENT if row.group == "not_answered" else row.group
        if pd.notna(row.respondents):
            reader.learn([(group, "first", said) for said in SAID], row.respondents)
        people = [(g, "first", said) for g in GROUPS for said in SAID]
        reader.learn(people, row.answered)
    for row in answers.itertuples():
        groups = [row.group] if row.group else everyone
        if pd.notna(row.value):
            count = round(row.value * row.base / 100)
            reader.learn([(g, row.question_id, row.answer) for g in groups], count)
        pairs = {"dont_know": ["dont_know"], "not_answered": ["not_answered"]}
        for name, said in {"base": ["yes", "no"], **pairs}.items():
            if pd.notna(getattr(row, name)):
                cells = [(g, row.question_id, one) for g in groups for one in said]
                reader.learn(cells, getattr(row, name))
    return reader


@settings(max_examples=40, deadline=None)
@given(sizes=PEOPLE, silent=st.integers(0, 12), seed=st.integers(0, 10_000))
def test_no_withheld_count_follows_from_respondents_and_answers(survey, sizes, silent, seed):
    found = invent(survey, sizes, silent, seed)
    respondents = count_heard(found.answers, MARGINS, SETTINGS)
    withheld = list_withheld(respondents) if len(respondents) else {}
    measured = measure_survey(found, least_people=LEAST, withheld=withheld)
    answers = assemble_answers(measured, is_weighted=False)
    reader = read_survey(answers, respondents)
    table = found.answers
    for group in withheld.get("one", {}).get("ethnic_group", ()):
        cells = [(group, "first", said) for said in SAID]
        _check_hidden(reader, cells, int((table["ethnic_group"] == group).sum()), group)
    hidden = answers[answers["display"].eq("withheld") & answers["group"].ne("")]
    for row in hidden.itertuples():
        is_cell = (table["ethnic_group"] == row.group) & (table[row.question_id] == row.answer)
        where = (row.group, row.question_id, row.answer)
        _check_hidden(reader, [where], int(is_cell.sum()), str(where))


def _check_hidden(reader: Reader, cells, count: int, what: str) -> None:
    """A count of 1 to 4 people keeps more than one possible value."""
    if not 0 < count < LEAST:
        return
    least, most = reader.find_range(cells)
    assert least <= count <= most
    assert least < most, f"{what} follows"


def test_without_the_rule_the_attack_succeeds(survey):
    """Twelve people are withheld beside three; the base of a question told of the twelve."""
    found = invent(survey, [40, 30, 12, 25, 3], 8, 1)
    same = found.answers.assign(first="yes", then="no").astype(dict(found.answers.dtypes))
    found = replace(found, answers=same)
    respondents = count_heard(found.answers, MARGINS, SETTINGS)
    withheld = list_withheld(respondents)
    assert withheld == {"one": {"ethnic_group": frozenset({"black", "other"})}}
    cells = [("other", "first", said) for said in SAID]
    ends = []
    for hidden in (None, withheld):
        measured = measure_survey(found, ["ethnic_group"], least_people=LEAST, withheld=hidden)
        answers = assemble_answers(measured, is_weighted=False)
        ends.append(read_survey(answers, respondents).find_range(cells))
    assert ends[0] == (3, 3)
    assert ends[1][1] - ends[1][0] >= 3


def hear(spoke: list[int], wrote: list[int], silent: int, seed: int) -> tuple[Excerpts, Codebook]:
    """Return excerpts of so many who spoke and who wrote in a survey, by group."""
    chance = random.Random(seed)
    people = [(g, "interview") for g, n in zip(GROUPS, spoke, strict=True) for _ in range(n)]
    people += [(g, "survey") for g, n in zip(GROUPS, wrote, strict=True) for _ in range(n)]
    people += [(None, "interview")] * silent
    book = Codebook((Theme("damp", "Damp"), Theme("bus", "Buses")))
    frame = pd.DataFrame(
        {
            "excerpt_id": [f"E{n}" for n in range(len(people))],
            "document_id": [f"D{n}" for n in range(len(people))],
            "person_id": [f"P{n}" for n in range(len(people))],
            "voice": [voice for _, voice in people],
            "wave": "2026",
            "ethnic_group": [group for group, _ in people],
            "text": "invented",
            "suggestion": False,
        }
    )
    looked = frame[["excerpt_id"]].assign(coder="coder_a")
    themes = [(e, "coder_a", chance.choice(["damp", "bus"])) for e in frame["excerpt_id"]]
    settled = pd.DataFrame(columns=["excerpt_id", "theme_id", "decision", "decided_on"])
    codings = pd.DataFrame(themes, columns=["excerpt_id", "coder", "theme_id"])
    return Excerpts(frame, codings, looked, settled.astype("str")), book


def read_themes(groups: pd.DataFrame, respondents: pd.DataFrame, everyone: int) -> Reader:
    """Learn who spoke and who wrote; a reader is told how many were heard in all."""
    ways = ("spoke", "wrote")
    reader = Reader(list(product([*GROUPS, SILENT], ways)))
    reader.learn([(SILENT, "wrote")], 0)
    reader.learn(list(reader.places), everyone)
    for row in respondents.itertuples():
        group = SILENT if row.group == "not_answered" else row.group
        reader.learn([(g, "spoke") for g in GROUPS], row.answered)
        if pd.notna(row.respondents):
            reader.learn([(group, "spoke")], row.respondents)
    for row in groups.drop_duplicates("group").itertuples():
        if pd.notna(row.of_people):
            reader.learn([(row.group, way) for way in ways], row.of_people)
    return reader


@settings(max_examples=40, deadline=None)
@given(
    spoke=PEOPLE,
    wrote=st.just([0] * 5) | st.lists(st.integers(0, 12), min_size=5, max_size=5),
    silent=st.integers(0, 4),
    seed=st.integers(0, 10_000),
)
def test_no_withheld_count_follows_from_respondents_and_themes(spoke, wrote, silent, seed):
    excerpts, book = hear(spoke, wrote, silent, seed)
    respondents = count_heard(list_speakers(excerpts.frame), MARGINS, SETTINGS)
    if respondents.empty:
        return
    exposed = find_exposed_speakers(excerpts, respondents)
    tables = count_themes(excerpts, book, least_people=LEAST, withheld=exposed)
    reader = read_themes(tables.theme_groups, respondents, len(excerpts.frame))
    for group in list_withheld(respondents).get(SPOKEN, {}).get("ethnic_group", ()):
        count = spoke[GROUPS.index(group)]
        _check_hidden(reader, [(group, "spoke")], count, group)


def test_themes_alone_would_tell_who_is_withheld():
    """Two groups of one size: each table would choose another one to hide the third with."""
    excerpts, book = hear([15, 15, 3, 30, 40], [0] * 5, 0, 1)
    respondents = count_heard(list_speakers(excerpts.frame), MARGINS, SETTINGS)
    exposed = find_exposed_speakers(excerpts, respondents)
    assert exposed == {"ethnic_group": frozenset({"white", "black"})}
    loose = count_themes(excerpts, book, least_people=LEAST).theme_groups
    tight = count_themes(excerpts, book, least_people=LEAST, withheld=exposed).theme_groups
    everyone = len(excerpts.frame)
    cell = [("black", "spoke")]
    assert read_themes(loose, respondents, everyone).find_range(cell) == (3, 3)
    least, most = read_themes(tight, respondents, everyone).find_range(cell)
    assert most - least >= 3
    # With many who wrote, the two tables count different people.
    mixed, book = hear([15, 15, 3, 30, 40], [6, 0, 12, 0, 0], 0, 1)
    assert find_exposed_speakers(mixed, respondents) == {}
