"""The quick path of the indicators gives what a slow and plain one gives, and reads each file once."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from cip.aggregate import aggregate_counts, build_shares, total_country
from cip.benchmarks import Phrases
from cip.catalogue.indicators import load_indicators
from cip.changes import take_latest
from cip.errors import SourceError
from cip.indicators import (
    build_figures,
    build_indicators,
    build_with_missing,
    missing_sources,
)
from cip.number_tables import NumberTable, TableReader
from cip.pages.data_profile import DataProfile
from cip.pages.measures import drop_silent
from cip.products import _read_periods
from cip.store import Store

ENGLAND = "Z92000001"
KEYS = ["indicator_id", "area_code", "period", "group"]
CATALOGUE = load_indicators()


@pytest.fixture(scope="module")
def store(demo_store) -> Store:
    return Store(demo_store)


@pytest.fixture(scope="module")
def membership(store) -> pd.DataFrame:
    """Three areas of several LSOAs that overlap, the last one with shares and an unknown one."""
    codes = store.read("iod2025", ["area_code"])["area_code"].tolist()
    wanted = {"one": codes[:5], "two": codes[3:9], "three": [*codes[7:9], "Z01999999"]}
    rows = [
        (area, code, "lsoa21", 0.3 if area == "three" else 1.0)
        for area, members in wanted.items()
        for code in members
    ]
    return pd.DataFrame(rows, columns=["area_code", "small_area_code", "level", "share"])


def list_areas(codes: list[str], role: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area_code": [*codes, ENGLAND],
            "area_name": [*codes, "England"],
            "area_role": [*[role] * len(codes), "england"],
        }
    )


def test_one_pass_gives_the_figures_of_one_area_at_a_time(store, membership):
    areas = list_areas(["one", "two", "three"], "place")
    together = build_figures(store, areas, membership, CATALOGUE, against=ENGLAND)
    together = together.astype(dict.fromkeys(KEYS, "str")).set_index(KEYS).sort_index()
    numbers = [name for name in together.select_dtypes("number") if name != "period_order"]
    for code in ("one", "two"):
        own = membership[membership["area_code"] == code]
        alone = build_indicators(store, list_areas([code], "profile"), own)
        alone = alone[alone["area_code"] == code].set_index(KEYS).sort_index()
        assert len(alone) > 100
        assert alone["value"].notna().mean() > 0.9
        # One sum of one column may be taken in another order than the same sum of many.
        pd.testing.assert_frame_equal(
            together.loc[alone.index, numbers], alone[numbers], rtol=1e-13
        )


def test_area_with_an_unknown_small_area_has_a_reason_instead_of_figures(store, membership):
    areas = list_areas(["one", "three"], "place")
    table = build_figures(store, areas, membership, CATALOGUE, against=ENGLAND)
    lost = table[table["area_code"] == "three"]
    assert lost["value"].isna().all()
    told = lost.loc[lost["indicator_id"] == "population", "missing_reason"].tolist()
    assert told == ["1 of 3 small areas is not in the table: Z01999999."]


def test_figures_are_sums_taken_row_by_row(store, membership):
    """Shares by tenure, worked out without any of the code that is measured."""
    table = store.read("ts054").set_index("area_code")
    entry = CATALOGUE["social_rented"]
    areas = list_areas(["one", "two"], "place")
    found = build_figures(store, areas, membership, {entry.id: entry}, against=ENGLAND)
    found = found.set_index("area_code")
    for code in ("one", "two"):
        members = membership.loc[membership["area_code"] == code, "small_area_code"]
        above = sum(int(table.loc[m, c]) for m in members for c in entry.numerator)
        below = sum(int(table.loc[m, c]) for m in members for c in entry.denominator)
        assert found.loc[code, "numerator"] == above
        assert found.loc[code, "denominator"] == below
        assert found.loc[code, "value"] == pytest.approx(100 * above / below, rel=1e-14)


def test_each_file_is_opened_once(store, membership, monkeypatch):
    opened: Counter[str] = Counter()
    read = Store.read_arrays

    def count(self, product_id, columns):
        opened[product_id] += 1
        return read(self, product_id, columns)

    monkeypatch.setattr(Store, "read_arrays", count)
    build_figures(store, list_areas(["one"], "place"), membership[:5], CATALOGUE, against=ENGLAND)
    assert len(opened) > 5
    assert set(opened.values()) == {1}


def test_arrays_are_the_columns_of_the_table(store):
    for product in ("ts054", "iod2025", "lookup_lsoa21_ward24"):
        table = store.read(product)
        arrays = store.read_arrays(product, [*table.columns, "no_such_column"])
        assert list(arrays) == list(table.columns)
        for name, values in arrays.items():
            if values.dtype == object:
                assert (
                    values.tolist()
                    == table[name].astype(object).where(table[name].notna(), None).tolist()
                )
            else:
                expected = table[name].to_numpy(dtype=float, na_value=np.nan)
                np.testing.assert_array_equal(values, expected)


def test_arrays_of_a_damaged_table_say_so(tmp_path, demo_store):
    (tmp_path / "manifest.json").write_bytes((demo_store / "manifest.json").read_bytes())
    (tmp_path / "ts054.parquet").write_bytes(b"no table")
    with pytest.raises(SourceError, match="damaged"):
        Store(tmp_path).read_arrays("ts054", ["area_code"])


def test_reader_asks_the_store_for_what_it_does_not_hold(store):
    reader = TableReader(store)
    reader.expect("ts054", ["owned_outright"])
    first = reader.read("ts054", ["area_code"])
    assert list(first) == ["area_code"]
    assert list(reader.read("ts054", ["owned_outright", "absent"])) == ["owned_outright"]
    assert reader.read_codes("ts054").tolist() == first["area_code"].tolist()


@pytest.mark.parametrize(
    ("ranks", "is_whole"),
    [([1.0, 2, 3], True), ([1.0, 3, 4], False), ([np.nan] * 3, False), (None, False)],
)
def test_whole_ranking_ends_at_its_number_of_rows(ranks, is_whole):
    columns = {} if ranks is None else {"imd_rank": np.array(ranks)}
    assert NumberTable(pd.Index(["a", "b", "c"]), columns).is_whole_ranking is is_whole


def test_rows_that_a_table_lacks_are_missing_and_not_the_last_row():
    table = NumberTable(pd.Index(["a", "b"], dtype=object), {"n": np.array([1.0, 2.0])})
    np.testing.assert_array_equal(table.take(table.find(["b", "z"]))["n"], [2.0, np.nan])
    empty = NumberTable(columns={"n": np.array([])})
    np.testing.assert_array_equal(empty.take(empty.find(["b"]))["n"], [np.nan])


def test_sums_do_not_depend_on_the_other_areas_or_columns():
    chance = np.random.default_rng(5)
    codes = [f"s{n}" for n in range(200)]
    counts = pd.DataFrame(chance.random((200, 6)), columns=list("uvwxyz"))
    counts.insert(0, "area_code", codes)
    members = pd.DataFrame(
        [
            (f"a{area}", code, chance.random())
            for area in range(30)
            for code in chance.choice(codes, 20, replace=False)
        ],
        columns=["area_code", "small_area_code", "share"],
    )
    together = aggregate_counts(counts, members)
    for area in ("a0", "a17", "a29"):
        own = members[members["area_code"] == area]
        for column in ("u", "z"):
            alone = aggregate_counts(counts[["area_code", column]], own)
            assert alone.loc[area, column] == together.loc[area, column]


def test_areas_without_members_keep_their_place():
    members = pd.DataFrame(
        [("b", "s1", 1.0), ("x", "s1", 1.0)], columns=["area_code", "small_area_code", "share"]
    )
    shares = build_shares(members, areas=pd.Index(["a", "b"], dtype=object))
    assert shares.members.tolist() == [0, 1]
    assert shares.small_areas.tolist() == ["s1"]


def test_country_is_not_made_from_part_of_its_small_areas():
    counts = pd.DataFrame({"area_code": ["s1", "s2", "s3"], "n": [1.0, 2.0, 4.0]})
    assert total_country(counts, "E", "England", lambda: ["s3", "s1"])[0]["n"] == 5
    values, reason = total_country(counts, "E", "England", lambda: ["s1", "s4"])
    assert np.isnan(values["n"])
    assert "England" in reason


def test_phrases_come_back_as_they_went_in():
    phrases = Phrases()
    texts = np.array(["", "why", "", "because", "why"], dtype=object)
    codes = phrases.encode(texts)
    assert codes.tolist() == [0, 1, 0, 2, 1]
    assert phrases.place("why") == 1
    decoded = pd.Series(phrases.decode(codes))
    assert decoded.tolist() == texts.tolist()
    assert decoded.dtype == "str"


def test_figures_and_what_is_missing_come_from_one_reading(store, membership, monkeypatch):
    areas = list_areas(["one"], "profile")
    own = membership[membership["area_code"] == "one"]
    alone = build_indicators(store, areas, own), missing_sources(store, areas, own)
    read, plain = Counter(), Store.read_arrays

    def count(self, product, columns):
        columns = list(columns)
        read.update((product, name) for name in columns)
        return plain(self, product, columns)

    monkeypatch.setattr(Store, "read_arrays", count)
    together = build_with_missing(store, areas, own)
    assert read
    assert set(read.values()) == {1}
    assert len(together[1]) > 0
    for one, other in zip(together, alone, strict=True):
        pd.testing.assert_frame_equal(one, other)


def test_a_table_of_one_period_keeps_its_look_up(store):
    tables = TableReader(store)
    (table,) = _read_periods(tables, "ts054", ["total"]).values()
    assert table.codes is tables.read_codes("ts054")


def test_the_latest_rows_are_those_of_each_indicator_by_itself(store, membership):
    areas = list_areas(["one"], "profile")
    own = membership[membership["area_code"] == "one"]
    profile = DataProfile(*build_with_missing(store, areas, own), areas)
    for entries in ([CATALOGUE["population"]], [*CATALOGUE.values()][::-3]):
        expected = take_latest(profile.select(*(entry.id for entry in entries)))
        pd.testing.assert_frame_equal(profile._select_latest(entries), expected)


def test_areas_without_any_figure_are_left_out_and_the_own_one_never():
    codes = ["own", "own", "told", "told", "silent", "silent"]
    roles = ["profile", "profile", *["district"] * 4]
    values = [None, None, None, 1.0, None, None]
    rows = pd.DataFrame({"area_code": codes, "area_role": roles, "value": values})
    assert drop_silent(rows).index.tolist() == [0, 1, 2, 3]
    assert len(drop_silent(rows.iloc[:4])) == 4
    assert drop_silent(rows.iloc[:0]).empty
