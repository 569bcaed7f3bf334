"""Charts of ages, reach, balance and ranks: bars, lines, marks and words stand where they must."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest
from lxml import etree

from cip.catalogue.asset_types import load_asset_types
from cip.display.ages import draw_age_profile, draw_pyramid
from cip.display.balance_chart import chart_balance
from cip.display.palette import GRID, INK, PAPER, ROLE_STYLES, SEX_STYLES
from cip.display.picture import measure_words
from cip.display.rank_intervals import draw_rank_intervals
from cip.display.reach_chart import chart_reach

from ..support.assets import make_reach
from .display_samples import AREAS, find_indicator, list_groups, make_rows

OWN = ROLE_STYLES["profile"].colour.lower()
TEXTS = {"block_id": "a", "source_line": "", "note": ""}
Point = tuple[float, float]


def near(values: object) -> object:
    return pytest.approx(values, abs=0.02)


@dataclass
class Drawn:
    """What a picture holds, in points and in the order of drawing.

    Words have lost their spaces; their place is the start of their baseline. Boxes are ``left,
    right, top`` by fill, lines their points by colour.
    """

    words: list[tuple[str, float, float]] = field(default_factory=list)
    bold: set[str] = field(default_factory=set)
    boxes: list[tuple[str, float, float, float]] = field(default_factory=list)
    lines: list[tuple[str, list[Point]]] = field(default_factory=list)
    dashed: list[list[Point]] = field(default_factory=list)
    marks: list[tuple[str, float, float]] = field(default_factory=list)

    def find(self, words: str) -> Point:
        (found,) = [(x, y) for text, x, y in self.words if text == words.replace(" ", "")]
        return found

    def list_boxes(self, fill: str) -> list[tuple[float, float, float]]:
        return [box[1:] for box in self.boxes if box[0] == fill.lower()]

    def list_lines(self, colour: str) -> list[list[Point]]:
        return [points for stroke, points in self.lines if stroke == colour.lower()]

    def read_scale(self, *, beyond: float = 0, suffix: str = "") -> Callable[[float], float]:
        """Return from figures to places, as a reader has it from lines and the words below them.

        Parameters
        ----------
        beyond
            Lines further left belong to another scale.
        suffix
            What follows the figures.
        """
        places = {}
        for (at, bottom), _ in self.list_lines(GRID):
            if at >= beyond:
                (words,) = [
                    text for text, x, y in self.words
                    if y == near(bottom + 14.6) and x + 36 * measure_words(text) == near(at)
                ]  # fmt: skip
                places[float(words.removesuffix(suffix))] = at
        (low, start), (high, end) = min(places.items()), max(places.items())
        assert len(places) > 1

        def place(value: float) -> float:
            return start + (value - low) / (high - low) * (end - start)

        assert [place(value) for value in places] == near(list(places.values()))
        return place


def read_picture(text: str) -> Drawn:
    drawn = Drawn()
    root = etree.fromstring(text)
    held = {one.get("id"): one for one in root.iter() if one.get("id")}
    for one in root[-1]:
        look = read_look(one)
        if "transform" in one.attrib:
            names = [use.get("href") for use in one]
            words = "".join(chr(int(name[2:], 16)) for name in names)
            x, y = re.findall(r"translate\((\S+) (\S+)\)", one.get("transform"))[0]
            drawn.words.append((words, float(x), float(y)))
            drawn.bold |= {words} if names[0].startswith("#b") else set()
        elif "href" in one.attrib:
            fill = read_look(held[one.get("href")[1:]])["fill"]
            drawn.marks.append((fill, float(one.get("x")), float(one.get("y"))))
        elif box := re.fullmatch(r"M(\S+) (\S+)h(\S+)v\S+h\S+z", one.get("d")):
            left, top, width = map(float, box.groups())
            is_hatched = look["fill"].startswith("url")
            drawn.boxes.append(("hatch" if is_hatched else look["fill"], left, left + width, top))
        else:
            pairs = re.findall(r"([\d.]+) ([\d.]+)", one.get("d"))
            points = [(float(x), float(y)) for x, y in pairs]
            drawn.lines.append((look["stroke"], points))
            drawn.dashed += [points] if "stroke-dasharray" in look else []
    return drawn


def read_look(one: etree._Element) -> dict[str, str]:
    return dict(re.findall(r"([a-z-]+): ([^;]+)", one.get("style") or ""))


# Balance


def draw_balance(**counts: tuple[int, int, int]) -> Drawn:
    rows = [
        (name, entry.kind, entry.health_asset, *counts.get(name, (0, 0, 0)))
        for name, entry in load_asset_types().items()
    ]
    columns = ["asset_type", "kind", "health_asset", "inside", "nearby", "unplaced"]
    balance = pd.DataFrame(rows, columns=columns)
    return read_picture(chart_balance(balance, title="t", **TEXTS).svg)


def test_bars_of_the_balance_follow_one_another_along_the_scale() -> None:
    drawn = draw_balance(gp_surgery=(2, 1, 0), charity=(3, 0, 1))
    place = drawn.read_scale()
    (key, hard, soft, *_), (near_key, near_hard, *_) = map(drawn.list_boxes, (OWN, "hatch"))
    assert hard[:2] == near((place(0), place(2)))
    assert near_hard[:2] == near((place(2), place(3)))
    assert soft[:2] == near((place(0), place(4)))
    # Below its own name and above the next; what it counts stands beside it.
    names = [
        drawn.find(w)[1] for w in ("Hard assets: places and things", "Groups and associations")
    ]
    assert names[0] < hard[2] < names[0] + 10 < soft[2] < names[1]
    numbers = [y for text, _, y in drawn.words if text in ("2+1", "4+0")][:2]
    assert numbers == near([hard[2] + 9.34, soft[2] + 9.34])
    assert {"2+1", "4+0"} <= drawn.bold
    # In the key each box stands before its word.
    for box, words in ((key, "In the area"), (near_key, "Just outside")):
        assert drawn.find(words) == near((box[1] + 5, box[2] + 7))
    beside = drawn.find("In the area")[0] + 72 * measure_words("In the area")
    assert (key[0], near_key[0]) == near((10.08, beside + 15))
    # The longest bar fills the scale.
    assert (place(0), place(4)) == near((10.08, 279.36))


def test_a_kind_without_assets_has_no_bar_but_a_number() -> None:
    drawn = draw_balance(gp_surgery=(2, 0, 0))
    # The key, the hard assets and the one kind of health asset; nothing is just outside.
    assert len(drawn.list_boxes(OWN)) == 3
    assert len(drawn.list_boxes("hatch")) == 1
    assert [text for text, _, _ in drawn.words].count("0+0") == 5


# Reach


def test_marks_of_reach_stand_at_their_shares_the_nearest_on_top() -> None:
    drawn = read_picture(chart_reach(make_reach(), title="t", **TEXTS).svg)
    place = drawn.read_scale(suffix="%")
    assert (place(0), place(100)) == near((10.08, 210.24))
    name = drawn.find("GP surgery")[1]
    row = [mark for mark in drawn.marks if 0 < mark[2] - name < 20]
    assert [x for _, x, _ in row] == near([place(81), place(46), place(12)])
    assert [fill for fill, _, _ in row] == [OWN, PAPER.lower(), OWN]
    (line,) = [ends for _, ends in drawn.lines if ends[0][1] == row[0][2] == ends[1][1]]
    assert [x for x, _ in line] == near([place(12), place(81)])
    # Least reached first; numbers end under the heads of their distances.
    assert drawn.find("Food bank or larder")[1] < name < drawn.find("Bus stop")[1]
    columns = (("400 m", "82%", 260.64), ("800 m", "99%", 308.16), ("1,200 m", "100%", 355.68))
    for head, words, edge in columns:
        assert drawn.find(head)[0] + 72 * measure_words(head) == near(edge)
        ends = [x + 72 * measure_words(words, size=11, is_bold=True)
                for text, x, y in drawn.words if text == words and text in drawn.bold]  # fmt: skip
        assert near(edge) in ends
        assert near(edge - 0.14 * 72) in [x for _, x, y in drawn.marks if y < 36]


def test_a_distance_without_a_share_has_no_mark() -> None:
    reach = make_reach()
    gap = (reach["asset_type"] == "pharmacy") & (reach["within"] == 800)
    drawn = read_picture(
        chart_reach(reach.assign(share=reach["share"].mask(gap)), title="t", **TEXTS).svg
    )
    # Four types and the heads at three distances each, without the one.
    assert len(drawn.marks) == 3 * (4 + 1) - 1
    assert "[x]" in drawn.bold


# Ranks


def draw_ranks(**changes: object) -> Drawn:
    shortlist = pd.DataFrame(
        {
            "area_name": [f"Place {n}" for n in range(1, 9)],
            "place": "",
            "rank": range(1, 9),
            "rank_lower_95": [1, 1, 2, 3, 4, 4, 5, 6],
            "rank_upper_95": [2, 3, 6, 7, 6, 9, 11, 14],
            "share_of_draws": 0.9,
            "in_profile": ["", "", "part", "", "", "", "", "whole"],
        }
    ).assign(**changes)
    return read_picture(draw_rank_intervals(shortlist, number=5, **TEXTS).svg)


def test_ranks_and_their_intervals_stand_on_the_scale() -> None:
    drawn = draw_ranks()
    place = drawn.read_scale()
    lines = drawn.list_lines(INK)
    assert [ends[0][0] for ends in lines] == near([place(n) for n in (1, 1, 2, 3, 4, 4, 5, 6)])
    assert [ends[1][0] for ends in lines] == near([place(n) for n in (2, 3, 6, 7, 6, 9, 11, 14)])
    key, rows = drawn.marks[:2], drawn.marks[2:]
    (_, bottom), (_, top) = drawn.list_lines(GRID)[0]
    assert bottom > rows[-1][2] > rows[0][2] > top
    assert rows[0][2] - top == near(bottom - rows[-1][2])
    assert [x for _, x, _ in rows] == near([place(n) for n in range(1, 9)])
    assert [y for _, _, y in rows] == [ends[0][1] for ends in lines]
    assert [n for n, (fill, _, _) in enumerate(rows, 1) if fill == OWN] == [3, 8]
    assert drawn.bold == {"Place3", "3(2to6)", "Place8", "8(6to14)"}
    # Names and words beside their lines; the scale starts at the first rank there is.
    for n, (_, _, y) in enumerate(rows, 1):
        assert drawn.find(f"Place {n}")[1] == pytest.approx(y + 3.3, abs=1)
    assert min(points[0][0] for points in drawn.list_lines(GRID)) == near(place(1))
    for (fill, x, _), words in zip(key, ("in the profile area", "elsewhere"), strict=True):
        assert drawn.find(words)[0] == near(x + 15)
        assert (fill == OWN) == (words == "in the profile area")


def test_the_shortlist_ends_after_its_last_rank() -> None:
    drawn = draw_ranks()
    place = drawn.read_scale()
    ((end, top),) = [min(points, key=lambda point: point[1]) for points in drawn.dashed]
    assert end == near(place(5.5))
    assert drawn.find("shortlist ends at 5") == near((end, top - 4))
    # In the right half of the scale the words stand to the left.
    drawn = draw_ranks(rank_upper_95=range(1, 9), rank_lower_95=1)
    ((end, _), _) = drawn.dashed[0]
    words = "shortlist ends at 5"
    assert drawn.find(words)[0] + 72 * measure_words(words) == near(end)


def test_names_with_their_places_take_two_lines() -> None:
    drawn = draw_ranks(place="Marlbury")
    assert [text for text, _, _ in drawn.words].count("Marlbury") == 8
    steps = [b[2] - a[2] for a, b in zip(drawn.marks[2:], drawn.marks[3:], strict=False)]
    low = [
        b[2] - a[2] for a, b in zip(draw_ranks().marks[2:], draw_ranks().marks[3:], strict=False)
    ]
    assert min(steps) > 1.3 * max(low)


# Ages

OWN_CODE, NEXT_CODE = AREAS[0][0], AREAS[1][0]
#: Height of a band in points.
BAND = 0.24 * 72


def make_ages(source: str, **changes: object) -> tuple[pd.DataFrame, object]:
    indicator = find_indicator("composition", source=source)
    groups = list_groups(indicator)
    missing = [(OWN_CODE, groups[2][0]), (NEXT_CODE, groups[4][0])]
    rows = make_rows(indicator, groups=groups, missing=missing)
    return rows.assign(**changes), indicator


def list_bands(
    rows: pd.DataFrame, code: str, drawn: Drawn, sex: str = "age"
) -> list[tuple[float, float]]:
    """Return share and middle of each band of an area that has a figure, the youngest first."""
    own = rows[(rows["area_code"] == code) & rows["group"].str.startswith(sex)]
    (_, bottom), _ = drawn.list_lines(GRID)[0]
    places = [bottom - (band + 0.5) * BAND for band in range(len(own))]
    return [pair for pair in zip(own["value"], places, strict=True) if not math.isnan(pair[0])]


def check_bars(
    drawn: Drawn, fill: str, place: Callable[[float], float], bands: list[tuple[float, float]]
) -> None:
    """Check that each bar lies between nothing and its share, in the middle of its band."""
    expected = [
        (*sorted((place(0), place(share))), middle - 0.42 * BAND) for share, middle in bands
    ]
    assert np.array(drawn.list_boxes(fill)) == near(np.array(expected))


def test_a_pyramid_has_its_bars_and_its_outline_at_their_shares() -> None:
    rows, indicator = make_ages("ts009")
    drawn = read_picture(draw_pyramid(rows, indicator).svg)
    male = drawn.read_scale(beyond=180, suffix="%")

    def female(share: float) -> float:
        return 360 - male(share)

    steps: list[Point] = []
    for sex, place in (("female", female), ("male", male)):
        check_bars(drawn, SEX_STYLES[sex].colour, place, list_bands(rows, OWN_CODE, drawn, sex))
        for share, middle in list_bands(rows, NEXT_CODE, drawn, sex):
            steps += [(place(share), middle + 0.5 * BAND), (place(share), middle - 0.5 * BAND)]
    # A missing figure of the comparator breaks its outline in two.
    outline = drawn.list_lines(INK)
    assert [len(points) for points in outline] == [8, 26, 36]
    assert np.array([point for points in outline for point in points]) == near(np.array(steps))
    assert outline == drawn.list_lines(PAPER)
    # A missing figure of the area is said where its bar would start.
    x, y = drawn.find("[x]")
    assert x + 36 * measure_words("[x]") == near(female(0))
    assert y == pytest.approx(drawn.find("10–14")[1], abs=1)


def test_an_age_profile_has_its_bands_beside_their_names() -> None:
    rows, indicator = make_ages("ts007a")
    drawn = read_picture(draw_age_profile(rows, indicator).svg)
    place = drawn.read_scale(suffix="%")
    check_bars(drawn, OWN, place, list_bands(rows, OWN_CODE, drawn))
    first, *_, last = drawn.list_boxes(OWN)
    for words, box in (("0–4", first), ("85+", last)):
        x, y = drawn.find(words)
        assert x + 72 * measure_words(words) == near(place(0) - 3.5)
        assert box[2] < y < box[2] + 0.84 * 0.24 * 72


def test_ages_that_are_all_nothing_have_a_scale() -> None:
    rows, indicator = make_ages("ts007a", value=0.0)
    drawn = read_picture(draw_age_profile(rows, indicator).svg)
    assert {box[:2] for box in drawn.list_boxes(OWN)} == {(51.84, 51.84)}
