"""The rug of one profile: a real table with words in its cells, split where it is wide."""

from __future__ import annotations

import csv
import io
import urllib.parse

import pandas as pd
import pytest
from lxml import html as lxml_html

from cip.catalogue import load_indicators, load_sources
from cip.display.area_rug import MOST_COLUMNS, collect_rug_cells, draw_area_rug, split_columns
from cip.display.palette import VERDICT_FILLS, css_class_of
from cip.display.rug_block import RugBlock, RugColumn
from cip.display.stylesheet import block_css

from .display_samples import AREAS, make_rows

ENTRIES = [i for i in load_indicators().values() if i.source in load_sources() and not i.groups]
SHARES = [i for i in ENTRIES if i.statistic == "proportion"]
JUDGED = next(i for i in SHARES if i.polarity == "high_is_bad")
PLAIN = next(i for i in SHARES if i.polarity == "none")
BOTH = [JUDGED, PLAIN]
SECTIONS = {PLAIN.section: "People", JUDGED.section: "Need & want"}
COLUMNS = [
    RugColumn("fernhollow", "Fernhollow", "profile"),
    RugColumn("Z01000001", "Marlbury 001A", "place", "decile 1"),
    RugColumn("Z01000002", "Marlbury 002A", "place", "decile 4"),
    RugColumn("Z92000001", "England", "england"),
]


def make_cells() -> pd.DataFrame:
    lines = [
        (JUDGED.id, "fernhollow", 20.0, "similar", False, None),
        (JUDGED.id, "Z01000001", 31.25, "worse", False, None),
        (JUDGED.id, "Z01000002", None, "", True, None),
        (JUDGED.id, "Z92000001", 17.5, "", False, None),
        (PLAIN.id, "fernhollow", 0.001, "lower", False, None),
        (PLAIN.id, "Z01000001", None, "", False, "Not applicable to this area."),
        (PLAIN.id, "Z92000001", 100.0, "", False, None),
    ]
    columns = ["indicator_id", "area_code", "value", "comparison", "is_suppressed", "missing_reason"]  # fmt: skip
    return pd.DataFrame(lines, columns=columns)


def make_rug(cells: pd.DataFrame | None = None, **changes: object) -> RugBlock:
    values = {"benchmark": "England", "block_id": "rug", **changes}
    held = make_cells() if cells is None else cells
    return draw_area_rug(held, COLUMNS, BOTH, SECTIONS, **values)  # type: ignore[arg-type]


def parse(block: RugBlock) -> lxml_html.HtmlElement:
    return lxml_html.fragment_fromstring(block.to_html())


def read_cells(tree: lxml_html.HtmlElement) -> dict[str, list[str]]:
    return {
        row.findtext("th"): [" ".join(td.itertext()) for td in row.findall("td")]
        for row in tree.xpath('.//tbody/tr[not(@class="cip-section")]')
    }


def test_every_cell_has_its_figure_and_its_word() -> None:
    cells = read_cells(parse(make_rug()))
    assert cells[JUDGED.label] == ["20.0% similar", "31.3% worse", "[c]", "17.5%"]
    assert cells[PLAIN.label] == ["[low] lower", "[z]", "[x]", "100.0%"]


def test_the_rug_is_a_table_that_can_be_read_aloud() -> None:
    tree = parse(make_rug())
    assert tree.get("data-cip-block") == "table"
    assert tree.xpath(".//thead//th/@scope") == ["col"] * 5
    assert set(tree.xpath(".//tbody//tr[not(@class)]/th/@scope")) == {"row"}
    assert tree.xpath('.//tbody//th[@scope="rowgroup"]//text()') == ["People", "Need & want"]
    assert tree.xpath("string(.//caption)") == (
        "2 measures for Fernhollow and other areas, against England"
    )
    region = tree.xpath('.//*[@role="region"]')[0]
    assert region.get("tabindex") == "0"
    assert "decile 1" in tree.xpath("string(.//thead)")
    assert tree.xpath(".//img") == []


def test_colour_follows_the_word_and_shorthand_is_explained() -> None:
    tree = parse(make_rug())
    for cell in tree.xpath(".//tbody//td[@class]"):
        (word,) = cell.xpath("./span/text()")
        assert cell.get("class") == css_class_of(word)
    legend = " ".join(tree.xpath('.//p[@class="cip-note"]/text()'))
    for words in ("[c] withheld", "[low] low figure", "[z] not applicable", "[x] not available"):
        assert words in legend
    for verdict, fill in VERDICT_FILLS.items():
        assert f"td.{css_class_of(verdict)}{{background:{fill};color:" in block_css()


def test_title_and_lead_count_what_the_cells_say() -> None:
    block = make_rug()
    assert block.title == "Marlbury 001A is worse than England on the one measure compared"
    assert block.lead == "Of 1 comparison with England: 1 worse."
    assert "chance alone" not in block.lead
    assert "not compared" in block.note


def test_the_csv_has_figures_in_full_and_no_withheld_one() -> None:
    cells = make_cells()
    cells.loc[cells["is_suppressed"], "value"] = 99.9
    (link,) = parse(make_rug(cells)).xpath(".//a[@download]")
    text = urllib.parse.unquote(link.get("href").partition(",")[2]).removeprefix("\ufeff")
    rows = {row["Measure"]: row for row in csv.DictReader(io.StringIO(text))}
    judged, plain = rows[JUDGED.label], rows[PLAIN.label]
    assert judged["Marlbury 001A"] == "31.25"
    assert judged["Marlbury 001A: comparison"] == "worse"
    assert judged["Marlbury 002A"] == "[c]"
    assert "99.9" not in text
    assert plain["Fernhollow"] == "0.001"
    assert "England: comparison" not in plain


def test_plain_text_says_the_same() -> None:
    text = make_rug().to_text()
    for words in ("31.3%, worse", "[low], lower", "[c]", "Source:"):
        assert words in text


@pytest.mark.parametrize(("places", "widths"), [(1, [3]), (10, [12]), (11, [8, 7]), (40, [12] * 4)])
def test_a_wide_rug_is_split_and_every_part_has_profile_and_benchmark(places, widths) -> None:
    columns = [
        RugColumn("p", "Fernhollow", "profile"),
        *(RugColumn(f"Z{n}", f"Area {n}", "place") for n in range(places)),
        RugColumn("e", "England", "england"),
    ]
    parts = split_columns(columns, "England")
    assert [len(part) for part in parts] == widths
    assert max(widths) <= MOST_COLUMNS
    assert {place for part in parts for place in part} == set(range(len(columns)))
    assert all(part[0] == 0 and part[-1] == len(columns) - 1 for part in parts)
    inner = [place for part in parts for place in part[1:-1]]
    assert inner == list(range(1, len(columns) - 1))


def test_a_wide_rug_turns_the_printed_page() -> None:
    wide = [*COLUMNS[:3], *(RugColumn(f"Z{n}", f"Area {n}", "place") for n in range(9)), COLUMNS[3]]
    block = draw_area_rug(make_cells(), wide, BOTH, SECTIONS, benchmark="England", block_id="rug")
    assert "cip-turned" in parse(block).get("class")
    assert "(part 1 of 2)" in block.to_html()
    assert "cip-turned" not in parse(make_rug()).get("class")


def test_cells_are_collected_from_the_tables_of_each_small_area() -> None:
    verdicts = ((JUDGED, "worse"), (PLAIN, "higher"))
    own = pd.concat([make_rows(i).assign(comparison=verdict) for i, verdict in verdicts])
    place = make_rows(JUDGED, areas=[("Z01000001", "Marlbury 001A", "profile"), *AREAS[1:]], seed=4)
    place["comparison"] = place["area_role"].map({"england": "better", "district": "worse"})
    cells = collect_rug_cells(own, place.assign(place_code="Z01000001"))
    found = cells.set_index(["indicator_id", "area_code"])["comparison"]
    assert found[JUDGED.id, "fernhollow"] == "worse"
    assert found[PLAIN.id, "fernhollow"] == "higher"
    assert found[JUDGED.id, "Z01000001"] == "better"
    assert found[JUDGED.id, "Z92000001"] == ""
    assert not cells.duplicated(["indicator_id", "area_code"]).any()
    against = collect_rug_cells(
        own, place.assign(place_code="Z01000001"), benchmark_role="district"
    )
    assert "worse" in against.loc[against["area_code"] == "Z01000001", "comparison"].tolist()


def test_a_rug_refuses_doubles_judgement_without_polarity_and_nothing() -> None:
    cells = make_cells()
    with pytest.raises(ValueError, match="two cells"):
        make_rug(pd.concat([cells, cells.head(1)]))
    cells.loc[cells["indicator_id"] == PLAIN.id, "comparison"] = "worse"
    with pytest.raises(ValueError, match="one direction is good"):
        make_rug(cells)
    with pytest.raises(ValueError, match="at least one area"):
        draw_area_rug(make_cells(), [], BOTH, SECTIONS, benchmark="England", block_id="r")


def test_names_from_outside_stay_text() -> None:
    attack = "<script>alert(1)</script>"
    columns = [RugColumn("fernhollow", attack, "profile", attack)]
    block = draw_area_rug(
        make_cells(), columns, BOTH, dict.fromkeys(SECTIONS, attack), benchmark=attack, block_id="r"
    )
    tree = parse(block)
    assert tree.find(".//script") is None
    assert attack in tree.text_content()
