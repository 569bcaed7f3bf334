"""Blocks, tables, charts and maps: structure, escaping, truthfulness, determinism."""

from __future__ import annotations

import base64
import csv
import io
import re
import urllib.parse

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from matplotlib.backends.backend_agg import FigureCanvasAgg

from cip.display import palette, style
from cip.display.blocks import FigureBlock, KeyFacts, NoteBlock, TableBlock, _frame_text
from cip.display.cells import (
    format_cell,
    format_frame,
    list_records,
    list_rows,
    neutralise_cell,
    write_csv_text,
)
from cip.display.figures import (
    draw_age_profile,
    draw_comparison,
    draw_composition,
    draw_deciles,
    draw_proportions,
    draw_pyramid,
)
from cip.display.maps import map_area, map_choropleth
from cip.display.stylesheet import display_style
from cip.report.checks import find_loads

from .display_samples import (
    AREAS,
    find_indicator,
    list_groups,
    make_areas,
    make_context,
    make_rows,
)

ATTACK = '<script>alert("1")</script>'


def test_cells_taken_out_together_are_those_of_pandas():
    frame = pd.DataFrame(
        {
            "text": pd.Series(["a", None, "c"], dtype="str"),
            "number": [1.5, None, 2.0],
            "count": pd.array([1, None, 3], dtype="Int64"),
            "flag": pd.array([True, False, True], dtype="boolean"),
        }
    )
    expected = frame.to_dict("records")
    found = list_records(frame)
    assert repr(found) == repr(expected)
    assert found[0]["flag"] is True
    assert repr(list_rows(frame)) == repr([*frame.itertuples(index=False, name=None)])


@given(
    st.lists(st.tuples(*[st.one_of(st.none(), st.integers(), st.text(max_size=6))] * 2)),
    st.text(min_size=1, max_size=6),
)
def test_a_table_in_plain_text_is_set_as_pandas_sets_it(rows, heading):
    frame = pd.DataFrame(rows, columns=["one", "two"], dtype=object)
    labels = {"one": heading}
    texts = format_frame(frame, {})
    plain = pd.DataFrame(texts, columns=[heading, "two"]).to_string(index=False)
    assert _frame_text(frame, labels, {}) == (plain if rows else "(no rows)")


def test_a_map_needs_no_canvas_of_matplotlib(monkeypatch):
    def draw(*_):
        raise AssertionError("drawn by matplotlib")

    monkeypatch.setattr(FigureCanvasAgg, "draw", draw)
    block = map_area(
        make_areas(), make_context(), title="T", block_id="t", source_line="Source: S."
    )
    assert block.svg.startswith("<svg")


def parse(html: str) -> lxml_html.HtmlElement:
    return lxml_html.fragment_fromstring(html)


def make_figure(**changes: object) -> FigureBlock:
    values = {
        "block_id": "homes",
        "title": "Most homes are terraced",
        "svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "alt": "Bar chart: terraced 60%",
        "source_line": "Source: invented",
        "table": pd.DataFrame({"group": ["Terraced"], "value": [60.0]}),
    }
    return FigureBlock(**{**values, **changes})  # type: ignore[arg-type]


# Cells


@pytest.mark.parametrize(
    ("cell", "spec", "text"),
    [
        (None, None, "[x]"),
        (float("nan"), "{:,.1f}", "[x]"),
        (pd.NA, None, "[x]"),
        (0, None, "0"),
        (1234567, None, "1,234,567"),
        (-4.25, "{:,.1f}%", "\N{MINUS SIGN}4.2%"),
        (True, None, "Yes"),
        ("[c]", "{:,.1f}", "[c]"),
    ],
)
def test_format_cell(cell: object, spec: str | None, text: str) -> None:
    assert format_cell(cell, spec) == text


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+44 1865", "'+44 1865"),
        ("-cmd", "'-cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("\t=1", "'\t=1"),
        ("-4.2", "-4.2"),
        ("+1e3", "+1e3"),
        (-4.2, -4.2),
        ("Fernhollow", "Fernhollow"),
    ],
)
def test_neutralise_cell(cell: object, safe: object) -> None:
    assert neutralise_cell(cell) == safe


def test_csv_keeps_missing_empty_precision_and_column_order() -> None:
    frame = pd.DataFrame({"b": ["=x", None], "a": [1 / 3, float("nan")]})
    lines = list(csv.reader(io.StringIO(write_csv_text(frame, {"b": "=Name"}))))
    assert lines == [["'=Name", "a"], ["'=x", repr(1 / 3)], ["", ""]]


# Blocks


def test_figure_block_structure() -> None:
    tree = parse(make_figure().to_html())
    assert tree.tag == "div"
    assert tree.get("id") == "fig-homes"
    assert tree.get("data-cip-block") == "figure"
    assert tree.find(".//figure") is None
    image = tree.find(".//img")
    assert image.get("alt") == "Bar chart: terraced 60%"
    assert image.get("src").startswith("data:image/svg+xml;base64,")
    assert tree.xpath("string(.//h4)") == "Most homes are terraced"
    assert tree.xpath("string(.//summary)") == "Show the table for this chart"
    assert tree.xpath(".//details//table/caption")
    assert tree.xpath(".//thead//th/@scope") == ["col", "col"]
    assert tree.xpath(".//tbody//th/@scope") == ["row"]
    region = tree.xpath('.//*[@role="region"]')[0]
    assert region.get("tabindex") == "0"
    assert region.get("aria-label")


def test_figure_refuses_to_be_without_words() -> None:
    with pytest.raises(ValueError, match="alternative text"):
        make_figure(alt=" ")


def test_figure_download_link_holds_the_table() -> None:
    link = parse(make_figure().to_html()).xpath(".//a[@download]")[0]
    head, _, data = link.get("href").partition(",")
    assert head == "data:text/csv;charset=utf-8"
    assert urllib.parse.unquote(data) == "\ufeffgroup,value\r\nTerraced,60.0\r\n"


def test_large_tables_carry_no_inline_download() -> None:
    frame = pd.DataFrame({"name": ["x" * 100] * 1000})
    assert "<a " not in TableBlock(block_id="t", caption="Long", frame=frame).to_html()


def test_outside_text_is_escaped_everywhere() -> None:
    frame = pd.DataFrame({ATTACK: [ATTACK]})
    blocks = [
        make_figure(
            title=ATTACK, alt=ATTACK, source_line=ATTACK, note=ATTACK, lead=ATTACK, table=frame
        ),
        TableBlock(block_id=ATTACK, caption=ATTACK, frame=frame, source_line=ATTACK, note=ATTACK),
        NoteBlock("warning", ATTACK, ATTACK),
        KeyFacts([(ATTACK, ATTACK, ATTACK)]),
    ]
    for block in blocks:
        tree = parse(block.to_html())
        assert tree.find(".//script") is None
        assert "alert" in tree.text_content()


def test_table_says_missing_and_explains_shorthand() -> None:
    frame = pd.DataFrame({"area": ["A", "B", "C"], "people": [1234, None, "[c]"]})
    tree = parse(TableBlock(block_id="t", caption="People", frame=frame).to_html())
    assert [td.text for td in tree.findall(".//td")] == ["1,234", "[x]", "[c]"]
    assert {td.get("class") for td in tree.findall(".//td")} == {"cip-num"}
    legend = tree.xpath("string(.//p[@class='cip-note'])")
    assert "[x] not available" in legend
    assert "[c] withheld" in legend


def test_table_without_rows_says_so_in_plain_text() -> None:
    block = TableBlock(block_id="t", caption="None yet", frame=pd.DataFrame({"a": []}))
    assert "(no rows)" in block.to_text()
    assert parse(block.to_html()).find(".//table") is not None


def test_bundles_hold_html_and_truthful_text() -> None:
    bundle = make_figure()._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    for words in ("Most homes are terraced", "terraced 60%", "60", "Source: invented"):
        assert words in bundle["text/plain"]


def test_notes_name_their_kind_in_words() -> None:
    assert "Not available: Survey" in NoteBlock("missing", "Survey", "Add it.").to_html()


def test_display_style_emits_the_style_sheet() -> None:
    html = display_style()._repr_mimebundle_()["text/html"]
    assert html.startswith("<style>")
    assert ".cip-block" in html
    assert "http" not in html


# Style


def test_text_on_every_decile_colour_reaches_aa() -> None:
    for colour in style.DECILE_COLOURS:
        assert palette.contrast(colour, palette.pick_text_colour(colour)) >= 4.5


def test_role_colours_stand_out_from_paper_and_differ_in_marker() -> None:
    styles = palette.ROLE_STYLES.values()
    assert all(palette.contrast(s.colour, palette.PAPER) >= 3 for s in styles)
    assert len({s.marker for s in styles}) == len({s.hatch for s in styles}) == len(styles)


def test_decile_ramp_darkens_towards_the_most_deprived() -> None:
    ramp = [palette.contrast(c, palette.PAPER) for c in style.DECILE_COLOURS]
    assert ramp == sorted(ramp, reverse=True)


# Charts


def test_composition_shows_every_group_and_area() -> None:
    indicator = find_indicator("composition", source="ts054")
    groups = list_groups(indicator)
    rows = make_rows(indicator, groups=groups)
    block = draw_composition(rows, indicator)
    assert list(block.table["label"]) == [label for _, label in groups]
    # Counts come first, then the share with its interval, then the comparators.
    own = ["numerator", "denominator", "value", "lower_95", "upper_95"]
    others = [code for code, _, role in AREAS if role != "profile"]
    assert list(block.table.columns[1:]) == [*own, *others]
    profile = rows[rows["area_role"] == "profile"]
    for column in own:
        assert block.table[column].tolist() == pytest.approx(profile[column].tolist())
    for code in others:
        values = rows.loc[rows["area_code"] == code, "value"]
        for cell, value in zip(block.table[code], values, strict=True):
            assert cell.startswith(f"{value:,.1f}%")
    assert "Fernhollow" in block.alt
    assert "Marlbury" in block.alt
    assert block.source_line.startswith("Source:")


def test_composition_stays_readable_with_nineteen_groups() -> None:
    indicator = find_indicator("composition", source="ts054")
    groups = [(f"group_{i}", f"A long official name of group number {i}") for i in range(19)]
    block = draw_composition(make_rows(indicator, groups=groups), indicator, title="Many")
    height = float(re.search(r'height="([\d.]+)pt"', block.svg)[1])  # type: ignore[index]
    assert 19 * 0.5 * 72 < height < 19 * 1.0 * 72
    assert len(block.table) == 19
    assert "the 8 largest are named" in block.alt


def test_missing_and_withheld_values_are_never_drawn_as_zero() -> None:
    indicator = find_indicator("composition", source="ts054")
    groups = list_groups(indicator)
    rows = make_rows(indicator, groups=groups, missing=[("fernhollow", groups[0][0])])
    rows.loc[
        (rows["area_code"] == "fernhollow") & (rows["group"] == groups[1][0]), "is_suppressed"
    ] = True
    block = draw_composition(rows, indicator, title="Tenure")
    assert pd.isna(block.table.loc[0, "value"])
    assert set(block.table.loc[1, ["numerator", "denominator", "value"]]) == {"[c]"}
    assert "[x]" in block.to_html()
    assert "[c]" in block.to_html()
    assert "no figures for this area" in block.note


def test_proportions_are_ranked_with_intervals() -> None:
    indicators = [find_indicator("proportion", source=s) for s in ("ts054", "ts037", "ts038")]
    rows = pd.concat([make_rows(i, seed=k) for k, i in enumerate(indicators)])
    block = draw_proportions(rows, indicators, block_id="several")
    profile = block.table["value"].tolist()
    assert profile == sorted(profile, reverse=True)
    assert {"lower_95", "upper_95"} <= set(block.table.columns)
    assert "95% confidence intervals" in block.note


def test_proportions_refuse_mixed_units() -> None:
    share = find_indicator("proportion")
    other = find_indicator("count")
    rows = pd.concat([make_rows(share), make_rows(other)])
    with pytest.raises(ValueError, match="one unit"):
        draw_proportions(rows, [share, other], block_id="mixed")


def test_comparison_has_one_row_per_area() -> None:
    indicator = find_indicator("proportion")
    block = draw_comparison(make_rows(indicator), indicator)
    assert list(block.table["area"]) == [name for _, name, _ in AREAS]
    assert list(block.table["comparison"]) == ["[z]", "higher", "higher", "higher"]


def test_pyramid_needs_both_sexes_and_age_profile_none() -> None:
    by_sex = find_indicator("composition", source="ts009")
    rows = make_rows(by_sex, groups=list_groups(by_sex))
    assert len(draw_pyramid(rows, by_sex).table) == len(by_sex.groups)
    only_women = rows[rows["group"].str.startswith("female")]
    with pytest.raises(ValueError, match="same age bands"):
        draw_pyramid(only_women, by_sex)
    by_age = find_indicator("composition", source="ts007a")
    block = draw_age_profile(make_rows(by_age, groups=list_groups(by_age)), by_age)
    assert len(block.table) == len(by_age.groups)


def test_age_groups_that_are_not_ages_are_refused() -> None:
    indicator = find_indicator("composition", source="ts054")
    rows = make_rows(indicator, groups=list_groups(indicator))
    with pytest.raises(ValueError, match="not an age band"):
        draw_age_profile(rows, indicator)


def test_deciles_are_in_order_whatever_the_order_of_rows() -> None:
    indicator = find_indicator("decile_people")
    groups = [(f"decile_{d}", f"Decile {d}") for d in range(1, 11)]
    rows = make_rows(indicator, groups=groups).sample(frac=1, random_state=3)
    block = draw_deciles(rows, [indicator], title="Many live in deprived areas")
    assert block.table["decile"].tolist() == list(range(1, 11))
    assert "decile 1" in block.alt
    bad = rows.assign(group=rows["group"].str.replace("decile_10", "decile_11"))
    with pytest.raises(ValueError, match="decile from 1 to 10"):
        draw_deciles(bad, [indicator])


@pytest.mark.parametrize("column", ["indicator_id", "period"])
def test_charts_refuse_mixed_rows(column: str) -> None:
    indicator = find_indicator("proportion")
    rows = make_rows(indicator)
    mixed = pd.concat([rows, rows.assign(**{column: "other"})])
    with pytest.raises(ValueError, match=f"one {column}"):
        draw_comparison(mixed, indicator)


def test_charts_refuse_two_profiles_and_unknown_roles() -> None:
    indicator = find_indicator("proportion")
    two = [*AREAS, ("second", "Second", "profile")]
    with pytest.raises(ValueError, match="exactly one profile"):
        draw_comparison(make_rows(indicator, areas=two), indicator)
    odd = [*AREAS, ("odd", "Odd", "parish")]
    with pytest.raises(ValueError, match="unknown area role"):
        draw_comparison(make_rows(indicator, areas=odd), indicator)


def test_charts_are_the_same_every_time_and_carry_no_date() -> None:
    indicator = find_indicator("composition", source="ts054")
    rows = make_rows(indicator, groups=list_groups(indicator))
    first, second = (draw_composition(rows, indicator).svg for _ in range(2))
    assert first == second
    assert "<dc:date>" not in first
    assert first.startswith("<svg")


def test_script_in_an_area_name_stays_text_in_charts() -> None:
    indicator = find_indicator("proportion")
    areas = [("fernhollow", ATTACK, "profile"), *AREAS[1:]]
    block = draw_comparison(make_rows(indicator, areas=areas), indicator)
    tree = parse(block.to_html())
    assert tree.find(".//script") is None
    svg = base64.b64decode(tree.find(".//img").get("src").split(",")[1]).decode()
    assert "<script" not in svg


# Maps


def make_map(**changes: object):
    values = {
        "title": "Fernhollow is made of six small areas",
        "block_id": "area",
        "source_line": "Source: invented",
    }
    return map_area(make_areas(), make_context(), **{**values, **changes})  # type: ignore[arg-type]


def test_map_holds_an_interactive_and_a_drawn_map() -> None:
    tree = parse(make_map().to_html())
    assert tree.get("data-cip-block") == "map"
    frame = tree.find(".//iframe")
    assert frame.get("title") == "Interactive map: Fernhollow is made of six small areas"
    assert frame.get("sandbox") == "allow-scripts"
    assert tree.find(".//img").get("alt").startswith("Map: ")
    assert len(tree.findall(".//tbody/tr")) == 6


def test_map_page_loads_nothing_and_needs_no_jquery() -> None:
    page = make_map().frame_html
    tree = lxml_html.document_fromstring(page)
    assert list(find_loads(tree)) == []
    assert tree.get("lang") == "en-GB"
    assert tree.find(".//main/h1") is not None
    assert "Leaflet 1.9" in page
    for unwanted in ("jquery", "bootstrap", "awesome-markers", "unpkg", "user-scalable"):
        assert unwanted not in page.casefold()
    assert all("url(" not in (sheet.text or "") for sheet in tree.findall(".//style"))


def test_map_escapes_names_in_page_and_tooltip() -> None:
    areas = make_areas({"Z01000001": ATTACK, "Z01000002": "</script><b>x"})
    block = map_area(areas, None, title=ATTACK, block_id="x", source_line="Source")
    tree = parse(block.to_html())
    assert tree.find(".//script") is None
    inner = lxml_html.document_fromstring(block.frame_html)
    assert len(inner.findall(".//script")) == 2  # Leaflet, and the map
    assert inner.find(".//b") is None
    # What the tooltip writes as HTML has been escaped beforehand.
    assert "\\u0026lt;script\\u0026gt;" in block.frame_html


def test_maps_are_the_same_every_time() -> None:
    first, second = make_map(), make_map()
    assert first.frame_html == second.frame_html
    assert first.svg == second.svg


def test_choropleth_marks_every_area_with_its_class() -> None:
    areas = make_areas()
    areas.loc[2, "score"] = None
    block = map_choropleth(
        areas, "score", title="Scores", block_id="s", source_line="S", value_label="Score",
        classes=[15.0, 20.0, 30.0], context=make_context(),
    )  # fmt: skip
    assert block.table["class"].tolist() == ["A", "A", "[x]", "B", "C", "C"]
    assert "Not available for 1" in block.alt
    assert "[x] not available" in block.frame_html


def test_choropleth_refuses_limits_that_leave_values_out() -> None:
    with pytest.raises(ValueError, match="below the value"):
        map_choropleth(
            make_areas(), "score", title="T", block_id="s", source_line="S", value_label="Score",
            classes=[15.0],
        )  # fmt: skip


def test_choropleth_deciles_print_the_decile() -> None:
    block = map_choropleth(
        make_areas(), "imd_decile", title="T", block_id="s", source_line="S",
        value_label="Decile", classes="deciles",
    )  # fmt: skip
    assert "Decile 1 (most deprived)" in block.frame_html
    bad = make_areas().assign(imd_decile=11)
    with pytest.raises(ValueError, match="1 to 10"):
        map_choropleth(
            bad, "imd_decile", title="T", block_id="s", source_line="S", value_label="D",
            classes="deciles",
        )  # fmt: skip


def test_an_outline_as_drawn_is_on_both_maps() -> None:
    plain = map_area(make_areas(), make_context(), title="T", block_id="b", source_line="S")
    drawn = pd.concat([make_context(), make_areas().head(1).assign(layer="outline")])
    block = map_area(make_areas(), drawn, title="T", block_id="b", source_line="S")
    for map_block, count in ((plain, 0), (block, 1)):
        assert map_block.frame_html.count(f'"color": "{palette.WARNING}"') == count
        assert map_block.svg.count(f"stroke: {palette.WARNING.lower()}") >= count


def test_map_refuses_an_unknown_layer() -> None:
    context = make_context().assign(layer="moon")
    with pytest.raises(ValueError, match="moon"):
        map_area(make_areas(), context, title="T", block_id="b", source_line="S")
