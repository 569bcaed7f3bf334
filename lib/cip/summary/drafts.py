"""Drafted findings as Markdown files, for the analyst to edit."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from cip.errors import ParameterError, Problem
from cip.evidence.citing import find_citations
from cip.summary.narrative import SPECIAL, list_files
from cip.summary.narrative_front import LONGEST_TITLE, read_front, split_front

#: What Markdown would read as more than itself. A minus sign or number counts only at a line's
#: start, and each paragraph here starts with words.
_MARKS = re.compile(r"([\\`*_<>\[\]#|~&!])")
_COMMENT = (
    "# Change the title and the text as you like: this file is yours and is never overwritten.\n"
    "# Keep 'finding'. You may add 'side' (strength, challenge, mixed, unknown) and 'order'.\n"
    "# Cite evidence in square brackets. Below your text the report shows what data and people\n"
    "# say as it was drafted. Delete the file to have the drafted text back.\n"
)


def write_drafts(folder: Path, drafts: pd.DataFrame) -> list[Path]:
    """Write a Markdown file for each drafted finding that has none yet.

    A file that is there is never touched, and no file stands half written.

    Parameters
    ----------
    folder
        Folder of the narrative; it is made where it is not there.
    drafts
        One row per finding.

    Returns
    -------
    list of Path
        The files written, in the order of the findings.

    Raises
    ------
    ParameterError
        If a file cannot be written.
    """
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        taken = _list_taken(folder)
        for row in drafts.to_dict("records"):
            path = folder / f"{_name_file(row['finding_id'])}.md"
            if row["finding_id"] not in taken and _write_new(path, write_draft(row)):
                written.append(path)
    except OSError as error:
        raise ParameterError(Problem(f"cannot be written: {error.strerror}", folder)) from None
    return written


def write_draft(row: Mapping[str, Any]) -> str:
    """Return the file of one drafted finding: the lines in front, and the text as Markdown."""
    title = " ".join(str(row["title"]).split())
    if len(title) > LONGEST_TITLE:
        title = f"{title[: LONGEST_TITLE - 1].rstrip()}…"
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    front = f'---\n{_COMMENT}finding: {row["finding_id"]}\ntitle: "{quoted}"\n---\n'
    sentences = escape_markdown(" ".join(str(row["text"]).split()))
    return f"{front}\n{sentences}\n"


def escape_markdown(text: str) -> str:
    """Return plain text as Markdown that reads the same, with its citations as they are."""
    parts, end = [], 0
    for citation in find_citations(text):
        parts.append(_MARKS.sub(r"\\\1", text[end : citation.start]))
        parts.append(text[citation.start : citation.end])
        end = citation.end
    return "".join([*parts, _MARKS.sub(r"\\\1", text[end:])])


def _list_taken(folder: Path) -> set[str]:
    """Return the findings that a file of the folder is for, under whatever name."""
    taken = set()
    for path in list_files(folder):
        text = path.read_bytes().decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
        front = split_front(text)[0]
        taken |= {read_front(front)[0].finding} if front is not None else set()
    return taken


def _name_file(finding_id: str) -> str:
    name = re.sub(r"[^\w-]+", "_", finding_id)
    return f"{name}_finding" if name in SPECIAL else name


def _write_new(path: Path, text: str) -> bool:
    """Write a file whole, unless there is one; tell whether it was written."""
    if path.exists():
        return False
    partial = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        partial.write_bytes(text.encode("utf-8"))
        _put_in_place(partial, path)
    except FileExistsError:
        return False
    finally:
        partial.unlink(missing_ok=True)
    return True


def _put_in_place(partial: Path, path: Path) -> None:
    """Give a file its name. Linking fails where somebody made the file in the meantime."""
    try:
        os.link(partial, path)
    except FileExistsError:
        raise
    except OSError:
        # Some disks know no links: there the check before has to do.
        partial.replace(path)
