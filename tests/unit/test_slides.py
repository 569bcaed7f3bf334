"""The deck: titles to tell apart, words for pictures, notes with sources, and nothing empty."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.oxml.ns import qn
from pypdf import PdfReader

from cip.report.slides import make_pptx, write_slides
from cip.report.slides_fit import BODY_HEIGHT_IN, SIZES, WIDTH_IN, Line, fit_lines, measure_lines
from cip.report.summary_contents import INVENTED

from .summary_samples import FULL, SHORT, make_hostile, make_long


def make_png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 200), "#A9C4E4").save(buffer, "PNG")
    return buffer.getvalue()


WITH_MAP = replace(FULL, map_png=make_png())
CASES = {"full": WITH_MAP, "short": SHORT, "long": make_long(), "hostile": make_hostile()}


@pytest.fixture(scope="module")
def decks() -> dict[str, bytes]:
    return {name: make_pptx(contents) for name, contents in CASES.items()}


@pytest.fixture(params=CASES)
def deck(request, decks):
    return Presentation(io.BytesIO(decks[request.param]))


def list_titles(deck) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def test_titles_are_unique_and_none_is_empty(deck):
    titles = list_titles(deck)
    assert len(titles) == len(set(titles))
    assert all(title.strip() for title in titles)


def test_no_placeholder_is_empty(deck):
    for slide in deck.slides:
        for shape in slide.placeholders:
            assert shape.text_frame.text.strip(), slide.shapes.title.text


def test_title_is_read_first_and_the_running_lines_last(deck):
    for slide in deck.slides:
        kinds = [e.get("type", "body") for e in slide.shapes._spTree.iter(qn("p:ph"))]
        assert kinds[0] in ("title", "ctrTitle")
        assert kinds[-2:] == ["ftr", "sldNum"]


def test_pictures_and_tables_are_described_and_ids_unique(deck):
    for slide in deck.slides:
        ids = [e.get("id") for e in slide.shapes._spTree.iter(qn("p:cNvPr"))]
        assert len(ids) == len(set(ids))
        for shape in slide.shapes:
            if shape.shape_type == MSO_SHAPE_TYPE.PICTURE or shape.has_table:
                assert shape.element.find(f".//{qn('p:cNvPr')}").get("descr")


def test_every_text_is_marked_as_british_english(decks):
    with zipfile.ZipFile(io.BytesIO(decks["full"])) as package:
        for name in package.namelist():
            if not name.endswith(".xml") or ("slide" not in name and "presentation" not in name):
                continue
            tree = etree.fromstring(package.read(name))
            for run in tree.iter(qn("a:r")):
                assert run.find(qn("a:rPr")).get("lang") == "en-GB", name
            assert {e.get("lang") for e in tree.iter(qn("a:endParaRPr"))} <= {"en-GB"}


def test_footer_names_version_and_demonstration(decks):
    for name in ("full", "long"):
        for slide in Presentation(io.BytesIO(decks[name])).slides:
            texts = [s.text_frame.text for s in slide.placeholders if s.element.find(
                f".//{qn('p:ph')}").get("type") == "ftr"]  # fmt: skip
            assert INVENTED in texts[0] and "Version 0.3, for review" in texts[0]
    for slide in Presentation(io.BytesIO(decks["short"])).slides:
        assert not any("Demonstration" in s.text_frame.text for s in slide.placeholders)


def test_each_finding_has_a_slide_with_its_evidence_in_the_notes(decks):
    deck = Presentation(io.BytesIO(decks["full"]))
    notes = {slide.shapes.title.text: slide.notes_slide.notes_text_frame.text
             for slide in deck.slides if slide.has_notes_slide}  # fmt: skip
    for finding in FULL.findings:
        said = notes[f"{finding.number} {finding.title}"]
        assert all(cited in said for cited in finding.cites)
    housing = notes["F4 Homes are damp and cold, and repairs take long"]
    assert "12.4% of households have too few bedrooms. Source: Census 2021 table TS052" in housing
    assert "Rests on no evidence." in notes["F8 Work: too little is known"]


def test_parts_stand_in_their_order(decks):
    titles = list_titles(Presentation(io.BytesIO(decks["full"])))
    wanted = ["The area", "Key facts", "What is good here", "What is hard here",
              "F1 Neighbours look out for each other", "What people said", "Recommendations",
              "What we do not know", "Thanks and sources"]  # fmt: skip
    places = [titles.index(title) for title in wanted]
    assert places == sorted(places)


def test_an_area_without_engagement_is_shorter_and_says_why(decks):
    deck = Presentation(io.BytesIO(decks["short"]))
    said = "\n".join(s.text_frame.text for slide in deck.slides for s in slide.placeholders)
    assert "Nobody has asked residents" in said
    assert "No finding is a strength" in said
    assert "No recommendations have been agreed yet." in said
    assert len(deck.slides) < 10


def test_text_of_every_slide_fits_its_frame(deck):
    for slide in deck.slides:
        for shape in slide.placeholders:
            kind = shape.element.find(f".//{qn('p:ph')}").get("type", "body")
            if kind != "body":
                continue
            lines = [Line(p.text, after_pt=p.space_after.pt) for p in shape.text_frame.paragraphs]
            size = shape.text_frame.paragraphs[0].runs[0].font.size.pt
            assert size in SIZES
            assert measure_lines(lines, shape.width.inches, size) <= BODY_HEIGHT_IN + 0.3
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= deck.slide_width
            assert shape.top >= 0 and shape.top + shape.height <= deck.slide_height


def test_long_lines_lose_whole_sentences_first():
    line = "One sentence of some words that take room. " * 30
    kept, size = fit_lines([Line(line.strip()), Line("Short.")])
    assert size == SIZES[-1]
    assert kept[0].text.endswith("room.") and kept[1].text == "Short."
    assert measure_lines(kept, WIDTH_IN, size) <= BODY_HEIGHT_IN


def test_quotations_are_whole_or_left_out(decks):
    for name in ("full", "long"):
        deck = Presentation(io.BytesIO(decks[name]))
        whole = {f"“{quote.text}”" for quote in CASES[name].quotes}
        shown = {p.text for slide in deck.slides if slide.shapes.title.text.startswith(
            "What people said") for p in slide.placeholders[1].text_frame.paragraphs}  # fmt: skip
        assert {text for text in shown if text.startswith("“")} <= whole
        assert bool(shown) is (name == "full")


def test_untrusted_text_is_no_link(decks):
    def find_links(name):
        deck = Presentation(io.BytesIO(decks[name]))
        return [rel.target_ref for slide in deck.slides for rel in slide.part.rels.values()
                if rel.is_external]  # fmt: skip

    assert find_links("hostile") == []
    assert find_links("full") == [FULL.contact]


def test_same_contents_give_the_same_bytes(decks):
    assert make_pptx(WITH_MAP) == decks["full"]
    with zipfile.ZipFile(io.BytesIO(decks["full"])) as package:
        assert {entry.date_time for entry in package.infolist()} == {(2026, 11, 21, 0, 0, 0)}
        assert package.namelist()[0] == "[Content_Types].xml"
        assert not [name for name in package.namelist() if "thumbnail" in name or "printer" in name]
        assert b"screen4x3" not in package.read("ppt/presentation.xml")


def test_a_map_that_could_not_be_drawn_is_named():
    deck = Presentation(io.BytesIO(make_pptx(FULL)))
    area = next(slide for slide in deck.slides if slide.shapes.title.text == "The area")
    assert "The map of the area is in the Summary Report." in area.placeholders[1].text_frame.text


def find_impress() -> Path | None:
    """LibreOffice comes in parts; that for decks may be missing."""
    office = shutil.which("soffice")
    if office is None:
        return None
    # Linux and Windows name the part alike; macOS keeps the parts in a folder beside.
    top = Path(office).resolve().parents[1]
    return Path(office) if any(top.rglob("*sdlo.*")) else None


def test_libreoffice_opens_it_without_repair(decks, tmp_path):
    office = find_impress()
    if office is None:
        pytest.skip("LibreOffice Impress is not installed")
    for name in ("full", "long"):
        (tmp_path / f"{name}.pptx").write_bytes(decks[name])
    done = subprocess.run(
        [office, f"-env:UserInstallation=file://{tmp_path}/office", "--headless",
         "--convert-to", "pdf", "--outdir", tmp_path, *tmp_path.glob("*.pptx")],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for name in ("full", "long"):
        slides = len(Presentation(io.BytesIO(decks[name])).slides)
        assert len(PdfReader(tmp_path / f"{name}.pdf").pages) == slides


def test_deck_is_written_whole(tmp_path):
    path = write_slides(SHORT, tmp_path / "new" / "deck.pptx")
    assert [entry.name for entry in path.parent.iterdir()] == ["deck.pptx"]
