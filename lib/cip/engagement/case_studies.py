"""Stories told with consent: a folder of Markdown files, each with a few lines in front.

A file that does not pass stays out of the report with every reason, by file and line, and without
a word of what it holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pandas as pd

from cip.catalogue.building_blocks import load_topics
from cip.engagement.case_markdown import check_markdown, read_plain, set_headings
from cip.engagement.front_matter import CaseFront, read_front
from cip.engagement.gate import describe_flags
from cip.engagement.identifiers import count_kinds, find_identifiers
from cip.engagement.name_words import COMMON
from cip.engagement.proper_nouns import AllowedNames, find_proper_nouns
from cip.engagement.roles import is_role
from cip.errors import ParameterError, Problem

#: A story fits on three pages; a larger file is something else.
LARGEST_BYTES = 60_000
COLUMNS = ["case_id", "title", "text", "topics", "consent_on", "cleared_by"]
#: Why a story without a fault is not shown.
WAITING = {
    "withdrawn": "the consent was withdrawn",
    "no_consent": "no consent is recorded",
    "not_cleared": "nobody has cleared it",
    "future": "a date of consent or clearance is still to come",
}


@dataclass(frozen=True)
class CaseStudies:
    """Stories that may be published, and what keeps the others back.

    Parameters
    ----------
    table
        One row per story (`cip.schemas`, table ``case_studies``), in the order of their titles.
    problems
        Everything that is wrong, of all files, without a word of theirs.
    notes
        Sentences for the report: how many are shown, how many wait and why.
    """

    table: pd.DataFrame = field(repr=False)
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]


def read_case_studies(
    folder: Path, today: date, *, allowed: AllowedNames | None = None, heading_level: int = 4
) -> CaseStudies:
    """Read the stories of a folder and return those that may be published today.

    Parameters
    ----------
    folder
        Folder of ``.md`` files; other files are not read.
    today
        Day of the run.
    allowed
        Names that may stand in any story.
    heading_level
        Level in the report of a story's own headings, which are written with ``##``.

    Raises
    ------
    ParameterError
        If there is no such folder.

    Notes
    -----
    A story is shown when consent (day and form) and clearance (role and day) stand in front of it,
    neither day is still to come, names were changed or the teller wants them to stand, nothing in
    it is a structured identifier, and every word that may be a name is in ``names_allowed``.
    """
    if not folder.is_dir():
        raise ParameterError(Problem("there is no such folder", file=folder))
    files = sorted(path for path in folder.iterdir() if path.suffix.casefold() == ".md")
    rows: list[dict[str, object]] = []
    problems: list[Problem] = []
    waiting: list[str] = []
    for number, path in enumerate(files, start=1):
        found, state, row = _read_case(path, today, allowed or AllowedNames(), heading_level)
        place = name_file(path, number, allowed)
        problems += [replace(problem, file=place) for problem in found]
        waiting += [state] if state else []
        if row is not None and not found:
            rows.append(row)
    rows, repeated = _part_repeated(rows, folder)
    table = pd.DataFrame(sorted(rows, key=lambda row: str(row["title"])), columns=COLUMNS)
    kept_back = len(files) - len(rows) - len(waiting)
    return CaseStudies(
        table.astype("str"),
        (*problems, *repeated),
        _write_notes(len(rows), len(files), waiting, kept_back),
    )


def name_file(path: Path, number: int, allowed: AllowedNames | None = None) -> str:
    """Return how messages call a file: by its place in the folder where its name may be a person's.

    Examples
    --------
    >>> name_file(Path("stories/lunch-club.md"), 2), name_file(Path("stories/chidinma.md"), 3)
    ('stories/lunch-club.md', 'stories, file 3 in alphabetical order')
    """
    words = re.findall(r"[^\W\d_]+", path.stem)
    shown = " ".join(words).title()
    is_plain = all(word.casefold() in COMMON for word in words)
    if words and not find_identifiers(path.stem) and not re.search(r"\d{3}", path.stem):
        is_plain = is_plain or not find_proper_nouns(f"about {shown}", allowed)
        if is_plain:
            return f"{path.parent.name}/{path.name}"
    return f"{path.parent.name}, file {number} in alphabetical order"


def _read_case(
    path: Path, today: date, allowed: AllowedNames, heading_level: int
) -> tuple[list[Problem], str, dict[str, object] | None]:
    """Return what is wrong with a file, why it waits, and its row where it need not wait."""
    text, problem = _read_text(path)
    if problem is not None:
        return [problem], "", None
    front, body, line, problems = read_front(text)
    if front is None:
        return problems, "", None
    state = _find_state(front, today)
    if state:
        return problems, "" if problems else state, None
    problems += _check_front(front, allowed)
    problems += check_markdown(body, line)
    problems += _check_body(front, body, allowed)
    row: dict[str, object] = {
        "case_id": re.sub(r"\W+", "_", front.title.casefold()).strip("_")[:60],
        "title": front.title,
        "text": set_headings(body, heading_level).strip(),
        "topics": "; ".join(front.topics),
        "consent_on": front.consent_on.isoformat() if front.consent_on else None,
        "cleared_by": front.cleared_by,
    }
    return problems, "", row


def _read_text(path: Path) -> tuple[str, Problem | None]:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            return "", Problem("this file is too large", expected=f"{LARGEST_BYTES:,} bytes")
        return path.read_text(encoding="utf-8-sig"), None
    except UnicodeDecodeError:
        return "", Problem("this is not text in UTF-8")
    except OSError as error:
        return "", Problem(f"cannot be read: {error.strerror}")


def _find_state(front: CaseFront, today: date) -> str:
    if front.withdrawn:
        return "withdrawn"
    if front.consent_on is None or not front.consent_form:
        return "no_consent"
    if front.cleared_on is None or not front.cleared_by:
        return "not_cleared"
    return "future" if max(front.consent_on, front.cleared_on) > today else ""


def _check_front(front: CaseFront, allowed: AllowedNames) -> list[Problem]:
    problems = []
    if not is_role(front.cleared_by, allowed):
        expected = "a role such as 'engagement lead'"
        problems.append(Problem("'cleared_by' does not name a role", expected=expected))
    if front.names_changed is None:
        message = "'names_changed' does not say whether names were changed"
        problems.append(Problem(message, expected="yes or no"))
    for topic in front.topics:
        if topic not in load_topics():
            expected = ", ".join(load_topics())
            problems.append(Problem("'topics' names an unknown topic", expected=expected))
    if found := find_identifiers(front.title):
        message = f"the title holds what identifies a person: {describe_flags(count_kinds(found))}"
        problems.append(Problem(message))
    return problems


def _check_body(front: CaseFront, body: str, allowed: AllowedNames) -> list[Problem]:
    plain = read_plain(body)
    if not plain.strip():
        return [Problem("there is no story below the lines in front")]
    problems = []
    # What markup parts is whole for a reader, and what a link hides is there for whoever follows it.
    hidden = [one for one in find_identifiers(body) if one.kind != "web_address"]
    found = count_kinds(find_identifiers(plain)) or count_kinds(hidden)
    if found:
        words = f"the story holds what identifies a person: {describe_flags(found)}"
        problems.append(Problem(f"{words}; no clearance covers that"))
    names = find_proper_nouns(f"{front.title}.\n{plain}", allowed.add(front.names_allowed))
    if names:
        words = describe_flags(count_kinds(names))
        message = f"there are words that may be names and are not in 'names_allowed': {words}"
        problems.append(Problem(message))
    return problems


def _part_repeated(
    rows: list[dict[str, object]], folder: Path
) -> tuple[list[dict[str, object]], list[Problem]]:
    """Return the rows whose title is theirs alone, and a problem for the others."""
    ids = [row["case_id"] for row in rows]
    kept = [row for row in rows if ids.count(row["case_id"]) == 1]
    if len(kept) == len(rows):
        return rows, []
    message = "stories have the same title; give each its own"
    return kept, [Problem(message, file=folder.name, found=f"{len(rows) - len(kept)} files")]


def _write_notes(shown: int, files: int, waiting: list[str], faulty: int) -> tuple[str, ...]:
    notes = [f"{shown} of {files} case studies are shown."]
    notes += [
        f"{waiting.count(state)} not shown: {words}."
        for state, words in WAITING.items()
        if state in waiting
    ]
    if faulty:
        notes.append(f"{faulty} not shown: something in the file must be put right first.")
    return tuple(notes)
