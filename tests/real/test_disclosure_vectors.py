"""The NHS rule against the published worked answers beside the project."""

import csv
import os
from pathlib import Path

import pytest

from cip.disclosure import load_rule

pytestmark = pytest.mark.real

BESIDE = Path(__file__).parents[2].parent / "shared" / "vectors"


def test_every_count_is_shown_as_published():
    path = Path(os.environ.get("CIP_VECTORS", BESIDE)) / "disclosure_hes_rounding.csv"
    if not path.is_file():
        pytest.skip(f"The folder of published answers has no {path.name}; set CIP_VECTORS to it.")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    shown = load_rule("nhs").show_counts([int(row["true_count"]) for row in rows], mark="*")
    assert len(rows) > 10
    assert shown == [row["expected_display"] for row in rows]
