"""The page of notebook 02: the indicator table as a chapter of figures and tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from cip.catalogue import Indicator, load_indicators, load_sections, load_sources
from cip.changes import judge_changes, take_latest
from cip.display.blocks import Block, KeyFacts, NoteBlock, TableBlock
from cip.display.cells import list_records
from cip.display.figures import (
    draw_age_profile,
    draw_composition,
    draw_proportions,
    draw_pyramid,
)
from cip.display.text import format_value
from cip.display.trends import draw_trends, list_trends
from cip.pages.measures import (
    STRICT_NOTE,
    describe_strictly,
    drop_silent,
    tabulate_measures,
)
from cip.pages.trail import add_trail, list_trail, name_definition
from cip.params import AreaParams
from cip.statistics import BETTER, HIGHER, LOWER, SIMILAR, WORSE, count_chance_marks

VERDICTS = (BETTER, SIMILAR, WORSE, HIGHER, LOWER)
#: Kinds of figure that stand in tables, because their units differ from row to row.
_TABULATED = ("rate", "ratio", "change", "weighted_mean", "published")
#: The Indices of Deprivation have figures of their own in their section.
_DEPRIVATION = ("iod2019", "iod2025")

#: What the age structure by sex shows already; without it, five-year bands show the broad ones.
_STANDS_IN = {
    True: ("population_by_age", "population_by_broad_age", "population_by_six_ages"),
    False: ("population_by_broad_age",),
}
#: Fewer periods make no trend.
LEAST_PERIODS = 3
_AGE_CHARTS = {"population_by_age_sex": draw_pyramid, "population_by_age": draw_age_profile}


def choose_indicators(params: AreaParams) -> dict[str, Indicator]:
    """Return the catalogue without what the area's parameter file does not want.

    That is what it leaves out by name, and the editions of the Indices that it does not use.
    """
    unwanted = {f"iod{year}" for year in (2019, 2025)} - {
        f"iod{year}" for year in params.vintages.deprivation
    }
    unwanted |= set(params.leave_out)
    return {
        key: entry
        for key, entry in load_indicators().items()
        if key not in unwanted and entry.source not in unwanted
    }


@dataclass(frozen=True)
class DataProfile:
    """The indicator table with what is needed to show it.

    Parameters
    ----------
    table
        The indicator table: one row per indicator x area x period x group.
    missing
        One row per indicator that the store cannot feed.
    areas
        One row per area shown together.
    """

    table: pd.DataFrame
    missing: pd.DataFrame
    areas: pd.DataFrame

    @property
    def area_name(self) -> str:
        """Name of the profile area."""
        return str(self.areas.loc[self.areas["area_role"] == "profile", "area_name"].iloc[0])

    @cached_property
    def _places(self) -> dict[str, np.ndarray]:
        """Places of each indicator's rows: comparing text row by row is slow, and asked often."""
        return self.table.groupby("indicator_id", sort=False).indices

    def select(self, *indicator_ids: str) -> pd.DataFrame:
        """Return the rows of some indicators, in the order of the table."""
        return _take_rows(self.table, self._places, indicator_ids)

    def _select_latest(self, entries: Sequence[Indicator]) -> pd.DataFrame:
        """Return the rows of some indicators in the latest period of each."""
        return _take_rows(self._latest, self._latest_places, [entry.id for entry in entries])

    @cached_property
    def _latest_places(self) -> dict[str, np.ndarray]:
        return self._latest.groupby("indicator_id", sort=False).indices

    def find_entries(self, section: str, *statistics: str) -> list[Indicator]:
        """Return the indicators of a section that the table holds, in catalogue order."""
        return [
            entry
            for entry in load_indicators().values()
            if entry.section == section
            and entry.statistic in statistics
            and entry.id in self._places
        ]

    def show_glance(self) -> list[Block]:
        """Return the headline figures: a few facts, then a table beside the comparators."""
        entries = [e for e in load_indicators().values() if e.is_headline and e.id in self._places]
        shares = [e for e in entries if e.statistic != "count"]
        return [
            KeyFacts(
                self._list_facts(entries),
                block_id="glance",
                trail=list_trail(entry for entry in entries if entry.statistic == "count"),
            ),
            self._tabulate_glance(shares),
        ]

    def show_section(self, section: str) -> list[Block]:
        """Return the figures of one section; where data are missing, a note says which and why."""
        return [
            *self._draw_shares(section),
            *self._draw_compositions(section),
            *self._tabulate_others(section),
            *self._draw_trends(section),
            *self._note_missing(section),
        ]

    def _draw_shares(self, section: str) -> list[Block]:
        shares = [e for e in self.find_entries(section, "proportion") if self._is_own(e)]
        if not shares:
            return []
        rows = drop_silent(self._select_latest(shares))
        block = draw_proportions(rows, shares, block_id=f"{section}-shares")
        return [add_trail(block, shares)]

    def _draw_compositions(self, section: str) -> list[Block]:
        blocks = []
        entries = self.find_entries(section, "composition")
        has_sexes = any(entry.id == "population_by_age_sex" for entry in entries)
        for entry in entries:
            if entry.id in _STANDS_IN.get(has_sexes, ()):
                continue
            draw = _AGE_CHARTS.get(entry.id, draw_composition)
            rows = drop_silent(self._select_latest([entry]))
            blocks.append(add_trail(draw(rows, entry), [entry]))
        return blocks

    def _tabulate_others(self, section: str) -> list[Block]:
        """Return rates, means and published values: first the area's own, then wider ones."""
        others = self.find_entries(section, *_TABULATED)
        others = [entry for entry in others if entry.source not in _DEPRIVATION]
        own = [entry for entry in others if self._is_own(entry)]
        shares = self.find_entries(section, "proportion")
        wider = [entry for entry in [*shares, *others] if not self._is_own(entry)]
        title = load_sections()[section].title
        blocks: list[Block] = []
        for entries, name, caption in (
            (own, "measures", f"{title}: other measures"),
            (wider, "wider", f"{title}: known for the wider area alone"),
        ):
            if entries:
                rows = self._select_latest(entries)
                blocks.append(
                    tabulate_measures(
                        rows, entries, self.areas, block_id=f"{section}-{name}", caption=caption
                    )
                )
        return blocks

    def _draw_trends(self, section: str) -> list[Block]:
        entries = [
            entry
            for entry in self.find_entries(section, "count", "proportion", *_TABULATED)
            if self._periods[entry.id] >= LEAST_PERIODS
        ]
        rows = self.select(*(entry.id for entry in entries))
        trending = list_trends(rows, entries)
        if not trending:
            return []
        rows = rows[rows["indicator_id"].isin([entry.id for entry in trending])]
        blocks = draw_trends(
            rows, trending, block_id=f"{section}-trends", changes=judge_changes(rows)
        )
        return [add_trail(block, trending) for block in blocks]

    def _is_own(self, entry: Indicator) -> bool:
        """Say whether the profile area has a figure of its own."""
        return entry.id in self._own

    @cached_property
    def _own(self) -> frozenset[str]:
        rows = self.table[(self.table["area_role"] == "profile") & self.table["value"].notna()]
        return frozenset(rows["indicator_id"])

    def show_missing(self) -> list[Block]:
        """Return what the workbook could show and has no data for, here and for comparators."""
        if self.missing.empty:
            note = NoteBlock(
                "info", "Nothing is missing", "Every indicator has data for this area."
            )
            return [note, *self._tabulate_gaps()]
        grouped = self.missing.groupby(["source_id", "reason"], sort=False)["label"]
        frame = grouped.agg(["count", "first"]).reset_index()
        frame.columns = ["source_id", "reason", "count", "examples"]
        frame["source"] = frame["source_id"].map(_name_source)
        return [
            TableBlock(
                block_id="missing",
                caption="Indicators without data for this area",
                frame=frame[["source", "count", "examples", "reason"]],
                column_labels={
                    "source": "Source needed",
                    "count": "Indicators",
                    "examples": "For example",
                    "reason": "Why",
                },
            ),
            *self._tabulate_gaps(),
        ]

    def _tabulate_gaps(self) -> list[Block]:
        """Return how many figures each comparator lacks, and why."""
        rows = self._latest
        rows = rows[(rows["area_role"] != "profile") & rows["value"].isna()]
        if rows.empty:
            return []
        labels = rows["indicator_id"].map({n: e.label for n, e in load_indicators().items()})
        grouped = rows.assign(label=labels).groupby(["area_name", "missing_reason"], sort=False)
        found = grouped.agg(count=("indicator_id", "nunique"), example=("label", "first"))
        return [
            TableBlock(
                block_id="gaps",
                caption="Figures that the places compared with lack",
                frame=found.reset_index()[["area_name", "count", "example", "missing_reason"]],
                column_labels={
                    "area_name": "Place",
                    "count": "Indicators",
                    "example": "For example",
                    "missing_reason": "Why",
                },
                note="A place without any figure in a chart or table is left out of it.",
            )
        ]

    def _list_facts(self, entries: list[Indicator]) -> list[tuple[str, str, str]]:
        facts = []
        for entry in entries:
            row = self._find_row(entry.id)
            if entry.statistic == "count" and row is not None:
                facts.append(
                    (entry.label, format_value(row["value"], entry.unit, 0), row["period"])
                )
        return facts

    def _tabulate_glance(self, entries: list[Indicator]) -> TableBlock:
        entries = [entry for entry in entries if self._is_own(entry)]
        shown = drop_silent(self._select_latest(entries))
        is_shown = self.areas["area_code"].isin(shown["area_code"])
        others = self.areas[(self.areas["area_role"] != "profile") & is_shown]
        rows = []
        for entry in entries:
            own = self._find_row(entry.id)
            cells = {"label": entry.label, "own": _format(own, entry)}
            for other in others.itertuples():
                row = self._find_row(entry.id, other.area_code)
                cells[other.area_code] = "[x]" if row is None else describe_strictly(row, entry)
            rows.append(cells)
        names = dict(zip(others["area_code"], others["area_name"], strict=True))
        return TableBlock(
            block_id="glance",
            caption=f"Main figures for {self.area_name} and the places it is compared with",
            frame=pd.DataFrame(rows, columns=["label", "own", *names]),
            column_labels={"label": "Measure", "own": self.area_name, **names},
            note=(
                f"The words beside a comparator's figure say how {self.area_name} stands to it. "
                f"Similar means that the difference could be chance (95% interval). {STRICT_NOTE} "
                "Deprivation has no interval, so it is not compared. Of the "
                f"{self._count_compared()} figures compared in this chapter, chance alone would "
                f"mark about {count_chance_marks(self._count_compared()):.0f} as different."
            ),
            anchors={"label": [name_definition(entry) for entry in entries]},
        )

    def _count_compared(self) -> int:
        """Count the figures of the latest period that are held against a comparator."""
        return int(self._latest["comparison"].isin(VERDICTS).sum())

    @cached_property
    def _latest(self) -> pd.DataFrame:
        return take_latest(self.table)

    @cached_property
    def _rows(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The latest row of each indicator and area, without groups."""
        rows = self._latest[self._latest["group"] == ""]
        return {(row["indicator_id"], row["area_code"]): row for row in list_records(rows)}

    @cached_property
    def _periods(self) -> pd.Series:
        """How many periods each indicator has."""
        return self.table.groupby("indicator_id", sort=False)["period"].nunique()

    def _find_row(self, indicator_id: str, code: str | None = None) -> dict[str, Any] | None:
        """Return the latest row of an area, by default of the profile area."""
        return self._rows.get((indicator_id, code or self._own_code))

    @cached_property
    def _own_code(self) -> str:
        return str(self.areas.loc[self.areas["area_role"] == "profile", "area_code"].iloc[0])

    def _note_missing(self, section: str) -> list[Block]:
        entries = load_indicators()
        lost = self.missing[
            self.missing["indicator_id"].map(lambda i: entries[i].section == section)
        ]
        if lost.empty:
            return []
        told = [
            f"{_name_source(source)} would give: {_join(labels)}. {reason}"
            for (source, reason), labels in lost.groupby(["source_id", "reason"], sort=False)[
                "label"
            ]
        ]
        return [NoteBlock("missing", load_sections()[section].title, "\n\n".join(told))]


def _take_rows(
    table: pd.DataFrame, places: Mapping[str, np.ndarray], indicator_ids: Iterable[str]
) -> pd.DataFrame:
    """Return the rows of some indicators, in the order of the table."""
    found = [places[name] for name in indicator_ids if name in places]
    return table.take(np.sort(np.concatenate(found)) if found else [])


def _join(labels: pd.Series) -> str:
    """Return labels as part of a sentence: their first letter small, unless it is an acronym."""
    return "; ".join(
        label[0].lower() + label[1:] if label[1:2].islower() else label for label in labels
    )


def _name_source(product: str) -> str:
    return load_sources()[product].title


def _format(row: Mapping[str, Any] | None, entry: Indicator) -> str:
    if row is None or pd.isna(row["value"]):
        return "[x]"
    return format_value(row["value"], entry.unit, entry.decimals)
