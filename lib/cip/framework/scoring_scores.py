"""Marks of scorers, and marks that a panel agreed on in moderation: CSV files beside ``scoring.yml``.

Scorers' notes are working papers: they are never handed on from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from cip.errors import ParameterError, Problem, find_nearest
from cip.framework.action_reading import find_other_days
from cip.framework.scoring_checks import check_scoring
from cip.framework.scoring_model import AGREED, SCORES, Round, ScoringFile, load_scoring
from cip.inputs import Column, find_person, read_table

_KEY = ("applicant", "scorer", "criterion")


@dataclass(frozen=True)
class ScoredRounds:
    """Rounds with their marks.

    Parameters
    ----------
    file
        What ``scoring.yml`` declares.
    marks
        One row per round x applicant x scorer x criterion that was scored: ``round, applicant,
        scorer, criterion, mark``.
    agreed
        One row per round x applicant x criterion that a panel settled: ``round, applicant,
        criterion, mark, by, on, reason``.
    """

    file: ScoringFile
    marks: pd.DataFrame = field(repr=False)
    agreed: pd.DataFrame = field(repr=False)


def list_score_columns() -> dict[str, Column]:
    """Return the columns of a file of scores."""
    return {
        "applicant": Column(required=True, description="Id of the applicant in scoring.yml."),
        "scorer": Column(required=True, description="Id of the scorer in scoring.yml."),
        "criterion": Column(required=True, description="Id of the criterion."),
        "score": Column(kind="integer", required=True, description="The mark."),
        "note": Column(description="For the panel alone; it is never published."),
    }


def list_agreed_columns() -> dict[str, Column]:
    """Return the columns of a file of marks that were agreed in moderation."""
    return {
        "applicant": Column(required=True, description="Id of the applicant in scoring.yml."),
        "criterion": Column(required=True, description="Id of the criterion."),
        "mark": Column(kind="integer", required=True, description="The mark that was agreed."),
        "by": Column(required=True, privacy="role", description="Panel or role that agreed."),
        "on": Column(kind="date", required=True, description="Day, as year-month-day."),
        "reason": Column(required=True, privacy="role", description="Why this mark."),
    }


def read_scoring(path: Path, *, recommendations: Iterable[str] | None = None) -> ScoredRounds:
    """Read ``scoring.yml`` and the files that it names.

    Parameters
    ----------
    recommendations
        Ids that rounds may name; None where there is no list to check against.

    Raises
    ------
    ParameterError
        With every problem of all these files at once: weights that do not add up, ids that are
        unknown (with the nearest), a scorer who scored twice or with a conflict of interest,
        marks outside the scale, marks that are missing although the round is decided.
    """
    file = load_scoring(path)
    problems = check_scoring(file, recommendations)
    marks, found = _read_all(file, SCORES)
    # Where a cell cannot be read its mark would seem to be missing as well.
    found += [] if found else _find_missing(file, marks)
    problems += found
    agreed, found = _read_all(file, AGREED)
    problems += found
    problems += _find_doubles(marks, _KEY, "this scorer has scored this already")
    problems += _find_doubles(agreed, _KEY[::2], "this mark has been agreed already")
    if problems:
        raise ParameterError(problems)
    marks = marks.rename(columns={"score": "mark"})
    return ScoredRounds(
        file,
        marks[["round", *_KEY, "mark"]].reset_index(drop=True),
        agreed[["round", *list_agreed_columns()]].reset_index(drop=True),
    )


def read_marks(path: Path, one: Round) -> tuple[pd.DataFrame, list[Problem]]:
    """Read one file of scores of a round: its rows as far as they are readable, and its problems."""
    return _read_file(path, list_score_columns(), lambda table: _check_marks(table, one))


def read_agreed(path: Path, one: Round) -> tuple[pd.DataFrame, list[Problem]]:
    """Read one file of agreed marks of a round: its readable rows, and its problems."""
    return _read_file(path, list_agreed_columns(), lambda table: _check_agreed(table, one))


def list_missing(marks: pd.DataFrame, one: Round) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return which criteria have no mark, for each scorer and applicant who should have them.

    Parameters
    ----------
    marks
        One row per mark of this round.
    """
    given = set(zip(marks["applicant"], marks["scorer"], marks["criterion"], strict=True))
    criteria = [criterion.id for criterion in one.list_criteria()]
    found = []
    for applicant in one.applicants:
        for scorer in one.scorers:
            if scorer.absent is not None or one.has_conflict(scorer.id, applicant.id):
                continue
            left = tuple(c for c in criteria if (applicant.id, scorer.id, c) not in given)
            if left:
                found.append((applicant.id, scorer.id, left))
    return found


def _read_all(file: ScoringFile, holds: str) -> tuple[pd.DataFrame, list[Problem]]:
    columns = list_score_columns() if holds == SCORES else list_agreed_columns()
    parts, problems = [], []
    for _, named in file.list_files(holds):
        one, path = file.rounds.get(named.round or ""), file.resolve(named)
        if one is None or not path.is_file():
            continue  # Told with its line.
        table, found = (read_marks if holds == SCORES else read_agreed)(path, one)
        parts.append(table.assign(round=one.id, file=str(path)))
        problems += found
    empty = pd.DataFrame({name: pd.Series(dtype="str") for name in ("round", "file", *columns)})
    return (pd.concat(parts, ignore_index=True) if parts else empty.assign(row=0)), problems


def _read_file(
    path: Path, columns: Mapping[str, Column], check: object
) -> tuple[pd.DataFrame, list[Problem]]:
    held = [pd.DataFrame({name: pd.Series(dtype="str") for name in (*columns, "row")})]

    def keep(table: pd.DataFrame) -> Iterator[Problem]:
        held.append(table)
        yield from check(table)  # type: ignore[operator]
        yield from find_other_days(path, dict(columns))

    try:
        return read_table(path, columns, check=keep), []
    except ParameterError as error:
        return held[-1], [_hide(problem) for problem in error.problems]


def _hide(problem: Problem) -> Problem:
    is_person = problem.found is not None and find_person(problem.found)
    return replace(problem, found=None) if is_person else problem


def _check_marks(table: pd.DataFrame, one: Round) -> Iterator[Problem]:
    scorers = {scorer.id: scorer for scorer in one.scorers}
    for item in table.itertuples():
        row = int(item.row)
        yield from _check_names(item, row, one)
        if pd.isna(item.scorer) or pd.isna(item.applicant):
            continue
        if item.scorer not in scorers:
            yield _find_unknown("scorer", item.scorer, row, scorers)
        elif (why := scorers[item.scorer].absent) is not None:
            message = "this scorer is declared absent, so no mark may be here"
            yield Problem(message, row=row, column="scorer", found=item.scorer, expected=why)
        if one.has_conflict(item.scorer, item.applicant):
            message = "this scorer has a declared conflict of interest with this applicant"
            expected = "no mark; take the row out"
            yield Problem(
                message,
                row=row,
                column="scorer",
                found=f"{item.scorer}, {item.applicant}",
                expected=expected,
            )
        yield from _check_mark(item.score, row, "score", one)


def _check_agreed(table: pd.DataFrame, one: Round) -> Iterator[Problem]:
    for item in table.itertuples():
        row = int(item.row)
        yield from _check_names(item, row, one)
        yield from _check_mark(item.mark, row, "mark", one)
        if one.decided_on and pd.notna(item.on) and item.on.date() > one.decided_on:
            message = "this was agreed after the round was decided"
            found = item.on.date().isoformat()
            yield Problem(message, row=row, column="on", found=found)


def _check_names(item, row: int, one: Round) -> Iterator[Problem]:
    known = {
        "applicant": list(one.name_applicants()),
        "criterion": [criterion.id for criterion in one.list_criteria()],
    }
    for name, ids in known.items():
        value = getattr(item, name)
        if pd.notna(value) and value not in ids:
            yield _find_unknown(name, value, row, ids)


def _find_unknown(name: str, value: str, row: int, known: Iterable[str]) -> Problem:
    names = list(known)
    return Problem(
        f"scoring.yml has no such {name} in this round",
        row=row,
        column=name,
        found=value,
        expected=f"one of: {', '.join(names)}" if names else None,
        nearest=find_nearest(value, names),
    )


def _check_mark(mark: object, row: int, column: str, one: Round) -> Iterator[Problem]:
    scale = one.find_scale()
    if pd.notna(mark) and not scale.least <= int(mark) <= scale.most:  # type: ignore[call-overload]
        message = "this mark is outside the scale"
        expected = f"a whole number from {scale.least} to {scale.most}"
        yield Problem(message, row=row, column=column, found=f"{mark}", expected=expected)


def _find_doubles(table: pd.DataFrame, names: Iterable[str], message: str) -> Iterator[Problem]:
    key = list(names)
    first: dict[tuple[str, ...], tuple[str, int]] = {}
    for item in table[table[key].notna().all(axis=1)].to_dict("records"):
        place = (item["file"], int(item["row"]))
        found = first.setdefault((item["round"], *(item[name] for name in key)), place)
        if found != place:
            where = f"row {found[1]}"
            where += f" of {Path(found[0]).name}" if found[0] != place[0] else ""
            problem = Problem(
                f"{message}, in {where}",
                file=item["file"],
                row=place[1],
                column=key[-1],
                found=", ".join(item[name] for name in key),
                expected="one mark",
            )
            yield _hide(problem)


def _find_missing(file: ScoringFile, marks: pd.DataFrame) -> Iterator[Problem]:
    """Yield what is missing in rounds that are decided; open rounds may be half scored."""
    for place, one in enumerate(file.scoring.rounds):
        if not one.is_decided:
            continue
        named = file.list_files(SCORES, one.id)
        where = file.resolve(named[0][1]) if named else file.path
        line = None if named else file.find_line("rounds", place)
        for applicant, scorer, left in list_missing(marks[marks["round"] == one.id], one):
            yield Problem(
                f"the round '{one.id}' is decided, but '{scorer}' has not scored '{applicant}' "
                f"on {', '.join(left)}",
                file=where,
                line=line,
                expected="every mark, a conflict of interest, or 'absent' with the reason",
            )
