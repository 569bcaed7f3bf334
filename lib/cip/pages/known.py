"""The part of notebook 01 on what is already known and who else is working here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from cip.catalogue.building_blocks import cite_building_blocks, load_topics
from cip.display.blocks import Block, FigureBlock
from cip.display.chart_parts import write_alt
from cip.display.count_grid import GridCell, Tone, draw_grid
from cip.display.text import join_names
from cip.framework.coverage import GAP, ONLY_STALE, count_coverage
from cip.framework.insight import (
    STALE_AFTER_YEARS,
    classify_insight,
    read_insight,
    tidy_insight,
)
from cip.framework.partners import classify_partners, read_partners, tidy_partners
from cip.pages.known_tables import show_insight, show_partners
from cip.pages.pending_input import write_need
from cip.params import ParameterFile

_NEEDS = {
    "insight": (
        "What is already known",
        "A register of reports and consultations about the area shows what need not be asked "
        "again, and which questions nobody has asked yet.",
    ),
    "partners": (
        "Who else is working here",
        "A list of organisations and their work shows whom to talk to first, and where work "
        "overlaps or is missing.",
    ),
}
#: A title names so many gaps; the chart shows all of them.
_MOST_NAMED = 4


def show_known(file: ParameterFile, today: date) -> list[Block]:
    """Return coverage of the building blocks, the register of insight, and the partners.

    Parameters
    ----------
    file
        The area's checked parameter file.
    today
        Date of the report.

    Raises
    ------
    ParameterError
        If a register cannot be read, with all its problems.
    """
    insight, partners = _read(file, today)
    blocks: list[Block] = []
    if insight is not None or partners is not None:
        blocks.append(_draw_coverage(count_coverage(insight, partners)))
    if insight is None:
        blocks.append(write_need("insight", *_NEEDS["insight"]))
    else:
        blocks += show_insight(insight, today)
    if partners is None:
        return [*blocks, write_need("partners", *_NEEDS["partners"])]
    return blocks + show_partners(partners)


def build_known_tables(file: ParameterFile, today: date) -> dict[str, pd.DataFrame]:
    """Return the hand-over tables ``insight`` and ``partners``, as far as they are given."""
    insight, partners = _read(file, today)
    tables = {}
    if insight is not None:
        tables["insight"] = tidy_insight(insight)
    if partners is not None:
        tables["partners"] = tidy_partners(partners)
    return tables


def _read(file: ParameterFile, today: date) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
    insight, partners = file.resolve_input("insight"), file.resolve_input("partners")
    return (
        None if insight is None else classify_insight(read_insight(insight), today),
        None if partners is None else classify_partners(read_partners(partners), today),
    )


def _draw_coverage(coverage: pd.DataFrame) -> FigureBlock:
    has_insight = coverage["valid"].notna().all()
    has_partners = coverage["partners"].notna().all()
    columns, cells = [], [[] for _ in range(len(coverage))]
    if has_insight:
        columns += ["Insight", "Live now"]
    if has_partners:
        columns += ["Partners at work"]
    for row, item in zip(cells, coverage.itertuples(), strict=True):
        if has_insight:
            row += [_word_insight(item.valid, item.stale), _word_count(item.live)]
        if has_partners:
            row.append(_word_count(item.partners))
    shown = coverage[["label", "valid", "stale", "live", "partners"]].dropna(
        axis="columns", how="all"
    )
    return FigureBlock(
        block_id="coverage",
        title=_write_coverage_finding(coverage),
        svg=draw_grid(list(coverage["label"]), columns, cells),
        alt=write_alt(
            "Grid of counts", "building blocks of health", _state(columns, coverage, cells)
        ),
        source_line=f"{cite_building_blocks()}; registers of insight and partners of this area.",
        table=shown,
        note=_explain_coverage(has_insight, has_partners),
        column_labels={
            "label": "Building block",
            "valid": "Valid insight",
            "stale": "Stale insight",
            "live": "Live consultations",
            "partners": "Pieces of work that go on",
        },
    )


def _word_insight(valid: int, stale: int) -> GridCell:
    parts = [f"{valid} valid"] if valid else []
    parts += [f"{stale} stale"] if stale else []
    tone: Tone = "many" if valid > 1 else "some" if valid else "none"
    return GridCell(", ".join(parts) or "none", tone)


def _word_count(number: int) -> GridCell:
    tone: Tone = "many" if number > 1 else "some" if number else "none"
    return GridCell(str(number) if number else "none", tone)


def _state(
    columns: Sequence[str], coverage: pd.DataFrame, cells: Sequence[Sequence[GridCell]]
) -> list[str]:
    names = [name.replace("- ", "") for name in columns]
    return [
        f"{label}: " + ", ".join(f"{n.lower()} {c.words}" for n, c in zip(names, row, strict=True))
        for label, row in zip(coverage["label"], cells, strict=True)
    ]


def _write_coverage_finding(coverage: pd.DataFrame) -> str:
    blocks = coverage[coverage["is_block"]]
    if blocks["valid"].notna().all():
        gaps = blocks.loc[blocks["insight_cover"].isin([GAP, ONLY_STALE]), "label"]
        what, some = "valid insight", "valid insight"
    else:
        gaps = blocks.loc[blocks["partner_cover"] == GAP, "label"]
        what, some = "partner at work", "a partner at work"
    total = len(blocks)
    if gaps.empty:
        return f"Each of the {total} building blocks of health has {some}"
    verb = "has" if len(gaps) == 1 else "have"
    # Semicolons, because the name of one block holds a comma.
    names = f": {'; '.join(gaps).lower()}" if len(gaps) <= _MOST_NAMED else ""
    return f"{len(gaps)} of {total} building blocks of health {verb} no {what}{names}"


def _explain_coverage(has_insight: bool, has_partners: bool) -> str:
    parts = []
    if has_insight:
        parts.append(
            f"Insight is stale when it is more than {STALE_AFTER_YEARS} years old and nobody has "
            "confirmed that it still holds. What is marked as no longer valid is not counted."
        )
    if has_partners:
        parts.append("Work that has ended is not counted.")
    parts.append(
        "Gaps come first. One entry can be about several topics. Counts say how much there is, "
        "not how good it is."
    )
    if not all(topic.is_block for topic in load_topics().values()):
        others = [t.label.lower() for t in load_topics().values() if not t.is_block]
        rows, are = ("row", "is") if len(others) == 1 else ("rows", "are")
        last = f"The last {rows}, {join_names(others)}, {are} not among the building blocks"
        parts.append(f"{last}, though insight is often about such things.")
    return " ".join(parts)
