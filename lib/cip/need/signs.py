"""Stage 01: signs that an area's people are few or unusual, from its age structure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cip.aggregate import aggregate_counts
from cip.catalogue.need import NeedSettings, load_need
from cip.need.candidates import Candidates

if TYPE_CHECKING:
    from cip.store import Store

YOUNG = ("age_15_19", "age_20_24")
_MEN = tuple(f"male_age_{band}" for band in ("20_24", "25_29", "30_34", "35_39"))
_WOMEN = tuple(name.replace("male", "female", 1) for name in _MEN)

COLUMNS = ("young_share", "men_per_woman", "is_small", "is_student_like", "is_mostly_men")


def find_signs(store: Store, candidates: Candidates, settings: NeedSettings) -> pd.DataFrame:
    """Return the signs of a small or unusual population for each area.

    Returns
    -------
    DataFrame
        One row per area, indexed by ``area_code``: ``young_share`` (percentage of residents aged
        15 to 24, TS007A), ``men_per_woman`` (aged 20 to 39, TS009), and a nullable flag for each
        sign: ``is_small``, ``is_student_like``, ``is_mostly_men``. A sign is missing where the
        store has no counts for it.
    """
    limits = load_need().signs
    codes = pd.Index(candidates.table["area_code"], name="area_code")
    population = candidates.table.set_index("area_code")["population"]
    young = 100 * _divide(store, "ts007a", YOUNG, ("total",), candidates)
    men = _divide(store, "ts009", _MEN, _WOMEN, candidates)
    usual = young.get(candidates.within_code, np.nan)
    signs = pd.DataFrame(
        {"young_share": young.reindex(codes), "men_per_woman": men.reindex(codes)}, index=codes
    )
    signs["is_small"] = (population.reindex(codes) < find_minimum(settings)).astype("boolean")
    signs["is_student_like"] = _exceeds(signs["young_share"], limits.young_adult_ratio * usual)
    signs["is_mostly_men"] = _exceeds(signs["men_per_woman"], limits.men_per_woman)
    return signs[list(COLUMNS)]


def find_minimum(settings: NeedSettings) -> int:
    """Return the number of residents below which an area is pointed out as small."""
    return settings.small_population or load_need().signs.small_population


def describe_signs(signs: pd.DataFrame) -> pd.Series:
    """Return the signs of each area in words, empty where there is none."""
    words = {
        "is_small": "few residents",
        "is_student_like": "many aged 15 to 24",
        "is_mostly_men": "far more men than women aged 20 to 39",
    }
    held = {word: signs[name].fillna(False).astype(bool) for name, word in words.items()}
    texts = ["; ".join(word for word, flags in held.items() if flags[code]) for code in signs.index]
    return pd.Series(texts, index=signs.index, dtype=object)


def _divide(
    store: Store,
    product: str,
    top: tuple[str, ...],
    bottom: tuple[str, ...],
    candidates: Candidates,
) -> pd.Series:
    """Return the ratio of two sums of counts for each area and the county; empty if not known."""
    members = candidates.membership
    members = members[members["level"] == "lsoa21"]
    if not store.has(product):
        return pd.Series(dtype=float)
    table = store.read(product)
    counts = table[table["area_code"].isin(members["small_area_code"])]
    if not {*top, *bottom} <= set(counts.columns) or counts.empty:
        return pd.Series(dtype=float)
    sums = aggregate_counts(counts[["area_code", *top, *bottom]], members)
    base = sums[list(bottom)].sum(axis=1, skipna=False)
    return sums[list(top)].sum(axis=1, skipna=False) / base.where(base > 0)


def _exceeds(values: pd.Series, limit: float) -> pd.Series:
    flags = (values >= limit).astype("boolean")
    return flags.mask(values.isna() | np.isnan(limit))
