"""What kinds of asset there are and are not: by type, for each thousand residents, by purpose."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cip.assets.record import split_parts
from cip.catalogue.asset_types import load_asset_types
from cip.catalogue.building_blocks import load_topics
from cip.catalogue.engagement import load_community_sector_income

#: Voluntary or community groups for each thousand people, in two localities of a Home Office study
#: that the handbook quotes: what few and many may look like, not a target.
GROUPS_PER_1000 = (4, 15)
HANDBOOK = (
    "a Home Office study, as quoted in the community development handbook of the Health "
    "Empowerment Leverage Project"
)


@dataclass(frozen=True)
class Density:
    """Voluntary and community groups of an area.

    Parameters
    ----------
    groups
        Groups inside the area, or of its own files without a place.
    per_1000
        Groups for each thousand residents; None where the residents are not counted.
    known_income, community_sector
        Groups whose income is known, and those of them whose income makes them part of the community
        sector (`cip.catalogue.engagement`).
    """

    groups: int
    per_1000: float | None
    known_income: int
    community_sector: int


def count_balance(assets: pd.DataFrame) -> pd.DataFrame:
    """Count assets by type.

    Parameters
    ----------
    assets
        One row per asset of the table ``assets``.

    Returns
    -------
    DataFrame
        One row per type of the catalogue, those without any asset included, with the columns of
        the table ``asset_balance``.
    """
    types = load_asset_types()
    is_inside = assets["is_inside"].fillna(False).astype(bool)
    has_place = assets["is_inside"].notna()
    known = assets["income"].notna() & (is_inside | ~has_place)
    parts = {
        "inside": is_inside,
        "nearby": has_place & ~is_inside,
        "unplaced": ~has_place,
        "stale": assets["is_stale"].fillna(False).astype(bool),
        "known_income": known,
        "small_income": known & (assets["income"] < load_community_sector_income()),
    }
    counts = pd.DataFrame(
        {
            name: assets.loc[flag, "asset_type"].value_counts().reindex(list(types), fill_value=0)
            for name, flag in parts.items()
        }
    )
    frame = counts.rename_axis("asset_type").reset_index()
    frame["kind"] = frame["asset_type"].map(lambda name: types[name].kind)
    frame["health_asset"] = frame["asset_type"].map(lambda name: types[name].health_asset)
    return frame


def measure_density(assets: pd.DataFrame, population: float | None) -> Density:
    """Return how many voluntary and community groups there are for each thousand residents.

    Groups are assets of the types that the catalogue marks as groups, inside the area or named by
    its own files without a place. The registers hold formal groups; most informal ones are in no
    list, so that the figure says as much about the list as about the place.
    """
    types = load_asset_types()
    is_group = assets["asset_type"].map(lambda name: types[name].is_group).astype(bool)
    own = assets[is_group & assets["is_inside"].fillna(True).astype(bool)]
    income = own["income"].dropna()
    rate = None if not population else len(own) / population * 1000
    return Density(
        len(own), rate, len(income), int((income < load_community_sector_income()).sum())
    )


def count_functions(assets: pd.DataFrame) -> pd.DataFrame:
    """Count what assets are for.

    Returns
    -------
    DataFrame
        One row per building block of health and other topic that assets are for, and per further
        topic that an asset names: ``topic, label, hard, soft, nearby``. An asset with several
        functions counts for each. ``hard`` and ``soft`` are inside the area or without a place;
        ``nearby`` lie outside it.
    """
    rows = assets.assign(topic=assets["function"].map(split_parts)).explode("topic")
    named = set(rows["topic"].dropna())
    topics = {t: entry for t, entry in load_topics().items() if entry.has_assets or t in named}
    is_here = rows["is_inside"].fillna(True).astype(bool)
    flags = {
        "hard": is_here & (rows["kind"] == "hard"),
        "soft": is_here & (rows["kind"] == "soft"),
        "nearby": ~is_here,
    }
    counts = pd.DataFrame(
        {
            name: rows.loc[flag, "topic"].value_counts().reindex(list(topics), fill_value=0)
            for name, flag in flags.items()
        }
    )
    frame = counts.rename_axis("topic").reset_index()
    frame.insert(1, "label", [topics[name].label for name in frame["topic"]])
    return frame
