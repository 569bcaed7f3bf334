"""What each chapter enters in the ledger, from the tables that it has just handed over."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cip.catalogue import load_sources, source_line
from cip.engagement.codebook import read_codebook
from cip.engagement.excerpts import load_excerpts
from cip.engagement.survey_checks import build_questions
from cip.engagement.survey_mapping import read_mapping
from cip.evidence.entry import Entry, build_table
from cip.evidence.from_answers import SurveyWords, from_answers
from cip.evidence.from_assets import from_assets, list_type_sources
from cip.evidence.from_changes import from_changes
from cip.evidence.from_indicators import SourceWords, from_indicators
from cip.evidence.from_insight import from_insight
from cip.evidence.from_reach import from_reach
from cip.evidence.from_respondents import from_respondents
from cip.evidence.from_themes import from_cases, from_quotes, from_themes
from cip.evidence.places import list_missing_anchors
from cip.store import Store
from cip.workspace import Workspace

__all__ = [
    "list_missing_anchors",
    "register_area",
    "register_assets",
    "register_data",
    "register_voices",
]


def register_area(workspace: Workspace) -> pd.DataFrame:
    """Return the entries of chapter 01: one row per report or consultation that is known."""
    insight = _read(workspace, "insight", "insight")
    return build_table([] if insight is None else from_insight(insight))


def register_data(workspace: Workspace) -> pd.DataFrame:
    """Return the entries of chapter 02: one row per indicator and group, of the latest period."""
    table, missing = workspace.read("indicators"), workspace.read("missing_indicators")
    products = dict.fromkeys([*table["source_id"], *missing["source_id"], *load_sources()])
    sources = {name: read_source(workspace.store, name) for name in products}
    codes = workspace.read("areas")["area_code"].to_list()
    held = {name: words for name, words in sources.items() if words is not None}
    return build_table(from_indicators(table, missing, held, area_codes=codes))


def read_source(store: Store, product_id: str) -> SourceWords | None:
    """Return the words of a product, or None where the store lacks it."""
    if product_id not in load_sources() or not store.has(product_id):
        return None
    entry = store.entry(product_id)
    return SourceWords(source_line(product_id, store_entry=entry), entry.licence, entry.geography)


def register_assets(workspace: Workspace) -> pd.DataFrame:
    """Return the entries of chapter 03: one row per type of asset, asset, and reach of a type."""
    assets, name = workspace.read("assets"), workspace.params.title
    return build_table(
        [
            *from_assets(assets, workspace.read("asset_balance"), area_name=name),
            *from_reach(
                workspace.read("reach"),
                workspace.read("reach_places"),
                gap_m=workspace.params.assets.gap_m,
                area_name=name,
                sources=list_type_sources(assets),
            ),
        ]
    )


def register_voices(workspace: Workspace) -> pd.DataFrame:
    """Return the entries of chapter 04: answers, changes, themes, quotations, stories, who was heard.

    What the area has no input for has no entries.
    """
    survey = _read_survey(workspace)
    entries: list[Entry] = []
    answers, changes = (_read(workspace, t, "survey") for t in ("answers", "answer_changes"))
    if survey is not None and answers is not None and changes is not None:
        entries += from_answers(answers, survey) + from_changes(changes, answers, survey)
    themes = _read(workspace, "themes", "codebook", "excerpts")
    if themes is not None:
        entries += from_themes(themes, people_heard=_count_heard(workspace))
        quotes = _read(workspace, "quotes", "quotes")
        entries += [] if quotes is None else from_quotes(quotes, themes)
    cases = _read(workspace, "case_studies", "case_studies")
    entries += [] if cases is None else from_cases(cases)
    entries += _enter_heard(workspace, survey.waves if survey else ())
    return build_table(entries)


def _enter_heard(workspace: Workspace, waves: Sequence[str]) -> list[Entry]:
    # Either input counts people; one is asked at a time, because `_read` wants all that it is given.
    named = [n for n in ("survey", "excerpts") if workspace.file.resolve_input(n) is not None]
    table = _read(workspace, "respondents", named[0]) if named else None
    return [] if table is None else from_respondents(table, waves)


def _read(workspace: Workspace, table: str, *inputs: str) -> pd.DataFrame | None:
    """Return a table that comes of the area's own inputs, or None.

    A table that an earlier run left behind, of an input that the parameter file no longer names,
    is nothing that this report shows.
    """
    named = all(workspace.file.resolve_input(name) is not None for name in inputs)
    return workspace.read(table) if named and workspace.tables.has(table) else None


def _read_survey(workspace: Workspace) -> SurveyWords | None:
    path = workspace.file.resolve_input("survey")
    if path is None:
        return None
    mapping, lines = read_mapping(path)
    questions = build_questions(path, mapping, lines)
    return SurveyWords(
        mapping.title,
        list(dict.fromkeys(file.wave for file in mapping.files)),
        {question.id: question for question in questions},
    )


def _count_heard(workspace: Workspace) -> int | None:
    """Return how many people's passages were coded."""
    codebook = workspace.read_input("codebook", read_codebook)
    if codebook is None:
        return None
    names = workspace.read("small_areas")["lsoa21_name"].to_list()
    found = workspace.read_input(
        "excerpts", lambda path: load_excerpts(path, codebook, parts=names)
    )
    return None if found is None else int(found[0].frame["person_id"].nunique())
