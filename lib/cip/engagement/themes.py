"""Who speaks of what: people by theme, by how they were heard, by group, and by pair of themes.

People are counted, never how often a thing was said: one person may say it five times.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from cip.engagement.codebook import Codebook
from cip.engagement.coding_settled import settle_codings
from cip.engagement.crossing import Groups
from cip.engagement.excerpts import Excerpts
from cip.engagement.themes_protection import (
    LEAST_BASE,
    NOT_TOLD,
    WITHHELD,
    name_display,
    protect_counts,
    protect_groups,
)

#: ``voice`` of the row over all ways of hearing people.
ALL_VOICES = "all"


class ThemeTables(NamedTuple):
    """The tables ``themes``, ``theme_groups`` and ``theme_pairs`` of chapter 04, and suggestions.

    ``suggestions`` has one row per theme to which somebody suggests something: ``theme_id, theme,
    topic, people, display``.
    """

    themes: pd.DataFrame
    theme_groups: pd.DataFrame
    theme_pairs: pd.DataFrame
    suggestions: pd.DataFrame


def count_themes(
    excerpts: Excerpts,
    codebook: Codebook,
    *,
    least_people: int = 5,
    withheld: Groups | None = None,
) -> ThemeTables:
    """Return who speaks of which theme.

    Parameters
    ----------
    excerpts
        Only codings that are agreed, settled, or by the only reader of an excerpt are counted.
    codebook
        Headings that nobody applies have no rows. A heading's people are those coded with it, not
        those of the themes under it.
    least_people
        Fewer people than this (but not none) are withheld, and as many further figures as it
        takes to keep them from being worked out from the totals.
    withheld
        Groups by characteristic that the table ``respondents`` makes it necessary to withhold
        (`cip.engagement.crossing.find_exposed_speakers`).

    Returns
    -------
    ThemeTables
        ``themes``: one row per theme and voice (``all``: every person once), with people and their
        excerpts. ``theme_groups``: one row per theme, characteristic and group of speakers, with
        the people who speak of it of those heard; people who were not asked or preferred not to
        say have no row. ``theme_pairs``: one row per pair of themes that the same people
        speak of. ``display`` is ``shown``; ``small base`` where 10 to 29 people were heard; or
        ``withheld``: fewer than 10 heard, few people, or to protect another figure.

    Raises
    ------
    ValueError
        If ``least_people`` is less than 2, which protects nobody.
    """
    final = settle_codings(excerpts).final
    said = _join_said(excerpts, final)
    used = set(final["theme_id"])
    ids = [t.id for t in codebook.themes if t.id not in codebook.headings or t.id in used]
    groups = _list_groups(excerpts)
    system = protect_groups(said, groups, ids, least_people, withheld or {})
    everyone = groups["person_id"].nunique()
    themes = _build_themes(said, system, codebook, ids)
    suggestions = themes[themes["voice"] == "suggestion"]
    themes = themes[themes["voice"] != "suggestion"].reset_index(drop=True)
    hidden = set(
        themes.loc[(themes["voice"] == ALL_VOICES) & (themes["display"] == WITHHELD), "theme_id"]
    )
    return ThemeTables(
        themes,
        _build_groups(system, ids),
        _count_pairs(said, ids, hidden, everyone, least_people),
        suggestions.loc[
            suggestions["people"].ne(0).fillna(True),
            ["theme_id", "theme", "topic", "people", "display"],
        ].reset_index(drop=True),
    )


def rank_priorities(themes: pd.DataFrame, *, voice: str = ALL_VOICES) -> pd.DataFrame:
    """Return the themes that most people speak of, first; those withheld are left out.

    Parameters
    ----------
    themes
        The table ``themes``.

    Returns
    -------
    DataFrame
        One row per theme: the columns of the table and ``place``, the same where as many people
        speak of several themes.
    """
    shown = themes[(themes["voice"] == voice) & themes["people"].gt(0).fillna(False)]
    place = shown["people"].rank(method="min", ascending=False).astype("Int64")
    ranked = shown.assign(place=place).sort_values(["place", "theme"], kind="stable")
    return ranked.reset_index(drop=True)


def pair_polarities(themes: pd.DataFrame) -> pd.DataFrame:
    """Return what helps and what stands in the way, side by side, topic by topic.

    Parameters
    ----------
    themes
        The table ``themes``.

    Returns
    -------
    DataFrame
        One row per topic and place: ``topic, enabler, enabler_people, challenge,
        challenge_people``; the themes most people speak of first; missing where one side has
        fewer. Themes that may be either are left out, as are those withheld.
    """
    ranked = rank_priorities(themes)
    sides = []
    for polarity in ("enabler", "challenge"):
        side = ranked[ranked["polarity"] == polarity]
        side = side.assign(line=side.groupby("topic", dropna=False).cumcount())
        names = {"theme": polarity, "people": f"{polarity}_people"}
        sides.append(side[["topic", "line", *names]].rename(columns=names))
    both = sides[0].merge(sides[1], on=["topic", "line"], how="outer", validate="1:1")
    order = {topic: place for place, topic in enumerate(dict.fromkeys(ranked["topic"]))}
    both = both.assign(order=both["topic"].map(order)).sort_values(["order", "line"])
    return both.drop(columns=["order", "line"]).reset_index(drop=True)


def _join_said(excerpts: Excerpts, final: pd.DataFrame) -> pd.DataFrame:
    """Return one row per excerpt and theme that is counted, with the speaker and no text."""
    names = ["excerpt_id", "person_id", "voice", "suggestion"]
    said = final[["excerpt_id", "theme_id"]].merge(
        excerpts.frame[names], on="excerpt_id", how="inner", validate="m:1"
    )
    return said.assign(voice=said["voice"].fillna(NOT_TOLD))


def _list_groups(excerpts: Excerpts) -> pd.DataFrame:
    """Return one row per person, characteristic and group; voices are a characteristic too."""
    people = excerpts.people
    parts = [
        pd.DataFrame(
            {
                "person_id": people["person_id"],
                "characteristic": name,
                "group": people[name].fillna(NOT_TOLD),
            }
        )
        for name in excerpts.characteristics
    ]
    voices = excerpts.frame[["person_id", "voice"]].fillna({"voice": NOT_TOLD}).drop_duplicates()
    voices = voices.rename(columns={"voice": "group"}).assign(characteristic="voice")
    return pd.concat([*parts, voices[["person_id", "characteristic", "group"]]], ignore_index=True)


def _build_themes(
    said: pd.DataFrame, system: pd.DataFrame, codebook: Codebook, ids: list[str]
) -> pd.DataFrame:
    """Return the table ``themes``; the voice ``suggestion`` counts those who suggest something."""
    rows = system[system["characteristic"].isin(["voice", "total", "suggestion"])]
    rows = rows.rename(columns={"group": "voice"}).drop(columns=["characteristic", "of_people"])
    everything = said.assign(voice=ALL_VOICES)
    mentions = pd.concat([said, everything]).groupby(["theme_id", "voice"])["excerpt_id"].nunique()
    keys = pd.MultiIndex.from_frame(rows[["theme_id", "voice"]])
    counted = pd.Series(mentions.reindex(keys).fillna(0).to_numpy(), index=rows.index)
    rows["excerpts"] = counted.astype("Int64").mask(rows["people"].isna())
    named = codebook.to_frame().drop(columns="description")
    rows = rows.merge(named, on="theme_id", how="left", validate="m:1")
    place = {theme: at for at, theme in enumerate(ids)}
    rows = rows.assign(at=rows["theme_id"].map(place), late=rows["voice"] != ALL_VOICES)
    rows = rows.sort_values(["at", "late", "voice"], kind="stable").reset_index(drop=True)
    names = ["theme_id", "theme", "parent", "topic", "polarity", "voice", "people", "excerpts",
             "display"]  # fmt: skip
    return rows[names]


def _build_groups(system: pd.DataFrame, ids: list[str]) -> pd.DataFrame:
    rows = system[~system["characteristic"].isin(["voice", "total", "suggestion"])]
    place = {theme: at for at, theme in enumerate(ids)}
    rows = rows.assign(at=rows["theme_id"].map(place))
    rows = rows.sort_values("at", kind="stable").reset_index(drop=True)
    return rows[["theme_id", "characteristic", "group", "people", "of_people", "display"]]


def _count_pairs(
    said: pd.DataFrame, ids: list[str], hidden: set[str], everyone: int, least_people: int
) -> pd.DataFrame:
    """Return pairs of themes that the same people speak of, those of withheld themes withheld."""
    once = said[["person_id", "theme_id"]].drop_duplicates()
    people = pd.Index(once["person_id"].unique())
    marks = np.zeros((len(people), len(ids)), dtype=np.int64)
    marks[people.get_indexer(once["person_id"]), pd.Index(ids).get_indexer(once["theme_id"])] = 1
    both = marks.T @ marks
    first, second = np.nonzero(np.triu(both, 1))
    count = both[first, second]
    is_blank = protect_counts(count, least_people) | np.array(
        [ids[a] in hidden or ids[b] in hidden for a, b in zip(first, second, strict=True)],
        dtype=bool,
    )
    is_blank |= everyone < LEAST_BASE
    return pd.DataFrame(
        {
            "theme_a": pd.Series([ids[a] for a in first], dtype="str"),
            "theme_b": pd.Series([ids[b] for b in second], dtype="str"),
            "people": pd.Series(count, dtype="Int64").mask(is_blank),
            "display": pd.Series(
                name_display(np.full(len(count), everyone), is_blank), dtype="str"
            ),
        }
    )
