"""Each thing once: records of several sources joined to assets, with what is left for a person.

Pairs are joined from the surest on. A pair that would put two records of one source into one asset,
two records that people decided to keep apart, or two things that cannot be one, is left to a
person, however many other records point that way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from cip.assets.alike import find_bond
from cip.assets.candidates import Points, arrange_points
from cip.assets.decision_table import (
    DIFFERENT,
    PAIR,
    SAME,
    UNSURE,
    check_decisions,
    list_decided,
    list_unknown,
)
from cip.assets.duplicates import judge_pairs, measure_pair
from cip.assets.joining import join_values
from cip.schemas.assets import ASSETS

#: Why a pair is one thing that no rule has found, but a person.
BY_HAND = "decided by hand"


@dataclass(frozen=True, eq=False)
class Settled:
    """Records made into assets.

    Parameters
    ----------
    assets
        One row per asset: the columns of a record, ``sources`` (joined by "; ", the one that most
        values come from first) and ``records`` (how many it was made of). Sorted by id.
    pairs
        One row per pair that waits for a person or that a person decided (`cip.schemas`, table
        ``asset_pairs``); ``decision`` is "" where it is open. Where two assets could be one by
        several pairs of their records, the likeliest pair alone is asked about.
    members
        One row per record: ``record_id``, ``asset_id`` of its asset, ``source_id``, ``name`` and
        ``joined_by``, the reason for which it was joined ("" where it stands alone).
    notes
        What a reader should know, in sentences.
    """

    assets: pd.DataFrame
    pairs: pd.DataFrame
    members: pd.DataFrame
    notes: list[str] = field(default_factory=list)


def settle_records(records: pd.DataFrame, decisions: pd.DataFrame | None = None) -> Settled:
    """Join the records that are one thing.

    Parameters
    ----------
    records
        One row per record (`cip.assets.record`).
    decisions
        What people decided about pairs of records, as `cip.assets.decisions.read_decisions`
        returns it. ``same`` joins whatever the rules say; ``different`` keeps apart, also where
        other records would join the two; ``unsure`` leaves the pair open and unjoined.

    Returns
    -------
    Settled
        The order of the rows of ``records`` changes nothing in it. An asset's id is that of one
        of its records: of a register's where there is one, for those ids stay, else of the
        area's own table, of Open Referral, of OpenStreetMap, in this order.

    Raises
    ------
    ParameterError
        If decisions contradict one another.
    """
    decided = list_decided(decisions)
    check_decisions(decided if decisions is None else decisions)
    points = arrange_points(records)
    places = {name: place for place, name in enumerate(points.asset_id)}
    pairs = judge_pairs(points)
    unknown = list_unknown(decided, places)
    known = decided.drop(index=unknown.index)
    clusters = _Clusters(points, known, places)
    _join_by_hand(clusters, known, places)
    _join_by_rule(clusters, pairs, places)
    table = records.set_index("asset_id", drop=False).loc[points.asset_id].reset_index(drop=True)
    assets, ids = join_values(table, clusters.of)
    return Settled(
        assets,
        _list_pairs(table, points, pairs, known, clusters, places),
        _list_members(table, ids, clusters),
        _describe_unknown(len(unknown)),
    )


class _Clusters:
    """Which records are one asset by now."""

    def __init__(self, points: Points, known: pd.DataFrame, places: dict[str, int]):
        self.points = points
        self.of = list(range(len(points.asset_id)))
        self.members = {place: [place] for place in self.of}
        self.reasons: dict[int, str] = {}
        self.apart: dict[int, set[int]] = {}
        self.different: dict[int, set[int]] = {}
        for row in known[known["decision"].isin([DIFFERENT, UNSURE])].itertuples():
            i, j = places[row.asset_id_a], places[row.asset_id_b]
            kept = [self.apart, self.different] if row.decision == DIFFERENT else [self.apart]
            for table in kept:
                table.setdefault(i, set()).add(j)
                table.setdefault(j, set()).add(i)

    def join(self, i: int, j: int, reason: str) -> None:
        first, second = sorted((self.of[i], self.of[j]))
        for place in (i, j):
            self.reasons.setdefault(place, reason)
        if first == second:
            return
        moved = self.members.pop(second)
        self.members[first] += moved
        for place in moved:
            self.of[place] = first

    def may_join(self, i: int, j: int) -> bool:
        """Return whether nothing that is known of all members forbids one asset of both."""
        own, other = self.members[self.of[i]], self.members[self.of[j]]
        if self.are_apart(i, j, self.apart):
            return False
        types = self.points.types
        sources = [
            frozenset().union(*(self.points.sources[m] for m in part)) for part in (own, other)
        ]
        return not sources[0] & sources[1] and all(
            find_bond(types[a], types[b]) is not None for a in own for b in other
        )

    def are_apart(self, i: int, j: int, table: dict[int, set[int]]) -> bool:
        other = self.members[self.of[j]]
        return any(not table.get(m, set()).isdisjoint(other) for m in self.members[self.of[i]])


def _join_by_hand(clusters: _Clusters, known: pd.DataFrame, places: dict[str, int]) -> None:
    for row in known[known["decision"] == SAME].sort_values(PAIR).itertuples():
        clusters.join(places[row.asset_id_a], places[row.asset_id_b], BY_HAND)


def _join_by_rule(clusters: _Clusters, pairs: pd.DataFrame, places: dict[str, int]) -> None:
    """Join what the rules are sure of; pairs come from the surest on."""
    for row in pairs[pairs["verdict"] == "same"].itertuples():
        i, j = places[row.asset_id_a], places[row.asset_id_b]
        if clusters.of[i] == clusters.of[j] or clusters.may_join(i, j):
            clusters.join(i, j, row.reason)


def _list_pairs(
    table: pd.DataFrame,
    points: Points,
    pairs: pd.DataFrame,
    known: pd.DataFrame,
    clusters: _Clusters,
    places: dict[str, int],
) -> pd.DataFrame:
    """Return the pairs that people decided, then those that wait for them."""
    found = {(row.asset_id_a, row.asset_id_b): row for row in pairs.itertuples()}
    rows = []
    for row in known.itertuples():
        pair = (row.asset_id_a, row.asset_id_b)
        told = found.pop(pair, None)
        if told is None:
            measured = (*measure_pair(points, *(places[name] for name in pair)), BY_HAND)
        else:
            measured = (told.score, told.distance_m, told.reason)
        rows.append((*pair, *measured, row.decision, row.decided_on))
    asked: set[tuple[int, int]] = set()
    for pair, row in found.items():
        i, j = (places[name] for name in pair)
        question = tuple(sorted((clusters.of[i], clusters.of[j])))
        is_moot = question[0] == question[1] or clusters.are_apart(i, j, clusters.different)
        if not is_moot and question not in asked:
            asked.add(question)
            rows.append((*pair, row.score, row.distance_m, row.reason, "", None))
    names = [*PAIR, "score", "distance_m", "reason", "decision", "decided_on"]
    listed = pd.DataFrame(rows, columns=names)
    for side in "ab":
        place = listed[f"asset_id_{side}"].map(places)
        for name in ("name", "asset_type"):
            listed[f"{name}_{side}"] = table[name].take(place.astype(int)).to_numpy()
    kinds = {"text": "str", "number": "float64"}
    columns = {name: kinds[kind] for name, kind in ASSETS["asset_pairs"].columns.items()}
    return listed[list(columns)].astype(columns)


def _list_members(table: pd.DataFrame, ids: Iterable[str], clusters: _Clusters) -> pd.DataFrame:
    """Return which asset each record went to."""
    members = pd.DataFrame(
        {
            "record_id": table["asset_id"],
            "asset_id": pd.Series(list(ids), dtype="str"),
            "source_id": table["source_id"],
            "name": table["name"],
        }
    )
    reasons = [clusters.reasons.get(place, "") for place in range(len(table))]
    return members.assign(joined_by=pd.Series(reasons, dtype="str"))


def _describe_unknown(number: int) -> list[str]:
    if not number:
        return []
    pairs = "1 decision names" if number == 1 else f"{number:,} decisions name"
    return [f"{pairs} a record that is not among those read now: kept for when its source is back."]
