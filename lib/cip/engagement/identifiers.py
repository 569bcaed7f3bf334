"""Structured identifiers in what people said: telephone numbers, postcodes, dates of birth.

Recall comes first: a false hit costs a person a look, a missed one may cost a resident their
privacy. Findings are places, never texts, so that they can be counted and logged.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from cip.engagement.flat_text import flatten_text
from cip.engagement.identifier_rules import RULES, WORD_RULES

#: What each kind is called, and what stands in its place in a redacted text. First come those
#: that win where two kinds are found at one place.
KINDS: dict[str, str] = {
    "email": "e-mail address",
    "nhs_number": "NHS number",
    "national_insurance": "National Insurance number",
    "web_address": "web address",
    "phone": "telephone number",
    "date_of_birth": "full date, which may be a date of birth",
    "street_address": "street address",
    "postcode": "postcode",
    "vehicle": "vehicle registration",
    "ip_address": "IP address",
    "handle": "name on social media",
}
_DIGITS = re.compile(r"\d")


@dataclass(frozen=True, order=True)
class Finding:
    """Where a text holds something that may identify a person.

    Parameters
    ----------
    start, end
        Place in the text, as a slice.
    kind
        One of `KINDS`, or ``name`` or ``place``.
    """

    start: int
    end: int
    kind: str


def find_identifiers(text: str) -> list[Finding]:
    """Return the structured identifiers in a text.

    Parameters
    ----------
    text
        Any text. Full-width digits, zero-width signs, letters that only look Latin, HTML entities
        and odd spacing are read as an eye reads them.

    Returns
    -------
    list of Finding
        In the order of the text; none lies inside another. Places are those of ``text``.

    Notes
    -----
    An NHS number is ten digits after the words "NHS number", or ten digits with a valid check
    digit (modulus 11) that are grouped 3-3-4 or follow a word such as "patient". Any full date is
    found, because nothing tells a birthday from another day.

    Examples
    --------
    >>> [(f.kind, f.start, f.end) for f in find_identifiers("Ring 01632 960 123, ask for me")]
    [('phone', 5, 18)]
    """
    flat = flatten_text(text, fold_alike=True)
    found = set(_search(flat.text))
    if not found:
        return []
    kept: list[Finding] = []
    for kind in KINDS:
        kept += drop_inside([one for one in found if one.kind == kind], kept)
    return sorted(Finding(*flat.find_place(one.start, one.end), one.kind) for one in kept)


def drop_inside(findings: Iterable[Finding], others: Iterable[Finding]) -> list[Finding]:
    """Return findings that lie inside none of the others nor inside one another."""
    outer = sorted(others)
    starts = [one.start for one in outer]
    ends = list(accumulate((one.end for one in outer), max))
    kept: list[Finding] = []
    for one in sorted(findings, key=lambda f: (f.start, -f.end)):
        place = bisect_right(starts, one.start)
        is_inside = place > 0 and ends[place - 1] >= one.end
        if not is_inside and not (kept and kept[-1].end >= one.end):
            kept.append(one)
    return kept


def count_kinds(findings: list[Finding]) -> dict[str, int]:
    """Return how often each kind was found, in the order of the kinds' names."""
    return dict(sorted(Counter(finding.kind for finding in findings).items()))


def _search(text: str) -> Iterator[Finding]:
    has_digit = _DIGITS.search(text) is not None
    for kind, pattern, check in RULES if has_digit else WORD_RULES:
        for match in pattern.finditer(text):
            if check is None or check(match):
                group = "found" if "found" in match.re.groupindex else 0
                yield Finding(match.start(group), match.end(group), kind)
