"""Report export: structure, safety, completeness and index pages."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from lxml import html as lxml_html
from nbformat.v4 import new_code_cell, new_output
from pypdf import PdfReader

from cip.display.blocks import KeyFacts, NoteBlock, TableBlock
from cip.display.figures import draw_comparison
from cip.display.maps import map_area
from cip.errors import ExportError
from cip.report import pdf
from cip.report.browser import find_browser
from cip.report.cells import select_cells
from cip.report.html import (
    ReportMeta,
    count_blocks,
    count_blocks_html,
    export_html,
    render_html,
)
from cip.report.index import write_area_index, write_index

from .display_samples import find_indicator, make_areas, make_notebook, make_rows, show

ATTACK = "<script>alert(1)</script>"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

META = ReportMeta(
    title="Community Insight Profile: Fernhollow",
    area_name="Fernhollow",
    organisation="Wessmarch Council",
    published=date(2026, 11, 21),
    kind="Data report",
    attribution=("Contains invented data.",),
    is_synthetic=True,
)


@pytest.fixture(scope="module")
def notebooks() -> list[nbformat.NotebookNode]:
    indicator = find_indicator("proportion")
    figure = draw_comparison(make_rows(indicator), indicator)
    area_map = map_area(make_areas(), None, title="The area", block_id="area", source_line="S")
    table = TableBlock(block_id="t", caption="People", frame=pd.DataFrame({"a": ["x"], "b": [1]}))
    first = make_notebook(
        "# Geography\n\nWhere is it?",
        show(NoteBlock("info", "Setup", "Never shown"), tags=["setup"]),
        "### Too deep\n\nA skipped level.",
        show(area_map),
        show(table),
    )
    second = make_notebook(
        "# Data profile",
        show(figure),
        show(figure),
        show(KeyFacts([("Residents", "8,412", "")])),
        show(NoteBlock("missing", "Survey", "Add the file.")),
        show(NoteBlock("info", "For the notebook", "Not the report"), tags=["notebook-only"]),
    )
    return [first, second]


@pytest.fixture(scope="module")
def page(notebooks: list[nbformat.NotebookNode]) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(render_html(notebooks, META))


def make_cell(*outputs: nbformat.NotebookNode, tags: tuple[str, ...] = ()) -> nbformat.NotebookNode:
    return new_code_cell("run()", outputs=list(outputs), metadata={"tags": list(tags)})


def render(*cells: nbformat.NotebookNode | str, **options: object) -> lxml_html.HtmlElement:
    html = render_html([make_notebook(*cells)], META, **options)  # type: ignore[arg-type]
    return lxml_html.document_fromstring(html)


# Structure


def test_page_has_landmarks_language_and_title(page: lxml_html.HtmlElement) -> None:
    assert page.get("lang") == "en-GB"
    assert page.findtext(".//title") == "Community Insight Profile: Fernhollow"
    for landmark in ("header", "nav", "main", "footer"):
        assert len(page.findall(f".//{landmark}")) == 1
    first_link = page.find(".//a")
    assert first_link.get("href") == "#content"
    assert page.find(".//main").get("id") == "content"


def test_one_h1_and_no_skipped_level(page: lxml_html.HtmlElement) -> None:
    levels = [int(h.tag[1]) for h in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


def test_contents_list_points_to_existing_headings(page: lxml_html.HtmlElement) -> None:
    links = page.xpath("//nav//a/@href")
    assert [t.strip() for t in page.xpath("//nav//a/text()")] == [
        "Geography",
        "Too deep",
        "Data profile",
    ]
    for link in links:
        assert len(page.xpath(f"//*[@id='{link[1:]}']")) == 1


def test_ids_are_unique_though_a_block_is_shown_twice(page: lxml_html.HtmlElement) -> None:
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert sum(name.startswith("fig-") for name in ids) == 2


def test_cells_for_the_notebook_alone_are_left_out(page: lxml_html.HtmlElement) -> None:
    words = page.text_content()
    assert "Never shown" not in words
    assert "Not the report" not in words


def test_nothing_is_lost(notebooks: list[nbformat.NotebookNode]) -> None:
    expected = Counter(figure=2, map=1, table=1, note=1, facts=1)
    assert count_blocks(notebooks) == expected
    assert count_blocks_html(render_html(notebooks, META)) == expected


def test_a_lost_block_is_an_error(
    notebooks: list[nbformat.NotebookNode], monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter = "cip.report.html.count_blocks"
    monkeypatch.setattr(exporter, lambda _: Counter(figure=3, map=1))
    with pytest.raises(ExportError, match="fewer outputs of kind 'figure'"):
        render_html(notebooks, META)


@pytest.mark.parametrize(("kind", "rest"), [("table", "p"), ("quotes", "p"), ("story", "div")])
def test_a_block_that_lost_its_content_is_an_error(kind: str, rest: str) -> None:
    shell = f'<div data-cip-block="{kind}" id="tab-x"><{rest}>gone</{rest}></div>'
    with pytest.raises(ExportError, match="lost its content"):
        render(make_cell(new_output("display_data", data={"text/html": shell})))


def test_export_is_the_same_every_time(
    notebooks: list[nbformat.NotebookNode], tmp_path: Path
) -> None:
    first = export_html(notebooks, META, tmp_path / "a" / "one.html")
    second = export_html(notebooks, META, tmp_path / "two.html")
    assert first.read_bytes() == second.read_bytes()


def test_export_leaves_the_notebooks_as_they_were(notebooks: list[nbformat.NotebookNode]) -> None:
    before = [nbformat.writes(n) for n in notebooks]
    render_html(notebooks, META)
    assert [nbformat.writes(n) for n in notebooks] == before


# Safety


def test_text_from_outside_is_escaped() -> None:
    meta = replace(
        META, title=ATTACK, subtitle=ATTACK, area_name=ATTACK, organisation=ATTACK,
        contact=ATTACK, version_label=ATTACK, status_line=ATTACK, licence=ATTACK,
        attribution=(ATTACK,), notes=(ATTACK,), kind=ATTACK,
    )  # fmt: skip
    notebook = make_notebook(f"# {ATTACK}\n\n{ATTACK}\n\n<b onclick='x'>bold</b>")
    html = render_html([notebook], meta)
    tree = lxml_html.document_fromstring(html)
    assert len(tree.findall(".//script")) == 1  # the page's own
    assert tree.find(".//b") is None
    assert ATTACK not in html
    assert "</style>" not in html.split("<style>")[1].split("</style>")[0]


def test_markdown_links_cannot_run_script() -> None:
    tree = render("[x](javascript:alert(1)) [y](https://example.org/)")
    assert tree.xpath("//main//a/@href") == ["https://example.org/"]


@pytest.mark.parametrize(
    "markup",
    [
        '<script src="https://example.org/x.js"></script>',
        '<link rel="stylesheet" href="//example.org/x.css">',
        '<iframe title="x" src="https://example.org/"></iframe>',
        '<img alt="a picture" src="picture.png">',
        '<iframe title="x" srcdoc="&lt;img alt=x src=https://example.org/x.png&gt;"></iframe>',
    ],
)
def test_a_page_that_would_load_a_file_is_refused(markup: str) -> None:
    with pytest.raises(ExportError, match="would load a file"):
        render(make_cell(new_output("display_data", data={"text/html": markup})))


def test_markdown_pictures_from_a_server_are_refused() -> None:
    with pytest.raises(ExportError, match="would load a file"):
        render("![A map](https://example.org/map.png)")


def test_the_report_loads_nothing(page: lxml_html.HtmlElement) -> None:
    for tag, name in (("link", "href"), ("script", "src"), ("img", "src"), ("iframe", "src")):
        for element in page.iter(tag):
            assert (element.get(name) or "data:").startswith("data:")


# Pictures and errors


@pytest.mark.parametrize("kind", ["image/png", "image/svg+xml"])
def test_picture_without_alt_is_refused_and_named(kind: str) -> None:
    output = new_output("display_data", data={kind: PIXEL, "text/plain": "<Figure>"})
    with pytest.raises(ExportError, match="notebook 1, cell 2"):
        render("# Title", make_cell(output))


def test_picture_with_alt_is_shown() -> None:
    output = new_output(
        "display_data", data={"image/png": PIXEL}, metadata={"image/png": {"alt": "A red dot"}}
    )
    assert render(make_cell(output)).xpath("//main//img/@alt") == ["A red dot"]


def test_filler_alternative_text_is_refused() -> None:
    markup = (
        '<img alt="No description has been provided for this image" src="data:image/png;base64,x">'
    )
    with pytest.raises(ExportError, match="no alternative text"):
        render(make_cell(new_output("display_data", data={"text/html": markup})))


def test_failed_cells_are_shown_or_refused_but_never_hidden() -> None:
    failure = new_output(
        "error", ename="SourceError", evalue="\x1b[31mNo table\x1b[0m <b>", traceback=["/home/x"]
    )
    for tags in ((), ("setup",)):
        words = render(make_cell(failure, tags=tags)).xpath("string(//main)")
        assert "could not be made" in words
        assert "SourceError: No table <b>" in words
        assert "/home/x" not in words
    with pytest.raises(ExportError, match="notebook 1, cell 1 failed"):
        render(make_cell(failure), show_errors=False)


def test_code_is_hidden_unless_asked_for() -> None:
    cell = make_cell(new_output("stream", name="stdout", text="hello"))
    assert "run()" not in render(cell).text_content()
    assert "run()" in render(cell, show_code=True).text_content()
    assert "hello" in render(cell).text_content()


def test_markdown_outputs_are_rendered_with_their_headings() -> None:
    output = new_output("display_data", data={"text/markdown": "## From a cell\n\n**Bold**"})
    tree = render("# One", make_cell(output))
    assert tree.xpath("string(//main//h3)") == "From a cell"
    assert tree.xpath("string(//main//strong)") == "Bold"


def test_markdown_tables_are_accessible() -> None:
    tree = render("| a | b |\n|---|---|\n| 1 | 2 |\n\ntext\n\n| c |\n|---|\n| 3 |")
    assert tree.xpath("//main//th/@scope") == ["col"] * 3
    assert tree.xpath("//main//*[@role='region']/@aria-label") == ["Table 1", "Table 2"]


def test_banner_stands_only_on_synthetic_reports() -> None:
    notebook = make_notebook("# One")
    synthetic = render_html([notebook], META)
    genuine = render_html([notebook], replace(META, is_synthetic=False))
    assert "@top-center{content:" in synthetic
    assert 'class="cip-banner"' in synthetic
    assert "Synthetic" not in genuine


# Index pages


def test_index_lists_areas_with_status_in_words(tmp_path: Path) -> None:
    areas = [
        {
            "id": "fernhollow",
            "title": f"Fernhollow {ATTACK}",
            "status": "ok",
            "is_synthetic": True,
            "files": [{"label": "Data report", "path": "fernhollow/reports/data report.html"}],
        },
        {"id": "b", "title": "B", "status": "failed", "message": "No store."},
    ]
    tree = lxml_html.parse(str(write_index(tmp_path, areas))).getroot()
    assert tree.find(".//script") is None
    assert "fernhollow/reports/data%20report.html" in tree.xpath("//main//a/@href")
    words = tree.text_content()
    for expected in ("Complete", "Failed", "No store.", "2 areas, of which 1 failed", "invented"):
        assert expected in words


def test_index_refuses_unknown_status_and_paths_outside(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="unknown status"):
        write_index(tmp_path, [{"id": "a", "title": "A", "status": "fine"}])
    for path in ("../x.html", "/etc/x", "C:/x", "https://example.org/"):
        with pytest.raises(ExportError, match="beside it"):
            write_area_index(
                tmp_path, title="A", sections={"Reports": [{"label": "x", "path": path}]}
            )


def test_area_index_lists_files_and_what_is_missing(tmp_path: Path) -> None:
    sections = {"Reports": [{"label": "Summary", "path": "reports/summary.html"}], "Downloads": []}
    path = write_area_index(
        tmp_path, title="Fernhollow", sections=sections, messages=["No quotes."]
    )
    tree = lxml_html.parse(str(path)).getroot()
    assert tree.xpath("//main//a/@href") == ["../index.html", "reports/summary.html"]
    assert [h.text for h in tree.iter("h2")] == ["What is missing", "Reports", "Downloads"]


# PDF (what needs no browser)


def test_declared_browser_that_does_not_exist_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIP_BROWSER", "no-such-browser")
    assert find_browser() is None
    with pytest.raises(ExportError, match="CIP_BROWSER"), pdf.open_pdf_writer():
        pass


def test_declared_browser_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "browser"
    program.touch()
    monkeypatch.setenv("CIP_BROWSER", str(program))
    assert find_browser() == program


def test_old_browsers_are_refused() -> None:
    with pytest.raises(ExportError, match="too old"):
        pdf._check_version("120.0.1")
    pdf._check_version("131.0.0")


def test_without_browser_and_pango_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import builtins

    genuine_import = builtins.__import__

    def fail(name: str, *args: object, **kwargs: object) -> object:
        if name == "weasyprint":
            raise OSError("cannot load library 'pango'")
        return genuine_import(name, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(pdf, "find_browser", lambda: None)
    monkeypatch.delenv("CIP_BROWSER", raising=False)
    monkeypatch.setattr(builtins, "__import__", fail)
    with pytest.raises(ExportError, match="Pango"), pdf.open_pdf_writer():
        pass


def test_weasyprint_stands_in_where_there_is_no_browser(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    try:
        import weasyprint  # noqa: F401
    except OSError as error:
        pytest.skip(f"WeasyPrint lacks a system library: {error}")
    monkeypatch.setattr(pdf, "find_browser", lambda: None)
    monkeypatch.delenv("CIP_BROWSER", raising=False)
    page = export_html([make_notebook("# One\n\n## Two\n\nText")], META, tmp_path / "r.html")
    with pdf.open_pdf_writer() as writer:
        assert writer.engine.startswith("WeasyPrint ")
        reader = PdfReader(writer.write(page, tmp_path / "r.pdf"))
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"
    assert reader.metadata.title == META.page_title
    for number, sheet in enumerate(reader.pages, start=1):
        assert "Synthetic demonstration data" in sheet.extract_text()
        assert f"Page {number} of {len(reader.pages)}" in sheet.extract_text()


# Texts that lead in what was not used


def make_text(words: str, *tags: str) -> nbformat.NotebookNode:
    cell = nbformat.v4.new_markdown_cell(words)
    cell["metadata"]["tags"] = list(tags)
    return cell


def test_a_text_before_nothing_is_left_out_and_one_before_something_stays():
    note = new_output("display_data", dict(NoteBlock("info", "There", "x")._repr_mimebundle_()))
    notebook = nbformat.v4.new_notebook(
        cells=[
            make_text("## Grants", "if-shown"),
            new_code_cell("show()"),
            new_code_cell("show()"),
            make_text("## Actions", "if-shown"),
            new_code_cell("show()"),
            new_code_cell("show()", outputs=[note]),
            make_text("## Always"),
            new_code_cell("show()"),
            make_text("## Last", "if-shown"),
        ]
    )
    texts = [cell.source for cell in select_cells([notebook]) if cell.cell_type == "markdown"]
    assert texts == ["## Actions", "## Always"]
