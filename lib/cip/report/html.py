"""Executed notebooks to one accessible, self-contained HTML report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from nbconvert.exporters import TemplateExporter
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from cip.display.markup import escape, make_id
from cip.display.palette import CSS_FONT, MUTED, WARNING
from cip.display.stylesheet import block_css
from cip.errors import ExportError, Problem
from cip.report.cells import count_blocks, count_blocks_html, render_output, select_cells
from cip.report.checks import check_page
from cip.report.links import write_relative_links
from cip.report.markdown import name_regions, render_markdown
from cip.report.matter import Matter
from cip.report.matter_html import write_back, write_front
from cip.report.meta import ReportMeta
from cip.report.outline import SECTION, Heading, IdRegister, Outline, arrange_headings

#: Heading of the small print.
_LICENCE = "Licence and sources"

#: Values of attributes: pictures and downloads, and the pages of maps.
_HEAVY = re.compile(r'"data:[^"]{500,}"|srcdoc="[^"]{500,}"')
_EMPTY = '"data:,"'
#: No text can hold a mark, because a bare ``<!`` would be escaped.
_OPEN, _SHUT = "<!cip-held ", ">"
_MARK = re.compile(rf"{_OPEN}(\d+){_SHUT}")

__all__ = ["ReportMeta", "count_blocks", "count_blocks_html", "export_html", "render_html"]


def export_html(
    notebooks: Sequence[NotebookNode],
    meta: ReportMeta,
    path: Path,
    *,
    show_code: bool = False,
    show_errors: bool = True,
    matter: Matter | None = None,
) -> Path:
    """Write one HTML file that holds everything it shows.

    Parameters
    ----------
    notebooks
        Executed notebooks in reading order.
    meta
        Title page and small print.
    path
        The file to write; its folder is made.
    show_code
        Show the code of cells, for readers who check the method.
    show_errors
        Show a box where a cell failed. Without it, a failed cell is an error.
    matter
        What stands before and after the chapters of a report; a chapter's own page has none.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    ExportError
        If the page would lose an output, lacks alternative text, would ask a server for a
        file, holds a link that leads to no page, or a failed cell while ``show_errors`` is off.
    """
    html = render_html(
        notebooks, meta, show_code=show_code, show_errors=show_errors, matter=matter, path=path
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html, encoding="utf-8", newline="\n")
    return path


def render_html(
    notebooks: Sequence[NotebookNode],
    meta: ReportMeta,
    *,
    show_code: bool = False,
    show_errors: bool = True,
    matter: Matter | None = None,
    path: Path | None = None,
) -> str:
    """Return the report as HTML text; see :func:`export_html`.

    Links between pages lead from ``path``; without it a page that holds any is refused.
    """
    expected = count_blocks(notebooks)
    if not show_errors and expected["error"]:
        raise ExportError(_list_failures(notebooks))
    merged = new_notebook(cells=select_cells(notebooks))
    resources = {
        "cip": {
            "meta": meta,
            "show_code": show_code,
            "page_css": page_css(meta),
            "ids": (ids := _LightIds()),
            "matter": matter,
        }
    }
    # Not from_notebook_node, which copies and checks the notebooks once more for each page.
    html = _make_exporter().template.render(nb=merged, resources=resources).lstrip("\r\n")
    html = write_relative_links(html, path) if path is not None else html
    # No check reads what stands after "data:", which is most of a page.
    check_page(ids.put_back(html, without_data=True), expected=expected)
    return ids.put_back(html)


def _list_failures(notebooks: Sequence[NotebookNode]) -> list[Problem]:
    return [
        Problem(f"{cell.metadata['cip_place']} failed.", found=f"{o.ename}: {o.evalue}")
        for cell in select_cells(notebooks)
        for o in cell.get("outputs", [])
        if o.output_type == "error"
    ]


def page_css(meta: ReportMeta) -> str:
    """Return the style sheet of a report: blocks, page, print and running lines."""
    sheet = files("cip.report").joinpath("templates/report.css").read_text(encoding="utf-8")
    return f"{block_css()}\n{sheet}\n{_write_running_lines(meta)}"


def _write_running_lines(meta: ReportMeta) -> str:
    """Return the CSS of what stands on every printed page: banner, title, page number.

    Colours and fonts are written out, because custom properties do not reach page margins.
    """
    small = f"font:8.5pt {CSS_FONT};color:{MUTED}"
    words = ". ".join(part for part in (meta.page_title, meta.status_line) if part)
    title = f"@bottom-left{{content:{_css_string(words)};{small};width:75%}}"
    number = f'@bottom-right{{content:"Page " counter(page) " of " counter(pages);{small}}}'
    banner = ""
    if meta.is_synthetic:
        look = f"font:700 9pt {CSS_FONT};color:{WARNING};width:100%;text-align:center"
        banner = f"@top-center{{content:{_css_string(meta.banner)};{look}}}"
    return f"@page{{{banner}{title}{number}}}"


def _css_string(text: str) -> str:
    """Return a CSS string that cannot end the string or the style element it stands in."""
    safe = re.sub(r"[^\w ,.:;()&'–—-]", lambda m: f"\\{ord(m[0]):x} ", text)
    return '"' + safe.replace("&", "\\26 ") + '"'


@lru_cache(maxsize=1)
def _make_exporter() -> TemplateExporter:
    with as_file(files("cip.report").joinpath("templates")) as folder:
        return _ReportExporter(
            template_name="cip",
            extra_template_basedirs=[str(folder)],
            filters={
                "escape_text": escape,
                "cell_markdown": render_markdown,
                "cell_output": render_output,
                "arrange": _arrange,
                "claim": _claim,
            },
        )


class _ReportExporter(TemplateExporter):
    """nbconvert with our template alone.

    nbconvert's own HTML exporter is left aside: it reaches for scripts on other servers and
    fills in alternative text where there is none, so that nobody notices.
    """

    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:
        return ".html"

    def _init_preprocessors(self) -> None:
        # Cells are chosen by select_cells; nothing else may drop one.
        self._preprocessors: list[Any] = []


class _LightIds(IdRegister):
    """Hands out ids, and sets aside what pictures, maps and downloads hold until the page is done.

    That is nine tenths of a page, and nothing that looks for ids, headings or links need read it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._held: list[str] = []

    def claim_all(self, fragment: str) -> str:
        """Return a piece of HTML with ids of its own, and with marks for what is set aside."""
        return super().claim_all(_HEAVY.sub(self._set_aside, fragment))

    def _set_aside(self, match: re.Match[str]) -> str:
        self._held.append(match[0])
        return f"{_OPEN}{len(self._held) - 1}{_SHUT}"

    def put_back(self, html: str, *, without_data: bool = False) -> str:
        """Return the page with what was set aside in its place; pictures empty where asked."""
        held = self._held
        if without_data:
            held = [_EMPTY if value.startswith('"data:') else value for value in held]
        return _MARK.sub(lambda match: held[int(match[1])], html)


def _claim(fragment: str, ids: IdRegister) -> str:
    return ids.claim_all(fragment)


def _arrange(body: str, cip: dict[str, Any]) -> dict[str, Outline | list[Heading] | str]:
    """Return body, front and back matter with their headings in order, and one contents list.

    The body comes first, because the matter leads to its places.
    """
    ids, meta, matter = cip["ids"], cip["meta"], cip["matter"]
    main = arrange_headings(name_regions(body), ids)
    front = back = Outline("", [])
    licence = ids.claim(make_id(SECTION, _LICENCE))
    last: list[Heading] = []
    if matter is not None:
        before = ids.claim_all(write_front(matter, meta, main.anchors))
        front = arrange_headings(before, ids)
        after = ids.claim_all(write_back(matter, meta, main.anchors))
        back = arrange_headings(after, ids)
        last = [Heading(2, _LICENCE, licence)] if meta.licence or meta.attribution else []
    return {
        "front": front,
        "main": main,
        "back": back,
        "licence": licence,
        "contents": [*front.contents, *main.contents, *back.contents, *last],
    }
