"""The shared reader of the community's own tables: what it takes, and how each mistake is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cip.errors import ParameterError, Problem
from cip.inputs import (
    Column,
    describe_columns,
    find_contact,
    find_person,
    read_table,
    split_choices,
    write_form,
)
from cip.inputs.columns import read_cell

COLUMNS = {
    "name": Column(required=True, privacy="no_contact"),
    "held_by": Column(privacy="role"),
    "day": Column(kind="date"),
    "people": Column(kind="integer", minimum=0),
    "share": Column(kind="number", maximum=100),
    "kind": Column(kind="choice", choices=("in hand", "settled")),
    "topics": Column(kind="choices", choices=("housing", "work", "food")),
    "is_open": Column(kind="flag"),
    "link": Column(kind="link"),
}
HEAD = ",".join(COLUMNS)
GOOD = f"{HEAD}\nClub,Chair,2026-03-01,12,3.5,settled,food;work,yes,https://example.org/a?b=1\n"


def write(folder: Path, text: str | bytes, name: str = "own.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def problems_of(path: Path, **options) -> list[Problem]:
    with pytest.raises(ParameterError) as caught:
        read_table(path, COLUMNS, **options)
    return caught.value.problems


def write_workbook(path: Path, **sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_every_kind_becomes_its_type(tmp_path):
    table = read_table(write(tmp_path, GOOD), COLUMNS)
    (row,) = table.to_dict("records")
    assert row["name"] == "Club"
    assert row["day"] == pd.Timestamp(2026, 3, 1)
    assert (row["people"], row["share"], row["is_open"]) == (12, 3.5, True)
    assert row["topics"] == "work; food"  # in the order of the choices
    assert row["row"] == 2
    assert [str(t) for t in table.dtypes] == [
        "str", "str", "datetime64[s]", "Int64", "float64", "str", "str", "boolean", "str", "int64",
    ]  # fmt: skip


def test_blank_is_missing_and_never_zero(tmp_path):
    table = read_table(write(tmp_path, f"{HEAD}\nClub{',' * 8}\n"), COLUMNS)
    assert table.drop(columns=["name", "row"]).isna().all(axis=None)
    assert table["people"].dtype == "Int64"


# one row per way in which a spreadsheet program may write the same file
FORMS = [
    ("byte order mark", lambda text: b"\xef\xbb\xbf" + text.encode()),
    ("Windows line ends", lambda text: text.replace("\n", "\r\n").encode()),
    ("semicolons", lambda text: text.replace(";", "|").replace(",", ";").replace("|", ",").encode()),
    ("tabs", lambda text: text.replace(",", "\t").encode()),
    ("no last line end", lambda text: text.rstrip().encode()),
    ("headings as people write them", lambda text: text.replace("held_by", " Held by ").encode()),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change"), FORMS, ids=[name for name, _ in FORMS])
def test_the_same_table_in_another_form(tmp_path, name, change):
    text = GOOD.replace("food;work", "food")
    expected = read_table(write(tmp_path, text), COLUMNS)
    found = read_table(write(tmp_path, change(text), "other.csv"), COLUMNS)
    pd.testing.assert_frame_equal(found, expected)


def test_rows_are_counted_as_a_spreadsheet_counts(tmp_path):
    text = f'{HEAD}\n"Two\nlines"{"," * 8}\n{"," * 8}\n\nClub{"," * 8}\n'
    assert read_table(write(tmp_path, text), COLUMNS)["row"].tolist() == [2, 5]


def test_a_table_without_rows_is_a_table(tmp_path):
    table = read_table(write(tmp_path, HEAD), COLUMNS)
    assert table.empty
    assert list(table.columns) == [*COLUMNS, "row"]
    assert str(table["day"].dtype) == "datetime64[s]"


def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    text = f'{HEAD}\n"=HYPERLINK(""x"")"{"," * 8}\n'
    assert read_table(write(tmp_path, text), COLUMNS)["name"].tolist() == ['=HYPERLINK("x")']


# one row per mistake: cells of the row, column, words of the message, nearest valid value
MISTAKES = [
    (",Chair,,,,,,,", "name", "must be filled in", None),
    ("Club,,31/02/2026,,,,,,", "day", "not a date", None),
    ("Club,,03/31/2026,,,,,,", "day", "not a date", None),
    ("Club,,1/2/26,,,,,,", "day", "not a date", None),
    ("Club,,0202-01-01,,,,,,", "day", "out of reach", None),
    ("Club,,,many,,,,,", "people", "not a number", None),
    ("Club,,,nan,,,,,", "people", "not a number", None),
    ("Club,,,1.5,,,,,", "people", "not a whole number", None),
    ("Club,,,-1,,,,,", "people", "out of range", None),
    ("Club,,,,101,,,,", "share", "out of range", None),
    ("Club,,,,5%,,,,", "share", "not a number", None),
    ("Club,,,,inf,,,,", "share", "not a number", None),
    ("Club,,,,,setled,,,", "kind", "not one of the choices", "settled"),
    ("Club,,,,,,food; zebra,,", "topics", "not one of the choices", None),
    ("Club,,,,,,food; hosing,,", "topics", "not one of the choices", "housing"),
    ("Club,,,,,,,maybe,", "is_open", "not yes or no", None),
    ("Club,,,,,,,,www.example.org", "link", "not a web address", "https://www.example.org"),
    ("Club,,,,,,,,javascript:alert(1)", "link", "not a web address", None),
    ("Club,,,,,,,,data:text/html;x", "link", "not a web address", None),
    ("Club,,,,,,,,https://bank.example@evil.example", "link", "not a web address", None),
    ("Club,,,,,,,,https://[bad", "link", "not a web address", None),
    ('Club,,,,,,,,"https://example.org/""><b>"', "link", "not a web address", None),
    ("Club\x07,,,,,,,,", "name", "cannot be printed", None),
    ("Club someone@example.org,,,,,,,,", "name", "an e-mail address", None),
    ("Club,Ring 01632 960 123,,,,,,,", "held_by", "a telephone number", None),
    ("Club,Dr Ann Example,,,,,,,", "held_by", "a person's name", None),
]


@pytest.mark.parametrize(("cells", "column", "words", "nearest"), MISTAKES)
def test_each_mistake_is_told_with_its_place(tmp_path, cells, column, words, nearest):
    (problem,) = problems_of(write(tmp_path, f"{HEAD}\n\n{cells}\n"))
    assert words in problem.message
    assert (problem.row, problem.column, problem.nearest) == (3, column, nearest)
    assert str(problem.file).endswith("own.csv")


def test_every_mistake_of_a_file_is_told_at_once(tmp_path):
    rows = "\n".join(cells for cells, *_ in MISTAKES)
    found = problems_of(write(tmp_path, f"{HEAD}\n{rows}\n"))
    assert [(p.row, p.column) for p in found] == [
        (number, column) for number, (_, column, *_) in enumerate(MISTAKES, start=2)
    ]


def test_what_seems_personal_is_never_repeated(tmp_path):
    text = f"{HEAD}\nClub a.b@example.org,Mrs Example 07700 900123{',' * 7}\n"
    told = "\n".join(map(str, problems_of(write(tmp_path, text))))
    assert len(told.splitlines()) == 2
    assert not any(part in told for part in ("a.b", "900123", "Mrs"))


# one row per fault of the headings
HEADINGS = [
    (GOOD.replace("held_by", "heldby"), "this heading is not known", "held_by"),
    (GOOD.replace("held_by", "heldby"), "the column 'held_by' is missing", None),
    (GOOD.replace("held_by", "name"), "this heading stands twice", None),
    (GOOD.replace("\n", ",,more\n").replace(",,more", "", 1), "more cells than there are", None),
    (GOOD.replace("link\n", "link,\n").replace("b=1", "b=1,x"), "cells but no heading", None),
]


@pytest.mark.parametrize(("text", "words", "nearest"), HEADINGS)
def test_each_fault_of_the_headings_is_told(tmp_path, text, words, nearest):
    found = [p for p in problems_of(write(tmp_path, text)) if words in p.message]
    assert len(found) == 1
    assert found[0].nearest == nearest


def test_faults_of_headings_and_of_cells_come_together(tmp_path):
    text = GOOD.replace("held_by", "heldby").replace("2026-03-01", "soon")
    words = " ".join(p.message for p in problems_of(write(tmp_path, text)))
    for part in ("not known", "missing", "not a date"):
        assert part in words


# one row per file that is not a table at all
FILES = [
    ("own.csv", b"", "this file is empty"),
    ("own.csv", b"\n\n", "this file is empty"),
    ("own.csv", GOOD.replace("Club", "Café").encode("cp1252"), "not in UTF-8"),
    ("own.csv", GOOD.encode("utf-16"), "not text in UTF-8"),
    ("own.csv", f'{HEAD}\n"Club,,\n'.encode(), "quotation marks"),
    ("own.xlsx", b"PK not a workbook", "not a workbook"),
    ("own.xls", b"x", "kind of file is not read"),
]


@pytest.mark.parametrize(("name", "content", "words"), FILES)
def test_a_file_that_is_no_table_is_refused(tmp_path, name, content, words):
    (problem,) = problems_of(write(tmp_path, content, name))
    assert words in problem.message


def test_the_line_of_a_wrong_letter_is_named(tmp_path):
    text = f"{HEAD}\nClub{',' * 8}\nCafé{',' * 8}\n"
    (problem,) = problems_of(write(tmp_path, text.encode("cp1252")))
    assert problem.line == 3
    assert "CSV UTF-8" in (problem.expected or "")


def test_a_file_that_is_not_there_offers_the_nearest(tmp_path):
    write(tmp_path, GOOD, "insight.csv")
    (problem,) = problems_of(tmp_path / "insights.csv")
    assert problem.nearest == "insight.csv"


def test_rules_between_cells_are_told_with_the_rest(tmp_path):
    def check(table: pd.DataFrame):
        yield from (Problem("too small", row=row) for row in table.loc[table["people"] < 2, "row"])

    text = f"{HEAD}\nA,,,1,,,,,\nB,,,x,,,,,\nC,,,5,,,,,\n"
    found = problems_of(write(tmp_path, text), check=check)
    assert [(p.row, p.message) for p in found] == [(2, "too small"), (3, "this is not a number")]


def test_a_cell_is_told_of_once(tmp_path):
    def check(table: pd.DataFrame):
        blank = table.loc[table["day"].isna(), "row"]
        yield from (Problem("no day", row=row, column="day") for row in blank)

    text = f"{HEAD}\nA,,soon,,,,,,\nB,,,,,,,,\n"
    found = problems_of(write(tmp_path, text), check=check)
    assert [(p.row, p.message) for p in found] == [(2, "this is not a date"), (3, "no day")]


def test_a_workbook_gives_the_same_table(tmp_path):
    cells = ["Club", "Chair", date(2026, 3, 1), 12.0, 3.5, "Settled", "food;work", True]
    rows = [list(COLUMNS), [*cells, "https://example.org/a?b=1"], [None] * 9]
    book = write_workbook(tmp_path / "own.xlsx", Notes=[["Read me"]], Table=rows)
    pd.testing.assert_frame_equal(
        read_table(book, COLUMNS), read_table(write(tmp_path, GOOD), COLUMNS)
    )


def test_cells_of_a_workbook_that_hold_no_value_are_told(tmp_path):
    row = ["Club", None, None, "=1+1", "#REF!", *[None] * 4]
    book = write_workbook(tmp_path / "own.xlsx", Table=[list(COLUMNS), row])
    found = problems_of(book)
    assert [(p.sheet, p.row, p.column) for p in found] == [
        ("Table", 2, "people"),
        ("Table", 2, "share"),
    ]
    assert "without its result" in found[0].message
    assert "error #REF!" in found[1].message


def test_two_sheets_with_the_headings_are_refused(tmp_path):
    rows = [list(COLUMNS)]
    (problem,) = problems_of(write_workbook(tmp_path / "own.xlsx", One=rows, Two=rows))
    assert "more than one sheet" in problem.message
    assert problem.found == "One, Two"


# one row per text: what kind of contact detail, what kind of personal detail
PERSONAL = [
    ("someone@example.org", "an e-mail address", "an e-mail address"),
    ("some.one [at] example.org", "an e-mail address", "an e-mail address"),
    ("01632 960123", "a telephone number", "a telephone number"),
    ("(01632) 960-123", "a telephone number", "a telephone number"),
    ("+44 (0)20 7946 0123", "a telephone number", "a telephone number"),
    ("07700900123", "a telephone number", "a telephone number"),
    ("Mrs Example", None, "a person's name"),
    ("mr Example", None, "a person's name"),
    ("Dr. A. Example", None, "a person's name"),
    ("Cllr Ann Example", None, "a person's name"),
    ("Revd Canon Example", None, "a person's name"),
    ("Professor Example", None, "a person's name"),
    ("Councillor for the ward", None, None),
    ("MS Society", None, None),
    ("Ms", None, None),
    ("Lord Mayor's office", None, None),
    ("Miss no appointment", None, None),
    ("2021-2024, 1,500 homes, 31/03/2026", None, None),
    ("Project lead, district council", None, None),
    ("reference 10012345678", None, None),
    ("meet @ the hall", None, None),
]


@pytest.mark.parametrize(("text", "contact", "person"), PERSONAL)
def test_signs_of_personal_data(text, contact, person):
    assert find_contact(text) == contact
    assert find_person(text) == person


@given(st.from_regex(r"[a-z]{1,8}\.?[a-z0-9]{1,8}@[a-z]{2,8}\.(org|co\.uk)", fullmatch=True))
def test_no_mail_address_passes(address):
    assert find_contact(f"Ask {address}, please") == "an e-mail address"


@given(st.from_regex(r"0[1-9][0-9]{8,9}", fullmatch=True), st.integers(2, 8))
def test_no_telephone_number_passes_however_it_is_spaced(number, place):
    assert find_contact(f"Ring {number[:place]} {number[place:]}.") == "a telephone number"


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_way_to_write_a_day_is_read_alike(day):
    column = Column(kind="date")
    for text in (day.isoformat(), day.strftime("%d/%m/%Y"), f"{day.day} {day:%B %Y}"):
        assert read_cell(text, column) == day


@given(st.lists(st.sampled_from(["housing", "work", "food"])), st.randoms())
def test_the_order_of_choices_does_not_matter(names, random):
    column = COLUMNS["topics"]
    shuffled = list(names)
    random.shuffle(shuffled)
    assert read_cell("; ".join(shuffled), column) == read_cell(";".join(names), column)
    assert set(split_choices(read_cell(";".join(names), column))) == set(names)


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20))
def test_what_a_form_is_filled_with_comes_back(tmp_path_factory, text):
    columns = {"name": Column(), "note": Column()}
    path = write_form(
        tmp_path_factory.mktemp("form") / "own.csv", columns, [{"name": "a", "note": text}]
    )
    found = read_table(path, columns)["note"].tolist()
    assert found == [f"'{text}" if text[0] in "=+-@" else text]


def test_a_form_is_never_replaced(tmp_path):
    path = write_form(tmp_path / "new" / "own.csv", COLUMNS)
    assert read_table(path, COLUMNS).empty
    with pytest.raises(ParameterError, match="already exists"):
        write_form(path, COLUMNS)
    with pytest.raises(ValueError, match="other"):
        write_form(tmp_path / "b.csv", COLUMNS, [{"other": "x"}])


def test_columns_are_described_for_who_fills_them_in():
    lines = describe_columns(
        {"day": Column(kind="date", required=True, description="When it was."), "note": Column()}
    )
    assert lines[0].startswith("`day` (must be filled in): When it was. A date such as")
    assert lines[1] == "`note` (may be blank): Text."
