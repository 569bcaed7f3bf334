"""Signs of personal data in a cell: contact details, and a person named with a title.

A name without a title cannot be told from the name of a street or a club, so it is not looked
for; the forms say that roles are wanted.
"""

from __future__ import annotations

import re

_EMAIL = re.compile(
    r"[\w.+'-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.|\s?\(dot\)\s?|\[dot\])\w", re.I
)
#: UK numbers: +44 or 0, then nine or ten more digits, however they are spaced.
_TELEPHONE = re.compile(
    r"(?<![\d/.-])(?:(?:\+|00)\s?44[\s(.-]*0?\)?|\(?0)(?:[\s().-]*\d){9,10}(?!\d)"
)
#: "MS" in capitals is a society, a nurse's field or a firm, and "Lord Mayor" is an office, so
#: neither is a title here.
_TITLE = re.compile(
    r"\b(?:(?:[Mm]rs?|MRS?|Ms|ms|[Mm]x|Miss|[Dd]r|DR|Prof|Professor|Revd?|Reverend|Cllr|Councillor"
    r"|Sir|Dame)\b\.?\s+)+(?:[A-Z]\.?\s*)*[A-Z][\w'’-]+"
)


def find_contact(text: str) -> str | None:
    """Return what kind of contact detail a text seems to hold, or None.

    Examples
    --------
    >>> find_contact("ring 01632 960 123"), find_contact("someone@example.org")
    ('a telephone number', 'an e-mail address')
    >>> find_contact("open 2021-2024, 1,500 homes") is None
    True
    """
    if _EMAIL.search(text):
        return "an e-mail address"
    return "a telephone number" if _TELEPHONE.search(text) else None


def find_person(text: str) -> str | None:
    """Return what kind of personal detail a text seems to hold, or None.

    Examples
    --------
    >>> find_person("Dr A. Example"), find_person("Chair, MS Society") is None
    ("a person's name", True)
    """
    return find_contact(text) or ("a person's name" if _TITLE.search(text) else None)
