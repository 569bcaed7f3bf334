"""Registers of small-area codes, to see that every code is one of its geography and year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from cip.catalogue.sources import Catalogue, Register, Source
from cip.errors import Problem, find_nearest
from cip.sources.build import Part
from cip.sources.cells import MAX_EACH
from cip.store import Store

#: A list that is not national is believed when it knows this share of a file's codes.
KNOWN_SHARE = 0.9


@dataclass
class Codes:
    """The codes that the products at hand list for one geography.

    ``listed`` are those of products that exist to list areas; ``complete`` holds the first letters
    (E, W) for which some product has the national number.
    """

    register: Register
    listed: set[str] = field(default_factory=set)
    national: set[str] = field(default_factory=set)
    complete: set[str] = field(default_factory=set)


def collect_codes(register: Register, tables: Mapping[str, pd.DataFrame], store: Store) -> Codes:
    """Gather a geography's codes from the tables being fetched, else from the existing store."""
    codes = Codes(register)
    for product_id, column in register.products.items():
        if product_id in tables:
            found = set(tables[product_id][column].dropna())
        elif store.has(product_id):
            found = set(store.read(product_id, [column])[column].dropna())
        else:
            continue
        if not product_id.startswith("iod"):
            codes.listed |= found
        for letter, number in register.national.items():
            of_letter = {code for code in found if code.startswith(letter)}
            if len(of_letter) >= number:
                codes.complete.add(letter)
                codes.national |= of_letter
    return codes


def check_part_codes(
    part: Part, registers: Sequence[Codes], catalogue: Catalogue
) -> tuple[list[Problem], list[str]]:
    """Compare a part's small-area codes with the registers of their vintage.

    Returns
    -------
    tuple
        Problems, one for each unknown code, and notes for codes that could not be checked.
    """
    problems: list[Problem] = []
    notes: list[str] = []
    for column, level, vintage in list_code_columns(part.source, part.vintages):
        if column not in part.table:
            continue
        codes = next(
            (c for c in registers if (c.register.level, c.register.vintage) == (level, vintage)),
            None,
        )
        if codes is None:
            continue
        cells = part.table[column]
        if "level" in part.table:
            cells = cells[part.table["level"] == level]
        if cells.empty:
            continue
        unknown, note = find_unknown(set(cells.dropna()), codes, part.source.id)
        if note:
            notes.append(f"{part.findings.file}: {note}")
        problems += _describe_unknown(part, column, sorted(unknown), codes)
    return problems, notes


def list_code_columns(source: Source, vintages: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return the columns of a product that hold small-area codes, with level and vintage."""
    columns = [("area_code", level, vintage) for level, vintage in vintages.items()]
    columns += [
        (id_, column.levels[0], column.vintage)
        for id_, column in source.columns.items()
        if column.type == "code" and column.vintage
    ]
    return columns


def find_unknown(found: set[str], codes: Codes, product_id: str) -> tuple[set[str], str | None]:
    """Return the codes that no register has, and a note when they could not all be checked."""
    checked = {code for code in found if code[0] in codes.complete}
    unknown = checked - codes.national
    rest = found - checked
    name = f"{codes.register.level.upper()} {codes.register.vintage} codes"
    if not rest or (product_id in codes.register.products and not product_id.startswith("iod")):
        return unknown, None
    if not codes.listed:
        return unknown, f"{len(rest):,} {name} not checked: there is no list of them."
    strange = rest - codes.listed
    if len(strange) <= (1 - KNOWN_SHARE) * len(rest):
        return unknown | strange, None
    return unknown, f"{len(strange):,} {name} not checked: they are outside the area of the lists."


def _describe_unknown(part: Part, column: str, unknown: list[str], codes: Codes) -> list[Problem]:
    name = f"{codes.register.level.upper()} {codes.register.vintage}"
    valid = codes.national | codes.listed
    problems = []
    for code in unknown[:MAX_EACH]:
        row = part.table.loc[part.table[column] == code, "@row"].iloc[0]
        problems.append(
            Problem(
                f"The code is not one of {name}.",
                file=part.findings.file,
                sheet=part.findings.sheet,
                row=int(row),
                column=part.match.headings[
                    part.match.places.get(column, part.match.places.get("@code", 0))
                ],
                found=f"'{code}'",
                expected=f"an {name} code; the file may be for another year",
                nearest=find_nearest_code(code, valid),
            )
        )
    if len(unknown) > MAX_EACH:
        problems.append(
            Problem(
                f"{len(unknown) - MAX_EACH:,} more codes are not of {name}.",
                file=part.findings.file,
            )
        )
    return problems


def find_nearest_code(code: str, valid: set[str]) -> str | None:
    """Return the valid code most like another; candidates share its first or its last digits."""
    near = {v for v in valid if v[:6] == code[:6] or v[-3:] == code[-3:]}
    return find_nearest(code, sorted(near), cutoff=0.8)
