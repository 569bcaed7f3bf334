"""One full run of the demonstration, seen from outside: files, record, pages, exit codes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import docx
import nbformat
import pandas as pd
import pytest

from cip.display.markup import escape
from cip.params import STAGES
from cip.report.cells import CHAPTER_ONLY, count_blocks, count_blocks_html, leave_out
from cip.workspace import name_notebook


@pytest.fixture(scope="module")
def area(demo_run) -> Path:
    return demo_run / "demo"


def read_notebook(area: Path, stage: str):
    return nbformat.read(area / "notebooks" / name_notebook(stage), as_version=4)


def test_everything_that_a_reader_needs_is_there(area):
    for path in (
        "index.html", "run.json", "reports/data_report.html", "reports/data_report.pdf",
        "reports/insight_report.html", "reports/insight_report.pdf",
        "downloads/indicators.csv", "downloads/README.txt", "tables/indicators.parquet",
        *(f"notebooks/{name_notebook(stage)}" for stage in STAGES),
        *(f"reports/stages/{Path(name_notebook(stage)).stem}.html" for stage in STAGES),
    ):  # fmt: skip
        assert (area / path).stat().st_size > 0, path
    assert not (area / "failed").exists()
    assert not list(area.parent.glob(".partial-*"))


def test_the_record_says_what_the_report_was_made_from(area, demo_store):
    record = json.loads((area / "run.json").read_text(encoding="utf-8"))
    manifest = json.loads((demo_store / "manifest.json").read_text(encoding="utf-8"))
    assert record["status"] == "done"
    assert [s["stage"] for s in record["stages"]] == list(STAGES)
    assert all(s["status"] == "done" and s["seconds"] > 0 for s in record["stages"])
    assert record["parameters"]["values"]["area"]["wards"] == ["Teaspoon Common"]
    for product, entry in manifest["products"].items():
        assert record["store"][product]["table_sha256"] == entry["sha256"]
    assert record["software"]["packages"]["pandas"] == pd.__version__
    assert record["software"]["commit"]
    assert record["reports"]["pdf_engine"].startswith(("Chromium", "Chrome", "Edge", "WeasyPrint"))


def test_every_page_says_that_it_is_invented(demo_run):
    pages = list(demo_run.rglob("*.html"))
    assert len(pages) >= 8
    for page in pages:
        text = page.read_text(encoding="utf-8")
        # Posters and Easy Read texts say it in fewer words.
        words = ("Synthetic demonstration data", "Demonstration: everything here is invented")
        assert any(said in text for said in words), page.name


def test_no_page_names_a_publisher_as_the_source_of_invented_figures(area):
    text = (area / "reports" / "data_report.html").read_text(encoding="utf-8")
    assert "invented figures in the layout of" in text
    for publisher in (
        "Source: Census",
        "Source: Office for National Statistics",
        "Source: English Indices",
    ):
        assert publisher not in text


@pytest.mark.parametrize("stage", STAGES)
def test_a_page_shows_as_much_as_its_notebook(area, stage):
    notebook = count_blocks([read_notebook(area, stage)])
    page = area / "reports" / "stages" / f"{Path(name_notebook(stage)).stem}.html"
    assert count_blocks_html(page.read_text(encoding="utf-8")) == notebook
    assert sum(notebook.values()) > 0


def test_the_data_report_shows_as_much_as_its_two_notebooks(area):
    shown = [leave_out(read_notebook(area, s), CHAPTER_ONLY) for s in ("geography", "data_profile")]
    notebooks = count_blocks(shown)
    page = (area / "reports" / "data_report.html").read_text(encoding="utf-8")
    assert count_blocks_html(page) == notebooks
    assert notebooks["figure"] >= 15
    assert notebooks["map"] == 4
    assert notebooks["table"] >= 8


@pytest.mark.parametrize("edition", [2019, 2025])
def test_people_and_lsoas_are_shared_out_over_the_national_deciles(area, edition):
    page = (area / "reports" / "data_report.html").read_text(encoding="utf-8")
    assert f"People and small areas of Teaspoon Common by national decile, {edition}" in page
    table = pd.read_csv(area / "downloads" / "indicators.csv")
    own = table[table["area_role"] == "profile"]
    for kind in ("people", "areas"):
        rows = own[own["indicator_id"] == f"imd_{edition}_decile_{kind}"]
        assert len(rows) == 10
        assert rows["value"].sum() == pytest.approx(100)


def test_the_asset_map_holds_each_thing_once_with_its_reach(area):
    from cip.catalogue.asset_types import load_asset_types
    from cip.tables import TableFolder

    tables = TableFolder(area / "tables")
    assets, pairs = tables.read("assets"), tables.read("asset_pairs")
    assert {"own", "open_referral", "places_charities", "osm_places"} <= set(
        "; ".join(assets["sources"]).split("; ")
    )
    assert set(assets["kind"]) == {"hard", "soft"}
    # What two lists name is one asset of two entries, and what is doubtful is asked about.
    joined = assets[assets["records"] > 1]
    assert joined["sources"].str.contains(";").any()
    assert len(pairs)
    assert assets["is_inside"].isna().any(), "an asset without a place is kept in the list"
    assert assets["is_stale"].eq(True).any()
    reach = tables.read("reach")
    assert set(reach["method"].dropna()) >= {"mixed"} or "walking network" in set(reach["method"])
    assert reach["share"].dropna().between(0, 1).all()
    further = reach[reach["unit"] == "metres"].sort_values("within")
    assert further.groupby("asset_type")["share"].apply(lambda s: s.is_monotonic_increasing).all()
    assert set(assets["asset_type"]) <= set(load_asset_types())
    assert len(tables.read("walkabout")) and len(tables.read("asset_priorities"))


def test_the_insight_report_holds_what_was_heard(area):
    from cip.tables import TableFolder

    tables = TableFolder(area / "tables")
    answers, changes = tables.read("answers"), tables.read("answer_changes")
    assert answers["is_weighted"].all()
    assert set(answers["wave"]) == {"2025", "2026"}
    assert set(changes["kind"]) == {"groups", "waves", "paired"}
    # A withheld figure is gone from the table, not just from the page.
    withheld = answers[answers["display"] == "withheld"]
    assert len(withheld) and withheld[["value", "lower_95", "upper_95"]].isna().all(axis=None)
    themes, agreement = tables.read("themes"), tables.read("agreement")
    assert {"enabler", "challenge"} <= set(themes["polarity"])
    assert (agreement["coders"] == 2).all() and agreement["alpha"].notna().any()
    quotes = tables.read("quotes")
    assert quotes[["cleared_by", "cleared_on", "speaker_label"]].notna().all(axis=None)
    page = (area / "reports" / "insight_report.html").read_text(encoding="utf-8")
    shown = [text for text in quotes["text"] if escape(text) in page]
    assert 10 <= len(shown) < len(quotes), "the page shows a balanced choice"
    assert len(tables.read("case_studies")) == 2
    assert "What this engagement cannot say" in page


def test_contacts_in_the_sources_reach_nothing(area, root):
    """The charities' file holds a telephone number on purpose."""
    from cip.inputs.personal import find_contact

    planted = (root / "params/demo/source/publicextract.charity.txt").read_text("utf-8-sig")
    assert find_contact(planted)
    for path in [*(area / "downloads").glob("asset*.csv"), *(area / "downloads").glob("walk*.csv")]:
        for line in path.read_text("utf-8-sig").splitlines():
            assert not find_contact(line), path.name


def test_the_same_store_and_parameters_give_the_same_tables(area, demo_store, cip, tmp_path):
    again = cip("run", "params/demo.yml", "--store", demo_store, "--outputs", tmp_path, "--no-pdf")
    assert again.returncode == 0, again.stderr

    def digest(folder: Path) -> dict[str, str]:
        # Slides and Word copy hold a picture of the map where there is a browser.
        with_picture = {"slides.pptx", "summary_for_comment.docx"}
        files = [*(folder / "tables").iterdir(), *(folder / "downloads").iterdir()]
        files = [f for f in files if f.name not in with_picture]
        return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in files}

    assert digest(tmp_path / "demo") == digest(area)


def test_figures_of_the_profile_are_the_sums_of_the_source_files(area, root):
    """Tenure of the demonstration ward, added up here from the publisher's layout by hand."""
    small = pd.read_csv(area / "downloads" / "small_areas.csv")["lsoa21_code"]
    source = pd.read_csv(root / "params/demo/source/census2021-ts054-lsoa.csv").set_index(
        "geography code"
    )
    own = source.loc[small].filter(like="Social rented: ").sum().sum()
    total = source.loc[small].filter(like="Total").iloc[:, 0].sum()
    table = pd.read_csv(area / "downloads" / "indicators.csv")
    row = table[
        (table["indicator_id"] == "social_rented") & (table["area_role"] == "profile")
    ].iloc[0]
    assert (row["numerator"], row["denominator"]) == (own, total)
    assert row["value"] == pytest.approx(100 * own / total)


def copy_notebooks(root: Path, folder: Path, cell: str) -> Path:
    """Copy the notebooks and put a cell after the set-up of notebook 02."""
    target = shutil.copytree(
        root / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".*")
    )
    path = target / name_notebook("data_profile")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(4, nbformat.v4.new_code_cell(cell))
    nbformat.write(notebook, path)
    return target


def test_a_failing_area_stops_no_other_and_loses_nothing(root, demo_store, cip, tmp_path):
    notebooks = copy_notebooks(
        root, tmp_path, "assert workspace.params.id != 'bad-area', 'this area is planted to fail'"
    )
    text = (root / "params" / "demo.yml").read_text(encoding="utf-8").partition("inputs:")[0]
    files = []
    for name in ("bad-area", "good-area"):
        files.append(tmp_path / f"{name}.yml")
        files[-1].write_text(text.replace("id: demo", f"id: {name}"), encoding="utf-8")
    outputs = tmp_path / "outputs"
    earlier = outputs / "bad-area"
    earlier.mkdir(parents=True)
    (earlier / "kept.txt").write_text("the last good profile")

    done = cip(
        "run", *files, "--store", demo_store, "--outputs", outputs, "--notebooks", notebooks,
        "--no-pdf", "--jobs", "2",
    )  # fmt: skip

    assert done.returncode == 4
    assert "this area is planted to fail" in done.stderr
    assert "notebook data_profile, cell" in done.stderr
    assert (outputs / "good-area" / "reports" / "data_report.html").exists()
    # What was there stays; the attempt is kept beside it, with its error in the notebook.
    assert (earlier / "kept.txt").exists()
    assert not (earlier / "reports").exists()
    kept = sorted(p.name for p in (earlier / "failed" / "notebooks").iterdir())
    assert kept == [name_notebook("geography"), name_notebook("data_profile")]
    failed = (earlier / "failed" / "notebooks" / name_notebook("data_profile")).read_text()
    assert "AssertionError" in failed
    index = (outputs / "index.html").read_text(encoding="utf-8")
    assert "Failed" in index
    assert "good-area/reports/data_report.html" in index


def test_a_misspelt_key_and_an_unknown_ward_are_told_and_nothing_is_written(
    root, demo_store, cip, tmp_path
):
    text = (root / "params" / "demo.yml").read_text(encoding="utf-8").partition("inputs:")[0]
    (tmp_path / "key.yml").write_text(text.replace("comparators:", "comparitors:"))
    (tmp_path / "ward.yml").write_text(
        text.replace("wards: [Teaspoon Common]", "wards: [Teespoon Common]")
    )
    outputs = tmp_path / "outputs"
    done = cip(
        "run",
        tmp_path / "key.yml",
        tmp_path / "ward.yml",
        "--store",
        demo_store,
        "--outputs",
        outputs,
    )
    assert done.returncode == 2
    assert "'comparitors' is not a known key" in done.stderr
    assert "Did you mean 'comparators'?" in done.stderr
    assert "Did you mean 'Teaspoon Common'?" in done.stderr
    assert "ward.yml, line 7" in done.stderr
    assert not outputs.exists()


def damage(root: Path, folder: Path, kind: str) -> str:
    """Copy one file of the demonstration and spoil it; return words that the message must hold."""
    folder.mkdir()
    source = root / "params" / "demo" / "source"
    if kind == "truncated GeoJSON":
        data = (source / "LSOA_2021_boundaries.geojson").read_bytes()
        (folder / "LSOA_2021_boundaries.geojson").write_bytes(data[: len(data) // 2])
        return "LSOA_2021_boundaries.geojson"
    table = pd.read_csv(source / "census2021-ts054-lsoa.csv", dtype=str)
    lost = next(c for c in table.columns if c.endswith("Lives rent free"))
    table.drop(columns=lost).to_csv(folder / "census2021-ts054-lsoa.csv", index=False)
    return "rent free"


@pytest.mark.parametrize("kind", ["truncated GeoJSON", "CSV with a missing column"])
def test_a_damaged_file_gives_one_message_and_leaves_the_store(
    root, demo_store, cip, tmp_path, kind
):
    store = shutil.copytree(demo_store, tmp_path / "store")
    before = {p.name: p.read_bytes() for p in store.iterdir()}
    words = damage(root, tmp_path / "files", kind)
    done = cip("fetch", "--from", tmp_path / "files", "--store", store)
    assert done.returncode == 3
    assert words.casefold() in done.stderr.casefold()
    assert len(done.stderr.strip().splitlines()) == 1
    assert {p.name: p.read_bytes() for p in store.iterdir()} == before


def test_an_empty_store_says_what_to_do(root, cip, tmp_path):
    done = cip(
        "run", "params/demo.yml", "--store", tmp_path / "none", "--outputs", tmp_path / "outputs"
    )
    assert done.returncode == 3
    assert "fetch" in done.stderr
    assert not (tmp_path / "outputs").exists()


def test_every_notebook_runs_by_itself_with_nbval(root, demo_store, tmp_path):
    """The notebooks as an analyst opens them: default parameters, own folder, any kernel."""
    shutil.copytree(root / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns(".*"))
    shutil.copytree(root / "params", tmp_path / "params", ignore=shutil.ignore_patterns("source"))
    command = [
        sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-current-env", "-q",
        "-p", "no:cacheprovider", "-p", "no:randomly", *sorted(map(str, (tmp_path / "notebooks").glob("*.ipynb"))),
    ]  # fmt: skip
    environment = {**os.environ, "CIP_STORE": str(demo_store)}
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert (tmp_path / "outputs" / "demo" / "tables" / "indicators.parquet").exists()


def test_what_only_the_makers_need_is_in_the_chapter_and_not_in_the_report(demo_run):
    reports = demo_run / "demo" / "reports"
    chapter = (reports / "stages" / "01_geography.html").read_text(encoding="utf-8")
    report = (reports / "data_report.html").read_text(encoding="utf-8")
    for heading in (
        "Why this place",
        "What is already known",
        "Getting ready",
        "The steering group",
    ):
        assert heading in chapter
        assert heading not in report
    assert "Other ways to draw it" in chapter
    assert "Other ways to draw it" in report


def test_the_terms_of_reference_are_listed_and_open(demo_run):
    path = demo_run / "demo" / "downloads" / "terms_of_reference.docx"
    text = "\n".join(p.text for p in docx.Document(str(path)).paragraphs)
    assert "Teaspoon Common" in text
    index = (demo_run / "demo" / "index.html").read_text(encoding="utf-8")
    assert 'href="downloads/terms_of_reference.docx"' in index


def test_controls_are_left_out_where_nobody_can_use_them(demo_run):
    executed = nbformat.read(demo_run / "demo" / "notebooks" / "01_geography.ipynb", as_version=4)
    cell = next(c for c in executed.cells if c.get("id") == "chooser")
    assert cell.outputs == []
    assert "widgets" not in executed.metadata


def test_forms_are_written_once(cip, tmp_path):
    first = cip("forms", tmp_path / "forms")
    assert first.returncode == 0
    assert "maturity.csv" in first.stdout
    (tmp_path / "forms" / "maturity.csv").write_text("ours", encoding="utf-8")
    (tmp_path / "forms" / "insight.csv").unlink()
    again = cip("forms", tmp_path / "forms")
    assert again.stdout.count("Wrote") == 1
    assert (tmp_path / "forms" / "maturity.csv").read_text(encoding="utf-8") == "ours"
