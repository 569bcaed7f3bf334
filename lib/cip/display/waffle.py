"""The waffle: a whole as 100 squares, for a few parts that a reader should count."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from cip.catalogue import Indicator, source_line
from cip.display.blocks import FigureBlock
from cip.display.chart_parts import (
    ChartArea,
    clip_name,
    find_row,
    index_rows,
    list_areas,
    pick_comparator,
    read_value,
    word_value,
    write_alt,
    write_note,
)
from cip.display.findings import write_largest_part
from cip.display.interval_table import ProfileLine, tabulate_profile
from cip.display.palette import GROUP_FILLS, INK, MUTED, PAPER, pick_text_colour
from cip.display.style import (
    FIGURE_WIDTH_IN,
    FONT_SIZE_PT,
    SMALL_FONT_SIZE_PT,
    house_style,
    make_ramp,
    new_figure,
    render_svg,
)

SQUARES = 100
MOST_GROUPS = len(GROUP_FILLS)
_SIDE, _WAFFLE_IN, _HEAD_IN, _KEY_LINE_IN, _PAD_IN = 10, 2.3, 0.3, 0.26, 0.06
_LETTERS = "ABCDEF"
_LABEL_CHARACTERS, _NAME_CHARACTERS = 38, 24
#: Shares are published to a decimal place and may miss 100 by their rounding.
_ROUNDING = 0.5


def allocate_squares(shares: Sequence[float], squares: int = SQUARES) -> list[int]:
    """Return whole squares for shares of a whole, by largest remainder.

    Parameters
    ----------
    shares
        Parts of the whole in per cent; they may add up to less, and then squares are left over
        for what is not known.
    squares
        How many squares make the whole.

    Returns
    -------
    list of int
        One number per share; none is a whole square or more from its exact part. Of equal
        remainders the first gets the square.

    Raises
    ------
    ValueError
        If a share is negative or missing, or they add up to more than 100 and its rounding.
    """
    if any(math.isnan(share) or share < 0 for share in shares):
        raise ValueError("a share of a whole is a number of zero or more")
    total = math.fsum(shares)
    if total > 100 + _ROUNDING:
        raise ValueError(f"the parts add up to {total:.1f}, more than the whole")
    whole = 100.0 if total < 100 - _ROUNDING else total
    exact = [share / whole * squares for share in shares]
    given = [math.floor(part + 1e-9) for part in exact]
    spare = round(math.fsum(exact)) - sum(given)
    order = sorted(range(len(exact)), key=lambda i: (given[i] - exact[i], i))
    for i in order[:spare]:
        given[i] += 1
    return given


@dataclass(frozen=True)
class _Waffle:
    """The squares of one area, a number per group, and the groups without a figure."""

    area: ChartArea
    squares: tuple[int, ...]


def draw_waffle(
    rows: pd.DataFrame, indicator: Indicator, *, is_ordered: bool = False
) -> FigureBlock:
    """Draw the parts of a whole as 100 squares, the profile beside its nearest comparator.

    Parameters
    ----------
    rows
        Indicator table, one row per area x group of one composition and period.
    indicator
        Its catalogue entry.
    is_ordered
        Whether the groups are steps of a scale, drawn from dark (first) to light.

    Raises
    ------
    ValueError
        If there are more groups than can be told apart (use ``draw_composition``), no group has
        a figure here, or the parts add up to more than the whole.
    """
    held = index_rows(rows)
    areas = list_areas(rows)
    groups = rows[["group", "group_label"]].drop_duplicates("group").values.tolist()
    if not 0 < len(groups) <= MOST_GROUPS:
        raise ValueError(f"a waffle has 1 to {MOST_GROUPS} groups, found {len(groups)}")
    waffles = []
    for area in (areas[0], pick_comparator(areas)):
        shares = [None if area is None else read_value(find_row(held, area, g)) for g, _ in groups]
        if area is not None and any(share is not None for share in shares):
            waffles.append(_Waffle(area, tuple(allocate_squares([s or 0.0 for s in shares]))))
    if not waffles or waffles[0].area is not areas[0]:
        raise ValueError(f"no group of '{indicator.id}' has a figure for the profile area")
    fills = make_ramp(len(groups))[::-1] if is_ordered else list(GROUP_FILLS[: len(groups)])
    figures = [
        [word_value(find_row(held, waffle.area, group), indicator) for waffle in waffles]
        for group, _ in groups
    ]
    labels = [str(label) for _, label in groups]
    lines = [ProfileLine(str(label), indicator, held, str(group)) for group, label in groups]
    table, headings, formats = tabulate_profile(lines, areas)
    texts = {group.id: group.in_text for group in indicator.groups}
    return FigureBlock(
        block_id=f"{indicator.id}-waffle",
        title=write_largest_part(
            [(texts.get(g, str(label)), n) for (g, label), n in zip(groups, waffles[0].squares, strict=True)],
            indicator.base_label,
            indicator.group_noun or "group",
        ),
        svg=_draw(waffles, labels, figures, fills),
        alt=write_alt(
            "100 squares",
            indicator.label,
            [
                f"{label}: {', '.join(f'{words} in {w.area.name}' for words, w in zip(row, waffles, strict=True))}"
                for label, row in zip(labels, figures, strict=True)
            ],
        ),
        source_line=source_line(indicator.source),
        table=table,
        note=f"Each square is about one in 100 {indicator.base_label}; squares are rounded so that "
        f"they add up. {write_note(rows, [indicator], intervals=False)}",
        column_labels={**headings, "label": "Group"},
        formats=formats,
    )  # fmt: skip


def _draw(
    waffles: Sequence[_Waffle],
    labels: Sequence[str],
    figures: Sequence[Sequence[str]],
    fills: Sequence[str],
) -> str:
    wrapped = [textwrap.wrap(label, _LABEL_CHARACTERS) or [""] for label in labels]
    key_in = sum(0.06 + len(lines) * 0.2 for lines in wrapped) + _KEY_LINE_IN
    is_short = any(sum(waffle.squares) < SQUARES for waffle in waffles)
    height = _HEAD_IN + _WAFFLE_IN + key_in + 0.1 + (_KEY_LINE_IN if is_short else 0)
    with house_style():
        figure = new_figure(height_in=height)
        for place, waffle in enumerate(waffles):
            _draw_waffle(figure, waffle, fills, place, height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.patch.set_alpha(0)
        axes.set_xlim(0, FIGURE_WIDTH_IN)  # one unit is one inch, counted from the top left
        axes.set_ylim(height, 0)
        _write_key(axes, waffles, wrapped, figures, fills, is_short=is_short)
        return render_svg(figure)


def _draw_waffle(
    figure: Figure, waffle: _Waffle, fills: Sequence[str], place: int, height: float
) -> None:
    left = _PAD_IN + place * (_WAFFLE_IN + 0.28)
    figure.text(
        left / FIGURE_WIDTH_IN, 1 - 0.12 / height,
        clip_name(waffle.area.name, _NAME_CHARACTERS),
        va="center", fontsize=FONT_SIZE_PT, fontweight="normal" if place else "bold",
    )  # fmt: skip
    axes = figure.add_axes(
        (left / FIGURE_WIDTH_IN, 1 - (_HEAD_IN + _WAFFLE_IN) / height,
         _WAFFLE_IN / FIGURE_WIDTH_IN, _WAFFLE_IN / height)
    )  # fmt: skip
    axes.set_axis_off()
    axes.set_xlim(0, _SIDE)
    axes.set_ylim(_SIDE, 0)
    known = np.repeat(np.arange(len(fills)), waffle.squares)
    rows, columns = np.divmod(np.arange(SQUARES), _SIDE)
    # Everything of one kind is drawn in one call, and every square carries its group's letter.
    for group, fill in enumerate(fills):
        at = np.flatnonzero(known == group)
        if not len(at):
            continue
        _add_squares(axes, columns[at], rows[at], facecolor=fill, edgecolor=PAPER)
        axes.plot(
            columns[at] + 0.5, rows[at] + 0.5, marker=f"$\\mathrm{{{_LETTERS[group]}}}$",
            color=pick_text_colour(fill), markeredgewidth=0, markersize=5.5, linestyle="none",
        )  # fmt: skip
    rest = np.arange(len(known), SQUARES)
    if len(rest):
        _add_squares(
            axes, columns[rest], rows[rest], facecolor=PAPER, edgecolor=MUTED, hatch="////"
        )


def _add_squares(axes: Axes, xs: np.ndarray, ys: np.ndarray, **look: object) -> None:
    corners = np.array([(0.04, 0.04), (0.96, 0.04), (0.96, 0.96), (0.04, 0.96)])
    squares = np.stack([xs, ys], axis=1)[:, None, :] + corners
    axes.add_collection(PolyCollection(squares, linewidth=0.6, **look), autolim=False)


def _write_key(
    axes: Axes,
    waffles: Sequence[_Waffle],
    labels: Sequence[Sequence[str]],
    figures: Sequence[Sequence[str]],
    fills: Sequence[str],
    *,
    is_short: bool,
) -> None:
    edges = [FIGURE_WIDTH_IN - _PAD_IN - 0.85 * place for place in range(len(waffles))][::-1]
    top = _HEAD_IN + _WAFFLE_IN + 0.12
    for edge, waffle in zip(edges, waffles, strict=True):
        name = clip_name(waffle.area.name, 11)
        _write(axes, edge, top + 0.08, name, ha="right", color=MUTED)
    top += 0.2
    for group, (lines, words) in enumerate(zip(labels, figures, strict=True)):
        middle = top + 0.1
        axes.add_patch(
            Rectangle(
                (_PAD_IN, top), 0.2, 0.2, facecolor=fills[group], edgecolor=INK, linewidth=0.6
            )
        )
        _write(
            axes, _PAD_IN + 0.1, middle, _LETTERS[group], ha="center",
            color=pick_text_colour(fills[group]),
        )  # fmt: skip
        for number, line in enumerate(lines):
            _write(axes, _PAD_IN + 0.3, middle + number * 0.19, line)
        for place, (edge, word) in enumerate(zip(edges, words, strict=True)):
            _write(axes, edge, middle, word, ha="right", fontweight="normal" if place else "bold")
        top += 0.06 + len(lines) * 0.2
    if is_short:
        axes.add_patch(
            Rectangle((_PAD_IN, top), 0.2, 0.2, facecolor=PAPER, edgecolor=MUTED, hatch="////")
        )
        _write(axes, _PAD_IN + 0.3, top + 0.1, "no figure, or withheld")


def _write(axes: Axes, x: float, y: float, text: str, **look: object) -> None:
    axes.text(x, y, text, **{"va": "center", "fontsize": SMALL_FONT_SIZE_PT, **look})
