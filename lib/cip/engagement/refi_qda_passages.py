"""Selections that mean the same passage, though two coders began and ended them a little apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

#: Two selections are one passage if they share this much of the longer.
SHARED = 0.5


@dataclass(frozen=True)
class Coded:
    """One selection: its slice of the text, its guid, and pairs of coder and code."""

    start: int
    end: int
    guid: str
    codings: list[tuple[str, str]]


@dataclass
class Passage:
    """Selections that belong together, and the slice of the text that they cover."""

    start: int
    end: int
    parts: list[Coded] = field(default_factory=list)


def join_passages(selections: Sequence[Coded]) -> list[Passage]:
    """Return the passages of one text in its order.

    A selection joins the first passage whose earliest selection it shares half of the longer
    with. It is compared with that one alone, so that a chain of selections does not grow into one.
    """
    passages: list[Passage] = []
    is_open: list[Passage] = []
    for one in sorted(selections, key=lambda part: (part.start, -part.end, part.guid)):
        is_open = [passage for passage in is_open if passage.parts[0].end > one.start]
        for passage in is_open:
            if _share(passage.parts[0], one) >= SHARED:
                passage.parts.append(one)
                passage.end = max(passage.end, one.end)
                break
        else:
            passage = Passage(one.start, one.end, [one])
            passages.append(passage)
            is_open.append(passage)
    return passages


def _share(one: Coded, other: Coded) -> float:
    common = min(one.end, other.end) - max(one.start, other.start)
    return common / max(one.end - one.start, other.end - other.start)
