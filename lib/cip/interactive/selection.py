"""The choice of small areas while it is being made: pure state, with every step kept for undo."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from cip.errors import ParameterError, Problem, find_nearest
from cip.interactive.ground import Ground, Summary


@dataclass(frozen=True)
class Place:
    """One place that can be added or taken out as a whole.

    Parameters
    ----------
    level
        ``lsoa``, ``msoa``, ``ward`` or ``district``.
    code, name
        As the publisher gives them.
    codes
        LSOAs of 2021 that stand for it.
    within
        Where it lies, in words.
    """

    level: str
    code: str
    name: str
    codes: frozenset[str]
    within: str = ""

    @property
    def words(self) -> str:
        """The place as part of a sentence, such as ``Littlemore ward``."""
        return f"{self.name} {self.level}" if self.level == "ward" else self.name


@dataclass(frozen=True)
class Step:
    """The choice after one action: its LSOAs, the whole places added so far, and what was done."""

    chosen: frozenset[str]
    places: tuple[Place, ...] = ()
    words: str = ""


@dataclass(frozen=True, eq=False)
class Selection:
    """A choice of LSOAs. Each action returns a new one; one that changes nothing returns itself.

    Parameters
    ----------
    ground
        What can be chosen from.
    steps
        Every state so far, the present one last. Begin with ``start_selection``.
    """

    ground: Ground
    steps: tuple[Step, ...] = (Step(frozenset()),)

    @property
    def chosen(self) -> frozenset[str]:
        """The LSOAs chosen now."""
        return self.steps[-1].chosen

    @property
    def places(self) -> tuple[Place, ...]:
        """The places that were added as a whole, in order."""
        return self.steps[-1].places

    @property
    def last_action(self) -> str:
        """What the last action did, in words; empty at the start."""
        return self.steps[-1].words

    @property
    def can_undo(self) -> bool:
        """True when there is an action to undo."""
        return len(self.steps) > 1

    @cached_property
    def summary(self) -> Summary:
        """What the choice amounts to."""
        return self.ground.summarise(self.chosen)

    def add(self, place: Place) -> Selection:
        """Return the choice with all of a place in it."""
        self._check(place.codes)
        if place.codes <= self.chosen:
            return self
        new = len(place.codes - self.chosen)
        places = self.places
        if place.level != "lsoa":
            places = (*(p for p in places if p.code != place.code), place)
        return self._step(self.chosen | place.codes, places, f"Added {place.words}{_more(new)}.")

    def remove(self, place: Place) -> Selection:
        """Return the choice with nothing of a place in it."""
        self._check(place.codes)
        gone = len(place.codes & self.chosen)
        if not gone:
            return self
        places = tuple(p for p in self.places if p.code != place.code)
        return self._step(
            self.chosen - place.codes, places, f"Took out {place.words}{_more(gone)}."
        )

    def toggle(self, code: str) -> Selection:
        """Return the choice with one LSOA added, or taken out where it was in."""
        place = self.find_lsoa(code)
        return self.remove(place) if code in self.chosen else self.add(place)

    def remove_codes(self, codes: Iterable[str]) -> Selection:
        """Return the choice without some LSOAs, as one action."""
        gone = frozenset(codes) & self.chosen
        if not gone:
            return self
        if len(gone) == 1:
            return self.remove(self.find_lsoa(next(iter(gone))))
        return self._step(self.chosen - gone, self.places, f"Took out {len(gone)} small areas.")

    def undo(self) -> Selection:
        """Return the choice as it was before the last action."""
        return Selection(self.ground, self.steps[:-1]) if self.can_undo else self

    def find_lsoa(self, code: str) -> Place:
        """Return one LSOA as a place.

        Raises
        ------
        ParameterError
            If it is not among those that can be chosen.
        """
        self._check([code])
        return Place("lsoa", code, self.ground.name(code), frozenset([code]))

    def _step(self, chosen: frozenset[str], places: tuple[Place, ...], words: str) -> Selection:
        return Selection(self.ground, (*self.steps, Step(chosen, places, words)))

    def _check(self, codes: Iterable[str]) -> None:
        unknown = [code for code in codes if code not in self.ground.codes]
        if unknown:
            raise ParameterError(
                Problem(
                    "the store has no such small area",
                    found=f"'{code}'",
                    nearest=find_nearest(code, self.ground.codes),
                )
                for code in sorted(unknown)
            )


def start_selection(ground: Ground, codes: Iterable[str] = ()) -> Selection:
    """Return the choice that an analyst begins with: the LSOAs that the area has now."""
    empty = Selection(ground)
    empty._check(codes := frozenset(codes))
    return Selection(ground, (Step(codes),))


def _more(count: int) -> str:
    return f" ({count:,} small areas)" if count > 1 else ""
