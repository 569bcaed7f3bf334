"""The logic model: what is refused, what is only unfinished, and how it is drawn."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from cip.display.logic_drawing import draw_columns, draw_stack, list_drawn
from cip.display.logic_drawing_block import show_logic_model
from cip.display.logic_drawing_layout import PAD_IN, TEXT_PT, lay_out
from cip.display.logic_drawing_links import LinkedBoxes
from cip.display.picture import measure_words
from cip.errors import ParameterError
from cip.framework.logic_model import read_logic_model
from cip.framework.logic_model_checks import NO_CAUSE, ORPHAN, UNCARRIED, UNMEASURED
from cip.framework.logic_model_tables import tidy_edges, tidy_nodes

GOOD = """\
title: A model
nodes:
  - {id: money, kind: input, words: Money}
  - {id: teach, kind: activity, words: Teach, actions: [a1]}
  - {id: taught, kind: output, words: People taught, kpis: [k1]}
  - {id: able, kind: outcome, words: People are able, outcomes: [o1]}
  - {id: well, kind: impact, words: People are well}
edges:
  - {from: money, to: teach, why: It costs money.}
  - {from: teach, to: taught}
  - {from: taught, to: able}
  - {from: able, to: well}
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "logic_model.yml"
    path.write_text(text, encoding="utf-8")
    return path


def refuse(tmp_path: Path, text: str, **known) -> list[str]:
    with pytest.raises(ParameterError) as error:
        read_logic_model(write(tmp_path, text), known=known)
    assert all("logic_model.yml, line " in str(problem) for problem in error.value.problems)
    return [str(problem) for problem in error.value.problems]


def test_good_model_is_numbered_kind_by_kind(tmp_path):
    model = read_logic_model(write(tmp_path, GOOD), known={"actions": ["a1"]})
    nodes = tidy_nodes(model)
    assert nodes["number"].tolist() == [1, 2, 3, 4, 5]
    assert nodes["leads_to"].tolist() == ["2", "3", "4", "5", ""]
    assert (nodes["unfinished"] == "").all()
    assert tidy_edges(model)["why"].tolist() == ["It costs money.", "", "", ""]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("  - {from: able, to: money}", "runs backwards. Found: able (outcome) → money (input)"),
        ("  - {from: able, to: wells}", "no box with this id. Found: wells. Did you mean 'well'"),
        ("  - {from: able, to: well}", "stands in the file already. Found: able → well"),
        ("  - {from: able, to: able}", "in a loop, so that something is its own cause"),
        ("  - {from: able, too: well}", "'edges.4.too' is not a known key"),
        ("  - {from: able, to: well, why: Ask Dr Example}", "seems to hold a person's name"),
    ],
)
def test_a_wrong_arrow_is_told(tmp_path, line, words):
    told = refuse(tmp_path, GOOD + line + "\n")
    assert any(words in problem and "line 13" in problem for problem in told), told


def test_a_loop_is_told_as_its_path(tmp_path):
    text = GOOD.replace(
        "  - {id: well", "  - {id: sure, kind: outcome, words: Sure}\n  - {id: well"
    )
    text += "  - {from: able, to: sure}\n  - {from: sure, to: able}\n"
    told = refuse(tmp_path, text)
    assert len(told) == 1
    assert "Found: able → sure → able" in told[0] and "line 15" in told[0]


def test_unknown_links_have_their_nearest(tmp_path):
    told = refuse(tmp_path, GOOD, actions=["a-1"], outcomes=["o1"], kpis=["k2"])
    assert "no action with this id. Found: a1. Did you mean 'a-1'" in told[0]
    assert "line 4" in told[0]
    assert "no indicator of progress with this id. Found: k1" in told[1]


def test_all_of_a_file_is_told_at_once_without_the_name(tmp_path):
    text = GOOD.replace("words: Teach,", "words: Ask Mrs Invented,").replace(
        "id: taught", "id: able"
    )
    told = refuse(tmp_path, text)
    assert len(told) == 4, told  # Two arrows lost the box that was renamed.
    assert not any("Invented" in problem for problem in told)
    assert any("this id stands on line 5 already" in problem for problem in told)


def test_gaps_are_no_mistakes(tmp_path):
    text = GOOD.replace(", actions: [a1]", "").replace(", outcomes: [o1]", "")
    text = text.replace("  - {from: money, to: teach, why: It costs money.}\n", "")
    nodes = tidy_nodes(read_logic_model(write(tmp_path, text))).set_index("node_id")
    assert nodes.at["money", "unfinished"] == ORPHAN
    assert nodes.at["teach", "unfinished"] == f"{NO_CAUSE}; {UNCARRIED}"
    assert nodes.at["able", "unfinished"] == UNMEASURED


def test_a_file_without_boxes_is_refused(tmp_path):
    assert "nodes" in refuse(tmp_path, "nodes: []\n")[0]


@pytest.fixture
def tables(tmp_path):
    model = read_logic_model(write(tmp_path, GOOD))
    return tidy_nodes(model), tidy_edges(model)


def test_the_block_says_everything_in_words_and_twice_in_pictures(tables):
    nodes, edges = tables
    figure = show_logic_model(nodes, edges, title="A <b>model</b>")[0]
    html = figure.to_html()
    assert html.count("data:image/svg+xml") == 2
    assert 'media="screen and (max-width: 40em)"' in html
    assert "A &lt;b&gt;model&lt;/b&gt;" in html
    alt = re.search(r'<img alt="([^"]+)"', html)[1]
    assert "1 input, 1 activity, 1 output, 1 outcome, 1 impact, and 4 arrows" in alt
    assert "2 Teach, leads to 3." in alt and "5 People are well." in alt
    assert "2 Teach" in figure.to_text()
    assert "no reason given yet" in show_logic_model(nodes, edges)[1].to_html()


def test_unfinished_boxes_are_marked_and_listed(tables):
    nodes, edges = tables
    nodes = nodes.assign(unfinished=["", UNCARRIED, "", "", ""])
    blocks = show_logic_model(nodes, edges)
    assert "! something is missing here" in blocks[0].to_html()
    assert UNCARRIED in blocks[-1].to_html()


def test_boxes_link_to_what_they_belong_to(tables):
    nodes, _ = tables
    names = {"action": {"a1": "Teach <people>"}, "outcome": {}}
    html = LinkedBoxes(nodes=nodes, names=names).to_html()
    assert 'href="cip:summary#action-a1">Action: Teach &lt;people&gt;</a>' in html
    assert 'href="cip:summary#outcome-o1"' in html
    assert 'href="cip:summary#kpi-k1"' in html
    assert "Money" not in html


def test_a_picture_has_at_least_one_box_and_at_most_forty(tables):
    nodes, _ = tables
    for wrong in (nodes.head(0), pd.concat([nodes] * 9)):
        with pytest.raises(ValueError, match="1 to 40"):
            list_drawn(wrong)
    many = pd.concat([nodes] * 9).assign(number=range(1, 46), node_id=[f"n{i}" for i in range(45)])
    block = show_logic_model(many, many.head(0).assign(from_id=[]))[0]
    assert "too many boxes to draw" in block.to_html()


def test_both_drawings_hold_every_number(tables):
    nodes, edges = tables
    drawn = list_drawn(nodes)
    pairs = list(zip(edges["from_id"], edges["to_id"], strict=True))
    for svg in (draw_columns(drawn, pairs), draw_stack(drawn)):
        # One box each, its edge in the accent colour.
        assert svg.count("stroke: #12436d; stroke-width: 1.4") == len(nodes)


def test_a_passing_arrow_gets_a_way_between_boxes():
    columns = [["a"], ["b", "c"], ["d"]]
    layout = lay_out(columns, dict.fromkeys("abcd", "Some words"), [("a", "d"), ("a", "b")])
    passing = next(arrow for arrow in layout.arrows if arrow.second == "d")
    for box in (layout.boxes["b"], layout.boxes["c"]):
        for x, y in passing.points:
            assert not (box.left < x < box.right and box.top < y < box.top + box.height)


def test_long_words_are_cut_to_the_box():
    words = "Neighbourhoodwideinterdependencies " * 12
    box = lay_out([["a"], ["b"]], {"a": words, "b": "b"}, [])
    for line in box.boxes["a"].lines:
        assert measure_words(line, size=TEXT_PT) <= box.column_in - 2 * PAD_IN + 1e-6


def test_arrows_run_left_to_right():
    layout = lay_out([["a"], ["b"]], {"a": "a", "b": "b"}, [("a", "b")])
    xs = [x for x, _ in layout.arrows[0].points]
    assert all(first < second for first, second in pairwise(xs))
