"""A final version: what it was made from, whether that still stands, and the same bytes again."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from pypdf import PdfReader

from cip.errors import ParameterError
from cip.params import load_params
from cip.report import pdf
from cip.report.browser import find_browser
from cip.report.pdf_bytes import find_page_date, read_pdf_facts, settle_pdf
from cip.run.rebuild import NAME, finish_final, verify_final

from ..support.hand_store import write_store

DAY = date(2026, 11, 21)
PARAMS = """\
id: test-area
title: Test area
profile_kind: demonstration
area: {wards: [Z05000001]}
organisation: {name: Council, contact: page}
report_date: 2026-11-21
publication: {version: "1.0", status: final}
inputs:
  comments: comments.csv
  narrative: narrative
  survey: survey.yml
"""
PAGE = """\
<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Homes (invented) – 1</title>
<meta name="dcterms.date" content="2026-11-21"></head><body><h1>Homes</h1>
<table><tr><th id="a">Kind</th><th>Homes</th></tr><tr><th>Damp</th><td>12</td></tr></table>
</body></html>
"""
PRINTED = (
    b"%%PDF-1.4\n1 0 obj\n<</Title (Homes)\n/CreationDate (D:%(t)s+00'00')\n"
    b"/ModDate (D:%(t)s+00'00')>>\nendobj\n2 0 obj\n<</S /TH\n/ID (node%(a)s)>>\nendobj\n"
    b"3 0 obj\n<</S /TH\n/ID (node%(b)s)>>\nendobj\n4 0 obj\n<</Headers [(node%(a)s) (node%(b)s)]>>\n"
    b"endobj\n5 0 obj\n<</Limits [(node%(a)s) (node%(b)s)]>>\nendobj\n"
    b"6 0 obj\n<</Title (node00009999) >>\nendobj\n"
)


def print_at(time: bytes, first: bytes, second: bytes) -> bytes:
    return PRINTED % {b"t": time, b"a": first, b"b": second}


# PDFs


def test_two_prints_of_one_page_become_the_same_bytes():
    one = print_at(b"20261122111259", b"00001728", b"00001735")
    two = print_at(b"20261122111304", b"00000998", b"00001005")
    assert one != two
    settled = settle_pdf(one, DAY)
    assert settled == settle_pdf(two, DAY)
    assert len(settled) == len(one)
    assert settled.count(b"(D:20261121000000Z)") == 2
    # In the order that they had, because the index of names is sorted; a title is no name.
    assert b"/Limits [(node00000001) (node00000002)]" in settled
    assert b"/Title (node00009999)" in settled
    assert settle_pdf(settled, DAY) == settled


def test_a_page_without_a_date_gives_a_pdf_without_one():
    settled = settle_pdf(print_at(b"20261122111259", b"00000001", b"00000002"), None)
    assert b"Date" not in settled
    assert settled == settle_pdf(print_at(b"20270101000000", b"00000001", b"00000002"), None)


def test_the_date_is_the_pages_own_and_not_one_in_its_text():
    assert find_page_date(PAGE.encode()) == DAY
    moved = PAGE.replace('<meta name="dcterms.date" content="2026-11-21">', "")
    quoted = moved.replace("<h1>", '<meta name="dcterms.date" content="2020-01-01"><h1>')
    assert find_page_date(quoted.encode()) is None


@pytest.fixture(scope="module")
def weasy():
    try:
        return pdf.WeasyPrintPdfWriter()
    except Exception as error:
        pytest.skip(f"WeasyPrint lacks a system library: {error}")


@pytest.fixture(scope="module")
def printed(weasy, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("printed")
    page = folder / "page.html"
    page.write_text(PAGE, encoding="utf-8")
    weasy.write(page, folder / "page.pdf")
    return folder


def test_weasyprint_gives_the_same_bytes_and_says_what_it_must(weasy, printed):
    first = (printed / "page.pdf").read_bytes()
    assert weasy.write(printed / "page.html", printed / "again.pdf").read_bytes() == first
    facts = read_pdf_facts(first)
    assert (facts.is_tagged, facts.language, facts.title) == (
        True,
        "en-GB",
        "Homes (invented) – 1",
    )


@pytest.mark.browser
@pytest.mark.skipif(find_browser() is None, reason="no browser on this machine")
def test_a_browser_gives_the_same_bytes_whenever_it_prints(printed, tmp_path):
    with pdf.open_pdf_writer() as writer:
        first = writer.write(printed / "page.html", tmp_path / "one.pdf").read_bytes()
        assert writer.write(printed / "page.html", tmp_path / "two.pdf").read_bytes() == first
    reader = PdfReader(tmp_path / "one.pdf")
    assert reader.metadata.creation_date.date() == reader.metadata.modification_date.date() == DAY
    facts = read_pdf_facts(first)
    assert facts.is_tagged
    assert (facts.language, facts.title) == (
        reader.trailer["/Root"]["/Lang"],
        reader.metadata.title,
    )


# The record of a final version


@pytest.fixture
def final(tmp_path, printed):
    """A final version with its parameter file, store and folder."""
    own = tmp_path / "params"
    (own / "narrative").mkdir(parents=True)
    for name, text in {
        "area.yml": PARAMS,
        "comments.csv": "comment_id\n",
        "narrative/housing.md": "Homes.",
        "survey.yml": "files:\n  - path: answers.csv\n",
        "answers.csv": "q1\n",
    }.items():
        (own / name).write_text(text, encoding="utf-8")
    (tmp_path / "store").mkdir()
    table = pd.DataFrame({"area_code": ["Z01000001"], "total": [5]})
    store = write_store(tmp_path / "store", {"ts054": table, "ts021": table})
    folder = tmp_path / "outputs" / "test-area"
    for part in ("reports", "downloads"):
        (folder / part).mkdir(parents=True)
    for name in ("page.html", "page.pdf"):
        (folder / "reports" / name).write_bytes((printed / name).read_bytes())
    (folder / "downloads" / "table.csv").write_text("a\n", encoding="utf-8")
    return load_params(own / "area.yml"), store, folder


def finish(final) -> Path:
    file, store, folder = final
    return finish_final(file, store, folder, used={"ts054", "ts037"}, pdf_engine="WeasyPrint 70")


def test_the_record_is_complete_names_no_place_and_is_the_same_again(final, tmp_path):
    path = finish(final)
    text = path.read_text(encoding="utf-8")
    record = json.loads(text)
    assert set(record["inputs"]) == {
        "answers.csv", "comments.csv", "narrative/housing.md", "survey.yml",
    }  # fmt: skip
    assert record["store"]["ts037"] is None
    assert set(record["store"]) == {"ts037", "ts054"}
    assert set(record["files"]) == {"downloads/table.csv", "reports/page.html", "reports/page.pdf"}
    assert (record["version"], record["report_date"]) == ("1.0", "2026-11-21")
    assert {"python", "cip-workbook", "xlsxwriter", "matplotlib"} <= set(record["software"])
    assert tmp_path.as_posix() not in text
    path.unlink()
    assert finish(final).read_text(encoding="utf-8") == text
    assert verify_final(*final) == []


def test_everything_that_changed_is_named(final):
    file, store, folder = final
    finish(final)
    (file.path.parent / "narrative" / "housing.md").write_text("Other homes.", encoding="utf-8")
    (file.path.parent / "answers.csv").unlink()
    (file.path.parent / "narrative" / "food.md").write_text("Food.", encoding="utf-8")
    (folder / "reports" / "page.html").write_text(PAGE + " ", encoding="utf-8")
    (folder / "downloads" / "table.csv").unlink()
    (folder / "downloads" / "more.csv").write_text("b\n", encoding="utf-8")
    pd.DataFrame({"area_code": ["Z01000001"], "total": [6]}).to_parquet(store.path("ts054"))
    file.path.write_text(PARAMS.replace("title: Test", "title: Other"), encoding="utf-8")
    told = [str(problem) for problem in verify_final(load_params(file.path), store, folder)]
    expected = [
        "the parameter file 'area.yml' has changed",
        "the input 'answers.csv' is gone",
        "the input 'narrative/food.md' was not there",
        "the input 'narrative/housing.md' has changed",
        "the store's table 'ts054' has changed",
        "downloads/more.csv: this file is not one of the final version",
        "downloads/table.csv: this file of the final version is gone",
        "reports/page.html: this file no longer has the bytes",
    ]
    assert len(told) == len(expected)
    for words, line in zip(expected, told, strict=True):
        assert line.startswith(words)


def test_other_software_is_named_with_both_versions(final, monkeypatch):
    finish(final)
    from cip.run import rebuild

    now = rebuild.list_software()
    monkeypatch.setattr(rebuild, "list_software", lambda: {**now, "pandas": "0.1"})
    monkeypatch.setattr(rebuild, "digest_code", lambda: "other")
    versions, code = verify_final(*final)
    assert (versions.found, versions.expected) == ("0.1", now["pandas"])
    assert "the code of 'the workbook' has changed" in code.message


def test_a_missing_or_damaged_record_is_told(final):
    (problem,) = verify_final(*final)
    assert "no record" in problem.message
    for damage in ("", "[]", '{"area": "test-area"}'):
        (final[2] / NAME).write_text(damage, encoding="utf-8")
        (problem,) = verify_final(*final)
        assert "cannot be read" in problem.message


def test_a_final_version_with_a_faulty_page_is_refused_and_leaves_no_record(final):
    folder = final[2]
    (folder / "reports" / "page.html").write_text(PAGE.replace(' lang="en-GB"', ""), "utf-8")
    (folder / "reports" / "page.pdf").write_bytes(b"%PDF-1.4\n")
    with pytest.raises(ParameterError) as caught:
        finish(final)
    assert {str(p.file) for p in caught.value.problems} == {"reports/page.html", "reports/page.pdf"}
    assert not (folder / NAME).exists()


@pytest.mark.slow
def test_a_profile_made_twice_has_the_same_bytes(cip, demo_store, demo_run, tmp_path):
    again = tmp_path / "outputs"
    done = cip("run", "params/demo.yml", "--store", demo_store, "--outputs", again, "--force")
    assert done.returncode == 0, done.stdout + done.stderr
    differing, compared = [], 0
    for part in ("reports", "downloads", "tables"):
        first, second = demo_run / "demo" / part, again / "demo" / part
        names = {p.relative_to(first) for p in first.rglob("*") if p.is_file()}
        assert names == {p.relative_to(second) for p in second.rglob("*") if p.is_file()}
        compared += len(names)
        differing += [n for n in names if (first / n).read_bytes() != (second / n).read_bytes()]
    assert compared > 50
    assert differing == []
