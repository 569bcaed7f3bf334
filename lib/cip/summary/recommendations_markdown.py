"""Recommendations as a folder of Markdown files: the columns of the table as lines in front."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from cip.engagement.case_markdown import check_markdown
from cip.errors import ParameterError, Problem, find_nearest
from cip.inputs.columns import CellError, read_cell
from cip.inputs.files import read_bytes
from cip.summary.narrative_front import split_front
from cip.summary.recommendations_columns import (
    Recommendation,
    list_recommendation_columns,
    make_recommendations,
)

LARGEST_BYTES = 60_000
_EXPECTED = "a line of three hyphens, lines such as 'id: warm-homes', and three hyphens again"
#: Lists within lists within lists take the parser long.
_MOST_BRACKETS = 40
#: What the text below the lines in front is.
BODY = "recommendation"
Check = Callable[[pd.DataFrame], Iterator[Problem]]


@dataclass
class _Page:
    """One file: its cells as they were typed, and the line of each."""

    file: str
    cells: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_folder(folder: Path, check: Check) -> list[Recommendation]:
    """Read a folder of ``.md`` files, one recommendation each, in the order of their names.

    Parameters
    ----------
    check
        Rules between the cells; see `cip.inputs.read_table`. ``row`` is the place of the file.

    Raises
    ------
    ParameterError
        With every problem of every file, by line.
    """
    paths = sorted(path for path in folder.iterdir() if path.suffix.casefold() == ".md")
    if not paths:
        expected = "one .md file for each recommendation"
        raise ParameterError(Problem("this folder is empty", file=folder, expected=expected))
    pages = [_read_page(path) for path in paths]
    values = [_read_cells(page) for page in pages]
    columns = list_recommendation_columns()
    table = pd.DataFrame(values, columns=[*columns]).astype("object")
    table["agreed_on"] = pd.to_datetime(table["agreed_on"])
    table["row"] = range(1, len(pages) + 1)
    for problem in check(table):
        page = pages[(problem.row or 1) - 1]
        line = page.lines.get(problem.column or "")
        if all(told.column != problem.column for told in page.problems):
            message = _name_file(problem.message, pages)
            page.problems.append(replace(problem, message=message, row=None, line=line))
    problems = [replace(one, file=page.file) for page in pages for one in page.problems]
    if problems:
        raise ParameterError(problems)
    parts = zip(pages, table.itertuples(index=False), strict=True)
    return [_make_one(page, row._asdict()) for page, row in parts]


def _name_file(message: str, pages: list[_Page]) -> str:
    """Return a message with the name of a file where it names a row."""
    return re.sub(r"\brow (\d+)\b", lambda match: pages[int(match[1]) - 1].file, message)


def _make_one(page: _Page, cells: Mapping[str, Any]) -> Recommendation:
    made = make_recommendations(pd.DataFrame([cells]), page.file)[0]
    return replace(made, line=page.lines.get("cites") or page.lines.get(BODY, 1))


def _read_page(path: Path) -> _Page:
    page = _Page(f"{path.parent.name}/{path.name}")
    try:
        text = read_bytes(path, LARGEST_BYTES).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        page.problems.append(Problem("this is not text in UTF-8"))
        return page
    except ParameterError as error:
        page.problems += error.problems
        return page
    front, body, first_line = split_front(text)
    if front is None or sum(map(front.count, "[{")) > _MOST_BRACKETS:
        page.problems.append(Problem("no lines stand in front of the text", expected=_EXPECTED))
        return page
    _take_keys(page, front)
    if body.strip():
        _take_body(page, body, first_line)
    return page


def _take_keys(page: _Page, front: str) -> None:
    try:
        raw = YAML(typ="safe", pure=True).load(front)
    except (YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark is not None else None
        page.problems.append(Problem("this is not valid YAML", line=line, expected=_EXPECTED))
        return
    if not isinstance(raw, dict):
        page.problems.append(Problem("these lines hold no keys", expected=_EXPECTED))
        return
    known = list_recommendation_columns()
    for key, value in raw.items():
        line = _find_line(front, str(key))
        if key not in known:
            near = find_nearest(str(key), known)
            page.problems.append(Problem("this key is not known", line=line, nearest=near))
        elif (text := _write_cell(value)) is None:
            message = f"'{key}' is neither text nor a list of words"
            page.problems.append(Problem(message, line=line, column=str(key)))
        else:
            page.cells[key], page.lines[key] = text, line


def _take_body(page: _Page, body: str, line: int) -> None:
    if page.cells.get(BODY):
        message = "the recommendation stands twice: in front and below"
        page.problems.append(Problem(message, line=line, column=BODY))
    page.cells[BODY], page.lines[BODY] = body.strip(), line
    page.problems += check_markdown(body, line)


def _find_line(front: str, key: str) -> int:
    match = re.search(rf"^[\"']?{re.escape(key)}[\"']?[ \t]*:", front, re.MULTILINE)
    return front.count("\n", 0, match.start()) + 2 if match else 1


def _write_cell(value: object) -> str | None:
    """Return a value of YAML as a cell of a table would hold it, or None where none would."""
    if value is None:
        return ""
    if isinstance(value, list):
        parts = [_write_cell(item) for item in value]
        return "; ".join(map(str, parts)) if all(isinstance(item, str) for item in value) else None
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, str | date | int | float) and not isinstance(value, bool):
        return str(value).strip()
    return None


def _read_cells(page: _Page) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, column in list_recommendation_columns().items():
        values[name] = None
        if page.problems and name not in page.cells and not page.cells:
            continue  # Nothing of the file could be read; one message is enough.
        try:
            text = page.cells.get(name, "")
            values[name] = read_cell(text.replace("\n", " ") if name != BODY else text, column)
        except CellError as error:
            line = page.lines.get(name)
            message = error.problem.message
            if name not in page.cells and column.required:
                message = f"the line '{name}:' is missing"
            page.problems.append(replace(error.problem, message=message, line=line, column=name))
    return values
