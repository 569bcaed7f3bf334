"""Outcomes: read, measured at baseline and follow-up, and what each rests on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd

from cip.errors import Problem
from cip.framework.logic_model import KnownIds
from cip.framework.logic_model_tables import make_table
from cip.framework.outcomes_change import Change, measure_change
from cip.framework.outcomes_checks import check_outcomes, read_wording
from cip.framework.outcomes_columns import PEOPLE, list_outcome_columns
from cip.framework.outcomes_sources import Measured, split_source
from cip.inputs import read_table, split_choices
from cip.schemas.summary import SUMMARY

__all__ = ["Measured", "list_outcome_citations", "measure_outcomes", "read_outcomes"]

CITING_KIND = "outcome"


def read_outcomes(
    path: Path,
    *,
    today: date,
    known: KnownIds | None = None,
    measured: Measured | None = None,
) -> pd.DataFrame:
    """Read ``outcomes.csv``.

    Parameters
    ----------
    today
        Date of the report: nothing can have been measured later.
    known
        Ids of recommendations, actions and grants, by those names; what is left out is not checked.
    measured
        Tables that figures are taken from; what is not there is not checked.

    Returns
    -------
    DataFrame
        One row per outcome, in the order of the file: the declared columns and ``row``.

    Raises
    ------
    ParameterError
        With every problem of the file: an unknown goal, question, answer, group or id, another
        wording at the follow-up, a follow-up before the baseline, a day in another form, a value
        that is typed though the workbook has it, a person's name.
    """

    def check(table: pd.DataFrame) -> Iterator[Problem]:
        yield from check_outcomes(
            table, today=today, known=known or {}, measured=measured or Measured()
        )

    return read_table(path, list_outcome_columns(), check=check)


def measure_outcomes(
    outcomes: pd.DataFrame,
    measured: Measured,
    *,
    least_people: int,
    file: str = "outcomes.csv",
) -> pd.DataFrame:
    """Return the hand-over table ``outcomes``: each with its change, tested where that is allowed.

    Parameters
    ----------
    outcomes
        As :func:`read_outcomes` gives it.
    measured
        Tables that figures are taken from.
    least_people
        ``params.engagement.least_people``: fewer people than this are not shown.
    """
    plain = outcomes.astype("object").where(outcomes.notna(), None)
    rows = [
        _make_row(item, number, measure_change(item, measured, least_people=least_people), file)
        for number, item in enumerate(plain.to_dict("records"), start=1)
    ]
    return make_table("outcomes", rows)


def _make_row(item: dict, number: int, change: Change, file: str) -> dict[str, object]:
    texts = {
        name: item[name] or ""
        for name in ("outcome", "goal", "asks", "measure", "taken_from", "among", "better")
    }
    links = {
        name: "; ".join(split_choices(item[name]))
        for name in ("recommendations", "actions", "grants")
    }
    displays = [point.display for point in (change.first, change.second) if point is not None]
    return {
        "outcome_id": item["id"],
        "number": number,
        **texts,
        **links,
        **_write_point("baseline", change.first),
        **_write_point("followup", change.second),
        "counts": item["counts"] or PEOPLE,
        "design": change.design or item["design"] or "",
        "wording": read_wording(change.wording) if change.wording else "",
        "unit": change.unit or item["unit"] or "",
        "difference": change.difference,
        "lower_95": change.lower,
        "upper_95": change.upper,
        "p_value": change.p_value,
        "reading": change.reading,
        "method": change.method,
        "no_interval": change.no_interval,
        "no_base": change.no_base,
        "state": change.state,
        "display": next((d for d in ("withheld", "small base") if d in displays), "shown"),
        "note": " ".join(part for part in (item["note"], change.note) if part),
        "file": file,
        "line": int(item["row"]),
    }


def _write_point(moment: str, point) -> dict[str, object]:
    return {
        f"{moment}_on": point.on if point else "",
        moment: point.value if point else None,
        f"{moment}_lower_95": point.lower if point else None,
        f"{moment}_upper_95": point.upper if point else None,
        f"{moment}_base": point.base if point else None,
    }


def list_outcome_citations(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return what the outcomes rest on, as rows of the table ``citations``.

    One row per outcome x figure that it is taken from, recommendation, action or grant
    (``survey:...``, ``change:...``, ``data:...``, ``recommendation:<id>``, ``action:<id>``,
    ``grant:<id>``). A figure of one group of respondents cites the question.

    Parameters
    ----------
    outcomes
        Table ``outcomes``.
    """
    rows = [
        (item["outcome_id"], CITING_KIND, item["outcome"], cited, item["file"], item["line"])
        for item in outcomes.to_dict("records")
        for cited in dict.fromkeys([*_list_evidence(item), *_list_links(item)])
    ]
    columns = SUMMARY["citations"].columns
    kinds = {name: "Int64" if kind == "count" else "str" for name, kind in columns.items()}
    return pd.DataFrame(rows, columns=list(columns)).astype(kinds)


def _list_links(item: dict) -> list[str]:
    pairs = (("recommendations", "recommendation"), ("actions", "action"), ("grants", "grant"))
    return [f"{kind}:{name}" for column, kind in pairs for name in split_choices(item[column])]


def _list_evidence(item: dict) -> list[str]:
    kind, name, part = split_source(item["taken_from"])
    if kind == "data":
        return [item["taken_from"]]
    if kind != "survey":
        return []  # The survey of groups has no entries in the ledger.
    if item["among"]:
        return [f"survey:{name}"]
    if item["design"] == "same people":
        return [f"survey:{name}.after_{part}"]
    is_tested = bool(item["method"])
    return [f"survey:{name}.{part}", *([f"change:{name}.{part}"] if is_tested else [])]
