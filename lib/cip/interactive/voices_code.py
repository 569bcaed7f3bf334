"""Coding one excerpt: themes are ticked, each tick is written to the coder's file at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pandas as pd

from cip.engagement.codebook import Codebook
from cip.engagement.suggestion_way import SuggestionWay
from cip.errors import ParameterError
from cip.interactive.voices_coders import Coder, order_themes
from cip.interactive.voices_ledger import Ledger
from cip.interactive.voices_state import VoicesState

#: Takes texts, the codebook and coded examples; returns the two nearest themes of each.
Suggester = Callable[..., pd.DataFrame]
#: Said of suggestions whose way is not the workbook's own.
OTHER_WAY = "Offered by a way of suggesting that this notebook has handed in."
NO_CODER = "Say first who codes: choose a coder's file at the top."


class Suggestions:
    """Two themes for each excerpt that the coder has not read, worked out once and never applied.

    Parameters
    ----------
    suggest
        `cip.engagement.suggestion_way.BEST_WAY`, another way of suggesting, or None where none are
        wanted.
    """

    def __init__(self, suggest: Suggester | None):
        self._suggest = suggest
        self._found: dict[str, list[str]] | None = None

    @property
    def told(self) -> str:
        """Say in one sentence why a theme is offered; empty where none ever is."""
        if self._suggest is None:
            return ""
        return self._suggest.told if isinstance(self._suggest, SuggestionWay) else OTHER_WAY

    def list_for(self, state: VoicesState, excerpt: str) -> list[str]:
        """Return the themes to offer for an excerpt; none where the coder has read it."""
        if self._suggest is None or not state.coder or excerpt in state.codes[state.coder]:
            return []
        if self._found is None:
            self._found = self._work_out(state)
        return self._found.get(excerpt, [])

    def _work_out(self, state: VoicesState) -> dict[str, list[str]]:
        # Only one's own codes teach: those of others would lead.
        own = state.codes[state.coder]
        texts = dict(zip(state.frame["excerpt_id"], state.frame["text"], strict=True))
        headings = state.codebook.headings
        examples = [(texts[e], t) for e, ts in own.items() for t in ts if t not in headings]
        open_ones = [excerpt for excerpt in texts if excerpt not in own]
        found = self._suggest([texts[e] for e in open_ones], state.codebook, examples=examples)  # type: ignore[misc]
        pairs = found[["first", "second"]].itertuples(index=False, name=None)
        return {
            excerpt: [theme for theme in pair if pd.notna(theme)]
            for excerpt, pair in zip(open_ones, pairs, strict=True)
        }


def show_themes(state: VoicesState, excerpt: str) -> list[dict[str, Any]]:
    """Return the themes that can be ticked, in the order of the codebook, by what stands above."""
    ticked = state.codes.get(state.coder, {}).get(excerpt, ())
    book: Codebook = state.codebook
    return [
        {
            "id": theme.id,
            "name": theme.name,
            "about": theme.description,
            "above": book.by_id[theme.parent].name if theme.parent else "",
            "on": theme.id in ticked,
        }
        for theme in book.themes
        if theme.id not in book.headings or theme.id in ticked
    ]


def code_excerpt(
    state: VoicesState,
    coder: Coder | None,
    ledger: Ledger,
    *,
    excerpt: str,
    themes: Sequence[str],
    words: str,
) -> str:
    """Write the themes that a coder gives an excerpt, and return what was done in words.

    Raises
    ------
    ParameterError
        If nobody is chosen, the excerpt is not in the coder's file, a theme is not in the
        codebook, or the file cannot be written.
    """
    if coder is None:
        raise ParameterError(NO_CODER)
    if any(theme not in state.codebook.by_id for theme in themes):
        raise ParameterError("there is no such theme")
    if ledger.find_row(coder.target, {"excerpt_id": excerpt}) is None:
        raise ParameterError(
            f"{coder.target.path.name} does not have the excerpt {excerpt}, so it cannot be coded there"
        )
    cells = {"themes": order_themes(themes, state.codebook)}
    if coder.has_dates:
        cells["coded_on"] = date.today().isoformat()
    ledger.write(coder.target, {"excerpt_id": excerpt}, cells, words, by=coder.name)
    return words


def tick_theme(
    state: VoicesState, coder: Coder | None, ledger: Ledger, *, excerpt: str, theme: str, on: bool
) -> str:
    """Apply a theme to an excerpt or take it away, and return what was done in words."""
    own = state.codes.get(state.coder, {}).get(excerpt, ())
    themes = [*own, theme] if on else [one for one in own if one != theme]
    words = f"{excerpt}: {state.name_theme(theme)} {'applied' if on else 'taken away'}."
    return code_excerpt(state, coder, ledger, excerpt=excerpt, themes=themes, words=words)


def find_no_theme(state: VoicesState, coder: Coder | None, ledger: Ledger, excerpt: str) -> str:
    """Write that a coder has read an excerpt and found no theme in it."""
    words = f"{excerpt}: read, no theme applies."
    return code_excerpt(state, coder, ledger, excerpt=excerpt, themes=(), words=words)
