"""Indicators of progress: each value on its day, and how it stands against its target."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from cip.framework.action_reading import find_other_days
from cip.framework.kpis_checks import check_kpis, list_kpi_columns
from cip.framework.logic_model import KnownIds
from cip.framework.logic_model_tables import make_table
from cip.inputs import read_table, split_choices

__all__ = ["STATES", "list_kpi_columns", "read_kpis", "tidy_kpi_values", "tidy_kpis"]

REACHED, ON_COURSE, BEHIND, MISSED = "reached", "on course", "behind", "not reached in time"
UNMEASURED, NO_TARGET, HIDDEN = "not measured yet", "no target", "withheld"
#: Every state, in the order in which they are counted.
STATES = (REACHED, ON_COURSE, BEHIND, MISSED, UNMEASURED, NO_TARGET, HIDDEN)
#: Units that count people, so that a few of them are not shown.
_PEOPLE = ("people", "residents", "persons", "volunteers", "members", "participants")
#: What is said of an indicator once, in its first row.
_ONCE = ("label", "stage", "unit", "better", "baseline", "baseline_on", "target", "target_by")


def read_kpis(path: Path, *, today: date, known: KnownIds | None = None) -> pd.DataFrame:
    """Read ``kpis.csv``.

    Parameters
    ----------
    today
        Date of the report: nothing can have been measured later.
    known
        Ids of actions, as ``actions``; not checked where it is left out.

    Returns
    -------
    DataFrame
        One row per indicator x day, in the order of the file: the declared columns and ``row``.

    Raises
    ------
    ParameterError
        With every problem of the file: rows of one indicator that contradict each other, a day
        twice, in the future, before the baseline or in another form, a target due before the
        baseline, a value without its day, an unknown stage or action, a person's name.
    """
    columns = list_kpi_columns()

    def check(table: pd.DataFrame):
        yield from check_kpis(table, today=today, known=known or {}, once=_ONCE)
        yield from find_other_days(path, columns)

    return read_table(path, columns, check=check)


def tidy_kpi_values(kpis: pd.DataFrame, *, least_people: int) -> pd.DataFrame:
    """Return the hand-over table ``kpi_values``: one row per indicator and day, by day."""
    units = _take_first(kpis)["unit"]
    rows = [
        {"kpi_id": item.kpi, "on": _write(item.on), **_show(item.value, units[item.kpi], least_people)}
        for item in kpis[kpis["value"].notna()].sort_values("on", kind="stable").itertuples()
    ]  # fmt: skip
    order = {name: place for place, name in enumerate(dict.fromkeys(kpis["kpi"]))}
    rows.sort(key=lambda row: order[row["kpi_id"]])
    return make_table("kpi_values", rows)


def tidy_kpis(kpis: pd.DataFrame, *, today: date, least_people: int) -> pd.DataFrame:
    """Return the hand-over table ``kpis``: one row per indicator, as it stands on a day.

    Parameters
    ----------
    least_people
        Fewer people than this are not shown.

    Notes
    -----
    An indicator is on course where its latest value is at least on the straight line from its
    baseline to its target, on the day of that value. Where a target has no day, nothing is
    expected before it is reached: it is then behind until it is there.
    """
    values = tidy_kpi_values(kpis, least_people=least_people)
    rows = [
        _make_row(
            str(name), number, entry.to_dict(),
            values[values["kpi_id"] == name], kpis[kpis["kpi"] == name], today, least_people,
        )
        for number, (name, entry) in enumerate(_take_first(kpis).iterrows(), start=1)
    ]  # fmt: skip
    return make_table("kpis", rows)


def _take_first(kpis: pd.DataFrame) -> pd.DataFrame:
    """Return what is said of each indicator, by its id in the order of the file."""
    return kpis.groupby("kpi", sort=False)[list(_ONCE)].first()


def _make_row(
    name: str, number: int, entry: dict, values: pd.DataFrame, rows: pd.DataFrame, today: date,
    least_people: int,
) -> dict[str, object]:  # fmt: skip
    baseline = _show(entry["baseline"], entry["unit"], least_people)
    latest = values.iloc[-1].to_dict() if len(values) else {"on": "", "value": None}
    is_hidden = "withheld" in (baseline["display"], latest.get("display"))
    better = _find_better(entry)
    expected = None if is_hidden else _expect(entry, str(latest["on"]))
    actions = dict.fromkeys(one for cell in rows["actions"] for one in split_choices(cell))
    sources = dict.fromkeys(one for one in rows["source"] if isinstance(one, str))
    return {
        "kpi_id": name,
        "number": number,
        **{key: "" if pd.isna(entry[key]) else entry[key] for key in ("label", "stage", "unit")},
        "better": better,
        "baseline_on": _write(entry["baseline_on"]),
        "baseline": baseline["value"],
        "latest_on": latest["on"],
        "latest": latest["value"],
        "expected": expected,
        "target": None if pd.isna(entry["target"]) else float(entry["target"]),
        "target_by": _write(entry["target_by"]),
        "values": len(values),
        "state": HIDDEN if is_hidden else _judge(entry, latest["value"], expected, better, today),
        "display": "withheld" if is_hidden else "shown",
        "actions": "; ".join(actions),
        "source": "; ".join(sources),
    }


def _show(value: object, unit: object, least_people: int) -> dict[str, object]:
    if pd.isna(value):  # type: ignore[call-overload]
        return {"value": None, "display": "shown"}
    number = float(value)  # type: ignore[arg-type]
    is_few = str(unit).strip().casefold() in _PEOPLE and 0 < number < least_people
    if is_few:
        return {"value": None, "display": "withheld"}
    return {"value": number, "display": "shown"}


def _find_better(entry: dict) -> str:
    if not pd.isna(entry["better"]):
        return str(entry["better"])
    if pd.isna(entry["baseline"]) or pd.isna(entry["target"]):
        return ""
    return "higher" if entry["target"] > entry["baseline"] else "lower"


def _expect(entry: dict, on: str) -> float | None:
    """Return the value that lies on the straight line to the target on a day."""
    needed = ("baseline", "baseline_on", "target", "target_by")
    if not on or any(pd.isna(entry[name]) for name in needed):
        return None
    start, end = entry["baseline_on"].toordinal(), entry["target_by"].toordinal()
    share = min(max((date.fromisoformat(on).toordinal() - start) / (end - start), 0.0), 1.0)
    return float(entry["baseline"] + share * (entry["target"] - entry["baseline"]))


def _judge(entry: dict, latest: object, expected: float | None, better: str, today: date) -> str:
    if pd.isna(latest):  # type: ignore[call-overload]
        is_late = not pd.isna(entry["target_by"]) and entry["target_by"].date() < today
        return MISSED if is_late and not pd.isna(entry["target"]) else UNMEASURED
    if pd.isna(entry["target"]) or not better:
        return NO_TARGET
    sign = 1 if better == "higher" else -1
    value = float(latest)  # type: ignore[arg-type]
    if sign * (value - entry["target"]) >= 0:
        return REACHED
    if not pd.isna(entry["target_by"]) and entry["target_by"].date() < today:
        return MISSED
    if expected is not None and sign * (value - expected) >= -1e-9:
        return ON_COURSE
    return BEHIND


def _write(day: object) -> str:
    return "" if pd.isna(day) else f"{day:%Y-%m-%d}"  # type: ignore[call-overload]
