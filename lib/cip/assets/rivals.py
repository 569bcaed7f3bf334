"""Where a record may be one of several of another source: the best is taken, or a person asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

SHARED_ID = "shared id"
POSTCODE = "postcode, type and name"
NEARBY = "similar name within 100 m"
NO_PLACE = "same name, no place"
FURTHER = "same name, further apart"
NO_NAME = "no name, within 25 m"
#: Reasons in the order in which the rules are tried.
REASONS = (SHARED_ID, POSTCODE, NEARBY, NO_PLACE, FURTHER, NO_NAME)
_RANK = {reason: place for place, reason in enumerate(REASONS)}

Verdict = Literal["same", "ask"]

#: The best of several is clear where the next scores less by this much, ...
_CLEARLY_LESS = 8.0
#: ... or is further away by this many metres and twice as far.
_CLEARLY_FURTHER_M = 20.0


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """Two records, by position, that are one thing or may be.

    Parameters
    ----------
    score
        Of the names; missing where one has none.
    distance_m
        Missing where one has no point.
    is_nearest_only
        Whether the pair is worth asking about only where no other lies nearer: stops, and things
        without a name.
    """

    i: int
    j: int
    reason: str
    score: float
    distance_m: float
    verdict: Verdict
    is_nearest_only: bool = False


def rank_pair(pair: JudgedPair) -> tuple:
    """Return what sorts pairs from the surest on, in one order whatever the order of records."""
    score = -1.0 if np.isnan(pair.score) else pair.score
    metres = np.inf if np.isnan(pair.distance_m) else pair.distance_m
    return pair.verdict != "same", _RANK[pair.reason], -score, metres, pair.i, pair.j


def is_loose_source(source: str) -> bool:
    """Return whether a source may hold one thing twice: OpenStreetMap, as a point and an outline."""
    return source.startswith("osm")


def settle_rivals(pairs: Iterable[JudgedPair], sources: np.ndarray) -> list[JudgedPair]:
    """Leave at most one certain pair between a record and the records of another source.

    Parameters
    ----------
    pairs
        Pairs as each would be judged by itself.
    sources
        Source of each record, by position.

    Returns
    -------
    list
        Certain pairs that are the clear best of both their records stay certain. Others that
        seemed certain become questions, unless a register's other record is the clear best: a
        register has each thing once.
    """
    ranked = _keep_nearest(sorted(pairs, key=rank_pair), sources)
    chosen = _choose([pair for pair in ranked if pair.verdict == "same"], sources)
    kept = {(pair.i, pair.j) for pair in chosen}
    settled = [
        replace(pair, verdict="ask") if (pair.i, pair.j) not in kept else pair for pair in ranked
    ]
    answered = set(_group(chosen, sources))
    return [pair for pair in settled if not _is_moot(pair, answered, sources)]


def _choose(certain: list[JudgedPair], sources: np.ndarray) -> list[JudgedPair]:
    """Return the pairs that are the clear best of both their records.

    A pair that is chosen takes its records out of the choice of others, which may then be clear.
    """
    chosen: list[JudgedPair] = []
    left = certain
    while left:
        groups = _group(left, sources)
        best = {key: group[0] for key, group in groups.items() if _is_clear(group)}
        keys = {(pair.i, pair.j): _list_keys(pair, sources) for pair in left}
        found = [p for p in left if all(best.get(key) is p for key in keys[p.i, p.j])]
        if not found:
            break
        chosen += found
        taken = {key for pair in found for key in keys[pair.i, pair.j]}
        left = [pair for pair in left if taken.isdisjoint(keys[pair.i, pair.j])]
    return chosen


def _list_keys(pair: JudgedPair, sources: np.ndarray) -> list[tuple[int, str]]:
    """Return each record of a pair with the source of the other."""
    return [(pair.i, sources[pair.j]), (pair.j, sources[pair.i])]


def _group(
    pairs: Iterable[JudgedPair], sources: np.ndarray
) -> dict[tuple[int, str], list[JudgedPair]]:
    """Return the pairs of each record with each source, in the order given."""
    groups: dict[tuple[int, str], list[JudgedPair]] = {}
    for pair in pairs:
        for key in _list_keys(pair, sources):
            groups.setdefault(key, []).append(pair)
    return groups


def _is_clear(group: list[JudgedPair]) -> bool:
    """Return whether the first of some pairs, the surest first, is so by far."""
    if len(group) == 1:
        return True
    best, second = group[:2]
    if best.reason == SHARED_ID or best.score - second.score >= _CLEARLY_LESS:
        return True
    if second.score > best.score:
        return False
    is_further = second.distance_m - best.distance_m >= _CLEARLY_FURTHER_M
    return is_further and second.distance_m >= 2 * best.distance_m


def _keep_nearest(pairs: list[JudgedPair], sources: np.ndarray) -> list[JudgedPair]:
    """Drop the pairs that are worth a question only between neighbours, where they are not."""
    by_distance = sorted(
        (pair for pair in pairs if pair.is_nearest_only),
        key=lambda pair: (pair.distance_m, pair.i, pair.j),
    )
    first = {key: group[0] for key, group in _group(by_distance, sources).items()}
    return [
        pair
        for pair in pairs
        if not pair.is_nearest_only or all(first[key] is pair for key in _list_keys(pair, sources))
    ]


def _is_moot(pair: JudgedPair, answered: set[tuple[int, str]], sources: np.ndarray) -> bool:
    """Return whether a question is answered: one of the two has its partner in the other's source.

    In OpenStreetMap it may have a second one, if that lies as near.
    """
    if pair.verdict == "same" or pair.reason == SHARED_ID:
        return False
    is_far = pair.reason in (NO_PLACE, FURTHER, NO_NAME)
    return any(
        key in answered and (is_far or not is_loose_source(key[1]))
        for key in _list_keys(pair, sources)
    )
