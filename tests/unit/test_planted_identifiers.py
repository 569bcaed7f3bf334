"""An identifier in any column of notebook 04's inputs is refused, told or held back, never shown."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from tests.support.planted import (
    FATES,
    FORMS,
    KINDS,
    REFUSED,
    TOLD,
    Planter,
    read_form,
    squeeze,
    write_rows,
)

from cip.engagement.clearance_table import read_register
from cip.engagement.codebook import read_codebook
from cip.engagement.coding_settled import settle_codings
from cip.engagement.excerpts import load_excerpts
from cip.engagement.forms import COLUMNS
from cip.engagement.good_project import build_good_project, read_good_project
from cip.engagement.plan import read_plan, tidy_plan
from cip.engagement.publishable import find_personal
from cip.engagement.survey_answers import load_survey
from cip.engagement.survey_results import tabulate_answers
from cip.errors import ParameterError, Problem

DEMO = Path(__file__).parents[2] / "params" / "demo"
TODAY = date(2026, 11, 21)
CASES = [(form, column) for form, fates in FATES.items() for column in fates]


def read_words(form: str, path: Path) -> tuple[str, list[Problem]]:
    """Return what a form's tables and its message of success hold, and its problems."""
    if form == "engagement":
        return tidy_plan(read_plan(path, TODAY)).to_csv(), []
    if form == "good_project":
        return build_good_project(read_good_project(path)).to_csv(), []
    if form == "codebook":
        return read_codebook(path).to_frame().to_csv(), []
    if form == "quotes":
        read_register(path)  # what of it is shown: test_quote_gate.py and the run of the notebook
        return "", []
    book = read_codebook(DEMO / "codebook.csv")
    excerpts, problems = load_excerpts(path.parent, book)
    settled = settle_codings(excerpts)
    public = [
        excerpts.codings,
        excerpts.looked_at,
        excerpts.people,
        settled.open,
    ]
    return "".join(table.to_csv() for table in public) + repr(excerpts), problems


def prepare(form: str, folder: Path) -> Path:
    """Copy a form of the demonstration and return its path."""
    if form in ("excerpts", "settled"):
        coders = "coder_a.csv" if form == "excerpts" else "coder_*.csv"
        (folder / "excerpts").mkdir()
        for path in [*(DEMO / "excerpts").glob(coders), DEMO / "excerpts" / "settled.csv"]:
            headings, rows = read_form(path)
            write_rows(
                folder / "excerpts" / path.name,
                headings,
                rows[:40] if path.stem != "settled" else rows[:12],
            )
        return folder / "excerpts" / ("coder_a.csv" if form == "excerpts" else "settled.csv")
    return Path(shutil.copy(DEMO / f"{form}.csv", folder))


def test_every_form_and_column_of_notebook_04_is_in_the_table():
    assert set(COLUMNS) < set(FORMS) == set(FATES)
    for form, columns in FORMS.items():
        assert set(FATES[form]) == set(columns()), form


@pytest.mark.parametrize("form", FATES)
def test_the_readers_take_the_forms_as_they_are(form, tmp_path):
    """Without this a refusal below might have another cause."""
    words, problems = read_words(form, prepare(form, tmp_path))
    assert not problems
    assert words or form == "quotes"


@pytest.mark.parametrize(("form", "column"), CASES)
def test_a_planted_identifier_is_not_passed_on(form, column, tmp_path):
    path = prepare(form, tmp_path)
    headings, rows = read_form(path)
    headings += [column] * (column not in headings)
    planter, fate = Planter(), FATES[form][column]
    # One kind in each of five rows.
    kinds = dict(enumerate(KINDS, start=3))
    planted = {row: planter.make(f"{form}.{column}", kind) for row, kind in kinds.items()}
    is_text = FORMS[form]()[column].kind == "text"
    for row, secret in planted.items():
        own = rows[row - 2].get(column, "") if is_text else ""
        rows[row - 2][column] = f"{own} {secret}".strip()
    write_rows(path, headings, rows)
    try:
        words, problems = read_words(form, path)
    except ParameterError as error:
        words, problems = "", error.problems
        assert fate == REFUSED, error
    told = "\n".join(map(str, problems))
    for row, secret in planted.items():
        assert squeeze(secret) not in squeeze(told + words), kinds[row]
        places = {(problem.row, problem.column) for problem in problems}
        assert ((row, column) in places) == (fate in (REFUSED, TOLD)), (kinds[row], told)


@pytest.mark.parametrize("mapping", ["survey", "sector_survey"])
def test_a_column_of_answers_is_never_repeated(mapping, tmp_path):
    """Each column of the exports holds an identifier of each kind."""
    folder = tmp_path / "demo"
    shutil.copytree(DEMO, folder, ignore=shutil.ignore_patterns("source", "*.geojson"))
    survey, _ = load_survey(folder / f"{mapping}.yml")
    files = sorted((folder / ("survey" if mapping == "survey" else "sector")).glob("*.csv"))
    planter = Planter()
    for path in files:
        frame = pd.read_csv(path, header=None, dtype=str, keep_default_na=False)
        for row, kind in enumerate(KINDS, start=len(frame) - len(KINDS)):
            frame.loc[row] = [planter.make(f"{path.name} {n}", kind) for n in frame.columns]
        frame.to_csv(path, header=False, index=False)
    survey, problems = load_survey(folder / f"{mapping}.yml")
    shown = (
        repr(survey)
        + tabulate_answers(survey, ["sex"] if mapping == "survey" else []).to_csv()
        + "\n".join(map(str, problems))
    )
    # Every closed question and every characteristic tells that its cell cannot be read.
    assert len(problems) >= 15
    for secret, place in planter.places.items():
        assert squeeze(secret) not in squeeze(shown), place


WORDINGS = [
    ("title: Residents", "title: {} Residents", "title"),
    ("mode: online", "mode: {} online", "mode"),
    ('wave: "2026"', 'wave: "2026 {}"', "wave"),
    ("      16 to 24:", "      '16 to 24 {}':", "label of a group"),
    ("      Z01000044: Round", "      Z01000044: {} Round", "name of a part of the area"),
    ("    column: Which describes you?", "    column: Which describes you? {}", "heading"),
    ("  - id: belong\n", "  - id: belong\n    text: Do you belong? {}\n", "wording"),
    ("  - id: belong\n", "  - id: belong\n    labels: {{a: 'Yes {}'}}\n", "label"),
    ("  - id: belong\n", "  - id: belong\n    answers: {{'Yes {}': a}}\n", "answer"),
    ("  - id: belong\n", "  - id: belong\n    unit: days {}\n", "unit"),
    ("  - id: belong\n", "  - id: belong {}\n", "id"),
    ("  - id: belong\n", "  - id: belong\n    kind: '{}'\n", "a choice"),
    ("  - id: belong\n", "  - id: belong\n    least: '{}'\n", "a number"),
    ("design: quota", "design: '{}'", "design"),
    ("audience: residents", "'{}': residents", "a key"),
]


@pytest.mark.parametrize(("old", "new", "what"), WORDINGS, ids=[case[2] for case in WORDINGS])
def test_wordings_of_a_survey_are_refused_by_line(old, new, what, tmp_path):
    text = (DEMO / "survey.yml").read_text("utf-8")
    assert text.count(old) >= 1
    planter = Planter()
    for kind in KINDS:
        secret = planter.make(what, kind)
        path = tmp_path / "survey.yml"
        path.write_text(text.replace(old, new.format(secret), 1), "utf-8")
        with pytest.raises(ParameterError) as caught:
            load_survey(path)
        assert squeeze(secret) not in squeeze(str(caught.value)), kind
        assert any(problem.line for problem in caught.value.problems)


def test_what_is_public_may_stand_in_a_title():
    fine = (
        "Stall at Spoonrest Hall on 3 May 2026",
        "Residents' survey 2025, 1,204 answers",
        "Minutes at https://example.org/minutes.pdf",
        "Code 9999999999",
        "slow_repairs",
    )
    assert [text for text in fine if find_personal(text)] == []


def test_digits_of_a_patient_are_found_without_spaces_too():
    assert find_personal("9434765919") == "a personal detail (NHS number)"
    assert find_personal("9434765918") is None
    assert find_personal("mrs_marrow") == "a person's name"
