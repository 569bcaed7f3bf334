"""The gate of quotations: names, words, labels, clearance, and that nothing uncleared leaves."""

from __future__ import annotations

import dataclasses
import itertools
from datetime import date

import pandas as pd
import pytest

from cip.catalogue.people_groups import load_people_groups
from cip.engagement.choice import propose_quotes
from cip.engagement.clearance_table import list_clearance_columns, plan_clearance, plan_seals
from cip.engagement.codebook import read_codebook
from cip.engagement.coding_settled import settle_codings
from cip.engagement.excerpts import load_excerpts
from cip.engagement.gate import examine, find_flags, redact
from cip.engagement.name_words import COMMON, FIRST_NAMES, GRAMMAR, HARMLESS
from cip.engagement.proper_nouns import allow_names, find_proper_nouns
from cip.engagement.quotes import REASONS, list_themes, read_clearances
from cip.engagement.roles import is_role
from cip.engagement.speakers import SpeakerCounts, build_counts, check_label, find_parts
from cip.engagement.wording import find_wording_fault
from cip.errors import ParameterError
from cip.schemas import SCHEMAS
from cip.tables import check_table

TODAY = date(2026, 11, 21)
ROLE = "Engagement lead, council"
SECRET = "01632 960199"
NAME = "Quenby"

NAMES_FOUND = [
    ("I asked Chidinma about it.", ["Chidinma"]),
    ("Priya was kind.", ["Priya"]),
    ("Thank you Agnieszka and Tyrone", ["Agnieszka", "Tyrone"]),
    ("then Doreen O'Reilly came", ["Doreen O'Reilly"]),
    ("MY NURSE PRIYA WAS KIND", ["PRIYA"]),
    ("Will rang me. Rose did not.", ["Will", "Rose"]),
    ("May came with me", ["May"]),
    ("mr quillfeather came", ["quillfeather"]),
    ("Mr. Brown said no", ["Mr. Brown"]),
    ("the Reverend White helped", ["Reverend White"]),
    ("J. Smith wrote", ["J. Smith"]),
    ("we saw Łukasz", ["Łukasz"]),
    ("José spoke", ["José"]),
    ("Jose\u0301 spoke", ["Jose\u0301"]),
    ("доктор Иванов", ["доктор Иванов"]),
    ("سارة ساعدتني", ["سارة ساعدتني"]),
    ("李小龙来了", ["李小龙来了"]),
    ("Pri\u200bya came", ["Pri\u200bya"]),
    ("Ｐｒｉｙａ came", ["Ｐｒｉｙａ"]),
    ("down Tongs Road", ["Tongs Road"]),
    ("the McDonald boys", ["McDonald"]),
    ("ask anne-Marie", ["anne-Marie"]),
    ('she said "Doreen knows"', ["Doreen"]),
    ("It closed. Doreen cried. So did I.", ["Doreen"]),
    ("<b>Doreen</b> was there", ["Doreen"]),
    ("I'm with Tom's mother", ["Tom's"]),
]
NO_NAMES = [
    "The bus never comes. We wait, and then we walk.",
    "I think I'm fine, and I've said so.",
    "Don't close it! Can't you see? It's ours.",
    "On Monday in May we met at the NHS clinic.",
    "The 3rd May 2024 was cold.",
    "VERY GOOD SERVICE, THANK YOU",
    "He said: We will see.",
    "my GP and the A&E",
    "At Christmas nobody rings.",
    "all in small letters, also priya",
    "10 out of 10",
    "🙂🙂",
    "",
]


@pytest.mark.parametrize(("text", "names"), NAMES_FOUND, ids=range(len(NAMES_FOUND)))
def test_flags_every_word_written_as_a_name(text, names):
    assert [text[f.start : f.end] for f in find_proper_nouns(text)] == names


@pytest.mark.parametrize("text", NO_NAMES, ids=range(len(NO_NAMES)))
def test_leaves_other_words_alone(text):
    assert find_proper_nouns(text) == []


def test_a_name_of_several_words_is_allowed_as_a_whole():
    allowed = allow_names(["Rose Hill", "Kettle & Chat Imaginary Charity"])
    text = "Rose helped me on Rose Hill, Hill's way, with Kettle & Chat Imaginary Charity's van"
    found = [text[f.start : f.end] for f in find_proper_nouns(text, allowed)]
    assert found == ["Rose", "Hill's"]
    assert find_proper_nouns("on Rose Hill's edge", allowed) == []


def test_first_names_are_never_common_words():
    assert not (COMMON | GRAMMAR | HARMLESS) & FIRST_NAMES
    assert all(word == word.casefold() for word in COMMON | FIRST_NAMES | HARMLESS)


def test_examine_counts_and_holds_no_text():
    texts = pd.Series({"E1": f"Ring {NAME} on {SECRET}", "E2": "No flags here.", "E3": None})
    table = examine(texts)
    assert table.to_dict("list") == {
        "text_id": ["E1", "E1"],
        "kind": ["name", "phone"],
        "count": [1, 1],
    }


def test_redacts_overlapping_findings_once():
    text = f"Mr Brown, 12 Paper Mill Lane, ZZ99 1AA; {NAME}: someone@example.org"
    assert redact(text, find_flags(text)) == "[name], [address], [postcode]; [name]: [e-mail]"


SAID = "I have told them, and they did not come. My daughter Wilma walked there twice, alone."


@pytest.mark.parametrize(
    "quote",
    [
        SAID,
        "they did not come.",
        "I have told them … they did not come",
        "I have told them [the council] … [They] did not come",
        "[T]hey did not come",
        "My daughter [name] walked there twice",
        "MY DAUGHTER WILMA ... walked there",
        "“they  did\nnot come”",
        "I have told them [...] walked there twice",
    ],
)
def test_words_of_the_excerpt_pass(quote):
    assert find_wording_fault(quote, SAID) is None


@pytest.mark.parametrize(
    ("quote", "part"),
    [
        ("they never came to us", "does not have"),
        ("they did come", "does not have"),
        ("they did … come", "such as 'not'"),
        ("come not did", "another order"),
        ("walked there … I have told", "another order"),
        ("they did [not] come", "such as 'not'"),
        ("they did [of course, as anybody could have seen] come", "more than"),
        ("walk[ed] there twice", "inside a word"),
        ("[all] [of] [it]", "fewer than"),
        ("walked", "fewer than"),
        ("…", "fewer than"),
        ("they did [not come", "not closed"),
    ],
)
def test_words_put_into_a_mouth_are_told(quote, part):
    fault = find_wording_fault(quote, SAID)
    assert part in fault
    assert "Wilma" not in fault


def test_a_long_excerpt_is_aligned_in_no_time():
    assert find_wording_fault("a " * 20_000 + "b", "a " * 50_000) is not None
    assert find_wording_fault("a a a … b b b", "a " * 30_000 + "b " * 3) is None


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Engagement lead", True),
        ("Senior Community Development Officer", True),
        ("steering group", True),
        ("Chidinma", False),
        ("Priya, project lead", False),
        ("Dr Brown, chair", False),
        ("someone", False),
        (f"officer {SECRET}", False),
    ],
)
def test_tells_roles_from_people(text, is_one):
    assert is_role(text) is is_one
    assert is_role("Lead, Fableshire Council", allow_names(["Fableshire Council"]))


GROUPS = {
    "age": {"16_24": "16 to 24", "65_74": "65 to 74", "75_plus": "75 and over"},
    "sex": {"female": "Female", "male": "Male"},
    "religion": {"sikh": "Sikh"},
}


def make_counts(least_people=3, **population):
    margins = {
        "age": {"16_24": 400, "65_74": 300, "75_plus": 9},
        "sex": {"female": 2_000, "male": 1_900},
        **population,
    }
    people = pd.DataFrame(
        [("65_74", "female", "sikh")] * 4
        + [("65_74", "male", None)] * 2
        + [("75_plus", "male", None)] * 5,
        columns=["age", "sex", "religion"],
    )
    return SpeakerCounts(GROUPS, margins, people, least_people)


def test_label_is_refused_by_the_rarest_part_and_a_coarser_one_is_proposed():
    problem = check_label({"sex": "male", "age": "75_plus"}, make_counts())
    assert problem.keep == ("sex",)
    assert problem.proposal == "Male"
    assert "fewer than 10 people of the area" in problem.message
    assert check_label({"sex": "male"}, make_counts()) is None


def test_label_is_refused_when_few_participants_share_it():
    problem = check_label({"sex": "male", "age": "65_74"}, make_counts())
    assert "fewer than 3 of the people who took part" in problem.message
    assert problem.keep == ("sex",)
    assert check_label({"sex": "male", "age": "65_74"}, make_counts(2)) is None


def test_part_that_no_table_counts_goes_first():
    problem = check_label({"religion": "sikh", "sex": "female"}, make_counts(5))
    assert problem.keep == ()
    assert problem.proposal == "Resident"
    kept = check_label({"religion": "sikh", "sex": "male"}, make_counts(5)).keep
    assert kept == ("sex",)


def test_label_with_an_unknown_group_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="no group"):
        check_label({"age": "nine"}, make_counts())


def test_finds_groups_in_free_words():
    assert find_parts("woman, 75 and over, female", make_counts()) == {
        "age": "75_plus",
        "sex": "female",
    }
    assert find_parts("females everywhere", make_counts()) == {}


EXCERPT_TEXT = "The last bus goes at seven and I walk home for an hour."
OTHER_TEXT = f"Ask {NAME} on {SECRET}, she knows about the bus."


def make_excerpts(first=EXCERPT_TEXT):
    return pd.DataFrame(
        {
            "excerpt_id": ["E1", "E2", "E3"],
            "person_id": ["P1", "P2", "P3"],
            "voice": ["interview", "interview", "survey"],
            "age": ["65_74", "65_74", "75_plus"],
            "sex": ["female", "male", "male"],
            "text": [first, OTHER_TEXT, f"{NAME} says the bus is late again."],
        }
    )


THEMES = pd.DataFrame(
    {
        "excerpt_id": ["E1", "E1", "E2", "E3"],
        "theme_id": ["last_bus", "walking", "last_bus", "last_bus"],
        "polarity": ["challenge", "enabler", "challenge", "challenge"],
    }
)
CLEAR = {"consent": True, "cleared_by": ROLE, "cleared_on": "2026-10-01"}


def write_register(folder, *rows, texts=None):
    path = folder / "quotes.csv"
    known = texts or dict(make_excerpts()[["excerpt_id", "text"]].itertuples(index=False))
    given = [
        {"quote_id": f"Q{n}", "excerpt_id": "E1", "text": EXCERPT_TEXT, **CLEAR, **row}
        for n, row in enumerate(rows, start=1)
    ]
    path.write_bytes(plan_clearance(path, given, known).encode())
    return path


def read(path, excerpts=None, **more):
    excerpts = make_excerpts() if excerpts is None else excerpts
    counts = more.pop("counts", make_counts(1))
    return read_clearances(path, excerpts, THEMES, counts, today=TODAY, **more)


def test_cleared_quote_is_published_whole(folder):
    got = read(write_register(folder, {"speaker_label": "sex; age", "text": "I walk home …"}))
    assert got.quotes.to_dict("records") == [
        {
            "quote_id": "Q1",
            "theme_id": "last_bus",
            "polarity": "challenge",
            "text": "I walk home …",
            "speaker_label": "Female, 65 to 74",
            "voice": "interview",
            "cleared_by": ROLE,
            "cleared_on": "2026-10-01",
        }
    ]
    assert list(got.quotes) == list(SCHEMAS["quotes"].columns)
    check_table("quotes", got.quotes)
    assert got.speakers.to_dict("records") == [
        {"quote_id": "Q1", "person_id": "P1", "age": "65_74", "sex": "female"}
    ]
    assert got.notes == ("1 of 1 quotations are cleared.",)


def test_empty_register_gives_an_empty_table(folder):
    path = folder / "quotes.csv"
    path.write_text(",".join(list_clearance_columns()) + "\n")
    got = read(path)
    assert len(check_table("quotes", got.quotes)) == 0
    assert got.notes == ("0 of 0 quotations are cleared.",)


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ({"withdrawn": True}, "withdrawn"),
        ({"text": ""}, "no_text"),
        ({"consent": False}, "no_consent"),
        ({"consent": ""}, "no_consent"),
        ({"cleared_by": ""}, "not_cleared"),
        ({"cleared_on": ""}, "not_cleared"),
        ({"cleared_on": "2026-11-22"}, "future"),
        ({"cleared_by": NAME}, "no_role"),
        ({"text": "The last tram goes at seven"}, "wording"),
        ({"excerpt_id": "E2", "text": OTHER_TEXT}, "identifier"),
        (
            {"excerpt_id": "E2", "text": OTHER_TEXT, "names_allowed": f"{NAME}; {SECRET}"},
            "identifier",
        ),
        ({"excerpt_id": "E3", "text": f"{NAME} says the bus is late"}, "names"),
        ({"theme_id": "damp"}, "theme"),
        ({"speaker_label": f"friend of {NAME}"}, "label_text"),
        ({"speaker_label": f"call {SECRET}"}, "label_text"),
        ({"speaker_label": "somebody " * 10}, "label_text"),
        ({"speaker_label": "man, male"}, "label_unknown"),
        ({"speaker_label": "religion"}, "label_unknown"),
        (
            {"excerpt_id": "E3", "text": "says the bus is late", "speaker_label": "age"},
            "label_counts",
        ),
    ],
)
def test_what_is_not_cleared_stays_out_with_its_reason(folder, row, state):
    got = read(write_register(folder, row))
    assert got.states["state"].tolist() == [state]
    assert got.quotes.empty
    assert got.notes[1] == f"1 not shown: {REASONS[state]}."
    assert_no_leak(got)


def test_advice_names_a_coarser_label(folder):
    row = {"excerpt_id": "E3", "text": "says the bus is late", "speaker_label": "age; sex"}
    advice = read(write_register(folder, row)).states["advice"][0]
    assert advice.endswith("use 'sex'")


def test_names_pass_when_the_row_or_the_caller_allows_them(folder):
    row = {"excerpt_id": "E3", "text": f"{NAME} says the bus is late"}
    assert len(read(write_register(folder, {**row, "names_allowed": NAME})).quotes) == 1
    assert len(read(write_register(folder, row), allowed=allow_names([NAME])).quotes) == 1


def test_free_label_is_kept_and_counted(folder):
    got = read(write_register(folder, {"speaker_label": "volunteer, 65 to 74"}))
    assert got.quotes["speaker_label"].tolist() == ["volunteer, 65 to 74"]
    assert "1 labels of speakers are in free words" in got.notes[1]


def test_no_label_is_a_resident_and_the_chosen_theme_is_kept(folder):
    got = read(write_register(folder, {"theme_id": "walking"}))
    assert got.quotes[["speaker_label", "theme_id", "polarity"]].values.tolist() == [
        ["Resident", "walking", "enabler"]
    ]


def test_clearance_falls_when_the_excerpt_changes(folder):
    path = write_register(folder, {})
    assert len(read(path).quotes) == 1
    changed = make_excerpts(EXCERPT_TEXT.replace("an hour", "two hours"))
    assert read(path, changed).states["state"].tolist() == ["changed"]


@pytest.mark.parametrize(("name", "value"), [("text", "I walk home"), ("speaker_label", "sex")])
def test_clearance_falls_when_the_row_changes(folder, name, value):
    path = write_register(folder, {})
    texts = {"E1": EXCERPT_TEXT}
    path.write_bytes(plan_clearance(path, [{"quote_id": "Q1", name: value}], texts).encode())
    assert read(path).states["state"].tolist() == ["changed"]
    again = plan_clearance(path, [{"quote_id": "Q1", "cleared_on": "2026-11-02"}], texts)
    path.write_bytes(again.encode())
    assert read(path).states["state"].tolist() == ["cleared"]


def test_withdrawn_consent_removes_a_quote_at_the_next_run(folder):
    path = write_register(folder, {}, {})
    assert len(read(path).quotes) == 2
    path.write_bytes(plan_clearance(path, [{"quote_id": "Q2", "withdrawn": True}], {}).encode())
    assert read(path).quotes["quote_id"].tolist() == ["Q1"]


def test_register_filled_in_by_hand_must_be_sealed(folder):
    path = folder / "quotes.csv"
    cells = ["Q1", "E1", "", EXCERPT_TEXT, "sex", "", "yes", f'"{ROLE}"', "2026-10-01", "", ""]
    path.write_text(",".join(list_clearance_columns()) + "\n" + ",".join(cells) + "\n")
    assert read(path).states["state"].tolist() == ["not_sealed"]
    path.write_text(plan_seals(path, {"E1": EXCERPT_TEXT}))
    assert read(path).states["state"].tolist() == ["cleared"]
    changed = {"E1": "something else was said here"}
    assert plan_seals(path, changed) == path.read_text()


def test_plan_keeps_what_nobody_changed_and_writes_nothing(folder):
    path = write_register(folder, {}, {"text": "", "cleared_on": ""})
    before = path.read_bytes()
    new = plan_clearance(path, [{"quote_id": "Q2", "names_allowed": "=1+1"}], {})
    assert path.read_bytes() == before
    assert new.startswith(before.decode().split("\r\nQ2")[0])
    assert "'=1+1" in new
    assert new.endswith("\r\n")
    assert new.startswith("\ufeff")


def test_formula_and_odd_signs_survive_the_round(folder):
    text = "=SUM(1) + \u202eהאוטובוס\u202c <b>late</b> 🙂 again today"
    excerpts = make_excerpts(text)
    row = {"text": text, "names_allowed": "SUM; האוטובוס"}
    path = write_register(folder, row, texts={"E1": text})
    got = read(path, excerpts)
    assert got.quotes["text"].tolist() == ["=SUM(1) + האוטובוס <b>late</b> 🙂 again today"]


def test_all_faults_are_told_at_once_without_a_cell(folder):
    path = folder / "quotes.csv"
    leaked = f"{NAME} {SECRET}"
    lines = [
        ",".join(list_clearance_columns()),
        f"{NAME},E1,,,,,,,,,",
        f"Q1,E1,,{leaked},,,{leaked},lead,{leaked},,{leaked}",
        f"Q1,{leaked},,,,,yes,{leaked},2026-10-01,,",
        f",E1,,{'x' * 2_000},,,,,,,",
    ]
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(ParameterError) as caught:
        read(path)
    told = {(p.row, p.column) for p in caught.value.problems}
    assert told == {
        (2, "quote_id"),
        *((3, name) for name in ("consent", "cleared_on", "withdrawn")),
        *((4, name) for name in ("quote_id", "excerpt_id", "cleared_by")),
        *((5, name) for name in ("quote_id", "text")),
    }
    assert_silent(str(caught.value), repr(caught.value.problems))


def test_headings_that_are_cells_out_of_place_are_not_repeated(folder):
    path = folder / "quotes.csv"
    path.write_text(f"Q1,E1,{NAME} {SECRET}\nQ2,E2,other\n")
    with pytest.raises(ParameterError) as caught:
        read(path)
    assert_silent(str(caught.value), repr(caught.value.problems))


def test_plan_refuses_without_repeating(folder):
    path = folder / "quotes.csv"
    rows = [
        {"quote_id": "Q1", "excerpt_id": "E9", "text": SECRET, **CLEAR},
        {"quote_id": f"{NAME} {SECRET}", "excerpt_id": "E1", "consent": NAME, "cleared_by": SECRET},
    ]
    with pytest.raises(ParameterError) as caught:
        plan_clearance(path, rows, {"E1": "words"})
    assert {(p.row, p.column) for p in caught.value.problems} >= {(2, "excerpt_id"), (3, "consent")}
    assert_silent(str(caught.value), repr(caught.value.problems))
    assert not path.exists()


@pytest.mark.parametrize(
    "field", ["text", "speaker_label", "names_allowed", "cleared_by", "theme_id"]
)
def test_an_identifier_in_any_field_reaches_nothing(folder, field):
    row = {field: f"{EXCERPT_TEXT if field == 'text' else ''} {NAME} {SECRET}"}
    try:
        got = read(write_register(folder, row))
    except ParameterError as error:
        assert_silent(str(error), repr(error.problems))
    else:
        assert_no_leak(got, also_quotes=True)


def assert_no_leak(got, *, also_quotes=False):
    texts = [repr(got), str(got.notes), got.states.to_csv()]
    texts += [got.quotes.to_csv(), got.speakers.to_csv()] if also_quotes else []
    assert_silent(*texts)
    fields = {f.name for f in dataclasses.fields(got) if f.repr}
    assert fields == {"notes"}


def assert_silent(*texts):
    for text, secret in itertools.product(texts, (NAME, SECRET, "960199")):
        assert secret not in text


def make_choice(rows):
    quotes = pd.DataFrame(rows, columns=["quote_id", "theme_id", "polarity", "person_id", "age"])
    speakers = quotes[["quote_id", "person_id", "age"]]
    return quotes.drop(columns=["person_id", "age"]).assign(voice="interview"), speakers


THEME_SIZES = pd.DataFrame(
    {"theme_id": ["a", "b", "c"], "theme": ["Alpha", "Beta", "Gamma"], "people": [30, 20, 10]}
)


def test_every_theme_is_heard_even_when_a_speaker_is_shared():
    quotes, speakers = make_choice(
        [
            ("Q1", "a", "challenge", "P1", "16_24"),
            ("Q2", "a", "challenge", "P2", "16_24"),
            ("Q3", "b", "enabler", "P1", "16_24"),
            ("Q4", "c", "challenge", "P3", "75_plus"),
        ]
    )
    found = propose_quotes(quotes, speakers, THEME_SIZES, most=3)
    assert [one.quote_id for one in found] == ["Q2", "Q3", "Q4"]
    assert found[0].why.startswith("the theme 'Alpha' is heard")
    more = propose_quotes(quotes, speakers, THEME_SIZES, most=10)
    assert [one.quote_id for one in more] == ["Q2", "Q3", "Q4"]


def test_both_sides_are_heard_when_there_is_room_for_two():
    quotes, speakers = make_choice(
        [
            ("Q1", "a", "challenge", "P1", "16_24"),
            ("Q2", "b", "challenge", "P2", "16_24"),
            ("Q3", "c", "enabler", "P3", "16_24"),
        ]
    )
    found = propose_quotes(quotes, speakers, THEME_SIZES, most=2)
    assert [one.quote_id for one in found] == ["Q1", "Q3"]


def test_a_group_not_heard_yet_comes_first():
    quotes, speakers = make_choice(
        [
            ("Q1", "a", "challenge", "P1", "16_24"),
            ("Q2", "b", "challenge", "P2", "16_24"),
            ("Q3", "b", "challenge", "P2", "75_plus"),
        ]
    )
    found = propose_quotes(quotes, speakers, THEME_SIZES, most=2)
    assert [one.quote_id for one in found] == ["Q1", "Q3"]
    assert "age" in found[1].why


def test_choice_does_not_depend_on_the_order_of_rows():
    rows = [
        (f"Q{n:02d}", "abc"[n % 3], ["enabler", "challenge"][n % 2], f"P{n % 7}", str(n % 4))
        for n in range(24)
    ]
    first = propose_quotes(*make_choice(rows), THEME_SIZES, most=6)
    again = propose_quotes(*make_choice(rows[::-1]), THEME_SIZES.iloc[::-1], most=6)
    assert first == again
    people = {row[0]: row[3] for row in rows}
    chosen = [people[one.quote_id] for one in first]
    assert len(set(chosen)) == len(chosen) == 6


def test_nothing_to_choose_from_gives_nothing():
    assert propose_quotes(*make_choice([]), THEME_SIZES, most=5) == []
    with pytest.raises(ValueError, match="negative"):
        propose_quotes(*make_choice([]), THEME_SIZES, most=-1)


def test_register_of_the_demonstration(root):
    demo = root / "params" / "demo"
    codebook = read_codebook(demo / "codebook.csv")
    excerpts, problems = load_excerpts(demo / "excerpts", codebook)
    assert problems == []
    themes = list_themes(settle_codings(excerpts).final, codebook.to_frame())
    margins = pd.DataFrame(
        [
            (entry.id, group, label, 800)
            for entry in load_people_groups().values()
            for group, label in entry.labels.items()
        ],
        columns=["characteristic", "group", "group_label", "population"],
    )
    counts = build_counts(margins, excerpts.people)
    allowed = allow_names(["Fableshire Invented Council"])
    path = demo / "quotes.csv"
    got = read_clearances(path, excerpts.frame, themes, counts, today=TODAY, allowed=allowed)
    states = got.states["state"].value_counts().to_dict()
    others = dict.fromkeys(("not_cleared", "no_consent", "withdrawn", "identifier"), 1)
    assert states == {"cleared": 18, **others}
    assert set(got.quotes["polarity"]) >= {"enabler", "challenge"}
    check_table("quotes", got.quotes)
    sizes = themes["theme_id"].value_counts().rename_axis("theme_id").reset_index(name="people")
    chosen = propose_quotes(got.quotes, got.speakers, sizes.assign(theme="x"), most=12)
    assert len(chosen) == 12


def test_counts_come_from_margins_and_missing_ones_stay_missing():
    margins = pd.DataFrame(
        [("sex", "female", "Female", 9.0), ("sex", "other", "Other", None)],
        columns=["characteristic", "group", "group_label", "population"],
    )
    people = pd.DataFrame({"sex": ["female"] * 6 + ["other"] * 6})
    counts = build_counts(margins, people, least_people=6)
    assert counts.population == {"sex": {"female": 9.0}}
    assert check_label({"sex": "female"}, counts).keep == ()
    assert check_label({"sex": "other"}, counts) is None
    assert "people" not in repr(counts).replace("least_people", "")
