"""What a page must satisfy before it is written. A breach is an error, never a warning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from lxml import html as lxml_html

from cip.errors import ExportError, Problem
from cip.report.links import NEUTRAL

_FILLER = "no description has been provided"
_LOADS = {
    "script": ("src",),
    "link": ("href",),
    "img": ("src", "srcset"),
    "iframe": ("src",),
    "source": ("src", "srcset"),
    "object": ("data",),
    "embed": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "image": ("href",),
    "use": ("href",),
}


def check_page(html: str, *, expected: Counter[str]) -> None:
    """Refuse a page that lost blocks, lacks alternative text or asks a server for anything.

    So is one whose links to other pages have not been turned into addresses.

    Parameters
    ----------
    html
        The finished page.
    expected
        Blocks of each kind that the notebooks hold.

    Raises
    ------
    ExportError
        With every problem found.
    """
    tree = lxml_html.document_fromstring(html)
    problems = [
        *_find_lost(tree, expected),
        *_find_missing_alt(tree),
        *_find_incomplete(tree),
        *_find_repeated_ids(tree),
        *find_loads(tree),
        *_find_neutral_links(tree),
    ]
    if problems:
        raise ExportError(problems)


def _find_lost(tree: lxml_html.HtmlElement, expected: Counter[str]) -> Iterator[Problem]:
    found = Counter(tree.xpath("//@data-cip-block"))
    for kind, number in sorted(expected.items()):
        if found[kind] < number:
            yield Problem(
                f"The report shows fewer outputs of kind '{kind}' than its notebooks.",
                found=str(found[kind]),
                expected=str(number),
            )


def _find_missing_alt(tree: lxml_html.HtmlElement) -> Iterator[Problem]:
    for image in tree.iter("img"):
        alt = (image.get("alt") or "").strip()
        if not alt or alt.casefold().startswith(_FILLER):
            yield Problem("A picture in the report has no alternative text.", found=alt or "none")


def _find_incomplete(tree: lxml_html.HtmlElement) -> Iterator[Problem]:
    """A block may survive as a shell: its wrapper without what it was to show."""
    needs = {
        "figure": ("img", "table"), "map": ("iframe", "img", "table"), "table": ("table",),
        "quotes": ("blockquote",), "story": ("p",),
    }  # fmt: skip
    for block in tree.xpath("//*[@data-cip-block]"):
        kind = block.get("data-cip-block")
        for tag in needs.get(kind, ()):
            if block.find(f".//{tag}") is None:
                name = block.get("id", kind)
                yield Problem(f"The {kind} '{name}' lost its content.", expected=tag)


def _find_repeated_ids(tree: lxml_html.HtmlElement) -> Iterator[Problem]:
    for name, number in Counter(tree.xpath("//@id")).items():
        if number > 1:
            yield Problem(f"The id '{name}' stands {number} times in the report.")


def find_loads(tree: lxml_html.HtmlElement) -> Iterator[Problem]:
    """Yield every place at which a page, or a map inside it, would ask a server for a file."""
    for element in tree.iter(*_LOADS):
        for name in _LOADS[element.tag]:
            address = (element.get(name) or "").strip()
            if address and not address.startswith(("data:", "#", "about:")):
                yield Problem(
                    f"The report would load a file through <{element.tag} {name}>.",
                    found=address[:120],
                    expected="content inside the page",
                )
    for frame in tree.xpath("//iframe[@srcdoc]"):
        yield from find_loads(_read_frame(frame.get("srcdoc")))


@lru_cache(maxsize=8)
def _read_frame(page: str) -> lxml_html.HtmlElement:
    """Return a map's page, which is looked at more than once, as a tree."""
    return lxml_html.document_fromstring(page)


def _find_neutral_links(tree: lxml_html.HtmlElement) -> Iterator[Problem]:
    for element in tree.xpath(f"//*[starts-with(@href, '{NEUTRAL}')]"):
        yield Problem(
            "A link to another page of the profile leads nowhere.",
            found=element.get("href")[:120],
            expected="a page of the area, such as cip:evidence or cip:stage/geography",
        )
    for frame in tree.xpath("//iframe[@srcdoc]"):
        yield from _find_neutral_links(_read_frame(frame.get("srcdoc")))
