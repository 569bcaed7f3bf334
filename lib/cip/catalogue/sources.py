"""Sources: each product, whose it is, and every layout that its files come in.

The facts are in ``sources.toml`` and, topic by topic, in ``sources_*.toml`` beside it; this module
gives them types and refuses mistakes in them.
"""

from __future__ import annotations

import itertools
import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from cip.catalogue.downloads import Download
from cip.catalogue.layouts import (
    AgeGroups,
    AgeWords,
    Axis,
    Column,
    ColumnGrid,
    Layout,
    Level,
    Sum,
)
from cip.catalogue.reading import read_files
from cip.errors import SourceError

if TYPE_CHECKING:
    from cip.store import ManifestEntry

SourceKind = Literal["counts", "measures", "lookup", "centroids", "boundaries", "values", "places"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Register(_Model):
    """Which products list the valid codes of a small-area geography, and how many there are."""

    level: Level
    vintage: str
    national: dict[str, int]
    products: dict[str, str]


class AreaNames(_Model):
    """A product that names areas: the columns that hold their codes and names."""

    product: str
    code: str
    name: str


class AreaDistricts(AreaNames):
    """A product that says in which district every small area of one vintage lies."""

    vintage: str
    district: str


class Source(_Model):
    """One product of one publisher.

    Parameters
    ----------
    has_period
        Rows are told apart by their period as well as by their area.
    detect_vintage
        Vintages that the small-area codes of a file (of ``detect_level``) may be of; the codes
        decide.
    covered_share
        Of a product of events: a district is covered by the files when this share of its small
        areas has an event. Its other small areas then had none; events elsewhere are strays.
    id_scheme
        Of a product of places: whose numbers its ids are (``ods``, ``urn``, ``atco``), where
        other sources use them too.
    """

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
    has_period: bool = False
    detect_vintage: list[str] = []
    detect_level: Level = "lsoa"
    covered_share: float = 0.0
    id_scheme: str = ""
    layouts: list[Layout] = []
    downloads: list[Download] = []

    @model_validator(mode="after")
    def _check_references(self) -> Source:
        known = set(self.categories) | set(self.columns)
        named = [id_ for s in self.sums for id_ in (s.total, *s.parts)]
        named += [id_ for option in self.require for id_ in option] + self.key
        for layout in self.layouts:
            own = [*layout.columns, *layout.amounts, *layout.joins, *layout.positions]
            own += [id_ for option in layout.require for id_ in option]
            bare = (id_.partition("#")[0] for id_ in own)
            named += [id_ for id_ in bare if id_ and id_ not in layout.list_fields()]
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
    area_names: list[AreaNames] = []
    area_districts: list[AreaDistricts] = []
    allowed_hosts: list[str]
    missing_values: list[str]
    perturbation_per_cell: int = Field(ge=0)


def load_sources() -> dict[str, Source]:
    """Return every source by its product id, in the order of the catalogue."""
    return load_source_catalogue().sources


@cache
def load_source_catalogue() -> Catalogue:
    """Read and check ``sources.toml`` and its companions. Raises SourceError naming what is wrong."""
    return parse_source_catalogue("\n".join(read_files("sources").values()))


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


def are_figures_invented() -> bool:
    """Return whether the figures at hand are invented in a publisher's layout."""
    return _Provenance.is_invented


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
    columns.update({c: _plain_column(c, u) for c, u in merged.pop("plain_numbers", {}).items()})
    axes = [Axis.model_validate(axis) for axis in merged.get("axes", [])]
    if axes:
        cells = itertools.product(*(axis.categories for axis in axes))
        categories.update({"_".join(cell): [] for cell in cells})
    return {**merged, "layouts": layouts, "categories": categories, "columns": columns}


def _plain_column(id_: str, unit: str) -> Column:
    """Return a number column whose heading is its own id (headings ignore punctuation)."""
    return Column(type="number", headings=[id_], unit=unit)


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
        own = [*group.labels, *(group.over_labels if last is None else [])]
        own = [form.format(first=first, last=last) for form in own]
        prefixed = [prefix + label for prefix in group.label_prefixes for label in labels]
        categories[group.id_prefix + id_] = prefixed + own
    return categories
