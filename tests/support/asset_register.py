"""A parameter file with a register of assets of its own, and records that may be one thing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from cip.assets.own import read_assets
from cip.assets.record import join_records, make_records
from cip.params import ParameterFile, load_params

from .assets import SOUTH, WEST

TODAY = date(2026, 11, 21)
HEAD = ",".join(
    [
        "name", "type", "asset_id", "kind", "health_asset", "resource", "function", "method",
        "last_reviewed", "still_active", "reviewed_by", "address", "postcode", "easting",
        "northing", "latitude", "longitude", "opening", "cost", "who_it_serves", "contact_page",
        "income", "capacity", "source", "last_checked", "confidence", "shared_id",
    ]
)  # fmt: skip
BLANKS = "," * 25
CLUB = f'"Quilting Club, Tuesdays",community centre or hall{BLANKS}'
TABLE = f"{HEAD}\r\n{CLUB}\r\nTeapot Hall,community centre or hall,hall{',' * 24}\r\n"
PARAMETERS = """\
# A comment that must stay.
id: common
title: Teaspoon Common
profile_kind: ward
area:
  wards: [Teaspoon Common]
organisation: {name: Council, contact: page}
"""


def make_file(
    folder: Path, *, table: str | bytes | None = None, name: str = "own.csv"
) -> ParameterFile:
    """Return a parameter file, with a table of assets that it names where one is given."""
    text = PARAMETERS
    if table is not None:
        (folder / name).write_bytes(table if isinstance(table, bytes) else table.encode("utf-8"))
        text += f"inputs:\n  assets: {name}  # kept by the steering group\n"
    path = folder / "common.yml"
    path.write_text(text, encoding="utf-8")
    return load_params(path)


OWN_ROWS = f"Mill Larder,food bank or larder,larder{',' * 11}{WEST + 500:.0f},{SOUTH + 500:.0f}{',' * 12}\r\n"
ODD = "<img src=x onerror=alert(1)> Hall"


def make_records_of(file: ParameterFile) -> pd.DataFrame:
    """Records of a council's list, two pairs of which may be one thing, and the area's own."""
    rows = [
        ("a", "Fern Hall", "community_centre", 600, 600, "ZZ1 1AA"),
        ("b", "Fern Hall and Rooms", "community_centre", 620, 600, "ZZ1 1AA"),
        ("c", "Brook Library", "library", 900, 900, None),
        ("d", "Brook Library Annexe", "library", 930, 900, None),
        ("e", ODD, "community_centre", 1_500, 1_500, "ZZ1 1AB"),
    ]
    council = pd.DataFrame(
        {
            "asset_id": [f"{'places_library' if i % 2 else 'places_community'}:{r[0]}"
                         for i, r in enumerate(rows)],
            "name": [r[1] for r in rows],
            "asset_type": [r[2] for r in rows],
            "kind": "hard",
            "x": [WEST + r[3] for r in rows],
            "y": [SOUTH + r[4] for r in rows],
            "located_by": "given",
            "postcode": [r[5] for r in rows],
            "source_id": ["places_library" if i % 2 else "places_community" for i in range(5)],
            "last_checked": "2020",
        }
    )  # fmt: skip
    own, _ = read_assets(file.resolve_input("assets"), today=TODAY)
    return join_records([make_records(council), own])
