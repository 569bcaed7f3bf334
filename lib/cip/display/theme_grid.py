"""Themes by group of people or part of the area: how many people, with few of them withheld."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from cip.catalogue.people_groups import load_people_groups
from cip.display.blocks import FigureBlock
from cip.display.cells import is_missing
from cip.display.chart_parts import write_alt
from cip.display.engagement_marks import LINE_IN, wrap_words, write_lines
from cip.display.engagement_parts import (
    Row,
    is_withheld,
    join_notes,
    list_rows,
    name_people,
    note_left_out,
    note_withheld,
    read_shown,
    table_base,
)
from cip.display.palette import AREA_FILL, MUTED, PAPER, PART_FILL, pick_text_colour
from cip.display.picture import Picture, measure_words
from cip.display.style import FIGURE_WIDTH_IN, FONT_SIZE_PT

#: More columns than this stand in a second grid under the first; fewer where names are long.
MOST_COLUMNS = 6
#: A taller picture would be too small to read on paper; the table holds the rest.
_TALLEST_IN = 7.8
_LABEL_IN, _PAD_IN, _LEAST_ROW_IN, _KEY_IN, _GAP_IN = 1.8, 0.06, 0.36, 0.3, 0.16
_GRID_IN = FIGURE_WIDTH_IN - _LABEL_IN - _PAD_IN
_SMALL = 10.0
#: Share of a group's people from which a cell is dark or middling.
_DARK, _MIDDLING = 0.5, 0.25


@dataclass(frozen=True)
class _Column:
    """One group: its id, name, and how many people of it were heard, as words."""

    group: str
    name: str
    base: str


@dataclass(frozen=True)
class _Cell:
    """One cell: its words, its fill, and the people as the table has them."""

    words: str
    fill: str
    people: object


def chart_theme_groups(
    theme_groups: pd.DataFrame,
    labels: Mapping[str, str],
    *,
    title: str,
    block_id: str,
    source_line: str,
    note: str = "",
    group_labels: Mapping[str, str] | None = None,
) -> FigureBlock:
    """Draw a grid of themes by group: in each cell the people who speak of the theme.

    Parameters
    ----------
    theme_groups
        Rows of the table ``theme_groups`` of one characteristic: one row per theme x group.
    labels
        Name of each theme by id, in the order of the rows; themes without a name are left out.
    title, block_id, source_line, note
        As for :class:`cip.display.blocks.FigureBlock`.
    group_labels
        Names of groups that the catalogue of people's groups does not know, such as parts of the
        area.

    Raises
    ------
    ValueError
        If there are no rows of these themes, several characteristics, or a cell twice.
    """
    held = theme_groups[theme_groups["theme_id"].isin(list(labels))]
    rows = list_rows(held, "a grid of themes", one=["characteristic"])
    if held.duplicated(["theme_id", "group"]).any():
        raise ValueError("a grid of themes has the same theme of the same group twice")
    columns = _list_columns(rows, group_labels or {})
    by_cell = {(str(row["theme_id"]), str(row["group"])): row for row in rows}
    themes = [name for name in labels if name in set(held["theme_id"])]
    cells = {
        name: [_make_cell(by_cell.get((name, column.group))) for column in columns]
        for name in themes
    }
    drawn = _pick_drawn(themes, labels, columns)
    left_out = len(themes) - len(drawn)
    return FigureBlock(
        block_id=block_id,
        title=title,
        svg=_draw([labels[name] for name in drawn], columns, [cells[name] for name in drawn]),
        alt=write_alt(
            "Grid",
            "people who speak of each theme, by " + _name_characteristic(rows[0]),
            [f"{labels[name]}: {_tell(columns, cells[name])}" for name in drawn],
        ),
        source_line=source_line,
        table=_tabulate(themes, labels, columns, cells),
        note=join_notes(
            note,
            "Groups of different size have different numbers of people who could speak of a "
            "theme: compare with the number heard, under each heading.",
            note_left_out(left_out, "theme"),
            note_withheld(rows),
        ),
        column_labels={
            "theme": "Theme",
            **{f"group_{i}": f"{c.name} ({c.base})" for i, c in enumerate(columns)},
        },
    )  # fmt: skip


def _name_characteristic(row: Row) -> str:
    entry = load_people_groups().get(str(row["characteristic"]))
    return str(row["characteristic"]) if entry is None else entry.label.lower()


def _list_columns(rows: Sequence[Row], group_labels: Mapping[str, str]) -> list[_Column]:
    """Return the groups in the order of the catalogue, others as they come."""
    found = list(dict.fromkeys(str(row["group"]) for row in rows))
    entry = load_people_groups().get(str(rows[0]["characteristic"]))
    known = list(entry.labels) if entry else []
    ordered = sorted(found, key=lambda g: known.index(g) if g in known else len(known))
    columns = []
    for group in ordered:
        bases = [row for row in rows if str(row["group"]) == group]
        name = group_labels.get(group) or name_people(rows[0]["characteristic"], group)
        columns.append(_Column(group, name, _word_heard(bases)))
    return columns


def _word_heard(rows: Sequence[Row]) -> str:
    bases = [table_base(row, "of_people") for row in rows if not is_missing(row["of_people"])]
    if "[c]" in bases or (not bases and any(map(is_withheld, rows))):
        return "of [c]"
    if not bases:
        return "of [x]"
    return f"of {max(bases):,}"  # type: ignore[type-var]


def _make_cell(row: Row | None) -> _Cell:
    if row is None:
        return _Cell("[x]", PAPER, None)
    if is_withheld(row):
        return _Cell("[c]", PAPER, "[c]")
    people = read_shown(row, "people")
    if people is None:
        return _Cell("[z]" if row["display"] == "nobody asked" else "[x]", PAPER, None)
    heard = None if is_missing(row["of_people"]) else float(row["of_people"])
    share = people / heard if heard else math.nan
    fill = AREA_FILL if share >= _DARK else PART_FILL if share >= _MIDDLING else PAPER
    return _Cell(f"{people:,.0f}", fill, int(people))


def _tell(columns: Sequence[_Column], cells: Sequence[_Cell]) -> str:
    return ", ".join(
        f"{column.name} {cell.words} {column.base}"
        for column, cell in zip(columns, cells, strict=True)
    )


def _tabulate(
    themes: Sequence[str],
    labels: Mapping[str, str],
    columns: Sequence[_Column],
    cells: Mapping[str, Sequence[_Cell]],
) -> pd.DataFrame:
    lines = [
        {"theme": labels[name], **{f"group_{i}": c.people for i, c in enumerate(cells[name])}}
        for name in themes
    ]
    return pd.DataFrame(lines, columns=["theme", *(f"group_{i}" for i in range(len(columns)))],
                        dtype=object)  # fmt: skip


def _pick_drawn(
    themes: Sequence[str], labels: Mapping[str, str], columns: Sequence[_Column]
) -> list[str]:
    """Return as many themes as fit a printed page."""
    parts = _part_columns(columns)
    room = _TALLEST_IN - _KEY_IN - sum(_GAP_IN + _measure_head(columns, part) for part in parts)
    used = itertools.accumulate(_measure_row(_wrap_label(labels[name])) for name in themes)
    return [n for n, end in zip(themes, used, strict=True) if end * len(parts) <= room]


def _part_columns(columns: Sequence[_Column]) -> list[range]:
    """Return the places of the columns in even parts in which every word of a name fits."""
    words = [word for column in columns for word in (*column.name.split(), column.base)]
    widest = max(measure_words(word, size=_SMALL, is_bold=True) for word in words) + 0.08
    most = min(max(int(_GRID_IN / widest), 2), MOST_COLUMNS)
    size = math.ceil(len(columns) / math.ceil(len(columns) / most))
    return [range(at, min(at + size, len(columns))) for at in range(0, len(columns), size)]


def _wrap_head(column: _Column, part: range) -> list[str]:
    return wrap_words(
        column.name, _GRID_IN / len(part) - 0.06, size=_SMALL, is_bold=True, most_lines=4
    )


def _measure_head(columns: Sequence[_Column], part: range) -> float:
    return (max(len(_wrap_head(columns[i], part)) for i in part) + 1) * LINE_IN + 0.06


def _wrap_label(label: str) -> list[str]:
    return wrap_words(label, _LABEL_IN - 2 * _PAD_IN, size=_SMALL)


def _measure_row(lines: Sequence[str]) -> float:
    return max(_LEAST_ROW_IN, len(lines) * 0.18 + 0.12)


def _draw(
    labels: Sequence[str], columns: Sequence[_Column], cells: Sequence[Sequence[_Cell]]
) -> str:
    """Return the grid as SVG, in even parts one under the other where there are many groups."""
    parts = _part_columns(columns)
    column_in = _GRID_IN / len(parts[0])
    lines = [_wrap_label(label) for label in labels]
    rows_in = [_measure_row(held) for held in lines]
    heads = {i: _wrap_head(columns[i], parts[0]) for part in parts for i in part}
    heads_in = [_measure_head(columns, part) for part in parts]
    height = _KEY_IN + sum(heads_in) + len(parts) * (sum(rows_in) + _GAP_IN)
    picture = Picture(height_in=height)
    _draw_key(picture)
    top = _KEY_IN
    for part, head_in in zip(parts, heads_in, strict=True):
        for place, i in enumerate(part):
            middle = _LABEL_IN + (place + 0.5) * column_in
            start = top + head_in - (len(heads[i]) + 1) * LINE_IN - 0.04
            write_lines(picture, heads[i], middle, start, size=_SMALL, is_bold=True, side="center")
            under = start + len(heads[i]) * LINE_IN
            write_lines(
                picture, [columns[i].base], middle, under, size=_SMALL, colour=MUTED, side="center"
            )
        top += head_in
        for held, row_in, row in zip(lines, rows_in, cells, strict=True):
            words = "\n".join(held)
            at = (_LABEL_IN - 0.08, top + row_in / 2)
            picture.write(*at, words, side="right", size=_SMALL, spacing=1.1)
            for place, i in enumerate(part):
                left = _LABEL_IN + place * column_in
                _draw_cell(picture, row[i], (left, top, column_in, row_in))
            top += row_in
        top += _GAP_IN
    return picture.to_svg()


def _draw_cell(picture: Picture, cell: _Cell, box: tuple[float, float, float, float]) -> None:
    left, top, width, height = box
    picture.draw_box(*box, fill=cell.fill, edge=MUTED, line=0.7)
    is_number = cell.words[0].isdigit()
    picture.write(
        left + width / 2, top + height / 2, cell.words, side="center", is_bold=is_number,
        size=FONT_SIZE_PT if is_number else _SMALL, colour=pick_text_colour(cell.fill),
    )  # fmt: skip


def _draw_key(picture: Picture) -> None:
    left = _PAD_IN
    for fill, words, room in (
        (AREA_FILL, "half of the group or more", 2.2), (PART_FILL, "a quarter or more", 1.7),
        (PAPER, "fewer", 0.8),
    ):  # fmt: skip
        picture.draw_box(left, 0.06, 0.2, 0.14, fill=fill, edge=MUTED, line=0.7)
        picture.write(left + 0.26, 0.13, words)
        left += room
