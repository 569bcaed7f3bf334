"""Declared columns, and how the text of one cell becomes a value."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from urllib.parse import urlsplit

from cip.errors import Problem, find_nearest
from cip.inputs.personal import find_contact, find_person

Kind = Literal["text", "date", "integer", "number", "choice", "choices", "flag", "link"]
Privacy = Literal["any", "no_contact", "role"]

#: Between the parts of a cell that may name several choices.
SEPARATOR = ";"
_FLAGS = {"yes": True, "y": True, "true": True, "1": True}
_FLAGS |= {"no": False, "n": False, "false": False, "0": False}
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?([eE][+-]?\d{1,2})?")
_DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%Y-%m-%dT%H:%M:%S")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LONGEST_SHOWN = 80


@dataclass(frozen=True)
class Column:
    """What one column of an input may hold.

    Parameters
    ----------
    kind
        ``text``; ``date`` (read day first where it is not ISO); ``integer``; ``number``;
        ``choice`` (one of ``choices``); ``choices`` (several, parted by semicolons); ``flag``
        (yes or no); ``link`` (an http or https address).
    required
        Whether every row must fill it.
    choices
        Valid values of ``choice`` and ``choices``; letter case, spaces and punctuation
        are not told apart.
    description
        What belongs in it, for the person who fills in the form.
    minimum, maximum
        Limits of ``integer`` and ``number``, both included.
    privacy
        ``any`` text; ``no_contact``: no e-mail address and no telephone number; ``role``: nor a
        person named with a title. A cell that breaks this is told by its place, never repeated.
    """

    kind: Kind = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    description: str = ""
    minimum: float | None = None
    maximum: float | None = None
    privacy: Privacy = "any"


class CellError(Exception):
    """A cell that cannot be read; ``problem`` has no place yet."""

    def __init__(self, message: str, **details: str | None):
        self.problem = Problem(message, **details)  # type: ignore[arg-type]
        super().__init__(message)


def read_cell(text: str, column: Column) -> object:
    """Return the value of a cell, or None where it is blank.

    Raises
    ------
    CellError
        If the text is not what the column holds.
    """
    text = text.strip()
    if not text:
        if column.required:
            raise CellError("this cell must be filled in", expected=describe_kind(column))
        return None
    if _CONTROL.search(text):
        raise CellError("this cell holds a character that cannot be printed; type it again")
    _check_privacy(text, column)
    return _READERS[column.kind](text, column)


def _check_privacy(text: str, column: Column) -> None:
    finders = {"no_contact": find_contact, "role": find_person}
    finder = finders.get(column.privacy)
    found = finder(text) if finder else None
    if found:
        wanted = "roles and organisations alone, such as 'Project lead, district council'"
        raise CellError(
            f"this cell seems to hold {found}, which must not reach a report; take it out",
            expected=wanted if column.privacy == "role" else "text without personal details",
        )


def _read_text(text: str, column: Column) -> str:
    return text


def _read_date(text: str, column: Column) -> date:
    for form in _DATE_FORMATS:
        try:
            found = datetime.strptime(text, form).date()
        except ValueError:
            continue
        if 1900 <= found.year <= 2100:
            return found
        raise CellError("the year is out of reach", found=_shorten(text), expected="1900 to 2100")
    raise CellError("this is not a date", found=_shorten(text), expected=describe_kind(column))


def _read_number(text: str, column: Column) -> float:
    if not re.search(r"\d", text) or not _NUMBER.fullmatch(text):
        raise CellError(
            "this is not a number", found=_shorten(text), expected=describe_kind(column)
        )
    value = float(text.replace(",", ""))
    too_low = column.minimum is not None and value < column.minimum
    too_high = column.maximum is not None and value > column.maximum
    if too_low or too_high:
        raise CellError(
            "this number is out of range", found=_shorten(text), expected=describe_kind(column)
        )
    return value


def _read_integer(text: str, column: Column) -> int:
    value = _read_number(text, column)
    if not value.is_integer():
        raise CellError("this is not a whole number", found=_shorten(text))
    return int(value)


def _read_choice(text: str, column: Column) -> str:
    known = {fold_name(choice): choice for choice in column.choices}
    if (folded := fold_name(text)) in known:
        return known[folded]
    raise CellError(
        "this is not one of the choices",
        found=_shorten(text),
        expected=describe_kind(column),
        nearest=find_nearest(text, column.choices),
    )


def _read_choices(text: str, column: Column) -> str:
    parts = [part for part in text.split(SEPARATOR) if part.strip()]
    # In the order of the catalogue and once each, so that equal sets are equal texts.
    found = {_read_choice(part.strip(), column) for part in parts}
    return f"{SEPARATOR} ".join(choice for choice in column.choices if choice in found)


def _read_flag(text: str, column: Column) -> bool:
    if (folded := text.casefold()) in _FLAGS:
        return _FLAGS[folded]
    raise CellError("this is not yes or no", found=_shorten(text), expected="yes or no")


def _read_link(text: str, column: Column) -> str:
    expected = "an address that starts with https://"
    try:
        parts = urlsplit(text)
        is_safe = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_safe = False
    # A name before an @ makes an address look like another site's.
    if not is_safe or re.search(r"[\s<>\"'`\\]", text) or "@" in parts.netloc:
        nearest = f"https://{text}" if re.fullmatch(r"www\.[\w.-]+(/\S*)?", text) else None
        raise CellError(
            "this is not a web address", found=_shorten(text), expected=expected, nearest=nearest
        )
    return text


_READERS: dict[str, Callable[[str, Column], object]] = {
    "text": _read_text,
    "date": _read_date,
    "integer": _read_integer,
    "number": _read_number,
    "choice": _read_choice,
    "choices": _read_choices,
    "flag": _read_flag,
    "link": _read_link,
}


def describe_kind(column: Column) -> str:
    """Return in words what a cell of the column looks like."""
    if column.kind in ("choice", "choices"):
        number = "one of" if column.kind == "choice" else "one or more, parted by semicolons, of"
        return f"{number}: {', '.join(column.choices)}"
    words = {
        "text": "text",
        "date": "a date such as 2026-03-31 or 31/03/2026 (day first)",
        "integer": "a whole number",
        "number": "a number without a unit",
        "flag": "yes or no",
        "link": "an address that starts with https://",
    }[column.kind]
    if column.minimum is not None:
        words += f", {column.minimum:g} or more"
    if column.maximum is not None:
        words += f", at most {column.maximum:g}"
    return words


def split_choices(value: object) -> list[str]:
    """Return the parts of a cell of kind ``choices``; none where it is missing.

    Examples
    --------
    >>> split_choices("housing; food"), split_choices(None)
    (['housing', 'food'], [])
    """
    if not isinstance(value, str):
        return []
    return [part.strip() for part in value.split(SEPARATOR) if part.strip()]


def fold_name(text: str) -> str:
    """Return a heading or a choice without what a typist may vary: case, spaces, punctuation."""
    return re.sub(r"[\W_]+", "_", text.casefold()).strip("_")


def _shorten(text: str) -> str:
    """Return what a message says of a cell: its start, or only what kind of detail it holds."""
    if (detail := find_person(text)) is not None:
        return f"something that is not repeated, because it seems to hold {detail}"
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
