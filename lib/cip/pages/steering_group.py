"""The steering group in notebook 01: who has a seat, who is missing, and its Terms of Reference."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from cip.catalogue.partners import load_partner_kinds, load_sectors
from cip.display.blocks import Block, KeyFacts, NoteBlock, TableBlock
from cip.display.cells import is_missing
from cip.display.document import show_document
from cip.display.strip_drawing import write_day
from cip.framework.steering_group import (
    STATUSES,
    count_late,
    count_sectors,
    cover_kinds,
    read_seats,
    select_residents,
)
from cip.framework.terms_of_reference import build_terms, has_input
from cip.pages.pending_input import write_need
from cip.params import ParameterFile

__all__ = ["show_steering_group", "show_terms", "tabulate_seats"]

_SOURCE = (
    "Source: list of seats given by the steering group; kinds of partner gathered from the text of "
    "Oxfordshire County Council's Community Insight Profile framework and of the HELP community "
    "development handbook."
)
_NEED = (
    "steering_group",
    "Steering group",
    "One row per seat says which role at which organisation takes part, never who the person is. "
    "The chapter then shows seats by sector, residents' seats, and which kinds of partner are "
    "still missing.",
)


def show_steering_group(file: ParameterFile, today: date) -> list[Block]:
    """Return the group's seats by sector and by kind of partner, gaps first.

    Parameters
    ----------
    file
        The parameter file; ``inputs: steering_group:`` names the list of seats.
    today
        Day of the report: a seat that starts later is pointed out.

    Raises
    ------
    ParameterError
        With every problem of the list of seats.
    """
    seats = _read(file)
    if seats is None:
        return [write_need(*_NEED)]
    if seats.empty:
        return [NoteBlock("missing", "Steering group", "The list of seats has no rows yet.")]
    coverage = cover_kinds(seats)
    blocks: list[Block] = [
        _show_facts(seats, coverage), _show_coverage(coverage), _show_sectors(seats)
    ]  # fmt: skip
    return [*blocks, *_show_warnings(seats, today), _show_seats(seats)]


def show_terms(file: ParameterFile, today: date, *, is_synthetic: bool = False) -> list[Block]:
    """Return the Terms of Reference, word for word what the Word document says.

    Parameters
    ----------
    file
        The parameter file; ``steering_group:`` holds what the terms say, and
        ``inputs: steering_group:`` names the list of seats.
    today
        Date of the draft where the parameter file gives none.
    is_synthetic
        Whether the area is invented: the draft then says so.
    """
    if not has_input(file):
        body = (
            "The parameter file says nothing of a steering group yet, so the Terms of Reference "
            "would hold nothing of this area but its name.\n\n"
            "Fill in steering_group: in the parameter file (chair_role, meeting_frequency, quorum "
            "and others; each may be left out), or name a list of seats under "
            "inputs: steering_group:."
        )
        return [NoteBlock("missing", "Terms of Reference", body)]
    terms = build_terms(file, _read(file), today=today, is_synthetic=is_synthetic)
    places = terms.list_open()
    gaps = sum(place.kind == "gap" for place in places)
    body = "\n\n".join(
        [
            *(f"{banner}." for banner in terms.banners),
            f"{_count(gaps, 'gap')} to fill in and {_count(len(places) - gaps, 'proposal')} to "
            "confirm, each in square brackets. The same text is among the downloads as a Word "
            "document that the group can edit: terms_of_reference.docx.",
        ]
    )
    return [
        NoteBlock("warning", f"Draft of {terms.title}: {terms.subtitle}", body),
        *show_document(terms, block_id="terms"),
    ]


def tabulate_seats(file: ParameterFile) -> pd.DataFrame | None:
    """Return the seats as the hand-over table ``steering_group``; None without a list of them."""
    return _read(file)


def _read(file: ParameterFile) -> pd.DataFrame | None:
    path: Path | None = file.resolve_input("steering_group")
    return None if path is None else read_seats(path)


def _show_facts(seats: pd.DataFrame, coverage: pd.DataFrame) -> KeyFacts:
    residents = select_residents(seats)
    agreed = int((residents["status"] == "agreed").sum())
    covered = int((coverage["coverage"] == "covered").sum())
    counts = {status: int((seats["status"] == status).sum()) for status in STATUSES}
    return KeyFacts(
        [
            (
                "Seats agreed",
                f"{counts['agreed']}",
                f"{counts['invited']} invited, {counts['vacant']} vacant",
            ),
            ("Residents' seats agreed", f"{agreed}", f"of {len(residents)} kept for residents"),
            ("Kinds of partner covered", f"{covered} of {len(coverage)}", "by an agreed seat"),
        ],
        block_id="steering-group",
    )


def _show_coverage(coverage: pd.DataFrame) -> TableBlock:
    gaps = int((coverage["coverage"] == "gap").sum())
    verb = "is" if gaps == 1 else "are"
    caption = (
        f"{_count(gaps, 'kind')} of partner {verb} still to be asked"
        if gaps
        else "Every kind of partner has been asked"
    )
    frame = coverage.assign(coverage=[_word_coverage(row) for row in coverage.to_dict("records")])
    return TableBlock(
        block_id="partner-coverage",
        caption=f"Who is at the table, gaps first: {caption[:1].lower()}{caption[1:]}",
        frame=frame[["label", "coverage", "why"]],
        column_labels={
            "label": "Kind of partner",
            "coverage": "Coverage and seats",
            "why": "What they bring",
        },
        source_line=_SOURCE,
        note=(
            "The kinds of partner are a prompt, not a quota: the framework says that who sits on "
            "the group varies with the area. A gap may be right; the group should say why."
        ),
    )


def _word_coverage(counts: Mapping[str, object]) -> str:
    held = [f"{counts[status]} {status}" for status in STATUSES if counts[status]]
    return f"{str(counts['coverage']).capitalize()}: {', '.join(held) or 'no seat'}"


def _name_statuses() -> Mapping[str, str]:
    return {status: f"Seats {status}" for status in STATUSES}


def _show_sectors(seats: pd.DataFrame) -> TableBlock:
    table = count_sectors(seats)
    return TableBlock(
        block_id="seats-by-sector",
        caption="Seats by sector",
        frame=table[["label", *STATUSES, "voting"]],
        column_labels={
            "label": "Sector", **_name_statuses(), "voting": "Agreed seats that vote",
        },
        source_line=_SOURCE,
    )  # fmt: skip


def _show_seats(seats: pd.DataFrame) -> TableBlock:
    kinds = {kind.id: kind.label for kind in load_partner_kinds().values()}
    # A vacant seat has no member yet, so what is blank in it does not apply.
    texts = seats[["organisation", "role"]].fillna("to be found")
    frame = seats.assign(
        organisation=texts["organisation"],
        role=texts["role"],
        votes=[_word_vote(vote) for vote in seats["votes"]],
        since=[_word_since(row) for row in seats.to_dict("records")],
        kind=seats["kind"].map(kinds),
        sector=seats["sector"].map(load_sectors()),
        status=seats["status"].str.capitalize(),
    )
    names = {
        "organisation": "Organisation",
        "role": "Role",
        "kind": "Kind of partner",
        "sector": "Sector",
        "votes": "Votes",
        "since": "Since",
        "status": "Seat",
    }
    return TableBlock(
        block_id="seats",
        caption="Seats of the steering group, by role and organisation",
        frame=frame[list(names)],
        column_labels=names,
        source_line=_SOURCE,
        note="Seats belong to roles. No person is named here.",
    )


def _word_vote(vote: object) -> str:
    return "[z]" if is_missing(vote) else "Yes" if vote else "No"


def _word_since(seat: Mapping[str, object]) -> str | None:
    if isinstance(seat["since"], str):
        return write_day(seat["since"])
    return "[z]" if seat["status"] == "vacant" else None


def _show_warnings(seats: pd.DataFrame, today: date) -> list[NoteBlock]:
    texts = []
    if not (select_residents(seats)["status"] == "agreed").any():
        texts.append(
            "No resident has an agreed seat. The framework names local residents first among "
            "those who come together in the group."
        )
    if late := count_late(seats, today):
        verb = "gives" if late == 1 else "give"
        texts.append(f"{_count(late, 'seat')} {verb} a date after the day of this report.")
    return [NoteBlock("warning", "About the seats", "\n\n".join(texts))] if texts else []


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
