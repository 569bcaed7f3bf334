"""The scores of a round as tables and as a chart: by scorer and by criterion."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cip.display.blocks import Block, FigureBlock, TableBlock
from cip.display.cells import is_missing
from cip.display.chart_parts import write_alt
from cip.display.score_chart import ScoreRow, draw_scores, name_letter
from cip.display.score_words import describe_order, word_score, word_standing
from cip.display.untrusted_text import strip_unseen
from cip.framework.scoring_model import Round
from cip.framework.scoring_results import CONFLICT, COUNTED, RoundResult

_SOURCE = "Source: scores that the panel gave, as filed for this area."
_NO_SCORE = "no score"


def chart_scores(result: RoundResult) -> FigureBlock:
    """Return the scores as dots with mean and range; its table is the matrix by scorer."""
    roles = {k: strip_unseen(v) for k, v in result.round.name_scorers().items()}
    rows = [_make_row(row, result, roles) for row in result.results.to_dict("records")]
    table, labels = tabulate_scores(result)
    return FigureBlock(
        block_id=f"scores-{result.round.id}",
        title=strip_unseen(describe_order(result)),
        svg=draw_scores(rows, list(roles.values())),
        alt=write_alt(
            "Dot chart",
            f"scores in the round '{strip_unseen(result.round.title)}'",
            [_state(row) for row in result.results.to_dict("records")],
        ),
        source_line=_SOURCE,
        table=table,
        note=name_scorers(result.round),
        column_labels=labels,
    )


def _make_row(row: Mapping[str, object], result: RoundResult, roles: Mapping[str, str]) -> ScoreRow:
    scores = result.scores[result.scores["applicant"] == row["applicant"]]
    held = scores.set_index("scorer")["score"].to_dict()
    values = tuple(None if is_missing(held[name]) else float(held[name]) for name in roles)
    conflicts = int((scores["standing"] == CONFLICT).sum())
    noun = "conflict of interest" if conflicts == 1 else "conflicts of interest"
    remark = f"{conflicts} {noun}, left out" if conflicts else ""
    mean = None if is_missing(row["mean"]) else float(row["mean"])  # type: ignore[arg-type]
    label = strip_unseen(row["organisation"])
    return ScoreRow(f"{_word_rank(row)}  {label}".strip(), values, mean, remark)


def _word_rank(row: Mapping[str, object]) -> str:
    if is_missing(row["rank"]):
        return ""
    return f"{row['rank']}{'=' if row['tied_with'] else ''}"


def _state(row: Mapping[str, object]) -> str:
    name = strip_unseen(row["organisation"])
    if is_missing(row["mean"]):
        return f"{name} has no score that counts"
    level = ", level with another" if row["tied_with"] else ""
    return (
        f"{name}, rank {row['rank']}{level}: mean {word_score(row['mean'])}, from {word_score(row['lowest'])} to "
        f"{word_score(row['highest'])}"
    )


def tabulate_scores(result: RoundResult) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return one row per applicant: rank, score by each scorer, mean and range, in words; headings."""
    scores = result.scores.set_index(["applicant", "scorer"]).to_dict("index")
    rows = []
    for row in result.results.to_dict("records"):
        cells = {
            f"by_{scorer}": _word_score(scores[(row["applicant"], scorer)])
            for scorer in result.round.name_scorers()
        }
        has_score = not is_missing(row["mean"])
        rows.append(
            {
                "organisation": strip_unseen(row["organisation"]),
                "rank": _word_rank(row) or _NO_SCORE,
                **cells,
                "mean": word_score(row["mean"]) if has_score else _NO_SCORE,
                "range": f"{word_score(row['lowest'])} to {word_score(row['highest'])}"
                if has_score
                else _NO_SCORE,
            }
        )
    labels = {
        "organisation": "Applicant",
        "rank": "Rank",
        **_head_scorers(result.round),
        "mean": "Mean",
        "range": "Range",
    }
    return pd.DataFrame(rows, columns=list(labels)), labels


def _word_score(cell: Mapping[str, object]) -> str:
    if is_missing(cell["score"]):
        return word_standing(str(cell["standing"]))
    return word_score(cell["score"])


def show_matrix(result: RoundResult) -> Block:
    """Return every mark: one row per applicant and criterion, one column per scorer."""
    one = result.round
    criteria = {item.id: item for item in one.list_criteria()}
    moderation = result.moderation.set_index(["applicant", "criterion"]).to_dict("index")
    cells = result.marks.set_index(["applicant", "criterion", "scorer"]).to_dict("index")
    rows = []
    for applicant in result.results.to_dict("records"):
        for name, criterion in criteria.items():
            own = {s: cells[(applicant["applicant"], name, s)] for s in one.name_scorers()}
            rows.append(
                {
                    "organisation": strip_unseen(applicant["organisation"]),
                    "criterion": f"{strip_unseen(criterion.title)} ({criterion.weight:g}%)",
                    **{f"by_{scorer}": _word_mark(cell) for scorer, cell in own.items()},
                    "moderation": _word_moderation(moderation.get((applicant["applicant"], name))),
                }
            )
    labels = {
        "organisation": "Applicant",
        "criterion": "Criterion (weight)",
        **_head_scorers(one),
        "moderation": "Moderation",
    }
    return TableBlock(
        block_id=f"marks-{one.id}",
        caption=f"Every mark in the round '{strip_unseen(one.title)}', by scorer",
        frame=pd.DataFrame(rows, columns=list(labels)),
        column_labels=labels,
        source_line=_SOURCE,
        note=f"{name_scorers(one)} Marks {one.spread:g} or more apart go back to the panel. A mark "
        "agreed there stands for every scorer's; the marks given first are shown.",
    )


def _head_scorers(one: Round) -> dict[str, str]:
    """Return a letter for each scorer's column: a role is too long for a column of marks."""
    return {f"by_{scorer.id}": name_letter(i) for i, scorer in enumerate(one.scorers)}


def name_scorers(one: Round) -> str:
    """Return who the lettered scorers are, in a sentence."""
    named = [f"{name_letter(i)}: {strip_unseen(s.role)}" for i, s in enumerate(one.scorers)]
    return f"Scorer {'; '.join(named)}." if named else ""


def _word_mark(cell: Mapping[str, object]) -> str:
    if cell["standing"] != COUNTED and is_missing(cell["mark"]):
        return "no mark" if cell["standing"] == "incomplete" else word_standing(cell["standing"])
    words = f"{cell['mark']}"
    return words if cell["standing"] == COUNTED else f"{words} (does not count)"


def _word_moderation(record: Mapping[str, object] | None) -> str:
    if record is None:
        return "none"
    apart = f"{record['lowest']} to {record['highest']}"
    return f"{apart}, to settle" if is_missing(record["agreed"]) else f"agreed {record['agreed']}"
