"""The questions that one quotation must pass before it is published."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from cip.engagement.clearance_table import seal
from cip.engagement.gate import describe_flags
from cip.engagement.identifiers import count_kinds, find_identifiers
from cip.engagement.proper_nouns import AllowedNames, find_proper_nouns
from cip.engagement.roles import is_role
from cip.engagement.speakers import (
    NO_LABEL,
    LabelProblem,
    SpeakerCounts,
    check_label,
    find_parts,
    write_label,
)
from cip.engagement.wording import find_wording_fault
from cip.inputs import split_choices

#: Why a quotation is not published, in the order in which it is asked.
REASONS: dict[str, str] = {
    "withdrawn": "the consent was withdrawn",
    "no_excerpt": "there is no such excerpt",
    "no_text": "there are no words to publish",
    "no_consent": "no consent is recorded",
    "not_cleared": "nobody has cleared it",
    "future": "it was cleared on a day that is still to come",
    "no_role": "it does not say by which role it was cleared",
    "not_sealed": "the clearance has not been confirmed in the workbook",
    "changed": "the excerpt, the words or the label changed since it was cleared",
    "identifier": "it holds a structured identifier, which no clearance covers",
    "wording": "the words are not those of the excerpt",
    "names": "it holds words that may be names and are not allowed by the row",
    "theme": "the theme is not one of the excerpt's",
    "label_text": "the speaker's label holds an identifier, a possible name or is too long",
    "label_unknown": "the speaker's label names what is not known of the speaker",
    "label_counts": "the speaker's label may single somebody out",
}
CLEARED = "cleared"
_LONGEST_LABEL = 80


@dataclass(frozen=True)
class Verdict:
    """What the gate says of one quotation.

    Parameters
    ----------
    state
        `CLEARED` or one of `REASONS`.
    advice
        What to look at, without any of the text.
    label
        The speaker's label as it would be published.
    label_problem
        Why the label may single somebody out, with a coarser one.
    is_free_label
        Whether the label is in free words, so that counts cover only a part of it.
    """

    state: str
    advice: str = ""
    label: str = field(default="", repr=False)
    label_problem: LabelProblem | None = None
    is_free_label: bool = False


def judge_quote(
    row: Mapping[str, object],
    excerpt: Mapping[str, object] | None,
    themes: pd.DataFrame,
    counts: SpeakerCounts,
    *,
    today: date,
    allowed: AllowedNames | None = None,
) -> Verdict:
    """Return whether one quotation of the register may be published, or the first reason why not.

    Parameters are those of `read_clearances`: one row of the register, its excerpt (None where
    there is none) and the excerpt's themes.
    """
    names = allowed or AllowedNames()
    state = _judge_clearance(row, excerpt, today, names)
    if state or excerpt is None:
        return Verdict(state or "no_excerpt")
    state, advice = _judge_text(row, str(excerpt["text"]), names)
    if state:
        return Verdict(state, advice)
    if has_text(row, "theme_id") and row["theme_id"] not in set(themes["theme_id"]):
        return Verdict("theme")
    return _judge_label(row, excerpt, counts, names)


def _judge_clearance(
    row: Mapping[str, object],
    excerpt: Mapping[str, object] | None,
    today: date,
    allowed: AllowedNames,
) -> str:
    checks: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("withdrawn", lambda: row["withdrawn"] is True),
        ("no_excerpt", lambda: excerpt is None),
        ("no_text", lambda: not has_text(row, "text")),
        ("no_consent", lambda: row["consent"] is not True),
        ("not_cleared", lambda: not (has_text(row, "cleared_by") and has_text(row, "cleared_on"))),
        ("future", lambda: pd.Timestamp(str(row["cleared_on"])).date() > today),
        ("no_role", lambda: not is_role(str(row["cleared_by"]), allowed)),
        ("not_sealed", lambda: not has_text(row, "cleared_digest")),
        ("changed", lambda: row["cleared_digest"] != seal(row, str(excerpt and excerpt["text"]))),
    )
    return next((state for state, fails in checks if fails()), "")


def _judge_text(row: Mapping[str, object], excerpt: str, allowed: AllowedNames) -> tuple[str, str]:
    text = str(row["text"])
    if found := find_identifiers(text):
        return "identifier", describe_flags(count_kinds(found))
    if fault := find_wording_fault(text, excerpt):
        return "wording", fault
    names = find_proper_nouns(text, allowed.add(split_choices(row["names_allowed"])))
    return ("names", describe_flags(count_kinds(names))) if names else ("", "")


def _judge_label(
    row: Mapping[str, object],
    excerpt: Mapping[str, object],
    counts: SpeakerCounts,
    allowed: AllowedNames,
) -> Verdict:
    given = str(row["speaker_label"]) if has_text(row, "speaker_label") else ""
    named = split_choices(given)
    is_free = bool(set(named) - set(counts.groups))
    if is_free:
        labels = [words for groups in counts.groups.values() for words in groups.values()]
        names = find_proper_nouns(given, allowed.add(labels))
        if find_identifiers(given) or names or len(given) > _LONGEST_LABEL:
            return Verdict("label_text")
        parts = find_parts(given, counts)
    else:
        parts = {name: str(excerpt.get(name)) for name in named}
    own = {name: excerpt.get(name) for name in parts}
    if any(parts[name] not in counts.groups[name] or parts[name] != own[name] for name in parts):
        return Verdict("label_unknown")
    if problem := check_label(parts, counts):
        advice = f"{problem.message}; use '{'; '.join(problem.keep) or NO_LABEL}'"
        return Verdict("label_counts", advice, label_problem=problem)
    label = given if is_free else write_label(parts, counts)
    return Verdict(CLEARED, label=strip_signs(label), is_free_label=is_free)


def has_text(row: Mapping[str, object], name: str) -> bool:
    """Return whether a cell of a row is filled in."""
    value = row[name]
    return not pd.isna(value) and bool(str(value).strip())


def strip_signs(text: str) -> str:
    """Return a text in one line without signs that turn the direction of what stands after it."""
    kept = [" " if unicodedata.category(s) == "Cc" else s for s in text if not _turns(s)]
    return " ".join("".join(kept).split())


def _turns(sign: str) -> bool:
    return (
        sign in "\u200e\u200f\u061c" or "\u202a" <= sign <= "\u202e" or "\u2066" <= sign <= "\u2069"
    )
