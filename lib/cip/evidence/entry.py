"""One entry of the evidence ledger, and the table of many."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from cip.display.markup import make_id
from cip.schemas.evidence import EVIDENCE_COLUMNS

#: What an id can start with, in words, and whose knowledge it is.
KINDS: dict[str, str] = {
    "data": "Published figure",
    "asset": "Asset",
    "reach": "Reach of an asset",
    "survey": "Survey answer",
    "change": "Change between surveys",
    "theme": "Theme",
    "quote": "Quotation",
    "case": "Story",
    "heard": "Who was heard",
    "insight": "Existing insight",
}
#: Numbers are counted by others about people; voices are what people said themselves.
SAYS_NUMBERS = frozenset({"data"})
SAYS_VOICES = frozenset({"survey", "change", "theme", "quote", "case", "insight"})
SAYS_ASSETS = frozenset({"asset", "reach"})

STRENGTH, CHALLENGE, NEITHER = "strength", "challenge", ""
Direction = Literal["strength", "challenge", ""]

_ID = re.compile(r"^[a-z]+:[\w.:'&+-]+$")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Something that a reader can see and cite.

    Parameters
    ----------
    evidence_id
        ``kind:name``; the same in every run.
    label
        What it is, as a noun.
    statement
        What it says, as one sentence with its value, uncertainty, base and period.
    value, lower_95, upper_95, base, unit, period
        The figure, where it is one; None where there is none.
    comparator, comparison
        The name of what it is compared with, and the verdict: ``better``, ``worse``, ``higher``,
        ``lower``, ``similar``; empty where nothing is compared.
    topics
        Building blocks of health that it is about.
    direction
        Whether it is a strength or a challenge of the area by itself; empty where it is neither.
    is_citable, reason
        Whether a report may rest on it; if not (suppressed, withheld, missing), why.
    source_ids, source, licence, vintage
        Where it comes from: products of the store or the area's own input, in words too.
    stage, anchor
        The chapter that shows it, and the id of the place there.

    Raises
    ------
    ValueError
        If the id is malformed, or an entry that cannot be cited gives no reason or shows a value.
    """

    evidence_id: str
    label: str
    statement: str
    stage: str
    anchor: str
    value: float | None = None
    lower_95: float | None = None
    upper_95: float | None = None
    base: float | None = None
    unit: str = ""
    period: str = ""
    comparator: str = ""
    comparison: str = ""
    topics: Sequence[str] = ()
    direction: Direction = NEITHER
    is_citable: bool = True
    reason: str = ""
    source_ids: Sequence[str] = ()
    source: str = ""
    licence: str = ""
    vintage: str = ""

    def __post_init__(self) -> None:
        if not _ID.match(self.evidence_id) or self.kind not in KINDS:
            raise ValueError(f"'{self.evidence_id}' is no id of evidence")
        if not self.is_citable and not self.reason:
            raise ValueError(f"'{self.evidence_id}' cannot be cited, and does not say why")
        if not self.is_citable and self.value is not None and not math.isnan(self.value):
            raise ValueError(f"'{self.evidence_id}' cannot be cited, and shows its value")

    @property
    def kind(self) -> str:
        """What it is: the part of the id before the first colon."""
        return self.evidence_id.partition(":")[0]


def build_table(entries: Iterable[Entry]) -> pd.DataFrame:
    """Return entries as a part of the ledger: one row per entry, in their order.

    Raises
    ------
    ValueError
        If two entries have one id.
    """
    rows = []
    for entry in entries:
        row = vars(entry) | {"kind": entry.kind}
        row["topics"] = "; ".join(entry.topics)
        row["source_ids"] = "; ".join(entry.source_ids)
        rows.append(row)
    table = pd.DataFrame(rows, columns=list(EVIDENCE_COLUMNS))
    for name, kind in EVIDENCE_COLUMNS.items():
        if kind == "number":
            table[name] = pd.to_numeric(table[name]).astype("float64")
        elif kind == "flag":
            table[name] = table[name].astype("boolean")
        else:
            table[name] = table[name].astype("str")
    doubles = table.loc[table["evidence_id"].duplicated(), "evidence_id"]
    if len(doubles):
        raise ValueError(f"two entries of the ledger have the id '{doubles.iloc[0]}'")
    return table


def make_anchor(evidence_id: str) -> str:
    """Return the id of an entry's place on the evidence page, such as ``ev-data-social-rented``."""
    return make_id("ev", evidence_id)
