"""Recognising tables with one row for each area and category, by the labels in their rows."""

from __future__ import annotations

import re
from functools import lru_cache

from cip.catalogue.sources import Layout
from cip.errors import Problem, find_nearest
from cip.sources.forms import CODE, VALUE, Form
from cip.sources.headings import compile_heading, find_heading, fold_heading, index_headings
from cip.sources.matches import NEAR_SHARE, Match, NearMiss, describe_miss
from cip.sources.raw_tables import RawTable


def judge_long(
    table: RawTable, form: Form, i: int, row: list[str], places: dict[str, int]
) -> Match | NearMiss | None:
    """Compare a row with a layout that has one row for each area and category."""
    classified = compile_heading(form.layout.classification)
    if isinstance(classified, re.Pattern):
        found = [h for h in index_headings(row) if classified.fullmatch(h)]
        if len(found) != 1 + len(form.labels):
            return None
    axes, known_share = _find_axes(form, table.head[i + 1 :], row, places)
    if len(axes) < len(form.labels):
        return None
    missing = [id_ for id_ in (CODE, VALUE) if id_ not in places]
    match = Match(form, table, i, places, row, axes)
    if not missing and known_share == 1:
        return match
    if not missing:
        return NearMiss(form.source, known_share / 2, _list_unknown_labels(match))
    return (
        describe_miss(table, form, i, row, missing, known_share / 2) if len(missing) == 1 else None
    )


def _list_unknown_labels(match: Match) -> list[Problem]:
    """Name the categories in the head of a long table that are not of the product it looks like."""
    source, layout, place = match.form.source, match.form.layout, match.axes[0]
    known = match.form.labels[0].keys() | {fold_label(x, layout) for x in layout.drop_labels}
    groups = [axis.categories for axis in source.axes] or [source.categories]
    spellings = [label for labels in groups[0].values() for label in labels]
    strange: dict[str, int] = {}
    for i, row in enumerate(match.table.head[match.header_row + 1 :], start=match.header_row + 2):
        if len(row) > place and row[place].strip() and fold_label(row[place], layout) not in known:
            strange.setdefault(row[place].strip(), i)
    return [
        Problem(
            f"The file looks like {source.title}, but a category is not one of that table's.",
            file=match.table.file.name,
            sheet=match.table.sheet,
            row=row,
            column=match.headings[place],
            found=f"'{label}'",
            nearest=find_nearest(label, spellings),
        )
        for label, row in strange.items()
    ]


def _find_axes(
    form: Form, body: list[list[str]], headings: list[str], places: dict[str, int]
) -> tuple[list[int], float]:
    """Find the column of each classification: by heading where declared, else by its labels."""
    folded = index_headings(headings)
    axes: list[int] = []
    lowest = 1.0
    for n, labels in enumerate(form.labels):
        share = 0.0
        if form.source.axes:
            place = find_heading(form.source.axes[n].headings, folded)
            share = 1.0
        else:
            free = [c for c in range(len(headings)) if c not in places.values()]
            shares = {c: _share_known(form.layout, body, c, labels) for c in free}
            place = max(shares, key=lambda c: shares[c], default=None)
            share = shares[place] if place is not None else 0.0
        if place is not None and share >= NEAR_SHARE:
            axes.append(place)
            lowest = min(lowest, share)
    return axes, lowest


def _share_known(
    layout: Layout, body: list[list[str]], column: int, labels: dict[str, str]
) -> float:
    dropped = {fold_label(label, layout) for label in layout.drop_labels}
    cells = [fold_label(row[column], layout) for row in body if len(row) > column]
    cells = [cell for cell in cells if cell and cell not in dropped]
    return sum(cell in labels for cell in cells) / len(cells) if cells else 0.0


@lru_cache(maxsize=65536)
def _strip_ending(cell: str, ending: str) -> str:
    text = cell.strip()
    return text[: -len(ending)] if ending and text.casefold().endswith(ending.casefold()) else text


def fold_label(cell: str, layout: Layout) -> str:
    """Return a category label reduced to what is compared, without "(number)" or "(percent)"."""
    return fold_heading(_strip_ending(_strip_ending(cell, layout.keep_ending), layout.drop_ending))
