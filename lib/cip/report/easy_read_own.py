"""The analyst's own Easy Read text: headings, points, hard words, and a drawing for each point.

``narrative/easy_read.md`` is plain: ``## A heading``, one paragraph for each point, which may
start with ``[picture: bus]``, and ``**word**: what it means.`` for a hard word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cip.errors import ParameterError, Problem, find_nearest
from cip.report.easy_read_pictures import DRAWINGS
from cip.report.summary_contents_text import count_words, split_sentences, write_plain

#: No sentence has more words than this.
MOST_WORDS = 15

_HEADING = re.compile(r"^#{1,6}\s+(.*)$")
_PICTURE = re.compile(r"^\[picture:\s*([^\]]*)\]\s*", re.IGNORECASE)
_HARD_WORD = re.compile(r"^\*\*([^*]+)\*\*:\s*(.+)$")
_USUAL_DRAWING = "idea"


@dataclass(frozen=True)
class OwnPoint:
    """Sentences with the drawing beside them; ``word`` is set where they explain one."""

    sentences: tuple[str, ...]
    drawing: str = _USUAL_DRAWING
    word: str = ""


@dataclass(frozen=True)
class OwnPart:
    """A heading and its points."""

    heading: str
    points: tuple[OwnPoint, ...]


def read_own_text(text: str, *, file: Path | None = None) -> tuple[OwnPart, ...]:
    """Return the analyst's text part by part; an empty text has none.

    Raises
    ------
    ParameterError
        With every sentence that is too long and every drawing that is not there, by line.
    """
    parts: list[tuple[str, list[OwnPoint]]] = []
    problems: list[Problem] = []
    for line, block in _list_blocks(text):
        heading = _HEADING.match(block)
        if heading:
            parts.append((write_plain(heading[1]), []))
            problems += _check_length(parts[-1][0], line, file)
            continue
        point, drawing = _read_point(block)
        problems += [p for s in point.sentences for p in _check_length(s, line, file)]
        if drawing and drawing not in DRAWINGS:
            problems.append(_name_drawing(drawing, line, file))
        if not parts:
            parts.append(("", []))
        parts[-1][1].append(point)
    if problems:
        raise ParameterError(problems)
    return tuple(OwnPart(heading, tuple(points)) for heading, points in parts)


def _list_blocks(text: str) -> Iterator[tuple[int, str]]:
    """Yield headings and paragraphs with the number of their first line."""
    block: list[str] = []
    start = 0
    for number, raw in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        line = raw.strip()
        stands_alone = bool(_HEADING.match(line) or _HARD_WORD.match(line))
        if block and (not line or stands_alone or _PICTURE.match(line)):
            yield start, " ".join(block)
            block = []
        if stands_alone:
            yield number, line
        elif line:
            start = start if block else number
            block.append(line)
    if block:
        yield start, " ".join(block)


def _read_point(block: str) -> tuple[OwnPoint, str]:
    """Return a point, and the drawing that it asks for."""
    picture = _PICTURE.match(block)
    wanted = picture[1].strip().lower() if picture else ""
    rest = _PICTURE.sub("", block)
    explained = _HARD_WORD.match(rest)
    word = write_plain(explained[1]) if explained else ""
    sentences = tuple(split_sentences(write_plain(explained[2] if explained else rest)))
    drawing = wanted if wanted in DRAWINGS else _USUAL_DRAWING
    return OwnPoint(sentences, drawing, word), wanted


def _check_length(sentence: str, line: int, file: Path | None) -> list[Problem]:
    if count_words(sentence) <= MOST_WORDS:
        return []
    problem = Problem(
        "this sentence is too long for Easy Read",
        file=file,
        line=line,
        found=f"{count_words(sentence)} words: {sentence[:60]}",
        expected=f"at most {MOST_WORDS} words; say one thing in each sentence",
    )
    return [problem]


def _name_drawing(name: str, line: int, file: Path | None) -> Problem:
    return Problem(
        "there is no drawing of this name",
        file=file,
        line=line,
        found=name,
        expected=", ".join(DRAWINGS),
        nearest=find_nearest(name, DRAWINGS),
    )
