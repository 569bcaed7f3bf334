"""The tables that chapter 01 hands over from the area's own inputs."""

from __future__ import annotations

from datetime import date

import pandas as pd

from cip.pages.known import build_known_tables
from cip.pages.maturity import tabulate_ratings
from cip.pages.readiness import build_readiness_tables
from cip.pages.steering_group import tabulate_seats
from cip.params import ParameterFile


def build_input_tables(file: ParameterFile, today: date) -> dict[str, pd.DataFrame]:
    """Return a table for each input that the parameter file names, by the name of its schema.

    Raises
    ------
    ParameterError
        With every problem of the first input that cannot be read.
    """
    counted = {"steering_group": tabulate_seats(file), "maturity": tabulate_ratings(file)}
    tables = build_known_tables(file, today) | build_readiness_tables(file, today)
    return tables | {name: table for name, table in counted.items() if table is not None}
