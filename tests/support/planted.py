"""Identifiers that are planted in the inputs of notebook 04, column by column, and looked for."""

from __future__ import annotations

import csv
import io
import string
from collections.abc import Callable, Mapping
from pathlib import Path

from cip.engagement.clearance_table import list_clearance_columns
from cip.engagement.codebook import list_codebook_columns
from cip.engagement.coding_settled import list_settled_columns
from cip.engagement.excerpts_columns import list_excerpt_columns
from cip.engagement.good_project import list_good_project_columns
from cip.engagement.identifier_rules import is_valid_nhs_number
from cip.engagement.plan import list_plan_columns
from cip.inputs import Column

#: What becomes of a planted identifier. ``refused``: the file is not used, the message names row
#: and column. ``told``: the rest of the file is used, the message names row and column.
#: ``held back``: nothing of the row is shown. ``unread``: nothing is ever shown of this column.
REFUSED, TOLD, HELD_BACK, UNREAD = "refused", "told", "held back", "unread"

_PEOPLE = ("age", "sex", "ethnic_group", "disability", "tenure")
#: Form -> column -> what becomes of it. A column that a form gains has to be entered here.
FATES: dict[str, dict[str, str]] = {
    "engagement": dict.fromkeys(list_plan_columns(), REFUSED),
    "good_project": {**dict.fromkeys(list_good_project_columns(), REFUSED)},
    "codebook": dict.fromkeys(list_codebook_columns(), REFUSED),
    "quotes": {
        **dict.fromkeys(("quote_id", "excerpt_id", "consent", "cleared_by"), REFUSED),
        **dict.fromkeys(("cleared_on", "withdrawn"), REFUSED),
        **dict.fromkeys(("theme_id", "text", "speaker_label", "names_allowed"), HELD_BACK),
        "cleared_digest": HELD_BACK,
    },
    "excerpts": {
        **dict.fromkeys(list_excerpt_columns(), TOLD),
        **dict.fromkeys(("document_id", "person_id", "coder", "text"), UNREAD),
    },
    "settled": {**dict.fromkeys(list_settled_columns(), TOLD), "note": UNREAD},
}
#: Forms of notebook 04 by name.
FORMS: dict[str, Callable[[], Mapping[str, Column]]] = {
    "engagement": list_plan_columns,
    "good_project": list_good_project_columns,
    "codebook": list_codebook_columns,
    "quotes": list_clearance_columns,
    "excerpts": list_excerpt_columns,
    "settled": list_settled_columns,
}


def _spell(number: int) -> str:
    """Return a number as letters, so that a name can hold it."""
    letters = []
    for _ in range(3):
        number, place = divmod(number, 26)
        letters.append(string.ascii_lowercase[place])
    return "".join(letters)


def _number_patient(number: int) -> str:
    """Return a number of the range for tests (999) with its check digit."""
    for middle in range(number * 10, number * 10 + 10):
        for check in "0123456789":
            digits = f"999{middle:06d}{check}"
            if is_valid_nhs_number(digits):
                return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
    raise AssertionError("one of ten numbers has a check digit")


#: Kinds of identifier, each different for every number.
KINDS: dict[str, Callable[[int], str]] = {
    "e-mail": lambda n: f"planted.{n:03d}@example.org",
    "mobile": lambda n: f"07700 900{n:03d}",
    "NHS number": lambda n: _number_patient(n),
    "address": lambda n: f"{n + 1} Quill{_spell(n)} Mews, ZZ99 {n % 10}{_spell(n)[:2].upper()}",
    "name": lambda n: f"Mrs Ottoline Quill{_spell(n)}",
}


class Planter:
    """Makes identifiers, no two alike, and remembers where each was planted.

    ``places`` is the place of each identifier by its text.
    """

    def __init__(self) -> None:
        self.places: dict[str, str] = {}

    def make(self, place: str, kind: str = "") -> str:
        """Return the next identifier; kinds take turns unless one is named."""
        number = len(self.places)
        name = kind or list(KINDS)[number % len(KINDS)]
        text = KINDS[name](number)
        self.places[text] = f"{place} ({name})"
        return text


def read_form(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Return the headings and rows of a CSV file."""
    reader = csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))
    rows = list(reader)
    return list(reader.fieldnames or []), rows


def write_rows(path: Path, headings: list[str], rows: list[dict[str, str]]) -> None:
    """Write a CSV file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, headings, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), "utf-8")


def squeeze(words: str) -> str:
    """Return words without what an encoder may change: escapes, quotes, white space."""
    plain = words.replace("\\n", " ").replace("\\u2019", "’").replace('\\"', '"')
    return "".join(plain.split()).replace('""', '"')
