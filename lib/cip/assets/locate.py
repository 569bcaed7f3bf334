"""Where an asset without coordinates lies: the point of its postcode, offline, and said so."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from cip.assets.source_names import name_source
from cip.postcodes import tidy_postcode
from cip.store import Store

#: What the column ``located_by`` says.
GIVEN, BY_POSTCODE, BY_OUTPUT_AREA = "given", "postcode", "output area"
#: Code-Point's word for a postcode that it has no point for.
NO_POINT_QUALITY = 90

_PRODUCT, _LOOKUP, _CENTROIDS = "postcode_points", "lookup_postcode", "centroid_oa21"


def read_postcode_points(store: Store) -> pd.DataFrame:
    """Return the point of every postcode that the store can place.

    Postcodes with a point of their own (Code-Point Open, ONS directories) come first. The others
    that the look-up knows get the centre of their output area, which stands for about 130 homes
    where a postcode stands for about 15.

    Returns
    -------
    DataFrame
        One row per postcode, indexed by it in capitals without a space: ``x`` and ``y`` in metres
        (EPSG:27700), ``located_by`` (postcode or output area). Empty without either product. The
        table is shared between callers: copy it before changing it.
    """
    names = (_PRODUCT, _LOOKUP, _CENTROIDS)
    return _read_points(
        str(store.root), tuple(store.digest(n) if store.has(n) else "" for n in names)
    )


@lru_cache(maxsize=4)
def _read_points(root: str, digests: tuple[str, ...]) -> pd.DataFrame:
    """Read the points of one state of a store: a batch asks for them area after area."""
    store = Store(root)
    parts = []
    if digests[0]:
        table = store.read(_PRODUCT, ["postcode", "quality", "x", "y"])
        table = table[(table["quality"] != NO_POINT_QUALITY).fillna(True)]
        parts.append(table[["postcode", "x", "y"]].assign(located_by=BY_POSTCODE))
    if digests[1] and digests[2]:
        parts.append(_read_output_areas(store).assign(located_by=BY_OUTPUT_AREA))
    if not parts:
        parts = [pd.DataFrame({"postcode": [], "x": [], "y": [], "located_by": []})]
    points = pd.concat(parts, ignore_index=True).dropna(subset=["postcode", "x", "y"])
    points["postcode"] = (
        points["postcode"].astype("str").str.replace(r"\s+", "", regex=True).str.upper()
    )
    points = points.astype({"x": "float64", "y": "float64", "located_by": "str"})
    return points.drop_duplicates("postcode", keep="first").set_index("postcode")


def _read_output_areas(store: Store) -> pd.DataFrame:
    lookup = store.read(_LOOKUP, ["postcode", "oa21_code", "oa11_code"])
    # An output area that did not change since 2011 kept its code, and one that did got another.
    lookup["area_code"] = lookup["oa21_code"].fillna(lookup["oa11_code"])
    centres = store.read(_CENTROIDS, ["area_code", "x", "y"])
    placed = lookup.merge(centres, on="area_code", how="inner", validate="many_to_one")
    return placed[["postcode", "x", "y"]]


def locate_records(records: pd.DataFrame, points: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Give records without coordinates the point of their postcode.

    A record that has no point after that is kept as it is, and counted.

    Parameters
    ----------
    records
        One row per record (`cip.assets.record`).
    points
        From `read_postcode_points`.

    Returns
    -------
    tuple
        The records with ``x``, ``y`` and ``located_by`` filled in where that can be done
        (given, postcode, output area; missing without a point), and one sentence for each source
        that does not give all its points itself.
    """
    placed = records.copy()
    has_point = placed["x"].notna() & placed["y"].notna()
    placed.loc[~has_point, ["x", "y", "located_by"]] = pd.NA
    placed["located_by"] = placed["located_by"].mask(has_point & placed["located_by"].isna(), GIVEN)
    wanted = placed.loc[~has_point, "postcode"].dropna().map(tidy_postcode)
    rows = points.index.get_indexer(wanted)  # the index keeps its hash table between calls
    known, rows = wanted.index[rows >= 0], rows[rows >= 0]
    if len(known):
        for column in ("x", "y", "located_by"):
            placed.loc[known, column] = points[column].to_numpy()[rows]
    return placed, _describe_places(placed, points)


def _describe_places(placed: pd.DataFrame, points: pd.DataFrame) -> list[str]:
    notes = []
    words = {
        BY_POSTCODE: "placed by their postcode, which stands for about 15 addresses",
        BY_OUTPUT_AREA: "placed by the output area of their postcode, about 130 homes",
    }
    for source_id, own in placed.groupby("source_id", sort=True):
        how = own["located_by"].value_counts()
        said = [f"{how[key]:,} {text}" for key, text in words.items() if how.get(key)]
        without = int(own["x"].isna().sum())
        said += [f"{without:,} without a place"] if without else []
        if said:
            name = name_source(str(source_id))
            notes.append(f"{name[:1].upper()}{name[1:]}: of {len(own):,}, {'; '.join(said)}.")
    if points.empty and placed["x"].isna().any():
        notes.append(
            "The store has no points of postcodes ('postcode_points'), so an asset without "
            "coordinates cannot be placed."
        )
    return notes
