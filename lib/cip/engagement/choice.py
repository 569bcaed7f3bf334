"""A balanced choice among cleared quotations: every theme, both sides, no voice twice.

The choice is a proposal: the reasons stand beside it, and a person may choose otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

#: Sides between which a choice is balanced.
SIDES = ("enabler", "challenge")


@dataclass(frozen=True)
class Proposal:
    """One quotation that is proposed.

    Parameters
    ----------
    quote_id
        Which quotation.
    why
        Why it was chosen, in words.
    """

    quote_id: str
    why: str


@dataclass(frozen=True)
class _Quote:
    quote_id: str
    theme_id: str
    side: str
    person: str
    groups: tuple[tuple[str, str], ...]


def propose_quotes(
    quotes: pd.DataFrame, speakers: pd.DataFrame, themes: pd.DataFrame, *, most: int
) -> list[Proposal]:
    """Propose which of the cleared quotations a report shows.

    Parameters
    ----------
    quotes, speakers
        Cleared quotations and who spoke (`cip.engagement.quotes.Clearances`).
    themes
        One row per theme: ``theme_id, theme, people``; themes of which the number of people is
        missing come last.
    most
        Most quotations to propose.

    Returns
    -------
    list of Proposal
        The same for the same input. First one quotation for each theme, the theme of most people
        first (the two sides by turns where not all can be heard), then further rounds. Nobody is
        quoted twice. Where themes share a speaker, the quotations are dealt out so that as many
        themes as can be are heard. Within a theme the side (enabler, challenge), the groups and
        the voices that were chosen least come first.

    Raises
    ------
    ValueError
        If ``most`` is negative.
    """
    if most < 0:
        raise ValueError("The number of quotations cannot be negative.")
    listed = _list_quotes(quotes, speakers)
    order = themes.sort_values(["people", "theme_id"], ascending=[False, True], na_position="last")
    names = dict(zip(order["theme_id"], order["theme"], strict=True))
    heard = _deal_out(_order_themes(list(names), listed, most), listed, most)
    chosen: list[_Quote] = []
    found: list[Proposal] = []
    for theme, person in heard.items():
        own = [q for q in listed if q.theme_id == theme and q.person == person]
        found.append(_choose(own, chosen, f"the theme '{names[theme]}' is heard"))
    while len(found) < most:
        people = {quote.person for quote in chosen}
        rest = [q for q in listed if q.person not in people and q.theme_id in names]
        if not rest:
            break
        theme = _choose_theme(rest, chosen, list(names))
        own = [quote for quote in rest if quote.theme_id == theme]
        found.append(_choose(own, chosen, f"one more on the theme '{names[theme]}'"))
    return found


def _list_quotes(quotes: pd.DataFrame, speakers: pd.DataFrame) -> list[_Quote]:
    joined = quotes.merge(speakers, on="quote_id", how="left", validate="1:1")
    joined = joined.dropna(subset="theme_id").sort_values("quote_id")
    groups = [name for name in speakers if name not in ("quote_id", "person_id")]
    return [
        _Quote(
            str(row["quote_id"]),
            str(row["theme_id"]),
            str(row["polarity"]),
            # Of whom nothing is known counts as somebody of their own.
            str(row["quote_id"] if pd.isna(row["person_id"]) else row["person_id"]),
            tuple((n, str(row[n])) for n in (*groups, "voice") if pd.notna(row[n])),
        )
        for row in joined.to_dict("records")
    ]


def _order_themes(themes: list[str], quotes: list[_Quote], most: int) -> list[str]:
    """Return themes by people; where not all can be heard, the two sides take turns."""
    sides = {quote.theme_id: quote.side for quote in quotes}
    heard = [theme for theme in themes if theme in sides]
    if most >= len(heard):
        return heard
    place = {theme: number for number, theme in enumerate(heard)}
    turns: Counter[str] = Counter()
    ranks = {}
    for theme in heard:
        ranks[theme] = (turns[sides[theme]], place[theme])
        turns[sides[theme]] += 1
    return sorted(heard, key=ranks.__getitem__)


def _choose_theme(rest: list[_Quote], chosen: list[_Quote], themes: list[str]) -> str:
    """Return the theme that was heard least, of the side that was heard less."""
    times = Counter(quote.theme_id for quote in chosen)
    sides = Counter(quote.side for quote in chosen)
    best = min(rest, key=lambda q: (times[q.theme_id], sides[q.side], themes.index(q.theme_id)))
    return best.theme_id


def _deal_out(themes: Sequence[str], quotes: list[_Quote], most: int) -> dict[str, str]:
    """Return one person for each theme, nobody twice, the themes in their order.

    A theme whose people are all taken asks the theme that took one to take another (augmenting
    paths); a theme that has been given somebody keeps somebody.
    """
    people: dict[str, list[str]] = {theme: [] for theme in themes}
    for quote in quotes:
        if quote.theme_id in people and quote.person not in people[quote.theme_id]:
            people[quote.theme_id].append(quote.person)
    theme_of: dict[str, str] = {}

    def give(theme: str, asked: set[str]) -> bool:
        for person in people[theme]:
            if person not in asked:
                asked.add(person)
                if person not in theme_of or give(theme_of[person], asked):
                    theme_of[person] = theme
                    return True
        return False

    for theme in themes:
        if len(theme_of) < most:
            give(theme, set())
    person_of = {theme: person for person, theme in theme_of.items()}
    return {theme: person_of[theme] for theme in themes if theme in person_of}


def _choose(own: list[_Quote], chosen: list[_Quote], reason: str) -> Proposal:
    """Take the quotation that balances the choice best, and say why."""
    sides = Counter(quote.side for quote in chosen)
    groups = Counter(group for quote in chosen for group in quote.groups)

    def rank(quote: _Quote) -> tuple[int, float, str]:
        known = [groups[group] for group in quote.groups]
        # What is neither side stands where the rarer side does.
        side = sides[quote.side] if quote.side in SIDES else min(sides[name] for name in SIDES)
        return side, sum(known) / len(known) if known else 0.0, quote.quote_id

    best = min(own, key=rank)
    reasons = [reason]
    if best.side in SIDES and sides[best.side] == min(sides[side] for side in SIDES):
        reasons.append(f"{best.side}s are no more often chosen so far than the other side")
    if new := [name for name, group in best.groups if not groups[(name, group)]]:
        reasons.append(f"the first of its group by {', '.join(new).replace('_', ' ')}")
    chosen.append(best)
    return Proposal(best.quote_id, "; ".join(reasons))
