"""The part of notebook 01 on readiness: the checklist and the dated plan."""

from __future__ import annotations

from datetime import date

import pandas as pd

from cip.catalogue.readiness import cite_readiness
from cip.display.blocks import Block, FigureBlock, NoteBlock, TableBlock
from cip.display.chart_parts import write_alt
from cip.display.count_grid import GridCell, draw_grid
from cip.framework.milestones import read_milestones, tidy_milestones
from cip.framework.readiness import (
    IN_HAND,
    SETTLED,
    STATUSES,
    build_checklist,
    count_progress,
    order_open_first,
    read_readiness,
)
from cip.pages.pending_input import write_need
from cip.pages.plan import draw_plan
from cip.params import ParameterFile

_NEED_READINESS = (
    "How ready the work is",
    "A checklist of time, funding, impact and staff shows what is settled before the work begins, "
    "and who sees to the rest.",
)
_NEED_PLAN = (
    "The plan",
    "Milestones and other initiatives with their dates show what is due, and where the profile "
    "would get in the way of other work here.",
)


def show_readiness(file: ParameterFile) -> list[Block]:
    """Return the checklist: how many questions stand where, what is unanswered, the answers.

    Raises
    ------
    ParameterError
        If the answers cannot be read, with all their problems.
    """
    path = file.resolve_input("readiness")
    if path is None:
        return [write_need("readiness", *_NEED_READINESS)]
    checklist = build_checklist(read_readiness(path))
    return [
        _draw_progress(count_progress(checklist)),
        *_tabulate_unanswered(checklist[checklist["is_unanswered"]]),
        *_tabulate_answers(checklist[~checklist["is_unanswered"]]),
        *_note_unowned(checklist),
    ]


def show_plan(file: ParameterFile, today: date) -> list[Block]:
    """Return the dated plan and what to look at in it: overdue, out of order, clashes.

    Raises
    ------
    ParameterError
        If the plan cannot be read, with all its problems.
    """
    path = file.resolve_input("milestones")
    if path is None:
        return [write_need("milestones", *_NEED_PLAN)]
    return draw_plan(read_milestones(path), today)


def build_readiness_tables(file: ParameterFile, today: date) -> dict[str, pd.DataFrame]:
    """Return the hand-over tables ``readiness`` and ``milestones``, as far as they are given."""
    tables = {}
    if (path := file.resolve_input("readiness")) is not None:
        tables["readiness"] = build_checklist(read_readiness(path))
    if (path := file.resolve_input("milestones")) is not None:
        tables["milestones"] = tidy_milestones(read_milestones(path), today)
    return tables


def _draw_progress(progress: pd.DataFrame) -> FigureBlock:
    cells = [
        [GridCell(str(n), "many" if n > 1 else "some" if n else "none") for n in row]
        for row in progress[list(STATUSES)].itertuples(index=False, name=None)
    ]
    total, settled = int(progress["questions"].sum()), int(progress[SETTLED].sum())
    unanswered = int(progress["unanswered"].sum())
    labels = [status.capitalize() for status in STATUSES]
    said = [
        f"{heading}: {', '.join(f'{cell.words} {name}' for name, cell in zip(STATUSES, row, strict=True))}"
        for heading, row in zip(progress["heading"], cells, strict=True)
    ]
    return FigureBlock(
        block_id="readiness",
        title=f"{settled} of {total} questions are settled; {unanswered} have no answer yet",
        svg=draw_grid(list(progress["heading"]), labels, cells),
        alt=write_alt("Grid of counts", "questions by heading and status", said),
        source_line=f"{cite_readiness()}; answers given for this area.",
        table=progress,
        note=(
            "Counts of questions, not a score: one open question can matter more than all the "
            "others. Not every question is relevant to every profile."
        ),
        column_labels={
            "heading": "Heading",
            **{status: status.capitalize() for status in STATUSES},
            "unanswered": "Without an answer",
            "questions": "All questions",
        },
    )


_LABELS = {
    "question": "Question",
    "heading": "Heading",
    "status": "Status",
    "owner": "Owner",
    "answer": "Answer",
}


def _tabulate_unanswered(rows: pd.DataFrame) -> list[Block]:
    if rows.empty:
        return []
    frame = order_open_first(rows)[["question", "heading", "status", "owner"]]
    return [
        TableBlock(
            block_id="unanswered",
            caption="Questions without an answer",
            frame=frame.assign(owner=frame["owner"].fillna("nobody yet")),
            column_labels=_LABELS,
        )
    ]


def _tabulate_answers(rows: pd.DataFrame) -> list[Block]:
    if rows.empty:
        return []
    frame = order_open_first(rows)[["question", "answer", "status", "owner", "heading"]]
    return [
        TableBlock(
            block_id="answers",
            caption="Answers, open questions first",
            frame=frame.assign(
                answer=frame["answer"].fillna("not relevant here"),
                owner=frame["owner"].fillna("nobody yet"),
            ),
            column_labels=_LABELS,
            source_line=f"{cite_readiness()}; answers given for this area.",
        )
    ]


def _note_unowned(checklist: pd.DataFrame) -> list[Block]:
    unowned = checklist[(checklist["status"] == IN_HAND) & checklist["owner"].isna()]
    if unowned.empty:
        return []
    body = f"These are in hand, but no role or organisation sees to them: {' '.join(unowned['question'])}"
    return [NoteBlock("warning", "In hand without an owner", body)]
