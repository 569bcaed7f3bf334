"""Codes for areas that a publisher gives by name alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from cip.catalogue.sources import AreaNames
from cip.errors import Problem, find_nearest
from cip.sources.build import Part
from cip.sources.cells import MAX_EACH, find_level
from cip.sources.values import AREA_LEVEL, AREA_NAME
from cip.store import Store

#: A name as like as this to a known one is a slip, not an area outside the lists.
SLIP_CUTOFF = 0.92
_NOT_LETTERS = re.compile(r"[^a-z]")

#: Code of an area by its level and its folded name, and the names as written.
Names = dict[tuple[str, str], tuple[str, str]]


def fold_name(name: str) -> str:
    """Return what counts of an area's name: its letters, "&" read as "and"."""
    return _NOT_LETTERS.sub("", name.casefold().replace("&", "and"))


def collect_names(
    lists: Sequence[AreaNames], tables: Mapping[str, pd.DataFrame], store: Store
) -> Names:
    """Return the code of every named area of the products at hand; the first list wins."""
    names: Names = {}
    for entry in lists:
        if entry.product in tables:
            table = tables[entry.product]
        elif store.has(entry.product):
            table = store.read(entry.product, [entry.code, entry.name])
        else:
            continue
        for code, name in zip(table[entry.code], table[entry.name], strict=True):
            level = find_level(code) if isinstance(code, str) and isinstance(name, str) else None
            if level:
                names.setdefault((level, fold_name(name)), (code, name))
    return names


def find_codes(part: Part, names: Names) -> tuple[Part, list[Problem], list[str]]:
    """Give every row of a part without codes the code of the area it names.

    A name close to a known one is a problem. Other names that are not known are left out, with a
    warning: the lists at hand need not be national.
    """
    aliases = {fold_name(a): fold_name(b) for a, b in part.match.form.layout.aliases.items()}
    folded = part.table[AREA_NAME].map(fold_name).replace(aliases)
    keys = list(zip(part.table[AREA_LEVEL], folded, strict=True))
    known = [names.get(key, (None, None)) for key in keys]
    table = part.table.drop(columns=[AREA_NAME, AREA_LEVEL]).assign(
        area_code=pd.array([code for code, _ in known], dtype="str"),
        area_name=pd.array([name for _, name in known], dtype="str"),
        level=pd.array([level for level, _ in keys], dtype="str"),
    )
    is_known = table["area_code"].notna()
    problems = _find_slips(part, keys, names, is_known)
    if not is_known.any() and not problems:
        problems = [
            Problem(
                "The file names areas without their codes, and none of its names is known. Put "
                "boundaries or a lookup of districts in the folder.",
                file=part.findings.file,
            )
        ]
    lost = part.table.loc[~is_known, AREA_NAME].unique()
    warnings = [_tell_lost(part, lost)] if len(lost) and not problems else []
    return replace(part, table=table[is_known].reset_index(drop=True)), problems, warnings


def _find_slips(
    part: Part, keys: list[tuple[str, str]], names: Names, is_known: pd.Series
) -> list[Problem]:
    written = {(level, folded): name for (level, folded), (_, name) in names.items()}
    problems: list[Problem] = []
    for level, folded in dict.fromkeys(
        k for k, known in zip(keys, is_known, strict=True) if not known
    ):
        rivals = [other for kind, other in names if kind == level]
        near = find_nearest(folded, rivals, cutoff=SLIP_CUTOFF)
        if near:
            place = keys.index((level, folded))
            problems.append(
                Problem(
                    "The area is not known by this name.",
                    file=part.findings.file,
                    sheet=part.findings.sheet,
                    row=int(part.table["@row"].iloc[place]),
                    found=f"'{part.table[AREA_NAME].iloc[place]}'",
                    nearest=written[level, near],
                )
            )
    return problems[:MAX_EACH]


def _tell_lost(part: Part, lost: Sequence[str]) -> str:
    some = ", ".join(lost[:5]) + (" ..." if len(lost) > 5 else "")
    return (
        f"{part.findings.file}: {len(lost)} areas left out, because their names are in no list at "
        f"hand: {some}."
    )
