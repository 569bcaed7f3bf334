"""A table of counts made safe: small cells withheld, and others so that totals do not tell."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from cip.disclosure.rules import TOLERANCE, DisclosureRule
from cip.disclosure.secondary import Blanks, CellSystem, choose_blanks, know_blanks, need_width
from cip.disclosure.solving import RangeSolver
from cip.shorthand import SUPPRESSED

Cell = tuple[Hashable, Hashable]
Equation = tuple[Sequence[Cell], Cell]


@dataclass(frozen=True)
class ProtectedTable:
    """A table as it may be published.

    Parameters
    ----------
    published
        Counts (people), one row per row of the table; blank cells are missing.
    is_primary, is_secondary
        Cells blank because they are small, and cells blank because they would give those away.
    equations
        Every sum that a reader knows of: the cells that add up, and their total.
    rule
        The rule set applied.
    weak
        Small cells that a reader who is told which blanks are small could work out, however much
        is blanked. Join categories.
    is_whole
        Whether all counts are whole numbers.
    """

    published: pd.DataFrame
    is_primary: pd.DataFrame
    is_secondary: pd.DataFrame
    equations: tuple[Equation, ...]
    rule: DisclosureRule
    weak: tuple[Cell, ...]
    is_whole: bool

    @property
    def is_blank(self) -> pd.DataFrame:
        """Cells withheld for either reason."""
        return self.is_primary | self.is_secondary

    def show(self) -> pd.DataFrame:
        """Return the table as text, with ``[c]`` in blank cells."""
        decimals = 0 if self.is_whole else 1
        text = self.published.map(lambda count: f"{count:,.{decimals}f}")
        return text.mask(self.is_blank, SUPPRESSED)


def protect_table(
    counts: pd.DataFrame,
    rule: DisclosureRule,
    *,
    total_column: Hashable | None = None,
    total_row: Hashable | None = None,
    column_groups: Mapping[Hashable, Sequence[Hashable]] | None = None,
    row_groups: Mapping[Hashable, Sequence[Hashable]] | None = None,
    equations: Iterable[Equation] = (),
    keep: Iterable[Cell] = (),
) -> ProtectedTable:
    """Withhold small counts, and as many others as it takes to keep them from being worked out.

    Parameters
    ----------
    counts
        Counts of people, one row per row of the table; no cell missing.
    rule
        See :func:`cip.disclosure.load_rule`. The rule ``none`` leaves the table as it is.
    total_column, total_row
        Labels of the column with the total of each row and of the row with the total of each
        column. Where they cross stands the grand total.
    column_groups, row_groups
        Subtotals: label of the subtotal, and labels of the columns or rows that make it up.
        Subtotals of subtotals are allowed.
    equations
        Further sums: cells ``(row, column)`` that add up, and the cell of their total.
    keep
        Cells that stay published whatever happens, such as a total known from elsewhere.

    Returns
    -------
    ProtectedTable
        :func:`find_recoverable` proves it; see :func:`cip.disclosure.secondary.choose_blanks` for
        what is promised.

    Raises
    ------
    ValueError
        When a count is missing or negative, a label occurs twice, a total is not the sum of its
        parts, or a kept cell makes protection impossible.
    """
    _check_counts(counts)
    sums = [
        *_list_sums(counts, total_column, column_groups or {}, is_row=False),
        *_list_sums(counts, total_row, row_groups or {}, is_row=True),
        *((tuple(cells), total) for cells, total in equations),
    ]
    if rule.is_open:
        nothing = pd.DataFrame(False, counts.index, counts.columns)
        shown = counts.astype(float)
        return ProtectedTable(shown, nothing, nothing, tuple(sums), rule, (), _is_whole(counts))
    system = _build_system(counts, sums, keep, is_whole=_is_whole(counts))
    _check_sums(system, sums)
    blanks = choose_blanks(system, rule)
    return _assemble(counts, sums, system, rule, blanks)


def find_recoverable(table: ProtectedTable, *, is_informed: bool = False) -> pd.DataFrame:
    """Solve for every blank cell and return those that a reader can work out too closely.

    Only what is published is used: the shown counts (each standing for all that round to it), the
    sums, and that a blank is a positive count.

    Parameters
    ----------
    is_informed
        Whether the reader has also been told which blanks are the small ones. Then the table
        must only keep more than one possible value for each of these.

    Returns
    -------
    DataFrame
        One row per blank cell that is not safe: ``row, column, is_primary, least, most,
        least_width``. No rows for a table that keeps its promise.
    """
    system = _build_system(table.published, table.equations, (), is_whole=table.is_whole)
    blanks = Blanks(*(_flatten(mask) for mask in (table.is_primary, table.is_secondary)))
    knowledge = know_blanks(system, table.rule, blanks, is_informed=is_informed)
    solver, rows = RangeSolver(system.sums), []
    for cell in np.flatnonzero(blanks.is_primary if is_informed else blanks.is_blank).tolist():
        width = 1 if is_informed else need_width(system, table.rule, blanks, cell)
        if not solver.is_wide(knowledge, cell, width):
            bound = solver.find_bound(knowledge, cell, width)
            rows.append((*_name_cell(table.published, cell), blanks.is_primary[cell],
                         bound.least, bound.most, width))  # fmt: skip
    names = ["row", "column", "is_primary", "least", "most", "least_width"]
    return pd.DataFrame(rows, columns=names)


def _list_sums(
    counts: pd.DataFrame,
    total: Hashable | None,
    groups: Mapping[Hashable, Sequence[Hashable]],
    *,
    is_row: bool,
) -> list[Equation]:
    """Return the sums along one side of the table, once for each line of the other side."""
    labels, lines = (counts.index, counts.columns) if is_row else (counts.columns, counts.index)
    grouped = {label for parts in groups.values() for label in parts}
    # The grand total adds up what no subtotal holds, so nothing counts twice.
    tops = [label for label in labels if label != total and label not in grouped]
    sums = dict(groups) if total is None else {**groups, total: tops}
    unknown = {*sums, *grouped} - set(labels)
    if unknown:
        raise ValueError(f"The table has no {', '.join(map(str, sorted(unknown, key=str)))}.")
    place = (lambda label, line: (label, line)) if is_row else (lambda label, line: (line, label))
    return [
        (tuple(place(part, line) for part in parts), place(whole, line))
        for whole, parts in sums.items()
        for line in lines
    ]


def _build_system(
    counts: pd.DataFrame,
    equations: Iterable[Equation],
    keep: Iterable[Cell],
    *,
    is_whole: bool,
) -> CellSystem:
    values = counts.to_numpy(dtype=float).ravel()
    equations = list(equations)
    rows = [row for row, (cells, _) in enumerate(equations) for _ in range(len(cells) + 1)]
    cells = [_find_cell(counts, cell) for parts, total in equations for cell in (*parts, total)]
    signs = [sign for parts, _ in equations for sign in (*[1.0] * len(parts), -1.0)]
    sums = sparse.csr_array((signs, (rows, cells)), shape=(len(equations), values.size))
    is_open, is_total = (np.zeros(values.size, dtype=bool) for _ in range(2))
    is_open[[_find_cell(counts, cell) for cell in keep]] = True
    is_total[[_find_cell(counts, total) for _, total in equations]] = True
    nothing = np.zeros(values.size, dtype=bool)
    return CellSystem(values, sums, is_open, is_total, nothing, is_whole)


def _assemble(
    counts: pd.DataFrame,
    sums: list[Equation],
    system: CellSystem,
    rule: DisclosureRule,
    blanks: Blanks,
) -> ProtectedTable:
    def shape(flat: np.ndarray) -> pd.DataFrame:
        return pd.DataFrame(flat.reshape(counts.shape), counts.index, counts.columns)

    return ProtectedTable(
        published=shape(rule.round_counts(system.values)).mask(shape(blanks.is_blank)),
        is_primary=shape(blanks.is_primary),
        is_secondary=shape(blanks.is_secondary),
        equations=tuple(sums),
        rule=rule,
        weak=tuple(_name_cell(counts, cell) for cell in blanks.weak),
        is_whole=system.is_whole,
    )


def _check_counts(counts: pd.DataFrame) -> None:
    if not counts.index.is_unique or not counts.columns.is_unique:
        raise ValueError("A row or column of the table has the same label as another.")
    values = counts.to_numpy(dtype=float, na_value=np.nan)
    if np.isnan(values).any():
        raise ValueError("A count is missing.")
    if (values < 0).any():
        raise ValueError("A count is negative.")


def _check_sums(system: CellSystem, sums: list[Equation]) -> None:
    gaps = np.abs(system.sums @ system.values)
    if np.any(gaps > TOLERANCE * max(1.0, np.abs(system.values).max(initial=0))):
        raise ValueError(f"The parts do not add up to the total {sums[int(gaps.argmax())][1]}.")


def _is_whole(counts: pd.DataFrame) -> bool:
    values = counts.to_numpy(dtype=float)
    shown = values[np.isfinite(values)]
    return bool(np.all(np.abs(shown - np.round(shown)) <= TOLERANCE))


def _find_cell(counts: pd.DataFrame, cell: Cell) -> int:
    row, column = cell
    return counts.index.get_loc(row) * counts.shape[1] + counts.columns.get_loc(column)


def _name_cell(counts: pd.DataFrame, cell: int) -> Cell:
    row, column = divmod(cell, counts.shape[1])
    return counts.index[row], counts.columns[column]


def _flatten(mask: pd.DataFrame) -> np.ndarray:
    return mask.to_numpy(dtype=bool).ravel()
