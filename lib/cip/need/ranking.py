"""Stage 01: the composite, the shortlist with its tiers, and how firm both are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cip.catalogue.need import NeedSettings, SupportTier, load_need
from cip.need.candidates import Candidates
from cip.need.measures import Measured
from cip.need.signs import describe_signs
from cip.statistics.composite import (
    assign_tiers,
    combine_scores,
    rank_scores,
    score_by_rank,
    simulate_ranks,
    vary_weights,
)

#: Length of the shortlist where the parameter file names none, and its largest part of the areas.
DEFAULT_NUMBER, DEFAULT_SHARE = 20, 0.25

SCENARIO_COLUMNS = ["measure_id", "label", "change", "weight_used", "kept", "left", "joined"]


@dataclass(frozen=True)
class Ranking:
    """Areas in order of need.

    Parameters
    ----------
    table
        One row per area, most disadvantaged first (schema ``need_shortlist``).
    scenarios
        One row per way to move the weights (schema ``need_sensitivity``).
    number
        Length of the shortlist; areas that share its last rank all belong to it.
    tiers
        The grades of support.
    """

    table: pd.DataFrame
    scenarios: pd.DataFrame
    number: int
    tiers: Sequence[SupportTier]

    @property
    def shortlist(self) -> pd.DataFrame:
        """The rows of the shortlist."""
        return self.table[self.table["is_shortlisted"]]


def rank_candidates(
    candidates: Candidates, measured: Measured, signs: pd.DataFrame, settings: NeedSettings
) -> Ranking:
    """Return the areas in order of the composite, with shortlist, tiers, spread and signs.

    Each measure is turned into places among the areas (`score_by_rank`), and the places are
    averaged by weight. An area that lacks a measure with a weight has no place, and keeps its row
    with the reason.
    """
    table = candidates.table.copy()
    number = choose_number(len(table), settings)
    tiers = settings.tiers or load_need().tiers
    used = measured.measures[measured.measures["weight_used"] > 0]
    scores, weights = _score(table["area_code"], measured, used)
    table["score"] = combine_scores(scores, weights) if len(used) else np.nan
    table["rank"] = rank_scores(table["score"])
    spread = simulate_ranks(scores, weights, number=number) if len(used) else (np.nan,) * 3
    table["rank_lower_95"], table["rank_upper_95"], table["share_of_draws"] = spread
    table["is_shortlisted"] = table["rank"] <= number
    place = assign_tiers(table["rank"], number=number, up_to=[tier.up_to for tier in tiers])
    table["tier"] = ["" if np.isnan(p) else tiers[int(p) - 1].name for p in place]
    table["signs"] = table["area_code"].map(describe_signs(signs)).fillna("")
    table["young_share"] = table["area_code"].map(signs["young_share"]).astype(float)
    table["missing_reason"] = _explain_unranked(table, scores, used)
    scenarios = _try_weights(table, scores, weights, used, number)
    ordered = table.sort_values(["rank", "area_code"], na_position="last", ignore_index=True)
    return Ranking(ordered.assign(level=candidates.level), scenarios, number, tiers)


def choose_number(areas: int, settings: NeedSettings) -> int:
    """Return the length of the shortlist: as asked for, else 20 or a quarter of the areas."""
    if settings.shortlist_number is not None:
        return min(settings.shortlist_number, areas)
    if settings.shortlist_percent is not None:
        return max(1, math.ceil(areas * settings.shortlist_percent / 100 - 1e-9))
    return max(1, min(DEFAULT_NUMBER, math.ceil(areas * DEFAULT_SHARE)))


def _score(
    codes: pd.Series, measured: Measured, used: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray]:
    """Return places by area and weighted measure, and the weights."""
    if used.empty:
        return np.empty((len(codes), 0)), np.empty(0)
    wide = measured.values.pivot(index="area_code", columns="measure_id", values="value")
    wide = wide.reindex(index=codes, columns=used["measure_id"])
    is_high = used["direction"].to_numpy() == "high"
    scores = score_by_rank(wide.to_numpy(dtype=float), is_high_need=is_high)
    return scores, used["weight_used"].to_numpy(dtype=float)


def _explain_unranked(table: pd.DataFrame, scores: np.ndarray, used: pd.DataFrame) -> list[str]:
    labels = used["label"].to_numpy()
    reasons = []
    for rank, row in zip(table["rank"], scores, strict=True):
        lacking = ", ".join(labels[np.isnan(row)])
        reasons.append(f"Not ranked: no figure for {lacking}." if np.isnan(rank) else "")
    return reasons


def _try_weights(
    table: pd.DataFrame, scores: np.ndarray, weights: np.ndarray, used: pd.DataFrame, number: int
) -> pd.DataFrame:
    """Return how the shortlist changes with each move of the weights."""
    if used.empty:
        return pd.DataFrame(columns=SCENARIO_COLUMNS)
    names, now = table["area_name"].to_numpy(dtype=object), table["is_shortlisted"].to_numpy()
    rows = []
    for measure, change, moved in vary_weights(weights):
        own = used.iloc[measure] if measure is not None else None
        then = rank_scores(combine_scores(scores, moved)) <= number
        rows.append(
            (
                "" if own is None else own["measure_id"],
                "All measures" if own is None else own["label"],
                change,
                100 * moved[0 if measure is None else measure],
                int((now & then).sum()),
                ", ".join(sorted(names[now & ~then])),
                ", ".join(sorted(names[then & ~now])),
            )
        )
    return pd.DataFrame(rows, columns=SCENARIO_COLUMNS)
