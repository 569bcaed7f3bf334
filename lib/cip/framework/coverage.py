"""Overlaps and gaps: how far insight, consultations and partners cover the building blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import pandas as pd

from cip.catalogue.building_blocks import load_topics
from cip.framework.insight import ENDS_SOON, LIVE, STALE, VALID
from cip.framework.partners import WORK_ENDED
from cip.inputs import split_choices

#: What insight there is on a topic; the gaps come first where topics are ordered.
GAP, ONLY_STALE, ONE, SEVERAL = "none", "only stale", "one", "several"
UNKNOWN = "not known"
_ORDER = (GAP, ONLY_STALE, ONE, SEVERAL, UNKNOWN)


def count_coverage(insight: pd.DataFrame | None, partners: pd.DataFrame | None) -> pd.DataFrame:
    """Return how far each topic is covered.

    Parameters
    ----------
    insight, partners
        The classified registers, or None where the area has not given one.

    Returns
    -------
    DataFrame
        One row per topic, gaps in insight first and topics that are no building block last:
        ``topic, label, is_block``; ``valid`` and ``stale`` (entries of insight), ``live``
        (consultations that take answers now) and ``partners`` (pieces of work that go on), each
        missing where its register is not given; ``insight_cover`` and ``partner_cover`` (none,
        only stale, one, several, not known).
    """
    topics = load_topics()
    table = pd.DataFrame(
        {
            "topic": list(topics),
            "label": [topic.label for topic in topics.values()],
            "is_block": [topic.is_block for topic in topics.values()],
        }
    )
    for name, register, column, values in (
        ("valid", insight, "validity", (VALID,)),
        ("stale", insight, "validity", (STALE,)),
        ("live", insight, "stage", (LIVE, ENDS_SOON)),
    ):
        table[name] = _count(table["topic"], register, column, values)
    working = None if partners is None else partners[partners["stage"] != WORK_ENDED]
    table["partners"] = _count(table["topic"], working, "stage", None)
    table["insight_cover"] = [
        _word(v, s) for v, s in zip(table["valid"], table["stale"], strict=True)
    ]
    table["partner_cover"] = [_word(number, 0) for number in table["partners"]]
    return _order(table)


def _count(
    topics: pd.Series, register: pd.DataFrame | None, column: str, values: Collection[str] | None
) -> pd.Series:
    if register is None:
        return pd.Series(pd.NA, index=topics.index, dtype="Int64")
    kept = register if values is None else register[register[column].isin(values)]
    counts = Counter(topic for cell in kept["topics"] for topic in split_choices(cell))
    return topics.map(lambda topic: counts[topic]).astype("Int64")


def _word(valid: object, stale: object) -> str:
    if pd.isna(valid):
        return UNKNOWN
    if not valid:
        return ONLY_STALE if stale else GAP
    return ONE if valid == 1 else SEVERAL


def _order(table: pd.DataFrame) -> pd.DataFrame:
    keys = table.assign(
        last=~table["is_block"],
        gap=table["insight_cover"].map(_ORDER.index),
        partner_gap=table["partner_cover"].map(_ORDER.index),
    )
    order = keys.sort_values(["last", "gap", "partner_gap"], kind="stable").index
    return table.loc[order].reset_index(drop=True)


def find_untagged(register: pd.DataFrame) -> pd.DataFrame:
    """Return the entries that name no topic: they count for none."""
    return register[register["topics"].isna()]
