"""Highlights and codebooks exported from Taguette (CSV, XLSX): one row per highlight and tag.

Columns ``id, document, tag, content``; newer versions add ``tag_full_path`` and others. A highlight
without a tag has been read and given none. The file does not tell who coded, so all of it counts as
the work of one coder, named after the file.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from cip.engagement.codebook import Codebook
from cip.engagement.excerpts_columns import Cells, FileContent, clean_text, read_cells
from cip.engagement.excerpts_documents import fold_document, make_excerpt_id, read_documents
from cip.errors import Problem

_HEADINGS = {"document", "tag", "content"}
_CODEBOOK = ("tag", "parent", "description", "theme_id")


def read_taguette_codes(path: Path) -> list[tuple[str, str, str, str]] | None:
    """Return the tags of a codebook: ``(path, name, description, parent's path)``.

    None where the table is no codebook of Taguette's. Earlier versions have no column ``parent``.

    Raises
    ------
    ParameterError
        If the file cannot be read.
    """
    cells = read_cells(path, _CODEBOOK)
    if "theme_id" in cells.columns or not {"tag", "description"} <= set(cells.columns):
        return None
    rows = [{name: text.strip() for name, text in texts.items()} for _, texts in cells.rows]
    parents = {row["tag"]: row.get("parent", "") for row in rows if row["tag"]}

    def count_above(tag: str) -> int:
        seen: set[str] = set()
        while tag in parents and tag not in seen:
            seen.add(tag)
            tag = parents[tag]
        return len(seen)

    # A tag may have been made before the one above it.
    ordered = sorted((row for row in rows if row["tag"]), key=lambda row: count_above(row["tag"]))
    return [(row["tag"], row["tag"], row["description"], row.get("parent", "")) for row in ordered]


def is_taguette(cells: Cells) -> bool:
    """Return whether a table has the columns of Taguette's highlights."""
    return set(cells.columns) >= _HEADINGS and "excerpt_id" not in cells.columns


def read_taguette(
    cells: Cells, codebook: Codebook, parts: Collection[str] = ()
) -> tuple[FileContent, list[Problem]]:
    """Return the highlights of an export as excerpts, and what is wrong with its rows.

    A tag is matched with a theme by its last part: ``Homes/Damp`` by ``Damp`` where the whole is
    no theme. Two exports hold the same excerpt where document and text are the same.
    """
    documents, problems = read_documents(cells.path, parts)
    found, coder = FileContent(cells.path), cells.path.stem
    seen: set[str] = set()
    for row, texts in cells.rows:
        text = clean_text(texts["content"])
        document = texts["document"].strip()
        if text is None or not document:
            message = "this highlight has no text or no document, so it is left out"
            problems.append(cells.tell(message, row))
            continue
        excerpt = make_excerpt_id(fold_document(document), " ".join(text.split()))
        if excerpt not in seen:
            seen.add(excerpt)
            told = documents.get(fold_document(document), {})
            base = {"excerpt_id": excerpt, "document_id": fold_document(document), "row": row}
            found.rows.append({**base, "text": text, **told})
            found.looked_at.append((excerpt, coder))
        theme = match_tag(texts.get("tag_full_path") or texts["tag"], codebook)
        if theme:
            found.codings.append((excerpt, coder, theme))
        elif texts["tag"].strip():
            nearest = codebook.find_nearest_theme(texts["tag"].strip())
            message = "this tag is not in the codebook, so it is not counted"
            problems.append(cells.tell(message, row, column="tag", nearest=nearest))
    return found, problems


def match_tag(tag: str, codebook: Codebook) -> str | None:
    """Return the theme of a tag, by the whole of it or by what follows its last slash or dot."""
    for name in (tag, tag.rpartition("/")[2], tag.rpartition(".")[2]):
        if name.strip() and (theme := codebook.find_theme(name.strip())):
            return theme
    return None
