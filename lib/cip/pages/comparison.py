"""The comparison report: areas side by side, from the tables that each area's run left."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from cip.catalogue import Indicator, load_indicators, source_line
from cip.display.blocks import Block, FigureBlock, MapBlock, NoteBlock, TableBlock
from cip.display.cells import is_missing
from cip.display.profile_map import map_profiles
from cip.display.ranking import Benchmark, draw_ranking
from cip.display.tartan import Rug, RugCell, draw_rug
from cip.display.text import format_value
from cip.statistics import NOT_COMPARED

#: What an area may be compared with.
ROLES = ("england", "county", "district")


@dataclass(frozen=True)
class Comparison:
    """Areas side by side.

    Parameters
    ----------
    table
        The areas' indicator tables, one after another, with ``profile_id`` saying whose: one row
        per profile x indicator x area x period x group.
    outlines
        One row per profile, in the order of the report: ``area_code`` (its id), ``area_name``,
        ``population``, outline.
    role
        What each area is compared with: ``england``, ``county`` or ``district``.
    editions
        Product to the names of its editions among the areas, where there is more than one.
    """

    table: pd.DataFrame
    outlines: gpd.GeoDataFrame
    role: str = "england"
    editions: dict[str, list[str]] | None = None

    @property
    def indicators(self) -> list[Indicator]:
        """The headline shares and scores that an area holds; counts would compare mere size."""
        held = set(self.table["indicator_id"])
        entries = [e for e in load_indicators().values() if e.is_headline and e.id in held]
        return [entry for entry in entries if entry.statistic != "count"]

    @property
    def benchmark_name(self) -> str:
        """What the areas are compared with, as a sentence names it."""
        names = self._find_benchmarks()["area_name"].unique()
        return str(names[0]) if len(names) == 1 else f"each area's own {self.role}"

    def show_editions(self) -> list[Block]:
        """Return a warning where areas were made from different editions of the data."""
        if not self.editions:
            return []
        listed = "; ".join(
            f"{product}: {', '.join(names)}" for product, names in sorted(self.editions.items())
        )
        body = (
            "The areas were made from different editions of the data, so part of a difference may "
            f"come from that. Run all of them again to mend this. {listed}."
        )
        return [NoteBlock("warning", "Not all from the same data", body)]

    def show_map(self) -> MapBlock:
        """Return the map of all areas, with their numbers."""
        count = len(self.outlines)
        return map_profiles(
            self.outlines,
            title=f"Where the {count} areas lie",
            block_id="areas",
            source=source_line("boundary_lsoa21"),
            note="Areas are drawn from the small areas that they are built of.",
        )

    def show_rug(self) -> list[FigureBlock]:
        """Return the tartan rug, in parts where there are many areas."""
        rug = self._make_rug()
        parts = rug.split()
        blocks = []
        for number, part in enumerate(parts, start=1):
            words = f" (part {number} of {len(parts)})" if len(parts) > 1 else ""
            blocks.append(
                draw_rug(
                    part,
                    benchmark=self.benchmark_name,
                    title=f"Main measures against {self.benchmark_name}{words}",
                    block_id=f"rug-{number}",
                    source=self._write_sources(),
                )
            )
        return blocks

    def show_verdicts(self) -> TableBlock:
        """Return how often each verdict was given, per area."""
        verdicts = ["better", "similar", "worse", "higher", "lower", NOT_COMPARED]
        cells = self._make_rug().cells
        rows = []
        for place, name in enumerate(self.outlines["area_name"]):
            own = [row[place].verdict for row in cells if row[place].value != "[x]"]
            rows.append([name, *(own.count(verdict) for verdict in verdicts)])
        return TableBlock(
            block_id="verdicts",
            caption=f"How many of the {len(cells)} measures stand how to {self.benchmark_name}",
            frame=pd.DataFrame(rows, columns=["area", *verdicts]),
            column_labels={"area": "Area", **{v: v.capitalize() for v in verdicts}},
            note="A count of verdicts is no score: measures overlap, and some weigh more.",
        )

    def show_ranks(self) -> list[FigureBlock]:
        """Return one ranking per measure that two areas or more hold."""
        blocks = []
        for entry in self.indicators:
            rows = self._select(entry, "profile")
            if rows["value"].notna().sum() < 2:
                continue
            blocks.append(
                draw_ranking(
                    self._name_profiles(rows),
                    entry,
                    self._find_line(entry),
                    block_id=f"rank-{entry.id}",
                )
            )
        return blocks

    def _select(self, entry: Indicator, role: str) -> pd.DataFrame:
        """Return one row per profile: its own, or its first comparator of a role."""
        rows = self.table[
            (self.table["indicator_id"] == entry.id) & (self.table["area_role"] == role)
        ]
        return rows.drop_duplicates("profile_id").set_index("profile_id")

    def _name_profiles(self, rows: pd.DataFrame) -> pd.DataFrame:
        names = self.outlines.set_index("area_code")["area_name"]
        return rows.assign(area_name=rows.index.map(names))

    def _find_benchmarks(self) -> pd.DataFrame:
        rows = self.table[self.table["area_role"] == self.role]
        return rows.drop_duplicates("profile_id")

    def _find_line(self, entry: Indicator) -> Benchmark | None:
        """Return the line of a ranking, where all areas share one benchmark."""
        rows = self._select(entry, self.role).dropna(subset="value")
        if len(set(rows["area_code"])) != 1:
            return None
        return Benchmark(str(rows["area_name"].iloc[0]), float(rows["value"].iloc[0]))

    def _make_rug(self) -> Rug:
        cells = []
        for entry in self.indicators:
            own, other = self._select(entry, "profile"), self._select(entry, self.role)
            cells.append(
                [
                    _make_cell(entry, _find(own, code, "value"), _find(other, code, "comparison"))
                    for code in self.outlines["area_code"]
                ]
            )
        names = [f"{i} {name}" for i, name in enumerate(self.outlines["area_name"], start=1)]
        return Rug([entry.label for entry in self.indicators], names, cells)

    def _write_sources(self) -> str:
        """Return one line for all sources: what several of them share is said once."""
        titles: dict[str, list[str]] = {}
        for line in dict.fromkeys(source_line(entry.source) for entry in self.indicators):
            title, _, rest = line.removeprefix("Source: ").removesuffix(".").partition("; ")
            titles.setdefault(rest, []).append(title)
        parts = [
            f"{', '.join(held)}; {rest}" if rest else ", ".join(held)
            for rest, held in titles.items()
        ]
        return f"Source: {'. '.join(parts)}."


def _find(rows: pd.DataFrame, code: str, column: str) -> object:
    return rows.at[code, column] if code in rows.index else None


def _make_cell(entry: Indicator, value: object, verdict: object) -> RugCell:
    if is_missing(value):
        return RugCell("[x]", NOT_COMPARED)
    words = NOT_COMPARED if is_missing(verdict) or not verdict else str(verdict)
    return RugCell(format_value(float(str(value)), entry.unit, entry.decimals), words)
