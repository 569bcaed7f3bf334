"""How far a profile is on its way to publication, and what a final version is refused for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from cip.errors import ParameterError, Problem
from cip.inputs import Column, write_form
from cip.params import ParameterFile
from cip.summary.comments import list_comment_columns, read_comments
from cip.summary.publishing import (
    build_publishing,
    list_publishing_columns,
    read_publishing,
    write_publishing_form,
)
from cip.summary.publishing_checks import CheckResult
from cip.summary.sign_off import SignOff, judge_sign_off, list_sign_off_columns, read_sign_off

DRAFT, FOR_REVIEW, FINAL = "draft", "for review", "final"
_INPUTS = ("publishing", "comments", "sign_off")

#: What writes the form of each input, by the input's name in the parameter file.
FORMS: dict[str, Callable[[Path], Path]] = {
    "publishing": write_publishing_form,
    "comments": lambda path: write_form(path, list_comment_columns()),
    "sign_off": lambda path: write_form(path, list_sign_off_columns()),
}
#: What the columns of each form mean.
COLUMNS: dict[str, Callable[[], Mapping[str, Column]]] = {
    "publishing": list_publishing_columns,
    "comments": list_comment_columns,
    "sign_off": list_sign_off_columns,
}


@dataclass(frozen=True, kw_only=True)
class Review:
    """What the team, the reviewers and the steering group put on record; None where nothing is.

    Parameters
    ----------
    answers
        Answers to the publishing checklist.
    comments
        Comments, with what they say: working papers, never to be written out.
    decisions
        Decisions on versions.
    files
        The files by their names in the parameter file.
    unread
        Those of them that could not be read: what they say is not known, which is not the same
        as nothing.
    """

    answers: pd.DataFrame | None = field(default=None, repr=False)
    comments: pd.DataFrame | None = field(default=None, repr=False)
    decisions: pd.DataFrame | None = field(default=None, repr=False)
    files: Mapping[str, Path] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """How far a version is.

    Parameters
    ----------
    version, status
        As the parameter file says.
    checklist
        One row per item (`cip.summary.publishing.build_publishing`).
    sign_off
        Who agreed.
    problems
        Everything that a final version is refused for, in the order of the checklist, then what
        the profile itself lacks.
    """

    version: str
    status: str
    checklist: pd.DataFrame = field(repr=False)
    sign_off: SignOff
    problems: tuple[Problem, ...]

    @property
    def is_ready(self) -> bool:
        """Whether nothing that was looked at is missing."""
        return not self.problems

    @property
    def missing(self) -> pd.DataFrame:
        """What is missing: one row per problem, ``what, where, expected``, without any comment."""
        rows = [
            {"what": p.message, "where": _write_place(p), "expected": p.expected or ""}
            for p in self.problems
        ]
        return pd.DataFrame(rows, columns=["what", "where", "expected"], dtype="str")


def _write_place(problem: Problem) -> str:
    """Return file and row of a problem, without the folders that the file lies in."""
    name = Path(problem.file).name if problem.file is not None else ""
    parts = [name] if name else []
    parts += [f"line {problem.line}"] if problem.line is not None else []
    parts += [f"row {problem.row}"] if problem.row is not None else []
    parts += [f"column '{problem.column}'"] if problem.column else []
    return ", ".join(parts)


def read_review(file: ParameterFile, *, anchors: Collection[str]) -> Review:
    """Read the checklist's answers, the comments and the decisions.

    Parameters
    ----------
    anchors
        What comments can refer to (`cip.summary.comments.list_anchors`).

    Raises
    ------
    ParameterError
        With every problem of the three files at once.
    """
    review, problems = load_review(file, anchors=anchors)
    if problems:
        raise ParameterError(problems)
    return review


def load_review(file: ParameterFile, *, anchors: Collection[str]) -> tuple[Review, list[Problem]]:
    """Read what can be read of the three files, and return what is wrong with the others.

    Parameters
    ----------
    anchors
        As for :func:`read_review`.
    """
    readers: dict[str, Callable[[Path], pd.DataFrame]] = {
        "publishing": read_publishing,
        "comments": lambda path: read_comments(path, anchors=anchors),
        "sign_off": read_sign_off,
    }
    paths = {name: path for name in _INPUTS if (path := file.resolve_input(name)) is not None}
    tables: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for name, path in paths.items():
        try:
            tables[name] = readers[name](path)
        except ParameterError as error:
            problems += error.problems
    review = Review(
        answers=tables.get("publishing"),
        comments=tables.get("comments"),
        decisions=tables.get("sign_off"),
        files=paths,
        unread=frozenset(paths) - frozenset(tables),
    )
    return review, problems


def judge_review(file: ParameterFile, review: Review, *, today: date) -> SignOff:
    """Return whether the version of the parameter file is signed off."""
    version, path = file.params.publication.version, review.files.get("sign_off")
    return judge_sign_off(review.decisions, version, today=today, path=path)


def judge_publication(
    file: ParameterFile,
    review: Review,
    checks: Sequence[CheckResult],
    *,
    today: date,
    is_synthetic: bool,
    found: Sequence[Problem] = (),
) -> Readiness:
    """Return what is still missing before the profile can be final, whatever its status is.

    Parameters
    ----------
    file
        The parameter file: version, status, date of the report, kind of profile.
    review
        What is on record.
    checks
        What the workbook has looked at (`cip.summary.publishing_checks`).
    today
        Day of the report.
    is_synthetic
        Whether the store holds invented figures.
    found
        Problems found elsewhere, such as those of the narrative.

    Notes
    -----
    A file that could not be read has problems of its own; that nothing stands in it is none.
    """
    publication = file.params.publication
    checks = [check for check in checks if check.check not in review.unread]
    checklist, problems = build_publishing(
        review.answers, checks, today=today, path=review.files.get("publishing")
    )
    if "publishing" in review.unread:
        problems = [problem for check in checks for problem in check.problems]
    problems += [*found, *_check_parameters(file, is_synthetic)]
    return Readiness(
        version=publication.version,
        status=publication.status,
        checklist=checklist,
        sign_off=judge_review(file, review, today=today),
        problems=tuple(dict.fromkeys(problems)),
    )


def _check_parameters(file: ParameterFile, is_synthetic: bool) -> list[Problem]:
    problems = []
    if file.params.report_date is None:
        message = "a final version needs a date, from which it can be built again"
        expected = "report_date: with the day of publication"
        problems.append(Problem(message, file=file.path, expected=expected))
    if is_synthetic and file.params.profile_kind != "demonstration":
        problems.append(
            Problem(
                "figures that are invented can be final only as a demonstration",
                file=file.path,
                line=file.find_line("profile_kind"),
                found=file.params.profile_kind,
                expected="demonstration, or a store of published figures",
            )
        )
    return problems


def refuse_final(readiness: Readiness) -> None:
    """Stop a version that calls itself final and is not ready; others pass.

    Raises
    ------
    ParameterError
        With everything that is missing, each with its file and line or row.
    """
    if readiness.status == FINAL and readiness.problems:
        raise ParameterError(readiness.problems)
