"""Measures, lookups and Census tables of the topic catalogues, each on a small invented sample."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from cip.catalogue.sources import Source, load_sources

from ..support.reading import fetch, refuse

CENSUS = [f"ts{n:03}" for n in (1, 4, 8, 17, 24, 25, 45, 46, 50, 53, 58, 59, 61, 62, 63, 66, 67)]
#: Column headings as the Nomis bulk files have them, quoted in public code.
GENUINE = {
    "ts001": "Residence type: Lives in a communal establishment; measures: Value",
    "ts004": "Country of birth: British Overseas ; measures: Value",
    "ts008": "Sex: Female; measures: Value",
    "ts017": "Household size: 8 or more people in household; measures: Value",
    "ts025": "Household language (English and Welsh): Total: All households",
    "ts045": "Number of cars or vans: 3 or more cars or vans in household",
    "ts046": "Type of central heating in household: District or communal heat networks only",
    "ts050": "Number of bedrooms: 4 or more bedrooms",
    "ts053": "Occupancy rating for rooms: Occupancy rating of rooms: -2 or less",
    "ts058": "Distance travelled to work: 10km to less than 20km",
    "ts061": "Method of travel to workplace: Underground, metro, light rail, tram",
    "ts063": "Occupation (current): 1. Managers, directors and senior officials",
    "ts066": "Economic activity status: Economically active (excluding full-time students):In employment",
    "ts067": "Highest level of qualification: Level 1 and entry level qualifications",
}


def write(folder: Path, *rows: str) -> None:
    (folder / "a.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def invent_counts(source: Source) -> dict[str, int]:
    """Return a count for every category, so that every declared total is the sum of its parts."""
    totals = {rule.total for rule in source.sums}
    counts = {id_: n for n, id_ in enumerate(source.categories, start=1) if id_ not in totals}
    for _ in source.sums:
        for rule in source.sums:
            if all(part in counts for part in rule.parts):
                counts[rule.total] = sum(counts[part] for part in rule.parts)
    return counts


def write_bulk(folder: Path, source: Source, *, leave_out: str = "") -> dict[str, int]:
    counts = invent_counts(source)
    named = {id_: n for id_, n in counts.items() if id_ != leave_out}
    level = "07" if source.geography.startswith("Local authority") else "01"
    headings = ["date", "geography", "geography code"]
    headings += [f'"{source.topics[0]}: {source.categories[id_][0]}"' for id_ in named]
    row = ["2021", "Tinton", f"Z{level}000001", *map(str, named.values())]
    write(folder, ",".join(headings), ",".join(row))
    return counts


@pytest.mark.parametrize("product", CENSUS)
def test_census_table_from_nomis(folder: Path, product: str) -> None:
    counts = write_bulk(folder, load_sources()[product])
    store = fetch(folder)
    assert store.products() == [product]
    row = store.read(product).iloc[0]
    assert {id_: int(row[id_]) for id_ in counts} == counts
    assert store.entry(product).files[0].layout == "nomis_bulk"


@pytest.mark.parametrize("product", CENSUS)
def test_census_table_without_a_category_is_refused(folder: Path, product: str) -> None:
    source = load_sources()[product]
    needed = source.require[0][-1]
    write_bulk(folder, source, leave_out=needed)
    text = refuse(folder)
    assert f"The file looks like {source.title}" in text
    assert f"{source.topics[0]}: {source.categories[needed][0]}" in text


@pytest.mark.parametrize("product", ["ts001", "ts008", "ts045", "ts061", "ts066", "ts067"])
def test_census_table_from_the_nomis_api(folder: Path, product: str) -> None:
    source = load_sources()[product]
    counts = invent_counts(source)
    rows = [f'Z01000001,Tinton,"{source.categories[id_][0]}",{n}' for id_, n in counts.items()]
    write(folder, "GEOGRAPHY_CODE,GEOGRAPHY_NAME,C2021_THING_9_NAME,OBS_VALUE", *rows)
    row = fetch(folder).read(product).iloc[0]
    assert {id_: int(row[id_]) for id_ in counts} == counts


@pytest.mark.parametrize("product", GENUINE)
def test_genuine_headings_are_known(product: str) -> None:
    from cip.sources.forms import build_forms
    from cip.sources.headings import find_heading, index_headings

    form = next(f for f in build_forms([load_sources()[product]]) if f.layout.id == "nomis_bulk")
    heading = index_headings([GENUINE[product]])
    assert any(find_heading(spellings, heading) == 0 for spellings in form.fields.values())


def test_loneliness(folder: Path) -> None:
    write(folder, "lsoa21_code,perc,deciles", "Z01000001,22.5,3")
    row = fetch(folder).read("loneliness").iloc[0]
    assert (row["lonely_percent"], row["loneliness_decile"]) == (22.5, 3)
    write(folder, "lsoa21_code,perc,deciles", "Z01000001,much,3.5")
    text = refuse(folder)
    assert "column 'perc': The cell is not a number" in text
    assert "column 'deciles': The number is not whole" in text


#: How the publisher spells the word in places.
SLIP = "Ad" + "ress"
COUNTS = ["Address count", f"{SLIP} with private outdoor space count"]
COUNTS += [
    "Private outdoor space total area (m2)",
    f"Percentage of {SLIP.lower()}es with private outdoor space",
]
COUNTS += ["Average size of private outdoor space (m2)"]


def write_gardens(folder: Path, *, msoa: object = 80) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(["Private outdoor space data"])
    sheet = workbook.create_sheet("Region gardens")
    kinds = [f"Property type: {kind}" for kind in ("Houses", "Flats", "Total")]
    top = ["Country code", "Country name", "Region code", "Region name"]
    for kind in kinds:
        top += [kind, *[None] * 4]
    sheet.append(top)
    sheet.append([None] * 4 + COUNTS * 3)
    numbers = [60, 50, 9.5, 0.83, 1.5, 40, 10, 2.5, 0.25, 3.5, 100, 60, 12, 0.6, 5.5]
    sheet.append([None, None, None, "Great Britain", *numbers])
    sheet.append(["Z92000001", "England", "Z12000001", "The South", *numbers])
    sheet = workbook.create_sheet("MSOA gardens")
    sheet.append(["MSOA code", "MSOA name", *COUNTS])
    sheet.append(["Z02000001", "Tinton 001", 100, msoa, 50.5, 0.805, 1.5])
    workbook.save(folder / "gardens.xlsx")


def test_gardens_with_headings_over_two_rows(folder: Path) -> None:
    write_gardens(folder)
    store = fetch(folder)
    table = store.read("gardens").set_index("area_code")
    region, msoa = table.loc["Z12000001"], table.loc["Z02000001"]
    assert (region["addresses"], region["addresses_with_outdoor_space"]) == (100, 60)
    assert (region["flats"], region["flats_with_outdoor_space"]) == (40, 10)
    assert (region["percent_with_outdoor_space"], msoa["percent_with_outdoor_space"]) == (60, 80.5)
    assert table["level"].tolist() == ["msoa", "region"]
    assert len(table) == 2


def test_a_fault_in_one_sheet_names_the_sheet(folder: Path) -> None:
    write_gardens(folder, msoa="most")
    assert "sheet 'MSOA gardens', row 2, column '" + SLIP in refuse(folder)


WARD_HEADINGS = ["2016 Ward code", "2016 Ward name", "Total fast food outlets"]


def test_fast_food_by_ward_and_district(folder: Path) -> None:
    workbook = openpyxl.Workbook()
    top = [["Return to Notes Page"], [], []]
    tables = {
        "Local Authority Data": [
            [None, "PHE Centre", "LA code", "LA name", "Count of outlets", "Rate"],
            [None, "South", "Z07000001", "Tinton", 12, 30.5],
        ],
        "Ward Data": [
            [None, "PHE Centre", "LA code", "LA name", *WARD_HEADINGS],
            [None, "South", "Z07000001", "Tinton", "Z05000001", "East", 0],
        ],
    }
    for name, rows in tables.items():
        sheet = workbook.create_sheet(name)
        for row in top + rows:
            sheet.append(row)
    workbook.save(folder / "food.xlsx")
    table = fetch(folder).read("fast_food")
    assert table["level"].tolist() == ["ward", "district"]
    assert table["outlets"].tolist() == [0, 12]
    assert table["area_name"].tolist() == ["East", "Tinton"]


def test_journey_times_from_two_files_that_overlap(folder: Path) -> None:
    names = [f"{stem}{mode}" for stem in ("PS", "GP", "Town") for mode in ("PTt", "Cyct", "Cart")]
    outline = {"type": "Polygon", "coordinates": [[[0, 50], [1, 50], [1, 51], [0, 50]]]}
    for n, codes in enumerate((["Z01000001", "Z01000002"], ["Z01000002", "Z01000003"])):
        features = [
            {
                "type": "Feature",
                "properties": {"LSOA_code": code, **dict.fromkeys(names, 120)},
                "geometry": outline,
            }
            for code in codes
        ]
        text = json.dumps({"type": "FeatureCollection", "features": features})
        (folder / f"{n}.geojson").write_text(text, encoding="utf-8")
    table = fetch(folder).read("journey_times_lsoa11")
    assert table["area_code"].tolist() == ["Z01000001", "Z01000002", "Z01000003"]
    assert table["gp_public_transport_or_walk_minutes"].tolist() == [120] * 3
    assert "hospital_car_minutes" not in table


def test_classification_codes_get_their_names(folder: Path) -> None:
    write(
        folder,
        "geography_code,Subgroup,Group,Supergroup",
        "Z01000001,2b2,2b,2",
        "Z01000002,8b1,8b,8",
    )
    table = fetch(folder).read("oac_lsoa21")
    assert table["supergroup_name"].tolist() == [
        "Suburbanites and Peri-Urbanites",
        "Legacy Communities",
    ]
    assert table["subgroup_name"].tolist() == ["Rural Mix", "Challenged Families"]


def test_a_code_outside_the_classification(folder: Path) -> None:
    write(folder, "geography_code,Subgroup,Group,Supergroup", "Z01000001,2b2,2b,9")
    text = refuse(folder)
    assert (
        "row 2, column 'Supergroup': The code is not one of the classification's. Found: '9'"
        in text
    )


def test_every_kind_of_area_has_a_name() -> None:
    columns = load_sources()["oac_lsoa21"].columns
    names = [columns[f"{level}_name"].names for level in ("supergroup", "group", "subgroup")]
    assert [len(n) for n in names] == [8, 21, 52]
    assert {code[:2] for code in names[2]} == set(names[1])
    assert {code[0] for code in names[1]} == set(names[0])


LOOKUPS = {
    "ruc11_lsoa11": ("LSOA11CD,LSOA11NM,RUC11CD,RUC11,FID", "Z01000001,T,C1,Urban city and town,1"),
    "ruc21_lsoa21": (
        "LSOA21CD,LSOA21NM,RUC21CD,RUC21NM,Urban_rural_flag",
        "Z01000001,T,UN1,Urban: Nearer to a major town or city,Urban",
    ),
    "lookup_lsoa21_icb24": (
        "LSOA21CD,LSOA21NM,SICBL24CD,SICBL24NM,ICB24CD,ICB24NM",
        "Z01000001,T,Z38000001,Sub,Z54000001,Board",
    ),
    "lookup_lsoa11_ccg21": (
        "FID,LSOA11CD,LSOA11NM,CCG21CD,CCG21CDH,CCG21NM,LAD21CD,LAD21NM",
        "1,Z01000001,T,Z38000001,10Q,Group,Z07000001,Tinton",
    ),
    "lookup_parish19_ward19": (
        "FID,PAR19CD,PAR19NM,WD19CD,WD19NM,LAD19CD,LAD19NM",
        "1,Z04000001,Holm,Z05000001,East,Z07000001,Tinton",
    ),
    "lookup_ward19_lad19": (
        "FID,WD19CD,WD19NM,LAD19CD,LAD19NM",
        "1,Z05000001,East,Z07000001,Tinton",
    ),
    "lookup_lad_region": (
        "LAD23CD,LAD23NM,RGN23CD,RGN23NM",
        "Z07000001,Tinton,Z12000001,The South",
    ),
}


@pytest.mark.parametrize("product", LOOKUPS)
def test_lookups(folder: Path, product: str) -> None:
    headings, row = LOOKUPS[product]
    write(folder, headings, row)
    store = fetch(folder)
    assert store.products() == [product]
    cells = set(store.read(product).iloc[0].dropna())
    assert cells <= set(row.split(","))
    assert len(cells) >= 2


@pytest.mark.parametrize("product", LOOKUPS)
def test_faulty_lookups(folder: Path, product: str) -> None:
    headings, row = LOOKUPS[product]
    first = next(cell for cell in row.split(",") if cell.startswith(("Z01", "Z05", "Z07")))
    write(folder, headings, row, row.replace(first, first[:-1]))
    assert f"row 3, column '{headings.split(',')[row.split(',').index(first)]}'" in refuse(folder)
