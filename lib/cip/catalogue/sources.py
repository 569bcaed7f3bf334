"""Sources: each product, whose it is, and every layout that its files come in.

The facts are in ``sources.toml``; this module gives them types and refuses mistakes in them.
"""

from __future__ import annotations

import itertools
import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from cip.errors import SourceError

if TYPE_CHECKING:
    from cip.store import ManifestEntry

SourceKind = Literal["counts", "measures", "lookup", "centroids", "boundaries"]
LayoutKind = Literal["wide_counts", "long_counts", "table", "boundaries", "centroids"]
Level = Literal["oa", "lsoa", "msoa", "ward", "district", "county", "region", "country"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Model):
    """A column of a measures or lookup table, with every heading that publishers give it.

    ``{yy}`` in a heading stands for two digits of a year and ``{*}`` for any text.
    """

    type: Literal["string", "integer", "number", "flag", "code"]
    headings: list[str]
    levels: list[Level] = []
    vintage: str = ""
    required: bool = False


class ColumnGrid(_Model):
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


class AgeGroups(_Model):
    """Age categories made by rule: single years or bands, the last one open-ended."""

    edges: list[int] = []
    every: int = 0
    until: int = 0
    id_prefix: str = ""
    label_prefixes: list[str] = [""]

    def list_edges(self) -> list[int]:
        """Return the first age of every group, youngest first."""
        return self.edges or list(range(0, self.until + 1, self.every))


class AgeWords(_Model):
    """How publishers word an age group; ``{first}`` and ``{last}`` are ages in years."""

    zero: list[str]
    one: list[str]
    single: list[str]
    under: list[str]
    between: list[str]
    over: list[str]


class Axis(_Model):
    """One classification of a cross-tabulation: its headings and its category labels."""

    headings: list[str]
    categories: dict[str, list[str]]


class Sum(_Model):
    """A total and the parts that add up to it, within the perturbation of the Census."""

    total: str
    parts: list[str]


class Layout(_Model):
    """One form that a product's file takes."""

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
    marker: str = ""
    classification: str = ""
    absent: list[str] = []
    columns: dict[str, list[str]] = {}
    require: list[list[str]] = []
    minimum: int = 0
    x: list[str] = []
    y: list[str] = []
    crs: int = 27700


class Download(_Model):
    """Where a publisher offers a product, and how the address is known.

    ``evidence`` is ``fetched`` once somebody has had the file from that address. With ``points``
    the rows of a feature service get the coordinates of their point, as ``x`` and ``y``.
    """

    kind: Literal["file", "zip", "arcgis"]
    address: str
    file_name: str
    where: str = "1=1"
    out_fields: str = "*"
    out_sr: int = 4326
    page_rows: int = 2000
    points: bool = False
    max_bytes: int = 200_000_000
    evidence: Literal["fetched", "quoted in public code", "from memory"]


class Register(_Model):
    """Which products list the valid codes of a small-area geography, and how many there are."""

    level: Level
    vintage: str
    national: dict[str, int]
    products: dict[str, str]


class Source(_Model):
    """One product of one publisher."""

    id: str
    kind: SourceKind
    title: str
    table: str = ""
    publisher: str
    period: str
    geography: str
    licence: str
    licence_url: str
    attribution: str
    landing_url: str
    caveat: str = ""
    topics: list[str] = []
    categories: dict[str, list[str]] = {}
    axes: list[Axis] = []
    sums: list[Sum] = []
    require: list[list[str]] = []
    columns: dict[str, Column] = {}
    key: list[str] = []
    levels: list[Level] = []
    vintages: dict[Level, str] = {}
    layouts: list[Layout] = []
    downloads: list[Download] = []

    @model_validator(mode="after")
    def _check_references(self) -> Source:
        known = set(self.categories) | set(self.columns)
        named = [id_ for s in self.sums for id_ in (s.total, *s.parts)]
        named += [id_ for option in self.require for id_ in option] + self.key
        for layout in self.layouts:
            named += [*layout.columns, *(id_ for option in layout.require for id_ in option)]
        unknown = sorted({id_ for id_ in named if id_ not in known})
        if unknown:
            raise ValueError(f"source '{self.id}' names unknown columns: {', '.join(unknown)}")
        ids = [layout.id for layout in self.layouts]
        if len(ids) != len(set(ids)):
            raise ValueError(f"source '{self.id}' has two layouts with one id")
        return self


class Catalogue(_Model):
    """Everything that ``sources.toml`` declares."""

    sources: dict[str, Source]
    registers: list[Register]
    allowed_hosts: list[str]
    missing_values: list[str]
    perturbation_per_cell: int = Field(ge=0)


def load_sources() -> dict[str, Source]:
    """Return every source by its product id, in the order of the catalogue."""
    return load_source_catalogue().sources


@cache
def load_source_catalogue() -> Catalogue:
    """Read and check ``sources.toml``. Raises SourceError naming what is wrong in it."""
    text = resources.files("cip.catalogue").joinpath("sources.toml").read_text(encoding="utf-8")
    return parse_source_catalogue(text)


def parse_source_catalogue(text: str) -> Catalogue:
    """Turn the text of a source catalogue into a checked Catalogue."""
    try:
        raw = tomllib.loads(text)
        words = AgeWords.model_validate(raw.pop("age_words"))
        families, templates = raw.pop("families", {}), raw.pop("templates", {})
        raw["sources"] = {
            id_: _expand_source(id_, entry, families, templates, words)
            for id_, entry in raw["sources"].items()
        }
        return Catalogue.model_validate(raw)
    except (tomllib.TOMLDecodeError, ValidationError, KeyError) as error:
        raise SourceError(f"The source catalogue cannot be used: {error}") from error


class _Provenance:
    """Whether the figures at hand are a publisher's own or invented in its layout."""

    is_invented = False


def mark_invented(is_invented: bool) -> None:
    """Say whose figures the source lines of this process speak of from now on.

    Every workspace says it when it is opened, so that invented figures never carry a
    publisher's name as their source.
    """
    _Provenance.is_invented = is_invented


def source_line(product_id: str, *, store_entry: ManifestEntry | None = None) -> str:
    """Return the line that goes under every figure and table made from a product.

    Parameters
    ----------
    product_id
        A product of the catalogue.
    store_entry
        The product's manifest entry; when given, its period and geography are used, so that
        the line describes the data at hand.
    """
    source = load_sources().get(product_id)
    if source is None:
        raise SourceError(f"There is no product '{product_id}' in the source catalogue.")
    if _Provenance.is_invented:
        return f"Source: invented figures in the layout of {source.title}."
    said = store_entry or source
    parts = [f"{source.title}, {source.publisher}", said.period, said.geography, said.licence]
    return "Source: " + "; ".join(part for part in parts if part) + "."


def _expand_source(
    id_: str, entry: dict[str, Any], families: dict, templates: dict, words: AgeWords
) -> dict[str, Any]:
    family = families.get(entry.pop("family", ""), {})
    merged = {**family, **entry, "id": id_}
    own = merged.pop("layouts", [])
    shared = [{**templates[name], "id": name} for name in merged.pop("templates", [])]
    table = merged.get("table", "")
    layouts = [dict(layout) for layout in [*shared, *own]]
    for layout in layouts:
        layout["marker"] = layout.get("marker", "").replace("{table}", table)
    ages = [AgeGroups.model_validate(group) for group in merged.pop("ages", [])]
    categories = dict(merged.get("categories", {}))
    for group in ages:
        categories.update(expand_ages(group, words))
    columns = dict(merged.get("columns", {}))
    for grid in merged.pop("grids", []):
        columns.update(ColumnGrid.model_validate(grid).expand())
    columns.update({c: _plain_column(c) for c in merged.pop("plain_numbers", [])})
    axes = [Axis.model_validate(axis) for axis in merged.get("axes", [])]
    if axes:
        cells = itertools.product(*(axis.categories for axis in axes))
        categories.update({"_".join(cell): [] for cell in cells})
    return {**merged, "layouts": layouts, "categories": categories, "columns": columns}


def _plain_column(id_: str) -> Column:
    """Return a number column whose heading is its own id (headings ignore punctuation)."""
    return Column(type="number", headings=[id_])


def expand_ages(group: AgeGroups, words: AgeWords) -> dict[str, list[str]]:
    """Return category id and labels of every age of a group, youngest first.

    Examples
    --------
    Five-year bands to 85 give ``age_0_4``, ``age_5_9`` ... ``age_85_plus``.
    """
    edges = group.list_edges()
    categories: dict[str, list[str]] = {}
    for first, following in itertools.zip_longest(edges, edges[1:]):
        last = following - 1 if following is not None else None
        if last is None:
            id_, forms = f"age_{first}_plus", words.over
        elif first == last:
            id_, forms = f"age_{first}", {0: words.zero, 1: words.one}.get(first, words.single)
        else:
            id_, forms = f"age_{first}_{last}", words.under if first == 0 else words.between
            forms = [*forms, *words.between] if first == 0 else forms
        labels = [form.format(first=first, last=last) for form in forms]
        categories[group.id_prefix + id_] = [p + x for p in group.label_prefixes for x in labels]
    return categories
