"""What people decided about pairs of records: one thing, two things, or not known yet.

Decisions name records, by the ids that their sources gave them, so that they hold when the sources
are read anew and when one of them drops out for a while.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd

from cip.errors import ParameterError, Problem
from cip.inputs import Column, read_table

SAME, DIFFERENT, UNSURE = "same", "different", "unsure"
DECISIONS = (SAME, DIFFERENT, UNSURE)
PAIR = ["asset_id_a", "asset_id_b"]


def list_decision_columns() -> dict[str, Column]:
    """Return the columns of the table of decisions: one row per pair of records."""
    return {
        "asset_id_a": Column(
            required=True, description="Id of a record, as the table of pairs has it"
        ),
        "name_a": Column(privacy="no_contact", description="Its name, to know it by"),
        "asset_id_b": Column(required=True, description="Id of the other record"),
        "name_b": Column(privacy="no_contact", description="Its name, to know it by"),
        "why": Column(privacy="no_contact", description="Why the two may be one thing"),
        "decision": Column(
            "choice",
            choices=DECISIONS,
            description="One thing (same), two things (different), or looked at and not known "
            "(unsure); blank: nobody has looked yet",
        ),
        "decided_on": Column("date", description="Day of the decision"),
        "note": Column(
            privacy="role", description="What it rests on; a role may be named, never a person"
        ),
    }


def read_decisions(path: Path) -> pd.DataFrame:
    """Read the table of decisions about pairs of records.

    Returns
    -------
    DataFrame
        One row per pair: the columns of `list_decision_columns` and ``row``. The ids of a pair are
        in alphabetical order, with their names; ``decided_on`` is an ISO date. ``decision`` is
        missing where nobody has looked.

    Raises
    ------
    ParameterError
        With every problem of the file: cells that cannot be read, a record paired with itself, a
        pair that stands twice, and decisions that contradict one another.
    """
    table = read_table(path, list_decision_columns(), check=_find_problems)
    return arrange_decisions(table.assign(decided_on=table["decided_on"].dt.strftime("%Y-%m-%d")))


def arrange_decisions(table: pd.DataFrame) -> pd.DataFrame:
    """Return decisions with the ids of each pair in alphabetical order, and names beside them."""
    table = table.reset_index(drop=True)
    for name in PAIR:
        table[name] = table[name].str.removeprefix("'")
    is_turned = (table["asset_id_a"] > table["asset_id_b"]).to_numpy(bool, na_value=False)
    names = [name.removesuffix("_a") for name in table if name.endswith("_a")]
    for name in names:
        first, second = f"{name}_a", f"{name}_b"
        old = table[first].copy()
        table[first] = table[first].mask(is_turned, table[second])
        table[second] = table[second].mask(is_turned, old)
    return table


def _find_problems(table: pd.DataFrame) -> Iterator[Problem]:
    whole = arrange_decisions(table[table["asset_id_a"].notna() & table["asset_id_b"].notna()])
    is_itself = whole["asset_id_a"] == whole["asset_id_b"]
    for row in whole.loc[is_itself, "row"]:
        yield Problem("this record is paired with itself", row=int(row), column="asset_id_b")
    whole = whole[~is_itself]
    first = whole.groupby(PAIR)["row"].transform("min")
    for row, earlier in zip(whole["row"], first, strict=True):
        if row != earlier:
            message = f"this pair stands in row {earlier} already; keep one of the two rows"
            yield Problem(message, row=int(row), column="asset_id_a")
    yield from find_contradictions(whole[whole["row"] == first])


def find_contradictions(decisions: pd.DataFrame) -> Iterator[Problem]:
    """Tell of pairs that are decided to differ and that other decisions make one thing.

    Parameters
    ----------
    decisions
        One row per pair: ``asset_id_a, asset_id_b, decision`` and, where they come from a file,
        ``row``.
    """
    rows = decisions["row"] if "row" in decisions else pd.Series(range(2, len(decisions) + 2))
    listed = list(
        zip(
            decisions["asset_id_a"],
            decisions["asset_id_b"],
            decisions["decision"],
            rows,
            strict=True,
        )
    )
    neighbours: dict[str, list[tuple[str, int]]] = {}
    for a, b, decision, row in listed:
        if decision == SAME:
            neighbours.setdefault(a, []).append((b, int(row)))
            neighbours.setdefault(b, []).append((a, int(row)))
    for a, b, decision, row in listed:
        chain = _find_chain(neighbours, a, b) if decision == DIFFERENT else []
        if chain:
            steps = ", ".join(str(step) for step in sorted(chain))
            yield Problem(
                f"this says that two records differ, but row{'s' * (len(chain) > 1)} {steps} "
                f"make{'s' * (len(chain) == 1)} them one thing; correct one of these rows",
                row=int(row),
                column="decision",
                found=f"{a} and {b}: {DIFFERENT}",
            )


def _find_chain(neighbours: dict[str, list[tuple[str, int]]], start: str, end: str) -> list[int]:
    """Return the rows of the shortest chain of records that are one; none where there is none."""
    chains: dict[str, list[int]] = {start: []}
    queue = [start]
    for place in queue:
        for other, row in neighbours.get(place, []):
            if other not in chains:
                chains[other] = [*chains[place], row]
                queue.append(other)
    return chains.get(end, [])


def check_decisions(decisions: pd.DataFrame, file: str | Path | None = None) -> None:
    """Refuse decisions that contradict one another.

    Raises
    ------
    ParameterError
        With every pair that is decided to differ though other rows make it one thing.
    """
    if problems := list(find_contradictions(decisions)):
        raise ParameterError([replace(problem, file=file) for problem in problems])


def apply_decisions(pairs: pd.DataFrame, decisions: pd.DataFrame | None) -> pd.DataFrame:
    """Return pairs with what was decided about each, whichever record the decision names first.

    Returns
    -------
    DataFrame
        The rows of ``pairs`` in their order with ``decision`` ("" where open) and ``decided_on``.
    """
    pairs = pairs.drop(columns=["decision", "decided_on"], errors="ignore")
    found = list_decided(decisions)
    joined = pairs.merge(found, on=PAIR, how="left", validate="1:1")
    return joined.assign(decision=joined["decision"].fillna(""))


def list_decided(decisions: pd.DataFrame | None) -> pd.DataFrame:
    """Return the pairs that somebody has looked at: one row each, ids in alphabetical order.

    Columns: ``asset_id_a, asset_id_b, decision, decided_on``.
    """
    names = [*PAIR, "decision", "decided_on"]
    if decisions is None or decisions.empty:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in names})
    known = decisions[decisions["decision"].isin(DECISIONS)]
    known = arrange_decisions(known.reindex(columns=names))
    return known.drop_duplicates(PAIR, keep="last").astype("str")


def list_unknown(decisions: pd.DataFrame | None, known: Iterable[str]) -> pd.DataFrame:
    """Return the decisions of which a record is not among those known: its source may be away."""
    found = list_decided(decisions)
    ids = set(known)
    is_known = [a in ids and b in ids for a, b in found[PAIR].itertuples(index=False)]
    return found[[not held for held in is_known]]
