"""Areas side by side: the rug, the ranks and the map, from the tables that the areas' runs left."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pandas as pd
import pytest
from lxml import html as lxml_html

from cip import geography, indicators
from cip.area_definition import resolve_area
from cip.catalogue import load_indicators
from cip.display.palette import VERDICT_FILLS, contrast, pick_text_colour
from cip.display.ranking import Benchmark, draw_ranking, rank_areas
from cip.display.tartan import MOST_COLUMNS, Rug, RugCell, draw_rug
from cip.errors import CipError, ParameterError
from cip.membership import build_membership
from cip.params import ParameterFile, load_params
from cip.register import load_register
from cip.report.cells import count_blocks_html
from cip.run.compare import find_editions, write_comparison
from cip.workspace import open_workspace

WARDS = (
    "Teaspoon Common", "Bookend Hill", "Footnote Fen", "Marginalia", "Paper Mill",
    "Bodkin & Thread",
)  # fmt: skip


@pytest.fixture(scope="module")
def outputs(root, demo_store, tmp_path_factory) -> Path:
    """An outputs folder with the tables of six wards, made as their notebooks make them."""
    folder = tmp_path_factory.mktemp("compare")
    text = (root / "params" / "demo.yml").read_text(encoding="utf-8").partition("inputs:")[0]
    for number, ward in enumerate(WARDS):
        path = folder / f"ward-{number}.yml"
        own = text.replace("id: demo", f"id: ward-{number}")
        path.write_text(own.replace("Teaspoon Common", ward), encoding="utf-8")
        save_tables(path, demo_store, folder)
    return folder


def save_tables(path: Path, store: Path, outputs: Path) -> None:
    workspace = open_workspace(str(path), str(store), str(outputs))
    register = load_register(workspace.store)
    area = resolve_area(workspace.file, register)
    areas, _ = geography.build_areas(workspace.file, area, register)
    membership = build_membership(area, areas, register)
    shapes = geography.read_boundaries(workspace.store, area)
    wanted = load_indicators()
    table = indicators.build_indicators(workspace.store, areas, membership, wanted)
    workspace.save(areas=areas, indicators=table)
    workspace.save_shapes("boundary", geography.dissolve_boundary(shapes, workspace.params))
    record = {
        "is_synthetic": True,
        "store": {"ts054": {"table_sha256": "a" * 64, "period": "2021"}},
    }
    (workspace.root / "run.json").write_text(json.dumps(record), encoding="utf-8")


@pytest.fixture(scope="module")
def files(outputs) -> list[ParameterFile]:
    return [load_params(path) for path in sorted(outputs.glob("*.yml"))]


@pytest.fixture(scope="module")
def page(outputs, files) -> str:
    (path,) = write_comparison(files, outputs, make_pdf=False)
    assert path == outputs / "comparison.html"
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def headlines() -> list:
    return [e for e in load_indicators().values() if e.is_headline and e.statistic != "count"]


def test_the_report_shows_every_block_and_says_that_it_is_invented(page, headlines):
    counts = count_blocks_html(page)
    # Two parts of the rug, because six areas do not fit into one; then one ranking a measure.
    assert counts == {"map": 1, "figure": 2 + len(headlines), "table": 1}
    assert "Synthetic demonstration data" in page
    assert "Source: Census" not in page


def test_every_picture_has_its_words_and_its_table(page):
    tree = lxml_html.document_fromstring(page)
    for block in tree.xpath('//*[@data-cip-block="figure" or @data-cip-block="map"]'):
        (image,) = block.xpath(".//img")
        assert len(image.get("alt")) > 60
        assert block.xpath(".//table//tbody/tr")


def test_the_rug_holds_the_areas_own_figures_and_verdicts(page, outputs, headlines):
    tree = lxml_html.document_fromstring(page)
    cells = {}
    for number in (1, 2):
        (table,) = tree.xpath(f'//*[@id="fig-rug-{number}"]//table')
        names = [th.text_content() for th in table.xpath(".//thead//th")][1:]
        for row in table.xpath(".//tbody/tr"):
            label = row.xpath("./th")[0].text_content()
            for name, cell in zip(names, row.xpath("./td"), strict=True):
                cells[label, name.partition(" ")[2]] = cell.text_content()
    assert len(cells) == len(headlines) * len(WARDS)
    for number, ward in enumerate(WARDS):
        rows = pd.read_parquet(outputs / f"ward-{number}" / "tables" / "indicators.parquet")
        rows = rows[rows["indicator_id"] == "social_rented"].set_index("area_role")
        expected = f"{rows.at['profile', 'value']:.1f}%, {rows.at['england', 'comparison']}"
        label = load_indicators()["social_rented"].label
        assert cells[label, ward] == expected


def test_the_district_as_benchmark_gives_its_own_verdicts(outputs, files, page):
    (path,) = write_comparison(files, outputs, against="district", make_pdf=False)
    text = path.read_text(encoding="utf-8")
    assert "each area" in text
    assert "own district" in text
    assert text != page


def test_areas_from_different_editions_are_told(outputs, files):
    records = [
        {"store": {"ts054": {"table_sha256": digest * 64, "period": "2021"}}} for digest in "aab"
    ]
    assert find_editions(records[:2]) == {}
    assert find_editions(records) == {"ts054": ["2021 (aaaaaaaa)", "2021 (bbbbbbbb)"]}
    path = outputs / "ward-0" / "run.json"
    before = path.read_text(encoding="utf-8")
    try:
        path.write_text(before.replace("a" * 64, "b" * 64), encoding="utf-8")
        (written,) = write_comparison(files, outputs, make_pdf=False)
        text = written.read_text(encoding="utf-8")
    finally:
        path.write_text(before, encoding="utf-8")
    assert "Warning: Not all from the same data" in text
    assert count_blocks_html(text)["note"] == 1


def test_mistakes_are_told(outputs, files, tmp_path):
    with pytest.raises(ParameterError, match="at least two areas"):
        write_comparison(files[:1], outputs)
    with pytest.raises(ParameterError, match="england, county, district"):
        write_comparison(files, outputs, against="europe")
    with pytest.raises(CipError, match=r"no profile in .*; run 'cip run"):
        write_comparison(files, tmp_path)


def test_invented_figures_never_stand_beside_real_ones(outputs, files):
    path = outputs / "ward-1" / "run.json"
    before = path.read_text(encoding="utf-8")
    try:
        path.write_text(before.replace('"is_synthetic": true', '"is_synthetic": false'))
        with pytest.raises(CipError, match=r"ward-1\.yml.*compare them apart"):
            write_comparison(files, outputs)
    finally:
        path.write_text(before, encoding="utf-8")


# The pieces


def make_rows(values: list) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area_name": [f"Area {n}" for n in range(len(values))],
            "value": values,
            "lower_95": [None if v is None else v - 2 for v in values],
            "upper_95": [None if v is None else v + 2 for v in values],
        }
    ).astype({"value": "Float64", "lower_95": "Float64", "upper_95": "Float64"})


def test_ranks_count_from_the_highest_and_equals_share_one():
    ranked = rank_areas(make_rows([10.0, 30.0, None, 20.0, 20.0]))
    assert ranked["area_name"].tolist() == ["Area 1", "Area 3", "Area 4", "Area 0", "Area 2"]
    assert ranked["rank"].tolist()[:4] == [1, 2, 2, 4]
    assert ranked["rank"].isna().tolist() == [False] * 4 + [True]


def test_a_ranking_says_that_ranks_are_uncertain():
    indicator = load_indicators()["social_rented"]
    block = draw_ranking(
        make_rows([10.0, 30.0, None]), indicator, Benchmark("England", 17.1), block_id="r"
    )
    assert "Ranks are uncertain" in block.note
    assert "95% confidence intervals" in block.note
    assert block.title.endswith("from 10.0% in Area 0 to 30.0% in Area 1")
    assert "1 Area 1 30.0%" in block.alt
    assert "England 17.1%" in block.alt
    assert block.table["area_name"].tolist() == ["Area 1", "Area 0", "Area 2"]
    without = make_rows([10.0, 30.0]).assign(lower_95=pd.NA, upper_95=pd.NA)
    assert "no interval" in draw_ranking(without, indicator, None, block_id="r").note


def test_a_ranking_without_values_is_refused():
    with pytest.raises(ValueError, match="no area has a value"):
        draw_ranking(make_rows([None]), load_indicators()["social_rented"], None, block_id="r")


def make_rug(columns: int) -> Rug:
    verdicts = list(VERDICT_FILLS)
    cells = [[RugCell("12.3%", verdicts[n % len(verdicts)]) for n in range(columns)]]
    return Rug(["Households"], [f"{n + 1} Area" for n in range(columns)], cells)


@pytest.mark.parametrize(("areas", "widths"), [(1, [1]), (5, [5]), (6, [3, 3]), (11, [4, 4, 3])])
def test_a_wide_rug_is_split_evenly_and_loses_nothing(areas, widths):
    parts = make_rug(areas).split()
    assert [len(part.areas) for part in parts] == widths
    assert max(widths) <= MOST_COLUMNS
    assert [name for part in parts for name in part.areas] == list(make_rug(areas).areas)
    assert [c for part in parts for c in part.cells[0]] == list(make_rug(areas).cells[0])


def test_a_verdict_is_a_word_and_a_colour_that_its_word_can_be_read_on():
    rug = Rug(
        ["Homes"], ["1 A", "2 B"], [[RugCell("9.1%", "worse"), RugCell("[x]", "not compared")]]
    )
    block = draw_rug(rug, benchmark="England", title="T", block_id="r", source="S")
    assert block.table.iloc[0].tolist() == ["Homes", "9.1%, worse", "[x]"]
    assert "1 A: 1 worse; 2 B: no figures" in block.alt
    image = re.search(r"base64,([^\"]+)", block.to_html())
    assert image is not None
    svg = base64.b64decode(image[1]).decode("utf-8").casefold()
    assert VERDICT_FILLS["worse"].casefold() in svg
    for fill in VERDICT_FILLS.values():
        assert contrast(fill, pick_text_colour(fill)) >= 4.5


def test_too_many_areas_for_one_picture_are_refused():
    with pytest.raises(ValueError, match="1 to 5 areas"):
        draw_rug(make_rug(6), benchmark="England", title="T", block_id="r", source="S")
