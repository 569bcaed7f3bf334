"""The pages of a programme: one report on all areas, and one page for each area's officer."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from cip.catalogue import load_sources, mark_invented
from cip.display.blocks import Block
from cip.display.programme_table import LinkedTable, ResolvedBlock
from cip.errors import CipError, ExportError, Problem
from cip.framework.programme import list_warnings
from cip.framework.programme_areas import AreaOutputs, read_areas
from cip.framework.programme_plan import ProgrammeFile
from cip.pages.officer import list_officer_sections
from cip.pages.programme import Programme, show_areas, show_facts, show_notes, show_timeline
from cip.pages.programme_outcomes import show_outcomes
from cip.pages.programme_people import show_ends, show_posts, show_reach
from cip.pages.programme_results import show_actions, show_grants, show_kpis
from cip.pages.publication import write_version_label, write_warning_line
from cip.param_models import Publication
from cip.report.html import ReportMeta, export_html
from cip.report.pdf import PdfWriter, open_pdf_writer
from cip.run.lock import lock_area
from cip.run.place import clean_area, explain_disk_errors, open_staging, put_in_place
from cip.run.record import describe_software, write_record

#: Folder of the outputs that programmes go to; an area of this name would lie in the same place.
FOLDER = "programme"
PAGE, OFFICER_PAGE = "programme.html", "officer.html"
#: What a table of an area may hold that a page cannot show.
_FAULTS = (CipError, ValueError, KeyError, TypeError)
Section = tuple[str, list[Block]]


@dataclass(frozen=True)
class Made:
    """What was written, and what the caller should know of it."""

    files: list[Path]
    areas: list[AreaOutputs]
    warnings: list[str]


def write_programme(file: ProgrammeFile, outputs: Path, *, make_pdf: bool = True) -> Made:
    """Write ``outputs/programme/<id>``: the report, and a page for each area's officer.

    Everything is made in a folder of its own and put in place whole; where that fails, what was
    there before stays. An area without a profile, or whose tables cannot be used, is told of in
    the report, and the others go on.

    Raises
    ------
    CipError
        If no area has a profile, invented areas would stand beside real ones, an area is called
        ``programme``, or another run is writing the programme.
    ExportError
        If a page cannot be written.
    """
    if (outputs / FOLDER / "run.json").exists():
        message = f"an area is called '{FOLDER}' and lies where programmes go; name it otherwise"
        raise CipError(Problem(message, file=outputs / FOLDER))
    areas = read_areas(file, outputs)
    _check_any(file, areas)
    is_synthetic = next(bool(a.record["is_synthetic"]) for a in areas if a.state == "ready")
    mark_invented(is_synthetic)
    warnings = list_warnings(file)
    areas = [_probe(file, area) for area in areas]
    _check_any(file, areas)
    programme = Programme(file, areas, warnings)
    folder = outputs / FOLDER
    with explain_disk_errors(outputs), lock_area(folder, file.programme.id):
        clean_area(folder, file.programme.id)
        with open_staging(folder, file.programme.id) as staging:
            made = staging / file.programme.id
            shutil.rmtree(made / "notebooks")
            pages = _write_pages(programme, made, is_synthetic=is_synthetic, make_pdf=make_pdf)
            write_record(made / "run.json", _describe_run(programme, is_synthetic, pages, made))
            target = folder / file.programme.id
            put_in_place(made, target)
    return Made([target / page.relative_to(made) for page in pages], areas, warnings)


def _check_any(file: ProgrammeFile, areas: Sequence[AreaOutputs]) -> None:
    if any(area.state == "ready" for area in areas):
        return
    problems = [problem for area in areas for problem in area.problems]
    message = "no area of this programme has a profile yet; run 'cip run' for its areas first"
    raise CipError([Problem(message, file=file.path), *problems])


def _probe(file: ProgrammeFile, area: AreaOutputs) -> AreaOutputs:
    """Return the area as it is, or as one that cannot be used where its tables break a page."""
    if area.state != "ready":
        return area
    try:
        alone = Programme(file, [area])
        sections = [*_list_results(alone), *_list_officer(alone, area)]
        for block in [*show_facts(alone), *(one for _, blocks in sections for one in blocks)]:
            block.to_html()
    except _FAULTS as error:
        reason = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
        message = "its tables hold something that cannot be shown; run the area again"
        problem = Problem(f"{area.id}: {message}", file=area.plan.path, found=reason)
        told = "Its tables hold something that cannot be shown."
        return replace(
            area, state="not usable", message=told, problems=(problem,), tables={}, has_page=False
        )
    return area


def list_sections(programme: Programme) -> list[Section]:
    """Return the report's sections: heading and blocks each."""
    glance = [*show_facts(programme), *show_notes(programme), *show_areas(programme)]
    return [
        ("The programme at a glance", glance),
        ("Stages", show_timeline(programme)),
        ("Who works in it", show_posts(programme)),
        *_list_results(programme),
    ]


def _list_results(programme: Programme) -> list[Section]:
    """Return the sections that show what the areas' own tables hold."""
    return [
        ("Who is reached", show_reach(programme)),
        ("Actions", show_actions(programme)),
        ("Grants", show_grants(programme)),
        ("Outcomes and changes", show_outcomes(programme)),
        ("Targets", show_kpis(programme)),
        ("When support ends", show_ends(programme)),
    ]


def _list_officer(programme: Programme, area: AreaOutputs) -> list[Section]:
    """Return the sections of an officer's page, with links that lead to the area's pages."""
    prefix = f"../{programme.up}{area.id}/reports/" if area.has_page else None
    targets = show_reach(programme, area_id=area.id)
    sections = list_officer_sections(area.tables, today=programme.today, reach=targets)
    resolved: list[Section] = [
        (heading, [ResolvedBlock(block, prefix) for block in blocks])
        for heading, blocks in sections
    ]
    return [*resolved, ("Where to read on", [_show_way(programme, area)])]


def _show_way(programme: Programme, area: AreaOutputs) -> LinkedTable:
    frame = pd.DataFrame(
        {
            "page": ["The area's profile", "The programme's report"],
            "what": [
                "Action plan, grants, outcomes and what they rest on",
                "All areas side by side",
            ],
        }
    )
    return LinkedTable(
        block_id="officer-way",
        caption="Where to read on",
        frame=frame,
        leads={"page": [f"../{programme.up}{area.id}/index.html", f"../{PAGE}"]},
        column_labels={"page": "Page", "what": "What it holds"},
    )


def build_notebook(title: str, lead: str, sections: Sequence[Section]) -> nbformat.NotebookNode:
    """Return a page as an executed notebook, so that it is exported like any other."""
    cells = [new_markdown_cell(f"# {title}\n\n{lead}")]
    for heading, blocks in sections:
        if blocks:
            cells.append(new_markdown_cell(f"## {heading}"))
            cells += [_show(block) for block in blocks]
    return new_notebook(cells=cells)


def _show(block: Block) -> nbformat.NotebookNode:
    data = dict(block._repr_mimebundle_())
    return new_code_cell("", outputs=[new_output("display_data", data)])


_LEAD = (
    "This report sets the areas of a programme side by side. Every figure is the one in the area's "
    "own profile, which says how it was made. Dates, posts and targets of reach are those of the "
    "programme's own file."
)
_OFFICER_LEAD = (
    "What falls due, whom to meet and what to look after in one area. Days are counted from the "
    "day of the programme's report."
)


def _write_pages(
    programme: Programme, folder: Path, *, is_synthetic: bool, make_pdf: bool
) -> list[Path]:
    """Write every page, and their PDFs with one browser."""
    page = folder / PAGE
    book = build_notebook("The programme", _LEAD, list_sections(programme))
    export_html([book], _describe(programme, is_synthetic), page)
    pages = [page]
    for area in programme.ready:
        target = folder / area.id / OFFICER_PAGE
        sections = _list_officer(programme, area)
        book = build_notebook("The officer's page", _OFFICER_LEAD, sections)
        export_html([book], _describe_officer(programme, area, is_synthetic), target)
        pages.append(target)
    if not make_pdf:
        return pages
    with open_pdf_writer() as writer:
        return [one for html in pages for one in (html, _print(writer, html))]


def _print(writer: PdfWriter, html: Path) -> Path:
    pdf = writer.write(html, html.with_suffix(".pdf"))
    if not pdf.exists():
        raise ExportError(Problem("the PDF was not written", file=pdf.name))
    return pdf


def _write_version(publication: Publication) -> str:
    # Nobody signs off a programme's report: its number alone says which one it is.
    if publication.status == "final":
        return f"Version {publication.version}"
    return write_version_label(publication)


def _describe(programme: Programme, is_synthetic: bool) -> ReportMeta:
    params = programme.file.programme
    return ReportMeta(
        title=params.title,
        subtitle="Programme of Community Insight Profiles",
        area_name=params.title,
        organisation=params.organisation.name,
        contact=params.organisation.contact,
        published=programme.today,
        kind="Programme",
        version_label=_write_version(params.publication),
        status_line=write_warning_line(params.publication),
        licence=params.licence,
        attribution=[] if is_synthetic else _list_attributions(programme),
        is_synthetic=is_synthetic,
    )


def _describe_officer(programme: Programme, area: AreaOutputs, is_synthetic: bool) -> ReportMeta:
    meta = _describe(programme, is_synthetic)
    return replace(
        meta,
        title=f"{area.title}: the officer's page",
        subtitle=meta.title,
        area_name=area.title,
        kind="Officer's page",
    )


def _list_attributions(programme: Programme) -> list[str]:
    """Return what the licences of the figures on residents require, each once."""
    table = programme.join("indicators")
    if table.empty:
        return []
    used = table.loc[table["indicator_id"] == "population", "source_id"].dropna().unique()
    sources = load_sources()
    statements = [sources[name].attribution for name in used if name in sources]
    return list(dict.fromkeys(one for one in statements if one))


def _describe_run(
    programme: Programme, is_synthetic: bool, pages: Sequence[Path], folder: Path
) -> dict[str, object]:
    """Return the record: what the report was made from."""
    path = programme.file.path
    return {
        "record_version": 1,
        "programme": programme.file.programme.id,
        "title": programme.file.programme.title,
        "is_synthetic": is_synthetic,
        "report_date": programme.today.isoformat(),
        "parameters": {
            "file": path.name,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        },
        "areas": [
            {
                "area": area.id,
                "state": area.state,
                "finished_at": area.record.get("finished_at"),
                "report_date": area.report_date or None,
                "tables": sorted(area.tables),
            }
            for area in programme.areas
        ],
        "warnings": list(programme.warnings),
        "files": [page.relative_to(folder).as_posix() for page in pages],
        "software": describe_software(),
    }
