"""REFI-QDA codebooks and projects: read as they come, and never trusted."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from cip.engagement import refi_qda_archive
from cip.engagement.codebook import Codebook, Theme, read_codebook
from cip.engagement.coding_settled import list_disagreements
from cip.engagement.excerpts import load_excerpts
from cip.engagement.refi_qda_offsets import Selection, locate_selections
from cip.engagement.refi_qda_passages import Coded, join_passages
from cip.errors import ParameterError

BOOK = Codebook((Theme("damp", "Damp"), Theme("bus", "Buses")))
SPACE = "urn:QDA-XML:project:1.0"
TEXT = "The wall is wet. 🐕 No bus comes after seven."
CODES = """<Codes><Code guid="C0" name="Homes" isCodable="false">
  <Code guid="C1" name="Damp" isCodable="true"><Description>Wet walls
topic: housing
polarity: challenge</Description></Code></Code>
  <Code guid="C2" name="Buses" isCodable="true"/></Codes>"""
USERS = '<Users><User guid="U1" name="Anna"/><User guid="U2" name="Ben"/></Users>'
VARIABLES = """<Variables><Variable guid="V1" name="Age" typeOfVariable="Text"/>
  <Variable guid="V2" name="voice" typeOfVariable="Text"/>
  <Variable guid="V3" name="Favourite colour" typeOfVariable="Text"/></Variables>"""
CASES = """<Cases><Case guid="K1" name="Ottoline"><VariableValue><VariableRef targetGUID="V1"/>
  <TextValue>16 to 24</TextValue></VariableValue><VariableValue><VariableRef targetGUID="V2"/>
  <TextValue>interview</TextValue></VariableValue><SourceRef targetGUID="S1"/></Case></Cases>"""


def select(start: int, end: int, code: str = "C1", user: str = "U1", name: str = "") -> str:
    return (
        f'<PlainTextSelection guid="P{start}-{user}-{code}" name="{name}" startPosition="{start}" '
        f'endPosition="{end}"><Coding guid="X" creatingUser="{user}"><CodeRef targetGUID="{code}"/>'
        "</Coding></PlainTextSelection>"
    )


def make_qde(selections: str, *, space: str = SPACE, more: str = "", head: str = "") -> str:
    name = f' xmlns="{space}"' if space else ""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{head}<Project{name} name="Test">{USERS}'
        f"<CodeBook>{CODES}</CodeBook>{VARIABLES}{CASES}<Sources>"
        f'<TextSource guid="S1" name="One.docx" plainTextPath="internal://s1.txt">{selections}'
        f"</TextSource>{more}</Sources></Project>"
    )


def pack(
    path: Path, qde: str, *, text: bytes = TEXT.encode(), name: str = "Sources/s1.txt"
) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", qde)
        archive.writestr(name, text)
    return path


def load(tmp_path, qde: str, **options):
    return load_excerpts(pack(tmp_path / "project.qdpx", qde, **options), BOOK)


def refuse(path: Path) -> str:
    with pytest.raises(ParameterError) as caught:
        load_excerpts(path, BOOK)
    assert len(caught.value.problems) == 1
    return str(caught.value)


def test_a_codebook_is_read_with_parents(tmp_path):
    path = tmp_path / "book.qdc"
    path.write_text(
        f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="Test">{CODES}</CodeBook>',
        encoding="utf-8",
    )
    book = read_codebook(path)
    assert list(book.by_id) == ["homes", "damp", "buses"]
    damp = book.by_id["damp"]
    assert (damp.parent, damp.topic, damp.polarity) == ("homes", "housing", "challenge")
    assert damp.description == "Wet walls"
    assert read_codebook(pack(tmp_path / "p.qdpx", make_qde(""))).by_id == book.by_id


@pytest.mark.parametrize("space", [SPACE, "urn:QDA-XML:project:1.5", ""])
def test_a_project_is_read_with_coders_cases_and_variables(tmp_path, space):
    qde = make_qde(select(0, 16) + select(0, 15, user="U2") + select(19, 44, "C2"), space=space)
    excerpts, problems = load(tmp_path, qde)
    assert problems == []
    assert list(excerpts.frame["text"]) == [TEXT[:16], TEXT[19:44].strip()]
    assert excerpts.coders == ["coder_a", "coder_b"]
    assert list(excerpts.frame["age"]) == ["16_24", "16_24"]
    assert list(excerpts.frame["voice"]) == ["interview"] * 2
    # The two selections of the first sentence are one passage, on which the coders agree.
    assert list(list_disagreements(excerpts)["theme_id"]) == ["bus"]
    for table in (excerpts.frame.drop(columns="text"), excerpts.codings, excerpts.looked_at):
        assert "Anna" not in table.to_csv() and "Ottoline" not in table.to_csv()


def test_ids_of_excerpts_stay_when_a_project_is_read_again(tmp_path):
    first, _ = load(tmp_path, make_qde(select(0, 16) + select(19, 44, "C2")))
    again, _ = load(tmp_path, make_qde(select(19, 44, "C2") + select(0, 16)))
    assert list(first.frame["excerpt_id"]) == list(again.frame["excerpt_id"])


def test_positions_in_other_units_are_told_by_the_selections_names():
    units = TEXT.encode("utf-16-le")
    start = len(TEXT[: TEXT.index("No bus")].encode("utf-16-le")) // 2
    end = len(units) // 2
    place = locate_selections(TEXT, [Selection(start, end, "No bus comes...")])[0]
    assert TEXT[slice(*place)] == "No bus comes after seven."
    plain = TEXT.index("No bus")
    place = locate_selections(TEXT, [Selection(plain, len(TEXT), "No bus comes...")])[0]
    assert TEXT[slice(*place)] == "No bus comes after seven."


def test_line_ends_of_two_signs_may_count_as_one():
    text = "One.\r\nTwo.\r\nThree."
    place = locate_selections(text, [Selection(10, 16, "Three.")])[0]
    assert text[slice(*place)].strip() == "Three."


def test_selections_outside_the_text_are_counted_and_left_out(tmp_path):
    qde = make_qde(select(0, 16) + select(40, 4_000) + select(9, 3))
    excerpts, problems = load(tmp_path, qde)
    assert len(excerpts.frame) == 1
    assert "2 selections of a text do not lie in it" in str(problems[0])


def test_codes_sources_and_pictures_that_cannot_be_used_are_told(tmp_path):
    more = (
        '<TextSource guid="S2" name="Two" plainTextPath="relative://../two.txt">'
        f'{select(0, 3)}</TextSource><PictureSource guid="S3" name="x"><PictureSelection/>'
        "</PictureSource>"
    )
    qde = make_qde(select(0, 16, "C0") + select(0, 16), more=more)
    excerpts, problems = load(tmp_path, qde)
    told = "\n".join(map(str, problems))
    assert "code number 1 of the project is not in the codebook" in told
    assert "a text with 1 selections is not in the project" in told
    assert "1 selections of pictures" in told
    assert list(excerpts.codings["theme_id"]) == ["damp"]


def test_unknown_values_of_variables_are_told_and_not_repeated(tmp_path):
    qde = make_qde(select(0, 16)).replace("16 to 24", "Ottoline Ferrywhistle")
    excerpts, problems = load(tmp_path, qde)
    assert "age of a person or text: there is no such group" in str(problems[0])
    assert "Ferrywhistle" not in str(problems) + repr(excerpts)


def test_a_representation_of_a_pdf_is_read_as_its_text(tmp_path):
    more = (
        '<PDFSource guid="S4" name="Four.pdf"><Representation guid="R4" '
        f'plainTextPath="internal://s1.txt">{select(0, 16)}</Representation></PDFSource>'
    )
    excerpts, problems = load(tmp_path, make_qde(select(19, 44, "C2"), more=more))
    assert problems == [] or "who speaks" in str(problems)
    assert len(excerpts.frame) == 2


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE Project [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE Project SYSTEM "file:///etc/passwd">',
        "<!DOCTYPE Project>",
    ],
)
def test_a_document_type_is_refused_whatever_it_says(tmp_path, head):
    assert "declares a document type" in refuse(
        pack(tmp_path / "p.qdpx", make_qde(select(0, 16), head=head))
    )
    path = tmp_path / "book.qdc"
    qde = make_qde("", head=head).replace('encoding="utf-8"', 'encoding="utf-16"')
    path.write_bytes(qde.encode("utf-16"))
    with pytest.raises(ParameterError, match="document type"):
        read_codebook(path)


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/etc/evil", "Sources/../../evil", "C:/evil", "a\\..\\evil"]
)
def test_files_outside_the_project_are_refused(tmp_path, name):
    path = pack(tmp_path / "p.qdpx", make_qde(select(0, 16)), name=name)
    assert "names files outside itself" in refuse(path)


@pytest.mark.parametrize(
    "address", ["internal://../secret.txt", "absolute:///etc/passwd", "/etc/passwd", "file:///x"]
)
def test_sources_elsewhere_are_never_opened(tmp_path, address):
    (tmp_path / "secret.txt").write_text(TEXT, encoding="utf-8")
    qde = make_qde(select(0, 16)).replace("internal://s1.txt", address)
    with pytest.raises(ParameterError, match="no excerpt in here can be used"):
        load(tmp_path, qde)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = pack(tmp_path / "p.qdpx", make_qde(select(0, 16)), text=b"a" * 30_000_000)
    assert "unpacks to far too much" in refuse(path)


def test_a_size_that_is_a_lie_does_not_help(tmp_path, monkeypatch):
    monkeypatch.setattr(refi_qda_archive, "LARGEST_MEMBER", 10)
    path = pack(tmp_path / "p.qdpx", make_qde(select(0, 16)))
    assert "too large" in refuse(path)


@pytest.mark.parametrize("part", [0.2, 0.5, 0.95])
def test_a_broken_project_gives_one_clear_message(tmp_path, part):
    whole = pack(tmp_path / "p.qdpx", make_qde(select(0, 16))).read_bytes()
    path = tmp_path / "cut.qdpx"
    path.write_bytes(whole[: int(len(whole) * part)])
    assert "is it cut short?" in refuse(path)


def test_broken_contents_are_told(tmp_path):
    path = tmp_path / "p.qdpx"
    assert "XML of this REFI-QDA file is broken" in refuse(pack(path, make_qde("<oops>")))
    assert "not in UTF-8" in refuse(pack(path, make_qde(select(0, 5)), text=b"\xff\xfe\x00xx\xe9"))
    assert "not a REFI-QDA file" in refuse(pack(path, make_qde("", space="urn:other")))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", "no project")
    path.write_bytes(stream.getvalue())
    assert "no project.qde" in refuse(path)


def test_damaged_bytes_inside_are_told(tmp_path):
    path = pack(tmp_path / "p.qdpx", make_qde(select(0, 16) * 40))
    content = bytearray(path.read_bytes())
    for place in range(100, 300):
        content[place] ^= 0xFF
    path.write_bytes(bytes(content))
    assert "p.qdpx" in refuse(path)


def test_passages_join_what_overlaps_by_half_and_no_chains():
    parts = [Coded(0, 10, "a", []), Coded(4, 14, "b", []), Coded(8, 18, "c", []),
             Coded(0, 100, "d", [])]  # fmt: skip
    found = [[one.guid for one in passage.parts] for passage in join_passages(parts)]
    assert found == [["d"], ["a", "b"], ["c"]]
