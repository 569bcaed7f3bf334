"""Pictures of chapter 04: what they say, what they withhold, what they refuse, and quotations."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from cip.catalogue.engagement import load_rungs
from cip.display.answer_chart import chart_answers, chart_likert
from cip.display.blocks import Block, FigureBlock
from cip.display.engagement_css import ENGAGEMENT_CSS
from cip.display.engagement_marks import Track, list_ticks, wrap_words
from cip.display.engagement_parts import (
    name_people,
    read_shown,
    table_base,
    table_few,
    table_number,
    word_base,
    word_figure,
)
from cip.display.ladder_chart import chart_ladder
from cip.display.picture import measure_words
from cip.display.quote_block import QuoteList
from cip.display.representation_chart import chart_representation
from cip.display.story_block import StoryBlock, render_story
from cip.display.stylesheet import block_css
from cip.display.theme_chart import ALL_VOICES, MOST_THEMES, chart_themes
from cip.display.theme_grid import MOST_COLUMNS, chart_theme_groups
from cip.display.wave_chart import chart_waves
from cip.engagement import themes
from cip.report.checks import find_loads

from ..support.engagement import (
    SCALE,
    SOURCE,
    STORY,
    THEMES,
    VOICES_AT_STALL,
    make_answers,
    make_groups,
    make_quotes,
    make_respondents,
    make_scale,
    make_theme_groups,
    make_themes,
    make_waves,
)

WORDS = {"title": "A finding", "block_id": "b", "source_line": SOURCE}
LABELS = {name: label for name, (label, _) in THEMES.items()}
#: A figure that no other cell has: where it shows, something withheld was given away.
PLANTED = 77.7123
ATTACK = '<script>alert("1")</script>'


def parse(block: Block) -> lxml_html.HtmlElement:
    return lxml_html.fragment_fromstring(block.to_html())


def show_all(block: Block) -> str:
    return f"{block.to_html()} {block.to_text()}"


def make_figures() -> dict[str, FigureBlock]:
    answers, changes = make_waves()
    return {
        "who was heard": chart_representation(make_respondents(), **WORDS),
        "answers": chart_answers(make_groups(), **WORDS),
        "scale": chart_likert(make_scale(), order=list(SCALE), **WORDS),
        "waves": chart_waves(answers, changes, **WORDS),
        "themes": chart_themes(make_themes(), **WORDS),
        "grid": chart_theme_groups(make_theme_groups(), LABELS, **WORDS),
        "ladder": chart_ladder(6, 4, load_rungs(), **WORDS),
    }


# All


def test_every_picture_has_its_finding_its_words_its_source_and_its_table() -> None:
    again = make_figures()
    for name, block in make_figures().items():
        tree = parse(block)
        assert tree.find_class("cip-title")[0].text == "A finding", name
        assert tree.find(".//img").get("alt") == block.alt
        assert SOURCE in tree.text_content()
        assert len(tree.xpath(".//details//tbody/tr")) == len(block.table) > 0
        assert not list(find_loads(tree))
        assert block.svg == again[name].svg, f"{name} differs from run to run"
        width, height = map(float, block.svg.split('viewBox="0 0 ')[1].split('"')[0].split())
        # On paper a picture is at most 14 cm high: a taller one would be too small to read.
        assert width == 360
        assert height <= 7.8 * 72, name


def test_a_withheld_figure_is_not_given_away_even_if_the_table_holds_it() -> None:
    answers = make_groups()
    answers.loc[answers["display"] == "withheld", ["value", "lower_95", "upper_95"]] = PLANTED
    heard = make_respondents()
    numbers = ["share", "lower_95", "upper_95", "ratio"]
    heard.loc[heard["display"] == "withheld", numbers] = PLANTED
    scale = make_scale()
    scale.loc[scale["display"] == "withheld", "value"] = PLANTED
    waves, changes = make_waves()
    waves.loc[waves["display"] == "withheld", "value"] = PLANTED
    changes.loc[changes["answer"] == "steward", ["difference", "lower_95"]] = PLANTED
    people = 77_712
    spoken, groups = make_themes(), make_theme_groups()
    spoken.loc[spoken["display"] == "withheld", ["people", "excerpts"]] = people
    groups.loc[groups["display"] == "withheld", "people"] = people
    for block in (
        chart_answers(answers, **WORDS),
        chart_representation(heard, **WORDS),
        chart_likert(scale, order=list(SCALE), **WORDS),
        chart_waves(waves, changes, **WORDS),
        chart_themes(spoken, **WORDS),
        chart_theme_groups(groups, LABELS, **WORDS),
    ):
        assert "77.7" not in show_all(block)
        assert "77,712" not in show_all(block)
        assert "77712" not in show_all(block)
        assert "[c]" in block.to_text()
        assert "[c] is withheld" in block.note


def test_an_unknown_status_and_an_empty_table_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one row"):
        chart_answers(make_groups().head(0), **WORDS)
    with pytest.raises(ValueError, match="no status"):
        chart_answers(make_groups().assign(display="hidden"), **WORDS)


# Parts


def test_words_for_bases_and_figures() -> None:
    row = {"display": "shown", "base": 1412, "value": 0.3}
    assert word_base(row) == "n = 1,412"
    assert word_base({**row, "base": 29}) == "n = 29, small base"
    assert word_base({**row, "base": 9}) == "n under 10"
    assert word_base({**row, "base": pd.NA}) == "n not known"
    assert (table_base({**row, "base": 9}), table_base(row)) == ("[c]", 1412)
    assert [word_figure(v, "%") for v in (0.3, 0.0, 41.5, None)] == ["<1%", "0%", "42%", ""]
    assert word_figure(6.84, "score") == "6.8"
    assert [table_few(n) for n in (0, 1, 4, 5, pd.NA)] == [0, "[c]", "[c]", 5, "[c]"]
    assert table_number({**row, "display": "nobody asked"}, "value") == "[z]"
    assert read_shown({**row, "display": "withheld"}) is None
    assert name_people("age", "75_plus") == "75 and over"
    assert name_people("part_of_area", "Copper Row") == "Copper Row"
    assert name_people("", "") == "Everyone"


@given(st.text(max_size=120), st.floats(0.5, 4.5))
def test_wrapped_words_fit_their_width(text: str, width: float) -> None:
    lines = wrap_words(text, width)
    assert 1 <= len(lines) <= 3
    assert all(measure_words(line) <= width + 1e-9 for line in lines)


def test_a_long_label_is_cut_with_an_ellipsis() -> None:
    assert wrap_words("one two", 4.0) == ["one two"]
    assert wrap_words("word " * 200, 1.0, most_lines=2)[1].endswith("…")
    assert len(wrap_words("x" * 100_000, 1.0)) == 3


@given(st.floats(0.01, 1e6))
def test_ticks_start_at_zero_and_stay_below_the_end(high: float) -> None:
    ticks = list_ticks(high)
    assert ticks[0] == 0
    assert 2 <= len(ticks) <= 7
    assert ticks[-1] <= high * (1 + 1e-6)


def test_a_track_holds_what_lies_beyond_its_ends() -> None:
    track = Track(1.0, 3.0, 0.0, 10.0)
    assert [track.place(n) for n in (-5, 0, 5, 10, 99)] == [1.0, 1.0, 2.0, 3.0, 3.0]


# Who was heard


def test_gaps_come_first_and_what_cannot_be_compared_last() -> None:
    block = chart_representation(make_respondents(), **WORDS)
    groups = block.table["group"].tolist()
    assert groups[:3] == ["Black", "Asian", "16 to 24"]
    assert set(groups[-2:]) == {"Other", "Another language"}
    assert block.table["ratio"].tolist()[-2:] == ["[c]", None]
    assert "Black (ethnic group): 0.00 times" in block.alt
    left_out = int(block.note.split(" more groups are in the table")[0].split()[-1])
    assert 0 < left_out < len(groups)
    assert "more groups" not in chart_representation(make_respondents().head(6), **WORDS).note
    assert block.table.loc[0, "named"] == "Yes"


def test_people_in_no_group_are_in_the_table_alone() -> None:
    silent = {"wave": "2025", "characteristic": "age", "group": "not_answered", "answered": 400,
              "group_label": "No answer", "respondents": 12, "is_seldom_heard": False,
              "display": "shown"}  # fmt: skip
    rows = make_respondents().head(4)
    block = chart_representation(pd.concat([rows, pd.DataFrame([silent])]), **WORDS)
    assert "No answer" not in block.alt
    assert "People who did not say their group are in the table." in block.note
    assert block.table.iloc[-1][["group", "respondents"]].tolist() == ["No answer", 12]
    assert block.svg == chart_representation(rows, **WORDS).svg


def test_who_was_heard_is_shown_for_one_wave() -> None:
    both = pd.concat([make_respondents(), make_respondents(wave="2026")])
    with pytest.raises(ValueError, match="shows one wave, and the rows have 2"):
        chart_representation(both, **WORDS)


@pytest.mark.parametrize("ratio", [0.0, 0.01, 1.0, 30.0])
def test_a_ratio_beyond_the_scale_is_drawn_at_its_end(ratio: float) -> None:
    rows = (
        make_respondents()
        .head(1)
        .assign(ratio=ratio, ratio_lower_95=ratio * 0.5, ratio_upper_95=ratio * 1.5)
    )
    svg = chart_representation(rows, **WORDS).svg
    assert "nan" not in svg
    assert "inf" not in svg


# Answers


def test_one_base_is_said_once_and_several_in_each_label() -> None:
    one = chart_answers(make_answers(dict.fromkeys(SCALE, 40)), **WORDS)
    assert "(n = 200)" in one.alt
    assert one.alt.count("n = ") == 1
    block = chart_answers(make_groups(), **WORDS)
    assert "16 to 24 (n = 14, small base): 43% (21% to 67%)" in block.alt
    assert "25 to 34 (n under 10): [c] withheld" in block.alt
    assert block.table["base"].tolist() == [410, 14, "[c]", 121]
    assert "Hatched: small base (10 to 29 people)" in block.note
    assert "<pattern" in block.svg
    assert "<pattern" not in one.svg
    assert "Unweighted" in block.note
    assert "don’t know’ said by 12" in block.note


def test_weights_and_a_few_who_did_not_know_are_said() -> None:
    rows = make_answers(dict.fromkeys(SCALE, 40), is_weighted=True, dont_know=None)
    block = chart_answers(rows, **WORDS)
    assert "Weighted to the make-up of the population" in block.note
    assert "‘don’t know’ said by a few" in block.note
    assert block.table["dont_know"].tolist() == ["[c]"] * 5


def test_published_figures_stand_beside_the_answers() -> None:
    rows = make_answers(dict.fromkeys(SCALE, 40))
    plain = chart_answers(rows, **WORDS)
    block = chart_answers(rows, benchmarks={"agree": 47.0}, benchmark_label="England", **WORDS)
    assert "Agree: 20% (15% to 26%), published figure 47%" in block.alt
    assert block.table["benchmark"].tolist() == [None, None, None, 47.0, None]
    assert "benchmark" not in plain.table
    assert block.svg != plain.svg


def test_a_mean_has_its_unit_on_the_axis_and_one_decimal() -> None:
    rows = make_answers({"mean": 50}, base=80, labels={"mean": "Mean"})
    rows = rows.assign(unit="days", value=3.24, lower_95=2.1, upper_95=4.4)
    block = chart_answers(rows, **WORDS)
    assert "Mean: 3.2 (2.1 to 4.4)" in block.alt
    assert block.column_labels["value"] == "Days"


def test_answers_stand_in_the_order_asked_for() -> None:
    rows = make_answers(dict.fromkeys(SCALE, 40))
    block = chart_answers(rows, order=["agree", "neither"], **WORDS)
    assert block.table["label"].tolist() == ["Agree", "Neither agree nor disagree"]
    with pytest.raises(ValueError, match="no row of"):
        chart_answers(rows, order=["agree", "never"], **WORDS)


def test_answers_that_one_chart_cannot_show_are_refused() -> None:
    rows = make_answers(dict.fromkeys(SCALE, 40))
    other = make_answers(dict.fromkeys(SCALE, 40), characteristic="sex", group="female")
    with pytest.raises(ValueError, match="not both"):
        chart_answers(pd.concat([rows, other]), **WORDS)
    with pytest.raises(ValueError, match="twice"):
        chart_answers(pd.concat([rows, rows]), **WORDS)
    with pytest.raises(ValueError, match="one question_id"):
        chart_answers(pd.concat([rows, other.assign(question_id="q2")]), **WORDS)
    with pytest.raises(ValueError, match="one wave"):
        chart_answers(pd.concat([rows, rows.assign(wave="2026")]), **WORDS)


# A scale


def test_a_scale_adds_up_its_sides_and_keeps_those_who_do_not_know_apart() -> None:
    block = chart_likert(make_scale(), order=list(SCALE), **WORDS)
    first = block.table.iloc[0]
    assert first["label"] == "People around here help each other (n = 400)"
    assert first["dont_know"] == 14
    assert first[[f"answer_{i}" for i in range(5)]].sum() == pytest.approx(100)
    assert "don’t know 14 people" in block.alt
    assert "(n = 29, small base)" in block.alt
    assert "middle of the neutral answer" in block.note


def test_gaps_on_one_side_are_one_piece_and_a_single_gap_withholds_the_bar() -> None:
    block = chart_likert(make_scale(), order=list(SCALE), **WORDS)
    values = block.table[[f"answer_{i}" for i in range(5)]]
    assert values.iloc[3].tolist()[:2] == ["[c]", "[c]"]
    assert values.iloc[3].tolist()[3] == pytest.approx(50.6, abs=0.05)
    # One withheld answer would follow from the others and the whole.
    assert values.iloc[4].tolist() == ["[c]"] * 5
    assert "I trust the council (n = 393): [c] withheld" in block.alt
    assert "Hatched in a bar: withheld answers together." in block.note
    whole = chart_likert(make_scale().head(15), order=list(SCALE), **WORDS)
    assert "<pattern" in block.svg
    assert "<pattern" not in whole.svg


@pytest.mark.parametrize("hidden", [("strongly_disagree", "agree"), ("neither", "agree")])
def test_gaps_that_leave_the_place_of_a_bar_open_are_not_drawn(hidden: tuple[str, str]) -> None:
    rows = make_scale().head(5)
    rows.loc[rows["answer"].isin(hidden), "display"] = "withheld"
    block = chart_likert(rows, order=list(SCALE), **WORDS)
    assert "(n = 400): [c] withheld" in block.alt


@pytest.mark.parametrize("count", [2, 3, 4, 6, 7])
def test_scales_of_every_length_have_as_many_looks_as_answers(count: int) -> None:
    labels = {f"a{i}": f"Answer {i}" for i in range(count)}
    rows = make_answers(dict.fromkeys(labels, 50), labels=labels)
    block = chart_likert(rows, order=list(labels), **WORDS)
    fills = {part.split('"')[0] for part in block.svg.split("fill: #")[1:]}
    assert len(fills) >= count
    assert ("between the two sides" in block.note) == (count % 2 == 0)


def test_a_scale_refuses_what_is_no_scale() -> None:
    rows = make_scale()
    for order in (["agree"], ["agree", "agree"], [f"a{i}" for i in range(8)]):
        with pytest.raises(ValueError, match="2 to 7 different answers"):
            chart_likert(rows, order=order, **WORDS)
    with pytest.raises(ValueError, match="percentages"):
        chart_likert(rows.assign(unit="score"), order=list(SCALE), **WORDS)
    with pytest.raises(ValueError, match="no row of"):
        chart_likert(rows.head(4), order=list(SCALE), **WORDS)
    with pytest.raises(ValueError, match="twice"):
        chart_likert(pd.concat([rows, rows]), order=list(SCALE), **WORDS)
    with pytest.raises(ValueError, match="more than a whole"):
        chart_likert(rows.head(5).assign(value=30.0), order=list(SCALE), **WORDS)


def test_missing_flags_and_groups_are_taken_as_everyone_and_not_set() -> None:
    rows = make_answers(dict.fromkeys(SCALE, 40)).assign(group=None, characteristic=None)
    block = chart_likert(rows.assign(is_weighted=pd.NA), order=list(SCALE), **WORDS)
    assert len(block.table) == 1
    assert "Weighted to" not in block.note
    heard = chart_representation(make_respondents().assign(is_seldom_heard=pd.NA), **WORDS)
    assert set(heard.table["named"]) == {"No"}


def test_bars_are_named_by_what_differs() -> None:
    one = make_answers(dict.fromkeys(SCALE, 40))
    later = make_answers(dict.fromkeys(SCALE, 30), wave="2026")
    women = make_answers(dict.fromkeys(SCALE, 20), characteristic="sex", group="female")
    block = chart_likert(pd.concat([one, later, women]), order=list(SCALE), **WORDS)
    assert block.table["label"].tolist() == [
        "Everyone, 2025 (n = 200)", "Everyone, 2026 (n = 150)", "Female, 2025 (n = 100)",
    ]  # fmt: skip


# Waves


def test_waves_give_the_difference_of_the_later_less_the_earlier() -> None:
    answers, changes = make_waves()
    block = chart_waves(answers, changes, **WORDS)
    assert "2025 12%, 2026 19%, difference +7.4 (+1.7 to +13.0), higher" in block.alt
    assert "Helped to run an event: 2025 [c] withheld, 2026 7%." in block.alt
    last = block.table.iloc[2]
    assert last[["difference", "lower_95", "reading"]].tolist() == ["[c]"] * 3
    assert "2025: n = 300; 2026: n = 310. Unweighted" in block.note


def test_waves_that_are_not_two_or_differences_the_other_way_round_are_refused() -> None:
    answers, changes = make_waves()
    with pytest.raises(ValueError, match="two waves, not 1"):
        chart_waves(answers[answers["wave"] == "2025"], changes, **WORDS)
    turned = changes.rename(columns={"first": "second", "second": "first"})
    with pytest.raises(ValueError, match="later wave less the earlier"):
        chart_waves(answers, turned, **WORDS)
    with pytest.raises(ValueError, match="same answer of the same wave twice"):
        chart_waves(pd.concat([answers, answers]), changes, **WORDS)
    with pytest.raises(ValueError, match="two differences"):
        chart_waves(answers, pd.concat([changes, changes]), **WORDS)


def test_an_answer_of_one_wave_alone_has_no_difference() -> None:
    answers, changes = make_waves()
    only = answers[(answers["answer"] != "group") | (answers["wave"] == "2026")]
    block = chart_waves(only, changes, waves=["2025", "2026"], **WORDS)
    assert "Went to a local group: 2025 not asked, 2026 41%" in block.alt
    row = block.table.set_index("label").loc["Went to a local group"]
    assert row["difference"] is None


# Themes


def test_themes_stand_under_what_helps_and_what_hinders() -> None:
    block = chart_themes(make_themes(), voice_labels=VOICES_AT_STALL, **WORDS)
    helps, hinders = block.alt.split("What stands in the way:")
    assert "Neighbours who look out for each other 94" in helps
    assert "Damp, mould and cold homes 94" in hinders
    assert "Both, or neither: Food 15" in hinders
    assert "People: Street outreach" in block.to_html()
    assert "Bars count people, not how often they say it." in block.note


def test_withheld_voices_are_marked_beside_a_total() -> None:
    table = chart_themes(make_themes(), **WORDS).table.set_index("theme")
    assert ALL_VOICES == themes.ALL_VOICES
    row = table.loc["Lonely days"]
    assert row[["people", "voice_0", "voice_1", "voice_2"]].tolist() == [15, "[c]", "[c]", 0]
    with pytest.raises(ValueError, match="'damp_homes' has no row that counts everyone"):
        chart_themes(make_themes().query("voice != 'all'"), **WORDS)


def test_a_long_codebook_is_cut_in_the_picture_and_whole_in_the_table() -> None:
    names = [f"t{i}" for i in range(MOST_THEMES + 4)]
    parts = [make_themes().head(5).assign(theme_id=n, theme=f"Theme {n}") for n in names]
    block = chart_themes(pd.concat(parts), **WORDS)
    assert len(block.table) == MOST_THEMES + 4
    assert "4 more themes are in the table." in block.note


def test_themes_that_contradict_themselves_are_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        chart_themes(pd.concat([make_themes(), make_themes()]), **WORDS)
    with pytest.raises(ValueError, match="no polarity"):
        chart_themes(make_themes().assign(polarity="good"), **WORDS)


# Grid


def test_a_grid_counts_people_under_the_number_heard() -> None:
    block = chart_theme_groups(make_theme_groups(), LABELS, **WORDS)
    labels = [block.column_labels[name] for name in block.table.columns]
    assert labels == [
        "Theme", "16 to 24 (of 12)", "25 to 34 (of 31)", "35 to 49 (of 40)", "50 to 64 (of 44)",
        "65 to 74 (of 27)", "75 and over (of 18)",
    ]  # fmt: skip
    assert block.table.iloc[0].tolist() == [
        "Damp, mould and cold homes", 0, 17, 8, 34, 12, "[c]",
    ]  # fmt: skip
    assert "25 to 34 17 of 31" in block.alt


def test_many_columns_stand_in_even_parts_and_many_themes_in_the_table() -> None:
    places = {f"Part {i}": 40 + i for i in range(2 * MOST_COLUMNS + 1)}
    block = chart_theme_groups(make_theme_groups("part_of_area", places), LABELS, **WORDS)
    assert len(block.table.columns) - 1 == len(places)
    assert "more themes are in the table" in block.note
    height = float(block.svg.split('viewBox="0 0 360 ')[1].split('"')[0])
    assert height <= 7.8 * 72
    few = chart_theme_groups(make_theme_groups("sex", {"female": 40, "male": 38}), LABELS, **WORDS)
    assert "more themes" not in few.note


def test_a_grid_of_places_names_them_and_withholds_small_ones() -> None:
    rows = make_theme_groups("part_of_area", {"Z01000001": 40, "The Quay": 8})
    block = chart_theme_groups(rows, LABELS, group_labels={"Z01000001": "Copper Row"}, **WORDS)
    assert list(block.column_labels.values()) == [
        "Theme",
        "Copper Row (of 40)",
        "The Quay (of [c])",
    ]
    blank = rows.assign(of_people=rows["of_people"].mask(rows["group"] == "The Quay"))
    assert chart_theme_groups(blank, LABELS, **WORDS).column_labels["group_1"].endswith("(of [c])")
    half = rows[(rows["theme_id"] != "food") | (rows["group"] != "The Quay")]
    gap = chart_theme_groups(half, LABELS, **WORDS)
    assert gap.table.iloc[-1, 2] is None
    assert "The Quay [x] of [c]" in gap.alt


def test_a_grid_refuses_several_characteristics_and_doubles() -> None:
    rows = make_theme_groups()
    with pytest.raises(ValueError, match="one characteristic"):
        chart_theme_groups(
            pd.concat([rows, make_theme_groups("sex", {"female": 40})]), LABELS, **WORDS
        )
    with pytest.raises(ValueError, match="twice"):
        chart_theme_groups(pd.concat([rows, rows]), LABELS, **WORDS)
    with pytest.raises(ValueError, match="at least one row"):
        chart_theme_groups(rows, {"other": "Other"}, **WORDS)


# Ladder


def test_the_ladder_says_where_one_aimed_and_arrived() -> None:
    rungs = load_rungs()
    block = chart_ladder(6, 4, rungs, **WORDS)
    assert "Aimed for: Shared power; reached: Broad consultation" in block.alt
    assert block.table.set_index("number")["mark"].to_dict() == {
        1: "–", 2: "–", 3: "–", 4: "reached", 5: "–", 6: "aimed for", 7: "–",
    }  # fmt: skip
    same = chart_ladder(4, 4, rungs, **WORDS)
    assert same.table["mark"].tolist()[3] == "aimed for, reached"
    open_end = chart_ladder(6, None, rungs, **WORDS)
    assert "reached: not recorded" in open_end.alt
    with pytest.raises(ValueError, match=r"no rung \[8\]"):
        chart_ladder(8, 4, rungs, **WORDS)


def test_no_rung_looks_better_than_another() -> None:
    colours = []
    for aimed, reached in ((1, 2), (6, 7)):
        svg = chart_ladder(aimed, reached, load_rungs(), **WORDS).svg
        colours.append({part[:7] for part in svg.split("fill: ")[1:]})
    assert colours[0] == colours[1]


# Quotations


def make_list(quotes: pd.DataFrame | None = None) -> QuoteList:
    table = make_quotes() if quotes is None else quotes
    return QuoteList(
        block_id="q", title="What people say", quotes=table, theme_labels=LABELS, source_line=SOURCE
    )


def test_quotations_stand_under_their_themes_with_who_speaks() -> None:
    tree = parse(make_list())
    headings = [h.text for h in tree.find_class("cip-title")]
    assert headings == [
        "What people say", "Damp, mould and cold homes", "Neighbours who look out for each other",
        "Food",
    ]  # fmt: skip
    assert tree.get("data-cip-block") == "quotes"
    quotes = tree.findall(".//blockquote")
    assert [len(q.findall("p")) for q in quotes] == [2, 1, 1, 1]
    assert all(p.get("dir") == "auto" for q in quotes for p in q)
    speakers = [p.text_content() for p in tree.find_class("cip-speaker")]
    assert speakers[0] == "Woman, 50 to 64, interview What stands in the way"
    assert speakers[3] == "Resident, survey"


def test_words_of_people_stay_words() -> None:
    attack = {"text": f"{ATTACK}\x00\u202eevil", "speaker_label": ATTACK, "quote_id": ATTACK}
    block = make_list(make_quotes(**attack))
    tree = parse(block)
    assert tree.find(".//script") is None
    assert tree.find(".//b") is None
    assert ATTACK in tree.find(".//blockquote").text_content()
    assert not {"\x00", "\u202e"} & set(block.to_html() + block.to_text())
    long = make_list(make_quotes(text="word " * 20_000))
    assert len(long.to_html()) < 500_000
    assert "الجدار رطب كل صباح" in make_list().to_html()


@pytest.mark.parametrize("column", ["cleared_by", "cleared_on", "text", "speaker_label"])
@pytest.mark.parametrize("value", [None, "  "])
def test_a_quotation_that_may_not_be_shown_is_refused_without_its_words(
    column: str, value: object
) -> None:
    quotes = make_quotes(text="Call Chidinma on 07700 900123")
    quotes[column] = quotes[column].astype(object)
    quotes.at[1, column] = value
    with pytest.raises(ValueError, match="'q02'") as caught:
        make_list(quotes)
    assert "Chidinma" not in str(caught.value)


def test_quotations_of_unknown_themes_and_none_at_all_are_refused() -> None:
    with pytest.raises(ValueError, match="theme of the quotation 'q01'"):
        make_list(make_quotes(theme_id="other"))
    with pytest.raises(ValueError, match="need a title and a quotation"):
        make_list(make_quotes().head(0))


def test_a_repr_holds_no_words_of_people() -> None:
    assert "kettle" not in repr(make_list())
    assert "soup" not in repr(make_story())
    assert "kettle" in make_list().to_text()


# Stories


def make_story(**changes: object) -> StoryBlock:
    values = {
        "block_id": "s", "title": "The lunch club", "text": STORY, "consent_on": "3 March 2026",
        "cleared_by": "community researcher", "topics": ["Food"],
    }  # fmt: skip
    return StoryBlock(**{**values, **changes})  # type: ignore[arg-type]


def test_a_story_keeps_its_markup_and_loses_what_could_run_or_load() -> None:
    block = make_story()
    tree = parse(block)
    assert tree.find(".//strong").text == "one pot of soup"
    assert len(tree.findall(".//li")) == 2
    assert [h.text for h in tree.find_class("cip-title")] == ["The lunch club", "How it began"]
    assert tree.find(".//img") is None
    assert not list(find_loads(tree))
    links = tree.findall(".//a")
    assert {a.get("href").split(":")[0] for a in links} == {"https"}
    assert all("noreferrer" in a.get("rel") for a in links)
    assert "<img src=x" in tree.text_content()
    assert "Told with consent (3 March 2026); cleared by community researcher." in block.to_text()
    assert "<" not in block.to_text().replace("<img src=x onerror=alert(1)>", "")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "a <b onclick=x>b</b>", "[a](javascript:alert(1))",
        "[a](http://example.org)", "[a](https://user@example.org)", "[a](data:text/html,x)",
        "[a](https://[)", "    <script>x</script>", "```\n<script>x</script>\n```",
        "<https://user:p@example.org>", "[a]: javascript:x\n\n[a]", "<a@example.org>",
    ],
)  # fmt: skip
def test_nothing_in_a_story_becomes_a_program_or_an_unsafe_link(text: str) -> None:
    tree = lxml_html.fragment_fromstring(f"<div>{render_story(text)}</div>")
    assert tree.find(".//script") is None
    assert tree.find(".//a") is None
    assert tree.find(".//pre") is None
    assert not [name for e in tree.iter() for name in e.attrib if name.startswith("on")]


@given(st.text(max_size=200))
def test_any_story_is_rendered_without_a_script(text: str) -> None:
    tree = lxml_html.fragment_fromstring(f"<div>{render_story(text)}</div>")
    allowed = {
        "div",
        "p",
        "h5",
        "ul",
        "ol",
        "li",
        "em",
        "strong",
        "blockquote",
        "hr",
        "br",
        "a",
        "code",
    }
    assert {e.tag for e in tree.iter()} <= allowed


@pytest.mark.parametrize("field", ["title", "text", "consent_on", "cleared_by"])
def test_a_story_without_consent_or_words_is_refused(field: str) -> None:
    with pytest.raises(ValueError, match=f"the story 's' has no {field}") as caught:
        make_story(**{field: " "})
    assert "soup" not in str(caught.value)


def test_the_style_of_quotations_takes_its_colours_from_the_palette() -> None:
    names = {part.split(")")[0] for part in ENGAGEMENT_CSS.split("var(")[1:]}
    assert names
    assert all(f"{name}:" in block_css() for name in names)
    assert "#" not in ENGAGEMENT_CSS
