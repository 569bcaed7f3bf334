"""Which quotations may be published: cleared by a person, and checked again at every run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from cip.engagement.clearance_table import (
    list_clearance_columns,
    plan_clearance,
    plan_seals,
    read_register,
)
from cip.engagement.judging import CLEARED, REASONS, Verdict, has_text, judge_quote, strip_signs
from cip.engagement.proper_nouns import AllowedNames
from cip.engagement.speakers import SpeakerCounts

__all__ = [
    "REASONS",
    "Clearances",
    "Verdict",
    "judge_quote",
    "list_clearance_columns",
    "list_themes",
    "plan_clearance",
    "plan_seals",
    "read_clearances",
]

_QUOTES = ["quote_id", "theme_id", "polarity", "text", "speaker_label", "voice"]
_QUOTES += ["cleared_by", "cleared_on"]


@dataclass(frozen=True)
class Clearances:
    """Quotations that may be published, and how many may not.

    Parameters
    ----------
    quotes
        One row per cleared quotation (`cip.schemas`, table ``quotes``).
    speakers
        One row per cleared quotation: ``quote_id, person_id`` and the speaker's characteristics,
        for a balanced choice.
    states
        One row per quotation of the register: ``quote_id, row, state, advice``, without text.
    notes
        Sentences for the report: how many wait, by reason.
    """

    quotes: pd.DataFrame = field(repr=False)
    speakers: pd.DataFrame = field(repr=False)
    states: pd.DataFrame = field(repr=False)
    notes: tuple[str, ...]


def list_themes(codings: pd.DataFrame, themes: pd.DataFrame) -> pd.DataFrame:
    """Return the themes of each excerpt with their polarity, in the order of the codebook.

    Parameters
    ----------
    codings
        One row per excerpt and theme that is counted: ``excerpt_id, theme_id``.
    themes
        One row per theme: ``theme_id, polarity``.

    Returns
    -------
    DataFrame
        One row per excerpt and theme: ``excerpt_id, theme_id, polarity``.
    """
    known = themes[["theme_id", "polarity"]].assign(place=range(len(themes)))
    pairs = codings[["excerpt_id", "theme_id"]].drop_duplicates()
    joined = pairs.merge(known, on="theme_id", how="inner", validate="m:1")
    ordered = joined.sort_values(["excerpt_id", "place"], kind="stable")
    return ordered.drop(columns="place").reset_index(drop=True)


def read_clearances(
    path: Path,
    excerpts: pd.DataFrame,
    themes: pd.DataFrame,
    counts: SpeakerCounts,
    *,
    today: date,
    allowed: AllowedNames | None = None,
) -> Clearances:
    """Read the register of quotations and return those that may be published today.

    Parameters
    ----------
    path
        The register (`list_clearance_columns`).
    excerpts
        One row per excerpt: ``excerpt_id, person_id, voice, text`` and characteristics.
    themes
        One row per excerpt and theme that it is coded with: ``excerpt_id, theme_id, polarity``, in
        the order of the codebook.
    counts
        What the speakers' labels are checked against.
    today
        Day of the run.
    allowed
        Names that may stand in any quotation: places of the area, organisations of the register.

    Returns
    -------
    Clearances
        Everything that is not cleared stays out and is counted by its first reason.

    Raises
    ------
    ParameterError
        With every problem of the file, by row and column, never with what a cell holds.
    """
    register = read_register(path)
    known = excerpts.drop_duplicates("excerpt_id").set_index("excerpt_id").to_dict("index")
    coded = {str(i): rows for i, rows in themes.groupby("excerpt_id", sort=False)}
    verdicts: list[Verdict] = []
    shown: list[dict[str, object]] = []
    for row in register.to_dict("records"):
        excerpt = known.get(row["excerpt_id"])
        own = coded.get(row["excerpt_id"], themes.iloc[:0])
        verdict = judge_quote(row, excerpt, own, counts, today=today, allowed=allowed)
        verdicts.append(verdict)
        if verdict.state == CLEARED and excerpt is not None:
            shown.append(_publish(row, excerpt, own, verdict))
    return _gather(register, verdicts, shown, [n for n in counts.groups if n in excerpts])


def _publish(
    row: Mapping[str, object],
    excerpt: Mapping[str, object],
    themes: pd.DataFrame,
    verdict: Verdict,
) -> dict[str, object]:
    chosen = themes
    if has_text(row, "theme_id"):
        chosen = themes[themes["theme_id"] == row["theme_id"]]
    first = chosen.iloc[0] if len(chosen) else {"theme_id": None, "polarity": None}
    return {
        **{name: value for name, value in excerpt.items() if name != "text"},
        "quote_id": row["quote_id"],
        "theme_id": first["theme_id"],
        "polarity": first["polarity"],
        "text": strip_signs(str(row["text"])),
        "speaker_label": verdict.label,
        "cleared_by": row["cleared_by"],
        "cleared_on": pd.Timestamp(str(row["cleared_on"])).date().isoformat(),
    }


def _gather(
    register: pd.DataFrame,
    verdicts: list[Verdict],
    shown: list[dict[str, object]],
    characteristics: list[str],
) -> Clearances:
    states = register[["quote_id", "row"]].assign(
        state=[verdict.state for verdict in verdicts],
        advice=[verdict.advice for verdict in verdicts],
    )
    table = pd.DataFrame(shown)
    return Clearances(
        table.reindex(columns=_QUOTES).astype("str" if shown else "object"),
        table.reindex(columns=["quote_id", "person_id", *characteristics]),
        states.astype({"state": "str", "advice": "str"}),
        _write_notes(verdicts),
    )


def _write_notes(verdicts: list[Verdict]) -> tuple[str, ...]:
    cleared = sum(verdict.state == CLEARED for verdict in verdicts)
    notes = [f"{cleared} of {len(verdicts)} quotations are cleared."]
    for state, words in REASONS.items():
        if number := sum(verdict.state == state for verdict in verdicts):
            notes.append(f"{number} not shown: {words}.")
    if free := sum(verdict.is_free_label for verdict in verdicts):
        notes.append(
            f"{free} labels of speakers are in free words: counts were checked for the groups that "
            "they name, and a person vouches for the rest."
        )
    return tuple(notes)
