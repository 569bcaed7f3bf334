"""The indicator catalogue: ``indicators.toml``, checked before anything is computed from it."""

from __future__ import annotations

import itertools
import re
import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from cip.catalogue.indices import DECILES, CatalogueEntry, DeprivationFamily
from cip.errors import Problem, SourceError, find_nearest

Statistic = Literal[
    "count", "proportion", "composition", "weighted_mean", "decile_people", "decile_areas"
]
Polarity = Literal["high_is_good", "high_is_bad", "none"]
Standardisation = Literal["crude", "standardised", "not_applicable"]

FILE_NAME = "indicators.toml"
_ID = r"^[a-z][a-z0-9_]*$"


class Section(CatalogueEntry):
    """A chapter of the data profile."""

    id: str = Field(pattern=_ID)
    title: str = Field(min_length=1)
    question: str = Field(pattern=r"\?$")


class IndicatorGroup(CatalogueEntry):
    """One part of a composition."""

    id: str = Field(pattern=_ID)
    label: str = Field(min_length=1, description="Name in tables and charts.")
    categories: tuple[str, ...] = Field(min_length=1)
    text: str = Field(default="", description="The label inside a sentence, if it differs.")
    series: str = Field(default="", description="Second key of the group, such as a sex.")

    @property
    def in_text(self) -> str:
        """The label as it reads inside a sentence."""
        return self.text or self.label


class Indicator(CatalogueEntry):
    """One indicator: what it means and how it is computed from one product of the store."""

    id: str = Field(pattern=_ID)
    section: str
    label: str = Field(min_length=1, description="A noun phrase; no two indicators share one.")
    question: str = Field(pattern=r"\?$")
    definition: str = Field(pattern=r"\.$")
    statistic: Statistic
    source: str = Field(description="Product of the store.")
    numerator: tuple[str, ...] = ()
    denominator: tuple[str, ...] = Field(
        default=(), description="Categories of the base; a composition without it sums its groups."
    )
    groups: tuple[IndicatorGroup, ...] = ()
    measure: str = Field(default="", description="Column of a measures product.")
    weight: str = Field(default="", description="Column of people that weights the measure.")
    unit: str = Field(min_length=1)
    base_label: str = Field(min_length=1, description="What is counted: households, residents.")
    base_singular: str = Field(default="", description="One of them, for a count of one.")
    phrase: str = Field(
        default="",
        description="Share: what follows the base ('rent privately'). Mean: its name. "
        "Deciles: how the sentence opens.",
    )
    group_noun: str = Field(default="", description="What one group is: 'tenure', 'age band'.")
    polarity: Polarity
    standardisation: Standardisation
    interval: Literal["wilson", "none"]
    minimum_base: int = Field(default=0, ge=0, description="Smaller bases are suppressed.")
    decimals: int = Field(ge=0, le=4)
    caveat: str = Field(pattern=r"\.$")
    is_headline: bool = Field(default=False, description="Has a place among the main findings.")

    @model_validator(mode="after")
    def _check_parts(self) -> Indicator:
        problems = list(_list_problems(self))
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the product that the indicator reads."""
        if self.statistic in ("weighted_mean", "decile_people", "decile_areas"):
            return tuple(name for name in (self.measure, self.weight) if name)
        parts = itertools.chain(
            self.numerator, self.denominator, *(group.categories for group in self.groups)
        )
        return tuple(dict.fromkeys(parts))

    @property
    def base_columns(self) -> tuple[str, ...]:
        """Categories or deciles that make up the base; none for a count or a mean."""
        if self.is_decile:
            return DECILES
        if self.denominator:
            return self.denominator
        return tuple(category for group in self.groups for category in group.categories)

    @property
    def is_decile(self) -> bool:
        """Whether the indicator shares people or small areas out over national deciles."""
        return self.statistic in ("decile_people", "decile_areas")


def load_indicators() -> dict[str, Indicator]:
    """Return every indicator by id, in the order of the catalogue.

    Raises
    ------
    SourceError
        With every problem of the catalogue at once.
    """
    return dict(_load()[1])


def load_sections() -> dict[str, Section]:
    """Return the sections by id, in reading order."""
    return dict(_load()[0])


@cache
def load_deprivation_indices() -> dict[str, str]:
    """Return the short name of each index of deprivation by the start of its column names."""
    family = DeprivationFamily.model_validate(tomllib.loads(_read_text())["indices_of_deprivation"])
    return {entry.index: entry.short_name for entry in family.indices}


def parse_catalogue(
    text: str, *, file: str | Path = FILE_NAME
) -> tuple[dict[str, Section], dict[str, Indicator]]:
    """Read the text of a catalogue into sections and indicators.

    Raises
    ------
    SourceError
        When the text is not TOML, an entry is wrong, a section is unknown or a label is shared.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourceError(Problem(f"This is not valid TOML: {error}.", file=file)) from error
    problems = [
        Problem(f"Unknown table '{key}'.", file=file, nearest=find_nearest(key, _TABLES))
        for key in document
        if key not in _TABLES
    ]
    lines = _find_lines(text)
    sections = _validate(Section, document.get("sections", {}), file, lines, problems)
    entries = document.get("indicators", {})
    entries |= _expand_family(document.get("indices_of_deprivation", {}), file, problems)
    indicators = _validate(Indicator, entries, file, lines, problems)
    problems += _check_sections(indicators, sections, file, lines)
    problems += _check_labels(indicators, file, lines)
    if problems:
        raise SourceError(problems)
    return sections, indicators


_TABLES = ("sections", "indicators", "indices_of_deprivation")


@cache
def _load() -> tuple[dict[str, Section], dict[str, Indicator]]:
    return parse_catalogue(_read_text())


def _read_text() -> str:
    return resources.files("cip.catalogue").joinpath(FILE_NAME).read_text(encoding="utf-8")


def _validate(
    model: type[CatalogueEntry],
    entries: dict[str, Any],
    file: str | Path,
    lines: dict[str, int],
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
                    Problem(
                        f"{key}{'.' if field else ''}{field}: {detail['msg']}.",
                        file=file,
                        line=lines.get(key),
                        nearest=find_nearest(field, model.model_fields) if is_unknown else None,
                    )
                )
    return checked


def _expand_family(
    table: dict[str, Any], file: str | Path, problems: list[Problem]
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


def _list_problems(entry: Indicator) -> list[str]:
    kind = entry.statistic
    needs: dict[str, bool] = {
        "a numerator": kind in ("count", "proportion") and not entry.numerator,
        "a denominator": kind == "proportion" and not entry.denominator,
        "groups": kind == "composition" and not entry.groups,
        "a measure": (kind == "weighted_mean" or entry.is_decile) and not entry.measure,
        "a weight": kind in ("weighted_mean", "decile_people") and not entry.weight,
        "either groups or a numerator": entry.is_decile
        and bool(entry.groups) == bool(entry.numerator),
        "a phrase": kind not in ("count", "composition") and not entry.phrase,
        "a group_noun": kind == "composition" and not entry.group_noun,
    }
    problems = [f"a {kind} needs {name}" for name, is_lacking in needs.items() if is_lacking]
    if entry.interval == "wilson" and kind not in ("proportion", "composition"):
        problems.append(f"a {kind} cannot have a Wilson interval")
    used = [category for group in entry.groups for category in group.categories]
    problems += [f"'{name}' is in two groups" for name in sorted(_find_repeats(used))]
    ids = [group.id for group in entry.groups]
    problems += [f"two groups have the id '{name}'" for name in sorted(_find_repeats(ids))]
    return problems


def _check_sections(
    indicators: dict[str, Indicator],
    sections: dict[str, Section],
    file: str | Path,
    lines: dict[str, int],
) -> list[Problem]:
    return [
        Problem(
            f"{key}: there is no such section.",
            file=file,
            line=lines.get(key),
            found=entry.section,
            expected=", ".join(sections),
            nearest=find_nearest(entry.section, sections),
        )
        for key, entry in indicators.items()
        if entry.section not in sections
    ]


def _check_labels(
    indicators: dict[str, Indicator], file: str | Path, lines: dict[str, int]
) -> list[Problem]:
    """Close definitions must be told apart, so no two indicators may carry one label."""
    repeats = _find_repeats([entry.label.casefold() for entry in indicators.values()])
    return [
        Problem(
            f"{key}: another indicator has this label.",
            file=file,
            line=lines.get(key),
            found=entry.label,
        )
        for key, entry in indicators.items()
        if entry.label.casefold() in repeats
    ]


def _find_repeats(values: list[str]) -> set[str]:
    return {value for value in values if values.count(value) > 1}


def _find_lines(text: str) -> dict[str, int]:
    """Return the line on which each ``[table.key]`` opens."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if match := re.match(r"\s*\[\w+\.([a-z0-9_]+)\]", line):
            found.setdefault(match.group(1), number)
    return found
