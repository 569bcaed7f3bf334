"""Attachments of GOV.UK pages: their addresses change with each edition, the page's does not."""

from __future__ import annotations

import json
import re
from typing import Any

from cip.catalogue.downloads import GovukDownload
from cip.errors import Problem, SourceError
from cip.sources.transfer import Transfer

CONTENT_API = "https://www.gov.uk/api/content"
MAX_PAGE_BYTES = 20_000_000


def find_attachment(download: GovukDownload, transfer: Transfer) -> str:
    """Return the address of the newest attachment that a page, or a collection of pages, has.

    Raises
    ------
    SourceError
        When the page does not describe itself as expected, or has no such attachment: then the
        names of those it has are told.
    """
    page = _read(download.address, transfer)
    if download.document:
        page = _read(CONTENT_API + _find_document(page, download), transfer)
    attachments = (page.get("details") or {}).get("attachments")
    if not isinstance(attachments, list):
        raise SourceError(Problem("The page lists no attachments.", file=download.address))
    pattern = re.compile(download.attachment, re.IGNORECASE)
    names = []
    for attachment in attachments:
        url, title = str(attachment.get("url", "")), str(attachment.get("title", ""))
        names.append(url.rsplit("/", 1)[-1] or title)
        if pattern.search(names[-1]) or pattern.search(title):
            return url
    raise SourceError(
        Problem(
            "The page no longer has the attachment that is wanted.",
            file=download.address,
            found=", ".join(names[:12]) or "none",
            expected=download.attachment,
        )
    )


def _find_document(page: dict[str, Any], download: GovukDownload) -> str:
    """Return the path of the newest document of a collection whose title fits."""
    documents = (page.get("links") or {}).get("documents") or []
    pattern = re.compile(download.document, re.IGNORECASE)
    fitting = [d for d in documents if pattern.search(str(d.get("title", "")))]
    if not fitting:
        raise SourceError(
            Problem(
                "The collection has no document with the title that is wanted.",
                file=download.address,
                found=", ".join(str(d.get("title")) for d in documents[:8]) or "none",
                expected=download.document,
            )
        )
    # Of two editions that were corrected on one day, the one with the later title is newer.
    newest = max(fitting, key=lambda d: (str(d.get("public_updated_at")), str(d.get("title"))))
    return str(newest.get("base_path"))


def _read(address: str, transfer: Transfer) -> dict[str, Any]:
    content = transfer.get(address, max_bytes=MAX_PAGE_BYTES)
    try:
        page = json.loads(content)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise SourceError(Problem("The page's description is not JSON.", file=address)) from error
    if not isinstance(page, dict):
        raise SourceError(Problem("The page does not describe itself.", file=address))
    return page
