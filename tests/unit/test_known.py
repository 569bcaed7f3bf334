"""What is already known: the registers of insight and of partners, and what they cover."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cip.catalogue.building_blocks import cite_building_blocks, load_topics
from cip.display.blocks import Block
from cip.display.count_grid import GridCell, draw_grid
from cip.display.links import Link, LinkList
from cip.errors import ParameterError
from cip.framework.coverage import count_coverage
from cip.framework.insight import classify_insight, read_insight
from cip.framework.partners import classify_partners, read_partners
from cip.inputs.columns import fold_name
from cip.pages.known import build_known_tables, show_known
from cip.params import ParameterFile, load_params
from cip.tables import check_table

TODAY = date(2026, 11, 21)
INSIGHT = "title,owner,area,published,start,end,link,topics,what_it_says,still_valid\n"
PARTNERS = "organisation,kind,what_they_do,topics,area,until\n"
PARAMS = """\
id: test-area
title: Test area
profile_kind: ward
area: {wards: [Z05000001]}
organisation: {name: Council, contact: page}
"""


def write(folder: Path, text: str, name: str = "own.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def load(folder: Path, **inputs: str) -> ParameterFile:
    """Return a parameter file whose inputs hold the texts."""
    lines = "".join(f"  {name}: {name}.csv\n" for name in inputs)
    for name, text in inputs.items():
        write(folder, text, f"{name}.csv")
    tail = f"inputs:\n{lines}" if inputs else ""
    return load_params(write(folder, PARAMS + tail, "area.yml"))


def list_html(blocks: list[Block]) -> str:
    return "".join(block.to_html() for block in blocks)


def test_a_topic_can_be_named_by_its_id_or_its_label():
    assert all(fold_name(topic.label) == name for name, topic in load_topics().items())
    assert [t.is_block for t in load_topics().values()] == [True] * 9 + [False] * 2
    assert "Health Foundation" in cite_building_blocks()


# one row per entry: published, start, end, what it says, still valid; where it stands, does it hold
STANDINGS = [
    ("2025-01-01", "", "", "x", "", "published", "valid"),
    ("2023-11-21", "", "", "x", "", "published", "valid"),  # three years old to the day
    ("2023-11-20", "", "", "x", "", "published", "stale"),
    ("2010-01-01", "", "", "x", "yes", "published", "valid"),
    ("2026-01-01", "", "", "x", "no", "published", "no longer valid"),
    ("2025-01-01", "", "", "", "", "published", "valid"),
    ("2026-11-22", "", "", "x", "", "planned", "no findings yet"),
    ("2026-11-21", "", "", "x", "", "published", "valid"),
    ("", "2026-11-22", "2026-12-31", "", "", "planned", "no findings yet"),
    ("", "2026-11-21", "2027-01-31", "", "", "live now", "no findings yet"),
    ("", "2026-11-01", "", "", "yes", "live now", "no findings yet"),
    ("", "2026-11-01", "2026-12-20", "", "", "live now", "no findings yet"),  # 29 days left
    ("", "2026-11-01", "2026-12-19", "", "", "ends soon", "no findings yet"),
    ("", "", "2026-11-21", "", "", "ends soon", "no findings yet"),
    ("", "2026-11-01", "2026-11-20", "", "", "ended", "no findings yet"),
    ("", "2026-11-01", "2026-11-20", "x", "", "ended", "valid"),
    ("", "2020-01-01", "2020-02-01", "x", "", "ended", "stale"),
    ("2026-10-01", "2020-01-01", "2020-02-01", "x", "", "ended", "valid"),
    ("2026-11-30", "2026-01-01", "2026-02-01", "", "", "ended", "no findings yet"),
]


def test_every_entry_stands_where_its_dates_say(tmp_path):
    lines = [
        f"Title {number},Owner,,{published},{start},{end},,,{says},{valid}"
        for number, (published, start, end, says, valid, _, _) in enumerate(STANDINGS)
    ]
    table = read_insight(write(tmp_path, INSIGHT + "\n".join(lines)))
    found = classify_insight(table, TODAY)
    assert list(zip(found["stage"], found["validity"], strict=True)) == [
        (stage, validity) for *_, stage, validity in STANDINGS
    ]


def test_the_age_that_makes_insight_stale_can_be_set(tmp_path):
    path = write(tmp_path, INSIGHT + "A,B,,2024-02-29,,,,,x,\n")
    table = read_insight(path)
    for years, word in ((2, "stale"), (3, "valid")):
        found = classify_insight(table, TODAY, stale_after_years=years)
        assert found["validity"].tolist() == [word]


# one row per mistake: the file's rows; row, column and words of each problem
MISTAKES = [
    ("A,B,,,,,,,x,", [(2, "published", "no date")]),
    ("A,B,,,2026-02-02,2026-02-01,,,x,", [(2, "end", "before the start")]),
    (
        "A b,B,,2026-01-01,,,,,,\na  B!,C,,2026-01-01,,,,,,",
        [(3, "title", "stands in row 2 already")],
    ),
    ("A,Mr Example,,2026-01-01,,,,,,", [(2, "owner", "a person's name")]),
    ("A,x@example.org,,2026-01-01,,,,,,", [(2, "owner", "an e-mail address")]),
    ("A,B,,2026-01-01,,,,,ring 01632 960123,", [(2, "what_it_says", "a telephone number")]),
    ("A,B,,2026-01-01,,,,hosing,,", [(2, "topics", "not one of the choices")]),
    ("A,B,,2026-01-01,,,javascript:x,,,", [(2, "link", "not a web address")]),
    (
        ",B,,,,,,,,\nA,,,soon,,,,,,maybe",
        [
            (2, "published", "no date"),
            (2, "title", "must be filled in"),
            (3, "owner", "must be filled in"),
            (3, "published", "not a date"),
            (3, "still_valid", "not yes or no"),
        ],
    ),
]


@pytest.mark.parametrize(("rows", "problems"), MISTAKES)
def test_every_mistake_in_the_register_is_told(tmp_path, rows, problems):
    with pytest.raises(ParameterError) as caught:
        read_insight(write(tmp_path, INSIGHT + rows))
    found = [(p.row, p.column) for p in caught.value.problems]
    assert sorted(found) == sorted((row, column) for row, column, _ in problems)
    for row, column, words in problems:
        assert any(
            words in p.message and (p.row, p.column) == (row, column) for p in caught.value.problems
        )


# one row per mistake: the file's rows; row, column, words, nearest
PARTNER_MISTAKES = [
    ("A,local council,x,,,", 2, "kind", "not one of the choices", "local_councils"),
    ("A,,x,,,", 2, "kind", "must be filled in", None),
    ("A,housing,Mrs Example visits,,,", 2, "what_they_do", "a person's name", None),
    ("A 01632 960123,housing,x,,,", 2, "organisation", "a telephone number", None),
    ("A,housing,x,,,\na,safety,X,,,", 3, "organisation", "stand in row 2 already", None),
    ("A,housing,x,,,never", 2, "until", "not a date", None),
]


@pytest.mark.parametrize(("rows", "row", "column", "words", "nearest"), PARTNER_MISTAKES)
def test_every_mistake_in_the_partners_is_told(tmp_path, rows, row, column, words, nearest):
    with pytest.raises(ParameterError) as caught:
        read_partners(write(tmp_path, PARTNERS + rows))
    (problem,) = caught.value.problems
    assert (problem.row, problem.column, problem.nearest) == (row, column, nearest)
    assert words in problem.message


@pytest.mark.parametrize(
    ("until", "stage"),
    [
        ("", "working now"),
        ("2027-02-20", "working now"),  # 91 days
        ("2027-02-19", "ends soon"),
        ("2026-11-21", "ends soon"),
        ("2026-11-20", "ended"),
    ],
)
def test_work_ends_on_its_last_day(tmp_path, until, stage):
    table = read_partners(write(tmp_path, f"{PARTNERS}A,housing,x,,,{until}\n"))
    assert classify_partners(table, TODAY)["stage"].tolist() == [stage]


def cover(insight: list[tuple[str, str, str]], partners: list[tuple[str, str]]) -> pd.DataFrame:
    """Return coverage by topic from (topics, stage, validity) and (topics, stage)."""
    table = count_coverage(
        pd.DataFrame(insight, columns=["topics", "stage", "validity"], dtype="str"),
        pd.DataFrame(partners, columns=["topics", "stage"], dtype="str"),
    )
    return table.set_index("topic")


def test_coverage_counts_what_can_be_built_on():
    table = cover(
        [
            ("housing; work", "published", "valid"),
            ("housing", "published", "stale"),
            ("housing", "ended", "valid"),
            ("food", "published", "stale"),
            ("transport", "published", "no longer valid"),
            ("transport", "ends soon", "no findings yet"),
            ("transport", "planned", "no findings yet"),
        ],
        [("food", "working now"), ("food", "ends soon"), ("work", "ended")],
    )
    columns = ["valid", "stale", "live", "partners", "insight_cover", "partner_cover"]
    expected = {
        "housing": [2, 1, 0, 0, "several", "none"],
        "work": [1, 0, 0, 0, "one", "none"],
        "food": [0, 1, 0, 2, "only stale", "several"],
        "transport": [0, 0, 1, 0, "none", "none"],
        "surroundings": [0, 0, 0, 0, "none", "none"],
    }
    assert {name: table.loc[name, columns].tolist() for name in expected} == expected


def test_gaps_come_first_and_what_is_no_building_block_last():
    table = cover([("housing", "published", "valid"), ("food", "published", "stale")], [])
    assert table["insight_cover"].tolist() == ["none"] * 7 + ["only stale", "one", "none", "none"]
    assert list(table.index[-2:]) == ["health_and_care_services", "health_and_wellbeing"]


def test_a_register_that_is_not_given_is_not_a_gap():
    table = count_coverage(None, pd.DataFrame({"topics": ["food"], "stage": ["working now"]}))
    assert table["valid"].isna().all()
    assert set(table["insight_cover"]) == {"not known"}
    assert table["partners"].sum() == 1


ENTRIES = st.lists(
    st.tuples(
        st.lists(st.sampled_from(list(load_topics())), max_size=3, unique=True).map("; ".join),
        st.sampled_from(["published", "live now", "ended", "planned"]),
        st.sampled_from(["valid", "stale", "no longer valid", "no findings yet"]),
    ),
    max_size=8,
)


@settings(deadline=None, max_examples=40)
@given(ENTRIES, ENTRIES)
def test_two_registers_together_count_as_the_sum_of_both(first, second):
    counts = ["valid", "stale", "live"]
    registers = (first, second, first + second)
    one, two, both = (cover(rows, [])[counts].sort_index() for rows in registers)
    assert (one + two).equals(both)


@settings(deadline=None, max_examples=40)
@given(ENTRIES, st.randoms())
def test_the_order_of_entries_does_not_matter(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert cover(rows, []).equals(cover(shuffled, []))


@settings(deadline=None, max_examples=60)
@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 400), st.integers(0, 4000))
def test_a_consultation_is_at_every_moment_in_one_stage(start, length, later):
    end, day = start + timedelta(days=length), start + timedelta(days=later - 1000)
    table = pd.DataFrame(
        {
            "published": pd.Series([None], dtype="datetime64[s]"),
            "start": pd.Series([start], dtype="datetime64[s]"),
            "end": pd.Series([end], dtype="datetime64[s]"),
            "what_it_says": pd.Series([None], dtype="str"),
            "still_valid": pd.Series([None], dtype="boolean"),
        }
    )
    (stage,) = classify_insight(table, day)["stage"]
    if day < start:
        assert stage == "planned"
    elif day > end:
        assert stage == "ended"
    else:
        assert stage == ("ends soon" if (end - day).days <= 28 else "live now")


def test_the_demonstration_reads_cleanly_and_fits_its_tables(root, tmp_path):
    demo = root / "params" / "demo"
    texts = {name: (demo / f"{name}.csv").read_text("utf-8") for name in ("insight", "partners")}
    tables = build_known_tables(load(tmp_path, **texts), TODAY)
    assert set(tables) == {"insight", "partners"}
    for name, table in tables.items():
        assert len(check_table(name, table)) == len(texts[name].splitlines()) - 1
        first = table.columns[1] if name == "insight" else table.columns[0]
        assert table[first].str.contains("invented").all()
    assert {"live now", "ends soon", "planned", "ended"} < set(tables["insight"]["stage"])


def test_the_page_shows_gaps_links_and_what_is_live(root, tmp_path):
    demo = root / "params" / "demo"
    texts = {name: (demo / f"{name}.csv").read_text("utf-8") for name in ("insight", "partners")}
    html = list_html(show_known(load(tmp_path, **texts), TODAY))
    assert "5 of 9 building blocks of health have no valid insight<" in html
    assert "Ends soon: until 4 December 2026 (13 days left)" in html
    assert '<a href="https://example.org/buses" rel="noopener noreferrer">' in html
    assert "Published 4 November 2024: valid, confirmed" in html


def test_without_inputs_the_page_says_how_to_supply_them(tmp_path):
    file = load(tmp_path)
    html = list_html(show_known(file, TODAY))
    assert html.count("Not available:") == 2
    assert "inputs: insight:" in html and "cip forms" in html
    assert build_known_tables(file, TODAY) == {}


def test_few_gaps_are_named_in_the_title(tmp_path):
    held = "; ".join(name for name in load_topics() if name not in ("food", "housing"))
    html = list_html(
        show_known(load(tmp_path, insight=f"{INSIGHT}A,B,,2026-01-01,,,,{held},,\n"), TODAY)
    )
    assert "2 of 9 building blocks of health have no valid insight: housing; food<" in html


def test_one_register_is_shown_without_the_other(tmp_path):
    file = load(tmp_path, partners=PARTNERS + "A,housing,x,housing,,\nB,safety,y,,,\n")
    html = list_html(show_known(file, TODAY))
    assert "8 of 9 building blocks of health have no partner at work" in html
    assert "Valid insight" not in html
    assert "name no topic" in html and ": B." in html


@pytest.mark.parametrize(("name", "head"), [("insight", INSIGHT), ("partners", PARTNERS)])
def test_an_empty_register_is_not_an_error(tmp_path, name, head):
    file = load(tmp_path, **{name: head})
    assert "is empty" in list_html(show_known(file, TODAY))
    assert check_table(name, build_known_tables(file, TODAY)[name]).empty


def test_text_from_the_register_is_escaped(tmp_path):
    row = '<script>x</script>,<b>,,2026-01-01,,,https://example.org/?a=1&b=2,food,"<img src=x>",'
    html = list_html(show_known(load(tmp_path, insight=INSIGHT + row), TODAY))
    assert "<script>" not in html and "<img src=x" not in html
    assert 'href="https://example.org/?a=1&amp;b=2"' in html


@pytest.mark.parametrize("address", ["javascript:x", "data:text/html,x", "/local", "https://", ""])
def test_no_other_address_becomes_a_link(address):
    with pytest.raises(ValueError, match="must start with"):
        Link("words", address)


def test_links_are_words_with_the_name_of_the_site():
    block = LinkList(block_id="a", caption="Where:", links=[Link("Buses", "https://example.org/b")])
    assert ">Buses</a> (example.org)" in block.to_html()
    assert block.to_text() == "Where:\nBuses: https://example.org/b"


def test_a_grid_that_cannot_be_read_is_refused():
    cell = GridCell("1", "some")
    with pytest.raises(ValueError, match="1 to 4 columns"):
        draw_grid(["a"], list("abcde"), [[cell] * 5])
    with pytest.raises(ValueError, match="at least one row"):
        draw_grid([], ["a"], [])
    assert draw_grid(["a"], ["b"], [[cell]]) == draw_grid(["a"], ["b"], [[cell]])
