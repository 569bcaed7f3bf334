"""Few people are withheld in tables of themes, and what would give them away.

A reader knows two kinds of sums: the groups of a characteristic, and those who were not asked, make
up everyone heard, and so do, theme by theme, the people of each group who speak of it. The voices do
so too where nobody was heard in two ways. How many did not tell their group is taken as known: it is
no group of anybody, and it has no rows.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from cip.disclosure import DisclosureRule, load_rule, protect_table
from cip.engagement.crossing import Groups

#: A figure needs so many people heard, and is flagged below the second.
LEAST_BASE, FLAG_BELOW = 10, 30
SHOWN, FLAGGED, WITHHELD = "shown", "small base", "withheld"
#: Group of people who were not asked or preferred not to say, and voice that is not told.
NOT_TOLD = "not stated"
_EVERYONE, _REST, _SUM = "everyone", "rest", "sum"


def protect_groups(
    said: pd.DataFrame,
    groups: pd.DataFrame,
    themes: list[str],
    least_people: int,
    withheld: Groups,
) -> pd.DataFrame:
    """Return the people who speak of each theme, by group, safe to show.

    Parameters
    ----------
    said
        One row per excerpt and theme: ``person_id, theme_id, suggestion, voice``.
    groups
        One row per person heard, characteristic and group: ``person_id, characteristic, group``.
    themes
        Themes to count, in their order.
    least_people
        Fewer people than this, but not none, are withheld.
    withheld
        Groups by characteristic of which nothing may be shown.

    Returns
    -------
    DataFrame
        One row per theme, characteristic and group: ``people, of_people`` (heard in the group)
        ``, display``; with the characteristic ``total`` (group ``all``) for everyone and
        ``suggestion`` for those who suggest something on it, of whom only few are withheld.
    """
    heard = groups.groupby(["characteristic", "group"])["person_id"].nunique()
    everyone = groups["person_id"].nunique()
    is_hidden = _hide_heard(groups, heard, everyone, withheld)
    counts, equations = _lay_out(said, groups, heard[~is_hidden], themes)
    rule = _make_rule(least_people)
    blank = _find_blanks(counts, equations, rule)
    rows = []
    for (characteristic, group), of_people in heard.items():
        if group == NOT_TOLD and characteristic != "voice":
            continue
        name = f"{characteristic}|{group}"
        is_known = name in counts
        people = counts[name] if is_known else counts[_EVERYONE] * 0
        is_blank = blank[name].to_numpy() if is_known else np.ones(len(themes), dtype=bool)
        of = of_people if is_known else None
        rows.append(_build_rows(themes, characteristic, group, people, of, of_people, is_blank))
    suggests = _count(said.loc[said["suggestion"], ["person_id", "theme_id"]], themes)
    is_blank = blank[_EVERYONE].to_numpy() | (everyone < LEAST_BASE)
    for characteristic, group, people, hidden in (
        ("total", "all", counts[_EVERYONE], is_blank),
        ("suggestion", "suggestion", suggests, is_blank | rule.is_unsafe(suggests)),
    ):
        rows.append(_build_rows(themes, characteristic, group, people, everyone, everyone, hidden))
    return pd.concat(rows, ignore_index=True)


def protect_counts(counts: ArrayLike, least_people: int) -> NDArray[np.bool_]:
    """Return which counts of people are above zero and too few to show."""
    return _make_rule(least_people).is_unsafe(counts)


def name_display(base: ArrayLike, is_blank: ArrayLike) -> NDArray[np.str_]:
    """Return ``shown``, ``small base`` or ``withheld`` for each figure."""
    status = np.where(np.asarray(base) < FLAG_BELOW, FLAGGED, SHOWN)
    return np.where(np.asarray(is_blank, dtype=bool), WITHHELD, status)


def _make_rule(least_people: int) -> DisclosureRule:
    if least_people < 2:
        raise ValueError("Fewer than two people is nobody, so nothing would be withheld.")
    # A reader must not be able to narrow a withheld count down to less than its own range.
    width = max(1, min(3, least_people - 2))
    label = f"1 to {least_people - 1} withheld"
    return replace(
        load_rule("under_5"),
        id="themes",
        label=label,
        safe_from=least_people,
        least_width=width,
        mean_base=least_people,
    )


def _hide_heard(
    groups: pd.DataFrame, heard: pd.Series, everyone: int, withheld: Groups
) -> pd.Series:
    """Return the groups whose number of people heard is withheld: few, or giving a few away."""
    is_hidden = pd.Series(heard < LEAST_BASE, index=heard.index)
    is_hidden |= np.array([group in withheld.get(name, ()) for name, group in heard.index])
    rule = _make_rule(LEAST_BASE)
    for name in heard.index.unique("characteristic"):
        part = heard[name]
        if int(part.sum()) != everyone:
            continue  # Voices of people who were heard in two ways do not add up.
        part = part.drop(NOT_TOLD, errors="ignore") if name != "voice" else part
        table = pd.DataFrame([[*part, part.sum()]], columns=[*part.index, _EVERYONE])
        found = protect_table(table, rule, total_column=_EVERYONE)
        for group in part.index:
            is_hidden[name, group] |= bool(found.is_blank[group].iloc[0])
    return is_hidden


def _lay_out(
    said: pd.DataFrame, groups: pd.DataFrame, shown: pd.Series, themes: list[str]
) -> tuple[pd.DataFrame, list[tuple[list[str], str]]]:
    """Return counts, one row per theme and one column per cell, and the columns that add up.

    What a reader learns of withheld groups is their sum, the ``rest``, which is protected too.
    """
    once = said[["person_id", "theme_id"]].drop_duplicates()
    everyone = _count(once, themes)
    columns: dict[str, pd.Series] = {_EVERYONE: everyone}
    equations = []
    for name in groups["characteristic"].unique():
        part = groups[groups["characteristic"] == name]
        # A voice is counted where the theme was named in it, other groups wherever.
        spoken = (
            said[["person_id", "theme_id", "voice"]].drop_duplicates()
            if name == "voice"
            else once.merge(part, on="person_id", validate="m:1")
        )
        by = "voice" if name == "voice" else "group"
        counts = {
            group: _count(spoken[spoken[by] == group], themes)
            for group in part["group"].unique()
            if group != NOT_TOLD or name == "voice"
        }
        kept = [group for group in counts if (name, group) in shown.index]
        rest = sum((counts[g] for g in counts if g not in kept), start=everyone * 0)
        whole = sum(counts.values(), start=everyone * 0)
        columns |= {f"{name}|{group}": counts[group] for group in kept}
        columns[f"{name}|{_REST}|"] = rest
        target = _EVERYONE
        if not whole.equals(everyone):
            target = f"{name}|{_SUM}|"
            columns[target] = whole
        equations.append(([*(f"{name}|{group}" for group in kept), f"{name}|{_REST}|"], target))
    return pd.DataFrame(columns), equations


def _count(pairs: pd.DataFrame, themes: list[str]) -> pd.Series:
    found = pairs.drop_duplicates(["person_id", "theme_id"])["theme_id"].value_counts()
    return found.reindex(themes, fill_value=0).astype("int64")


def _find_blanks(
    counts: pd.DataFrame, equations: list[tuple[list[str], str]], rule: DisclosureRule
) -> pd.DataFrame:
    """Return the withheld cells, theme by theme: nothing adds up across themes.

    A sum that is not everyone is one that a reader works out, so it cannot be withheld; where it
    is few itself, all of the characteristic is.
    """
    blanks = []
    own = [total for _, total in equations if total != _EVERYONE]
    for theme in counts.index:
        row = counts.loc[[theme]]
        sums = [([(theme, part) for part in parts], (theme, total)) for parts, total in equations]
        known = [(theme, total) for total in own if not rule.is_unsafe(row[total]).any()]
        wiped = [total for total in own if (theme, total) not in known]
        try:
            blank = protect_table(row, rule, equations=sums, keep=known).is_blank
        except ValueError:
            # Too few people for the sums that a reader knows: all that add up to them goes.
            blank, wiped = protect_table(row, rule, equations=sums).is_blank, own
        for parts, total in equations:
            if total in wiped:
                blank[parts] = True
        blanks.append(blank)
    return pd.concat(blanks) if blanks else pd.DataFrame(columns=counts.columns, dtype=bool)


def _build_rows(
    themes: list[str],
    characteristic: str,
    group: str,
    people: pd.Series,
    shown_base: int | None,
    base: int,
    is_blank: NDArray[np.bool_],
) -> pd.DataFrame:
    counted = pd.Series(people.to_numpy(), dtype="Int64").mask(is_blank)
    return pd.DataFrame(
        {
            "theme_id": pd.Series(themes, dtype="str"),
            "characteristic": characteristic,
            "group": group,
            "people": counted,
            "of_people": pd.Series([shown_base] * len(themes), dtype="Int64"),
            "display": name_display(np.full(len(themes), base), is_blank),
        }
    )
