"""Find a place by what an analyst types: a name, a code or a postcode."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from cip.errors import find_nearest
from cip.interactive.selection import Place
from cip.postcodes import is_postcode, tidy_postcode
from cip.register import Register

#: Larger places first where several fit a text equally well.
LEVELS = ("district", "ward", "msoa", "lsoa")
MOST_RESULTS = 30
_MEMBER_COLUMN = {"district": "lad_code", "ward": "ward24_code", "msoa": "msoa21_code"}
_SHORTEST = 2

NO_POSTCODES = (
    "The store has no postcode look-up ('lookup_postcode'), so a postcode cannot be found. "
    "Fetch it, or search by the name of a ward or neighbourhood."
)


@dataclass(frozen=True)
class Found:
    """What a search has brought: places, best first, and a sentence about them."""

    places: tuple[Place, ...]
    words: str


def fold(text: str) -> str:
    """Return a text as it is compared: no accents, no punctuation, lower case, single spaces."""
    plain = unicodedata.normalize("NFKD", text.replace("&", " and "))
    letters = "".join(c for c in plain if not unicodedata.combining(c) and c not in "'’‘`")
    return " ".join(re.sub(r"[^0-9a-z]+", " ", letters.casefold()).split())


class PlaceSearch:
    """An index of every place of the register, by name and code.

    Parameters
    ----------
    register
        Every place that the store knows.
    """

    def __init__(self, register: Register):
        self._register = register

    @property
    def has_postcodes(self) -> bool:
        """True when postcodes can be found."""
        return "postcodes" in self._register.readers

    def find(self, text: str) -> Found:
        """Return the places that a text may mean.

        The order is: the same code or name, names that begin so, names with a word that begins
        so, names that contain it; among equals the larger place first.
        """
        wanted = fold(text)
        if len(wanted) < _SHORTEST:
            return Found((), f"Type at least {_SHORTEST} letters of a name, a code or a postcode.")
        ranks = self._rank(wanted)
        hits = self._entries.assign(rank=ranks)[ranks < 9]
        hits = hits.sort_values(["rank", "order", "folded", "code"], kind="stable")
        hits = hits.drop_duplicates("code")
        if hits.empty:
            return self._find_postcode(text) or self._suggest(text)
        places = tuple(
            self._make_place(row.level, row.code)
            for row in hits.head(MOST_RESULTS).itertuples(index=False)
        )
        return Found(places, _describe_hits(len(hits), text))

    @cached_property
    def _entries(self) -> pd.DataFrame:
        """One row per name of a place: ``level, code, name, folded, order``."""
        register = self._register
        names = {
            "district": [register.districts],
            "ward": [register.wards["ward24_name"]],
            "msoa": [register.msoas["msoa21_hcl_name"], register.msoas["msoa21_name"]],
            "lsoa": [register.lsoas["lsoa21_name"]],
        }
        pieces = [
            pd.DataFrame({"level": level, "code": series.index, "name": series.to_numpy()})
            for level in LEVELS
            for series in names[level]
        ]
        entries = pd.concat(pieces, ignore_index=True)
        # A place without a name is still found by its code.
        entries["name"] = entries["name"].where(entries["name"].notna(), entries["code"])
        entries["folded"] = [fold(name) for name in entries["name"]]
        entries["order"] = entries["level"].map(LEVELS.index)
        return entries

    def _rank(self, wanted: str) -> pd.Series:
        """Return how well each entry fits: 0 best, 9 not at all."""
        names, codes = self._entries["folded"], self._entries["code"].str.casefold()
        ranks = pd.Series(9, index=names.index)
        ranks[names.str.contains(wanted, regex=False)] = 4
        ranks[(" " + names).str.contains(f" {wanted}", regex=False)] = 3
        ranks[names.str.startswith(wanted)] = 2
        ranks[(names == wanted) | (codes == wanted)] = 0
        if len(wanted) >= 6:
            ranks[codes.str.startswith(wanted) & (ranks == 9)] = 5
        return ranks

    @cached_property
    def _members(self) -> dict[str, dict[str, frozenset[str]]]:
        lsoas = self._register.lsoas
        return {
            level: {
                str(code): frozenset(group) for code, group in lsoas.groupby(column).groups.items()
            }
            for level, column in _MEMBER_COLUMN.items()
        }

    def _make_place(self, level: str, code: str) -> Place:
        register = self._register
        if level == "lsoa":
            row = register.lsoas.loc[code]
            within = f"{row['ward24_name']} ward" if isinstance(row["ward24_name"], str) else ""
            return Place(
                level, code, _pick_name(row["lsoa21_name"], code), frozenset([code]), within
            )
        codes = self._members[level].get(code, frozenset())
        if level == "ward":
            row = register.wards.loc[code]
            return Place(level, code, row["ward24_name"], codes, row["lad24_name"])
        if level == "msoa":
            row = register.msoas.loc[code]
            official = _pick_name(row["msoa21_name"], code)
            return Place(level, code, _pick_name(row["msoa21_hcl_name"], official), codes, official)
        return Place(level, code, register.districts[code], codes)

    def _find_postcode(self, text: str) -> Found | None:
        """Return the small area of a postcode, or None where the text is none."""
        if not is_postcode(text):
            return None
        postcode = tidy_postcode(text)
        shown = f"{postcode[:-3]} {postcode[-3:]}"
        if not self.has_postcodes:
            return Found((), NO_POSTCODES)
        table = self._register.postcodes
        if postcode not in table.index:
            return Found((), f"The postcode {shown} is not in the store's postcode look-up.")
        row, oas = table.loc[postcode], self._register.oas["lsoa21_code"]
        if pd.isna(row["oa21_code"]) or row["oa21_code"] not in oas.index:
            return Found((), f"The look-up does not say in which output area of 2021 {shown} lies.")
        place = self._make_place("lsoa", oas[row["oa21_code"]])
        ended = "" if row["is_live"] else " It is no longer in use."
        return Found((place,), f"The postcode {shown} lies in {place.name}.{ended}")

    def _suggest(self, text: str) -> Found:
        # Names of LSOAs are those of districts with a number: nothing to mistype but the number.
        names = self._entries.loc[self._entries["level"] != "lsoa", "name"].unique()
        words = {word for name in names for word in name.split() if len(word) > _SHORTEST}
        nearest = find_nearest(text.strip(), [*names, *sorted(words.difference(names))])
        hint = f" Did you mean '{nearest}'?" if nearest else ""
        return Found((), f"No place of this name or code is in the store: '{text.strip()}'.{hint}")


def describe_place(place: Place) -> str:
    """Return a place as one line of a list: what it is, where, and how many small areas."""
    kinds = {"lsoa": "LSOA", "msoa": "MSOA", "ward": "ward", "district": "district"}
    where = f", {place.within}" if place.within and place.within != place.name else ""
    count = "" if place.level == "lsoa" else f", {len(place.codes):,} small areas"
    if len(place.codes) == 1:
        count = count.removesuffix("s")
    return f"{place.name}: {kinds[place.level]} {place.code}{where}{count}"


def _pick_name(name: object, otherwise: str) -> str:
    return name if isinstance(name, str) and name else otherwise


def _describe_hits(count: int, text: str) -> str:
    words = "1 place fits" if count == 1 else f"{count:,} places fit"
    more = f" The first {MOST_RESULTS} are listed." if count > MOST_RESULTS else ""
    return f"{words} '{text.strip()}'.{more}"
