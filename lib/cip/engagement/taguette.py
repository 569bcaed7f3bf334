"""Highlights exported from Taguette (CSV, XLSX): one row per highlight and tag.

Columns ``id, document, tag, content``; newer versions add ``tag_full_path`` and others. A highlight
without a tag has been read and given none. The file does not tell who coded, so all of it counts as
the work of one coder, named after the file.
"""

from __future__ import annotations

from collections.abc import Collection

from cip.engagement.codebook import Codebook
from cip.engagement.excerpts_columns import Cells, FileContent, clean_text
from cip.engagement.excerpts_documents import fold_document, make_excerpt_id, read_documents
from cip.errors import Problem

_HEADINGS = {"document", "tag", "content"}


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
