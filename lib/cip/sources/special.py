"""Recognising tables without the usual headings: periods as columns, or no headings at all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from cip.catalogue.layouts import Layout
from cip.sources.forms import KEEP, NAME, PERIOD, Form
from cip.sources.headings import fold_heading
from cip.sources.raw_tables import RawTable

#: A file without headings is recognised when this share of its first rows looks as declared.
ALIKE_SHARE = 0.9


def join_header_rows(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Return one heading for each column of two rows of headings.

    A text of the upper row holds for the empty cells on its right, as merged cells read.

    Examples
    --------
    >>> join_header_rows(["Code", "Flats", ""], ["", "Number", "Share"])
    ['Code', 'Flats; Number', 'Flats; Share']
    """
    headings, above = [], ""
    width = max(len(upper), len(lower))
    for top, under in zip(_fill(upper, width), _fill(lower, width), strict=True):
        above = top.strip() or above
        headings.append(f"{above}; {under.strip()}" if under.strip() else top.strip())
    return headings


def _fill(row: Sequence[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))]


def place_periods(layout: Layout, row: Sequence[str]) -> dict[str, int]:
    """Return where the periods of a wide table of values are, and the areas' names before them."""
    pattern = re.compile(layout.period_pattern)
    found = {
        cell.strip(): place for place, cell in enumerate(row) if pattern.fullmatch(cell.strip())
    }
    if not found or min(found.values()) == 0:
        return {}
    return {NAME: min(found.values()) - 1, **found}


def place_period_counts(layout: Layout, row: Sequence[str]) -> dict[str, int]:
    """Return where the counts of each period are, by the period that a heading names."""
    pattern = re.compile(layout.period_pattern)
    found = {place: pattern.search(" ".join(cell.split())) for place, cell in enumerate(row)}
    return {f"{PERIOD}:{m[1]}": place for place, m in found.items() if m}


def place_records(layout: Layout, head: Sequence[Sequence[str]]) -> dict[str, int]:
    """Return where the fields of a file without headings are; empty when it looks otherwise."""
    rows = [row for row in head if any(cell.strip() for cell in row)]
    if not rows or any(len(row) != len(layout.positions) for row in rows):
        return {}
    places = {id_: n for n, id_ in enumerate(layout.positions) if id_}
    alike = sum(_list_alike(layout, rows, places))
    return places if alike >= ALIKE_SHARE * len(rows) else {}


def _list_alike(
    layout: Layout, rows: Sequence[Sequence[str]], places: Mapping[str, int]
) -> list[bool]:
    """Return for each row whether its cells look as the layout's patterns say."""
    patterns = [(places[id_], re.compile(text)) for id_, text in layout.patterns.items()]
    return [
        all(
            len(row) > place and pattern.fullmatch(row[place].strip())
            for place, pattern in patterns
        )
        for row in rows
    ]


def looks_as_declared(form: Form, body: Sequence[Sequence[str]], places: dict[str, int]) -> bool:
    """Return False for rows under headings that do not look as the layout's patterns say.

    The first row must, too: a second row of headings may stand there.
    """
    if not form.layout.patterns:
        return True
    alike = _list_alike(form.layout, [row for row in body if any(map(str.strip, row))], places)
    return bool(alike) and alike[0] and sum(alike) >= ALIKE_SHARE * len(alike)


def is_unnamed_points(form: Form, table: RawTable) -> bool:
    """Return True for points without properties in a collection or file of the layout's name."""
    if not table.has_geometry or any(table.head[0]):
        return False
    named = [table.sheet or "", PurePosixPath(table.file.name).name]
    pattern = re.compile(form.layout.marker, re.IGNORECASE)
    return any(pattern.search(text) for text in named)


def holds_kept_rows(form: Form, body: Sequence[Sequence[str]], places: dict[str, int]) -> bool:
    """Return True when the head of a table has rows that the layout would keep."""
    for n, accepted in enumerate(form.layout.keep.values()):
        wanted = {fold_heading(text) for text in accepted}
        place = places.get(f"{KEEP}{n}")
        if place is None or not any(
            len(row) > place and fold_heading(row[place]) in wanted for row in body
        ):
            return False
    return True
