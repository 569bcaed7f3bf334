"""Settling which records are one thing: pure state, with every answer kept for undo."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from cip.assets.decision_table import DIFFERENT, SAME, UNSURE

Pair = tuple[str, str]

#: What each answer is called on its button and in what is read out.
ANSWERS = {SAME: "One thing", DIFFERENT: "Two things", UNSURE: "Not sure"}


@dataclass(frozen=True, eq=False)
class Settling:
    """The pairs that are open, and the answers given so far. Each action returns a new state.

    Parameters
    ----------
    pairs
        One row per pair of the table ``asset_pairs`` that waits, in the order in which they are
        asked.
    answers
        Pair and answer (a decision of `cip.assets.decision_table`) of each, the latest last; each pair
        once.
    """

    pairs: pd.DataFrame
    answers: tuple[tuple[Pair, str], ...] = ()

    @cached_property
    def _order(self) -> list[Pair]:
        return list(zip(self.pairs["asset_id_a"], self.pairs["asset_id_b"], strict=True))

    @property
    def is_empty(self) -> bool:
        """True where no answer has been given that is not written yet."""
        return not self.answers

    @property
    def current(self) -> Pair | None:
        """The pair to answer next; None when all are answered."""
        done = {pair for pair, _ in self.answers}
        return next((pair for pair in self._order if pair not in done), None)

    @property
    def left(self) -> int:
        """How many pairs have no answer."""
        return len(self._order) - len(self.answers)

    def find(self, pair: Pair) -> pd.Series:
        """Return the row of a pair."""
        return self.pairs.iloc[self._order.index(pair)]

    def answer(self, answer: str) -> Settling:
        """Return the state with the current pair answered; itself where none is open."""
        pair = self.current
        return self if pair is None else Settling(self.pairs, (*self.answers, (pair, answer)))

    def undo(self) -> Settling:
        """Return the state without the last answer."""
        return Settling(self.pairs, self.answers[:-1])

    def drop_answered(self) -> Settling:
        """Return the state once the answers are written: they are asked no more."""
        done = {pair for pair, _ in self.answers}
        keep = [pair not in done for pair in self._order]
        return Settling(self.pairs[keep])

    def describe(self) -> str:
        """Say how far this is."""
        if not self._order:
            return "No pair of records waits for a decision."
        words = f"{len(self.answers):,} answered, {self.left:,} left."
        return words if self.left else f"{words} Show what would be written to keep the answers."


def start_settling(pairs: pd.DataFrame) -> Settling:
    """Return the pairs that wait for a decision, the most alike first.

    Those of which somebody was not sure come last: they may be settled later.
    """
    is_unsure = pairs["decision"].eq(UNSURE)
    is_open = pairs["decision"].isna() | pairs["decision"].eq("") | is_unsure
    order = pairs.assign(_unsure=is_unsure)[is_open].sort_values(
        ["_unsure", "score", "distance_m", "asset_id_a", "asset_id_b"],
        ascending=[True, False, True, True, True],
    )
    return Settling(order.drop(columns="_unsure").reset_index(drop=True))
