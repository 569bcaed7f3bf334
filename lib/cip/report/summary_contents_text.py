"""Text made to fit: plain words out of Markdown, whole sentences, and how much room they take."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from cip.display.picture import measure_words
from cip.evidence.citing import FINDING, find_citations

#: Distance of lines as a multiple of the size of type, in all documents that are laid out here.
LINE_HEIGHT = 1.25
#: Words are measured at this size; any other is a multiple of it.
_MEASURED_PT = 100.0

_ENDING = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9£])")
#: A full stop after one of these does not end a sentence.
_SHORT_FORMS = re.compile(r"\b(?:e\.g|i\.e|etc|Dr|Mr|Mrs|Ms|St|No|approx|vs|cf|[A-Z])\.$")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"(\*\*\*|\*\*|__|`|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w))")
_LEAD = re.compile(r"^\s*(?:#{1,6}\s+|[-*+]\s+|\d+[.)]\s+|>\s?)", re.MULTILINE)
_PUNCTUATION = re.compile(r"\s+([.,;:!?])")


def drop_citations(text: str, titles: Mapping[str, str] | None = None) -> str:
    """Return a text without its citations; that of a finding becomes its title, being a noun.

    Parameters
    ----------
    titles
        Titles of findings by their ids.
    """
    for citation in reversed(find_citations(text)):
        kind, _, name = citation.evidence_id.partition(":")
        title = (titles or {}).get(name, "") if kind == FINDING else ""
        words = f"“{title.rstrip('.')}”" if title else ""
        text = text[: citation.start] + words + text[citation.end :]
    return _PUNCTUATION.sub(r"\1", text)


def write_plain(text: str, titles: Mapping[str, str] | None = None) -> str:
    """Return one paragraph of Markdown as plain words.

    Examples
    --------
    >>> write_plain("Homes are **damp** [data:damp]. See [the map](https://a.example).")
    'Homes are damp. See the map.'
    """
    plain = _MARKS.sub("", _LEAD.sub("", _LINK.sub(r"\1", drop_citations(text, titles))))
    return " ".join(_PUNCTUATION.sub(r"\1", plain).split())


def list_paragraphs(text: str, titles: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return the paragraphs and items of a Markdown text as plain words, without its headings."""
    pieces: list[str] = []
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        lines = [line for line in part.split("\n") if not line.lstrip().startswith("#")]
        for line in lines:
            if pieces and not _LEAD.match(line) and line is not lines[0]:
                pieces[-1] += f" {line}"
            else:
                pieces.append(line)
    return tuple(plain for plain in (write_plain(piece, titles) for piece in pieces) if plain)


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a text; what somebody said stays together with its quotation marks.

    Examples
    --------
    >>> split_sentences("Dr. Fen asked. Nobody came, e.g. by bus.")
    ['Dr. Fen asked.', 'Nobody came, e.g. by bus.']
    """
    sentences: list[str] = []
    start = 0
    for match in _ENDING.finditer(text):
        sentence = text[start : match.end()]
        if not _SHORT_FORMS.search(text[start : match.start()]) and not _is_inside(sentence):
            sentences.append(sentence.strip())
            start = match.end()
    return [*sentences, text[start:].strip()] if text[start:].strip() else sentences


def _is_inside(text: str) -> bool:
    """Say whether a text ends in the middle of what is quoted."""
    return text.count("“") > text.count("”") or text.count('"') % 2 == 1


def count_words(sentence: str) -> int:
    """Return how many words a sentence has: what stands between spaces and holds a letter."""
    return sum(any(sign.isalnum() for sign in word) for word in sentence.split())


def shorten(text: str, fits: Callable[[str], bool]) -> str:
    """Return as many whole sentences of a text as fit, from its start; maybe none."""
    sentences = split_sentences(text)
    for count in range(len(sentences), 0, -1):
        short = " ".join(sentences[:count])
        if fits(short):
            return short
    return ""


def shorten_line(text: str, fits: Callable[[str], bool]) -> str:
    """Return a heading that fits: whole, or else cut after a word and ended with dots."""
    if fits(text):
        return text
    words = text.split()
    for count in range(len(words) - 1, 0, -1):
        short = " ".join(words[:count]).rstrip(",;:-–—") + " …"
        if fits(short):
            return short
    return "…"


@lru_cache(maxsize=32_768)
def _measure_word(word: str, is_bold: bool) -> float:
    return measure_words(word, size=_MEASURED_PT, is_bold=is_bold) / _MEASURED_PT


def measure_text(text: str, *, size: float, is_bold: bool = False) -> float:
    """Return the width of a line in inches, word by word: each is measured once for all texts."""
    words = text.split(" ")
    widths = sum(_measure_word(word, is_bold) for word in words)
    return (widths + (len(words) - 1) * _measure_word(" ", is_bold)) * size


@lru_cache(maxsize=16_384)
def count_lines(text: str, *, width_in: float, size: float, is_bold: bool = False) -> int:
    """Return how many lines a text takes at a size in points.

    Measured with the letters of our charts, which are wider than those of the documents: a text
    never takes more lines than this.
    """
    lines, used = 1, 0.0
    space = _measure_word(" ", is_bold) * size
    for word in text.split():
        width = measure_text(word, size=size, is_bold=is_bold)
        if used and used + space + width > width_in:
            lines, used = lines + 1, 0.0
        used += width + (space if used else 0.0)
        if used > width_in:  # a word that is longer than a line is broken
            more = int(used // width_in)
            lines, used = lines + more, used - more * width_in
    return lines


def wrap_lines(text: str, *, width_in: float, size: float, is_bold: bool = False) -> list[str]:
    """Return a text as lines that are no wider; a word that is too long is broken by letters."""
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and measure_text(joined, size=size, is_bold=is_bold) <= width_in:
            lines[-1] = joined
            continue
        while measure_text(word, size=size, is_bold=is_bold) > width_in and len(word) > 1:
            end = _find_break(word, width_in, size, is_bold)
            lines.append(word[:end])
            word = word[end:]
        lines.append(word)
    return lines


def _find_break(word: str, width_in: float, size: float, is_bold: bool) -> int:
    fitting = (
        end
        for end in range(len(word), 1, -1)
        if measure_text(word[:end], size=size, is_bold=is_bold) <= width_in
    )
    return next(fitting, 1)


def measure_height(
    text: str, *, width_in: float, size: float, is_bold: bool = False, after_pt: float = 0.0
) -> float:
    """Return the height in inches that a paragraph takes, with the space after it."""
    lines = count_lines(text, width_in=width_in, size=size, is_bold=is_bold)
    return (lines * size * LINE_HEIGHT + after_pt) / 72


def is_web_address(text: str) -> bool:
    """Say whether a text is the address of a web page, and so may become a link."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text
    except ValueError:
        return False


def share_out(
    texts: Sequence[str], measure: Callable[[str], float], room: float
) -> list[list[str]]:
    """Return texts in lots that each fit into a room, in their order; one too large stands alone."""
    lots: list[list[str]] = []
    used = 0.0
    for text in texts:
        needed = measure(text)
        if not lots or used + needed > room:
            lots.append([])
            used = 0.0
        lots[-1].append(text)
        used += needed
    return lots
