"""Respondents who are in a file twice: the same id, or the same row at the same time."""

from __future__ import annotations

from cip.engagement.survey_columns import SurveyColumns
from cip.engagement.survey_exports import Export
from cip.engagement.survey_forms import fold_label
from cip.engagement.survey_mapping import SurveyFile


def find_duplicates(export: Export, columns: SurveyColumns) -> list[int]:
    """Return the rows that repeat one above them.

    Two people may well give the same answers, so an identical row is a repeat only where the file
    says when it was filled in. Where an id comes again with other answers, the first row counts.
    """
    seen_ids: set[str] = set()
    seen_rows: set[tuple[str, ...]] = set()
    doubles = []
    for row, cells in export.rows:
        key = _find_id(cells, columns)
        whole = tuple(
            cell.strip() for place, cell in enumerate(cells) if place != columns.respondent_id
        )
        is_double = key != "" and key in seen_ids
        if columns.timestamp is not None and _cell(cells, columns.timestamp):
            is_double |= whole in seen_rows
            seen_rows.add(whole)
        if is_double:
            doubles.append(row)
        seen_ids.add(key)
    return doubles


def list_ids(export: Export, columns: SurveyColumns, entry: SurveyFile) -> set[str]:
    """Return the ids that a mapping file declares, to see whether waves share people.

    The tool's own numbers begin anew in each export and say nothing about people.
    """
    own = fold_label(entry.respondent_id or "")
    if not own or own == fold_label(export.form.respondent_id):
        return set()
    return {key for _, cells in export.rows if (key := _find_id(cells, columns))}


def _find_id(cells: list[str], columns: SurveyColumns) -> str:
    return "" if columns.respondent_id is None else _cell(cells, columns.respondent_id)


def _cell(cells: list[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""
