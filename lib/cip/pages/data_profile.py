"""The page of notebook 02: the indicator table as a chapter of figures and tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from cip.catalogue import Indicator, load_indicators, load_sections, load_sources
from cip.display.blocks import Block, KeyFacts, NoteBlock, TableBlock
from cip.display.figures import (
    draw_age_profile,
    draw_composition,
    draw_proportions,
    draw_pyramid,
)
from cip.display.interval_table import describe_against
from cip.display.text import format_value
from cip.params import AreaParams
from cip.store import Store

#: Figures of an age structure by sex stand in for those without, never beside them.
_AGE_CHARTS = {"population_by_age_sex": draw_pyramid, "population_by_age": draw_age_profile}


def choose_indicators(params: AreaParams) -> dict[str, Indicator]:
    """Return the catalogue without the editions of the Indices that the area does not want."""
    unwanted = {f"iod{year}" for year in (2019, 2025)} - {
        f"iod{year}" for year in params.vintages.deprivation
    }
    return {key: entry for key, entry in load_indicators().items() if entry.source not in unwanted}


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
        places = [self._places[name] for name in indicator_ids if name in self._places]
        return self.table.take(np.sort(np.concatenate(places)) if places else [])

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
            KeyFacts(self._list_facts(entries), block_id="glance"),
            self._tabulate_glance(shares),
        ]

    def show_section(self, section: str) -> list[Block]:
        """Return the figures of one section; where data are missing, a note says which and why."""
        blocks: list[Block] = []
        compositions = self.find_entries(section, "composition")
        has_sexes = any(entry.id == "population_by_age_sex" for entry in compositions)
        shares = self.find_entries(section, "proportion")
        if shares:
            blocks.append(
                draw_proportions(
                    self.select(*(e.id for e in shares)), shares, block_id=f"{section}-shares"
                )
            )
        for entry in compositions:
            if entry.id == "population_by_age" and has_sexes:
                continue
            draw = _AGE_CHARTS.get(entry.id, draw_composition)
            blocks.append(draw(self.select(entry.id), entry))
        return blocks + self._note_missing(section)

    def show_missing(self) -> list[Block]:
        """Return what the workbook could show and has no data for: one row per source and reason."""
        if self.missing.empty:
            return [
                NoteBlock("info", "Nothing is missing", "Every indicator has data for this area.")
            ]
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
            )
        ]

    def show_sources(self, store: Store) -> list[Block]:
        """Return every source used, then every file that it was read from with its checksum."""
        entries = [store.entry(product) for product in dict.fromkeys(self.table["source_id"])]
        sources = [(e.title, e.publisher, e.period, e.geography, e.licence) for e in entries]
        files = [
            (Path(f.name).name, e.title, f.rows, f.sha256[:12]) for e in entries for f in e.files
        ]
        return [
            TableBlock(
                block_id="sources",
                caption="Sources of the figures in this chapter",
                frame=pd.DataFrame(
                    sources, columns=["title", "publisher", "period", "geography", "licence"]
                ),
                column_labels={
                    "title": "Source",
                    "publisher": "Publisher",
                    "period": "Period",
                    "geography": "Geography",
                    "licence": "Licence",
                },
            ),
            TableBlock(
                block_id="source-files",
                caption="Files that they were read from",
                frame=pd.DataFrame(files, columns=["file", "source", "rows", "sha256"]),
                column_labels={
                    "file": "File",
                    "source": "Source",
                    "rows": "Rows",
                    "sha256": "SHA-256 begins",
                },
                note="The record of the run, run.json, holds the whole checksums.",
            ),
        ]

    def _list_facts(self, entries: list[Indicator]) -> list[tuple[str, str, str]]:
        facts = []
        for entry in entries:
            row = self._find_row(entry.id, "profile")
            if entry.statistic == "count" and row is not None:
                facts.append(
                    (entry.label, format_value(row["value"], entry.unit, 0), row["period"])
                )
        return facts

    def _tabulate_glance(self, entries: list[Indicator]) -> TableBlock:
        others = self.areas[self.areas["area_role"] != "profile"]
        rows = []
        for entry in entries:
            own = self._find_row(entry.id, "profile")
            cells = {"label": entry.label, "own": _format(own, entry)}
            for other in others.itertuples():
                row = self._find_row(entry.id, other.area_role, other.area_code)
                cells[other.area_code] = "[x]" if row is None else describe_against(row, entry)
            rows.append(cells)
        names = dict(zip(others["area_code"], others["area_name"], strict=True))
        return TableBlock(
            block_id="glance",
            caption=f"Main figures for {self.area_name} and the places it is compared with",
            frame=pd.DataFrame(rows, columns=["label", "own", *names]),
            column_labels={"label": "Measure", "own": self.area_name, **names},
            note=(
                f"The words beside a comparator's figure say how {self.area_name} stands to it. "
                "Similar means that the difference could be chance (95% interval). "
                "Deprivation has no interval, so it is not compared."
            ),
        )

    def _find_row(self, indicator_id: str, role: str, code: str | None = None) -> pd.Series | None:
        rows = self.select(indicator_id)
        rows = rows[rows["area_role"] == role]
        if code is not None:
            rows = rows[rows["area_code"] == code]
        return None if rows.empty else rows.iloc[0]

    def _note_missing(self, section: str) -> list[Block]:
        sections = load_sections()
        entries = load_indicators()
        lost = self.missing[
            self.missing["indicator_id"].map(lambda i: entries[i].section == section)
        ]
        if lost.empty:
            return []
        blocks: list[Block] = []
        for (source, reason), labels in lost.groupby(["source_id", "reason"], sort=False)["label"]:
            body = f"{_name_source(source)} would give: {_join(labels)}.\n\n{reason}"
            blocks.append(
                NoteBlock("missing", f"{sections[section].title}: {_name_source(source)}", body)
            )
        return blocks


def _join(labels: pd.Series) -> str:
    """Return labels as part of a sentence: their first letter small, unless it is an acronym."""
    return "; ".join(
        label[0].lower() + label[1:] if label[1:2].islower() else label for label in labels
    )


def _name_source(product: str) -> str:
    return load_sources()[product].title


def _format(row: pd.Series | None, entry: Indicator) -> str:
    if row is None or pd.isna(row["value"]):
        return "[x]"
    return format_value(row["value"], entry.unit, entry.decimals)
