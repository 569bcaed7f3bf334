"""Choosing an area on a map in JupyterLab, and what stands in for the map in a run."""

from cip.interactive.opening import open_chooser
from cip.interactive.stand_in import choose_area

__all__ = ["choose_area", "open_chooser"]
