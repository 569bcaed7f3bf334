"""Entries of the ledger as a finding uses them, and those that belong to one finding."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from cip.evidence.entry import SAYS_ASSETS, SAYS_NUMBERS, SAYS_VOICES

#: Verdicts that rule out that there is no difference; the first two have a polarity.
CLEAR = ("better", "worse", "higher", "lower")
#: Whose knowledge each kind of entry is; who was heard says how far voices speak for all.
KNOWLEDGE = {
    **dict.fromkeys(SAYS_NUMBERS, "numbers"),
    **dict.fromkeys(SAYS_VOICES, "voices"),
    **dict.fromkeys(SAYS_ASSETS, "assets"),
}
#: Chosen by somebody to illustrate, so that their number says nothing.
CHOSEN = ("quote", "case")


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One entry of the ledger; see :class:`cip.evidence.entry.Entry` for the fields.

    ``table`` is the first of its sources: two figures of one table often count the same people.
    """

    evidence_id: str
    kind: str
    label: str
    statement: str
    value: float = math.nan
    base: float = math.nan
    period: str = ""
    comparator: str = ""
    comparison: str = ""
    topics: tuple[str, ...] = ()
    direction: str = ""
    is_citable: bool = True
    table: str = ""
    unit: str = ""

    @property
    def name(self) -> str:
        """The id without its kind."""
        return self.evidence_id.partition(":")[2]

    @property
    def stem(self) -> str:
        """What it is one of: the indicator of a group, the question of an answer."""
        return self.evidence_id if self.kind == "asset" else self.evidence_id.partition(".")[0]

    @property
    def is_group(self) -> bool:
        """Whether it is about one group of an indicator, and not about all."""
        return self.stem != self.evidence_id

    @property
    def is_empty(self) -> bool:
        """Whether it is a type of asset of which no source lists one, here or just outside."""
        return self.kind == "asset" and self.value == 0 and not self.table

    @property
    def knowledge(self) -> str:
        """``numbers``, ``voices`` or ``assets``; empty where it is none of them."""
        return KNOWLEDGE.get(self.kind, "")

    @property
    def is_clear(self) -> bool:
        """Whether it differs from what it is compared with by more than chance."""
        return self.comparison in CLEAR

    @property
    def points(self) -> str:
        """``strength`` or ``challenge``; empty where it is neither, or not clearly.

        A figure that is only higher or lower has no polarity, and one that is similar may owe what
        it shows to chance. One that is not compared is a challenge by the rule for national ranks
        in ``evidence.toml`` alone.
        """
        if self.kind in CHOSEN or self.kind == "heard":
            return ""
        if self.kind == "data":
            ranked = "challenge" if self.direction == "challenge" else ""
            ways = {"better": "strength", "worse": "challenge", "": ranked}
            return ways.get(self.comparison, "")
        if self.kind == "change" and not self.is_clear:
            return ""
        return self.direction


def list_pieces(evidence: pd.DataFrame) -> list[Piece]:
    """Return the ledger as pieces, in its order.

    Parameters
    ----------
    evidence
        One row per entry, with the columns of EVIDENCE_COLUMNS.
    """
    texts = ("evidence_id", "kind", "label", "statement", "period", "comparator", "comparison")
    pieces = []
    for row in evidence.to_dict("records"):
        fields = {name: _to_text(row[name]) for name in (*texts, "direction", "unit")}
        topics = tuple(part for part in _to_text(row["topics"]).split("; ") if part)
        numbers = {name: _to_number(row[name]) for name in ("value", "base")}
        citable = not pd.isna(row["is_citable"]) and bool(row["is_citable"])
        if fields["kind"] == "data" and not fields["comparator"].strip():
            # A verdict without what it is compared with is none, and no rank either.
            fields["direction"] = "" if fields["comparison"] else fields["direction"]
            fields["comparison"] = ""
        table = _to_text(row["source_ids"]).partition("; ")[0]
        pieces.append(Piece(**fields, **numbers, topics=topics, is_citable=citable, table=table))
    return pieces


def _to_text(value: object) -> str:
    return "" if value is None or pd.isna(value) else str(value)


def _to_number(value: object) -> float:
    return math.nan if value is None or pd.isna(value) else float(str(value))


def keep_topic(pieces: Iterable[Piece], topic: str) -> list[Piece]:
    """Return the pieces about a topic."""
    return [piece for piece in pieces if topic in piece.topics]


def keep_kind(pieces: Iterable[Piece], *kinds: str) -> list[Piece]:
    """Return the pieces of some kinds."""
    return [piece for piece in pieces if piece.kind in kinds]


def count_people(pieces: Sequence[Piece]) -> float:
    """Return how many people speak of the theme that most speak of; 0 where there is none."""
    spoken = [p.value for p in keep_kind(pieces, "theme") if not math.isnan(p.value)]
    return max(spoken, default=0.0)
