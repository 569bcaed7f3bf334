"""The contents of the short documents, out of the tables of a run and the analyst's own text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from cip.catalogue.indicators import load_indicators
from cip.display.findings import count_things
from cip.display.text import describe_comparison, format_value
from cip.report.meta import ReportMeta
from cip.report.summary_contents import (
    SIDES,
    Evidence,
    Fact,
    Finding,
    Quote,
    Recommendation,
    Side,
    SummaryContents,
    clean_contents,
)
from cip.report.summary_contents_text import list_paragraphs, split_sentences, write_plain
from cip.schemas.evidence import EVIDENCE_TABLES
from cip.summary.narrative_front import split_front

#: What is told of every area at a glance, where there is a figure for it.
FACT_INDICATORS = (
    "population", "children_under_15", "older_65_plus", "disability", "one_person_households",
    "households_deprived_2_plus",
)  # fmt: skip
_COMPARED_WITH = "england"
_QUOTE_SIDES: dict[str, Side] = {"enabler": "strength", "challenge": "challenge", "either": "mixed"}
#: Files of the analyst's folder that have a place of their own here.
_OWN_TEXTS = ("introduction", "acknowledgements", "next_steps")


def build_contents(
    tables: Mapping[str, pd.DataFrame],
    meta: ReportMeta,
    narrative_texts: Mapping[str, str] | None = None,
    *,
    version: str = "",
    status: str = "",
    map_svg: str = "",
    map_alt: str = "",
    easy_read_checked: str = "",
) -> SummaryContents:
    """Return what the short documents say.

    Parameters
    ----------
    tables
        Tables of the run by name: ``findings``, ``recommendations``, ``quotes``, ``indicators``,
        ``assets``, ``engagement``, ``missing_indicators`` and the parts of the ledger. One that
        is absent is named among the limits, and never filled.
    meta
        What the Summary Report says of itself.
    narrative_texts
        The analyst's Markdown by the name of its file: ``introduction``, ``acknowledgements``,
        ``next_steps``, ``limits``, ``easy_read``.
    version, status
        Number of the version, and how far the profile is: ``draft``, ``for review`` or ``final``.
    map_svg, map_alt
        A map of the area, and what it shows in words.
    easy_read_checked
        Who has checked the Easy Read text, as the publishing checklist says; empty for nobody.
    """
    texts = {name: _drop_front(text) for name, text in (narrative_texts or {}).items()}
    findings = tuple(_list_findings(_take(tables, "findings")))
    titles = {finding.finding_id: finding.title for finding in findings}
    contents = SummaryContents(
        title=meta.title,
        area=meta.area_name,
        organisation=meta.organisation,
        contact=meta.contact,
        published=meta.published,
        version=version,
        status=status,
        label=meta.version_label,
        licence=meta.licence,
        attributions=tuple(meta.attribution),
        is_synthetic=meta.is_synthetic,
        facts=tuple(_list_facts(_take(tables, "indicators"))),
        findings=findings,
        recommendations=tuple(_list_recommendations(_take(tables, "recommendations"))),
        quotes=tuple(_list_quotes(_take(tables, "quotes"))),
        limits=(*list_paragraphs(texts.get("limits", ""), titles), *_list_limits(tables, findings)),
        evidence=tuple(_list_evidence(tables)),
        map_svg=map_svg,
        map_alt=map_alt,
        easy_read=texts.get("easy_read", ""),
        easy_read_checked=easy_read_checked,
        language=meta.language,
        **{name: list_paragraphs(texts.get(name, ""), titles) for name in _OWN_TEXTS},
    )
    return clean_contents(contents)


def _drop_front(text: str) -> str:
    """Return a text without the lines in front; the others keep their numbers."""
    _, body, first = split_front(text)
    return "\n" * (first - 1) + body


def _take(tables: Mapping[str, pd.DataFrame], name: str) -> pd.DataFrame:
    return tables.get(name, pd.DataFrame())


def _word(row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    return "" if value is None or pd.isna(value) else write_plain(str(value))  # type: ignore[call-overload]


def _list_ids(row: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(part.strip() for part in _raw(row, "cites").split(";") if part.strip())


def _raw(row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    return "" if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload]


def _list_facts(indicators: pd.DataFrame) -> Iterator[Fact]:
    if indicators.empty:
        return
    whole = indicators[indicators["group"].fillna("") == ""]
    for name in FACT_INDICATORS:
        rows = whole[whole["indicator_id"] == name]
        here = rows[rows["area_role"] == "profile"].dropna(subset="value")
        if here.empty:
            continue
        latest = here.loc[here["period_order"].astype(float).idxmax()]
        entry = load_indicators()[name]
        others = rows[(rows["period"] == latest["period"]) & (rows["area_role"] == _COMPARED_WITH)]
        notes = [str(latest["period"])]
        for row in others.dropna(subset="value").to_dict("records"):
            if row["comparison"] and row["comparison"] != "not compared":
                values = (row["area_name"], row["value"], entry.unit, entry.decimals)
                notes.append(describe_comparison(row["comparison"], *values))
        value = format_value(latest["value"], entry.unit, entry.decimals)
        unit = "" if entry.unit in ("%", entry.base_label, "people") else f" {entry.unit}"
        yield Fact(entry.label, value + unit, ". ".join(notes), str(latest["period"]), name)


def _list_findings(table: pd.DataFrame) -> Iterator[Finding]:
    """Yield findings, strengths first; each keeps its number in every document."""
    sides = list(SIDES)
    rows = sorted(table.to_dict("records"), key=lambda row: sides.index(row["side"]))
    titles = {_raw(row, "finding_id"): _word(row, "title") for row in rows}
    for place, row in enumerate(rows, start=1):
        strength = _word(row, "strength_words") or _word(row, "strength")
        yield Finding(
            finding_id=_raw(row, "finding_id"),
            number=f"F{place}",
            side=row["side"],
            title=_word(row, "title"),
            text=write_plain(_raw(row, "text"), titles),
            topic=_raw(row, "topic"),
            data_say=_word(row, "data_say"),
            people_say=_word(row, "people_say"),
            what_is_there=_word(row, "what_is_there"),
            strength=strength,
            strength_level=_raw(row, "strength"),
            gaps=_word(row, "gaps"),
            cites=_list_ids(row),
        )


def _list_recommendations(table: pd.DataFrame) -> Iterator[Recommendation]:
    rows = table.sort_values("number", kind="stable") if len(table) else table
    for row in rows.to_dict("records"):
        yield Recommendation(
            recommendation_id=_raw(row, "recommendation_id"),
            number=f"R{int(row['number'])}",
            text=_word(row, "text"),
            for_whom=_word(row, "for_whom"),
            priority=_word(row, "priority"),
            approach=_word(row, "approach"),
            agreed_with=_word(row, "agreed_with"),
            rests_on=_word(row, "rests_on"),
            flag=_word(row, "flag"),
            cites=_list_ids(row),
        )


def _list_quotes(table: pd.DataFrame) -> Iterator[Quote]:
    for row in table.to_dict("records"):
        yield Quote(
            quote_id=_raw(row, "quote_id"),
            text=_raw(row, "text"),  # as it was said: marks in it are the speaker's or an editor's
            speaker_label=_raw(row, "speaker_label"),
            side=_QUOTE_SIDES.get(_raw(row, "polarity"), "unknown"),
        )


def _list_evidence(tables: Mapping[str, pd.DataFrame]) -> Iterator[Evidence]:
    for name in EVIDENCE_TABLES.values():
        for row in _take(tables, name).to_dict("records"):
            if row["is_citable"]:
                yield Evidence(
                    evidence_id=_raw(row, "evidence_id"),
                    statement=_raw(row, "statement"),
                    source=_raw(row, "source"),
                )


def _list_limits(tables: Mapping[str, pd.DataFrame], findings: Sequence[Finding]) -> Iterator[str]:
    """Yield what is missing: whole parts first, then figures, then what most findings lack."""
    if _take(tables, "engagement").empty:
        yield "Nobody has asked residents for this profile yet. It holds no survey and no interviews."
    elif _take(tables, "quotes").empty:
        yield "No quotation has been cleared for publication yet."
    if _take(tables, "assets").empty:
        yield "Nobody has mapped the groups, places and services of the area yet."
    if not findings:
        yield "No findings have been written yet."
    if _take(tables, "recommendations").empty:
        yield "No recommendations have been agreed yet."
    missing = len(_take(tables, "missing_indicators"))
    if missing:
        yield f"There is no figure for {count_things(missing, 'measure')} of the Data Report."
    yield from _list_gaps(findings)


def _list_gaps(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield once what most findings lack; the rest stands with each finding."""
    gaps = [gap for finding in findings for gap in dict.fromkeys(split_sentences(finding.gaps))]
    counts = Counter(gaps)
    shared = [gap for gap, count in counts.items() if count > max(len(findings) / 2, 1)]
    yield from shared
    if len(counts) > len(shared):
        yield "Each finding says what else is not known of it."
