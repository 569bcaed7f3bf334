"""The nearest place to each person: by the network, or by a lengthened straight line."""

from __future__ import annotations

import numpy as np
from scipy.spatial import KDTree

from cip.assets.network import Journeys
from cip.catalogue.walking import load_walking


def find_nearest(
    homes: np.ndarray, spots: np.ndarray, rows: np.ndarray, journeys: Journeys | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the walk of each person to the nearest of some places.

    Parameters
    ----------
    homes, spots
        Eastings and northings of people and of all places, in two columns.
    rows
        Positions of the places that count.
    journeys
        The network with these people and places on it, if there is one.

    Returns
    -------
    tuple
        Metres (infinite where there is no way), position of the place (-1 for none), and whether
        the walk was measured on the network.
    """
    metres = np.full(len(homes), np.inf)
    nearest = np.full(len(homes), -1)
    by_network = np.zeros(len(homes), dtype=bool)
    if journeys is None:
        _take_lines(homes, spots, np.arange(len(homes)), rows, metres, nearest, by_network)
        return metres, nearest, by_network
    walked, place = journeys.find_nearest(rows)
    on = journeys.people.is_on
    metres[on], nearest[on], by_network[on] = walked[on], place[on], True
    off_rows = rows[~journeys.places.is_on[rows]]
    for persons, reachable in ((np.flatnonzero(~on), rows), (np.flatnonzero(on), off_rows)):
        _take_lines(homes, spots, persons, reachable, metres, nearest, by_network)
    return metres, nearest, by_network


def _take_lines(
    homes: np.ndarray,
    spots: np.ndarray,
    persons: np.ndarray,
    rows: np.ndarray,
    metres: np.ndarray,
    nearest: np.ndarray,
    by_network: np.ndarray,
) -> None:
    """Put the straight line, lengthened, where it is shorter than what is known so far."""
    if not len(rows) or not len(persons):
        return
    straight, place = KDTree(spots[rows]).query(homes[persons])
    straight = straight * load_walking().detour.factor
    is_shorter = straight < metres[persons]
    taken = persons[is_shorter]
    metres[taken], nearest[taken] = straight[is_shorter], rows[place[is_shorter]]
    by_network[taken] = False
