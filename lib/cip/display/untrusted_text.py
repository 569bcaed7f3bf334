"""Words of people as a page can hold them."""

from __future__ import annotations

import re

#: Control signs that a page cannot hold, signs that turn the text around them, and halves of
#: signs. Tabs and line breaks stay.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


def strip_unseen(text: object) -> str:
    """Return a text with plain line breaks and without signs that nobody sees.

    Examples
    --------
    >>> strip_unseen("one\\r\\ntwo\\x00")
    'one\\ntwo'
    """
    return _UNSEEN.sub("", str(text).replace("\r\n", "\n").replace("\r", "\n"))
