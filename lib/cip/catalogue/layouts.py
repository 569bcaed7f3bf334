"""Layouts: the forms that publishers' files take, and the columns in them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

LayoutKind = Literal[
    "wide_counts",
    "long_counts",
    "period_counts",
    "table",
    "boundaries",
    "centroids",
    "values",
    "wide_values",
    "events",
    "places",
    "points",
    "records",
    "osm",
    "graphml",
]
Level = Literal["oa", "lsoa", "msoa", "ward", "district", "county", "region", "country"]

#: What a layout may say of a published value, besides the area.
VALUE_FIELDS = (
    "series_id",
    "series_name",
    "sex",
    "age",
    "period",
    "period_order",
    "value",
    "lower_95",
    "upper_95",
    "lower_998",
    "upper_998",
    "count",
    "denominator",
    "note",
)
#: What a layout may say of a place. Columns that name people are never declared, so never read.
PLACE_FIELDS = (
    "place_id",
    "name",
    "place_type",
    "status",
    "address",
    "postcode",
    "x",
    "y",
    "longitude",
    "latitude",
    "location",
    "lsoa_code",
    "opened",
    "closed",
    "checked",
    "opening",
    "website",
    "income",
    "capacity",
    "detail",
)


class Model(BaseModel):
    """What every entry of the source catalogue is built on: unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(Model):
    """A column of a measures or lookup table, with every heading that publishers give it.

    ``{yy}`` in a heading stands for two digits of a year and ``{*}`` for any text. Numbers are
    multiplied by ``factor``; those in ``no_value`` say that there is none. A column with
    ``names_of`` gives the names of the codes that another column holds, from ``names``.
    """

    type: Literal["string", "postcode", "integer", "number", "flag", "code"]
    headings: list[str] = []
    levels: list[Level] = []
    vintage: str = ""
    required: bool = False
    unit: str = ""
    factor: float = 1.0
    no_value: list[float] = []
    names_of: str = ""
    names: dict[str, str] = {}


class ColumnGrid(Model):
    """Columns named by a stem and an ending (``income`` and ``_rank``), declared at one go."""

    stems: dict[str, list[str]]
    endings: dict[str, Column]

    def expand(self) -> dict[str, Column]:
        """Return every stem with every ending as a column."""
        return {
            stem_id + ending_id: ending.model_copy(
                update={"headings": [s + e for s in stems for e in ending.headings]}
            )
            for stem_id, stems in self.stems.items()
            for ending_id, ending in self.endings.items()
        }


class AgeGroups(Model):
    """Age categories made by rule: single years or bands, the last one open-ended.

    ``labels`` are wordings of one publisher, besides those that all share, and ``over_labels``
    those of the open-ended group.
    """

    edges: list[int] = []
    every: int = 0
    until: int = 0
    id_prefix: str = ""
    label_prefixes: list[str] = [""]
    labels: list[str] = []
    over_labels: list[str] = []

    def list_edges(self) -> list[int]:
        """Return the first age of every group, youngest first."""
        return self.edges or list(range(0, self.until + 1, self.every))


class AgeWords(Model):
    """How publishers word an age group; ``{first}`` and ``{last}`` are ages in years."""

    zero: list[str]
    one: list[str]
    single: list[str]
    under: list[str]
    between: list[str]
    over: list[str]


class Axis(Model):
    """One classification of a cross-tabulation: its headings and its category labels."""

    headings: list[str]
    categories: dict[str, list[str]]


class Sum(Model):
    """A total and the parts that add up to it, within the perturbation of the Census."""

    total: str
    parts: list[str]


class Layout(Model):
    """One form that a product's file takes.

    Parameters
    ----------
    keep
        Rows to read, by heading: only those with one of these texts in that column.
    leave_out
        Headings; a row with any text under one of them is left out (a breakdown of no use here).
    marker, absent
        A text that must stand above the headings, and headings that must not be there. Of points
        without properties: what the collection or the file is called.
    signs
        Headings that must be there and are not read.
    header_rows
        Two when each heading is the text of one row followed by that of the row below it.
    period, period_pattern, period_text
        Where a row's period is: under a heading, or in the sheet's name and the titles; which
        part of the text it is (the groups of a pattern); or the period itself. Counts with one
        column for each period find their columns by the pattern, and ``fixed`` says of what
        category they are.
    category, amounts, reporter
        Of events: heading of the kind, headings of numbers to add up, heading of who reports.
    fixed, series, scale
        Of values: fields that are the same in every row, names of series by their id, and what
        values and limits are multiplied by.
    endings, aliases
        Of areas without codes: the level that the last letters of a name tell, and names that a
        publisher writes in its own way.
    joins, types, statuses
        Of places: fields made of several columns, and what codes of types and states mean.
    id_from
        Of places without a number of their own: the fields that their id is made of. ``point``
        stands for the easting and northing.
    positions, patterns
        Of files without headings: the fields column by column ("" for one that is not read), and
        what cells of a field look like. A file with headings is known by the patterns as well.
    """

    id: str
    kind: LayoutKind
    title: str = ""
    precedence: int = 50
    code: list[str] = []
    name: list[str] = []
    headings: list[str] = []
    value: list[str] = []
    total: list[str] = []
    keep_ending: str = ""
    drop_ending: str = ""
    drop_labels: list[str] = []
    keep: dict[str, list[str]] = {}
    leave_out: list[str] = []
    marker: str = ""
    header_rows: Literal[1, 2] = 1
    classification: str = ""
    absent: list[str] = []
    signs: list[str] = []
    columns: dict[str, list[str]] = {}
    require: list[list[str]] = []
    minimum: int = 0
    x: list[str] = []
    y: list[str] = []
    crs: int = 27700
    period: list[str] = []
    period_pattern: str = ""
    period_text: str = ""
    category: list[str] = []
    amounts: dict[str, list[str]] = {}
    reporter: list[str] = []
    fixed: dict[str, str] = {}
    series: dict[str, str] = {}
    scale: float = 1.0
    endings: dict[str, Level] = {}
    aliases: dict[str, str] = {}
    joins: dict[str, list[str]] = {}
    types: dict[str, str] = {}
    statuses: dict[str, str] = {}
    id_from: list[str] = []
    positions: list[str] = []
    patterns: dict[str, str] = {}

    def list_fields(self) -> set[str]:
        """Return the fields that layouts of this kind may name, besides a product's columns."""
        if self.kind in ("values", "wide_values"):
            return set(VALUE_FIELDS)
        return set(PLACE_FIELDS) if self.kind in ("places", "points", "records") else set()
