"""Cells of executed notebooks: which ones a report shows, and how each becomes HTML."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from lxml import html as lxml_html
from nbformat import NotebookNode

from cip.display.markup import escape
from cip.errors import ExportError, Problem
from cip.report.markdown import render_markdown

DROPPED_TAGS = frozenset(
    {"parameters", "injected-parameters", "setup", "notebook-only", "papermill-error-cell-tag"}
)
#: Cells for those who make the profile: in the chapter's own page, not in a report.
CHAPTER_ONLY = "chapter-only"
#: A text that is shown only where what it leads in is.
IF_SHOWN = "if-shown"
_BLOCK = re.compile(r'data-cip-block="([a-z]+)"')
_UNREAD = re.compile(r"<(img|iframe)\b[^>]*>")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def select_cells(notebooks: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Return the cells that a report shows, in order, each labelled with its place.

    Cells with a dropped tag go, except that an error in one of them is kept: a reader must
    see that a step failed. A text that leads in what was not used (tag ``if-shown``) goes where
    the cells that follow it show nothing.
    """
    kept = []
    for number, notebook in enumerate(notebooks, start=1):
        empty = _find_empty_leads(notebook)
        for place, cell in enumerate(notebook.cells, start=1):
            if place - 1 in empty:
                continue
            cell = _copy_cell(cell)
            if _is_dropped(cell):
                cell["outputs"] = [o for o in cell.get("outputs", []) if _is_error(o)]
                if not cell["outputs"]:
                    continue
            cell["id"] = f"notebook-{number}-cell-{place}"  # unique over the merged notebooks
            cell["metadata"]["cip_place"] = f"notebook {number}, cell {place}"
            kept.append(cell)
    return kept


def _find_empty_leads(notebook: NotebookNode) -> set[int]:
    """Return the places of texts tagged ``if-shown`` whose cells, up to the next text, show nothing."""
    empty: set[int] = set()
    lead: int | None = None
    for place, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            lead = place if IF_SHOWN in cell.metadata.get("tags", []) else None
            empty |= set() if lead is None else {lead}
        elif lead is not None and cell.get("outputs"):
            empty.discard(lead)
    return empty


def leave_out(notebook: NotebookNode, tag: str) -> NotebookNode:
    """Return the notebook without the cells that carry a tag."""
    cells = [cell for cell in notebook.cells if tag not in cell.metadata.get("tags", [])]
    return NotebookNode({**notebook, "cells": cells})


def _copy_cell(cell: NotebookNode) -> NotebookNode:
    return NotebookNode({**cell, "metadata": NotebookNode({**cell.metadata})})


def _is_dropped(cell: NotebookNode) -> bool:
    return bool(DROPPED_TAGS & set(cell.metadata.get("tags", [])))


def _is_error(output: NotebookNode) -> bool:
    return output.output_type == "error"


def render_output(output: NotebookNode, place: str) -> str:
    """Return one output of a code cell as HTML.

    Blocks come as they are. Pictures need alternative text in the output's metadata
    (``metadata["alt"]`` or ``metadata["image/png"]["alt"]``).

    Raises
    ------
    ExportError
        If a picture has no alternative text; the message names the cell.
    """
    if output.output_type == "error":
        return _render_error(output)
    if output.output_type == "stream":
        # Warnings of libraries are for whoever runs the notebook; it keeps them.
        return _wrap_other(_pre(output.text)) if output.name == "stdout" else ""
    data = output.get("data", {})
    if "text/html" in data:
        text = _join(data["text/html"])
        return text if _BLOCK.search(text) else _wrap_other(text)
    for kind in ("image/svg+xml", "image/png", "image/jpeg"):
        if kind in data:
            return _wrap_other(_render_picture(kind, data[kind], output, place))
    if "text/markdown" in data:
        return render_markdown(_join(data["text/markdown"]))
    return _wrap_other(_pre(_join(data["text/plain"]))) if "text/plain" in data else ""


def _join(text: str | Iterable[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _pre(text: str) -> str:
    return f'<pre tabindex="0">{escape(_ANSI.sub("", _join(text)))}</pre>'


def _wrap_other(inner: str) -> str:
    return f'<div class="cip-other" data-cip-block="other">{inner}</div>'


def _render_error(output: NotebookNode) -> str:
    message = _ANSI.sub("", str(output.get("evalue", "")))
    return (
        '<div class="cip-block cip-noteblock cip-warning" data-cip-block="error">'
        '<p class="cip-title">This part of the report could not be made</p>'
        f"<p>{escape(output.get('ename', 'Error'))}: {escape(message)}</p></div>"
    )


def _render_picture(kind: str, data: str, output: NotebookNode, place: str) -> str:
    metadata = output.get("metadata", {})
    alt = str(metadata.get(kind, {}).get("alt") or metadata.get("alt") or "").strip()
    if not alt:
        raise ExportError(
            Problem(
                f"A picture in {place} has no alternative text.",
                found=kind,
                expected="a figure block, or 'alt' in the output's metadata",
            )
        )
    text = _join(data)
    encoded = (
        base64.b64encode(text.encode("utf-8")).decode("ascii")
        if kind == "image/svg+xml"
        else text.replace("\n", "")
    )
    return f'<img alt="{escape(alt)}" src="data:{kind};base64,{encoded}">'


def count_blocks(notebooks: Sequence[NotebookNode]) -> Counter[str]:
    """Return how many blocks of each kind a report of these notebooks must show.

    Kinds are those of ``cip.display.blocks`` (figure, table, map, note, facts), ``error``
    for failed cells and ``other`` for outputs that are no blocks.
    """
    counts: Counter[str] = Counter()
    for cell in select_cells(notebooks):
        for output in cell.get("outputs", []):
            counts.update(_count_output(output))
    return counts


def collect_text(notebooks: Sequence[NotebookNode]) -> str:
    """Return the words that a report of these notebooks shows, without those inside its maps."""
    pieces = [
        render_markdown(cell.source) if cell.cell_type == "markdown" else _render_outputs(cell)
        for cell in select_cells(notebooks)
    ]
    # What pictures and maps hold is not text, and nine tenths of what would have to be read.
    shown = _UNREAD.sub(r"<\1>", "".join(pieces))
    tree = lxml_html.fragment_fromstring(shown, create_parent="div")
    for unseen in tree.xpath(".//style | .//script"):
        unseen.drop_tree()
    # Apart from one another, because cells of a table touch.
    return " ".join(" ".join(tree.itertext()).split())


def _render_outputs(cell: NotebookNode) -> str:
    place = cell.metadata["cip_place"]
    return "".join(render_output(output, place) for output in cell.get("outputs", []))


def _count_output(output: NotebookNode) -> Counter[str]:
    if output.output_type == "error":
        return Counter(["error"])
    if output.output_type == "stream":
        return Counter(["other"] if output.name == "stdout" else [])
    data = output.get("data", {})
    if "text/html" in data:
        return Counter(_BLOCK.findall(_join(data["text/html"])) or ["other"])
    pictures = {"image/svg+xml", "image/png", "image/jpeg"} & set(data)
    if pictures or ("text/plain" in data and "text/markdown" not in data):
        return Counter(["other"])
    return Counter()


def count_blocks_html(html: str) -> Counter[str]:
    """Return how many blocks of each kind a page shows."""
    tree = lxml_html.document_fromstring(html)
    return Counter(tree.xpath("//@data-cip-block"))
