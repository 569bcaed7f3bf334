"""What coders decided together where they differed, and which codings are counted in the end."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from cip.engagement.codebook import Codebook
from cip.engagement.excerpts import Excerpts
from cip.engagement.excerpts_columns import read_cells, read_excerpt_id
from cip.errors import ParameterError, Problem
from cip.inputs import Column
from cip.inputs.columns import CellError, fold_name, read_cell

APPLIES, DOES_NOT_APPLY = "applies", "does not apply"
DECISIONS = (APPLIES, DOES_NOT_APPLY)
#: How a coding came to be counted.
AGREED, SETTLED, ALONE = "agreed", "settled", "one coder"


class FinalCodings(NamedTuple):
    """Which codings are counted, and what is still open.

    ``final`` has one row per excerpt and theme that is counted: ``excerpt_id, theme_id, how``
    (``agreed`` by all who read the excerpt, ``settled``, or by ``one coder``, the only reader).
    ``open`` has one row per disagreement that nobody has settled: ``excerpt_id, theme_id,
    applied_by, not_applied_by``; these are not counted. ``idle`` is the number of decisions that
    are about no disagreement.
    """

    final: pd.DataFrame
    open: pd.DataFrame
    idle: int


def list_settled_columns() -> dict[str, Column]:
    """Return the columns of ``settled.csv``: one row per excerpt and theme."""
    return {
        "excerpt_id": Column(required=True, description="The excerpt"),
        "theme_id": Column(required=True, description="The theme on which the coders differ"),
        "decision": Column(
            "choice", choices=DECISIONS, description="What they decided; blank: not settled yet"
        ),
        "decided_on": Column("date", description="Day of the decision"),
        "note": Column(description="Why; stays in this file"),
    }


def read_settled(
    path: Path, codebook: Codebook, excerpts: Iterable[str]
) -> tuple[pd.DataFrame, list[Problem]]:
    """Read decisions on disagreements.

    Returns
    -------
    tuple
        One row per decision that can be used: ``excerpt_id, theme_id, decision, decided_on`` (ISO
        date, may be missing); and what is wrong with the other rows. The note is not read.

    Raises
    ------
    ParameterError
        If the file cannot be read or lacks a column.
    """
    columns = list_settled_columns()
    cells = read_cells(path, columns)
    missing = [name for name in ("excerpt_id", "theme_id", "decision") if name not in cells.columns]
    if missing:
        raise ParameterError([cells.tell(f"the column '{name}' is missing") for name in missing])
    known, problems = set(excerpts), []
    rows: dict[tuple[str, str], tuple[str, str, str, str | None]] = {}
    for row, texts in cells.rows:
        if not texts["decision"].strip():
            continue
        excerpt, theme = (
            read_excerpt_id(texts["excerpt_id"]),
            codebook.find_theme(texts["theme_id"]),
        )
        values, wrong = {}, []
        for name in ("decision", "decided_on"):
            try:
                values[name] = read_cell(texts.get(name, ""), columns[name])
            except CellError as error:
                problem = error.problem
                wrong.append(cells.tell(problem.message, row, column=name, nearest=problem.nearest))
        if excerpt not in known:
            wrong.append(cells.tell("there is no such excerpt", row, column="excerpt_id"))
        if theme is None:
            nearest = codebook.find_nearest_theme(texts["theme_id"].strip())
            wrong.append(cells.tell("no such theme", row, column="theme_id", nearest=nearest))
        elif (excerpt, theme) in rows:
            wrong.append(cells.tell("this is decided in an earlier row", row, column="theme_id"))
        problems += wrong
        if not wrong:
            day = values.get("decided_on")
            when = day.isoformat() if day else None  # type: ignore[attr-defined]
            rows[(excerpt, theme)] = (excerpt, theme, str(values["decision"]), when)
    names = ["excerpt_id", "theme_id", "decision", "decided_on"]
    return pd.DataFrame(list(rows.values()), columns=names, dtype="str"), problems


def settle_codings(excerpts: Excerpts) -> FinalCodings:
    """Return the codings that are counted: agreed by all who read the excerpt, or settled.

    An excerpt that one person alone has read is counted as that person coded it.
    """
    pair = ["excerpt_id", "theme_id"]
    readers = excerpts.looked_at.groupby("excerpt_id")["coder"].nunique()
    applied = excerpts.codings.groupby(pair, sort=False)["coder"].nunique().reset_index(name="by")
    applied["of"] = applied["excerpt_id"].map(readers)
    settled = excerpts.settled[[*pair, "decision"]]
    applied = applied.merge(settled, on=pair, how="left", validate="1:1")
    is_agreed = applied["by"] == applied["of"]
    is_settled = ~is_agreed & (applied["decision"] == APPLIES)
    how = pd.Series(AGREED, index=applied.index, dtype="str")
    how = how.mask(is_settled, SETTLED).mask(is_agreed & (applied["of"] == 1), ALONE)
    final = applied.assign(how=how).loc[is_agreed | is_settled, [*pair, "how"]]
    waiting = applied.loc[~is_agreed & applied["decision"].isna(), pair]
    differing = set(applied.loc[~is_agreed, pair].itertuples(index=False, name=None))
    idle = sum(key not in differing for key in settled[pair].itertuples(index=False, name=None))
    return FinalCodings(final.reset_index(drop=True), _name_sides(excerpts, waiting), idle)


def _name_sides(excerpts: Excerpts, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return excerpts and themes with the coders who applied it and those who did not."""
    readers = excerpts.looked_at.groupby("excerpt_id")["coder"].agg(list)
    keys = excerpts.codings.groupby(["excerpt_id", "theme_id"])["coder"].agg(set)
    rows = []
    for excerpt, theme in pairs.itertuples(index=False):
        yes = keys[(excerpt, theme)]
        rows.append(
            (
                excerpt,
                theme,
                ", ".join(coder for coder in readers[excerpt] if coder in yes),
                ", ".join(coder for coder in readers[excerpt] if coder not in yes),
            )
        )
    names = ["excerpt_id", "theme_id", "applied_by", "not_applied_by"]
    return pd.DataFrame(rows, columns=names, dtype="str")


def list_disagreements(excerpts: Excerpts) -> pd.DataFrame:
    """Return everything on which coders who read an excerpt differ, with what was decided.

    Returns
    -------
    DataFrame
        One row per excerpt and theme, in the order of the excerpts: ``excerpt_id, theme_id,
        applied_by, not_applied_by`` (coders, joined by commas)``, decision, decided_on`` (missing
        where open). No text.
    """
    pair = ["excerpt_id", "theme_id"]
    readers = excerpts.looked_at.groupby("excerpt_id")["coder"].nunique()
    applied = excerpts.codings.groupby(pair, sort=False)["coder"].nunique().reset_index(name="by")
    differs = applied[applied["by"] < applied["excerpt_id"].map(readers)]
    order = pd.Series(range(len(excerpts.frame)), index=excerpts.frame["excerpt_id"])
    differs = differs.assign(place=differs["excerpt_id"].map(order)).sort_values(
        ["place", "theme_id"], kind="stable"
    )
    sides = _name_sides(excerpts, differs[pair])
    return sides.merge(excerpts.settled, on=pair, how="left", validate="1:1")


def describe_decision(text: str) -> str | None:
    """Return a decision as the file has it, or None: letter case and spaces do not matter."""
    return {fold_name(name): name for name in DECISIONS}.get(fold_name(text))
