"""The chain from evidence to recommendation: every link leads somewhere, and what falls is named."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml.html import document_fromstring

from cip.evidence.ledger import read_parts
from cip.evidence.places import list_missing_anchors
from cip.report.pdf_bytes import read_pdf_facts
from cip.schemas.evidence import EVIDENCE_TABLES
from cip.summary.fallen import expand_citations
from cip.tables import TableFolder
from cip.workspace import name_notebook

_ID = re.compile(r'\sid="([^"]+)"')
_HREF = re.compile(r'<a\b[^>]*\shref="([^"]+)"')


@pytest.fixture(scope="module")
def made(demo_run) -> Path:
    return demo_run / "demo"


@pytest.fixture(scope="module")
def pages(made) -> dict[Path, str]:
    return {path: path.read_text(encoding="utf-8") for path in (made / "reports").rglob("*.html")}


def drop_frames(page: str) -> str:
    """Return a page without the pages of its maps, whose links are their own."""
    return re.sub(r'srcdoc="[^"]*"', "", page)


def test_the_place_of_every_entry_is_on_the_page_of_its_chapter(made):
    evidence = read_parts(TableFolder(made / "tables"))
    shown = {
        stage: (made / "reports/stages" / f"{Path(name_notebook(stage)).stem}.html").read_text(
            "utf-8"
        )
        for stage in EVIDENCE_TABLES
    }
    assert list_missing_anchors(evidence, shown) == []


def test_a_cited_asset_quotation_or_change_lands_on_its_own_words(made, pages):
    evidence = read_parts(TableFolder(made / "tables"))
    trees = {
        stage: document_fromstring(pages[made / "reports/stages" / f"{name}.html"])
        for stage, name in (
            ("asset_map", "03_asset_map"), ("engagement_analysis", "04_engagement_analysis")
        )
    }  # fmt: skip
    said = {
        "asset": lambda entry: [entry.label],
        "quote": lambda entry: [entry.statement[1:].partition("”")[0]],
        "change": lambda entry: entry.label.split(", ", 1)[1].split(": ", 1),
    }
    found = dict.fromkeys(said, 0)
    for entry in evidence[evidence["kind"].isin(list(said))].itertuples():
        place = trees[entry.stage].get_element_by_id(entry.anchor)
        text = " ".join(place.text_content().split()).casefold()
        for words in said[entry.kind](entry):
            assert words.casefold() in text, entry.evidence_id
        # A type of asset is one of the rows of its table; anything else has a row of its own.
        is_own = entry.anchor.startswith(f"{entry.kind}-")
        assert is_own != (entry.anchor in ("tab-asset-types", "fig-asset-balance"))
        found[entry.kind] += is_own
    assert found == {"asset": len(TableFolder(made / "tables").read("assets")), "quote": 18,
                     "change": 65}  # fmt: skip


def test_every_link_between_pages_arrives(pages):
    places = {path.resolve(): set(_ID.findall(drop_frames(page))) for path, page in pages.items()}
    lost = []
    for path, page in pages.items():
        for href in set(_HREF.findall(drop_frames(page))):
            name, _, place = href.partition("#")
            if re.match(r"[a-z]+:", href) or name.endswith((".csv", ".xlsx", ".pdf", ".png")):
                continue
            target = (path.parent / unquote(name)).resolve() if name else path.resolve()
            if target not in places or (place and unquote(place) not in places[target]):
                lost.append(f"{path.name}: {href}")
    assert lost == []


def test_the_demonstration_carries_the_chain(made):
    tables = TableFolder(made / "tables")
    findings, advice = tables.read("findings"), tables.read("recommendations")
    assert int(findings["is_edited"].sum()) >= 8
    assert len(advice) >= 5
    expanded = expand_citations(tables.read("citations"))
    evidence = read_parts(tables).set_index("evidence_id")
    for kind, ids in (("finding", findings["finding_id"]), ("recommendation", advice.iloc[:, 0])):
        of_kind = expanded[expanded["citing_kind"] == kind]
        assert set(ids) == set(of_kind["citing_id"])
        assert set(of_kind["evidence_id"]) <= set(evidence.index[evidence["is_citable"]])


def test_each_step_can_be_followed_forwards_and_back(made, pages):
    chapter = pages[made / "reports/stages/05_summary.html"]
    ledger = pages[made / "reports/evidence.html"]
    citations = expand_citations(TableFolder(made / "tables").read("citations"))
    for row in citations.itertuples():
        entry = "ev-" + re.sub(r"[^a-z0-9]+", "-", row.evidence_id.lower()).strip("-")
        if not row.through:
            assert f'href="../evidence.html#{entry}"' in chapter, row.evidence_id
        item = ledger.split(f'id="{entry}"', 1)[1].split("<li", 1)[0]
        citing = re.sub(r"[^a-z0-9]+", "-", row.citing_id.lower()).strip("-")
        assert f'href="stages/05_summary.html#{row.citing_kind}-{citing}"' in item
        assert f'id="{row.citing_kind}-{citing}"' in chapter


def test_statements_read_like_sentences(made):
    evidence = read_parts(TableFolder(made / "tables"))
    for said in evidence.loc[evidence["is_citable"], "statement"]:
        assert said.rstrip("”)").endswith((".", "?", "!")), said
        assert "  " not in said and "<NA>" not in said, said
        assert not re.search(r"\bnan\b", said), said


def test_the_ledger_is_written_with_who_rests_on_what(made):
    ledger = json.loads((made / "evidence.json").read_text("utf-8"))
    entries = {entry["evidence_id"]: entry for entry in ledger["entries"]}
    assert "finding:money_and_resources" in entries["data:fuel_poverty"]["cited_by"]
    assert len(entries) == len(ledger["entries"]) > 500


def test_no_pdf_names_a_folder_of_this_machine(made):
    for path in (made / "reports").glob("*.pdf"):
        assert b"file:/" not in path.read_bytes(), path.name
        assert read_pdf_facts(path.read_bytes()).is_tagged


# What falls


@pytest.fixture
def copy(root, tmp_path) -> Path:
    """The demonstration's own inputs, to be changed."""
    shutil.copytree(
        root / "params/demo", tmp_path / "demo", ignore=shutil.ignore_patterns("source")
    )
    shutil.copy(root / "params/demo.yml", tmp_path)
    return tmp_path


def drop_line(path: Path, start: str) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if not line.decode("utf-8-sig").startswith(start)]
    assert len(kept) == len(lines) - 1
    path.write_bytes(b"".join(kept))


def list_named(message: str) -> set[str]:
    return set(re.findall(r"the (?:finding|recommendation) '([^']+)'", message))


def list_expected(made: Path, evidence_id: str) -> set[str]:
    """Return what the analyst wrote that rests on an entry: drafts change by themselves."""
    tables = TableFolder(made / "tables")
    findings = tables.read("findings")
    drafted = set(findings.loc[~findings["is_edited"], "finding_id"])
    citations = tables.read("citations")
    citations = citations[citations["citing_kind"].isin(["finding", "recommendation"])]
    written = citations[(citations["citing_kind"] != "finding") | (citations["file"] != "")]
    expanded = expand_citations(written)
    return set(expanded.loc[expanded["evidence_id"] == evidence_id, "citing_id"]) - drafted


@pytest.mark.parametrize(
    ("file", "start", "evidence_id"),
    [
        ("assets.csv", ",Night bus volunteers", "asset:own:night-bus-volunteers"),
        ("quotes.csv", "Q10,", "quote:Q10"),
    ],
)
def test_without_an_asset_or_a_quotation_the_check_names_what_falls(
    made, demo_run, demo_store, cip, copy, file, start, evidence_id
):
    drop_line(copy / "demo" / file, start)
    done = cip("check", copy / "demo.yml", "--store", demo_store, "--outputs", demo_run)
    assert done.returncode == 2
    assert list_named(done.stderr) == list_expected(made, evidence_id) != set()
    assert f"[{evidence_id}]" in done.stderr


def test_without_a_source_the_check_names_what_falls(
    made, demo_run, demo_store, cip, copy, tmp_path
):
    store = tmp_path / "store"
    shutil.copytree(demo_store, store)
    manifest = json.loads((store / "manifest.json").read_text("utf-8"))
    del manifest["products"]["fuel_poverty"]
    (store / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (store / "fuel_poverty.parquet").unlink()
    done = cip("check", copy / "demo.yml", "--store", store, "--outputs", demo_run)
    assert done.returncode == 2
    assert list_named(done.stderr) == list_expected(made, "data:fuel_poverty") != set()


def test_when_all_is_there_the_check_says_so_and_what_rests_on_a_number_can_be_asked(
    made, demo_run, demo_store, cip
):
    done = cip("check", "params/demo.yml", "--store", demo_store, "--outputs", demo_run)
    assert done.returncode == 0
    assert "all of them are there" in done.stdout
    asked = cip("evidence", made, "data:fuel_poverty")
    assert "finding:money_and_resources" in asked.stdout
    wrong = cip("evidence", made, "data:fuel_povert")
    assert wrong.returncode == 2
    assert "data:fuel_poverty" in wrong.stderr


# A refresh


def double_poor(text: str) -> str:
    """Return the table of fuel poverty with twice as many poor households everywhere."""
    head, *rows = text.splitlines()
    cells = [row.split(",") for row in rows]
    for row in cells:
        if len(row) > 6 and row[6].strip().isdigit():
            row[6] = str(2 * int(row[6]))
    return "\n".join([head, *(",".join(row) for row in cells)]) + "\n"


def test_a_refresh_lists_what_reads_differently_and_what_rests_on_it(
    root, demo_run, demo_store, cip, tmp_path
):
    outputs = tmp_path / "outputs"
    shutil.copytree(demo_run / "demo", outputs / "demo")
    store = tmp_path / "store"
    shutil.copytree(demo_store, store)
    source = tmp_path / "fuel-poverty-lsoa.csv"
    text = (root / "params/demo/source" / source.name).read_text("utf-8-sig")
    source.write_text(double_poor(text), encoding="utf-8")
    assert cip("fetch", "--from", source, "--store", store).returncode == 0
    done = cip("run", "params/demo.yml", "--store", store, "--outputs", outputs, "--no-pdf")
    assert done.returncode == 0, done.stderr
    told = next(line for line in done.stdout.splitlines() if "[data:fuel_poverty]" in line)
    for part in ("13.2%", "finding:money_and_resources", "recommendation:advice-where-people-go"):
        assert part in told
    record = json.loads((outputs / "demo/run.json").read_text("utf-8"))
    assert "data:fuel_poverty" in {
        c["evidence_id"] for c in record["reports"]["evidence"]["changes"]
    }
