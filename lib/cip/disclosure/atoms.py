"""Areas that overlap, cut into the parts that no border crosses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cip.disclosure.solving import FloatArray

#: Shares that differ by less are one share.
_DECIMALS = 6


@dataclass(frozen=True)
class Atoms:
    """The parts into which a batch of areas cuts the land.

    Parameters
    ----------
    areas
        Code of each area; areas with the same members appear once, under the first code.
    shares
        Areas x atoms: the share of the atom that belongs to the area, 0 to 1.
    people
        Atoms x categories: counts.
    members
        Codes of the small areas of each atom.
    categories
        Names of the categories.
    """

    areas: list[str]
    shares: FloatArray
    people: FloatArray
    members: list[list[str]]
    categories: list[str]

    @property
    def totals(self) -> FloatArray:
        """Areas x categories: the counts that are published."""
        return self.shares @ self.people


def cut_atoms(membership: pd.DataFrame, counts: pd.DataFrame) -> Atoms:
    """Cut areas into atoms: small areas that belong to the same areas by the same shares.

    Parameters
    ----------
    membership
        One row per area x small area: ``area_code, small_area_code`` and, where some belong in
        part, ``share``.
    counts
        One row per small area: ``area_code`` and one numeric column per category (people).
        ``area_name`` and ``level`` are ignored.

    Raises
    ------
    ValueError
        When the counts lack a small area of the membership or a count, or either table names
        something twice.
    """
    wide = _spread(membership)
    figures = _read_counts(counts, wide.columns)
    shares = wide.to_numpy().round(_DECIMALS)
    _, first = np.unique(shares, axis=0, return_index=True)
    kept = np.sort(first)
    signatures, atom = np.unique(shares[kept].T, axis=0, return_inverse=True)
    people = np.zeros((len(signatures), figures.shape[1]))
    np.add.at(people, atom.ravel(), figures.to_numpy())
    codes = wide.columns.to_numpy()
    members = [codes[atom.ravel() == place].tolist() for place in range(len(signatures))]
    areas = [str(wide.index[place]) for place in kept]
    return Atoms(areas, signatures.T, people, members, figures.columns.astype(str).tolist())


def _spread(membership: pd.DataFrame) -> pd.DataFrame:
    """Return one row per area, one column per small area, in order of appearance."""
    if membership.duplicated(["area_code", "small_area_code"]).any():
        raise ValueError("A small area occurs twice in one area of the membership.")
    share = membership["share"] if "share" in membership.columns else 1.0
    long = membership[["area_code", "small_area_code"]].assign(share=share)
    long = long[long["share"] > 0]
    rows, areas = pd.factorize(long["area_code"])
    columns, codes = pd.factorize(long["small_area_code"])
    wide = np.zeros((len(areas), len(codes)))
    wide[rows, columns] = long["share"].to_numpy(dtype=float)
    return pd.DataFrame(wide, index=areas, columns=codes)


def _read_counts(counts: pd.DataFrame, codes: pd.Index) -> pd.DataFrame:
    if counts["area_code"].duplicated().any():
        raise ValueError("A small area occurs twice in the counts.")
    figures = counts.set_index("area_code").drop(columns=["area_name", "level"], errors="ignore")
    absent = codes.difference(figures.index)
    if len(absent):
        raise ValueError(f"The counts lack {len(absent)} small areas, such as {absent[0]}.")
    chosen = figures.loc[codes].astype("Float64").astype(float)
    if chosen.isna().any(axis=None):
        raise ValueError("A count of a small area is missing.")
    return chosen
