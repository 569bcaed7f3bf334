"""The invitation to apply: what a round is for, what is asked, how it is scored, as a document.

The framework asks for an invitation with deadlines and the criteria that the appointed organisation
has to meet, sent round widely and scored by a sub-panel; and, for grants, for clear criteria, a
process that residents and partners can be part of, and agreed monitoring (Oxfordshire Community
Insight Profile framework, "Appointing an external organisation" and "Grant funding"). Its own
templates were not seen; the wording here is ours. What the files do not say is a gap.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from cip.catalogue.scoring import EOI
from cip.framework.document import (
    Bullets,
    Document,
    Grid,
    Open,
    Paragraph,
    Section,
    Words,
    tidy_text,
)
from cip.framework.milestones import write_day
from cip.framework.scoring_model import Round
from cip.framework.terms_of_reference import INVENTED_BANNER
from cip.params import AreaParams

DRAFT_BANNER = "Draft: for the steering group to change and agree before it is sent"
_TITLES = {EOI: "Invitation to express interest", "grant": "Invitation to apply for a grant"}


def build_invitation(
    params: AreaParams,
    one: Round,
    *,
    today: date,
    recommendations: Mapping[str, str] | None = None,
    is_synthetic: bool = False,
) -> Document:
    """Write the invitation of one round.

    Parameters
    ----------
    params
        The area's parameters: its title and who publishes.
    one
        The round; what it does not say is a gap, or a proposal where the workbook has one.
    today
        Date of the draft where the parameter file gives none.
    recommendations
        Words of recommendations, by id.
    is_synthetic
        Whether the area is invented: the document then says so.
    """
    return Document(
        title=_TITLES[one.kind],
        subtitle=tidy_text(one.title),
        banners=(DRAFT_BANNER, *((INVENTED_BANNER,) if is_synthetic else ())),
        sections=(
            _write_about(),
            _write_purpose(params, one, recommendations or {}),
            _write_terms(one),
            _write_questions(one),
            _write_scoring(one),
            _write_after(one),
            _write_sending(params, one),
        ),
        author=tidy_text(params.organisation.name),
        published=params.report_date or today,
        subject=f"{_TITLES[one.kind]} in {tidy_text(params.title)}",
    )


def _say(*words: str | Open) -> Paragraph:
    return Paragraph(words)


def _list(*items: str | Words) -> Bullets:
    return Bullets(tuple((item,) if isinstance(item, str) else item for item in items))


def _fill(value: str | None, gap: str) -> str | Open:
    return tidy_text(value).removesuffix(".") if value else Open("gap", gap)


def _write_about() -> Section:
    return Section(
        "About this invitation",
        (
            _say(
                "It was drafted from the files of the profile. Words in square brackets are open: "
                "a proposal is to be confirmed or changed, a gap is to be filled. Take the brackets "
                "and the draft line away before it goes out."
            ),
        ),
    )


def _write_purpose(params: AreaParams, one: Round, words: Mapping[str, str]) -> Section:
    area = tidy_text(params.title)
    lead = (
        f"The steering group of the Community Insight Profile of {area} is looking for an "
        "organisation, or several together, to listen to people who live there: "
        if one.kind == EOI
        else f"The steering group of the Community Insight Profile of {area} gives small grants to "
        "groups that carry out what the profile recommends: "
    )
    parts = [_say(lead, _fill(one.about, "what the work or the money is for"), ".")]
    if one.recommendations:
        parts.append(_say("It is to carry out:"))
        named = [tidy_text(words.get(name, name)) for name in one.recommendations]
        return Section("What it is for", (*parts, _list(*named)))
    if one.kind != EOI:
        gap = Open("gap", "the recommendations of the profile that are to be carried out")
        parts.append(_say("It is to carry out: ", gap, "."))
    return Section("What it is for", tuple(parts))


def _write_terms(one: Round) -> Section:
    rows = (
        ("Open from", _fill_day(one.opens)),
        ("Closes at the end of", _fill_day(one.closes)),
        ("Work begins", _fill_day(one.work_starts)),
        ("Work is finished by", _fill_day(one.work_ends)),
        ("Most for one applicant", _fill_money(one.most)),
        ("Money in all", _fill_money(one.total)),
        ("Who holds the money and the agreement", _fill(one.managed_by, "organisation")),
    )
    return Section(
        "Dates and money",
        (
            Grid("Dates and money", ("What", "Answer"), rows),
            _say("Who can apply: ", _fill(one.who_can_apply, "kinds of organisation"), "."),
        ),
    )


def _fill_day(day: date | None) -> str | Open:
    return write_day(day) if day else Open("gap", "date")


def _fill_money(sum_: float | None) -> str | Open:
    return f"£{sum_:,.0f}" if sum_ is not None else Open("gap", "sum in pounds")


def _write_questions(one: Round) -> Section:
    rows = tuple(
        (tidy_text(c.title), tidy_text(c.question), f"{c.weight:g}%") for c in one.list_criteria()
    )
    limit = Open("proposal", "not more than 200 words each")
    return Section(
        "What to tell us",
        (
            _say("Name your organisation, its address in a register if it has one, and the sum."),
            _say("Then answer each question: ", limit, "."),
            Grid("Questions and their weight", ("Criterion", "Question", "Weight"), rows),
            _say("A recording or a talk counts as much as a written answer. Ask for it."),
        ),
    )


def _write_scoring(one: Round) -> Section:
    scale = one.find_scale()
    marks = tuple((f"{mark}", tidy_text(w)) for mark, w in sorted(scale.marks.items()))
    panel = [tidy_text(scorer.role) for scorer in one.scorers]
    who = (
        (_say("The panel:"), _list(*panel))
        if panel
        else (
            _say("The panel: ", Open("gap", "roles and organisations, residents among them"), "."),
        )
    )
    grid = (Grid("What a mark means", ("Mark", "Meaning"), marks),) if marks else ()
    return Section(
        "How it is scored",
        (
            *who,
            _say(
                f"Each scorer gives a mark from {scale.least} to {scale.most} for each question, "
                "alone and before the panel meets. The weights above turn the marks into a score "
                "from 0 to 100, and the scores are averaged."
            ),
            *grid,
            _list(
                "A scorer who has an interest in an applicant does not score it.",
                f"Where marks on one question are {one.spread:g} or more apart the panel talks "
                "about them and writes down what it agreed, and why.",
                "Equal scores stay equal: the panel says how it decided between them.",
                "The panel may decide otherwise than by the scores, and then gives its reason.",
            ),
        ),
    )


def _write_after(one: Round) -> Section:
    told = Open("proposal", "within ten working days of the decision")
    monitoring = (
        (
            "A short report on what was done, what was spent and what changed: ",
            Open("gap", "day"),
            ".",
        )
        if one.kind != EOI
        else (
            "What people said is handed over without anything that tells who they are: ",
            Open("gap", "form and day"),
            ".",
        )
    )
    other = (
        "Tell us of other money that you have, or have asked for, for the same. It is no reason "
        "against you; it keeps two funders from paying twice."
    )
    return Section(
        "What happens then",
        (
            _list(
                ("Every applicant hears the decision and its reason: ", told, "."),
                "Names of organisations, sums and decisions are published. Scorers' notes are not.",
                monitoring,
                other,
            ),
        ),
    )


def _write_sending(params: AreaParams, one: Round) -> Section:
    contact = one.send_to or params.organisation.contact
    return Section(
        "Where to send it",
        (
            _say("To: ", _fill(contact, "shared mailbox or web page"), "."),
            _say("Questions before that: ", Open("gap", "shared mailbox, and the last day"), "."),
            _say(
                "Give the name and address of whoever we should ring on a page of its own. That "
                "page is kept apart from the application and is deleted when the round is over."
            ),
        ),
    )
