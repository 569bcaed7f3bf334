"""The page of notebook 05: findings, recommendations, and what each rests on."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from cip.catalogue.building_blocks import load_topics
from cip.display.blocks import Block, KeyFacts, NoteBlock, TableBlock
from cip.display.finding_block import FindingBlock, Use
from cip.display.findings import count_things
from cip.display.narrative_block import NarrativeBlock
from cip.display.recommendation_block import RecommendationBlock
from cip.display.text import join_names
from cip.display.triangulation_chart import chart_triangulation, title_triangulation
from cip.evidence.entry import KINDS
from cip.pages.pending_input import write_need
from cip.pages.summary_stage import Summary
from cip.summary.drafts import escape_markdown
from cip.summary.findings import THEME_PREFIX
from cip.summary.findings_pieces import keep_topic, list_pieces
from cip.summary.triangulation import triangulate
from cip.workspace import Workspace

#: Sides in the order of the report: what there is to build on comes first.
ORDER = ("strength", "challenge", "mixed", "unknown")
_SIDE_NOUNS = {
    "strength": ("strength", "strengths"),
    "challenge": ("challenge", "challenges"),
    "mixed": ("finding that is both", "findings that are both"),
    "unknown": ("finding that points neither way", "findings that point neither way"),
}
_ADVICE = (
    "Recommendations follow from findings, and are agreed with the steering group. Each names the "
    "evidence that it rests on; one without evidence is refused."
)
_NARRATIVE = (
    "The findings here are drafted from the evidence by rules. An analyst who knows the place "
    "should read each one, and write it anew where the rules miss the point."
)
_DRAFTED = ("data_say", "people_say", "what_is_there", "fit_words", "strength_words", "gaps")
_NO_FINDING = {
    "strength": "The evidence shows no strength by itself. Strengths are often known only to the "
    "people who live here: ask them.",
    "challenge": "The evidence shows no challenge by itself.",
}


def show_facts(summary: Summary) -> KeyFacts:
    """Return how many findings and recommendations there are, and how much they rest on."""
    sides = Counter(summary.findings["side"])
    facts = [
        ("Findings", f"{len(summary.findings):,}", _count_sides(sides)),
        ("Edited by a person", f"{int(summary.findings['is_edited'].sum()):,}", "of the findings"),
    ]
    if summary.recommendations is not None:
        facts.append(("Recommendations", f"{len(summary.recommendations):,}", ""))
    cited = set(summary.citations["evidence_id"]) & set(summary.evidence["evidence_id"])
    facts.append(
        (
            "Pieces of evidence",
            f"{int(summary.evidence['is_citable'].sum()):,}",
            f"{len(cited):,} of them cited",
        )
    )
    return KeyFacts(facts, block_id="summary")


def _count_sides(sides: Counter[str]) -> str:
    parts = [count_things(sides[name], *_SIDE_NOUNS[name]) for name in ORDER if sides[name]]
    return join_names(parts) if parts else "nothing can be said yet"


def show_text(summary: Summary, name: str, title: str = "") -> NarrativeBlock | None:
    """Return one of the analyst's texts, such as ``introduction``, or None where there is none."""
    text = summary.narrative.find_text(name)
    if text is None:
        return None
    return NarrativeBlock(block_id=name, title=title, text=text.text, labels=summary.labels)


def show_triangulation(summary: Summary) -> Block:
    """Return which way data, people and assets point, by building block of health."""
    pieces = list_pieces(summary.evidence)
    rows = []
    for topic, entry in load_topics().items():
        pointing = triangulate(keep_topic(pieces, topic)).pointing
        ways = {kind: found.way for kind, found in pointing.items()}
        rows.append({"title": entry.label, **ways})
    ways = pd.DataFrame(rows)
    return chart_triangulation(
        ways,
        title=title_triangulation(ways),
        block_id="triangulation",
        source_line="Source: chapters 01 to 04 of this profile. Each mark is explained in the "
        "findings below.",
    )


def show_findings(summary: Summary, *sides: str) -> list[Block]:
    """Return the findings of some sides, each with what it rests on and what rests on it.

    Themes whose finding nobody has edited are left to `show_drafted_themes`.
    """
    blocks: list[Block] = []
    for side in sides:
        of_side = summary.findings[summary.findings["side"] == side]
        if of_side.empty and side in _NO_FINDING:
            blocks.append(NoteBlock("info", f"No {_SIDE_NOUNS[side][0]}", _NO_FINDING[side]))
        blocks += _show(summary, of_side[~_find_drafted_themes(of_side)])
    return blocks


def show_drafted_themes(summary: Summary) -> list[Block]:
    """Return the findings on themes of what people said that nobody has edited, of all sides."""
    return _show(summary, summary.findings[_find_drafted_themes(summary.findings)])


def _find_drafted_themes(findings: pd.DataFrame) -> pd.Series:
    is_theme = findings["finding_id"].str.startswith(THEME_PREFIX)
    return is_theme & ~findings["is_edited"].fillna(False).astype(bool)


def _show(summary: Summary, chosen: pd.DataFrame) -> list[Block]:
    uses = _list_uses_of(summary, "finding")
    return [
        FindingBlock(
            finding=_mark_drafted(row),
            labels=summary.labels,
            uses=uses.get(f"finding:{row['finding_id']}", ()),
        )
        for row in chosen.to_dict("records")
    ]


def _mark_drafted(row: dict[str, Any]) -> dict[str, Any]:
    """Return a finding with its drafted sentences as Markdown that reads as they stand.

    They hold names and quotations as they were typed; only what an analyst wrote is Markdown.
    """
    names = _DRAFTED if row["is_edited"] else (*_DRAFTED, "text")
    return {**row, **{n: escape_markdown(row[n]) for n in names if not pd.isna(row[n])}}


def _list_uses_of(summary: Summary, kind: str) -> dict[str, list[Use]]:
    """Return what cites each finding, or each recommendation, directly."""
    found: dict[str, list[Use]] = {}
    for row in summary.citations.itertuples():
        if str(row.evidence_id).startswith(f"{kind}:"):
            use = Use(str(row.citing_kind), str(row.citing_id), str(row.citing_title))
            found.setdefault(str(row.evidence_id), []).append(use)
    return found


def show_recommendations(summary: Summary) -> list[Block]:
    """Return the recommendations, or how to supply them."""
    if summary.recommendations is None:
        return [write_need("recommendations", "No recommendation has been made yet", _ADVICE)]
    uses = _list_uses_of(summary, "recommendation")
    return [
        RecommendationBlock(
            recommendation=row,
            labels=summary.labels,
            uses=uses.get(f"recommendation:{row['recommendation_id']}", ()),
        )
        for row in summary.recommendations.to_dict("records")
    ]


def show_missing(workspace: Workspace, summary: Summary) -> list[Block]:
    """Return what the summary had to do without, and how to supply it."""
    blocks: list[Block] = []
    silent = _list_silent(summary)
    if silent:
        body = (
            f"This profile holds {join_names(silent)}. What is said here rests on the rest, and "
            "cannot speak for what is missing."
        )
        blocks.append(NoteBlock("missing", "Kinds of evidence that are not there", body))
    if workspace.file.resolve_input("narrative") is None:
        blocks.append(write_need("narrative", "Findings that nobody has edited", _NARRATIVE))
    return blocks


def _list_silent(summary: Summary) -> list[str]:
    held = set(summary.evidence.loc[summary.evidence["is_citable"].fillna(False), "kind"])
    groups = {
        "no published figure": {"data"},
        "no asset": {"asset", "reach"},
        "no answer to a survey": {"survey"},
        "no theme of what people said": {"theme"},
        "no quotation and no story": {"quote", "case"},
    }
    return [words for words, kinds in groups.items() if not kinds & held]


def show_evidence_counts(summary: Summary) -> TableBlock:
    """Return how much evidence of each kind there is: one row per kind."""
    cited = summary.evidence["evidence_id"].isin(set(summary.citations["evidence_id"]))
    table = summary.evidence.assign(cited=cited)
    counted = table.groupby("kind", sort=False).agg(
        entries=("evidence_id", "size"), citable=("is_citable", "sum"), cited=("cited", "sum")
    )
    counted.insert(0, "what", [KINDS[kind] for kind in counted.index])
    return TableBlock(
        block_id="evidence-counts",
        caption="The evidence that findings could rest on",
        frame=counted.reset_index(drop=True),
        column_labels={
            "what": "Kind of evidence",
            "entries": "Entries",
            "citable": "That can be cited",
            "cited": "Cited directly",
        },
        formats=dict.fromkeys(("entries", "citable", "cited"), "{:,.0f}"),
        note="Every entry, with its source and what rests on it, is on the evidence page.",
    )
