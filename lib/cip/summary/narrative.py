"""The analyst's own text: a folder of Markdown, one file for each finding that is edited."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from cip.engagement.gate import describe_flags
from cip.engagement.identifiers import count_kinds, find_identifiers
from cip.errors import ParameterError, Problem, find_nearest
from cip.evidence.citing import FINDING, Citation, check_cited, find_citations, list_cited
from cip.inputs.files import read_bytes
from cip.summary.narrative_front import EXPECTED, Front, read_front, split_front
from cip.summary.narrative_markdown import LEVELS, check_text

#: Texts that are not about one finding, by the name of their file.
SPECIAL = ("introduction", "methods", "limits", "acknowledgements", "next_steps", "easy_read")
#: The Easy Read text is a page of its own, so that its headings begin on level two.
_HEADINGS = {"easy_read": (2, 3)}
#: A text fits on a few pages; a larger file is something else.
LARGEST_BYTES = 100_000
_IGNORED = "readme"


@dataclass(frozen=True)
class NarrativeText:
    """One text of the narrative.

    Parameters
    ----------
    name
        The finding that it is for, or the name of a special text such as ``methods``.
    title, side, order
        As its file gives them; empty or None where it does not.
    text
        Markdown with citations in square brackets.
    file
        The file, as messages name it: folder and name.
    citations
        What it cites, with lines of the file.
    """

    name: str
    title: str
    side: str
    order: int | None
    text: str
    file: str
    citations: tuple[Citation, ...]

    @property
    def is_special(self) -> bool:
        """Whether it is not about one finding."""
        return self.name in SPECIAL


@dataclass(frozen=True)
class Narrative:
    """The texts of a folder: edited findings in the order of their files, and special texts."""

    findings: tuple[NarrativeText, ...] = ()
    texts: tuple[NarrativeText, ...] = ()

    def find_text(self, name: str) -> NarrativeText | None:
        """Return a special text, or None where it was not written."""
        return next((text for text in self.texts if text.name == name), None)


def read_narrative(folder: Path, *, evidence: pd.DataFrame, drafts: pd.DataFrame) -> Narrative:
    """Read the analyst's texts and check them against the evidence.

    Parameters
    ----------
    folder
        Folder of ``.md`` files; other files are not read.
    evidence
        The ledger: one row per entry.
    drafts
        The drafted findings: one row each.

    Raises
    ------
    ParameterError
        With every problem of the folder, by file and line.
    """
    narrative, problems = load_narrative(folder)
    problems += check_narrative(narrative, evidence=evidence, drafts=drafts)
    if problems:
        raise ParameterError(sorted(problems, key=lambda one: (str(one.file), one.line or 0)))
    return narrative


def load_narrative(folder: Path) -> tuple[Narrative, list[Problem]]:
    """Read the analyst's texts, and return what is wrong with the files themselves.

    A text with problems is among the texts where its name can be told, so that what it cites can
    be checked too.

    Raises
    ------
    ParameterError
        If there is no such folder.
    """
    if not folder.is_dir():
        raise ParameterError(Problem("there is no such folder", file=folder))
    findings: list[NarrativeText] = []
    texts: list[NarrativeText] = []
    problems: list[Problem] = []
    for path in list_files(folder):
        place = f"{folder.name}/{path.name}"
        text, found = _read_file(path, place)
        problems += [replace(problem, file=place) for problem in found]
        if text is not None:
            (texts if text.is_special else findings).append(text)
    problems += _find_doubles(findings)
    return Narrative(tuple(findings), tuple(texts)), problems


def list_files(folder: Path) -> list[Path]:
    """Return the texts of a folder, in the order of their names; a README is none."""
    files = [path for path in folder.iterdir() if path.suffix.casefold() == ".md"]
    return sorted(path for path in files if path.stem.casefold() != _IGNORED)


def check_narrative(
    narrative: Narrative, *, evidence: pd.DataFrame, drafts: pd.DataFrame
) -> list[Problem]:
    """Return what is wrong between the texts and the evidence: findings and citations unknown."""
    known = list(drafts["finding_id"])
    problems = []
    for text in narrative.findings:
        if text.name not in known:
            nearest = find_nearest(text.name, known)
            message = "no finding of this name is drafted: there is no evidence for it, or too few"
            message = f"{message} people speak of it"
            expected = f"one of {', '.join(known)}" if known else None
            problem = Problem(message, text.file, found=text.name, expected=expected)
            problems.append(replace(problem, nearest=nearest))
        if not any(not _is_finding(c.evidence_id) for c in text.citations):
            message = "this finding cites no evidence"
            expected = "at least one citation, as in [data:owned]"
            problems.append(Problem(message, text.file, expected=expected))
    for text in (*narrative.findings, *narrative.texts):
        problems += _check_citations(text, evidence, known)
    return problems


def _check_citations(
    text: NarrativeText, evidence: pd.DataFrame, known: Sequence[str]
) -> Iterator[Problem]:
    cited = list_cited(text.citations)
    for evidence_id, problem in check_cited(cited, evidence, findings=known):
        for citation in text.citations:
            if citation.evidence_id == evidence_id:
                yield replace(problem, file=text.file, line=citation.line)


def _is_finding(evidence_id: str) -> bool:
    return evidence_id.startswith(f"{FINDING}:")


def _read_file(path: Path, place: str) -> tuple[NarrativeText | None, list[Problem]]:
    content, problem = _read_text(path)
    if problem is not None:
        return None, [problem]
    raw, body, first_line = split_front(content)
    special = path.stem if path.stem in SPECIAL else ""
    front, problems = (Front(), []) if raw is None else read_front(raw)
    problems += _check_front(front, special, has_front=raw is not None)
    problems += check_text(body, first_line, levels=_HEADINGS.get(special, LEVELS))
    if not body.strip():
        problems.append(Problem("there is no text below the lines in front", line=first_line))
    name = special or front.finding
    if not name:
        return None, problems
    moved = tuple(replace(one, line=one.line + first_line - 1) for one in find_citations(body))
    text = NarrativeText(name, front.title, front.side, front.order, body.strip(), place, moved)
    return text, problems


def _read_text(path: Path) -> tuple[str, Problem | None]:
    try:
        content = read_bytes(path, LARGEST_BYTES)
    except ParameterError as error:
        return "", error.problems[0]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return "", Problem("this is not text in UTF-8", line=line)
    return re.sub(r"\r\n?", "\n", text), None


def _check_front(front: Front, special: str, *, has_front: bool) -> list[Problem]:
    problems = []
    if not has_front and not special:
        message = "no lines stand in front of the text"
        nearest = None
        problems.append(Problem(message, line=1, expected=EXPECTED, nearest=nearest))
    elif has_front and not special:
        problems += [
            Problem(f"the line '{key}:' is missing", line=1, expected=EXPECTED)
            for key, value in (("finding", front.finding), ("title", front.title))
            if not value and key not in front.lines
        ]
        problems += [
            Problem(f"the line '{key}:' is empty", line=front.lines[key])
            for key, value in (("finding", front.finding), ("title", front.title))
            if not value and key in front.lines
        ]
    elif front.finding:
        message = "this text is not about one finding, so 'finding' has no place in front"
        problems.append(Problem(message, line=front.lines["finding"]))
    if flags := find_identifiers(front.title):
        message = f"the title holds what identifies a person: {describe_flags(count_kinds(flags))}"
        problems.append(Problem(message, line=front.lines["title"]))
    return problems


def _find_doubles(findings: Sequence[NarrativeText]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for text in findings:
        if text.name in first:
            message = "two files are for one finding"
            found = f"{text.name}, which {first[text.name]} is for"
            yield Problem(message, text.file, line=1, found=found)
        else:
            first[text.name] = text.file
