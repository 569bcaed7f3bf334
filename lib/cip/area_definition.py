"""From the words of a parameter file to LSOA codes, with what was noticed on the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from cip.area_fit import find_near_edge, fit_small_areas, weigh_oas
from cip.errors import ParameterError, Problem
from cip.params import ParameterFile
from cip.place_finder import Note, Part, PlaceFinder
from cip.register import Register

__all__ = ["Note", "ResolvedArea", "resolve_area"]

_FIT_COLUMNS = {
    "lsoa21_code": str, "oas": int, "oas_inside": int, "share_inside": float, "belongs": bool,
}  # fmt: skip


@dataclass
class ResolvedArea:
    """The profile area as whole LSOAs of 2021.

    Parameters
    ----------
    codes
        LSOA 2021 codes, sorted, each once.
    parts
        One row per named place: ``level, code, name, is_excluded, oas, lsoas`` (how many of each
        it brought or took away; ``oas`` is missing where the place is made of whole LSOAs).
    notes
        Warnings and information for the reader.
    fit
        One row per LSOA that the named places do not take or leave whole, as
        :func:`cip.area_fit.fit_small_areas` gives it. Empty where all are made of whole LSOAs.
    outlines
        One row per outline or circle: ``name, is_excluded`` and its shape (EPSG:27700).
    wanted
        Weight of the people in the output areas asked for; None where only LSOAs were named.
    captured, outside
        Share of those people who live in the LSOAs of ``codes``, and share of the people of
        ``codes`` who live outside what was asked for (0 to 1).
    """

    codes: list[str]
    parts: pd.DataFrame
    notes: list[Note] = field(default_factory=list)
    fit: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(_FIT_COLUMNS)).astype(_FIT_COLUMNS)
    )
    outlines: gpd.GeoDataFrame | None = None
    wanted: float | None = None
    captured: float = 1.0
    outside: float = 0.0


def resolve_area(file: ParameterFile, register: Register) -> ResolvedArea:
    """Translate the places that a file names into the LSOAs of 2021 that make up the area.

    Wards are taken through the best-fit look-up; MSOAs and districts nest exactly. Codes of LSOA
    2011 and of wards of 2019 are translated through the look-ups, with a warning. Output areas,
    parishes, postcodes, outlines and circles are gathered as output areas; the profile takes the
    LSOAs in which most people live in them (see :mod:`cip.area_fit`).

    Raises
    ------
    ParameterError
        With every place that is not in the store, its line, and the nearest valid one; or when
        no LSOA is left.
    """
    finder = PlaceFinder(file, register)
    wanted = finder.find_all(file.params.area, "area")
    excluded = finder.find_all(file.params.area.exclude, "area", "exclude")
    if finder.problems:
        raise ParameterError(finder.problems)
    area = _combine(wanted, excluded, register)
    if not area.codes:
        raise ParameterError(_explain_empty(file, area, excluded))
    area.notes = [
        *finder.notes,
        *_describe_repeats(wanted),
        *_describe_edge(wanted, register),
        *_describe_district_crossings(area.codes, wanted, register),
    ]
    return area


def _combine(wanted: list[Part], excluded: list[Part], register: Register) -> ResolvedArea:
    whole = _join(p.lsoas for p in wanted) - _join(p.lsoas for p in excluded)
    area = ResolvedArea(
        sorted(whole), _tabulate(wanted, excluded), outlines=_gather(wanted, excluded)
    )
    if not any(part.oas for part in (*wanted, *excluded)):
        return area
    oas = register.oas
    lsoa = oas["lsoa21_code"]
    inside = lsoa.isin(whole) | oas.index.isin(_join(p.oas for p in wanted))
    inside &= ~lsoa.isin(_join(p.lsoas for p in excluded))
    inside &= ~oas.index.isin(_join(p.oas for p in excluded))
    fit = fit_small_areas(oas.index[inside], oas)
    # An LSOA that a look-up names and whose output areas the store lacks cannot be cut.
    area.codes = sorted({*fit.loc[fit["belongs"], "lsoa21_code"], *(whole - set(lsoa))})
    area.fit = fit[fit["share_inside"] < 1].reset_index(drop=True)
    weight, taken = weigh_oas(oas), lsoa.isin(area.codes)
    area.wanted = float(weight[inside].sum())
    both = float(weight[inside & taken].sum())
    area.captured = both / area.wanted if area.wanted else 0.0
    area.outside = 1 - both / float(weight[taken].sum()) if taken.any() else 0.0
    return area


def _join(sets: Iterable[frozenset[str]]) -> set[str]:
    return set().union(*sets)


def _tabulate(wanted: list[Part], excluded: list[Part]) -> pd.DataFrame:
    rows = [
        (p.level, p.code, p.name, out, len(p.oas) or None, len(p.lsoas) or None)
        for out, parts in ((False, wanted), (True, excluded))
        for p in parts
    ]
    columns = ["level", "code", "name", "is_excluded", "oas", "lsoas"]
    table = pd.DataFrame(rows, columns=columns)
    return table.astype({"oas": "Int64", "lsoas": "Int64"})


def _gather(wanted: list[Part], excluded: list[Part]) -> gpd.GeoDataFrame | None:
    drawn = [
        (p.name, out, p.shape)
        for out, parts in ((False, wanted), (True, excluded))
        for p in parts
        if p.shape is not None
    ]
    if not drawn:
        return None
    names, out, shapes = zip(*drawn, strict=True)
    return gpd.GeoDataFrame(
        {"name": names, "is_excluded": out}, geometry=list(shapes), crs="EPSG:27700"
    )


def _explain_empty(file: ParameterFile, area: ResolvedArea, excluded: list[Part]) -> Problem:
    line = file.find_line("area")
    if area.fit.empty and excluded:
        return Problem("the exclusions leave nothing of the area", file=file.path, line=line)
    nearest = area.fit.sort_values("share_inside").iloc[-1] if len(area.fit) else None
    found = None
    if nearest is not None:
        share = f"{nearest['share_inside']:.0%}"
        found = f"at most {share} of the people of an LSOA, in {nearest['lsoa21_code']}"
    return Problem(
        "no small area has most of its people inside what is named",
        file=file.path,
        line=line,
        found=found,
        expected="a larger area, or the codes of the LSOAs that stand for it under 'lsoas'",
    )


def _describe_repeats(wanted: list[Part]) -> list[Note]:
    counted = pd.Series([code for part in wanted for code in part.lsoas], dtype=str)
    repeated = counted[counted.duplicated()].nunique()
    if not repeated:
        return []
    thing = "LSOA is" if repeated == 1 else "LSOAs are"
    text = f"{repeated} {thing} named by more than one place. Each counts once."
    return [Note("information", text)]


def _describe_edge(wanted: list[Part], register: Register) -> list[Note]:
    drawn = [part for part in wanted if part.shape is not None]
    counts = [(part.name, find_near_edge(part.shape, register.oas)) for part in drawn]
    return [
        Note(
            "information",
            f"{count} output areas have their centre within 100 metres of the edge of {name}. "
            "A slightly different line could have taken or left them.",
        )
        for name, count in counts
        if count
    ]


def _describe_district_crossings(
    codes: list[str], parts: list[Part], register: Register
) -> list[Note]:
    """Warn of LSOAs that best-fit into a ward of another district or county."""
    notes = []
    for part in parts:
        if part.level != "ward" or part.code not in register.wards.index:
            continue
        home = register.wards.at[part.code, "lad24_code"]
        home_county = register.lsoas.loc[register.lsoas["lad_code"] == home, "county_code"].dropna()
        for code in sorted(part.lsoas.intersection(codes)):
            lsoa = register.lsoas.loc[code]
            if lsoa["lad_code"] == home:
                continue
            border = "district" if lsoa["county_code"] in set(home_county) else "county"
            notes.append(
                Note(
                    "warning",
                    f"{code} ({lsoa['lsoa21_name']}) lies in {lsoa['lad_name']}, over the {border} line, "
                    f"but most of its people fit best into {part.name} ward. It is part of this profile; "
                    "it is not part of the district or county that the profile is compared with.",
                )
            )
    return notes
