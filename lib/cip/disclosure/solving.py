"""What a reader can work out: the range that published sums leave for a cell that is blank."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cip.disclosure.rules import TOLERANCE, DisclosureRule

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Knowledge:
    """What a reader knows of every cell before doing any sums.

    Parameters
    ----------
    lower, upper
        Limits of each cell; equal where the exact count is published.
    is_whole
        Whether counts are known to be whole numbers. They are not where areas hold shares.
    """

    lower: FloatArray
    upper: FloatArray
    is_whole: bool


@dataclass(frozen=True)
class Bound:
    """The least and the most that a cell can be. ``most`` is not looked for beyond the width."""

    least: float
    most: float

    @property
    def width(self) -> float:
        """The most less the least."""
        return self.most - self.least


class RangeSolver:
    """Solves for the range of single cells, and remembers every solution that it has seen.

    A solution that was possible stays possible when further cells are blanked, so the memory
    holds while more and more is blanked.

    Parameters
    ----------
    sums
        Sparse, equations x cells: 1 for a part, -1 for its total.
    witness
        The true counts, where they are at hand: a first solution, which saves solving.
    """

    def __init__(self, sums: sparse.csr_array, witness: FloatArray | None = None):
        self.sums = sums
        self._seen_least = np.full(sums.shape[1], np.inf) if witness is None else witness.copy()
        self._seen_most = np.full(sums.shape[1], -np.inf) if witness is None else witness.copy()

    def is_wide(self, knowledge: Knowledge, cell: int, width: float) -> bool:
        """Return whether a cell can take values at least ``width`` apart."""
        if self._has_seen(cell, width):
            return True
        system = _Part.select(self.sums, knowledge, cell)
        if system.is_simple:
            return _bound_simply(system, cell, width).width >= width - TOLERANCE
        least = self._solve(system, cell, 1.0, np.inf)
        if self._has_seen(cell, width):
            return True
        return self._solve(system, cell, -1.0, least + width) - least >= width - TOLERANCE

    def find_bound(self, knowledge: Knowledge, cell: int, width: float) -> Bound:
        """Return the range of a cell, exactly where it is narrower than ``width``.

        Notes
        -----
        One sum is solved by hand. Else two integer programmes: the least value; then the most, not
        looked for beyond the least plus the width, so that neither is unbounded.
        """
        system = _Part.select(self.sums, knowledge, cell)
        if system.is_simple:
            return _bound_simply(system, cell, width)
        least = self._solve(system, cell, 1.0, np.inf)
        most = self._solve(system, cell, -1.0, least + width)
        return Bound(least, most)

    def _has_seen(self, cell: int, width: float) -> bool:
        return self._seen_most[cell] - self._seen_least[cell] >= width - TOLERANCE

    def _solve(self, system: _Part, cell: int, sign: float, most: float) -> float:
        from scipy.optimize import Bounds, LinearConstraint, milp

        place = int(np.searchsorted(system.cells, cell))
        cost, upper = np.zeros(len(system.cells)), system.upper.copy()
        cost[place], upper[place] = sign, min(upper[place], most)
        rules = LinearConstraint(system.sums, system.target, system.target)
        found = milp(
            cost,
            integrality=np.full(len(cost), int(system.is_whole)),
            bounds=Bounds(system.lower, upper),
            constraints=rules if system.sums.shape[0] else (),
        )
        if found.status != 0:
            raise ValueError("The published counts and totals contradict each other.")
        solution = np.round(found.x) if system.is_whole else found.x
        seen_least, seen_most = self._seen_least, self._seen_most
        seen_least[system.cells] = np.minimum(seen_least[system.cells], solution)
        seen_most[system.cells] = np.maximum(seen_most[system.cells], solution)
        return float(solution[place])


@dataclass(frozen=True)
class _Part:
    """The unknown cells that sums tie to one cell, and those sums."""

    cells: NDArray[np.intp]
    sums: sparse.csr_array
    target: FloatArray
    lower: FloatArray
    upper: FloatArray
    is_whole: bool

    @property
    def is_simple(self) -> bool:
        """Whether at most one sum ties the cells, each counted once."""
        return self.sums.shape[0] <= 1 and bool(np.all(np.abs(self.sums.data) == 1))

    @classmethod
    def select(cls, sums: sparse.csr_array, knowledge: Knowledge, cell: int) -> _Part:
        is_open = knowledge.upper > knowledge.lower
        is_open[cell] = True
        cells, rows = _find_tied(sums, is_open, cell)
        own = sums[rows]
        known = np.where(is_open, 0.0, knowledge.lower)
        return cls(
            cells,
            own[:, cells],
            -(own @ known),
            knowledge.lower[cells],
            knowledge.upper[cells],
            knowledge.is_whole,
        )


def _bound_simply(system: _Part, cell: int, width: float) -> Bound:
    """Return the range of a cell of one sum: what the others' least and most leave for it."""
    place = int(np.searchsorted(system.cells, cell))
    least, most = float(system.lower[place]), float(system.upper[place])
    if system.sums.shape[0]:
        # With the cell on the left side, every other one counts with the opposite sign.
        signs = system.sums.toarray()[0]
        others = -signs / signs[place]
        others[place] = 0
        ends = np.array([system.lower, system.upper])
        with np.errstate(invalid="ignore"):
            moves = np.where(others == 0, 0.0, others * ends)
        known = float(system.target[0]) / signs[place]
        least = max(least, known + float(moves.min(axis=0).sum()))
        most = min(most, known + float(moves.max(axis=0).sum()))
    if least > most + TOLERANCE:
        raise ValueError("The published counts and totals contradict each other.")
    return Bound(least, min(most, least + width))


def _find_tied(
    sums: sparse.csr_array, is_open: BoolArray, cell: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the open cells that chains of sums tie to a cell, and the sums of those chains."""
    if sums.shape[0] == 1 and sums.nnz == sums.shape[1]:
        return np.flatnonzero(is_open), np.arange(1)
    from scipy.sparse.csgraph import connected_components

    links = (sums != 0).astype(float) @ sparse.diags_array(is_open.astype(float))
    size = sums.shape[0]
    graph = sparse.block_array([[None, links], [links.T, None]])
    _, label = connected_components(graph, directed=False)
    rows = np.flatnonzero(label[:size] == label[size + cell])
    return np.flatnonzero((label[size:] == label[size + cell]) & is_open), rows


def know_published(
    values: FloatArray, rule: DisclosureRule, *, is_whole: bool
) -> tuple[FloatArray, FloatArray]:
    """Return the limits that published counts give, one pair per cell; blanks stay missing.

    A rounded count stands for every count that rounds to it and may be shown; zero is exact.
    """
    if rule.round_to <= 1:
        return values.copy(), values.copy()
    is_odd = is_whole and rule.round_to % 2 == 1
    half = (rule.round_to - 1) / 2 if is_odd else rule.round_to / 2
    is_zero = values == 0
    lower = np.where(is_zero, 0.0, np.maximum(values - half, rule.safe_from))
    return lower, np.where(is_zero, 0.0, values + half)
