"""A survey read from the files that a mapping file names: what can be read is kept, the rest told.

No message repeats the text of a cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from cip.engagement.publishable import hide_personal
from cip.engagement.survey_checks import build_characteristics, build_questions
from cip.engagement.survey_columns import SurveyColumns, place_columns
from cip.engagement.survey_data import Survey
from cip.engagement.survey_duplicates import find_duplicates, list_ids
from cip.engagement.survey_exports import Export, read_export, tell_rows
from cip.engagement.survey_mapping import SurveyFile, SurveyMapping, read_mapping
from cip.engagement.survey_questions import AFTER, BEFORE, NOT_ANSWERED, Question
from cip.engagement.survey_values import (
    Told,
    read_group,
    read_many,
    read_numbers,
    read_single,
    read_texts,
    read_ticks,
)
from cip.errors import ParameterError, Problem


class _Read(NamedTuple):
    answers: pd.DataFrame
    texts: pd.DataFrame
    ids: set[str]


def load_survey(path: Path) -> tuple[Survey, list[Problem]]:
    """Read a survey by its mapping file.

    Parameters
    ----------
    path
        ``survey.yml``; see `cip.engagement.survey_mapping.SurveyMapping`.

    Returns
    -------
    Survey
        All that could be read.
    list of Problem
        Each place that could not, and each thing worth a look, without the text of any answer.

    Raises
    ------
    ParameterError
        When the mapping file is wrong, a file cannot be read at all, or a column that the
        mapping file names is not there.
    """
    mapping, lines = read_mapping(path)
    questions = build_questions(path, mapping, lines)
    characteristics = build_characteristics(path, mapping, lines)
    problems: list[Problem] = []
    fatal: list[Problem] = []
    parts: list[_Read] = []
    for number, entry in enumerate(mapping.files):
        try:
            export = read_export(path.parent / entry.path, form=entry.form, sheet=entry.sheet)
            columns = place_columns(path, mapping, entry, export, questions, characteristics)
        except ParameterError as error:
            fatal += error.problems
            continue
        problems += export.problems
        parts.append(_read_file(entry, export, columns, number, problems))
    if fatal:
        raise ParameterError(hide_personal(fatal))
    problems += _tell_returning(mapping, parts)
    survey = Survey(
        mapping.title,
        mapping.design,
        mapping.mode,
        mapping.audience,
        mapping.waves,
        {question.id: question for question in questions},
        {entry.id: entry for entry in characteristics},
        _join([part.answers for part in parts]),
        pd.concat([part.texts for part in parts], ignore_index=True),
        mapping.weights,
    )
    return survey, hide_personal(problems)


def _read_file(
    entry: SurveyFile,
    export: Export,
    columns: SurveyColumns,
    number: int,
    problems: list[Problem],
) -> _Read:
    file = entry.path.name
    doubles = find_duplicates(export, columns)
    if doubles:
        said = f"a respondent who is there already was left out: {tell_rows(doubles)}"
        problems.append(Problem(said, file=file, row=doubles[0]))
    left_out = set(doubles)
    kept = [(row, cells) for row, cells in export.rows if row not in left_out]
    rows = [row for row, _ in kept]
    if not kept:
        problems.append(Problem("the file holds no answers", file=file))
    taken: dict[str, pd.Series] = {
        "respondent_id": pd.Series([f"r{number + 1}_{n + 1:05d}" for n in range(len(kept))],
                                   dtype="str"),
        "wave": pd.Series([entry.wave] * len(kept), dtype="str"),
    }  # fmt: skip
    for one, place in columns.characteristics.items():
        told = Told(file, one.id)
        taken[one.id] = read_group(_take(kept, place), rows, one, told)
        problems += told.list_problems()
    texts: list[pd.DataFrame] = []
    for question, places in columns.questions.items():
        told = Told(file, question.id)
        cells = {name: _take(kept, place) for name, place in places.items()}
        found = dict(_read_question(question, cells, rows, columns.separator, told))
        if question.asked_if is not None:
            _skip(question, taken, found, rows, told)
        if question.kind == "text":
            texts.append(_hold_texts(question, taken, found))
        taken |= found
        problems += told.list_problems()
    answers = pd.DataFrame(taken)
    empty = {"respondent_id": "str", "wave": "str", "question_id": "str", "text": "str"}
    held = pd.concat(texts, ignore_index=True) if texts else pd.DataFrame(columns=list(empty))
    return _Read(answers, held.astype(empty), list_ids(export, columns, entry))


def _read_question(
    question: Question,
    cells: Mapping[str, Sequence[str]],
    rows: Sequence[int],
    separator: str,
    told: Told,
) -> Iterator[tuple[str, pd.Series]]:
    """Yield the columns of a question by name; its own status comes first."""
    name = question.id
    if question.kind == "multiple":
        if "" in cells:
            mark = question.separator or separator
            ticks, said = read_many(cells[""], rows, question, mark, told)
        else:
            ticks, said = read_ticks(cells, rows, question)
        yield name, said
        for answer in ticks:
            yield f"{name}:{answer}", ticks[answer]
    elif question.kind == "before_after":
        yield from _read_pair(question, cells, rows, told)
    elif question.kind == "number":
        values, said = read_numbers(cells[""], rows, question, told)
        yield name, said
        yield f"{name}:value", values
    elif question.kind == "text":
        texts, said = read_texts(cells[""], rows, question, told)
        yield name, said
        yield f"{name}:text", pd.Series(texts, dtype="str")
    else:
        yield name, read_single(cells[""], rows, question, told)


def _read_pair(
    question: Question, cells: Mapping[str, Sequence[str]], rows: Sequence[int], told: Told
) -> Iterator[tuple[str, pd.Series]]:
    """Yield both answers of a pair, and ``answered`` where there are both."""
    halves, said = {}, []
    for half in (BEFORE, AFTER):
        if question.of == "number":
            values, status = read_numbers(cells[half], rows, question, told)
        else:
            values = read_single(cells[half], rows, question, told)
            status = values.astype("str").where(~values.isin(list(question.options)), "answered")
        halves[f"{question.id}:{half}"] = values
        said.append(status)
    # What is lacking of the pair is what the first half that lacks it says.
    joined = said[0].where(said[0] != "answered", said[1])
    yield question.id, joined.astype("str")
    yield from halves.items()


def _skip(
    question: Question,
    taken: Mapping[str, pd.Series],
    found: dict[str, pd.Series],
    rows: Sequence[int],
    told: Told,
) -> None:
    """Blank a question for those to whom it was not shown; tell who answered it all the same."""
    skip = question.asked_if
    if skip.question not in taken:
        return
    if any(f"{skip.question}:{name}" in taken for name in skip.answers):
        columns = [taken[f"{skip.question}:{name}"] == 1 for name in skip.answers]
        shown = np.logical_or.reduce(columns)
    else:
        shown = taken[skip.question].isin(skip.answers).to_numpy()
    answered = ~found[question.id].isin([NOT_ANSWERED]).to_numpy()
    for row in np.asarray(rows)[answered & ~shown].tolist():
        told.add(row, "an answer to a question that was not for this person; left out")
    for name, values in found.items():
        found[name] = values.where(shown)


def _hold_texts(
    question: Question, taken: Mapping[str, pd.Series], found: dict[str, pd.Series]
) -> pd.DataFrame:
    """Take the texts out of a question's columns; its status alone stays with the answers."""
    texts = found.pop(f"{question.id}:text")
    has_text = (found[question.id] == "answered").to_numpy()
    return pd.DataFrame(
        {
            "respondent_id": taken["respondent_id"][has_text],
            "wave": taken["wave"][has_text],
            "question_id": question.id,
            "text": texts[has_text],
        }
    )


def _take(rows: list[tuple[int, list[str]]], place: int | None) -> list[str]:
    if place is None:
        return [""] * len(rows)
    return [cells[place] if place < len(cells) else "" for _, cells in rows]


def _join(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Return all files' answers under each other; columns that a file lacks are missing in it.

    Categoricals keep their categories, because every file has them from the same question.
    """
    columns = list(dict.fromkeys(name for part in parts for name in part.columns))
    joined = {}
    for name in columns:
        pieces = []
        like = next(part[name] for part in parts if name in part)
        for part in parts:
            if name in part:
                pieces.append(part[name])
            else:
                pieces.append(pd.Series([None] * len(part), dtype=like.dtype))
        joined[name] = pd.concat(pieces, ignore_index=True)
    return pd.DataFrame(joined)


def _tell_returning(mapping: SurveyMapping, parts: list[_Read]) -> list[Problem]:
    """Tell that the same ids occur in two waves: then the waves are not two samples."""
    by_wave: dict[str, set[str]] = {}
    for entry, part in zip(mapping.files, parts, strict=True):
        by_wave.setdefault(entry.wave, set()).update(part.ids)
    waves, problems = list(by_wave), []
    for one, other in pairwise(waves):
        both = len(by_wave[one] & by_wave[other])
        if both:
            problems.append(
                Problem(
                    f"{both} ids of respondents occur in wave {one} and in wave {other}: if these "
                    "are the same people, the interval of the change is not right"
                )
            )
    return problems
