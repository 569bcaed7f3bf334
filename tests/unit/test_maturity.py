"""Ratings of place-based working: kept apart, never summed, never traced to who said what."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cip.catalogue.maturity import MaturityTool, load_maturity
from cip.display.blocks import FigureBlock, NoteBlock
from cip.display.maturity_strip import draw_strips, make_steps
from cip.display.strip_drawing import write_day
from cip.errors import ParameterError
from cip.framework import maturity
from cip.framework.maturity import (
    FORMS,
    compare_rounds,
    count_partners,
    list_comments,
    order_steps,
    read_ratings,
    summarise_steps,
)
from cip.pages.maturity import show_maturity, tabulate_ratings
from cip.params import ParameterFile, load_params
from cip.tables import check_table

HEAD = "round,partner,step,level,comment,comment_may_be_shown,is_priority"
LEVELS = list(load_maturity().levels)
FIRST, LATER = "2026-04-21", "2026-10-13"
PARAMS = """id: hill
title: Hill
profile_kind: neighbourhood
area: {wards: [Hill]}
organisation: {name: Invented Council, contact: none}
"""


def write_ratings(folder: Path, rows: list[str]) -> Path:
    path = folder / "maturity.csv"
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return path


def read(folder: Path, *rows: str) -> pd.DataFrame:
    return read_ratings(write_ratings(folder, list(rows)))


def make_file(folder: Path, rows: list[str] | None = None) -> ParameterFile:
    text = PARAMS
    if rows is not None:
        write_ratings(folder, rows)
        text += "inputs: {maturity: maturity.csv}\n"
    (folder / "hill.yml").write_text(text, encoding="utf-8")
    return load_params(folder / "hill.yml")


def pick(summary: pd.DataFrame, step: int, day: str = FIRST) -> pd.Series:
    found = summary[(summary["step"] == step) & (summary["round"] == day)]
    return found.iloc[0]


# The instrument


def test_the_instrument_has_ten_steps_and_four_levels_in_our_own_short_words():
    tool = load_maturity()
    assert len(tool.steps) == 10
    assert LEVELS == ["emerging", "developing", "maturing", "thriving"]
    for step in tool.steps:
        for level in LEVELS:
            statement = getattr(step, level)
            assert statement.endswith(".") and len(statement.split()) <= 18, statement
    assert "2019" in tool.source and "own words" in tool.source


def test_a_gap_in_the_steps_is_refused():
    entry = load_maturity().model_dump()
    entry["steps"] = entry["steps"][1:]
    with pytest.raises(ValueError, match="numbered from 1"):
        MaturityTool.model_validate(entry)


# Reading


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (f"{FIRST},Council,11,emerging,,,", "step", "out of range"),
        (f"{FIRST},Council,two,emerging,,,", "step", "not a number"),
        (f"{FIRST},Council,2,emergent,,,", "level", "not one of the choices"),
        ("spring,Council,2,emerging,,,", "round", "not a date"),
        (f"{FIRST},,2,emerging,,,", "partner", "must be filled in"),
        (f"{FIRST},Mr Nobody,2,emerging,,,", "partner", "a person's name"),
        (f"{FIRST},Council,2,emerging,ring 01865 000000,yes,", "comment", "telephone"),
        (f"{FIRST},Council,2,emerging,as Mrs Nobody said,no,", "comment", "a person's name"),
        (f"{FIRST},Council,2,,because,no,", "level", "needs a level"),
        (f"{FIRST},Council,2,,,,yes", "level", "needs a level"),
        (f"{FIRST},Council,2,emerging,,,sometimes", "is_priority", "not yes or no"),
        (f"{FIRST},surgery ,1,thriving,,,", "step", "rated this step before"),
        (f"{FIRST},Forum,2,emerging,We at the forum agree,yes,", "comment", "names the partner"),
    ],
)
def test_a_bad_row_is_told_by_its_place(tmp_path, row, column, words):
    with pytest.raises(ParameterError) as caught:
        read(tmp_path, f"{FIRST},Surgery,1,emerging,,,", row)
    (problem,) = caught.value.problems
    assert (problem.row, problem.column) == (3, column)
    assert words in problem.message
    assert "Nobody" not in str(problem)


def test_a_step_left_blank_has_no_rater(tmp_path):
    summary = summarise_steps(
        read(tmp_path, f"{FIRST},A,1,,,,", f"{FIRST},B,1,emerging,,,", f"{FIRST},C,1,maturing,,,")
    )
    assert pick(summary, 1)["raters"] == 2
    assert pick(summary, 2)["raters"] == 0
    assert pd.isna(pick(summary, 2)["emerging"])  # nobody asked is not nobody there


# Counts


def test_median_and_spread_follow_the_order_of_the_levels(tmp_path):
    rows = [f"{FIRST},{p},1,{level},,," for p, level in zip("ABCD", LEVELS, strict=True)]
    rows += [f"{FIRST},{p},2,{level},,," for p, level in zip("ABC", LEVELS[1:], strict=True)]
    summary = summarise_steps(read(tmp_path, *rows))
    first, second = pick(summary, 1), pick(summary, 2)
    assert first["median"] == "between developing and maturing"
    assert (first["lowest"], first["highest"], first["spread"]) == ("emerging", "thriving", 3)
    assert (second["median"], second["spread"]) == ("maturing", 2)
    check_table("maturity", summary)


rating_rows = st.dictionaries(
    st.tuples(
        st.sampled_from([FIRST, LATER]), st.sampled_from("ABCDE"), st.integers(min_value=1, max_value=10)
    ),
    st.tuples(st.sampled_from(LEVELS), st.sampled_from(["yes", "no", ""])),
    min_size=1,
    max_size=40,
)  # fmt: skip


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40
)
@given(ratings=rating_rows, order=st.randoms(use_true_random=False))
def test_counts_add_to_raters_in_any_order_of_rows(tmp_path, ratings, order):
    rows = [f"{d},{p},{s},{level},,,{flag}" for (d, p, s), (level, flag) in ratings.items()]
    summary = summarise_steps(read(tmp_path, *rows))
    order.shuffle(rows)
    pd.testing.assert_frame_equal(summary, summarise_steps(read(tmp_path, *rows)))
    shown = summary[summary["raters"] > 1]
    assert (shown[LEVELS].sum(axis="columns") == shown["raters"]).all()
    assert (shown["priorities"] <= shown["raters"]).all()
    assert shown["spread"].between(0, 3).all()
    alone = summary[summary["raters"] == 1]
    assert alone["is_withheld"].all()
    assert alone[[*LEVELS, "lowest", "median", "spread", "priorities"]].isna().all(axis=None)
    assert summary["raters"].sum() == len(rows)
    assert sorted(order_steps(summary)) == list(range(1, 11))


def test_disagreements_come_first_and_ties_go_to_the_more_divided(tmp_path):
    levels = {1: "EEEE", 2: "EEET", 3: "EETT", 4: "EEDD"}
    names = {"E": "emerging", "D": "developing", "T": "thriving"}
    rows = [
        f"{FIRST},{partner},{step},{names[letter]},,,"
        for step, letters in levels.items()
        for partner, letter in zip("ABCD", letters, strict=True)
    ]
    assert order_steps(summarise_steps(read(tmp_path, *rows)))[:4] == [3, 2, 4, 1]


def test_rounds_are_compared_by_count_and_never_filled_in(tmp_path):
    rows = [f"{FIRST},{p},1,emerging,,," for p in "ABC"]
    rows += [f"{LATER},{p},1,developing,,," for p in "BCD"]
    rows += [f"{LATER},{p},2,developing,,," for p in "AB"]
    ratings = read(tmp_path, *rows)
    changes = compare_rounds(summarise_steps(ratings)).set_index("step")
    assert changes.loc[1, LEVELS].tolist() == [-3, 3, 0, 0]
    assert changes.loc[2, LEVELS].isna().all()
    partners = count_partners(ratings)
    assert partners["partners"].tolist() == [3, 4]
    assert partners["also_first"].tolist() == [3, 3]


def test_nothing_adds_or_averages_the_steps():
    """No mean in the code of the instrument, and no row that is not one step of one round."""
    assert "mean(" not in inspect.getsource(maturity)
    assert "score" not in load_maturity().model_dump()


# What may be shown


COMMENTED = [
    f"{FIRST},Forum,7,emerging,Zeal is there but no plan,yes,yes",
    f"{FIRST},Surgery,7,thriving,A shared list works,yes,",
    f"{FIRST},Council,7,maturing,We fell out,no,",
    f"{FIRST},Council,8,maturing,Only our own view,yes,yes",
]


def test_comments_are_shown_only_when_cleared_without_their_partner(tmp_path):
    comments = list_comments(read(tmp_path, *COMMENTED))
    assert comments["comment"].tolist() == ["A shared list works", "Zeal is there but no plan"]
    assert "partner" not in comments.columns


def test_no_partner_is_named_and_a_lone_rater_is_not_shown(tmp_path):
    file = make_file(tmp_path, COMMENTED)
    blocks = show_maturity(file)
    pages = "\n".join([b.to_html() + b.to_text() for b in blocks])
    for name in ("Forum", "Surgery", "Council", "We fell out", "Only our own view"):
        assert name not in pages, name
    figures = [b for b in blocks if isinstance(b, FigureBlock)]
    table = pd.concat([b.table for b in figures]).set_index("Step")
    alone = table[table.index.str.startswith("8 ")].iloc[0]
    assert [alone[level] for level in LEVELS] == ["[c]"] * 4
    assert (alone["Middle rating"], alone["Raters"]) == ("[c]", 1)
    assert "One partner alone rated step 8" in pages


def test_the_hand_over_table_names_nobody(tmp_path):
    table = tabulate_ratings(make_file(tmp_path, COMMENTED))
    assert "partner" not in table.columns and "comment" not in table.columns
    assert pd.isna(pick(table, 8)["maturing"])
    check_table("maturity", table)


def test_few_raters_are_said(tmp_path):
    rows = [f"{FIRST},{p},{s},emerging,,," for p in "AB" for s in range(1, 11)]
    (note,) = [b for b in show_maturity(make_file(tmp_path, rows)) if isinstance(b, NoteBlock)]
    assert "Fewer than 3 partners rated steps 1, 2" in note.body
    rows += [f"{FIRST},C,{s},maturing,,," for s in range(1, 11)]
    blocks = show_maturity(make_file(tmp_path, rows))
    assert not [b for b in blocks if isinstance(b, NoteBlock)]


# Blocks and pictures


@pytest.mark.parametrize(
    ("letters", "title"),
    [
        (("EET", "EEE"), "Views differ most on step 1 Prioritisation and targeting: from emerging to thriving"),
        (("EET", "ETT"), "On all 2 of these steps, the lowest and highest ratings are 3 levels apart"),
        (("EED", "DDD"), "Views differ most on step 1 Prioritisation and targeting: from emerging to developing"),
        (("EEE", "DDD"), "All raters agree on 2 steps"),
        (("E", "D"), "No ratings to show on 2 steps"),
    ],
)  # fmt: skip
def test_the_title_states_the_finding(tmp_path, letters, title):
    names = {"E": "emerging", "D": "developing", "T": "thriving"}
    rows = [
        f"{FIRST},{partner},{step},{names[letter]},,,"
        for step, word in enumerate(letters, start=1)
        for partner, letter in zip("ABC", word, strict=False)
    ]
    summary = summarise_steps(read(tmp_path, *rows))
    steps = make_steps(summary, compare_rounds(summary), [1, 2], LEVELS)
    figure = draw_strips(steps, LEVELS, block_id="m", source="Source: us.", note="n")
    assert figure.title == title


def test_a_later_round_shows_its_change(tmp_path):
    rows = [f"{FIRST},{p},1,emerging,,," for p in "ABC"]
    rows += [f"{LATER},{p},1,{level},,," for p, level in zip("ABC", LEVELS, strict=False)]
    summary = summarise_steps(read(tmp_path, *rows))
    (step,) = make_steps(summary, compare_rounds(summary), [1], LEVELS)
    first, later = step.strips
    assert first.changes is None
    assert later.changes == (-2, 1, 1, 0)
    assert (later.middle, later.ends, step.spread) == (1.0, (0, 2), 2)


def test_the_same_ratings_give_the_same_picture(tmp_path):
    summary = summarise_steps(read(tmp_path, *COMMENTED))
    steps = make_steps(summary, compare_rounds(summary), [7, 8, 9], LEVELS)
    first, second = (
        draw_strips(steps, LEVELS, block_id="m", source="s", note="n") for _ in range(2)
    )
    assert first.svg == second.svg and first.svg.startswith("<svg")
    assert "step" in first.alt.casefold() and "one rater, not shown" in first.alt
    with pytest.raises(ValueError, match="at least one step"):
        draw_strips([], LEVELS, block_id="m", source="s", note="n")


@pytest.mark.parametrize("rounds", [1, 2, 3, 6])
def test_figures_fit_a_page_however_many_rounds_there_are(tmp_path, rounds):
    rows = [
        f"2026-{month:02d}-01,{partner},{step},emerging,,,yes"
        for month in range(1, rounds + 1)
        for partner in "AB"
        for step in range(1, 11)
    ]
    figures = [b for b in show_maturity(make_file(tmp_path, rows)) if isinstance(b, FigureBlock)]
    drawn = pd.concat([figure.table for figure in figures])
    assert len(drawn) == 10 * rounds
    for figure in figures:
        height = float(re.search(r'height="([\d.]+)pt"', figure.svg)[1])
        assert height <= 8.5 * 72


def test_days_are_written_in_words():
    assert write_day("2026-04-02") == "2 Apr 2026"


def test_without_ratings_a_note_says_how_to_make_them(tmp_path):
    file = make_file(tmp_path)
    note, statements = show_maturity(file)
    assert note.kind == "missing" and "inputs: maturity:" in note.body
    assert len(statements.frame) == 10
    assert tabulate_ratings(file) is None
    empty, _ = show_maturity(make_file(tmp_path, [f"{FIRST},A,1,,,,"]))
    assert empty.kind == "missing"


def test_the_form_has_a_row_for_each_step(tmp_path):
    path = FORMS["maturity"](tmp_path / "maturity.csv")
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == HEAD and len(lines) == 11


def test_the_demonstration_has_two_rounds(root):
    ratings = read_ratings(root / "params" / "demo" / "maturity.csv")
    assert count_partners(ratings)["partners"].tolist() == [6, 6]
    assert not summarise_steps(ratings)["is_withheld"].any()
    assert len(list_comments(ratings)) == 4
