"""Recommendations: what should be done, by whom, and the evidence that each rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from cip.errors import ParameterError, Problem
from cip.evidence.citing import check_cited
from cip.evidence.entry import SAYS_ASSETS, SAYS_NUMBERS, SAYS_VOICES
from cip.inputs import read_table, split_choices
from cip.schemas.summary import SUMMARY
from cip.summary.fallen import follow_findings
from cip.summary.recommendations_columns import (
    Recommendation,
    check_rows,
    list_cell_cites,
    list_recommendation_columns,
    make_recommendations,
)
from cip.summary.recommendations_markdown import read_folder

CITING_KIND = "recommendation"
#: Whose knowledge a recommendation can rest on, in the order of the reports.
SIDES: Mapping[str, frozenset[str]] = {
    "numbers": SAYS_NUMBERS,
    "voices": SAYS_VOICES,
    "assets": SAYS_ASSETS,
}


@dataclass(frozen=True)
class Recommendations:
    """What a file of recommendations says.

    Parameters
    ----------
    table
        Table ``recommendations``: one row per recommendation, in the order of the file.
    citations
        Table ``citations``: one row per recommendation x id that it cites, findings as such.
    """

    table: pd.DataFrame = field(repr=False)
    citations: pd.DataFrame = field(repr=False)


def read_recommendations(
    path: Path, *, evidence: pd.DataFrame, findings: pd.DataFrame
) -> Recommendations:
    """Read recommendations and check what they rest on.

    Parameters
    ----------
    path
        ``recommendations.csv``, a workbook, or a folder of Markdown files with the same keys.
    evidence
        The ledger: one row per entry.
    findings
        Table ``findings``: one row per finding, with what it cites.

    Raises
    ------
    ParameterError
        With every problem of the file or files: no evidence, evidence that is not there or may
        not be cited, an unknown approach, an id used twice, a person's name, a high priority
        that nobody agreed to, a day in another form.
    """
    ledger = _Ledger(evidence, findings)
    written = _read_written(path, ledger.check)
    rows = [ledger.describe(item, number) for number, item in enumerate(written, start=1)]
    columns = SUMMARY["recommendations"].columns
    table = pd.DataFrame(rows, columns=list(columns))
    kinds = {name: "Int64" if kind == "count" else "str" for name, kind in columns.items()}
    return Recommendations(table.astype(kinds), tabulate_citations(written))


def read_citations(path: Path) -> pd.DataFrame:
    """Read what recommendations cite, whether or not it is still there.

    Returns
    -------
    DataFrame
        Table ``citations``, for `cip.summary.fallen.list_fallen`.

    Raises
    ------
    ParameterError
        With every problem of the file but those of the evidence.
    """
    return tabulate_citations(_read_written(path, check_rows))


def tabulate_citations(written: Sequence[Recommendation]) -> pd.DataFrame:
    """Return the table ``citations``: one row per recommendation x id that it cites."""
    rows = [
        (item.id, CITING_KIND, item.title, evidence_id, str(item.file), item.line)
        for item in written
        for evidence_id in item.cites
    ]
    columns = SUMMARY["citations"].columns
    kinds = {name: "Int64" if kind == "count" else "str" for name, kind in columns.items()}
    return pd.DataFrame(rows, columns=list(columns)).astype(kinds)


def _read_written(
    path: Path, check: Callable[[pd.DataFrame], Iterator[Problem]]
) -> list[Recommendation]:
    if not path.is_dir():
        return make_recommendations(
            read_table(path, list_recommendation_columns(), check=check), path.name
        )
    try:
        return read_folder(path, check)
    except ParameterError as error:
        # A file is named as the user would look for it: beside the folder.
        places = [replace(one, file=path.parent / str(one.file)) for one in error.problems]
        raise ParameterError(places) from None


class _Ledger:
    """What there is to cite, and whose knowledge it is."""

    def __init__(self, evidence: pd.DataFrame, findings: pd.DataFrame) -> None:
        self._evidence = evidence
        shown = evidence[evidence["is_citable"].fillna(False).astype(bool)]
        self._kinds = dict(zip(shown["evidence_id"], shown["kind"], strict=True))
        ids, cites = findings["finding_id"], findings["cites"]
        self._findings = {
            str(one): split_choices(cell) for one, cell in zip(ids, cites, strict=True)
        }

    def check(self, table: pd.DataFrame) -> Iterator[Problem]:
        """Yield what is wrong in a table as read, of its cells and of what they cite."""
        yield from check_rows(table)
        for item in table.itertuples():
            named = list_cell_cites(item.cites, None)
            cited = list_cell_cites(item.cites, item.recommendation)
            faults = list(check_cited(cited, self._evidence, findings=list(self._findings)))
            for evidence_id, problem in faults:
                column = "cites" if evidence_id in named else "recommendation"
                yield replace(problem, row=int(item.row), column=column)
            if cited and not faults and not self.list_sides(cited):
                message = "what this cites says nothing about the area"
                expected = "a figure, an asset, or something that people said"
                yield Problem(message, row=int(item.row), column="cites", expected=expected)

    def list_sides(self, cited: Sequence[str]) -> list[str]:
        """Return whose knowledge the evidence is, findings followed to what they cite."""
        kinds = {self._kinds.get(name) for name in follow_findings(cited, self._findings)}
        return [side for side, members in SIDES.items() if kinds & members]

    def describe(self, item: Recommendation, number: int) -> dict[str, object]:
        """Return a recommendation as a row of the table."""
        sides = self.list_sides(item.cites)
        return {
            "recommendation_id": item.id,
            "number": number,
            "text": item.text,
            "for_whom": item.for_whom,
            "approach": item.approach,
            "priority": item.priority,
            "agreed_with": item.agreed_with,
            "agreed_on": item.agreed_on,
            "cites": "; ".join(item.cites),
            "rests_on": ", ".join(sides),
            "flag": f"{sides[0]} alone" if len(sides) == 1 else "",
        }
