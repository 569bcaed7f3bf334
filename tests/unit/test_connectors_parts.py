"""The parts of the connectors by themselves: archives, workbooks, headings, declarations."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cip.catalogue.offers import load_offers, parse_download_catalogue
from cip.errors import SourceError
from cip.sources.acceptance import compare_headings, show_headings
from cip.sources.archives import RemoteFile, find_danger, pick_members
from cip.sources.copies import CopyFolder
from cip.sources.files import RawFile, list_files
from cip.sources.raw_tables import open_tables

from ..support.invented import write_ods
from ..support.web import make_zip


def make_member(name: str = "a.csv", *, size: int = 10, packed: int = 5, flags: int = 0):
    member = zipfile.ZipInfo(name)
    member.file_size, member.compress_size, member.flag_bits = size, packed, flags
    return member


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ([make_member()], ""),
        ([make_member(size=900_000_000, packed=90_000_000)], ""),
        ([make_member(size=50_000_000, packed=1)], ""),  # small, however hard it is packed
        (
            [make_member(size=50_000_001, packed=250_000)],
            "250,000 bytes would unpack to 50,000,001",
        ),
        ([make_member(size=50_000_001, packed=250_006)], ""),
        ([make_member(size=800_000_000, packed=10**8)] * 2, "would unpack to 1,600,000,000 bytes"),
        ([make_member(flags=1)], "it is encrypted"),
        ([make_member()] * 2001, "it holds 2,001 files"),
        ([make_member("../a.csv")], "points outside"),
        ([make_member("/etc/a.csv")], "points outside"),
        ([make_member("..\\a.csv")], "points outside"),
        ([make_member("C:/a.csv")], "points outside"),
    ],
)
def test_dangers_of_an_archive(members: list, said: str) -> None:
    assert (said in find_danger(members)) if said else find_danger(members) == ""


def test_picked_archive_does_not_depend_on_dates(tmp_path: Path) -> None:
    made = []
    for year in (2024, 2026):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(zipfile.ZipInfo("x/b_OX.csv", (year, 1, 1, 0, 0, 0)), "1,2\n")
            archive.writestr(zipfile.ZipInfo("x/a_RG.csv", (year, 1, 1, 0, 0, 0)), "3,4\n")
        target = tmp_path / f"{year}.zip"
        pick_members(buffer, ["*_OX.csv"], target, name="whole.zip")
        made.append(target.read_bytes())
    assert made[0] == made[1]


@given(
    content=st.binary(min_size=1, max_size=300),
    steps=st.lists(st.tuples(st.integers(0, 320), st.integers(0, 90)), max_size=8),
)
def test_remote_file_reads_like_a_file(content: bytes, steps: list[tuple[int, int]]) -> None:
    remote = RemoteFile(lambda first, end: content[first:end], len(content))
    near = io.BytesIO(content)
    for place, count in steps:
        assert remote.seek(place) == near.seek(place)
        assert remote.read(count) == near.read(count)
    assert remote.seek(-1, io.SEEK_END) == len(content) - 1


SHEETS = {
    "1_Relative_Local_Authority": [
        ["Relative low income"],
        ["Local Authority", "Area Code", "Number & share"],
        ["Oxford", "E07000178", 1200],
        ["Cherwell", "E07000177", 0.25],
    ],
    "Notes": [["A note"]],
}


def test_open_document_sheets_are_read(tmp_path: Path) -> None:
    path = tmp_path / "tables.ods"
    path.write_bytes(write_ods(SHEETS))
    (file,) = list_files(path)
    assert isinstance(file, RawFile)
    tables = open_tables(file)
    assert [table.sheet for table in tables] == list(SHEETS)
    assert tables[0].load().rows[1:] == [
        ["Local Authority", "Area Code", "Number & share"],
        ["Oxford", "E07000178", "1200"],
        ["Cherwell", "E07000177", "0.25"],
    ]


def replace_content(document: bytes, content: str) -> bytes:
    """Return an OpenDocument file with another content."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        files: dict[str, str | bytes] = {n: archive.read(n) for n in archive.namelist()}
    return make_zip({**files, "content.xml": content})


def test_repeated_cells_of_an_open_document(tmp_path: Path) -> None:
    """A cell may be repeated: a few times it is meant, a million times it fills the sheet up."""
    content = zipfile.ZipFile(io.BytesIO(write_ods({"S": [["a", "b"], ["c", "d"]]}))).read(
        "content.xml"
    )
    text = content.decode().replace(
        '<table:table-cell office:value-type="string"><text:p>a</text:p>',
        '<table:table-cell table:number-columns-repeated="3" office:value-type="string"><text:p>a</text:p>',
    )
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    filler = f'<table:table-row table:number-rows-repeated="1048576">{empty}</table:table-row>'
    end = f"{filler}</table:table>"
    path = tmp_path / "a.ods"
    path.write_bytes(
        replace_content(
            write_ods({"S": [["a", "b"], ["c", "d"]]}), text.replace("</table:table>", end)
        )
    )
    (file,) = list_files(path)
    (table,) = open_tables(file)
    rows = [[cell for cell in row if cell] for row in table.load().rows]
    assert [row for row in rows if row] == [["a", "a", "a", "b"], ["c", "d"]]


@pytest.mark.parametrize("damage", ["cut", "not xml"])
def test_damaged_open_document(damage: str, tmp_path: Path) -> None:
    path = tmp_path / "a.ods"
    good = write_ods(SHEETS)
    path.write_bytes(
        {
            "cut": good[:-50],
            "not xml": replace_content(good, "<office"),
        }[damage]
    )
    (found,) = list_files(path)
    if isinstance(found, RawFile):
        with pytest.raises(SourceError, match="cut short"):
            open_tables(found)
    else:
        assert "cut short" in str(found)


def test_headings_are_compared_as_the_loaders_do() -> None:
    old, new = (
        ["Geography Code", "Good health", "Fair health"],
        ["geography code", "Good health ", "Fair"],
    )
    assert compare_headings(old, new) == (["Fair health"], ["Fair"])
    assert show_headings([]) == "(none)"
    assert show_headings([f"h{i}" for i in range(10)]).endswith("'h7' and 2 more")


ENTRY = """
[pauses_s]
[[downloads]]
product = "ts054"
kind = "nomis"
file_name = "x.csv"
address = "https://www.nomisweb.co.uk/x"
params = { geography = "TYPE151" }
evidence = "from memory"
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", ""),
        ('"ts054"', '"ts54"', "unknown products: ts54"),
        ('kind = "nomis"', 'kind = "file"', "params"),
        ('kind = "nomis"', 'kind = "ftp"', "kind"),
        ('"x.csv"', '"../x.csv"', "file_name"),
        ('"from memory"', '"sure"', "evidence"),
        ("geography", "geography = 1, x", "params"),
    ],
)
def test_mistakes_in_the_catalogue_are_named(old: str, new: str, said: str) -> None:
    text = ENTRY.replace(old, new, 1) if old else ENTRY
    if not said:
        assert len(parse_download_catalogue(text).downloads) == 1
        return
    with pytest.raises(SourceError, match=said):
        parse_download_catalogue(text)


def test_copies_of_chosen_areas_have_names_of_their_own(tmp_path: Path) -> None:
    folder = CopyFolder(tmp_path)
    offer = load_offers()["ts054"]
    (download,) = offer.choose(for_areas=True)
    names = [
        folder.start(offer, download, areas).file_name
        for areas in (
            (),
            ("E07000178",),
            ("E07000178", "E07000177"),
            [f"E0700{i:04}" for i in range(9)],
        )
    ]
    assert names[:3] == [
        "nomis_ts054.csv",
        "nomis_ts054-E07000178.csv",
        "nomis_ts054-E07000177_E07000178.csv",
    ]
    assert len(set(names)) == 4
    assert len(names[3]) < 40


def test_files_are_laid_out_also_without_hard_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*of: object) -> None:
        raise OSError("no links here")

    folder = CopyFolder(tmp_path)
    offer = load_offers()["ts054"]
    copy = folder.start(offer, offer.downloads[0], ())
    copy.good.write_bytes(b"good")
    monkeypatch.setattr(os, "link", refuse)
    with folder.lay_out([copy]) as place:
        assert [(p.name, p.read_bytes()) for p in place.iterdir()] == [(copy.file_name, b"good")]
    assert not place.exists()
