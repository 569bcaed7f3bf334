"""Coded excerpts from our own form, Taguette and QualCoder; what is private stays so."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from cip.engagement.codebook import Codebook, Theme, read_codebook
from cip.engagement.coding import plan_coder_file, plan_codings, plan_settled
from cip.engagement.coding_agreement import measure_agreement
from cip.engagement.coding_settled import list_disagreements, settle_codings
from cip.engagement.excerpts import load_excerpts
from cip.errors import ParameterError
from cip.tables import check_table

DEMO = Path(__file__).parents[2] / "params" / "demo"
BOOK = Codebook((Theme("damp", "Damp homes"), Theme("bus", "Buses"), Theme("work", "Work")))
PLANTED = "Ottoline Ferrywhistle, ZZ1 2LF, 01632 960147"
SAID = {
    "excerpt_id": "E1", "document_id": "INT1", "person_id": "I1", "voice": "interview",
    "wave": "2026", "age": "16_24", "text": "The wall is wet.", "suggestion": "no",
    "themes": "damp",
}  # fmt: skip


def write(path: Path, *rows: dict[str, str]) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def load(tmp_path, *rows, **options):
    return load_excerpts(write(tmp_path / "coder_a.csv", *rows), BOOK, **options)


def tell(problems) -> str:
    return "\n".join(map(str, problems))


def test_an_excerpt_is_read_with_names_of_ours(tmp_path):
    excerpts, problems = load(tmp_path, SAID)
    assert problems == []
    row = excerpts.frame.iloc[0]
    assert (row["excerpt_id"], row["document_id"], row["person_id"]) == ("E1", "D0001", "P0001")
    assert (row["voice"], row["age"], row["text"]) == ("interview", "16_24", "The wall is wet.")
    assert not row["suggestion"]
    assert excerpts.codings.to_dict("records") == [
        {"excerpt_id": "E1", "coder": "coder_a", "theme_id": "damp"}
    ]


def test_rows_that_are_wrong_are_told_and_the_rest_is_kept(tmp_path):
    excerpts, problems = load(
        tmp_path,
        SAID,
        {**SAID, "excerpt_id": "E1"},
        {**SAID, "excerpt_id": "E2", "themes": "bus; dampp"},
        {**SAID, "excerpt_id": "E3", "age": "16_25"},
        {**SAID, "excerpt_id": "E4", "voice": "intervew", "suggestion": "perhaps"},
        {**SAID, "excerpt_id": "E5", "text": " "},
        {**SAID, "excerpt_id": "E6", "person_id": "", "document_id": ""},
        {**SAID, "excerpt_id": "E7", "person_id": "", "document_id": "GRP1"},
    )
    told = tell(problems)
    assert "row 3, column 'excerpt_id': this excerpt of this coder stands in row 2" in told
    assert "row 4, column 'themes'" in told and "Did you mean 'damp'?" in told
    assert "row 5, column 'age'" in told and "Did you mean '16_24'?" in told
    assert "row 6, column 'voice'" in told and "Did you mean 'interview'?" in told
    assert "row 6, column 'suggestion'" in told
    assert "row 7, column 'text': this excerpt has no text" in told
    assert "row 8, column 'person_id': nobody can tell who speaks" in told
    assert "row 9, column 'person_id': who speaks is not told" in told
    assert list(excerpts.frame["excerpt_id"]) == ["E1", "E2", "E3", "E4", "E7"]
    assert set(excerpts.codings["theme_id"]) == {"damp", "bus"}


def test_a_person_is_the_same_in_all_excerpts(tmp_path):
    excerpts, problems = load(
        tmp_path,
        {**SAID, "age": ""},
        {**SAID, "excerpt_id": "E2", "age": "25_34"},
        {**SAID, "excerpt_id": "E3", "age": "35_49"},
    )
    assert set(excerpts.frame["age"]) == {"25_34"}
    assert "row 4, column 'age': another excerpt tells this person otherwise" in tell(problems)


def test_two_coders_need_not_say_everything_twice(tmp_path):
    write(tmp_path / "a.csv", SAID, {**SAID, "excerpt_id": "E2", "themes": ""})
    write(tmp_path / "b.csv", {"excerpt_id": "E1", "text": "Another text.", "themes": "bus"})
    excerpts, problems = load_excerpts(tmp_path, BOOK)
    assert "column 'text': another row tells this excerpt otherwise" in tell(problems)
    assert "Another" not in tell(problems)
    assert excerpts.frame["text"].iloc[0] == "The wall is wet."
    assert excerpts.coders == ["coder_a", "coder_b"]
    assert len(excerpts.looked_at) == 3
    assert {name: path.name for name, path in excerpts.files.items()} == {
        "coder_a": "a.csv", "coder_b": "b.csv",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "x" * 100_000,
        "هذا نص من اليمين إلى اليسار",
        "Fine 🐕👩‍🦽!",
        "<script>alert(1)</script>",
        "=HYPERLINK(1)",
        'a, b; c\nd "e"',
    ],
)
def test_any_text_is_kept_as_it_is(tmp_path, text):
    excerpts, problems = load(tmp_path, {**SAID, "text": text})
    assert problems == []
    assert excerpts.frame["text"].iloc[0] == text


def test_other_encodings_are_told(tmp_path):
    path = tmp_path / "coder_a.csv"
    path.write_bytes("excerpt_id,text,themes\nE1,xx\xe9,damp\n".encode("cp1252"))
    with pytest.raises(ParameterError, match=r"line 2: this file is not in UTF-8"):
        load_excerpts(path, BOOK)


@pytest.mark.parametrize("column", [*SAID, "coder", "part_of_area", "tenure", "coded_on"])
def test_a_planted_identifier_is_in_no_message_and_no_representation(tmp_path, column):
    rows = [SAID, {**SAID, "excerpt_id": "E2", "person_id": "I2", column: PLANTED}]
    excerpts, problems = load(tmp_path, *rows)
    seen = tell(problems) + repr(problems) + repr(excerpts) + str(excerpts)
    kept = excerpts.frame.drop(columns="text").to_csv() + excerpts.codings.to_csv()
    for part in PLANTED.split(", "):
        assert part not in seen and part not in kept


def test_a_file_without_headings_does_not_repeat_what_was_said(tmp_path):
    path = tmp_path / "coder_a.csv"
    path.write_text(f'E1,"{PLANTED}",damp\nE2,"{PLANTED}",bus\n', encoding="utf-8")
    with pytest.raises(ParameterError) as caught:
        load_excerpts(path, BOOK)
    assert "Ferrywhistle" not in str(caught.value) and "ZZ1" not in str(caught.value)


def test_a_comma_too_many_is_told_and_does_not_repeat_what_was_said(tmp_path):
    path = tmp_path / "coder_a.csv"
    path.write_text(
        f"excerpt_id,person_id,age,suggestion,themes,text\nE1,I1,{PLANTED},{PLANTED},wet\n",
        encoding="utf-8",
    )
    excerpts, problems = load_excerpts(path, BOOK)
    assert "row 2: this row has more cells than there are headings" in tell(problems)
    seen = tell(problems) + repr(excerpts)
    assert "Ferrywhistle" not in seen and "ZZ1" not in seen


def test_an_empty_folder_and_a_missing_file_are_told(tmp_path):
    with pytest.raises(ParameterError, match="no file of a coder"):
        load_excerpts(tmp_path, BOOK)
    write(tmp_path / "coder_a.csv", SAID)
    with pytest.raises(ParameterError, match=r"Did you mean 'coder_a.csv'"):
        load_excerpts(tmp_path / "coder_b.csv", BOOK)


def test_named_parts_of_the_area_are_taken_when_they_are_known(tmp_path):
    row = {**SAID, "part_of_area": "north side"}
    excerpts, problems = load(tmp_path, row, parts=["North Side"])
    assert problems == [] and excerpts.frame["part_of_area"].iloc[0] == "North Side"
    excerpts, problems = load(tmp_path, row)
    assert "column 'part_of_area'" in tell(problems)
    assert "part_of_area" not in excerpts.frame


def test_taguette_highlights_are_read(tmp_path):
    write(
        tmp_path / "anna.csv",
        {"id": "1", "document": "One.docx", "tag": "homes.damp", "content": "The wall is wet."},
        {"id": "1", "document": "One.docx", "tag": "bus", "content": "The wall is wet."},
        {"id": "2", "document": "One.docx", "tag": "", "content": "Nothing to add."},
        {"id": "3", "document": "Two.docx", "tag": "busx", "content": "No bus."},
    )
    write(
        tmp_path / "documents.csv",
        {"document": "one", "person_id": "7", "voice": "interview", "sex": "female"},
    )
    excerpts, problems = load_excerpts(tmp_path / "anna.csv", BOOK)
    assert "row 5, column 'tag'" in tell(problems) and "Did you mean 'bus'?" in tell(problems)
    assert len(excerpts.frame) == 3 and len(excerpts.codings) == 2
    assert excerpts.frame["person_id"].nunique() == 2
    assert list(excerpts.frame["voice"].fillna("")) == ["interview", "interview", ""]
    assert "anna" not in excerpts.codings.to_csv()


def test_qualcoder_codings_tell_who_read_what(tmp_path):
    base = {"Id": "ctid:1", "Coded_Memo": "", "Category": "x", "age": "25 to 34"}
    path = write(
        tmp_path / "codings.csv",
        {**base, "File": "one.txt", "Coder": "Anna", "Coded": "The wall is wet.", "Codename": "Damp homes"},
        {**base, "File": "one.txt", "Coder": "Ben", "Coded": "No bus.", "Codename": "Buses"},
        {**base, "File": "two.txt", "Coder": "Ben", "Coded": "I work nights.", "Codename": "Work"},
    )  # fmt: skip
    excerpts, _ = load_excerpts(path, BOOK)
    assert len(excerpts.looked_at) == 5  # Both read the first document, one the second.
    assert set(excerpts.frame["age"]) == {"25_34"}
    assert len(list_disagreements(excerpts)) == 2
    assert "Anna" not in excerpts.looked_at.to_csv()


def make_pair(tmp_path, first: list[str], second: list[str]):
    """Return excerpts that two coders read, a cell of themes for each."""
    for name, cells in (("a", first), ("b", second)):
        rows = [
            {**SAID, "excerpt_id": f"E{at}", "person_id": f"I{at}", "themes": themes}
            for at, themes in enumerate(cells)
        ]
        write(tmp_path / f"{name}.csv", *rows)
    return load_excerpts(tmp_path, BOOK)[0]


def test_agreement_counts_uncoded_excerpts_as_no(tmp_path):
    excerpts = make_pair(tmp_path, ["damp", "", "damp", ""], ["damp", "", "", ""])
    table = check_table("agreement", measure_agreement(excerpts, BOOK, draws=100))
    damp = table.set_index("theme_id").loc["damp"]
    assert (damp["coders"], damp["excerpts"], damp["agreement"]) == (2, 4, 75.0)
    # By hand: chance (2/4 x 1/4) + (2/4 x 3/4) = 1/2, so kappa is (3/4 - 1/2) / (1/2).
    assert damp["kappa"] == pytest.approx(0.5)
    assert damp["disagreements"] == 1
    assert table["theme_id"].iloc[0] == "all"
    assert table.set_index("theme_id").loc["bus", "reading"] == "no figure"


def test_an_excerpt_that_one_coder_never_saw_is_no_disagreement(tmp_path):
    make_pair(tmp_path, ["damp", "bus"], ["damp", "bus"])
    rows = [{"excerpt_id": "E0", "themes": "damp"}]
    write(tmp_path / "b.csv", *rows)
    excerpts, _ = load_excerpts(tmp_path, BOOK)
    assert list_disagreements(excerpts).empty
    found = measure_agreement(excerpts, BOOK, draws=100).set_index("theme_id")
    assert found.loc["all", "excerpts"] == 1
    assert dict(settle_codings(excerpts).final["how"].value_counts()) == {
        "agreed": 1,
        "one coder": 1,
    }


def test_one_coder_alone_has_no_agreement(tmp_path):
    excerpts, _ = load(tmp_path, SAID)
    table = measure_agreement(excerpts, BOOK)
    assert check_table("agreement", table).empty


def test_settled_disagreements_count_and_open_ones_do_not(tmp_path):
    excerpts = make_pair(tmp_path, ["damp", "damp; bus", "work"], ["damp", "damp", ""])
    assert list(settle_codings(excerpts).open["theme_id"]) == ["bus", "work"]
    decided = [
        {"excerpt_id": "E1", "theme_id": "bus", "decision": "Applies", "decided_on": "2026-10-06"},
        {"excerpt_id": "E0", "theme_id": "damp", "decision": "does not apply"},
        {"excerpt_id": "E9", "theme_id": "bos", "decision": "maybe"},
    ]
    write(tmp_path / "settled.csv", *decided)
    excerpts, problems = load_excerpts(tmp_path, BOOK)
    told = tell(problems)
    assert all(f"row 4, column '{name}'" in told for name in ("excerpt_id", "theme_id", "decision"))
    final = settle_codings(excerpts)
    counted = set(final.final[["excerpt_id", "theme_id"]].itertuples(index=False, name=None))
    # A decision on what nobody disputes changes nothing.
    assert counted == {("E0", "damp"), ("E1", "damp"), ("E1", "bus")}
    assert final.open.iloc[0].to_dict() == {
        "excerpt_id": "E2", "theme_id": "work", "applied_by": "coder_a", "not_applied_by": "coder_b",
    }  # fmt: skip
    assert final.idle == 1


def test_codings_are_planned_and_everything_else_stays(tmp_path):
    path = write(tmp_path / "coder_a.csv", SAID, {**SAID, "excerpt_id": "E2", "text": '=1, "x"'})
    before = path.read_bytes().decode()
    text = plan_codings(path, [{"excerpt_id": "E2", "themes": ["work", "Damp homes"]}], BOOK)
    assert path.read_bytes().decode() == before
    path.write_bytes(text.encode())
    excerpts, _ = load_excerpts(path, BOOK)
    coded = excerpts.codings.groupby("excerpt_id")["theme_id"].agg(set).to_dict()
    assert coded == {"E1": {"damp"}, "E2": {"damp", "work"}}
    assert excerpts.frame["text"].iloc[1] == '=1, "x"'
    back = plan_codings(path, [{"excerpt_id": "E2", "themes": "damp"}], BOOK)
    assert back == before


def test_a_plan_refuses_unknown_excerpts_and_themes(tmp_path):
    path = write(tmp_path / "coder_a.csv", SAID)
    rows = [{"excerpt_id": "E9", "themes": ""}, {"excerpt_id": "E1", "themes": "dampp"}]
    with pytest.raises(ParameterError) as caught:
        plan_codings(path, rows, BOOK)
    assert "not in this file" in str(caught.value) and "Did you mean 'damp'?" in str(caught.value)


def test_a_further_coder_starts_with_nothing_read(tmp_path):
    excerpts, _ = load(tmp_path, SAID, {**SAID, "excerpt_id": "E2", "text": "=1+1"})
    path = tmp_path / "coder_b.csv"
    path.write_bytes(plan_coder_file(excerpts, "coder_b").encode())
    assert "'=1+1" in path.read_text(encoding="utf-8-sig")
    excerpts, problems = load_excerpts(tmp_path, BOOK)
    assert problems == [] and excerpts.coders == ["coder_a"]
    row = {"excerpt_id": "E2", "themes": [], "coded_on": "2026-10-06"}
    path.write_bytes(plan_codings(path, [row], BOOK).encode())
    excerpts, problems = load_excerpts(tmp_path, BOOK)
    assert problems == [] and excerpts.coders == ["coder_a", "coder_b"]
    assert list(list_disagreements(excerpts)["excerpt_id"]) == ["E2"]
    with pytest.raises(ParameterError):
        plan_coder_file(excerpts, "../Anna")


def test_decisions_are_planned_changed_and_taken_back(tmp_path):
    path = tmp_path / "settled.csv"
    one = {"excerpt_id": "E1", "theme_id": "bus", "decision": "applies", "decided_on": "2026-10-06"}
    path.write_bytes(plan_settled(path, [one], BOOK).encode())
    text = plan_settled(path, [{**one, "decision": "", "decided_on": "", "note": "=talk"}], BOOK)
    assert text.splitlines()[1] == "E1,bus,,,'=talk"
    with pytest.raises(ParameterError, match="this is no decision"):
        plan_settled(path, [{**one, "decision": "perhaps"}], BOOK)


def test_the_demonstration_has_two_coders_and_one_open_disagreement():
    book = read_codebook(DEMO / "codebook.csv")
    excerpts, problems = load_excerpts(DEMO / "excerpts", book)
    assert problems == []
    assert set(excerpts.frame["voice"]) == {"interview", "focus group", "street", "survey"}
    final = settle_codings(excerpts)
    assert len(final.open) == 1 and final.idle == 0
    overall = measure_agreement(excerpts, book, draws=200).iloc[0]
    assert 0.6 < overall["alpha"] < 0.85
