"""Checks of one table: duplicates, and totals against their declared parts."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cip.catalogue.sources import Catalogue, Source, Sum
from cip.sources.cells import MAX_EACH, Findings


def drop_duplicates(table: pd.DataFrame, key: Sequence[str], findings: Findings) -> pd.DataFrame:
    """Return one row for each key; rows that say the same twice are dropped, others reported."""
    is_repeated = table.duplicated(list(key), keep=False)
    if not is_repeated.any():
        return table
    values = [c for c in table.columns if c not in ("@row", "geometry")]
    repeated = table[is_repeated]
    texts = [repeated[c].astype("object").where(repeated[c].notna(), None) for c in values]
    if "geometry" in repeated:
        texts.append(repeated["geometry"].to_wkb())
    same = pd.concat(texts, axis=1).duplicated(keep="first")
    conflicting = repeated[~same & repeated.duplicated(list(key), keep="first")]
    for _, row in conflicting.head(MAX_EACH).iterrows():
        findings.add(
            "The same code is there twice with different values.",
            row=int(row["@row"]),
            found=" and ".join(f"'{row[k]}'" for k in key),
        )
    if len(conflicting) > MAX_EACH:
        findings.add(f"{len(conflicting) - MAX_EACH:,} more codes are there twice.")
    return table.drop_duplicates(list(key), keep="first").reset_index(drop=True)


def check_sums(
    table: pd.DataFrame, source: Source, catalogue: Catalogue, findings: Findings
) -> None:
    """Note every area whose total differs from its parts by more than perturbation explains.

    The Census changes every count on its own by a small random amount, so the allowed difference
    grows with the number of counts that take part.
    """
    for rule in _list_complete_rules(table, source):
        parts = table[rule.parts].sum(axis=1, min_count=len(rule.parts))
        allowed = catalogue.perturbation_per_cell * (len(rule.parts) + 1)
        is_off = ((table[rule.total] - parts).abs() > allowed).fillna(False)
        for i in list(table.index[is_off])[:MAX_EACH]:
            findings.add(
                f"The total '{rule.total}' is not the sum of its parts.",
                row=int(table.loc[i, "@row"]),
                found=f"{table.loc[i, rule.total]:,} for '{table.loc[i, 'area_code']}'",
                expected=f"about {parts[i]:,}",
            )
        if is_off.sum() > MAX_EACH:
            findings.add(f"{is_off.sum() - MAX_EACH:,} more areas have such a total.")


def _list_complete_rules(table: pd.DataFrame, source: Source) -> list[Sum]:
    present = set(table.columns)
    return [rule for rule in source.sums if {rule.total, *rule.parts} <= present]


def derive_sums(table: pd.DataFrame, source: Source, findings: Findings) -> pd.DataFrame:
    """Add totals that the file lacks but gives every part of; others stay absent."""
    derived = []
    for rule in source.sums:
        if rule.total not in table and set(rule.parts) <= set(table.columns):
            sums = table[rule.parts].sum(axis=1, min_count=len(rule.parts))
            table = table.assign(**{rule.total: sums.astype("Int64")})
            derived.append(rule.total)
    if derived:
        findings.notes.append(f"{findings.file}: added up from their parts: {', '.join(derived)}.")
    return table
