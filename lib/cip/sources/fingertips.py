"""Indicators of OHID's Fingertips as CSV: a few indicators and one type of area at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from cip.catalogue.downloads import FingertipsDownload
from cip.errors import Problem, SourceError
from cip.sources.transfer import Transfer, make_too_large

#: Headings that every answer has; the others are checked when the file is read.
EXPECTED = ("Indicator ID", "Area Code", "Value")


def get_fingertips(download: FingertipsDownload, transfer: Transfer) -> bytes:
    """Ask for every indicator at every type of area and return one CSV.

    Rows that come with more than one type of area (England, say) are kept once.

    Raises
    ------
    SourceError
        When an answer is not the declared table, answers differ in their headings, or no
        answer has a row.
    """
    headings: list[str] = []
    lines: dict[tuple[str, ...], None] = {}
    size = 0
    for params in _list_questions(download):
        content = transfer.get(download.address, params=params, max_bytes=download.max_bytes - size)
        size += len(content)
        if size >= download.max_bytes:
            raise make_too_large(download.address, download.max_bytes)
        found, rows = _parse(content, download.address)
        if headings and found != headings:
            raise SourceError(
                Problem(
                    "The answers have different headings.",
                    file=download.address,
                    found=", ".join(found),
                    expected=", ".join(headings),
                )
            )
        headings = found
        lines.update(dict.fromkeys(tuple(row) for row in rows))
    if not lines:
        raise SourceError(
            Problem("Fingertips has no rows for these indicators.", file=download.address)
        )
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([headings, *lines])
    return text.getvalue().encode()


def _list_questions(download: FingertipsDownload) -> Iterator[dict[str, str]]:
    for area_type in download.area_types:
        for first in range(0, len(download.indicators), download.batch):
            some = download.indicators[first : first + download.batch]
            yield {
                "indicator_ids": ",".join(map(str, some)),
                "child_area_type_id": str(area_type),
                "parent_area_type_id": str(download.parent_area_type),
            }


def _parse(content: bytes, address: str) -> tuple[list[str], list[list[str]]]:
    rows = [row for row in csv.reader(io.StringIO(content.decode("utf-8-sig", "replace"))) if row]
    missing = [heading for heading in EXPECTED if not rows or heading not in rows[0]]
    if missing:
        raise SourceError(
            Problem(
                "Fingertips gave another table than expected.",
                file=address,
                found=", ".join(rows[0])[:200] if rows else "an empty answer",
                expected=", ".join(EXPECTED),
            )
        )
    return rows[0], rows[1:]
