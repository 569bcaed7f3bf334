"""What a report says about itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

#: Not from the calendar module: its names follow the locale of the machine.
_MONTHS = {
    1: "January", 2: "February", 3: "March", 4: "April", 5: "May", 6: "June", 7: "July",
    8: "August", 9: "September", 10: "October", 11: "November", 12: "December",
}  # fmt: skip

#: Stands at the top of every screen and every printed page of a report on invented figures.
SYNTHETIC_BANNER = "Synthetic demonstration data: every figure and name in this report is invented"


@dataclass(frozen=True, kw_only=True)
class ReportMeta:
    """Title page and small print of one report.

    Parameters
    ----------
    title, subtitle
        What the report is called.
    area_name
        The area that it describes.
    organisation, contact
        Who answers for it, and how to reach them.
    published
        Date of publication.
    kind
        Which report it is, such as "Data report".
    language
        Language tag of the text.
    version_label
        Which version of the report it is and how far it is, such as "Version 0.1, draft".
    status_line
        What the cover and every printed page say of a report that is not for publication, such as
        "Draft: not for publication"; empty where it is final.
    licence
        Words of the licence under which the report itself may be used.
    attribution
        Statements that the sources' licences require, one per line.
    is_synthetic
        Whether the figures are invented: the report then says so on every page.
    notes
        Further remarks for the end of the report.
    """

    title: str
    area_name: str
    published: date
    subtitle: str = ""
    organisation: str = ""
    contact: str = ""
    kind: str = "Report"
    language: str = "en-GB"
    version_label: str = ""
    status_line: str = ""
    licence: str = ""
    attribution: Sequence[str] = field(default_factory=tuple)
    is_synthetic: bool = False
    notes: Sequence[str] = field(default_factory=tuple)

    @property
    def published_words(self) -> str:
        """The date as British readers write it: 21 March 2026."""
        return write_date(self.published)

    @property
    def page_title(self) -> str:
        """Title of the browser tab and of the PDF."""
        return self.title if self.area_name in self.title else f"{self.title}: {self.area_name}"

    @property
    def version(self) -> str:
        """The version label, as the cover of the tables names it."""
        return self.version_label

    @property
    def banner(self) -> str:
        """The warning for invented figures, or nothing."""
        return SYNTHETIC_BANNER if self.is_synthetic else ""


def write_date(day: date) -> str:
    """Return a date in words, the same in every locale of the machine."""
    return f"{day.day} {_MONTHS[day.month]} {day.year}"
