"""Who spoke in which document, for tools that keep texts and codes alone, and ids for excerpts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from pathlib import Path

from cip.engagement.excerpts_columns import ATTRIBUTES, Cells, read_attributes, read_cells
from cip.errors import ParameterError, Problem

#: Letters that make no word and no postcode.
_LETTERS = "bcdfghjklmnpqrstvwxz"
_ENDING = re.compile(r"\.(?:txt|docx?|odt|rtf|pdf|md|html?|vtt|srt)$", re.I)


def read_documents(
    beside: Path, parts: Collection[str] = ()
) -> tuple[dict[str, dict[str, object]], list[Problem]]:
    """Return what ``documents.csv`` beside a file tells of each document, by its name there.

    Returns
    -------
    tuple
        For each document ``person_id`` and the attributes of `ATTRIBUTES`; no entries where there
        is no such file. And what is wrong with single cells.

    Raises
    ------
    ParameterError
        If the file has no column ``document``, or names a document twice.
    """
    path = beside.parent / "documents.csv"
    if not path.is_file():
        return {}, []
    cells = read_cells(path, ("document", "person_id", *ATTRIBUTES))
    if "document" not in cells.columns:
        raise ParameterError(cells.tell("the column 'document' is missing"))
    return _collect(cells, parts)


def _collect(
    cells: Cells, parts: Collection[str]
) -> tuple[dict[str, dict[str, object]], list[Problem]]:
    found: dict[str, dict[str, object]] = {}
    problems, repeated = [], []
    for row, texts in cells.rows:
        name = fold_document(texts["document"])
        if name in found:
            repeated.append(cells.tell("this document stands twice", row, column="document"))
        values, wrong = read_attributes(texts, parts)
        problems += [
            cells.tell(p.message, row, column=p.column, expected=p.expected, nearest=p.nearest)
            for p in wrong
        ]
        found[name] = {"person_id": texts.get("person_id", "").strip() or None, **values}
    if repeated:
        raise ParameterError(repeated)
    return found, problems


def fold_document(name: str) -> str:
    """Return a document's name without its ending, letter case and outer spaces."""
    return _ENDING.sub("", name.strip()).casefold().strip()


def make_excerpt_id(*parts: object) -> str:
    """Return an id that stays the same as long as its parts do, made of letters alone.

    Examples
    --------
    >>> make_excerpt_id("a", 1) == make_excerpt_id("a", 1) != make_excerpt_id("a", 2)
    True
    """
    text = "\x1f".join(str(part) for part in parts)
    number = int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:8], "big")
    letters = []
    for _ in range(10):
        number, place = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[place])
    return f"r-{''.join(letters[:5])}-{''.join(letters[5:])}"
