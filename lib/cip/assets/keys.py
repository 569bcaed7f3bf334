"""Short ids made of words, the same whatever the order of the rows."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_LONGEST = 48


def make_key(*parts: object) -> str:
    """Return an id of small letters, digits and hyphens for some words.

    Words that lose something on the way (letters that are not of the Latin alphabet, or the end of
    a long name) get six figures of a digest, so that two of them stay two.

    Examples
    --------
    >>> make_key("Café on the Common", "ZZ1 2EL"), make_key("Common", None)
    ('cafe-on-the-common-zz1-2el', 'common')
    """
    text = " ".join(str(part) for part in parts if isinstance(part, str) and part.strip())
    plain = unicodedata.normalize("NFKD", text)
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    key = re.sub(r"[^a-z0-9]+", "-", letters.casefold()).strip("-")
    is_lossless = len(key) <= _LONGEST and not re.search(r"[^\W\d_a-zA-Z]", letters)
    if is_lossless and key:
        return key
    return f"{key[:_LONGEST].strip('-')}-{digest_text(text)}".strip("-")


def digest_text(text: str) -> str:
    """Return six figures that stand for a text, letter case and spaces left out."""
    folded = " ".join(text.casefold().split())
    return hashlib.sha256(folded.encode("utf-8")).hexdigest()[:6]
