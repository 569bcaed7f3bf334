"""Findings in words: titles of pictures, made from the numbers and their verdicts.

Pure functions of numbers and words. Nothing here computes a statistic: whether two figures
differ is a verdict that comes with them. Better and worse are written only for measures with
a polarity, and a figure that is similar, or not compared, is never said to differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from cip.display.text import MISSING, format_value, join_names
from cip.statistics import BETTER, HIGHER, LOWER, NOT_COMPARED, SIMILAR, WORSE

#: Named ratios: (lowest, highest, words). Between them a ratio has no everyday name.
_RATIOS = (
    (0.24, 0.26, "about a quarter of"),
    (0.32, 0.345, "about a third of"),
    (0.475, 0.525, "about half of"),
    (0.95, 1.05, "about the same as"),
    (1.45, 1.55, "about one and a half times"),
    (1.95, 2.05, "about twice"),
    (2.95, 3.05, "about three times"),
)
#: Smaller ratios than this are not given as "2.4 times": the difference says enough.
_LEAST_TIMES = 1.9
#: A ratio as large as this rests on a benchmark near zero.
_MOST_TIMES = 10.0
#: More names than this would make a title too long.
_MOST_NAMES = 2


@dataclass(frozen=True)
class Figure:
    """A number as a title writes it: with its unit and its decimals; may be missing."""

    value: float | None
    unit: str = "%"
    decimals: int = 1

    @property
    def is_missing(self) -> bool:
        """Whether there is no number."""
        return self.value is None or bool(pd.isna(self.value))

    @property
    def words(self) -> str:
        """The number as a reader sees it, or "no figure"."""
        return format_value(self.value, self.unit, self.decimals)


def count_things(number: int, singular: str, plural: str = "") -> str:
    """Return a number with its noun: "no measures", "1 measure", "12 measures"."""
    if number == 1:
        return f"1 {singular}"
    return f"{number:,} {plural or singular + 's'}" if number else f"no {plural or singular + 's'}"


def word_ratio(value: float | None, other: float | None) -> str:
    """Return how many times ``other`` a value is, or nothing where words would mislead.

    No ratio of a missing, zero or negative number has a meaning that a title can carry.

    Examples
    --------
    >>> word_ratio(12.2, 6.1), word_ratio(14.6, 6.1), word_ratio(7.0, 6.1)
    ('about twice', '2.4 times', '')
    """
    if value is None or other is None or pd.isna(value) or pd.isna(other):
        return ""
    if value <= 0 or other <= 0:
        return "the same as" if value == other else ""
    ratio = value / other
    if ratio == 1:
        return "the same as"
    named = next((words for low, high, words in _RATIOS if low <= ratio <= high), "")
    if named or ratio < _LEAST_TIMES:
        return named
    return f"{ratio:.1f} times" if ratio < _MOST_TIMES else "more than ten times"


def check_verdict(verdict: str, polarity: str) -> str:
    """Return a verdict, or refuse one that judges a measure on which neither way is good.

    Raises
    ------
    ValueError
        If the verdict is not known, or is better or worse where there is no polarity.
    """
    if verdict not in (BETTER, WORSE, HIGHER, LOWER, SIMILAR, NOT_COMPARED, ""):
        raise ValueError(f"unknown verdict: '{verdict}'")
    if polarity == "none" and verdict in (BETTER, WORSE):
        raise ValueError(f"'{verdict}' needs a measure on which one direction is good")
    return verdict or NOT_COMPARED


def compare_figures(
    figure: Figure, other: Figure, name: str, *, verdict: str, polarity: str
) -> str:
    """Return how a figure stands to another, with both numbers.

    Parameters
    ----------
    figure, other
        The area's figure and the benchmark's.
    name
        The benchmark, as in "than in England".
    verdict
        The word that the comparison gave; nothing where there was none.
    polarity
        Of the measure: ``high_is_good``, ``high_is_bad`` or ``none``.

    Raises
    ------
    ValueError
        If the verdict is none that the polarity allows, or says the opposite of the figures.

    Examples
    --------
    >>> compare_figures(Figure(12.2), Figure(6.1), "England", verdict="higher", polarity="none")
    'about twice the figure of England (12.2% against 6.1%)'
    """
    word = check_verdict(verdict, polarity)
    if figure.is_missing:
        return MISSING
    if other.is_missing:
        return f"{figure.words}, with {MISSING} for {name}"
    both = f"{figure.words} against {other.words}"
    if word == NOT_COMPARED:
        return f"{figure.words}, and {other.words} in {name}; not compared"
    if word == SIMILAR:
        return f"similar to {name} ({both})"
    rise = float(figure.value or 0.0) - float(other.value or 0.0)
    if (word == HIGHER and rise < 0) or (word == LOWER and rise > 0):
        raise ValueError(f"a difference of {rise:g} is not '{word}'")
    times = word_ratio(figure.value, other.value)
    if word in (HIGHER, LOWER) and times and "the same" not in times:
        return f"{times} the figure of {name} ({both})"
    return f"{word} than in {name} ({both})"


def write_tally(area: str, benchmark: str, verdicts: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Return how an area stands on many measures: a title, and the rest in a second line.

    Parameters
    ----------
    verdicts
        One (verdict, polarity) per measure.

    Returns
    -------
    tuple
        Title without a full stop; then sentences on the measures without polarity and those
        not compared, or nothing.
    """
    checked = [(check_verdict(verdict, polarity), polarity) for verdict, polarity in verdicts]
    judged = Counter(v for v, polarity in checked if polarity != "none" and v != NOT_COMPARED)
    plain = Counter(v for v, polarity in checked if polarity == "none" and v != NOT_COMPARED)
    skipped = sum(v == NOT_COMPARED for v, _ in checked)
    sentences = []
    if judged:
        title = _tally_sides(f"{area} is", benchmark, judged, (WORSE, BETTER))
        if plain:
            sentences.append(
                "Where neither direction is good, it is "
                f"{_list_sides(plain, (HIGHER, LOWER), 'measure')}."
            )
    elif plain:
        title = _tally_sides(f"{area} is", benchmark, plain, (HIGHER, LOWER))
    else:
        return f"No measure of {area} is compared with {benchmark}", ""
    if skipped:
        verb = "is" if skipped == 1 else "are"
        sentences.append(f"{count_things(skipped, 'measure').capitalize()} {verb} not compared.")
    return title, " ".join(sentences)


def _tally_sides(opening: str, benchmark: str, counts: Counter[str], sides: tuple[str, str]) -> str:
    total, (first, second) = sum(counts.values()), sides
    if counts[SIMILAR] == total:
        return f"{opening} similar to {benchmark} on {_all_of(total)}"
    for side in sides:
        if counts[side] == total:
            return f"{opening} {side} than {benchmark} on {_all_of(total)}"
    if not counts[first]:
        first, second = second, first
    rest = f"{second} on {counts[second]}" if counts[second] else f"{second} on none"
    return f"{opening} {first} than {benchmark} on {counts[first]} of {total} measures and {rest}"


def _all_of(total: int) -> str:
    return {1: "the one measure compared", 2: "both measures"}.get(total, f"all {total} measures")


def _list_sides(counts: Counter[str], sides: tuple[str, str], noun: str) -> str:
    total = sum(counts.values())
    parts = [f"{side} on {counts[side]}" for side in sides if counts[side]]
    if not parts:
        return f"similar on {_all_of(total)}"
    if total in counts.values():
        return f"{next(side for side in sides if counts[side])} on {_all_of(total)}"
    return f"{join_names(parts)} of {count_things(total, noun)}"


def write_rug_finding(
    tallies: Sequence[tuple[str, int, int]], benchmark: str, *, noun: str = "small area"
) -> str:
    """Return which small areas are worse than the benchmark on the most measures.

    Parameters
    ----------
    tallies
        One (name, measures on which it is worse, measures judged) per small area.
    """
    judged = [entry for entry in tallies if entry[2]]
    if not judged:
        return f"No {noun} is judged better or worse than {benchmark}"
    most = max(worse for _, worse, _ in judged)
    if not most:
        who = f"The {noun} is not" if len(judged) == 1 else f"No {noun} is"
        return f"{who} worse than {benchmark} on any measure"
    tied = [(name, of) for name, worse, of in judged if worse == most]
    if len(judged) == 1:
        return f"{tied[0][0]} is worse than {benchmark} {_on_measures(most, tied[0][1])}"
    if len(tied) == 1:
        return (
            f"{tied[0][0]} is worse than {benchmark} {_on_measures(most, tied[0][1])}, "
            f"the most of the {len(judged)} {noun}s"
        )
    end = f"worse than {benchmark} on {_measures(most)} each"
    if len(tied) == len(judged):
        return f"{'Both' if len(tied) == 2 else f'All {len(tied)}'} {noun}s are {end}"
    if len(tied) > _MOST_NAMES:
        return f"{len(tied)} of the {len(judged)} {noun}s are {end}, the most"
    return (
        f"{join_names([name for name, _ in tied])} are {end}, the most of the {len(judged)} {noun}s"
    )


def _on_measures(number: int, of: int) -> str:
    return f"on {_all_of(of)}" if number == of else f"on {number} of {of} measures"


def _measures(number: int) -> str:
    return count_things(number, "measure")


def write_range(
    label: str, places: Sequence[tuple[str, Figure]], *, noun: str = "small area"
) -> str:
    """Return the lowest and the highest figure among places, and where they are.

    Figures that read the same count as the same: a title does not part what it cannot show.

    Examples
    --------
    >>> write_range("Homes", [("A", Figure(1.0)), ("B", Figure(3.0)), ("C", Figure(3.02))])
    'Homes: from 1.0% in A to 3.0% in B and C'
    """
    held = [(name, figure) for name, figure in places if not figure.is_missing]
    if not held:
        return f"{label}: {MISSING} for any {noun}"
    if len(held) == 1:
        only = f", the only {noun} with a figure" if len(places) > 1 else ""
        return f"{label}: {held[0][1].words} in {held[0][0]}{only}"
    held.sort(key=lambda place: float(place[1].value or 0.0))
    low, high = held[0][1].words, held[-1][1].words
    if low == high:
        every = "both" if len(held) == 2 else f"all {len(held)}"
        which = "" if len(held) == len(places) else " with a figure"
        return f"{label}: {low} in {every} {noun}s{which}"
    ends = [_name_places([n for n, f in held if f.words == end], noun) for end in (low, high)]
    return f"{label}: from {low} in {ends[0]} to {high} in {ends[1]}"


def _name_places(names: Sequence[str], noun: str) -> str:
    return join_names(names) if len(names) <= _MOST_NAMES else f"{len(names)} {noun}s"


def write_verdict_count(
    label: str, benchmark: str, verdicts: Sequence[str], polarity: str, *, noun: str = "small area"
) -> str:
    """Return in how many places a measure differs from the benchmark; nothing where untold."""
    words = [check_verdict(verdict, polarity) for verdict in verdicts]
    compared = [word for word in words if word != NOT_COMPARED]
    if not compared:
        return ""
    sides = (HIGHER, LOWER) if polarity == "none" else (WORSE, BETTER)
    total = len(compared)
    if total == 1 and compared[0] in sides:
        return f"{label}: {compared[0]} than {benchmark} in the one {noun} compared"
    of = f"{total} {noun}s"
    parts = [f"{side} than {benchmark} in {compared.count(side)}" for side in sides
             if side in compared]  # fmt: skip
    if not parts:
        every = {1: f"the {noun}", 2: f"both {noun}s"}.get(total, f"all {total} {noun}s")
        return f"{label}: similar to {benchmark} in {every} compared"
    if len(parts) == 2:
        parts[1] = f"{sides[1]} in {compared.count(sides[1])}"
    return f"{label}: {parts[0]} of {of}" + (f" and {parts[1]}" if len(parts) == 2 else "")


def write_change(points: Sequence[tuple[str, Figure]], *, verdict: str) -> str:
    """Return what happened between the first and the last figure of a trend.

    Parameters
    ----------
    points
        (period, figure), oldest first; missing figures are passed over.
    verdict
        Whether the last figure is ``higher`` than the first, ``lower`` or ``similar``, by the
        difference of the two; empty where that was not tested.

    Raises
    ------
    ValueError
        If the verdict says the opposite of the figures, or is no such word.
    """
    if verdict not in (HIGHER, LOWER, SIMILAR, NOT_COMPARED, ""):
        raise ValueError(f"a change is higher, lower or similar, not '{verdict}'")
    held = [(period, figure) for period, figure in points if not figure.is_missing]
    if not held:
        return MISSING
    (start, first), (end, last) = held[0], held[-1]
    if len(held) == 1:
        return f"{first.words} in {start}, the only figure"
    rise = float(last.value or 0.0) - float(first.value or 0.0)
    if (verdict == HIGHER and rise <= 0) or (verdict == LOWER and rise >= 0):
        raise ValueError(f"a change of {rise:g} is not '{verdict}'")
    if verdict == SIMILAR:
        return f"no clear change, {first.words} in {start} and {last.words} in {end}"
    if verdict in (NOT_COMPARED, ""):
        return f"{first.words} in {start} and {last.words} in {end}; change not tested"
    verb = "rose" if verdict == HIGHER else "fell"
    if first.words == last.words:
        return f"{verb} by less than can be shown, {first.words} in {start} and in {end}"
    return f"{verb} from {first.words} in {start} to {last.words} in {end}"


def write_change_count(verdicts: Sequence[str], area: str) -> str:
    """Return how many trends rose, fell, show no clear change, or were not tested.

    Examples
    --------
    >>> write_change_count(["higher", "similar", ""], "Fernhollow")
    'Of 3 trends in Fernhollow, 1 rose, 1 shows no clear change and 1 is not tested'
    """
    counts = Counter(verdict or NOT_COMPARED for verdict in verdicts)
    total = len(verdicts)
    words = {
        HIGHER: ("rose", "rose"),
        LOWER: ("fell", "fell"),
        SIMILAR: ("shows no clear change", "show no clear change"),
        NOT_COMPARED: ("is not tested", "are not tested"),
    }
    held = [(counts[verdict], *words[verdict]) for verdict in words if counts[verdict]]
    if not held:
        return f"No trend in {area}"
    if len(held) == 1:
        every = {1: "The one trend", 2: "Both trends"}.get(total, f"All {total} trends")
        return f"{every} in {area} {held[0][1] if total == 1 else held[0][2]}"
    parts = [f"{n} {one if n == 1 else many}" for n, one, many in held]
    return f"Of {total} trends in {area}, {join_names(parts)}"


def write_largest_part(parts: Sequence[tuple[str, int]], base_label: str, group_noun: str) -> str:
    """Return the most common group of a whole of 100 squares; equal groups are all named.

    Where squares are left over, groups without a figure hold them: when they could be the
    largest, the title speaks only of the groups with a figure.

    Examples
    --------
    >>> write_largest_part([("flats", 45), ("houses", 55)], "households", "type of home")
    'The most common type of home here is houses: about 55 of every 100 households'
    """
    most = max((squares for _, squares in parts), default=0)
    if not most:
        return f"{MISSING.capitalize()} for {base_label} here"
    unknown = 100 - sum(squares for _, squares in parts)
    largest = [name for name, squares in parts if squares == most]
    share = f"about {most} of every 100 {base_label}"
    if most == 100:
        return f"All or nearly all {base_label} here are in one group: {largest[0]}"
    if len(largest) > 1:
        opening = "Among groups with a figure, " if unknown >= most else ""
        words = f"{opening}{join_names(largest)} are equally common here: {share} each"
        return words[:1].upper() + words[1:]
    which = " with a figure" if unknown >= most else ""
    return f"The most common {group_noun}{which} here is {largest[0]}: {share}"
