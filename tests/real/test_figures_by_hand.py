"""Ten figures of three real profiles, added up here from the publishers' files without the workbook."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest

from cip.area_definition import resolve_area
from cip.geography import build_areas
from cip.indicators import build_indicators
from cip.membership import build_membership
from cip.params import load_params
from cip.register import load_register
from cip.store import Store

pytestmark = pytest.mark.real

CENSUS = {
    "tenure": "census2021/TS054_household_tenure21_lsoa21_Oxfordshire.csv",
    "ethnic_group": "census2021/TS021_ethnicity21_lsoa21_Oxfordshire.csv",
    "occupancy_rating": "census2021/TS052_household_overcrowding21_lsoa21_Oxfordshire.csv",
    "deprivation_dimensions": "census2021/TS011_household_deprivation21_lsoa21_Oxfordshire.csv",
    "disability": "census2021/TS038_disability21_lsoa21_ew_Oxfordshire.csv",
}
# one row per indicator: table, starts of the labels that count
SHARES = {
    "social_rented": ("tenure", ["Social rented"]),
    "private_rented": ("tenure", ["Private rented"]),
    "minority_ethnic_groups": ("ethnic_group", ["Asian", "Black", "Mixed", "Other"]),
    "overcrowded_bedrooms": ("occupancy_rating", ["-1", "-2"]),
    "households_deprived_2_plus": (
        "deprivation_dimensions",
        [f"Household is deprived in {n}" for n in ("two", "three", "four")],
    ),
    "disability": ("disability", ["Disabled"]),
}
AREAS = {
    "littlemore": "E05013107",
    "banbury-ruscote": "E05010924",
    "witney-central": ["E01028807", "E01028808", "E01028809", "E01028816"],
}


def read_rows(path: Path) -> list[dict[str, str]]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def add_up_by_hand(data: Path, codes: set[str]) -> dict[str, float]:
    expected = {}
    for name, (column, starts) in SHARES.items():
        rows = [r for r in read_rows(data / CENSUS[column]) if r["lsoa21_code"] in codes]
        hits = sum(int(r["n"]) for r in rows if r[column].startswith(tuple(starts)))
        expected[name] = 100 * hits / sum(int(r["n"]) for r in rows)
    ages = read_rows(data / "census2021/LSOA_data_age_bands_England.csv.gz")
    expected["population"] = sum(int(r["Total"]) for r in ages if r["LSOACode"] in codes)
    older = ("Age65to69", "Age70to74", "Age75to79", "Age80to84", "Age85Over")
    people = sum(int(r[k]) for r in ages if r["LSOACode"] in codes for k in older)
    expected["older_65_plus"] = 100 * people / expected["population"]
    indices = read_rows(
        data / "deprivation/IoD2025_File7_layout_REASSEMBLED_no_IDACI_IDAOPI.csv.gz"
    )
    own = [r for r in indices if r["LSOA code (2021)"] in codes]
    score, decile = (
        next(k for k in own[0] if k.startswith(f"Index of Multiple Deprivation (IMD) {w}"))
        for w in ("Score", "Decile")
    )
    weights = [float(r["Total population: mid 2022"]) for r in own]
    weighted = sum(float(r[score]) * w for r, w in zip(own, weights, strict=True))
    expected["imd_2025_average_score"] = weighted / sum(weights)
    poorest = sum(w for r, w in zip(own, weights, strict=True) if int(r[decile]) <= 2)
    expected["imd_2025_most_deprived_20_people"] = 100 * poorest / sum(weights)
    return expected


@pytest.mark.parametrize("name", AREAS)
def test_ten_figures_agree_with_the_source_files(name, root, real_data, real_store):
    wanted = AREAS[name]
    if isinstance(wanted, str):
        look_up = read_rows(real_data / "lookups/lookup_lsoa21_ward24_ltla24_Oxfordshire.csv")
        wanted = [r["lsoa21_code"] for r in look_up if r["ward24_code"] == wanted]
    expected = add_up_by_hand(real_data, set(wanted))

    store = Store(real_store)
    register = load_register(store)
    file = load_params(root / "params" / "oxfordshire" / f"{name}.yml")
    area = resolve_area(file, register)
    areas, _ = build_areas(file, area, register)
    table = build_indicators(store, areas, build_membership(area, areas, register))
    own = table[(table["area_role"] == "profile") & (table["group"] == "")]
    values = own.set_index("indicator_id")["value"]
    assert len(expected) == 10
    assert {k: values[k] for k in expected} == pytest.approx(expected, rel=1e-9)
