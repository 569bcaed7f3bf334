"""The engine on random areas: many at once are one by one, and parts add up to wholes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cip.indicators import build_figures, build_indicators

from ..support.hand_store import make_areas, make_indicator, make_members, write_store

SIZE = 12
CODES = [f"Z01{n:06d}" for n in range(SIZE)]
NUMBERS = [
    "value", "lower_95", "upper_95", "lower_998", "upper_998", "numerator", "denominator",
]  # fmt: skip
ENGLAND = "Z92000001"
COMMON = {"polarity": "high_is_bad"}
ENTRIES = {
    entry.id: entry
    for entry in (
        make_indicator("count", "ts054", id="count", numerator=("total",)),
        make_indicator(
            "proportion", "ts054", id="share", numerator=("a",), denominator=("total",), **COMMON
        ),
        make_indicator(
            "composition",
            "ts054",
            id="parts",
            groups=[{"id": name, "label": name, "categories": [name]} for name in ("a", "b", "c")],
            interval="wilson",
            group_noun="part",
            phrase="",
        ),
        make_indicator(
            "rate",
            "crime_street",
            id="rate",
            numerator=("total",),
            denominator=("total",),
            base_source={"lsoa21": "ts054"},
            multiplier=1000,
            minimum_base=60,
            **COMMON,
        ),
        make_indicator(
            "change", "crime_street", id="change", numerator=("total",), unit="% change"
        ),
        make_indicator(
            "weighted_mean",
            "cni2023",
            id="mean",
            measure="cni_score",
            weight="total",
            base_source={"lsoa21": "ts054"},
        ),
        make_indicator(
            "decile_people",
            "iod2025",
            id="decile",
            measure="imd_decile",
            weight="population",
            numerator=("decile_1", "decile_2"),
        ),
    )
}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    chance = np.random.default_rng(7)
    parts = chance.integers(0, 60, (SIZE, 3))
    tenure = pd.DataFrame(parts, columns=["a", "b", "c"]).assign(total=parts.sum(axis=1))
    tenure.insert(0, "area_code", CODES)
    whole = tenure[["a", "b", "c", "total"]].sum()
    tenure.loc[SIZE] = [ENGLAND, *whole]
    events = [
        (code, year, int(chance.integers(0, 9))) for year in ("2019", "2021") for code in CODES
    ]
    scores = chance.normal(50, 20, SIZE)
    scores[3] = np.nan
    ranked = {"area_code": CODES, "imd_rank": range(1, SIZE + 1), "population": 100}
    return write_store(
        tmp_path_factory.mktemp("store"),
        {
            "ts054": tenure.astype(dict.fromkeys(["a", "b", "c", "total"], "Int64")),
            "crime_street": pd.DataFrame(events, columns=["area_code", "period", "total"]),
            "cni2023": pd.DataFrame({"area_code": CODES, "cni_score": scores}),
            "iod2025": pd.DataFrame({**ranked, "imd_decile": np.arange(SIZE) % 10 + 1}),
        },
        periods={"ts054": "21 March 2021"},
    )


SHARES = st.sampled_from([0.25, 0.5, 1.0])


@st.composite
def memberships(draw):
    """Areas of any LSOAs, whole or in part, that may overlap; one LSOA may be unknown."""
    rows = []
    for area in range(draw(st.integers(1, 6))):
        members = draw(st.sets(st.sampled_from([*CODES, "Z01999999"]), min_size=1, max_size=SIZE))
        rows += [(f"area{area}", code, "lsoa21", draw(SHARES)) for code in sorted(members)]
    return make_members(*rows)


@settings(max_examples=15, deadline=None)
@given(memberships())
def test_many_areas_at_once_are_what_each_is_alone(store, members):
    names = list(members["area_code"].unique())
    areas = make_areas(*[(name, "place") for name in names], (ENGLAND, "england"))
    together = build_figures(store, areas, members, ENTRIES, against=ENGLAND)
    for name in names:
        alone = build_indicators(
            store,
            make_areas((name, "profile"), (ENGLAND, "england")),
            members[members["area_code"] == name],
            ENTRIES,
        )
        own = alone[alone["area_code"] == name].reset_index(drop=True)
        # What is missing for the area in every period is listed elsewhere for one area alone.
        same = together[
            (together["area_code"] == name)
            & together["indicator_id"].isin(own["indicator_id"].unique())
        ].reset_index(drop=True)
        keys = ["indicator_id", "period", "group"]
        assert same[keys].astype(str).equals(own[keys].astype(str))
        np.testing.assert_allclose(
            same[NUMBERS].astype(float), own[NUMBERS].astype(float), rtol=1e-12
        )
        assert same["is_suppressed"].tolist() == own["is_suppressed"].tolist()
        missing = own["value"].isna()
        assert same.loc[missing, "missing_reason"].tolist() == (
            own.loc[missing, "missing_reason"].tolist()
        )
        other = alone[alone["area_code"] == ENGLAND].reset_index(drop=True)
        for column in ("comparison", "comparison_998"):
            assert same[column].tolist() == other[column].tolist()
        left = set(together["indicator_id"]) - set(own["indicator_id"])
        rest = together[(together["area_code"] == name) & together["indicator_id"].isin(left)]
        assert rest["value"].isna().all()


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=SIZE, max_size=SIZE))
def test_areas_that_share_out_a_county_add_up_to_it(store, places):
    county = [("county", code, "lsoa21", 1.0) for code in CODES]
    parts = [(f"part{n}", code, "lsoa21", 1.0) for n, code in zip(places, CODES, strict=True)]
    names = sorted({row[0] for row in parts})
    areas = make_areas(
        ("county", "county"), *[(name, "place") for name in names], (ENGLAND, "england")
    )
    table = build_figures(store, areas, make_members(*county, *parts), {**ENTRIES}, against=ENGLAND)
    counted = table[table["indicator_id"].isin(["count", "share", "parts", "decile"])]
    counted = counted.assign(
        whole=np.where(counted["indicator_id"] == "count", counted["value"], counted["numerator"])
    )
    keys = ["indicator_id", "period", "group"]
    is_part = counted["area_code"].isin(names)
    sums = counted[is_part].groupby(keys, observed=True)[["whole", "denominator"]].sum()
    own = counted[counted["area_code"] == "county"].set_index(keys)[["whole", "denominator"]]
    assert len(own) == 6
    np.testing.assert_allclose(sums.loc[own.index], own.fillna(0))
    # A share of a whole lies between the lowest and the highest of its parts.
    shares = table[table["indicator_id"] == "share"].set_index("area_code")["value"]
    present = shares[names].dropna()
    assert present.min() - 1e-9 <= shares["county"] <= present.max() + 1e-9


@settings(max_examples=15, deadline=None)
@given(memberships())
def test_figures_keep_their_bounds(store, members):
    names = list(members["area_code"].unique())
    areas = make_areas(*[(name, "place") for name in names], (ENGLAND, "england"))
    table = build_figures(store, areas, members, ENTRIES, against=ENGLAND)
    # A member that the tables lack leaves no figure at all, never a partial sum.
    short = members.loc[members["small_area_code"] == "Z01999999", "area_code"]
    assert table.loc[table["area_code"].isin(short), NUMBERS].isna().all(axis=None)
    known = table.dropna(subset=["value", "lower_95"])
    order = known[["lower_998", "lower_95", "value", "upper_95", "upper_998"]].to_numpy(float)
    assert (np.diff(order, axis=1) >= -1e-9).all()
    shares = known[known["indicator_id"].isin(["share", "parts"])]
    assert shares["lower_998"].ge(-1e-9).all()
    assert shares["upper_998"].le(100 + 1e-9).all()
    # Certain at 99.8% is certain at 95%, and a figure without a value says why.
    sure = table[~table["comparison_998"].isin(["similar", "not compared", ""])]
    assert (sure["comparison"].astype(str) == sure["comparison_998"].astype(str)).all()
    assert table.loc[table["value"].isna(), "missing_reason"].ne("").all()
    assert table.loc[table["is_suppressed"], NUMBERS].isna().all(axis=None)
