"""Case studies: consent, clearance, Markdown that is safe, and silence about what they hold."""

from __future__ import annotations

import datetime

import pytest

from cip.engagement.case_markdown import check_markdown, read_plain, set_headings
from cip.engagement.case_studies import name_file, read_case_studies
from cip.engagement.proper_nouns import allow_names
from cip.errors import ParameterError
from cip.report.markdown import render_markdown
from cip.schemas import SCHEMAS
from cip.tables import check_table

TODAY = datetime.date(2026, 11, 21)
SECRET = "01632 960199"
NAME = "Quenby"
FRONT = {
    "title": "A chair kept free",
    "consent": "{date: 2026-05-14, form: written}",
    "cleared_by": "Engagement lead",
    "cleared_on": "2026-10-20",
    "topics": "[food, housing]",
    "names_changed": "yes",
    "names_allowed": "[Mrs Marrow]",
}
BODY = "## Before\n\nMrs Marrow stayed at home.\n\n### After\n\nNow she goes out.\n"


def write_case(folder, name="lunch-club.md", body=BODY, **front):
    path = folder / name
    lines = {**FRONT, **front}
    text = "\n".join(f"{key}: {value}" for key, value in lines.items() if value is not None)
    path.write_text(f"---\n{text}\n---\n{body}", encoding="utf-8")
    return path


def read(folder, **more):
    return read_case_studies(folder, TODAY, **more)


def test_a_story_with_consent_and_clearance_is_shown(folder):
    write_case(folder)
    got = read(folder)
    assert got.problems == ()
    assert got.notes == ("1 of 1 case studies are shown.",)
    (row,) = got.table.to_dict("records")
    assert row.pop("text").startswith("#### Before\n\nMrs Marrow stayed at home.\n\n##### After")
    assert row == {
        "case_id": "a_chair_kept_free",
        "title": "A chair kept free",
        "topics": "food; housing",
        "consent_on": "2026-05-14",
        "cleared_by": "Engagement lead",
    }
    assert list(got.table) == list(SCHEMAS["case_studies"].columns)
    check_table("case_studies", got.table)


@pytest.mark.parametrize(
    ("front", "part"),
    [
        ({"consent": None}, "no consent is recorded"),
        ({"consent": "{date: 2026-05-14}"}, "no consent is recorded"),
        ({"cleared_by": None}, "nobody has cleared it"),
        ({"cleared_on": None}, "nobody has cleared it"),
        ({"cleared_on": "2026-11-22"}, "still to come"),
        ({"consent": "{date: 2027-01-01, form: written}"}, "still to come"),
        ({"withdrawn": "yes"}, "withdrawn"),
    ],
)
def test_a_story_that_waits_is_counted(folder, front, part):
    write_case(folder, **front)
    got = read(folder)
    assert got.table.empty
    check_table("case_studies", got.table)
    assert part in got.notes[1]
    assert got.problems == ()


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"title": None}, "'title:' is missing"),
        ({"title": f"Call {SECRET}"}, "the title holds"),
        ({"title": NAME}, "not in 'names_allowed'"),
        ({"title": "w" * 200}, "too long"),
        ({"cleared_by": NAME}, "does not name a role"),
        ({"cleared_by": SECRET}, "does not name a role"),
        ({"cleared_on": NAME}, "'cleared_on' is not a date"),
        ({"consent": NAME}, "'consent' is not filled in"),
        ({"consent": f"{{date: 2026-05-14, form: {NAME}}}"}, "form of consent"),
        ({"topics": f"[{NAME}]"}, "unknown topic"),
        ({"topics": "7"}, "not a list"),
        ({"names_changed": None}, "does not say"),
        ({"names_changed": NAME}, "not yes or no"),
        ({"names_allowed": None}, "not in 'names_allowed'"),
        ({NAME: SECRET}, "is not known"),
        ({"body": f"## Before\n\nRing {SECRET}."}, "no clearance covers"),
        ({"body": "Ring 01632 **960** 199."}, "no clearance covers"),
        ({"body": "See [the map](https://example.org/?tel=01632960199)."}, "address of a link"),
        ({"body": "Write to someone@example.org."}, "e-mail address"),
        ({"body": f"She met {NAME}."}, "possible name"),
        ({"body": f"She met **{NAME[:3]}**{NAME[3:]}."}, "possible name"),
        ({"body": "<b>she</b> went"}, "HTML"),
        ({"body": "<script>x</script>"}, "HTML"),
        ({"body": "![map](https://example.org/map.png)"}, "pictures"),
        ({"body": "[a](http://example.org)"}, "https://"),
        ({"body": "[a](javascript:alert)"}, "https://"),
        ({"body": "[a](data:text/html;base64,x)"}, "https://"),
        ({"body": "[a](mailto:someone)"}, "https://"),
        ({"body": "[a][b]\n\n[b]: http://example.org"}, "https://"),
        ({"body": "[a](https://user@example.org)"}, "https://"),
        ({"body": "[a](https://www.facebook.com/somebody)"}, "social media"),
        ({"body": "# she went"}, "level"),
        ({"body": "#### she went"}, "level"),
        ({"body": "she went\n===="}, "level"),
        ({"body": "  \n"}, "no story"),
    ],
    ids=range(35),
)
def test_every_fault_is_told_and_nothing_of_the_story(folder, change, part):
    write_case(folder, **change)
    got = read(folder)
    told = [str(problem) for problem in got.problems]
    assert any(part in one for one in told), told
    assert got.table.empty
    assert_silent(*told, repr(got), str(got.notes))


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("no lines in front", "no lines stand in front"),
        ("---\ntitle: [x\n---\nbody", "not valid YAML"),
        (f"---\ntitle: {NAME}\ntitle: {SECRET}\n---\nbody", "not valid YAML"),
        ("---\n- a\n- b\n---\nbody", "no keys"),
        ("---\na: " + "[" * 3_000 + "\n---\nbody", "not valid YAML"),
        ("---\n" + "a: b\n" * 3_000 + "---\nbody", "no lines stand in front"),
        ("---\ncleared_on: 2026-13-45\ntitle: a\n---\nbody", "not valid YAML"),
    ],
    ids=range(7),
)
def test_front_that_cannot_be_read(folder, content, part):
    (folder / "lunch.md").write_text(content)
    got = read(folder)
    told = [str(problem) for problem in got.problems]
    assert part in told[0]
    assert got.notes[-1] == "1 not shown: something in the file must be put right first."
    assert_silent(*told)


def test_files_that_are_no_text_or_too_large(folder):
    (folder / "lunch.md").write_bytes(b"\xff\xfe\x00")
    (folder / "tea.md").write_text("x" * 100_000)
    told = [str(problem) for problem in read(folder).problems]
    assert "UTF-8" in told[0]
    assert "too large" in told[1]


def test_all_problems_of_all_files_at_once_and_good_stories_kept(folder):
    write_case(folder, "a.md", body="# x\n\n<b>y</b> ![z](https://example.org)")
    write_case(folder, "b.md", cleared_by=NAME, topics=f"[{NAME}]")
    write_case(folder, "lunch.md")
    (folder / "notes.txt").write_text("not read")
    got = read(folder)
    assert len(got.table) == 1
    assert len(got.problems) >= 5
    assert len({problem.file for problem in got.problems}) == 2
    assert {p.line for p in got.problems} >= {10, 12}


def test_same_title_twice_shows_neither(folder):
    write_case(folder, "lunch.md")
    write_case(folder, "tea.md", title="a chair, kept free!")
    got = read(folder)
    assert got.table.empty
    assert "same title" in str(got.problems[0])


def test_file_named_after_a_person_is_told_by_its_place(folder):
    for name in ("Quenby.md", "quenby-01632960199.md"):
        write_case(folder, name, cleared_by="nobody")
    told = [str(problem) for problem in read(folder).problems]
    assert all("in alphabetical order" in one for one in told)
    assert_silent(*told, "".join(told).casefold().replace("quenby", NAME))
    assert name_file(folder / "rose-hill.md", 1).endswith("file 1 in alphabetical order")
    assert name_file(folder / "rose-hill.md", 1, allow_names(["Rose Hill"])).endswith("hill.md")


def test_folder_that_is_not_there(folder):
    with pytest.raises(ParameterError, match="no such folder"):
        read(folder / "none")
    assert read(folder).notes == ("0 of 0 case studies are shown.",)


def test_story_is_rendered_under_the_reports_headings(folder):
    write_case(
        folder, body="Before\n------\n\nMrs Marrow\nstayed.\n\n> ## inside\n\n- one\n- *two*\n"
    )
    html = render_markdown(read(folder).table["text"][0])
    assert "<h4>Before</h4>" in html
    assert "<h2>" not in html
    assert "<li><em>two</em></li>" in html


def test_markdown_helpers():
    assert read_plain("a **b**\n\n[c](https://example.org) `d`") == "a b\nc d"
    assert set_headings("no heading", 4) == "no heading"
    assert check_markdown("[map](https://example.org/map)", 1) == []


def test_stories_of_the_demonstration(root):
    allowed = allow_names(["Fableshire Invented Council", "Teaspoon Common"])
    got = read(root / "params" / "demo" / "case_studies", allowed=allowed)
    assert got.problems == ()
    assert len(got.table) == 2


def assert_silent(*texts):
    for text in texts:
        for secret in (NAME, SECRET, "960199", "someone@example.org", "somebody"):
            assert secret not in text
