"""From longitude and latitude to metres on the National Grid, for many points at once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

if TYPE_CHECKING:
    from pyproj import Transformer


@cache
def _load_transformer(crs: str) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs(crs, "EPSG:27700", always_xy=True)


def project_to_grid(x: ArrayLike, y: ArrayLike, *, crs: str = "EPSG:4326") -> np.ndarray:
    """Return eastings and northings in metres (EPSG:27700), as two rows of one array.

    Parameters
    ----------
    x, y
        Longitude and latitude, or the coordinates of another system.
    crs
        Their coordinate system.
    """
    return np.array(_load_transformer(crs).transform(np.asarray(x), np.asarray(y)))
