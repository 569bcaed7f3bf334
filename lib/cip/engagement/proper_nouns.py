"""Every word that may be a name, for a person to look at.

No list of names is complete, and programs that guess names miss those that are rare here. So every
word that is written as a name is flagged, apart from those that are known to be harmless. What is
written in small letters throughout cannot be told from another word: a person signs off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cip.engagement.flat_text import flatten_text
from cip.engagement.identifiers import Finding
from cip.engagement.name_words import (
    ACRONYMS,
    BEFORE_MONTH,
    COMMON,
    GRAMMAR,
    HARMLESS,
    MONTHS,
    PLACE_WORDS,
    SOFT_TITLES,
    TITLES,
)

#: What kinds of name are called.
KINDS: dict[str, str] = {"name": "possible name", "place": "possible name of a place"}

_WORD = re.compile(r"A&E|[^\W\d_]+(?:['-][^\W\d_]+)*")
_ENDS_SENTENCE = re.compile(r"[.!?…:;\n\"“”(\[*•>|]|(?:^|\s)'")
_POSSESSIVE = re.compile(r"'(?:s|m|d|ve|re|ll)$", re.IGNORECASE)
#: Letters up to here are Latin, as are those of the additional block.
_LAST_LATIN = 0x24F


@dataclass(frozen=True)
class AllowedNames:
    """Names that may stand in a published text.

    Parameters
    ----------
    phrases
        Names as words in small letters, by their first word; longest first.
    """

    phrases: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict, repr=False)

    def add(self, names: Iterable[str]) -> AllowedNames:
        """Return these names and more."""
        known = [" ".join(phrase) for several in self.phrases.values() for phrase in several]
        return allow_names([*known, *names])


def allow_names(names: Iterable[str]) -> AllowedNames:
    """Return names that are not flagged: places of the area, organisations of the register.

    A name of several words is allowed as a whole: "Rose Hill" does not allow "Rose".
    """
    phrases: dict[str, set[tuple[str, ...]]] = {}
    for name in names:
        words = tuple(_fold(word.group()) for word in _WORD.finditer(flatten_text(name).text))
        if words:
            phrases.setdefault(words[0], set()).add(words)
    ordered = {first: sorted(found, key=len, reverse=True) for first, found in phrases.items()}
    return AllowedNames({first: tuple(found) for first, found in ordered.items()})


def find_proper_nouns(text: str, allowed: AllowedNames | None = None) -> list[Finding]:
    """Return the words of a text that may be names.

    Parameters
    ----------
    text
        Any text.
    allowed
        Names that are not flagged.

    Returns
    -------
    list of Finding
        Words that stand together are one finding, of kind ``place`` where one of them is a word
        such as "Road", else ``name``. Places are those of ``text``.

    Notes
    -----
    A word is flagged when it has a capital letter and is neither a word of grammar nor a day, a
    month or another harmless word; at the start of a sentence, or all in capitals, also when it is
    no everyday word. First names that are everyday words ("Will", "Rose") are always flagged, words
    in alphabets without capital letters too.

    Examples
    --------
    >>> [(f.kind, f.start, f.end) for f in find_proper_nouns("Ask Chidinma, not the council.")]
    [('name', 4, 12)]
    """
    flat = flatten_text(text)
    words = list(_WORD.finditer(flat.text))
    free = _find_allowed(words, allowed) if allowed is not None and allowed.phrases else set()
    found: list[tuple[int, int, bool]] = []
    last_place = -2
    for place in _flag_words(flat.text, words, free):
        start, end = words[place].span()
        is_place = _fold(words[place].group()) in PLACE_WORDS
        if place == last_place + 1 and _joins(
            words[last_place].group(), flat.text[found[-1][1] : start]
        ):
            found[-1] = (found[-1][0], end, found[-1][2] or is_place)
        else:
            found.append((start, end, is_place))
        last_place = place
    return [Finding(*flat.find_place(a, b), "place" if p else "name") for a, b, p in found]


def _joins(word: str, gap: str) -> bool:
    """Return whether what follows a word may belong to the same name: after a space, or "Mr."."""
    is_short = len(word) == 1 or word.casefold() in TITLES | SOFT_TITLES
    return len(gap) <= 2 and (gap.isspace() or (is_short and gap.strip() == "."))


def _find_allowed(words: list[re.Match[str]], allowed: AllowedNames) -> set[int]:
    """Return the places of words that belong to an allowed name."""
    folded = [_fold(word.group()) for word in words]
    free: set[int] = set()
    for place, word in enumerate(folded):
        for phrase in allowed.phrases.get(word, ()):
            if tuple(folded[place : place + len(phrase)]) == phrase:
                free.update(range(place, place + len(phrase)))
                break
    return free


def _flag_words(text: str, words: list[re.Match[str]], free: set[int]) -> Iterator[int]:
    before = ""
    end = 0
    for place, match in enumerate(words):
        word = match.group()
        gap = text[end : match.start()]
        if place not in free:
            is_after_title = _follows_title(before, gap, word)
            starts = not end or (_ENDS_SENTENCE.search(gap) is not None and not is_after_title)
            if is_after_title or _may_be_name(word, starts=starts):
                after = text[match.end() : match.end() + 6]
                if not (_fold(word) in MONTHS and _is_month(before, gap, after, word)):
                    yield place
            elif len(word) == 1 and word.isupper() and _is_initial(text, match.end(), word):
                yield place
        before, end = word.casefold(), match.end()


def _follows_title(before: str, gap: str, word: str) -> bool:
    if gap.strip(" .\t") or len(gap) > 4:
        return False
    if before in SOFT_TITLES:
        return word[0].isupper() and _fold(word) not in GRAMMAR
    return before in TITLES and _fold(word) not in COMMON


def _is_month(before: str, gap: str, after: str, word: str) -> bool:
    if not word[0].isupper():
        return True
    has_number = re.search(r"\d(?:st|nd|rd|th)?\s*$", gap) or re.match(r"\s*\d", after)
    return bool(has_number) or before in BEFORE_MONTH or before in ("st", "nd", "rd", "th")


def _is_initial(text: str, end: int, word: str) -> bool:
    """Return whether a capital letter is one of a name: "J. Smith", "T.K."."""
    return word not in "AI" and re.match(r"\.\s?[A-Z]", text[end : end + 3]) is not None


def _may_be_name(word: str, *, starts: bool) -> bool:
    if word.islower() and ord(max(word)) <= _LAST_LATIN:
        return False
    plain = _fold(word)
    if plain in HARMLESS or plain in GRAMMAR or _POSSESSIVE.sub("", word) in ACRONYMS:
        return False
    if plain in MONTHS:
        return not word.islower()
    parts = [part for part in plain.split("-") if part]
    if starts and _is_plain_start(word) and all(part in COMMON for part in parts):
        return False
    if len(plain) > 1 and word.isupper() and all(part in COMMON for part in parts):
        return False
    if len(word) == 1:
        return ord(word) > _LAST_LATIN and not 0x1E00 <= ord(word) <= 0x1EFF
    return any(sign.isupper() for sign in word) or any(map(_is_foreign, word))


def _is_plain_start(word: str) -> bool:
    """Return whether only the first letter is a capital one, apart from a part after a hyphen."""
    return not any(sign.isupper() for part in word.split("-") for sign in part[1:])


def _is_foreign(sign: str) -> bool:
    return ord(sign) > _LAST_LATIN and not 0x1E00 <= ord(sign) <= 0x1EFF


def _fold(word: str) -> str:
    return _POSSESSIVE.sub("", word).casefold()
