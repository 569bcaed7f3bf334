"""What a call of ``cip run`` says at its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cip.run.task import AreaOutcome


def describe_failure(outcome: AreaOutcome) -> Iterator[str]:
    """Yield the lines that say what failed in an area, and where."""
    yield f"\n{outcome.title}: {outcome.status}"
    for stage in outcome.stages:
        if stage.status == "failed":
            where = f"cell {stage.cell}" if stage.cell is not None else "the kernel"
            yield f"  notebook {stage.stage}, {where}"
            yield from (f"    {line}" for line in (stage.source or "").splitlines())
    yield f"  {outcome.message}"


def describe_changes(outcome: AreaOutcome) -> Iterator[str]:
    """Yield the lines that say which cited evidence reads differently than in the run before."""
    if outcome.not_compared:
        yield f"\n{outcome.title}: the evidence was not compared with the last run's."
        yield f"  {outcome.not_compared}"
    if outcome.changes:
        number = len(outcome.changes)
        noun = "piece" if number == 1 else "pieces"
        verb = "reads" if number == 1 else "read"
        yield f"\n{outcome.title}: {number:,} cited {noun} of evidence {verb} differently now"
        yield from (f"  {change}" for change in outcome.changes)


def count_outcomes(outcomes: Sequence[AreaOutcome]) -> str:
    """Return how many profiles were made, as a sentence."""
    same = sum(o.status == "unchanged" for o in outcomes)
    good = sum(o.status in ("done", "unchanged") for o in outcomes)
    words = f"{good} of {len(outcomes)} profiles made"
    return f"{words}, {same} of them unchanged." if same else f"{words}."
