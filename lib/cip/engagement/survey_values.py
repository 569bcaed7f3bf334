"""Cells of an export turned into answers; what cannot be read is told by row, never repeated."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from cip.engagement.survey_exports import tell_rows
from cip.engagement.survey_forms import fold_label
from cip.engagement.survey_questions import (
    APART,
    DONT_KNOW,
    NOT_ANSWERED,
    NOT_USABLE,
    PREFER_NOT,
    CharacteristicQuestion,
    Question,
)
from cip.errors import Problem, find_nearest

_NUMBER = re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?|[-+]?\.\d+")
#: What a column of one answer holds where it was not ticked; LimeSurvey writes "N/A" for what was
#: not shown.
_NOT_TICKED = frozenset(
    ("", "no", "n", "0", "false", "n/a", "not selected", "unchecked", "unticked")
)
_FORMULA_SIGNS = ("=", "+", "-", "@")
#: Text this long is told, because it is more often a mistake of the tool than an answer.
_LONG_TEXT = 20_000


@dataclass
class Told:
    """Collects what is wrong with one question's cells, so that one message tells many rows.

    Parameters
    ----------
    file, column
        Where the cells stand; the column is named by the question's id.
    """

    file: str
    column: str
    rows: dict[tuple[str, str | None, str | None], list[int]] = field(default_factory=dict)

    def add(
        self, row: int, message: str, *, expected: str | None = None, nearest: str | None = None
    ) -> None:
        """Note a row. The nearest valid label is one of ours, so it repeats nothing."""
        self.rows.setdefault((message, expected, nearest), []).append(row)

    def list_problems(self) -> list[Problem]:
        """Return one problem for each kind of mistake."""
        return [
            Problem(f"{message}: {tell_rows(rows)}", file=self.file, row=rows[0],
                    column=self.column, expected=expected, nearest=nearest)
            for (message, expected, nearest), rows in self.rows.items()
        ]  # fmt: skip


class Labels:
    """Looks labels up, each kind of cell once: exports repeat a few labels thousands of times."""

    def __init__(self, meaning: Mapping[str, str], options: Mapping[str, str]):
        self._meaning, self._options = meaning, options
        self._found: dict[str, str | None] = {}

    def find(self, cell: str) -> str | None:
        """Return the answer, a word of ``APART`` for no answer, or None for an unknown label."""
        if cell not in self._found:
            folded = fold_label(cell)
            found = NOT_ANSWERED if not folded else self._meaning.get(folded)
            if found is None and (number := read_number(cell)) is not None:
                # 5.0 for a 5: a spreadsheet's doing.
                found = self._meaning.get(f"{number:g}")
            self._found[cell] = found
        return self._found[cell]

    def suggest(self, cell: str) -> str | None:
        """Return the label of ours that is most like a cell, in the words of the mapping file."""
        near = find_nearest(fold_label(cell)[:200], self._meaning)
        return None if near is None else self._options.get(self._meaning[near], near)


def read_single(
    cells: Sequence[str], rows: Sequence[int], question: Question, told: Told
) -> pd.Series:
    """Return the answer in each cell, as a categorical of answers and words of ``APART``."""
    labels = Labels(question.meaning, question.options)
    values = []
    for cell, row in zip(cells, rows, strict=True):
        found = labels.find(cell)
        if found is None and question.other:
            found = question.other
        if found is None:
            found = NOT_USABLE
            told.add(row, "an answer that is not on the scale", nearest=labels.suggest(cell))
        values.append(found)
    return pd.Series(pd.Categorical(values, categories=[*question.options, *APART]))


def read_ticks(
    columns: Mapping[str, Sequence[str]], rows: Sequence[int], question: Question
) -> tuple[pd.DataFrame, pd.Series]:
    """Return who ticked each answer (1 or 0), and who answered at all, from one column each."""
    apart = {name: cells for name, cells in columns.items() if name in APART}
    ticks = pd.DataFrame(
        {name: [_is_ticked(cell) for cell in columns[name]] if name in columns else 0
         for name in question.options},
        index=range(len(rows)), dtype="float64",
    )  # fmt: skip
    said = np.where(ticks.any(axis=1), "answered", NOT_ANSWERED)
    for name, cells in apart.items():
        said = np.where((said == NOT_ANSWERED) & [_is_ticked(cell) for cell in cells], name, said)
    return ticks, pd.Series(said, dtype="str")


def read_many(
    cells: Sequence[str], rows: Sequence[int], question: Question, separator: str, told: Told
) -> tuple[pd.DataFrame, pd.Series]:
    """Return who ticked each answer, and who answered at all, from several answers in a cell."""
    labels = Labels(question.meaning, question.options)
    places = {name: place for place, name in enumerate(question.options)}
    ticks = np.zeros((len(cells), len(places)))
    said = np.full(len(cells), "answered", dtype=object)
    parted: dict[str, list[str]] = {}
    for place, (cell, row) in enumerate(zip(cells, rows, strict=True)):
        if cell not in parted:
            parted[cell] = split_answers(cell, separator, question.meaning)
        found = [labels.find(part) for part in parted[cell]]
        for part, name in zip(parted[cell], found, strict=True):
            if name is None and question.other:
                ticks[place, places[question.other]] = 1
            elif name is None:
                told.add(row, "an answer that is not in the list", nearest=labels.suggest(part))
            elif name in places:
                ticks[place, places[name]] = 1
        if not ticks[place].any():
            words = [word for word in (DONT_KNOW, PREFER_NOT) if word in found]
            unread = NOT_USABLE if None in found else NOT_ANSWERED
            said[place] = words[0] if words else unread
    return pd.DataFrame(ticks, columns=list(places)), pd.Series(said, dtype="str")


def split_answers(cell: str, separator: str, known: Mapping[str, str]) -> list[str]:
    """Return the answers in one cell. A label that holds the separator itself stays in one piece.

    Examples
    --------
    >>> split_answers("Arts, music, Sport", ",", {"arts, music": "a", "sport": "s"})
    ['Arts, music', ' Sport']
    """
    parts, found, start = cell.split(separator), [], 0
    while start < len(parts):
        end = start + 1
        for stop in range(min(len(parts), start + 8), start + 1, -1):
            if fold_label(separator.join(parts[start:stop])) in known:
                end = stop
                break
        piece = separator.join(parts[start:end])
        if piece.strip():
            found.append(piece)
        start = end
    return found


def read_numbers(
    cells: Sequence[str], rows: Sequence[int], question: Question, told: Told
) -> tuple[pd.Series, pd.Series]:
    """Return the number in each cell, missing without one, and what the cell was."""
    values, said = np.full(len(cells), np.nan), []
    limits = _tell_limits(question)
    for place, (cell, row) in enumerate(zip(cells, rows, strict=True)):
        number = read_number(cell)
        folded = "" if number is not None else fold_label(cell)
        apart = NOT_ANSWERED if not cell.strip() else question.meaning.get(folded or cell.strip())
        if number is None and folded in question.numbers:
            number = question.numbers[folded]
        if apart in APART:
            said.append(apart)
        elif number is None:
            told.add(row, "words where a number is asked for", expected="a number")
            said.append(NOT_USABLE)
        elif not _is_within(number, question):
            told.add(row, "a number outside what can be meant", expected=limits)
            said.append(NOT_USABLE)
        else:
            values[place] = number
            said.append("answered")
    return pd.Series(values), pd.Series(said, dtype="str")


def read_texts(
    cells: Sequence[str], rows: Sequence[int], question: Question, told: Told
) -> tuple[list[str], pd.Series]:
    """Return open answers as they are, and whether there is one. No message repeats any of it."""
    said = []
    for cell, row in zip(cells, rows, strict=True):
        text = cell.strip()
        word = question.meaning.get(fold_label(text)) if 0 < len(text) < 100 else None
        said.append(NOT_ANSWERED if not text else word if word in APART else "answered")
        if len(text) > _LONG_TEXT:
            told.add(row, f"an answer of more than {_LONG_TEXT:,} characters; it is kept")
        if text.startswith(_FORMULA_SIGNS) and len(text) > 1 and not text[1].isspace():
            told.add(row, "an answer begins like a formula; it is kept as text")
    return [cell.strip() for cell in cells], pd.Series(said, dtype="str")


def read_group(
    cells: Sequence[str], rows: Sequence[int], entry: CharacteristicQuestion, told: Told
) -> pd.Series:
    """Return the group of each person, missing where it is not said."""
    labels, values = Labels(entry.meaning, entry.groups), []
    for cell, row in zip(cells, rows, strict=True):
        found = labels.find(cell)
        if found is None and entry.bands:
            found = _find_band(cell, entry.bands)
        if found is None:
            told.add(
                row, "a group that the mapping file does not know", nearest=labels.suggest(cell)
            )
        values.append(None if found in APART else found)
    return pd.Series(pd.Categorical(values, categories=list(entry.groups)))


def read_number(text: str) -> float | None:
    """Return the number that a text is, or None. Words beside it make it no number.

    Examples
    --------
    >>> read_number("1,200"), read_number("7.0"), read_number("about 5"), read_number("1e9")
    (1200.0, 7.0, None, None)
    """
    text = text.strip().removeprefix("£")
    if not text or not _NUMBER.fullmatch(text):
        return None
    number = float(text.replace(",", ""))
    return number if math.isfinite(number) else None


def _is_ticked(cell: str) -> bool:
    return fold_label(cell) not in _NOT_TICKED


def _is_within(number: float, question: Question) -> bool:
    return (question.least is None or number >= question.least) and (
        question.most is None or number <= question.most
    )


def _tell_limits(question: Question) -> str | None:
    if question.least is not None and question.most is not None:
        return f"{question.least:g} to {question.most:g}"
    if question.least is not None:
        return f"{question.least:g} or more"
    return None if question.most is None else f"{question.most:g} or less"


def _find_band(cell: str, bands: Mapping[str, tuple[float, float]]) -> str | None:
    number = read_number(cell)
    if number is None:
        return None
    return next((name for name, (low, high) in bands.items() if low <= number <= high), None)
