"""Names of regions and of the Output Area Classification: ``area_groups.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


def load_area_groups() -> dict[str, str]:
    """Return the name of each group of the 2021 Output Area Classification by its code."""
    return dict(_load()["groups"])


def load_supergroups() -> dict[str, str]:
    """Return the name of each supergroup of the 2021 Output Area Classification by its code."""
    return dict(_load()["supergroups"])


def load_region_names() -> dict[str, str]:
    """Return the name of each English region by its code."""
    return dict(_load()["regions"])


@cache
def _load() -> dict[str, Any]:
    text = resources.files("cip.catalogue").joinpath("area_groups.toml").read_text("utf-8")
    return tomllib.loads(text)
