"""From the words of a parameter file to LSOA codes, with what was noticed on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pandas as pd

from cip.errors import ParameterError, Problem, find_nearest
from cip.params import ParameterFile
from cip.register import Register


@dataclass(frozen=True)
class Note:
    """Something a reader should know about how the area was built."""

    kind: str  # "warning" or "information"
    text: str


@dataclass
class ResolvedArea:
    """The profile area as whole LSOAs of 2021.

    Parameters
    ----------
    codes
        LSOA 2021 codes, sorted, each once.
    parts
        One row per named place: ``level, code, name, lsoas`` (number of LSOAs that it brought).
    notes
        Warnings and information for the reader.
    """

    codes: list[str]
    parts: pd.DataFrame
    notes: list[Note] = field(default_factory=list)


def resolve_area(file: ParameterFile, register: Register) -> ResolvedArea:
    """Translate codes and names into the LSOAs of 2021 that make up the area.

    Wards are taken through the best-fit look-up; MSOAs and districts nest exactly. Codes of LSOA
    2011 and of wards of 2019 are translated through the look-ups, with a warning.

    Raises
    ------
    ParameterError
        With every place that is not in the store, its line, and the nearest valid one.
    """
    resolver = _Resolver(file, register)
    readers: dict[str, Callable[[str], tuple[str, str, list[str]]]] = {
        "lsoas": resolver.find_lsoa,
        "msoas": resolver.find_msoa,
        "wards": resolver.find_ward,
        "districts": resolver.find_district,
    }
    parts = []
    for key, read in readers.items():
        for index, text in enumerate(getattr(file.params.area, key)):
            resolver.location = ("area", key, index)
            try:
                code, name, codes = read(text)
            except LookupError:
                continue
            parts.append(
                {"level": key.removesuffix("s"), "code": code, "name": name, "codes": codes}
            )
    if resolver.problems:
        raise ParameterError(resolver.problems)
    codes = sorted({code for part in parts for code in part["codes"]})
    table = pd.DataFrame(parts).assign(lsoas=lambda t: t["codes"].map(len)).drop(columns="codes")
    notes = resolver.notes + _describe_district_crossings(codes, parts, register)
    return ResolvedArea(codes, table, notes)


class _Resolver:
    """Finds one place at a time and gathers problems and notes, so that all are told at once."""

    def __init__(self, file: ParameterFile, register: Register):
        self.file = file
        self.register = register
        self.problems: list[Problem] = []
        self.notes: list[Note] = []
        self.location: tuple[str | int, ...] = ()

    def find_lsoa(self, text: str) -> tuple[str, str, list[str]]:
        lsoas = self.register.lsoas
        changes = self.register.changes
        known = pd.concat([lsoas["lsoa21_name"], changes.set_index("lsoa11_code")["lsoa11_name"]])
        known = known[~known.index.duplicated()]
        code = self._match("LSOA", text, known)
        if code in lsoas.index:
            return code, lsoas.at[code, "lsoa21_name"], [code]
        return (
            code,
            known[code],
            self._translate_old([code], f"The LSOA {code} ({known[code]})", "2011"),
        )

    def find_msoa(self, text: str) -> tuple[str, str, list[str]]:
        msoas = self.register.msoas
        names = pd.concat([msoas["msoa21_name"], msoas["msoa21_hcl_name"]]).dropna()
        code = self._match("MSOA", text, names, codes=msoas.index)
        lsoas = self.register.lsoas
        return code, str(names.get(code, code)), list(lsoas.index[lsoas["msoa21_code"] == code])

    def find_ward(self, text: str) -> tuple[str, str, list[str]]:
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
            return (
                code,
                wards.at[code, "ward24_name"],
                list(lsoas.index[lsoas["ward24_code"] == code]),
            )
        members = self.register.old_wards
        lsoa11 = list(members.loc[members["ward19_code"] == code, "lsoa11_code"])
        what = f"The ward {code} ({known[code]}) of 2019"
        return code, known[code], self._translate_old(lsoa11, what, "2019")

    def find_district(self, text: str) -> tuple[str, str, list[str]]:
        code = self._match("district", text, self.register.districts)
        lsoas = self.register.lsoas
        return code, self.register.districts[code], list(lsoas.index[lsoas["lad_code"] == code])

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

    def _translate_old(self, lsoa11: list[str], what: str, year: str) -> list[str]:
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
        return sorted(rows["lsoa21_code"].unique())


def _describe_district_crossings(
    codes: list[str], parts: list[dict], register: Register
) -> list[Note]:
    """Warn of LSOAs that best-fit into a ward of another district or county."""
    notes = []
    for part in parts:
        if part["level"] != "ward" or part["code"] not in register.wards.index:
            continue
        home = register.wards.at[part["code"], "lad24_code"]
        home_county = register.lsoas.loc[register.lsoas["lad_code"] == home, "county_code"].dropna()
        for code in part["codes"]:
            lsoa = register.lsoas.loc[code]
            if lsoa["lad_code"] == home:
                continue
            border = "district" if lsoa["county_code"] in set(home_county) else "county"
            notes.append(
                Note(
                    "warning",
                    f"{code} ({lsoa['lsoa21_name']}) lies in {lsoa['lad_name']}, over the {border} line, "
                    f"but most of its people fit best into {part['name']} ward. It is part of this profile; "
                    "it is not part of the district or county that the profile is compared with.",
                )
            )
    return notes
