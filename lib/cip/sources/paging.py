"""Asking for page after page: bounded in number and size, and never the same page twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

from cip.errors import Problem, SourceError
from cip.sources.transfer import Transfer, make_too_large

MAX_PAGES = 500


def read_pages(
    transfer: Transfer,
    address: str,
    *,
    make_params: Callable[[int], dict[str, str] | None],
    count_rows: Callable[[bytes], int],
    max_bytes: int,
) -> Iterator[bytes]:
    """Give the pages of an answer that a service gives a part at a time.

    Parameters
    ----------
    make_params
        Returns the query for the page after so many rows, or None when there is no more.
    count_rows
        Returns the number of rows of a page; a page without rows is the last one.
    max_bytes
        Most bytes of all pages together.

    Raises
    ------
    SourceError
        When the service repeats a page or does not come to an end.
    """
    rows, size, last = 0, 0, b""
    for _ in range(MAX_PAGES):
        params = make_params(rows)
        if params is None:
            return
        content = transfer.get(address, params=params, max_bytes=max_bytes - size)
        digest = hashlib.sha256(content).digest()
        found = count_rows(content)
        if found and digest == last:
            raise SourceError(Problem("The service gave the same page twice.", file=address))
        last, size = digest, size + len(content)
        if size >= max_bytes:
            raise make_too_large(address, max_bytes)
        yield content
        rows += found
        if transfer.progress:
            transfer.progress(address.rsplit("/", 1)[-1], size, None)
        if not found:
            return
    raise SourceError(
        Problem(
            f"The service never came to an end: {rows:,} rows in {MAX_PAGES} pages.", file=address
        )
    )
