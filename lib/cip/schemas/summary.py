"""The tables that chapter 05 hands over: findings, recommendations, and what each rests on."""

from __future__ import annotations

from cip.schemas.schema import TableSchema

_STAGE = "summary"

SUMMARY: dict[str, TableSchema] = {
    "findings": TableSchema(
        "finding: a building block of health or a theme, with what is known of it",
        {
            "finding_id": "text",
            "title": "text",
            "side": "text",
            "topic": "text",
            "theme_id": "text",
            "text": "text",
            "data_say": "text",
            "people_say": "text",
            "what_is_there": "text",
            "fit": "text",
            "fit_words": "text",
            "strength": "text",
            "strength_words": "text",
            "gaps": "text",
            "cites": "text",
            "is_edited": "flag",
            "file": "text",
        },
        ("finding_id",),
        _STAGE,
    ),
    "recommendations": TableSchema(
        "recommendation",
        {
            "recommendation_id": "text",
            "number": "count",
            "text": "text",
            "for_whom": "text",
            "approach": "text",
            "priority": "text",
            "agreed_with": "text",
            "agreed_on": "text",
            "cites": "text",
            "rests_on": "text",
            "flag": "text",
        },
        ("recommendation_id",),
        _STAGE,
    ),
    "citations": TableSchema(
        "finding, recommendation, action or grant x what it cites",
        {
            "citing_id": "text",
            "citing_kind": "text",
            "citing_title": "text",
            "evidence_id": "text",
            "file": "text",
            "line": "count",
        },
        ("citing_kind", "citing_id", "evidence_id"),
        _STAGE,
    ),
}
