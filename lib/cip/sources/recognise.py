"""Recognising files: which declared layouts of which products a table's content fits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from cip.catalogue.sources import Layout, Source
from cip.errors import Problem, find_nearest
from cip.sources.forms import CODE, NAME, VALUE, Form
from cip.sources.headings import (
    compile_heading,
    find_heading,
    fold_heading,
    index_headings,
    show_heading,
)
from cip.sources.raw_tables import RawTable

NEAR_SHARE = 0.6


@dataclass(frozen=True)
class Match:
    """A table that fits a layout: where its headings are, and which column holds what."""

    form: Form
    table: RawTable
    header_row: int
    places: dict[str, int]
    headings: list[str]
    axes: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class NearMiss:
    """A table that has most of a layout, and what it lacks."""

    source: Source
    score: float
    problems: list[Problem]


def recognise_table(table: RawTable, forms: Sequence[Form]) -> tuple[list[Match], NearMiss | None]:
    """Return the layouts that a table fits, the best one for each product, or the nearest miss.

    Parameters
    ----------
    table
        A table of which the head has been read.
    forms
        The layouts to compare with, from ``build_forms``.

    Returns
    -------
    tuple
        Matches, one for each product; and, only when there is no match, the layout of which the
        table has most.
    """
    matches: dict[str, Match] = {}
    misses: list[NearMiss] = []
    rows = [(i, row, index_headings(row)) for i, row in enumerate(table.head)]
    for form in forms:
        found = _match_form(table, form, rows)
        if isinstance(found, Match):
            kept = matches.get(form.source.id)
            if kept is None or form.layout.precedence > kept.form.layout.precedence:
                matches[form.source.id] = found
        elif found is not None:
            misses.append(found)
    if matches or not misses:
        return list(matches.values()), None
    return [], max(misses, key=lambda miss: miss.score)


def _match_form(
    table: RawTable, form: Form, rows: list[tuple[int, list[str], dict[str, int]]]
) -> Match | NearMiss | None:
    if form.layout.kind == "boundaries" and not table.has_geometry:
        return None
    nearest: NearMiss | None = None
    for i, row, headings in rows[: 1 if table.has_geometry else None]:
        if len(headings) < (1 if table.has_geometry else 2) or (
            form.has_plain_key and form.plain_headings.isdisjoint(headings.keys())
        ):
            continue
        if find_heading(form.layout.absent, headings) is not None:
            continue
        places = _place_fields(form, headings)
        if len(places) < 2 and form.layout.kind != "boundaries":
            continue
        if not _has_marker(form, table.head[:i]):
            continue
        found = _judge(table, form, i, row, places)
        if isinstance(found, Match):
            return found
        if found is not None and (nearest is None or found.score > nearest.score):
            nearest = found
    return nearest


def _has_marker(form: Form, preamble: list[list[str]]) -> bool:
    if not form.layout.marker:
        return True
    pattern = re.compile(form.layout.marker, re.IGNORECASE)
    return any(pattern.search(cell) for row in preamble for cell in row)


def _place_fields(form: Form, headings: dict[str, int]) -> dict[str, int]:
    places = {}
    for id_, spellings in form.fields.items():
        place = find_heading(spellings, headings)
        if place is not None:
            places[id_] = place
    return places


def _judge(
    table: RawTable, form: Form, i: int, row: list[str], places: dict[str, int]
) -> Match | NearMiss | None:
    if form.layout.kind == "long_counts":
        return _judge_long(table, form, i, row, places)
    needs = max(form.needs, key=lambda need: sum(id_ in places for id_ in need) / max(len(need), 1))
    missing = [id_ for id_ in needs if id_ not in places]
    numbers = [id_ for id_ in places if _is_number(form.source, id_)]
    if not missing and len(numbers) >= form.layout.minimum:
        return Match(form, table, i, places, row)
    if form.layout.minimum:
        is_near = not missing and len(numbers) == form.layout.minimum - 1 > 0
        missing = [id_ for id_ in form.fields if id_ not in places and id_ not in (CODE, NAME)]
        return _miss(table, form, i, row, missing[:3], 0.5) if is_near else None
    share = 1 - len(missing) / len(needs)
    is_near = share >= NEAR_SHARE and len(needs) - len(missing) >= 2
    if form.layout.kind == "boundaries":
        return _miss(table, form, i, row, missing, share) if NAME in places else None
    if not any("{topic}" in heading for heading in form.layout.headings):
        # Without the topic in its headings, a table is known by its area codes alone.
        is_near = is_near and _has_key(form, row, places)
    return _miss(table, form, i, row, missing, share) if is_near else None


def _has_key(form: Form, row: list[str], places: dict[str, int]) -> bool:
    """Return True when the key's heading is there, or one so like it that it was meant."""
    key = CODE if CODE in form.fields else form.source.key[0]
    return key in places or any(
        find_nearest(spelling, [cell for cell in row if cell], cutoff=0.85)
        for spelling in form.fields[key]
    )


def _is_number(source: Source, id_: str) -> bool:
    column = source.columns.get(id_)
    return column is not None and column.type in ("integer", "number")


def _judge_long(
    table: RawTable, form: Form, i: int, row: list[str], places: dict[str, int]
) -> Match | NearMiss | None:
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
    return _miss(table, form, i, row, missing, known_share / 2) if len(missing) == 1 else None


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


def _miss(
    table: RawTable, form: Form, i: int, row: list[str], missing: list[str], score: float
) -> NearMiss:
    title = f"{form.source.title}, {form.layout.title}"
    problems = []
    for id_ in missing[:12]:
        spelling = (form.fields.get(id_) or [id_])[0]
        problems.append(
            Problem(
                f"The file looks like {title}, but a column is missing.",
                file=table.file.name,
                sheet=table.sheet,
                row=i + 1,
                expected=f"'{show_heading(spelling)}'",
                nearest=find_nearest(spelling, [cell for cell in row if cell]),
            )
        )
    return NearMiss(form.source, score, problems)


def find_doubtful_headings(match: Match) -> list[str]:
    """Return sentences on headings that nearly are declared ones which the table seems to lack."""
    used = set(match.places.values()) | set(match.axes)
    free = [cell for place, cell in enumerate(match.headings) if place not in used and cell.strip()]
    sentences = []
    for cell in free:
        for id_, spellings in match.form.fields.items():
            texts = [s for s in spellings if isinstance(compile_heading(s), str)]
            near = id_ not in match.places and find_nearest(cell, texts, cutoff=0.93)
            if near:
                sentences.append(
                    f"{match.table.file.name}: the heading '{cell.strip()}' is not known and was "
                    f"left out. Is it '{near.strip()}'?"
                )
                break
    return sentences
