"""The steps of notebook 05: evidence, findings and recommendations brought together and saved.

Nothing here computes a statistic: every figure is an entry of the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from cip.display.cited_text import name_cited
from cip.display.markup import make_id
from cip.errors import ParameterError, Problem
from cip.evidence.citing import FINDING
from cip.evidence.ledger import read_parts
from cip.schemas.summary import SUMMARY
from cip.summary.comments import RECOMMENDATION, list_anchors
from cip.summary.fallen import STEPS
from cip.summary.findings import draft_findings
from cip.summary.findings_cited import edit_findings, list_citations
from cip.summary.narrative import Narrative, check_narrative, load_narrative
from cip.summary.publishing_checks import Made, check_machine_items
from cip.summary.recommendations import Recommendations, read_recommendations
from cip.summary.review import (
    FINAL,
    Readiness,
    Review,
    judge_publication,
    judge_review,
    load_review,
)
from cip.workspace import Workspace


@dataclass(frozen=True)
class Summary:
    """What follows from data, assets and voices.

    Parameters
    ----------
    evidence
        The ledger: one row per entry.
    findings
        One row per finding, in the order of the report.
    narrative
        The analyst's own texts; empty where there are none.
    recommendations
        One row per recommendation; None where the area names no file of them.
    citations
        One row per thing that cites x what it cites.
    """

    evidence: pd.DataFrame = field(repr=False)
    findings: pd.DataFrame = field(repr=False)
    narrative: Narrative = field(repr=False)
    recommendations: pd.DataFrame | None = field(repr=False)
    citations: pd.DataFrame = field(repr=False)

    @property
    def labels(self) -> dict[str, str]:
        """Name of everything that may be cited, by id."""
        return name_cited(self.evidence, self.findings)


def bring_together(workspace: Workspace) -> Summary:
    """Draft findings from the evidence, take the analyst's texts, and check what is cited.

    Raises
    ------
    ParameterError
        With every problem of the area's own files for this chapter at once, by file and line or
        row: a citation of what is gone or withheld, a recommendation without evidence, broken
        text, a form that cannot be read; and for a version that calls itself final, all that it
        is refused for, such as a comment on what has gone or a missing sign-off.
    """
    evidence = read_parts(workspace.tables)
    drafts = draft_findings(
        evidence,
        area=workspace.params.title,
        today=workspace.today,
        quote_themes=_read_quote_themes(workspace),
    )
    narrative, problems = _read_narrative(workspace, evidence, drafts)
    findings = edit_findings(drafts, narrative, evidence=evidence)
    advice, found = _read_recommendations(workspace, evidence, findings)
    problems += found
    cited = [list_citations(findings, narrative)]
    if advice is not None:
        cited.append(advice.citations)
    table = None if advice is None else advice.table
    summary = Summary(evidence, findings, narrative, table, join_citations(cited))
    problems += _list_refusals(workspace, summary, found=problems)
    if problems:
        raise ParameterError(_order_problems(problems))
    return summary


def _order_problems(problems: Sequence[Problem]) -> list[Problem]:
    """Return problems once each, file by file in the order in which they came, then by place."""
    files = list(dict.fromkeys(str(problem.file) for problem in problems))
    return sorted(
        dict.fromkeys(problems),
        key=lambda one: (files.index(str(one.file)), one.line or one.row or 0),
    )


def _read_quote_themes(workspace: Workspace) -> Mapping[str, str]:
    if not workspace.tables.has("quotes"):
        return {}
    quotes = workspace.read("quotes")
    return dict(zip(quotes["quote_id"], quotes["theme_id"], strict=True))


def _read_narrative(
    workspace: Workspace, evidence: pd.DataFrame, drafts: pd.DataFrame
) -> tuple[Narrative, list[Problem]]:
    folder = workspace.file.resolve_input("narrative")
    if folder is None:
        return Narrative(), []
    try:
        narrative, problems = load_narrative(folder)
    except ParameterError as error:
        return Narrative(), list(error.problems)
    problems += check_narrative(narrative, evidence=evidence, drafts=drafts)
    return narrative, sorted(problems, key=lambda one: (str(one.file), one.line or 0))


def _read_recommendations(
    workspace: Workspace, evidence: pd.DataFrame, findings: pd.DataFrame
) -> tuple[Recommendations | None, list[Problem]]:
    def read(path: Path) -> Recommendations:
        return read_recommendations(path, evidence=evidence, findings=findings)

    try:
        return workspace.read_input("recommendations", read), []
    except ParameterError as error:
        return None, list(error.problems)


def join_citations(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Return parts of the table ``citations`` as one, in its columns and types."""
    columns = SUMMARY["citations"].columns
    kinds = {name: "Int64" if kind == "count" else "str" for name, kind in columns.items()}
    filled = [part for part in parts if len(part)]
    table = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(columns))
    return table[list(columns)].astype(kinds)


def judge(workspace: Workspace, summary: Summary) -> tuple[Review, Readiness]:
    """Return what is on record of the review, and what is missing before a final version.

    Raises
    ------
    ParameterError
        With every problem of checklist, comments and decisions.
    """
    review, problems = load_review(workspace.file, anchors=_list_anchors(summary))
    if problems:
        raise ParameterError(problems)
    return review, _judge(workspace, summary, review)


def _list_anchors(summary: Summary) -> frozenset[str]:
    advice, citing = summary.recommendations, summary.citations
    ids = [] if advice is None else list(advice["recommendation_id"])
    # Actions, grants and outcomes are known here once they cite something.
    steps = set(zip(citing["citing_kind"], citing["citing_id"], strict=True))
    places = [place for kind, name in steps for place in (f"{kind}:{name}", make_id(kind, name))]
    findings = list(summary.findings["finding_id"])
    return list_anchors(summary.evidence, findings, ids, sections=places)


def _list_refusals(
    workspace: Workspace, summary: Summary, *, found: Sequence[Problem]
) -> list[Problem]:
    """Return what is wrong with the forms of the review, and what a final version lacks.

    Where the texts have problems of their own (``found``), nothing is said that only follows from
    them: each reader has told what is cited wrongly, and where.
    """
    review, problems = load_review(workspace.file, anchors=_list_anchors(summary))
    if workspace.params.publication.status != FINAL:
        return problems
    if review.comments is not None:
        unknown = _find_unknown(workspace, summary, review.comments["refers_to"])
        is_there = review.comments["is_there"] | unknown
        review = replace(review, comments=review.comments.assign(is_there=is_there))
    told = frozenset({"suppressed", "recommendations"}) if found else frozenset()
    return [*problems, *_judge(workspace, summary, review, leave_out=told).problems]


def _find_unknown(workspace: Workspace, summary: Summary, targets: pd.Series) -> pd.Series:
    """Return which comments are on a step of the chain of which it is not known what there is.

    That is so of recommendations whose file could not be read, and always of the steps after
    them, which are read later: `judge` looks at those.
    """
    kinds = set(STEPS) - {FINDING, RECOMMENDATION}
    is_given = workspace.file.resolve_input("recommendations") is not None
    if is_given and summary.recommendations is None:
        kinds.add(RECOMMENDATION)
    return targets.str.match(f"(?:{'|'.join(sorted(kinds))})[:-]").astype(bool)


def _judge(
    workspace: Workspace,
    summary: Summary,
    review: Review,
    *,
    leave_out: frozenset[str] = frozenset(),
) -> Readiness:
    tables = {
        name: workspace.read(name)
        for name in ("assets", "quotes", "case_studies")
        if workspace.tables.has(name)
    }
    made = Made(
        evidence=summary.evidence,
        citations=summary.citations,
        recommendations=summary.recommendations,
        findings=summary.findings,
        comments=review.comments,
        sign_off=judge_review(workspace.file, review, today=workspace.today),
        files=review.files,
        **tables,
    )
    checks = check_machine_items(made, today=workspace.today)
    return judge_publication(
        workspace.file,
        review,
        [check for check in checks if check.check not in leave_out],
        today=workspace.today,
        is_synthetic=workspace.store.is_synthetic,
    )


def save(workspace: Workspace, summary: Summary) -> None:
    """Write findings, recommendations where there are any, and what each rests on."""
    workspace.save(findings=summary.findings, citations=summary.citations)
    if summary.recommendations is not None:
        workspace.save(recommendations=summary.recommendations)
