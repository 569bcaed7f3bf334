"""A CSV file that people keep by hand, changed one row at a time: all other bytes stay."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cip.errors import ParameterError, Problem
from cip.formulas import neutralise_cell
from cip.inputs.columns import fold_name
from cip.inputs.files import read_rows

#: How the workbook's own forms are written: spreadsheet programs then show every letter right.
_BOM = b"\xef\xbb\xbf"
_NEW_LINE_END, _NEW_DELIMITER = "\r\n", ","
_DELIMITERS = ",;\t"


@dataclass(frozen=True)
class CsvRecord:
    """One row as the file writes it: its number (from 1), its text with line end, its cells."""

    row: int
    raw: str = field(repr=False)
    cells: tuple[str, ...]


@dataclass(frozen=True)
class CsvFile:
    """A CSV file with the text of every row kept.

    Parameters
    ----------
    path
        The file.
    content
        Its bytes; None where there is no such file yet.
    records
        Its rows, the headings first among those that hold text.
    delimiter, line_end
        What it parts cells and ends lines with.
    """

    path: Path
    content: bytes | None = field(repr=False)
    records: tuple[CsvRecord, ...] = field(repr=False)
    delimiter: str = _NEW_DELIMITER
    line_end: str = _NEW_LINE_END

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings as they are written."""
        return next((one.cells for one in self.records if any(map(str.strip, one.cells))), ())

    def find_place(self, name: str) -> int | None:
        """Return where a column stands, or None; case, spaces and hyphens are not told apart."""
        folded = [fold_name(heading) for heading in self.headings]
        return folded.index(fold_name(name)) if fold_name(name) in folded else None

    def find_cell(self, row: int, name: str) -> str:
        """Return the text of one cell; empty where the row is too short or not there."""
        place = self.find_place(name)
        cells = next((one.cells for one in self.records if one.row == row), ())
        return cells[place] if place is not None and place < len(cells) else ""

    def order_cells(self, cells: Mapping[str, str]) -> list[str]:
        """Return a new row's cells in the order of the headings, safe for a spreadsheet.

        Raises
        ------
        ParameterError
            If a cell that is filled in has no column in the file.
        """
        self._check_columns(name for name, cell in cells.items() if cell)
        by_name = {fold_name(name): cell for name, cell in cells.items()}
        return [_make_safe(by_name.get(fold_name(heading), "")) for heading in self.headings]

    def append(self, cells: Mapping[str, str]) -> bytes:
        """Return the file's bytes with one more row at the end; a column left out stays blank.

        Raises
        ------
        ParameterError
            If a cell that is filled in has no column in the file.
        """
        text = "".join(one.raw for one in self.records)
        if text and not text.endswith(("\n", "\r")):
            text += self.line_end
        row = _write_row(self.order_cells(cells), self.delimiter)
        return self._encode(f"{text}{row}{self.line_end}")

    def change(self, row: int, cells: Mapping[str, str]) -> bytes:
        """Return the file's bytes with some cells of one row replaced, all others as they were.

        Raises
        ------
        ParameterError
            If the row or a column is not there.
        """
        self._check_columns(cells)
        if row not in {one.row for one in self.records[1:]}:
            raise ParameterError(Problem("there is no such row", file=self.path, row=row))
        new = {self.find_place(name): _make_safe(cell) for name, cell in cells.items()}
        texts = [
            self._change_record(one, new) if one.row == row else one.raw for one in self.records
        ]
        return self._encode("".join(texts))

    def _check_columns(self, names: Iterable[str]) -> None:
        missing = [name for name in names if self.find_place(name) is None]
        if missing:
            raise ParameterError(
                Problem(
                    f"the file has no column '{name}'",
                    file=self.path,
                    row=1,
                    expected="the column added to the headings first, or the cell left blank",
                )
                for name in missing
            )

    def _change_record(self, record: CsvRecord, new: Mapping[int | None, str]) -> str:
        body = record.raw.rstrip("\r\n")
        end = record.raw[len(body) :]
        raw = list(_split_raw(body, self.delimiter))
        raw += [""] * (len(self.headings) - len(raw))
        for place, cell in new.items():
            # A cell that says the same already keeps the way it is quoted.
            is_same = place is not None and record.cells[place : place + 1] == (cell,)
            if place is not None and not is_same:
                raw[place] = _write_row([cell], self.delimiter) if cell else ""
        return self.delimiter.join(raw) + end

    def _encode(self, text: str) -> bytes:
        has_mark = self.content is None or self.content.startswith(_BOM)
        return (_BOM if has_mark else b"") + text.encode("utf-8")


def read_csv_file(path: Path, columns: Iterable[str]) -> CsvFile:
    """Read a CSV file so that a row of it can be changed.

    Raises
    ------
    ParameterError
        If it is not a CSV file in UTF-8, is empty, or its quotation marks do not match.
    """
    if path.suffix.casefold() not in (".csv", ".tsv", ".txt"):
        problem = "only CSV files are changed from here"
        raise ParameterError(Problem(problem, file=path, expected="a .csv file"))
    rows = read_rows(path, columns).cells
    if not rows:
        raise ParameterError(Problem("this file is empty", file=path, expected="headings"))
    content = path.read_bytes()
    text = content.decode("utf-8-sig")
    for delimiter in _DELIMITERS:
        records = tuple(_split_records(text, delimiter))
        # The reader of the community's tables decides what parts the cells.
        if [(r.row, list(r.cells)) for r in records if any(map(str.strip, r.cells))] == rows:
            end = re.search(r"\r\n|\n|\r", text)
            return CsvFile(path, content, records, delimiter, end[0] if end else _NEW_LINE_END)
    raise ParameterError(Problem("the file changed while it was read; try again", file=path))


def start_csv_file(path: Path, columns: Iterable[str]) -> CsvFile:
    """Return a file that is not there yet, with its headings alone."""
    names = list(columns)
    raw = _write_row(names, _NEW_DELIMITER) + _NEW_LINE_END
    return CsvFile(path, None, (CsvRecord(1, raw, tuple(names)),))


def _split_records(text: str, delimiter: str) -> Iterator[CsvRecord]:
    """Yield every row with its own text; the line ends stay what they are."""
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    first = 0
    try:
        for row, cells in enumerate(reader, start=1):
            yield CsvRecord(row, "".join(lines[first : reader.line_num]), tuple(cells))
            first = reader.line_num
    except csv.Error:
        # Not the delimiter of this file, which another one reads without a fault.
        return


def _split_raw(body: str, delimiter: str) -> Iterator[str]:
    """Yield the cells of one row as they are written, quotation marks included."""
    cell = re.compile(rf'("(?:[^"]|"")*"|[^{re.escape(delimiter)}]*)({re.escape(delimiter)}|$)')
    start = 0
    while found := cell.match(body, start):
        yield found[1]
        if not found[2]:
            return
        start = found.end()


def _make_safe(cell: str) -> str:
    return str(neutralise_cell(cell.strip()))


def _write_row(cells: Iterable[str], delimiter: str) -> str:
    out = io.StringIO(newline="")
    # The writer quotes what its own line end holds, so this one must be the usual pair.
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerow(cells)
    return out.getvalue().removesuffix("\r\n")
