"""A city's published list of grants, as a list of another local scheme.

The list lies beside the project, or where ``CIP_REAL_DATA`` says; without it these tests are
skipped. Nothing of it is quoted here: counts and rules alone.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from cip.framework.grants import list_grant_columns, read_grants, tidy_grants
from cip.framework.grants_others import LAYOUTS, read_other_grants, total_by_scheme
from cip.framework.grants_overlap import find_overlaps
from cip.inputs import find_person
from cip.pages.grants import may_be_one

DATA = Path(os.environ.get("CIP_REAL_DATA") or Path(__file__).parents[2].parent / "shared" / "data")
NAME = "oxford-city-council-grants-awarded-214-15-to-2017-18.csv"
TODAY = date(2018, 6, 1)


@pytest.fixture(scope="module")
def city() -> pd.DataFrame:
    path = DATA / "other" / NAME
    if not path.is_file():
        pytest.skip("The city's list of grants is not there; set CIP_REAL_DATA to its folder.")
    return read_other_grants(path, LAYOUTS["360giving"])


def test_the_list_is_read_whole_by_its_published_headings(city):
    assert len(city) == 105
    assert city.notna().all(axis=None)
    assert city["other_id"].is_unique
    assert len(city["scheme"].unique()) == 1
    assert city["amount"].gt(0).all()
    totals = total_by_scheme(city)
    assert totals["grants"].sum() == 105
    assert totals["amount"].sum() == pytest.approx(city["amount"].sum())
    # Awards are listed by the day of the decision, so the years are those of the days.
    assert totals["year"].tolist() == [2017, 2016, 2015, 2014]


def test_no_text_that_reads_like_a_person_is_kept(city):
    for name in ("recipient", "project", "purpose"):
        assert not city[name].map(lambda text: bool(find_person(text))).any()


def test_one_recipient_over_the_years_is_one_by_name_as_by_identifier(city):
    """Where two rows share an identifier, their names should be taken for one organisation."""
    pairs = city.merge(city, on="recipient_id", suffixes=("", "_b"))
    pairs = pairs[pairs["other_id"] < pairs["other_id_b"]]
    names = pairs[["recipient", "recipient_b"]].drop_duplicates()
    alike = [may_be_one(a, b) for a, b in names.itertuples(index=False)]
    assert sum(alike) / len(alike) >= 0.9


def test_different_identifiers_are_rarely_taken_for_one(city):
    firsts = city.drop_duplicates("recipient_id")["recipient"].tolist()
    pairs = [(a, b) for place, a in enumerate(firsts) for b in firsts[place + 1 :]]
    alike = sum(may_be_one(a, b) for a, b in pairs)
    assert alike / len(pairs) < 0.005


def make_register(folder: Path, city: pd.DataFrame) -> pd.DataFrame:
    """Put the city's own awards of one year into the register's layout."""
    own = city[city["awarded_on"].dt.year == 2016]
    columns = list_grant_columns()
    table = pd.DataFrame(
        {
            "grant_id": own["other_id"],
            "recipient": own["recipient"],
            "recipient_id": own["recipient_id"],
            "project": own["purpose"],
            "amount": own["amount"],
            "awarded_on": own["awarded_on"].dt.strftime("%Y-%m-%d"),
            "recommendations": "r1",
            "status": "running",
        }
    ).reindex(columns=list(columns))
    path = folder / "grants.csv"
    table.to_csv(path, index=False)
    return tidy_grants(read_grants(path, today=TODAY), TODAY)


def test_the_list_fits_the_register_and_finds_itself(city, tmp_path):
    grants = make_register(tmp_path, city)
    assert len(grants) == 21
    found = find_overlaps(grants, city, is_alike=may_be_one)
    # Each award is asked about at least against itself: same identifier, same day.
    itself = found[found["grant_id"] == found["other_id"]]
    assert set(itself["grant_id"]) == set(grants["grant_id"])
    assert set(itself["recipient_match"]) == {"same identifier"}
    others = found[found["recipient_match"] == "another recipient"]
    assert len(others) / (len(grants) * len(city)) < 0.02
