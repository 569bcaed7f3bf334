"""Which further cells to blank so that totals do not give the small ones away."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cip.disclosure.rules import DisclosureRule
from cip.disclosure.solving import BoolArray, FloatArray, Knowledge, RangeSolver, know_published


@dataclass(frozen=True)
class CellSystem:
    """Counts and the sums that tie them, cell by cell.

    Parameters
    ----------
    values
        Counts, one per cell; missing where they are not published.
    sums
        Sparse, equations x cells: 1 for a part, -1 for its total.
    is_open
        Cells that stay published whatever happens, such as a total known from elsewhere.
    is_total
        Cells that are a total of others; they are blanked last.
    is_hidden
        Cells that are never shown, such as the rest of a base. They need protection too.
    is_whole
        Whether all counts are whole numbers, as a reader would know.
    """

    values: FloatArray
    sums: sparse.csr_array
    is_open: BoolArray
    is_total: BoolArray
    is_hidden: BoolArray
    is_whole: bool

    @cached_property
    def members(self) -> list[NDArray[np.intp]]:
        """The cells of each sum, its total among them."""
        sums = self.sums
        return [sums.indices[a:b] for a, b in itertools.pairwise(sums.indptr.tolist())]

    @cached_property
    def rows_of(self) -> list[list[int]]:
        """The sums that each cell takes part in."""
        turned = self.sums.tocsc()
        return [turned.indices[a:b].tolist() for a, b in itertools.pairwise(turned.indptr.tolist())]


@dataclass(frozen=True)
class Blanks:
    """Which cells are withheld.

    Parameters
    ----------
    is_primary
        Blank because the count itself is small.
    is_secondary
        Blank because the cell would give a small one away.
    weak
        Cells that a reader who is told which blanks are the small ones can work out, whatever
        else is blanked. Only joining categories helps.
    """

    is_primary: BoolArray
    is_secondary: BoolArray
    weak: tuple[int, ...] = ()

    @property
    def is_blank(self) -> BoolArray:
        """Cells withheld for either reason."""
        return self.is_primary | self.is_secondary

    def add(self, cell: int) -> Blanks:
        """Return the blanks with one further cell."""
        is_secondary = self.is_secondary.copy()
        is_secondary[cell] = True
        return replace(self, is_secondary=is_secondary)


def choose_blanks(system: CellSystem, rule: DisclosureRule) -> Blanks:
    """Choose the cells to withhold: small ones, and as few others as a simple search finds.

    Two readers are tried. One takes every blank for some positive count. The other is told which
    blanks are small. For the first, a small cell keeps a range of ``rule.least_width`` and no other
    blank has only one possible value. For the second, no small cell has only one possible value,
    where any choice of blanks can bring that about.

    Raises
    ------
    ValueError
        When a small cell cannot be protected while the cells that must stay published do.

    Notes
    -----
    Blanking more never narrows a range, so each cell is looked at once and the search ends. With
    every non-zero cell blank the sums fix nothing (any multiple of the table satisfies them), so
    without cells that must stay open the search succeeds.
    """
    is_primary = rule.is_unsafe(system.values)
    if np.any(is_primary & system.is_open):
        raise ValueError("A cell that must stay published is itself too small to show.")
    blanks = Blanks(is_primary, system.is_hidden & ~is_primary)
    if rule.round_to <= 1:
        blanks = _close_lone_blanks(system, blanks)
    return _settle(system, rule, _withstand_informed(system, rule, blanks))


def need_width(system: CellSystem, rule: DisclosureRule, blanks: Blanks, cell: int) -> int:
    """Return the range that a blank cell must keep; 0 for one that needs no protection."""
    if blanks.is_primary[cell]:
        return rule.least_width
    return 0 if system.is_hidden[cell] else 1


def _settle(system: CellSystem, rule: DisclosureRule, blanks: Blanks) -> Blanks:
    """Blank further cells until every blank keeps its range for a reader who is told nothing."""
    solver = RangeSolver(system.sums, system.values)
    queue = np.flatnonzero(blanks.is_blank).tolist()
    while queue:
        cell = queue.pop(0)
        width = need_width(system, rule, blanks, cell)
        wider = _protect(system, rule, blanks, solver, cell, width, is_informed=False)
        queue += np.flatnonzero(wider.is_blank & ~blanks.is_blank).tolist()
        blanks = wider
    return blanks


def know_blanks(
    system: CellSystem, rule: DisclosureRule, blanks: Blanks, *, is_informed: bool
) -> Knowledge:
    """Return what a reader knows of each cell; an informed one is told which blanks are small."""
    shown = np.where(blanks.is_blank, np.nan, system.values)
    if rule.round_to > 1:
        shown = np.where(np.isnan(shown), np.nan, rule.round_counts(shown))
    lower, upper = know_published(shown, rule, is_whole=system.is_whole)
    # Zero is always published, so a blank is at least one person.
    least = 1.0 if system.is_whole else 0.0
    is_blank = np.isnan(shown)
    lower[is_blank], upper[is_blank] = least, np.inf
    if is_informed:
        upper[blanks.is_primary] = rule.safe_from - least
        lower[blanks.is_secondary & ~system.is_hidden] = rule.safe_from
    # The rest of a base is not a cell, so nothing says that it is not zero.
    lower[is_blank & system.is_hidden] = 0.0
    return Knowledge(lower, upper, system.is_whole)


def _protect(
    system: CellSystem,
    rule: DisclosureRule,
    blanks: Blanks,
    solver: RangeSolver,
    cell: int,
    width: float,
    *,
    is_informed: bool,
) -> Blanks:
    """Blank one cell after another until the range of ``cell`` is wide enough."""
    while True:
        knowledge = know_blanks(system, rule, blanks, is_informed=is_informed)
        if solver.is_wide(knowledge, cell, width):
            return blanks
        extra = _pick_candidate(system, blanks, cell)
        if extra is None:
            raise ValueError(
                "A small count cannot be protected while so many totals must stay published."
            )
        blanks = blanks.add(extra)


def _withstand_informed(system: CellSystem, rule: DisclosureRule, blanks: Blanks) -> Blanks:
    """Blank further cells against a reader who knows which blanks are the small ones."""
    is_free = system.is_hidden | ((system.values > 0) & ~system.is_open)
    all_blank = replace(blanks, is_secondary=is_free & ~blanks.is_primary)
    solver, last_resort = (RangeSolver(system.sums, system.values) for _ in range(2))
    hopeless = know_blanks(system, rule, all_blank, is_informed=True)
    weak = []
    for cell in np.flatnonzero(blanks.is_primary).tolist():
        if last_resort.is_wide(hopeless, cell, 1):
            blanks = _protect(system, rule, blanks, solver, cell, 1, is_informed=True)
        else:
            weak.append(cell)
    return replace(blanks, weak=tuple(weak))


def _close_lone_blanks(system: CellSystem, blanks: Blanks) -> Blanks:
    """Give each sum with a single blank a second one: cheap, and most of the work."""
    queue = list(range(len(system.members)))
    while queue:
        members = system.members[queue.pop()]
        if blanks.is_blank[members].sum() != 1:
            continue
        extra = _pick_among(system, blanks, members)
        if extra is not None:
            blanks = blanks.add(extra)
            queue += system.rows_of[extra]
    return blanks


def _pick_candidate(system: CellSystem, blanks: Blanks, cell: int) -> int | None:
    """Return the best cell to blank for ``cell``: from its own tightest sum, else from further."""
    own = sorted(
        (system.members[row] for row in system.rows_of[cell]),
        key=lambda cells: int(blanks.is_blank[cells].sum()),
    )
    tied = [
        system.members[row]
        for cells in own
        for other in cells[blanks.is_blank[cells]].tolist()
        for row in system.rows_of[other]
    ]
    for cells in (*own, *tied, np.arange(len(system.values))):
        extra = _pick_among(system, blanks, cells)
        if extra is not None:
            return extra
    return None


def _pick_among(system: CellSystem, blanks: Blanks, cells: NDArray[np.intp]) -> int | None:
    """Return the cell that loses least: no new lone blank, not a total, the smallest count."""
    is_free = (system.values[cells] > 0) & ~blanks.is_blank[cells] & ~system.is_open[cells]

    def weigh(cell: int) -> tuple[int, bool, float, int]:
        sums = (system.members[row] for row in system.rows_of[cell])
        lone = sum(not blanks.is_blank[members].any() for members in sums)
        return lone, bool(system.is_total[cell]), float(system.values[cell]), cell

    return min(cells[is_free].tolist(), key=weigh, default=None)
