"""The two-step floating catchment area, by hand and against the `access` package where it is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cip.assets.catchment import measure_access, share_capacity
from cip.assets.walking import make_network


def make_people(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["point_id", "lsoa21_code", "x", "y", "population"])


def make_services(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["asset_id", "asset_type", "x", "y", "capacity"])


def test_worked_example() -> None:
    """Three places, two services.

    Service 0 has 3 chairs for places 0 and 1 (300 people): 0.01 each. Service 1 has 6 chairs for
    places 1 and 2 (500 people): 0.012 each. Place 1 reaches both.
    """
    pairs = np.array([0, 1, 1, 2]), np.array([0, 0, 1, 1])
    shares = share_capacity(pd.Series([100, 200, 300]), pd.Series([3, 6]), pairs)
    assert shares == pytest.approx([0.01, 0.022, 0.012])


# Straight lines are lengthened by 1.3: 1,000 m on foot are 769 m by line.
PEOPLE = make_people(
    ("a", "L1", 0, 0, 100), ("b", "L1", 700, 0, 200), ("c", "L2", 1400, 0, 300),
    ("d", "L3", 9000, 0, 50),
)  # fmt: skip
SERVICES = make_services(
    ("x", "dentist", 0, 0, 3), ("y", "dentist", 1400, 0, 6), ("z", "gp_surgery", 0, 0, 2),
    ("no place", "dentist", np.nan, np.nan, 9), ("no size", "dentist", 0, 0, np.nan),
)  # fmt: skip


def test_mean_of_an_lsoa_by_people() -> None:
    table = measure_access(PEOPLE, SERVICES, 1000).set_index(["asset_type", "lsoa21_code"])
    both = (100 * 0.01 + 200 * 0.022) / 300
    found = table.loc["dentist", "capacity_per_1000"]
    assert found.to_dict() == pytest.approx({"L1": 1000 * both, "L2": 12, "L3": 0})
    assert table.loc[("gp_surgery", "L2"), "capacity_per_1000"] == 0
    assert table.loc[("dentist", "L1"), "population"] == 300


def test_all_capacity_is_given_out_once() -> None:
    table = measure_access(PEOPLE, SERVICES, 1000)
    held = table["capacity_per_1000"] * table["population"] / 1000
    assert held.groupby(table["asset_type"]).sum().to_dict() == pytest.approx(
        {"dentist": 9, "gp_surgery": 2}
    )


def test_people_from_outside_use_the_same_services() -> None:
    alone = measure_access(PEOPLE[PEOPLE["lsoa21_code"] == "L1"], SERVICES, 1000)
    shared = measure_access(PEOPLE, SERVICES, 1000)
    one, other = (t.loc[t["lsoa21_code"] == "L1", "capacity_per_1000"].iloc[0]
                  for t in (alone, shared))  # fmt: skip
    assert one > other


def test_on_a_network() -> None:
    """A street of 2,000 m: 1,000 m reach from x to b but not to c; d is off and goes by line."""
    network = make_network(
        np.array([0, 2000.0]), np.array([0, 0.0]), np.array([0]), np.array([1]), np.array([2000.0])
    )
    table = measure_access(PEOPLE, SERVICES[:1], 1000, network).set_index("lsoa21_code")
    expected = 1000 * 0.01  # a and b share three chairs
    assert table["capacity_per_1000"].to_dict() == pytest.approx({"L1": expected, "L2": 0, "L3": 0})
    beside = make_services(("w", "dentist", 9000, 500, 5))
    by_line = measure_access(PEOPLE, beside, 1000, network).set_index("lsoa21_code")
    assert by_line.loc["L3", "capacity_per_1000"] == pytest.approx(1000 * 5 / 50)


def test_service_that_nobody_reaches() -> None:
    far = make_services(("x", "dentist", 50_000, 0, 3))
    assert measure_access(PEOPLE, far, 1000)["capacity_per_1000"].tolist() == [0, 0, 0]


def test_no_service_with_a_capacity() -> None:
    table = measure_access(PEOPLE, SERVICES[SERVICES["capacity"].isna()], 1000)
    assert table.empty
    assert list(table) == ["asset_type", "lsoa21_code", "population", "capacity_per_1000"]


def test_population_is_needed() -> None:
    with pytest.raises(ValueError, match="population"):
        measure_access(PEOPLE.assign(population=np.nan), SERVICES, 1000)


def test_agrees_with_the_access_package() -> None:
    access = pytest.importorskip("access", reason="the access package is not installed")
    chance = np.random.default_rng(7)
    residents, capacity = chance.integers(50, 500, 40), chance.integers(1, 9, 12)
    metres = chance.integers(100, 3000, (40, 12))
    cost = pd.DataFrame(
        [(i, j, metres[i, j]) for i in range(40) for j in range(12)],
        columns=["origin", "dest", "cost"],
    )
    theirs = access.Access(
        demand_df=pd.DataFrame({"id": range(40), "people": residents}), demand_index="id",
        demand_value="people",
        supply_df=pd.DataFrame({"id": range(12), "chairs": capacity}), supply_index="id",
        supply_value="chairs",
        cost_df=cost, cost_origin="origin", cost_dest="dest", cost_name="cost",
    ).two_stage_fca(max_cost=1000)  # fmt: skip
    pairs = np.nonzero(metres <= 1000)
    ours = share_capacity(pd.Series(residents), pd.Series(capacity), pairs)
    assert ours == pytest.approx(theirs.iloc[:, 0].reindex(range(40)).fillna(0).to_numpy())
