"""The part of notebook 01 on need that shows the figures behind the places."""

from __future__ import annotations

import pandas as pd

from cip.display.blocks import TableBlock
from cip.display.text import format_value
from cip.need import Need

#: More rows would bury the page; the table `need` of the run holds all.
MOST_OWN_ROWS = 120
_WHOLE = ("numerator", "denominator", "local", "fifth", "national", "decile")


def show_values(need: Need) -> TableBlock:
    """Return the value of every measure with a weight, for the shortlist and for the profile's own areas."""
    table = need.ranking.table
    chosen = table[table["is_shortlisted"] | (table["in_profile"] != "")]
    held = need.measured.measures[need.measured.measures["weight_used"] > 0]
    wide = need.measured.values.pivot(index="area_code", columns="measure_id", values="value")
    frame = pd.DataFrame({"area": chosen["area_name"].to_numpy()})
    for row in held.itertuples():
        values = wide[row.measure_id].reindex(chosen["area_code"])
        frame[row.measure_id] = [_write_value(value, row.unit, row.decimals) for value in values]
    return TableBlock(
        block_id="need-values",
        caption="Values behind the places: the shortlist, and the areas of the profile",
        frame=frame,
        column_labels={"area": "Area", **dict(zip(held["measure_id"], held["label"], strict=True))},
        note=(
            "Measures with a weight alone. Those of the Indices of Deprivation are scores, others "
            "are percentages. The table `need` of this run holds all measures of all areas."
        ),
    )


def show_own_measures(need: Need, title: str) -> list[TableBlock]:
    """Return counts, ranks and deciles of each measure for the profile's own areas."""
    table = need.ranking.table
    own = table[table["in_profile"] != ""]
    rows = need.measured.values.merge(
        own[["area_code", "area_name"]], on="area_code", validate="m:1"
    )
    measures = need.measured.measures.set_index("measure_id")
    if rows.empty or len(rows) > MOST_OWN_ROWS:
        return []
    frame = pd.DataFrame(
        {
            "area": rows["area_name"],
            "measure": rows["label"],
            "value": [
                _write_value(r.value, r.unit, measures.at[r.measure_id, "decimals"])
                for r in rows.itertuples()
            ],
            "numerator": rows["numerator"],
            "denominator": rows["denominator"],
            "local": rows["local_rank"],
            "fifth": rows["quintile"],
            "national": rows["national_rank"],
            "decile": rows["national_decile"],
        }
    )
    is_empty = frame[["numerator", "national", "decile"]].isna().all()
    frame = frame.drop(columns=list(is_empty.index[is_empty])).sort_values(
        "area", kind="stable", ignore_index=True
    )
    return [
        TableBlock(
            block_id="need-own-measures",
            caption=f"Every measure for the {need.candidates.noun} of {title}",
            frame=frame,
            column_labels={
                "area": "Area",
                "measure": "Measure",
                "value": "Value",
                "numerator": "Count",
                "denominator": "Base",
                "local": "Rank here",
                "fifth": "Fifth",
                "national": "National rank",
                "decile": "National decile",
            },
            formats=dict.fromkeys(_WHOLE, "{:,.0f}"),
            note=(
                f"Rank and fifth are among the {need.candidates.noun} of "
                f"{need.candidates.within_name}; 1 is the most need. Base: what a count is out of, "
                "or the people who weight a score. National ranks are the publisher's, and are "
                "missing where there is none: for the Census, and where an LSOA of 2011 was redrawn in 2021."
            ),
        )
    ]


def _write_value(value: float, unit: str, decimals: int) -> str:
    return "[x]" if pd.isna(value) else format_value(value, unit, decimals).replace("-", "−")
