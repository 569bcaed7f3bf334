"""Stores and parameter files at an address: copied once, whole, and again when they change."""

from __future__ import annotations

import shutil
from pathlib import Path

import fsspec
import pytest

from cip.errors import ParameterError, SourceError
from cip.mirror import find_address, is_address, mirror_params, mirror_store
from cip.params import load_params
from cip.run.task import make_task
from cip.store import Store

TEXT = """\
id: here
title: Here
profile_kind: bespoke
area:
  wards: [Z05000010]
  outlines: [shapes/patch.geojson]
  exclude:
    postcode_files: [left_out.csv]
organisation: {name: Council, contact: page}
inputs:
  insight: insight.csv
  narrative: words
"""


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("CIP_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def bucket():
    """An empty place that only fsspec can read."""
    files = fsspec.filesystem("memory")
    files.store.clear()
    yield files
    files.store.clear()


def put(bucket, name: str, content: str) -> None:
    bucket.pipe_file(f"/{name}", content.encode())


@pytest.fixture
def store_address(demo_store, bucket) -> str:
    for path in demo_store.iterdir():
        bucket.pipe_file(f"/store/{path.name}", path.read_bytes())
    return "memory://store"


@pytest.mark.parametrize(
    ("text", "expected"), [("s3://a/b", True), ("a/b", False), ("C:\\a", False), (Path("a"), False)]
)
def test_addresses_are_told_from_paths(text, expected):
    assert is_address(text) is expected


def test_a_store_at_an_address_reads_as_the_store_itself(store_address, demo_store):
    copy = Store(mirror_store(store_address))
    assert copy.manifest == Store(demo_store).manifest
    assert copy.read("lookup_oa21").equals(Store(demo_store).read("lookup_oa21"))


def test_only_what_changed_is_copied_again(store_address, bucket, monkeypatch):
    folder = mirror_store(store_address)
    (folder / "lookup_oa21.parquet").unlink()
    copied = []
    get_file = type(bucket).get_file
    monkeypatch.setattr(
        type(bucket), "get_file", lambda self, a, b, **k: copied.append(a) or get_file(self, a, b)
    )
    assert mirror_store(store_address) == folder
    assert [Path(name).name for name in copied] == ["lookup_oa21.parquet"]


def test_a_table_that_does_not_arrive_whole_leaves_no_store(store_address, bucket):
    bucket.pipe_file("/store/lookup_oa21.parquet", b"half")
    with pytest.raises(SourceError, match="lookup_oa21"):
        mirror_store(store_address)
    bucket.rm_file("/store/lookup_oa21.parquet")
    with pytest.raises(SourceError, match="cannot be read"):
        mirror_store(store_address)


@pytest.mark.parametrize("address", ["memory://nowhere", "nonsense://x", "memory://bad"])
def test_an_address_without_a_store_is_told(address, bucket):
    put(bucket, "bad/manifest.json", "not json")
    with pytest.raises(SourceError, match="no store at this address"):
        mirror_store(address)


def fill(bucket) -> str:
    put(bucket, "p/here.yml", TEXT)
    put(bucket, "p/shapes/patch.geojson", "{}")
    put(bucket, "p/left_out.csv", "postcode\n")
    put(bucket, "p/insight.csv", "title\n")
    put(bucket, "p/words/a.md", "A")
    put(bucket, "p/words/deep/b.md", "B")
    return "memory://p/here.yml"


def test_a_parameter_file_comes_with_all_that_it_names(bucket):
    path = mirror_params(fill(bucket))
    file = load_params(path)
    assert [p.name for _, p in file.list_area_files()] == ["patch.geojson", "left_out.csv"]
    assert (file.resolve_input("narrative") / "deep" / "b.md").read_text() == "B"
    assert find_address(path) == "memory://p/here.yml"
    put(bucket, "p/insight.csv", "title\nnew\n")
    mirror_params("memory://p/here.yml")
    assert file.resolve_input("insight").read_text() == "title\nnew\n"


def test_what_an_address_lacks_is_told_with_its_line(bucket):
    address = fill(bucket)
    bucket.rm_file("/p/insight.csv")
    with pytest.raises(ParameterError, match=r"line 11.*insight.csv"):
        load_params(mirror_params(address))
    with pytest.raises(ParameterError, match="no such parameter file"):
        mirror_params("memory://p/there.yml")


def test_a_file_outside_its_folder_is_refused(bucket):
    put(bucket, "p/here.yml", TEXT.replace("insight.csv", "../insight.csv"))
    with pytest.raises(ParameterError, match=r"below its own folder.*\.\./insight.csv"):
        mirror_params("memory://p/here.yml")


def test_a_task_finds_its_copies_wherever_it_runs(bucket, store_address, tmp_path, monkeypatch):
    task = make_task(mirror_params(fill(bucket)), store_dir=store_address)
    assert (task.params_address, task.store_address) == ("memory://p/here.yml", "memory://store")
    # Another machine: another cache, and nothing at the paths of this one.
    monkeypatch.setenv("CIP_CACHE", str(tmp_path / "elsewhere"))
    shutil.rmtree(tmp_path / "cache")
    there = task.bring_here()
    assert there.params_file.is_file()
    assert Store(there.store_dir).has("lookup_oa21")
    assert str(there.store_dir).startswith(str(tmp_path / "elsewhere"))


def test_a_task_of_plain_paths_stays_as_it_is(demo_store, tmp_path):
    task = make_task(tmp_path / "a.yml", store_dir=demo_store)
    assert (task.params_address, task.store_address) == ("", "")
    assert task.bring_here() == task


def test_files_that_a_mapping_file_names_come_too(bucket):
    put(bucket, "areas/here.yml", TEXT.replace("insight: insight.csv", "survey: own/survey.yml"))
    put(bucket, "areas/shapes/patch.geojson", "{}")
    put(bucket, "areas/left_out.csv", "postcode\n")
    put(bucket, "areas/words/one.md", "words")
    put(bucket, "areas/own/survey.yml", "files:\n  - path: waves/first.csv\n    wave: one\n")
    put(bucket, "areas/own/waves/first.csv", "q1\nyes\n")
    path = mirror_params("memory://areas/here.yml")
    assert (path.parent / "own" / "waves" / "first.csv").read_text() == "q1\nyes\n"
    # A mapping file may not reach out of the folder that is copied.
    put(bucket, "areas/own/survey.yml", "files:\n  - path: ../../secret.csv\n    wave: one\n")
    with pytest.raises(ParameterError, match="below its own folder"):
        mirror_params("memory://areas/here.yml")
