"""The sections of the Terms of Reference, in our own words.

What the parameter file says is printed as it says it. What it leaves out is a proposal, where
the workbook has one, or else a gap.
"""

from __future__ import annotations

import pandas as pd

from cip.catalogue.partners import load_partner_kinds, load_sectors
from cip.framework.document import Bullets, Grid, Open, Paragraph, Part, Section, Words, tidy_text
from cip.framework.steering_group import STATUSES, cover_kinds
from cip.params import AreaParams

_STATUS_WORDS = {"agreed": "Agreed", "invited": "Invited", "vacant": "Vacant"}


def write_sections(params: AreaParams, seats: pd.DataFrame | None) -> tuple[Section, ...]:
    """Return the sections in their order; ``seats`` is None where there is no list of them."""
    return (
        _write_about(params),
        _write_purpose(params),
        _write_scope(params),
        _write_membership(seats),
        _write_roles(params),
        _write_meetings(params),
        _write_decisions(params),
        _write_data_protection(params),
        _write_review(params),
    )


def _say(*words: str | Open) -> Paragraph:
    return Paragraph(words)


def _list(*items: str | Words) -> Bullets:
    return Bullets(tuple((item,) if isinstance(item, str) else item for item in items))


def _give(params: AreaParams, name: str, *, gap: str = "", proposal: str = "") -> str | Open:
    """Return a setting as the group gave it, else its default as a proposal, else the gap."""
    settings = params.steering_group
    value = getattr(settings, name)
    if value is None:
        return Open("proposal", proposal) if proposal else Open("gap", gap)
    text = tidy_text(str(value)).removesuffix(".")  # the sentence round it has its own
    return text if name in settings.model_fields_set else Open("proposal", text)


def _write_about(params: AreaParams) -> Section:
    return Section(
        "About this document",
        (
            _say(
                "These terms say what the group is for and how its members work together. They "
                "were drafted from the parameter file of the profile and its list of seats."
            ),
            _say(
                "Words in square brackets are open. A proposal is for the group to confirm or "
                "change; a gap is for the group to fill. Take the brackets and the draft line "
                "away when the group has agreed."
            ),
            _list(
                ("Agreed by the group on: ", Open("gap", "date of the meeting"), "."),
                ("Kept and sent round by: ", _give(params, "secretary_role", gap="role"), "."),
            ),
        ),
    )


def _write_purpose(params: AreaParams) -> Section:
    usual = (
        f"The group steers the Community Insight Profile of {tidy_text(params.title)}: a picture "
        "of health and wellbeing that joins published figures, local assets and what residents say."
    )
    return Section(
        "Purpose",
        (
            _say(tidy_text(params.steering_group.purpose or usual)),
            _say("The group:"),
            _list(
                "agrees the area and the questions that matter to the people who live there",
                "opens doors to residents, groups and places, most of all those seldom heard",
                "checks that the findings are right and that people recognise them",
                "agrees recommendations and an action plan, and says who does what",
                "tells residents what was found and what has changed because of it",
            ),
        ),
    )


def _write_scope(params: AreaParams) -> Section:
    subjects = _give(
        params,
        "scope",
        proposal="health and wellbeing in the widest sense: homes, income, work, learning, "
        "surroundings, safety, company and services",
    )
    return Section(
        "Scope",
        (
            _say(
                f"Area: {tidy_text(params.title)}. The profile describes how the area was put "
                "together."
            ),
            _say("Subjects: ", subjects, "."),
            _say(
                "The group advises and steers. It does not replace the decisions of its member "
                "organisations, spend their money or deal with the cases of single residents."
            ),
        ),
    )


def _write_membership(seats: pd.DataFrame | None) -> Section:
    opening = _say(
        "A seat belongs to a role at an organisation or to residents, not to a named person. "
        "A member who cannot come may send somebody in the same role."
    )
    if seats is not None and len(seats):
        return Section("Membership", (opening, _tabulate(seats), *_name_gaps(seats)))
    kinds = [kind.label for kind in load_partner_kinds().values()]
    gap = Open("gap", "the seats of the group")
    return Section(
        "Membership",
        (opening, _say("Seats: ", gap, ". Kinds of partner to think of:"), _list(*kinds)),
    )


def _tabulate(seats: pd.DataFrame) -> Grid:
    kinds, sectors = load_partner_kinds(), load_sectors()
    rows = tuple(
        (
            _fill(row["organisation"], "organisation"),
            _fill(row["role"], "role"),
            kinds[row["kind"]].label,
            sectors[row["sector"]],
            _word_vote(row["votes"]),
            _STATUS_WORDS[row["status"]],
        )
        for row in seats.to_dict("records")
    )
    columns = ("Organisation", "Role", "Kind of partner", "Sector", "Votes", "Seat")
    return Grid("Seats of the group", columns, rows)


def _fill(value: object, gap: str) -> str | Open:
    return value if isinstance(value, str) else Open("gap", gap)


def _word_vote(value: object) -> str | Open:
    if pd.isna(value):  # type: ignore[call-overload]
        return Open("gap", "yes or no")
    return "Yes" if value else "No"


def _name_gaps(seats: pd.DataFrame) -> tuple[Part, ...]:
    coverage = cover_kinds(seats)
    gaps = coverage.loc[coverage["coverage"] == "gap", "label"].tolist()
    filled = ", ".join(
        f"{int((seats['status'] == status).sum())} {_STATUS_WORDS[status].lower()}"
        for status in STATUSES
    )
    if not gaps:
        return (_say(f"Seats: {filled}. Every kind of partner has been asked."),)
    return (
        _say(f"Seats: {filled}. These kinds of partner have not been asked yet:"),
        _list(*gaps),
        _say(Open("gap", "for each of them, who will be asked, or why no seat is needed"), "."),
    )


def _write_roles(params: AreaParams) -> Section:
    chair = _give(params, "chair_role", gap="role and organisation of the chair")
    secretary = _give(params, "secretary_role", gap="role and organisation that takes notes")
    return Section(
        "Roles",
        (
            _list(
                ("Chair: ", chair, ". Plans the agenda, sees that everybody is heard, sums up."),
                ("Secretary: ", secretary, ". Sends papers out, notes decisions and actions."),
                "Members: speak for their part of the community, bring what they know, do what "
                "they have agreed to do, and take word back.",
                f"{tidy_text(params.organisation.name)}: makes the profile and publishes it.",
                "Residents who are members count as equals. The group agrees beforehand how "
                "their time and costs are paid back.",
            ),
        ),
    )


def _write_meetings(params: AreaParams) -> Section:
    place = "a venue in the area that everybody can get into, with a way to join online"
    return Section(
        "Meetings",
        (
            _list(
                ("How often the group meets: ", _give(params, "meeting_frequency"), "."),
                ("How long a meeting lasts: ", _give(params, "meeting_minutes"), " minutes."),
                ("Who must be there for a decision to count: ", _give(params, "quorum"), "."),
                ("Where: ", Open("proposal", place), "."),
                ("Papers go out: ", Open("proposal", "five working days before"), "."),
                ("Notes go out: ", Open("proposal", "ten working days after"), "."),
            ),
        ),
    )


def _write_decisions(params: AreaParams) -> Section:
    conflicts = _give(
        params,
        "conflicts",
        proposal="the member says so at the start and takes no part in the decision, and the "
        "notes record it",
    )
    return Section(
        "How decisions are made",
        (
            _say("How the group decides: ", _give(params, "decisions"), "."),
            _say(
                "A conflict of interest, such as in a grant or a contract that a member's "
                "organisation has applied for: ",
                conflicts,
                ".",
            ),
            _say("Disagreement is noted with its reasons. It is not smoothed over in the report."),
        ),
    )


def _write_data_protection(params: AreaParams) -> Section:
    contact = _give(params, "data_protection_contact", gap="shared mailbox or web page")
    return Section(
        "Data protection",
        (
            _list(
                "The mailing list holds names and addresses. One organisation keeps it, under "
                "its own data protection rules, and uses it for this group only.",
                "Published papers name roles and organisations, not people.",
                "What residents tell the group is shared only as they have agreed, and never so "
                "that somebody could be recognised against their will.",
                "Small numbers and open answers are checked before anything is published.",
                ("The organisation that keeps the list: ", Open("gap", "organisation"), "."),
                ("Questions about personal data: ", contact, "."),
            ),
        ),
    )


def _write_review(params: AreaParams) -> Section:
    return Section(
        "Review",
        (
            _say(
                "The terms are looked at again after ",
                _give(params, "review_months"),
                " months. A member may ask for it sooner.",
            ),
            _say("The group looks at its seats at the same time, and at who is still missing."),
            _list(("Next review: ", Open("gap", "date"), ".")),
        ),
    )
