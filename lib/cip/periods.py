"""Periods as publishers write them, put in order of time."""

from __future__ import annotations

import re
from functools import lru_cache

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        start=1,
    )
}
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_MONTH_OF_YEAR = re.compile(r"((?:19|20)\d{2})-(0[1-9]|1[0-2])(?!\d)")
_NAMED_MONTH = re.compile(r"\b(" + "|".join(_MONTHS) + r")[a-z]*\b", re.IGNORECASE)


@lru_cache(maxsize=4096)
def order_period(period: str) -> float:
    """Return a number by which periods sort: the year and part of it in which a period begins.

    Returns
    -------
    float
        Years as decimals; missing (NaN) when the text names no year.

    Examples
    --------
    >>> order_period("2018-06"), order_period("2016/17"), order_period("2013 - 15")
    (2018.4166666666667, 2016.0, 2013.0)
    >>> order_period("21 March 2021") > order_period("2021")
    True
    """
    if found := _MONTH_OF_YEAR.search(period):
        return int(found[1]) + (int(found[2]) - 1) / 12
    years = _YEAR.findall(period)
    if not years:
        return float("nan")
    month = _NAMED_MONTH.search(period)
    part = (_MONTHS[month[1][:3].casefold()] - 1) / 12 if month else 0.0
    return int(years[0]) + part
