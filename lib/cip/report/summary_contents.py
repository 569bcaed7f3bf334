"""What the short documents of a profile say, as one object: poster, slides, card, Word copy.

Each document is another selection of the same contents, so that none can say something that the
Summary Report does not. Nothing here computes a statistic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Literal, TypeVar

from cip.display.untrusted_text import strip_unseen
from cip.framework.document import tidy_text
from cip.report.meta import write_date

Side = Literal["strength", "challenge", "mixed", "unknown"]

#: The sides of findings in reading order, and the heading over each.
SIDES: dict[str, str] = {
    "strength": "What is good here",
    "challenge": "What is hard here",
    "mixed": "What has two sides",
    "unknown": "What we cannot say yet",
}
#: Stands on every page, slide and picture of a document on an invented area.
INVENTED = "Demonstration: everything here is invented"

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Fact:
    """A figure at a glance: what it is, its value in words, and what to know of it."""

    label: str
    value: str
    note: str = ""
    period: str = ""
    indicator_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A finding in plain text.

    Parameters
    ----------
    finding_id
        A topic, or ``theme-`` and a theme.
    number
        What people call it in a meeting: F1.
    side, topic
        Whether it is a strength, a challenge, both or neither; the building block it is about.
    title, text
        What was found, in a line and in full.
    data_say, people_say, what_is_there
        Its three grounds; empty where there is none.
    strength, strength_level
        How strong the evidence is, in words, and as ``strong``, ``moderate``, ``limited``, ``none``.
    gaps
        What is not known of it.
    cites
        Ids of the evidence that it rests on.
    """

    finding_id: str
    number: str
    side: Side
    title: str
    text: str = ""
    topic: str = ""
    data_say: str = ""
    people_say: str = ""
    what_is_there: str = ""
    strength: str = ""
    strength_level: str = ""
    gaps: str = ""
    cites: Sequence[str] = ()

    @property
    def subject(self) -> str:
        """What it is about: a topic, where it is known, for a drawing and a heading."""
        return self.topic or self.finding_id

    def list_grounds(self) -> list[tuple[str, str]]:
        """Return what it rests on: a heading and a text each, those without a text left out."""
        grounds = (
            ("The figures say", self.data_say),
            ("People say", self.people_say),
            ("What is there", self.what_is_there),
            ("How sure we are", self.strength),
            ("What we do not know", self.gaps),
        )
        return [(heading, text) for heading, text in grounds if text]


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    """A recommendation; ``number`` is what people call it in a meeting: R1."""

    recommendation_id: str
    number: str
    text: str
    for_whom: str = ""
    priority: str = ""
    approach: str = ""
    agreed_with: str = ""
    rests_on: str = ""
    flag: str = ""
    cites: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Quote:
    """Words that somebody said and a person has cleared; they are never shortened."""

    quote_id: str
    text: str
    speaker_label: str = ""
    side: Side = "unknown"


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """An entry of the ledger that something rests on."""

    evidence_id: str
    statement: str
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class SummaryContents:
    """Everything that the short documents show.

    Parameters
    ----------
    title, area, organisation, contact, published
        What it is called, of where, by whom, and its date.
    version, status
        Label of the version (``1.0``), and how far it is (``draft``, ``for review``, ``final``).
    label
        Both in the words of the reports' covers, with the day of agreement where it is final;
        empty where no report says them.
    licence, attributions
        Words that the licences ask for.
    is_synthetic
        Whether the area is invented.
    facts, findings, recommendations, quotes
        In the order in which they are shown.
    limits
        Sentences on what is missing and what cannot be said; never empty where something is.
    evidence
        What findings and recommendations cite.
    map_svg, map_png, map_alt
        A map of the area: as drawn, as a picture, and in words.
    introduction, acknowledgements, next_steps
        Paragraphs of the analyst's own.
    easy_read, easy_read_checked
        The analyst's own text for Easy Read, and who has checked it; empty where nobody has.
    """

    title: str
    area: str
    organisation: str
    contact: str
    published: date
    version: str = ""
    status: str = ""
    label: str = ""
    licence: str = ""
    attributions: Sequence[str] = ()
    is_synthetic: bool = False
    facts: Sequence[Fact] = ()
    findings: Sequence[Finding] = ()
    recommendations: Sequence[Recommendation] = ()
    quotes: Sequence[Quote] = ()
    limits: Sequence[str] = ()
    evidence: Sequence[Evidence] = ()
    map_svg: str = ""
    map_png: bytes = b""
    map_alt: str = ""
    introduction: Sequence[str] = ()
    acknowledgements: Sequence[str] = ()
    next_steps: Sequence[str] = ()
    easy_read: str = ""
    easy_read_checked: str = ""
    language: str = "en-GB"

    @property
    def published_words(self) -> str:
        """The date as British readers write it."""
        return write_date(self.published)

    @property
    def version_label(self) -> str:
        """The version and how far it is: "Version 0.3, for review", or as the reports say it."""
        if self.label:
            return self.label
        version = f"Version {self.version}" if self.version else ""
        return ", ".join(part for part in (version, self.status) if part)

    @property
    def banners(self) -> tuple[str, ...]:
        """What has to stand above everything: invented, or not final."""
        invented = (INVENTED,) if self.is_synthetic else ()
        draft = (f"{self.status.capitalize()}: not yet agreed",) if self.is_open else ()
        return (*invented, *draft)

    @property
    def is_open(self) -> bool:
        """Whether it may still change."""
        return self.status in ("draft", "for review")

    def list_side(self, side: str) -> list[Finding]:
        """Return the findings of one side in their order."""
        return [finding for finding in self.findings if finding.side == side]


#: Drawn or written elsewhere, line by line: only signs that nobody sees are taken out.
_KEPT = frozenset({"map_svg", "easy_read"})


def clean_contents(contents: SummaryContents) -> SummaryContents:
    """Return contents whose texts every kind of file can hold.

    Signs that XML does not allow, that nobody sees or that turn the text around them go; spaces
    and line breaks become one space.
    """
    try:
        return _clean_once(contents)
    except TypeError:  # a list among them, by which nothing can be looked up
        return _clean(contents)


@lru_cache(maxsize=2)
def _clean_once(contents: SummaryContents) -> SummaryContents:
    """Return clean contents, which every kind of document asks for."""
    return _clean(contents)


def _clean(value: _Value) -> _Value:
    if isinstance(value, str):
        return tidy_text(strip_unseen(value))  # type: ignore[return-value]
    if is_dataclass(value) and not isinstance(value, type):
        changes = {
            f.name: _clean(getattr(value, f.name)) for f in fields(value) if f.name not in _KEPT
        }
        changes |= {
            name: strip_unseen(getattr(value, name)) for name in _KEPT if hasattr(value, name)
        }
        return replace(value, **changes)
    if isinstance(value, (tuple, list)):
        return tuple(_clean(item) for item in value)  # type: ignore[return-value]
    return value
