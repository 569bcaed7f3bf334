"""Sheets of figures: one for each section of the indicator catalogue, a row for every figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from cip.report.workbook import Cell, Link, Number, Sheet, Table, make_text
from cip.report.workbook_words import ROLES
from cip.shorthand import LOW, NOT_APPLICABLE, NOT_AVAILABLE, SUPPRESSED, show_value

if TYPE_CHECKING:
    import pandas as pd

    from cip.catalogue import Indicator

#: Columns of the indicator table as the sheets show them. ``{limits}`` and the like become the
#: numbers of the notes. A column that the table lacks, or in which nothing stands, is left out.
HEADINGS = {
    "indicator_id": "Indicator",
    "group_label": "Group",
    "area_name": "Area",
    "area_role": "Kind of area",
    "period": "Period",
    "value": "Figure [note {values}]",
    "unit": "Unit",
    "lower_95": "Lower 95% limit [note {limits}]",
    "upper_95": "Upper 95% limit [note {limits}]",
    "lower_998": "Lower 99.8% limit [note {limits}]",
    "upper_998": "Upper 99.8% limit [note {limits}]",
    "numerator": "Numerator [note {counts}]",
    "denominator": "Denominator [note {counts}]",
    "comparison": "The profile area against this area, at 95% [note {comparison}] [note {chance}]",
    "comparison_998": "The profile area against this area, at 99.8% [note {comparison}] [note {chance}]",
    "area_code": "Area code",
    "notes": "Notes",
}
#: These may be left out of a sheet in which they say nothing.
_OPTIONAL = ("group_label", "lower_998", "upper_998", "comparison_998")
_LIMITS = ("lower_95", "upper_95", "lower_998", "upper_998")


class NoteBook:
    """The numbered notes of a workbook: those that are always there, then one for each reason."""

    def __init__(self, fixed: Mapping[str, str]):
        self._fixed = list(fixed)
        self.texts = list(fixed.values())
        self._numbers: dict[str, int] = {}

    def find_fixed(self) -> dict[str, int]:
        """Return the number of each note that is always there, by its key."""
        return {key: place for place, key in enumerate(self._fixed, start=1)}

    def refer(self, text: str) -> str:
        """Return the reference to a note with this text, which is added if it is new."""
        if text not in self._numbers:
            self.texts.append(text)
            self._numbers[text] = len(self.texts)
        return f"[note {self._numbers[text]}]"


def make_section_sheets(
    indicators: pd.DataFrame,
    entries: Mapping[str, Indicator],
    titles: Mapping[str, str],
    rows_of: Mapping[str, int],
    notes: NoteBook,
    lines: Sequence[Cell],
) -> list[Sheet]:
    """Return a sheet for each section that has figures, in the order of the catalogue.

    Parameters
    ----------
    indicators
        The indicator table: one row per indicator x area x period x group.
    titles
        Heading of each section's sheet, in the order of the catalogue.
    rows_of
        Row of each indicator on the sheet Definitions.
    notes
        Takes up why figures are missing and how areas were compared.
    lines
        Stand under every heading.
    """
    sheets = []
    for name, rows in indicators.groupby("section", sort=False):
        sheets.append(
            Sheet(
                name=name_sheet(str(name)),
                title=make_text(titles[str(name)]),
                lines=tuple(lines),
                table=_make_table(rows, entries, rows_of, notes),
                is_prose=False,
            )
        )
    order = [name_sheet(section) for section in titles]
    return sorted(sheets, key=lambda sheet: order.index(sheet.name))


def name_sheet(section: str) -> str:
    """Return the name of a section's sheet: letters, digits, underscores; at most 31."""
    return section[:1].upper() + section[1:31]


def _make_table(
    rows: pd.DataFrame,
    entries: Mapping[str, Indicator],
    rows_of: Mapping[str, int],
    notes: NoteBook,
) -> Table:
    facts = _Facts(rows, entries)
    makers: dict[str, Callable[[], list[Cell]]] = {
        "indicator_id": lambda: _link_definitions(facts, rows_of),
        "area_role": lambda: [ROLES.get(role, make_text(role)) for role in facts.get("area_role")],
        "value": lambda: facts.show("value"),
        **{name: _bind(facts.show_limit, name) for name in _LIMITS},
        "numerator": lambda: facts.show_count("numerator"),
        "denominator": lambda: facts.show_count("denominator"),
        "notes": lambda: _list_notes(facts, notes),
    }
    fixed = notes.find_fixed()
    headings, columns = [], []
    for name, heading in HEADINGS.items():
        is_absent = name not in rows and name != "notes"
        if is_absent or (name in _OPTIONAL and _says_nothing(rows[name])):
            continue
        headings.append(heading.format(**fixed))
        columns.append(makers.get(name, _bind(facts.write, name))())
    return Table(tuple(headings), list(zip(*columns, strict=True)))


def _bind(make: Callable[[str], list[Cell]], name: str) -> Callable[[], list[Cell]]:
    return lambda: make(name)


def _says_nothing(column: pd.Series) -> bool:
    return bool((column.isna() | (column.astype(object) == "")).all())


class _Facts:
    """Rows of the indicator table as plain lists, and the cells made of them."""

    def __init__(self, rows: pd.DataFrame, entries: Mapping[str, Indicator]):
        self._rows, self._size = rows, len(rows)
        # Six columns of figures look at why one is missing.
        self.get = cache(self._get)
        self.entries = [entries[name] for name in rows["indicator_id"]]
        self._withheld = rows["is_suppressed"].to_numpy(bool, na_value=False).tolist()
        self._values = self._numbers("value")

    def _get(self, name: str) -> list[Any]:
        """Return a column; missing cells of text are empty."""
        if name not in self._rows:
            return [""] * self._size
        column = self._rows[name].astype(object)
        return column.where(column.notna(), "").tolist()

    def write(self, name: str) -> list[Cell]:
        """Return a column of text; ``[z]`` where there is nothing to say."""
        made = {text: make_text(text) or NOT_APPLICABLE for text in set(self.get(name))}
        return [made[text] for text in self.get(name)]

    def show(self, name: str) -> list[Cell]:
        """Return figures as numbers, or the shorthand for what is missing."""
        reasons, numbers = self.get("missing_reason"), self._numbers(name)
        facts = zip(numbers, self.entries, self._withheld, reasons, strict=True)
        return [
            _show_number(number, entry.decimals)
            if number == number and not is_withheld
            else show_value(None, is_withheld, reason)
            for number, entry, is_withheld, reason in facts
        ]

    def show_limit(self, name: str) -> list[Cell]:
        """Return limits; ``[z]`` where the figure can have none."""
        facts = zip(self.show(name), self.entries, strict=True)
        return [
            NOT_APPLICABLE if cell == NOT_AVAILABLE and entry.interval == "none" else cell
            for cell, entry in facts
        ]

    def show_count(self, name: str) -> list[Cell]:
        """Return counts; ``[z]`` beside a figure that is not made of such a count."""
        facts = zip(self._numbers(name), self._values, self._withheld, strict=True)
        return [
            SUPPRESSED
            if is_withheld
            else Number(count, 0 if count.is_integer() else 1)
            if count == count
            else NOT_APPLICABLE
            if value == value
            else NOT_AVAILABLE
            for count, value, is_withheld in facts
        ]

    def _numbers(self, name: str) -> list[float]:
        return self._rows[name].to_numpy(float, na_value=float("nan")).tolist()


def _show_number(number: float, decimals: int) -> Cell:
    return LOW if number and abs(number) < 0.5 * 10.0**-decimals else Number(number, decimals)


def _link_definitions(facts: _Facts, rows_of: Mapping[str, int]) -> list[Cell]:
    made = {e.id: Link(make_text(e.label), "Definitions", rows_of[e.id]) for e in facts.entries}
    return [made[entry.id] for entry in facts.entries]


def _list_notes(facts: _Facts, notes: NoteBook) -> list[Cell]:
    """Return for each row the notes on how it was compared and on what is missing."""
    made: dict[tuple[str, str], str] = {}
    pairs = list(zip(facts.get("comparison_method"), facts.get("missing_reason"), strict=True))
    for method, reason in dict.fromkeys(pairs):
        texts = [f"How areas were compared: {method}." if method else "", reason]
        words = [notes.refer(make_text(text)) for text in texts if text]
        made[method, reason] = " ".join(words) or NOT_APPLICABLE
    return [made[pair] for pair in pairs]
