"""A programme over several areas: its file read, checked and put on days."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from pydantic import ValidationError

from cip.catalogue.programme import load_programme_plan
from cip.errors import ParameterError
from cip.framework.programme_checks import find_mistakes, list_warnings
from cip.framework.programme_model import AreaEntry, Programme
from cip.framework.programme_plan import AreaPlan, ProgrammeFile, Stage, add_months
from cip.params import load_params
from cip.yaml_file import describe_error, read_yaml, to_plain, walk_lines

__all__ = ["AreaPlan", "ProgrammeFile", "Stage", "list_warnings", "load_programme"]


def load_programme(path: str | Path) -> ProgrammeFile:
    """Read and check a programme file.

    An area whose parameter file cannot be used keeps its reasons; the others go on.

    Raises
    ------
    ParameterError
        With every problem of the programme file at once, each with its line: unknown keys (and the
        nearest known one), days in another form, stages that overlap, run backwards or stand
        twice, an area that stands twice.
    """
    path = Path(path)
    raw = read_yaml(path)
    lines = dict(walk_lines(raw))
    try:
        programme = Programme.model_validate(to_plain(raw))
    except ValidationError as error:
        problems = [describe_error(path, lines, item, Programme) for item in error.errors()]
        raise ParameterError(sorted(problems, key=lambda p: p.line or 0)) from None
    areas = [_read_area(path, entry) for entry in programme.areas]
    plans = [AreaPlan(*who, entry, _date_stages(entry), *rest)
             for entry, (who, rest) in zip(programme.areas, areas, strict=True)]  # fmt: skip
    file = ProgrammeFile(path, programme, tuple(plans), lines)
    problems = sorted(find_mistakes(file), key=lambda p: p.line or 0)
    if problems:
        raise ParameterError(problems)
    return file


def _read_area(path: Path, entry: AreaEntry) -> tuple[tuple[str, str], tuple]:
    """Return id and title, then the parameter file and why it cannot be used."""
    if entry.params is None:
        return (str(entry.id), entry.title or str(entry.id)), (None, ())
    target = path.parent / entry.params
    try:
        params = load_params(target).params
    except ParameterError as error:
        stem = entry.params.stem
        return (stem, stem), (target, tuple(error.problems))
    return (params.id, params.title), (target, ())


def _date_stages(entry: AreaEntry) -> tuple[Stage, ...]:
    """Return the stages with their days; one without a first day begins after the one before."""
    stages: list[Stage] = []
    for item in entry.stages:
        start = item.start
        if start is None:
            if not stages:
                break  # nothing to count from; told as a mistake
            start = stages[-1].end + timedelta(days=1)
        months = load_programme_plan().stages[item.stage].months
        planned = add_months(start, months) - timedelta(days=1)
        stages.append(Stage(item.stage, start, item.end or planned, planned, item))
    return tuple(stages)
