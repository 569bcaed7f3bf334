"""The kinds of partner and the sectors of a steering group as data (``partners.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from pydantic import Field

from cip.catalogue.indices import CatalogueEntry


class PartnerKind(CatalogueEntry):
    """One kind of partner that a steering group should think of.

    Parameters
    ----------
    id
        Name in the input file.
    label, why
        Name for readers, and what such a partner adds.
    sector
        Where such partners usually belong; a seat may belong elsewhere.
    sources
        Where the framework or the handbook names it.
    is_residents
        Whether its seats are residents' seats.
    """

    id: str = Field(pattern=r"^[a-z][a-z_]+$")
    label: str
    sector: str
    why: str
    sources: str
    is_residents: bool = False


@cache
def load_partner_kinds() -> dict[str, PartnerKind]:
    """Return the kinds of partner by id, in reading order.

    Raises
    ------
    ValueError
        If an id occurs twice, or a sector is not known.
    """
    kinds = [PartnerKind.model_validate(entry) for entry in _read()["kinds"]]
    by_id = {kind.id: kind for kind in kinds}
    if len(by_id) != len(kinds):
        raise ValueError("partners.toml: the id of a kind of partner occurs twice")
    if unknown := {kind.sector for kind in kinds} - set(load_sectors()):
        raise ValueError(f"partners.toml: unknown sector: {', '.join(sorted(unknown))}")
    return by_id


@cache
def load_sectors() -> dict[str, str]:
    """Return the label of each sector by id, in reading order."""
    return dict(_read()["sectors"])


def _read() -> dict[str, Any]:
    text = resources.files("cip.catalogue").joinpath("partners.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
