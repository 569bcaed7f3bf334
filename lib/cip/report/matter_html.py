"""Front and back matter as HTML: about this report, methods, glossary, references, citation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cip.display.markup import escape, make_id
from cip.report.markdown import render_markdown
from cip.report.matter import KINDS, Matter
from cip.report.matter_words import Item, load_matter_words
from cip.report.meta import ReportMeta
from cip.report.outline import SECTION

ABOUT, GLOSSARY = "About this report", "Glossary"


def write_front(matter: Matter, meta: ReportMeta, anchors: Mapping[str, str]) -> str:
    """Return what stands under the title: what the report is and how to read it.

    Headings are those of a notebook, from ``h1``: the page puts them under its own title.
    ``anchors`` are the places of the page; what is not among them is on the chapter's own page.
    """
    words = load_matter_words()
    link = f'<a href="#{make_id(SECTION, GLOSSARY)}">glossary</a>'
    glossary = f"<li>Terms are explained in the {link}.</li>" if matter.terms else ""
    return (
        f"<div><h1>{ABOUT}</h1><p>{escape(words.profile)} It has three reports:</p>"
        f"{_write_reports(matter)}</div>"
        f"<div><h2>How to read it</h2>"
        f"{_write_items(matter.words.reading, matter, anchors, more=glossary)}"
        f"<p>{escape(words.formats)} {escape(_name_contact(meta))}.</p></div>"
    )


def write_back(matter: Matter, meta: ReportMeta, anchors: Mapping[str, str]) -> str:
    """Return what stands after the chapters; headings as in :func:`write_front`."""
    parts = {
        "Methods in brief": _write_items(matter.methods, matter, anchors),
        "Limitations": _write_items(matter.limits, matter, anchors),
        GLOSSARY: _write_glossary(matter),
        "References": _write_references(matter),
        "Acknowledgements": render_markdown(_lower_headings(matter.acknowledgements)),
        "How to cite this report": _write_citation(matter, meta),
    }
    return "".join(f"<h1>{title}</h1>{inner}" for title, inner in parts.items() if inner)


def _write_reports(matter: Matter) -> str:
    lines = []
    for kind in KINDS:
        entry = load_matter_words().reports[kind]
        title = escape(entry.title)
        if kind == matter.kind:
            name = f"<strong>{title}</strong> (this report)"
        elif kind in matter.reports:
            name = f'<a href="cip:report/{kind}">{title}</a>'
        else:
            name = f"{title} (not made yet for this area)"
        lines.append(f"<li>{name}: {escape(entry.what)}.</li>")
    return f"<ul>{''.join(lines)}</ul>"


def _write_items(
    items: Iterable[Item], matter: Matter, anchors: Mapping[str, str], *, more: str = ""
) -> str:
    lines = [f"<li>{escape(i.text)}{_write_places(i, matter, anchors)}</li>" for i in items]
    return f"<ul>{''.join(lines)}{more}</ul>" if lines or more else ""


def _write_places(item: Item, matter: Matter, anchors: Mapping[str, str]) -> str:
    links = []
    for stage, heading in item.places:
        wanted = make_id(SECTION, heading)
        is_here = stage in matter.stages and wanted in anchors
        href = f"#{anchors[wanted]}" if is_here else f"cip:stage/{stage}#{wanted}"
        links.append(f'<a href="{href}">{escape(heading)}</a>')
    return f' <span class="cip-see">See: {"; ".join(links)}.</span>' if links else ""


def _write_glossary(matter: Matter) -> str:
    entries = "".join(
        f'<div><dt id="{make_id("term", term.term)}">{escape(term.title)}</dt>'
        f"<dd>{escape(term.definition)}</dd></div>"
        for term in matter.terms
    )
    return f'<dl class="cip-glossary">{entries}</dl>' if entries else ""


def _write_references(matter: Matter) -> str:
    lines = []
    for entry in matter.references:
        url = f' <a href="{escape(entry.url)}">{escape(entry.url)}</a>.' if entry.url else ""
        lines.append(
            f'<li id="{make_id("ref", entry.id)}">{escape(entry.line)}{url} '
            f'<span class="cip-see">For: {escape(entry.used_for)}.</span></li>'
        )
    return f'<ul class="cip-references">{"".join(lines)}</ul>' if lines else ""


def _write_citation(matter: Matter, meta: ReportMeta) -> str:
    author = meta.organisation or "No publisher named"
    title = meta.title if matter.words.title in meta.title else f"{meta.title}: {meta.kind}"
    parts = [f"{author} ({meta.published.year}). {title}", meta.subtitle, meta.version_label]
    line = ". ".join(part.rstrip(".") for part in (*parts, meta.published_words) if part)
    status = (
        f"<p><strong>{escape(meta.status_line.rstrip('.'))}.</strong></p>"
        if meta.status_line
        else ""
    )
    return f"<p>{escape(line)}.</p>{status}<p>{escape(load_matter_words().citing)}</p>"


def _name_contact(meta: ReportMeta) -> str:
    named = [part for part in (meta.organisation, meta.contact) if part]
    return ": ".join(named) or "whoever gave it to you"


def _lower_headings(markdown: str) -> str:
    """Return Markdown whose headings stand under the one of its section."""
    return "\n".join(f"#{line}" if line.startswith("#") else line for line in markdown.splitlines())
