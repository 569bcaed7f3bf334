"""Tables read with rules between cells, and one message for each cell that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pandas as pd

from cip.errors import ParameterError, Problem
from cip.inputs import Column, read_table


def read_checked(
    path: Path,
    columns: Mapping[str, Column],
    check: Callable[[pd.DataFrame], Iterable[Problem]],
) -> pd.DataFrame:
    """Read a table as :func:`cip.inputs.read_table` does, without telling a cell twice.

    A cell that cannot be read is missing when the rules look at it, so that a rule would call
    it blank although it has been told already what is wrong with it.

    Raises
    ------
    ParameterError
        With the first problem of every cell that has one.
    """
    try:
        return read_table(path, columns, check=check)
    except ParameterError as error:
        first = {(p.row, p.column, p.row is None and str(p)): p for p in reversed(error.problems)}
        raise ParameterError(list(reversed(first.values()))) from None
