"""What the workbook looks at by itself before a profile is final: tables, never people's judgement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pandas as pd

from cip.assets.public_names import find_person_in_name
from cip.catalogue.publishing import CheckName
from cip.errors import Problem
from cip.evidence.citing import FINDING, check_cited
from cip.inputs import find_person
from cip.summary.comments import find_gone, find_unanswered
from cip.summary.fallen import is_step
from cip.summary.sign_off import SignOff

_RECOMMENDATION = "recommendation"
#: Columns of the register that people write freely; contact pages are addresses of the web.
_NAMED_COLUMNS, _WRITTEN_COLUMNS = ("name", "address"), ("opening", "cost", "serves", "detail")


@dataclass(frozen=True)
class CheckResult:
    """What one check found.

    Parameters
    ----------
    check
        Its name, as the checklist has it.
    words
        What was found, as a sentence.
    problems
        What is wrong, each with its place where it has one.
    """

    check: CheckName
    words: str
    problems: tuple[Problem, ...] = ()

    @property
    def is_met(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


@dataclass(frozen=True, kw_only=True)
class Made:
    """What the chapters handed over, as far as it was made; a table that was not is None.

    Parameters
    ----------
    evidence, findings, recommendations, citations
        The ledger and the tables of `cip.schemas.summary`.
    assets, quotes, case_studies
        Tables of chapters 03 and 04.
    comments
        As `cip.summary.comments.read_comments` gives them.
    sign_off
        As `cip.summary.sign_off.judge_sign_off` gives it.
    files
        The community's own files, by their names in the parameter file, for messages.
    """

    evidence: pd.DataFrame
    citations: pd.DataFrame
    recommendations: pd.DataFrame | None = None
    findings: pd.DataFrame | None = None
    assets: pd.DataFrame | None = None
    quotes: pd.DataFrame | None = None
    case_studies: pd.DataFrame | None = None
    comments: pd.DataFrame | None = None
    sign_off: SignOff
    files: Mapping[str, Path] = field(default_factory=dict)


def check_machine_items(made: Made, *, today: date) -> list[CheckResult]:
    """Return what the checks of tables found; those of pages and PDFs follow when they exist.

    Parameters
    ----------
    made
        What the chapters handed over.
    today
        Day of the report: consent and clearance may not be later.

    Returns
    -------
    list of CheckResult
        One per check, in the order of the checklist.
    """
    return [
        _check_comments(made),
        _check_citations(made),
        _check_assets(made),
        _check_quotes(made, today),
        _check_stories(made, today),
        _check_recommendations(made),
        _check_sign_off(made),
    ]


def _check_comments(made: Made) -> CheckResult:
    path = made.files.get("comments")
    if made.comments is None or path is None:
        message = "no comments on the draft were given, nor said that there were none"
        expected = "a file under inputs: comments: in the parameter file; headings alone say none"
        return CheckResult(
            "comments", "No file of comments is given.", (Problem(message, expected=expected),)
        )
    problems = (*find_unanswered(made.comments, path), *find_gone(made.comments, path))
    answered, number = int(made.comments["is_answered"].sum()), len(made.comments)
    words = f"{answered} of {number} comments are answered." if number else "Nobody commented."
    gone = int((~made.comments["is_there"]).sum())
    return CheckResult("comments", words + _say(gone, "refer to something that is gone"), problems)


def _check_citations(made: Made) -> CheckResult:
    problems = tuple(find_uncitable(made.citations, made.evidence, made.findings))
    cited = made.citations["evidence_id"].nunique()
    words = f"{cited} pieces of evidence are cited."
    return CheckResult("suppressed", words + _say(len(problems), "cannot be cited"), problems)


def find_uncitable(
    citations: pd.DataFrame, evidence: pd.DataFrame, findings: pd.DataFrame | None = None
) -> Iterator[Problem]:
    """Yield a problem for each citation of a number that is withheld, or of what is not there.

    Parameters
    ----------
    citations
        One row per citation: ``citing_id, citing_title, evidence_id, file, line``.
    evidence
        The ledger.
    findings
        One row per finding that can be cited: ``finding_id``.

    Notes
    -----
    Steps of the chain besides findings, such as recommendations, are not evidence and not looked
    at here.
    """
    names = () if findings is None else tuple(findings["finding_id"])
    # An action that cites a recommendation, or an outcome an action, is checked by its reader.
    cited = [
        one for one in citations["evidence_id"] if not is_step(one) or one.startswith(f"{FINDING}:")
    ]
    found = dict(check_cited(cited, evidence, findings=names))
    for item in citations[citations["evidence_id"].isin(found)].itertuples():
        problem = found[item.evidence_id]
        message = f"{item.citing_kind} '{item.citing_title}': {problem.message}"
        yield replace(problem, message=message, **_place(item))


def _place(item) -> dict[str, object]:
    """Return the place of a citation: a row of a table, or a line of a text."""
    if pd.isna(item.file) or not item.file:
        return {}
    number = None if pd.isna(item.line) else int(item.line)
    is_table = str(item.file).casefold().endswith((".csv", ".xlsx"))
    return {"file": item.file, ("row" if is_table else "line"): number}


def _check_assets(made: Made) -> CheckResult:
    if made.assets is None:
        return CheckResult("assets", "No register of assets is published.")
    problems = tuple(_find_persons(made.assets))
    words = f"{len(made.assets):,} assets were looked at."
    return CheckResult("assets", words + _say(len(problems), "hold personal details"), problems)


def _find_persons(assets: pd.DataFrame) -> Iterator[Problem]:
    finders = dict.fromkeys(_NAMED_COLUMNS, find_person_in_name)
    finders |= dict.fromkeys(_WRITTEN_COLUMNS, find_person)
    for item in assets.itertuples():
        for name, find in finders.items():
            cell = getattr(item, name, None)
            if isinstance(cell, str) and (found := find(cell)):
                message = f"the asset '{item.asset_id}' seems to hold {found}; take it out"
                yield Problem(message, column=name)


def _check_quotes(made: Made, today: date) -> CheckResult:
    if made.quotes is None or made.quotes.empty:
        return CheckResult("quotes", "No quotation is shown.")
    cleared = _is_past(made.quotes["cleared_on"], today) & _is_filled(made.quotes["cleared_by"])
    problems = tuple(
        Problem(
            f"quotation {name} is shown without clearance by a role on a day that has come",
            file=made.files.get("quotes"),
        )
        for name in made.quotes.loc[~cleared, "quote_id"]
    )
    words = f"{int(cleared.sum())} of {len(cleared)} quotations shown are cleared."
    return CheckResult("quotes", words, problems)


def _check_stories(made: Made, today: date) -> CheckResult:
    if made.case_studies is None or made.case_studies.empty:
        return CheckResult("stories", "No story is shown.")
    stories = made.case_studies
    agreed = _is_past(stories["consent_on"], today) & _is_filled(stories["cleared_by"])
    problems = tuple(
        Problem(
            f"story '{name}' is shown without a record of consent and clearance",
            file=made.files.get("case_studies"),
        )
        for name in stories.loc[~agreed, "case_id"]
    )
    words = f"Consent is recorded for {int(agreed.sum())} of {len(agreed)} stories shown."
    return CheckResult("stories", words, problems)


def _check_recommendations(made: Made) -> CheckResult:
    rows = made.recommendations
    if rows is None or rows.empty:
        message = "the profile makes no recommendation"
        expected = "a file under inputs: recommendations: in the parameter file"
        problem = Problem(message, file=made.files.get("recommendations"), expected=expected)
        return CheckResult("recommendations", "There is no recommendation.", (problem,))
    cited = set(made.citations.loc[made.citations["citing_kind"] == _RECOMMENDATION, "citing_id"])
    bare = [name for name in rows["recommendation_id"] if name not in cited]
    problems = tuple(
        Problem(
            f"recommendation '{name}' cites no evidence",
            file=made.files.get("recommendations"),
            column="cites",
            expected="at least one id of the evidence ledger",
        )
        for name in bare
    )
    words = f"{len(rows) - len(bare)} of {len(rows)} recommendations cite evidence."
    return CheckResult("recommendations", words, problems)


def _check_sign_off(made: Made) -> CheckResult:
    done = made.sign_off
    if done.agreed_on is None:
        return CheckResult("sign_off", "The chair's agreement is not recorded.", done.problems)
    against = f" Not agreed: {'; '.join(done.others_against)}." if done.others_against else ""
    words = f"Agreed by {done.agreed_by} on {done.agreed_on.isoformat()}.{against}"
    return CheckResult("sign_off", words, done.problems)


def _say(number: int, words: str) -> str:
    return f" {number} {words}." if number else ""


def _is_filled(column: pd.Series) -> pd.Series:
    return column.notna() & (column.astype("str").str.strip() != "")


def _is_past(column: pd.Series, today: date) -> pd.Series:
    days = pd.to_datetime(column.where(_is_filled(column)), format="ISO8601")
    return days.notna() & (days <= pd.Timestamp(today))


def join_results(*parts: Iterable[CheckResult]) -> list[CheckResult]:
    """Return results of several parts as one list; a later result replaces an earlier one."""
    return list({result.check: result for part in parts for result in part}.values())
