"""A mapping file against the catalogue and itself: what does not fit is told with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from cip.catalogue.people_groups import Characteristic, load_people_groups
from cip.catalogue.questions import load_questions
from cip.engagement.survey_mapping import (
    EVERY_WAVE,
    AskedIf,
    CharacteristicColumn,
    QuestionColumn,
    SurveyMapping,
)
from cip.engagement.survey_questions import (
    APART,
    WITH_ANSWERS,
    CharacteristicQuestion,
    Question,
    complete_characteristic,
    complete_question,
    name_group,
)
from cip.errors import ParameterError, Problem, find_nearest
from cip.yaml_file import Lines


def build_questions(path: Path, mapping: SurveyMapping, lines: Lines) -> list[Question]:
    """Return the questions of a mapping file.

    Raises
    ------
    ParameterError
        With all that does not fit together, each with its line.
    """
    problems: list[Problem] = []
    questions: dict[str, Question] = {}
    for number, entry in enumerate(mapping.questions):
        found = list(_check_question(mapping, entry, questions))
        bank = load_questions().get(entry.bank or "")
        if not found:
            question = complete_question(mapping, entry, bank)
            found = list(_check_complete(question, entry))
            questions[entry.id] = question
        line = lines.get(("questions", number))
        problems += [Problem(f"question '{entry.id}': {said}", file=path, line=line, nearest=near)
                     for said, near in found]  # fmt: skip
    if problems:
        raise ParameterError(problems)
    return list(questions.values())


def build_characteristics(
    path: Path, mapping: SurveyMapping, lines: Lines
) -> list[CharacteristicQuestion]:
    """Return the characteristics of a mapping file.

    Raises
    ------
    ParameterError
        With all that does not fit the catalogue of people's groups, each with its line.
    """
    problems, found = [], {}
    known = load_people_groups()
    for number, entry in enumerate(mapping.characteristics):
        faults = list(_check_characteristic(mapping, entry, known, found))
        line = lines.get(("characteristics", number))
        problems += [Problem(f"characteristic '{entry.id}': {said}", file=path, line=line,
                             nearest=near) for said, near in faults]  # fmt: skip
        if not faults:
            found[entry.id] = complete_characteristic(mapping, entry, known[entry.id])
    problems += _check_weights(path, mapping, found, lines)
    if problems:
        raise ParameterError(problems)
    return list(found.values())


def _check_question(
    mapping: SurveyMapping, entry: QuestionColumn, before: Mapping[str, Question]
) -> Iterator[tuple[str, str | None]]:
    """Yield what is wrong with an entry by itself, and the nearest right word."""
    if entry.id in before or entry.id in {one.id for one in mapping.characteristics}:
        yield "this id stands twice", None
    bank = load_questions().get(entry.bank or "")
    if entry.bank and bank is None:
        near = find_nearest(entry.bank, load_questions())
        yield f"there is no '{entry.bank}' in the question bank", near
        return
    if bank is None and not entry.text:
        yield "give its wording as text, or a question of the bank", None
    kind = entry.kind or (bank.kind if bank else None)
    if kind is None:
        yield "say what kind it is", None
    if kind == "before_after":
        if not (entry.before and entry.after):
            yield "a before/after pair needs the headings 'before' and 'after'", None
        if not (entry.of or (bank and bank.of)):
            yield "say what the pair consists of: of: single, likert or number", None
    elif kind == "multiple":
        if bool(entry.column) == bool(entry.columns):
            yield "give 'column', or 'columns' with one heading for each answer", None
    elif not entry.column:
        yield "give the heading of its column", None
    if bank and entry.answers:
        for name in entry.answers.values():
            if name not in bank.answers and not entry.order and name != entry.other:
                yield f"'{name}' is no answer of '{entry.bank}'", find_nearest(name, bank.answers)
    headings = [entry.column, entry.before, entry.after, *entry.columns.values()]
    for wave in {key for one in headings if one for key in one} - {EVERY_WAVE, *mapping.waves}:
        yield f"there is no wave '{wave}'", find_nearest(wave, mapping.waves)
    if entry.asked_if:
        yield from _check_skip(entry.asked_if, before)


def _check_skip(skip: AskedIf, before: Mapping[str, Question]) -> Iterator[tuple[str, str | None]]:
    other = before.get(skip.question)
    if other is None:
        near = find_nearest(skip.question, before)
        yield f"asked_if names '{skip.question}', which is no question above it", near
    elif other.kind not in WITH_ANSWERS:
        yield f"asked_if names '{skip.question}', which has no answers to choose from", None
    else:
        for name in skip.answers:
            if name not in other.options:
                near = find_nearest(name, other.options)
                yield f"asked_if: '{name}' is no answer of '{skip.question}'", near


def _check_complete(question: Question, entry: QuestionColumn) -> Iterator[tuple[str, str | None]]:
    has_answers = question.kind in WITH_ANSWERS or question.of in WITH_ANSWERS
    if has_answers and len(question.options) < (1 if question.kind == "multiple" else 2):
        yield "it needs answers, each with its label", None
    for name in entry.order:
        if name not in question.options:
            yield f"order names '{name}'", find_nearest(name, question.options)
    members = [name for net in question.nets.values() for name in net]
    for name in members:
        if name not in question.options:
            yield f"nets name '{name}'", find_nearest(name, question.options)
    if len(set(members)) < len(members):
        yield "an answer stands in two nets", None
    if set(question.nets) & set(question.options):
        yield "a net has the name of an answer", None
    for name in (*question.options, *question.nets):
        if name in APART:
            yield f"an answer cannot be called '{name}'; list its label under that key", None


def _check_characteristic(
    mapping: SurveyMapping,
    entry: CharacteristicColumn,
    known: Mapping[str, Characteristic],
    found: Mapping[str, CharacteristicQuestion],
) -> Iterator[tuple[str, str | None]]:
    if entry.id not in known:
        yield "it is not in the catalogue", find_nearest(entry.id, known)
        return
    if entry.id in found:
        yield "it stands twice", None
    groups = known[entry.id].labels
    if not groups and not entry.values:
        yield "its groups are places: name them as values (label: place)", None
    for name in [*entry.values.values(), *entry.bands]:
        if groups and name_group(name, known[entry.id]) not in groups:
            near = known[entry.id].find_nearest_group(name)
            yield f"there is no group '{name}'", near
    for wave in set(entry.column) - {EVERY_WAVE, *mapping.waves}:
        yield f"there is no wave '{wave}'", find_nearest(wave, mapping.waves)


def _check_weights(
    path: Path,
    mapping: SurveyMapping,
    found: Mapping[str, CharacteristicQuestion],
    lines: Lines,
) -> list[Problem]:
    if mapping.weights is None:
        return []
    problems = []
    for name in [*mapping.weights.margins, *mapping.weights.join]:
        if name not in {entry.id for entry in mapping.characteristics}:
            near = find_nearest(name, found)
            said = f"weights name '{name}', which is no characteristic here"
            problems.append(Problem(said, file=path, line=lines.get(("weights",)), nearest=near))
    for name, joined in mapping.weights.join.items():
        groups = found[name].groups if name in found else {}
        for group in [one for members in joined.values() for one in members]:
            if groups and group not in groups:
                said = f"weights join '{group}', which is no group of '{name}'"
                near = find_nearest(group, groups)
                line = lines.get(("weights", "join", name))
                problems.append(Problem(said, file=path, line=line, nearest=near))
    return problems
