"""Spine, trends, waffle, ranking and map of one profile: what they say, hold and refuse."""

from __future__ import annotations

import base64
import itertools
import math
import re
from collections.abc import Sequence

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from cip.catalogue import Indicator, load_indicators, load_sources
from cip.display import palette
from cip.display.blocks import FigureBlock
from cip.display.indicator_map import draw_indicator_map
from cip.display.ranking import Benchmark, draw_ranking
from cip.display.spine import MOST_ROWS, _place_marks, draw_spine
from cip.display.trend_drawing import TrendLine, fill_gaps, spread_labels
from cip.display.trends import MOST_PANELS, draw_trends, list_trends
from cip.display.waffle import allocate_squares, draw_waffle

from .display_samples import AREAS, find_indicator, list_groups, make_areas, make_rows

ENTRIES = [i for i in load_indicators().values() if i.source in load_sources() and not i.groups]
SHARES = [i for i in ENTRIES if i.statistic == "proportion"]
JUDGED = next(i for i in SHARES if i.polarity == "high_is_bad")
PLAIN = next(i for i in SHARES if i.polarity == "none")


def parse(block: FigureBlock) -> lxml_html.HtmlElement:
    return lxml_html.fragment_fromstring(block.to_html())


def has_fill(svg: str, colour: str) -> bool:
    return f"fill: {colour.casefold()}" in svg.casefold()


# Spine


def make_pairs(indicators: Sequence[Indicator], verdicts: Sequence[str]) -> pd.DataFrame:
    parts = [make_rows(i).assign(comparison=v) for i, v in zip(indicators, verdicts, strict=True)]
    rows = pd.concat(parts, ignore_index=True)
    rows["value"] = rows["area_role"].map(
        {"profile": 20.0, "district": 18.0, "county": 15.0, "england": 10.0}
    )
    rows.loc[rows["area_role"] == "profile", "comparison"] = ""
    return rows


def make_ranges(indicators: Sequence[Indicator]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "indicator_id": [i.id for i in indicators],
            "lowest": 2.0,
            "lower_quartile": 8.0,
            "upper_quartile": 16.0,
            "highest": 50.0,
            "areas": 428,
            "of_what": "428 small areas of Wessmarch",
        }
    )


def test_a_spine_says_the_tally_and_where_its_ends_come_from() -> None:
    both = [PLAIN, JUDGED]
    (block,) = draw_spine(
        make_pairs(both, ["higher", "worse"]), make_ranges(both), both, block_id="s"
    )
    assert block.title.startswith("Fernhollow is worse than England (invented figures) on the one")
    assert "higher on the one measure compared" in block.lead
    assert "428 small areas of Wessmarch" in block.note
    assert "low is on the left" in block.note
    assert "20.0% against 10.0%" in block.alt
    # Measures with a good direction come first, whatever the order of the catalogue.
    assert block.table["measure"].tolist() == [JUDGED.label, PLAIN.label]
    assert block.table["comparison"].tolist() == ["worse", "higher"]
    assert block.table.loc[0, "highest"] == "50.0"
    assert has_fill(block.svg, palette.VERDICT_FILLS["worse"])
    assert has_fill(block.svg, palette.MIDDLE_FILL)


@pytest.mark.parametrize(
    ("value", "centre", "limits", "polarity", "places", "dot"),
    [
        (20.0, 10.0, (2.0, 8.0, 16.0, 50.0), "none", (-0.2, -0.05, 0.15, 1.0), 0.25),
        (20.0, 10.0, (2.0, 8.0, 16.0, 50.0), "high_is_good", (-0.2, -0.05, 0.15, 1.0), 0.25),
        # Where high is bad, the scale is turned: worse is on the left.
        (20.0, 10.0, (2.0, 8.0, 16.0, 50.0), "high_is_bad", (0.2, 0.05, -0.15, -1.0), -0.25),
        # A value beyond the range sets the scale, so that its dot stays on it.
        (90.0, 10.0, (2.0, 8.0, 16.0, 50.0), "none", (-0.1, -0.025, 0.075, 0.5), 1.0),
        (None, 10.0, (0.0, 5.0, 15.0, 20.0), "none", (-1.0, -0.5, 0.5, 1.0), None),
        (5.0, 5.0, (5.0, 5.0, 5.0, 5.0), "none", (0.0, 0.0, 0.0, 0.0), 0.0),
        (-0.5, -0.25, (-1.25, -0.5, 0.0, 0.25), "none", (-1.0, -0.25, 0.25, 0.5), -0.25),
        (20.0, None, (2.0, 8.0, 16.0, 50.0), "none", None, None),
        (20.0, 10.0, None, "none", None, None),
    ],
)
def test_marks_lie_about_the_benchmark(value, centre, limits, polarity, places, dot) -> None:
    found, at = _place_marks(value, centre, limits, polarity)
    assert found is None if places is None else found == pytest.approx(places)
    assert at is None if dot is None else at == pytest.approx(dot)


def test_a_spine_leaves_out_what_it_does_not_know() -> None:
    rows = make_pairs([JUDGED], ["worse"])
    rows.loc[rows["area_role"] == "profile", "is_suppressed"] = True
    (block,) = draw_spine(rows, make_ranges([]), [JUDGED], block_id="s")
    assert block.table.loc[0, "value"] == "[c]"
    assert block.table.loc[0, "comparison"] == "not compared"
    assert block.title.startswith("No measure of Fernhollow is compared")
    assert "no bar is drawn" in block.note
    assert not has_fill(block.svg, palette.VERDICT_FILLS["worse"])
    assert pd.isna(block.table.loc[0, "lowest"])


def test_a_long_spine_is_split_evenly_and_loses_nothing() -> None:
    many = [i for i in ENTRIES if i.statistic != "count"][: MOST_ROWS + 3]
    blocks = draw_spine(make_pairs(many, [""] * len(many)), make_ranges(many), many, block_id="s")
    assert [len(b.table) for b in blocks] == [8, 7]
    assert {label for b in blocks for label in b.table["measure"]} == {i.label for i in many}
    assert len({b.block_id for b in blocks}) == 2
    assert blocks[0].title.endswith("(part 1 of 2)")


def test_a_spine_refuses_counts_doubles_and_judgement_without_polarity() -> None:
    rows, ranges = make_pairs([PLAIN], ["worse"]), make_ranges([PLAIN])
    with pytest.raises(ValueError, match="one direction is good"):
        draw_spine(rows, ranges, [PLAIN], block_id="s")
    with pytest.raises(ValueError, match="do not compare"):
        draw_spine(rows, ranges, [find_indicator("count")], block_id="s")
    good = make_pairs([JUDGED], ["worse"])
    with pytest.raises(ValueError, match="one row of the profile"):
        draw_spine(pd.concat([good, good]), make_ranges([JUDGED]), [JUDGED], block_id="s")
    twice = pd.concat([make_ranges([JUDGED])] * 2)
    with pytest.raises(ValueError, match="2 ranges"):
        draw_spine(good, twice, [JUDGED], block_id="s")
    with pytest.raises(ValueError, match="at least one measure"):
        draw_spine(good, ranges, [], block_id="s")


# Trends


def make_trend(
    indicator: Indicator, values: Sequence[float | None], *, areas=AREAS[:2], start: int = 2019
) -> pd.DataFrame:
    lines = []
    for place, (code, name, role) in enumerate(areas):
        for year, value in enumerate(values, start=start):
            held = math.nan if value is None else value + place
            lines.append(
                {
                    "indicator_id": indicator.id, "area_code": code, "area_name": name,
                    "area_role": role, "period": str(year), "period_order": float(year),
                    "value": held, "lower_95": held - 1, "upper_95": held + 1,
                    "is_suppressed": False, "missing_reason": None,
                }
            )  # fmt: skip
    return pd.DataFrame(lines)


def make_changes(**verdicts: str) -> pd.DataFrame:
    lines = [(name, "fernhollow", verdict) for name, verdict in verdicts.items()]
    return pd.DataFrame(lines, columns=["indicator_id", "area_code", "verdict"])


def test_one_trend_says_what_happened() -> None:
    rows = make_trend(PLAIN, [10.0, 12.0, 15.0]).sample(frac=1, random_state=1)
    changes = make_changes(**{PLAIN.id: "higher"})
    (block,) = draw_trends(rows, [PLAIN], block_id="t", changes=changes)
    assert block.title == f"{PLAIN.label}: rose from 10.0% in 2019 to 15.0% in 2021"
    assert "Marlbury 16.0% in 2021" in block.alt
    shown = block.table.rename(columns=block.column_labels).set_index("Period")
    assert shown.index.tolist() == ["2019", "2020", "2021"]
    # Limits stand beside the area whose band is drawn, and only there.
    assert {name: held.tolist() for name, held in shown.items()} == {
        "Fernhollow": ["10.0%", "12.0%", "15.0%"],
        "Fernhollow, lower 95% limit": ["9.0", "11.0", "14.0"],
        "Fernhollow, upper 95% limit": ["11.0", "13.0", "16.0"],
        "Marlbury": ["11.0%", "13.0%", "16.0%"],
    }
    assert "95% confidence interval" in block.note
    (untold,) = draw_trends(rows, [PLAIN], block_id="t")
    assert untold.title.endswith("change not tested")


def test_two_areas_of_one_name_keep_their_own_columns() -> None:
    areas = [AREAS[0], (AREAS[1][0], AREAS[0][1], AREAS[1][2])]
    (block,) = draw_trends(make_trend(PLAIN, [10, 12, 15], areas=areas), [PLAIN], block_id="t")
    first = block.table.iloc[0]
    assert (first[areas[0][0]], first[areas[1][0]]) == ("10.0%", "11.0%")


def test_two_periods_are_no_trend() -> None:
    assert list_trends(make_trend(PLAIN, [10.0, 12.0]), [PLAIN]) == []
    assert list_trends(make_trend(PLAIN, [10.0, None, 12.0]), [PLAIN]) == []
    assert draw_trends(make_trend(PLAIN, [10.0, 12.0]), [PLAIN], block_id="t") == []


def test_a_trend_of_the_district_is_named_and_not_passed_off_as_the_areas() -> None:
    rows = make_trend(PLAIN, [10.0, 12.0, 15.0])
    rows = rows[~((rows["area_role"] == "profile") & (rows["period"] != "2021"))]
    changes = make_changes(**{PLAIN.id: "higher"})
    (block,) = draw_trends(rows, [PLAIN], block_id="t", changes=changes)
    assert block.table.rename(columns=block.column_labels)["Fernhollow"].tolist()[-1] == "15.0%"
    assert block.table.isna().sum().to_dict()["fernhollow"] == 2
    # The verdict is the profile's, so it says nothing of the district.
    assert block.title == (
        f"{PLAIN.label} (Marlbury): 11.0% in 2019 and 16.0% in 2021; change not tested"
    )
    assert "no trend of its own" in block.note


def test_many_trends_are_counted_and_split() -> None:
    shown = SHARES[: MOST_PANELS + 1]
    rows = pd.concat([make_trend(i, [10.0, 12.0, 15.0]) for i in shown])
    changes = make_changes(**{i.id: "higher" for i in shown[:2]})
    blocks = draw_trends(rows, shown, block_id="t", changes=changes)
    assert blocks[0].title == (
        "Of 3 trends in Fernhollow, 2 rose and 1 is not tested (part 1 of 2)"
    )
    assert [b.table["measure"].nunique() for b in blocks] == [3, 2]


def test_a_scale_that_does_not_start_at_zero_says_so() -> None:
    rows = make_trend(PLAIN, [50.0, 52.0, 55.0])
    zero, cut = (
        draw_trends(rows, [PLAIN], block_id="t", not_from_zero=held)[0].svg
        for held in ((), (PLAIN.id,))
    )
    assert zero != cut
    # The words make the panel's title longer: more outlines of letters.
    assert cut.count("<use") > zero.count("<use")


def test_trends_refuse_two_figures_for_one_period() -> None:
    rows = make_trend(PLAIN, [10.0, 12.0, 15.0])
    with pytest.raises(ValueError, match="two figures for one period"):
        draw_trends(pd.concat([rows, rows.head(1)]), [PLAIN], block_id="t")
    twice = pd.concat([make_changes(**{PLAIN.id: "higher"})] * 2)
    with pytest.raises(ValueError, match="2 verdicts"):
        draw_trends(rows, [PLAIN], block_id="t", changes=twice)


STYLE = palette.ROLE_STYLES["profile"]


@pytest.mark.parametrize(
    ("times", "values", "periods", "drawn"),
    [
        ((1, 2, 3), (5, 6, 7), (1, 2, 3), [5, 6, 7]),
        ((1, 2, 3), (5, math.nan, 7), (1, 2, 3), [5, math.nan, 7]),
        # A period that another area has and this one has not.
        ((1, 3), (5, 7), (1, 2, 3), [5, math.nan, 7]),
        # A year that nobody has: the step is twice the usual one.
        ((1, 2, 4, 5), (5, 6, 7, 8), (1, 2, 4, 5), [5, 6, math.nan, 7, 8]),
        # Every tenth year is the usual step here.
        ((1991, 2001, 2011), (5, 6, 7), (1991, 2001, 2011), [5, 6, 7]),
    ],
)
def test_a_line_breaks_where_a_figure_is_missing(times, values, periods, drawn) -> None:
    line = TrendLine("A", STYLE, times, values)
    _, found, _ = fill_gaps(line, [(float(p), str(p)) for p in periods])
    assert found.tolist() == pytest.approx(drawn, nan_ok=True)


@given(st.lists(st.floats(0, 10), min_size=1, max_size=5))
def test_names_at_the_ends_of_lines_stay_apart_and_inside(heights: list[float]) -> None:
    placed = spread_labels(heights, 1.5, 0.0, 10.0)
    ranked = [p for _, p in sorted(zip(heights, placed, strict=True))]
    assert all(b - a >= 1.5 - 1e-9 for a, b in itertools.pairwise(ranked))
    assert min(placed) >= -1e-9
    assert max(placed) <= 10.0 + 1e-9


# Waffle


@pytest.mark.parametrize(
    ("shares", "squares"),
    [
        ([50.0, 50.0], [50, 50]),
        ([33.4, 33.3, 33.3], [34, 33, 33]),
        ([33.3, 33.3, 33.3], [34, 33, 33]),  # equal remainders: the first gets the square
        ([0.4, 99.6], [0, 100]),
        ([100.0, 0.0], [100, 0]),
        ([0.0, 0.0], [0, 0]),
        ([30.0, 20.0], [30, 20]),  # half is not known: those squares are left over
        ([12.5, 12.5, 75.0], [13, 12, 75]),
    ],
)
def test_squares_by_largest_remainder(shares: list[float], squares: list[int]) -> None:
    assert allocate_squares(shares) == squares


@pytest.mark.parametrize("shares", [[-1.0, 50.0], [math.nan], [60.0, 50.0]])
def test_what_is_no_share_of_a_whole_is_refused(shares: list[float]) -> None:
    with pytest.raises(ValueError, match=r"share of a whole|more than the whole"):
        allocate_squares(shares)


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=6))
def test_squares_add_up_and_keep_near_their_shares(weights: list[float]) -> None:
    shares = [100 * w / math.fsum(weights) for w in weights]
    squares = allocate_squares(shares)
    assert sum(squares) == 100
    assert all(abs(n - share) < 1 + 1e-6 for n, share in zip(squares, shares, strict=True))


def test_a_waffle_names_the_largest_group_and_every_share() -> None:
    indicator = find_indicator("composition", source="ts021")
    groups = list_groups(indicator)
    rows = make_rows(indicator, groups=groups)
    shares = (60.0, 20.0, 10.0, 6.0, 4.0)
    rows["value"] = rows["group"].map(dict(zip(indicator_ids(indicator), shares, strict=True)))
    block = draw_waffle(rows, indicator)
    first = indicator.groups[0]
    assert block.title.endswith(f"{first.in_text}: about 60 of every 100 {indicator.base_label}")
    assert f"{first.label}: 60.0% in Fernhollow, 60.0% in Marlbury" in block.alt
    assert len(block.table) == len(groups)
    for fill in palette.GROUP_FILLS[: len(groups)]:
        assert has_fill(block.svg, fill)
    assert "no figure" not in block.alt


def indicator_ids(indicator: Indicator) -> list[str]:
    return [group.id for group in indicator.groups]


def test_a_waffle_leaves_squares_open_for_what_is_withheld() -> None:
    indicator = find_indicator("composition", source="ts021")
    rows = make_rows(indicator, groups=list_groups(indicator))
    whole = draw_waffle(rows, indicator).svg
    rows.loc[(rows["area_role"] == "profile") & (rows["group"] == indicator.groups[0].id),
             "is_suppressed"] = True  # fmt: skip
    block = draw_waffle(rows, indicator)
    assert "[c] in Fernhollow" in block.alt
    assert "url(#" in block.svg.partition("</defs>")[2]
    assert block.svg.count("<pattern") > whole.count("<pattern")


def test_a_waffle_refuses_more_groups_than_can_be_told_apart() -> None:
    indicator = find_indicator("composition", source="ts021")
    groups = [(f"g{i}", f"Group {i}") for i in range(7)]
    with pytest.raises(ValueError, match="1 to 6 groups"):
        draw_waffle(make_rows(indicator, groups=groups), indicator)
    gaps = [("fernhollow", "g0"), ("fernhollow", "g1")]
    none = make_rows(indicator, groups=groups[:2], missing=gaps)
    with pytest.raises(ValueError, match="profile area"):
        draw_waffle(none, indicator)


# Ranking


def make_ranking(**changes: object) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "area_name": ["A", "B", "C"],
            "value": [10.0, 30.0, 20.0],
            "lower_95": [8.0, 28.0, 18.0],
            "upper_95": [12.0, 32.0, 22.0],
            "comparison": ["better", "worse", "similar"],
            "is_suppressed": [False, False, False],
        }
    )
    return rows.assign(**changes)


def test_small_areas_are_ranked_against_the_benchmark() -> None:
    block = draw_ranking(
        make_ranking(), JUDGED, Benchmark("England", 20.0), block_id="r", noun="small area"
    )
    assert (
        block.title == f"{JUDGED.label}: worse than England in 1 of 3 small areas and better in 1"
    )
    assert "1 B 30.0%, worse" in block.alt
    assert block.table["comparison"].tolist() == ["worse", "similar", "better"]
    for verdict in ("better", "worse", "similar"):
        assert has_fill(block.svg, palette.VERDICT_FILLS[verdict])


def test_a_withheld_area_has_neither_rank_nor_value_nor_verdict() -> None:
    block = draw_ranking(
        make_ranking(is_suppressed=[False, True, False]), JUDGED, Benchmark("England", 20.0),
        block_id="r",
    )  # fmt: skip
    last = block.table.iloc[-1]
    assert last["area_name"] == "B"
    assert pd.isna(last["rank"])
    assert last[["value", "lower_95", "upper_95", "comparison"]].tolist() == ["[c]"] * 4
    assert "30.0" not in block.to_html()
    assert "worse" not in block.title


def test_one_area_and_no_benchmark_give_a_plain_title() -> None:
    block = draw_ranking(make_ranking().head(1), JUDGED, None, block_id="r", noun="small area")
    assert block.title == f"{JUDGED.label}: 10.0% in A"


# Map


def make_values(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area_code": areas["area_code"],
            "value": [3.0, 12.0, 40.0, 22.0, 23.0, 2.0],
            "lower_95": [1.0, 8.0, 35.0, 20.0, 20.0, 1.0],
            "numerator": [30.0, 120.0, 400.0, 220.0, 230.0, 2.0],
            "is_suppressed": [False] * 5 + [True],
        }
    )


def test_a_map_hatches_gaps_and_gives_nothing_withheld_away() -> None:
    areas = make_areas()
    rows = make_values(areas)
    rows = rows[rows["area_code"] != "Z01000002"]
    block = draw_indicator_map(areas, rows, PLAIN, block_id="m")
    table = block.table.set_index("area_code")
    columns = ["value", "numerator", "lower_95", "class"]
    assert table.loc["Z01000006", columns].tolist() == ["[c]"] * 4
    assert table.at["Z01000002", "class"] == "[x]"
    assert block.title == f"{PLAIN.label}: from 3.0% in Marlbury 001A to 40.0% in Marlbury 003A"
    assert "natural breaks (Fisher-Jenks)" in block.note
    assert "2 of 6 small areas are hatched" in block.note
    assert "[c] withheld (1)" in block.alt
    assert "url(#cip-hatch)" in block.frame_html
    assert "[c] withheld" in block.frame_html
    assert "<pattern" in block.svg
    whole = make_values(areas).assign(is_suppressed=False)
    plain = draw_indicator_map(areas, whole, PLAIN, block_id="m")
    assert "<pattern" not in plain.svg
    assert "url(#cip-hatch)" not in plain.frame_html


def test_computed_classes_are_named_by_the_values_they_hold() -> None:
    areas = make_areas()
    block = draw_indicator_map(
        areas, make_values(areas).assign(is_suppressed=False), PLAIN, block_id="m"
    )
    held = block.table.groupby("class")["value"].agg(["min", "max"])
    for mark, (low, high) in held.iterrows():
        words = f"{low:.1f}%" if low == high else f"{low:.1f}% to {high:.1f}%"
        assert f"{mark}: {words}" in block.frame_html


@pytest.mark.parametrize("value", [0.0, 100.0, 7.0])
def test_a_map_of_one_area_and_of_equal_values(value: float) -> None:
    areas = make_areas()
    rows = make_values(areas).assign(value=value, is_suppressed=False)
    assert draw_indicator_map(areas, rows, PLAIN, block_id="m").title == (
        f"{PLAIN.label}: {value:.1f}% in all 6 small areas"
    )
    one = draw_indicator_map(areas.head(1), rows.head(1), PLAIN, block_id="m")
    assert one.title == f"{PLAIN.label}: {value:.1f}% in Marlbury 001A"


def test_a_map_without_figures_or_with_doubles_is_refused() -> None:
    areas = make_areas()
    rows = make_values(areas)
    with pytest.raises(ValueError, match="at least one value"):
        draw_indicator_map(areas, rows.assign(is_suppressed=True), PLAIN, block_id="m")
    with pytest.raises(ValueError, match="not a one-to-one merge"):
        draw_indicator_map(areas, pd.concat([rows, rows]), PLAIN, block_id="m")


# All


def test_colours_can_be_told_apart_without_seeing_hue() -> None:
    for fill in (*palette.GROUP_FILLS, *palette.VERDICT_FILLS.values()):
        assert palette.contrast(fill, palette.pick_text_colour(fill)) >= 4.5
    assert all(palette.contrast(f, palette.PAPER) >= 3 for f in palette.GROUP_FILLS)
    neighbours = [
        *itertools.pairwise(palette.GROUP_FILLS),
        (palette.RANGE_FILL, palette.MIDDLE_FILL),
    ]
    assert all(palette.contrast(one, other) >= 3 for one, other in neighbours)
    # A verdict is told by a mark of its own as well.
    assert set(palette.VERDICT_MARKERS) == set(palette.VERDICT_FILLS)
    assert len(set(palette.VERDICT_MARKERS.values())) == len(palette.VERDICT_FILLS)


def test_pictures_are_the_same_every_time_and_keep_scripts_out() -> None:
    attack = '<script>alert("1")</script>'
    rows = make_pairs([JUDGED], ["worse"])
    rows["area_name"] = rows["area_name"].replace("Fernhollow", attack)
    trend = make_trend(PLAIN, [1.0, 2.0, 3.0]).replace({"area_name": {"Fernhollow": attack}})
    makers = (
        lambda: draw_spine(rows, make_ranges([JUDGED]), [JUDGED], block_id="s")[0],
        lambda: draw_trends(trend, [PLAIN], block_id="t")[0],
        lambda: draw_ranking(make_ranking(area_name=attack), JUDGED, None, block_id="r"),
    )
    for make in makers:
        first, second = make(), make()
        assert first.svg == second.svg
        tree = parse(first)
        assert tree.find(".//script") is None
        (source,) = re.findall(r"base64,([^\"]+)", first.to_html())
        assert "<script" not in base64.b64decode(source).decode()
        assert tree.xpath(".//details//table/tbody/tr")
        assert tree.xpath(".//a[@download]")
