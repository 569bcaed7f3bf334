"""What comes of comparing a table with a layout: a match, or what a near miss lacks."""

from __future__ import annotations

from dataclasses import dataclass, field

from cip.catalogue.sources import Source
from cip.errors import Problem, find_nearest
from cip.sources.forms import Form
from cip.sources.headings import find_heading, show_heading
from cip.sources.raw_tables import RawTable

#: A table with this share of what a layout needs was probably meant to be one.
NEAR_SHARE = 0.6


@dataclass(frozen=True)
class Match:
    """A table that fits a layout: where its headings are, and which column holds what."""

    form: Form
    table: RawTable
    header_row: int
    places: dict[str, int]
    headings: list[str]
    axes: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class NearMiss:
    """A table that has most of a layout, and what it lacks."""

    source: Source
    score: float
    problems: list[Problem]


@dataclass(frozen=True)
class HeadRow:
    """A row that may hold the headings: its number, its cells, and the cells as headings."""

    number: int
    cells: list[str]
    headings: dict[str, int]
    found: dict[tuple[str, ...], bool] = field(default_factory=dict)

    def may_fit(self, form: Form) -> bool:
        """Return False for a row with neither a heading nor the key of a layout.

        Many layouts share one key with a wildcard, so the answer for a key is kept.
        """
        if not form.plain_headings.isdisjoint(self.headings.keys()):
            return True
        if form.has_plain_key:
            return False
        key = tuple(form.fields.get(form.key, ()))
        if key not in self.found:
            self.found[key] = find_heading(key, self.headings) is not None
        return self.found[key]


def describe_miss(
    table: RawTable, form: Form, i: int, row: list[str], missing: list[str], score: float
) -> NearMiss:
    """Say which columns a table lacks of the layout that it looks like."""
    title = f"{form.source.title}, {form.layout.title}"
    problems = []
    for id_ in missing[:12]:
        spelling = (form.fields.get(id_) or [id_])[0]
        problems.append(
            Problem(
                f"The file looks like {title}, but a column is missing.",
                file=table.file.name,
                sheet=table.sheet,
                row=i + 1,
                expected=f"'{show_heading(spelling)}'",
                nearest=find_nearest(spelling, [cell for cell in row if cell]),
            )
        )
    return NearMiss(form.source, score, problems)
