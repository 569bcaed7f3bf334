"""Browsing what people said: filters, the list that fits them, and one excerpt at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cip.catalogue.people_groups import load_people_groups
from cip.interactive.voices_state import HIDDEN, UNREAD, VoicesState

#: More are not listed: a list of thousands cannot be looked through.
MOST_LISTED = 500
_FIRST_WORDS = 48
_NOT_TOLD = "not told"
_CODED = [
    ("nobody", "read by nobody"),
    ("somebody", "read by somebody"),
    ("themes", "with a theme"),
    ("differ", "coders differ, not settled"),
]
_OWN = [("unread", "not read by you"), ("read", "read by you")]


@dataclass(frozen=True)
class VoicesFilter:
    """What is asked for; an empty value asks nothing.

    Parameters
    ----------
    values
        Column of the excerpts and its value.
    theme
        Id of a theme.
    coded
        ``nobody``, ``somebody``, ``themes``, ``differ``, ``unread`` or ``read``.
    words
        Words that the excerpt holds, whatever their letter case.
    is_suggestion
        Only what residents suggest.
    """

    values: tuple[tuple[str, str], ...] = ()
    theme: str = ""
    coded: str = ""
    words: str = ""
    is_suggestion: bool = False


def make_filter(given: Mapping[str, Any], state: VoicesState) -> VoicesFilter:
    """Return a filter from what the page sends; what is not known asks nothing."""
    columns = list_filter_columns(state)
    values = tuple(
        (n, str(given[n])) for n in columns if isinstance(given.get(n), str) and given[n]
    )
    return VoicesFilter(
        values, str(given.get("theme") or ""), str(given.get("coded") or ""),
        str(given.get("words") or "").strip(), given.get("suggestion") is True,
    )  # fmt: skip


def list_filter_columns(state: VoicesState) -> list[str]:
    """Return the columns by which excerpts are picked: how they were heard, and who speaks."""
    columns = ["voice", "wave", *state.excerpts.characteristics]
    return [name for name in columns if state.frame[name].notna().any()]


def pick_excerpts(state: VoicesState, asked: VoicesFilter) -> list[str]:
    """Return the ids of the excerpts that fit, in their order."""
    frame = state.frame
    fits = pd.Series(True, index=frame.index)
    for name, value in asked.values:
        fits &= frame[name].eq(value).fillna(False).astype(bool)
    if asked.is_suggestion:
        fits &= frame["suggestion"]
    if asked.words:
        said = frame["text"].str.casefold()
        fits &= said.str.contains(asked.words.casefold(), regex=False)
    found = frame.loc[fits, "excerpt_id"].tolist()
    if asked.coded:
        chosen = _list_coded(state, asked.coded)
        found = [excerpt for excerpt in found if excerpt in chosen]
    if asked.theme:
        found = [excerpt for excerpt in found if asked.theme in state.list_themes(excerpt)]
    return found


def _list_coded(state: VoicesState, coded: str) -> set[str]:
    every = set(state.frame["excerpt_id"])
    own = set(state.codes.get(state.coder, {}))
    read = {excerpt for codes in state.codes.values() for excerpt in codes}
    if coded == "differ":
        disputes = state.list_disputes()
        return set(disputes.loc[disputes["decision"].isna(), "excerpt_id"])
    if coded == "themes":
        return {excerpt for excerpt in read if state.list_themes(excerpt)}
    kinds = {"nobody": every - read, "somebody": read, "unread": every - own, "read": own}
    return kinds.get(coded, every)


def show_filters(state: VoicesState, asked: VoicesFilter) -> list[dict[str, Any]]:
    """Return the filters with their choices; themes with how many excerpts fit all else."""
    others = VoicesFilter(asked.values, "", asked.coded, asked.words, asked.is_suggestion)
    counts = Counter(t for e in pick_excerpts(state, others) for t in state.list_themes(e))
    themes = [
        (theme.id, f"{theme.name} ({counts[theme.id]:,})")
        for theme in state.codebook.themes
        if theme.id not in state.codebook.headings or counts[theme.id]
    ]
    given = dict(asked.values)
    shown = [_show_filter("theme", "Theme", themes, asked.theme)]
    for name in list_filter_columns(state):
        shown.append(
            _show_filter(name, name_column(name), _list_groups(state, name), given.get(name, ""))
        )
    coded = [*(_OWN if state.coder else []), *_CODED]
    return [*shown, _show_filter("coded", "Coded", coded, asked.coded)]


def _show_filter(
    name: str, label: str, options: list[tuple[str, str]], value: str
) -> dict[str, Any]:
    return {"name": name, "label": label, "options": [["", "any"], *map(list, options)],
            "value": value}  # fmt: skip


def _list_groups(state: VoicesState, name: str) -> list[tuple[str, str]]:
    told = state.frame[name].dropna()
    entry = load_people_groups().get(name)
    if entry is not None and entry.groups:
        here = set(told)
        return [(group.id, group.label) for group in entry.groups if group.id in here]
    return [(value, value) for value in sorted(set(told))]


def name_column(name: str) -> str:
    """Return what a column of excerpts is called for readers."""
    entry = load_people_groups().get(name)
    return entry.label if entry else name.capitalize()


def name_value(name: str, value: object) -> str:
    """Return what a cell of a column says to readers."""
    if pd.isna(value):
        return _NOT_TOLD
    entry = load_people_groups().get(name)
    return entry.labels.get(str(value), str(value)) if entry else str(value)


def show_list(state: VoicesState, found: list[str], current: str) -> dict[str, Any]:
    """Return the list of what fits: the stretch of it that holds the current excerpt."""
    place = found.index(current) if current in found else 0
    start = max(0, min(place - MOST_LISTED // 2, len(found) - MOST_LISTED))
    listed = [[one, _say_excerpt(state.find(one))] for one in found[start : start + MOST_LISTED]]
    people = {state.find(one)["person_id"] for one in found}
    words = (
        f"{len(found):,} of {len(state.frame):,} excerpts fit, from {len(people):,} "
        f"{'person' if len(people) == 1 else 'people'}."
    )
    if len(found) > len(listed):
        words += f" {len(listed):,} of them are listed, around the one that is shown."
    return {"found": words, "listed": listed, "current": current}


def _say_excerpt(row: Mapping[str, Any]) -> str:
    first = " ".join(str(row["text"])[:400].split())
    text = f"{first[:_FIRST_WORDS]}…" if len(first) > _FIRST_WORDS else first
    return " · ".join([row["excerpt_id"], name_value("voice", row["voice"]), text])


def show_excerpt(state: VoicesState, found: list[str], current: str) -> dict[str, Any] | None:
    """Return one excerpt with who speaks and everybody's codes; None where none is chosen."""
    if not current:
        return None
    row = state.find(current)
    who = [[name_column(n), name_value(n, row[n])] for n in list_filter_columns(state)]
    place = f"Excerpt {current}"
    if current in found:
        place += f", {found.index(current) + 1:,} of {len(found):,}"
    return {
        "id": current,
        "place": place,
        "text": str(row["text"]),
        "who": [["Person", row["person_id"]], *who],
        "suggestion": bool(row["suggestion"]),
        "codes": [[coder, say_codes(state, codes)] for coder, codes in state.see(current).items()],
    }


def say_codes(state: VoicesState, codes: tuple[str, ...] | str) -> str:
    """Return a coder's themes in words."""
    if codes == HIDDEN:
        return "hidden until you have read this excerpt yourself"
    if codes == UNREAD:
        return "not read"
    return "; ".join(map(state.name_theme, codes)) or "read, no theme"
