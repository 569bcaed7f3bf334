"""A plan that went through a workbook lost nothing, whatever its cells hold."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cip.formulas import is_formula
from cip.framework.action_columns import list_action_columns, list_log_columns
from cip.interactive.action_merge import merge_rows, open_csv
from cip.report.actions_xlsx import give_back, hold_text, read_sheet, write_plan_workbook

#: What a workbook can hold: no control characters, no halves of signs.
LETTERS = st.characters(
    exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff", include_characters="\n\t"
)
AWKWARD = ["=1+1", "'=1+1", "''@x", "-7", "007", "1e5", "a;b", 'a"b', "two\nlines", "\U0001f96b é",
           "#N/A", "_x0041_", "TRUE", "2026-01-01", "＝SUM(A1)", "'tis", "x005F_"]  # fmt: skip
TEXTS = st.one_of(st.text(LETTERS, max_size=30), st.sampled_from(AWKWARD))


def build_rows(columns, cells: list[list[str]]) -> list[dict[str, str]]:
    names = list(columns)
    return [
        {name: row[place % len(row)] for place, name in enumerate(names)} | {names[0]: f"a{number}"}
        for number, row in enumerate(cells)
    ]


def write_csv(path: Path, columns, rows: list[dict[str, str]], ends: str, mark: bool, parts: str):
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=parts, lineterminator=ends)
    writer.writerow(columns)
    writer.writerows([row[name] for name in columns] for row in rows)
    path.write_bytes(out.getvalue().encode("utf-8-sig" if mark else "utf-8"))


@settings(max_examples=25, deadline=None)
@given(
    cells=st.lists(st.lists(TEXTS, min_size=1, max_size=4), max_size=4),
    ends=st.sampled_from(["\n", "\r\n"]),
    mark=st.booleans(),
    parts=st.sampled_from([",", ";"]),
)
@example(cells=[AWKWARD[:9], AWKWARD[9:]], ends="\n", mark=True, parts=";")
def test_a_plan_that_nobody_changed_comes_back_byte_for_byte(cells, ends, mark, parts):
    columns = list_action_columns()
    rows = build_rows(columns, cells)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "actions.csv")
        write_csv(path, columns, rows, ends, mark, parts)
        sheet = read_sheet(path, columns)
        book = write_plan_workbook(Path(folder, "plan.xlsx"), actions=sheet)
        back = read_sheet(book, columns)
        assert merge_rows(open_csv(path, columns), back.rows, key="id") == path.read_bytes()


@settings(max_examples=15, deadline=None)
@given(cells=st.lists(st.lists(TEXTS, min_size=1, max_size=5), min_size=1, max_size=3))
@example(cells=[AWKWARD])
def test_a_plan_that_starts_as_a_workbook_becomes_a_table_that_runs_nothing(cells):
    columns = list_log_columns()
    rows = build_rows(columns, cells)
    with tempfile.TemporaryDirectory() as folder:
        path, book = Path(folder, "log.csv"), Path(folder, "plan.xlsx")
        write_csv(path, columns, rows, "\n", False, ",")
        source = read_sheet(path, columns)
        empty = type(source)(list_action_columns(), [])
        write_plan_workbook(book, actions=empty, log=source)
        back = read_sheet(book, columns).rows
        assert [list(map(str.strip, row.values())) for row in back] == [
            [cell.replace("\r\n", "\n").strip() for cell in row.values()] for row in source.rows
        ]
        fresh = Path(folder, "fresh.csv")
        fresh.write_bytes(merge_rows(open_csv(fresh, columns), back))
        again = read_sheet(fresh, columns).rows
        assert len(again) == len(back)
        for first, second in zip(back, again, strict=True):
            for name in columns:
                cell = first[name].strip()
                assert second[name] in (cell, f"'{cell}")


@given(text=st.text(LETTERS))
def test_what_a_workbook_holds_is_never_run_and_is_given_back(text):
    held = hold_text(text)
    assert not is_formula(held)
    assert give_back(held) == text.replace("\r\n", "\n").replace("\r", "\n")


@settings(max_examples=30, deadline=None)
@given(
    cells=st.lists(st.lists(TEXTS, min_size=2, max_size=4), min_size=2, max_size=4),
    which=st.integers(0, 3),
    text=st.text(LETTERS, min_size=1, max_size=20),
)
def test_one_changed_cell_changes_its_row_alone(cells, which, text):
    columns = list_action_columns()
    rows = build_rows(columns, cells)
    place = which % len(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "actions.csv")
        write_csv(path, columns, rows, "\r\n", True, ",")
        table = open_csv(path, columns)
        sheet = read_sheet(path, columns)
        changed = [dict(row) for row in sheet.rows]
        changed[place]["measure"] = text
        path.write_bytes(merge_rows(table, changed, key="id"))
        after = open_csv(path, columns)
        for number, (first, second) in enumerate(zip(table.records, after.records, strict=True)):
            assert number == place + 1 or first.raw == second.raw
