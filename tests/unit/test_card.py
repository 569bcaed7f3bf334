"""The picture card: its size, its letters, its words beside it, and what it is taken from."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from lxml import etree
from PIL import Image

from cip.display.palette import BANNER, INK, PAPER, PART_FILL, ROLE_STYLES, contrast
from cip.errors import ExportError
from cip.report import card
from cip.report.card_browser import add_map_picture, render_png
from cip.report.pdf import WeasyPrintPdfWriter
from cip.report.summary_contents import INVENTED

from .summary_samples import FULL, SHORT, make_hostile, make_long


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return card.write_card(FULL, tmp_path_factory.mktemp("card") / "card.png")


def test_picture_has_the_size_of_a_card_and_its_words_beside_it(written):
    png, text = written
    picture = Image.open(png)
    assert picture.size == (1200, 630)
    said = text.read_text(encoding="utf-8")
    for part in ("Teaspoon Common", FULL.findings[0].title, "Source:", INVENTED):
        assert part in said
    # Drawn, not blank: paper, ink and the blue of the head are all there.
    colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 20)}
    wanted = {tuple(bytes.fromhex(c[1:])) for c in (PAPER, ROLE_STYLES["profile"].colour, BANNER)}
    assert wanted <= colours


def test_same_contents_give_the_same_bytes(written, tmp_path):
    assert card.write_card(FULL, tmp_path / "x.png")[0].read_bytes() == written[0].read_bytes()


def test_a_strength_comes_first_and_others_can_be_picked():
    mixed = replace(FULL, findings=tuple(reversed(FULL.findings)))
    assert card.choose_card(mixed).kind == "What is good here"
    assert card.choose_card(FULL, "housing").headline == FULL.findings[3].title
    fact = card.choose_card(FULL, "disability")
    assert (fact.value, fact.headline) == ("19.5%", "Disabled residents")
    with pytest.raises(ExportError, match="housing"):
        card.choose_card(FULL, "housin")


def test_nothing_to_show_is_an_error():
    with pytest.raises(ExportError, match="no finding and no figure"):
        card.choose_card(replace(SHORT, findings=(), facts=()))


@pytest.mark.parametrize("make", [make_long, make_hostile, lambda: FULL])
@pytest.mark.parametrize("pick", ["", "households_deprived_2_plus"])
def test_letters_stay_inside_and_are_large(make, pick):
    contents = card.clean_contents(make())
    svg = card.draw_card(contents, card.choose_card(contents, pick))
    etree.fromstring(svg.encode())
    lines = re.findall(
        r"translate\(([\d.]+) ([\d.]+)\) scale\(([\d.e-]+) -[\d.e-]+\)\">(.*?)</g>", svg
    )
    assert len(lines) >= 4
    for left, top, scale, uses in lines:
        size = float(scale) * 6400
        assert size >= 30  # ten pixels on a phone
        last = float(re.findall(r'x="(\d+)"', uses)[-1]) * float(scale)
        assert float(left) + last + size <= card.WIDTH_PX
        assert 0 < float(top) < card.HEIGHT_PX
    tops = [float(top) for _, top, _, _ in lines]
    assert tops == sorted(tops)


def test_figure_keeps_its_whole_label():
    contents = card.clean_contents(FULL)
    shown = card.choose_card(contents, "households_deprived_2_plus")
    assert "…" not in " ".join(card._fit_headline(shown.headline, 130)[1])


@pytest.mark.parametrize(
    ("ink", "ground"),
    [(INK, PAPER), (INK, BANNER), (INK, PART_FILL), (PAPER, ROLE_STYLES["profile"].colour)],
)
def test_words_stand_out(ink, ground):
    assert contrast(ink, ground) >= 4.5


def test_without_a_browser_the_card_says_what_it_needs():
    with pytest.raises(ExportError, match="needs a browser"):
        render_png("<svg/>", width_px=10, height_px=10, writer=WeasyPrintPdfWriter())
    assert add_map_picture(FULL, writer=WeasyPrintPdfWriter()).map_png == b""


def test_map_becomes_a_picture_of_its_own_shape():
    made = add_map_picture(FULL)
    assert Image.open(io.BytesIO(made.map_png)).size == (1600, 1067)
    assert add_map_picture(SHORT) == SHORT
