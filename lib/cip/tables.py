"""Hand-over between stages: small typed tables in ``outputs/<area>/tables``, checked both ways."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from cip.errors import CipError, Problem
from cip.schemas import SCHEMAS

if TYPE_CHECKING:
    import pandas as pd


_DTYPES = {"text": "str", "number": "float64", "count": "Int64", "flag": "boolean"}


class TableFolder:
    """The tables of one area's run.

    Parameters
    ----------
    root
        ``outputs/<area>/tables``; made on the first write.
    """

    def __init__(self, root: str | Path):
        self.root = Path(root)

    def write(self, name: str, table: pd.DataFrame) -> Path:
        """Check a table against its schema and write it as Parquet, whole or not at all."""
        checked = check_table(name, table)
        self.root.mkdir(parents=True, exist_ok=True)
        target = self.root / f"{name}.parquet"
        partial = target.with_suffix(f".{os.getpid()}.tmp")
        try:
            checked.to_parquet(partial, index=False)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
        return target

    def read(self, name: str) -> pd.DataFrame:
        """Read a table that an earlier stage wrote.

        Raises
        ------
        CipError
            If the stage that makes it has not run for this area, naming that stage.
        """
        import pandas as pd

        path = self.root / f"{name}.parquet"
        if not path.exists():
            message = (
                f"the table '{name}' is not there; run the stage '{SCHEMAS[name].written_by}' first"
            )
            raise CipError(Problem(message, file=path.name))
        return check_table(name, pd.read_parquet(path))

    def has(self, name: str) -> bool:
        """Return whether the table has been written."""
        return (self.root / f"{name}.parquet").exists()

    def list_names(self) -> list[str]:
        """Return the names of the tables that are there, in the order of the schemas."""
        return [name for name in SCHEMAS if self.has(name)]


def keep_texts_plain() -> None:
    """Let pandas hold texts as Python's own, in this process and from now on.

    The tables of one area are small and are gone through row by row for charts and words. Kept
    as Arrow's arrays, which suit millions of rows, that takes a fifth longer.
    """
    import pandas as pd

    pd.set_option("mode.string_storage", "python")


def check_table(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its declared columns and types, in the declared order.

    Raises
    ------
    CipError
        If a column is missing or unknown, a value has the wrong type, or a key occurs twice.
    """
    from pandas.api.types import pandas_dtype

    schema = SCHEMAS[name]
    problems = [
        Problem(f"the table '{name}' lacks the column '{column}'")
        for column in schema.columns
        if column not in table.columns
    ]
    problems += [
        Problem(f"the table '{name}' has a column that its schema does not know: '{column}'")
        for column in table.columns
        if column not in schema.columns
    ]
    if problems:
        raise CipError(problems)
    try:
        checked = table[list(schema.columns)]
        # A table that was written by a stage has its types already.
        types = {column: pandas_dtype(_DTYPES[kind]) for column, kind in schema.columns.items()}
        checked = checked.astype(
            {name: kind for name, kind in types.items() if checked[name].dtype != kind}
        )
    except (TypeError, ValueError) as error:
        raise CipError(
            Problem(f"the table '{name}' has a value of the wrong type: {error}")
        ) from None
    checked = checked.reset_index(drop=True)
    if repeated := int(checked.duplicated(list(schema.key)).sum()):
        key = ", ".join(schema.key)
        raise CipError(
            Problem(f"the table '{name}' has {repeated} row(s) whose key ({key}) occurs twice")
        )
    return checked
