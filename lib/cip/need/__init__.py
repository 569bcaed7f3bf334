"""Stage 01: areas ranked by need, so that the choice of a place can be shown and questioned.

Candidates, then measures, then the composite with its shortlist, then how firm the order is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from cip.area_definition import ResolvedArea
from cip.need.candidates import Candidates, list_candidates
from cip.need.choice import choose_measures
from cip.need.measures import EXTENT, Measured, measure_candidates
from cip.need.native import rank_lsoas
from cip.need.ranking import Ranking, rank_candidates
from cip.need.signs import find_minimum, find_signs
from cip.params import ParameterFile
from cip.schemas import SCHEMAS

if TYPE_CHECKING:
    from cip.register import Register
    from cip.store import Store

__all__ = ["EXTENT", "Candidates", "Measured", "Need", "Ranking", "build_need"]


@dataclass(frozen=True)
class Need:
    """Everything that is known about need among the areas that were ranked.

    Parameters
    ----------
    candidates, measured, ranking
        The areas, their measures, and their order.
    signs
        One row per area: signs of a small or unusual population.
    native
        One row per edition x index x LSOA: the publisher's own ranks on its own LSOAs.
    native_missing
        Edition of the Indices to the reason why it has no rows.
    small_population
        Fewer residents than this are pointed out.
    """

    candidates: Candidates
    measured: Measured
    ranking: Ranking
    signs: pd.DataFrame
    native: pd.DataFrame
    native_missing: dict[int, str]
    small_population: int

    @property
    def is_ranked(self) -> bool:
        """Whether any area has a place in the order."""
        return bool(self.ranking.table["rank"].notna().any())

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables to hand over, by the names of their schemas."""
        found = {
            "need": self.measured.values,
            "need_measures": self.measured.measures,
            "need_shortlist": self.ranking.table,
            "need_sensitivity": self.ranking.scenarios,
            "need_ranks": self.native,
        }
        return {
            name: table.reindex(columns=list(SCHEMAS[name].columns))
            for name, table in found.items()
        }


def build_need(store: Store, file: ParameterFile, area: ResolvedArea, register: Register) -> Need:
    """Rank every LSOA, or every ward, of the area's county or district by need.

    Raises
    ------
    ParameterError
        When the parameter file asks for a measure that is not known or cannot be ranked by.

    Notes
    -----
    Nothing here reads the area's own inputs, and the same store and parameters give the same
    tables: random weights come from a fixed seed.
    """
    settings = file.params.need
    measures = choose_measures(file)
    candidates = list_candidates(area, register, settings)
    editions = sorted(file.params.vintages.deprivation, reverse=True)
    native, reasons = rank_lsoas(store, candidates, area, register, editions)
    measured = measure_candidates(
        store, candidates, measures, register, native, guarded=file.params.protect
    )
    signs = find_signs(store, candidates, settings)
    ranking = rank_candidates(candidates, measured, signs, settings)
    minimum = find_minimum(settings)
    return Need(candidates, measured, ranking, signs, native, reasons, minimum)
