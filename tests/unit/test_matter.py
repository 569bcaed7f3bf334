"""Front and back matter of a report, and the links that lead from page to page."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date
from pathlib import Path

import nbformat
import pytest
from lxml import html as lxml_html

from cip.display.blocks import NoteBlock
from cip.errors import ExportError
from cip.report.cells import collect_text
from cip.report.html import export_html, render_html
from cip.report.links import find_prefix, write_relative_links
from cip.report.matter import KINDS, Matter, build_matter
from cip.report.matter_words import load_matter_words
from cip.report.meta import ReportMeta
from cip.workspace import STAGES, name_notebook

from .display_samples import make_notebook, show

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
ATTACK = "<script>alert(1)</script>"
META = ReportMeta(
    title="Fernhollow: Data Report",
    subtitle="Community Insight Profile",
    area_name="Fernhollow",
    organisation="Wessmarch Council",
    contact="insight@example.org",
    published=date(2026, 11, 21),
    kind="Data Report",
    version_label="Version 0.1, draft",
    status_line="Draft: not for publication",
    licence="Open",
)
STAGES_SHOWN = ("geography", "data_profile")
BOOK = make_notebook(
    "# The data\n\n## How to read the figures\n\nEach LSOA has a decile.",
    show(NoteBlock("info", "Of wards", "A theme.")),
    "## What this chapter cannot say\n\nWilson.",
)


def make_matter(kind: str = "data_report", **more: object) -> Matter:
    return build_matter(kind, STAGES_SHOWN, collect_text([BOOK]), **more)  # type: ignore[arg-type]


def make_page(
    folder: Path, matter: Matter | None, meta: ReportMeta = META, name: str = "data_report"
) -> lxml_html.HtmlElement:
    path = folder / "reports" / f"{name}.html"
    return lxml_html.parse(str(export_html([BOOK], meta, path, matter=matter))).getroot()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> lxml_html.HtmlElement:
    matter = make_matter(acknowledgements="# Thanks\n\nTo **all** who came.")
    return make_page(tmp_path_factory.mktemp("area"), matter)


# What is chosen


def test_the_words_of_the_body_are_collected_apart_and_complete() -> None:
    words = collect_text([BOOK])
    assert "How to read the figures Each LSOA has a decile." in words
    assert "Of wards A theme." in words
    hidden = make_notebook("Seen", show(NoteBlock("info", "Unseen", "x"), tags=["setup"]))
    assert collect_text([hidden]) == "Seen"


def test_glossary_and_references_are_those_of_the_text() -> None:
    matter = make_matter()
    terms = {term.id for term in matter.terms}
    assert {"lsoa", "decile", "ward", "theme"} <= terms
    assert "kappa" not in terms
    assert "wilson_1927" in {entry.id for entry in matter.references}


def test_methods_and_limits_are_those_of_the_chapters_and_of_what_was_used() -> None:
    assert {item.stage for item in make_matter().methods} == set(STAGES_SHOWN)
    bare = build_matter("insight_report", ["engagement_analysis"], "Nobody was asked.")
    asked = build_matter("insight_report", ["engagement_analysis"], "Two coders, Wilson's limits.")
    assert len(asked.methods) == len(bare.methods) + 2


def test_a_report_that_the_area_has_not_is_refused() -> None:
    with pytest.raises(ValueError, match="no report of this area"):
        make_matter("insight_report", reports=["data_report"])
    with pytest.raises(ValueError, match="poster"):
        make_matter("poster")


def test_every_place_to_see_is_a_heading_of_its_chapter() -> None:
    """A link to a chapter's own page relies on the heading; a renamed one must be found here."""
    words = load_matter_words()
    items = [*words.methods, *words.limits]
    items += [item for report in words.reports.values() for item in report.reading]
    headings: dict[str, set[str]] = {}
    for stage in STAGES:
        book = nbformat.read(NOTEBOOKS / name_notebook(stage), as_version=4)
        text = "\n".join(c.source for c in book.cells if c.cell_type == "markdown")
        headings[stage] = {ln.lstrip("# ") for ln in text.splitlines() if ln.startswith("#")}
    places = [place for item in items for place in item.places]
    assert len(places) > 20
    assert [(s, h) for s, h in places if h not in headings[s]] == []
    assert {item.stage for item in words.methods} == set(STAGES)
    assert set(words.reports) == set(KINDS)


# How it is shown


def test_the_cover_says_what_the_report_is_and_how_far(page: lxml_html.HtmlElement) -> None:
    cover = page.find(".//header")
    words = " ".join(cover.text_content().split())
    for expected in (
        "Fernhollow: Data Report", "Version 0.1, draft", "Draft: not for publication",
        "Wessmarch Council", "insight@example.org", "21 November 2026",
    ):  # fmt: skip
        assert expected in words
    assert "Draft: not for publication" in page.findtext(".//style").replace("\\3a ", ":")


def test_the_front_names_the_three_reports_and_links_the_others(
    page: lxml_html.HtmlElement,
) -> None:
    front = page.find(".//section")
    assert front.get("aria-labelledby") == "section-about-this-report"
    links = {link.text: link.get("href") for link in front.iter("a")}
    assert links["Community Insight Report"] == "insight_report.html"
    assert links["Summary Report"] == "summary_report.html"
    assert "Data Report" not in links
    assert links["How to read the figures"] == "#section-how-to-read-the-figures"
    # Not a heading of this page: the chapter's own page has it.
    assert links["At a glance"] == "stages/02_data_profile.html#section-at-a-glance"
    assert "large print" in front.text_content()


def test_a_report_that_is_not_made_is_named_without_a_link(tmp_path: Path) -> None:
    matter = make_matter(reports=["data_report", "summary_report"])
    front = make_page(tmp_path, matter).find(".//section")
    assert "Community Insight Report (not made yet for this area)" in front.text_content()
    assert "insight_report.html" not in front.xpath(".//a/@href")


def test_the_back_has_its_sections_in_order_and_in_the_contents(
    page: lxml_html.HtmlElement,
) -> None:
    contents = [" ".join(text.split()) for text in page.xpath("//nav//a/text()")]
    assert contents == [
        "About this report", "How to read it", "The data", "How to read the figures",
        "What this chapter cannot say", "Methods in brief", "Limitations", "Glossary",
        "References", "Acknowledgements", "Thanks", "How to cite this report",
        "Licence and sources",
    ]  # fmt: skip
    for link in page.xpath("//nav//a/@href"):
        assert len(page.xpath(f"//*[@id='{link[1:]}']")) == 1
    levels = [int(h.tag[1]) for h in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


def test_each_term_and_work_has_its_place(page: lxml_html.HtmlElement) -> None:
    assert page.xpath("//dt[@id='term-decile']/text()") == ["Decile"]
    assert page.xpath("//dt[@id='term-lower-layer-super-output-area']/text()") == [
        "Lower layer Super Output Area (LSOA)"
    ]
    assert page.xpath("//li[@id='ref-wilson-1927']")


def test_the_citation_names_publisher_year_report_and_version(
    page: lxml_html.HtmlElement,
) -> None:
    assert (
        "Wessmarch Council (2026). Fernhollow: Data Report. Community Insight Profile. "
        "Version 0.1, draft. 21 November 2026." in page.xpath("string(//main)")
    )


def test_nothing_is_shown_for_what_there_is_not(tmp_path: Path) -> None:
    final = replace(META, status_line="", version_label="")
    words = make_page(tmp_path, make_matter(), final).text_content()
    assert "Acknowledgements" not in words
    assert "not for publication" not in words
    chapter = make_page(tmp_path, None, name="other")
    assert chapter.find(".//section") is None
    assert "Glossary" not in chapter.text_content()


def test_thanks_and_meta_cannot_run_script(tmp_path: Path) -> None:
    meta = replace(META, organisation=ATTACK, contact=ATTACK, version_label=ATTACK, title=ATTACK)
    tree = make_page(tmp_path, make_matter(acknowledgements=ATTACK), meta)
    assert len(tree.findall(".//script")) == 1  # the page's own


# Links between pages


@pytest.mark.parametrize(
    ("page", "address", "href"),
    [
        ("reports/data_report.html", "cip:evidence#ev-x", "evidence.html#ev-x"),
        ("reports/data_report.html", "cip:stage/asset_map#t", "stages/03_asset_map.html#t"),
        ("reports/data_report.html", "cip:report/summary_report#f", "summary_report.html#f"),
        ("reports/data_report.html", "cip:report/insight_report", "insight_report.html"),
        ("reports/data_report.html", "cip:report/data_report#f", "#f"),
        ("reports/stages/05_summary.html", "cip:evidence#ev-x", "../evidence.html#ev-x"),
        ("reports/summary_report.html", "cip:summary#f", "stages/05_summary.html#f"),
        ("reports/stages/05_summary.html", "cip:summary#f", "#f"),
        ("reports/stages/05_summary.html", "cip:report/data_report", "../data_report.html"),
        ("reports/stages/05_summary.html", "cip:stage/summary#a", "#a"),
    ],
)
def test_links_lead_to_the_file_from_where_the_page_lies(
    page: str, address: str, href: str
) -> None:
    html = write_relative_links(f'<p><a class="x" href="{address}">x</a></p>', Path("out") / page)
    assert lxml_html.fragment_fromstring(html).xpath(".//a/@href") == [href]


def test_a_chapter_is_reached_from_a_chapter() -> None:
    path = Path("reports/stages/05_summary.html")
    html = write_relative_links('<a href="cip:stage/geography#a">x</a>', path)
    lead = lxml_html.fragment_fromstring(html).get("href")
    assert (path.parent / lead.partition("#")[0]).as_posix().endswith("stages/01_geography.html")
    assert find_prefix(Path("comparison/page.html")) is None


@pytest.mark.parametrize("address", ["cip:nowhere", "cip:stage/dreams#x", "cip:report/poster"])
def test_a_link_to_no_page_is_refused(tmp_path: Path, address: str) -> None:
    book = make_notebook(f"[x]({address})")
    with pytest.raises(ExportError, match="leads nowhere"):
        export_html([book], META, tmp_path / "reports" / "x.html")


def test_a_page_that_still_holds_a_neutral_link_is_refused() -> None:
    with pytest.raises(ExportError, match="leads nowhere"):
        render_html([make_notebook("[x](cip:evidence#ev-x)")], META)
