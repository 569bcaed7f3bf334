"""The catalogue: facts that an analyst may edit, kept as data beside the code that checks them."""

from cip.catalogue.indicators import (
    Indicator,
    IndicatorGroup,
    Section,
    load_deprivation_indices,
    load_indicators,
    load_sections,
)
from cip.catalogue.sources import Source, load_sources, mark_invented, source_line

__all__ = [
    "Indicator",
    "IndicatorGroup",
    "Section",
    "Source",
    "load_deprivation_indices",
    "load_indicators",
    "load_sections",
    "load_sources",
    "mark_invented",
    "source_line",
]
