"""Tool C as an instrument: what each partner thinks of ten steps, kept apart and never summed.

Partners rate alone, then talk about where they differ, then agree priorities (Public Health
England 2019, Tool C). So a step is shown as its raters and their spread. There is no total over
steps and no mean: the levels are an order, not a scale.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from cip.catalogue.maturity import load_maturity
from cip.errors import Problem
from cip.framework.document import tidy_text
from cip.inputs import Column, read_table, write_form

_GROUP = ["round", "step"]


def list_columns() -> dict[str, Column]:
    """Return the columns of ``maturity.csv``: one row per round, partner and step."""
    tool = load_maturity()
    return {
        "round": Column("date", required=True, description="Day of the round, the same for all"),
        "partner": Column(
            "text",
            required=True,
            privacy="role",
            description="Organisation or sector that rates; never shown in a report",
        ),
        "step": Column(
            "integer",
            required=True,
            minimum=1,
            maximum=len(tool.steps),
            description="Number of the step",
        ),
        "level": Column(
            "choice", choices=tool.levels, description="Level that fits best; blank if not rated"
        ),
        "comment": Column("text", privacy="role", description="Why, in a sentence"),
        "comment_may_be_shown": Column(
            "flag", description="Whether the comment may be shown, without the partner's name"
        ),
        "is_priority": Column(
            "flag", description="Whether this partner wants the step to come first"
        ),
    }


def read_ratings(path: Path) -> pd.DataFrame:
    """Read ``maturity.csv``.

    Returns
    -------
    DataFrame
        One row per round, partner and step that was rated, in an order that does not depend on
        the file's: ``round`` (ISO date), ``partner, step, level, comment, may_be_shown,
        is_priority``. Rows without a level are left out: a partner that did not rate a step is
        not counted as a rater of it.

    Raises
    ------
    ParameterError
        With every problem of the file: cells that cannot be read, a partner that rates a step
        twice in one round, personal details, and a comment that may be shown and yet names the
        partner that made it.
    """
    table = read_table(path, list_columns(), check=_find_faults)
    ratings = pd.DataFrame(
        {
            "round": table["round"].dt.strftime("%Y-%m-%d"),
            "partner": table["partner"].map(tidy_text, na_action="ignore"),
            "step": table["step"],
            "level": table["level"],
            "comment": table["comment"].map(tidy_text, na_action="ignore"),
            "may_be_shown": table["comment_may_be_shown"].fillna(False).astype(bool),
            "is_priority": table["is_priority"].fillna(False).astype(bool),
        }
    )
    held = ratings.dropna(subset="level")
    return held.sort_values(["round", "step", "partner"]).reset_index(drop=True)


def _find_faults(table: pd.DataFrame) -> Iterator[Problem]:
    who = table["partner"].str.casefold().str.split().str.join(" ")
    keys = table.assign(partner=who)[["round", "partner", "step"]]
    is_known = keys.notna().all(axis="columns")
    for place in table.index[is_known & keys.duplicated()]:
        yield Problem(
            "this partner has rated this step before in this round",
            row=int(table.at[place, "row"]),
            column="step",
        )
    unrated = table["level"].isna() & (
        table["comment"].notna() | table["is_priority"].fillna(False)
    )
    for row in table.loc[unrated, "row"]:
        yield Problem(
            "a comment or a priority needs a level", row=int(row), column="level",
            expected=f"one of: {', '.join(load_maturity().levels)}",
        )  # fmt: skip
    for place in table.index[table["comment_may_be_shown"].fillna(False)]:
        comment, name = table.at[place, "comment"], who[place]
        if isinstance(comment, str) and isinstance(name, str) and name in comment.casefold():
            yield Problem(
                "this comment may be shown, but it names the partner that made it",
                row=int(table.at[place, "row"]),
                column="comment",
                expected="a comment without the partner's name, or 'no' under comment_may_be_shown",
            )


def summarise_steps(ratings: pd.DataFrame) -> pd.DataFrame:
    """Count the raters of each step at each level, with median and spread.

    Where one partner alone rated a step, its counts would say what that partner said. They are
    missing then and ``is_withheld`` is true.

    Returns
    -------
    DataFrame
        One row per round and step of the tool, also where nobody rated it: the columns of the
        hand-over table ``maturity``. ``spread`` is the number of levels between the lowest and
        the highest rating, 0 to 3. ``priorities`` is the number of raters who want the step
        first.
    """
    rounds = sorted(ratings["round"].unique())
    groups = dict(tuple(ratings.groupby(_GROUP)))
    rows = [
        {
            "round": name,
            "step": step.number,
            "step_label": step.label,
            **_summarise(groups.get((name, step.number))),
        }
        for name in rounds
        for step in load_maturity().steps
    ]
    table = pd.DataFrame(rows, columns=_list_names())
    whole = ["step", "raters", *load_maturity().levels, "spread", "priorities"]
    texts = ["round", "step_label", "lowest", "median", "highest"]
    return table.astype(
        {**dict.fromkeys(whole, "Int64"), **dict.fromkeys(texts, "str"), "is_withheld": "boolean"}
    )


def _list_names() -> list[str]:
    levels = load_maturity().levels
    return [
        "round", "step", "step_label", "raters", *levels,
        "lowest", "median", "highest", "spread", "priorities", "is_withheld",
    ]  # fmt: skip


def _summarise(own: pd.DataFrame | None) -> dict[str, object]:
    levels = load_maturity().levels
    if own is None or len(own) < 2:
        count = 0 if own is None else len(own)
        return {"raters": count, "is_withheld": count == 1}
    places = sorted(levels.index(level) for level in own["level"])
    middle = places[(len(places) - 1) // 2], places[len(places) // 2]
    return {
        "raters": len(own),
        **{level: int((own["level"] == level).sum()) for level in levels},
        "lowest": levels[places[0]],
        "median": _name_median(*middle),
        "highest": levels[places[-1]],
        "spread": places[-1] - places[0],
        "priorities": int(own["is_priority"].sum()),
        "is_withheld": False,
    }


def _name_median(low: int, high: int) -> str:
    """Return the middle rating; of an even number, both middle ones where they differ."""
    levels = load_maturity().levels
    return levels[low] if low == high else f"between {levels[low]} and {levels[high]}"


def order_steps(summary: pd.DataFrame) -> list[int]:
    """Return the steps from the one that partners disagree about most in the latest round.

    Widest spread first; of equal spreads, the one with most raters away from its commonest
    level; then by number. Steps without a spread to show come last.
    """
    latest = summary[summary["round"] == summary["round"].max()]
    counts = latest[list(load_maturity().levels)].astype("Float64")
    away = 1 - counts.max(axis="columns") / latest["raters"].astype("Float64")
    keys = latest.assign(_spread=-latest["spread"], _away=-away)
    ordered = keys.sort_values(["_spread", "_away", "step"], na_position="last")
    return [int(step) for step in ordered["step"]]


def compare_rounds(summary: pd.DataFrame) -> pd.DataFrame:
    """Return how the counts of each later round differ from those of the first.

    Returns
    -------
    DataFrame
        One row per later round and step: ``round, step`` and the change in the number of raters
        at each level. Missing where either round has no counts to show.
    """
    levels = list(load_maturity().levels)
    first = summary[summary["round"] == summary["round"].min()]
    later = summary[summary["round"] != summary["round"].min()]
    pairs = later.merge(
        first[["step", *levels]], on="step", suffixes=("", "_first"), validate="m:1"
    )
    changes = {level: pairs[level] - pairs[f"{level}_first"] for level in levels}
    return pairs[["round", "step"]].assign(**changes)


def count_partners(ratings: pd.DataFrame) -> pd.DataFrame:
    """Count the partners of each round.

    Returns
    -------
    DataFrame
        One row per round: ``round``, ``partners``, and ``also_first``, how many of them also
        rated in the first round.
    """
    groups = ratings.groupby("round")["partner"]
    names = groups.agg(lambda column: frozenset(column.str.casefold()))
    first = names.iloc[0] if len(names) else frozenset()
    return pd.DataFrame(
        {
            "round": names.index,
            "partners": [len(own) for own in names],
            "also_first": [len(own & first) for own in names],
        }
    )


def list_comments(ratings: pd.DataFrame) -> pd.DataFrame:
    """Return the comments that may be shown, without who made them.

    A comment on a step that one partner alone rated is left out. The order is that of the words,
    so that it does not follow the partners.

    Returns
    -------
    DataFrame
        One row per comment: ``round, step, comment``.
    """
    raters = ratings.groupby(_GROUP)["partner"].transform("size")
    cleared = ratings[ratings["may_be_shown"] & ratings["comment"].notna() & (raters > 1)]
    table = cleared[[*_GROUP, "comment"]].sort_values([*_GROUP, "comment"])
    return table.reset_index(drop=True)


def write_maturity_form(path: Path) -> Path:
    """Write an empty ``maturity.csv`` for one partner: a row for each step."""
    rows = [{"step": str(step.number)} for step in load_maturity().steps]
    return write_form(path, list_columns(), rows)


#: Forms of this module by input, for the collection in ``cip.framework.forms``.
FORMS = {"maturity": write_maturity_form}
