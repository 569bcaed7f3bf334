"""Codings exported from QualCoder's report (CSV, XLSX): one row per coding.

Columns ``File`` (or ``Case, Filename``), ``Coder, Coded, Id, Codename, Coded_Memo, Category…``, and
``FileVar_…`` and ``CaseVar_…`` for the variables of files and cases where they were asked for. An
id tells whether text (``ctid``), a picture (``imid``) or sound (``avid``) is coded. Excerpts that two
people coded have to be cut alike: the text tells which are the same.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import product

from cip.engagement.codebook import Codebook
from cip.engagement.excerpts_columns import ATTRIBUTES, Cells, FileContent, clean_text
from cip.engagement.excerpts_columns import read_attributes as read_told
from cip.engagement.excerpts_documents import fold_document, make_excerpt_id, read_documents
from cip.engagement.taguette import match_tag
from cip.errors import Problem

_HEADINGS = {"coder", "coded", "codename"}
#: Variables of cases count before those of files.
_PREFIXES = ("casevar_", "filevar_")
#: Columns of the report, and of the variables that tell who speaks.
COLUMNS = ("file", "filename", "case", "id", *_HEADINGS,
           *(prefix + name for prefix in _PREFIXES for name in ATTRIBUTES))  # fmt: skip


def is_qualcoder(cells: Cells) -> bool:
    """Return whether a table has the columns of QualCoder's report of codings."""
    has_source = bool({"file", "case"} & set(cells.columns))
    return has_source and set(cells.columns) >= _HEADINGS and "excerpt_id" not in cells.columns


def read_qualcoder(
    cells: Cells, codebook: Codebook, parts: Collection[str] = ()
) -> tuple[FileContent, list[Problem]]:
    """Return the codings of an export as excerpts, and what is wrong with its rows.

    A case counts as a person. A coder has read a document if any of it is coded by them.
    """
    documents, problems = read_documents(cells.path, parts)
    found = FileContent(cells.path)
    places: dict[str, str] = {}
    readers: dict[str, dict[str, None]] = {}
    others = 0
    for row, texts in cells.rows:
        text, coder = clean_text(texts["coded"]), texts["coder"].strip() or cells.path.stem
        if texts.get("id", "").startswith(("imid:", "avid:")):
            others += 1
            continue
        document = fold_document(
            texts.get("file", "") or texts.get("filename", "") or texts.get("case", "")
        )
        if text is None or not document:
            message = "this coding has no text or no document, so it is left out"
            problems.append(cells.tell(message, row))
            continue
        excerpt = make_excerpt_id(document, " ".join(text.split()))
        if excerpt not in places:
            told, wrong = _tell_speaker(texts, documents.get(document), parts)
            problems += [
                cells.tell(p.message, row, column=p.column, expected=p.expected, nearest=p.nearest)
                for p in wrong
            ]
            base = {"excerpt_id": excerpt, "document_id": document, "row": row, "text": text}
            found.rows.append({**base, **told})
        places[excerpt] = document
        readers.setdefault(document, {})[coder] = None
        if theme := match_tag(texts["codename"], codebook):
            found.codings.append((excerpt, coder, theme))
        else:
            nearest = codebook.find_nearest_theme(texts["codename"].strip())
            message = "this code is not in the codebook, so it is not counted"
            problems.append(cells.tell(message, row, column="codename", nearest=nearest))
    if others:
        problems.append(cells.tell(f"{others} codings of pictures or sound are left out"))
    for excerpt, document in places.items():
        found.looked_at.extend((excerpt, coder) for coder in readers[document])
    return found, problems


def _tell_speaker(
    texts: dict[str, str], told: dict[str, object] | None, parts: Collection[str]
) -> tuple[dict[str, object], list[Problem]]:
    """Return who speaks: from the variables of the report, else from ``documents.csv``."""
    named = dict(texts)
    for name, prefix in product(ATTRIBUTES, _PREFIXES):
        named[name] = named.get(name) or texts.get(prefix + name, "")
    values, problems = read_told(named, parts)
    known = {name: values[name] for name in ATTRIBUTES if values[name] is not None}
    person = texts.get("case", "").strip() or None
    return {**(told or {}), **({"person_id": person} if person else {}), **known}, problems
