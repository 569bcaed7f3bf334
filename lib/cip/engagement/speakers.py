"""Labels of speakers that single nobody out, and coarser ones where they would.

How many people share a combination of characteristics in a small area is not published. But they
cannot be more than the people who share the rarest of them: that count is an upper bound, and a
label whose bound is small is refused. A label that passes is not proved safe by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

#: Fewer people of the area than this in the rarest part of a label: somebody would be known.
LEAST_POPULATION = 10
#: What a speaker is called when nothing else may be said.
NO_LABEL = "Resident"


@dataclass(frozen=True)
class SpeakerCounts:
    """What labels of speakers are checked against.

    Parameters
    ----------
    groups
        Characteristic -> group -> label.
    population
        Characteristic -> group -> people (or households) of the area; a group that no published
        table counts is left out.
    people
        One row per person who took part, with a column for each characteristic.
    least_people
        Fewest people who took part that must share a label.
    """

    groups: Mapping[str, Mapping[str, str]]
    population: Mapping[str, Mapping[str, float]]
    people: pd.DataFrame = field(repr=False)
    least_people: int = 5


@dataclass(frozen=True)
class LabelProblem:
    """Why a label may single somebody out, without a number that would do so itself.

    Parameters
    ----------
    message
        The reason, in a sentence.
    keep
        Characteristics that a coarser label may name.
    proposal
        The coarser label.
    """

    message: str
    keep: tuple[str, ...]
    proposal: str


def build_counts(
    margins: pd.DataFrame, people: pd.DataFrame, *, least_people: int = 5
) -> SpeakerCounts:
    """Return what labels are checked against, from the area's margins.

    Parameters
    ----------
    margins
        One row per characteristic and group (`cip.engagement.margins.build_margins`).
    people
        One row per person who took part, with a column for each characteristic.
    least_people
        Fewest people who took part that must share a label.
    """
    groups: dict[str, dict[str, str]] = {}
    population: dict[str, dict[str, float]] = {}
    names = ["characteristic", "group", "group_label", "population"]
    for name, group, label, number in margins[names].itertuples(index=False):
        groups.setdefault(str(name), {})[str(group)] = str(label)
        if pd.notna(number):
            population.setdefault(str(name), {})[str(group)] = float(number)
    return SpeakerCounts(groups, population, people, least_people)


def check_label(parts: Mapping[str, str], counts: SpeakerCounts) -> LabelProblem | None:
    """Return why a label may not be published, or None.

    Parameters
    ----------
    parts
        The group of the speaker for each characteristic that the label names.
    counts
        The area's people and those who took part.

    Notes
    -----
    Refused are labels of which one part is shared by fewer than 10 people of the area, and those
    that fewer than ``least_people`` of the people who took part share as a whole. The count of the
    rarest part is an upper bound of the people in the area whom the label fits; no closer figure is
    published. The coarser label drops the rarest part until what is left passes.

    Raises
    ------
    ValueError
        If a characteristic or a group is not known.
    """
    _check_known(parts, counts)
    message = _find_fault(parts, counts)
    if message is None:
        return None
    kept = dict(parts)
    while kept and _find_fault(kept, counts) is not None:
        del kept[_find_rarest(kept, counts)]
    return LabelProblem(message, tuple(kept), write_label(kept, counts))


def write_label(parts: Mapping[str, str], counts: SpeakerCounts) -> str:
    """Return a label from groups in the order given: "Female, 65 to 74"; without any, `NO_LABEL`."""
    return ", ".join(counts.groups[name][group] for name, group in parts.items()) or NO_LABEL


def find_parts(label: str, counts: SpeakerCounts) -> dict[str, str]:
    """Return the groups that a label in free words names, by characteristic.

    Only the labels of groups are found, as whole words and whatever their letter case. Longer ones
    win: "75 and over" is not read as a shorter label inside it.
    """
    rest = f" {_plain(label)} "
    known = [
        (f" {_plain(words)} ", characteristic, group)
        for characteristic, groups in counts.groups.items()
        for group, words in groups.items()
        if _plain(words)
    ]
    parts: dict[str, str] = {}
    for words, characteristic, group in sorted(known, key=lambda item: (-len(item[0]), item)):
        if characteristic not in parts and words in rest:
            parts[characteristic] = group
            rest = rest.replace(words, "  ")
    return {name: parts[name] for name in counts.groups if name in parts}


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())


def _find_fault(parts: Mapping[str, str], counts: SpeakerCounts) -> str | None:
    if not parts:
        return None
    known = [number for name in parts if (number := _count_people(name, parts, counts)) is not None]
    if known and min(known) < LEAST_POPULATION:
        return (
            f"a part of this label fits fewer than {LEAST_POPULATION} people of the area, and the "
            "whole label no more than that"
        )
    if _count_participants(parts, counts) < counts.least_people:
        return f"fewer than {counts.least_people} of the people who took part share this label"
    return None


def _count_people(name: str, parts: Mapping[str, str], counts: SpeakerCounts) -> float | None:
    number = counts.population.get(name, {}).get(parts[name])
    return None if number is None or pd.isna(number) else float(number)


def _count_participants(parts: Mapping[str, str], counts: SpeakerCounts) -> int:
    people = counts.people
    shares = pd.Series(True, index=people.index)
    for name, group in parts.items():
        if name not in people:
            return 0
        shares &= (people[name] == group).fillna(False).astype(bool)
    return int(shares.sum())


def _find_rarest(parts: Mapping[str, str], counts: SpeakerCounts) -> str:
    """Return the part that fewest people of the area share; where unknown, fewest who took part."""

    def rank(name: str) -> tuple[bool, float, int, int]:
        people = _count_people(name, parts, counts)
        heard = _count_participants({name: parts[name]}, counts)
        # Whom no table counts is the first to go, because nothing bounds them.
        return people is not None, people or 0.0, heard, -list(counts.groups).index(name)

    return min(parts, key=rank)


def _check_known(parts: Mapping[str, str], counts: SpeakerCounts) -> None:
    for name, group in parts.items():
        if group not in counts.groups.get(name, {}):
            raise ValueError(f"There is no group of that id in '{name}'.")
