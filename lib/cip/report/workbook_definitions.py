"""Sheets that say what an indicator means and which files it was read from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cip.catalogue import load_sections, load_sources
from cip.report.workbook import Cell, Link, Sheet, Table, make_text
from cip.report.workbook_words import INTERVALS, POLARITIES, STANDARDISATIONS, STATISTICS
from cip.shorthand import NOT_APPLICABLE, NOT_AVAILABLE

if TYPE_CHECKING:
    import pandas as pd

    from cip.catalogue import Indicator, Source
    from cip.store import ManifestEntry

_DEFINITIONS = (
    "Indicator", "Section", "Question", "Definition", "Numerator", "Denominator", "Unit",
    "Kind of figure", "Standardised or crude", "Confidence interval", "Which way is good",
    "Smallest base shown", "Source", "Period", "Geography and vintage", "Caveat", "Identifier",
)  # fmt: skip


def make_definitions(
    indicators: pd.DataFrame,
    entries: Mapping[str, Indicator],
    stored: Mapping[str, ManifestEntry],
    listed: Mapping[str, list[tuple[Cell, ...]]],
    lines: tuple[Cell, ...],
) -> Sheet:
    """Return the sheet that defines each indicator, a row each, with a link to its source.

    Parameters
    ----------
    stored
        What the store says of each product that was used, by id.
    listed
        The rows of the sheet Sources, by product; it has as many lines above its table.
    """
    sections, sources = load_sections(), load_sources()
    periods = _list_periods(indicators)
    row, rows_of = len(lines) + 3, {}
    for name, files in listed.items():
        rows_of[name], row = row, row + len(files)
    rows = [
        _define(
            entry,
            sections[entry.section].title,
            sources[entry.source],
            stored,
            periods[entry.id],
            rows_of.get(entry.source),
        )
        for entry in entries.values()
    ]
    return Sheet("Definitions", "Definitions", lines, Table(_DEFINITIONS, rows))


def _list_periods(indicators: pd.DataFrame) -> dict[str, list[str]]:
    """Return the periods of each indicator, the first one first."""
    if "period_order" in indicators:
        indicators = indicators.sort_values("period_order", kind="stable")
    found: dict[str, dict[str, None]] = {}
    for name, period in zip(indicators["indicator_id"], indicators["period"], strict=True):
        found.setdefault(name, {})[period] = None
    return {name: list(periods) for name, periods in found.items()}


def _define(
    entry: Indicator,
    section: str,
    source: Source,
    known: Mapping[str, ManifestEntry],
    periods: list[str],
    source_row: int | None,
) -> tuple[Cell, ...]:
    stored = known.get(entry.source)
    title = make_text(stored.title if stored else source.title)
    bases = [known[name].title for name in entry.base_source.values() if name in known]
    below = "; from: ".join([describe_denominator(entry, source), *dict.fromkeys(bases)])
    base = f"{entry.minimum_base:,} {entry.base_label}" if entry.minimum_base else NOT_APPLICABLE
    words = [
        entry.label, section, entry.question, entry.definition,
        describe_numerator(entry, source), below, entry.unit,
        STATISTICS.get(entry.statistic, entry.statistic),
        STANDARDISATIONS.get(entry.standardisation, entry.standardisation),
        INTERVALS.get(entry.interval, entry.interval),
        POLARITIES.get(entry.polarity, entry.polarity), base,
    ]  # fmt: skip
    period = periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}"
    geography = stored.geography if stored else source.geography
    return (
        *(make_text(text) for text in words),
        Link(title, "Sources", source_row) if source_row else title,
        make_text(period) or NOT_AVAILABLE,
        make_text(geography) or NOT_AVAILABLE,
        make_text(entry.caveat),
        entry.id,
    )


def describe_numerator(entry: Indicator, source: Source) -> str:
    """Return in words what is counted above the line of an indicator."""
    if entry.statistic == "published":
        return "Counted by the publisher"
    if entry.is_decile:
        deciles = entry.numerator or [group.label for group in entry.groups]
        words = ", ".join(name.replace("_", " ") for name in deciles)
        return f"{_describe_base(entry, source)}, by {_name(entry.measure, source)}: {words}"
    if entry.groups:
        return f"{entry.base_label} in each group: " + "; ".join(g.label for g in entry.groups)
    if entry.measure:
        return f"Sum of {_name(entry.measure, source)} times {_name(entry.weight, source)}"
    # What a rate counts above the line are events, not members of its base.
    counted = "Events" if entry.statistic in ("rate", "ratio") else entry.base_label
    return f"{counted}: " + "; ".join(_name(name, source) for name in entry.numerator)


def describe_denominator(entry: Indicator, source: Source) -> str:
    """Return in words what is counted below the line of an indicator."""
    if entry.statistic == "published":
        return "Counted by the publisher"
    if entry.is_decile:
        return f"{_describe_base(entry, source)} that are ranked"
    if entry.weight:
        return _name(entry.weight, source)
    if entry.denominator:
        names = "; ".join(_name(name, source) for name in entry.denominator)
        return f"{entry.base_label}: {names}"
    return f"All {entry.base_label} in the groups" if entry.groups else NOT_APPLICABLE


def _describe_base(entry: Indicator, source: Source) -> str:
    return _name(entry.weight, source) if entry.weight else entry.base_label


def _name(name: str, source: Source) -> str:
    """Return a publisher's own heading for a column of its table, else the column's name."""
    column = source.columns.get(name)
    labels = column.headings if column else source.categories.get(name, [])
    # A place-holder stands for the headings of several years, a number for a code.
    whole = [label for label in labels if "{" not in label and not label.isdigit()]
    return (whole[0] if whole else name.replace(":", " ")).replace("_", " ")


_SOURCES = (
    "Source", "Publisher", "Period", "Geography and vintage", "Licence", "Attribution", "File",
    "SHA-256 checksum of the file", "Address of the file", "Read into the store on",
    "Identifier of the table", "SHA-256 checksum of the table",
)  # fmt: skip


def list_sources(stored: Mapping[str, ManifestEntry]) -> dict[str, list[tuple[Cell, ...]]]:
    """Return for each product one row per file that it was read from."""
    listed: dict[str, list[tuple[Cell, ...]]] = {}
    for name, entry in stored.items():
        about = [entry.title, entry.publisher, entry.period, entry.geography, entry.licence]
        table = [entry.attribution, entry.fetched_at[:10], name, entry.sha256]
        files = [[file.name, file.sha256, file.address] for file in entry.files] or [[""] * 3]
        listed[name] = [
            tuple(
                make_text(text or "") or NOT_AVAILABLE
                for text in (*about, table[0], *file, *table[1:])
            )
            for file in files
        ]
    return listed


def make_sources(
    listed: Mapping[str, list[tuple[Cell, ...]]], lines: tuple[Cell, ...]
) -> list[Sheet]:
    """Return the sheet of sources, or none where no source is known."""
    rows = [row for files in listed.values() for row in files]
    return [Sheet("Sources", "Sources and files", lines, Table(_SOURCES, rows))] if rows else []
