"""Postcodes: how they are written, and which output areas a list of them stands for."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cip.errors import ParameterError, Problem

#: Outward code, then a digit and two letters (Royal Mail's format, without its rarer exclusions).
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")
_HEADINGS = ("postcode", "postcodes", "pcds", "pcd7", "pcd8", "pcd")


@dataclass(frozen=True)
class PlacedPostcodes:
    """What became of a list of postcodes.

    Parameters
    ----------
    oas
        Output areas of which most live postcodes are on the list.
    partial
        How many other output areas have a postcode on the list, but fewer than half of theirs.
    ended
        Postcodes on the list that are no longer in use.
    unknown
        Postcodes that the look-up does not have, or cannot place.
    """

    oas: frozenset[str]
    partial: int
    ended: tuple[str, ...]
    unknown: tuple[str, ...]


def tidy_postcode(text: str) -> str:
    """Return a postcode in capitals without spaces: the same place in the same words."""
    return re.sub(r"\s+", "", text).upper()


def is_postcode(text: str) -> bool:
    """Return whether a text is written like a whole postcode."""
    return _POSTCODE.fullmatch(tidy_postcode(text)) is not None


def read_postcodes(path: Path) -> list[str]:
    """Return the postcodes of a CSV file, from its column ``postcode`` or its only column.

    Raises
    ------
    ParameterError
        If there is no such column, or with every cell that is not a postcode.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ParameterError(
            Problem(f"this is not UTF-8 text (byte {error.start})", file=path)
        ) from None
    rows = list(csv.reader(text.splitlines()))
    place, first = _find_column(path, rows)
    cells = [(n, row[place].strip()) for n, row in enumerate(rows[first:], first + 1) if any(row)]
    problems = [
        Problem(
            "this is not a postcode", file=path, row=number, column="postcode",
            found=f"'{cell}'", expected="a whole postcode, such as AB1 2CD",
        )
        for number, cell in cells
        if not is_postcode(cell)
    ]  # fmt: skip
    if problems or not cells:
        raise ParameterError(problems or Problem("the file holds no postcodes", file=path))
    return [tidy_postcode(cell) for _, cell in cells]


def _find_column(path: Path, rows: list[list[str]]) -> tuple[int, int]:
    """Return the place of the column and the number of rows above its first postcode."""
    if rows and len(rows[0]) == 1 and is_postcode(rows[0][0]):
        return 0, 0
    headings = [cell.strip().casefold() for cell in rows[0]] if rows else []
    found = next((headings.index(name) for name in _HEADINGS if name in headings), None)
    if found is None:
        raise ParameterError(
            Problem(
                "the file has no column of postcodes",
                file=path,
                row=1,
                found=", ".join(headings) or "an empty file",
                expected="a column 'postcode'",
            )
        )
    return found, 1


def place_postcodes(postcodes: Iterable[str], lookup: pd.DataFrame) -> PlacedPostcodes:
    """Return the output areas that a list of postcodes stands for.

    A postcode is not a shape: it stands for about 15 homes. An output area counts when at least
    half of its postcodes that are in use are on the list. Postcodes that have ended are told and
    do not count.

    Parameters
    ----------
    postcodes
        Postcodes, tidied.
    lookup
        One row per postcode, indexed by it: ``oa21_code, is_live``.
    """
    wanted = pd.Index(dict.fromkeys(postcodes))
    known = lookup.loc[lookup.index.intersection(wanted)]
    unknown = [*wanted.difference(lookup.index), *known.index[known["oa21_code"].isna()]]
    live = lookup[lookup["is_live"].astype(bool) & lookup["oa21_code"].notna()]
    listed = live.loc[live.index.intersection(wanted), "oa21_code"].value_counts()
    share = listed / live["oa21_code"].value_counts().reindex(listed.index)
    return PlacedPostcodes(
        oas=frozenset(share.index[share >= 0.5]),
        partial=int((share < 0.5).sum()),
        ended=tuple(sorted(known.index[~known["is_live"].astype(bool)])),
        unknown=tuple(sorted(unknown)),
    )
