"""Links between the pages of an area: written with a neutral address, turned into a relative one.

Whatever makes a block does not know on which page it will stand. So it writes a link to another
page as ``cip:evidence#…``, ``cip:summary#…`` or ``cip:stage/<stage>#…`` (see
:mod:`cip.display.cited_text`), or as ``cip:report/<name>#…`` for one of the reports. The exporter
knows where the page lies. A page that still holds such an address is refused.
"""

from __future__ import annotations

import re
from pathlib import Path

from cip.display.cited_text import resolve_links
from cip.errors import ExportError, Problem

#: What a neutral address starts with.
NEUTRAL = "cip:"
#: The folder of an area that holds its pages, and the one in it that holds the chapters.
PAGES, CHAPTERS = "reports", "stages"

#: A pattern that starts with plain letters is found many times faster, so that what must stand
#: before them is looked at last.
_HREF = r'href="(?<=\shref=")'
_REPORT = re.compile(rf'{_HREF}cip:report/([a-z_]+_report)(?=[#"])')


def write_relative_links(html: str, path: Path) -> str:
    """Return a page whose neutral links lead to the other pages of its area.

    Parameters
    ----------
    html
        A whole page.
    path
        The file that it will be. A page outside ``reports/`` and ``reports/stages/`` is returned
        as it is.

    Raises
    ------
    ExportError
        If a link names a page that there is none of.
    """
    prefix = find_prefix(path)
    if prefix is None:
        return html

    def lead(match: re.Match[str]) -> str:
        return f'href="{prefix}{match[1]}.html'

    try:
        html = resolve_links(_REPORT.sub(lead, html), prefix)
    except ValueError as error:
        raise ExportError(Problem(f"A link leads nowhere: {error}.", file=path.name)) from error
    return _shorten_own(html, path)


def find_prefix(path: Path) -> str | None:
    """Return the way from a page to ``reports/``; None if it is not among an area's pages."""
    folders = path.parts[:-1]
    if folders[-1:] == (PAGES,):
        return ""
    return "../" if folders[-2:] == (PAGES, CHAPTERS) else None


def _shorten_own(html: str, path: Path) -> str:
    """Return a page whose links to itself keep the place alone, so that they hold in a PDF."""
    name = re.escape(path.name)
    way = rf"\.\./{CHAPTERS}/{name}" if find_prefix(path) else name
    return re.sub(rf"{_HREF}{way}(?=#)", 'href="', html)
