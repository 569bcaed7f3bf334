"""The map of one measure over the small areas of a profile."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from cip.catalogue import Indicator, source_line
from cip.display.blocks import MapBlock
from cip.display.cells import is_missing
from cip.display.chart_parts import number_format
from cip.display.findings import Figure, write_range
from cip.display.map_classes import METHODS, Classes
from cip.display.maps import map_choropleth

#: Fewer areas than this in a class, on average, make classes that mean little.
_LEAST_IN_CLASS = 2
_MOST_CLASSES = 5
_MORE = {
    "lower_95": "Lower 95% limit",
    "upper_95": "Upper 95% limit",
    "numerator": "Count",
    "denominator": "Out of",
}


def draw_indicator_map(
    outlines: gpd.GeoDataFrame,
    rows: pd.DataFrame,
    indicator: Indicator,
    *,
    block_id: str,
    classes: Classes = "natural_breaks",
    class_count: int = _MOST_CLASSES,
    context: gpd.GeoDataFrame | None = None,
    note: str = "",
) -> MapBlock:
    """Map one measure: classes with their limits, a mark on every area, and all values in a table.

    Parameters
    ----------
    outlines
        One row per small area: ``area_code, area_name`` and its outline.
    rows
        One row per small area, at most: ``area_code, value`` and, where known,
        ``lower_95, upper_95, numerator, denominator, is_suppressed``. An area without a row has
        no figure.
    indicator
        Catalogue entry of the measure.
    block_id
        Short name of the block.
    classes, class_count
        As for :func:`cip.display.maps.map_choropleth`. Small profiles get fewer classes.
    context
        Backdrop.
    note
        A sentence after the one on classes.

    Raises
    ------
    ValueError
        If no area has a figure, an area has two rows, or ``outlines`` is empty.
    """
    columns = [c for c in ("area_code", "value", *_MORE, "is_suppressed") if c in rows]
    joined = outlines.merge(rows[columns], on="area_code", how="left", validate="1:1")
    if "is_suppressed" not in joined:
        joined["is_suppressed"] = False
    joined["is_suppressed"] = joined["is_suppressed"].astype("boolean").fillna(False)
    shown = joined["value"].mask(joined["is_suppressed"].astype(bool))
    if not isinstance(classes, str) or classes == "deciles":
        count = class_count
    else:
        count = max(1, min(class_count, int(shown.notna().sum()) // _LEAST_IN_CLASS))
    return map_choropleth(
        joined,
        "value",
        title=write_range(indicator.label, _list_places(joined, shown, indicator)),
        block_id=block_id,
        source_line=source_line(indicator.source),
        value_label=_word_unit(indicator),
        classes=classes,
        class_count=count,
        value_format=_value_format(indicator),
        context=context,
        note=_write_note(joined, shown, indicator, classes, note),
        withheld="is_suppressed",
        more={
            name: (heading, number_format(indicator) if "95" in name else "{:,.0f}")
            for name, heading in _MORE.items()
            if name in joined and joined[name].notna().any()
        },
    )


def _list_places(
    joined: gpd.GeoDataFrame, shown: pd.Series, indicator: Indicator
) -> list[tuple[str, Figure]]:
    return [
        (
            str(code) if is_missing(name) else str(name),
            Figure(None if is_missing(value) else float(value), indicator.unit, indicator.decimals),
        )
        for code, name, value in zip(
            joined["area_code"], joined["area_name"], shown, strict=True
        )
    ]  # fmt: skip


def _word_unit(indicator: Indicator) -> str:
    return indicator.label if indicator.unit == "%" else f"{indicator.label} ({indicator.unit})"


def _value_format(indicator: Indicator) -> str:
    return number_format(indicator) + ("%" if indicator.unit == "%" else "")


def _write_note(
    joined: gpd.GeoDataFrame,
    shown: pd.Series,
    indicator: Indicator,
    classes: Classes,
    note: str,
) -> str:
    how = METHODS[classes] if isinstance(classes, str) else "limits chosen for this measure"
    sentences = [
        f"Classes by {how}. Darker means a higher value; the mark on an area names its class."
    ]
    if indicator.polarity == "none":
        sentences.append("A high value is neither good nor bad.")
    gaps = int(shown.isna().sum())
    if gaps:
        verb = "is" if gaps == 1 else "are"
        sentences.append(f"{gaps} of {len(joined)} small areas {verb} hatched: no figure is shown.")
    if "lower_95" in joined and joined["lower_95"].notna().any():
        sentences.append(
            "Areas in different classes may differ by chance alone: the table has the intervals."
        )
    if note:
        sentences.append(note)
    return " ".join([*sentences, indicator.caveat])
