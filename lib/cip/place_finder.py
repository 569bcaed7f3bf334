"""Find the places that a parameter file names, and gather every mistake on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import geopandas as gpd
import pandas as pd
from shapely import Point
from shapely.geometry.base import BaseGeometry

from cip.area_fit import find_inside
from cip.errors import ParameterError, Problem, find_nearest
from cip.outlines import read_outline
from cip.param_models import Circle, Places
from cip.params import ParameterFile
from cip.postcodes import (
    PlacedPostcodes,
    is_postcode,
    place_postcodes,
    read_postcodes,
    tidy_postcode,
)
from cip.register import Register

T = TypeVar("T")


@dataclass(frozen=True)
class Note:
    """Something a reader should know about how the area was built."""

    kind: str  # "warning" or "information"
    text: str


@dataclass(frozen=True)
class Part:
    """One named place: whole LSOAs, or else the output areas in it.

    Parameters
    ----------
    level, code, name
        What it is: ``ward``, ``E05…``, and its name.
    lsoas
        Its LSOAs of 2021, where it is made of whole ones.
    oas
        Its output areas, where it is not.
    shape
        The outline it was drawn with (EPSG:27700), if it was.
    """

    level: str
    code: str
    name: str
    lsoas: frozenset[str] = frozenset()
    oas: frozenset[str] = frozenset()
    shape: BaseGeometry | None = None


class PlaceFinder:
    """Finds one place at a time and gathers problems and notes, so that all are told at once."""

    def __init__(self, file: ParameterFile, register: Register):
        self.file = file
        self.register = register
        self.problems: list[Problem] = []
        self.notes: list[Note] = []
        self.location: tuple[str | int, ...] = ()

    def find_all(self, places: Places, *location: str) -> list[Part]:
        """Return every place that can be found, in the order of the parameter file's keys."""
        finders: dict[str, Callable[..., Part]] = {
            "lsoas": self._find_lsoa,
            "msoas": self._find_msoa,
            "wards": self._find_ward,
            "districts": self._find_district,
            "oas": self._find_oa,
            "parishes": self._find_parish,
            "outlines": self._find_outline,
            "circles": self._find_circle,
            "postcode_files": self._find_postcode_file,
        }
        parts = [
            part
            for key, find in finders.items()
            for index, item in enumerate(getattr(places, key))
            if (part := self._try(find, item, (*location, key, index))) is not None
        ]
        if places.postcodes:
            place = (*location, "postcodes")
            found = self._try(
                lambda them: self._find_postcodes(them, "the postcodes listed"),
                places.postcodes,
                place,
            )
            parts += [found] if found else []
        return parts

    def _try(self, find: Callable[..., Part], item: object, location: tuple) -> Part | None:
        self.location = location
        try:
            return find(item)
        except LookupError:  # it is among the problems
            return None

    def _find_postcode_file(self, path: Path) -> Part:
        postcodes = self._read(lambda: read_postcodes(self.file.path.parent / path))
        return self._find_postcodes(postcodes, path.name)

    def _find_lsoa(self, text: str) -> Part:
        lsoas = self.register.lsoas
        changes = self.register.changes
        known = pd.concat([lsoas["lsoa21_name"], changes.set_index("lsoa11_code")["lsoa11_name"]])
        known = known[~known.index.duplicated()]
        code = self._match("LSOA", text, known)
        if code in lsoas.index:
            return Part("lsoa", code, lsoas.at[code, "lsoa21_name"], frozenset([code]))
        successors = self._translate_old([code], f"The LSOA {code} ({known[code]})", "2011")
        return Part("lsoa", code, known[code], successors)

    def _find_msoa(self, text: str) -> Part:
        msoas = self.register.msoas
        names = pd.concat([msoas["msoa21_name"], msoas["msoa21_hcl_name"]]).dropna()
        code = self._match("MSOA", text, names, codes=msoas.index)
        lsoas = self.register.lsoas
        name = names.get(code, code)
        name = name if isinstance(name, str) else name.iloc[0]
        return Part("msoa", code, name, frozenset(lsoas.index[lsoas["msoa21_code"] == code]))

    def _find_ward(self, text: str) -> Part:
        wards = self.register.wards
        old = self.register.old_wards.drop_duplicates("ward19_code").set_index("ward19_code")
        old_only = old.loc[~old.index.isin(wards.index), "ward19_name"]
        is_current_name = text.casefold() in set(wards["ward24_name"].str.casefold())
        # A name that is still in use means today's ward; its retired namesake needs its code.
        retired = old_only[old_only.index == text] if is_current_name else old_only
        known = pd.concat([wards["ward24_name"], retired])
        code = self._match("ward", text, known)
        if code in wards.index:
            lsoas = self.register.lsoas
            members = frozenset(lsoas.index[lsoas["ward24_code"] == code])
            return Part("ward", code, wards.at[code, "ward24_name"], members)
        members = self.register.old_wards
        lsoa11 = list(members.loc[members["ward19_code"] == code, "lsoa11_code"])
        what = f"The ward {code} ({known[code]}) of 2019"
        return Part("ward", code, known[code], self._translate_old(lsoa11, what, "2019"))

    def _find_district(self, text: str) -> Part:
        code = self._match("district", text, self.register.districts)
        lsoas = self.register.lsoas
        members = frozenset(lsoas.index[lsoas["lad_code"] == code])
        return Part("district", code, self.register.districts[code], members)

    def _find_oa(self, text: str) -> Part:
        oas = self._need_oas(text)
        code = self._match("Output Area", text, pd.Series(oas.index, index=oas.index))
        return Part("oa", code, code, oas=frozenset([code]))

    def _find_parish(self, text: str) -> Part:
        self._need_oas(text)
        parishes = self.register.parishes
        if parishes.empty:
            self._refuse(
                "the store holds no look-up of parishes", text,
                expected="the parish drawn as an outline, under 'outlines'",
            )  # fmt: skip
        names = parishes.drop_duplicates("parish_code").set_index("parish_code")["parish_name"]
        code = self._match("parish", text, names)
        members = parishes.loc[parishes["parish_code"] == code, "oa21_code"]
        return Part("parish", code, names[code], oas=frozenset(members))

    def _find_outline(self, path: Path) -> Part:
        oas = self._need_oas(str(path))
        outline = self._read(lambda: read_outline(self.file.path.parent / path))
        self.notes += [Note("warning", text) for text in outline.notes]
        self._check_coverage(outline.shape, path.name)
        return self._fit_shape("outline", path.name, outline.shape, oas)

    def _find_circle(self, circle: Circle) -> Part:
        oas = self._need_oas(circle.centre)
        point = self._find_point(circle.centre)
        name = f"{circle.metres:,.0f} metres around {circle.centre}"
        shape = point.buffer(circle.metres, quad_segs=64)
        self._check_coverage(shape, name)
        return self._fit_shape("circle", name, shape, oas)

    def _find_postcodes(self, postcodes: list[str], name: str) -> Part:
        self._need_oas(name)
        lookup = self._need_postcodes(name)
        bad = [text for text in postcodes if not is_postcode(text)]
        if bad:
            self._refuse("this is not a whole postcode", bad[0], expected="such as AB1 2CD")
        placed = place_postcodes(map(tidy_postcode, postcodes), lookup)
        if not placed.oas:
            self._refuse(
                "none of the postcodes stands for an output area of the store", name,
                expected="postcodes of the area that the store covers",
            )  # fmt: skip
        self.notes += describe_postcodes(placed, name, len(postcodes))
        return Part("postcodes", name, name, oas=placed.oas)

    def _fit_shape(self, level: str, name: str, shape: BaseGeometry, oas: pd.DataFrame) -> Part:
        inside = find_inside(shape, oas)
        if inside.empty:
            self._refuse(
                "no output area of the store has its centre inside", name,
                expected="an outline around places that the store covers",
            )  # fmt: skip
        return Part(level, name, name, oas=frozenset(inside), shape=shape)

    def _check_coverage(self, shape: BaseGeometry, name: str) -> None:
        """Tell how much of an outline lies where the store has no small areas."""
        shapes = self.register.shapes
        if shapes is None:
            return
        near = shapes.geometry[shapes.sindex.query(shape, predicate="intersects")]
        covered = shape.intersection(near.union_all()).area / shape.area
        if covered < 0.99:
            self.notes.append(
                Note(
                    "warning",
                    f"{1 - covered:.0%} of {name} lies where the store has no small areas: over the "
                    "edge of the county, or over water. Whoever lives there is not counted.",
                )
            )

    def _find_point(self, text: str) -> Point:
        numbers = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*", text)
        if numbers:
            first, second = map(float, numbers.groups())
            is_degrees = 49 <= first <= 61 and -9 <= second <= 3
            crs, place = (
                ("EPSG:4326", Point(second, first))
                if is_degrees
                else ("EPSG:27700", Point(first, second))
            )
            return gpd.GeoSeries([place], crs=crs).to_crs("EPSG:27700").iloc[0]
        if not is_postcode(text):
            self._refuse(
                "this centre is neither a postcode nor a pair of coordinates", text,
                expected="'AB1 2CD', 'latitude, longitude' or 'easting, northing'",
            )  # fmt: skip
        lookup = self._need_postcodes(text)
        code = lookup["oa21_code"].get(tidy_postcode(text))
        if not isinstance(code, str) or code not in self.register.oas.index:
            self._refuse("the look-up does not place this postcode", text, expected="another one")
        # The postcode's own point is not in the look-up: its output area's centre stands for it.
        return Point(self.register.oas.loc[code, ["x", "y"]].astype(float))

    def _need_oas(self, text: str) -> pd.DataFrame:
        oas = self.register.oas
        if oas.empty:
            self._refuse(
                "the store holds no output areas with their centres, which this needs", text,
                expected="the products 'lookup_oa21' and 'centroid_oa21' in the store",
            )  # fmt: skip
        return oas

    def _need_postcodes(self, text: str) -> pd.DataFrame:
        lookup = self.register.postcodes
        if lookup.empty:
            self._refuse(
                "the store holds no look-up of postcodes", text,
                expected="the product 'lookup_postcode' in the store",
            )  # fmt: skip
        return lookup

    def _read(self, read: Callable[[], T]) -> T:
        """Read a file; its problems join the others."""
        try:
            return read()
        except ParameterError as error:
            self.problems += error.problems
            raise LookupError from None

    def _match(
        self, kind: str, text: str, names: pd.Series, *, codes: Iterable[str] | None = None
    ) -> str:
        """Return the code that ``text`` is or names; record a problem and raise LookupError if none."""
        valid = pd.Index(names.index if codes is None else codes)
        if text in valid:
            return text
        named = names.index[names.str.casefold() == text.casefold()].unique()
        if len(named) == 1:
            return str(named[0])
        if len(named) > 1:
            self._refuse(
                f"the {kind} name is used by {len(named)} places",
                text,
                expected=f"a code: {', '.join(named)}",
            )
        nearest = find_nearest(text, [*names.dropna().unique(), *valid])
        if nearest in valid and nearest in names.index:
            nearest = f"{nearest} ({names[nearest]})"
        self._refuse(f"there is no {kind} of this code or name in the store", text, nearest=nearest)
        raise LookupError(text)

    def _refuse(self, message: str, found: str, **more: str | None) -> None:
        line = self.file.find_line(*self.location)
        self.problems.append(
            Problem(message, file=self.file.path, line=line, found=f"'{found}'", **more)
        )
        if "expected" in more:
            raise LookupError(found)

    def _translate_old(self, lsoa11: list[str], what: str, year: str) -> frozenset[str]:
        rows = self.register.changes[self.register.changes["lsoa11_code"].isin(lsoa11)]
        if rows.empty or (rows["change"] == "X").any():
            self._refuse(
                f"{what} is of a retired vintage and has no exact successor",
                ", ".join(lsoa11),
                expected="codes of LSOA 2021",
            )
        text = f"{what} is a code of {year}. It was translated to {len(rows)} LSOA(s) of 2021."
        if (rows["change"] == "M").any():
            text += (
                " A merged LSOA of 2021 is larger than its parts, so the area may be larger too."
            )
        self.notes.append(Note("warning", text))
        return frozenset(rows["lsoa21_code"])


def describe_postcodes(placed: PlacedPostcodes, name: str, count: int) -> list[Note]:
    """Return what a reader should know of how a list of postcodes was placed."""
    sentences = [
        f"{name}: {count:,} postcodes stand for {len(placed.oas)} output areas, each of which has "
        "at least half of its postcodes on the list."
    ]
    if placed.partial:
        sentences.append(f"{placed.partial} more have fewer than half, and are left out.")
    if placed.ended:
        few = ", ".join(placed.ended[:5])
        sentences.append(f"{len(placed.ended)} are no longer in use and do not count: {few}.")
    if placed.unknown:
        few = ", ".join(placed.unknown[:5])
        sentences.append(f"{len(placed.unknown)} are not in the look-up: {few}.")
    kind = "warning" if placed.ended or placed.unknown else "information"
    return [Note(kind, " ".join(sentences))]
