"""The gate before publication: what in a text must be looked at, counted and never repeated."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from cip.engagement import identifiers, proper_nouns
from cip.engagement.identifiers import Finding, count_kinds, drop_inside, find_identifiers
from cip.engagement.proper_nouns import AllowedNames, find_proper_nouns

#: What each kind of finding is called.
KINDS: dict[str, str] = {**identifiers.KINDS, **proper_nouns.KINDS}
#: What stands in the place of a finding; other kinds are replaced by their name.
_SHORT = {
    "email": "e-mail",
    "phone": "phone",
    "date_of_birth": "date",
    "street_address": "address",
    "handle": "handle",
    "name": "name",
    "place": "place",
}


def find_flags(text: str, allowed: AllowedNames | None = None) -> list[Finding]:
    """Return everything in a text that may identify a person, in the order of the text.

    A possible name inside a structured identifier is not told apart from it.
    """
    found = find_identifiers(text)
    names = drop_inside(find_proper_nouns(text, allowed), found)
    return sorted([*found, *names])


def examine(texts: pd.Series, allowed: AllowedNames | None = None) -> pd.DataFrame:
    """Return what the gate found in each text, without any of the text.

    Parameters
    ----------
    texts
        Texts by id; missing ones hold nothing.
    allowed
        Names that are not flagged.

    Returns
    -------
    DataFrame
        One row per text and kind that was found in it: ``text_id, kind, count``; ``kind`` is one
        of `KINDS`. In the order of the texts.
    """
    rows = [
        (text_id, kind, count)
        for text_id, text in texts.dropna().items()
        for kind, count in count_kinds(find_flags(str(text), allowed)).items()
    ]
    table = pd.DataFrame(rows, columns=["text_id", "kind", "count"])
    return table.astype({"text_id": "str", "kind": "str", "count": "Int64"})


def redact(text: str, findings: Iterable[Finding]) -> str:
    """Return a text with a word in brackets in the place of each finding.

    Parameters
    ----------
    text
        The text in which they were found.
    findings
        Places in it; where some overlap, one word stands for all of them.

    Notes
    -----
    The result is for the sheet on which a person prepares a quotation. It is not anonymous: what
    the gate cannot see is still there.

    Examples
    --------
    >>> text = "Ring Chidinma on 01632 960 123"
    >>> redact(text, find_flags(text))
    'Ring [name] on [phone]'
    """
    pieces: list[str] = []
    place = 0
    for start, end, kind in _merge(findings):
        pieces += [text[place:start], f"[{_SHORT.get(kind, KINDS[kind])}]"]
        place = end
    return "".join([*pieces, text[place:]])


def describe_flags(counts: dict[str, int]) -> str:
    """Return the kinds that were found and how often, in words.

    Examples
    --------
    >>> describe_flags({"phone": 1, "name": 2})
    'telephone number (1), possible name (2)'
    """
    return ", ".join(f"{KINDS[kind]} ({count})" for kind, count in counts.items())


def _merge(findings: Iterable[Finding]) -> list[tuple[int, int, str]]:
    """Return places that do not overlap, each with the kind that names most of it."""
    merged: list[tuple[int, int, str]] = []
    for finding in sorted(findings, key=lambda f: (f.start, -f.end)):
        if merged and finding.start < merged[-1][1]:
            start, end, kind = merged[-1]
            merged[-1] = (start, max(end, finding.end), kind)
        else:
            merged.append((finding.start, finding.end, finding.kind))
    return merged
