"""Which records are worth comparing: few of all pairs, found without comparing each with each."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process
from scipy.spatial import cKDTree

from cip.assets.alike import find_bond
from cip.assets.name_words import fold_words
from cip.assets.names import Name, parse_name
from cip.assets.record import NAMELESS, split_parts
from cip.catalogue.asset_types import load_asset_types
from cip.postcodes import tidy_postcode

#: Records with similar names within this distance may be one thing (the issue's own figure).
NEAR_M = 100.0
#: Records of one name, apart because one point is a gate and the other the middle of a site.
SITE_M = 400.0
#: Two records without a name of their own, or two of one source, must lie as close as this.
CLOSE_M = 25.0
#: A name that more records share than this is a chain's: it tells nothing without a place.
MOST_OF_A_NAME = 12
_ROWS_AT_ONCE = 4_000
_LEAST_ALIKE = 70.0


@dataclass(frozen=True, eq=False)
class Points:
    """The columns of records that comparing them needs, as arrays in one order.

    ``names`` is None where a record has no name; ``ids`` holds its shared ids; ``cores`` the telling
    words of its name, ``wholes`` all words of it in one.
    """

    asset_id: np.ndarray
    source: np.ndarray
    sources: list[frozenset[str]]
    types: np.ndarray
    kinds: np.ndarray
    names: list[Name | None]
    places: list[str]
    postcode: np.ndarray
    xy: np.ndarray
    is_given: np.ndarray
    status: np.ndarray
    ids: list[frozenset[str]]
    cores: np.ndarray
    wholes: np.ndarray

    def measure(self, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        """Return the metres between records; missing where one has no point."""
        return np.hypot(*(self.xy[i] - self.xy[j]).T)


def arrange_points(records: pd.DataFrame) -> Points:
    """Return the records as arrays, sorted by id so that the order of rows changes nothing."""
    table = records.sort_values("asset_id", kind="stable").reset_index(drop=True)
    texts = {name: table[name].astype(object).to_numpy() for name in ("name", "address")}
    names = [
        parse_name(text) if _is_own_name(text, asset_type) else None
        for text, asset_type in zip(texts["name"], table["asset_type"], strict=True)
    ]
    joined = table["sources"] if "sources" in table else table["source_id"]
    return Points(
        asset_id=_take(table["asset_id"]),
        source=_take(table["source_id"]),
        sources=[frozenset(split_parts(text)) for text in joined],
        types=_take(table["asset_type"]),
        kinds=_take(table["kind"]),
        names=names,
        places=[text if isinstance(text, str) else "" for text in texts["address"]],
        postcode=_take(table["postcode"].map(tidy_postcode, na_action="ignore")),
        xy=table[["x", "y"]].to_numpy(float),
        is_given=(table["located_by"] == "given").to_numpy(bool, na_value=False),
        status=_take(table["status"]),
        ids=[frozenset(part.casefold() for part in split_parts(t)) for t in table["shared_id"]],
        cores=np.array(["" if n is None else " ".join(n.core) for n in names], dtype=object),
        wholes=np.array(["" if n is None else "".join(n.words) for n in names], dtype=object),
    )


def _take(column: pd.Series) -> np.ndarray:
    """Return a column of text with "" for what is missing."""
    return column.astype(object).where(column.notna(), "").to_numpy(dtype=object)


def _is_own_name(text: object, asset_type: str) -> bool:
    """Return whether a name is more than the word for all of its type, which stands for none."""
    if not isinstance(text, str) or text.endswith(NAMELESS):
        return False
    words = fold_words(text)
    return bool(words) and words not in _name_type(asset_type)


@cache
def _name_type(asset_type: str) -> frozenset[tuple[str, ...]]:
    entry = load_asset_types()[asset_type]
    return frozenset(fold_words(text) for text in (entry.label, entry.plural))


def list_candidates(points: Points) -> np.ndarray:
    """Return the pairs of records that may be one thing, as rows of two positions, each once.

    Pairs share an id; or are of types that may be one, of different sources, near one another or
    of one postcode, and alike in name; or have the same name.
    """
    parts = [_share_an_id(points), _share_a_name(points)]
    for first, second in _part_by_source(points):
        parts.append(_lie_near(points, first, second))
        parts.append(_keep_alike(points, _share_a_postcode(points, first, second)))
    pairs = np.sort(np.vstack(parts), axis=1)
    return np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)


def _share_an_id(points: Points) -> np.ndarray:
    parts = [(part, i) for i, ids in enumerate(points.ids) for part in ids]
    return _pair_within([key for key, _ in parts], [place for _, place in parts])


def _share_a_name(points: Points) -> np.ndarray:
    """Pair records of the same name, whatever their type: those of chains only where close."""
    rows = [(n.key, i) for i, n in enumerate(points.names) if n is not None and not n.is_bare]
    table = pd.DataFrame(rows, columns=["key", "place"])
    size = table.groupby("key")["place"].transform("size")
    few = table[size <= MOST_OF_A_NAME]
    parts = [_pair_within(few["key"].tolist(), few["place"].tolist())]
    for _, group in table[size > MOST_OF_A_NAME].groupby("key"):
        places = group["place"].to_numpy()
        places = places[~np.isnan(points.xy[places]).any(axis=1)]
        parts.append(places[_find_close(points.xy[places])])
    return np.vstack(parts)


def _find_close(xy: np.ndarray) -> np.ndarray:
    # Where hundreds of one name lie in one spot, pairs of neighbours in a row are enough.
    spots, first = np.unique(xy, axis=0, return_index=True)
    if not len(spots):
        return np.empty((0, 2), dtype=int)
    pairs = cKDTree(spots).query_pairs(CLOSE_M, output_type="ndarray")
    order = np.lexsort(xy.T)
    same = (np.diff(xy[order], axis=0) == 0).all(axis=1)
    return np.vstack([first[pairs].reshape(-1, 2), np.column_stack([order[:-1], order[1:]])[same]])


def _pair_within(keys: Sequence[str], places: Sequence[int]) -> np.ndarray:
    """Return every pair of places that share a key."""
    table = pd.DataFrame(
        {"key": pd.Series(keys, dtype=object), "place": pd.Series(places, dtype=int)}
    )
    table = table[table["key"].duplicated(keep=False)]
    both = table.merge(table, on="key", suffixes=("_a", "_b"), validate="m:m")
    return both.loc[both["place_a"] < both["place_b"], ["place_a", "place_b"]].to_numpy(int)


def _part_by_source(points: Points) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield places of one type and source, and of what of other sources they may be one with."""
    has_name = points.wholes != ""
    by_type = {name: np.flatnonzero(points.types == name) for name in sorted(set(points.types))}
    for type_a, type_b in itertools.combinations_with_replacement(by_type, 2):
        if find_bond(type_a, type_b) is None:
            continue
        own, other = by_type[type_a], by_type[type_b]
        if type_a != type_b:
            own, other = own[has_name[own]], other[has_name[other]]
        for source in sorted(set(points.source[own])):
            first = own[points.source[own] == source]
            sources = points.source[other]
            is_other = sources > source if type_a == type_b else sources != source
            if is_other.any():
                yield first, other[is_other]


def _lie_near(points: Points, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    placed = [part[~np.isnan(points.xy[part]).any(axis=1)] for part in (first, second)]
    if not len(placed[0]) or not len(placed[1]):
        return np.empty((0, 2), dtype=int)
    tree = cKDTree(points.xy[placed[1]])
    parts = []
    for start in range(0, len(placed[0]), _ROWS_AT_ONCE):
        own = placed[0][start : start + _ROWS_AT_ONCE]
        found = cKDTree(points.xy[own]).sparse_distance_matrix(tree, NEAR_M, output_type="ndarray")
        parts.append(_keep_alike(points, np.column_stack([own[found["i"]], placed[1][found["j"]]])))
    return np.vstack(parts)


def _share_a_postcode(points: Points, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    tables = [
        pd.DataFrame({"postcode": points.postcode[part], "place": part}) for part in (first, second)
    ]
    tables = [table[table["postcode"] != ""] for table in tables]
    both = tables[0].merge(tables[1], on="postcode", suffixes=("_a", "_b"), validate="m:m")
    return both[["place_a", "place_b"]].to_numpy(int)


def _keep_alike(points: Points, pairs: np.ndarray) -> np.ndarray:
    """Drop pairs whose names have nothing in common; a name that tells nothing is kept if close."""
    if not len(pairs):
        return pairs.reshape(-1, 2)
    first, second = pairs.T
    kept = (points.cores[first] == "") | (points.cores[second] == "")
    for texts, scorer in ((points.cores, fuzz.token_set_ratio), (points.wholes, fuzz.ratio)):
        scores = process.cpdist(texts[first], texts[second], scorer=scorer)
        kept |= scores >= _LEAST_ALIKE
    return pairs[kept]
