"""Which records are one thing: the rules one by one, and together on pairs labelled by hand."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cip.assets.alike import find_bond
from cip.assets.duplicates import find_pairs
from cip.assets.names import compare_names, parse_name
from cip.assets.record import NAMELESS

from ..support.asset_records import make_table, tell

LABELLED = Path(__file__).with_name("labelled_pairs.csv")


def judge(*records: dict) -> list[tuple[str, str]]:
    pairs = find_pairs(make_table(*records))
    return list(zip(pairs["reason"], pairs["verdict"], strict=True))


def compare(a: str, b: str, places: str = ""):
    return compare_names(parse_name(a), parse_name(b), frozenset(parse_name(places).words))


# ---- Names


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("St Mary's C of E Primary School", "ST MARYS COFE PRIMARY"),
        ("St. Mary's C.E. School", "Saint Mary’s Church of England School"),
        ("Boots", "Boots UK Ltd"),
        ("Nether & Over Combe Surgery", "Nether and Over Combe Medical Practice"),
        ("The Co-operative Food", "Co-op Food"),
        ("Élan Pharmacy", "Elan Chemist"),
        ("1st Combe Scouts", "First Combe Scout Group"),
        ("Rose Hill Library", "Rosehill Library"),
        ("Village Hall, Nether Combe", "Nether Combe Village Hall"),
    ],
)
def test_one_name_in_two_dresses(a, b):
    found = compare(a, b)
    assert found.score >= 80
    assert not found.is_inside
    assert not found.is_contrary


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Combe Infant School", "Combe Junior School"),
        ("St Mary's C of E School", "St Mary's RC School"),
        ("3rd Combe Scouts", "13th Combe Scouts"),
        ("North Combe Centre", "South Combe Centre"),
        ("Ferry Lane (Stop A)", "Ferry Lane (Stop B)"),
        ("Combe Scouts", "Combe Guides"),
    ],
)
def test_names_that_exclude_each_other(a, b):
    if "(" in a:
        a, b = a.replace("(", "").replace(")", ""), b.replace("(", "").replace(")", "")
    assert compare(a, b).is_contrary


@pytest.mark.parametrize(
    ("a", "b"),
    [("St Mary's School", "St Mark's School"), ("St Martin's", "St Marina's"), ("Ash", "Ask")],
)
def test_short_words_that_differ_by_a_letter_are_other_words(a, b):
    assert compare(a, b).score < 80


def test_a_name_inside_a_longer_one_is_told():
    # Compared as sets of words these score 100.
    found = compare("Manor Surgery", "Manor House Surgery")
    assert found.is_inside
    assert found.score < 80


def test_a_town_that_one_name_ends_with_tells_nothing():
    assert compare("Brookside Academy", "Brookside Academy Combe").is_inside
    assert not compare("Brookside Academy", "Brookside Academy Combe", "Mill Lane Combe").is_inside


def test_other_words_after_the_comma_want_a_look():
    assert compare("Combe Health Centre (Alder)", "Combe Health Centre (Birch)").is_loose
    assert not compare("Combe Health Centre", "Combe Health Centre (Birch)").is_loose


@pytest.mark.parametrize(
    "text", ["مسجد النور", "清真寺", "<b>Hall</b>", "=SUM(A1)", "...", "7", ""]
)
def test_any_text_can_be_a_name(text):
    name = parse_name(text)
    assert compare_names(name, name).score in (0.0, 100.0)


# ---- Rules


def test_a_shared_id_makes_one_thing_whatever_the_names():
    a = tell("places_schools:1", "Old Name Primary", x=0.0, shared_id="urn:77")
    b = tell("osm_places:n1", "New Name Academy", x=5_000.0, shared_id="osm:n1; URN:77")
    assert judge(a, b) == [("shared id", "same")]


def test_a_shared_id_across_hard_and_soft_is_asked_about():
    a = tell("places_charities:1", "Combe Hall Trust", "charity", shared_id="charity:9")
    b = tell("own:hall", "Combe Hall", "community_centre", shared_id="charity:9")
    assert judge(a, b) == [("shared id", "ask")]


def test_postcode_type_and_name():
    a = tell("places_gp:1", "THE BROOK SURGERY", "gp_surgery", postcode="ZZ1 1AA")
    b = tell("own:1", "Brook Medical Practice", "gp_surgery", postcode="zz11aa")
    other_type = tell("own:2", "Brook Pharmacy", "pharmacy", postcode="ZZ1 1AA")
    assert judge(a, b) == [("postcode, type and name", "same")]
    assert judge(a, other_type) == []


@pytest.mark.parametrize(("metres", "found"), [(99.0, 1), (101.0, 0)])
def test_a_similar_name_counts_within_100_m(metres, found):
    a = tell("places_schools:1", "Larkfield Primary School", x=0.0)
    b = tell("osm_places:n1", "Larkfield School", x=metres)
    assert judge(a, b) == [("similar name within 100 m", "same")] * found


def test_the_same_name_further_apart_on_one_site_is_asked_about():
    a = tell("places_schools:1", "Larkfield School", x=0.0)
    assert judge(a, tell("osm_places:n1", "Larkfield School", x=390.0)) == [
        ("same name, further apart", "ask")
    ]
    assert judge(a, tell("osm_places:n1", "Larkfield School", x=410.0)) == []
    # A chain has a branch round the corner.
    bank = tell("own:1", "Barclon", "money_services", x=0.0)
    assert judge(bank, tell("osm_places:n1", "Barclon", "money_services", x=300.0)) == []


def test_a_record_without_a_place_is_asked_about_by_name():
    a = tell("own:1", "Thornley Knit & Natter", "community_group")
    b = tell("open_referral:1", "Thornley Knit and Natter", "community_group", x=5.0)
    assert judge(a, b) == [("same name, no place", "ask")]


def test_two_records_of_one_source_are_asked_about_at_most():
    a = tell("places_dentist:1", "Brook Dental Practice", "dentist", postcode="ZZ1 1AA", x=0.0)
    b = tell("places_dentist:2", "Brook Dental Practice", "dentist", postcode="ZZ1 1AA", x=0.0)
    assert judge(a, b) == [("postcode, type and name", "ask")]
    assert judge(a, b | {"postcode": "ZZ1 1AB"}) == []
    assert judge(a, b | {"name": "Brook Dentist"}) == []
    assert judge(a | {"status": "closed"}, b | {"status": "open"}) == []


def test_ids_of_one_register_tell_two_things_apart():
    a = tell("places_schools:1", "Larkfield School", x=0.0, shared_id="urn:1")
    b = tell("osm_places:n1", "Larkfield School", x=9.0, shared_id="urn:2")
    assert judge(a, b) == [("similar name within 100 m", "ask")]
    assert judge(a, b | {"name": "Larkfield Community Primary School"}) == []


def test_a_charity_at_a_centres_address_is_not_the_centre():
    centre = tell("own:1", "Larkfield Centre", "community_centre", postcode="ZZ1 1AA")
    charity = tell("places_charities:1", "Larkfield Community Association", "charity")
    assert judge(centre, charity | {"postcode": "ZZ1 1AA"}) == []
    named_alike = charity | {"postcode": "ZZ1 1AA", "name": "Larkfield Centre"}
    assert judge(centre, named_alike) == [("postcode, type and name", "ask")]


def test_a_polling_station_is_the_hall_that_it_is_in():
    poll = tell(
        "places_polling_stations:1", "Larkfield Centre, Mill Lane", "polling_station", x=0.0
    )
    hall = tell("places_community_centres:1", "Larkfield Centre", "community_centre", x=60.0)
    school = tell("places_schools:1", "Larkfield School", x=60.0)
    assert judge(poll, hall) == [("similar name within 100 m", "same")]
    assert judge(poll, school) == []


def test_stops_opposite_are_two():
    register = [
        tell("places_stops:A", "Ferry Lane", "bus_stop", x=0.0, shared_id="atco:A"),
        tell("places_stops:B", "Ferry Lane", "bus_stop", x=18.0, shared_id="atco:B"),
    ]
    assert judge(*register) == []
    mapped = tell("osm_places:n1", "Ferry Lane", "bus_stop", x=3.0)
    assert judge(*register, mapped) == [("similar name within 100 m", "same")]
    assert judge(*register, mapped | {"x": 8.0}) == [("similar name within 100 m", "ask")]
    coded = mapped | {"x": 8.0, "shared_id": "atco:B"}
    assert judge(*register, coded) == [("shared id", "same")]


@pytest.mark.parametrize("name", [None, "", "Play area", "Play Space " + NAMELESS])
def test_things_without_a_name_are_asked_about_where_they_are_neighbours(name):
    near = tell("osm_places:n1", name, "play_area", x=20.0)
    far = tell("osm_places:n2", name, "play_area", x=24.0)
    known = tell("places_green_space:1", None, "play_area", x=0.0)
    assert judge(known, near, far) == [("no name, within 25 m", "ask")]
    assert judge(known, near | {"x": 26.0}) == []


# ---- Several of one source


def test_the_clear_best_of_several_is_taken():
    ours = tell("own:1", "Larkfield School", x=0.0)
    best = tell("osm_places:n1", "Larkfield School", x=10.0)
    next_best = tell("osm_places:n2", "Larkfield School", x=80.0)
    pairs = find_pairs(make_table(ours, best, next_best))
    assert pairs.loc[pairs["verdict"] == "same", "asset_id_a"].tolist() == ["osm_places:n1"]
    assert pairs.loc[pairs["verdict"] == "ask", "asset_id_a"].tolist() == ["osm_places:n2"]


def test_where_none_of_several_is_clearly_best_all_are_asked_about():
    ours = tell("own:1", "Larkfield School", x=0.0)
    others = [tell(f"osm_places:n{n}", "Larkfield School", x=n * 30.0) for n in (1, -1)]
    assert {verdict for _, verdict in judge(ours, *others)} == {"ask"}


def test_a_registers_second_best_is_no_question():
    ours = tell("own:1", "Larkfield School", x=0.0)
    best = tell("places_schools:1", "Larkfield School", x=10.0)
    next_best = tell("places_schools:2", "Larkfield School", x=80.0)
    assert judge(ours, best, next_best) == [("similar name within 100 m", "same")]


def test_a_chains_name_in_hundreds_of_places_stays_small():
    shops = [tell(f"osm_places:n{n}", "Co-op", "food_shop", x=n * 500.0) for n in range(400)]
    pairs = find_pairs(make_table(*shops, tell("own:1", "Co-op Food", "food_shop", x=1_010.0)))
    assert list(zip(pairs["asset_id_a"], pairs["verdict"], strict=True)) == [
        ("osm_places:n2", "same")
    ]


def test_hundreds_in_one_spot_stay_small():
    flats = [tell(f"osm_places:n{n}", "The Court", "care_home", x=0.0) for n in range(300)]
    assert len(find_pairs(make_table(*flats))) < 600


def test_no_records_and_one():
    assert find_pairs(make_table(tell("own:1", "Larkfield School"))).empty
    assert find_pairs(make_table(tell("own:1", "A")).iloc[:0]).empty


def test_bonds_are_the_same_both_ways():
    types = ["school", "polling_station", "charity", "other_soft", "gp_surgery", "other_hard"]
    for a in types:
        assert find_bond(a, a) == "one"
        assert all(find_bond(a, b) == find_bond(b, a) for b in types)


# ---- Pairs labelled by hand


def read_labelled() -> list[dict[str, str]]:
    with LABELLED.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def judge_labelled(rows: list[dict[str, str]]) -> pd.DataFrame:
    """Return one row per labelled pair: its half, its label, and what is found of it alone."""
    records = []
    for number, row in enumerate(rows):
        for side, source in (("a", "register"), ("b", "osm_places")):
            record = tell(f"{source}:{number}", row[f"name_{side}"] or None, row[f"type_{side}"])
            if side == "a":
                record["address"] = row["address_a"] or None
            if row["distance_m"]:
                # Ten kilometres between one pair and the next.
                record |= {"x": number * 10_000.0, "y": 100_000.0, "located_by": "given"}
                record["x"] += float(row["distance_m"]) * (side == "b")
            if side == "a" or row["postcode"] != "unknown":
                last = "B" if side == "b" and row["postcode"] == "different" else "A"
                record["postcode"] = (
                    f"ZZ{number // 100} {number // 10 % 10}{'ABDEFGHJLN'[number % 10]}{last}"
                )
            records.append(record)
    pairs = find_pairs(make_table(*records))
    numbers = pairs[["asset_id_a", "asset_id_b"]].apply(lambda ids: ids.str.partition(":")[2])
    own = pairs[numbers["asset_id_a"] == numbers["asset_id_b"]]
    verdicts = own["verdict"].set_axis(own["asset_id_a"].str.partition(":")[2].astype(int))
    table = pd.DataFrame(rows)[["half", "label", "case", "name_a", "name_b"]]
    return table.assign(verdict=verdicts.reindex(table.index).fillna("none"))


@pytest.fixture(scope="module")
def judged() -> pd.DataFrame:
    return judge_labelled(read_labelled())


def test_the_labelled_set_is_large_and_mixed():
    rows = read_labelled()
    assert len(rows) >= 120
    assert {row["label"] for row in rows} == {"same", "different"}
    halves = pd.Series([row["half"] for row in rows]).value_counts()
    assert abs(halves["tune"] - halves["held"]) <= 2
    assert len({(row["name_a"], row["name_b"], row["distance_m"]) for row in rows}) == len(rows)


@pytest.mark.parametrize("half", ["tune", "held", "late"])
def test_precision_and_recall_on_labelled_pairs(judged, half, capsys):
    """Rules were made with ``tune`` in view, none for ``held``; ``late`` was written after them."""
    rows = judged[judged["half"] == half]
    is_same, is_joined = rows["label"] == "same", rows["verdict"] == "same"
    precision = (is_same & is_joined).sum() / is_joined.sum()
    recall = (is_same & is_joined).sum() / is_same.sum()
    found = (is_same & (rows["verdict"] != "none")).sum() / is_same.sum()
    asked = (rows["verdict"] == "ask").mean()
    with capsys.disabled():
        print(
            f"\n{half}: {len(rows)} pairs; joined {is_joined.sum()}, precision {precision:.3f}, "
            f"recall {recall:.3f}, recall with questions {found:.3f}, asked {asked:.3f}"
        )
    wrong = rows[(is_same & (rows["verdict"] == "none")) | (~is_same & is_joined)]
    assert precision >= 0.97, wrong
    assert found >= 0.95, wrong
    assert recall >= 0.6
    assert asked <= 0.3
    assert np.isfinite([precision, recall]).all()
