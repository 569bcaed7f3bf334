"""What changed between a baseline and a follow-up, tested only where the design allows it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from cip.catalogue.evaluation import load_bases
from cip.framework.outcomes_columns import GROUPS, PAIRS, RECORDS, SAME, SAMPLES, SURVEY
from cip.framework.outcomes_sources import (
    WITHHELD,
    Measured,
    Point,
    find_series,
    split_source,
)
from cip.statistics import (
    Estimate,
    compare_difference,
    decide_display,
    mcnemar_test,
    paired_difference,
    proportion,
)

UP, DOWN, UNCLEAR, UNTESTED = "higher", "lower", "no clear difference", "not tested"
TWICE, ONCE, NEVER, HIDDEN = "measured twice", "measured once", "not measured", WITHHELD

_NEWCOMBE = "Newcombe's interval of the difference of two shares"
_MOVER = "interval of the difference from the limits of the two figures"
_PAIRS = "Newcombe's interval for pairs; McNemar's mid-p"
_RECORDS = (
    "Everyone or every case is counted, so that no sample stands between. Chance in who was asked "
    "plays no part."
)
_NO_BASE = "The base is not known, so that no interval can be given."
_NO_SPREAD = "How far single answers lie apart is not known, so that no interval can be given."
_NO_PAIRS = (
    "How many changed their answer, and which way, is not known; the same people cannot be tested "
    "as if they were others."
)
_WAVES_UNTESTED = "The survey's tables hold no interval for this change."
_NOT_THERE = "The chapter that makes these figures holds none."
_COUNTED = "A count, so that there is no base."
_BASE_UNKNOWN = "The base was not told."
_FEW = (
    "Few people stand behind one of the two figures: a base of {least} or more is needed, and "
    "{people} or more on each side of it."
)


@dataclass(frozen=True)
class Change:
    """Two points and what lies between them.

    Parameters
    ----------
    first, second
        Baseline and follow-up; None where there is none.
    difference, lower, upper
        Follow-up less baseline, with the limits of its 95% interval.
    reading
        ``higher``, ``lower``, ``no clear difference`` or ``not tested``; empty without a change.
    no_interval, no_base
        Why there is no interval, and why no base; empty where there is one.
    """

    first: Point | None = None
    second: Point | None = None
    unit: str = ""
    design: str = ""
    wording: str = ""
    difference: float | None = None
    lower: float | None = None
    upper: float | None = None
    p_value: float | None = None
    reading: str = ""
    method: str = ""
    no_interval: str = ""
    no_base: str = ""
    note: str = ""

    @property
    def state(self) -> str:
        """Whether it was measured twice, once, never, or is withheld."""
        points = [point for point in (self.first, self.second) if point is not None]
        if any(point.display == WITHHELD for point in points):
            return HIDDEN
        return (NEVER, ONCE, TWICE)[len(points)]


def measure_change(item: dict, measured: Measured, *, least_people: int) -> Change:
    """Return the change of one outcome.

    Parameters
    ----------
    item
        A row of ``outcomes.csv`` that was checked; None where a cell is blank.
    measured
        Tables that it may be taken from.
    least_people
        Fewer people than this are not shown.
    """
    if item["taken_from"]:
        change = _take(item, measured)
    elif item[PAIRS[0]] is not None:
        change = _pair(item, least_people)
    else:
        change = _type(item, least_people)
    if item["counts"] == GROUPS and change.design != SAME:
        change = _untest(change, load_bases().groups)
    change = replace(change, no_base=_say_no_base(change))
    if change.state == HIDDEN:
        return _hide(change, least_people)
    return change


def _say_no_base(change: Change) -> str:
    points = [point for point in (change.first, change.second) if point is not None]
    if not points or all(point.base is not None for point in points):
        return ""
    return _COUNTED if change.design == RECORDS and change.unit != "%" else _BASE_UNKNOWN


def _hide(change: Change, least_people: int) -> Change:
    why = _FEW.format(least=load_bases().least, people=least_people)
    bare = _untest(change, why)
    return replace(bare, difference=None, reading="", first=_bare(bare.first),
                   second=_bare(bare.second))  # fmt: skip


def _bare(point: Point | None) -> Point | None:
    """Return a point that is withheld without its figures, and any other as it is."""
    if point is None or point.display != WITHHELD:
        return point
    return Point(point.on, None, display=WITHHELD)


def _untest(change: Change, why: str) -> Change:
    reading = UNTESTED if change.difference is not None else ""
    return replace(
        change, lower=None, upper=None, p_value=None, reading=reading, method="", no_interval=why
    )


def _take(item: dict, measured: Measured) -> Change:
    series = find_series(measured, item["taken_from"], item["among"] or "")
    if series is None or not series.points:
        return Change(note=_NOT_THERE)
    first, second = _pick(item, series.moments)
    one = series.find(first) if first else None
    other = series.find(second) if second else None
    design = item["design"] or series.design
    wording = next(iter(series.wordings.values()), "")
    bare = Change(one, other, series.unit, design, wording)
    if one is None or other is None or one.value is None or other.value is None:
        return bare
    change = replace(bare, difference=other.value - one.value, reading=UNTESTED)
    kind, name, part = split_source(item["taken_from"])
    if design == RECORDS:
        return _untest(change, _RECORDS)
    if kind == SURVEY and not item["among"]:
        return _look_up(change, measured, name, part)
    return _compare(change)


def _pick(item: dict, moments: list[str]) -> tuple[str | None, str | None]:
    """Return baseline and follow-up: as declared, else the first and the last moment."""
    first = item["baseline_on"] or moments[0]
    later = moments[moments.index(first) + 1 :] if first in moments else []
    return first, item["followup_on"] or (later[-1] if later else None)


def _look_up(change: Change, measured: Measured, name: str, part: str) -> Change:
    """Return a change of the survey with the interval that chapter 04 gave it."""
    if measured.changes is None or change.first is None or change.second is None:
        return _untest(change, _WAVES_UNTESTED)
    changes = measured.changes
    rows = changes[
        (changes["question_id"] == name)
        & (changes["answer"] == part)
        & (changes["first"].astype("object") == change.second.on)
        & (changes["second"].astype("object") == change.first.on)
        & changes["kind"].isin(["waves", "paired"])
    ]
    if rows.empty and change.design == SAMPLES and part != "median":
        # Waves that are not next to each other: the same interval, from the limits of the two.
        return _compare(change)
    if rows.empty or rows["difference"].isna().all():
        return _untest(change, _WAVES_UNTESTED)
    row = rows.iloc[0]
    p_value = None if pd.isna(row["p_value"]) else float(row["p_value"])
    note = ""
    if change.design == SAME and abs(float(row["difference"]) - (change.difference or 0)) > 0.05:
        note = "The two shares are weighted; their difference is that of the people themselves."
    return replace(
        change,
        difference=float(row["difference"]),
        lower=float(row["lower_95"]),
        upper=float(row["upper_95"]),
        p_value=p_value,
        reading=str(row["reading"]),
        method=str(row["method"]),
        note=note,
    )


def _compare(change: Change) -> Change:
    """Return a change between two samples of different people, from their limits."""
    assert change.first is not None and change.second is not None
    points = (change.second, change.first)
    if any(point.lower is None or point.upper is None for point in points):
        return _untest(change, _NO_BASE if change.unit == "%" else _NO_SPREAD)
    first, second = (Estimate([p.value], [p.lower], [p.upper]) for p in points)  # type: ignore[arg-type]
    found = compare_difference(first, second)
    words = {"higher": UP, "lower": DOWN}
    return replace(
        change,
        difference=float(found.difference[0]),
        lower=float(found.lower[0]),
        upper=float(found.upper[0]),
        reading=words.get(str(found.verdict[0]), UNCLEAR),
        method=_NEWCOMBE if change.unit == "%" else _MOVER,
    )


def _type(item: dict, least_people: int) -> Change:
    points = [_type_point(item, moment, least_people) for moment in ("baseline", "followup")]
    wording = item["baseline_wording"] or ""
    change = Change(*points, item["unit"] or "", item["design"] or "", wording)
    one, other = points
    if one is None or other is None or one.value is None or other.value is None:
        return change
    change = replace(change, difference=other.value - one.value, reading=UNTESTED)
    if change.design == RECORDS:
        return _untest(change, _RECORDS)
    if change.design == SAME:
        return _untest(change, _NO_PAIRS)
    return _compare(change)


def _type_point(item: dict, moment: str, least_people: int) -> Point | None:
    value, base = item[f"{moment}_value"], item[f"{moment}_base"]
    if value is None:
        return None
    on, is_share = item[f"{moment}_on"] or "", item["unit"] == "%"
    point = Point(on, float(value), base=None if base is None else int(base))
    if base is not None:
        count = float(round(value / 100 * base)) if is_share else None
        display = _decide(item, int(base), count, least_people)
        point = replace(point, display=display)
    elif item["counts"] in (None, "people") and not is_share and 0 < value < least_people:
        point = replace(point, display=WITHHELD)
    if not is_share or not base or item["design"] != SAMPLES:
        return point
    effective = base / (item["design_effect"] or 1)
    found = proportion([value / 100 * effective], [effective])
    return replace(point, lower=float(found.lower[0]), upper=float(found.upper[0]))


def _decide(item: dict, base: int, count: float | None, least_people: int) -> str:
    """Return how a figure may be shown: groups are not people, but need a base all the same."""
    if item["counts"] not in (None, "people"):
        count = None
    display = str(decide_display(base, None if count is None else min(count, base)))
    is_few = count is not None and (0 < count < least_people or 0 < base - count < least_people)
    return WITHHELD if is_few or base == 0 else display


def _pair(item: dict, least_people: int) -> Change:
    both, before, after, neither = (int(item[name]) for name in PAIRS)
    base = both + before + after + neither
    points = [
        Point(item[f"{moment}_on"] or "", 100 * count / base if base else None, base=base,
              display=_decide(item, base, count, least_people))
        for moment, count in (("baseline", both + before), ("followup", both + after))
    ]  # fmt: skip
    change = Change(*points, "%", SAME, item["baseline_wording"] or "")
    if not base:
        return change
    gap = paired_difference(both, before, after, neither)
    lower, upper = float(gap.lower), float(gap.upper)
    return replace(
        change,
        difference=float(gap.value),
        lower=lower,
        upper=upper,
        p_value=float(mcnemar_test(before, after)),
        reading=UP if lower > 0 else DOWN if upper < 0 else UNCLEAR,
        method=_PAIRS,
    )
