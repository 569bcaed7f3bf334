"""Where a reader finds what an entry tells: ids of figures, tables and definitions on the pages."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import pandas as pd

from cip.catalogue import Indicator
from cip.display.markup import make_id

#: The Indices of Deprivation: their figures are those of an edition as a whole.
DEPRIVATION = ("iod2019", "iod2025")
#: Kinds of figure that stand in tables, because their units differ from row to row.
_TABULATED = ("rate", "ratio", "change", "weighted_mean", "published")
#: Age structures that are not drawn where another shows the same people in more detail.
_BY_SEX, _BROAD = "population_by_age_sex", "population_by_broad_age"
_SHOWN_BY_SEX = ("population_by_age", _BROAD, "population_by_six_ages")
_PLACE = re.compile(r'(?<=[\s"])id="([^"]+)"')


def name_definition(entry: Indicator) -> str:
    """Return the id on the page of an indicator's definition."""
    return make_id("def", _group_family(entry))


def _group_family(entry: Indicator) -> str:
    """Give the indicators of one index and edition one definition: they differ in one word."""
    if entry.source in DEPRIVATION:
        return f"{entry.measure.rpartition('_')[0]}_{entry.source}"
    return entry.id


def place_figure(entry: Indicator, *, is_own: bool, shown: Collection[str]) -> str:
    """Return the id of the figure or table of chapter 02 that shows an indicator.

    Where none does by itself, it is the row of its definition.

    Parameters
    ----------
    is_own
        Whether the profile area has a figure of its own, of any period.
    shown
        Ids of the indicators in the indicator table.
    """
    if entry.source not in DEPRIVATION:
        if entry.statistic == "composition" and not _is_left_out(entry.id, shown):
            return make_id("fig", entry.id)
        if entry.statistic == "proportion" and is_own:
            return make_id("fig", f"{entry.section}-shares")
        if entry.statistic in ("proportion", *_TABULATED):
            return make_id("tab", f"{entry.section}-{'measures' if is_own else 'wider'}")
        if entry.statistic == "count" and entry.is_headline:
            return make_id("facts", "glance")
    return name_definition(entry)


def _is_left_out(indicator_id: str, shown: Collection[str]) -> bool:
    return indicator_id in (_SHOWN_BY_SEX if _BY_SEX in shown else (_BROAD,))


def list_missing_anchors(evidence: pd.DataFrame, pages: Mapping[str, str]) -> list[str]:
    """Return the ids of entries whose place is not on the page of their stage.

    Parameters
    ----------
    evidence
        The ledger: one row per entry.
    pages
        HTML of each stage's page, by the stage; of a stage without a page every entry is missing.
    """
    places = {stage: set(_PLACE.findall(html)) for stage, html in pages.items()}
    rows = zip(evidence["evidence_id"], evidence["stage"], evidence["anchor"], strict=True)
    return [name for name, stage, anchor in rows if anchor not in places.get(stage, ())]
