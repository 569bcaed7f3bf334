"""The store: what it says of itself, and how it is replaced."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cip.catalogue.sources import load_sources, parse_source_catalogue, source_line
from cip.errors import SourceError
from cip.sources.fetch import fetch_folder
from cip.sources.writing import swap_folders
from cip.store import Store

COUNTY = "LTLA23CD,LTLA23NM,UTLA23CD,UTLA23NM\nZ07000001,Tinton,Z10000001,Tinshire\n"
NAMES = "msoa21cd,msoa21nm,msoa21hclnm\nZ02000001,Tinton 001,Old Tinton\n"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    source = tmp_path / "in"
    source.mkdir()
    (source / "county.csv").write_text(COUNTY, encoding="utf-8")
    (source / "names.csv").write_text(NAMES, encoding="utf-8")
    fetch_folder(source, tmp_path / "store")
    return Store(tmp_path / "store")


def test_products_and_entries(store: Store) -> None:
    assert store.products() == ["lookup_lad_county", "lookup_msoa_names"]
    assert store.has("lookup_lad_county")
    assert not store.has("ts054")
    entry = store.entry("lookup_lad_county")
    assert (entry.rows, entry.kind) == (1, "lookup")
    assert entry.files[0].name == "county.csv"
    assert entry.files[0].bytes == len(COUNTY)
    assert store.digest("lookup_lad_county") == entry.sha256
    assert store.is_synthetic


def test_read_some_columns(store: Store) -> None:
    assert store.read("lookup_msoa_names", ["msoa21_hcl_name"]).to_numpy().tolist() == [
        ["Old Tinton"]
    ]
    with pytest.raises(SourceError, match="Did you mean 'msoa21_hcl_name'"):
        store.read("lookup_msoa_names", ["msoa21_hcl_nam"])


def test_absent_product_says_how_to_supply_it(store: Store) -> None:
    with pytest.raises(SourceError, match=r"does not hold Census 2021 table TS054.*cip fetch"):
        store.read("ts054")
    with pytest.raises(SourceError, match="Did you mean 'ts054'"):
        store.read("ts0544")


def test_empty_folder_is_an_empty_store(tmp_path: Path) -> None:
    assert Store(tmp_path / "none").products() == []


def test_damage_is_found(store: Store) -> None:
    assert store.find_damage() == []
    path = store.path("lookup_lad_county")
    path.write_bytes(path.read_bytes()[:-10])
    store.path("lookup_msoa_names").unlink()
    messages = [str(problem) for problem in store.find_damage()]
    assert "has changed" in messages[0]
    assert "is missing" in messages[1]
    with pytest.raises(SourceError, match="missing or damaged"):
        store.read("lookup_lad_county")


def test_damaged_manifest(store: Store) -> None:
    manifest = store.root / "manifest.json"
    manifest.write_text("{", encoding="utf-8")
    with pytest.raises(SourceError, match="manifest is damaged"):
        _ = Store(store.root).manifest
    manifest.write_text('{"version": 99}', encoding="utf-8")
    with pytest.raises(SourceError, match="another version"):
        _ = Store(store.root).manifest


def test_same_files_give_the_same_bytes(store: Store, tmp_path: Path) -> None:
    fetch_folder(tmp_path / "in", tmp_path / "again")
    again = Store(tmp_path / "again")
    for product_id in store.products():
        assert store.path(product_id).read_bytes() == again.path(product_id).read_bytes()
    for one in (store, again):
        assert str(tmp_path) not in (one.root / "manifest.json").read_text(encoding="utf-8")


def test_second_fetch_replaces_its_products_and_keeps_the_others(
    store: Store, tmp_path: Path
) -> None:
    kept = store.path("lookup_lad_county").read_bytes()
    newer = tmp_path / "newer.csv"
    newer.write_text(NAMES.replace("Z02000001", "Z02000002"), encoding="utf-8")
    report = fetch_folder(newer, store.root)
    now = Store(store.root)
    assert list(report.products) == ["lookup_msoa_names"]
    assert now.read("lookup_msoa_names")["msoa21_code"].tolist() == ["Z02000002"]
    assert now.path("lookup_lad_county").read_bytes() == kept
    assert now.find_damage() == []


def test_failed_swap_puts_the_old_store_back(store: Store, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        swap_folders(store.root, tmp_path / "no such folder.new")
    assert Store(store.root).find_damage() == []


def test_products_filter(tmp_path: Path, store: Store) -> None:
    report = fetch_folder(tmp_path / "in", tmp_path / "one", products=["lookup_msoa_names"])
    assert list(report.products) == ["lookup_msoa_names"]
    assert report.not_used == ["county.csv"]


def test_manifest_is_plain_json(store: Store) -> None:
    manifest = json.loads((store.root / "manifest.json").read_text(encoding="utf-8"))
    entry = manifest["products"]["lookup_lad_county"]
    for key in ("title", "publisher", "licence", "attribution", "period", "geography"):
        assert entry[key], key
    assert entry["fetched_at"].endswith("+00:00")


def test_source_line(store: Store) -> None:
    line = source_line("ts054")
    assert line.startswith("Source: Census 2021 table TS054, tenure of household, Office for")
    assert "21 March 2021" in line
    assert "LSOA 2021" in line
    entry = store.entry("lookup_lad_county").model_copy(update={"period": "April 2023"})
    assert "April 2023" in source_line("lookup_lad_county", store_entry=entry)
    with pytest.raises(SourceError):
        source_line("nothing")


def test_every_source_is_complete() -> None:
    sources = load_sources()
    for source in sources.values():
        assert source.layouts, source.id
        assert source.licence_url.startswith("https://"), source.id
        assert source.attribution, source.id
        if source.kind == "counts":
            assert "total" in source.categories, source.id
        if source.kind == "lookup":
            assert source.key, source.id
        for download in source.downloads:
            assert download.address.startswith("https://"), source.id
    names = [d.file_name for s in sources.values() for d in s.downloads]
    assert len(names) == len(set(names))


def test_mistake_in_the_catalogue_is_refused() -> None:
    with pytest.raises(SourceError, match="source catalogue cannot be used"):
        parse_source_catalogue("sources = 3")
