"""From executed notebooks to what a reader opens: HTML, PDF, downloads, the area's own index.

Nothing heavy is imported until a page is made: the list of all areas needs only names of files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cip.catalogue.stages import list_before, load_stages
from cip.errors import ExportError
from cip.params import ParameterFile
from cip.schemas import SCHEMAS
from cip.tables import TableFolder, keep_texts_plain
from cip.workspace import name_notebook

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from cip.report.meta import ReportMeta
    from cip.store import Store

#: Reports are selections of stages, so that nothing is written twice. The Summary Report joins this
#: table when its stage is complete.
REPORTS = {
    "data_report": ("Data Report", ("geography", "data_profile")),
    "insight_report": ("Community Insight Report", ("asset_map", "engagement_analysis")),
}

#: A report that is made only where the area has one of these inputs: without a voice there is no
#: insight to report.
_NEEDS_ONE_OF = {"insight_report": ("engagement", "survey", "excerpts", "quotes", "case_studies")}

#: Documents to edit, by file name.
DOCUMENTS = {"terms_of_reference.docx": "Terms of Reference of the steering group (Word)"}

#: Products that the area, its map and its comparators rest on, besides those of the indicators.
_GEOGRAPHY_PRODUCTS = (
    "boundary_lsoa21", "boundary_ward", "lookup_lsoa21_ward24",
    "lookup_lsoa11_lsoa21", "centroid_oa21",
)  # fmt: skip


class Publisher:
    """Makes the pages of an area while its later notebooks run.

    Notebooks run in another process, so one thread here is enough: it exports the page of each
    stage as soon as the stage is done, and a report with its PDF as soon as its last stage is.
    Leaving the block stops it.

    Parameters
    ----------
    folder
        The area's folder with its executed notebooks and tables.
    show_code, make_pdf
        As for :func:`cip.run.area.make_task`.
    """

    def __init__(
        self,
        file: ParameterFile,
        store: Store,
        folder: Path,
        *,
        show_code: bool = False,
        make_pdf: bool = True,
    ) -> None:
        self._file, self._store, self._folder = file, store, folder
        self._show_code, self._make_pdf = show_code, make_pdf
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="export")
        self._notebooks: dict[str, NotebookNode] = {}
        self._waiting: list[Future] = []
        if make_pdf:
            # The browser starts while the first notebook runs. What goes wrong is told when
            # there is something to print.
            self._thread.submit(_start_pdf_writer)
        self._written: dict[str, Any] = {"html": [], "pdf": [], "pdf_engine": None}

    def __enter__(self) -> Publisher:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)

    def add(self, stage: str) -> None:
        """Say that a stage's notebook is executed and its tables are written."""
        self._waiting.append(self._thread.submit(self._export_stage, stage))

    def finish(self) -> dict[str, Any]:
        """Write the downloads while the last pages are made, then the area's index.

        Returns
        -------
        dict
            For ``run.json``: the files written, relative to the folder, and what made the PDF.

        Raises
        ------
        ExportError
            If a report cannot be made; reports that were made before stay in the folder.
        """
        # Printing keeps a browser busy, which is another process: the downloads need not wait.
        self._write_downloads()
        for future in self._waiting:
            future.result()
        return self._thread.submit(self._complete).result()

    def _export_stage(self, stage: str) -> None:
        from cip.report.cells import CHAPTER_ONLY, leave_out

        self._notebooks[stage] = _read_notebook(self._folder, stage)
        page = self._folder / "reports" / "stages" / f"{Path(name_notebook(stage)).stem}.html"
        self._export([stage], load_stages()[stage].title, page, self._notebooks)
        shown = {s: leave_out(book, CHAPTER_ONLY) for s, book in self._notebooks.items()}
        for name, (title, needed) in REPORTS.items():
            if not has_report(self._file, name):
                continue
            if stage in needed and set(needed) <= set(self._notebooks):
                html = self._folder / "reports" / f"{name}.html"
                self._export(needed, title, html, shown)
                if self._make_pdf:
                    self._write_pdf(html)

    def _export(
        self,
        stages: Sequence[str],
        kind: str,
        path: Path,
        executed: Mapping[str, NotebookNode],
    ) -> None:
        from cip.report.html import export_html

        meta = describe_report(self._file, self._store, kind, self._folder, stages)
        notebooks = [executed[stage] for stage in stages]
        export_html(notebooks, meta, path, show_code=self._show_code)
        self._written["html"].append(path.relative_to(self._folder).as_posix())

    def _write_pdf(self, html: Path) -> None:
        from cip.report.pdf import share_pdf_writer

        writer = share_pdf_writer()
        pdf = writer.write(html, html.with_suffix(".pdf"))
        self._written["pdf"].append(pdf.relative_to(self._folder).as_posix())
        self._written["pdf_engine"] = writer.engine

    def _write_downloads(self) -> None:
        from cip.framework.terms_of_reference import has_input
        from cip.report.downloads import write_downloads

        keep_texts_plain()
        params, written = self._file.params, self._written
        meta = describe_report(self._file, self._store, "Downloads", self._folder, params.stages)
        tables = TableFolder(self._folder / "tables")
        contents = {name: tables.read(name) for name in tables.list_names()}
        products = _list_products(self._store, self._folder, params.stages)
        files = write_downloads(
            contents,
            self._folder / "downloads",
            meta,
            sources={product: self._store.entry(product) for product in products},
            outlines=self._folder / "tables" / "small_areas.geo.parquet",
        )
        written["downloads"] = [f.relative_to(self._folder).as_posix() for f in files]
        written["documents"] = []
        if has_input(self._file):
            from cip.report.word import write_terms

            terms = write_terms(
                self._file,
                self._folder / "downloads",
                today=params.report_date or date.today(),
                is_synthetic=self._store.is_synthetic,
            )
            written["documents"].append(terms.relative_to(self._folder).as_posix())

    def _complete(self) -> dict[str, Any]:
        from cip.report.index import write_area_index

        params, written = self._file.params, self._written
        # Reports before chapters, whichever was ready first.
        written["html"].sort(key=lambda name: (name.count("/"), name))
        write_area_index(
            self._folder,
            title=params.title,
            sections=list_files(written),
            is_synthetic=self._store.is_synthetic,
            messages=[_describe_gap(s) for s in params.stages if load_stages()[s].needs],
        )
        return written


def has_report(file: ParameterFile, name: str) -> bool:
    """Return whether an area has what a report is about."""
    wanted = _NEEDS_ONE_OF.get(name)
    return wanted is None or any(file.resolve_input(one) is not None for one in wanted)


def _start_pdf_writer() -> None:
    from cip.report.pdf import share_pdf_writer

    _ = share_pdf_writer().engine


def list_files(written: dict[str, Any], *, below: str = "") -> dict[str, list[dict[str, str]]]:
    """Return the files of an area as the index pages show them: heading to labelled paths.

    Parameters
    ----------
    written
        What :meth:`Publisher.finish` returned.
    below
        Folder to put in front of each path, for the list of all areas.
    """
    from cip.report.table_words import describe_file

    reports, chapters = [], []
    for path in sorted([*written.get("html", []), *written.get("pdf", [])]):
        stem, kind = Path(path).stem, Path(path).suffix[1:].upper()
        entry = {"path": f"{below}{path}", "note": ""}
        if stem in REPORTS:
            reports.append({**entry, "label": f"{REPORTS[stem][0]} ({kind})"})
        else:
            stage = stem.partition("_")[2]
            chapters.append({**entry, "label": f"{stem[:2]} {load_stages()[stage].title}"})
    tables = [
        {
            "path": f"{below}{path}",
            "label": Path(path).name,
            "note": describe_file(Path(path).name),
        }
        for path in written.get("downloads", [])
    ]
    documents = [
        {"path": f"{below}{path}", "label": DOCUMENTS[Path(path).name], "note": "A draft to edit."}
        for path in written.get("documents", [])
    ]
    named = {
        "Reports": reports,
        "Chapters": chapters,
        "Documents": documents,
        "Tables to download": tables,
    }
    return {heading: files for heading, files in named.items() if files}


def describe_report(
    file: ParameterFile, store: Store, kind: str, folder: Path, stages: Sequence[str]
) -> ReportMeta:
    """Return what a report of this area says about itself on its title page and in its small print.

    Only tables of the stages shown, and of those that they rest on, are looked at: a page says
    the same whether it is made before or after later notebooks.
    """
    from cip.report.meta import ReportMeta

    params = file.params
    return ReportMeta(
        title=f"{params.title}: {kind}",
        subtitle="Community Insight Profile",
        area_name=params.title,
        organisation=params.organisation.name,
        contact=params.organisation.contact,
        published=params.report_date or date.today(),
        kind=kind,
        licence=params.licence,
        attribution=list_attributions(store, _list_products(store, folder, stages)),
        is_synthetic=store.is_synthetic,
    )


def list_attributions(store: Store, products: Iterable[str]) -> list[str]:
    """Return the statements that the sources' licences require, each once, in order of use."""
    statements = (store.entry(product).attribution for product in products)
    return list(dict.fromkeys(statement for statement in statements if statement))


def _describe_gap(stage: str) -> str:
    entry = load_stages()[stage]
    return f"{entry.title}: not made yet. The chapter says what it needs."


def _list_products(store: Store, folder: Path, stages: Sequence[str]) -> list[str]:
    used = [product for product in _GEOGRAPHY_PRODUCTS if store.has(product)]
    tables = TableFolder(folder / "tables")
    if SCHEMAS["indicators"].written_by in list_before(stages) and tables.has("indicators"):
        table = tables.read("indicators")
        used += [*table["source_id"].unique(), *_list_bases(store, table["indicator_id"].unique())]
    used += _list_asset_products(store, tables, stages)
    if "engagement_analysis" in stages and tables.has("respondents"):
        found = tables.read("respondents")["source_id"].dropna().unique()
        used += [product for product in found if store.has(product)]
    return list(dict.fromkeys(used))


def _list_asset_products(store: Store, tables: TableFolder, stages: Sequence[str]) -> list[str]:
    """Return the registers whose entries the asset map shows, and what reach was measured by."""
    if "asset_map" not in stages or not tables.has("assets"):
        return []
    sources = {
        part.strip() for cell in tables.read("assets")["sources"] for part in cell.split(";")
    }
    used = sorted(source for source in sources if store.has(source))
    methods = set(tables.read("reach")["method"].dropna()) if tables.has("reach") else set()
    streets = ["osm_walk_edges"] if methods & {"walking network", "mixed"} else []
    return [*used, *(p for p in ("ts007a", "postcode_points", *streets) if store.has(p))]


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


def _read_notebook(folder: Path, stage: str) -> NotebookNode:
    import nbformat

    path = folder / "notebooks" / name_notebook(stage)
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError) as error:
        raise ExportError(f"the executed notebook {path.name} cannot be read: {error}") from error
