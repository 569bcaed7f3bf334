"""Place-based working in notebook 01: how partners rate ten steps, where they differ most first."""

from __future__ import annotations

import math

import pandas as pd

from cip.catalogue.maturity import load_maturity
from cip.display.blocks import Block, KeyFacts, NoteBlock, TableBlock
from cip.display.maturity_strip import StepStrips, draw_strips, make_steps
from cip.display.strip_drawing import count_fitting, count_noun, write_day
from cip.framework.maturity import (
    compare_rounds,
    count_partners,
    list_comments,
    order_steps,
    read_ratings,
    summarise_steps,
)
from cip.pages.pending_input import write_need
from cip.params import ParameterFile

__all__ = ["show_maturity", "tabulate_ratings"]


_NEED = (
    "maturity",
    "Ratings of place-based working",
    "Each partner rates the ten steps alone, one row per step. The chapter then shows where "
    "partners differ most, which steps they want first, and what has changed since the first "
    "round. No partner is named.",
)


def show_maturity(file: ParameterFile) -> list[Block]:
    """Return the ratings as strips, the widest disagreement first, and the comments cleared.

    Parameters
    ----------
    file
        The parameter file; ``inputs: maturity:`` names the ratings.

    Raises
    ------
    ParameterError
        With every problem of the ratings.
    """
    path = file.resolve_input("maturity")
    if path is None:
        return [write_need(*_NEED), _show_statements()]
    ratings = read_ratings(path)
    if ratings.empty:
        body = "The file of ratings has no rated step yet."
        return [NoteBlock("missing", _NEED[1], body), _show_statements()]
    summary = summarise_steps(ratings)
    steps = make_steps(
        summary, compare_rounds(summary), order_steps(summary), load_maturity().levels
    )
    blocks: list[Block] = [
        _show_facts(ratings, summary),
        *_show_warnings(summary),
        *_show_strips(steps, ratings),
        *_show_comments(ratings),
    ]
    return [*blocks, _show_statements()]


def tabulate_ratings(file: ParameterFile) -> pd.DataFrame | None:
    """Return the hand-over table ``maturity``: counts without names; None without ratings."""
    path = file.resolve_input("maturity")
    return None if path is None else summarise_steps(read_ratings(path))


def _show_facts(ratings: pd.DataFrame, summary: pd.DataFrame) -> KeyFacts:
    rounds = count_partners(ratings)
    latest = rounds.iloc[-1]
    ending = f"on {write_day(latest['round'])}"
    if len(rounds) > 1:
        ending += f"; {latest['also_first']} of them also in the first round"
    last = summary[summary["round"] == latest["round"]]
    wide = int((last["spread"] >= 2).sum())
    wanted = int((last["priorities"] > 0).sum())
    return KeyFacts(
        [
            ("Partners who rated", f"{latest['partners']}", ending),
            ("Rounds", f"{len(rounds)}", f"first on {write_day(rounds.iloc[0]['round'])}"),
            ("Steps with ratings two or more levels apart", f"{wide}", f"of {len(last)}"),
            ("Steps that somebody wants first", f"{wanted}", f"of {len(last)}"),
        ],
        block_id="maturity",
    )


def _show_warnings(summary: pd.DataFrame) -> list[NoteBlock]:
    few = load_maturity().few_raters
    single = summary[summary["raters"] == 1]
    thin = summary[(summary["raters"] > 1) & (summary["raters"] < few)]
    empty = summary[summary["raters"] == 0]
    texts = []
    if len(thin):
        texts.append(
            f"Fewer than {few} partners rated {_name_steps(thin)}. "
            "So few views say little about the partnership."
        )
    if len(single):
        texts.append(
            f"One partner alone rated {_name_steps(single)}. "
            "What that partner chose is not shown, because it would say who said it."
        )
    if len(empty):
        texts.append(f"Nobody rated {_name_steps(empty)}.")
    return [NoteBlock("warning", "Few raters", "\n\n".join(texts))] if texts else []


def _name_steps(rows: pd.DataFrame) -> str:
    by_round = rows.groupby("round")["step"].agg(list)
    parts = []
    for day, steps in by_round.items():
        numbers = ", ".join(map(str, steps))
        noun = "step" if len(steps) == 1 else "steps"
        parts.append(f"{noun} {numbers} on {write_day(str(day))}")
    return "; ".join(parts)


def _show_strips(steps: list[StepStrips], ratings: pd.DataFrame) -> list[Block]:
    note = (
        "Partners rated alone. Each strip counts them at each level; darker means a larger share. "
        "Steps are in order of disagreement in the latest round, widest first. The levels are an "
        "order and not a scale, so nothing is averaged and steps are never added up."
    )
    if len(count_partners(ratings)) > 1:
        note += (
            " In brackets: change in the number of raters since the first round. Raters are not "
            "all the same in every round."
        )
    tool = load_maturity()
    figures = math.ceil(len(steps) / count_fitting(len(steps[0].strips)))
    width = math.ceil(len(steps) / figures)
    parts = [steps[at : at + width] for at in range(0, len(steps), width)]
    return [
        draw_strips(
            part,
            tool.levels,
            block_id=f"maturity-{place}",
            source=f"Source: ratings by partners. {tool.source}",
            note=note,
        )
        for place, part in enumerate(parts, start=1)
    ]


def _show_comments(ratings: pd.DataFrame) -> list[TableBlock]:
    comments = list_comments(ratings)
    if comments.empty:
        return []
    tool = load_maturity()
    frame = pd.DataFrame(
        {
            "step": [tool.find_step(number).title for number in comments["step"]],
            "round": [write_day(day) for day in comments["round"]],
            "comment": comments["comment"],
        }
    )
    return [
        TableBlock(
            block_id="maturity-comments",
            caption=f"What partners said: {count_noun(len(frame), 'comment')} cleared to be shown",
            frame=frame,
            column_labels={"step": "Step", "round": "Round", "comment": "Comment"},
            note="Comments stand without the partner's name and in alphabetical order.",
            source_line="Source: ratings by partners.",
        )
    ]


def _show_statements() -> TableBlock:
    tool = load_maturity()
    rows = [[step.title, *(getattr(step, level) for level in tool.levels)] for step in tool.steps]
    return TableBlock(
        block_id="maturity-statements",
        caption="What each level of each step means",
        frame=pd.DataFrame(rows, columns=["step", *tool.levels]),
        column_labels={"step": "Step", **{level: level.capitalize() for level in tool.levels}},
        source_line=f"Source: {tool.source}",
    )
