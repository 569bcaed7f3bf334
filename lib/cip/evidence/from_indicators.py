"""Entries of published figures: the latest of each indicator and group, beside a comparator."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cip.catalogue import Indicator, load_indicators
from cip.catalogue.evidence import load_evidence_rules, load_indicator_topics
from cip.changes import take_latest
from cip.display.cells import is_missing, list_records
from cip.display.text import describe_comparison, format_value
from cip.evidence.entry import CHALLENGE, NEITHER, Direction, Entry
from cip.evidence.places import place_figure
from cip.evidence.words import (
    clean_words,
    join_notes,
    lower_first,
    make_evidence_id,
    read_verdict,
    take_number,
    write_interval,
    write_number,
    write_sentence,
)
from cip.statistics import BETTER, HIGHER, LOWER, NOT_COMPARED, SIMILAR, WORSE

STAGE = "data_profile"
#: England first; then whatever lies nearest around the area; places alike in kind last.
_COMPARATORS = ("england", "district", "county", "region", "similar")
_VERDICTS = (BETTER, WORSE, HIGHER, LOWER, SIMILAR)
#: Units that read badly right behind a number.
_IN_BRACKETS = ("ratio", "share", "years,")
#: Years as a publisher shortens them: "2016 - 20".
_SHORT_YEARS = re.compile(r"^(\d\d)(\d\d) - (\d\d)$")
#: Nothing in a score tells a reader which end is good.
_SCORES = {"high_is_bad": "a higher score is worse", "high_is_good": "a higher score is better"}
_NO_FIGURE = "there is no figure"
_Row = Mapping[str, Any]


@dataclass(frozen=True)
class SourceWords:
    """What a figure says of where it comes from: source line, licence, and areas with vintage."""

    line: str
    licence: str
    vintage: str


def from_indicators(
    table: pd.DataFrame,
    missing: pd.DataFrame,
    sources: Mapping[str, SourceWords],
    *,
    area_codes: Sequence[str] = (),
) -> list[Entry]:
    """Return an entry for each indicator and group of the profile area, in the latest period.

    Figures that are suppressed or missing have entries that cannot be cited, so that who cites
    one is told why it is not there.

    Parameters
    ----------
    table
        The indicator table.
    missing
        One row per indicator that the store cannot feed.
    sources
        Words of each product; those that the store lacks are left out.
    area_codes
        The areas in the order in which they are compared: of two districts the first is nearer.
    """
    latest = take_latest(table)
    own = latest[latest["area_role"] == "profile"]
    others = _choose_comparators(latest, area_codes)
    is_profile = table["area_role"] == "profile"
    held = set(table.loc[is_profile & table["value"].notna(), "indicator_id"])
    shown = set(table["indicator_id"])
    catalogue = load_indicators()
    entries = [
        _make_entry(
            row,
            others.get((row["indicator_id"], row["group"])),
            catalogue[row["indicator_id"]],
            place_figure(
                catalogue[row["indicator_id"]],
                is_own=row["indicator_id"] in held,
                shown=shown,
            ),
            sources,
        )
        for row in list_records(own)
    ]
    return [*entries, *(_make_missing(row, sources) for row in missing.to_dict("records"))]


def _choose_comparators(
    latest: pd.DataFrame, area_codes: Sequence[str]
) -> dict[tuple[str, str], _Row]:
    """Return the row of the main comparator by indicator and group: one that has a figure."""
    rows = latest[latest["area_role"].isin(_COMPARATORS) & latest["value"].notna()]
    order = rows["area_role"].map({role: place for place, role in enumerate(_COMPARATORS)})
    place = rows["area_code"].map({code: place for place, code in enumerate(area_codes)})
    # Codes come last, so that the order of the rows never matters.
    rows = rows.assign(order=order, place=place.astype("float64"))
    rows = rows.sort_values(["order", "place", "area_code"], kind="stable")
    rows = rows.drop_duplicates(["indicator_id", "group"])
    return {(row["indicator_id"], row["group"]): row for row in list_records(rows)}


def _make_entry(
    row: _Row,
    other: _Row | None,
    entry: Indicator,
    anchor: str,
    sources: Mapping[str, SourceWords],
) -> Entry:
    group = str(row["group"])
    shared = {
        "evidence_id": make_evidence_id("data", f"{entry.id}.{group}" if group else entry.id),
        "label": f"{entry.label}: {clean_words(row['group_label'])}" if group else entry.label,
        "unit": str(row["unit"]),
        "period": clean_words(row["period"]),
        "topics": load_indicator_topics()[entry.id],
        "stage": STAGE,
        "anchor": anchor,
        **_cite(entry, str(row["source_id"]), sources),
    }
    if is_missing(row["value"]) or row["is_suppressed"] is True:
        return _refuse(shared, row)
    verdict = str(other["comparison"]) if other is not None else ""
    verdict = verdict if verdict in _VERDICTS else ""
    return Entry(
        **shared,
        statement=_write_statement(row, other, entry),
        value=take_number(row["value"]),
        lower_95=take_number(row["lower_95"]),
        upper_95=take_number(row["upper_95"]),
        base=take_number(row["denominator"]),
        comparator=clean_words(other["area_name"]) if other is not None else "",
        comparison=verdict,
        direction=read_verdict(verdict) or judge_rank(entry.id, take_number(row["value"])),
    )


def judge_rank(indicator_id: str, share: float | None) -> Direction:
    """Return whether a share of residents in the most deprived areas is a challenge, by rule."""
    rule = load_evidence_rules().deprived
    is_ranked = indicator_id in rule.indicators and share is not None
    return CHALLENGE if is_ranked and share >= rule.challenge_from_percent else NEITHER


def _refuse(shared: dict[str, Any], row: _Row) -> Entry:
    reason = lower_first(clean_words(row["missing_reason"]).rstrip(".")) or _NO_FIGURE
    if row["is_suppressed"] is True:
        reason = f"it is suppressed to protect people ({reason})"
    words = f"{shared['label']}: no figure for {clean_words(row['area_name'])}"
    return Entry(
        **shared,
        statement=write_sentence(f"{words}, {shared['period']}: {reason}"),
        is_citable=False,
        reason=reason,
    )


def _make_missing(row: _Row, sources: Mapping[str, SourceWords]) -> Entry:
    entry = load_indicators()[row["indicator_id"]]
    reason = lower_first(clean_words(row["reason"]).rstrip(".")) or _NO_FIGURE
    return Entry(
        evidence_id=make_evidence_id("data", entry.id),
        label=entry.label,
        statement=write_sentence(f"{entry.label}: no figure, because {reason}"),
        unit=entry.unit,
        topics=load_indicator_topics()[entry.id],
        is_citable=False,
        reason=reason,
        stage=STAGE,
        anchor="tab-missing",
        **_cite(entry, str(row["source_id"]), sources),
    )


def _cite(entry: Indicator, product: str, sources: Mapping[str, SourceWords]) -> dict[str, Any]:
    """Return whose figure it is; the product of its base is a source too."""
    bases = [base for base in entry.base_source.values() if base in sources]
    words = sources.get(product)
    return {
        "source_ids": tuple(dict.fromkeys([product, *bases])),
        "source": words.line if words else "",
        "licence": words.licence if words else "",
        "vintage": words.vintage if words else "",
    }


def _write_statement(row: _Row, other: _Row | None, entry: Indicator) -> str:
    group = next((g.in_text for g in entry.groups if g.id == row["group"]), row["group_label"])
    name = f"{entry.label}, {clean_words(group)}" if row["group"] else entry.label
    notes = join_notes(_list_notes(row, entry))
    figure = _write_figure(row, entry)
    parts = [
        f"{name}: {figure} in {clean_words(row['area_name'])}{notes}, {_write_period(row)}",
        _write_comparison(other, entry),
    ]
    return write_sentence("; ".join(part for part in parts if part))


def _write_period(row: _Row) -> str:
    """Return the period in words: "2016 to 2020", "about 2017 (not stated)"."""
    words = _SHORT_YEARS.sub(r"\1\2 to \1\3", clean_words(row["period"]))
    when, _, more = words.partition(", ")
    return words if not more or "(" in words else f"{when} ({more})"


def _write_figure(row: _Row, entry: Indicator) -> str:
    unit = str(row["unit"])
    text = format_value(row["value"], unit, entry.decimals)
    if entry.statistic == "count":
        return f"{text} {entry.base_singular if text == '1' else entry.base_label}"
    if unit == "score":
        return f"a score of {text}"
    if unit == "%":
        is_share = entry.is_share or entry.statistic == "published"
        return f"{text} of {entry.base_label}" if is_share else text
    return f"{text} ({unit})" if unit.startswith(_IN_BRACKETS) else f"{text} {unit}"


def _list_notes(row: _Row, entry: Indicator) -> Sequence[str]:
    is_modelled = entry.caveat.startswith("Modelled") and "(modelled)" not in entry.label
    unit = str(row["unit"])
    unit = unit if unit == "%" else ""
    return (
        write_interval(row["lower_95"], row["upper_95"], unit, entry.decimals),
        _write_counts(row, entry),
        entry.standardisation if entry.standardisation != "not_applicable" else "",
        "modelled" if is_modelled else "",
        _SCORES.get(entry.polarity, "") if row["unit"] == "score" else "",
    )


def _write_counts(row: _Row, entry: Indicator) -> str:
    """Return numerator and denominator, where the figure is made of counts."""
    if is_missing(row["numerator"]) or is_missing(row["denominator"]):
        return ""
    top, bottom = write_number(row["numerator"]), write_number(row["denominator"])
    if str(row["unit"]).startswith("ratio"):
        return f"{top} seen where {bottom} were expected"
    if row["unit"] == "%":
        return f"{top} of {bottom}"
    return f"{top} among {bottom} {entry.base_label}"


def _write_comparison(other: _Row | None, entry: Indicator) -> str:
    if other is None or entry.statistic == "count":
        return ""
    verdict = str(other["comparison"])
    words = describe_comparison(
        verdict if verdict in _VERDICTS else NOT_COMPARED,
        clean_words(other["area_name"]),
        other["value"],
        str(other["unit"]),
        entry.decimals,
    )
    reason = clean_words(other["missing_reason"]).rstrip(".")
    if verdict in _VERDICTS or not reason:
        return lower_first(words)
    return f"{lower_first(words)}, as {lower_first(reason.removeprefix('Not compared: '))}"
