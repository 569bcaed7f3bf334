"""Text as an eye reads it: no hidden signs, plain digits and letters, places mapped back.

Whoever hides a telephone number behind full-width digits or zero-width signs, or pastes it from a
page that did, writes something that a reader still reads. So the search must read it too.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

#: Letters of other alphabets that look like Latin ones, as pairs.
_ALIKE = (
    "АAВBЕEКKМMНHОOРPСCТTУYХXЅSІIЈJаaсcеeоoрpхxуyѕsіiјjԁdһhԛqԝwΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXοoνvαaιi"
)
_LATIN_FOR = dict(zip(_ALIKE[::2], _ALIKE[1::2], strict=True))
_SIGNS = {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "′": "'", "⁄": "/", "∕": "/"}
_TAGS = "br|p|b|i|u|em|strong|span|div|li|ul|ol|small|sub|sup|td|tr|h[1-6]"
#: An HTML entity, a tag that has no attributes, or any one character.
_PIECE = re.compile(
    rf"&(?:\#\d{{1,7}}|\#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z]{{2,8}});|</?(?:{_TAGS})\s?/?>|.",
    re.DOTALL | re.IGNORECASE,
)
_NOT_PLAIN = re.compile(r"[^\t\n\r -~]|&[#A-Za-z]|</?[A-Za-z]|`")


@dataclass(frozen=True)
class FlatText:
    """Text to search in, and where each of its characters stood.

    Parameters
    ----------
    text
        What is searched.
    starts, ends
        Place in the text as it was given, for each character; None where nothing moved.
    """

    text: str = field(repr=False)
    starts: Sequence[int] | None = field(default=None, repr=False)
    ends: Sequence[int] | None = field(default=None, repr=False)

    def find_place(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of the flat text stands in the text as it was given."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def flatten_text(text: str, *, fold_alike: bool = False) -> FlatText:
    """Return a text without what an eye does not see.

    Parameters
    ----------
    text
        Any text: entities and simple tags of HTML are read as what they show.
    fold_alike
        Whether letters that only look Latin become Latin.

    Examples
    --------
    >>> flatten_text("０７７００\\u200b&nbsp;900").text
    '07700 900'
    """
    if not _NOT_PLAIN.search(text):
        return FlatText(text)
    flat: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _PIECE.finditer(text):
        piece = match.group()
        if ends:
            ends[-1] = max(ends[-1], match.start())  # A mark over the letter belongs to it.
        for sign in _read_piece(piece, fold_alike) if len(piece) < 12 else piece:
            flat.append(sign)
            starts.append(match.start())
            ends.append(match.end())
    if ends:
        ends[-1] = len(text)
    return FlatText("".join(flat), starts, ends)


@lru_cache(maxsize=8192)
def _read_piece(piece: str, fold_alike: bool) -> str:
    if len(piece) > 1:
        piece = " " if piece.startswith("<") else html.unescape(piece)
    signs = unicodedata.normalize("NFKD", "".join(_SIGNS.get(sign, sign) for sign in piece))
    return "".join(_read_sign(sign, fold_alike) for sign in signs)


def _read_sign(sign: str, fold_alike: bool) -> str:
    if sign in "\t\n\r" or " " <= sign <= "~":
        return sign
    kind = unicodedata.category(sign)
    # Marks over letters, variation selectors, direction marks, soft hyphens, control characters.
    if kind in ("Mn", "Me", "Cf", "Cc"):
        return ""
    if kind == "Nd":
        return str(unicodedata.decimal(sign))
    if kind == "Zs":
        return " "
    if kind in ("Zl", "Zp"):
        return "\n"
    if kind == "Pd":
        return "-"
    sign = _SIGNS.get(sign, sign)
    return _LATIN_FOR.get(sign, sign) if fold_alike else sign
