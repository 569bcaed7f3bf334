"""Rows that came back from a workbook, put into the CSV file that they were made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from cip.inputs import Column
from cip.interactive.asset_csv import CsvFile, CsvRecord, read_csv_file, start_csv_file


def open_csv(path: Path, columns: Mapping[str, Column]) -> CsvFile:
    """Return a CSV file as it is written, or one that has its headings alone where there is none.

    Raises
    ------
    ParameterError
        If it is no CSV file in UTF-8.
    """
    return read_csv_file(path, columns) if path.exists() else start_csv_file(path, columns)


def merge_rows(
    table: CsvFile, rows: Sequence[Mapping[str, str]], *, key: str | None = None
) -> bytes:
    """Return the file's bytes with these rows in this order; a row that says the same is kept.

    Parameters
    ----------
    table
        The file as it is.
    rows
        The rows as they are to be. Blanks around a cell and the kind of its line ends are not
        told apart.
    key
        Column whose cell is the same in the old and the new version of a row, so that only the
        cells that differ are written anew; None where rows have no such name.

    Raises
    ------
    ParameterError
        If a row has a cell for which the file has no column.
    """
    head, body = _part(table)
    left = [(record, _read(table, record, rows)) for record in body]
    kept: list[str] = []
    used: list[CsvRecord] = []
    for row in rows:
        found = _find(left, row, key)
        if found is None:
            kept.append(_append(table, head, row))
            continue
        left.remove(found)
        used.append(found[0])
        kept.append(_change(table, head, found, row))
    if not left and used == body and kept == [record.raw for record in body]:
        return table.content or _encode(table, head.raw)
    return _encode(table, "".join(_end_lines([head.raw, *kept], table.line_end)))


def append_rows(table: CsvFile, rows: Sequence[Mapping[str, str]]) -> bytes:
    """Return the file's bytes with more rows at its end; all others stay.

    Raises
    ------
    ParameterError
        If a row has a cell for which the file has no column.
    """
    head, _ = _part(table)
    texts = [record.raw for record in table.records]
    texts += [_append(table, head, row) for row in rows]
    return _encode(table, "".join(_end_lines(texts, table.line_end)))


def change_cells(table: CsvFile, changes: Mapping[int, Mapping[str, str]]) -> bytes:
    """Return the file's bytes with some cells of some rows written anew; all others stay.

    Parameters
    ----------
    changes
        New cells by column, by number of the row.

    Raises
    ------
    ParameterError
        If a column is not there.
    """
    head, _ = _part(table)
    texts = []
    for record in table.records:
        small = replace(table, content=b"", records=(head, record))
        cells = changes.get(record.row)
        texts.append(_strip_head(small.change(record.row, cells), head) if cells else record.raw)
    return _encode(table, "".join(texts))


def _part(table: CsvFile) -> tuple[CsvRecord, list[CsvRecord]]:
    """Return the headings and the rows that hold text."""
    filled = [one for one in table.records if any(map(str.strip, one.cells))]
    return filled[0], filled[1:]


def _read(table: CsvFile, record: CsvRecord, rows: Sequence[Mapping[str, str]]) -> dict[str, str]:
    names = rows[0] if rows else {}
    return {name: table.find_cell(record.row, name) for name in names}


def _find(
    left: Sequence[tuple[CsvRecord, dict[str, str]]], row: Mapping[str, str], key: str | None
) -> tuple[CsvRecord, dict[str, str]] | None:
    same = (one for one in left if not _list_changed(one[1], row))
    named = (
        one for one in left if key and _fold(one[1][key]) and _fold(one[1][key]) == _fold(row[key])
    )
    return next(same, None) or next(named, None)


def _list_changed(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    return {name: cell for name, cell in after.items() if _fold(cell) != _fold(before[name])}


def _fold(cell: str) -> str:
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip()


def _change(
    table: CsvFile,
    head: CsvRecord,
    found: tuple[CsvRecord, dict[str, str]],
    row: Mapping[str, str],
) -> str:
    """Return the text of a row with the cells that differ written anew."""
    record, before = found
    changed = _list_changed(before, row)
    if not changed:
        return record.raw
    small = replace(table, content=b"", records=(head, record))
    return _strip_head(small.change(record.row, changed), head)


def _append(table: CsvFile, head: CsvRecord, row: Mapping[str, str]) -> str:
    ended = replace(head, raw=_end_lines([head.raw, ""], table.line_end)[0])
    small = replace(table, content=b"", records=(ended,))
    return _strip_head(small.append(row), ended)


def _strip_head(content: bytes, head: CsvRecord) -> str:
    return content.decode("utf-8").removeprefix(head.raw)


def _end_lines(texts: Sequence[str], line_end: str) -> list[str]:
    """Return rows of which each but the last ends its line."""
    return [
        text if text.endswith(("\n", "\r")) or place == len(texts) - 1 else text + line_end
        for place, text in enumerate(texts)
    ]


def _encode(table: CsvFile, text: str) -> bytes:
    has_mark = table.content is None or table.content.startswith(b"\xef\xbb\xbf")
    return (b"\xef\xbb\xbf" if has_mark else b"") + text.encode("utf-8")
