"""The page of notebook 04 where inputs are missing, and what it says of samples and figures."""

from __future__ import annotations

import pandas as pd
import pytest

from cip.catalogue.questions import list_benchmarks, load_questions
from cip.display.blocks import NoteBlock, TableBlock
from cip.engagement.heard import COLUMNS
from cip.errors import Problem
from cip.pages import engagement, quotations, survey, survey_changes, voices
from cip.pages.engagement_stage import Heard


def make_nothing() -> Heard:
    """An area of which nobody was asked anything."""
    return Heard(
        plan=None,
        checklist=None,
        margins=pd.DataFrame(),
        respondents=pd.DataFrame({name: [] for name in COLUMNS}),
        survey=None,
        voices=None,
        sector=None,
        sector_survey=None,
    )


@pytest.mark.parametrize(
    ("show", "name"),
    [
        (engagement.show_heard, "survey"),
        (survey.show_design, "survey"),
        (voices.show_themes, "excerpts"),
        (voices.show_sector, "sector_survey"),
        (lambda heard: quotations.show_quotes(heard, None), "quotes"),
        (lambda _: voices.show_stories(None), "case_studies"),
    ],
)
def test_what_is_missing_is_said_with_how_to_supply_it(show, name):
    (block,) = show(make_nothing())
    assert isinstance(block, NoteBlock) and block.kind == "missing"
    assert f"inputs: {name}:" in block.body


@pytest.mark.parametrize(
    "show",
    [
        survey.show_questions,
        survey.show_waves,
        survey.show_differences,
        survey_changes.show_every_change,
        lambda heard: quotations.show_further_quotes(heard, None),
        voices.show_theme_groups,
        voices.show_agreement,
        voices.show_saturation,
        engagement.show_facts,
    ],
)
def test_nothing_is_shown_of_nothing(show):
    assert show(make_nothing()) == []


def test_planning_says_that_the_handbooks_example_has_little_power():
    (block,) = survey.show_planning(make_nothing())
    assert isinstance(block, TableBlock)
    # Methods: power .55 at 300 in each wave, some 540 to 560 needed (Newcombe, Fleiss 1981).
    assert "7% to 12% in a survey of 300" in block.note
    assert "in 55% of such surveys" in block.note
    assert "539 in each wave" in block.note
    wide = block.frame.drop(columns="before")
    assert (wide.to_numpy()[:, :-1] > wide.to_numpy()[:, 1:]).all(), "more answers show less"


def test_a_national_figure_stands_beside_the_answer_that_it_is_about():
    for name, entry in load_questions().items():
        for mark in list_benchmarks(name):
            scale_answers = {*mark.answers}
            assert len(scale_answers) == 1, "a figure of several answers is a net of the scale"
            assert mark.percent > 0
            assert entry.audience


def test_problems_are_told_by_place_and_never_more_than_fit():
    problems = [Problem("cannot be read", row=row, column="age") for row in range(2, 90)]
    (block,) = engagement.show_problems(problems)
    assert "88 things" in block.heading
    assert "And 28 more" in block.body
    (fine,) = engagement.show_problems([])
    assert "could be read" in fine.body
