"""Who agreed to which version of the profile, and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from cip.catalogue.publishing import load_sign_off_rule
from cip.errors import Problem, find_nearest
from cip.inputs import Column, read_table

AGREED, NOT_AGREED = "agreed", "not agreed"


@dataclass(frozen=True)
class SignOff:
    """Whether a version is signed off.

    Parameters
    ----------
    agreed_on
        The day on which the chair agreed to it; None while that has not happened.
    agreed_by
        The chair's role and organisation.
    others_against
        Roles and organisations whose latest decision on the version is not to agree.
    problems
        Why it does not count as signed off.
    """

    agreed_on: date | None
    agreed_by: str
    others_against: tuple[str, ...]
    problems: tuple[Problem, ...]


def list_sign_off_columns() -> dict[str, Column]:
    """Return the columns of ``sign_off.csv``."""
    return {
        "role": Column(
            required=True,
            privacy="role",
            description="Role of whoever decides, such as 'Chair of the steering group'.",
        ),
        "organisation": Column(required=True, privacy="role", description="Their organisation."),
        "version": Column(
            required=True,
            privacy="no_contact",
            description="Version that it is about, as publication: version: has it.",
        ),
        "decision": Column(
            kind="choice",
            required=True,
            choices=(AGREED, NOT_AGREED),
            description="What was decided.",
        ),
        "on": Column(kind="date", required=True, description="Day of the decision."),
        "note": Column(privacy="role", description="What it was agreed for, or on what condition."),
    }


def read_sign_off(path: Path) -> pd.DataFrame:
    """Read the decisions.

    Returns
    -------
    DataFrame
        One row per decision, in the order of the file: the declared columns and ``row``.

    Raises
    ------
    ParameterError
        With every problem of the file, among them two decisions of one role on one version and
        day.
    """
    return read_table(path, list_sign_off_columns(), check=_check)


def _check(table: pd.DataFrame) -> Iterator[Problem]:
    rows: dict[tuple, int] = {}
    for item in table.itertuples():
        key = (item.role, item.organisation, item.version, item.on)
        if any(pd.isna(part) for part in key):
            continue
        folded = tuple(part.casefold() if isinstance(part, str) else part for part in key)
        row = int(item.row)
        if (other := rows.setdefault(folded, row)) != row:
            message = f"this role decided on this version on this day in row {other} already"
            yield Problem(message, row=row, column="decision")


def judge_sign_off(
    decisions: pd.DataFrame | None, version: str, *, today: date, path: Path | None = None
) -> SignOff:
    """Return whether a version is signed off, by the rule of ``catalogue/publishing.toml``.

    Parameters
    ----------
    decisions
        As :func:`read_sign_off` gives it; None where no file is given.
    version
        The version that is to be published.
    today
        Day of the report: a later decision does not count.
    path
        The file, for messages.
    """
    if decisions is None:
        message = f"nobody's decision on version {version} is recorded"
        expected = "a file of decisions under inputs: sign_off: in the parameter file"
        return SignOff(None, "", (), (Problem(message, file=path, expected=expected),))
    own = decisions[decisions["version"] == version]
    late = own[own["on"] > pd.Timestamp(today)]
    problems = [_describe_late(item, path, today) for item in late.itertuples()]
    own = own.drop(index=late.index)
    names = own["role"].str.casefold() + "\n" + own["organisation"].str.casefold()
    latest = own.assign(who=names).sort_values("on", kind="stable").groupby("who").tail(1)
    is_chair = latest["role"].map(load_sign_off_rule().is_chair).astype(bool)
    agreed = latest["decision"] == AGREED
    chairs = latest[is_chair & agreed]
    others = latest[~agreed]
    against = tuple(f"{item.role}, {item.organisation}" for item in others.itertuples())
    if chairs.empty:
        refused = latest[is_chair & ~agreed]
        problems.append(_describe_missing(decisions, version, refused, path))
        return SignOff(None, "", against, tuple(problems))
    first = chairs.iloc[-1]
    signed_by = f"{first['role']}, {first['organisation']}"
    return SignOff(first["on"].date(), signed_by, against, tuple(problems))


def _describe_late(item, path: Path | None, today: date) -> Problem:
    return Problem(
        "the day of this decision has not come yet, so it does not count",
        file=path,
        row=int(item.row),
        column="on",
        found=f"{item.on:%Y-%m-%d}",
        expected=f"a day up to the report's, {today.isoformat()}",
    )


def _describe_missing(
    decisions: pd.DataFrame, version: str, refused: pd.DataFrame, path: Path | None
) -> Problem:
    if len(refused):
        message = f"the chair did not agree to version {version}"
        return Problem(message, file=path, row=int(refused.iloc[-1]["row"]), column="decision")
    versions = list(dict.fromkeys(decisions["version"]))
    return Problem(
        f"version {version} is not signed off by the steering group's chair",
        file=path,
        found=f"decisions on version {', '.join(versions)}" if versions else "no decision",
        expected=f"a row whose role is a chair's, with version {version} and '{AGREED}'",
        nearest=None if version in versions else find_nearest(version, versions),
    )
