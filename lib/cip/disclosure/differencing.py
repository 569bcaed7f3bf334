"""Areas that can be subtracted: what the figures of overlapping areas give away together."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import sparse

from cip.disclosure.atoms import Atoms, cut_atoms
from cip.disclosure.rules import TOLERANCE, DisclosureRule
from cip.disclosure.solving import FloatArray, Knowledge, RangeSolver, know_published

COLUMNS = ["kind", "category", "areas", "small_areas", "count", "least", "most", "sentence"]

#: Areas added and subtracted by plain arithmetic, and a part that takes all areas to work out.
DIFFERENCE, WORKED_OUT = "difference", "worked out"

#: How many small areas or areas a sentence names before it stops.
_NAMED = 3

#: Marks an area as the previous run had it.
PREVIOUS = " (previous run)"


def find_differencing(
    memberships: pd.DataFrame, counts: pd.DataFrame, rule: DisclosureRule
) -> pd.DataFrame:
    """Find the small counts that the figures of a batch of areas give away together.

    Parameters
    ----------
    memberships
        One row per area x small area, all areas of the batch: ``area_code, small_area_code`` and,
        where some belong in part, ``share``.
    counts
        One row per small area: ``area_code`` and one column of counts (people) per category.
    rule
        Says which totals are published, how they are rounded, and what is too small.

    Returns
    -------
    DataFrame
        One row per unsafe count: ``kind`` ("difference" of two or a few areas, or "worked out"
        from all figures together), ``category``, ``areas`` (such as ``a - b``), ``small_areas``,
        ``count`` (true), ``least, most`` (what a reader can tell), ``sentence``. The count is for
        the analyst alone: never publish this table. No rows under a rule without a threshold.

    Raises
    ------
    ValueError
        As in :func:`cip.disclosure.atoms.cut_atoms`.

    Notes
    -----
    Tried are every pair and every three areas whose sum and difference leave only land counted
    zero or more times; an area less all the separate areas within it; and, by linear programming,
    every atom of the overlaps with a small count. A published zero empties its area.
    """
    if rule.is_open or rule.safe_from <= 0 or memberships.empty:
        return pd.DataFrame(columns=COLUMNS)
    atoms = cut_atoms(memberships, counts)
    rows, seen = [], set()
    for row in [*_find_combinations(atoms, rule), *_solve_atoms(atoms, rule)]:
        key = (row["category"], row["small_areas"])
        if key not in seen:
            seen.add(key)
            rows.append(row)
    return pd.DataFrame(rows, columns=COLUMNS)


def compare_with_previous(
    old: pd.DataFrame,
    new: pd.DataFrame,
    counts: pd.DataFrame,
    rule: DisclosureRule,
) -> pd.DataFrame:
    """Find the small counts that this run's areas give away together with the previous run's.

    Parameters
    ----------
    old, new
        Memberships of the previous and of this run, as in :func:`find_differencing`.
    counts
        Counts of the small areas that both runs publish from: the same source and period.

    Returns
    -------
    DataFrame
        As :func:`find_differencing`; only what neither run gives away by itself. Areas of the
        previous run have " (previous run)" after their code.
    """
    earlier = old.assign(area_code=old["area_code"].astype(str) + PREVIOUS)
    # This run's areas come first, so that one that did not change keeps its plain code.
    both = find_differencing(pd.concat([new, earlier], ignore_index=True), counts, rule)
    alone = [find_differencing(one, counts, rule) for one in (old, new)]
    known = {
        pair for one in alone for pair in zip(one["category"], one["small_areas"], strict=True)
    }
    pairs = zip(both["category"], both["small_areas"], strict=True)
    return both[[pair not in known for pair in pairs]].reset_index(drop=True)


def _find_combinations(atoms: Atoms, rule: DisclosureRule) -> Iterator[dict]:
    """Yield the unsafe results of adding and subtracting a few areas."""
    totals = atoms.totals
    is_shown = ~rule.is_unsafe(totals)
    rounded = rule.round_counts(totals)
    lower, upper = know_published(rounded, rule, is_whole=_is_whole(atoms.people))
    for plus, minus in _list_combinations(atoms.shares):
        left = atoms.shares[plus].sum(axis=0) - atoms.shares[minus].sum(axis=0)
        is_known = is_shown[[*plus, *minus]].all(axis=0)
        least = np.maximum(lower[plus].sum(axis=0) - upper[minus].sum(axis=0), 0)
        most = upper[plus].sum(axis=0) - lower[minus].sum(axis=0)
        result, least, most = _count_once(atoms.people, left, least, most)
        is_bad = is_known & rule.is_unsafe(result.clip(min=0)) & (most - least < rule.least_width)
        for place in np.flatnonzero(is_bad):
            yield _write_row(
                atoms,
                rule,
                int(place),
                np.flatnonzero(left > TOLERANCE),
                (float(result[place]), float(least[place]), float(most[place])),
                plus=plus,
                minus=minus,
            )


def _count_once(
    people: FloatArray, left: FloatArray, least: FloatArray, most: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the count of what is left and its range, where some of it was added more than once."""
    times = left[left > TOLERANCE]
    if times.max() <= 1 + TOLERANCE:
        return left @ people, least, most
    if np.ptp(times) <= TOLERANCE:
        return (left @ people) / times[0], least / times[0], most / times[0]
    # Some once and some twice: all of it together is at most the sum, at least a part of it.
    return people[left > TOLERANCE].sum(axis=0), least / times.max(), most


def _list_combinations(shares: FloatArray) -> Iterator[tuple[list[int], list[int]]]:
    """Yield areas to add and areas to subtract that leave no atom below zero, and some above."""
    size = len(shares)
    for whole in range(size):
        gaps = shares[whole] - shares
        inside = [a for a in range(size) if a != whole and _is_left(gaps[a])]
        yield from (([whole], [part]) for part in inside)
        for one, other in combinations(inside, 2):
            if _is_left(gaps[one] - shares[other]):
                yield [whole], [one, other]
        separate = _pick_separate(shares, inside)
        if len(separate) > 2 and _is_left(shares[whole] - shares[separate].sum(axis=0)):
            yield [whole], separate
        yield from _list_covers(shares, whole)


def _list_covers(shares: FloatArray, whole: int) -> Iterator[tuple[list[int], list[int]]]:
    """Yield two areas that together hold a third: their sum less the third is what they share."""
    over = shares - shares[whole]
    touching = (shares * shares[whole]).sum(axis=1) > TOLERANCE
    near = [a for a in np.flatnonzero(touching).tolist() if over[a].min() < -TOLERANCE]
    own = shares[whole] > TOLERANCE
    for place, one in enumerate(near):
        others = near[place + 1 :]
        if not others:
            return
        is_cover = (shares[others][:, own] + over[one][own]).min(axis=1) >= -TOLERANCE
        yield from (([one, others[k]], [whole]) for k in np.flatnonzero(is_cover)
                    if _is_left(over[one] + shares[others[k]]))  # fmt: skip


def _is_left(left: FloatArray) -> bool:
    return bool(left.min() >= -TOLERANCE and left.max() > TOLERANCE)


def _pick_separate(shares: FloatArray, inside: list[int]) -> list[int]:
    """Pick areas that do not overlap, the largest first."""
    taken, chosen = np.zeros(shares.shape[1]), []
    for area in sorted(inside, key=lambda a: (-shares[a].sum(), a)):
        if np.all(taken + shares[area] <= 1 + TOLERANCE):
            taken = taken + shares[area]
            chosen.append(area)
    return chosen


def _solve_atoms(atoms: Atoms, rule: DisclosureRule) -> Iterator[dict]:
    """Yield the atoms whose small count all published figures together give away."""
    whole, totals = _is_whole(atoms.people), atoms.totals
    steps: dict[bytes, FloatArray] = {}
    for place in range(len(atoms.categories)):
        people, total = atoms.people[:, place], totals[:, place]
        small = np.flatnonzero(rule.is_unsafe(people))
        is_shown = ~rule.is_unsafe(total)
        # An atom in no published area is nowhere in the figures.
        small = small[atoms.shares[is_shown][:, small].any(axis=0)]
        if not len(small):
            continue
        is_zero = (atoms.shares[total == 0] > 0).any(axis=0)
        key = is_shown.tobytes() + is_zero.tobytes()
        if key not in steps:
            steps[key] = _find_free_steps(atoms.shares[is_shown], ~is_zero)
        tight = [
            a for a in small.tolist() if _measure_room(steps[key], people, a) < rule.least_width
        ]
        yield from _solve_tight(atoms, rule, place, tight, is_shown, whole)


def _find_free_steps(shares: FloatArray, is_free: np.ndarray) -> FloatArray:
    """Return the projection on the changes of atoms that change no published figure."""
    from scipy.linalg import null_space

    basis = np.zeros((len(is_free), 0))
    if is_free.any():
        inner = null_space(shares[:, is_free], rcond=1e-10)
        basis = np.zeros((len(is_free), inner.shape[1]))
        basis[is_free] = inner
    return basis @ basis.T


def _measure_room(steps: FloatArray, people: FloatArray, atom: int) -> float:
    """Return a range that an atom surely has: how far its count moves before another is negative."""
    step = steps[atom]
    if step[atom] < TOLERANCE:
        return 0.0
    step = np.where(np.abs(step) < 1e-9, 0.0, step / step[atom])
    limits = np.full(len(step), np.inf)
    np.divide(people, np.abs(step), out=limits, where=step != 0)
    return float(limits[step < 0].min(initial=np.inf) + limits[step > 0].min(initial=np.inf))


def _solve_tight(
    atoms: Atoms,
    rule: DisclosureRule,
    place: int,
    tight: list[int],
    is_shown: np.ndarray,
    whole: bool,
) -> Iterator[dict]:
    """Yield the atoms that linear programming finds narrow, one published figure a sum."""
    size, shares = atoms.shares.shape[1], atoms.shares[is_shown]
    shown = rule.round_counts((atoms.totals[:, place])[is_shown])
    low, high = know_published(shown, rule, is_whole=whole)
    sums = sparse.hstack([sparse.csr_array(shares), -sparse.eye_array(len(shares))], format="csr")
    # Solved without whole numbers: a reader's range can only be narrower, never by much.
    knowledge = Knowledge(
        np.concatenate([np.zeros(size), low]), np.concatenate([np.full(size, np.inf), high]), False
    )
    truth = np.concatenate([atoms.people[:, place], atoms.totals[is_shown, place]])
    solver = RangeSolver(sums, truth)
    for atom in tight:
        if not solver.is_wide(knowledge, atom, rule.least_width):
            bound = solver.find_bound(knowledge, atom, rule.least_width)
            used = np.flatnonzero(is_shown)[shares[:, atom] > 0].tolist()
            figures = (float(atoms.people[atom, place]), bound.least, bound.most)
            yield _write_row(atoms, rule, place, np.array([atom]), figures, plus=used)


def _write_row(
    atoms: Atoms,
    rule: DisclosureRule,
    place: int,
    parts: np.ndarray,
    figures: tuple[float, float, float],
    *,
    plus: list[int],
    minus: list[int] | None = None,
) -> dict:
    """Return one finding; without areas to subtract it took all figures to work it out."""
    codes = sorted(code for part in parts for code in atoms.members[part])
    more = f" and {len(codes) - _NAMED} more" if len(codes) > _NAMED else ""
    where, category = ", ".join(codes[:_NAMED]) + more, atoms.categories[place]
    added, taken = ([atoms.areas[a] for a in names] for names in (plus, minus or []))
    start = (
        f"Subtracting {' and '.join(taken)} from {' and '.join(added)} leaves"
        if minus
        else "The figures of all areas together give away"
    )
    sentence = (
        f"{start} a count below {rule.safe_from} of '{category}' in {where}. "
        f"Withhold '{category}' for one of these areas, or draw them alike."
    )
    expression = " - ".join([" + ".join(added), *taken]) if minus else ", ".join(added)
    kind = DIFFERENCE if minus else WORKED_OUT
    row = (kind, category, expression, ", ".join(codes), *figures, sentence)
    return dict(zip(COLUMNS, row, strict=True))


def _is_whole(people: FloatArray) -> bool:
    return bool(np.all(np.abs(people - np.round(people)) <= TOLERANCE))
