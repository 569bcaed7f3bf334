"""Tables with totals: what is blanked, what solving finds, what is refused."""

from dataclasses import replace

import pandas as pd
import pytest

from cip.disclosure import find_recoverable, load_rule, protect_table

UNDER_5, NHS = load_rule("under_5"), load_rule("nhs")
TOTALS = {"total_column": "total", "total_row": "total"}


def make_table(rows, columns="abcdef"):
    table = pd.DataFrame(rows, columns=list(columns[: len(rows[0])]))
    table.index = [f"r{number}" for number in range(len(rows))]
    table["total"] = table.sum(axis=1)
    table.loc["total"] = table.sum()
    return table


def list_blanks(protected):
    blank = protected.is_blank
    return {(row, name) for name in blank.columns for row in blank.index[blank[name]]}


def hide_only_small(protected, counts):
    """Return what a table would be without secondary suppression."""
    return replace(
        protected,
        published=counts.astype(float).mask(protected.is_primary),
        is_secondary=protected.is_secondary & False,
    )


def test_one_small_cell_takes_three_others_with_it():
    counts = make_table([[3, 20, 30], [10, 40, 50], [60, 70, 80]])
    protected = protect_table(counts, UNDER_5, **TOTALS)
    assert list_blanks(protected) == {("r0", "a"), ("r0", "b"), ("r1", "a"), ("r1", "b")}
    assert protected.is_primary.sum().sum() == 1
    assert find_recoverable(protected).empty
    shown = protected.show()
    assert shown.loc["r0", "a"] == "[c]" and shown.loc["r0", "c"] == "30"


def test_without_further_blanks_the_small_cell_is_found():
    counts = make_table([[3, 20, 30], [10, 40, 50], [60, 70, 80]])
    bare = hide_only_small(protect_table(counts, UNDER_5, **TOTALS), counts)
    found = find_recoverable(bare)
    assert found.to_dict("records") == [
        {"row": "r0", "column": "a", "is_primary": True, "least": 3, "most": 3, "least_width": 3}
    ]


def test_two_ones_in_a_row_are_not_safe_though_no_single_blank_is_alone():
    counts = pd.DataFrame([[1, 1, 50, 52]], ["r"], [*"abc", "total"])
    protected = protect_table(counts, UNDER_5, total_column="total")
    assert list_blanks(protected) == {("r", "a"), ("r", "b"), ("r", "c")}
    found = find_recoverable(hide_only_small(protected, counts))
    assert found[["least", "most"]].to_numpy().tolist() == [[1, 1], [1, 1]]


def test_two_fours_fall_to_a_reader_who_knows_that_both_are_small():
    counts = pd.DataFrame([[4, 4, 50, 58]], ["r"], [*"abc", "total"])
    protected = protect_table(counts, UNDER_5, total_column="total")
    assert ("r", "c") in list_blanks(protected)
    bare = hide_only_small(protected, counts)
    assert find_recoverable(bare).empty
    assert len(find_recoverable(bare, is_informed=True)) == 2
    assert find_recoverable(protected, is_informed=True).empty


def test_cells_that_no_blank_can_save_from_an_informed_reader_are_named():
    counts = pd.DataFrame([[1, 1, 1, 1, 4]], ["r"], [*"abcd", "total"])
    protected = protect_table(counts, UNDER_5, total_column="total")
    assert find_recoverable(protected).empty
    assert set(protected.weak) == {("r", name) for name in [*"abcd", "total"]}
    assert len(find_recoverable(protected, is_informed=True)) == 5


def test_zeros_stay():
    counts = make_table([[3, 0, 30], [0, 0, 50], [60, 70, 80]])
    protected = protect_table(counts, UNDER_5, **TOTALS)
    assert not protected.is_blank.to_numpy()[counts.to_numpy() == 0].any()
    assert find_recoverable(protected).empty


def test_rounding_alone_can_give_a_count_away_and_is_mended():
    # 17 rounds to 15, which stands for at most 17; two tens stand for at least 16; so one is left.
    counts = pd.DataFrame([[1, 8, 8, 17]], ["r"], [*"abc", "total"])
    protected = protect_table(counts, NHS, total_column="total")
    bare = replace(
        protected,
        published=pd.DataFrame([[None, 10.0, 10.0, 15.0]], ["r"], counts.columns).astype(float),
        is_secondary=protected.is_secondary & False,
    )
    assert find_recoverable(bare)[["column", "least", "most"]].to_numpy().tolist() == [["a", 1, 1]]
    assert protected.is_secondary.to_numpy().any()
    assert find_recoverable(protected).empty


def test_rounding_is_usually_enough():
    counts = make_table([[3, 20, 30], [10, 41, 52], [60, 70, 83]])
    protected = protect_table(counts, NHS, **TOTALS)
    assert list_blanks(protected) == {("r0", "a")}
    assert protected.published.loc["r1"].tolist() == [10, 40, 50, 105]


def test_no_rule_no_change():
    counts = make_table([[3, 1], [2, 40]])
    protected = protect_table(counts, load_rule("none"), **TOTALS)
    assert protected.published.equals(counts.astype(float))
    assert not protected.is_blank.to_numpy().any()


def make_nested():
    counts = pd.DataFrame({"people": [3, 20, 23, 30, 41, 71, 94]})
    counts.index = ["a", "b", "north", "c", "d", "south", "all"]
    return counts, {"north": ["a", "b"], "south": ["c", "d"]}


def test_subtotals_are_sums_too():
    counts, groups = make_nested()
    protected = protect_table(counts, UNDER_5, total_row="all", row_groups=groups)
    assert list_blanks(protected) == {("a", "people"), ("b", "people")}
    assert find_recoverable(protected).empty
    # The total alone does not give `a` away while the subtotal is left out.
    assert len(find_recoverable(hide_only_small(protected, counts))) == 1


def test_further_equations_and_kept_cells():
    counts = pd.DataFrame({"n": [3, 20, 30, 23]}, index=["men", "women", "others", "two"])
    sums = [((("men", "n"), ("women", "n")), ("two", "n"))]
    plain = protect_table(counts, UNDER_5, equations=sums)
    kept = protect_table(counts, UNDER_5, equations=sums, keep=[("women", "n")])
    assert list_blanks(plain) == {("men", "n"), ("women", "n")}
    assert list_blanks(kept) == {("men", "n"), ("two", "n")}
    with pytest.raises(ValueError, match="cannot be protected"):
        protect_table(counts, UNDER_5, equations=sums, keep=[("women", "n"), ("two", "n")])
    with pytest.raises(ValueError, match="itself too small"):
        protect_table(counts, UNDER_5, keep=[("men", "n")])


def test_shares_of_people_are_protected_without_whole_numbers():
    counts = pd.DataFrame([[2.5, 20.25, 30.0, 52.75]], ["r"], [*"abc", "total"])
    protected = protect_table(counts, UNDER_5, total_column="total")
    assert list_blanks(protected) == {("r", "a"), ("r", "b")}
    assert protected.show().loc["r", "total"] == "52.8"
    assert find_recoverable(protected).empty


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.assign(total=t["total"] + 1), "do not add up"),
        (lambda t: t.replace(20, None), "missing"),
        (lambda t: t.replace(20, -20), "negative"),
        (lambda t: t.rename(columns={"b": "a"}), "same label"),
        (lambda t: t.drop(columns="total"), "has no total"),
    ],
)
def test_a_wrong_table_is_refused(change, words):
    with pytest.raises(ValueError, match=words):
        protect_table(change(make_table([[3, 20], [10, 40]])), UNDER_5, **TOTALS)


def test_an_empty_table_stays_empty():
    protected = protect_table(pd.DataFrame(), UNDER_5)
    assert protected.published.empty
    assert find_recoverable(protected).empty
