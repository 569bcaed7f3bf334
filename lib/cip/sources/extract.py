"""The data rows of a recognised table, without titles, notes and footers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cip.sources.cells import CODE_PATTERN, Findings
from cip.sources.forms import CODE, KEEP, LEAVE_OUT, NAME, WITHOUT_CODES
from cip.sources.headings import fold_heading
from cip.sources.matches import Match
from cip.sources.raw_tables import Content

#: A longer text with spaces, under the data and where codes stand, is a note.
LONGEST_CODE = 12


@dataclass(frozen=True)
class Body:
    """The cells of the data rows, by field, with their row numbers in the file (from 1)."""

    rows: list[int]
    cells: dict[str, list[str]]
    axes: list[list[str]] = field(default_factory=list)
    geometries: list[dict[str, Any] | None] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)
    crs: str | None = None


def find_key_field(match: Match) -> str:
    """Return the field that holds a row's area code."""
    return match.form.key if match.form.key in match.places else NAME


def extract_body(match: Match, content: Content, findings: Findings) -> Body:
    """Take the data rows under the headings, and note rows that are broken.

    Blank rows and notes above and below the data are left out. A row in the middle that has
    values but no area code, a row with too few cells, and a file cut short are problems.
    """
    key_place = match.places.get(find_key_field(match), 0)
    lines = list(enumerate(content.rows))[match.header_row + 1 :]
    if content.geometries is None:  # a feature without properties has its place all the same
        lines = [(i, row) for i, row in lines if any(map(str.strip, row))]
    if match.table.kind == "text":
        _check_widths(match, content, lines, key_place, findings)
    width = max(len(match.headings), 1)
    # Rows of one width keep the selection below simple; widths were checked above.
    padded = [
        (i, row if len(row) >= width else row + [""] * (width - len(row))) for i, row in lines
    ]
    if match.form.layout.kind in WITHOUT_CODES:
        kept = padded
    else:
        padded = _drop_totals(match, padded, key_place)
        kept = _select_rows(match, padded, key_place, findings)
        if not kept:
            findings.add("The file has headings but no row with an area code.")
    kept = _filter_rows(match, kept, findings)
    rows = [row for _, row in kept]
    after = match.header_row + 1
    geometries = content.geometries
    return Body(
        rows=[i + 1 for i, _ in kept],
        cells={id_: [row[place] for row in rows] for id_, place in match.places.items()},
        axes=[[row[place] for row in rows] for place in match.axes],
        geometries=[geometries[i - after] for i, _ in kept] if geometries is not None else [],
        headings={id_: match.headings[place].strip() for id_, place in match.places.items()},
        crs=content.crs,
    )


def _drop_totals(
    match: Match, lines: list[tuple[int, list[str]]], key_place: int
) -> list[tuple[int, list[str]]]:
    """Leave out rows of areas without a code that the layout names, such as Great Britain."""
    dropped = {fold_heading(label) for label in match.form.layout.drop_labels}
    place = match.places.get(NAME)
    if not dropped or place is None:
        return lines
    return [
        (i, row)
        for i, row in lines
        if row[key_place].strip() or fold_heading(row[place]) not in dropped
    ]


def _check_widths(
    match: Match,
    content: Content,
    lines: Sequence[tuple[int, list[str]]],
    key_place: int,
    findings: Findings,
) -> None:
    width = len(match.headings)
    needs_code = match.form.layout.kind not in WITHOUT_CODES
    if not lines:
        return
    last, last_row = lines[-1]
    if len(last_row) < width and content.ends_in_mid_line:
        findings.add(
            "The file is cut short: its last row has too few cells. Download it again.",
            row=last + 1,
            found=f"{len(last_row)} cells",
            expected=f"{width}",
        )
    for i, row in lines:
        is_data = not needs_code or (
            len(row) > key_place and CODE_PATTERN.fullmatch(row[key_place].strip())
        )
        is_cut = i == last and content.ends_in_mid_line
        has_extra = len(row) > width and any(cell.strip() for cell in row[width:])
        if is_data and not is_cut and (len(row) < width or has_extra):
            findings.add(
                "The row has another number of cells than the headings.",
                row=i + 1,
                found=f"{len(row)} cells",
                expected=f"{width}",
            )


def _select_rows(
    match: Match,
    lines: Sequence[tuple[int, list[str]]],
    key_place: int,
    findings: Findings,
) -> list[tuple[int, list[str]]]:
    values = [p for id_, p in match.places.items() if id_ not in (CODE, NAME) and p != key_place]
    values += match.axes
    is_code = [bool(CODE_PATTERN.fullmatch(row[key_place].strip())) for _, row in lines]
    last = max((n for n, good in enumerate(is_code) if good), default=-1)
    kept = []
    for n, (i, row) in enumerate(lines):
        key = row[key_place].strip()
        if is_code[n]:
            kept.append((i, row))
            continue
        has_values = any(row[place].strip() for place in values)
        is_note = n > last >= 0 and " " in key and len(key) > LONGEST_CODE
        if key and not is_note and (has_values or n < last):
            kept.append((i, row))
        elif has_values and n < last:
            findings.add("The row has values but no area code.", row=i + 1)
        elif has_values and last >= 0 and not is_note:
            findings.warnings.append(
                f"{findings.file}: row {i + 1} under the data has no area code and was left out."
            )
    return kept


def _filter_rows(
    match: Match, lines: Sequence[tuple[int, list[str]]], findings: Findings
) -> list[tuple[int, list[str]]]:
    """Take the rows that the layout asks for, and tell how many breakdowns were left out."""
    kept = list(lines)
    if not (match.form.layout.keep or match.form.layout.leave_out):
        return kept
    for n, accepted in enumerate(match.form.layout.keep.values()):
        wanted = {fold_heading(text) for text in accepted}
        place = match.places[f"{KEEP}{n}"]
        kept = [(i, row) for i, row in kept if fold_heading(row[place]) in wanted]
    broken_down = [p for id_, p in match.places.items() if id_.startswith(LEAVE_OUT)]
    whole = [(i, row) for i, row in kept if not any(row[p].strip() for p in broken_down)]
    if len(whole) < len(kept):
        names = " or ".join(f"'{match.headings[p].strip()}'" for p in broken_down)
        findings.notes.append(
            f"{findings.file}: {len(kept) - len(whole):,} rows left out: they break a figure down "
            f"by {names}."
        )
    return whole
