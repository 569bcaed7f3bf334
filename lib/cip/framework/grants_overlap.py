"""Whether somebody else may pay for the same: questions to ask, never facts.

A pair is asked about where the recipients seem to be one and the time or the purpose is the same
too, or where another recipient got money for what reads the same in the same year.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd

#: Awards up to so many months apart may be for the same time.
MOST_MONTHS = 12
#: Words that two purposes share before they read the same, and their share of the shorter one.
LEAST_WORDS, LEAST_SHARE = 3, 0.5
SAME_ID, SAME_NAME, OTHER_RECIPIENT = "same identifier", "alike in name", "another recipient"
_WORD = re.compile(r"[^\W\d_]{4,}")
#: Said of nearly every grant.
_COMMON_TEXT = """
able about activities activity after also area areas award awarded being city community
communities costs council deliver from fund funded funding grant group groups have help into
local more need needs other over people project projects provide providing residents running
scheme service services some such support supporting that their them they this those through
towards training various week weekly what where which while will with work working year years
your
"""
_COMMON = frozenset(_WORD.findall(_COMMON_TEXT))
COLUMNS = (
    "grant_id", "other_id", "scheme", "other_recipient", "other_project", "other_amount",
    "other_awarded_on", "recipient_match", "months_apart", "shared_words", "question",
)  # fmt: skip


def find_overlaps(
    grants: pd.DataFrame, others: pd.DataFrame, *, is_alike: Callable[[str, str], bool]
) -> pd.DataFrame:
    """Return the pairs of grants to ask about.

    Parameters
    ----------
    grants
        Register, as `cip.framework.grants.tidy_grants` gives it; withdrawn ones are left out.
    others
        Other schemes' grants, as `cip.framework.grants_others.read_other_schemes` gives them.
    is_alike
        Says whether two names may be one organisation.

    Returns
    -------
    DataFrame
        One row per pair (``COLUMNS``), in the order of the register.
    """
    rows = []
    for grant in grants[grants["status"] != "withdrawn"].itertuples():
        for other in others.itertuples():
            rows += _compare(grant, other, is_alike)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    kinds = {"other_amount": "Float64", "months_apart": "Int64"}
    return table.astype({name: kinds.get(name, "str") for name in COLUMNS})


def _compare(grant, other, is_alike: Callable[[str, str], bool]) -> list[tuple]:
    match = _match_recipients(grant, other, is_alike)
    months = _count_months(grant.awarded_on, other.awarded_on)
    is_near = months is not None and months <= MOST_MONTHS
    words = share_words(grant.project, f"{_text(other.project)} {_text(other.purpose)}")
    if match == OTHER_RECIPIENT and not (words and is_near):
        return []
    if match != OTHER_RECIPIENT and not (words or is_near or months is None):
        return []
    question = _ask(match, is_near, words)
    day = None if pd.isna(other.awarded_on) else other.awarded_on.date().isoformat()
    return [
        (grant.grant_id, other.other_id, other.scheme, other.recipient, _text(other.project) or None,
         None if pd.isna(other.amount) else other.amount, day, match, months, ", ".join(words),
         question)
    ]  # fmt: skip


def _match_recipients(grant, other, is_alike: Callable[[str, str], bool]) -> str:
    ids = [_text(one.recipient_id).casefold() for one in (grant, other)]
    if ids[0] and ids[0] == ids[1]:
        return SAME_ID
    return SAME_NAME if is_alike(grant.recipient, other.recipient) else OTHER_RECIPIENT


def share_words(first: object, second: object) -> list[str]:
    """Return the telling words that two purposes share; none where they are too few.

    Examples
    --------
    >>> share_words("Warm evenings for young people", "Evenings that are warm, young people first")
    ['evenings', 'warm', 'young']
    """
    own, others = (set(_WORD.findall(_text(t).casefold())) - _COMMON for t in (first, second))
    shared = sorted(own & others)
    is_same = len(shared) >= LEAST_WORDS and len(shared) >= LEAST_SHARE * min(len(own), len(others))
    return shared if is_same else []


def _count_months(first: object, second: object) -> int | None:
    if pd.isna(first) or pd.isna(second):  # type: ignore[call-overload]
        return None
    one, other = pd.Timestamp(first), pd.Timestamp(second)  # type: ignore[arg-type]
    return abs((one.year - other.year) * 12 + one.month - other.month)


def _ask(match: str, is_near: bool, words: list[str]) -> str:
    if match == OTHER_RECIPIENT:
        return "Do the two do the same work for the same people?"
    who = "" if match == SAME_ID else "Are these one organisation? If so, "
    if words and is_near:
        what = "is the same work paid for twice?"
    elif words:
        what = "is this the same work at another time, and is it still paid for?"
    else:
        what = "what does the other grant pay for at that time?"
    return f"{who}{what}" if who else f"{what[:1].upper()}{what[1:]}"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
