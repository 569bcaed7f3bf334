"""Checks of one table: duplicates, and totals against their declared parts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
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
    numbers: dict[str, np.ndarray] = {}
    for rule in _list_complete_rules(table, source):
        for id_ in (rule.total, *rule.parts):
            if id_ not in numbers:
                numbers[id_] = table[id_].to_numpy(dtype=float, na_value=np.nan)
        parts = np.sum([numbers[id_] for id_ in rule.parts], axis=0)
        allowed = catalogue.perturbation_per_cell * (len(rule.parts) + 1)
        # A missing part makes the sum missing, and nothing can be said.
        is_off = np.abs(numbers[rule.total] - parts) > allowed
        for i in np.flatnonzero(is_off)[:MAX_EACH]:
            findings.add(
                f"The total '{rule.total}' is not the sum of its parts.",
                row=int(table["@row"].iloc[i]),
                found=f"{table[rule.total].iloc[i]:,} for '{table['area_code'].iloc[i]}'",
                expected=f"about {parts[i]:,.0f}",
            )
        if is_off.sum() > MAX_EACH:
            findings.add(f"{is_off.sum() - MAX_EACH:,} more areas have such a total.")


def _list_complete_rules(table: pd.DataFrame, source: Source) -> list[Sum]:
    present = set(table.columns)
    return [rule for rule in source.sums if {rule.total, *rule.parts} <= present]


def derive_sums(table: pd.DataFrame, source: Source, findings: Findings) -> pd.DataFrame:
    """Add totals that the file lacks but gives every part of; others stay absent."""
    numbers: dict[str, np.ndarray] = {}
    derived: dict[str, pd.api.extensions.ExtensionArray] = {}
    for rule in source.sums:
        if rule.total in table or rule.total in derived:
            continue
        if not all(part in table or part in derived for part in rule.parts):
            continue
        for part in rule.parts:
            if part not in numbers:
                numbers[part] = table[part].to_numpy(dtype=float, na_value=np.nan)
        numbers[rule.total] = np.sum([numbers[part] for part in rule.parts], axis=0)
        derived[rule.total] = pd.array(numbers[rule.total], dtype="Int64")
    if derived:
        findings.notes.append(f"{findings.file}: added up from their parts: {', '.join(derived)}.")
        table = pd.concat([table, pd.DataFrame(derived, index=table.index)], axis=1)
    return table
