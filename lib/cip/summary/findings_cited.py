"""Drafts with the analyst's text in their place, what findings cite, and which of them fall."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from cip.evidence.citing import FINDING, list_cited
from cip.schemas.summary import SUMMARY
from cip.summary.fallen import list_fallen as list_all_fallen
from cip.summary.findings import list_row_cites, sort_findings
from cip.summary.findings_pieces import count_people, list_pieces
from cip.summary.narrative import Narrative, NarrativeText

CITATION_COLUMNS = SUMMARY["citations"].columns
FALLEN_COLUMNS = ("finding_id", "title", "evidence_id", "file", "line")


def edit_findings(
    drafts: pd.DataFrame, narrative: Narrative, *, evidence: pd.DataFrame
) -> pd.DataFrame:
    """Put the analyst's titles and texts in the place of the drafted ones.

    What data, people and assets say stays as it was drafted; an edited finding cites what its own
    text cites, and what stands beneath.

    Parameters
    ----------
    drafts
        One row per finding.
    narrative
        Texts for findings that are among the drafts (`read_narrative` has seen to it).
    evidence
        The ledger; it tells how many people speak of what a finding cites.

    Returns
    -------
    DataFrame
        One row per finding, in the order of the report. Within a side, findings with an ``order``
        come first.
    """
    texts = {text.name: text for text in narrative.findings}
    pieces = {piece.evidence_id: piece for piece in list_pieces(evidence)}
    rows: list[dict[str, Any]] = []
    for row in drafts.to_dict("records"):
        text = texts.get(row["finding_id"])
        if text is not None:
            row = {**row, **_take_text(row, text)}
            row["cites"] = "; ".join(_list_evidence(list_row_cites(row)))
        cited = [pieces[name] for name in row["cites"].split("; ") if name in pieces]
        order = float("inf") if text is None or text.order is None else text.order
        rows.append({**row, "people": count_people(cited), "order": order})
    table = pd.DataFrame(rows, columns=[*drafts.columns, "people", "order"])
    return sort_findings(table).astype(drafts.dtypes.to_dict())


def _take_text(row: dict[str, Any], text: NarrativeText) -> dict[str, Any]:
    return {
        "title": text.title,
        "text": text.text,
        "side": text.side or row["side"],
        "is_edited": True,
        "file": text.file,
    }


def _list_evidence(cited: Iterable[str]) -> list[str]:
    return [name for name in cited if not name.startswith(f"{FINDING}:")]


def list_citations(findings: pd.DataFrame, narrative: Narrative) -> pd.DataFrame:
    """Return what each finding cites.

    Returns
    -------
    DataFrame
        One row per finding x evidence (`cip.schemas.summary`, table ``citations``). File and line
        are those of the first citation in the analyst's text; what is drafted has none.
    """
    texts = {text.name: text for text in narrative.findings}
    rows: list[dict[str, Any]] = []
    for row in findings.to_dict("records"):
        text = texts.get(row["finding_id"])
        own = _list_places(row["finding_id"], row["title"], text) if text else []
        placed = {one["evidence_id"] for one in own}
        rest = [name for name in str(row["cites"]).split("; ") if name and name not in placed]
        rows += own
        rows += [_make_row(row["finding_id"], row["title"], name, "", None) for name in rest]
    return _build_table(rows)


def list_narrative_citations(narrative: Narrative) -> pd.DataFrame:
    """Return what the analyst's findings cite, whether it is there or not: as `list_citations`.

    It needs no drafts, so that citations of what is gone can be told before anything is drafted.
    """
    rows: list[dict[str, Any]] = []
    for text in narrative.findings:
        rows += _list_places(text.name, text.title, text)
    # Two files for one finding are told elsewhere; here each citation counts once.
    return _build_table(rows).drop_duplicates(["citing_id", "evidence_id"], ignore_index=True)


def _list_places(finding_id: str, title: str, text: NarrativeText) -> list[dict[str, Any]]:
    rows = []
    for name in _list_evidence(list_cited(text.citations)):
        line = next(one.line for one in text.citations if one.evidence_id == name)
        rows.append(_make_row(finding_id, title, name, text.file, line))
    return rows


def _make_row(
    finding_id: str, title: str, evidence_id: str, file: str, line: int | None
) -> dict[str, Any]:
    return {
        "citing_id": finding_id,
        "citing_kind": FINDING,
        "citing_title": title,
        "evidence_id": evidence_id,
        "file": file,
        "line": line,
    }


def _build_table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(CITATION_COLUMNS))
    kinds = {"text": "str", "count": "Int64"}
    return table.astype({name: kinds[kind] for name, kind in CITATION_COLUMNS.items()})


def list_fallen(findings_citations: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """Return the findings that fall because evidence that they cite is gone or no longer shown.

    Parameters
    ----------
    findings_citations
        One row per finding x evidence, as `list_citations` or `list_narrative_citations` gives
        it. Citations by anything but findings are passed over, and so are those of drafted words,
        which have no file: they are drafted again from what is there.
    evidence
        The ledger: one row per entry.

    Returns
    -------
    DataFrame
        One row per finding x evidence that is gone: ``finding_id, title, evidence_id, file, line``.

    Notes
    -----
    One cited entry that is gone is enough, whatever else the finding cites: its words may rest on
    that one.
    """
    is_edited = (findings_citations["citing_kind"] == FINDING) & (findings_citations["file"] != "")
    fallen = list_all_fallen(findings_citations[is_edited], evidence)
    names = {"citing_id": "finding_id", "citing_title": "title"}
    return fallen.rename(columns=names)[list(FALLEN_COLUMNS)]
