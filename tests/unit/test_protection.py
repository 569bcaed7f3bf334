"""Counts that no publisher has protected: their rule, and the gate before publication."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from cip.catalogue.sources import load_sources
from cip.errors import CipError
from cip.pages.data_profile import choose_indicators
from cip.params import AreaParams, ParameterFile
from cip.protection import find_unsafe_overlaps, protect_figures
from cip.run.disclosure_gate import pass_gate
from cip.store import Manifest, ManifestEntry, Store, hash_file
from cip.tables import TableFolder

PRODUCT = "crime_street"
CODES = [f"Z0100000{number}" for number in range(1, 6)]


@pytest.fixture
def store(tmp_path) -> Store:
    """A store with burglaries of five LSOAs: 20, 3, 30, 12 and 15."""
    root = tmp_path / "store"
    root.mkdir()
    burglary = [20, 3, 30, 12, 15]
    table = pd.DataFrame(
        {
            "area_code": CODES,
            "area_name": CODES,
            "level": "lsoa",
            "period": "2025",
            "months": 12,
            "total": [10 * n for n in burglary],
            "burglary": burglary,
        }
    )
    path = root / f"{PRODUCT}.parquet"
    table.to_parquet(path, index=False)
    source = load_sources()[PRODUCT]
    words = {"title": source.title, "publisher": "none", "geography": "LSOA", "licence": "MIT"}
    entry = ManifestEntry(
        product_id=PRODUCT,
        kind=source.kind,
        period="2025",
        attribution="",
        rows=len(table),
        vintages={"lsoa": "2021"},
        sha256=hash_file(path),
        fetched_at="2026-01-01T00:00:00Z",
        **words,
    )
    manifest = Manifest(is_synthetic=True, products={PRODUCT: entry})
    (root / "manifest.json").write_text(manifest.model_dump_json(), encoding="utf-8")
    return Store(root)


def make_members(area: str, numbers: list[int]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area_code": area,
            "small_area_code": [CODES[number] for number in numbers],
            "level": "lsoa21",
            "share": 1.0,
            "population": pd.array([1500] * len(numbers), dtype="Int64"),
        }
    )


def make_rows(counts: list[int]) -> pd.DataFrame:
    """Burglaries among all crimes by type, one group a row, in an area and its district."""
    rows = []
    for area, scale in (("here", 1), ("Z07000001", 100)):
        for group, count in zip("abcd", counts, strict=True):
            rows.append(
                {
                    "indicator_id": "crime_types",
                    "section": "community_safety",
                    "area_code": area,
                    "area_name": area,
                    "area_role": "profile" if area == "here" else "district",
                    "period": "2025",
                    "period_order": 2025.0,
                    "group": group,
                    "group_label": group,
                    "value": 100 * count / sum(counts),
                    "lower_95": 1.0,
                    "upper_95": 99.0,
                    "lower_998": 0.5,
                    "upper_998": 99.5,
                    "numerator": float(count * scale),
                    "denominator": float(sum(counts) * scale),
                    "unit": "%",
                    "comparison": "" if area == "here" else "higher",
                    "comparison_998": "" if area == "here" else "similar",
                    "comparison_method": "",
                    "is_suppressed": False,
                    "missing_reason": "",
                    "source_id": PRODUCT,
                }
            )
    return pd.DataFrame(rows)


def test_a_protected_product_loses_small_counts_and_what_would_give_them_away():
    table = make_rows([40, 30, 3, 20])
    safe = protect_figures(table, {PRODUCT: "under_5"})
    own = safe[safe["area_code"] == "here"].set_index("group")
    assert own.loc["c", "is_suppressed"]
    assert own["is_suppressed"].sum() >= 2, "one blank alone is the total less the others"
    hidden = own[own["is_suppressed"]]
    assert hidden[["value", "lower_95", "upper_95", "numerator"]].isna().all(axis=None)
    wide = safe[safe["area_code"] != "here"]
    assert not wide["is_suppressed"].any()
    assert safe.index.tolist() == table.index.tolist()


@pytest.mark.parametrize("protect", [{}, {PRODUCT: "none"}, {"road_injuries": "under_5"}])
def test_other_products_and_open_rules_change_nothing(protect):
    table = make_rows([40, 30, 3, 20])
    pd.testing.assert_frame_equal(protect_figures(table, protect), table)


def test_two_areas_that_differ_by_one_small_area_are_refused_without_telling_the_count(store):
    own, other = make_members("here", [0, 2]), make_members("there", [0, 1, 2])
    problems = find_unsafe_overlaps(store, {PRODUCT: "under_5"}, own, {"there": other}, None)
    assert problems
    text = "\n".join(map(str, problems))
    assert "there" in text
    assert "here" in text
    assert " 3 " not in text


@pytest.mark.parametrize(
    ("other", "rule"),
    [([3, 4], "under_5"), ([0, 2, 3], "under_5"), ([0, 1, 2], "none")],
    ids=["apart", "differ by twelve", "open rule"],
)
def test_areas_that_give_nothing_away_pass(store, other, rule):
    own = make_members("here", [0, 2])
    beside = {"there": make_members("there", other)}
    assert find_unsafe_overlaps(store, {PRODUCT: rule}, own, beside, None) == []


def test_a_change_of_the_area_since_the_last_run_is_checked(store):
    own, previous = make_members("here", [0, 2]), make_members("here", [0, 1, 2])
    rule = {PRODUCT: "under_5"}
    assert find_unsafe_overlaps(store, rule, own, {}, previous)
    assert find_unsafe_overlaps(store, rule, own, {}, own) == []


def make_file(tmp_path: Path, protect: dict[str, str]) -> ParameterFile:
    params = AreaParams(
        id="here",
        title="Here",
        profile_kind="bespoke",
        area={"lsoas": CODES[:1]},
        organisation={"name": "Council", "contact": "page"},
        protect=protect,
    )
    return ParameterFile(tmp_path / "here.yml", params, {})


def save_area(folder: Path, area: str, numbers: list[int]) -> None:
    tables = TableFolder(folder / "tables")
    tables.write("membership", make_members(area, numbers))
    role = {"area_code": [area], "area_name": [area], "area_role": ["profile"]}
    tables.write("areas", pd.DataFrame(role))
    tables.write("indicators", make_rows([40, 30, 20, 20]).assign(area_code=area).iloc[:4])


def test_the_gate_keeps_an_area_back_that_stands_beside_a_published_one(tmp_path, store):
    outputs = tmp_path / "outputs"
    save_area(outputs / "there", "there", [0, 1, 2])
    made = tmp_path / "made"
    save_area(made, "here", [0, 2])
    published = []
    with (
        pytest.raises(CipError, match="small number"),
        pass_gate(make_file(tmp_path, {PRODUCT: "under_5"}), store, made, outputs),
    ):
        published.append("here")
    assert published == []
    assert not list(outputs.glob(".lock-*"))
    shutil.rmtree(outputs / "there")
    with pass_gate(make_file(tmp_path, {PRODUCT: "under_5"}), store, made, outputs):
        published.append("here")
    assert published == ["here"]


def test_an_area_without_protected_products_passes_at_once(tmp_path, store):
    with pass_gate(make_file(tmp_path, {}), store, tmp_path / "nothing", tmp_path / "outputs"):
        pass
    assert not (tmp_path / "outputs").exists()


def test_an_unknown_product_is_told_with_the_nearest(tmp_path):
    with pytest.raises(ValueError, match="The nearest is 'crime_street'"):
        make_file(tmp_path, {"crime_streets": "under_5"})


def test_products_and_indicators_can_be_left_out(tmp_path):
    file = make_file(tmp_path, {})
    params = file.params.model_copy(update={"leave_out": [PRODUCT, "population"]})
    chosen = choose_indicators(params)
    assert "population" not in chosen
    assert not [entry for entry in chosen.values() if entry.source == PRODUCT]
    assert "older_65_plus" in chosen
    with pytest.raises(ValueError, match="The nearest is 'population'"):
        AreaParams.model_validate({**file.params.model_dump(), "leave_out": ["populaton"]})


def test_a_change_can_be_protected():
    rows = (
        make_rows([40, 30, 3, 20])
        .iloc[:1]
        .assign(indicator_id="population_change", source_id="mid_year_population_lsoa21", group="")
    )
    safe = protect_figures(rows, {"mid_year_population_lsoa21": "under_5"})
    assert len(safe) == 1
