"""Stage 2: the seats of the steering group, by sector and by the framework's kinds of partner.

A seat is a role at an organisation, never a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pandas as pd

from cip.catalogue.partners import load_partner_kinds, load_sectors
from cip.errors import Problem
from cip.framework.document import tidy_text
from cip.inputs import Column, read_table, write_form

#: From the seat that somebody fills to the one that nobody does.
STATUSES = ("agreed", "invited", "vacant")

#: How far a kind of partner has been reached; gaps come first wherever they are listed.
COVERAGE = ("gap", "invited", "covered")

#: What a seat needs once somebody has been asked to take it.
_NEEDED = ("organisation", "role", "votes")


def list_columns() -> dict[str, Column]:
    """Return the columns of ``steering_group.csv``: one row per seat."""
    kinds, sectors = tuple(load_partner_kinds()), tuple(load_sectors())
    return {
        "organisation": Column(
            "text", privacy="role", description="Organisation or group; blank only if vacant"
        ),
        "role": Column(
            "text", privacy="role", description="Role that takes the seat, never a person's name"
        ),
        "kind": Column("choice", required=True, choices=kinds, description="Kind of partner"),
        "sector": Column("choice", required=True, choices=sectors, description="Sector"),
        "votes": Column("flag", description="Whether the seat votes; blank only if vacant"),
        "since": Column("date", description="Day from which the seat is agreed or invited"),
        "status": Column(
            "choice", required=True, choices=STATUSES, description="How far the seat is filled"
        ),
    }


def read_seats(path: Path) -> pd.DataFrame:
    """Read ``steering_group.csv``.

    Returns
    -------
    DataFrame
        One row per seat, in an order that does not depend on the file's: ``seat`` (from 1),
        ``organisation, role, kind, sector, votes, since, status``. ``since`` is an ISO date or
        missing.

    Raises
    ------
    ParameterError
        With every problem of the file: cells that cannot be read, cells that seem to hold an
        e-mail address, a telephone number or a person's name, and seats that lack what an
        invitation needs.
    """
    table = read_table(path, list_columns(), check=_find_incomplete)
    seats = pd.DataFrame(
        {
            "organisation": table["organisation"].map(tidy_text, na_action="ignore"),
            "role": table["role"].map(tidy_text, na_action="ignore"),
            "kind": table["kind"],
            "sector": table["sector"],
            "votes": table["votes"],
            "since": table["since"].dt.strftime("%Y-%m-%d"),
            "status": table["status"],
        }
    )
    return _arrange(seats)


def _find_incomplete(table: pd.DataFrame) -> Iterator[Problem]:
    asked = table[table["status"].isin(["agreed", "invited"])]
    for name in _NEEDED:
        for row in asked.loc[asked[name].isna(), "row"]:
            yield Problem(
                "this cell must be filled in unless the seat is vacant", row=int(row), column=name
            )


def _arrange(seats: pd.DataFrame) -> pd.DataFrame:
    keys = seats.assign(
        kind=seats["kind"].map(_rank(load_partner_kinds())),
        status=seats["status"].map(_rank(STATUSES)),
    )
    names = ["kind", "status", "organisation", "role", "sector", "votes", "since"]
    order = keys.sort_values(names, kind="stable").index
    arranged = seats.loc[order].reset_index(drop=True)
    arranged.insert(0, "seat", range(1, len(arranged) + 1))
    return arranged


def _rank(names: Iterable[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}


def cover_kinds(seats: pd.DataFrame) -> pd.DataFrame:
    """Compare the seats with the kinds of partner that the framework names.

    Returns
    -------
    DataFrame
        One row per kind of partner, gaps first, then invited, then covered: ``kind, label, why,
        coverage`` (one agreed seat covers a kind) and the number of seats of each status:
        ``agreed, invited, vacant``.
    """
    rows = []
    for kind in load_partner_kinds().values():
        counts = _count_statuses(seats[seats["kind"] == kind.id])
        coverage = _name_coverage(counts)
        rows.append(
            {"kind": kind.id, "label": kind.label, "why": kind.why, "coverage": coverage, **counts}
        )
    table = pd.DataFrame(rows)
    order = table["coverage"].map(_rank(COVERAGE)).sort_values(kind="stable").index
    return table.loc[order].reset_index(drop=True)


def _name_coverage(counts: dict[str, int]) -> str:
    if counts["agreed"]:
        return "covered"
    return "invited" if counts["invited"] else "gap"


def count_sectors(seats: pd.DataFrame) -> pd.DataFrame:
    """Count the seats of each sector.

    Returns
    -------
    DataFrame
        One row per sector of the catalogue, also where it has no seat: ``sector, label``, the
        number of seats of each status, and ``voting``, the agreed seats that vote.
    """
    rows = []
    for sector, label in load_sectors().items():
        own = seats[seats["sector"] == sector]
        voting = int(own.loc[own["status"] == "agreed", "votes"].sum())
        rows.append({"sector": sector, "label": label, **_count_statuses(own), "voting": voting})
    return pd.DataFrame(rows)


def _count_statuses(seats: pd.DataFrame) -> dict[str, int]:
    return {status: int((seats["status"] == status).sum()) for status in STATUSES}


def select_residents(seats: pd.DataFrame) -> pd.DataFrame:
    """Return the seats that are kept for residents."""
    kinds = [kind.id for kind in load_partner_kinds().values() if kind.is_residents]
    return seats[seats["kind"].isin(kinds)]


def count_late(seats: pd.DataFrame, today: date) -> int:
    """Return how many seats give a date that is still to come."""
    return int((seats["since"].dropna() > today.isoformat()).sum())


def write_steering_group_form(path: Path) -> Path:
    """Write an empty ``steering_group.csv`` with one vacant seat for each kind of partner."""
    rows = [
        {"kind": kind.id, "sector": kind.sector, "status": "vacant"}
        for kind in load_partner_kinds().values()
    ]
    return write_form(path, list_columns(), rows)


#: Forms of this module by input, for the collection in ``cip.framework.forms``.
FORMS = {"steering_group": write_steering_group_form}
