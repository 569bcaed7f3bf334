"""What the columns of the evidence ledger and of the tables of chapter 05 hold."""

from __future__ import annotations

from cip.schemas.evidence import EVIDENCE

_EVIDENCE: dict[str, str] = {
    "evidence_id": "identifier under which the entry is cited, as kind:name",
    "kind": "kind of evidence: data, asset, reach, survey, change, theme, quote, case, heard, insight",
    "label": "what it is",
    "statement": "what it says, as a sentence",
    "value": "the figure; empty where there is none or it is not shown",
    "lower_95": "lower limit of the 95% confidence interval",
    "upper_95": "upper limit of the 95% confidence interval",
    "base": "number of people, households or answers behind the figure",
    "unit": "unit of the value",
    "period": "period, wave or date",
    "comparator": "what it is compared with",
    "comparison": "better, worse, higher, lower or similar; empty where nothing is compared",
    "topics": "building blocks of health that it is about",
    "direction": "strength or challenge of the area by itself; empty where it is neither",
    "is_citable": "True where a report may rest on it",
    "reason": "why it may not be cited",
    "source_ids": "identifiers of its sources in the store, or of the area's own input",
    "source": "its sources in words",
    "licence": "licence of its sources",
    "vintage": "geography of its source, with its edition",
    "stage": "chapter that shows it",
    "anchor": "place on that chapter's page",
}
_FINDINGS: dict[str, str] = {
    "finding_id": "identifier of the finding",
    "title": "what is found",
    "side": "strength, challenge, mixed (both) or unknown",
    "topic": "building block of health that it is about",
    "theme_id": "theme that it is about; empty where it is about a building block",
    "text": "the finding, with citations in square brackets",
    "data_say": "what published figures say",
    "people_say": "what people say",
    "what_is_there": "assets, and who can reach them",
    "fit": "agree, tension, one-sided or silent",
    "fit_words": "the fit in sentences",
    "strength": "strength of the evidence by a declared rule: strong, moderate, limited or none",
    "strength_words": "why it is so strong",
    "gaps": "what is not known",
    "cites": "identifiers of the evidence that it rests on",
    "is_edited": "True where a person has written title and text",
    "file": "file in which they were written",
}
_RECOMMENDATIONS: dict[str, str] = {
    "recommendation_id": "identifier of the recommendation",
    "number": "its number in the reports",
    "text": "what should be done",
    "for_whom": "who it is addressed to",
    "approach": "community-centred approach that it follows; empty where it follows none",
    "priority": "high, medium or low",
    "agreed_with": "with whom it was agreed",
    "agreed_on": "when it was agreed",
    "cites": "identifiers of the evidence and findings that it rests on",
    "rests_on": "whose knowledge it rests on: numbers, voices, assets",
    "flag": "said where it rests on one kind of knowledge alone",
}
_CITATIONS: dict[str, str] = {
    "citing_id": "identifier of what rests on the evidence",
    "citing_kind": "finding, recommendation, action, grant or outcome",
    "citing_title": "its title",
    "evidence_id": "identifier of what is cited",
    "file": "file in which it is cited; empty where a finding was drafted",
    "line": "line or row of that file",
}

#: By ``table.column``, so that words of other chapters' tables stay as they are.
SUMMARY_WORDS: dict[str, str] = {
    f"{table}.{column}": words
    for tables, described in (
        (tuple(EVIDENCE), _EVIDENCE),
        (("findings",), _FINDINGS),
        (("recommendations",), _RECOMMENDATIONS),
        (("citations",), _CITATIONS),
    )
    for table in tables
    for column, words in described.items()
}
