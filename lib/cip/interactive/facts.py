"""The headline figures of a choice, in the chooser and in the picture that stands in for it."""

from __future__ import annotations

from cip.interactive.ground import Summary

_UNKNOWN = "not known"


def list_facts(summary: Summary) -> list[tuple[str, str, str]]:
    """Return label, value and note of each headline figure."""
    share = summary.deprived_share
    deprived = _UNKNOWN if share is None else f"{share:.0f}%"
    people = summary.deprived_people
    note = "people in the most deprived fifth of England, IMD 2025"
    if people is not None:
        note = f"{people:,} {note}"
    score = _UNKNOWN if summary.average_score is None else f"{summary.average_score:.1f}"
    residents = _UNKNOWN if summary.population is None else f"{summary.population:,}"
    return [
        ("Small areas", f"{summary.lsoas:,}", "LSOAs of 2021"),
        ("Residents", residents, "usual residents, Census 2021"),
        ("Most deprived fifth", deprived, note),
        ("Average score", score, "IMD 2025, higher is more deprived"),
    ]
