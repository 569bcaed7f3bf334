"""Disclosure rules that an area's parameter file sets for counts that no publisher has protected.

Published statistics are protected at source and are not touched. A product named under ``protect:``
gets its rule in every table, and must not be worked out from the figures of overlapping areas.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from cip.catalogue.indicators import load_indicators
from cip.disclosure import compare_with_previous, find_differencing, load_rule, protect_indicators
from cip.errors import Problem
from cip.products import find_small_area_level, name_product

if TYPE_CHECKING:
    from cip.store import Store


def protect_figures(table: pd.DataFrame, protect: Mapping[str, str]) -> pd.DataFrame:
    """Apply the rule of each protected product to its rows of the indicator table.

    Parameters
    ----------
    table
        One row per indicator x area x period x group.
    protect
        Name of the rule (``nhs``, ``under_5`` or ``none``) by product.

    Returns
    -------
    DataFrame
        The same rows; those that are withheld, or that would give a withheld one away, have no
        figure and say why.
    """
    statistics = {name: entry.statistic for name, entry in load_indicators().items()}
    for product, rule in protect.items():
        rows = table["source_id"] == product
        if rows.any():
            chosen = table[rows]
            held = {name: statistics[name] for name in set(chosen["indicator_id"])}
            safe = protect_indicators(chosen, load_rule(rule), statistics=held)
            table = pd.concat([table[~rows], safe]).sort_index()
    return table


def find_unsafe_overlaps(
    store: Store,
    protect: Mapping[str, str],
    own: pd.DataFrame,
    others: Mapping[str, pd.DataFrame],
    previous: pd.DataFrame | None,
) -> list[Problem]:
    """Return what a reader could work out from overlapping areas, without telling any count.

    Parameters
    ----------
    protect
        Name of the rule by product.
    own
        Membership of the area: one row per small area, all levels.
    others
        Membership of each other area that has been published beside it, by its id.
    previous
        Membership of the area when it was last published, or None.

    Returns
    -------
    list of Problem
        One per unsafe figure.
    """
    found: list[Problem] = []
    for product, name in protect.items():
        rule = load_rule(name)
        if rule.is_open or not store.has(product):
            continue
        level = find_small_area_level(product, store=store)
        beside = [own, *others.values()]
        members = pd.concat([m[m["level"] == level] for m in beside], ignore_index=True)
        # One ward may stand beside several areas.
        members = members.drop_duplicates(["area_code", "small_area_code"])
        for period, counts in _list_counts(store, product):
            rows = find_differencing(members, counts, rule)
            if previous is not None:
                own_rows, old_rows = (m[m["level"] == level] for m in (own, previous))
                more = compare_with_previous(old_rows, own_rows, counts, rule)
                rows = pd.concat([rows, more], ignore_index=True) if len(more) else rows
            found += [
                Problem(
                    f"Figures of {name_product(product)} for {period} would give a small number "
                    f"away. {sentence}",
                    expected="areas that overlap in larger parts, or the product under leave_out: in one",
                )
                for sentence in rows["sentence"].unique()
            ]
    return found


def _list_counts(store: Store, product: str) -> list[tuple[str, pd.DataFrame]]:
    """Return the counts of each period: one row per small area, one column per category."""
    table = store.read(product)
    if "period" not in table:
        table = table.assign(period=store.entry(product).period)
    counts = table.drop(columns=["area_name", "level", "months"], errors="ignore")
    return [
        (str(period), rows.drop(columns="period").astype({"area_code": str}))
        for period, rows in counts.groupby("period", sort=False)
    ]
