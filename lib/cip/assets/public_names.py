"""Names of places and groups: public, and yet sometimes a person's."""

from __future__ import annotations

import re

from cip.inputs import find_person

#: Schools, halls and surgeries carry such titles in their public names.
_TITLE_OF_PLACE = re.compile(r"\b(?:Dr|DR|Sir|Dame)\b\.?")


def find_person_in_name(text: str) -> str | None:
    """Return what kind of personal detail a name or an address seems to hold, or None.

    Examples
    --------
    >>> find_person_in_name("Dr Fable's School"), find_person_in_name("Mrs Fable's group")
    (None, "a person's name")
    """
    return find_person(_TITLE_OF_PLACE.sub("", text))
