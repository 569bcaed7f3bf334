"""Text that cites evidence: each citation becomes a small link that says what it leads to.

Blocks write links between pages as ``cip:evidence#...``, because the same block stands in pages
of different folders; whoever writes a page calls `resolve_links` with the way to ``reports/``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from urllib.parse import quote

import pandas as pd

from cip.catalogue.stages import load_stages
from cip.display.markup import escape, make_id
from cip.display.story_block import render_story
from cip.display.untrusted_text import strip_unseen

#: Where the entries of the ledger, and the findings with what follows from them, stand.
EVIDENCE, SUMMARY = "evidence", "summary"
#: The chapter holds every finding; the Summary Report leaves out some that nobody has edited.
_PAGES = {EVIDENCE: "evidence.html", SUMMARY: "stages/05_summary.html"}
_CITATION = re.compile(r"\[([a-z]+:[\w.:'&+-]+)\](?!\()")
#: Stand round the place of a citation while Markdown is rendered: brackets of old manuscripts,
#: which Markdown takes for punctuation as it does those of a citation. Taken out of the text first.
_OPEN, _SHUT = "\u2e28", "\u2e29"
_HELD = re.compile(f"(?:{_OPEN}|{quote(_OPEN)})([0-9]+)(?:{_SHUT}|{quote(_SHUT)})")
_HOLDERS = re.compile(f"[{_OPEN}{_SHUT}]")
_TAG = re.compile(r"(<[^>]+>)")
_OPENS, _SHUTS = re.compile(r"<(?:a|code)\b"), re.compile(r"</(?:a|code)>")
#: Plain letters first, which are found many times faster than what must stand before them.
_ID = re.compile(r'id="(?<=\sid=")([^"]+)"')
_LINK = re.compile(r'href="(?<=\shref=")cip:([a-z_/]+)(#[^"]*)?(?=")')


def name_cited(evidence: pd.DataFrame, findings: pd.DataFrame | None = None) -> dict[str, str]:
    """Return what may be cited, by id, with the name that a reader sees.

    Parameters
    ----------
    evidence
        The ledger: one row per entry.
    findings
        Table ``findings``: one row per finding.
    """
    labels = dict(zip(evidence["evidence_id"], evidence["label"], strict=True))
    if findings is not None:
        pairs = zip(findings["finding_id"], findings["title"], strict=True)
        labels |= {f"finding:{name}": title for name, title in pairs}
    return {str(name): str(label) for name, label in labels.items()}


def list_shown(text: str, evidence_labels: Mapping[str, str]) -> list[str]:
    """Return the ids that a text cites and that have a name, each once, in order."""
    found = (match[1] for match in _CITATION.finditer(text))
    return list(dict.fromkeys(one for one in found if one in evidence_labels))


def make_href(cited: str, target: str = EVIDENCE) -> str:
    """Return the link to what is cited: an entry's place on the page ``target``, or a finding's.

    Examples
    --------
    >>> make_href("data:social_rented"), make_href("finding:housing")
    ('cip:evidence#ev-data-social-rented', 'cip:summary#finding-housing')
    """
    kind, _, name = cited.partition(":")
    if kind == "finding":
        return f"cip:{SUMMARY}#{make_id('finding', name)}"
    return f"cip:{target}#{make_id('ev', cited)}"


def write_link(cited: str, label: str, *, number: int | None = None, target: str = EVIDENCE) -> str:
    """Return a citation as a link: its number where it has one, or its name.

    A screen reader hears "Evidence 3: Social rented homes" or "Finding: Housing".
    """
    is_finding = cited.startswith("finding:")
    noun = "Finding" if is_finding else "Evidence"
    href = escape(make_href(cited, target))
    if number is None and is_finding:
        inner = f"{noun}: {escape(label)}"
    elif number is None:
        inner = f'<span class="cip-unseen">{noun}: </span>{escape(label)}'
    else:
        inner = (
            f'<span class="cip-unseen">{noun} </span>{number}'
            f'<span class="cip-unseen">: {escape(label)}</span>'
        )
    return f'<a class="cip-cite" href="{href}">{inner}</a>'


def write_cited(
    text: str,
    evidence_labels: Mapping[str, str],
    *,
    target: str = EVIDENCE,
    numbers: Mapping[str, int] | None = None,
) -> str:
    """Return a text in Markdown as HTML, with its citations as links.

    Parameters
    ----------
    text
        The text. HTML in it is shown as it was written, never run.
    evidence_labels
        What may be cited (`name_cited`); anything else in brackets is text.
    target
        Page on which the entries stand; see `resolve_links`.
    numbers
        Number of each citation in a list that the page shows; without it, names are shown.
    """
    known = numbers or {}

    def link(cited: str) -> str:
        return write_link(cited, evidence_labels[cited], number=known.get(cited), target=target)

    return _render(text, evidence_labels, link)


def write_cited_text(text: str, evidence_labels: Mapping[str, str]) -> str:
    """Return a text in Markdown as plain text, each citation as a name in brackets."""
    marked = _render(text, evidence_labels, lambda cited: f"[{escape(evidence_labels[cited])}]")
    return html.unescape(_TAG.sub("", marked)).strip()


def _render(text: str, known: Mapping[str, str], write: Callable[[str], str]) -> str:
    """Return Markdown as HTML, with ``write`` of each citation where it stood."""
    cited: list[str] = []

    def hold(match: re.Match[str]) -> str:
        if match[1] not in known:
            return match[0]
        cited.append(match[1])
        return f"{_OPEN}{len(cited) - 1}{_SHUT}"

    plain = _HOLDERS.sub("", strip_unseen(text))
    pieces = []
    shut = 0  # Inside a link or code, where no other link may stand.
    for piece in _TAG.split(render_story(_CITATION.sub(hold, plain))):
        is_tag = piece.startswith("<")
        shut += len(_OPENS.findall(piece)) - len(_SHUTS.findall(piece)) if is_tag else 0
        put = _write_plain if is_tag or shut else write
        pieces.append(_HELD.sub(lambda m, put=put: put(cited[int(m[1])]), piece))
    return "".join(pieces)


def _write_plain(cited: str) -> str:
    return escape(f"[{cited}]")


def resolve_links(page: str, prefix: str) -> str:
    """Return a page whose links between pages lead to the files.

    Parameters
    ----------
    page
        HTML.
    prefix
        The way from the page's folder to ``reports/``: nothing, or ``../``.

    Raises
    ------
    ValueError
        If a link leads to a page that there is none of.

    Notes
    -----
    ``cip:evidence`` is the evidence page, ``cip:summary`` chapter 05 and
    ``cip:stage/<name>`` a chapter's page. A link to the summary whose place is on the page itself
    stays on it.

    Examples
    --------
    >>> resolve_links('<a href="cip:stage/data_profile#fig-tenure">', "../")
    '<a href="../stages/02_data_profile.html#fig-tenure">'
    """
    own = frozenset(_ID.findall(page)) if f"cip:{SUMMARY}#" in page else frozenset()

    def lead(match: re.Match[str]) -> str:
        name, place = match[1], match[2] or ""
        is_own = name == SUMMARY and place[1:] in own
        return f'href="{place}' if is_own else f'href="{prefix}{_name_page(name)}{place}'

    return _LINK.sub(lead, page)


def _name_page(name: str) -> str:
    room, _, stage = name.partition("/")
    stages = list(load_stages())
    if room == "stage" and stage in stages:
        return f"stages/{stages.index(stage) + 1:02d}_{stage}.html"
    if name in _PAGES:
        return _PAGES[name]
    raise ValueError(f"there is no page 'cip:{name}' to link to")
