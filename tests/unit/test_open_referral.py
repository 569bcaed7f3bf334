"""Services in the form of Open Referral UK: checked, read, written."""

from __future__ import annotations

import json
import time
import uuid
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from jsonschema import Draft202012Validator, FormatChecker

from cip.assets.open_referral import (
    build_taxonomies,
    export_services,
    import_services,
    validate_services,
    write_services,
)
from cip.assets.open_referral.schedules import describe_schedules, read_opening
from cip.assets.open_referral.schema import SERVICE, TAXONOMY
from cip.assets.own import read_assets
from cip.assets.record import RECORD
from cip.catalogue.asset_types import load_asset_types
from cip.catalogue.building_blocks import load_topics
from cip.cli import main
from cip.errors import ParameterError

TODAY = date(2026, 11, 21)
DEMO = Path(__file__).parents[2] / "params" / "demo"
PERSONAL = ("01632", "960123", "someone@", "Persona", "Mrs")


def make_id(text: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://example.org/{text}"))


def make_service(**fields: Any) -> dict[str, Any]:
    """A service as a directory may give it, with persons and their numbers at every level."""
    person = {"id": make_id("contact"), "name": "Ann Persona", "title": "Manager"}
    phone = {"id": make_id("phone"), "number": "01632 960123"}
    shared = {"contacts": [person], "phones": [phone]}
    location = {
        "id": make_id("location"), "location_type": "physical", "name": "Hall",
        "latitude": 51.7406, "longitude": -1.2777,
        "addresses": [
            {"id": make_id("post"), "address_1": "PO Box 1", "city": "Elsewhere",
             "state_province": "", "postal_code": "ZZ9 9ZZ", "country": "GB",
             "address_type": "postal"},
            {"id": make_id("address"), "address_1": "1 Cup Street", "city": "Teaspoon",
             "state_province": "Fableshire", "postal_code": "zz12hd", "country": "GB",
             "address_type": "physical"},
        ],
        **shared,
    }  # fmt: skip
    service = {
        "id": make_id("service"), "name": "Tea for all", "status": "active",
        "description": "Tea and talk. Ring Mrs. Persona on 01632 960123. All welcome.",
        "url": "https://example.org/tea", "email": "someone@example.org",
        "assurer_email": "someone@example.org", "assured_date": "2026-05-01",
        "minimum_age": 16, "maximum_age": 100,
        "organization": {
            "id": make_id("organisation"), "name": "Tea Trust", "description": "Tea",
            "email": "someone@example.org", **shared,
        },
        "schedules": [
            {"id": make_id("schedule"), "freq": "WEEKLY", "byday": "TU,TH", "opens_at": "10:00",
             "closes_at": "12:30:00Z"},
        ],
        "cost_options": [{"id": make_id("cost"), "amount": 1.5, "amount_description": "a cup"}],
        "attributes": [
            {"id": make_id("a1"), "link_type": "target_audience",
             "taxonomy_term": {"id": make_id("t1"), "name": "Volunteering", "description": ""}},
            {"id": make_id("a2"), "link_type": "service_type",
             "taxonomy_term": {"id": make_id("t2"), "name": "Lunch Club", "description": ""}},
        ],
        "service_at_locations": [{"id": make_id("place"), "location": location, **shared}],
        **shared,
    }  # fmt: skip
    return {name: value for name, value in {**service, **fields}.items() if value is not None}


def save(tmp_path: Path, document: Any) -> Path:
    path = tmp_path / "services.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def read(tmp_path: Path, *services: Any, **options) -> tuple[pd.DataFrame, list[str]]:
    document = {"total_items": len(services), "contents": list(services)}
    return import_services(save(tmp_path, document), today=TODAY, **options)


def list_demo_assets() -> pd.DataFrame:
    own, _ = read_assets(DEMO / "assets.csv", today=TODAY)
    services, _ = import_services(DEMO / "open_referral.json", today=TODAY)
    return pd.concat([own, services], ignore_index=True)


def export(assets: pd.DataFrame, **options) -> dict[str, Any]:
    words = {"area_id": "demo", "organisation": "Fableshire", "town": "Common", "county": "Fable"}
    return export_services(assets, **{**words, **options})


# The form.


def test_both_schemas_are_schemas():
    for schema in (SERVICE, TAXONOMY):
        Draft202012Validator.check_schema(schema)


def test_a_service_a_list_and_a_page_are_all_checked():
    service = make_service()
    for document in (service, [service], {"contents": [service]}, {"items": [service]}):
        assert validate_services(document) == []


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        ({"id": "42"}, "contents[0].id", "Found: 42. Expected: a UUID"),
        ({"id": None}, "contents[0]", "'id' is missing"),
        ({"status": "actve"}, "contents[0].status", "Did you mean 'active'?"),
        ({"status": None}, "contents[0]", "'status' is missing"),
        ({"name": ""}, "contents[0].name", "this is empty"),
        ({"minimum_age": "12"}, "contents[0].minimum_age", "Expected: a number"),
        ({"assured_date": "1 May 2026"}, "contents[0].assured_date", "a date such as"),
        ({"organization": {"id": "x"}}, "contents[0].organization", "'name' is missing"),
        ({"schedules": [{"id": 1}]}, "contents[0].schedules[0].id", "Expected: text"),
        (
            {"schedules": [{"id": make_id("s"), "freq": "DAILY"}]},
            "contents[0].schedules[0].freq",
            "Expected: WEEKLY, MONTHLY",
        ),
        (
            {"schedules": [{"id": make_id("s"), "opens_at": "10am"}]},
            "contents[0].schedules[0].opens_at",
            "this is not as it is written",
        ),
        (
            {"service_at_locations": [{"id": make_id("p"), "location": {"id": make_id("l")}}]},
            "contents[0].service_at_locations[0].location",
            "'location_type' is missing",
        ),
        (
            {"attributes": [{"id": make_id("a"), "taxonomy_term": {"id": make_id("t")}}]},
            "contents[0].attributes[0].taxonomy_term",
            "'description' is missing",
        ),
        ({"url": "example"}, "contents[0].url", "the pattern"),
        ({"service_taxonomys": []}, "contents[0]", "Open Referral UK 1. Expected: version 3"),
    ],
)
def test_a_difference_is_told_with_its_place(change, place, words):
    problems = validate_services({"contents": [make_service(**change)]})
    assert (place, True) in [(p.column, words in str(p)) for p in problems]


def test_every_missing_field_is_named():
    problems = validate_services([{"service_at_locations": []}])
    assert [p.message for p in problems] == [
        f"'{name}' is missing" for name in ("id", "name", "status")
    ]


def test_two_services_do_not_share_an_id():
    problems = validate_services([make_service(), make_service()])
    assert [(p.column, p.message) for p in problems] == [
        ("[1].id", "this id stands at [0] already")
    ]


def test_messages_repeat_nothing_personal():
    service = make_service(
        id="01632 960123", status="Mrs Persona", assured_date="someone@example.org"
    )
    said = "\n".join(str(problem) for problem in validate_services([service]))
    assert len(said.splitlines()) == 3
    assert not any(part in said for part in PERSONAL)


@pytest.mark.parametrize("document", [{}, {"contents": 3}, "text", 4, None])
def test_what_holds_no_services_says_so(document):
    assert "holds no services" in str(validate_services(document)[0])


# Reading.


def test_a_service_becomes_a_record(tmp_path):
    records, notes = read(tmp_path, make_service())
    row = records.iloc[0]
    assert list(records) == list(RECORD)
    assert row["asset_id"] == f"open_referral:{make_id('place')}"
    assert (row["name"], row["asset_type"], row["kind"]) == ("Tea for all", "activity", "soft")
    assert row["address"] == "1 Cup Street, Teaspoon"
    assert (row["postcode"], row["located_by"]) == ("ZZ1 2HD", "given")
    assert row[["x", "y"]].astype(float).tolist() == pytest.approx([449_953, 204_850], abs=150)
    assert row["opening"] == "Tuesdays and Thursdays 10:00 to 12:30"
    assert row["cost"] == "£1.50 a cup"
    assert row["serves"] == "Ages 16 and over; Volunteering"
    assert row["resource"] == "Tea and talk. All welcome."
    assert row["detail"] == "Run by Tea Trust"
    assert row["contact_page"] == "https://example.org/tea"
    assert (row["last_checked"], row["confidence"]) == ("2026-05-01", "high")
    assert (row["source_id"], row["status"]) == ("open_referral", "open")
    assert notes == [
        "services.json, column 'contents[0].description': sentences of this text that seem to "
        "hold a person's details are left out."
    ]


def test_no_person_and_no_number_reaches_a_record_or_a_note(tmp_path):
    location = make_service()["service_at_locations"][0]["location"]
    location["addresses"][1]["address_1"] = "c/o Mrs Persona"
    services = [
        make_service(),
        make_service(id=make_id("2"), name="Mrs Persona's tea"),
        make_service(id=make_id("3"), name="Call 01632 960123"),
        make_service(id=make_id("4"), fees="Ask someone@example.org", cost_options=None),
        make_service(id=make_id("5"), url="https://someone@example.org/"),
        make_service(id=make_id("6"), eligibility_description="Ask Mrs Persona"),
        make_service(
            id=make_id("7"),
            organization={"id": make_id("o"), "name": "Mrs Persona", "description": ""},
            schedules=[{"id": make_id("s"), "description": "Ring 01632 960123"}],
            service_at_locations=[{"id": "01632960123", "location": location}],
        ),
        make_service(id="someone@example.org", service_at_locations=None),
    ]
    records, notes = read(tmp_path, *services)
    assert len(records) == 6
    said = records.to_csv() + "\n".join(notes)
    assert not any(part in said for part in PERSONAL)
    assert "left out" in "".join(notes)


def test_each_physical_place_is_a_record_and_a_service_without_one_too(tmp_path):
    link = make_service()["service_at_locations"][0]
    second = {
        "id": make_id("second"),
        "location": {"id": make_id("l2"), "location_type": "physical", "name": "Shed"},
        "schedules": [{"id": make_id("s2"), "freq": "WEEKLY", "byday": "SA"}],
    }
    online = {
        "id": make_id("online"),
        "location": {"id": make_id("l3"), "location_type": "virtual", "latitude": 51.7},
    }
    records, _ = read(
        tmp_path,
        make_service(service_at_locations=[link, second, online]),
        make_service(id=make_id("2"), service_at_locations=[online]),
        make_service(id=make_id("3"), service_at_locations=None),
    )
    assert records["asset_id"].tolist() == [
        f"open_referral:{make_id(name)}" for name in ("place", "second", "2", "3")
    ]
    assert records["opening"].tolist()[:2] == [
        "Tuesdays and Thursdays 10:00 to 12:30",
        "Saturdays",
    ]
    assert records["address"].fillna("").tolist()[1:] == ["Shed", "", ""]
    assert records["x"].notna().tolist() == [True, False, False, False]


def test_places_that_share_an_id_are_all_kept(tmp_path):
    records, _ = read(tmp_path, make_service(), make_service(id=make_id("2")))
    assert len(records) == 2 and records["asset_id"].is_unique


def test_services_that_are_not_active_are_counted(tmp_path):
    statuses = ["inactive", "defunct", "temporarily closed", "active"]
    services = [make_service(id=make_id(s), status=s, description="Tea") for s in statuses]
    records, notes = read(tmp_path, *services)
    assert len(records) == 1
    assert notes == ["services.json: 3 services are not active and left out."]
    none, _ = read(tmp_path, services[0])
    assert none.empty and list(none) == list(RECORD)


def test_what_differs_is_told_once_and_the_rest_is_used(tmp_path):
    location = deepcopy(make_service()["service_at_locations"][0])
    location["location"] |= {"latitude": -1.2777, "longitude": 51.7406}
    location["location"]["addresses"][1]["postal_code"] = "nowhere"
    records, notes = read(
        tmp_path,
        *(make_service(id=make_id(str(n)), description=None, minimum_age="16") for n in range(3)),
        make_service(id=make_id("swap"), description="Tea", service_at_locations=[location]),
        {"name": "No id", "status": "active"},
        make_service(id=make_id("0"), description="Tea"),
        "text",
    )
    assert len(records) == 4
    said = "\n".join(notes)
    for words in (
        "column 'contents[0].minimum_age': this is of another kind. Expected: a number. "
        "2 more of this kind.",
        "location.latitude': latitude and longitude seem to be swapped",
        "addresses[0].postal_code': this is not a postcode, so that it is left out",
        "'contents[4]': this service has no id, so that it is left out",
        "'contents[5]': this service stands in the file already, so that it is left out",
        "'contents[6]': this is not a service, so that it is left out",
    ):
        assert words in said
    assert pd.isna(records["x"].iloc[3]) and pd.isna(records["postcode"].iloc[3])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "line 1: this is not JSON"),
        (b'[{"a": NaN}]', "a number is too large"),
        (b'[{"a": 1e999}]', "a number is too large"),
        (b'[{"a": 1' + b"0" * 400 + b"}]", "a number is too large"),
        (b"[" * 200_000, "lists stand in lists without end"),
        ("[{'é'}]".encode("latin-1"), "not text in UTF-8"),
        (b'{"contents": 1}', "holds no services"),
        (b'[{"name": "x"}]', "'id' is missing"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path, content, words):
    path = tmp_path / "services.json"
    path.write_bytes(content)
    with pytest.raises(ParameterError, match=words) as caught:
        import_services(path, today=TODAY)
    assert all(problem.file == path for problem in caught.value.problems)


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(ParameterError, match="No such file"):
        import_services(tmp_path / "none.json", today=TODAY)


@pytest.mark.parametrize(
    ("term", "times", "expected"),
    [
        ("food-bank", True, "food_support"),
        ("BEFRIENDING", True, "mutual_aid"),
        ("community centre or hall", False, "community_centre"),
        ("Something else", True, "activity"),
        ("Something else", False, "organisation"),
    ],
)
def test_the_terms_of_a_directory_give_the_type(tmp_path, term, times, expected):
    item = {"id": make_id("t"), "name": term, "description": ""}
    attributes = [{"id": make_id("a"), "link_type": "service_type", "taxonomy_term": item}]
    service = make_service(attributes=attributes, **({} if times else {"schedules": []}))
    records, _ = read(tmp_path, service)
    assert records["asset_type"].tolist() == [expected]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"cost_options": [{"amount": 0}]}, "Free"),
        ({"cost_options": [{"amount": 4, "option": "Under 18s"}]}, "£4 (Under 18s)"),
        ({"cost_options": [{"amount": 4, "valid_to": "2026-11-20"}], "fees": "Old"}, "Old"),
        ({"cost_options": [{"amount": 4, "valid_to": "2026-11-21"}]}, "£4"),
        ({"cost_options": [{"amount": 3, "currency": "EUR"}]}, "EUR 3"),
        ({"cost_options": None, "fees_description": "By donation"}, "By donation"),
        ({"cost_options": None}, None),
    ],
)
def test_what_a_service_costs_today(tmp_path, fields, expected):
    records, _ = read(tmp_path, make_service(**fields))
    assert records["cost"].fillna("").tolist() == [expected or ""]


def test_megabytes_of_text_take_no_longer_than_a_page(tmp_path):
    long = "a" * 2_000_000
    location = {"id": make_id("l"), "location_type": "physical", "name": long}
    service = make_service(
        description=long, url=f"https://{long}", fees=long, name="Tea",
        service_at_locations=[{"id": make_id("p"), "location": location}],
        schedules=[{"id": make_id("s"), "byday": "MO" + " " * 2_000_000 + "!", "description": long}],
        organization={"id": make_id("o"), "name": long, "description": long},
    )  # fmt: skip
    start = time.perf_counter()
    records, _ = read(tmp_path, service, make_service(id=make_id("2"), name=long))
    assert time.perf_counter() - start < 10
    assert len(records) == 1 and len(records.to_csv()) < 4_000


# When it happens.


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR"}, "Mondays to Fridays"),
        ({"freq": "WEEKLY", "byday": "SU,SA,FR,TH,WE,TU,MO"}, "Every day"),
        ({"freq": "WEEKLY", "interval": 2, "byday": "tu"}, "Every second Tuesday"),
        ({"freq": "WEEKLY", "interval": 6, "byday": "TU"}, "Every 6th Tuesday"),
        ({"freq": "WEEKLY", "dtstart": "2026-11-18"}, "Wednesdays"),
        ({"freq": "MONTHLY", "byday": "1MO,-1FR"}, "First Monday and last Friday of the month"),
        (
            {"freq": "MONTHLY", "byday": "2WE", "interval": 2},
            "Second Wednesday of every second month",
        ),
        ({"freq": "MONTHLY", "bymonthday": "1, 22,-1"}, "1st, 22nd and last day of the month"),
        ({"opens_at": "09:00", "closes_at": "24:00"}, "09:00 to 24:00"),
        ({"opens_at": "09:00+01:00"}, "From 09:00"),
        ({"byday": "MO", "valid_to": "2026-12-01"}, "Mondays, until 2026-12-01"),
        ({"byday": "MO", "valid_from": "2027-01-01"}, "Mondays, from 2027-01-01"),
        ({"byday": "MO", "valid_to": "2026-11-20"}, None),
        ({"byday": "XX", "description": "most  evenings"}, "Most evenings"),
        ({"description": "Ring 01632 960123"}, None),
        ({}, None),
    ],
)
def test_a_rule_is_said_in_plain_words(rule, expected):
    assert describe_schedules([rule], TODAY) == expected


def test_several_schedules_stand_side_by_side_once_each():
    rules = [{"byday": "MO"}, {"byday": "TU"}, {"byday": "MO"}]
    assert describe_schedules(rules, TODAY) == "Mondays; Tuesdays"


@pytest.mark.parametrize(
    "words", ["Most mornings", "Mondays 10 to 12", "", "Every blue moon", "Mondays and"]
)
def test_words_that_are_no_rule_are_left_as_words(words):
    assert read_opening(words) is None


# Writing.


def test_an_export_fits_the_form_and_holds_what_it_should():
    assets = list_demo_assets()
    page = export(assets)
    assert validate_services(page) == []
    names = {service["name"] for service in page["contents"]}
    assert "Spoonrest Hall" in names  # a hard asset that people go to
    assert "Saucer Street swings" not in names  # and one that offers no service
    assert not any("Knows-everyone" in name for name in names)  # a person
    assert page["total_items"] == len(page["contents"]) > 30
    statuses = {service["name"]: service["status"] for service in page["contents"]}
    assert statuses["Damp diaries project"] == "inactive"
    assert not {"email", "phones", "contacts"} & {key for s in page["contents"] for key in s}


def test_an_export_is_the_same_whatever_the_order(tmp_path):
    assets = list_demo_assets()
    first = write_services(tmp_path / "a.json", export(assets)).read_bytes()
    second = write_services(tmp_path / "b.json", export(assets.iloc[::-1])).read_bytes()
    assert first == second
    elsewhere = export(assets, area_id="other")
    assert {s["id"] for s in elsewhere["contents"]}.isdisjoint(
        {s["id"] for s in export(assets)["contents"]}
    )


def test_who_runs_a_service_is_never_made_up():
    services = {service["name"]: service for service in export(list_demo_assets())["contents"]}
    keeper = services["Teaspoon Toddlers"]["organization"]
    assert keeper["name"] == "Fableshire" and "need not run it" in keeper["description"]
    assert services["Teaspoon Tigers"]["organization"]["name"] == "Teaspoon Tigers"
    assert (
        services["Job Club at the Quay"]["organization"]["name"] == "Quay Enterprise Pretend Trust"
    )


def test_publishers_registers_can_be_left_out_and_carry_their_licence_else():
    assets = list_demo_assets()
    listed = assets.assign(licence="ODbL 1.0").astype({"source_id": "object"})
    listed.loc[listed["name"] == "Spoonrest Hall", "source_id"] = "osm_places"
    page = {service["name"]: service for service in export(listed)["contents"]}
    assert "Licence of the entry: ODbL 1.0" in page["Spoonrest Hall"]["description"]
    own = {service["name"] for service in export(listed, is_own_only=True)["contents"]}
    assert set(page) - own == {"Spoonrest Hall"}


def test_an_empty_register_is_an_empty_page():
    page = export(list_demo_assets().iloc[:0])
    assert page["empty"] is True and validate_services(page) == []


def test_the_vocabularies_hold_every_type_and_topic_and_fit_the_form():
    types, topics = build_taxonomies()
    checker = Draft202012Validator(TAXONOMY, format_checker=FormatChecker(["uuid"]))
    for taxonomy in (types, topics):
        checker.validate(taxonomy)
    assert [term["code"] for term in types["taxonomy_terms"]] == list(load_asset_types())
    assert [term["code"] for term in topics["taxonomy_terms"]] == list(load_topics())


# The command line.


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as caught:
        main(["referral", *arguments])
    return int(caught.value.code or 0)


def test_the_command_checks_a_file(tmp_path, capsys):
    assert run("check", str(DEMO / "open_referral.json")) == 0
    assert "8 services fit the form." in capsys.readouterr().out
    bad = save(tmp_path, [make_service(id="x")])
    assert run("check", str(bad)) == 2
    assert "column '[0].id': this is not as it is written" in capsys.readouterr().err


def test_the_command_writes_an_area_that_has_been_run(tmp_path, capsys):
    from cip.schemas import SCHEMAS
    from cip.tables import TableFolder

    assets = list_demo_assets().drop(columns=["row", "status"]).assign(
        number=1, lsoa21_code=None, is_inside=True, distance_m=0.0, sources="own", records=1,
        is_stale=False,
    )  # fmt: skip
    tables = TableFolder(tmp_path / "demo" / "tables")
    tables.write("assets", assets[list(SCHEMAS["assets"].columns)])
    areas = {
        "area_code": ["demo", "Z10"], "area_name": ["Teaspoon Common", "Fableshire"],
        "area_role": ["profile", "county"],
    }  # fmt: skip
    tables.write("areas", pd.DataFrame(areas))
    assert run("export", str(DEMO.with_suffix(".yml")), "--outputs", str(tmp_path)) == 0
    target = tmp_path / "demo" / "open-referral.json"
    page = json.loads(target.read_text(encoding="utf-8"))
    assert f"Wrote {len(page['contents'])} services to {target}." in capsys.readouterr().out
    counties = {
        address["state_province"]
        for service in page["contents"]
        for link in service.get("service_at_locations", [])
        for address in link["location"].get("addresses", [])
    }
    assert counties == {"Fableshire"}


def test_an_area_that_has_not_been_run_says_what_to_do(tmp_path, capsys):
    assert run("export", str(DEMO.with_suffix(".yml")), "--outputs", str(tmp_path)) != 0
    assert "run the stage 'asset_map' first" in capsys.readouterr().err


def test_the_demonstration_has_what_it_promises():
    records, notes = import_services(DEMO / "open_referral.json", today=TODAY)
    assert notes == ["open_referral.json: 1 service is not active and left out."]
    assert len(records) == 8  # seven active services, one of them at two places
    assert records["asset_type"].nunique() >= 5
