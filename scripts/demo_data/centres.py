"""Population-weighted centres, and the wards that they fall in."""

from demo_data.outlines import Point, contains
from demo_data.places import WARDS, Cell


def find_centre_of_people(
    cells: tuple[Cell, ...], residents: dict[Cell, int], centres: dict[Cell, Point]
) -> Point:
    """Give the population-weighted centre of some output areas, in metres to two decimals."""
    total = sum(residents[cell] for cell in cells)
    x, y = (
        round(sum(residents[cell] * centres[cell][axis] for cell in cells) / total, 2)
        for axis in (0, 1)
    )
    return x, y


def best_fit_wards(centres: dict[str, Point], rings: dict[str, list[Point]]) -> dict[str, str]:
    """Give each small area the ward that its population-weighted centre falls in."""
    return {
        code: next(letter for letter in WARDS if contains(rings[letter], centre))
        for code, centre in centres.items()
    }
