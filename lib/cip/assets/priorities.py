"""What residents named as priorities, and which assets answer them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from cip.assets.keys import make_key
from cip.assets.named_choices import find_unknown_names, name_topics, resolve_names
from cip.assets.record import SEPARATOR, split_parts
from cip.errors import Problem
from cip.inputs import Column, read_table

#: How a priority stands on one topic: something to build on, half of it, or nothing yet.
STRENGTH, PARTLY, GAP = "strength", "partly", "gap"
#: So many assets are named for one priority and topic; all are counted.
MOST_NAMED = 6


def list_priority_columns() -> dict[str, Column]:
    """Return the columns of ``priorities.csv``: one row per priority."""
    return {
        "priority": Column(
            required=True, privacy="role", description="What people want, in their words."
        ),
        "said_by": Column(
            privacy="role", description="Whose voice it is, as a group or a role; never a name."
        ),
        "topics": Column(
            required=True,
            privacy="role",
            description="What it is about; one or more, parted by semicolons, of: "
            f"{name_topics().describe()}.",
        ),
    }


def read_priorities(path: Path) -> pd.DataFrame:
    """Read the community's priorities.

    Returns
    -------
    DataFrame
        One row per priority, in the order of the file: ``priority_id``, made of its words,
        ``priority, said_by, topics`` (ids parted by "; ") and ``row``.

    Raises
    ------
    ParameterError
        With every problem of the file, among them a priority that stands twice.
    """
    table = read_table(path, list_priority_columns(), check=_check)
    table["topics"] = resolve_names(table["topics"], name_topics(), is_list=True)
    table.insert(0, "priority_id", table["priority"].map(make_key).astype("str"))
    return table


def _check(table: pd.DataFrame) -> Iterator[Problem]:
    yield from find_unknown_names(table, "topics", name_topics(), is_list=True)
    first_rows: dict[str, int] = {}
    for text, row in zip(table["priority"], table["row"], strict=True):
        if not isinstance(text, str):
            continue
        if (other := first_rows.setdefault(make_key(text), int(row))) != row:
            message = f"this priority stands in row {other} already"
            yield Problem(
                message, row=int(row), column="priority", expected="one row, with all its voices"
            )


def match_priorities(
    priorities: pd.DataFrame, assets: pd.DataFrame, *, most_named: int = MOST_NAMED
) -> pd.DataFrame:
    """Match what people want with what is there for it.

    An asset answers a topic where the topic is one of its functions and nobody has said that it no
    longer goes on. A topic is a ``strength`` where both hard and soft assets answer it, ``partly``
    where only one of the two kinds does, and a ``gap`` where none does. It says that something is
    there to build on, not that it is enough, open to all, or good.

    Parameters
    ----------
    priorities
        One row per priority: ``priority_id, priority, topics`` (ids parted by semicolons), as
        `read_priorities` gives them. Themes of notebook 04 fit when they are named so.
    assets
        One row per asset of the table ``assets``: those inside the area, near it, or of its own
        files without a place.
    most_named
        So many assets are named: the nearest of each kind, as far as there are any.

    Returns
    -------
    DataFrame
        The hand-over table ``asset_priorities``: one row per priority and topic, in the order of
        the priorities and of the catalogue. ``asset_ids`` are parted by "; ", the nearest first.

    Raises
    ------
    ValueError
        If a topic is not one of the catalogue.
    """
    topics = list(name_topics().labels)
    active = assets[~assets["still_active"].eq(False).fillna(False).astype(bool)]
    offers = active.assign(topic=active["function"].map(split_parts)).explode("topic")
    offers = offers.sort_values(["distance_m", "number"], kind="stable", na_position="last")
    by_topic = {str(topic): rows for topic, rows in offers.groupby("topic", sort=False)}
    lines = []
    for item in priorities.itertuples():
        wanted = split_parts(item.topics)
        if unknown := [topic for topic in wanted if topic not in topics]:
            raise ValueError(f"priority '{item.priority_id}': no such topics: {unknown}")
        for topic in sorted(set(wanted), key=topics.index):
            found = by_topic.get(topic, offers.iloc[:0])
            answer = _describe(found, most_named)
            lines.append([item.priority_id, item.priority, topic, *answer])
    columns = ["priority_id", "priority", "topic", "hard", "soft", "asset_ids", "reading"]
    table = pd.DataFrame(lines, columns=columns)
    texts = ["priority_id", "priority", "topic", "asset_ids", "reading"]
    return table.astype({**dict.fromkeys(texts, "str"), "hard": "Int64", "soft": "Int64"})


def _describe(found: pd.DataFrame, most_named: int) -> tuple[int, int, str | None, str]:
    kinds = {kind: found[found["kind"] == kind] for kind in ("hard", "soft")}
    hard, soft = len(kinds["hard"]), len(kinds["soft"])
    # Half for each kind as far as it has any, so that bus stops do not push out every group.
    most_hard = min(hard, max(most_named // 2, most_named - soft))
    room = {"hard": most_hard, "soft": most_named - most_hard}
    named = {i for kind, rows in kinds.items() for i in rows["asset_id"].head(room[kind])}
    ids = [i for i in found["asset_id"] if i in named]
    reading = STRENGTH if hard and soft else PARTLY if hard or soft else GAP
    return hard, soft, SEPARATOR.join(ids) or None, reading
