"""What the area's own texts cite, held against the evidence as it is now."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from cip.errors import ParameterError, Problem
from cip.evidence.ledger import read_parts
from cip.params import STAGES, ParameterFile
from cip.run.area import make_tables
from cip.run.kernel import close_kernels
from cip.run.task import AreaTask
from cip.summary.fallen import list_fallen
from cip.summary.findings import draft_findings
from cip.summary.findings_cited import list_narrative_citations
from cip.summary.narrative import load_narrative
from cip.summary.recommendations import read_citations
from cip.tables import TableFolder
from cip.workspace import Workspace, open_workspace


@contextmanager
def gather_tables(task: AreaTask, file: ParameterFile) -> Iterator[TableFolder]:
    """Bring the tables of chapters 01 to 04 up to date in a folder that is gone afterwards.

    Chapters in which nothing has changed are taken over from the area's outputs; the others are
    executed. What stands in the outputs is not written to.

    Raises
    ------
    NotebookError
        If a notebook fails.
    """
    stages = [stage for stage in STAGES[:-1] if stage in file.params.stages]
    with tempfile.TemporaryDirectory(prefix="cip-check-") as folder:
        try:
            yield make_tables(task, stages, Path(folder))
        finally:
            close_kernels()


def check_evidence(task: AreaTask, file: ParameterFile) -> str:
    """Check that everything which the area's texts cite is there and may be cited.

    Returns
    -------
    str
        One line: how much is cited.

    Raises
    ------
    NotebookError
        If a notebook fails.
    ParameterError
        With every finding and recommendation that falls, the evidence that is gone, and its place.
    """
    with gather_tables(task, file) as tables:
        evidence = read_parts(tables)
        workspace = open_tables(task, tables)
        findings = draft(workspace, evidence)
    citations = read_cited(file)
    fallen = list_fallen(citations, evidence, findings=findings["finding_id"])
    if len(fallen):
        raise ParameterError(list(_describe_fallen(fallen, file)))
    cited = citations["evidence_id"].nunique()
    counts = citations.drop_duplicates(["citing_kind", "citing_id"])["citing_kind"].value_counts()
    things = " and ".join(
        f"{number:,} {kind}{'s' * (number != 1)}" for kind, number in counts.items()
    )
    return f"{file.path}: {things} cite {cited:,} pieces of evidence; all of them are there"


def open_tables(task: AreaTask, tables: TableFolder) -> Workspace:
    """Return the workspace of an area whose tables stand in a folder of their own."""
    outputs = tables.root.parent.parent
    return open_workspace(str(task.params_file), str(task.store_dir), str(outputs))


def draft(workspace: Workspace, evidence: pd.DataFrame) -> pd.DataFrame:
    """Return the findings as they are drafted from the evidence: one row per finding."""
    themes = {}
    if workspace.tables.has("quotes"):
        quotes = workspace.read("quotes")
        themes = dict(zip(quotes["quote_id"], quotes["theme_id"], strict=True))
    return draft_findings(
        evidence, area=workspace.params.title, today=workspace.today, quote_themes=themes
    )


def read_cited(file: ParameterFile) -> pd.DataFrame:
    """Return what the area's own texts cite, whether or not it is there.

    Returns
    -------
    DataFrame
        One row per finding or recommendation x what it cites, with file and line.

    Raises
    ------
    ParameterError
        With every problem of the files themselves.
    """
    parts: list[pd.DataFrame] = []
    problems: list[Problem] = []
    if (folder := file.resolve_input("narrative")) is not None:
        narrative, found = load_narrative(folder)
        problems += found
        parts.append(list_narrative_citations(narrative))
    if (path := file.resolve_input("recommendations")) is not None:
        try:
            parts.append(read_citations(path))
        except ParameterError as error:
            problems += error.problems
    if problems:
        raise ParameterError(problems)
    return pd.concat(parts, ignore_index=True)


def _describe_fallen(fallen: pd.DataFrame, file: ParameterFile) -> Iterator[Problem]:
    for row in fallen.itertuples():
        through = f" through [{row.through}]" if row.through else ""
        yield Problem(
            f"the {row.citing_kind} '{row.citing_id}' ({row.citing_title}) falls: it rests"
            f"{through} on [{row.evidence_id}], and {row.reason}",
            file=row.file or file.path,
            line=None if pd.isna(row.line) else int(row.line),
        )
