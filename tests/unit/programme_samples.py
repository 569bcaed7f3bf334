"""Outputs of a few invented areas, made from the demonstration's own inputs without a notebook."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pandas as pd

from cip.framework.actions import read_action_plan, stand_actions, tidy_log
from cip.framework.grants import read_grants, tidy_grants
from cip.framework.kpis import read_kpis, tidy_kpi_values, tidy_kpis
from cip.framework.outcomes import Measured, measure_outcomes, read_outcomes
from cip.params import load_params
from cip.schemas import SCHEMAS
from cip.tables import TableFolder

TODAY = date(2026, 11, 21)
_KINDS = {"text": "str", "number": "float64", "count": "Int64", "flag": "boolean"}


def make_outputs(root: Path, outputs: Path, *names: str) -> Path:
    """Write run.json and the tables of some demonstration areas, as their chapters write them."""
    for name in names:
        make_area(root / "params" / "demo_areas" / f"{name}.yml", outputs)
    return outputs


def make_area(path: Path, outputs: Path) -> Path:
    """Write one area's tables and record, and a page to link to; return its folder."""
    file = load_params(path)
    folder = outputs / file.params.id
    tables = TableFolder(folder / "tables")

    def find(name: str) -> Path:
        found = file.resolve_input(name)
        assert found is not None
        return found

    plan = read_action_plan(find("actions"), find("action_log"), today=TODAY)
    tables.write("actions", stand_actions(plan))
    tables.write("action_log", tidy_log(plan))
    grants = tidy_grants(read_grants(find("grants"), today=TODAY), TODAY)
    tables.write("grants", fit("grants", grants))
    kpis = read_kpis(find("kpis"), today=TODAY)
    tables.write("kpis", tidy_kpis(kpis, today=TODAY, least_people=5))
    tables.write("kpi_values", tidy_kpi_values(kpis, least_people=5))
    outcomes = read_outcomes(find("outcomes"), today=TODAY)
    tables.write("outcomes", measure_outcomes(outcomes, Measured(), least_people=5))
    tables.write("recommendations", make_recommendations(find("recommendations")))
    write_record(folder, file.params.title, file.params.id)
    return folder


def write_record(folder: Path, title: str, area: str, *, is_synthetic: bool = True) -> None:
    """Write the record of a run, and the area's chapter 05."""
    page = folder / "reports" / "stages" / "05_summary.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("<!doctype html><title>Chapter</title>", encoding="utf-8")
    record = {
        "area": area, "title": title, "is_synthetic": is_synthetic,
        "report_date": TODAY.isoformat(), "finished_at": "2026-11-21T10:00:00+00:00",
        "parameters": {"values": {"publication": {"version": "0.1", "status": "draft"}}},
    }  # fmt: skip
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")


def fit(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with the columns and types of its schema."""
    columns = SCHEMAS[name].columns
    return table[list(columns)].astype({c: _KINDS[k] for c, k in columns.items()})


def make_recommendations(path: Path) -> pd.DataFrame:
    """Return the table ``recommendations`` of a file, without its evidence."""
    own = pd.read_csv(path, dtype="str").fillna("")
    table = own.rename(columns={"id": "recommendation_id", "recommendation": "text"})
    table = table.assign(number=range(1, len(own) + 1), rests_on="numbers", flag="")
    return fit("recommendations", table)


def add_population(folder: Path, value: float) -> None:
    """Give an area its residents."""
    columns = SCHEMAS["indicators"].columns
    row = {name: None if kind != "text" else "" for name, kind in columns.items()}
    row |= {
        "indicator_id": "population", "area_role": "profile", "period": "2024", "value": value,
        "source_id": "mid_year_population_lsoa21",
    }  # fmt: skip
    TableFolder(folder / "tables").write("indicators", fit("indicators", pd.DataFrame([row])))
