"""What is wrong with a programme's stages, and where it leaves the staged plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from cip.catalogue.programme import load_programme_plan
from cip.errors import Problem
from cip.framework.programme_plan import AreaPlan, ProgrammeFile, Stage, add_months

_DAY = timedelta(days=1)


def find_mistakes(file: ProgrammeFile) -> Iterator[Problem]:
    """Yield what makes a programme impossible, each with its line in the file."""
    first: dict[str, int] = {}
    for index, area in enumerate(file.areas):
        place: tuple[str | int, ...] = ("areas", index)
        seen = first.setdefault(area.id, index)
        if seen != index:
            line = _find_line(file, "areas", seen)
            message = f"the area '{area.id}' stands in line {line} already"
            yield Problem(message, file=file.path, line=_find_line(file, *place))
        yield from _check_stages(file, area, place)
        yield from _check_targets(file, area, place)


def _check_stages(file: ProgrammeFile, area: AreaPlan, place: tuple) -> Iterator[Problem]:
    def tell(number: int, key: str, message: str, **more: str) -> Problem:
        line = _find_line(file, *place, "stages", number, key)
        return Problem(f"{area.id}: {message}", file=file.path, line=line, **more)

    entries = area.entry.stages
    if entries[0].start is None:
        message = "the first stage needs its first day"
        yield tell(0, "stage", message, expected="start: year-month-day")
        return
    order = list(load_programme_plan().stages)
    for number, stage in enumerate(area.stages):
        if stage.end < stage.start:
            message = f"the stage '{stage.kind}' ends before it begins"
            found = f"{stage.start} to {stage.end}"
            yield tell(number, "end", message, found=found)
        if number == 0:
            continue
        before = area.stages[number - 1]
        if order.index(stage.kind) <= order.index(before.kind):
            message = f"the stage '{stage.kind}' cannot follow '{before.kind}'"
            yield tell(number, "stage", message, expected=", then ".join(order))
        if before.start <= before.end and stage.start <= before.end:
            message = f"the stage '{stage.kind}' begins before '{before.kind}' is over"
            found, wanted = stage.start.isoformat(), f"{before.end + _DAY} or later"
            yield tell(number, "start", message, found=found, expected=wanted)


def _check_targets(file: ProgrammeFile, area: AreaPlan, place: tuple) -> Iterator[Problem]:
    """Refuse one count for two targets of a stage: it would be shown twice."""
    for number, stage in enumerate(area.entry.stages):
        held = [target.kpi for target in stage.reach if target.kpi]
        for kpi in sorted({one for one in held if held.count(one) > 1}):
            line = _find_line(file, *place, "stages", number, "reach")
            message = f"{area.id}: '{kpi}' counts two targets of the stage '{stage.stage}'"
            yield Problem(message, file=file.path, line=line)


def list_warnings(file: ProgrammeFile) -> list[str]:
    """Return where a programme leaves the staged plan; none of it stops the report."""
    return [
        *_check_waves(file),
        *(warning for area in file.areas for warning in _check_lengths(area)),
        *_check_succession(file),
        *_check_whole(file),
    ]


def _check_waves(file: ProgrammeFile) -> Iterator[str]:
    plan = load_programme_plan().plan
    waves = count_neighbourhoods(file)
    for wave, number in waves.items():
        if wave > plan.limited_waves or plan.least <= number <= plan.most:
            continue
        much = "fewer" if number < plan.least else "more"
        noun = "neighbourhood" if number == 1 else "neighbourhoods"
        yield (
            f"Wave {wave} takes on {number} {noun}, {much} than the plan's {plan.least} to "
            f"{plan.most}."
        )
    for gap in sorted(set(range(1, max(waves))) - set(waves)):
        yield f"No area belongs to wave {gap}, though there are later ones."


def count_neighbourhoods(file: ProgrammeFile) -> dict[int, int]:
    """Return how many neighbourhoods each wave takes on; an area that names none is one."""
    waves: dict[int, int] = {}
    for area in file.areas:
        own = len(set(area.entry.neighbourhoods)) or 1
        waves[area.wave] = waves.get(area.wave, 0) + own
    return dict(sorted(waves.items()))


def _check_lengths(area: AreaPlan) -> Iterator[str]:
    plan = load_programme_plan().stages
    for stage in area.stages:
        if stage.kind != "facts" and stage.end < stage.planned_end:
            months = plan[stage.kind].months
            yield (
                f"{area.title}: {stage.label.lower()} lasts {_count_months(stage)}; the plan has "
                f"{months}."
            )
    for before, after in zip(area.stages, area.stages[1:], strict=False):
        days = (after.start - before.end).days - 1
        if days > 0:
            noun = "day" if days == 1 else "days"
            yield (
                f"{area.title}: {days} {noun} without any stage lie between "
                f"{before.label.lower()} and {after.label.lower()}."
            )
    kinds = [stage.kind for stage in area.stages]
    if "support" in kinds and "maintenance" not in kinds:
        yield f"{area.title}: nothing is planned for after the support."


def _count_months(stage: Stage) -> str:
    return "1 month" if stage.months == 1 else f"{stage.months} months"


def _check_succession(file: ProgrammeFile) -> Iterator[str]:
    """Tell of a wave whose support begins while the one before still has all of its own."""
    ends = _find_support(file, last=True)
    starts = _find_support(file, last=False)
    for wave, start in starts.items():
        before = ends.get(wave - 1)
        if before is not None and start <= before:
            yield (
                f"Support of wave {wave} begins on {start}, before that of wave {wave - 1} ends on "
                f"{before}: the same workers would be in both."
            )


def _find_support(file: ProgrammeFile, *, last: bool) -> dict[int, date]:
    """Return the last day of support of each wave, or the first."""
    days: dict[int, list[date]] = {}
    for area in file.areas:
        stage = area.find_stage("support")
        if stage is not None:
            days.setdefault(area.wave, []).append(stage.end if last else stage.start)
    choose = max if last else min
    return {wave: choose(held) for wave, held in sorted(days.items())}


def _check_whole(file: ProgrammeFile) -> Iterator[str]:
    months = load_programme_plan().plan.months
    planned = add_months(file.start, months) - _DAY
    if file.end > planned:
        yield (
            f"The programme runs until {file.end}, longer than the plan's {months} months, which "
            f"would end on {planned}."
        )


def _find_line(file: ProgrammeFile, *location: str | int) -> int | None:
    for end in range(len(location), 0, -1):
        if location[:end] in file.lines:
            return file.lines[location[:end]]
    return None
