"""What stands before and after the chapters of a report, chosen by what the chapters hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from cip.catalogue.glossary import Term, find_terms, find_words
from cip.catalogue.references import Reference, list_references
from cip.report.matter_words import Item, ReportWords, load_matter_words

Kind = Literal["data_report", "insight_report", "summary_report"]
KINDS: tuple[Kind, ...] = ("data_report", "insight_report", "summary_report")


@dataclass(frozen=True, kw_only=True)
class Matter:
    """Front and back matter of one report.

    Parameters
    ----------
    kind
        Which of the three reports it is.
    stages
        The chapters that it selects.
    reports
        The reports that this area has, so that they can be linked.
    methods, limits
        How it was made and what it cannot show, in brief, with the places that say more.
    terms
        The glossary.
    references
        The works that its chapters rest on.
    acknowledgements
        Thanks, in Markdown; empty where there are none.
    """

    kind: Kind
    stages: tuple[str, ...]
    reports: tuple[Kind, ...]
    methods: Sequence[Item]
    limits: Sequence[Item]
    terms: Sequence[Term]
    references: Sequence[Reference]
    acknowledgements: str = ""

    @property
    def words(self) -> ReportWords:
        """What the report is."""
        return load_matter_words().reports[self.kind]


def build_matter(
    kind: Kind,
    stages: Collection[str],
    body_text: str,
    *,
    acknowledgements: str = "",
    reports: Collection[str] = KINDS,
) -> Matter:
    """Choose what a report says before and after its chapters.

    Parameters
    ----------
    kind
        Which of the three reports it is.
    stages
        The chapters that it selects.
    body_text
        The words of the chapters; see :func:`cip.report.cells.collect_text`.
    acknowledgements
        Thanks of those who made the profile, in Markdown; nothing is shown where it is empty.
    reports
        The reports that this area has: an area that nobody was heard in has no insight report.

    Returns
    -------
    Matter
        With the terms that the text uses and the works that its chapters rest on.

    Raises
    ------
    ValueError
        If there is no such kind of report, or it is not one that the area has.
    """
    unknown = ({kind} | set(reports)) - set(KINDS)
    if unknown or kind not in reports:
        raise ValueError(f"'{', '.join(sorted(unknown)) or kind}' is no report of this area")
    words = load_matter_words()
    methods = _choose(words.methods, stages, body_text)
    limits = _choose(words.limits, stages, body_text)
    # What is said here is explained here as well.
    text = " ".join([body_text, *(item.text for item in (*methods, *limits))])
    return Matter(
        kind=kind,
        stages=tuple(stages),
        reports=tuple(name for name in KINDS if name in reports),
        methods=methods,
        limits=limits,
        terms=find_terms(text),
        references=list_references(stages, body_text),
        acknowledgements=acknowledgements.strip(),
    )


def _choose(items: Iterable[Item], stages: Collection[str], text: str) -> list[Item]:
    return [
        item
        for item in items
        if item.stage in stages and (not item.when or find_words(item.when, text))
    ]
