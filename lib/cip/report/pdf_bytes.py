"""What a finished PDF says of itself, and the same bytes for the same page.

A browser writes the time of printing into a PDF, and numbers by which it happens to know the
cells of tables. Both change from print to print, and neither is content.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from datetime import date

#: The page's own date, as the reports' template states it.
_PAGE_DATE = re.compile(rb'<meta name="dcterms\.date" content="(\d{4})-(\d\d)-(\d\d)">')
#: Where the head of a page ends: a date further down is text.
_HEAD_END = b"</head>"
_STAMP = re.compile(rb"/(CreationDate|ModDate) \(D:[^)\\]{8,30}\)")
_NODE_ID = re.compile(rb"/ID \((node\d{8})\)")
_NODE = re.compile(rb"\((node\d{8})\)")

_OBJECT_STREAM = re.compile(rb"/Type\s*/ObjStm\b")
_STREAM = re.compile(rb"(<<(?:(?!stream\b|endobj).){0,400}?>>)\s*stream\r?\n", re.DOTALL)
_MARKED = re.compile(rb"/MarkInfo\s*<<[^>]*/Marked\s+true")
_STRUCTURE = re.compile(rb"/StructTreeRoot\s+\d+\s+\d+\s+R")
_LANGUAGE = re.compile(rb"/Lang\s*(?:\(([^)]+)\)|<([0-9A-Fa-f]+)>)")
_TITLE = re.compile(rb"/Title\s*(?:\(((?:\\.|[^()\\])+)\)|<([0-9A-Fa-f]+)>)")
_INFO = re.compile(rb"/Info\s+(\d+)\s+\d+\s+R")


@dataclass(frozen=True)
class PdfFacts:
    """What a PDF says of itself.

    Parameters
    ----------
    is_tagged
        Whether it has a tree of tags and says so.
    language, title
        As written in it; empty where there is none.
    """

    is_tagged: bool
    language: str
    title: str


def find_page_date(html: bytes) -> date | None:
    """Return the date that a page states in its head, or None."""
    found = _PAGE_DATE.search(html[: html.find(_HEAD_END) + 1 or None])
    return date(*map(int, found.groups())) if found else None


def settle_pdf(data: bytes, published: date | None) -> bytes:
    """Return a browser's PDF with nothing in it that depends on when it was printed.

    Every replacement is as long as what it replaces, so that the places of the file's objects,
    which it lists, stay true.

    Parameters
    ----------
    data
        The PDF as printed.
    published
        Takes the place of the time of printing; without it the PDF has no date.
    """
    names = sorted(set(_NODE_ID.findall(data)))
    # In the order that they have: the file's index of names is sorted.
    numbered = {name: b"node%08d" % place for place, name in enumerate(names, start=1)}
    data = _NODE.sub(lambda m: b"(" + numbered.get(m[1], m[1]) + b")", data)
    return _STAMP.sub(lambda match: _write_stamp(match, published), data)


def _write_stamp(match: re.Match[bytes], published: date | None) -> bytes:
    if published is None:
        return b" " * len(match[0])
    stamp = b"/%s (D:%s000000Z)" % (match[1], published.strftime("%Y%m%d").encode())
    return stamp.ljust(len(match[0])) if len(stamp) <= len(match[0]) else b" " * len(match[0])


def read_pdf_facts(data: bytes) -> PdfFacts:
    """Return what a PDF says of itself, whether a browser or WeasyPrint made it.

    Only what the reports' own writers make is understood: PDFs that are not encrypted.
    """
    plain = b"\n".join([_cut_streams(data), *_open_object_streams(data)])
    language, title = _LANGUAGE.search(plain), _TITLE.search(_find_info(plain, data))
    return PdfFacts(
        is_tagged=bool(_MARKED.search(plain) and _STRUCTURE.search(plain)),
        language=_read_string(language),
        title=_read_string(title),
    )


def _cut_streams(data: bytes) -> bytes:
    """Return a PDF without its streams, whose bytes may look like anything."""
    return re.sub(rb"\bstream\r?\n.*?endstream", b"", data, flags=re.DOTALL)


def _open_object_streams(data: bytes) -> list[bytes]:
    opened = []
    for match in _STREAM.finditer(data):
        if _OBJECT_STREAM.search(match[1]):
            opener = zlib.decompressobj()
            opened.append(opener.decompress(data[match.end() :]))
    return opened


def _find_info(plain: bytes, data: bytes) -> bytes:
    """Return the object that holds the document's title; headings have titles too."""
    named = _INFO.search(data)
    if named is None:
        return b""
    found = re.search(rb"(?<!\d)%s\s+\d+\s+obj\b(.*?)endobj" % named[1], plain, re.DOTALL)
    if found:
        return found[1]
    # In a stream of objects nothing stands around each: the one with a producer is the one.
    packed = re.search(rb"<<[^<>]*/Producer\b.*?>>", plain, re.DOTALL)
    return packed[0] if packed else b""


def _read_string(match: re.Match[bytes] | None) -> str:
    if match is None:
        return ""
    raw = bytes.fromhex(match[2].decode()) if match[2] else re.sub(rb"\\(.)", rb"\1", match[1])
    text = (
        raw.decode("utf-16")
        if raw.startswith((b"\xfe\xff", b"\xff\xfe"))
        else raw.decode("latin-1")
    )
    return text.strip()
