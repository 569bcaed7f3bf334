"""The steps of notebook 04 that join the area's inputs with what is computed.

Texts of answers and excerpts stay in what these functions return to one another. What they hand to
pages and tables is counts, and words that a person has cleared.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pandas as pd

from cip.assets.priorities import match_priorities
from cip.engagement.case_studies import CaseStudies, read_case_studies
from cip.engagement.codebook import Codebook, read_codebook
from cip.engagement.coding_agreement import ALL_THEMES, measure_agreement
from cip.engagement.coding_settled import settle_codings
from cip.engagement.crossing import find_exposed_speakers, list_withheld
from cip.engagement.excerpts import Excerpts, load_excerpts
from cip.engagement.good_project import build_good_project, read_good_project
from cip.engagement.heard import count_heard, list_speakers
from cip.engagement.limits import EngagementFacts, list_limits
from cip.engagement.margins import build_margins
from cip.engagement.plan import find_unplanned, list_seldom_heard, read_plan, tidy_plan
from cip.engagement.proper_nouns import AllowedNames, allow_names
from cip.engagement.quotes import Clearances, list_themes, read_clearances
from cip.engagement.sector import count_sector, read_sector
from cip.engagement.speakers import SpeakerCounts, build_counts
from cip.engagement.survey_answers import load_survey
from cip.engagement.survey_changes import compare_answers
from cip.engagement.survey_data import Survey
from cip.engagement.survey_results import assemble_answers, measure_survey
from cip.engagement.survey_weights import SurveyWeights, weigh_survey
from cip.engagement.theme_saturation import count_saturation, judge_saturation
from cip.engagement.themes import ThemeTables, count_themes, rank_priorities
from cip.errors import Problem
from cip.workspace import Workspace

#: Challenges beside which assets are set.
MOST_CHALLENGES = 10


@dataclass(frozen=True)
class SurveyResults:
    """A survey's results: tables without any answer of one person.

    Parameters
    ----------
    survey
        The survey; what it prints is counts alone.
    weights
        Its weights, or why there are none.
    answers, changes
        The tables ``answers`` and ``answer_changes``.
    respondents
        Its rows of the table ``respondents``.
    """

    survey: Survey
    weights: SurveyWeights
    answers: pd.DataFrame
    changes: pd.DataFrame
    respondents: pd.DataFrame


@dataclass(frozen=True)
class VoiceResults:
    """What coded excerpts show.

    Parameters
    ----------
    excerpts, codebook
        What was coded, and with which themes.
    tables
        Counts of people by theme.
    agreement, saturation
        The tables of these names.
    open_disagreements
        Places where coders differ and nobody has settled it.
    respondents
        The rows of the table ``respondents`` for those heard in interviews and groups.
    """

    excerpts: Excerpts
    codebook: Codebook
    tables: ThemeTables
    agreement: pd.DataFrame
    saturation: pd.DataFrame
    open_disagreements: int
    respondents: pd.DataFrame


@dataclass(frozen=True)
class Heard:
    """Everything that notebook 04 found; None where the area names no such input.

    Parameters
    ----------
    plan, checklist
        What was done, and the checklist of a good project.
    margins
        People of each group who live in the area.
    respondents
        The table ``respondents``.
    problems
        What could not be read, by file, row and column, never with what a cell holds.
    """

    plan: pd.DataFrame | None
    checklist: pd.DataFrame | None
    margins: pd.DataFrame
    respondents: pd.DataFrame
    survey: SurveyResults | None
    voices: VoiceResults | None
    sector: pd.DataFrame | None
    sector_survey: Survey | None
    problems: list[Problem] = field(default_factory=list)

    @property
    def sector_groups(self) -> int | None:
        """Community and voluntary groups that answered, or None where they were not asked."""
        return None if self.sector_survey is None else len(self.sector_survey.answers)


def hear(workspace: Workspace) -> Heard:
    """Read the area's own inputs and count who was heard and what was said.

    Raises
    ------
    ParameterError
        If an input cannot be used at all. Single rows that cannot be read are in ``problems``.
    """
    small_areas = workspace.read("small_areas")
    names = dict(zip(small_areas["lsoa21_code"], small_areas["lsoa21_name"], strict=True))
    margins = build_margins(
        workspace.store, workspace.read("membership"), workspace.read("areas"), names=names
    )
    problems: list[Problem] = []
    survey = _read_survey(workspace, margins, problems)
    voices = _read_voices(workspace, names, margins, problems)
    sector_survey = _read_sector(workspace, problems)
    return Heard(
        plan=workspace.read_input("engagement", partial(read_plan, today=workspace.today)),
        checklist=workspace.read_input(
            "good_project", lambda path: build_good_project(read_good_project(path))
        ),
        margins=margins,
        respondents=_count_people(workspace, margins, survey, voices),
        survey=survey,
        voices=voices,
        sector=None if sector_survey is None else count_sector(sector_survey),
        sector_survey=sector_survey,
        problems=problems,
    )


def _read_survey(
    workspace: Workspace, margins: pd.DataFrame, problems: list[Problem]
) -> SurveyResults | None:
    found = workspace.read_input("survey", load_survey)
    if found is None:
        return None
    survey, wrong = found
    weights = weigh_survey(survey, margins)
    problems += [*wrong, *weights.problems]
    settings = workspace.params.engagement
    labels = survey.characteristics.get("part_of_area")
    respondents = count_heard(
        survey.answers,
        margins,
        settings,
        weights=weights.weights,
        part_names=dict(labels.groups) if labels else None,
    )
    least = settings.least_people
    measured = measure_survey(
        survey, weights=weights, least_people=least, withheld=list_withheld(respondents)
    )
    return SurveyResults(
        survey,
        weights,
        assemble_answers(measured, is_weighted=weights.is_weighted),
        compare_answers(survey, weights=weights, least_people=least, measured=measured),
        respondents,
    )


def _read_voices(
    workspace: Workspace, names: dict[str, str], margins: pd.DataFrame, problems: list[Problem]
) -> VoiceResults | None:
    codebook = workspace.read_input("codebook", read_codebook)
    if codebook is None:
        return None
    found = workspace.read_input(
        "excerpts", lambda path: load_excerpts(path, codebook, parts=list(names.values()))
    )
    if found is None:
        return None
    excerpts, wrong = found
    problems += wrong
    settings = workspace.params.engagement
    respondents = count_heard(list_speakers(excerpts.frame), margins, settings)
    exposed = find_exposed_speakers(excerpts, respondents)
    return VoiceResults(
        excerpts,
        codebook,
        count_themes(excerpts, codebook, least_people=settings.least_people, withheld=exposed),
        measure_agreement(excerpts, codebook),
        count_saturation(excerpts),
        len(settle_codings(excerpts).open),
        respondents,
    )


def _read_sector(workspace: Workspace, problems: list[Problem]) -> Survey | None:
    found = workspace.read_input("sector_survey", read_sector)
    if found is None:
        return None
    survey, wrong = found
    problems += wrong
    return survey


def _count_people(
    workspace: Workspace,
    margins: pd.DataFrame,
    survey: SurveyResults | None,
    voices: VoiceResults | None,
) -> pd.DataFrame:
    parts = [found.respondents for found in (survey, voices) if found is not None]
    parts = [part for part in parts if len(part)]
    if not parts:
        empty = pd.DataFrame({"wave": []})
        return count_heard(empty, margins, workspace.params.engagement)
    return pd.concat(parts, ignore_index=True)


def allow_local_names(workspace: Workspace) -> AllowedNames:
    """Return names that may stand in any quotation: places, the publisher, and the area's assets."""
    small_areas = workspace.read("small_areas")
    names = [workspace.params.title, workspace.params.organisation.name]
    names += list(small_areas["ward24_name"].dropna())
    names += list(small_areas["lad_name"].dropna())
    if workspace.tables.has("assets"):
        names += list(workspace.read("assets")["name"].dropna())
    return allow_names(sorted(set(names)))


def clear_quotes(workspace: Workspace, heard: Heard) -> Clearances | None:
    """Return the quotations that a person has cleared and that pass the gate today, or None."""
    if heard.voices is None:
        return None
    voices = heard.voices
    final = settle_codings(voices.excerpts).final
    read = partial(
        read_clearances,
        excerpts=voices.excerpts.frame,
        themes=list_themes(final, voices.codebook.to_frame()),
        counts=_count_speakers(workspace, heard, voices),
        today=workspace.today,
        allowed=allow_local_names(workspace),
    )
    return workspace.read_input("quotes", read)


def open_editor(workspace: Workspace, heard: Heard) -> Any:
    """Return the controls with which passages are read, coded, settled and cleared.

    Raises
    ------
    ValueError
        If there are no coded passages.
    """
    from cip.interactive.voices_opening import open_voices_editor

    if heard.voices is None:
        raise ValueError("there are no passages to work on")
    return open_voices_editor(
        workspace,
        heard.voices.excerpts,
        heard.voices.codebook,
        counts=_count_speakers(workspace, heard, heard.voices),
        allowed=allow_local_names(workspace),
    )


def _count_speakers(workspace: Workspace, heard: Heard, voices: VoiceResults) -> SpeakerCounts:
    return build_counts(
        heard.margins,
        voices.excerpts.people,
        least_people=workspace.params.engagement.least_people,
    )


def read_stories(workspace: Workspace) -> CaseStudies | None:
    """Return the stories that were told with consent and cleared, or None."""
    allowed = allow_local_names(workspace)
    return workspace.read_input(
        "case_studies", lambda path: read_case_studies(path, workspace.today, allowed=allowed)
    )


def match_challenges(
    workspace: Workspace, heard: Heard
) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Return the assets beside the challenges that most people speak of, or None without either.

    Returns
    -------
    tuple
        One row per challenge (as `cip.assets.priorities.match_priorities` gives them), and the
        table ``assets`` that they name.
    """
    if heard.voices is None or not workspace.tables.has("assets"):
        return None
    ranked = rank_priorities(heard.voices.tables.themes)
    named = ranked[(ranked["polarity"] == "challenge") & ranked["topic"].notna()]
    if named.empty:
        return None
    themes = named.head(MOST_CHALLENGES).rename(
        columns={"theme_id": "priority_id", "theme": "priority", "topic": "topics"}
    )
    assets = workspace.read("assets")
    columns = ["priority_id", "priority", "topics"]
    return match_priorities(themes[columns], assets, most_named=3), assets


def list_what_cannot_be_said(workspace: Workspace, heard: Heard) -> list[str]:
    """Return the limits of this engagement, the most important first."""
    wanted = list_seldom_heard(workspace.params.engagement)
    survey, voices = heard.survey, heard.voices
    plan = heard.plan
    overall = pd.DataFrame() if voices is None else voices.agreement
    overall = overall[overall["theme_id"] == ALL_THEMES] if len(overall) else overall
    judged = None if voices is None else judge_saturation(voices.saturation)
    facts = EngagementFacts(
        respondents=heard.respondents,
        seldom_heard=wanted,
        unplanned=[] if plan is None else find_unplanned(plan, wanted),
        design="" if survey is None else survey.survey.design,
        waves=() if survey is None else survey.survey.waves,
        uncounted=0 if plan is None else int(plan["people_reached"].isna().sum()),
        interviews=0 if voices is None else len(voices.saturation),
        saturation="" if judged is None else judged.label,
        coders=0 if voices is None else len(voices.excerpts.coders),
        alpha=float(overall["alpha"].iloc[0]) if len(overall) else None,
        open_disagreements=0 if voices is None else voices.open_disagreements,
        sector_groups=heard.sector_groups,
    )
    return list_limits(facts)


def save(
    workspace: Workspace,
    heard: Heard,
    quotes: Clearances | None,
    stories: CaseStudies | None,
) -> None:
    """Write the tables of what the area has."""
    tables: dict[str, pd.DataFrame | None] = {
        "engagement": None if heard.plan is None else tidy_plan(heard.plan),
        "respondents": heard.respondents if len(heard.respondents) else None,
        "sector": heard.sector,
        "quotes": None if quotes is None else quotes.quotes,
        "case_studies": None if stories is None else stories.table,
    }
    if heard.survey is not None:
        tables |= {"answers": heard.survey.answers, "answer_changes": heard.survey.changes}
    if heard.voices is not None:
        found = heard.voices
        tables |= {
            "themes": found.tables.themes,
            "theme_groups": found.tables.theme_groups,
            "theme_pairs": found.tables.theme_pairs,
            "agreement": found.agreement,
            "saturation": found.saturation,
        }
    workspace.save(**{name: table for name, table in tables.items() if table is not None})
