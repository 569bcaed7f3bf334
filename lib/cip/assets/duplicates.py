"""Pairs of records that may be one thing, by the rules in their order, each with its reason.

Shared id; then postcode, type and name; then a similar name within 100 m; the rest to a person.
What two sources tell of one thing is joined only where little speaks against it: two records of one
source are two things unless a person says otherwise, for a publisher knows its own list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cip.assets.alike import CHAIN_TYPES, LIKE_NOUNS, Bond, find_bond
from cip.assets.candidates import CLOSE_M, NEAR_M, SITE_M, Points, arrange_points, list_candidates
from cip.assets.name_words import fold_words
from cip.assets.names import Comparison, Name, compare_names
from cip.assets.rivals import (
    FURTHER,
    NEARBY,
    NO_NAME,
    NO_PLACE,
    POSTCODE,
    SHARED_ID,
    JudgedPair,
    Verdict,
    rank_pair,
    settle_rivals,
)
from cip.catalogue.register_ids import load_register_ids

#: Names that score less are not similar (the issue's own figure).
LEAST_SCORE = 80.0
#: Names that score less are alike enough to ask, where the types differ or the place is unsure.
_SURE_SCORE = 90.0
#: Names that score as much are the same but for their dress.
_EQUAL_SCORE = 95.0
#: Two shops of one chain may stand in one street: beyond this a name that all share says little.
_CHAIN_M = 50.0
#: Two stops of one name as close as this are on one side of the road.
_ONE_STOP_M = 5.0


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of two records beside their names."""

    bond: Bond | None
    is_one_kind: bool
    has_one_type: bool
    shares_source: bool
    shares_postcode: bool
    has_both_postcodes: bool
    distance_m: float
    has_both_points: bool
    differs_in_status: bool
    differs_in_id: bool

    @property
    def is_near(self) -> bool:
        return self.distance_m <= NEAR_M


def find_pairs(records: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of records that are one thing, or may be.

    Parameters
    ----------
    records
        One row per record (`cip.assets.record`). Where a column ``sources`` says that a row is
        made of several records, all of them count as its sources.

    Returns
    -------
    DataFrame
        One row per pair: ``asset_id_a`` and ``asset_id_b`` (in alphabetical order), ``reason``
        (one of `cip.assets.rivals.REASONS`), ``score`` of the names (0 to 100; missing where one has none),
        ``distance_m`` (missing where one has no point) and ``verdict``: ``same`` or ``ask``.
        The order of the rows of ``records`` changes nothing.

    Notes
    -----
    Steps and figures after section "De-duplication" of the project's methods: shared id; postcode,
    type and name; a name score of 80 within 100 m; a person. Time grows with the number of
    records and of neighbours that are alike in name, not with the square of the records.
    """
    return judge_pairs(arrange_points(records))


def judge_pairs(points: Points) -> pd.DataFrame:
    """Return what `find_pairs` does of records that are arranged already."""
    pairs = list_candidates(points)
    distances = points.measure(pairs[:, 0], pairs[:, 1])
    judged = (
        _judge(points, int(i), int(j), float(metres))
        for (i, j), metres in zip(pairs, distances, strict=True)
    )
    found = settle_rivals([pair for pair in judged if pair is not None], points.source)
    return _make_table(points, found)


def _judge(points: Points, i: int, j: int, metres: float) -> JudgedPair | None:
    facts = _gather_facts(points, i, j, metres)
    names = points.names[i], points.names[j]
    likeness = _compare(points, i, j, names)
    score = np.nan if likeness is None else likeness.score
    if points.ids[i] & points.ids[j]:
        is_sure = facts.bond is not None and not facts.shares_source
        return JudgedPair(i, j, SHARED_ID, score, metres, "same" if is_sure else "ask")
    if facts.differs_in_status and facts.shares_source:
        return None  # The register itself says that one has ended.
    if likeness is None or any(name is None or name.is_bare for name in names):
        found = _judge_bare(facts, likeness)
    elif likeness.is_contrary:
        return None
    else:
        found = _judge_named(facts, likeness, str(points.types[i]))
    if found is None:
        return None
    is_nearest_only = found[0] == NO_NAME or points.types[i] == points.types[j] == "bus_stop"
    return JudgedPair(i, j, found[0], score, metres, found[1], is_nearest_only)


def _gather_facts(points: Points, i: int, j: int, metres: float) -> _Facts:
    codes = points.postcode[i], points.postcode[j]
    has_both = bool(codes[0]) and bool(codes[1])
    ends = {points.status[i], points.status[j]}
    return _Facts(
        find_bond(points.types[i], points.types[j]),
        points.kinds[i] == points.kinds[j],
        points.types[i] == points.types[j],
        bool(points.sources[i] & points.sources[j]),
        has_both and codes[0] == codes[1],
        has_both,
        metres,
        bool(points.is_given[i] and points.is_given[j]),
        ends == {"open", "closed"},
        _differ_in_id(points.ids[i], points.ids[j]),
    )


def _differ_in_id(a: Iterable[str], b: Iterable[str]) -> bool:
    """Return whether two records have other ids in one and the same register."""
    own, other = (
        {(scheme, part) for scheme, _, part in (i.partition(":") for i in ids)} for ids in (a, b)
    )
    schemes = {scheme for scheme, _ in own} & {scheme for scheme, _ in other}
    return not schemes.isdisjoint(load_register_ids())


def _compare(
    points: Points, i: int, j: int, names: tuple[Name | None, Name | None]
) -> Comparison | None:
    if names[0] is None or names[1] is None:
        return None
    words = fold_words(points.places[i]) + fold_words(points.places[j])
    return compare_names(names[0], names[1], frozenset(words))


def _judge_bare(facts: _Facts, likeness: Comparison | None) -> tuple[str, Verdict] | None:
    """Judge a pair of which one has no name that tells it from others: a person must look."""
    if not facts.has_one_type or facts.shares_source or facts.differs_in_id:
        return None
    if likeness is None:
        return (NO_NAME, "ask") if facts.distance_m <= CLOSE_M else None
    is_alike = likeness.score >= LEAST_SCORE or likeness.is_inside
    if likeness.is_contrary or not is_alike:
        return None
    if facts.is_near and (likeness.score >= LEAST_SCORE or likeness.nouns == "equal"):
        return NEARBY, "ask"
    return (NO_NAME, "ask") if facts.distance_m <= CLOSE_M else None


def _judge_named(
    facts: _Facts, likeness: Comparison, asset_type: str
) -> tuple[str, Verdict] | None:
    is_equal = likeness.score >= _EQUAL_SCORE and not likeness.is_inside
    is_here = facts.shares_postcode or facts.is_near
    if asset_type == "bus_stop" and facts.has_one_type:
        return _judge_stops(facts, likeness)
    if facts.shares_source:
        return _judge_one_source(facts, is_equal)
    reason = POSTCODE if facts.shares_postcode else NEARBY
    if facts.bond is None and facts.is_one_kind:
        return None
    if facts.bond is None or facts.differs_in_id:
        # A charity is not the building that it is registered at; a register's ids are its own.
        return (reason, "ask") if is_equal and is_here else None
    if is_here:
        verdict = _weigh(facts, likeness, asset_type)
        return None if verdict is None else (reason, verdict)
    return _judge_far(facts, is_equal, asset_type)


def _judge_stops(facts: _Facts, likeness: Comparison) -> tuple[str, Verdict] | None:
    """Judge two stops: each side of a road is a stop of its own, and both have the road's name."""
    is_alike = likeness.score >= _SURE_SCORE and not likeness.is_inside
    if not is_alike or facts.differs_in_id or facts.shares_source:
        return None
    if facts.distance_m <= _ONE_STOP_M:
        return NEARBY, "same"
    return (NEARBY, "ask") if facts.distance_m <= CLOSE_M else None


def _judge_one_source(facts: _Facts, is_equal: bool) -> tuple[str, Verdict] | None:
    if not is_equal or not facts.has_one_type:
        return None
    if facts.shares_postcode and not facts.distance_m > NEAR_M:
        return POSTCODE, "ask"
    # Where postcodes are not given, as in OpenStreetMap, a building and a point within it.
    if not facts.has_both_postcodes and facts.distance_m <= CLOSE_M:
        return NEARBY, "ask"
    return None


def _judge_far(facts: _Facts, is_equal: bool, asset_type: str) -> tuple[str, Verdict] | None:
    if not is_equal:
        return None
    if np.isnan(facts.distance_m):
        return (NO_PLACE, "ask") if not facts.has_both_postcodes or _is_soft(asset_type) else None
    is_site = facts.distance_m <= SITE_M and asset_type not in CHAIN_TYPES
    # The address of a group is often that of whoever writes its letters.
    return (FURTHER, "ask") if is_site or _is_soft(asset_type) else None


def _is_soft(asset_type: str) -> bool:
    from cip.catalogue.asset_types import load_asset_types

    return load_asset_types()[asset_type].kind == "soft"


def _weigh(facts: _Facts, likeness: Comparison, asset_type: str) -> Verdict | None:
    """Weigh two named records in one place whose types may be one."""
    if likeness.is_inside:
        is_possible = facts.bond == "one" or likeness.nouns in ("equal", "some")
        return "ask" if is_possible else None
    if likeness.score < LEAST_SCORE:
        return None
    if facts.bond == "host":
        if likeness.nouns == "apart":
            return None
        is_sure = likeness.nouns == "equal" and likeness.score >= _SURE_SCORE
    elif facts.bond == "maybe":
        return None if likeness.nouns == "apart" else "ask"
    else:
        is_sure = likeness.nouns == "equal" or asset_type in LIKE_NOUNS
    doubts = (
        likeness.is_loose,
        facts.differs_in_status,
        facts.has_both_points and facts.distance_m > SITE_M,
        asset_type in CHAIN_TYPES and facts.has_both_points and facts.distance_m > _CHAIN_M,
        asset_type in CHAIN_TYPES and facts.has_both_postcodes and not facts.shares_postcode,
    )
    return "same" if is_sure and not any(doubts) else "ask"


def measure_pair(points: Points, i: int, j: int) -> tuple[float, float]:
    """Return the score of two records' names and their distance in metres; missing if unknown."""
    likeness = _compare(points, i, j, (points.names[i], points.names[j]))
    metres = points.measure(np.array([i]), np.array([j]))[0]
    return np.nan if likeness is None else likeness.score, round(float(metres), 1)


def _make_table(points: Points, pairs: Iterable[JudgedPair]) -> pd.DataFrame:
    rows = [
        (points.asset_id[p.i], points.asset_id[p.j], p.reason, p.score, p.distance_m, p.verdict)
        for p in sorted(pairs, key=rank_pair)
    ]
    names = ["asset_id_a", "asset_id_b", "reason", "score", "distance_m", "verdict"]
    table = pd.DataFrame(rows, columns=names)
    kinds = dict.fromkeys(("asset_id_a", "asset_id_b", "reason", "verdict"), "str")
    table = table.astype(kinds | {"score": "float64", "distance_m": "float64"})
    return table.assign(distance_m=table["distance_m"].round(1))
