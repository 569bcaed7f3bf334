"""The logic model as hand-over tables: its boxes, numbered, and its arrows."""

from __future__ import annotations

import pandas as pd

from cip.catalogue.evaluation import load_node_kinds
from cip.framework.logic_model import LINKS, LogicModel
from cip.framework.logic_model_checks import list_unfinished
from cip.framework.logic_model_order import order_columns
from cip.schemas.evaluation import EVALUATION


def tidy_nodes(model: LogicModel) -> pd.DataFrame:
    """Return the table ``logic_nodes``: one row per box, in the order in which they are numbered.

    Boxes are numbered kind by kind, and within a kind so that few arrows cross.
    """
    by_id = {node.id: node for node in model.nodes}
    unfinished = list_unfinished(model)
    numbers = number_nodes(model)
    leads: dict[str, list[int]] = {name: [] for name in by_id}
    for edge in model.edges:
        leads[edge.from_].append(numbers[edge.to])
    rows = [
        {
            "node_id": name,
            "number": number,
            "kind": by_id[name].kind,
            "words": by_id[name].words,
            "assumption": by_id[name].assumption or "",
            "external": by_id[name].external or "",
            **{key: "; ".join(by_id[name].list_links(key)) for key in LINKS},
            "leads_to": ", ".join(map(str, sorted(leads[name]))),
            "unfinished": "; ".join(unfinished[name]),
        }
        for name, number in numbers.items()
    ]
    return make_table("logic_nodes", rows)


def number_nodes(model: LogicModel) -> dict[str, int]:
    """Return the number of each box, from 1, in order."""
    columns = order_columns(
        [[node.id for node in model.nodes if node.kind == kind] for kind in load_node_kinds()],
        [(edge.from_, edge.to) for edge in model.edges],
    )
    ids = [name for column in columns for name in column]
    return {name: number for number, name in enumerate(ids, start=1)}


def tidy_edges(model: LogicModel) -> pd.DataFrame:
    """Return the table ``logic_edges``: one row per arrow, by the numbers of its boxes."""
    numbers = number_nodes(model)
    rows = [
        {
            "from_id": edge.from_,
            "to_id": edge.to,
            "from_number": numbers[edge.from_],
            "to_number": numbers[edge.to],
            "why": edge.why or "",
        }
        for edge in model.edges
    ]
    rows.sort(key=lambda row: (row["from_number"], row["to_number"]))
    return make_table("logic_edges", rows)


def make_table(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    """Return rows as one of the tables of evaluation, with its columns and types."""
    kinds = {"text": "str", "number": "float64", "count": "Int64", "flag": "boolean"}
    columns = EVALUATION[name].columns
    frame = pd.DataFrame(rows, columns=list(columns), dtype="object")
    return frame.astype({column: kinds[kind] for column, kind in columns.items()})
