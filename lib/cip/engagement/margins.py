"""How many people of each group live in the area: what those who were heard are compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cip.aggregate import aggregate_counts
from cip.catalogue.people_groups import (
    EACH_PLACE,
    Characteristic,
    GroupMargin,
    load_people_groups,
)
from cip.periods import order_period
from cip.products import find_small_area_level, name_product

if TYPE_CHECKING:
    from cip.store import Store

COLUMNS = [
    "characteristic",
    "group",
    "group_label",
    "population",
    "source_id",
    "period",
    "base_label",
    "missing_reason",
]
NO_COUNT = "No count of these people is published for small areas."


def build_margins(
    store: Store,
    membership: pd.DataFrame,
    areas: pd.DataFrame,
    *,
    parts: Mapping[str, Sequence[str]] | None = None,
    names: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return how many people of each group of the catalogue live in the profile area.

    Parameters
    ----------
    store
        Where the counts are.
    membership
        One row per area x small area: ``area_code, small_area_code, level, share``.
    areas
        One row per area shown together; one has the role ``profile``.
    parts
        Parts of the area that a survey names, each with its LSOAs of 2021; by default every LSOA
        is a part.
    names
        Name of each LSOA, for readers.

    Returns
    -------
    DataFrame
        One row per characteristic and group, in the order of the catalogue: ``COLUMNS``. The
        population counts people, of tenure households; it is missing, with the reason, where no
        product counts the group in every small area of the area. All groups of a characteristic
        come from one product and one period, the latest.

    Raises
    ------
    ValueError
        When not exactly one area has the role ``profile``, or a part names an LSOA twice or one
        that is not of the area.
    """
    profile = areas.loc[areas["area_role"] == "profile", "area_code"].tolist()
    if len(profile) != 1:
        raise ValueError("Exactly one area must have the role 'profile'.")
    members = membership[membership["area_code"] == profile[0]]
    rows: list[dict[str, object]] = []
    for entry in load_people_groups().values():
        places = _place_parts(members, parts) if entry.is_place else {}
        rows += _choose_margin(store, entry, members, places, names or {})
    return pd.DataFrame(rows, columns=COLUMNS).astype({"population": "float64"})


def list_population(margins: pd.DataFrame) -> pd.DataFrame:
    """Return margins as ``cip.statistics`` takes them: characteristics counted in every group.

    A group that no product counts, such as those who describe their sex in another way, is left
    out; a characteristic without any count is left out as a whole.
    """
    known = margins.dropna(subset="population")
    return known.rename(columns={"group": "category"})[["characteristic", "category", "population"]]


def _place_parts(
    members: pd.DataFrame, parts: Mapping[str, Sequence[str]] | None
) -> dict[str, tuple[str, ...]]:
    """Return the LSOAs of each part, by the part's id."""
    own = members.loc[members["level"] == "lsoa21", "small_area_code"].tolist()
    if parts is None:
        return {code: (code,) for code in sorted(own)}
    named = [code for codes in parts.values() for code in codes]
    if len(set(named)) != len(named):
        raise ValueError("An LSOA stands in two parts of the area.")
    if strange := sorted(set(named) - set(own)):
        raise ValueError(f"Not an LSOA of the area: {', '.join(strange)}.")
    return {name: tuple(codes) for name, codes in parts.items()}


def _choose_margin(
    store: Store,
    entry: Characteristic,
    members: pd.DataFrame,
    places: Mapping[str, tuple[str, ...]],
    names: Mapping[str, str],
) -> list[dict[str, object]]:
    """Return the rows of one characteristic from the first product that counts it whole."""
    labels = {name: names.get(name, name) for name in places} if entry.is_place else entry.labels
    reasons: list[str] = []
    for margin in entry.margins:
        found, period, reason = _read_margin(store, margin, members, places)
        if not reason:
            return [
                _make_row(entry, name, label, found.get(name), margin, period)
                for name, label in labels.items()
            ]
        reasons.append(reason)
    because = " ".join(dict.fromkeys(reasons)) or NO_COUNT
    return [_make_row(entry, name, label, reason=because) for name, label in labels.items()]


def _make_row(
    entry: Characteristic,
    group: str,
    label: str,
    population: float | None = None,
    margin: GroupMargin | None = None,
    period: str = "",
    reason: str = NO_COUNT,
) -> dict[str, object]:
    return {
        "characteristic": entry.id,
        "group": group,
        "group_label": label,
        "population": np.nan if population is None else population,
        "source_id": margin.product if margin and population is not None else "",
        "period": period if population is not None else "",
        "base_label": margin.base if margin and population is not None else "",
        "missing_reason": reason if population is None else "",
    }


def _read_margin(
    store: Store,
    margin: GroupMargin,
    members: pd.DataFrame,
    places: Mapping[str, tuple[str, ...]],
) -> tuple[dict[str, float], str, str]:
    """Return people by group, the period, and why there are none; empty where there are."""
    if not store.has(margin.product):
        return {}, "", f"The store does not hold {name_product(margin.product)}."
    level = find_small_area_level(margin.product, store=store)
    own = members[members["level"] == level]
    if own.empty:
        return {}, "", f"The area is not known in the small areas of {margin.product}."
    absent = set(margin.columns) - set(store.columns(margin.product))
    if absent:
        words = f"{name_product(margin.product)} has no column {sorted(absent)[0]}"
        more = f" and {len(absent) - 1} more like it" if len(absent) > 1 else ""
        return {}, "", f"{words}{more}."
    counts, period = _read_latest(store, margin)
    if places:
        own = _split_by_part(own, places)
    sums = aggregate_counts(counts, own)
    missing = sums["missing_reason"].ne("") | sums[list(margin.columns)].isna().any(axis=1)
    if missing.any():
        told = sums["missing_reason"][missing].iloc[0]
        return {}, "", told or f"A count of {margin.product} is missing for a small area."
    return _add_up(sums, margin, places), period, ""


def _read_latest(store: Store, margin: GroupMargin) -> tuple[pd.DataFrame, str]:
    """Return the counts of the latest period, and that period."""
    has_period = "period" in store.columns(margin.product)
    wanted = ["area_code", *(["period"] if has_period else []), *margin.columns]
    counts = store.read(margin.product, wanted)
    if not has_period:
        return counts, store.entry(margin.product).period
    period = max(counts["period"].unique(), key=order_period)
    return counts[counts["period"] == period].drop(columns="period"), str(period)


def _split_by_part(own: pd.DataFrame, places: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    part_of = {code: name for name, codes in places.items() for code in codes}
    return own.assign(area_code=own["small_area_code"].map(part_of)).dropna(subset="area_code")


def _add_up(
    sums: pd.DataFrame, margin: GroupMargin, places: Mapping[str, tuple[str, ...]]
) -> dict[str, float]:
    if places:
        return sums[list(margin.categories[EACH_PLACE])].sum(axis=1).to_dict()
    return {
        group: float(sums[list(columns)].iloc[0].sum())
        for group, columns in margin.categories.items()
    }
