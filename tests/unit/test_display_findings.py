"""Titles made from numbers: grammar, ties, zeros, gaps, and never more than the numbers say."""

from __future__ import annotations

import pytest

from cip.display.findings import (
    Figure,
    check_verdict,
    compare_figures,
    count_things,
    word_ratio,
    write_change,
    write_change_count,
    write_largest_part,
    write_range,
    write_rug_finding,
    write_tally,
    write_verdict_count,
)

GOOD, BAD, NONE = "high_is_good", "high_is_bad", "none"


def score(value: float | None) -> Figure:
    return Figure(value, "score", 2)


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "no measures"), (1, "1 measure"), (2, "2 measures"), (1234, "1,234 measures")],
)
def test_a_count_agrees_with_its_noun(number: int, words: str) -> None:
    assert count_things(number, "measure") == words


def test_an_uneven_plural_is_given() -> None:
    assert count_things(2, "person", "people") == "2 people"


@pytest.mark.parametrize(
    ("value", "other", "words"),
    [
        (10.0, 10.0, "the same as"),
        (0.0, 0.0, "the same as"),
        (10.3, 10.0, "about the same as"),
        (9.6, 10.0, "about the same as"),
        (11.0, 10.0, ""),
        (15.0, 10.0, "about one and a half times"),
        (18.0, 10.0, ""),
        (20.0, 10.0, "about twice"),
        (20.4, 10.0, "about twice"),
        (24.0, 10.0, "2.4 times"),
        (30.0, 10.0, "about three times"),
        (99.0, 10.0, "9.9 times"),
        (100.0, 10.0, "more than ten times"),
        (5.0, 10.0, "about half of"),
        (3.33, 10.0, "about a third of"),
        (2.5, 10.0, "about a quarter of"),
        (4.0, 10.0, ""),
        # No ratio of nothing, and none of a score below zero.
        (5.0, 0.0, ""),
        (0.0, 5.0, ""),
        (-2.0, -1.0, ""),
        (2.0, -1.0, ""),
        (None, 1.0, ""),
        (1.0, float("nan"), ""),
    ],
)
def test_ratios_in_words(value: float | None, other: float | None, words: str) -> None:
    assert word_ratio(value, other) == words


@pytest.mark.parametrize(
    ("value", "other", "verdict", "polarity", "words"),
    [
        (12.2, 6.1, "higher", NONE, "about twice the figure of England (12.2% against 6.1%)"),
        (3.0, 6.0, "lower", NONE, "about half of the figure of England (3.0% against 6.0%)"),
        (10.3, 10.0, "higher", NONE, "higher than in England (10.3% against 10.0%)"),
        (12.2, 6.1, "worse", BAD, "worse than in England (12.2% against 6.1%)"),
        (12.2, 6.1, "better", GOOD, "better than in England (12.2% against 6.1%)"),
        # Twice as much is not said where the difference could be chance.
        (12.2, 6.1, "similar", BAD, "similar to England (12.2% against 6.1%)"),
        (12.2, 6.1, "not compared", NONE, "12.2%, and 6.1% in England; not compared"),
        (12.2, 6.1, "", BAD, "12.2%, and 6.1% in England; not compared"),
        (None, 6.1, "", BAD, "no figure"),
        (12.2, None, "", BAD, "12.2%, with no figure for England"),
        (0.0, 6.1, "lower", NONE, "lower than in England (0.0% against 6.1%)"),
        (100.0, 99.0, "higher", NONE, "higher than in England (100.0% against 99.0%)"),
    ],
)
def test_two_figures_compared(
    value: float | None, other: float | None, verdict: str, polarity: str, words: str
) -> None:
    said = compare_figures(
        Figure(value), Figure(other), "England", verdict=verdict, polarity=polarity
    )
    assert said == words


def test_scores_below_zero_are_compared_without_a_ratio() -> None:
    said = compare_figures(score(-0.06), score(-0.03), "England", verdict="lower", polarity=NONE)
    assert said == "lower than in England (-0.06 against -0.03)"


@pytest.mark.parametrize("word", ["better", "worse"])
def test_nothing_is_judged_where_neither_direction_is_good(word: str) -> None:
    with pytest.raises(ValueError, match="one direction is good"):
        check_verdict(word, NONE)
    with pytest.raises(ValueError, match="one direction is good"):
        write_tally("A", "B", [(word, NONE)])
    with pytest.raises(ValueError, match="one direction is good"):
        write_verdict_count("L", "B", [word], NONE)


def test_an_unknown_verdict_and_a_contradiction_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown verdict"):
        check_verdict("bigger", GOOD)
    with pytest.raises(ValueError, match="is not 'higher'"):
        compare_figures(Figure(1.0), Figure(2.0), "England", verdict="higher", polarity=NONE)


JUDGED = [("worse", BAD)] * 4 + [("better", GOOD)] * 2 + [("similar", BAD)] * 6


@pytest.mark.parametrize(
    ("verdicts", "title", "lead"),
    [
        (JUDGED, "Fern is worse than England on 4 of 12 measures and better on 2", ""),
        ([("worse", BAD), ("similar", BAD)],
         "Fern is worse than England on 1 of 2 measures and better on none", ""),
        ([("better", BAD), ("similar", BAD)],
         "Fern is better than England on 1 of 2 measures and worse on none", ""),
        ([("worse", BAD)] * 3, "Fern is worse than England on all 3 measures", ""),
        ([("similar", BAD)] * 2, "Fern is similar to England on both measures", ""),
        ([("similar", BAD)], "Fern is similar to England on the one measure compared", ""),
        ([("similar", BAD), ("higher", NONE), ("lower", NONE), ("similar", NONE)],
         "Fern is similar to England on the one measure compared",
         "Where neither direction is good, it is higher on 1 and lower on 1 of 3 measures."),
        ([("similar", BAD), ("similar", NONE)],
         "Fern is similar to England on the one measure compared",
         "Where neither direction is good, it is similar on the one measure compared."),
        ([("similar", BAD), ("higher", NONE), ("higher", NONE)],
         "Fern is similar to England on the one measure compared",
         "Where neither direction is good, it is higher on both measures."),
        ([("similar", BAD), ("lower", NONE)],
         "Fern is similar to England on the one measure compared",
         "Where neither direction is good, it is lower on the one measure compared."),
        ([("higher", NONE), ("similar", NONE)],
         "Fern is higher than England on 1 of 2 measures and lower on none", ""),
        ([("worse", BAD), ("", BAD)], "Fern is worse than England on the one measure compared",
         "1 measure is not compared."),
        ([("worse", BAD), ("not compared", NONE), ("", BAD)],
         "Fern is worse than England on the one measure compared", "2 measures are not compared."),
        ([("", BAD)], "No measure of Fern is compared with England", ""),
        ([], "No measure of Fern is compared with England", ""),
    ],
)  # fmt: skip
def test_a_tally_over_measures(verdicts: list[tuple[str, str]], title: str, lead: str) -> None:
    assert write_tally("Fern", "England", verdicts) == (title, lead)


@pytest.mark.parametrize(
    ("tallies", "title"),
    [
        ([("A", 3, 9), ("B", 1, 9)],
         "A is worse than England on 3 of 9 measures, the most of the 2 small areas"),
        ([("A", 3, 9), ("B", 3, 8), ("C", 0, 8)],
         "A and B are worse than England on 3 measures each, the most of the 3 small areas"),
        ([("A", 3, 9), ("B", 3, 9)], "Both small areas are worse than England on 3 measures each"),
        ([(n, 1, 9) for n in "ABCD"] + [("E", 0, 9)],
         "4 of the 5 small areas are worse than England on 1 measure each, the most"),
        ([(n, 2, 9) for n in "ABCD"],
         "All 4 small areas are worse than England on 2 measures each"),
        ([("A", 3, 9)], "A is worse than England on 3 of 9 measures"),
        ([("A", 1, 1)], "A is worse than England on the one measure compared"),
        ([("A", 0, 9), ("B", 0, 9)], "No small area is worse than England on any measure"),
        ([("A", 0, 9)], "The small area is not worse than England on any measure"),
        ([("A", 0, 0)], "No small area is judged better or worse than England"),
        ([], "No small area is judged better or worse than England"),
    ],
)  # fmt: skip
def test_the_finding_of_a_rug(tallies: list[tuple[str, int, int]], title: str) -> None:
    assert write_rug_finding(tallies, "England") == title


def places(*values: float | None) -> list[tuple[str, Figure]]:
    return [(chr(ord("A") + i), Figure(v)) for i, v in enumerate(values)]


@pytest.mark.parametrize(
    ("held", "title"),
    [
        (places(5.0, 31.0, 12.0), "Homes: from 5.0% in A to 31.0% in B"),
        (places(1.0, 3.0, 3.02), "Homes: from 1.0% in A to 3.0% in B and C"),
        (places(1.0, 1.0, 1.0, 9.0), "Homes: from 1.0% in 3 small areas to 9.0% in D"),
        (places(0.0, 100.0), "Homes: from 0.0% in A to 100.0% in B"),
        (places(7.0, 7.0), "Homes: 7.0% in both small areas"),
        (places(0.0, 0.0, 0.0), "Homes: 0.0% in all 3 small areas"),
        (places(7.0, 7.0, None), "Homes: 7.0% in both small areas with a figure"),
        (places(7.0), "Homes: 7.0% in A"),
        (places(7.0, None), "Homes: 7.0% in A, the only small area with a figure"),
        (places(None, None), "Homes: no figure for any small area"),
        ([("A", score(-0.5)), ("B", score(0.25))], "Homes: from -0.50 in A to 0.25 in B"),
    ],
)
def test_the_range_over_places(held: list[tuple[str, Figure]], title: str) -> None:
    assert write_range("Homes", held) == title


@pytest.mark.parametrize(
    ("verdicts", "polarity", "title"),
    [
        (["worse"] * 3 + ["better"] + ["similar"] * 5, BAD,
         "Homes: worse than England in 3 of 9 small areas and better in 1"),
        (["worse", "similar"], BAD, "Homes: worse than England in 1 of 2 small areas"),
        (["lower", "similar", "similar"], NONE, "Homes: lower than England in 1 of 3 small areas"),
        (["similar"] * 4, BAD, "Homes: similar to England in all 4 small areas compared"),
        (["similar"] * 2, BAD, "Homes: similar to England in both small areas compared"),
        (["similar"], BAD, "Homes: similar to England in the small area compared"),
        (["worse", "not compared", ""], BAD, "Homes: worse than England in the one small area compared"),
        (["not compared"], BAD, ""),
        ([], BAD, ""),
    ],
)  # fmt: skip
def test_verdicts_over_places(verdicts: list[str], polarity: str, title: str) -> None:
    assert write_verdict_count("Homes", "England", verdicts, polarity) == title


def years(*values: float | None) -> list[tuple[str, Figure]]:
    return [(str(2019 + i), Figure(v)) for i, v in enumerate(values)]


@pytest.mark.parametrize(
    ("points", "verdict", "words"),
    [
        (years(2.1, 9.0, 3.4), "higher", "rose from 2.1% in 2019 to 3.4% in 2021"),
        (years(3.4, None, 2.1), "lower", "fell from 3.4% in 2019 to 2.1% in 2021"),
        (years(2.1, 2.0, 3.4), "similar", "no clear change, 2.1% in 2019 and 3.4% in 2021"),
        (years(2.1, 2.0, 3.4), "", "2.1% in 2019 and 3.4% in 2021; change not tested"),
        (years(2.1, 2.0, 3.4), "not compared", "2.1% in 2019 and 3.4% in 2021; change not tested"),
        # A gap at an end: the first and the last figure there are.
        (years(None, 2.0, 3.4), "higher", "rose from 2.0% in 2020 to 3.4% in 2021"),
        (years(2.0, 3.4, None), "higher", "rose from 2.0% in 2019 to 3.4% in 2020"),
        (years(2.01, 2.0, 2.02), "higher",
         "rose by less than can be shown, 2.0% in 2019 and in 2021"),
        (years(0.0, 0.0, 0.0), "similar", "no clear change, 0.0% in 2019 and 0.0% in 2021"),
        (years(None, 2.0), "", "2.0% in 2020, the only figure"),
        (years(None, None), "", "no figure"),
        ([], "", "no figure"),
        ([("2019", score(-0.5)), ("2020", score(-0.25))], "higher",
         "rose from -0.50 in 2019 to -0.25 in 2020"),
    ],
)  # fmt: skip
def test_what_happened_over_time(
    points: list[tuple[str, Figure]], verdict: str, words: str
) -> None:
    assert write_change(points, verdict=verdict) == words


@pytest.mark.parametrize("verdict", ["higher", "lower", "better"])
def test_a_verdict_that_the_figures_do_not_bear_is_refused(verdict: str) -> None:
    points = years(3.0, 2.0) if verdict == "higher" else years(2.0, 3.0)
    with pytest.raises(ValueError, match="change"):
        write_change(points, verdict=verdict)


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        (["higher", "higher", "lower", "similar", ""],
         "Of 5 trends in Fern, 2 rose, 1 fell, 1 shows no clear change and 1 is not tested"),
        (["higher", "similar", "similar"],
         "Of 3 trends in Fern, 1 rose and 2 show no clear change"),
        (["similar"], "The one trend in Fern shows no clear change"),
        (["lower", "lower"], "Both trends in Fern fell"),
        (["", "", ""], "All 3 trends in Fern are not tested"),
        ([], "No trend in Fern"),
    ],
)  # fmt: skip
def test_changes_over_measures(verdicts: list[str], words: str) -> None:
    assert write_change_count(verdicts, "Fern") == words


@pytest.mark.parametrize(
    ("parts", "title"),
    [
        ([("flats", 45), ("houses", 55)],
         "The most common type here is houses: about 55 of every 100 households"),
        ([("flats", 50), ("houses", 50)],
         "Flats and houses are equally common here: about 50 of every 100 households each"),
        ([("flats", 100), ("houses", 0)],
         "All or nearly all households here are in one group: flats"),
        ([("flats", 0), ("houses", 0)], "No figure for households here"),
        ([], "No figure for households here"),
        # What is not known is smaller than the largest group: still the most common.
        ([("flats", 60), ("houses", 20)],
         "The most common type here is flats: about 60 of every 100 households"),
        ([("flats", 30), ("houses", 20)],
         "The most common type with a figure here is flats: about 30 of every 100 households"),
    ],
)  # fmt: skip
def test_the_largest_part(parts: list[tuple[str, int]], title: str) -> None:
    assert write_largest_part(parts, "households", "type") == title
