"""Figures of real profiles, added up here from the publishers' files without the workbook.

Three profiles by ten figures of the Census and the Indices, then the Data Reports of the ten wards by
figures of every other section. Nothing of the workbook takes part in the sums.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path

import pytest

from cip.area_definition import resolve_area
from cip.catalogue import load_indicators
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


# --- The Data Reports of the ten wards ----------------------------------------------------------

WARDS = [
    "abingdon-caldecott",
    "banbury-cross-and-neithrop",
    "banbury-grimsbury-and-hightown",
    "banbury-ruscote",
    "barton-and-sandhills",
    "blackbird-leys",
    "littlemore",
    "northfield-brook",
    "osney-and-st-thomas",
    "rose-hill-and-iffley",
]
OLD_FILE_7 = "deprivation/IoD2019_File7_layout_REASSEMBLED_no_subdomain_scores.csv.gz"
NEW_FILE_7 = "deprivation/IoD2025_File7_layout_REASSEMBLED_no_IDACI_IDAOPI.csv.gz"
NOT_WELL = ("Cannot speak English well", "Cannot speak English")
DISTRICTS = {"E07000177": "Cherwell", "E07000178": "Oxford", "E07000180": "Vale of White Horse"}

Shares = dict[str, float]


class Publishers:
    """The publishers' files as they lie there, each read once."""

    def __init__(self, data: Path):
        self.data = data
        self.held: dict[str, list[dict[str, str]]] = {}

    def rows(self, name: str) -> list[dict[str, str]]:
        if name not in self.held:
            self.held[name] = read_rows(self.data / name)
        return self.held[name]

    def column(self, name: str, code: str, value: str) -> dict[str, float]:
        """Return one column by area code; a heading that begins so is enough."""
        rows = self.rows(name)
        heading = next(k for k in rows[0] if k.startswith(value))
        return {r[code]: float(r[heading].replace(",", "")) for r in rows if r[heading].strip()}

    @cached_property
    def people(self) -> dict[str, float]:
        """Census residents by LSOA 2021."""
        return self.column("census2021/LSOA_data_age_bands_England.csv.gz", "LSOACode", "Total")

    @cached_property
    def wards(self) -> dict[str, set[str]]:
        found = defaultdict(set)
        for row in self.rows("lookups/lookup_lsoa21_ward24_ltla24_Oxfordshire.csv"):
            found[row["ward24_code"]].add(row["lsoa21_code"])
        return found

    @cached_property
    def successors(self) -> dict[str, list[str]]:
        """LSOAs of 2021 by the LSOA of 2011 that they follow."""
        found = defaultdict(list)
        for row in self.rows("lookups/LSOA11_LSOA21_LAD22_with_CHGIND_Oxfordshire.csv"):
            found[row["F_LSOA11CD"]].append(row["LSOA21CD"])
        return found

    @cached_property
    def msoas(self) -> dict[str, set[str]]:
        found = defaultdict(set)
        for row in self.rows("lookups/OA21_LSOA21_MSOA21_points_Oxfordshire.csv"):
            found[row["msoa21cd"]].add(row["lsoa21cd"])
        return found

    @cached_property
    def districts(self) -> dict[str, str]:
        rows = self.rows("other/fuel_poverty_LSOA_Oxfordshire.csv")
        return {row["LSOA Code"]: row["LA Code"] for row in rows}

    @cached_property
    def old_people(self) -> dict[str, dict[str, str]]:
        """The row of each LSOA of 2011 in the mid-2020 estimates."""
        rows = self.rows("population/population20_lsoa11_syoa_Oxfordshire.csv")
        return {row["lsoa11_code"]: row for row in rows}

    @cached_property
    def crimes(self) -> list[dict[str, str]]:
        return self.rows("crime/2018-06-thames-valley-street_Oxfordshire.csv")

    @cached_property
    def collisions(self) -> list[dict[str, str]]:
        return self.rows("other/road-safety-data-accidents-in-oxfordshire-2016.csv")

    @cached_property
    def gardens(self) -> dict[str, tuple[float, float]]:
        """Addresses, and those with outdoor space, by MSOA of 2011."""
        openpyxl = pytest.importorskip("openpyxl")
        path = self.data / "other/ons_garden-space-2020.xlsx"
        sheet = openpyxl.load_workbook(path, read_only=True)["MSOA gardens"]
        rows = sheet.iter_rows(min_row=3, values_only=True)
        return {row[0]: (row[2], row[3]) for row in rows if row[0]}

    @cached_property
    def health(self) -> list[list[str]]:
        path = self.data / "census2021/TS037_general_health_lsoa_Oxfordshire_nomis_query.csv"
        return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))

    @cached_property
    def inactive(self) -> dict[str, str]:
        path = self.data / "health/ActiveLivesDataExport_Inactive__Nothing.csv"
        return {
            row[0]: row[-1]
            for row in csv.reader(path.read_text(encoding="utf-8-sig").splitlines())
            if row
        }


def count_old(files: Publishers, own: set[str]) -> Shares:
    """Return the share of each LSOA of 2011 that belongs to a set of LSOAs of 2021."""
    shares = {}
    for old, new in files.successors.items():
        inside = [code for code in new if code in own]
        if inside:
            parts = [sum(files.people[c] for c in codes) for codes in (inside, new)]
            shares[old] = parts[0] / parts[1]
    return shares


def count_msoas(files: Publishers, own: set[str]) -> Shares:
    shares = {}
    for msoa, lsoas in files.msoas.items():
        if lsoas & own:
            parts = [sum(files.people[c] for c in codes) for codes in (lsoas & own, lsoas)]
            shares[msoa] = parts[0] / parts[1]
    return shares


def add_up(shares: Shares, values: dict[str, float]) -> float:
    return sum(share * values.get(code, 0.0) for code, share in shares.items())


def average(shares: Shares, values: dict[str, float], weights: dict[str, float]) -> float:
    weighted = {code: share * weights[code] for code, share in shares.items()}
    return add_up(weighted, values) / sum(weighted.values())


def count_events(rows: Iterable[dict[str, str]], code: str, counts: Callable) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for row in rows:
        found[row[code]] += bool(counts(row))
    return found


def count_crime_by_hand(files: Publishers, own: set[str]) -> dict[str, float]:
    """Events of 2018 and 2016 per 1,000 people of mid-2020, all in LSOAs of 2011."""
    old = count_old(files, own)
    people = {code: float(row["total_population"]) for code, row in files.old_people.items()}
    under_18 = {
        code: sum(float(row[str(age)]) for age in range(18))
        for code, row in files.old_people.items()
    }
    base = add_up(old, people)
    found = {"children_under_18": 100 * add_up(old, under_18) / base}
    kinds = {
        "crime_rate": lambda row: True,
        "asb_rate": lambda row: row["Crime type"] == "Anti-social behaviour",
        "burglary_rate": lambda row: row["Crime type"] == "Burglary",
        "violence_rate": lambda row: row["Crime type"] == "Violence and sexual offences",
    }
    for name, counts in kinds.items():
        events = count_events(files.crimes, "LSOA code", counts)
        found[name] = 1000 * add_up(old, events) / base
    place = "LSOA_of_Accident_Location"
    events = count_events(files.collisions, place, lambda row: True)
    found["road_collision_rate"] = 1000 * add_up(old, events) / base
    events = count_events(files.collisions, place, lambda row: row["Accident_Severity"] in "12")
    found["road_serious_rate"] = 1000 * add_up(old, events) / base
    return found


def count_msoas_by_hand(files: Publishers, own: set[str]) -> dict[str, float]:
    """Language and moves by MSOA of 2021, gardens by MSOA of 2011 (none of ours was changed)."""
    shares = count_msoas(files, own)
    rows = {
        r["msoa21_code"]: r for r in files.rows("census2021/proficiency21_msoa21_Oxfordshire.csv")
    }
    first = next(iter(rows.values()))
    yes, no = [key for key in first if key.startswith("Main language") and ":" not in key]
    weak = [key for key in first if key.endswith(NOT_WELL)]
    assert len(weak) == 2
    spoken = add_up(shares, {c: float(r[yes]) + float(r[no]) for c, r in rows.items()})
    poor = {c: sum(float(r[key]) for key in weak) for c, r in rows.items()}
    moved = {
        r["msoa21_code"]: r for r in files.rows("census2021/migration21_msoa21_Oxfordshire.csv")
    }
    everyone = {c: float(r["all_usual_residents"]) for c, r in moved.items()}
    abroad = {c: float(r["migrant_from_outside_uk"]) for c, r in moved.items()}
    unchanged = {
        row["MSOA21CD"]
        for row in files.rows("lookups/MSOA11_MSOA21_LAD22_Oxfordshire.csv")
        if row["CHNGIND"] == "U" and row["MSOA11CD"] == row["MSOA21CD"]
    }
    assert set(shares) <= unchanged
    homes, gardens = ({c: v[n] for c, v in files.gardens.items()} for n in (0, 1))
    return {
        "english_not_well": 100 * add_up(shares, poor) / spoken,
        "main_language_not_english": 100
        * add_up(shares, {c: float(r[no]) for c, r in rows.items()})
        / spoken,
        "moved_from_abroad": 100 * add_up(shares, abroad) / add_up(shares, everyone),
        "private_outdoor_space": 100 * add_up(shares, gardens) / add_up(shares, homes),
    }


def count_means_by_hand(files: Publishers, own: set[str]) -> dict[str, float]:
    """Means of the figures of small areas, each weighted by the people whom it is about."""
    new, old = dict.fromkeys(own, 1.0), count_old(files, own)
    column = files.column
    new_8 = "deprivation/as_obtained/imd2025_england_lsoa21_indicators_Oxfordshire.csv"
    old_8 = "deprivation/as_obtained/imd2019_england_lsoa11_indicators_Oxfordshire.csv"
    needs = "deprivation/cni2023_england_lsoa21.csv.gz"
    lonely = column("health/loneliness_cls_lsoa21_Oxfordshire.csv", "lsoa21_code", "perc")
    people_22 = column(NEW_FILE_7, "LSOA code (2021)", "Total population")
    workers_22 = column(NEW_FILE_7, "LSOA code (2021)", "Working age population 18")
    people_15 = column(OLD_FILE_7, "LSOA code (2011)", "Total population")
    skills = column(new_8, "lsoa21_code", "adult_skills")
    homeless = column(new_8, "lsoa21_code", "homelessness")
    poor = column(old_8, "lsoa11_code", "housing_in_poor_condition")
    surgery = column(old_8, "lsoa11_code", "road_distance_to_a_gp")
    scores = {
        "community_needs": "Community Needs Index 2023 Score",
        "connectedness": "Connectedness Domain Score",
    }
    return {
        "loneliness": average(new, lonely, files.people),
        **{
            k: average(new, column(needs, "lsoa21_code", v), files.people)
            for k, v in scores.items()
        },
        "adult_low_skills": 100 * average(new, skills, workers_22),
        "homelessness_rate": average(new, homeless, people_22),
        "poor_condition_homes": 100 * average(old, poor, people_15),
        "distance_gp": average(old, surgery, people_15),
    }


def count_shares_by_hand(files: Publishers, own: set[str]) -> dict[str, float]:
    new = dict.fromkeys(own, 1.0)
    fuel = "other/fuel_poverty_LSOA_Oxfordshire.csv"
    poor = files.column(fuel, "LSOA Code", "Number of households in fuel poverty")
    homes = files.column(fuel, "LSOA Code", "Number of households")
    rows = [row for row in files.health if len(row) > 7 and row[1] in own]
    assert len(rows) == len(own)
    bad = sum(int(row[6]) + int(row[7]) for row in rows)
    everyone = sum(int(cell) for row in rows for cell in row[3:8])
    care = files.rows("census2021/census2021-ts039-lsoa_Oxfordshire.csv")
    care = [r for r in care if r["geography code"] in own]
    names = [k for k in care[0] if k.startswith("Provision")]
    none, carers = names[1], [names[2], names[5], names[8]]
    given = sum(int(r[k]) for r in care for k in carers)
    return {
        "fuel_poverty": 100 * add_up(new, poor) / add_up(new, homes),
        "bad_health": 100 * bad / everyone,
        "unpaid_carers": 100 * given / (given + sum(int(r[none]) for r in care)),
    }


def read_district_by_hand(files: Publishers, own: set[str]) -> tuple[str, dict[str, float]]:
    """Return the district of a ward, and figures that are published for districts alone."""
    (district,) = {files.districts[code] for code in own}
    name = "health/indicators-DistrictUApre419.data.csv.gz"
    (pressure,) = (
        row["Value"]
        for row in files.rows(name)
        if row["Indicator ID"] == "92659" and row["Area Code"] == district
    )
    (memory,) = (
        row["prevalence"]
        for row in files.rows("health/qof_2019-20_modelled_prevalence_lad_Oxfordshire.csv")
        if row["lad_code"] == district and row["group_code"] == "DEM"
    )
    still = files.inactive[f"{DISTRICTS[district]} LA"]
    return district, {
        "prevalence_hypertension": float(pressure),
        "qof_dementia": 100 * float(memory),
        "inactive_adults": float(still.rstrip("%")),
    }


@pytest.fixture(scope="module")
def files(real_data) -> Publishers:
    return Publishers(real_data)


@pytest.fixture(scope="module")
def register(real_store):
    return load_register(Store(real_store))


@pytest.mark.parametrize("name", WARDS)
def test_figures_of_every_section_agree_with_the_source_files(
    name, root, files, real_store, register
):
    path = root / "params" / "oxfordshire" / f"{name}.yml"
    (ward,) = re.findall(r"wards: \[(E05\d{6})\]", path.read_text(encoding="utf-8"))
    own = files.wards[ward]
    expected = (
        count_crime_by_hand(files, own)
        | count_msoas_by_hand(files, own)
        | count_means_by_hand(files, own)
        | count_shares_by_hand(files, own)
    )
    district, wider = read_district_by_hand(files, own)
    assert len(expected) >= 20

    file = load_params(path)
    area = resolve_area(file, register)
    areas, _ = build_areas(file, area, register)
    entries = {name: load_indicators()[name] for name in (*expected, *wider)}
    table = build_indicators(
        Store(real_store), areas, build_membership(area, areas, register), entries
    )
    latest = table.sort_values("period_order", kind="stable").drop_duplicates(
        ["indicator_id", "area_code"], keep="last"
    )
    values = latest.set_index(["indicator_id", "area_code"])["value"]
    found = {key: values[key, file.params.id] for key in expected}
    assert found == pytest.approx(expected, rel=1e-9)
    # File 8, loneliness and the rest come with fewer figures than a division gives.
    assert {key: values[key, district] for key in wider} == pytest.approx(wider, rel=1e-6)


def test_the_ten_wards_are_those_of_the_parameter_files(root):
    held = {path.stem for path in (root / "params" / "oxfordshire").glob("*.yml")}
    assert held - set(WARDS) == {"witney-central"}
