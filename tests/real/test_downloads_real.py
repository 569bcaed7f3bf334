"""Downloads of a real area: figures as computed, sources with their checksums, in good time."""

from __future__ import annotations

import hashlib
import time
from datetime import date

import openpyxl
import pytest

from cip.area_definition import resolve_area
from cip.catalogue import load_indicators
from cip.geography import build_areas
from cip.indicators import build_indicators
from cip.membership import build_membership
from cip.params import load_params
from cip.register import load_register
from cip.report.downloads import write_downloads
from cip.report.meta import ReportMeta
from cip.store import Store
from cip.tables import check_table

pytestmark = pytest.mark.real

META = ReportMeta(
    title="Littlemore: Downloads", area_name="Littlemore", published=date(2026, 11, 21)
)


@pytest.fixture(scope="module")
def store(real_store):
    return Store(real_store)


@pytest.fixture(scope="module")
def tables(root, store):
    register = load_register(store)
    file = load_params(root / "params" / "oxfordshire" / "littlemore.yml")
    area = resolve_area(file, register)
    areas, _ = build_areas(file, area, register)
    indicators = build_indicators(store, areas, build_membership(area, areas, register))
    return {"areas": areas, "indicators": check_table("indicators", indicators)}


@pytest.fixture(scope="module")
def sources(store, tables):
    return {name: store.entry(name) for name in dict.fromkeys(tables["indicators"]["source_id"])}


@pytest.fixture(scope="module")
def book(tables, sources, tmp_path_factory):
    folder = tmp_path_factory.mktemp("downloads")
    write_downloads(tables, folder, META, sources=sources)
    return openpyxl.load_workbook(folder / "data_report_tables.xlsx")


def read_table(sheet) -> list[list[object]]:
    (table,) = sheet.tables.values()
    return [[cell.value for cell in row] for row in sheet[table.ref]]


def test_every_figure_of_the_area_is_in_the_workbook(book, tables):
    entries, words = load_indicators(), 6
    own = tables["indicators"].query("value.notna() and not is_suppressed")
    expected = {
        (entries[row.indicator_id].label, row.group_label or "[z]", row.area_name, row.period):
            row.value for row in own.itertuples()
    }  # fmt: skip
    seen = 0
    for sheet in book.worksheets:
        heading, *rows = read_table(sheet) if sheet.tables else [[]]
        if "Figure [note 1]" not in heading:
            continue
        places = {name: place for place, name in enumerate(heading)}
        for row in rows:
            group = row[places["Group"]] if "Group" in places else "[z]"
            key = (row[0], group, row[places["Area"]], row[places["Period"]])
            figure = row[places["Figure [note 1]"]]
            if figure not in ("[c]", "[x]", "[z]", "[low]"):
                assert figure == pytest.approx(expected[key], rel=1e-14), key
            seen += key in expected
    assert seen == len(own) > 2000
    assert len(book.worksheets) > words


def test_checksums_are_those_of_the_files(book, real_data):
    heading, *rows = read_table(book["Sources"])
    name, digest = heading.index("File"), heading.index("SHA-256 checksum of the file")
    paths = [path for path in real_data.rglob("*") if path.is_file()]
    files = {path.relative_to(real_data).as_posix(): path for path in paths}
    found = [row for row in rows if row[name] in files]
    assert len(found) >= 10
    for row in found:
        assert hashlib.sha256(files[row[name]].read_bytes()).hexdigest() == row[digest], row[name]


def test_genuine_figures_name_their_publishers(book):
    texts = [str(c.value) for row in book["Sources"].iter_rows() for c in row]
    assert any("Office for National Statistics" in text for text in texts)
    assert not any("nvented" in text or "Synthetic" in text for text in texts)


def test_downloads_take_little_time(tables, sources, tmp_path):
    write_downloads(tables, tmp_path, META, sources=sources)  # what is loaded once
    start = time.process_time()
    write_downloads(tables, tmp_path, META, sources=sources)
    # Twice what is meant for an area, so that a busy machine does not fail the test.
    assert time.process_time() - start < 3.0
