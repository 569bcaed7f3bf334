"""Publication from end to end: one list of what is wrong, and a final version made twice alike."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from docx import Document
from pptx import Presentation
from pptx.oxml.ns import qn
from pypdf import PdfReader

from cip.errors import EXIT_PARAMETERS, ParameterError, Problem
from cip.params import load_params
from cip.report.browser import find_browser
from cip.run.rebuild import NAME, read_final, verify_final
from cip.run.verify_command import verify
from cip.store import Store
from cip.summary.publishing import list_form_rows
from cip.summary.publishing_checks import CheckResult
from cip.summary.review import judge_publication, load_review
from cip.tables import TableFolder

needs_browser = pytest.mark.skipif(
    find_browser() is None, reason="there is no Chrome, Edge or Chromium on this machine"
)
CHAIR = "Chair of the steering group,Teaspoon Common residents,1.0,agreed,2026-11-20,\n"
LABEL = "Version 1.0, final, agreed on 20 November 2026"
#: Lines by which a version that is not final says so.
NOT_FINAL = re.compile(
    r"For review: |Draft: figures|Draft 1\.0|Version 1\.0,? for review|not yet agreed|not agreed:"
    r"|not for publication",
    re.IGNORECASE,
)

#: Documents that show no version: one in easy words, and one that is about the days after.
NO_VERSION = {"easy_read", "action_status"}


@dataclass(frozen=True)
class Area:
    """A copy of the demonstration's parameter file and inputs, to be changed."""

    folder: Path

    @property
    def params(self) -> Path:
        return self.folder / "demo.yml"

    def path(self, name: str) -> Path:
        return self.folder / "demo" / name

    def edit(self, name: str, change: Callable[[dict[str, str]], object]) -> None:
        """Change each row of a table in place."""
        with self.path(name).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            change(row)
        with self.path(name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)

    def call_final(self) -> None:
        text = self.params.read_text(encoding="utf-8")
        assert "status: for review" in text
        self.params.write_text(text.replace("status: for review", "status: final"), "utf-8")


def copy_area(root: Path, folder: Path) -> Area:
    source = root / "params"
    ignored = shutil.ignore_patterns("source")
    shutil.copytree(source / "demo", folder / "demo", ignore=ignored)
    shutil.copy(source / "demo.yml", folder)
    return Area(folder)


def settle(area: Area) -> None:
    """Do all that a final version asks for."""
    done = {"answer": "yes", "by": "Project lead", "on": "2026-11-19"}
    area.edit("publishing.csv", lambda row: row.update(done))
    with area.path("publishing.csv").open(encoding="utf-8", newline="") as file:
        known = {row["item"] for row in csv.DictReader(file)}
    with area.path("publishing.csv").open("a", encoding="utf-8") as file:
        for row in list_form_rows():
            if row["item"] not in known:
                file.write(f"{row['item']},,yes,Project lead,2026-11-19,\n")
    answer = {"answer": "Invented: done.", "answered_by": "Project lead", "changed": "yes"}
    answer |= {"answered_on": "2026-11-20"}
    area.edit("comments.csv", lambda row: None if row["answer"] else row.update(answer))
    with area.path("sign_off.csv").open("a", encoding="utf-8") as file:
        file.write(CHAIR)
    area.call_final()


def digest(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def list_stages(area: Path, status: str) -> list[str]:
    record = json.loads((area / "run.json").read_text(encoding="utf-8"))
    return [stage["stage"] for stage in record["stages"] if stage["status"] == status]


# Bad input


@pytest.fixture(scope="module")
def withheld(demo_run) -> str:
    """The id of a number of the demonstration that is withheld."""
    tables = TableFolder(demo_run / "demo" / "tables")
    evidence = tables.read("evidence_voices")
    hidden = evidence[(evidence["kind"] == "heard") & ~evidence["is_citable"].astype(bool)]
    assert len(hidden), "the demonstration withholds who was heard where few were"
    return str(hidden["evidence_id"].iloc[0])


@pytest.fixture(scope="module")
def refused(root, demo_run, demo_store, cip, withheld, tmp_path_factory):
    """A run of the demonstration with everything wrong at once: area, outputs, what it said."""
    area = copy_area(root, tmp_path_factory.mktemp("refused"))
    with area.path("narrative/food.md").open("a", encoding="utf-8") as file:
        file.write(f"\nFew were asked [{withheld}].\n\n<script>alert(1)</script>\n\n```\nopen\n")
    first = iter([True])
    area.edit(
        "recommendations.csv", lambda row: row.update(cites="") if next(first, False) else None
    )
    gone = {"C01": "data:figure_of_old"}
    area.edit(
        "comments.csv",
        lambda row: row.update(refers_to=gone.get(row["comment_id"], row["refers_to"])),
    )
    area.call_final()
    outputs = area.folder / "outputs"
    shutil.copytree(demo_run / "demo", outputs / "demo")
    before = digest(outputs / "demo")
    done = cip("run", area.params, "--store", demo_store, "--outputs", outputs, "--no-pdf")
    return area, before, done


def find_line(path: Path, start: str) -> int:
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return next(n for n, line in enumerate(lines, start=1) if line.startswith(start))


def test_everything_wrong_is_one_list_by_file_and_line(refused, withheld):
    area, _, done = refused
    assert done.returncode not in (0, EXIT_PARAMETERS), done.stdout
    assert done.stderr.count("ParameterError") == 1
    food = area.path("narrative/food.md")
    wanted = [
        (f"narrative/food.md, line {find_line(food, 'Few were asked')}", withheld),
        (f"narrative/food.md, line {find_line(food, '<script>')}", "HTML"),
        (f"narrative/food.md, line {find_line(food, '```')}", "does not end"),
        ("recommendations.csv, row 2", "cites"),
        ("comments.csv, row 2", "data:figure_of_old"),
        ("comments.csv, row 9", "C08"),
        ("publishing.csv, row 3", "plain_words"),
        ("sign_off.csv", "version 1.0 is not signed off"),
    ]
    lines = done.stderr.splitlines()
    for place, words in wanted:
        assert any(place in line and words in line for line in lines), (place, words, done.stderr)
    told = [line.strip() for line in lines if ".csv" in line or ".md" in line]
    assert len(told) == len(set(told))
    # One file after the other.
    names = [re.search(r"[\w.]+\.(?:csv|md)", line)[0] for line in told]
    assert len([n for n, before in zip(names[1:], names, strict=False) if n != before]) == 4


def test_nothing_is_said_that_only_follows_from_something_else(refused):
    _, _, done = refused
    assert "makes no recommendation" not in done.stderr
    # The comment on a recommendation is not one on what has gone: the file could not be read.
    assert "C07" not in done.stderr


def test_the_profile_that_was_there_is_untouched(refused):
    area, before, _ = refused
    outputs = area.folder / "outputs"
    after = digest(outputs / "demo")
    kept = {name: found for name, found in after.items() if not name.startswith("failed/")}
    assert kept == before
    assert not (outputs / "demo" / NAME).exists()
    assert not (outputs / "demo" / "failed" / "reports").exists()
    assert not list(outputs.glob(".*-[0-9]*"))
    attempt = json.loads((outputs / "demo/failed/run.json").read_text(encoding="utf-8"))
    assert attempt["status"] == "failed"
    assert [s["stage"] for s in attempt["stages"] if s["status"] == "failed"] == ["summary"]
    assert len([s for s in attempt["stages"] if s["status"] == "unchanged"]) == 4


def test_a_form_that_cannot_be_read_is_not_taken_for_an_empty_one(root, tmp_path):
    area = copy_area(root, tmp_path)
    settle(area)
    rows = {
        "publishing.csv": "no_such_item,,yes,Project lead,2026-11-19,\n",
        "comments.csv": "C01,finding:housing,Invented,Resident,2026-11-10,,,,\n",
        "sign_off.csv": "Chair,Residents,1.0,perhaps,2026-11-20,\n",
    }
    for name, row in rows.items():
        with area.path(name).open("a", encoding="utf-8") as file:
            file.write(row)
    params = load_params(area.params)
    review, problems = load_review(params, anchors=())
    assert {Path(str(problem.file)).name for problem in problems} == set(rows)
    assert review.unread == {"publishing", "comments", "sign_off"}
    empty = [
        CheckResult(name, "", (Problem("nothing is there"),)) for name in ("comments", "sign_off")
    ]
    other = CheckResult("quotes", "", (Problem("quotation Q01 is not cleared"),))
    day = params.params.report_date
    ready = judge_publication(params, review, [*empty, other], today=day, is_synthetic=True)
    assert [problem.message for problem in ready.problems] == ["quotation Q01 is not cleared"]


# A final version


@dataclass(frozen=True)
class Final:
    """A final version as it was made: its inputs, its outputs and its store."""

    area: Area
    outputs: Path
    store: Path

    @property
    def made(self) -> Path:
        return self.outputs / "demo"

    def find_problems(self, *, made: Path | None = None) -> list[str]:
        file = load_params(self.area.params)
        return [str(p) for p in verify_final(file, Store(self.store), made or self.made)]


@pytest.fixture(scope="module")
def final(root, demo_run, demo_store, cip, tmp_path_factory) -> Final:
    area = copy_area(root, tmp_path_factory.mktemp("final"))
    settle(area)
    outputs = area.folder / "outputs"
    shutil.copytree(demo_run / "demo", outputs / "demo")
    done = cip("run", area.params, "--store", demo_store, "--outputs", outputs)
    assert done.returncode == 0, done.stderr
    return Final(area, outputs, demo_store)


@pytest.mark.browser
@needs_browser
def test_a_final_version_says_so_on_every_cover_and_nothing_says_otherwise(final):
    record = read_final(final.made)
    pages = sorted((final.made / "reports").glob("*.html"))
    assert {page.stem for page in pages} > {"data_report", "insight_report", "summary_report"}
    for page in pages:
        text = re.sub(r'srcdoc="[^"]*"', "", page.read_text(encoding="utf-8"))
        assert page.stem in NO_VERSION or LABEL in text, page.name
        assert NOT_FINAL.search(text) is None, page.name
    for path in sorted((final.made / "reports").glob("*.pdf")):
        cover = PdfReader(path).pages[0].extract_text()
        assert path.stem in NO_VERSION or LABEL in " ".join(cover.split()), path.name
        assert NOT_FINAL.search(cover) is None, path.name
    deck = Presentation(str(final.made / "downloads/slides.pptx"))
    texts = [s.text_frame.text for slide in deck.slides for s in slide.placeholders]
    assert any(LABEL in text for text in texts)
    assert not any(NOT_FINAL.search(text) for text in texts)
    assert {f"reports/{page.name}" for page in pages} <= set(record.files)


@pytest.mark.browser
@needs_browser
def test_the_record_names_all_that_it_was_made_from(final):
    record = read_final(final.made)
    assert (record.area, record.version, record.report_date) == ("demo", "1.0", "2026-11-21")
    assert {"demo/sign_off.csv", "demo/narrative/food.md", "demo/survey.yml"} <= set(record.inputs)
    assert {"boundary_lsoa21", "ts054"} <= set(record.store)
    kinds = {Path(name).suffix for name in record.files}
    assert kinds >= {".html", ".pdf", ".pptx", ".docx", ".csv", ".xlsx", ".ods", ".png", ".json"}
    assert str(final.area.folder) not in (final.made / NAME).read_text(encoding="utf-8")


def compare_records(one: Path, other: Path) -> list[str]:
    """Return the files that differ between two final versions."""
    first, second = read_final(one), read_final(other)
    differing = [
        n for n in {*first.files, *second.files} if first.files.get(n) != second.files.get(n)
    ]
    if not differing:
        assert (one / NAME).read_bytes() == (other / NAME).read_bytes()
    return sorted(differing)


@pytest.mark.browser
@needs_browser
def test_every_kind_of_document_has_the_same_bytes_again(final, demo_run, cip, tmp_path):
    outputs = tmp_path / "again"
    shutil.copytree(demo_run / "demo", outputs / "demo")
    done = cip("run", final.area.params, "--store", final.store, "--outputs", outputs)
    assert done.returncode == 0, done.stderr
    assert list_stages(outputs / "demo", "done") == ["summary"]
    assert compare_records(final.made, outputs / "demo") == []


@pytest.mark.slow
@pytest.mark.browser
@needs_browser
def test_made_again_from_nothing_it_has_the_same_bytes(final, cip, tmp_path):
    outputs = tmp_path / "again"
    done = cip("run", final.area.params, "--store", final.store, "--outputs", outputs, "--force")
    assert done.returncode == 0, done.stderr
    assert len(list_stages(outputs / "demo", "done")) == 5
    assert compare_records(final.made, outputs / "demo") == []


# cip verify


@pytest.mark.browser
@needs_browser
def test_the_command_says_that_all_is_as_it_was_made(final, cip):
    done = cip("verify", final.area.params, "--store", final.store, "--outputs", final.outputs)
    assert done.returncode == 0, done.stderr
    number = len(read_final(final.made).files)
    assert f"Teaspoon Common, version 1.0, is as it was made: {number} files" in done.stdout


@pytest.mark.browser
@needs_browser
def test_a_changed_input_is_named(final, root, tmp_path):
    area = Area(tmp_path)
    shutil.copytree(final.area.folder / "demo", tmp_path / "demo")
    shutil.copy(final.area.params, tmp_path)
    moved = Final(area, final.outputs, final.store)
    assert moved.find_problems() == []
    quotes = area.path("quotes.csv")
    quotes.write_bytes(quotes.read_bytes() + b"\n")
    area.path("narrative/extra.md").write_text("New.\n", encoding="utf-8")
    found = moved.find_problems()
    assert len(found) == 2
    assert any("'demo/quotes.csv' has changed" in line for line in found)
    assert any("'demo/narrative/extra.md' was not there" in line for line in found)
    with pytest.raises(ParameterError, match=r"demo/quotes\.csv") as caught:
        verify(area.params, store=str(final.store), outputs=final.outputs)
    assert caught.value.exit_code == EXIT_PARAMETERS
    assert len(caught.value.problems) == 2


@pytest.mark.browser
@needs_browser
def test_a_report_with_one_byte_altered_is_named(final, tmp_path):
    made = shutil.copytree(final.made, tmp_path / "demo")
    report = made / "reports/summary_report.pdf"
    data = bytearray(report.read_bytes())
    data[len(data) // 2] ^= 1
    report.write_bytes(data)
    found = final.find_problems(made=made)
    assert len(found) == 1
    assert found[0].startswith("reports/summary_report.pdf")


def test_a_profile_that_is_not_final_has_no_record(demo_run, demo_store, root):
    with pytest.raises(ParameterError, match="no record of a final version"):
        verify(root / "params/demo.yml", store=str(demo_store), outputs=demo_run)


# Documents in an office program


#: Part of LibreOffice that opens each kind of document, and what it is turned into.
PARTS = {"pptx": ("sdlo", "pdf"), "docx": ("swlo", "pdf"), "xlsx": ("sclo", "csv")}
PARTS["ods"] = PARTS["xlsx"]


@pytest.fixture(scope="module")
def open_all(demo_run, tmp_path_factory) -> Callable[[str], Path]:
    """Open every document of one kind in LibreOffice; return the folder of what it read."""
    folder = tmp_path_factory.mktemp("office")

    def open_kind(kind: str) -> Path:
        part, target = PARTS[kind]
        office = find_office(part)
        if office is None:
            pytest.skip(f"the part of LibreOffice that opens .{kind} is not on this machine")
        place = folder / kind
        if not place.exists():
            files = sorted((demo_run / "demo" / "downloads").glob(f"*.{kind}"))
            assert files
            # A profile of its own: one that is running elsewhere would take the call over.
            profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
            call = [office, profile, "--headless", "--convert-to", target, "--outdir", place]
            done = subprocess.run(
                [*call, *files], capture_output=True, text=True, timeout=240, check=False
            )
            assert done.returncode == 0, done.stderr
            assert len(list(place.iterdir())) == len(files), done.stderr
        return place

    return open_kind


def find_office(part: str) -> Path | None:
    """Return the program if that part of it is there: each comes as a package of its own."""
    office = shutil.which("soffice")
    if office is None:
        return None
    top = Path(office).resolve().parents[1]
    return Path(office) if any(top.rglob(f"*{part}.*")) else None


def test_the_deck_opens_with_every_slide(open_all, demo_run):
    printed = PdfReader(open_all("pptx") / "slides.pdf")
    deck = Presentation(str(demo_run / "demo/downloads/slides.pptx"))
    assert len(printed.pages) == len(deck.slides)
    for page, slide in zip(printed.pages, deck.slides, strict=True):
        title = slide.shapes.title.text_frame.text
        assert "".join(title.split()) in "".join(page.extract_text().split())


def test_titles_of_slides_begin_where_their_text_does(demo_run):
    deck = Presentation(str(demo_run / "demo/downloads/slides.pptx"))
    style = next(deck.slide_master.element.iter(qn("p:titleStyle")))
    levels = style.iter(qn("a:lvl1pPr"))
    assert [level.get("algn") for level in levels] == ["l"]


@pytest.mark.browser
@needs_browser
def test_the_last_page_in_easy_words_holds_more_than_the_small_print(demo_run):
    last = PdfReader(demo_run / "demo/reports/easy_read.pdf").pages[-1].extract_text()
    assert "Tell us what you think" in last
    assert "All figures, names and shapes are invented" in last


@pytest.mark.parametrize("name", ["summary_for_comment", "terms_of_reference"])
def test_word_documents_open_with_all_their_headings(open_all, demo_run, name):
    pages = PdfReader(open_all("docx") / f"{name}.pdf").pages
    printed = "".join("".join(page.extract_text().split()) for page in pages)
    document = Document(str(demo_run / f"demo/downloads/{name}.docx"))
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert len(headings) > 3
    assert [text for text in headings if "".join(text.split()) not in printed] == []


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_workbooks_open_at_their_first_sheet(open_all, kind):
    text = (open_all(kind) / "data_report_tables.csv").read_text(encoding="utf-8")
    assert "Teaspoon Common" in text
    assert not re.search(r"#(?:REF|NAME|VALUE)|Err:\d", text)
