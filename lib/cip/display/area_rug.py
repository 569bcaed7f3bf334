"""The tartan rug of one profile: its measures by its small areas and its comparators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from cip.catalogue import Indicator
from cip.display.cells import is_missing
from cip.display.chart_parts import join_sources, read_value, word_cell
from cip.display.findings import check_verdict, count_things, write_rug_finding
from cip.display.rug_block import RugBlock, RugColumn, RugFigure, RugRow
from cip.statistics import BETTER, HIGHER, LOWER, NOT_COMPARED, SIMILAR, WORSE

#: So many columns of figures can be read on a turned page of A4, and on a wide screen.
MOST_COLUMNS = 12
_OWN_ROLES = ("profile", "place")


def collect_rug_cells(
    table: pd.DataFrame, places: pd.DataFrame, *, benchmark_role: str = "england"
) -> pd.DataFrame:
    """Return the cells of a rug from the indicator tables of a profile and its small areas.

    Parameters
    ----------
    table
        Indicator table of the profile, latest period, without groups.
    places
        Indicator tables of the small areas, each made as if it were a profile, one after
        another, with ``place_code`` saying whose. Its comparators' rows say how it compares.
    benchmark_role
        Which comparator the verdicts are taken from, the first of several.

    Returns
    -------
    DataFrame
        One row per indicator x area: ``indicator_id, area_code, value, comparison`` (how the
        area stands to the benchmark; empty for comparators), ``is_suppressed, missing_reason``.
    """
    columns = ["indicator_id", "area_code", "value", "is_suppressed", "missing_reason"]
    parts = []
    for _, rows in [("", table), *places.groupby("place_code", sort=False)]:
        own = rows[rows["area_role"] == "profile"]
        against = rows[rows["area_role"] == benchmark_role].drop_duplicates("indicator_id")
        verdicts = against.set_index("indicator_id")["comparison"]
        parts.append(own[columns].assign(comparison=own["indicator_id"].map(verdicts)))
    others = table[table["area_role"] != "profile"]
    parts.append(others[columns].assign(comparison=""))
    return pd.concat(parts, ignore_index=True)


def draw_area_rug(
    cells: pd.DataFrame,
    columns: Sequence[RugColumn],
    indicators: Sequence[Indicator],
    sections: Mapping[str, str],
    *,
    benchmark: str,
    block_id: str,
) -> RugBlock:
    """Return the rug: value, verdict in words and colour in every cell.

    Parameters
    ----------
    cells
        One row per indicator x area: ``indicator_id, area_code, value, comparison`` and, where
        known, ``is_suppressed, missing_reason`` (see :func:`collect_rug_cells`). A pair without a
        row reads as not available.
    columns
        Areas in the order to show: the profile, its small areas with the most deprived first,
        then comparators.
    indicators
        Catalogue entries in the order to show.
    sections
        Title of each section by its id.
    benchmark
        The area that the verdicts compare with, as in "than England".
    block_id
        Short name of the block.

    Raises
    ------
    ValueError
        If there is nothing to show, an area has two cells for one measure, or a verdict judges
        a measure without polarity.
    """
    if not columns or not indicators:
        raise ValueError("a rug needs at least one area and one measure")
    if cells.duplicated(["indicator_id", "area_code"]).any():
        raise ValueError("an area has two cells for one measure")
    held = {(row["indicator_id"], row["area_code"]): row for row in cells.to_dict("records")}
    ranked = sorted(indicators, key=lambda i: list(sections).index(i.section))
    rows = [
        RugRow(
            _label(i),
            sections[i.section],
            tuple(_make_cell(held.get((i.id, column.code)), i, column) for column in columns),
        )
        for i in ranked
    ]
    tallies = _tally(rows, ranked, columns)
    return RugBlock(
        block_id=block_id,
        title=write_rug_finding(tallies, benchmark, noun=_noun(columns)),
        lead=_write_lead(rows, columns, benchmark),
        caption=_write_caption(rows, columns, benchmark),
        columns=columns,
        rows=rows,
        parts=split_columns(columns, benchmark),
        note=_write_note(rows, benchmark),
        source_line=join_sources(ranked),
        table=_tabulate(held, ranked, columns, sections),
    )


def split_columns(columns: Sequence[RugColumn], benchmark: str) -> list[list[int]]:
    """Return the places of the columns of each part, as even in width as can be.

    Every part repeats the profile and the benchmark; every other column stands in one part.
    """
    if len(columns) <= MOST_COLUMNS:
        return [list(range(len(columns)))]
    first = [i for i, c in enumerate(columns) if c.role == "profile"][:1]
    last = [i for i, c in enumerate(columns) if c.name == benchmark and i not in first][:1]
    rest = [i for i in range(len(columns)) if i not in (*first, *last)]
    room = MOST_COLUMNS - len(first) - len(last)
    count = -(-len(rest) // room)
    sizes = [len(rest) // count + (part < len(rest) % count) for part in range(count)]
    parts, at = [], 0
    for size in sizes:
        parts.append([*first, *rest[at : at + size], *last])
        at += size
    return parts


def _label(indicator: Indicator) -> str:
    unit = "" if indicator.unit in ("%", "percent", "score") else f" ({indicator.unit})"
    return f"{indicator.label}{unit}"


def _write_caption(rows: Sequence[RugRow], columns: Sequence[RugColumn], benchmark: str) -> str:
    """Return words of its own for each rug of a report, be it one a section or one an area."""
    held = list(dict.fromkeys(row.section for row in rows))
    opening = f"{held[0]}: " if len(held) == 1 else ""
    count = count_things(len(rows), "measure")
    return f"{opening}{count} for {columns[0].name} and other areas, against {benchmark}"


def _noun(columns: Sequence[RugColumn]) -> str:
    return "small area" if any(column.role == "place" for column in columns) else "area"


def _make_cell(row: Mapping[str, Any] | None, indicator: Indicator, column: RugColumn) -> RugFigure:
    words = word_cell(row, indicator)
    if row is None or read_value(row) is None or column.role not in _OWN_ROLES:
        return RugFigure(words)
    given = row.get("comparison")
    verdict = check_verdict("" if is_missing(given) else str(given), indicator.polarity)
    return RugFigure(words, "" if verdict == NOT_COMPARED else verdict)


def _tally(
    rows: Sequence[RugRow], indicators: Sequence[Indicator], columns: Sequence[RugColumn]
) -> list[tuple[str, int, int]]:
    """Return per small area the measures on which it is worse, and those judged at all."""
    wanted = "place" if any(column.role == "place" for column in columns) else "profile"
    tallies = []
    for place, column in enumerate(columns):
        if column.role != wanted:
            continue
        verdicts = [
            row.cells[place].verdict
            for row, indicator in zip(rows, indicators, strict=True)
            if indicator.polarity != "none" and row.cells[place].verdict
        ]
        tallies.append((column.name, verdicts.count(WORSE), len(verdicts)))
    return tallies


def _write_lead(rows: Sequence[RugRow], columns: Sequence[RugColumn], benchmark: str) -> str:
    """Return how many cells of the small areas have each verdict."""
    wanted = "place" if any(column.role == "place" for column in columns) else "profile"
    places = [i for i, column in enumerate(columns) if column.role == wanted]
    verdicts = [row.cells[i].verdict for row in rows for i in places if row.cells[i].verdict]
    if not verdicts:
        return ""
    counts = [
        f"{verdicts.count(v):,} {v}"
        for v in (WORSE, SIMILAR, BETTER, HIGHER, LOWER)
        if v in verdicts
    ]
    chance = ""
    if len(verdicts) >= 20:
        chance = " Were no area different, chance alone would still mark about one in 20."
    return (
        f"Of {count_things(len(verdicts), 'comparison')} with {benchmark}: "
        f"{', '.join(counts)}.{chance}"
    )


def _write_note(rows: Sequence[RugRow], benchmark: str) -> str:
    sentences = [
        f"A word under a figure says how the area stands to {benchmark}. Better and worse are "
        "used where one direction is good, higher and lower where neither is. Similar means that "
        "the difference could be chance."
    ]
    if any(cell.is_figure and not cell.verdict for row in rows for cell in row.cells):
        sentences.append("Figures without a word are not compared.")
    return " ".join(sentences)


def _tabulate(
    held: Mapping[tuple[str, str], Mapping[str, Any]],
    indicators: Sequence[Indicator],
    columns: Sequence[RugColumn],
    sections: Mapping[str, str],
) -> pd.DataFrame:
    """Return one row per measure: per area the figure in full, and the verdict where it has one."""
    lines = []
    for indicator in indicators:
        line: dict[str, object] = {
            "Measure": indicator.label,
            "Section": sections[indicator.section],
            "Unit": indicator.unit,
        }
        for column in columns:
            row = held.get((indicator.id, column.code))
            cell = _make_cell(row, indicator, column)
            line[column.name] = read_value(row) if cell.is_figure else cell.words
            if cell.words == "[low]":  # the figure itself is known
                line[column.name] = read_value(row)
            if column.role in _OWN_ROLES:
                line[f"{column.name}: comparison"] = cell.verdict or NOT_COMPARED
        lines.append(line)
    return pd.DataFrame(lines)
