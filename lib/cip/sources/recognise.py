"""Recognising files: which declared layouts of which products a table's content fits."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from cip.catalogue.sources import Source
from cip.errors import find_nearest
from cip.sources.forms import CODE, NAME, PERIOD, Form
from cip.sources.headings import (
    compile_heading,
    find_heading,
    index_headings,
)
from cip.sources.long_axes import judge_long
from cip.sources.matches import NEAR_SHARE, HeadRow, Match, NearMiss, describe_miss
from cip.sources.osm import KINDS, match_osm
from cip.sources.raw_tables import RawTable
from cip.sources.special import (
    holds_kept_rows,
    is_unnamed_points,
    join_header_rows,
    looks_as_declared,
    place_period_counts,
    place_periods,
    place_records,
)


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
    if table.kind in KINDS:
        return match_osm(table, forms), None
    matches: dict[str, Match] = {}
    misses: list[NearMiss] = []
    rows = [HeadRow(i, row, index_headings(row)) for i, row in enumerate(table.head)]
    joined = [join_header_rows(*pair) for pair in itertools.pairwise(table.head)]
    pairs = [HeadRow(i, row, index_headings(row)) for i, row in enumerate(joined, start=1)]
    present = {2: _list_headings(pairs)}
    single = _list_headings(rows)
    for form in forms:
        if form.needs_headings and form.plain_headings.isdisjoint(
            present.get(form.layout.header_rows, single)
        ):
            continue
        found = _match_form(table, form, pairs if form.layout.header_rows == 2 else rows)
        if isinstance(found, Match):
            kept = matches.get(form.source.id)
            if kept is None or form.layout.precedence > kept.form.layout.precedence:
                matches[form.source.id] = found
        elif found is not None:
            misses.append(found)
    if matches or not misses:
        return list(matches.values()), None
    return [], max(misses, key=lambda miss: miss.score)


def _list_headings(rows: Sequence[HeadRow]) -> set[str]:
    return {heading for row in rows for heading in row.headings}


def _match_form(table: RawTable, form: Form, rows: list[HeadRow]) -> Match | NearMiss | None:
    if form.layout.kind == "boundaries" and not table.has_geometry:
        return None
    if form.layout.kind == "records":
        found = {} if table.kind != "text" else place_records(form.layout, table.head)
        return Match(form, table, -1, found, _name_positions(form)) if found else None
    if form.layout.kind == "points":
        return Match(form, table, 0, {}, []) if is_unnamed_points(form, table) else None
    if form.layout.kind == "wide_values":
        return _match_periods(table, form)
    nearest: NearMiss | None = None
    for head_row in rows[: 1 if table.has_geometry else None]:
        i, row, headings = head_row.number, head_row.cells, head_row.headings
        if len(headings) < (1 if table.has_geometry else 2) or not head_row.may_fit(form):
            continue
        if find_heading(form.layout.absent, headings) is not None:
            continue
        if any(find_heading([sign], headings) is None for sign in form.layout.signs):
            continue
        places = _place_fields(form, headings)
        if form.layout.kind == "period_counts" and CODE in places:
            places |= place_period_counts(form.layout, row)
        if len(places) < 2 and form.layout.kind != "boundaries":
            continue
        if not _has_marker(form, table, i):
            continue
        found = _judge(table, form, i, row, places)
        if isinstance(found, Match):
            body = table.head[i + 1 :]
            if holds_kept_rows(form, body, places) and looks_as_declared(form, body, places):
                return found
            continue
        if found is not None and (nearest is None or found.score > nearest.score):
            nearest = found
    return nearest


def _match_periods(table: RawTable, form: Form) -> Match | None:
    for i, row in enumerate(table.head):
        places = place_periods(form.layout, row)
        if places and _has_marker(form, table, i):
            return Match(form, table, i, places, row)
    return None


def _name_positions(form: Form) -> list[str]:
    positions = form.layout.positions
    return [f"column {n} ({id_})" if id_ else "" for n, id_ in enumerate(positions, start=1)]


def _has_marker(form: Form, table: RawTable, header_row: int) -> bool:
    """Look for the layout's marker in the cells above the headings and in the sheet's name."""
    if not form.layout.marker:
        return True
    pattern = re.compile(form.layout.marker, re.IGNORECASE)
    above = [cell for row in table.head[:header_row] for cell in row]
    return any(pattern.search(text) for text in [*above, table.sheet or ""])


def _place_fields(form: Form, headings: dict[str, int]) -> dict[str, int]:
    """Return where each field stands: at the first of its spellings that the row has."""
    best: dict[str, tuple[int, int]] = {}
    for heading, place in headings.items():
        for id_, rank in form.plain_fields.get(heading, ()):
            if id_ not in best or rank < best[id_][0]:
                best[id_] = rank, place
    for id_, spellings in form.open_fields.items():
        place = find_heading(spellings, headings)
        if place is not None:
            best[id_] = 0, place
    return {id_: best[id_][1] for id_ in form.fields if id_ in best}


def _judge(
    table: RawTable, form: Form, i: int, row: list[str], places: dict[str, int]
) -> Match | NearMiss | None:
    if form.layout.kind == "long_counts":
        return judge_long(table, form, i, row, places)
    if form.layout.kind == "period_counts":
        is_whole = any(id_.startswith(PERIOD) for id_ in places) and CODE in places
        return Match(form, table, i, places, row) if is_whole else None
    needs = max(form.needs, key=lambda need: sum(id_ in places for id_ in need) / max(len(need), 1))
    missing = [id_ for id_ in needs if id_ not in places]
    numbers = [id_ for id_ in places if _is_number(form.source, id_)]
    if not missing and len(numbers) >= form.layout.minimum:
        return Match(form, table, i, places, row)
    if form.layout.minimum:
        is_near = not missing and len(numbers) == form.layout.minimum - 1 > 0
        missing = [id_ for id_ in form.fields if id_ not in places and id_ not in (CODE, NAME)]
        return describe_miss(table, form, i, row, missing[:3], 0.5) if is_near else None
    share = 1 - len(missing) / len(needs)
    is_near = share >= NEAR_SHARE and len(needs) - len(missing) >= 2
    if form.layout.kind == "boundaries":
        return describe_miss(table, form, i, row, missing, share) if NAME in places else None
    if not any("{topic}" in heading for heading in form.layout.headings):
        # Without the topic in its headings, a table is known by its area codes alone.
        is_near = is_near and _has_key(form, row, places)
    return describe_miss(table, form, i, row, missing, share) if is_near else None


def _has_key(form: Form, row: list[str], places: dict[str, int]) -> bool:
    """Return True when the key's heading is there, or one so like it that it was meant."""
    key = form.key
    return key in places or any(
        find_nearest(spelling, [cell for cell in row if cell], cutoff=0.85)
        for spelling in form.fields[key]
    )


def _is_number(source: Source, id_: str) -> bool:
    column = source.columns.get(id_)
    return column is not None and column.type in ("integer", "number")


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
