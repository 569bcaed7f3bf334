"""Land drawn straight as SVG: nothing lost, nothing beyond the edge, distances true."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from cip.display.asset_drawing import draw_assets
from cip.display.asset_items import list_items
from cip.display.lettering import SCALE
from cip.display.map_classes import classify
from cip.display.map_drawing import draw_map, find_extent
from cip.display.map_frame import MapShape
from cip.display.palette import AREA_FILL, INK, MUTED, NO_DATA, PAPER, WARNING
from cip.display.picture import Picture
from cip.display.picture_shapes import Window

from ..support.assets import (
    make_assets,
    make_backdrop,
    make_boundary,
    make_small_areas,
    make_walkabout,
)

SVG = "{http://www.w3.org/2000/svg}"
#: A hundred metres are ten typographic points.
WINDOW = Window((1_000.0, 2_000.0, 4_600.0, 4_880.0), (0.0, 0.0, 5.0, 4.0))
EXACT = 0.011


def trace(*shapes: shapely.Geometry, decimals: int = 2) -> list[str]:
    return WINDOW.trace(np.array(shapes, dtype=object), decimals=decimals)


def read_pieces(path: str) -> list[np.ndarray]:
    """Return the points of each piece of path data, in points of the picture."""
    return [
        np.array(re.findall(r"-?[\d.]+", piece), dtype=float).reshape(-1, 2)
        for piece in path.split("M")[1:]
    ]


def to_points(shape: shapely.Geometry) -> np.ndarray:
    places = [WINDOW.place(*at) for at in shapely.get_coordinates(shape)]
    return np.array(places) * 72


def read_words(root: etree._Element) -> list[str]:
    """Return the words of a picture without their spaces: letters are named by their number."""
    return [
        "".join(chr(int(use.get("href")[2:], 16)) for use in group)
        for group in root.iter(f"{SVG}g")
        if "scale(" in group.get("transform", "")
    ]


def draw_areas(
    context: gpd.GeoDataFrame | None = None, fills: tuple[str, ...] = (AREA_FILL,)
) -> etree._Element:
    areas = make_small_areas()
    shapes = [
        MapShape(name, fills[i % len(fills)], str(i + 1), {})
        for i, name in enumerate(areas["area_name"])
    ]
    key = [(fill, f"Fill {i}") for i, fill in enumerate(fills)]
    return etree.fromstring(draw_map(areas, shapes, context, key=key))


# ---- Outlines


def test_a_hole_stays_a_hole() -> None:
    ring = shapely.box(1_000, 2_000, 2_000, 3_000) - shapely.box(1_400, 2_400, 1_600, 2_600)
    (path,) = trace(ring)
    outer, inner = (shapely.Polygon(piece) for piece in read_pieces(path))
    assert path.count("z") == 2
    assert outer.contains(inner)
    assert outer.area - inner.area == pytest.approx(ring.area / 100, rel=1e-3)
    picture = Picture(height_in=4)
    picture.draw_outlines([path], fills=[INK], box=WINDOW.box, edge=None)
    assert "fill-rule: evenodd" in picture.to_svg()


def test_each_shape_has_its_own_path_and_its_parts_are_together() -> None:
    one, two = shapely.box(1_000, 2_000, 1_100, 2_100), shapely.box(1_500, 2_000, 1_600, 2_100)
    line = shapely.LineString([(1_000, 4_880), (1_360, 4_880)])
    paths = trace(shapely.MultiPolygon([one, two]), shapely.Polygon(), line, two)
    assert [path.count("M") for path in paths] == [2, 0, 1, 1]
    assert [path.count("z") for path in paths] == [2, 0, 0, 1]
    assert paths[2] == "M0.0 0.0 36.0 0.0"
    assert trace() == []


@given(radius=st.floats(0.01, 500), count=st.integers(3, 3_000), decimals=st.sampled_from([1, 2]))
@settings(max_examples=50, deadline=None)
def test_points_are_dropped_but_never_a_shape(radius: float, count: int, decimals: int) -> None:
    turns = np.linspace(0, 2 * np.pi, count, endpoint=False)
    places = np.column_stack([2_500 + radius * np.cos(turns), 3_500 + radius * np.sin(turns)])
    shape = shapely.Polygon(places)
    (path,) = trace(shape, decimals=decimals)
    (points,) = read_pieces(path)
    assert 3 <= len(points) <= count + 1
    around = 2 * np.pi * radius / 10
    assert len(points) <= max(around / 0.15 + 2, 4 if around > 1 else count + 1)
    distance = shapely.hausdorff_distance(
        shapely.LineString(points), shapely.LineString(to_points(shape))
    )
    assert distance <= 0.15 + 10**-decimals


def test_a_line_of_close_points_keeps_its_ends() -> None:
    line = shapely.LineString([(1_000 + i * 0.2, 2_000) for i in range(5_001)])
    (points,) = read_pieces(trace(line)[0])
    assert len(points) < 700
    assert points[0].tolist() == [0, 288]
    assert points[-1].tolist() == [100, 288]


@given(
    corners=st.lists(
        st.tuples(st.floats(-9_000, 14_000), st.floats(-9_000, 14_000)), min_size=3, max_size=12
    )
)
@settings(deadline=None)
def test_what_is_cut_off_cannot_be_seen(corners: list[tuple[float, float]]) -> None:
    shape = shapely.MultiPoint(corners).convex_hull
    cut = WINDOW.cut(np.array([shape], dtype=object))
    seen = shapely.box(*WINDOW.extent)
    if shape.area > 1:
        left = cut[0].intersection(seen).symmetric_difference(shape.intersection(seen))
        assert left.area < 1
    for piece in read_pieces(WINDOW.trace(cut)[0]):
        assert (piece >= -12 - EXACT).all()
        assert (piece <= np.array([360, 288]) + 12 + EXACT).all()


# ---- Pictures


def test_shapes_are_clipped_at_their_box() -> None:
    picture = Picture(height_in=4)
    (path,) = trace(shapely.box(-9_000, -9_000, 9_000, 9_000))
    for _ in range(2):
        picture.draw_outlines([path, ""], fills=[INK, INK], box=(1, 0.5, 2, 3), edge=MUTED)
    picture.draw_outlines([""], fills=[INK], box=(1, 0.5, 2, 3), edge=MUTED)
    root = etree.fromstring(picture.to_svg())
    (clip,) = root.iter(f"{SVG}clipPath")
    assert clip[0].get("d") == "M72 36h144v216h-144z"
    groups = [g for g in root.iter(f"{SVG}g") if g.get("clip-path")]
    assert [g.get("clip-path") for g in groups] == [f"url(#{clip.get('id')})"] * 2
    assert [len(g) for g in groups] == [1, 1]


def test_a_halo_lies_under_all_letters() -> None:
    plain, haloed = Picture(height_in=1), Picture(height_in=1)
    for picture, halo in ((plain, 0.0), (haloed, 2.6)):
        picture.write(1, 0.5, "Ward\n12", halo=halo, colour=MUTED)
    words = read_words(etree.fromstring(plain.to_svg()))
    root = etree.fromstring(haloed.to_svg())
    assert read_words(root) == words * 2
    groups = [g for g in root.iter(f"{SVG}g") if g.get("transform")]
    widths = [re.search(r"stroke-width: (\d+)", g.get("style")) for g in groups]
    assert [width is None for width in widths] == [False, False, True, True]
    assert float(widths[0][1]) * 10 * SCALE == pytest.approx(2.6, abs=0.01)  # type: ignore[index]
    assert f"stroke: {PAPER.lower()}" in groups[0].get("style")
    assert f"fill: {MUTED.lower()}" in groups[2].get("style")
    assert groups[0].get("transform") == groups[2].get("transform")


def test_a_stamp_is_as_large_as_its_radius() -> None:
    picture = Picture(height_in=1)
    corners = [(0, 1), (1, -1), (-1, -1)]
    for fill in (INK, INK, PAPER):
        picture.draw_stamps([(1, 0.5)], corners, radius=4, fill=fill, edge=INK, line=0.5)
    root = etree.fromstring(picture.to_svg())
    marks = [path.get("d") for path in root.iter(f"{SVG}path") if path.get("id")]
    assert marks == ["M0 -4L4 4L-4 4z"] * 2
    uses = [(use.get("x"), use.get("y")) for use in root.iter(f"{SVG}use")]
    assert uses == [("72", "36")] * 3


# ---- Maps


def test_areas_without_a_figure_are_hatched() -> None:
    root = draw_areas(fills=(AREA_FILL, NO_DATA))
    (pattern,) = root.iter(f"{SVG}pattern")
    assert NO_DATA.lower() in pattern[0].get("style")
    assert f"stroke: {MUTED.lower()}" in pattern[1].get("style")
    fills = [path.get("style") for g in root.iter(f"{SVG}g") if g.get("clip-path") for path in g]
    assert fills.count(f"fill: url(#{pattern.get('id')})") == 2
    assert fills.count(f"fill: {AREA_FILL.lower()}") == 2
    assert not list(draw_areas().iter(f"{SVG}pattern"))


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    root = draw_areas()
    bars = [p for p in root.iter(f"{SVG}path") if "stroke-width: 1.8" in p.get("style", "")]
    xs = [float(n) for n in re.findall(r"[ML](-?[\d.]+)", bars[0].get("d"))]
    west, _, east, _ = find_extent(make_small_areas().to_crs("EPSG:27700"))
    metres = (max(xs) - min(xs)) * (east - west) / (360 * 0.99)
    assert metres == pytest.approx(500, rel=1e-3)
    assert read_words(root).count("500m") == 2  # the halo, and the words


def test_the_key_names_fills_and_then_lines_that_can_be_seen() -> None:
    far = gpd.GeoDataFrame(
        {"layer": ["outline"], "name": ["Far"]},
        geometry=[shapely.box(400_000, 200_000, 410_000, 210_000)],
        crs="EPSG:27700",
    ).to_crs(make_backdrop().crs)
    root = draw_areas(pd.concat([make_backdrop(), far]), fills=(AREA_FILL, NO_DATA))
    words = read_words(root)
    expected = ["Fill0", "Fill1", "Neighbouringsmallareas", "Wardboundary", "Districtboundary"]
    assert [word for word in words if word in [*expected, "Outlineasdrawn"]] == expected
    assert WARNING.lower() not in etree.tostring(root).decode()


def test_what_lies_wholly_outside_is_left_out() -> None:
    near, far = make_backdrop(), make_backdrop()
    far = far.set_geometry(far.to_crs("EPSG:27700").translate(90_000).to_crs(near.crs))
    assert etree.tostring(draw_areas(pd.concat([near, far]))) == etree.tostring(draw_areas(near))
    assert etree.tostring(draw_areas(far)) == etree.tostring(draw_areas())


@pytest.mark.parametrize("context", [None, make_backdrop()])
def test_everything_drawn_is_within_the_picture_or_clipped(
    context: gpd.GeoDataFrame | None,
) -> None:
    root = draw_areas(context, fills=(AREA_FILL, NO_DATA))
    width, height = map(float, root.get("viewBox").split()[2:])
    clipped = {path for g in root.iter(f"{SVG}g") if g.get("clip-path") for path in g}
    for path in root.findall(f"./{SVG}g/{SVG}path"):
        assert path not in clipped
        for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path.get("d")):
            assert 0 <= float(x) <= width
            assert 0 <= float(y) <= height
    map_height = find_extent(make_small_areas().to_crs("EPSG:27700"))
    ratio = (map_height[3] - map_height[1]) / (map_height[2] - map_height[0])
    for clip in root.iter(f"{SVG}clipPath"):
        x, y, w, h = map(float, re.findall(r"[\d.]+", clip[0].get("d"))[:4])
        assert (x, x + w) == pytest.approx((1.8, 358.2))
        assert y + h == pytest.approx(ratio * 360, abs=0.01)


def test_maps_of_assets_are_the_same_every_time_and_hold_every_mark() -> None:
    items = list_items(make_assets(400), make_walkabout(), make_boundary())
    first, second = (draw_assets(items, make_boundary(), make_backdrop()) for _ in range(2))
    assert first.svg == second.svg
    root = etree.fromstring(first.svg)
    small = [use for use in root.iter(f"{SVG}use") if use.get("href").startswith("#m")]
    assert len(small) >= sum(first.unnumbered.values()) + first.heaps
    assert not list(root.iter(f"{SVG}text"))


def test_declared_classes_below_every_value_are_named_by_their_own_limits():
    held = pd.Series([30.0, 100.0])
    _, _, key = classify(held, (0.0, 25.0, 50.0, 75.0, 100.0), 5, "{:.0f}")
    words = [text for _, text in key]
    assert words == ["A: 0", "B: 0 to 25", "C: 25 to 50", "D: 50 to 75", "E: 75 to 100"]
