"""What the voices editor knows now: who coded what, what was decided, and what still waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from cip.engagement.codebook import Codebook
from cip.engagement.coding_settled import list_disagreements, settle_codings
from cip.engagement.excerpts import Excerpts
from cip.interactive.voices_coders import Codes

#: What stands in the place of codes that would lead the coder.
HIDDEN, UNREAD = "hidden", "unread"


@dataclass
class VoicesState:
    """Codes and decisions as they are on the disk.

    Parameters
    ----------
    excerpts
        What was read when the editor was opened.
    codebook
        The themes.
    codes
        For each coder the themes of every excerpt that the coder has read.
    settled
        For each excerpt and theme the decision and its day.
    coder
        Who codes here; empty while nobody is chosen.
    """

    excerpts: Excerpts = field(repr=False)
    codebook: Codebook
    codes: dict[str, Codes] = field(repr=False)
    settled: dict[tuple[str, str], tuple[str, str]] = field(repr=False)
    coder: str = ""
    _cache: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)

    @property
    def frame(self) -> pd.DataFrame:
        """One row per excerpt, texts included."""
        return self.excerpts.frame

    @cached_property
    def _rows(self) -> dict[str, dict[str, Any]]:
        return {str(row["excerpt_id"]): row for row in self.frame.to_dict("records")}

    def find(self, excerpt: str) -> dict[str, Any]:
        """Return one excerpt by the columns of `frame`.

        Raises
        ------
        KeyError
            If there is no such excerpt.
        """
        return self._rows[excerpt]

    def set_codes(self, coder: str, codes: Codes) -> None:
        """Take in what a coder's file says now."""
        self.codes[coder] = codes
        self._forget()

    def set_settled(self, settled: Mapping[tuple[str, str], tuple[str, str]]) -> None:
        """Take in what was decided."""
        self.settled = dict(settled)
        self._forget()

    def see(self, excerpt: str) -> dict[str, tuple[str, ...] | str]:
        """Return each coder's themes of an excerpt, as far as the one who codes may see them.

        What others found stays hidden until one has read the excerpt oneself: agreement between
        coders means something only where nobody was led.
        """
        is_blind = bool(self.coder) and excerpt not in self.codes.get(self.coder, {})
        return {
            coder: HIDDEN if is_blind and coder != self.coder else codes.get(excerpt, UNREAD)
            for coder, codes in self.codes.items()
        }

    def list_themes(self, excerpt: str) -> set[str]:
        """Return the themes of an excerpt that may be seen, whoever applied them."""
        seen = (themes for themes in self.see(excerpt).values() if not isinstance(themes, str))
        return {theme for themes in seen for theme in themes}

    def list_disputes(self) -> pd.DataFrame:
        """Return one row per excerpt and theme on which coders differ, as far as it may be seen."""
        if "disputes" not in self._cache:
            self._cache["disputes"] = list_disagreements(self.to_excerpts())
        found = self._cache["disputes"]
        if not self.coder:
            return found
        return found[found["excerpt_id"].isin(self.codes.get(self.coder, {}))]

    def list_final(self) -> pd.DataFrame:
        """Return one row per excerpt and theme that is counted: ``excerpt_id, theme_id, polarity``."""
        if "final" not in self._cache:
            final = settle_codings(self.to_excerpts()).final[["excerpt_id", "theme_id"]]
            order = {theme.id: place for place, theme in enumerate(self.codebook.themes)}
            polarity = {theme.id: theme.polarity for theme in self.codebook.themes}
            final = final.assign(
                polarity=final["theme_id"].map(polarity), place=final["theme_id"].map(order)
            )
            ordered = final.sort_values(["excerpt_id", "place"]).drop(columns="place")
            self._cache["final"] = ordered.reset_index(drop=True)
        return self._cache["final"]

    def to_excerpts(self) -> Excerpts:
        """Return the excerpts with the codes and decisions of now."""
        looked = [(e, coder) for coder, codes in self.codes.items() for e in codes]
        codings = [
            (excerpt, coder, theme)
            for coder, codes in self.codes.items()
            for excerpt, themes in codes.items()
            for theme in themes
        ]
        settled = [(*pair, *said) for pair, said in self.settled.items() if said[0]]
        names = ["excerpt_id", "theme_id", "decision", "decided_on"]
        return replace(
            self.excerpts,
            looked_at=pd.DataFrame(looked, columns=["excerpt_id", "coder"], dtype="str"),
            codings=pd.DataFrame(codings, columns=["excerpt_id", "coder", "theme_id"], dtype="str"),
            settled=pd.DataFrame(settled, columns=names, dtype="str"),
        )

    def name_theme(self, theme: str) -> str:
        """Return a theme's name for readers."""
        known = self.codebook.by_id.get(theme)
        return known.name if known else theme

    def _forget(self) -> None:
        for name in ("disputes", "final"):
            self._cache.pop(name, None)


def find_settled_path(source: Path) -> Path:
    """Return where the decisions on disagreements are, or will be."""
    return (source if source.is_dir() else source.parent) / "settled.csv"


def read_decisions(settled: pd.DataFrame) -> dict[tuple[str, str], tuple[str, str]]:
    """Return decisions and their days by excerpt and theme."""
    days = settled["decided_on"].astype(object).where(settled["decided_on"].notna(), "")
    return {
        (excerpt, theme): (decision, day)
        for excerpt, theme, decision, day in zip(
            settled["excerpt_id"], settled["theme_id"], settled["decision"], days, strict=True
        )
    }
