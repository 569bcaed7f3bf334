"""The analyst's own text: what is read, and every problem by file and line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cip.errors import ParameterError
from cip.evidence.entry import Entry, build_table
from cip.summary.drafts import write_draft, write_drafts
from cip.summary.findings import draft_findings
from cip.summary.narrative import load_narrative, read_narrative

DEMO = Path(__file__).parents[2] / "params" / "demo" / "narrative"
FRONT = "---\nfinding: housing\ntitle: Homes\n---\n"


def make_entry(evidence_id, **more):
    fields = {"label": evidence_id, "statement": "So it is.", "topics": ["housing"]} | more
    return Entry(evidence_id=evidence_id, stage="s", anchor="a", **fields)


@pytest.fixture(scope="module")
def evidence():
    return build_table(
        [
            make_entry("data:owned", comparison="worse", comparator="England", value=8.0),
            make_entry("data:gone", is_citable=False, reason="it is suppressed"),
            make_entry("theme:damp", value=20, direction="challenge"),
            make_entry("quote:Q1", topics=["food"]),
            make_entry("asset:own:friday-larder-zz12hb", topics=["food"]),
        ]
    )


@pytest.fixture(scope="module")
def drafts(evidence):
    return draft_findings(evidence, area="Teaspoon Common", today=date(2026, 11, 21))


@pytest.fixture
def read(tmp_path, evidence, drafts):
    """Write files, read them, and return the narrative."""

    def run(**files):
        folder = tmp_path / "narrative"
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            content = text if isinstance(text, bytes) else text.encode("utf-8")
            (folder / f"{name}.md").write_bytes(content)
        return read_narrative(folder, evidence=evidence, drafts=drafts)

    return run


@pytest.fixture
def refuse(read):
    """Return the problems of files."""

    def run(**files):
        with pytest.raises(ParameterError) as caught:
            read(**files)
        return caught.value.problems

    return run


# ------------------------------------------------------------------ what is read


def test_texts_are_read_with_their_citations(read):
    front = "---\n# a comment\nfinding: housing\ntitle: 'Homes: damp'\nside: mixed\norder: 2\n---\n"
    text = f"{front}\nDamp [theme:damp].\n\n### More\n\nOwned [data:owned], see [finding:food].\n"
    narrative = read(homes=text, introduction="Hello [quote:Q1].", README="# Not read [data:zzz]")
    (one,) = narrative.findings
    assert (one.name, one.title, one.side, one.order) == ("housing", "Homes: damp", "mixed", 2)
    assert one.text.startswith("Damp")
    assert one.file == "narrative/homes.md"
    cited = [(citation.evidence_id, citation.line) for citation in one.citations]
    assert cited == [("theme:damp", 9), ("data:owned", 13), ("finding:food", 13)]
    hello = narrative.find_text("introduction")
    assert hello is not None and hello.is_special and hello.citations[0].line == 1
    assert narrative.find_text("methods") is None


@pytest.mark.parametrize(
    "body",
    [
        "Damp [theme:damp]. A [link](https://example.org/a_b).",
        "Damp [theme:damp]: [note: see below] and [sic].",
        "Damp [theme:damp]\r\n\r\n```\r\ncode\r\n```\r\n\r\n> ```\r\n> more\r\n> ```\r\n",
        "Damp [theme:damp]; 3 < 4, `<b>` and \\[data:x stay words.",
        "We met on 3 June 2026 [theme:damp]; people aged 65 were counted on 21 March 2021.",
        "- Damp [theme:damp]\n- The larder [asset:own:friday-larder-zz12hb]\n",
    ],
)
def test_what_may_stand_in_a_text(read, body):
    assert len(read(homes=FRONT + body).findings) == 1


def test_there_must_be_a_folder(tmp_path, evidence, drafts):
    with pytest.raises(ParameterError, match="no such folder"):
        read_narrative(tmp_path / "nowhere", evidence=evidence, drafts=drafts)


# ------------------------------------------------------------------ what is wrong, one by one

CITED = "Damp [theme:damp].\n"
FAULTS = [
    ("no lines stand in front", 1, "Only text [theme:damp]."),
    ("not valid YAML", 3, "---\nfinding: housing\ntitle: [Homes\n---\n" + CITED),
    ("holds no keys", 1, "---\njust words\n---\n" + CITED),
    ("'finding:' is missing", 1, "---\ntitle: Homes\n---\n" + CITED),
    ("'title:' is missing", 1, "---\nfinding: housing\n---\n" + CITED),
    ("'title:' is empty", 3, "---\nfinding: housing\ntitle:\n---\n" + CITED),
    ("'title' is not text", 3, "---\nfinding: housing\ntitle: 2026\n---\n" + CITED),
    (
        "a key in front is not known",
        3,
        "---\nfinding: housing\ntitel: Homes\ntitle: H\n---\n" + CITED,
    ),
    ("'side' is not known", 4, "---\nfinding: housing\ntitle: H\nside: good\n---\n" + CITED),
    ("'order' is not a place", 4, "---\nfinding: housing\ntitle: H\norder: 0\n---\n" + CITED),
    ("the title is too long", 3, f"---\nfinding: housing\ntitle: {'x' * 121}\n---\n" + CITED),
    ("the title holds what identifies", 3, FRONT.replace("Homes", "Ring 01632 960147") + CITED),
    ("no text below", 5, FRONT),
    ("no finding of this name", None, FRONT.replace("housing", "housng") + CITED),
    ("cites no evidence", None, FRONT + "Only words."),
    ("cites no evidence", None, FRONT + "See [finding:food]."),
    ("evidence that is not there", 6, FRONT + "One.\nTwo [data:ownd] [theme:damp]."),
    ("evidence that is not there", 5, FRONT + "See [finding:fod] [theme:damp]."),
    ("evidence that is not shown: it is suppressed", 5, FRONT + "[data:gone] [theme:damp]"),
    ("a citation begins here and does not end", 7, FRONT + CITED + "\nDamp [data:x\nmore."),
    ("this looks like a citation and is none", 5, FRONT + "[theme:damp] [data:two words]"),
    ("this looks like a citation of an unknown kind", 5, FRONT + "[theme:damp] [them:damp]"),
    ("a block of code begins here", 7, FRONT + CITED + "\n```\ncode\n"),
    ("a block of code begins here", 7, FRONT + CITED + "\n~~~\ncode\n```\n"),
    ("a link begins here", 6, FRONT + CITED + "A [word](https://example.org"),
    ("HTML is not shown", 7, FRONT + CITED + "\n<script>alert(1)</script>\n"),
    ("HTML is not shown", 7, FRONT + CITED + "\n<script\n"),
    ("HTML is not shown", 5, FRONT + "Damp <b>bold</b> [theme:damp]."),
    ("HTML is not shown", 5, FRONT + "Damp <!-- hidden --> [theme:damp]."),
    ("pictures are not shown", 5, FRONT + "![x](https://example.org/x.png) [theme:damp]"),
    ("not an address that starts with https", 5, FRONT + "[x](javascript:alert(1)) [theme:damp]"),
    ("not an address that starts with https", 5, FRONT + "<javascript:alert(1)> [theme:damp]"),
    (
        "not an address that starts with https",
        5,
        FRONT + "[x][a] [theme:damp]\n\n[a]: data:text/html",
    ),
    ("a level that has no place", 5, FRONT + "# Loud\n\n" + CITED),
    ("a level that has no place", 5, FRONT + "## Loud\n\n" + CITED),
    ("a level that has no place", 5, FRONT + "Loud\n----\n\n" + CITED),
    ("a level that has no place", 5, FRONT + "##### Low\n\n" + CITED),
    ("holds what identifies a person: telephone", 6, FRONT + CITED + "Ring 01632 960147."),
    ("holds what identifies a person: e-mail", 6, FRONT + CITED + "Write to a.b@example.org."),
    ("holds what identifies a person: full date", 6, FRONT + CITED + "She was born 3 June 1961."),
    ("parted by markup: telephone", 5, FRONT + CITED + "Ring [0163](https://example.org)2 960147."),
    ("not text in UTF-8", 6, (FRONT + CITED).encode() + b"caf\xe9"),
    ("too large", None, FRONT + CITED + "x" * 100_001),
]


@pytest.mark.parametrize(("message", "line", "text"), FAULTS)
def test_one_fault_is_one_problem_with_its_line(refuse, message, line, text):
    problems = refuse(homes=text)
    assert [message in str(problem) for problem in problems].count(True) == 1, problems
    problem = next(one for one in problems if message in str(one))
    assert (problem.file, problem.line) == ("narrative/homes.md", line)


def test_a_private_word_is_never_repeated(refuse):
    problems = refuse(homes=FRONT + "Ring 01632 960147, a.b@example.org [theme:damp].")
    words = " ".join(map(str, problems))
    assert "960147" not in words
    assert "a.b@" not in words


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        (FRONT.replace("housing", "housng") + CITED, "housing"),
        (FRONT + "[data:ownd] [theme:damp]", "data:owned"),
        (FRONT + "[finding:fod] [theme:damp]", "finding:food"),
        ("---\nfinding: housing\ntitel: Homes\n---\n" + CITED, "title"),
        ("---\nfinding: housing\ntitle: H\nside: strenght\n---\n" + CITED, "strength"),
        (FRONT + "[them:damp] [theme:damp]", "theme"),
    ],
)
def test_the_nearest_valid_word_is_offered(refuse, text, nearest):
    assert nearest in [problem.nearest for problem in refuse(homes=text)]


def test_two_files_for_one_finding(refuse):
    problems = refuse(first=FRONT + CITED, second=FRONT + CITED)
    assert [(p.file, p.message) for p in problems] == [
        ("narrative/second.md", "two files are for one finding")
    ]
    assert problems[0].found == "housing, which narrative/first.md is for"


@pytest.mark.parametrize("name", ["introduction", "methods", "limits", "next_steps"])
def test_special_texts_are_not_about_a_finding_but_are_checked(refuse, name):
    problems = refuse(**{name: FRONT + "Here [data:zzzz]."})
    assert ["no place in front" in p.message for p in problems].count(True) == 1
    assert [p.line for p in problems] == [2, 5]


def test_easy_read_has_headings_and_pictures_of_its_own(read, refuse):
    text = "## Homes\n\n[picture: house] Many homes are damp.\n\n**Damp**: wet walls.\n"
    assert read(easy_read=text).find_text("easy_read").text.startswith("## Homes")
    problems = refuse(easy_read=text + "\n<script>x</script>\n\n[data:zzz]\n")
    assert [problem.line for problem in problems] == [7, 9]


def test_a_side_that_is_not_known_is_told_and_not_taken(tmp_path):
    text = FRONT.replace("title", "side: good\ntitle") + CITED
    (tmp_path / "homes.md").write_text(text, encoding="utf-8")
    narrative, problems = load_narrative(tmp_path)
    assert narrative.findings[0].side == ""
    assert len(problems) == 1


def test_all_problems_of_the_folder_come_at_once_in_order(refuse):
    problems = refuse(
        a=FRONT + "<b>x</b>\n\n[data:zz]",
        b="no front",
        c=b"\xff\xfe",
        methods="[quote:none]",
    )
    places = [(p.file, p.line) for p in problems]
    assert places == sorted(places, key=lambda place: (place[0], place[1] or 0))
    assert {file for file, _ in places} == {
        f"narrative/{name}.md" for name in ("a", "b", "c", "methods")
    }


def test_files_with_problems_still_tell_what_they_cite(tmp_path):
    (tmp_path / "homes.md").write_text(FRONT + "<b>x</b> [data:zz]", encoding="utf-8")
    narrative, problems = load_narrative(tmp_path)
    assert len(problems) >= 1
    assert [c.evidence_id for c in narrative.findings[0].citations] == ["data:zz"]


# ------------------------------------------------------------------ drafts as files


def test_a_draft_is_written_once_and_never_again(tmp_path, evidence, drafts):
    folder = tmp_path / "narrative"
    written = write_drafts(folder, drafts)
    assert [path.stem for path in written] == drafts["finding_id"].tolist()
    assert sorted(path.name for path in folder.iterdir()) == sorted(p.name for p in written)
    edited = written[0].read_text(encoding="utf-8").replace("title: ", "title: New ", 1)
    written[0].write_text(edited, encoding="utf-8")
    assert write_drafts(folder, drafts) == []
    assert written[0].read_text(encoding="utf-8") == edited


def test_a_finding_that_a_file_of_another_name_is_for_gets_none(tmp_path, drafts):
    (tmp_path / "our homes.md").write_text(FRONT + CITED, encoding="utf-8")
    (tmp_path / "food.md").write_text("half a thought", encoding="utf-8")
    names = [path.stem for path in write_drafts(tmp_path, drafts)]
    assert names == [n for n in drafts["finding_id"] if n not in ("housing", "food")]
    assert (tmp_path / "food.md").read_text(encoding="utf-8") == "half a thought"


def test_a_draft_says_what_may_be_changed_and_cites_what_the_text_cites(drafts):
    row = drafts.to_dict("records")[0]
    text = write_draft(row)
    assert text.startswith("---\n# Change the title and the text as you like")
    assert f"\nfinding: {row['finding_id']}\n" in text


def test_written_drafts_read_back_without_a_problem(tmp_path):
    odd = "Tom's *best* <b>hall</b> [x](javascript:y) # _1_ \\ `code` & 50% ~~~ ![p](q)"
    table = build_table(
        [
            make_entry("data:owned", label=odd, comparison="worse", comparator=odd, value=1.0),
            make_entry("theme:damp", label=f'"{odd}"' * 3, value=20, direction="challenge"),
        ]
    )
    drafts = draft_findings(table, area='A "B" [data:owned]', today=date(2026, 11, 21))
    write_drafts(tmp_path, drafts)
    narrative = read_narrative(tmp_path, evidence=table, drafts=drafts)
    assert {text.name for text in narrative.findings} == set(drafts["finding_id"])
    for text in narrative.findings:
        assert len(text.title) <= 120


def test_a_folder_that_cannot_be_made_is_told(tmp_path, drafts):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(ParameterError, match="cannot be written"):
        write_drafts(tmp_path / "file" / "narrative", drafts)


# ------------------------------------------------------------------ the demonstration


def test_the_demonstration_has_both_sides_and_every_special_text():
    narrative, problems = load_narrative(DEMO)
    assert problems == []
    assert len(narrative.findings) >= 8
    assert {text.name for text in narrative.texts} == {
        "introduction",
        "methods",
        "acknowledgements",
        "next_steps",
    }
    kinds = {c.evidence_id.partition(":")[0] for t in narrative.findings for c in t.citations}
    assert kinds >= {"data", "quote", "asset", "survey", "theme", "case", "reach", "change"}


@pytest.mark.parametrize(
    ("evidence_id", "finding"),
    [
        ("asset:own:night-bus-volunteers", "transport"),
        ("quote:Q10", "theme-places_to_meet"),
        ("data:fuel_poverty", "money_and_resources"),
    ],
)
def test_in_the_demonstration_one_finding_alone_rests_on_it(evidence_id, finding):
    narrative, _ = load_narrative(DEMO)
    citing = [
        text.name
        for text in (*narrative.findings, *narrative.texts)
        if evidence_id in [citation.evidence_id for citation in text.citations]
    ]
    assert citing == [finding]
