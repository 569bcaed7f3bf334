"""Figures that the workbook has already: the survey's waves, the groups' survey, published ones."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from cip.framework.outcomes_columns import DATA, RECORDS, SAME, SAMPLES, SECTOR, SURVEY
from cip.inputs.columns import fold_name

WITHHELD = "withheld"
#: Answers of a question that was asked about before and after in one wave.
BEFORE, AFTER = "before_", "after_"


@dataclass(frozen=True)
class Measured:
    """Tables of the chapters before, as far as they are there.

    Parameters
    ----------
    answers, changes
        Tables ``answers`` and ``answer_changes`` of chapter 04.
    sector
        Table ``sector`` of chapter 04.
    indicators
        Table ``indicators`` of chapter 02.
    """

    answers: pd.DataFrame | None = field(default=None, repr=False)
    changes: pd.DataFrame | None = field(default=None, repr=False)
    sector: pd.DataFrame | None = field(default=None, repr=False)
    indicators: pd.DataFrame | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Point:
    """One measurement: when, how much, its limits and base, and whether it may be shown."""

    on: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    base: int | None = None
    display: str = "shown"


@dataclass(frozen=True)
class Series:
    """What one outcome is taken from: its points in their order, unit, design and wording."""

    points: list[Point]
    unit: str
    design: str
    wordings: dict[str, str] = field(default_factory=dict)

    @property
    def moments(self) -> list[str]:
        """The waves or periods that there are."""
        return [point.on for point in self.points]

    def find(self, on: str) -> Point | None:
        """Return the point of a wave or period."""
        return next((point for point in self.points if point.on == on), None)


def split_source(taken_from: str) -> tuple[str, str, str]:
    """Return kind, name and answer or group of what an outcome is taken from.

    Examples
    --------
    >>> split_source("survey:influence.net_agree"), split_source("data:claimants")
    (('survey', 'influence', 'net_agree'), ('data', 'claimants', ''))
    """
    kind, _, rest = taken_from.partition(":")
    name, _, part = rest.partition(".")
    return kind.strip(), name.strip(), part.strip()


def list_sources(measured: Measured, kind: str) -> list[str] | None:
    """Return what may be named of one kind; None where its table is not there."""
    table = {SURVEY: measured.answers, SECTOR: measured.sector, DATA: measured.indicators}[kind]
    if table is None:
        return None
    if kind == SURVEY:
        pairs = zip(table["question_id"], table["answer"], strict=True)
        return list(dict.fromkeys(f"{kind}:{q}.{_drop_moment(str(a))}" for q, a in pairs))
    if kind == SECTOR:
        pairs = zip(table["measure_id"], table["answer"], strict=True)
        return list(dict.fromkeys(f"{kind}:{m}.{fold_name(str(a))}" for m, a in pairs))
    pairs = zip(table["indicator_id"], _fill(table["group"]), strict=True)
    return list(dict.fromkeys(f"{kind}:{name}.{g}" if g else f"{kind}:{name}" for name, g in pairs))


def find_series(measured: Measured, taken_from: str, among: str) -> Series | None:
    """Return the figures that an outcome is taken from; None where there are none.

    Parameters
    ----------
    among
        Group of respondents as 'characteristic: group'; empty for everyone.
    """
    kind, name, part = split_source(taken_from)
    if kind == SURVEY and measured.answers is not None:
        return _find_answers(measured.answers, name, part, among)
    if kind == SECTOR and measured.sector is not None:
        return _find_sector(measured.sector, name, part)
    if kind == DATA and measured.indicators is not None:
        return _find_indicator(measured.indicators, name, part)
    return None


def _find_answers(answers: pd.DataFrame, name: str, part: str, among: str) -> Series | None:
    characteristic, _, group = (piece.strip() for piece in among.partition(":"))
    rows = answers[
        (answers["question_id"] == name)
        & (_fill(answers["characteristic"]) == characteristic)
        & (_fill(answers["group"]) == group)
    ]
    plain = rows[rows["answer"] == part]
    if len(plain):
        points = [_read_point(row, row["wave"]) for row in plain.to_dict("records")]
        wordings = dict(zip(plain["wave"].map(str), plain["question"].map(str), strict=True))
        return Series(points, str(plain.iloc[0]["unit"]), SAMPLES, wordings)
    points, wordings = [], {}
    for row in rows[rows["answer"].isin([BEFORE + part, AFTER + part])].to_dict("records"):
        moment = "before" if str(row["answer"]).startswith(BEFORE) else "after"
        points.append(_read_point(row, f"{row['wave']}: {moment}"))
        wordings[points[-1].on] = str(row["question"])
    return Series(points, str(rows.iloc[0]["unit"]), SAME, wordings) if points else None


def _find_sector(sector: pd.DataFrame, name: str, part: str) -> Series | None:
    answers = sector["answer"].map(lambda text: fold_name(str(text)))
    rows = sector[(sector["measure_id"] == name) & (answers == part)]
    rows = rows[rows["group"] == "all groups"]
    points = [_read_point(row, "latest survey of groups") for row in rows.to_dict("records")]
    return Series(points, str(rows.iloc[0]["unit"]), RECORDS) if points else None


def _find_indicator(indicators: pd.DataFrame, name: str, part: str) -> Series | None:
    rows = indicators[
        (indicators["indicator_id"] == name)
        & (indicators["area_role"] == "profile")
        & (_fill(indicators["group"]) == part)
    ]
    if rows.empty:
        return None
    if "period_order" in rows:
        rows = rows.sort_values("period_order", kind="stable")
    points = [
        _read_point(
            {**row, "base": row["denominator"], "display": _say_withheld(row["is_suppressed"])},
            row["period"],
        )
        for row in rows.to_dict("records")
    ]
    return Series(points, str(rows.iloc[0]["unit"]), RECORDS)


def _say_withheld(flag: object) -> str:
    return WITHHELD if not pd.isna(flag) and bool(flag) else "shown"


def _read_point(row: dict[str, object], on: object) -> Point:
    if row["display"] == WITHHELD:
        return Point(str(on), None, display=WITHHELD)
    value, lower, upper = (
        None if pd.isna(row[name]) else float(row[name])  # type: ignore[arg-type]
        for name in ("value", "lower_95", "upper_95")
    )
    base = None if pd.isna(row["base"]) else round(float(row["base"]))  # type: ignore[arg-type]
    return Point(str(on), value, lower, upper, base, str(row["display"]))


def _drop_moment(answer: str) -> str:
    return answer.removeprefix(BEFORE).removeprefix(AFTER)


def _fill(column: pd.Series) -> pd.Series:
    return column.astype("object").where(column.notna(), "")
