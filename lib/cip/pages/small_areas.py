"""The part of notebook 02 on differences within the area, and on where it stands among others."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from cip.catalogue import Indicator, load_indicators, load_sections
from cip.changes import take_latest
from cip.display.area_rug import draw_area_rug
from cip.display.blocks import Block, NoteBlock
from cip.display.indicator_map import draw_indicator_map
from cip.display.rug_block import RugColumn
from cip.display.spine import draw_spine
from cip.pages.data_profile import DataProfile
from cip.pages.trail import add_trail
from cip.spread import build_small_area_figures, measure_ranges, select_small_areas
from cip.workspace import Workspace

#: Who small areas are held against: the first of these with figures of most of the measures.
_BENCHMARKS = ("england", "region", "county", "district")
#: A comparator with fewer of the measures than this share leaves too much unsaid.
_MOST = 0.75
#: Measures that are mapped: of age and of disadvantage.
_MAPPED = ("older_65_plus", "households_deprived_2_plus")


@dataclass(frozen=True)
class SmallAreas:
    """Figures of the small areas in and around the profile area.

    Parameters
    ----------
    profile
        The area's own figures.
    values
        One row per indicator x LSOA of the area.
    ranges
        One row per indicator: its spread over the small areas around.
    columns
        Areas in the order of the rug.
    role
        Role of the comparator that small areas are held against.
    """

    profile: DataProfile
    values: pd.DataFrame
    ranges: pd.DataFrame
    columns: tuple[RugColumn, ...]
    role: str

    @property
    def benchmark(self) -> str:
        """Name of the area that small areas are held against."""
        areas = self.profile.areas
        return str(areas.loc[areas["area_role"] == self.role, "area_name"].iloc[0])

    def show_rug(self) -> list[Block]:
        """Return the main measures by small area and comparator."""
        entries = [entry for entry in self._list_judged() if entry.polarity != "none"]
        entries = [entry for entry in entries if entry.interval != "none"]
        if not entries:
            return []
        ids = [entry.id for entry in entries]
        cells = pd.concat([self._own_cells(ids), self.values], ignore_index=True)
        cells = cells[cells["indicator_id"].isin(ids)]
        speaking = set(cells.loc[cells["value"].notna(), "area_code"])
        rug = draw_area_rug(
            cells,
            [column for column in self.columns if column.code in speaking],
            entries,
            {key: section.title for key, section in load_sections().items()},
            benchmark=self.benchmark,
            block_id="small-area-rug",
        )
        return [add_trail(rug, entries)]

    def show_spine(self) -> list[Block]:
        """Return where the area stands between the lowest and the highest small area around."""
        ranged = set(self.ranges["indicator_id"])
        # What has no interval is drawn when it is among the main figures, and listed otherwise.
        entries = [
            entry
            for entry in self._list_judged()
            if entry.id in ranged and (entry.interval != "none" or entry.is_headline)
        ]
        if not entries:
            return []
        rows = take_latest(self.profile.select(*(entry.id for entry in entries)))
        blocks = draw_spine(rows, self.ranges, entries, block_id="spine", benchmark_role=self.role)
        return [add_trail(block, entries) for block in blocks]

    def show_maps(self, shapes: gpd.GeoDataFrame, context: gpd.GeoDataFrame) -> list[Block]:
        """Return one map for each measure that is mapped and has figures."""
        held = set(self.values["indicator_id"])
        entries = [load_indicators()[name] for name in _MAPPED if name in held]
        if shapes.empty:
            return [NoteBlock("missing", "Maps", "The store has no boundaries of these LSOAs.")]
        return [
            add_trail(
                draw_indicator_map(
                    shapes,
                    self.values[self.values["indicator_id"] == entry.id],
                    entry,
                    block_id=f"map-{entry.id}",
                    context=context,
                ),
                [entry],
            )
            for entry in entries
        ]

    def _list_judged(self) -> list[Indicator]:
        """Return the measures that the area and the comparator both have a figure of."""
        rows = take_latest(self.profile.table)
        rows = rows[rows["value"].notna() & rows["group"].eq("")]
        both = [
            set(rows.loc[rows["area_role"] == role, "indicator_id"])
            for role in ("profile", self.role)
        ]
        shown = both[0] & both[1] & set(self.values["indicator_id"])
        return [entry for name, entry in load_indicators().items() if name in shown]

    def _own_cells(self, ids: list[str]) -> pd.DataFrame:
        """Return the cells of the profile area, with its verdict, and of its comparators."""
        rows = take_latest(self.profile.select(*ids))
        verdicts = rows[rows["area_role"] == self.role].set_index("indicator_id")["comparison"]
        is_own = rows["area_role"] == "profile"
        words = rows["indicator_id"].map(verdicts).where(is_own, "")
        return rows.assign(comparison=words)[
            ["indicator_id", "area_code", "value", "comparison", "is_suppressed", "missing_reason"]
        ]


def build_small_areas(
    workspace: Workspace, profile: DataProfile, ranks: pd.DataFrame
) -> SmallAreas:
    """Compute the figures of the small areas in and around the profile area.

    Parameters
    ----------
    ranks
        One row per edition x LSOA x index of deprivation, by which small areas are ordered.
    """
    areas, membership = profile.areas, workspace.read("membership")
    small = workspace.read("small_areas")
    role = _choose_benchmark(profile)
    against = areas.loc[areas["area_role"] == role, "area_code"].iloc[0]
    held = set(profile.table["indicator_id"])
    # Small areas with counts that need protection are never shown one by one.
    guarded = set(workspace.params.protect)
    entries = {k: e for k, e in load_indicators().items() if k in held and e.source not in guarded}
    figures = build_small_area_figures(
        workspace.store, areas, membership, workspace.read("peers"), entries, against=against
    )
    around = areas.loc[areas["area_role"].isin(["county", "district"])]
    place = around.sort_values("area_role")["area_name"].iloc[0] if len(around) else "the area"
    return SmallAreas(
        profile,
        select_small_areas(figures, small),
        measure_ranges(figures, f"small areas of {place}"),
        _list_columns(areas, small, ranks, role),
        role,
    )


def _choose_benchmark(profile: DataProfile) -> str:
    """Return the role of the widest comparator that has figures of most measures with intervals."""
    own = take_latest(profile.table)
    own = own[own["group"].eq("") & own["value"].notna()]
    measured = set(
        own.loc[own["area_role"].eq("profile") & own["lower_95"].notna(), "indicator_id"]
    )
    held = own[own["indicator_id"].isin(measured)].groupby("area_role")["indicator_id"].nunique()
    roles = [role for role in _BENCHMARKS if role in held.index]
    wide = [role for role in roles if held[role] >= _MOST * len(measured)]
    return next(iter([*wide, *roles]), "profile")


def _list_columns(
    areas: pd.DataFrame, small: pd.DataFrame, ranks: pd.DataFrame, role: str
) -> tuple[RugColumn, ...]:
    """Return the profile area, its LSOAs with the most deprived first, then its comparators."""
    newest = ranks[(ranks["domain"] == "imd") & ranks["small_area_code"].isin(small["lsoa21_code"])]
    newest = newest.sort_values("edition").drop_duplicates("small_area_code", keep="last")
    deciles = newest.set_index("small_area_code")["decile"]
    order = newest.set_index("small_area_code")["rank"]
    ordered = small.assign(rank=small["lsoa21_code"].map(order)).sort_values(
        ["rank", "lsoa21_code"], na_position="last"
    )
    own = areas[areas["area_role"] == "profile"].iloc[0]
    columns = [RugColumn(own["area_code"], own["area_name"], "profile")]
    for row in ordered.itertuples():
        decile = deciles.get(row.lsoa21_code)
        note = "" if decile is None or pd.isna(decile) else f"decile {int(decile)}"
        columns.append(RugColumn(row.lsoa21_code, row.lsoa21_name, "place", note))
    others = areas[areas["area_role"] != "profile"]
    # The comparator stands beside the area itself, where it is in sight on a narrow screen.
    wide = [RugColumn(r.area_code, r.area_name, r.area_role) for r in others.itertuples()]
    first = [column for column in wide if column.role == role][:1]
    return (columns[0], *first, *columns[1:], *(c for c in wide if c not in first))
