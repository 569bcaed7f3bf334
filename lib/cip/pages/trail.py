"""From any number to its definition, and from there to the file that it was read from.

Each figure and table links to the definitions of what it shows; each definition links to the row
of its source, which names the publisher's files with their checksums.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from cip.catalogue import Indicator, load_indicators, load_sections, load_sources
from cip.display.blocks import Block, TableBlock
from cip.display.markup import make_id
from cip.evidence.places import name_definition
from cip.store import ManifestEntry, Store

B = TypeVar("B", bound=Block)

_STATISTICS = {
    "count": "Count",
    "proportion": "Share",
    "composition": "Shares of a whole",
    "rate": "Rate",
    "ratio": "Ratio of observed to expected",
    "change": "Change between two periods",
    "weighted_mean": "Mean weighted by people",
    "decile_people": "Share of people by national decile",
    "decile_areas": "Share of LSOAs by national decile",
    "published": "The publisher's own value",
}
_STANDARDISED = {
    "crude": "crude",
    "standardised": "standardised",
    "not_applicable": "neither crude nor standardised",
}
_INTERVALS = {
    "wilson": "Wilson interval",
    "byars": "Byar's interval, exact below ten",
    "published": "the publisher's interval",
    "none": "no interval",
}


def list_trail(entries: Iterable[Indicator]) -> list[tuple[str, str]]:
    """Return words and place of the definition of each indicator, each place once."""
    found: dict[str, str] = {}
    for entry in entries:
        found.setdefault(name_definition(entry), entry.label)
    return [(words, place) for place, words in found.items()]


def add_trail(block: B, entries: Iterable[Indicator]) -> B:
    """Return a block with links to the definitions of what it shows.

    Of a figure that shows some of the indicators, the others are left out.
    """
    table = getattr(block, "table", None)
    if table is not None and len(table.columns):
        entries = list(entries)
        shown = set(table.iloc[:, 0].astype(str))
        entries = [entry for entry in entries if entry.label in shown] or entries
    if any(field.name == "trail" for field in fields(block)):  # type: ignore[arg-type]
        return replace(block, trail=tuple(list_trail(entries)))  # type: ignore[type-var, return-value]
    return block


def show_definitions(table: pd.DataFrame, store: Store) -> list[TableBlock]:
    """Return one table per section: every indicator that the chapter shows, defined.

    Parameters
    ----------
    table
        The indicator table.
    """
    held = set(table["indicator_id"])
    entries = [entry for entry in load_indicators().values() if entry.id in held]
    periods = table.groupby("indicator_id", sort=False)["period"].agg(lambda found: found.iloc[-1])
    blocks = []
    for section, details in load_sections().items():
        own = [entry for entry in entries if entry.section == section]
        firsts = list({name_definition(entry): entry for entry in reversed(own)}.values())[::-1]
        if firsts:
            blocks.append(_tabulate(firsts, details.title, section, periods, store))
    return blocks


def _tabulate(
    entries: Sequence[Indicator],
    title: str,
    section: str,
    periods: Mapping[str, str],
    store: Store,
) -> TableBlock:
    rows = [
        (
            _name_entry(entry),
            f"{entry.definition} {entry.caveat}",
            f"{_describe_base(entry)} {periods[entry.id]}; {_describe_geography(entry, store)}.",
            _shorten(store.entry(entry.source).title),
        )
        for entry in entries
    ]
    columns = ["measure", "meaning", "base", "source"]
    return TableBlock(
        block_id=f"definitions-{section}",
        caption=f"Definitions: {title}",
        frame=pd.DataFrame(rows, columns=columns),
        column_labels={
            "measure": "Measure",
            "meaning": "What it means, and what to beware of",
            "base": "How, when and where it is counted",
            "source": "Source",
        },
        row_ids=[name_definition(entry) for entry in entries],
        anchors={"source": [make_id("source", entry.source) for entry in entries]},
    )


def _name_entry(entry: Indicator) -> str:
    """Return an indicator's label; of a family, what its members share."""
    if entry.source in ("iod2019", "iod2025"):
        return entry.label.removeprefix("Average score, ").removeprefix("National deciles, ")
    return entry.label


def _describe_base(entry: Indicator) -> str:
    parts = [_STATISTICS[entry.statistic]]
    if entry.statistic not in ("count", "change"):
        parts[0] += f" of {entry.base_label}"
    parts += [entry.unit, _STANDARDISED[entry.standardisation], _INTERVALS[entry.interval]]
    parts += [f"base from {_shorten(load_sources()[b].title)}" for b in entry.base_source.values()][
        :1
    ]
    if entry.minimum_base:
        parts.append(f"not shown below a base of {entry.minimum_base:,}")
    return "; ".join(parts) + "."


def _describe_geography(entry: Indicator, store: Store) -> str:
    if entry.level in ("district", "county"):
        return "districts" if entry.level == "district" else "counties and unitary authorities"
    vintages = {**load_sources()[entry.source].vintages, **store.entry(entry.source).vintages}
    vintage = vintages.get(entry.level)
    return f"{entry.level.upper()} {vintage}" if vintage else store.entry(entry.source).geography


def _shorten(title: str) -> str:
    return title.removeprefix("Invented figures in the layout of ")


def show_sources(table: pd.DataFrame, store: Store) -> list[TableBlock]:
    """Return every source used, each with the files that it was read from and their checksums."""
    used = dict.fromkeys(table["source_id"])
    entries = load_indicators()
    shown = set(table["indicator_id"])
    bases = [
        base
        for name, entry in entries.items()
        if name in shown
        for base in entry.base_source.values()
    ]
    products = [p for p in dict.fromkeys([*used, *bases]) if store.has(p)]
    rows = [_describe_source(store.entry(product)) for product in products]
    columns = ["title", "publisher", "period", "licence", "files"]
    return [
        TableBlock(
            block_id="sources",
            caption="Sources of the figures in this chapter, and the files that they were read from",
            frame=pd.DataFrame(rows, columns=columns),
            column_labels={
                "title": "Source",
                "publisher": "Publisher",
                "period": "Period and geography",
                "licence": "Licence",
                "files": "Files, with the start of their SHA-256",
            },
            note="The record of the run, run.json, holds the whole checksums.",
            row_ids=[make_id("source", product) for product in products],
        )
    ]


def _describe_source(entry: ManifestEntry) -> tuple[Any, ...]:
    files = "; ".join(
        f"{Path(f.name).name} ({f.rows:,} rows, {f.sha256[:12]})" for f in entry.files
    )
    period = f"{entry.period}; {entry.geography}"
    return entry.title, entry.publisher, period, entry.licence, files
