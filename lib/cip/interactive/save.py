"""From a choice of small areas back to the words of a parameter file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from cip.area_definition import resolve_area
from cip.errors import ParameterError, Problem
from cip.interactive.selection import Place, Selection
from cip.param_models import AreaDefinition
from cip.params import ParameterFile
from cip.params_edit import PlannedEdit, plan_edit
from cip.register import Register

_KEYS = {"msoa": "msoas", "ward": "wards", "district": "districts"}
_MEMBER_COLUMNS = {"wards": "ward24_code", "msoas": "msoa21_code", "districts": "lad_code"}
#: A place is named as a whole only when more than this share of it is in; else a list is clearer.
_LEAST_SHARE = 0.5
_MOST_WARDS_IN_NOTE = 4

Definition = dict[str, Any]


def plan_save(selection: Selection, file: ParameterFile, register: Register) -> PlannedEdit:
    """Work out how the parameter file would say what was chosen; nothing is written.

    Raises
    ------
    ParameterError
        If nothing is chosen, or the file cannot be edited.
    """
    definition, note = compose_definition(selection, file, register)
    names = selection.ground.table["name"].dropna()
    places = {place.code: place.name for place in selection.places}
    return plan_edit(file.path, "area", definition, note=note, names={**names, **places})


def compose_definition(
    selection: Selection, file: ParameterFile, register: Register
) -> tuple[Definition, str]:
    """Return the key ``area`` for a choice, and a note on where it comes from.

    The words of the file are kept where they still hold, with places added and small areas
    excluded. Otherwise the definition is one list of LSOAs. Each form is resolved as a run would
    resolve it, and the first one that gives exactly the choice is taken.

    Raises
    ------
    ParameterError
        If nothing is chosen, or no form gives the choice.
    """
    if not selection.chosen:
        raise ParameterError(Problem("no small area is chosen, so there is nothing to save"))
    for definition, note in _list_forms(selection, file, register):
        if resolve_definition(definition, file, register) == selection.chosen:
            return definition, note
    raise ParameterError(Problem("no definition gives exactly these small areas", file=file.path))


def resolve_definition(
    definition: Definition, file: ParameterFile, register: Register
) -> frozenset[str] | None:
    """Return the LSOAs that a definition would give, or None where it is not valid."""
    try:
        area = AreaDefinition.model_validate(definition)
        params = file.params.model_copy(update={"area": area})
        return frozenset(resolve_area(ParameterFile(file.path, params), register).codes)
    except (ParameterError, ValidationError):
        return None


def _list_forms(
    selection: Selection, file: ParameterFile, register: Register
) -> Iterator[tuple[Definition, str]]:
    """Yield the ways to write a choice down, those closest to an analyst's words first."""
    now = file.params.area.model_dump(mode="json", exclude_defaults=True)
    yield now, ""
    rows = register.lsoas.loc[sorted(selection.chosen)]
    for key, column in _MEMBER_COLUMNS.items():
        codes = rows[column].unique()
        if len(codes) == 1 and isinstance(codes[0], str):
            yield {key: [codes[0]]}, ""
    base = resolve_definition(now, file, register)
    if base is not None:
        yield from ((kept, "") for kept in _keep_words(selection, now, base))
    yield {"lsoas": sorted(selection.chosen)}, _describe_origin(selection)


def _keep_words(
    selection: Selection, now: Definition, base: frozenset[str]
) -> Iterator[Definition]:
    """Yield the present definition with what was added and taken out, where that reads well."""
    chosen = selection.chosen
    places = [p for p in selection.places if _is_mostly_in(p, chosen) and not p.codes <= base]
    covered = base.union(*(place.codes for place in places))
    missing, extra = chosen - covered, covered - chosen
    if len(extra) > len(covered) * _LEAST_SHARE:
        return
    exclude = now.get("exclude", {})
    listed = now.get("lsoas", [])
    # Striking an LSOA off the list is plainer than listing it and excluding it.
    struck = {code for code in extra if code in listed}
    left_out = [code for code in exclude.get("lsoas", []) if code not in chosen]
    exclude = {**exclude, "lsoas": [*left_out, *sorted(extra - struck)]}
    kept = {**now, "exclude": {key: value for key, value in exclude.items() if value}}
    for place in places:
        key = _KEYS[place.level]
        kept[key] = [*kept.get(key, []), place.code]
    is_back = set(now.get("exclude", {}).get("lsoas", []))
    for added in (missing - is_back, missing):
        lsoas = [code for code in listed if code not in struck] + sorted(added)
        yield {key: value for key, value in {**kept, "lsoas": lsoas}.items() if value}


def _is_mostly_in(place: Place, chosen: frozenset[str]) -> bool:
    return len(place.codes & chosen) > len(place.codes) * _LEAST_SHARE


def _describe_origin(selection: Selection) -> str:
    """Say in which wards a list of LSOAs lies."""
    rows = selection.ground.table.loc[sorted(selection.chosen)]
    counts = rows["ward"].value_counts()
    named = [f"{count} in {ward} ward" for ward, count in counts.head(_MOST_WARDS_IN_NOTE).items()]
    if more := len(counts) - len(named):
        named.append(f"others in {more} more ward{'' if more == 1 else 's'}")
    total = f"{len(rows)} small area{'' if len(rows) == 1 else 's'}"
    return f"{total}: {', '.join(named)}." if named else f"{total}."
