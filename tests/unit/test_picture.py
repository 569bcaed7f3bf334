"""Letters and pictures that are drawn without matplotlib's figures: as wide, as high, as dark."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import text_to_path

from cip.display.lettering import load_faces, set_line, write_outline
from cip.display.palette import ROLE_STYLES
from cip.display.picture import Picture, measure_words
from cip.display.row_chart import ChartRow, draw_rows

SVG = "{http://www.w3.org/2000/svg}"
#: No f beside f, i or l: matplotlib joins these to one letter, which we do not.
WORDS = st.text("ABCDEGHTVWYabcdegptuvwxyz 0123456789.,%()-–£éÅ×", min_size=1, max_size=25)


def parse(picture: Picture) -> etree._Element:
    return etree.fromstring(picture.to_svg())


@given(text=WORDS, is_bold=st.booleans(), size=st.sampled_from([8.0, 10.0, 11.0]))
def test_words_take_the_room_that_matplotlib_gives_them(
    text: str, is_bold: bool, size: float
) -> None:
    look = FontProperties(family="DejaVu Sans", weight="bold" if is_bold else "normal", size=size)
    width, height, below = text_to_path.get_text_width_height_descent(text, look, False)
    line = set_line(text, size=size, is_bold=is_bold)
    assert line.width == pytest.approx(width, abs=0.02)
    if text.strip():
        assert line.below == pytest.approx(below, abs=0.02)
        assert line.above == pytest.approx(height - below, abs=0.02)


def test_letters_stand_where_matplotlib_puts_them() -> None:
    text = "To AV. 1,234 Wards"
    look = FontProperties(family="DejaVu Sans", size=100)
    font = text_to_path._get_font(look)
    places = [x * 64 for _, x, _, _ in text_to_path.get_glyphs_with_font(font, text)[0]]
    found = [place for _, place in set_line(text, size=10).letters]
    assert found == pytest.approx(places, abs=2)


def test_an_empty_line_takes_no_room() -> None:
    assert set_line("", size=10).width == 0
    assert measure_words("ab") > measure_words("a") > 0


def read_outline(text: str) -> list[tuple[float, float]]:
    """Return the ends of an outline's steps, counted from the origin."""
    ends, here = [], (0.0, 0.0)
    for kind, numbers in re.findall(r"([MlqczL])([^MlqczL]*)", text):
        values = [float(n) for n in re.findall(r"-?[\d.]+", numbers)]
        if kind == "M":
            here = (values[0], values[1])
        elif values:
            here = (here[0] + values[-2], here[1] + values[-1])
        ends.append(here)
    return ends


def test_an_outline_comes_back_to_its_points() -> None:
    points = [[5, 5], [9, 5], [12, 9], [9, 12], [-3, 12], [1, 2], [-4, 0], [0, -7], [5, 5]]
    curve = [Path.CURVE3] * 2 + [Path.LINETO] + [Path.CURVE4] * 3
    codes = [Path.MOVETO, Path.LINETO, *curve, Path.CLOSEPOLY]
    ends = read_outline(write_outline(points, codes))
    assert ends == [(5, 5), (9, 5), (9, 12), (-3, 12), (0, -7), (0, -7)]


def test_a_sign_that_the_font_lacks_is_an_empty_box() -> None:
    face = load_faces()[False]
    assert face.find("\U0001f3e0").outline == face.find("\ue123").outline != ""


def test_the_same_picture_gives_the_same_text() -> None:
    def draw() -> str:
        picture = Picture(height_in=2)
        picture.draw_box(0, 0, 1, 1, fill="#FFFFFF", edge="#123456", hatch="//")
        picture.draw_marks([(1, 1), (2, 1)], "D", colour="#123456", size=7)
        picture.write(1, 1, "Café <&> \n5 < 6", is_upright=True)
        return picture.to_svg()

    assert draw() == draw()
    etree.fromstring(draw())


def test_what_is_on_a_higher_layer_comes_later() -> None:
    picture = Picture(height_in=1)
    picture.draw_line([(0, 0), (1, 1)], colour="#000001", width=1, layer=5)
    picture.draw_box(0, 0, 1, 1, fill="#000002", layer=1)
    picture.draw_area([(0, 0), (1, 0), (1, 1)], fill="#000003", layer=3)
    text = picture.to_svg()
    assert text.index("#000002") < text.index("#000003") < text.index("#000001")


def test_a_definition_stands_once_and_every_use_has_one() -> None:
    picture = Picture(height_in=1)
    for at in (0.1, 0.2, 0.3):
        picture.draw_marks([(at, 0.5)], "o", colour="#ABCDEF", size=6)
        picture.draw_box(at, 0, 0.1, 0.1, fill="#FFFFFF", edge="#ABCDEF", hatch="xx")
        picture.write(at, 0.5, "banana")
    root = parse(picture)
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    uses = [use.get("href").removeprefix("#") for use in root.iter(f"{SVG}use")]
    assert set(uses) <= set(ids)
    assert len(list(root.iter(f"{SVG}pattern"))) == 1
    assert len(uses) == 3 + 3 * len("banana")


@pytest.mark.parametrize("side", ["left", "center", "right"])
def test_words_lie_at_their_point(side: str) -> None:
    picture = Picture(height_in=1)
    picture.write(2, 0.5, "width", side=side, level="baseline")
    (group,) = (g for g in parse(picture).iter(f"{SVG}g") if g.get("transform"))
    left, baseline = map(
        float, re.findall(r"translate\(([\d.]+) ([\d.]+)\)", group.get("transform"))[0]
    )
    share = {"left": 0.0, "center": 0.5, "right": 1.0}[side]
    assert left == pytest.approx(144 - 72 * measure_words("width") * share, abs=0.01)
    assert baseline == pytest.approx(36)


@pytest.mark.parametrize("level", ["top", "center", "bottom", "baseline", "center_baseline"])
def test_lines_are_as_far_apart_as_matplotlib_has_them(level: str) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import RendererSVG
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 1), dpi=72)
    FigureCanvasAgg(figure)
    words = figure.text(0.2, 0.5, "gap\nÅgy\nx", va=level, fontsize=10, family="DejaVu Sans")
    import io

    _, lines, _ = words._get_layout(RendererSVG(360, 72, io.StringIO()))
    expected = [36 - at[1] for _, _, at in lines]
    picture = Picture(height_in=1)
    picture.write(1, 0.5, "gap\nÅgy\nx", level=level)
    text = picture.to_svg()
    found = [float(y) for y in re.findall(r"translate\([\d.]+ ([\d.]+)\)", text)]
    assert found == pytest.approx(expected, abs=0.01)


def test_dashes_grow_with_their_line() -> None:
    picture = Picture(height_in=1)
    for width in (1, 2):
        picture.draw_line([(0, 0), (1, 0)], colour="#000000", width=width, dash="--")
        picture.draw_line([(0, 0), (1, 0)], colour="#000000", width=width, dash=(0, (4, 1)))
    found = re.findall(r"stroke-dasharray: ([\d.,]+)", picture.to_svg())
    assert found == ["3.7,1.6", "4,1", "7.4,3.2", "8,2"]


def test_a_bar_is_as_long_as_its_figure() -> None:
    style = ROLE_STYLES["profile"]
    rows = [ChartRow("a", 10.0, "10", style), ChartRow("b", 40.0, "40", style)]
    text = draw_rows(rows, axis_label="People")
    widths = [
        float(w)
        for w in re.findall(
            rf'h([\d.]+)v[\d.]+h-[\d.]+z" style="fill: {style.colour.lower()}', text
        )
    ]
    assert widths[1] == pytest.approx(4 * widths[0], rel=1e-3)


def test_a_chart_without_figures_still_has_its_words() -> None:
    style = ROLE_STYLES["profile"]
    text = draw_rows([ChartRow("Nothing", None, "[x]", style)], axis_label="People")
    assert etree.fromstring(text) is not None
    assert f"fill: {style.colour.lower()}" not in text
