"""Where in an export each question stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cip.engagement.survey_exports import Export
from cip.engagement.survey_forms import Heading, find_columns, fold_label
from cip.engagement.survey_mapping import SurveyFile, SurveyMapping, find_heading
from cip.engagement.survey_questions import APART, CharacteristicQuestion, Question
from cip.errors import ParameterError, Problem, find_nearest

_LONGEST_HEADING = 120


@dataclass(frozen=True)
class SurveyColumns:
    """Places of columns in one export.

    Parameters
    ----------
    questions
        For each question in this wave, the place of each of its columns: ``""`` for the question
        itself, an answer id, ``before`` and ``after``.
    characteristics
        Place of each characteristic; None in a wave that did not ask for it.
    respondent_id, timestamp
        Places of what tells duplicates.
    separator
        The tool's separator of several answers in one cell.
    """

    questions: Mapping[Question, Mapping[str, int]] = field(repr=False)
    characteristics: Mapping[CharacteristicQuestion, int | None] = field(repr=False)
    respondent_id: int | None
    timestamp: int | None
    separator: str


class _Finder:
    """Looks headings up in one export and gathers what is not there."""

    def __init__(self, path: Path, entry: SurveyFile, export: Export):
        self.path, self.entry, self.headings = path, entry, export.headings
        self.problems: list[Problem] = []

    def find(self, wanted: str, owner: str, *, many: bool = False) -> list[int]:
        """Return the columns of a heading, none of them with the problem noted."""
        places = find_columns(self.headings, wanted)
        if not places:
            self._tell_absent(wanted, owner)
        elif len(places) > 1 and not many:
            said = f"{owner}: {len(places)} columns have this heading; write more of it"
            self.problems.append(self._tell(said, wanted))
            return []
        return places

    def find_own(self, wanted: str | None, usual: str) -> int | None:
        """Return a column that tells duplicates; the tool's own may be absent."""
        if wanted is not None:
            places = self.find(wanted, "duplicates")
            return places[0] if places else None
        places = find_columns(self.headings, usual) if usual else []
        return places[0] if len(places) == 1 else None

    def _tell_absent(self, wanted: str, owner: str) -> None:
        near = find_nearest(wanted, [one.question for one in self.headings])
        said = f"{owner}: this file has no such column"
        self.problems.append(self._tell(said, wanted, near))

    def _tell(self, said: str, wanted: str, near: str | None = None) -> Problem:
        shown = near if near is None else near[:_LONGEST_HEADING]
        return Problem(said, file=self.entry.path.name, column=wanted[:_LONGEST_HEADING],
                       nearest=shown)  # fmt: skip


def place_columns(
    path: Path,
    mapping: SurveyMapping,
    entry: SurveyFile,
    export: Export,
    questions: Sequence[Question],
    characteristics: Sequence[CharacteristicQuestion],
) -> SurveyColumns:
    """Return where everything stands.

    Raises
    ------
    ParameterError
        With every heading of the mapping file that the export lacks, and the nearest one.
    """
    finder = _Finder(path, entry, export)
    people: dict[CharacteristicQuestion, int | None] = {}
    for one in characteristics:
        heading = find_heading(one.column, entry.wave)
        places = finder.find(heading, f"characteristic '{one.id}'") if heading else []
        people[one] = places[0] if places else None
    found = {}
    for question in questions:
        if places := _place_question(finder, question, entry.wave):
            found[question] = places
    columns = SurveyColumns(
        found,
        people,
        finder.find_own(entry.respondent_id, export.form.respondent_id),
        finder.find_own(entry.timestamp, export.form.timestamp),
        export.form.separator,
    )
    if finder.problems:
        raise ParameterError(finder.problems)
    return columns


def _place_question(finder: _Finder, question: Question, wave: str) -> dict[str, int]:
    owner = f"question '{question.id}'"
    is_many = question.kind == "multiple"
    places: dict[str, int] = {}
    for name, headings in question.columns.items():
        if heading := find_heading(headings, wave):
            found = finder.find(heading, owner, many=is_many and name == "")
            if is_many and not name and (len(found) > 1 or _has_option(finder, found)):
                places |= _place_options(finder, question, found)
            elif found:
                places[name] = found[0]
    return places


def _has_option(finder: _Finder, places: Sequence[int]) -> bool:
    return bool(places) and bool(finder.headings[places[0]].option)


def _place_options(finder: _Finder, question: Question, places: Sequence[int]) -> dict[str, int]:
    """Return the column of each answer of a question with a column for each."""
    found: dict[str, int] = {}
    for place in places:
        heading = finder.headings[place]
        name = _name_option(heading, question)
        if name is None:
            near = find_nearest(fold_label(heading.option), question.meaning)
            said = f"question '{question.id}': this answer's column is not in the mapping file"
            finder.problems.append(
                Problem(said, file=finder.entry.path.name, nearest=near,
                        column=(heading.option or heading.question)[:_LONGEST_HEADING])
            )  # fmt: skip
        elif name in found and name not in APART:
            said = f"question '{question.id}': two columns stand for the answer '{name}'"
            finder.problems.append(Problem(said, file=finder.entry.path.name))
        else:
            found[name] = place
    return found


def _name_option(heading: Heading, question: Question) -> str | None:
    for text in (heading.option, heading.option_code):
        if text and (name := question.meaning.get(fold_label(text))):
            return name
    if question.other and heading.option:
        is_other = fold_label(heading.option).startswith("other")
        return question.other if is_other else None
    return None
