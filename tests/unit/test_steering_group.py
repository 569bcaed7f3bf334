"""Seats of the steering group, who is missing, and the Terms of Reference as data and as blocks."""

from __future__ import annotations

import html
import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cip.catalogue.partners import load_partner_kinds, load_sectors
from cip.display.document import show_document
from cip.errors import ParameterError
from cip.framework.document import Grid, Open, Section, tidy_text
from cip.framework.steering_group import (
    FORMS,
    STATUSES,
    count_late,
    count_sectors,
    cover_kinds,
    list_columns,
    read_seats,
    select_residents,
)
from cip.framework.terms_of_reference import build_terms, has_input
from cip.pages.steering_group import show_steering_group, show_terms, tabulate_seats
from cip.params import ParameterFile, load_params
from cip.tables import check_table

HEAD = "organisation,role,kind,sector,votes,since,status"
SEATS = [
    "Hill residents,Resident,residents,community,yes,2026-03-01,agreed",
    "Hill residents,Resident,residents,community,yes,,vacant",
    "Hill Surgery,Practice manager,primary_care,health,yes,2026-03-01,agreed",
    "Hill School,Head teacher,education,public,no,2026-04-01,invited",
    ",,employers,private,,,vacant",
]
TODAY = date(2026, 11, 21)
PARAMS = """id: hill
title: Hill & Dale
profile_kind: neighbourhood
area: {wards: [Hill]}
organisation: {name: Invented Council, contact: this council does not exist}
report_date: 2026-11-20
"""


def write_seats(folder: Path, rows: list[str], head: str = HEAD) -> Path:
    path = folder / "steering_group.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def make_file(folder: Path, *, extra: str = "", rows: list[str] | None = None) -> ParameterFile:
    text = PARAMS + extra
    if rows is not None:
        write_seats(folder, rows)
        text += "inputs: {steering_group: steering_group.csv}\n"
    (folder / "hill.yml").write_text(text, encoding="utf-8")
    return load_params(folder / "hill.yml")


# Reading


def test_seats_are_read_with_what_is_blank_missing(tmp_path):
    seats = read_seats(write_seats(tmp_path, SEATS))
    assert seats["seat"].tolist() == [1, 2, 3, 4, 5]
    last = seats[seats["kind"] == "employers"].iloc[0]
    assert pd.isna(last["organisation"]) and pd.isna(last["votes"]) and pd.isna(last["since"])
    assert seats.loc[seats["kind"] == "education", "since"].item() == "2026-04-01"
    check_table("steering_group", seats)


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("Surgery,Dr Invented,primary_care,health,yes,,agreed", "role", "a person's name"),
        ("Mrs Nobody,Resident,residents,community,yes,,agreed", "organisation", "a person's name"),
        ("Council,Cllr Nobody,councillors,council,yes,,agreed", "role", "a person's name"),
        ("Council,Mr A. Nobody,local_councils,council,yes,,agreed", "role", "a person's name"),
        ("Group,Ms Nobody,community_groups,community,yes,,agreed", "role", "a person's name"),
        ("Group,chair@example.org,faith_groups,community,yes,,agreed", "role", "e-mail"),
        (
            "Group 01865 000000,Chair,faith_groups,community,yes,,agreed",
            "organisation",
            "telephone",
        ),
        ("Group,Chair +44 7700 900000,faith_groups,community,yes,,agreed", "role", "telephone"),
        ("Group,Chair,vicars,community,yes,,agreed", "kind", "not one of the choices"),
        ("Group,Chair,residents,charity,yes,,agreed", "sector", "not one of the choices"),
        ("Group,Chair,residents,community,perhaps,,agreed", "votes", "not yes or no"),
        ("Group,Chair,residents,community,yes,soon,agreed", "since", "not a date"),
        ("Group,Chair,residents,community,yes,,filled", "status", "not one of the choices"),
        (",Chair,residents,community,yes,,agreed", "organisation", "unless the seat is vacant"),
        ("Group,,residents,community,yes,,invited", "role", "unless the seat is vacant"),
        ("Group,Chair,residents,community,,,agreed", "votes", "unless the seat is vacant"),
    ],
)
def test_a_bad_row_is_told_by_its_place(tmp_path, row, column, words):
    with pytest.raises(ParameterError) as caught:
        read_seats(write_seats(tmp_path, [SEATS[0], row]))
    (problem,) = caught.value.problems
    assert (problem.row, problem.column) == (3, column)
    assert words in problem.message
    assert "Nobody" not in str(problem) and "example.org" not in str(problem)


def test_all_bad_rows_are_told_at_once(tmp_path):
    rows = ["A,Dr Invented,residents,community,yes,,agreed", "B,,oops,community,,,agreed"]
    with pytest.raises(ParameterError) as caught:
        read_seats(write_seats(tmp_path, rows))
    assert {(p.row, p.column) for p in caught.value.problems} == {
        (2, "role"), (3, "kind"), (3, "role"), (3, "votes"),
    }  # fmt: skip
    assert "a person's name" in caught.value.problems[0].message  # not that the cell is blank


@pytest.mark.parametrize("role", ["Chair, MS Society", "Ward member", "Nurse, Doctors' Lane"])
def test_roles_that_only_look_like_names_are_kept(tmp_path, role):
    row = f'Society,"{role}",community_groups,voluntary,yes,,agreed'
    assert read_seats(write_seats(tmp_path, [row]))["role"].item() == role


# Counts


seat_rows = st.lists(
    st.tuples(
        st.sampled_from(["Group A", "Group B", "Élan"]),
        st.sampled_from(["Chair", "Worker"]),
        st.sampled_from(list(load_partner_kinds())),
        st.sampled_from(list(load_sectors())),
        st.sampled_from(["yes", "no"]),
        st.sampled_from(["", "2026-03-01", "2026-05-01"]),
        st.sampled_from(STATUSES),
    ).map(",".join),
    max_size=12,
)


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40
)
@given(rows=seat_rows, order=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter_and_counts_add_up(tmp_path, rows, order):
    seats = read_seats(write_seats(tmp_path, rows))
    shuffled = list(rows)
    order.shuffle(shuffled)
    pd.testing.assert_frame_equal(seats, read_seats(write_seats(tmp_path, shuffled)))
    coverage, sectors = cover_kinds(seats), count_sectors(seats)
    assert coverage[list(STATUSES)].to_numpy().sum() == len(rows)
    assert sectors[list(STATUSES)].to_numpy().sum() == len(rows)
    assert (sectors["voting"] <= sectors["agreed"]).all()
    assert set(coverage["kind"]) == set(load_partner_kinds())


def test_coverage_puts_gaps_first_and_one_agreed_seat_covers(tmp_path):
    coverage = cover_kinds(read_seats(write_seats(tmp_path, SEATS)))
    states = coverage.set_index("kind")["coverage"]
    assert states["residents"] == states["primary_care"] == "covered"
    assert states["education"] == "invited"
    assert states["employers"] == states["housing"] == "gap"
    ranks = coverage["coverage"].map({"gap": 0, "invited": 1, "covered": 2})
    assert ranks.is_monotonic_increasing


def test_residents_and_late_seats_are_counted(tmp_path):
    seats = read_seats(write_seats(tmp_path, SEATS))
    assert len(select_residents(seats)) == 2
    assert count_late(seats, date(2026, 3, 15)) == 1
    assert count_late(seats, TODAY) == 0
    health = count_sectors(seats).set_index("sector").loc["health"]
    assert (health["agreed"], health["voting"]) == (1, 1)


def test_the_form_has_a_seat_for_each_kind_and_can_be_read_back(tmp_path):
    path = FORMS["steering_group"](tmp_path / "steering_group.csv")
    seats = read_seats(path)
    assert seats["kind"].tolist() == list(load_partner_kinds())
    assert set(seats["status"]) == {"vacant"}
    assert path.read_text(encoding="utf-8-sig").splitlines()[0] == ",".join(list_columns())


def test_every_kind_says_why_and_where_it_is_from():
    for kind in load_partner_kinds().values():
        assert kind.why.endswith(".")
        assert "ramework" in kind.sources or "andbook" in kind.sources
    assert [k.id for k in load_partner_kinds().values() if k.is_residents] == ["residents"]


# Terms of Reference


def test_nothing_unsaid_reads_as_agreed(tmp_path):
    terms = build_terms(make_file(tmp_path), None, today=TODAY)
    text = "\n".join(terms.list_texts())
    assert "[Proposed: once every two months]" in text
    assert "[To fill in: role and organisation of the chair]" in text
    assert terms.published == date(2026, 11, 20)
    assert terms.author == "Invented Council"
    assert [s.heading for s in terms.sections] == [
        "About this document", "Purpose", "Scope", "Membership", "Roles", "Meetings",
        "How decisions are made", "Data protection", "Review",
    ]  # fmt: skip


SETTINGS = """steering_group:
  name: Hill Together
  purpose: We look after Hill.
  scope: everything but roads.
  chair_role: Ward member, Invented Council
  secretary_role: Clerk, Invented Council
  meeting_frequency: monthly
  meeting_minutes: 75
  quorum: five seats
  decisions: by a show of hands
  conflicts: the member leaves the room.
  data_protection_contact: privacy@invented.example
  review_months: 6
"""


def test_what_the_group_says_is_printed_and_no_longer_open(tmp_path):
    file = make_file(tmp_path, extra=SETTINGS, rows=[SEATS[0]])
    terms = build_terms(file, read_seats(tmp_path / "steering_group.csv"), today=TODAY)
    text = "\n".join(terms.list_texts())
    for words in (
        "We look after Hill.", "Subjects: everything but roads.", "Ward member, Invented Council.",
        "monthly.", "75 minutes.", "five seats.", "by a show of hands.", "leaves the room.",
        "privacy@invented.example.", "after 6 months.",
    ):  # fmt: skip
        assert words in text, words
    assert ".." not in text
    assert terms.subtitle == "Hill Together"
    fewer = build_terms(make_file(tmp_path, rows=[SEATS[0]]), None, today=TODAY)
    assert len(terms.list_open()) < len(fewer.list_open())


@pytest.mark.parametrize("name", ["chair_role", "secretary_role"])
@pytest.mark.parametrize("value", ["Dr Invented", "someone@example.org", "Clerk 01865 000000"])
def test_a_person_in_the_settings_is_refused_with_its_line(tmp_path, name, value):
    file = make_file(tmp_path, extra=f"steering_group:\n  quorum: three\n  {name}: {value}\n")
    with pytest.raises(ParameterError, match=f"steering_group.{name}") as caught:
        build_terms(file, None, today=TODAY)
    assert caught.value.problems[0].line == 9
    assert value not in str(caught.value)


def test_membership_lists_seats_and_names_kinds_not_asked(tmp_path):
    file = make_file(tmp_path, rows=SEATS)
    terms = build_terms(file, read_seats(tmp_path / "steering_group.csv"), today=TODAY)
    section = next(s for s in terms.sections if s.heading == "Membership")
    (grid,) = [part for part in section.parts if isinstance(part, Grid)]
    assert len(grid.rows) == len(SEATS)
    assert grid.rows[3][:2] == ("Hill School", "Head teacher")
    assert [str(row[4]) for row in grid.rows] == [
        "Yes",
        "Yes",
        "Yes",
        "No",
        "[To fill in: yes or no]",
    ]
    vacant = next(row for row in grid.rows if row[-1] == "Vacant" and isinstance(row[0], Open))
    assert str(vacant[0]) == "[To fill in: organisation]"
    texts = [text for words in section.list_words() for text in map(str, words)]
    assert "Police and fire service" in texts
    assert "Seats: 2 agreed, 1 invited, 2 vacant" in " ".join(texts)


def test_synthetic_terms_say_so(tmp_path):
    file = make_file(tmp_path)
    assert any(
        "invented" in b for b in build_terms(file, None, today=TODAY, is_synthetic=True).banners
    )
    assert not any("invented" in b for b in build_terms(file, None, today=TODAY).banners)


def test_text_from_outside_is_tidied():
    assert tidy_text(" a\n\tb\x00c\x0bd \ud800") == "a b c d"
    with pytest.raises(ValueError, match="another width"):
        Grid("caption", ("a", "b"), (("only one",),))


# Blocks


def read_html(blocks) -> list[str]:
    """Return the texts of blocks in reading order, as a browser would show them."""
    text = "".join(block.to_html() for block in blocks)
    text = re.sub(r"</?mark>", "", text)
    text = re.sub(r'<div class="cip-scroll".*?>', "", text)
    return [html.unescape(t).strip() for t in re.split(r"<[^>]+>", text) if t.strip()]


def test_the_chapter_says_what_the_document_says(tmp_path):
    file = make_file(tmp_path, extra=SETTINGS, rows=SEATS)
    terms = build_terms(file, read_seats(tmp_path / "steering_group.csv"), today=TODAY)
    blocks = show_document(terms, block_id="terms")
    assert read_html(blocks) == terms.list_texts()
    for block, section in zip(blocks, terms.sections, strict=True):
        assert section.heading in block.to_text()


def test_markup_in_cells_and_settings_is_escaped(tmp_path):
    attack = "<script>alert(1)</script>"
    rows = [f"{attack},Chair,residents,community,yes,,agreed"]
    file = make_file(tmp_path, extra=f"steering_group:\n  purpose: {attack}\n", rows=rows)
    blocks = [*show_steering_group(file, TODAY), *show_terms(file, TODAY)]
    for block in blocks:
        assert "<script" not in block.to_html()
    assert any("&lt;script&gt;" in block.to_html() for block in blocks)


def test_without_a_list_a_note_says_how_to_make_one(tmp_path):
    file = make_file(tmp_path)
    (seats,), (terms,) = show_steering_group(file, TODAY), show_terms(file, TODAY)
    for block in (seats, terms):
        assert block.kind == "missing"
        assert "inputs: steering_group:" in block.body
    assert not has_input(file) and tabulate_seats(file) is None


def test_the_page_shows_facts_gaps_sectors_and_seats(tmp_path):
    file = make_file(tmp_path, rows=SEATS)
    blocks = show_steering_group(file, TODAY)
    text = "\n".join(block.to_text() for block in blocks)
    assert "Seats agreed: 2 (1 invited, 2 vacant)" in text
    assert "Residents' seats agreed: 1 (of 2 kept for residents)" in text
    assert "12 kinds of partner are still to be asked" in text
    coverage = blocks[1].frame.set_index("label")["coverage"]
    assert coverage["Residents"] == "Covered: 1 agreed, 1 vacant"
    assert coverage["Local employers and shops"] == "Gap: 1 vacant"
    assert coverage.iloc[0].startswith("Gap: ")
    seats = blocks[-1].frame
    assert seats["votes"].tolist() == ["Yes", "Yes", "Yes", "No", "[z]"]
    assert seats["since"].tolist() == ["1 Mar 2026", "[z]", "1 Mar 2026", "1 Apr 2026", "[z]"]
    assert seats["organisation"].tolist()[-1] == "to be found"
    ids = re.findall(r'id="([^"]+)"', "".join(block.to_html() for block in blocks))
    assert len(ids) == len(set(ids))


def test_a_group_without_residents_is_pointed_out(tmp_path):
    file = make_file(tmp_path, rows=[SEATS[1], SEATS[2]])
    text = "\n".join(block.to_text() for block in show_steering_group(file, date(2026, 1, 1)))
    assert "No resident has an agreed seat" in text
    assert "1 seat gives a date after" in text


def test_the_draft_counts_its_open_places(tmp_path):
    file = make_file(tmp_path, extra=SETTINGS)
    note, *sections = show_terms(file, TODAY, is_synthetic=True)
    terms = build_terms(file, None, today=TODAY)
    gaps = [place for place in terms.list_open() if place.kind == "gap"]
    assert f"{len(gaps)} gaps to fill in and" in note.body
    assert "Demonstration" in note.body
    assert len(sections) == len(terms.sections)
    assert isinstance(sections[0].section, Section)


def test_the_demonstration_has_a_group(root):
    seats = read_seats(root / "params" / "demo" / "steering_group.csv")
    assert {"agreed", "invited", "vacant"} == set(seats["status"])
    assert len(select_residents(seats)) == 3
