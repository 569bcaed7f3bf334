"""What a report says about itself: version, sources, and the statements that licences require."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cip.catalogue.stages import list_before
from cip.params import ParameterFile
from cip.schemas import SCHEMAS
from cip.tables import TableFolder

if TYPE_CHECKING:
    import pandas as pd

    from cip.report.meta import ReportMeta
    from cip.store import Store

#: Products that the area, its map and its comparators rest on, besides those of the indicators.
_GEOGRAPHY_PRODUCTS = (
    "boundary_lsoa21", "boundary_ward", "lookup_lsoa21_ward24",
    "lookup_lsoa11_lsoa21", "centroid_oa21",
)  # fmt: skip


def describe_report(
    file: ParameterFile, store: Store, kind: str, folder: Path, stages: Sequence[str]
) -> ReportMeta:
    """Return what a report of this area says about itself on its title page and in its small print.

    Only tables of the stages shown, and of those that they rest on, are looked at: a page says
    the same whether it is made before or after later notebooks.
    """
    from cip.pages.publication import label_version, write_warning_line
    from cip.report.meta import ReportMeta

    params = file.params
    published = params.report_date or date.today()
    return ReportMeta(
        title=f"{params.title}: {kind}",
        subtitle="Community Insight Profile",
        area_name=params.title,
        organisation=params.organisation.name,
        contact=params.organisation.contact,
        published=published,
        kind=kind,
        version_label=label_version(file, today=published),
        status_line=write_warning_line(params.publication),
        licence=params.licence,
        attribution=list_attributions(store, list_products(store, folder, stages)),
        is_synthetic=store.is_synthetic,
    )


def list_attributions(store: Store, products: Iterable[str]) -> list[str]:
    """Return the statements that the sources' licences require, each once, in order of use."""
    statements = (store.entry(product).attribution for product in products)
    return list(dict.fromkeys(statement for statement in statements if statement))


def list_products(store: Store, folder: Path, stages: Sequence[str]) -> list[str]:
    """Return the products that the pages of some stages rest on, each once, in order of use."""
    # The summary shows figures of every chapter; another chapter, those of its own subject.
    if "summary" in stages:
        stages = sorted(list_before(stages))
    used = [product for product in _GEOGRAPHY_PRODUCTS if store.has(product)]
    tables = TableFolder(folder / "tables")
    if SCHEMAS["indicators"].written_by in list_before(stages) and tables.has("indicators"):
        table = _read_columns(tables, "indicators", ["source_id", "indicator_id"])
        used += [*table["source_id"].unique(), *_list_bases(store, table["indicator_id"].unique())]
    used += _list_asset_products(store, tables, stages)
    if "engagement_analysis" in stages and tables.has("respondents"):
        found = _read_columns(tables, "respondents", ["source_id"])["source_id"].dropna().unique()
        used += [product for product in found if store.has(product)]
    return list(dict.fromkeys(used))


def _list_asset_products(store: Store, tables: TableFolder, stages: Sequence[str]) -> list[str]:
    """Return the registers whose entries the asset map shows, and what reach was measured by."""
    if "asset_map" not in stages or not tables.has("assets"):
        return []
    assets = _read_columns(tables, "assets", ["sources"])
    sources = {part.strip() for cell in assets["sources"] for part in cell.split(";")}
    used = sorted(source for source in sources if store.has(source))
    methods = set()
    if tables.has("reach"):
        methods = set(_read_columns(tables, "reach", ["method"])["method"].dropna())
    streets = ["osm_walk_edges"] if methods & {"walking network", "mixed"} else []
    return [*used, *(p for p in ("ts007a", "postcode_points", *streets) if store.has(p))]


def _read_columns(tables: TableFolder, name: str, columns: list[str]) -> pd.DataFrame:
    """Read a few columns of a table, which was checked when a notebook of this run wrote it.

    Every page of an area asks for them; reading and checking whole tables for each takes longer
    than making the page.
    """
    import pandas as pd

    return pd.read_parquet(tables.root / f"{name}.parquet", columns=columns)


def _list_bases(store: Store, indicators: Iterable[str]) -> list[str]:
    """Return the products that hold the base of indicators whose source has none."""
    from cip.catalogue import load_indicators
    from cip.products import find_small_area_level

    entries = load_indicators()
    with_base = [entries[name] for name in indicators if entries[name].base_source]
    levels = {
        entry.id: find_small_area_level(entry.source, store=store, level=entry.level)
        for entry in with_base
    }
    bases = [entry.base_source.get(levels[entry.id], "") for entry in with_base]
    return [product for product in bases if product and store.has(product)]
