"""Which year's small areas a file's codes are of, where the file does not say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cip.errors import Problem
from cip.sources.build import Part
from cip.sources.cells import find_level
from cip.sources.keys import has_events
from cip.sources.registers import Codes


@dataclass(frozen=True)
class Evidence:
    """How many of a file's codes exist in one vintage only, by vintage."""

    part: Part
    own: dict[str, int]

    @property
    def vintage(self) -> str:
        """The vintage that fits better; empty when none does."""
        best = max(self.own.values())
        winners = [vintage for vintage, number in self.own.items() if number == best]
        return winners[0] if len(winners) == 1 else ""


def settle_vintages(
    parts: Sequence[Part], registers: Sequence[Codes]
) -> tuple[list[Part], list[Problem], list[str]]:
    """Decide the vintage of the parts of one product from their codes.

    Most codes are the same in every vintage, so only those of a single one count. A file without
    such a code goes with the others; where files are of different vintages the latest is used.

    Returns
    -------
    tuple
        The parts to use, with their vintage; problems; and warnings.
    """
    source = parts[0].source
    without = [part for part in parts if not _list_codes(part)]
    parts = [part for part in parts if _list_codes(part)]
    if not parts:
        return without, [], []
    lists = {
        c.register.vintage: c.listed | c.national
        for c in sorted(registers, key=lambda c: c.register.vintage)
        if c.register.level == source.detect_level and c.register.vintage in source.detect_vintage
    }
    lacking = [v for v in source.detect_vintage if not lists.get(v)]
    if lacking:
        return without, [_tell_lacking(parts[0], lacking)], []
    evidence = [Evidence(part, _count_own(_list_codes(part), lists)) for part in parts]
    undecided = [e for e in evidence if not e.vintage and any(e.own.values())]
    found = {e.vintage for e in evidence if e.vintage}
    if not (undecided or found) and not has_events(source):
        # Every code is in both lists, so the areas are the same ones in both.
        found = {max(lists)}
    if undecided or not found:
        return without, [_tell_undecided(e, lists) for e in undecided or evidence], []
    latest = max(found)
    used = [e.part for e in evidence if e.vintage in ("", latest)]
    warnings = [_tell_older(e, latest) for e in evidence if e.vintage not in ("", latest)]
    dated = [replace(part, vintages={source.detect_level: latest}) for part in used]
    return [*dated, *without], [], warnings


def _list_codes(part: Part) -> set[str]:
    codes = set(part.table["area_code"].dropna()) if "area_code" in part.table else set()
    return {code for code in codes if find_level(code) == part.source.detect_level}


def _tell_older(evidence: Evidence, latest: str) -> str:
    source = evidence.part.source
    return (
        f"{evidence.part.findings.file}: left out, because its codes are of "
        f"{source.detect_level.upper()} {evidence.vintage} and those of another file of "
        f"{source.id} are of {latest}."
    )


def _count_own(codes: set[str], lists: dict[str, set[str]]) -> dict[str, int]:
    counts = {}
    for vintage, known in lists.items():
        others = set().union(*(rest for v, rest in lists.items() if v != vintage))
        counts[vintage] = len(codes & (known - others))
    return counts


def _tell_lacking(part: Part, lacking: list[str]) -> Problem:
    level = part.source.detect_level.upper()
    return Problem(
        f"It cannot be told which year's {level}s the file is of: there is no list of {level} "
        f"{' and '.join(lacking)} codes. Put boundaries or a lookup of them in the folder.",
        file=part.findings.file,
    )


def _tell_undecided(evidence: Evidence, lists: dict[str, set[str]]) -> Problem:
    numbers = ", ".join(f"{n} only in {vintage}" for vintage, n in evidence.own.items())
    return Problem(
        f"It cannot be told which year's {evidence.part.source.detect_level.upper()}s the file is "
        "of: its codes fit the lists equally well. A file for more areas would tell.",
        file=evidence.part.findings.file,
        found=f"{evidence.part.table['area_code'].nunique()} codes, {numbers}",
        expected=f"codes of one of {', '.join(lists)}",
    )
