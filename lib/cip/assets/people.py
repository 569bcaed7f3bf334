"""Where people live: population-weighted centres of small areas with their numbers."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from cip.errors import Problem, SourceError
from cip.register import Register

PEOPLE_COLUMNS = ["point_id", "lsoa21_code", "x", "y", "population", "level"]


def list_people(
    register: Register, codes: Collection[str], centroids: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return where the people of some LSOAs live: population-weighted centres with their numbers.

    Output areas where the store has the centre and the count of every one of them, else LSOAs;
    never some of each.

    Parameters
    ----------
    register
        The register of places.
    codes
        Codes of LSOAs 2021.
    centroids
        The store's ``centroid_lsoa21`` (``area_code, x, y``), for want of output areas.

    Returns
    -------
    DataFrame
        One row per point: ``point_id, lsoa21_code, x, y`` (metres, EPSG:27700), ``population``
        and ``level`` (``oa`` or ``lsoa``, the same in every row).

    Raises
    ------
    SourceError
        If neither is at hand for every LSOA.
    """
    wanted = list(dict.fromkeys(codes))
    oas = register.oas
    own = oas[oas["lsoa21_code"].isin(wanted)]
    needed = own[["x", "y", "population"]]
    if set(own["lsoa21_code"]) == set(wanted) and needed.notna().all(axis=None):
        found = own.rename_axis("point_id").reset_index().assign(level="oa")
    else:
        found = _list_lsoas(register, wanted, centroids)
    found = found.astype({"x": "float64", "y": "float64", "population": "Float64"})
    found = found.astype({"population": "float64"})
    return found[PEOPLE_COLUMNS].sort_values("point_id", ignore_index=True)


def _list_lsoas(
    register: Register, wanted: Sequence[str], centroids: pd.DataFrame | None
) -> pd.DataFrame:
    empty = pd.DataFrame({"area_code": [], "x": [], "y": []})
    points = (empty if centroids is None else centroids).set_index("area_code")
    missing = [code for code in wanted if code not in points.index]
    if missing:
        raise SourceError(
            Problem(
                "Reach cannot be measured: the store lacks the population-weighted centres of "
                f"{len(missing):,} LSOAs.",
                found=", ".join(missing[:5]),
                expected="the product 'centroid_lsoa21', or 'centroid_oa21' with counts of every "
                "output area",
            )
        )
    table = points.loc[wanted, ["x", "y"]].rename_axis("lsoa21_code").reset_index()
    people = register.lsoas["population"].reindex(table["lsoa21_code"])
    return table.assign(point_id=table["lsoa21_code"], population=people.to_numpy(), level="lsoa")
