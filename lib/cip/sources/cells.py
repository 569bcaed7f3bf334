"""Cells to values: whole numbers, decimals, flags and area codes, with every fault reported."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import pandas as pd

from cip.errors import Problem, find_nearest

#: Longer whole numbers are read with more care.
LONGEST_PLAIN = 16
MAX_EACH = 10
CODE_PATTERN = re.compile(r"[EWKZSNLMJ]\d{8}")
LEVEL_BY_DIGITS = {
    "00": "oa",
    "01": "lsoa",
    "02": "msoa",
    "05": "ward",
    "06": "district",
    "07": "district",
    "08": "district",
    "09": "district",
    "10": "county",
    "11": "county",
    "12": "region",
    "92": "country",
}
#: Codes of geographies that the workbook does not use (parishes, constituencies, health areas ...).
OTHER_DIGITS = {f"{n:02}" for n in (3, 4, *range(13, 55))}
#: First letters of areas that the store holds: England, Wales, both together, and fictional ones.
KEPT_LETTERS = "EWKZ"


@dataclass
class Findings:
    """Problems, warnings and notes that pile up while one table is read.

    ``is_partial`` is true for a table that has only some categories of the product that it was
    taken for: it is then another product's, if it is whole as that.
    """

    file: str
    sheet: str | None = None
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_partial: bool = False

    def add(self, message: str, **place: object) -> None:
        """Note one problem of this file."""
        self.problems.append(Problem(message, file=self.file, sheet=self.sheet, **place))  # type: ignore[arg-type]

    def add_each(
        self, message: str, rows: Sequence[int], found: Sequence[str], **place: object
    ) -> None:
        """Note one problem for each row, the first ten in full and the others as a number."""
        for row, text in list(zip(rows, found, strict=True))[:MAX_EACH]:
            self.add(message, row=row, found=f"'{text}'", **place)
        if len(rows) > MAX_EACH:
            self.add(f"{message} The same in {len(rows) - MAX_EACH:,} more rows.", **place)

    def report_each(
        self, message: str, rows: Sequence[int], found: Sequence[str] = (), *, column: str = ""
    ) -> None:
        """Tell of rows with a fault that the rest of the file does not suffer from.

        The file is read all the same: the sentences go to the user and into the manifest. The
        first ten rows are told in full and the others as a number.
        """
        place = f", column '{column}'" if column else ""
        texts = [f" Found: '{text}'." for text in found] or [""] * len(rows)
        sentences = [
            f"{self.file}: row {row}{place}: {message}{text}"
            for row, text in list(zip(rows, texts, strict=True))[:MAX_EACH]
        ]
        if len(rows) > MAX_EACH:
            more = len(rows) - MAX_EACH
            sentences.append(f"{self.file}: {message} The same in {more:,} more rows.")
        self.notes += sentences
        self.warnings += sentences


def find_level(code: str) -> str | None:
    """Return the level of an area code from its prefix, or None when it has none.

    Examples
    --------
    >>> find_level("E01028422"), find_level("K04000001")
    ('lsoa', 'country')
    """
    if not CODE_PATTERN.fullmatch(code):
        return None
    return "country" if code[0] == "K" else LEVEL_BY_DIGITS.get(code[1:3])


def is_kept(code: str) -> bool:
    """Return False for areas outside England and Wales, and of geographies that are not used."""
    return code[0] in KEPT_LETTERS and (code[0] == "K" or code[1:3] not in OTHER_DIGITS)


def parse_numbers(
    cells: Sequence[str],
    rows: Sequence[int],
    *,
    column: str,
    kind: str,
    missing: Collection[str],
    findings: Findings,
) -> pd.Series:
    """Turn text into numbers; a cell that says "no value" gives a missing one.

    Parameters
    ----------
    cells, rows
        The texts and their row numbers in the file.
    column
        The heading, for messages.
    kind
        ``count`` (whole, not negative), ``integer`` or ``number``.
    missing
        Texts that mean that no value was published.
    findings
        Takes a problem for every cell that is not such a number.

    Returns
    -------
    Series
        ``Int64`` or ``float64``, one value for each cell.
    """
    if kind != "number" and all(map(_is_plain, cells)):
        return pd.Series([int(cell) for cell in cells], dtype="Int64")
    text = pd.Series(cells, dtype="object")
    numbers = _convert(text, missing)
    is_bad = numbers.isna()
    if is_bad.any():
        is_bad &= ~text.str.strip().isin(list(missing))
    _report(findings, "The cell is not a number.", is_bad, text, rows, column, "a number")
    if kind == "number":
        return numbers.astype("float64")
    is_part = numbers.notna() & (numbers % 1 != 0)
    _report(findings, "The number is not whole.", is_part, text, rows, column, "a whole number")
    if kind == "count":
        is_negative = numbers < 0
        _report(
            findings, "A count cannot be negative.", is_negative, text, rows, column, "0 or more"
        )
    return numbers.where(~is_part).astype("Int64")


def _is_plain(cell: str) -> bool:
    """Return True for a short row of digits, as nearly every cell of a count is."""
    return cell.isascii() and cell.isdigit() and len(cell) < LONGEST_PLAIN


def _convert(text: pd.Series, missing: Collection[str]) -> pd.Series:
    try:
        return pd.to_numeric(text).astype("float64")
    except (ValueError, TypeError):
        pass
    clean = text.str.replace(r"[\s ,]", "", regex=True)
    clean = clean.mask(clean.isin(list(missing)))
    numbers = pd.to_numeric(clean, errors="coerce").astype("float64")
    return numbers.where(~numbers.isin([float("inf"), float("-inf")]))


def _report(
    findings: Findings,
    message: str,
    is_bad: pd.Series,
    text: pd.Series,
    rows: Sequence[int],
    column: str,
    expected: str,
) -> None:
    if is_bad.any():
        places = list(is_bad[is_bad].index)
        findings.add_each(
            message,
            [rows[i] for i in places],
            [text[i] for i in places],
            column=column,
            expected=expected,
        )


def parse_flags(
    cells: Sequence[str], rows: Sequence[int], *, column: str, findings: Findings
) -> pd.Series:
    """Turn yes/no cells into nullable booleans; an empty cell is missing."""
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    folded = [cell.strip().casefold() for cell in cells]
    bad = [i for i, cell in enumerate(folded) if cell and cell not in words]
    if bad:
        findings.add_each(
            "The cell is neither yes nor no.",
            [rows[i] for i in bad],
            [cells[i] for i in bad],
            column=column,
            expected="true or false",
        )
    return pd.Series([words.get(cell) for cell in folded], dtype="boolean")


def parse_text(cells: Sequence[str]) -> pd.Series:
    """Return trimmed text; an empty cell is missing."""
    return pd.Series([cell.strip() or None for cell in cells], dtype="str")


def check_codes(
    cells: Sequence[str],
    rows: Sequence[int],
    *,
    column: str,
    levels: Collection[str],
    findings: Findings,
) -> pd.Series:
    """Return trimmed area codes, and note every one of the wrong pattern or level.

    ``levels`` empty allows every level.
    """
    codes = pd.Series([cell.strip() for cell in cells], dtype="str")
    unique = {code: find_level(code) for code in codes.unique()}
    wrong = {
        code
        for code, level in unique.items()
        if not CODE_PATTERN.fullmatch(code)
        or (is_kept(code) and (level is None or (levels and level not in levels)))
    }
    for code in list(wrong)[:MAX_EACH]:
        findings.add(
            "The area code is not of the right form.",
            row=rows[int((codes == code).argmax())],
            column=column,
            found=f"'{code}'",
            expected=_describe_levels(levels),
            nearest=find_nearest(code, [c for c in unique if c not in wrong], cutoff=0.85),
        )
    if len(wrong) > MAX_EACH:
        findings.add(f"{len(wrong) - MAX_EACH:,} more area codes are not of the right form.")
    return codes


def _describe_levels(levels: Collection[str]) -> str:
    names = {"oa": "output area", "lsoa": "LSOA", "msoa": "MSOA"}
    kinds = " or ".join(names.get(level, level) for level in sorted(levels)) or "area"
    digits = sorted(d for d, level in LEVEL_BY_DIGITS.items() if level in levels)
    shape = " or ".join(f"E{d}" for d in digits)
    return f"the code of {'an' if kinds[0] in 'aoLM' else 'a'} {kinds}" + (
        f" ({shape} and six digits)" if digits else ""
    )
