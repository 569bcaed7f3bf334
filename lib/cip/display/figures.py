"""All charts that a notebook draws, under one name."""

from cip.display.ages import draw_age_profile, draw_pyramid
from cip.display.bars import draw_comparison, draw_composition, draw_proportions
from cip.display.deciles import draw_deciles, draw_domains

__all__ = [
    "draw_age_profile",
    "draw_comparison",
    "draw_composition",
    "draw_deciles",
    "draw_domains",
    "draw_proportions",
    "draw_pyramid",
]
