"""Every product that can be downloaded, fetched from a server that answers as its publisher does."""

from __future__ import annotations

import json

import pytest

from cip.catalogue.offers import load_download_catalogue, load_offers
from cip.catalogue.sources import Source, load_source_catalogue
from cip.cli import main
from cip.errors import SourceError
from cip.sources.copies import read_ledger
from cip.sources.listing import list_offers
from cip.store import Store

from ..support.county import AREAS
from ..support.publishers import Published, count_requests, read_query
from ..support.registers import PERSON, TELEPHONE, write_schools
from ..support.web import send

READ = [id_ for id_, offer in load_offers().items() if offer.is_read]
KEPT = [id_ for id_, offer in load_offers().items() if not offer.is_read]


@pytest.mark.parametrize("product", READ)
def test_product_is_in_the_store(product: str, published: Published) -> None:
    store, asked = published.store, published.asked
    entry = Store(store).entry(product)
    assert entry.rows == len(Store(store).read(product)) > 0
    source = load_offers()[product].source
    assert (entry.licence, entry.attribution) == (source.licence, source.attribution)
    for file in entry.files:
        assert len(file.sha256) == 64
        assert file.address
        assert file.address.split("/")[2] in count_requests(asked)


@pytest.mark.parametrize("product", KEPT)
def test_kept_file_is_there_with_its_licence(product: str, published: Published) -> None:
    store, warnings = published.store, published.warnings
    offer = load_offers()[product]
    cache = store.with_name("store-downloads")
    for download in offer.downloads:
        record = read_ledger(cache)[download.file_name]
        assert (cache / download.file_name).stat().st_size == record.bytes > 0
        assert (record.licence, record.attribution) == (
            offer.source.licence,
            offer.source.attribution,
        )
    assert any(w.startswith(f"{product}: kept as") for w in warnings)


def test_nothing_is_warned_of_but_what_is_kept(published: Published) -> None:
    others = [w for w in published.warnings if ": kept as" not in w]
    assert [w for w in others if "copy" in w or "not downloaded" in w] == []


def test_no_person_of_a_register_gets_into_the_store(published: Published) -> None:
    store = published.store
    assert PERSON.encode() in write_schools(load_offers()["places_schools"].source)
    for product in (id_ for id_ in READ if id_.startswith("places_")):
        text = Store(store).read(product).to_csv()
        assert PERSON not in text
        assert TELEPHONE not in text


def test_every_host_is_allowed_and_used() -> None:
    hosts = set(load_source_catalogue().allowed_hosts)
    asked = {d.address.split("/")[2] for o in load_offers().values() for d in o.downloads}
    assert asked <= hosts
    assert set(load_download_catalogue().pauses_s) <= hosts


def test_chosen_areas_are_asked_for_alone(publisher_server, tmp_path) -> None:
    store = tmp_path / "store"
    publisher_server.fetch(store, "ts054", areas=["E07000178"])
    (address,) = publisher_server.asked
    assert read_query(address)["geography"] == ["E07000178,E07000178TYPE151,E92000001"]
    oxford = {a.lsoa21 for a in AREAS if a.district == "E07000178"}
    assert set(Store(store).read("ts054")["area_code"]) == oxford | {"E07000178", "E92000001"}
    assert (store.with_name("store-downloads") / "nomis_ts054-E07000178.csv").is_file()
    with pytest.raises(SourceError):  # a copy of other areas does not stand in for these
        publisher_server.faults["ts054"] = lambda request, n: send(request, b"", status=404)
        publisher_server.fetch(store, "ts054", areas=["E07000177"])


@pytest.mark.parametrize("code", ["E0700178", "../../E07000178", "oxford", ""])
def test_areas_must_be_codes(code, publisher_server, tmp_path) -> None:
    with pytest.raises(SourceError, match="not the code of an area"):
        publisher_server.fetch(tmp_path / "store", "ts054", areas=[code])
    assert publisher_server.asked == []
    assert list(tmp_path.iterdir()) == []


def test_an_unchanged_product_is_not_had_twice(publisher_server, tmp_path) -> None:
    said: list[str] = []
    for _ in range(2):
        from cip.sources.download import fetch_network

        fetch_network(
            tmp_path / "store",
            products=["lookup_msoa_names", "lookup_oa21"],
            base_urls=publisher_server.base_urls,
            sleep=lambda seconds: None,
            report=said.append,
        )
    assert [s for s in said if "unchanged" in s] == [
        "lookup_oa21: lookup_oa21.csv is unchanged",
        "lookup_msoa_names: lookup_msoa_names.csv is unchanged",
    ]


def test_default_products_one_of_which_is_down(publisher_server, tmp_path, monkeypatch) -> None:
    """The others go in, the one that is down is told, and large ones are not had at all."""
    few = {
        id_: load_offers()[id_]
        for id_ in ("lookup_msoa_names", "lookup_lad_county", "osm_overpass")
    }
    monkeypatch.setattr("cip.sources.download.load_offers", lambda: few)
    publisher_server.faults["lookup_lad_county"] = lambda r, n: send(r, b"", status=503)
    report = publisher_server.fetch(tmp_path / "store")
    assert list(report.products) == ["lookup_msoa_names"]
    (warning,) = report.warnings
    assert warning.startswith("lookup_lad_county: not downloaded.")
    assert "503" in warning


def test_list_says_what_when_and_whose(published: Published) -> None:
    store = published.store
    listed = {one.product_id: one for one in list_offers(store, store.with_name("store-downloads"))}
    assert list(listed) == list(load_offers())
    assert all(one.downloaded_on for one in listed.values())
    assert listed["ts054"].in_store_since
    assert listed["ts054"].licence == "Open Government Licence v3.0"
    assert listed["osm_overpass"].in_store_since == ""
    assert "kept as a file" in listed["osm_overpass"].note
    empty = list_offers(store.with_name("none"), store.with_name("none"), products=["ts054"])
    assert [(one.product_id, one.downloaded_on) for one in empty] == [("ts054", "")]


def test_command_lists(tmp_path, capsys) -> None:
    main_quietly(
        "fetch", "--list", "--products", "ts054,osm_overpass", "--store", str(tmp_path / "s")
    )
    said = capsys.readouterr().out
    assert said.startswith("ts054: Census 2021 table TS054")
    assert "Office for National Statistics; Open Government Licence v3.0" in said
    assert "www.nomisweb.co.uk; address quoted in public code; not downloaded yet" in said
    assert "Open Database Licence" in said


def test_command_refuses_an_unknown_product(tmp_path, capsys) -> None:
    with pytest.raises(SystemExit):
        main(["fetch", "--list", "--products", "ts45", "--store", str(tmp_path / "s")])
    assert "There is no product 'ts45'" in capsys.readouterr().err


def main_quietly(*arguments: str) -> None:
    try:
        main(arguments)
    except SystemExit as left:
        assert left.code in (0, None)


def test_ledger_that_is_damaged_is_named(tmp_path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "downloads.json").write_text("{", encoding="utf-8")
    with pytest.raises(SourceError, match=r"list of downloads is damaged.*fetch again"):
        read_ledger(cache)
    (cache / "downloads.json").write_text(json.dumps({"copies": {}}), encoding="utf-8")
    assert read_ledger(cache) == {}


def test_products_of_the_store_have_a_source() -> None:
    assert all(isinstance(load_offers()[id_].source, Source) for id_ in READ)


def test_indicators_are_built_from_what_was_downloaded(published: Published) -> None:
    """Every indicator of a product that can be downloaded has a figure, at some area of the page."""
    from cip.area_definition import resolve_area
    from cip.catalogue import load_indicators
    from cip.geography import build_areas
    from cip.indicators import build_indicators
    from cip.membership import build_membership
    from cip.params import load_params
    from cip.register import load_register

    store = Store(published.store)
    register = load_register(store)
    path = published.store.with_name("north-ward.yml")
    path.write_text(
        "id: north-ward\ntitle: North Ward\nprofile_kind: ward\narea:\n  wards: [E05013106]\n"
        "organisation:\n  name: Test\n  contact: Test\n",
        encoding="utf-8",
    )
    file = load_params(path)
    area = resolve_area(file, register)
    areas, _ = build_areas(file, area, register)
    table = build_indicators(store, areas, build_membership(area, areas, register))
    shown = set(table.loc[table["value"].notna(), "indicator_id"])
    offered = {id_ for id_, entry in load_indicators().items() if entry.source in load_offers()}
    assert len(offered) >= 70
    # Sex by age is not published for small areas, so the pyramid needs a file of one's own.
    assert offered - shown <= {"population_by_age_sex"}
