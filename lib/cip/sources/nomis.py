"""Datasets of the Nomis API as CSV, in pages of at most 25,000 rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from cip.catalogue.downloads import NomisDownload
from cip.errors import Problem, SourceError
from cip.sources.paging import read_pages
from cip.sources.transfer import Transfer

#: The column in which Nomis says how many rows the whole answer has.
COUNT_COLUMN = "RECORD_COUNT"


def get_nomis(download: NomisDownload, transfer: Transfer, areas: Sequence[str] = ()) -> bytes:
    """Ask for a dataset page by page and return one CSV.

    Parameters
    ----------
    areas
        Codes of areas to ask for, with their small areas; by default what is declared.

    Raises
    ------
    SourceError
        When the pages have different headings, or fewer rows came than Nomis says there are: a
        table that was cut without a word must not pass for the whole.
    """
    params = {**download.params, **_choose_geography(download, areas)}
    pages: list[list[list[str]]] = []
    expected: int | None = None

    def make_params(rows: int) -> dict[str, str] | None:
        if expected is not None and rows >= expected:
            return None
        return {**params, "RecordOffset": str(rows), "RecordLimit": str(download.page_rows)}

    def count_rows(content: bytes) -> int:
        nonlocal expected
        table = _parse_page(content, download.address)
        _check_headings(pages, table, download.address)
        expected = _read_count(table) if expected is None else expected
        pages.append(table)
        return len(table) - 1

    for _ in read_pages(
        transfer,
        download.address,
        make_params=make_params,
        count_rows=count_rows,
        max_bytes=download.max_bytes,
    ):
        pass
    return _join(pages, expected, download.address)


def _choose_geography(download: NomisDownload, areas: Sequence[str]) -> dict[str, str]:
    if not areas:
        return {}
    codes = [form.format(area=area) for area in areas for form in download.area_geography]
    return {"geography": ",".join(dict.fromkeys([*codes, *download.always]))}


def _parse_page(content: bytes, address: str) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(Problem("The answer is not text.", file=address)) from error
    rows = [row for row in csv.reader(io.StringIO(text)) if row]
    if not rows or "OBS_VALUE" not in rows[0]:
        raise SourceError(
            Problem(
                "Nomis gave no table: a part of the question is not known to it.",
                file=address,
                found=text[:80].strip() or "an empty answer",
                expected="a heading OBS_VALUE",
            )
        )
    return rows


def _check_headings(pages: list[list[list[str]]], table: list[list[str]], address: str) -> None:
    if pages and table[0] != pages[0][0]:
        raise SourceError(
            Problem(
                "The service changed its headings between two pages.",
                file=address,
                found=", ".join(table[0]),
                expected=", ".join(pages[0][0]),
            )
        )


def _read_count(table: list[list[str]]) -> int | None:
    if COUNT_COLUMN not in table[0] or len(table) < 2:
        return None
    cell = table[1][table[0].index(COUNT_COLUMN)]
    return int(cell) if cell.isdigit() else None


def _join(pages: list[list[list[str]]], expected: int | None, address: str) -> bytes:
    rows = [row for page in pages for row in page[1:]]
    if not rows:
        raise SourceError(
            Problem("Nomis has no rows for this question: is an area code wrong?", file=address)
        )
    if expected is not None and len(rows) != expected:
        raise SourceError(
            Problem(
                "Nomis gave another number of rows than it said.",
                file=address,
                found=f"{len(rows):,}",
                expected=f"{expected:,}",
            )
        )
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([pages[0][0], *rows])
    return text.getvalue().encode()
