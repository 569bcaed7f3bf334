"""Words of entries: ids, sentences, dates and figures as a reader writes them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date

from cip.display.cells import is_missing
from cip.display.text import format_interval, format_value
from cip.display.untrusted_text import strip_unseen
from cip.evidence.entry import CHALLENGE, NEITHER, STRENGTH, Direction
from cip.framework.milestones import write_day
from cip.statistics import BETTER, WORSE

_NOT_IN_IDS = re.compile(r"[^\w.:'&+-]+")
#: What a theme or quotation tells of by its side, as `cip.engagement.codebook` names them.
_POLARITIES: dict[str, Direction] = {"enabler": STRENGTH, "challenge": CHALLENGE}
_VERDICTS: dict[str, Direction] = {BETTER: STRENGTH, WORSE: CHALLENGE}


def make_evidence_id(kind: str, name: str) -> str:
    """Return the id of an entry, such as ``asset:own:friday-larder``.

    A name with characters that no id has keeps what it can and ends with a part of its checksum,
    so that two names never share an id and the id is the same in every run.
    """
    clean = _NOT_IN_IDS.sub("-", name)
    if clean != name or not clean:
        clean = f"{clean}-{hashlib.sha256(name.encode('utf-8')).hexdigest()[:8]}"
    return f"{kind}:{clean}"


def clean_words(text: object) -> str:
    """Return text from outside on one line, without characters that nobody sees; "" if missing."""
    return "" if is_missing(text) else " ".join(strip_unseen(text).split())


def quote_words(text: object) -> str:
    """Return text from outside between quotation marks, without its own full stop."""
    words = clean_words(text)
    return f"“{words[:-1] if words.endswith('.') and not words.endswith('..') else words}”"


def write_sentence(text: str) -> str:
    """Return words as one sentence: single spaces, and one full stop at its end."""
    return f"{' '.join(text.split()).rstrip('. ')}."


def lower_first(text: str) -> str:
    """Return words as they stand inside a sentence; an acronym keeps its letters."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def join_notes(notes: Iterable[str]) -> str:
    """Return notes in brackets behind a figure, or nothing where there is none."""
    held = "; ".join(note for note in notes if note)
    return f" ({held})" if held else ""


def write_interval(lower: float | None, upper: float | None, unit: str, decimals: int) -> str:
    """Return an interval as "95% interval 30.1% to 32.3%", or nothing where there is none."""
    words = format_interval(lower, upper, unit, decimals)
    return f"95% interval {words}" if words else ""


def write_number(number: float) -> str:
    """Return a whole number with its thousands parted by commas."""
    return format_value(number, "", 0)


def count_things(number: float, one: str, many: str) -> str:
    """Return a number of things: "1 library", "2,000 libraries", "no libraries"."""
    if number == 0:
        return f"no {many}"
    return f"{write_number(number)} {one if number == 1 else many}"


def write_date(text: object) -> str:
    """Return an ISO date as a reader writes it; a part of one (a year) stays as it is."""
    words = clean_words(text)
    try:
        return write_day(date.fromisoformat(words[:10]))
    except ValueError:
        return words


def take_number(value: object) -> float | None:
    """Return a number of a table, or None where it is missing."""
    return None if is_missing(value) else float(value)  # type: ignore[arg-type]


def read_verdict(comparison: str) -> Direction:
    """Return what a verdict makes of a figure: only better and worse take a side."""
    return _VERDICTS.get(comparison, NEITHER)


def read_polarity(polarity: object) -> Direction:
    """Return what the side of a theme or quotation says of the area."""
    return _POLARITIES.get(str(polarity), NEITHER)
