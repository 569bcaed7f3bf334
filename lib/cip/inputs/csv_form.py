"""A table of the community's own that the workbook adds to: what nobody changed stays as it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cip.errors import ParameterError, Problem
from cip.formulas import neutralise_text
from cip.inputs.columns import Column, fold_name

_BOM = "\ufeff"


@dataclass
class CsvForm:
    """How a table is written.

    Parameters
    ----------
    names
        Name of each declared column, ``""`` for one that is not declared.
    headings
        The headings as the file has them.
    rows
        One mapping of name to cell per row.
    delimiter, newline, mark
        As the file has them; a new file is UTF-8 with its mark, as spreadsheet programs want it.
    """

    names: list[str]
    headings: list[str]
    rows: list[dict[str, str]] = field(repr=False)
    delimiter: str = ","
    newline: str = "\r\n"
    mark: str = _BOM

    def write(self) -> str:
        """Return the table as text, with no cell that a spreadsheet program runs."""
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=self.delimiter, lineterminator=self.newline)
        writer.writerow(self.headings)
        for row in self.rows:
            writer.writerow([neutralise_text(row.get(name, "")) for name in self.names])
        return self.mark + out.getvalue()


def read_csv_form(
    path: Path,
    columns: Mapping[str, Column],
    check: Callable[[Path], object],
    *,
    refusal: str,
) -> CsvForm:
    """Read a table as it is written, or start one where there is none.

    Parameters
    ----------
    check
        Refuses what cannot be read, with every problem of the file.
    refusal
        What is said of a file that is no CSV.

    Raises
    ------
    ParameterError
        If the file is no CSV, or with what ``check`` finds.
    """
    if not path.exists():
        return CsvForm(list(columns), list(columns), [])
    if path.suffix.casefold() != ".csv":
        raise ParameterError(Problem(refusal, file=path, expected="a file that ends in .csv"))
    check(path)
    text = path.read_bytes().decode("utf-8")
    mark = _BOM if text.startswith(_BOM) else ""
    text = text.removeprefix(_BOM)
    first = text.lstrip().splitlines()[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    cells = [row for row in reader if any(cell.strip() for cell in row)]
    known = {fold_name(name): name for name in columns}
    names = [known.get(fold_name(heading), "") for heading in cells[0]]
    rows = [dict(zip(names, map(str.strip, row), strict=False)) for row in cells[1:]]
    newline = "\r\n" if "\r\n" in text else "\n"
    return CsvForm(names, cells[0], rows, delimiter, newline, mark)
