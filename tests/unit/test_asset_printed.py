"""The list that paper has beside a map of assets."""

from __future__ import annotations

from cip.display.asset_drawing import draw_assets
from cip.display.asset_items import list_items
from cip.display.asset_printed import write_printed_list
from cip.display.stylesheet import block_css

from ..support.assets import make_assets, make_boundary, make_walkabout


def test_everything_is_in_the_list_once() -> None:
    assets = make_assets(300)
    items = list_items(assets, make_walkabout(), make_boundary())
    drawing = draw_assets(items, make_boundary(), None)
    text = write_printed_list(items, drawing.squares, drawing.unnumbered)
    numbered = items[~items["type_id"].isin(drawing.unnumbered)]
    assert 0 < len(numbered) < len(items)
    for mark in numbered["mark"]:
        assert text.count(f"<b>{mark}</b>") == 1, mark
    many = items[items["type_id"].isin(drawing.unnumbered)]
    for row in many.itertuples():
        assert f"<b>{row.mark}</b>" not in text
        assert row.name in text
    assert text.count("<li>") == len(numbered) + len(many[["type_id", "place"]].drop_duplicates())


def test_markup_in_a_name_is_text() -> None:
    assets = make_assets(5)
    assets.loc[0, "name"] = "<script>alert(1)</script>"
    items = list_items(assets, None, make_boundary())
    drawing = draw_assets(items, make_boundary(), None)
    for unnumbered in ((), tuple(items["type_id"])):
        text = write_printed_list(items, drawing.squares, unnumbered)
        assert "&lt;script&gt;" in text
        assert "<script" not in text


def test_paper_has_the_list_and_a_screen_the_table() -> None:
    style = block_css()
    screen, paper = style.split("@media print", 1)
    assert ".cip-asset-list{display:none}" in screen
    assert ".cip-asset-map>details{display:none}" in paper
