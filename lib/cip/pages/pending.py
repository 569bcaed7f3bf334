"""The page of a stage that waits for the community's own inputs: what it needs, truthfully."""

from __future__ import annotations

from cip.catalogue.stages import load_stages
from cip.display.blocks import NoteBlock, TableBlock
from cip.workspace import Workspace


def show_needs(workspace: Workspace, stage: str) -> list[NoteBlock]:
    """Return one box per input that the stage needs: given or not, and how to supply it.

    An input that is given is named as given; that this version does not yet analyse it is said
    in the same box, so that nobody takes an empty chapter for an empty community.
    """
    entry = load_stages()[stage]
    blocks = []
    for need in entry.needs:
        path = workspace.file.resolve_input(need.input)
        if path is None:
            body = f"{need.what}\n\n{need.how}"
            blocks.append(NoteBlock("missing", need.title, body))
        else:
            body = (
                f"The parameter file names {path.name}, and it is there. "
                "This version of the workbook does not analyse it yet, so no figure here rests on it."
            )
            blocks.append(NoteBlock("warning", need.title, body))
    return blocks


def show_contents(workspace: Workspace) -> TableBlock:
    """Return what this run has made so far: one row per hand-over table."""
    import pandas as pd

    from cip.schemas import SCHEMAS

    rows = [
        (name.replace("_", " "), SCHEMAS[name].grain, len(workspace.read(name)))
        for name in workspace.tables.list_names()
    ]
    return TableBlock(
        block_id="contents",
        caption="Tables that this run has made",
        frame=pd.DataFrame(rows, columns=["table", "grain", "rows"]),
        column_labels={"table": "Table", "grain": "One row for each", "rows": "Rows"},
    )
