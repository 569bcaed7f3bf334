"""Real areas of Oxfordshire, defined in every way: the same place must come out the same."""

from __future__ import annotations

import shutil

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Polygon

from cip.area_definition import resolve_area
from cip.area_fit import fit_outlines
from cip.geography import read_ward_outlines
from cip.overlap import measure_overlaps
from cip.params import load_params
from cip.register import load_register
from cip.store import Store

pytestmark = pytest.mark.real

TEXT = """\
id: {id}
title: Littlemore
profile_kind: bespoke
area:
  {area}
organisation: {{name: Council, contact: page}}
"""


@pytest.fixture(scope="module")
def store(real_store):
    return Store(real_store)


@pytest.fixture(scope="module")
def register(store):
    return load_register(store)


@pytest.fixture(scope="module")
def littlemore(real_data, tmp_path_factory, register):
    """Littlemore as ward, as parish outline, as postcodes and as LSOAs: name to resolved area."""
    folder = tmp_path_factory.mktemp("littlemore")
    shutil.copy(real_data / "boundaries" / "littlemore_parish.geojson", folder / "parish.geojson")
    look_up = pd.read_csv(
        real_data / "postcodes" / "PCD_OA_LSOA_MSOA_LAD_lookup_Littlemore_LSOAs.csv", dtype=str
    )
    look_up["pcds"].rename("postcode").to_csv(folder / "postcodes.csv", index=False)
    lsoas = ", ".join(sorted(look_up["lsoa11cd"].unique()))
    ways = {
        "ward": "wards: [Littlemore]",
        "outline": "outlines: [parish.geojson]",
        "postcodes": "postcode_files: [postcodes.csv]",
        "lsoas": f"lsoas: [{lsoas}]",
    }
    areas = {}
    for name, words in ways.items():
        path = folder / f"{name}.yml"
        path.write_text(TEXT.format(id=f"littlemore-{name}", area=words), encoding="utf-8")
        areas[name] = resolve_area(load_params(path), register)
    return areas


def test_a_list_of_postcodes_is_the_lsoas_that_it_was_made_from(littlemore):
    assert littlemore["postcodes"].codes == littlemore["lsoas"].codes


def test_the_four_ways_differ_only_where_their_edges_do(littlemore):
    ward, outline = set(littlemore["ward"].codes), set(littlemore["outline"].codes)
    assert ward & outline
    for code in ward ^ outline:
        # What only one of them takes is an LSOA that the outline cuts or leaves out whole.
        fit = littlemore["outline"].fit.set_index("lsoa21_code")["share_inside"]
        assert fit.get(code, 0.0) <= 0.5 if code in ward else fit.get(code, 1.0) >= 0.5


def test_the_difference_is_told(littlemore, register, store):
    wards = read_ward_outlines(store)
    told = measure_overlaps(littlemore["outline"], register, wards=wards).set_index("name")
    ward = told[told["kind"] == "ward"].loc["Littlemore"]
    assert 0 < ward["share_of_area"] <= 1
    assert 0 < ward["share_of_other"] <= 1
    own = told[told["kind"] == "outline"].iloc[0]
    assert own["share_of_other"] == pytest.approx(littlemore["outline"].captured)
    assert own["share_of_area"] == pytest.approx(1 - littlemore["outline"].outside)


def test_postcodes_that_have_ended_are_told(littlemore):
    notes = " ".join(note.text for note in littlemore["postcodes"].notes)
    assert "no longer in use" in notes


def test_an_area_and_the_rest_of_the_county_hold_all_its_people(register, tmp_path):
    county = register.lsoas[register.lsoas["county_code"] == "E10000025"]
    wards = register.wards.index[:40]
    inside = register.lsoas.index[register.lsoas["ward24_code"].isin(wards)]
    path = tmp_path / "rest.yml"
    districts = ", ".join(sorted(county["lad_code"].unique()))
    words = f"districts: [{districts}]\n  exclude:\n    wards: [{', '.join(wards)}]"
    path.write_text(TEXT.format(id="the-rest", area=words), encoding="utf-8")
    rest = resolve_area(load_params(path), register).codes
    assert set(rest) | (set(inside) & set(county.index)) == set(county.index)
    assert not set(rest) & set(inside)
    people = register.lsoas["population"]
    assert people[rest].sum() + people[[c for c in inside if c in county.index]].sum() == (
        county["population"].sum()
    )


def test_every_lsoa_is_the_fit_of_its_own_shape(store, register):
    shapes = store.read("boundary_lsoa21").to_crs("EPSG:27700")
    fit = fit_outlines(shapes.geometry, register.oas)
    taken = fit[fit["belongs"]]
    found = shapes["area_code"].to_numpy()[taken["outline"]]
    # A generalised outline may lose a centroid at its edge, so a few in a hundred may be cut.
    assert (found == taken["lsoa21_code"]).mean() > 0.99
    assert taken["lsoa21_code"].nunique() >= 0.99 * len(shapes)


def test_many_random_polygons_are_fitted_in_one_call(register):
    chance = np.random.default_rng(2021)
    oas = register.oas.dropna(subset=["x"])
    centres = oas.sample(1000, replace=True, random_state=1)[["x", "y"]].to_numpy()
    turns = np.sort(chance.uniform(0, 2 * np.pi, (1000, 12)), axis=1)
    reach = chance.uniform(300, 6000, (1000, 12))
    corners = centres[:, None, :] + np.stack([np.cos(turns), np.sin(turns)], -1) * reach[..., None]
    outlines = gpd.GeoSeries([Polygon(ring).buffer(0) for ring in corners], crs="EPSG:27700")
    fit = fit_outlines(outlines, oas)
    for place in (0, 499, 999):
        inside = oas.index[gpd.GeoSeries.from_xy(oas["x"], oas["y"]).within(outlines[place])]
        counted = fit[fit["outline"] == place].set_index("lsoa21_code")["oas_inside"]
        expected = oas.loc[inside, "lsoa21_code"].value_counts()
        assert counted.sort_index().to_dict() == expected.sort_index().to_dict()
