"""Tables of notebook 02 for figures that no bar chart holds: rates, means, ratios, published values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from cip.catalogue import Indicator
from cip.display.blocks import TableBlock
from cip.display.cells import list_records
from cip.display.chart_parts import word_cell
from cip.display.interval_table import describe_against
from cip.display.text import format_value
from cip.pages.trail import name_definition
from cip.statistics import BETTER, HIGHER, LOWER, WORSE

#: Stands behind a word that holds at 99.8% as well.
STRICT_MARK = "*"
STRICT_NOTE = f"{STRICT_MARK} also with a 99.8% interval."
_MARKED = (BETTER, WORSE, HIGHER, LOWER)

#: Levels of which no area smaller than a district has a figure.
WIDER_LEVELS = ("district", "county")


def drop_silent(rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out the comparators that have no figure in any of the rows."""
    codes = rows["area_code"].to_numpy(dtype=object)
    speaking = set(codes[rows["value"].notna().to_numpy()])
    is_own = (rows["area_role"] == "profile").to_numpy()
    is_kept = np.array([code in speaking for code in codes], dtype=bool) | is_own
    return rows if is_kept.all() else rows[is_kept]


def tabulate_measures(
    rows: pd.DataFrame,
    entries: Sequence[Indicator],
    areas: pd.DataFrame,
    *,
    block_id: str,
    caption: str,
) -> TableBlock:
    """Return one row per measure: the area's figure with its interval, and each comparator's.

    Parameters
    ----------
    rows
        Indicator rows of the latest period.
    areas
        One row per area: ``area_code, area_name, area_role``; the profile area first.
    """
    rows = drop_silent(rows)
    held = {(r["indicator_id"], r["area_code"]): r for r in list_records(rows)}
    own = areas[areas["area_role"] == "profile"].iloc[0]
    others = areas[(areas["area_role"] != "profile") & areas["area_code"].isin(rows["area_code"])]
    lines = []
    for entry in entries:
        here = held.get((entry.id, own["area_code"]))
        cells = {
            "label": entry.label,
            "unit": entry.unit,
            "period": _shorten(rows.loc[rows["indicator_id"] == entry.id, "period"].iloc[0]),
            "own": word_cell(here, entry),
            "interval": _show_interval(here, entry),
        }
        for code in others["area_code"]:
            cells[code] = _show_other(held.get((entry.id, code)), entry)
        lines.append(cells)
    names = dict(zip(others["area_code"], others["area_name"], strict=True))
    frame = pd.DataFrame(lines, columns=["label", "unit", "period", "own", "interval", *names])
    empty = [c for c in ("own", "interval") if frame[c].isin(["[z]", "[x]"]).all()]
    return TableBlock(
        block_id=block_id,
        caption=caption,
        frame=frame.drop(columns=empty),
        column_labels={
            "label": "Measure",
            "unit": "Unit",
            "period": "Period",
            "own": own["area_name"],
            "interval": "95% interval",
            **names,
        },
        note=_write_note(lines),
        anchors={"label": [name_definition(entry) for entry in entries]},
    )


def _shorten(period: str) -> str:
    """Return a period without the words that explain it: its definition has them."""
    return period.partition(" (")[0].partition(", ")[0]


def _show_interval(row: dict | None, entry: Indicator) -> str:
    if row is None or pd.isna(row["lower_95"]):
        return "[z]"
    low, high = (format_value(row[name], "", entry.decimals) for name in ("lower_95", "upper_95"))
    return f"{low} to {high}"


def _show_other(row: dict | None, entry: Indicator) -> str:
    if row is None or pd.isna(row["value"]):
        return "[x]"
    return describe_strictly(row, entry)


def describe_strictly(row: Mapping[str, Any], entry: Indicator) -> str:
    """Return a comparator's figure, and how the area stands to it; a star marks 99.8%."""
    words = describe_against(row, entry)
    is_strict = row["comparison_998"] in _MARKED and row["comparison_998"] == row["comparison"]
    return f"{words}{STRICT_MARK}" if is_strict else words


def _write_note(lines: list[dict[str, str]]) -> str:
    said = [
        f"Words beside a comparator's figure say how the area stands to it (95% interval). {STRICT_NOTE}",
        "A figure without a word has no interval, so it is not compared.",
    ]
    has_words = any(" here" in str(cell) for line in lines for cell in line.values())
    return " ".join(said if has_words else said[1:])
