"""Whether a quotation is what was said: word by word, apart from marked omissions and brackets."""

from __future__ import annotations

import re

from cip.engagement.flat_text import flatten_text

#: Fewest words of the speaker's own, where the excerpt has as many.
LEAST_WORDS = 3
#: A bracket explains a word; longer ones would be the editor's sentences in the speaker's mouth.
LONGEST_BRACKET = 6
#: An omission as short as this must not take a "not" with it.
_SHORT_GAP = 4

_GAP = re.compile(r"\[\s*(?:\.{3}|…)\s*\]|…|\.{3,}")
_BRACKET = re.compile(r"\[([^\[\]]{0,400})\]")
#: "[T]hey": the first letter of a word in another case.
_LETTER = re.compile(r"\[(\w)\](?=\w)")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_NOT = re.compile(
    r"(?:not|never|no|none|nobody|nothing|hardly|without|cannot|\w+n't|(?:ca|do|wo)nt)"
)
_MARK = "\0"


def find_wording_fault(quote: str, excerpt: str) -> str | None:
    """Return why a quotation is not what the excerpt says, or None.

    Parameters
    ----------
    quote
        As it will be published. "…" stands for words that were left out, square brackets for the
        editor's own.
    excerpt
        What was said.

    Returns
    -------
    str or None
        The reason, without a word of either. Letter case, punctuation and spacing are not told
        apart. A quotation may begin and end anywhere.

    Notes
    -----
    Brackets may hold at most six words and no "not", and an omission of up to four words must not
    leave a "not" out. An omission may still turn what was meant: the person who clears the
    quotation reads both.

    Examples
    --------
    >>> find_wording_fault("The bus … stops [at the hall].", "The bus often stops there.") is None
    True
    """
    brackets = [found.strip() for found in _BRACKET.findall(_LETTER.sub(r"\1", quote))]
    for bracket in brackets:
        words = _split(bracket)
        if len(words) > LONGEST_BRACKET:
            return f"a bracket holds more than {LONGEST_BRACKET} words"
        if any(_NOT.fullmatch(word) for word in words):
            return "a bracket holds a word such as 'not', which turns the meaning"
    if re.search(r"\w\[|\]\w", _LETTER.sub(r"\1", quote)):
        return "a bracket stands inside a word; put the whole word in brackets"
    pieces = _split_pieces(quote)
    if any("[" in piece or "]" in piece for piece in pieces):
        return "a square bracket is not closed"
    parts = [words for piece in pieces if (words := _split(piece))]
    said = _split(excerpt)
    if sum(map(len, parts)) < min(LEAST_WORDS, len(said)) or not parts:
        return f"fewer than {LEAST_WORDS} words are the speaker's own"
    return _align(parts, said)


def _split_pieces(quote: str) -> list[str]:
    text = _LETTER.sub(r"\1", quote)
    return _BRACKET.sub(_MARK, _GAP.sub(_MARK, text)).split(_MARK)


def _split(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(flatten_text(text).text)]


def _align(parts: list[list[str]], said: list[str]) -> str | None:
    """Find the parts in what was said, in their order, each as early as it can be."""
    line = f" {' '.join(said)} "
    place = 0
    for number, part in enumerate(parts):
        found = line.find(f" {' '.join(part)} ", place)
        if found < 0:
            return "it holds words that the excerpt does not have, or in another order"
        omitted = line[place:found].split()
        if number and len(omitted) <= _SHORT_GAP and any(map(_NOT.fullmatch, omitted)):
            return "an omission leaves out a word such as 'not'"
        place = found + len(" ".join(part)) + 1
    return None
