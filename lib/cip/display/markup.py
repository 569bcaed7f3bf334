"""Small pieces of accessible HTML. Everything from outside is escaped here."""

from __future__ import annotations

import base64
import html
import itertools
import re
import urllib.parse
from collections.abc import Mapping, Sequence

import pandas as pd

from cip.display.cells import (
    SHORTHAND,
    find_shorthand,
    format_frame,
    is_missing,
    is_number,
    list_columns,
    write_csv_text,
)

#: A longer CSV is not carried inside the page; the run's downloads folder has it.
INLINE_CSV_LIMIT_BYTES = 64 * 1024
#: With so many columns a table in the usual type is wider than a page of A4.
MANY_COLUMNS = 8

_WRITTEN_NUMBER = re.compile(r"[−-]?\d[\d,]*(\.\d+)?%?")


def escape(text: object) -> str:
    """Return text safe inside an element or a double-quoted attribute."""
    return html.escape(str(text), quote=True)


def make_id(prefix: str, text: str) -> str:
    """Return an id of letters, digits and hyphens that starts with ``prefix``."""
    slug = re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")
    return f"{prefix}-{slug or 'untitled'}"


def write_paragraph(text: str, css_class: str) -> str:
    """Return a paragraph, or nothing where there is no text."""
    return f'<p class="{css_class}">{escape(text)}</p>' if text else ""


def write_trail(trail: Sequence[tuple[str, str]]) -> str:
    """Return links to the definitions of what a block shows: (words, id on this page) each."""
    if not trail:
        return ""
    links = "; ".join(f'<a href="#{escape(link)}">{escape(words)}</a>' for words, link in trail)
    word = "Definition" if len(trail) == 1 else "Definitions"
    return f'<p class="cip-source cip-trail">{word}: {links}.</p>'


def write_image(svg: str, alt: str) -> str:
    """Return an SVG as an image with alternative text.

    The wrapper is a ``div``: Chromium's PDF tags a ``figure`` element twice, once without
    the alternative text.
    """
    data = base64.b64encode(svg.encode("utf-8")).decode("ascii")
    return (
        f'<div class="cip-image"><img alt="{escape(alt)}" '
        f'src="data:image/svg+xml;base64,{data}"></div>'
    )


def write_table(
    frame: pd.DataFrame,
    *,
    caption: str,
    column_labels: Mapping[str, str] | None = None,
    formats: Mapping[str, str] | None = None,
    row_ids: Sequence[str] = (),
    anchors: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """Return an HTML table inside a scrolling region that a keyboard can reach.

    One table row per row of ``frame``; the first column becomes row headers. Missing cells
    read ``[x]`` and a legend under the table explains every shorthand that occurs. ``row_ids``
    names the rows for links to them; ``anchors`` gives, for a column, the id on this page that
    each of its cells leads to (empty: none).
    """
    labels, formats = column_labels or {}, formats or {}
    names = list(frame.columns)
    numeric = [_is_numeric_column(cells) for cells in list_columns(frame)]
    texts = format_frame(frame, formats)
    head = "".join(
        f'<th scope="col"{_num(numeric[i])}>{escape(labels.get(name, name))}</th>'
        for i, name in enumerate(names)
    )
    links = [(anchors or {}).get(name, ()) for name in names]
    body = "".join(
        _write_row(
            row,
            numeric,
            row_id=row_ids[i] if row_ids else "",
            links=[column[i] if column else "" for column in links],
        )
        for i, row in enumerate(texts)
    )
    legend = ", ".join(f"{m} {SHORTHAND[m]}" for m in find_shorthand(itertools.chain(*texts)))
    return (
        f'<div class="cip-scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f"<table{_name_width(len(names))}><caption>{escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
        + write_paragraph(f"Shorthand: {legend}." if legend else "", "cip-note")
    )


def _write_row(
    texts: list[str], numeric: list[bool], *, row_id: str = "", links: Sequence[str] = ()
) -> str:
    inner = [
        f'<a href="#{escape(link)}">{escape(text)}</a>' if link else escape(text)
        for text, link in zip(texts, links, strict=True)
    ]
    cells = [f'<th scope="row"{_num(numeric[0])}>{inner[0]}</th>'] if inner else []
    cells += [
        f"<td{_num(is_num)}>{text}</td>"
        for text, is_num in zip(inner[1:], numeric[1:], strict=True)
    ]
    start = f'<tr id="{escape(row_id)}">' if row_id else "<tr>"
    return f"{start}{''.join(cells)}</tr>"


def _name_width(columns: int) -> str:
    """Return what marks a table that is set in smaller type on paper, so that all of it is there."""
    return ' class="cip-many"' if columns >= MANY_COLUMNS else ""


def _num(is_num: bool) -> str:
    return ' class="cip-num"' if is_num else ""


def _is_numeric_column(cells: Sequence[object]) -> bool:
    held = [cell for cell in cells if not is_missing(cell) and cell not in SHORTHAND]
    return bool(held) and all(is_number(cell) or _reads_as_number(cell) for cell in held)


def _reads_as_number(cell: object) -> bool:
    """Say whether a text is a number already written out, such as ``−0.061`` or ``47.4%``."""
    return isinstance(cell, str) and _WRITTEN_NUMBER.fullmatch(cell) is not None


def write_download(
    frame: pd.DataFrame, *, file_stem: str, column_labels: Mapping[str, str] | None = None
) -> str:
    """Return a link that saves the table as CSV, or nothing where the table is large."""
    text = "\ufeff" + write_csv_text(frame, column_labels)
    if len(text.encode("utf-8")) > INLINE_CSV_LIMIT_BYTES:
        return ""
    data = urllib.parse.quote(text, safe="")
    return (
        f'<p class="cip-download"><a download="{escape(file_stem)}.csv" '
        f'href="data:text/csv;charset=utf-8,{data}">Download this table as CSV</a></p>'
    )
