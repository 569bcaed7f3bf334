"""Columns of ``outcomes.csv``, and the words that its cells may hold."""

from __future__ import annotations

from cip.catalogue.evaluation import load_evaluation_questions, load_outcome_goals
from cip.inputs import Column

SAME, SAMPLES, RECORDS = "same people", "independent samples", "census or records"
DESIGNS = (SAME, SAMPLES, RECORDS)
PEOPLE, GROUPS, THINGS = "people", "groups", "things"
HIGHER, LOWER = "higher", "lower"

#: What an outcome's figures can be taken from, by the start of the id.
SURVEY, SECTOR, DATA = "survey", "sector", "data"
#: The two moments at which something is measured, as the columns name them.
MOMENTS = ("baseline", "followup")
#: Columns of pairs: people by what they said before and after.
PAIRS = ("yes_both", "only_before", "only_after", "no_both")
#: What must be blank where the figures are taken from a table of the workbook.
TYPED = (
    *(f"{moment}_{part}" for moment in MOMENTS for part in ("value", "base")),
    "design_effect",
    *PAIRS,
)


def list_outcome_columns() -> dict[str, Column]:
    """Return the columns of ``outcomes.csv``."""
    return {
        "id": Column(
            required=True,
            description="Short name that never changes: letters, digits, hyphens, underscores.",
        ),
        "outcome": Column(required=True, privacy="role", description="What is to be different."),
        "goal": Column(
            kind="choice",
            choices=tuple(load_outcome_goals()),
            description="Which of the six goals it belongs to, if any.",
        ),
        "asks": Column(
            kind="choice",
            choices=tuple(load_evaluation_questions()),
            description="Which of the framework's four questions it helps to answer, if any.",
        ),
        "measure": Column(required=True, privacy="role", description="What is measured."),
        "counts": Column(
            kind="choice",
            choices=(PEOPLE, GROUPS, THINGS),
            description="What is counted: people, groups and organisations, or things such as "
            "evenings. Blank means people.",
        ),
        "taken_from": Column(
            description="Where the workbook has the figures already: survey:<question>.<answer>, "
            "sector:<question>.<answer> or data:<indicator>. Then no value is typed here.",
        ),
        "among": Column(
            description="One group of respondents, as in 'age: 16_24'; blank for everyone.",
        ),
        "unit": Column(description="% or what is counted, as in 'groups'; blank with taken_from."),
        "better": Column(
            kind="choice",
            choices=(HIGHER, LOWER),
            description="Which way is good; blank where neither is.",
        ),
        "design": Column(
            kind="choice",
            choices=DESIGNS,
            description="How the two measurements belong together; blank with taken_from.",
        ),
        **_list_moment("baseline", "before the work began"),
        **_list_moment("followup", "afterwards; blank while there is none"),
        "design_effect": Column(
            kind="number",
            minimum=1,
            description="How many times fewer answers the sample is worth for its weights and "
            "clusters; blank means 1.",
        ),
        **_list_pairs(),
        "recommendations": Column(description="Ids that it follows from, parted by semicolons."),
        "actions": Column(description="Ids of actions.csv, parted by semicolons."),
        "grants": Column(description="Ids of grants.csv, parted by semicolons."),
        "note": Column(privacy="role", description="What a reader should know besides."),
    }


def _list_moment(moment: str, when: str) -> dict[str, Column]:
    return {
        f"{moment}_wording": Column(
            privacy="role",
            description="Question as it was asked: an id of the question bank, or the words.",
        ),
        f"{moment}_on": Column(
            description=f"Day of the measurement {when}, as year-month-day; the wave or period "
            "with taken_from."
        ),
        f"{moment}_value": Column(kind="number", minimum=0, description="What was measured."),
        f"{moment}_base": Column(
            kind="integer", minimum=0, description="How many were asked and answered."
        ),
    }


def _list_pairs() -> dict[str, Column]:
    said = ("yes both times", "yes before alone", "yes afterwards alone", "no both times")
    return {
        name: Column(
            kind="integer", minimum=0, description=f"Of the same people: how many said {words}."
        )
        for name, words in zip(PAIRS, said, strict=True)
    }
