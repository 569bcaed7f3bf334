"""The area's own files as the asset editor changes them: plans, diffs, and writes refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cip.errors import ParameterError
from cip.interactive.asset_changes import apply_change, plan_change, propose_path
from cip.interactive.asset_csv import read_csv_file, start_csv_file
from cip.interactive.asset_form import check_cells
from cip.interactive.asset_own import OwnRegister, list_form_columns
from cip.params import load_params

from ..support.asset_register import BLANKS, CLUB, HEAD, PARAMETERS, TABLE, TODAY, make_file


def make_register(folder: Path, **options) -> OwnRegister:
    return OwnRegister(make_file(folder, **options), TODAY, (450_000, 200_000, 460_000, 210_000))


def problems_of(act) -> list[str]:
    with pytest.raises(ParameterError) as caught:
        act()
    return [str(problem) for problem in caught.value.problems]


NEW = {
    "name": "Ladle Pantry",
    "type": "food bank or larder",
    "easting": "455000",
    "northing": "205000",
}

# --- One row of a file ----------------------------------------------------------------------------


def test_a_new_row_leaves_every_other_byte_as_it_was(tmp_path):
    before = b"\xef\xbb\xbf" + TABLE.encode()
    change = make_register(tmp_path, table=before).plan_asset(NEW)
    assert change.after.startswith(before)
    assert change.after[len(before) :] == (
        b"Ladle Pantry,food bank or larder,,,,,,,,,,,,455000,205000,,,,,,,,,,,,\r\n"
    )
    assert change.diff.splitlines()[-1].startswith("+Ladle Pantry,food bank or larder")
    assert [line for line in change.diff.splitlines() if line.startswith("-")] == [
        "--- own.csv (now)"
    ]
    assert (tmp_path / "own.csv").read_bytes() == before


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_the_mark_of_the_file_are_kept(tmp_path, end, mark):
    before = mark + TABLE.replace("\r\n", end).encode().removesuffix(end.encode())
    change = make_register(tmp_path, table=before).plan_asset(NEW)
    assert change.after.startswith(before + end.encode())
    assert change.after.endswith(end.encode())
    assert change.after.count(b"\r\n") == (4 if end == "\r\n" else 0)


def test_the_delimiter_and_the_order_of_the_file_are_kept(tmp_path):
    text = 'Type;Northing;NAME;Easting\nhall;1;"A; B";2\n'
    (tmp_path / "a.csv").write_text(text)
    table = read_csv_file(tmp_path / "a.csv", ["name", "type", "easting", "northing"])
    assert table.append(NEW).decode() == text + "food bank or larder;205000;Ladle Pantry;455000\n"
    assert table.find_cell(2, "name") == "A; B"


def test_a_cell_without_a_column_is_refused_and_a_blank_one_is_not(tmp_path):
    (tmp_path / "a.csv").write_text("name,type\nA,hall\n")
    table = read_csv_file(tmp_path / "a.csv", ["name", "type"])
    assert table.append({"name": "B", "cost": ""}).decode().endswith("B,\n")
    assert problems_of(lambda: table.append({"name": "B", "cost": "Free", "opening": "noon"})) == [
        f"{tmp_path / 'a.csv'}, row 1: the file has no column '{name}'. Expected: the column "
        "added to the headings first, or the cell left blank."
        for name in ("cost", "opening")
    ]


def test_one_cell_changes_and_the_rest_of_its_row_stays_as_it_was_quoted(tmp_path):
    text = 'name,note,seen\n"A ""one""",  x ,"2025-01-01"\n"two\nlines",,\n'
    (tmp_path / "a.csv").write_text(text)
    table = read_csv_file(tmp_path / "a.csv", ["name", "note", "seen"])
    changed = table.change(2, {"seen": "2026-02-03"}).decode()
    assert changed == text.replace('"2025-01-01"', "2026-02-03")
    assert table.change(3, {"note": "b, c"}).decode() == text.replace('lines",,', 'lines","b, c",')
    assert table.change(2, {"seen": "2025-01-01"}).decode() == text
    assert "no such row" in problems_of(lambda: table.change(9, {"seen": ""}))[0]
    assert "no such row" in problems_of(lambda: table.change(1, {"seen": "x"}))[0]


def test_a_short_row_is_filled_up_to_the_cell_that_changes(tmp_path):
    (tmp_path / "a.csv").write_text("name,note,seen\nA\n\nB,x,y\n")
    table = read_csv_file(tmp_path / "a.csv", ["name", "note", "seen"])
    assert table.change(2, {"seen": "now"}).decode() == "name,note,seen\nA,,now\n\nB,x,y\n"
    assert table.change(4, {"note": ""}).decode() == "name,note,seen\nA\n\nB,,y\n"


CELL = st.text(st.sampled_from("ab ,;\"\n\r'é="), max_size=6)


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=4), CELL)
def test_whatever_the_cells_hold_the_others_are_read_again_as_they_were(
    tmp_path_factory, rows, new
):
    import csv
    import io

    out = io.StringIO(newline="")
    csv.writer(out).writerows([["name", "note", "seen"], *rows])
    path = tmp_path_factory.mktemp("cells") / "a.csv"
    path.write_bytes(out.getvalue().encode())
    table = read_csv_file(path, ["name", "note", "seen"])
    path.write_bytes(table.change(2, {"note": new}))
    again = read_csv_file(path, ["name", "note", "seen"])
    expected = [rows[0][0], again.find_cell(2, "note"), rows[0][2]]
    assert [list(one.cells) for one in again.records] == [
        ["name", "note", "seen"], expected, *rows[1:]
    ]  # fmt: skip
    assert again.find_cell(2, "note").lstrip("'") == new.strip().lstrip("'")


@pytest.mark.parametrize("text", ["=SUM(A1)", "+44", "@import", "-1+1|cmd"])
def test_a_cell_that_looks_like_a_formula_is_made_harmless(tmp_path, text):
    table = start_csv_file(tmp_path / "new.csv", ["name", "seen"])
    cells = table.append({"name": text, "seen": "-4.5"}).decode("utf-8-sig").splitlines()[1]
    assert cells == f"'{text},-4.5" or text == "+44"
    assert not cells.startswith(("=", "@", "-"))


def test_a_file_in_latin_1_is_refused_and_left_as_it_is(tmp_path):
    before = TABLE.replace("Hall", "Café").encode("latin-1")
    register = make_register(tmp_path, table=before)
    assert any("not in UTF-8" in text for text in problems_of(lambda: register.plan_asset(NEW)))
    assert (tmp_path / "own.csv").read_bytes() == before


# --- The area's own table -------------------------------------------------------------------------


def test_the_first_asset_makes_the_table_and_names_it_in_the_parameter_file(tmp_path):
    register = make_register(tmp_path)
    change = register.plan_asset(NEW)
    assert change.names == "assets.csv and common.yml"
    assert change.before is None
    assert "assets.csv (there is no such file yet)" in change.diff
    assert "+  assets: common/assets.csv" in change.diff
    assert not (tmp_path / "common").exists()
    file = apply_change(change)
    assert file.resolve_input("assets").read_bytes() == change.after
    assert change.after.startswith(b"\xef\xbb\xbfasset_id,name,type")
    assert (tmp_path / "common.yml").read_text().startswith(PARAMETERS)
    again = OwnRegister(file, TODAY).plan_asset({**NEW, "name": "Another"})
    assert again.params is None
    assert again.after.startswith(change.after)


def test_a_table_that_is_there_and_is_not_named_yet_is_kept_and_named(tmp_path):
    file = make_file(tmp_path)
    (tmp_path / "common").mkdir()
    (tmp_path / "common" / "assets.csv").write_bytes(TABLE.encode())
    change = OwnRegister(file, TODAY).plan_asset(NEW)
    assert change.after.startswith(TABLE.encode())
    assert change.names == "assets.csv and common.yml"
    again = OwnRegister(apply_change(change), TODAY).plan_asset({**NEW, "name": "Another"})
    assert again.params is None


def test_the_parameter_file_keeps_its_other_inputs_and_their_comments(tmp_path):
    (tmp_path / "narrative").mkdir()
    (tmp_path / "seen.csv").touch()
    file = make_file(tmp_path)
    text = PARAMETERS + "inputs:\n  walkabout: seen.csv  # by the Scouts\n  narrative: narrative\n"
    file.path.write_text(text)
    file = load_params(file.path)
    change = plan_change(file, "assets", propose_path(file, "assets"), before=None, after=b"x\r\n")
    assert change.params.after.decode() == text + "  assets: common/assets.csv\n"


def test_inputs_in_folders_above_the_parameter_file_do_not_stand_in_the_way(tmp_path):
    (tmp_path / "shared.csv").touch()
    (tmp_path / "deep").mkdir()
    file = make_file(tmp_path / "deep")
    file.path.write_text(PARAMETERS + "inputs:\n  walkabout: ../shared.csv\n")
    file = load_params(file.path)
    change = plan_change(file, "assets", propose_path(file, "assets"), before=None, after=b"x\r\n")
    assert "+  assets: common/assets.csv" in change.diff
    assert (tmp_path / "shared.csv").stat().st_size == 0


def test_every_mistake_of_the_form_is_told_at_once_and_no_telephone_is_repeated(tmp_path):
    register = make_register(tmp_path, table=TABLE)
    wrong = {"type": "food bank or lardr", "opening": "ring 01632 960123", "last_checked": "soon"}
    told = problems_of(lambda: register.plan_asset(wrong))
    assert len(told) == 4
    assert "column 'Name': this cell must be filled in" in told[0]
    assert "Did you mean 'food bank or larder'?" in told[1]
    assert "a telephone number" in " ".join(told)
    assert "960123" not in " ".join(told)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"easting": "205000", "northing": "455000"}, "swapped"),
        ({"easting": "0", "northing": "0"}, "is 0"),
        ({"northing": ""}, "half of this point"),
        ({"last_checked": "2027-01-01"}, "has not come yet"),
        ({"name": "Teapot Hall"}, None),
        ({"name": "Quilting Club, Tuesdays"}, "row 2 already"),
        ({"name": "<b>Bold</b>"}, "markup"),
        ({"name": "Mrs Example's group"}, "person's name"),
        ({"contact_page": "http://example.org"}, "not read safely"),
        ({"postcode": "nowhere"}, "not a postcode"),
        ({"kind": "soft"}, "is not soft"),
    ],
)
def test_a_new_row_is_checked_as_the_notebook_would_check_it(tmp_path, cells, words):
    register = make_register(tmp_path, table=TABLE)
    filled = {**NEW, "type": "community centre or hall", **cells}
    if words is None:
        assert register.plan_asset(filled).after.count(b"Teapot Hall") == 2
    else:
        with pytest.raises(ParameterError, match=words):
            register.plan_asset(filled)
    assert (tmp_path / "own.csv").read_bytes() == TABLE.encode()


def test_a_form_is_written_as_the_table_is_best_read(tmp_path):
    columns = list_form_columns()
    cells = check_cells(
        {
            **NEW,
            "last_checked": "3 February 2026",
            "still_active": "Y",
            "type": "FOOD BANK OR LARDER",
        },
        columns,
    )
    assert cells["last_checked"] == "2026-02-03"
    assert (cells["still_active"], cells["type"]) == ("yes", "food bank or larder")
    assert cells["easting"] == "455000"
    assert "latitude" not in cells


def test_a_name_that_looks_like_a_formula_is_written_with_an_apostrophe(tmp_path):
    change = make_register(tmp_path, table=TABLE).plan_asset({**NEW, "name": "=HYPERLINK(1)"})
    assert b"\r\n'=HYPERLINK(1),food bank or larder" in change.after


def test_a_review_is_noted_in_the_row_of_its_asset_and_nowhere_else(tmp_path):
    register = make_register(tmp_path, table=TABLE)
    cells = {"last_reviewed": "2026-10-01", "still_active": "no", "reviewed_by": "Steering group"}
    change = register.plan_review("own:hall", cells)
    lines = [line for line in change.diff.splitlines()[2:] if line[0] in "+-"]
    assert len(lines) == 2
    assert lines[1].startswith(
        "+Teapot Hall,community centre or hall,hall,,,,,,2026-10-01,no,Steering group,"
    )
    apply_change(change)
    assert register.read_review("own:hall") == cells
    assert (tmp_path / "own.csv").read_bytes().startswith(f"{HEAD}\r\n{CLUB}\r\n".encode())


def test_a_blank_field_of_a_review_changes_nothing(tmp_path):
    register = make_register(tmp_path, table=TABLE)
    apply_change(register.plan_review("own:hall", {"reviewed_by": "Ward forum"}))
    apply_change(register.plan_review("own:hall", {"last_reviewed": "2026-10-01"}))
    assert register.read_review("own:hall")["reviewed_by"] == "Ward forum"
    assert "nothing to note" in problems_of(lambda: register.plan_review("own:hall", {}))[0]


def test_a_review_of_an_asset_that_is_gone_or_by_a_person_is_refused(tmp_path):
    register = make_register(tmp_path, table=TABLE)
    gone = problems_of(lambda: register.plan_review("own:kiosk", {"still_active": "yes"}))
    assert "no longer has the asset" in gone[0]
    named = problems_of(lambda: register.plan_review("own:hall", {"reviewed_by": "Mrs Example"}))
    assert "a person's name" in named[0]
    assert "Example" not in named[0]


def test_a_workbook_is_never_changed_and_its_row_is_given_to_copy(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    for row in TABLE.splitlines():
        import csv

        book.active.append(next(csv.reader([row])))
    book.save(tmp_path / "own.xlsx")
    before = (tmp_path / "own.xlsx").read_bytes()
    register = make_register(tmp_path, table=before, name="own.xlsx")
    assert register.is_workbook
    headings, cells = (line.split("\t") for line in register.copy_asset(NEW).split("\n"))
    assert headings == HEAD.split(",")
    assert dict(zip(headings, cells, strict=True))["easting"] == "455000"
    assert register.copy_review("own:hall", {"still_active": "yes"}) == "row 3\nstill_active\tyes"
    told = problems_of(lambda: register.plan_asset(NEW))
    assert "only CSV files are changed from here" in told[0]
    assert (tmp_path / "own.xlsx").read_bytes() == before


# --- Writing --------------------------------------------------------------------------------------


def test_a_file_that_changed_meanwhile_is_left_as_it_is(tmp_path):
    change = make_register(tmp_path, table=TABLE).plan_asset(NEW)
    theirs = TABLE + f"Somebody's,food bank or larder{BLANKS}\r\n"
    (tmp_path / "own.csv").write_bytes(theirs.encode())
    assert "has changed since it was read" in problems_of(lambda: apply_change(change))[0]
    assert (tmp_path / "own.csv").read_bytes() == theirs.encode()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_new_file_is_not_made_where_somebody_made_one_meanwhile(tmp_path):
    change = make_register(tmp_path).plan_asset(NEW)
    change.path.parent.mkdir()
    change.path.write_text("theirs")
    assert "has changed" in problems_of(lambda: apply_change(change))[0]
    assert change.path.read_text() == "theirs"


def test_both_files_are_written_or_neither(tmp_path, monkeypatch):
    change = make_register(tmp_path).plan_asset(NEW)
    (tmp_path / "common.yml").write_text(PARAMETERS + "# theirs\n")
    assert "has changed" in problems_of(lambda: apply_change(change))[0]
    assert not (tmp_path / "common").exists()

    # The parameter file fails only after the table was written.
    (tmp_path / "common.yml").write_text(PARAMETERS)

    def fail(plan):
        assert change.path.exists()
        raise ParameterError("no room on the disk")

    monkeypatch.setattr("cip.interactive.asset_changes.apply_edit", fail)
    assert "no room" in problems_of(lambda: apply_change(change))[0]
    assert not (tmp_path / "common").exists()
    assert (tmp_path / "common.yml").read_text() == PARAMETERS


def test_a_copy_of_a_file_at_an_address_is_not_changed(tmp_path):
    register = make_register(tmp_path, table=TABLE)
    (tmp_path / ".address").write_text("memory://somewhere")
    assert "this is a copy" in problems_of(lambda: register.plan_asset(NEW))[0]
