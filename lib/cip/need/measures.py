"""Stage 01: every measure of need for every area that is ranked, in one pass over the store."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cip.catalogue.indicators import Indicator, load_indicators
from cip.catalogue.need import Direction
from cip.changes import take_latest
from cip.indicators import build_indicators, missing_sources
from cip.need.candidates import Candidates
from cip.need.choice import Measure
from cip.need.native import find_irregular, measure_extent
from cip.products import find_small_area_level
from cip.statistics import assign_quantiles
from cip.statistics.composite import rank_scores

if TYPE_CHECKING:
    from cip.register import Register
    from cip.store import Store

#: A measure that fewer of the areas have is not used: what is left would be another ranking.
MIN_COVERAGE = 0.8
_GUARDED = "Its counts need protection, so they are not shown for single areas."
#: Measure that is added for wards: score and extent are the publisher's summaries of larger areas.
EXTENT = "imd_extent"

_IRREGULAR = (
    "This LSOA was redrawn irregularly in 2021, so figures on LSOAs of 2011 cannot be carried over."
)


@dataclass(frozen=True)
class Measured:
    """The measures of all areas.

    Parameters
    ----------
    measures
        One row per measure, used or not: ``measure_id, label, direction, weight, weight_used,
        indicator_id, unit, decimals, geography, source_id, reason, remark, missing_reason``.
        Weights are percentages; ``weight_used`` is shared out among the measures with figures.
    values
        One row per area x measure with figures (schema ``need``).
    """

    measures: pd.DataFrame
    values: pd.DataFrame


def measure_candidates(
    store: Store,
    candidates: Candidates,
    measures: list[Measure],
    register: Register,
    native: pd.DataFrame,
    guarded: Collection[str] = (),
) -> Measured:
    """Return every measure for every area, with its ranks.

    Parameters
    ----------
    guarded
        Products whose counts need protection: no ranking shows them for single small areas.
    native
        National ranks of the county's LSOAs, from `cip.need.native.rank_lsoas`.

    Notes
    -----
    All areas are computed at once by `cip.indicators.build_indicators`: counts are added up over
    small areas, scores are weighted by people, percentages are never averaged. A figure on LSOAs
    of 2011 reaches an LSOA of 2021 in the same way: unchanged and split LSOAs keep the score, a
    merged one gets the mean weighted by people, an irregular one none.
    """
    members, irregular = _drop_irregular(candidates, register)
    table, reasons = _build_table(store, candidates, members, measures, guarded)
    rows, pieces = [], []
    for measure in measures:
        entry, values, skipped = _pick_indicator(measure, table, reasons)
        rows.append(_describe_measure(measure, entry, skipped, candidates.level))
        if entry is not None:
            pieces.append(_rank(measure, entry, values, candidates, irregular))
    if candidates.level == "ward":
        for row, values in measure_extent(store, candidates, rows, EXTENT):
            rows.append(row)
            pieces.append(_rank_values(values, "high", EXTENT, row["label"]))
    described = _share_weights(pd.DataFrame(rows))
    columns = ["direction", "weight_used", "geography", "source_id", "unit"]
    if not pieces:
        return Measured(described, pd.DataFrame())
    values = pd.concat(pieces, ignore_index=True)
    values = values.merge(described[["measure_id", *columns]], on="measure_id", validate="m:1")
    return Measured(described, _add_national(values, described, candidates, native, register))


def _drop_irregular(
    candidates: Candidates, register: Register
) -> tuple[pd.DataFrame, frozenset[str]]:
    """Leave out what an irregularly redrawn LSOA of 2021 would take over from 2011."""
    members = candidates.membership
    if candidates.level == "ward":
        return members, frozenset()
    irregular = find_irregular(register)
    is_old = (members["level"] == "lsoa11") & members["area_code"].isin(irregular)
    return members[~is_old], irregular


def _build_table(
    store: Store,
    candidates: Candidates,
    members: pd.DataFrame,
    measures: list[Measure],
    guarded: Collection[str],
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the indicator rows of all areas, and why indicators have none."""
    catalogue = load_indicators()
    wanted = dict.fromkeys(name for measure in measures for name in measure.indicators)
    known = {name: catalogue[name] for name in wanted if name in catalogue}
    entries = {name: entry for name, entry in known.items() if entry.source not in guarded}
    # The county or district stands first: what it has no figures for, none of its areas has.
    whole = pd.DataFrame(
        [(candidates.within_code, candidates.within_name, "profile")],
        columns=["area_code", "area_name", "area_role"],
    )
    areas = candidates.table[["area_code", "area_name"]].assign(area_role="candidate")
    areas = pd.concat([whole, areas], ignore_index=True)
    table = take_latest(build_indicators(store, areas, members, entries))
    table = table[table["area_role"] == "candidate"].set_index("indicator_id")
    reasons = dict.fromkeys(known, _GUARDED) | dict.fromkeys(entries, "")
    if absent := {name: entry for name, entry in entries.items() if name not in table.index}:
        found = missing_sources(store, areas, members, absent)
        reasons |= dict(zip(found["indicator_id"], found["reason"], strict=True))
    return table, reasons


def _pick_indicator(
    measure: Measure, table: pd.DataFrame, reasons: dict[str, str]
) -> tuple[Indicator | None, pd.DataFrame, list[str]]:
    """Return the first indicator that enough areas have, its rows, and why others were passed by."""
    skipped = []
    for name in measure.indicators:
        if name not in reasons:
            skipped.append(
                f"The catalogue of indicators has no '{name}' yet. It would need: {measure.awaits}."
            )
        elif name not in table.index:
            skipped.append(reasons[name])
        else:
            rows = table.loc[[name]]
            coverage = rows["value"].notna().mean()
            if coverage >= MIN_COVERAGE:
                return load_indicators()[name], rows, skipped
            skipped.append(f"Only {coverage:.0%} of the areas have a figure for '{name}'.")
    return None, pd.DataFrame(), skipped


def _describe_measure(
    measure: Measure, entry: Indicator | None, skipped: list[str], level: str
) -> dict[str, object]:
    reasons = " ".join(dict.fromkeys(skipped))
    geography = ""
    if entry is not None:
        vintage = find_small_area_level(entry.source)[-2:]
        geography = f"LSOA 20{vintage}"
        if level == "ward":
            geography += ", fitted to wards"
        elif vintage == "11":
            geography += ", carried over to LSOA 2021"
    return {
        "measure_id": measure.id,
        "label": measure.label,
        "direction": measure.direction,
        "weight": measure.weight,
        "indicator_id": entry.id if entry else "",
        "unit": entry.unit if entry else "",
        "decimals": entry.decimals if entry else 0,
        "geography": geography,
        "source_id": entry.source if entry else "",
        "reason": measure.reason,
        "remark": reasons if entry else "",
        "missing_reason": "" if entry else reasons,
    }


def _share_weights(measures: pd.DataFrame) -> pd.DataFrame:
    """Turn weights into percentages, of all measures and of those with figures."""
    weight = measures["weight"].astype(float)
    held = weight.where(measures["missing_reason"] == "", 0.0)
    used = 100 * held / held.sum() if held.sum() > 0 else held * 0.0
    place = measures.columns.get_loc("weight") + 1
    shared = measures.assign(weight=100 * weight / weight.sum())
    shared.insert(place, "weight_used", used)
    return shared


def _rank(
    measure: Measure,
    entry: Indicator,
    rows: pd.DataFrame,
    candidates: Candidates,
    irregular: Iterable[str],
) -> pd.DataFrame:
    values = rows.set_index("area_code").reindex(candidates.table["area_code"])
    lost = values["value"].isna() & values.index.isin(irregular)
    if find_small_area_level(entry.source) == "lsoa11":
        values.loc[lost, "missing_reason"] = _IRREGULAR
    # The reason why an interval was not compared is no reason for a figure that is there.
    values.loc[values["value"].notna(), "missing_reason"] = ""
    return _rank_values(values, measure.direction, measure.id, measure.label)


def _rank_values(
    values: pd.DataFrame, direction: Direction, measure_id: str, label: str
) -> pd.DataFrame:
    """Return one row per area of one measure, with local rank and fifth (1 is the most need)."""
    numbers = values["value"].to_numpy(dtype=float)
    is_high = direction == "high"
    columns = ["value", "numerator", "denominator", "missing_reason"]
    ranked = values[columns].rename_axis("area_code").reset_index()
    ranked.insert(1, "measure_id", measure_id)
    ranked.insert(2, "label", label)
    ranked["local_rank"] = rank_scores(numbers if is_high else -numbers)
    ranked["areas_ranked"] = int(np.sum(~np.isnan(numbers)))
    ranked["quintile"] = _assign_fifths(numbers, is_high=is_high)
    return ranked


def _assign_fifths(numbers: np.ndarray, *, is_high: bool) -> np.ndarray:
    """Return the fifth of each area, by the public-health rule where that can tell areas apart.

    The rule gives all areas of one value the place of the best of them. Where more than a fifth of
    the areas share a value, such as an extent of zero, that would call an average area one of the
    most disadvantaged; so they get no fifth.
    """
    fifths = assign_quantiles(numbers, groups=5, is_inverted=is_high)
    values, places, counts = np.unique(numbers, return_inverse=True, return_counts=True)
    is_common = (counts > len(numbers) / 5) & ~np.isnan(values)
    return np.where(is_common[places], np.nan, fifths)


def _add_national(
    values: pd.DataFrame,
    measures: pd.DataFrame,
    candidates: Candidates,
    native: pd.DataFrame,
    register: Register,
) -> pd.DataFrame:
    """Add the publisher's national ranks, where an area is an LSOA that the publisher ranked."""
    columns = ["national_rank", "national_decile", "national_areas"]
    if candidates.level == "ward" or native.empty:
        return values.assign(**dict.fromkeys(columns, np.nan))
    names = measures.set_index("measure_id")["indicator_id"]
    entries = {key: load_indicators()[name] for key, name in names.items() if name}
    index = pd.DataFrame(
        [
            (key, int(e.source.removeprefix("iod")), e.measure.removesuffix("_score"))
            for key, e in entries.items()
            if e.measure.endswith("_score")
        ],
        columns=["measure_id", "edition", "index_name"],
    )
    unchanged = set(register.changes.loc[register.changes["change"] == "U", "lsoa21_code"])
    # Ranks of 2011's LSOAs hold for those of 2021 only where nothing was redrawn.
    is_same = (native["level"] == "lsoa21") | native["area_code"].isin(unchanged)
    ranks = native.loc[is_same, ["edition", "index_name", "area_code", *columns]]
    ranks = ranks.astype({"edition": int}).merge(
        index.astype({"edition": int}), on=["edition", "index_name"], validate="m:m"
    )
    ranks = ranks.drop(columns=["edition", "index_name"])
    return values.merge(ranks, on=["area_code", "measure_id"], how="left", validate="1:1")
