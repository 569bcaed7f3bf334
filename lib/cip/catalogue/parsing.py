"""Reading the indicator catalogue: every file of it checked, and all problems told at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from cip.catalogue.entries import Indicator, Section, find_repeats
from cip.catalogue.indices import CatalogueEntry, DeprivationFamily
from cip.errors import Problem, SourceError, find_nearest

FILE_NAME = "indicators.toml"
_TABLES = ("sections", "indicators", "indices_of_deprivation")

#: File and line on which an entry opens.
_Places = dict[str, tuple[str, int]]


def parse_catalogue(
    text: str, *, file: str | Path = FILE_NAME
) -> tuple[dict[str, Section], dict[str, Indicator]]:
    """Read the text of one catalogue into sections and indicators; see `parse_files`."""
    return parse_files({str(file): text})


def parse_files(texts: Mapping[str, str]) -> tuple[dict[str, Section], dict[str, Indicator]]:
    """Read the files of a catalogue into sections and indicators.

    Returns
    -------
    tuple
        Sections by id as they come, and indicators by id: section by section, and within one as
        they come.

    Raises
    ------
    SourceError
        When a text is not TOML, an entry is wrong or there twice, a section is unknown or a
        label is shared.
    """
    problems: list[Problem] = []
    raw_sections: dict[str, Any] = {}
    entries: dict[str, Any] = {}
    places: _Places = {}
    for file, text in texts.items():
        document = _load_toml(text, file, problems)
        own = document.get("indicators", {})
        own = own | _expand_family(document.get("indices_of_deprivation", {}), file, problems)
        lines = _find_lines(text)
        problems += [
            Problem(f"{key}: there is an indicator of this id already.", file=file, line=lines[key])
            for key in own.keys() & entries.keys()
        ]
        raw_sections |= document.get("sections", {})
        entries |= own
        places |= {key: (file, lines.get(key, 0)) for key in (*own, *document.get("sections", {}))}
    sections = _validate(Section, raw_sections, places, problems)
    indicators = _validate(Indicator, entries, places, problems)
    problems += _check_sections(indicators, sections, places)
    problems += _check_labels(indicators, places)
    if problems:
        raise SourceError(problems)
    order = {name: number for number, name in enumerate(sections)}
    return sections, dict(sorted(indicators.items(), key=lambda item: order[item[1].section]))


def _load_toml(text: str, file: str, problems: list[Problem]) -> dict[str, Any]:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problems.append(Problem(f"This is not valid TOML: {error}.", file=file))
        return {}
    problems += [
        Problem(f"Unknown table '{key}'.", file=file, nearest=find_nearest(key, _TABLES))
        for key in document
        if key not in _TABLES
    ]
    return document


def _validate(
    model: type[CatalogueEntry],
    entries: dict[str, Any],
    places: _Places,
    problems: list[Problem],
) -> dict[str, Any]:
    checked = {}
    for key, entry in entries.items():
        try:
            checked[key] = model.model_validate({"id": key, **entry})
        except ValidationError as error:
            for detail in error.errors():
                field = _name_field(detail)
                is_unknown = detail["type"] == "extra_forbidden"
                problems.append(
                    _point_at(
                        f"{key}{'.' if field else ''}{field}: {detail['msg']}.",
                        places.get(key),
                        nearest=find_nearest(field, model.model_fields) if is_unknown else None,
                    )
                )
    return checked


def _point_at(message: str, place: tuple[str, int] | None, **more: Any) -> Problem:
    file, line = place or (FILE_NAME, 0)
    return Problem(message, file=file, line=line or None, **more)


def _expand_family(
    table: dict[str, Any], file: str, problems: list[Problem]
) -> dict[str, dict[str, Any]]:
    try:
        return DeprivationFamily.model_validate(table).expand()
    except KeyError as error:
        problems.append(Problem(f"indices_of_deprivation: no such word as {error}.", file=file))
    except ValidationError as error:
        problems += [
            Problem(f"indices_of_deprivation.{_name_field(detail)}: {detail['msg']}.", file=file)
            for detail in error.errors()
        ]
    return {}


def _name_field(detail: Any) -> str:
    return ".".join(str(part) for part in detail["loc"])


def _check_sections(
    indicators: dict[str, Indicator], sections: dict[str, Section], places: _Places
) -> list[Problem]:
    return [
        _point_at(
            f"{key}: there is no such section.",
            places.get(key),
            found=entry.section,
            expected=", ".join(sections),
            nearest=find_nearest(entry.section, sections),
        )
        for key, entry in indicators.items()
        if entry.section not in sections
    ]


def _check_labels(indicators: dict[str, Indicator], places: _Places) -> list[Problem]:
    """Close definitions must be told apart, so no two indicators may carry one label."""
    repeats = find_repeats([entry.label.casefold() for entry in indicators.values()])
    return [
        _point_at(f"{key}: another indicator has this label.", places.get(key), found=entry.label)
        for key, entry in indicators.items()
        if entry.label.casefold() in repeats
    ]


def _find_lines(text: str) -> dict[str, int]:
    """Return the line on which each ``[table.key]`` opens."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if match := re.match(r"\s*\[\w+\.([a-z0-9_]+)\]", line):
            found.setdefault(match.group(1), number)
    return found
