"""The ledger as a page to browse and as ``evidence.json``, with what has changed since last time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from cip.display.blocks import Block
from cip.display.evidence_block import EvidenceBlock, EvidenceFilter, list_uses
from cip.display.finding_block import Use
from cip.errors import CipError
from cip.evidence.entry import KINDS
from cip.evidence.ledger import (
    describe_changes,
    describe_ledger,
    list_changes,
    list_cited_by,
    read_ledger,
    read_parts,
    write_ledger,
)
from cip.summary.fallen import expand_citations
from cip.tables import TableFolder

LEDGER_FILE = "evidence.json"
_TITLES = {
    "data": "Published figures",
    "asset": "Assets",
    "reach": "Who can reach what",
    "survey": "Answers to the survey",
    "change": "Changes between surveys",
    "theme": "Themes of what people said",
    "quote": "Quotations",
    "case": "Stories",
    "heard": "Who was heard",
    "insight": "Existing insight",
}


class Ledger(NamedTuple):
    """The evidence of an area and what rests on it.

    Parameters
    ----------
    evidence
        One row per entry, with the columns of EVIDENCE_COLUMNS.
    citations
        One row per thing that cites x entry (`cip.summary.fallen.expand_citations`).
    """

    evidence: pd.DataFrame
    citations: pd.DataFrame


def read_evidence(tables: TableFolder) -> Ledger:
    """Read the ledger from the area's tables, those of chapter 05 among them."""
    return Ledger(read_parts(tables), expand_citations(tables.read("citations")))


def build_evidence_page(ledger: Ledger) -> nbformat.NotebookNode:
    """Return the evidence page as an executed notebook, so that it is exported like any other."""
    evidence = ledger.evidence
    uses, through = list_uses(ledger.citations)
    cells = [
        new_markdown_cell(
            "# The evidence\n\nEvery number, asset, answer, theme and quotation that this profile "
            "can cite, with its source and with what rests on it. An entry that is suppressed, "
            "withheld or missing is listed as well, without its value."
        ),
        _show(EvidenceFilter()),
    ]
    for kind in KINDS:
        entries = evidence[evidence["kind"] == kind]
        if len(entries):
            heading = new_markdown_cell(f"## {_TITLES[kind]}")
            cells += [heading, _show_kind(kind, entries, uses, through)]
    return new_notebook(cells=cells)


def _show_kind(
    kind: str,
    entries: pd.DataFrame,
    uses: Mapping[str, list[Use]],
    through: Mapping[tuple[str, Use], str],
) -> nbformat.NotebookNode:
    title = f"{_TITLES[kind]}, one by one"
    return _show(EvidenceBlock(kind=kind, title=title, entries=entries, uses=uses, through=through))


def _show(block: Block) -> nbformat.NotebookNode:
    # Nobody opens this notebook: the block as plain words, which takes as long, is not needed.
    return new_code_cell("", outputs=[new_output("display_data", {"text/html": block.to_html()})])


def write_evidence(
    ledger: Ledger, folder: Path, *, previous: Path, about: Mapping[str, Any]
) -> dict[str, Any]:
    """Write ``evidence.json``, and tell which cited entries read differently than last time.

    Parameters
    ----------
    ledger
        From :func:`read_evidence`.
    folder
        Where the area is being made.
    previous
        The area's folder of the run before, which need not be there.
    about
        What the ledger is of: see :func:`cip.evidence.ledger.describe_ledger`.

    Returns
    -------
    dict
        For ``run.json``: the ``changes``, or ``not_compared`` with the reason where the ledger of
        the run before is damaged.
    """
    described = describe_ledger(ledger.evidence, list_cited_by(ledger.citations), about=about)
    write_ledger(folder / LEDGER_FILE, described)
    try:
        before = read_ledger(previous / LEDGER_FILE)
    except CipError as error:
        return {"changes": [], "not_compared": str(error)}
    changes = [] if before is None else list_changes(before, described)
    return {"changes": describe_changes(changes)}
