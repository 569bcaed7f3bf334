"""From executed notebooks to what a reader opens: HTML, PDF, downloads, the area's own index.

Nothing heavy is imported until a page is made: the list of all areas needs only names of files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cip.catalogue.stages import load_stages
from cip.errors import CipError, ExportError
from cip.params import ParameterFile
from cip.run.describe import describe_report, list_products
from cip.run.documents import name_document
from cip.tables import TableFolder, keep_texts_plain
from cip.workspace import name_notebook

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from cip.report.matter import Matter
    from cip.store import Store

#: Reports are selections of stages, so that nothing is written twice.
REPORTS = {
    "data_report": ("Data Report", ("geography", "data_profile")),
    "insight_report": ("Community Insight Report", ("asset_map", "engagement_analysis")),
    "summary_report": ("Summary Report", ("summary",)),
}
#: The page of the ledger, which stands beside the reports.
EVIDENCE_PAGE = "evidence"

#: A report that is made only where the area has one of these inputs: without a voice there is no
#: insight to report.
_NEEDS_ONE_OF = {"insight_report": ("engagement", "survey", "excerpts", "quotes", "case_studies")}


class Publisher:
    """Makes the pages of an area while its later notebooks run.

    Notebooks run in another process, so one thread here is enough: it exports the page of each
    stage as soon as the stage is done, and a report with its PDF as soon as its last stage is.
    Leaving the block stops it.

    Parameters
    ----------
    folder
        The area's folder with its executed notebooks and tables.
    previous
        The area's folder as the run before left it; it need not be there.
    show_code, make_pdf
        As for :func:`cip.run.area.make_task`.
    """

    def __init__(
        self,
        file: ParameterFile,
        store: Store,
        folder: Path,
        *,
        previous: Path | None = None,
        show_code: bool = False,
        make_pdf: bool = True,
    ) -> None:
        self._file, self._store, self._folder = file, store, folder
        self._previous = previous or folder
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
        for name in list_reports(self._file):
            title, needed = REPORTS[name]
            if stage in needed and set(needed) <= set(self._notebooks):
                html = self._folder / "reports" / f"{name}.html"
                matter = self._build_matter(name, [shown[one] for one in needed])
                self._export(needed, title, html, shown, matter=matter)
                if self._make_pdf:
                    self._write_pdf(html)
        if stage == "summary":
            self._export_evidence()
            self._export_documents()

    def _build_matter(self, name: str, notebooks: Sequence[NotebookNode]) -> Matter:
        from cip.report.cells import collect_text
        from cip.report.matter import build_matter

        return build_matter(
            name,  # type: ignore[arg-type]
            REPORTS[name][1],
            collect_text(notebooks),
            acknowledgements=read_acknowledgements(self._file),
            reports=list_reports(self._file),
        )

    def _export_evidence(self) -> None:
        from cip.run.evidence_page import build_evidence_page, read_evidence, write_evidence

        ledger = read_evidence(TableFolder(self._folder / "tables"))
        page = self._folder / "reports" / f"{EVIDENCE_PAGE}.html"
        self._export(["summary"], "The evidence", page, {"summary": build_evidence_page(ledger)})
        params = self._file.params
        about = {"area": params.id, "title": params.title, "version": params.publication.version}
        self._written["evidence"] = write_evidence(
            ledger, self._folder, previous=self._previous, about=about
        )

    def _export_documents(self) -> None:
        from cip.run.documents import has_documents, write_documents, write_status

        today = self._file.params.report_date or date.today()
        files = write_status(
            self._file,
            self._folder,
            today=today,
            make_pdf=self._make_pdf,
            is_synthetic=self._store.is_synthetic,
        )
        if has_documents(self._file):
            kind = REPORTS["summary_report"][0]
            meta = describe_report(self._file, self._store, kind, self._folder, ["summary"])
            files += write_documents(
                self._file, self._store, self._folder, meta, make_pdf=self._make_pdf
            )
        self._written["documents"] = [f.relative_to(self._folder).as_posix() for f in files]

    def _export(
        self,
        stages: Sequence[str],
        kind: str,
        path: Path,
        executed: Mapping[str, NotebookNode],
        *,
        matter: Matter | None = None,
    ) -> None:
        from cip.report.html import export_html

        meta = describe_report(self._file, self._store, kind, self._folder, stages)
        notebooks = [executed[stage] for stage in stages]
        export_html(notebooks, meta, path, show_code=self._show_code, matter=matter)
        self._written["html"].append(path.relative_to(self._folder).as_posix())

    def _write_pdf(self, html: Path) -> None:
        from cip.report.pdf import share_pdf_writer

        writer = share_pdf_writer()
        pdf = writer.write(html, html.with_suffix(".pdf"))
        self._written["pdf"].append(pdf.relative_to(self._folder).as_posix())
        self._written["pdf_engine"] = writer.engine

    def _write_downloads(self) -> None:
        from cip.report.downloads import write_downloads
        from cip.run.documents import write_editable

        keep_texts_plain()
        params, written = self._file.params, self._written
        meta = describe_report(self._file, self._store, "Downloads", self._folder, params.stages)
        tables = TableFolder(self._folder / "tables")
        contents = {name: tables.read(name) for name in tables.list_names()}
        products = list_products(self._store, self._folder, params.stages)
        files = write_downloads(
            contents,
            self._folder / "downloads",
            meta,
            sources={product: self._store.entry(product) for product in products},
            outlines=self._folder / "tables" / "small_areas.geo.parquet",
        )
        written["downloads"] = [f.relative_to(self._folder).as_posix() for f in files]
        written["to_edit"] = [
            path.relative_to(self._folder).as_posix()
            for path in write_editable(self._file, self._folder, self._store.is_synthetic)
        ]

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
        )
        return written


def _note(path: str) -> str:
    return "Made to be edited." if path.startswith("downloads/") else ""


def list_reports(file: ParameterFile) -> list[str]:
    """Return the reports that an area has: its stages are run, and there is something to report."""
    return [
        name
        for name, (_, stages) in REPORTS.items()
        if set(stages) <= set(file.params.stages)
        and (name not in _NEEDS_ONE_OF or any(map(file.resolve_input, _NEEDS_ONE_OF[name])))
    ]


def read_acknowledgements(file: ParameterFile) -> str:
    """Return the thanks that the area's narrative holds, as Markdown; empty where it has none.

    A narrative that cannot be read is told by chapter 05.
    """
    from cip.summary.narrative import load_narrative

    folder = file.resolve_input("narrative")
    if folder is None:
        return ""
    try:
        text = load_narrative(folder)[0].find_text("acknowledgements")
    except CipError:
        return ""
    return "" if text is None else text.text


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
        elif stem == EVIDENCE_PAGE:
            note = "Every piece of evidence, its source, and what rests on it."
            chapters.append({**entry, "label": "The evidence", "note": note})
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
        {"path": f"{below}{path}", "label": name_document(Path(path).name), "note": _note(path)}
        for path in (*written.get("documents", []), *written.get("to_edit", []))
    ]
    named = {
        "Reports": reports,
        "Chapters": chapters,
        "Documents": documents,
        "Tables to download": tables,
    }
    return {heading: files for heading, files in named.items() if files}


def _read_notebook(folder: Path, stage: str) -> NotebookNode:
    from nbformat import reader

    path = folder / "notebooks" / name_notebook(stage)
    try:
        # Not nbformat.read, which checks it against the format once more: papermill has just
        # written it.
        return reader.reads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ExportError(f"the executed notebook {path.name} cannot be read: {error}") from error
