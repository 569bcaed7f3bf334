"""The parts of the evidence ledger: each stage writes the entries of what it shows."""

from __future__ import annotations

from cip.schemas.schema import TableSchema

#: One row per number, asset, answer, theme or quotation that a reader can see and cite.
EVIDENCE_COLUMNS = {
    "evidence_id": "text",
    "kind": "text",
    "label": "text",
    "statement": "text",
    "value": "number",
    "lower_95": "number",
    "upper_95": "number",
    "base": "number",
    "unit": "text",
    "period": "text",
    "comparator": "text",
    "comparison": "text",
    "topics": "text",
    "direction": "text",
    "is_citable": "flag",
    "reason": "text",
    "source_ids": "text",
    "source": "text",
    "licence": "text",
    "vintage": "text",
    "stage": "text",
    "anchor": "text",
}

#: Table of each stage that registers evidence.
EVIDENCE_TABLES = {
    "geography": "evidence_area",
    "data_profile": "evidence_data",
    "asset_map": "evidence_assets",
    "engagement_analysis": "evidence_voices",
}

EVIDENCE: dict[str, TableSchema] = {
    table: TableSchema(
        "thing in this chapter that can be cited",
        EVIDENCE_COLUMNS,
        ("evidence_id",),
        stage,
    )
    for stage, table in EVIDENCE_TABLES.items()
}
