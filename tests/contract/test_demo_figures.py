"""The demonstration feeds every indicator, and its tables, values and events agree."""

import io
import re
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cip.catalogue.indicators import load_indicators
from cip.store import Store

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "params" / "demo" / "source"
COUNTRY, REGION, COUNTY = "Z92000001", "Z12000001", "Z10000001"
AREAS = ["date", "geography", "geography code"]
SMALL = sorted(
    [*SOURCE.glob("census2021-*-lsoa.csv"), *SOURCE.glob("census2021-*-msoa.csv")],
    key=lambda path: path.name,
)


@pytest.fixture(scope="module")
def store(demo_store: Path) -> Store:
    return Store(demo_store)


@pytest.fixture(scope="module")
def values() -> pd.DataFrame:
    files = sorted(SOURCE.glob("indicators-*.data.csv"))
    return pd.concat([pd.read_csv(path) for path in files], ignore_index=True)


def read_bulk(name: str) -> pd.DataFrame:
    return pd.read_csv(SOURCE / f"census2021-{name}.csv").set_index("geography code")


@pytest.mark.parametrize("indicator", load_indicators().values(), ids=lambda entry: entry.id)
def test_the_store_holds_what_every_indicator_reads(
    store: Store, values: pd.DataFrame, indicator
) -> None:
    """No indicator of the catalogue may be one that the demonstration cannot show."""
    assert store.has(indicator.source)
    if indicator.statistic == "published":
        if indicator.source != "fingertips":
            assert indicator.series in set(store.read(indicator.source, ["series_id"])["series_id"])
            return
        rows = values[values["Indicator ID"] == int(indicator.series)]
        assert indicator.sex in ("", None, *rows["Sex"])
        assert indicator.age in ("", None, *rows["Age"])
        return
    own = {column for column in indicator.columns if not column.startswith("base:")}
    assert own <= {*store.columns(indicator.source), "imd_rank"}


@pytest.mark.parametrize("path", SMALL, ids=lambda path: path.stem)
def test_every_census_table_has_the_region_and_the_country(path: Path) -> None:
    small = pd.read_csv(path)
    for level, code in (("rgn", REGION), ("ctry", COUNTRY)):
        whole = pd.read_csv(path.with_name(re.sub("[lm]soa", level, path.name)))
        assert whole["geography code"].tolist() == [code]
        assert [*whole.columns] == [*small.columns]
        county = small[small["geography"].str.match("Inkwell|Quillbrook")]
        inside = county.drop(columns=AREAS).sum()
        assert (whole.drop(columns=AREAS).iloc[0] >= inside - 12).all()


def test_tables_of_work_agree() -> None:
    """The people in work of one table are those whose journeys another one tells."""
    activity = read_bulk("ts066-lsoa")
    jobs = [name for name in activity if name.endswith("In employment")]
    assert len(jobs) == 2
    travel = read_bulk("ts061-lsoa").iloc[:, 2]
    assert ((activity[jobs].sum(axis=1) - travel).abs() <= 60).all()
    adults = pd.DataFrame(
        {n: read_bulk(f"{n}-lsoa").iloc[:, 2] for n in ("ts062", "ts066", "ts067")}
    )
    assert (adults.max(axis=1) - adults.min(axis=1)).max() < 60


def test_poorer_places_are_sicker_and_have_less_work() -> None:
    rank = (
        pd.read_csv(next(SOURCE.glob("File_7_IoD2025_*"))).set_index("LSOA code (2021)").iloc[:, 4]
    )
    tables = {
        "ts066-lsoa": "Long-term sick or disabled",
        "ts067-lsoa": "No qualifications",
        "ts045-lsoa": "No cars or vans in household",
    }
    for name, ending in tables.items():
        table = read_bulk(name)
        (column,) = [heading for heading in table if heading.endswith(ending)]
        share = table[column] / table.iloc[:, 2]
        assert share.corr(rank.reindex(share.index), method="spearman") < -0.6, name


def test_limits_stand_round_their_values_and_counts_give_them(values: pd.DataFrame) -> None:
    lower, upper = values["Lower CI 95.0 limit"], values["Upper CI 95.0 limit"]
    given = lower.notna()
    assert given.sum() > 500
    assert (lower[given] < values["Value"][given]).all()
    assert (values["Value"][given] < upper[given]).all()
    wider = values["Lower CI 99.8 limit"].notna()
    assert (values["Lower CI 99.8 limit"][wider] < lower[wider]).all()
    assert (values["Upper CI 99.8 limit"][wider] > upper[wider]).all()
    counted = values[values["Count"].notna()]
    worked = 100 * counted["Count"] / counted["Denominator"]
    assert np.allclose(worked, counted["Value"], atol=0.01)


def test_values_have_the_gaps_that_real_ones_have(values: pd.DataFrame) -> None:
    life = values[values["Indicator ID"] == 93283]
    assert set(life["Sex"]) == {"Male", "Female"}
    contact = values[values["Indicator ID"].isin([90280, 90638])]
    assert set(contact["Area Code"]) == {COUNTY, REGION, COUNTRY}
    ratios = values[values["Indicator Name"].str.contains("standardised")]
    country = ratios[ratios["Area Code"] == COUNTRY]["Value"]
    assert len(country) == 11 and country.between(99.9, 100.1).all()


def test_estimates_grow_in_the_east_and_children_are_counted(store: Store) -> None:
    table = store.read("mid_year_population_lsoa21")
    years = sorted(table["period"].unique())
    assert len(years) == 7
    totals = table.pivot(index="area_code", columns="period", values="total").astype(float)
    names = table.drop_duplicates("area_code").set_index("area_code")["area_name"]
    east = names.str.startswith("Quillbrook").reindex(totals.index)
    growth = totals[years[-1]] / totals[years[0]]
    assert growth[east].mean() > 1.03 > growth[~east].mean()


def test_events_are_of_two_whole_years(store: Store) -> None:
    crimes = store.read("crime_street")
    assert (crimes.groupby("period")["months"].first() == 12).all()
    assert crimes["period"].nunique() == 2
    assert len(crimes) == 120  # every LSOA of the county, zeros among the kinds
    assert (crimes["burglary"] == 0).any()
    collisions = store.read("road_injuries")
    assert len(collisions) == 1000 and (collisions["total"] == 0).any()


def test_similar_places_have_people_enough(store: Store) -> None:
    kinds = store.read("oac_lsoa21").set_index("lsoa21_code")["group_code"]
    ward = store.read("lookup_lsoa21_ward24").set_index("lsoa21_code")["ward24_name"]
    people = store.read("ts007a").set_index("area_code")["total"].reindex(kinds.index)
    fifth = (store.read("iod2025").set_index("area_code")["imd_decile"] + 1) // 2
    table = pd.DataFrame({"group": kinds, "fifth": fifth.reindex(kinds.index), "people": people})
    inside = ward.reindex(kinds.index) == "Teaspoon Common"
    others = table[~inside].groupby(["group", "fifth"])["people"].sum()
    for kind in set(map(tuple, table.loc[inside, ["group", "fifth"]].to_numpy())):
        assert others[kind] >= 5000


@pytest.mark.parametrize("path", sorted([*SOURCE.glob("*.xlsx"), *SOURCE.glob("*.ods")]))
def test_workbooks_hold_no_time_and_nothing_packed(path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        for entry in archive.infolist():
            assert entry.compress_type == zipfile.ZIP_STORED
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
