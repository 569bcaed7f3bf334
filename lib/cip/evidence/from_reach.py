"""Entries of reach: how many residents can walk to an asset of each type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from cip.assets.reach import BY_LINE, BY_NETWORK
from cip.assets.source_names import OWN_SOURCES
from cip.catalogue.asset_types import load_asset_types
from cip.catalogue.evidence import load_evidence_rules
from cip.display.text import format_value
from cip.evidence.entry import CHALLENGE, NEITHER, STRENGTH, Direction, Entry
from cip.evidence.from_assets import STAGE, cite_sources
from cip.evidence.words import make_evidence_id, write_number, write_sentence

#: Whom reach counts, and along which ways: products of the store.
_PEOPLE, _WAYS = "ts007a", "osm_walk_edges"
_METHODS = {
    BY_NETWORK: "along streets and paths",
    BY_LINE: "by straight lines times 1.3 from the centre of each small area",
}
_MIXED = "partly along streets and paths, partly by straight lines times 1.3"
_UNKNOWN = "no source at hand lists such assets, so nobody knows who reaches them"
_MAY_LACK = "; the list may lack some"
_NONE_LISTED = (
    "the register lists none here or just outside, and none in the list does not mean none in "
    "the place"
)
_NOBODY_COUNTED = "there is no count of residents with a place"


def from_reach(
    reach: pd.DataFrame,
    places: pd.DataFrame,
    *,
    gap_m: float,
    area_name: str,
    sources: Mapping[str, Sequence[str]],
) -> list[Entry]:
    """Return an entry for each type of asset that reach was measured to.

    The figure is the share of residents within the gap distance, by which `evidence.toml` tells
    strengths from challenges.

    Parameters
    ----------
    reach, places
        The tables ``reach`` and ``reach_places``.
    gap_m
        Beyond this walking distance people count as not reached.
    sources
        The sources that list assets of each type.
    """
    counted = places.groupby("asset_type", sort=False)[["population", "population_beyond"]]
    sums = counted.agg(lambda column: column.sum(skipna=False))
    first = reach.drop_duplicates("asset_type")
    is_counted = bool((first["population"] > 0).any())
    looked = set(OWN_SOURCES) & {name for names in sources.values() for name in names}
    complete = {*load_evidence_rules().reach.registers, *OWN_SOURCES}
    entries = []
    for row in first.to_dict("records"):
        listing = sources.get(row["asset_type"], ())
        is_complete = bool(looked or complete & set(listing))
        entries.append(
            _make_entry(row, sums, gap_m, area_name, listing, is_counted, is_complete=is_complete)
        )
    return entries


def _make_entry(
    row: Mapping[str, Any],
    sums: pd.DataFrame,
    gap_m: float,
    area_name: str,
    sources: Sequence[str],
    is_counted: bool,
    *,
    is_complete: bool,
) -> Entry:
    entry = load_asset_types()[row["asset_type"]]
    people = float(sums.at[entry.id, "population"]) if entry.id in sums.index else float("nan")
    beyond = float(sums.at[entry.id, "population_beyond"]) if people > 0 else float("nan")
    share = 100 * (people - beyond) / people if people > 0 else float("nan")
    # A list that holds none, here and around, cannot tell a gap in the place from one in itself.
    is_listed = int(row["assets"]) > 0
    is_known = is_listed and not pd.isna(share)
    what = f"Residents within {write_number(gap_m)} m on foot of {entry.plural}"
    reason = "" if is_known else _find_reason(people, share, is_listed)
    ways = [_WAYS] if row["method"] not in (BY_LINE, None) and not pd.isna(row["method"]) else []
    return Entry(
        evidence_id=make_evidence_id("reach", entry.id),
        label=what,
        statement=write_sentence(
            _write_statement(row, people, beyond, gap_m, area_name, is_complete=is_complete)
            if is_known
            else f"{what}: no figure, because {reason}"
        ),
        value=share if is_known else None,
        base=people if is_known else None,
        unit="%",
        topics=entry.function,
        direction=judge_reach(share, entry.id, is_complete=is_complete) if is_known else NEITHER,
        is_citable=is_known,
        reason=reason,
        source_ids=(*sources, _PEOPLE, *ways),
        source=cite_sources([*sources, _PEOPLE, *ways]),
        stage=STAGE,
        anchor="tab-reach-shares" if is_counted else "note-who-can-reach-what",
    )


def _write_statement(
    row: Mapping[str, Any],
    people: float,
    beyond: float,
    gap_m: float,
    area_name: str,
    *,
    is_complete: bool,
) -> str:
    entry = load_asset_types()[row["asset_type"]]
    share = format_value(100 * (people - beyond) / people, "%", 0)
    counts = f"{write_number(people - beyond)} of {write_number(people)}"
    words = (
        f"{share} of residents of {area_name} ({counts}) live within {write_number(gap_m)} m "
        "on foot of the nearest"
    )
    number = int(row["assets"])
    how = _METHODS.get(str(row["method"]), _MIXED)
    return (
        f"{words} {entry.label} ({write_number(number)} listed here or just outside; "
        f"measured {how}{'' if is_complete else _MAY_LACK})"
    )


def _find_reason(people: float, share: float, is_listed: bool) -> str:
    if not people > 0:
        return _NOBODY_COUNTED
    return _UNKNOWN if is_listed or pd.isna(share) else _NONE_LISTED


def judge_reach(share: float, asset_type: str = "", *, is_complete: bool = True) -> Direction:
    """Return whether a share of residents within reach, as a percentage, is a strength.

    Of some types nearness alone is no strength, by `evidence.toml`; that they are far is a
    challenge all the same, unless the list is not known to be complete.
    """
    rule = load_evidence_rules().reach
    if share >= rule.strength_from_percent:
        return NEITHER if asset_type in rule.never_strength else STRENGTH
    return CHALLENGE if is_complete and share < rule.challenge_below_percent else NEITHER
