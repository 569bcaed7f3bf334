"""The indicator catalogue: ``indicators.toml`` and its topics, checked before anything is computed."""

from __future__ import annotations

import tomllib
from functools import cache

from cip.catalogue.entries import Indicator, IndicatorGroup, Polarity, Section, name_base
from cip.catalogue.indices import DeprivationFamily
from cip.catalogue.parsing import parse_catalogue, parse_files
from cip.catalogue.reading import read_files

__all__ = [
    "Indicator",
    "IndicatorGroup",
    "Polarity",
    "Section",
    "load_deprivation_indices",
    "load_indicators",
    "load_sections",
    "name_base",
    "parse_catalogue",
]


def load_indicators() -> dict[str, Indicator]:
    """Return every indicator by id, section by section.

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
    """Return the short name of each index of deprivation by the start of its column names.

    Sub-domains, of which only some figures are made, are left out.
    """
    table = tomllib.loads(read_files("indicators")["indicators.toml"])["indices_of_deprivation"]
    family = DeprivationFamily.model_validate(table)
    return {entry.index: entry.short_name for entry in family.indices if not entry.kinds}


@cache
def _load() -> tuple[dict[str, Section], dict[str, Indicator]]:
    return parse_files(read_files("indicators"))
