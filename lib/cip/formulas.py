"""Texts that a spreadsheet program would run as a formula, and the sign that keeps it from doing so."""

from __future__ import annotations

import re
import unicodedata

_STARTS = ("=", "+", "-", "@")
#: A cell that starts with one of these is cut there by some programs, and read from what follows.
_BREAKS = ("\t", "\r", "\n")
#: Signs that nobody sees, in front of the one that counts.
_UNSEEN = " \t\r\n\v\f\u00a0\u3000\u200b\u2060\ufeff"
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def is_formula(text: str) -> bool:
    """Say whether a spreadsheet program may run a cell with this text as a formula.

    It starts with ``= + - @``, also in their full-width or small forms or behind signs that
    nobody sees, or with a tab or the end of a line.

    Examples
    --------
    >>> is_formula("=1+1"), is_formula("Asher Hall")
    (True, False)
    """
    if text[:1].isalnum() and text[0].isascii():
        return False
    if text.lstrip(" ").startswith(_BREAKS):
        return True
    first = text.lstrip(_UNSEEN)[:1]
    return unicodedata.normalize("NFKC", first)[:1] in _STARTS if first else False


def neutralise_text(text: str) -> str:
    """Return a text that no spreadsheet program runs: with an apostrophe in front where it might.

    A number with a sign gets one too; `neutralise_cell` lets it pass.
    """
    return f"'{text}" if is_formula(text) else text


def neutralise_cell(value: object) -> object:
    """Return a cell that no spreadsheet program runs as a formula; numbers stay numbers.

    Text that may be run (`is_formula`) gets an apostrophe in front, unless the whole text is a
    number such as ``-4.2``.
    """
    if not isinstance(value, str) or not is_formula(value):
        return value
    return value if _NUMBER.fullmatch(value.strip(" ")) else f"'{value}"
