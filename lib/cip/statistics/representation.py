"""Who was heard: the respondents' make-up against the population's, gaps first."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from cip.errors import find_nearest
from cip.statistics.estimate import FloatArray, TextArray
from cip.statistics.intervals import proportion
from cip.statistics.survey_display import LEAST_BASE, decide_display

#: In the order in which a report lists them.
NOBODY_HEARD, FEWER, UNCLEAR, IN_LINE, MORE = (
    "nobody heard",
    "fewer heard",
    "too few to say",
    "in line",
    "more heard",
)
_ORDER = (NOBODY_HEARD, FEWER, UNCLEAR, IN_LINE, MORE)
_COLUMNS = ["characteristic", "category"]


class Representation(NamedTuple):
    """Respondents against population; one element per category.

    Shares are percentages. ``ratio`` is the one over the other: 1 is in line, 0.5 half as many as
    there would be. ``missing_people`` is how many more respondents would bring the category into
    line, negative where there are more than that.
    """

    share: FloatArray
    population_share: FloatArray
    ratio: FloatArray
    lower: FloatArray
    upper: FloatArray
    missing_people: FloatArray
    verdict: TextArray


def compare_make_up(
    respondents: ArrayLike, population: ArrayLike, *, confidence: float = 0.95
) -> Representation:
    """Return how the respondents' shares of one characteristic compare with the population's.

    Parameters
    ----------
    respondents
        People heard in each category, unweighted. Those who did not say are left out.
    population
        People in each category in the area; their total is above zero.

    Returns
    -------
    Representation
        ``nobody heard`` and ``fewer heard`` where the interval lies below 1, ``more heard`` above,
        ``in line`` where it holds 1. ``too few to say`` on a base below 10, and where nobody is
        heard although that may be chance. The ratio is missing where nobody lives.

    Raises
    ------
    ValueError
        For missing or negative counts, a population of nobody, or respondents in a category in
        which nobody lives.

    Notes
    -----
    Wilson's interval of the respondents' share, divided by the population's share, which is taken
    as known. The respondents are treated as if drawn at random; with an open invitation the
    interval says only what numbers as small as these would do by themselves.

    Examples
    --------
    >>> found = compare_make_up([30, 70], [500, 500])
    >>> found.ratio.round(2).tolist(), found.lower.round(2).tolist(), found.verdict.tolist()
    ([0.6, 1.4], [0.44, 1.21], ['fewer heard', 'more heard'])
    """
    heard, people = (np.asarray(part, dtype=float) for part in (respondents, population))
    if heard.shape != people.shape or heard.ndim != 1:
        raise ValueError("There must be one number of people for each number of respondents.")
    if not (np.all(heard >= 0) and np.all(people >= 0)) or not people.sum() > 0:
        raise ValueError("A count is missing or negative, or nobody lives in the area.")
    if np.any((heard > 0) & (people == 0)):
        raise ValueError("There are respondents in a category in which nobody lives.")
    base = heard.sum()
    share, low, high = proportion(heard, base, confidence=confidence)
    known = 100 * people / people.sum()
    divisor = np.where(known > 0, known, np.nan)
    ratio, lower, upper = share / divisor, low / divisor, high / divisor
    verdict = np.select(
        [
            np.isnan(ratio) | (base < LEAST_BASE),
            (heard == 0) & (upper < 1),
            heard == 0,
            upper < 1,
            lower > 1,
        ],
        [UNCLEAR, NOBODY_HEARD, UNCLEAR, FEWER, MORE],
        IN_LINE,
    )
    return Representation(share, known, ratio, lower, upper, base * known / 100 - heard, verdict)


def build_representation(
    respondents: pd.DataFrame, population: pd.DataFrame, *, confidence: float = 0.95
) -> pd.DataFrame:
    """Return the make-up of the respondents on several characteristics.

    Parameters
    ----------
    respondents
        One row per characteristic and category: ``characteristic, category, respondents``. A
        missing category counts those who did not say.
    population
        One row per characteristic and category: ``characteristic, category, population``. A
        category of the population without a row of respondents was not heard at all.

    Returns
    -------
    DataFrame
        One row per characteristic and category, gaps first: ``characteristic, category,
        respondents, base`` (who said)``, not_said, population, share, population_share, ratio,
        lower, upper, missing_people, verdict, display``.

    Raises
    ------
    ValueError
        When respondents have a characteristic or category that the population lacks, or either
        table has a row twice.
    """
    for frame, name in ((respondents, "respondents"), (population, "population")):
        if frame.duplicated(_COLUMNS).any():
            raise ValueError(f"The table of {name} has a category twice.")
    said = respondents.dropna(subset="category")
    both = population.merge(said, on=_COLUMNS, how="outer", indicator=True, validate="one_to_one")
    lost = both[both["_merge"] == "right_only"]
    if not lost.empty:
        raise ValueError(_name_lost(lost, population))
    silent = respondents[respondents["category"].isna()].set_index("characteristic")["respondents"]
    parts = []
    # The order of the population's table, which the merge has lost.
    for name, rows in population.groupby("characteristic", sort=False):
        rows = rows.merge(said, on=_COLUMNS, how="left", validate="one_to_one")
        heard = rows["respondents"].fillna(0)
        found = compare_make_up(heard, rows["population"], confidence=confidence)
        rows = rows.assign(respondents=heard.astype(int), base=int(heard.sum()))
        rows["not_said"] = int(silent.get(name, 0))
        parts.append(rows.assign(**found._asdict()))
    table = pd.concat(parts, ignore_index=True)
    table["display"] = decide_display(table["base"], table["respondents"])
    return order_gaps(table)


def order_gaps(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of representation with the gaps first.

    Nobody heard, then fewer heard, and so on; within each the lowest ratio first.
    """
    rank = table["verdict"].map({verdict: place for place, verdict in enumerate(_ORDER)})
    order = table.assign(rank=rank).sort_values(["rank", "ratio"], kind="stable").index
    return table.loc[order].reset_index(drop=True)


def _name_lost(lost: pd.DataFrame, population: pd.DataFrame) -> str:
    told = []
    for row in lost.itertuples():
        known = population.loc[population["characteristic"] == row.characteristic, "category"]
        near = find_nearest(str(row.category), map(str, known))
        told.append(
            f"'{row.category}' of '{row.characteristic}'" + (f", near '{near}'" if near else "")
        )
    return f"The population has no category {'; '.join(told)}."
