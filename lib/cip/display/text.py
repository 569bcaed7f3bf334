"""Words for numbers: formatted values, and one plain finding for each indicator.

Pure functions of strings and tables; nothing here draws or computes a statistic.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from cip.catalogue.indicators import Indicator
from cip.statistics import BETTER, HIGHER, LOWER, NOT_COMPARED, SIMILAR, WORSE

#: What stands where there is no figure.
MISSING = "no figure"
#: Plain-English guidance for public documents: no sentence is longer.
MAX_WORDS = 25

#: How a comparison reads after "is": the link to one or more comparator names.
_LINKS = {
    HIGHER: "higher than in",
    LOWER: "lower than in",
    SIMILAR: "similar to",
    BETTER: "better than in",
    WORSE: "worse than in",
}
_SHARES = {HIGHER: "A larger share", LOWER: "A smaller share"}


def format_value(value: float | None, unit: str, decimals: int) -> str:
    """Return a number with its unit as readers write it.

    Parameters
    ----------
    value
        The number; percentages are 0-100. Missing gives the words "no figure", never a zero.
    unit
        ``%`` is joined to the number; any other unit is left for the sentence to name.
    decimals
        Decimal places; thousands are parted by commas.

    Examples
    --------
    >>> format_value(31.24, "%", 1), format_value(6543, "people", 0), format_value(None, "%", 1)
    ('31.2%', '6,543', 'no figure')
    """
    if value is None or pd.isna(value):
        return MISSING
    # Half a unit rounds away from zero, as a reader with a calculator expects.
    scale = 10**decimals
    rounded = math.copysign(math.floor(abs(float(value)) * scale + 0.5 + 1e-9) / scale, value)
    text = f"{rounded if rounded else 0.0:,.{decimals}f}"  # no minus sign before a zero
    return f"{text}%" if unit == "%" else text


def format_interval(lower: float | None, upper: float | None, unit: str, decimals: int) -> str:
    """Return an interval as "30.1% to 32.3%", or an empty string when there is none."""
    if lower is None or upper is None or pd.isna(lower) or pd.isna(upper):
        return ""
    return f"{format_value(lower, unit, decimals)} to {format_value(upper, unit, decimals)}"


def join_names(names: Sequence[str]) -> str:
    """Join names as a sentence does: "Oxford, Oxfordshire and England"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def describe_comparison(
    comparison: str, area_name: str, value: float | None, unit: str, decimals: int
) -> str:
    """Return one comparison in words, for a table cell or a label.

    Examples
    --------
    >>> describe_comparison("higher", "Oxford", 21.4, "%", 1)
    'Higher than in Oxford (21.4%)'
    """
    figure = _name_with_figure(area_name, format_value(value, unit, decimals))
    if comparison in _LINKS:
        return f"{_LINKS[comparison].capitalize()} {figure}"
    return f"Not compared with {figure}" if comparison == NOT_COMPARED else ""


def write_finding(indicator: Indicator, rows: pd.DataFrame) -> str:
    """Return the finding of one indicator in one or two plain sentences.

    Parameters
    ----------
    indicator
        The catalogue entry; its ``base_label`` and ``phrase`` or ``group_noun`` give the words.
    rows
        The indicator's rows of the indicator table: all areas and all groups.

    Returns
    -------
    str
        Sentences of 25 words or fewer, unless very many areas are compared. A missing
        comparator is left out. Where the profile area has no figure, the sentence says so.

    Raises
    ------
    ValueError
        When the rows belong to another indicator or have no profile area.
    """
    _check_rows(indicator, rows)
    profile = rows[rows["area_role"] == "profile"]
    if profile["value"].isna().all():
        return f"No figure is available for this area: {indicator.label}."
    if indicator.groups:
        return _write_largest_group(indicator, rows, profile)
    writers = {"count": _write_count, "weighted_mean": _write_mean}
    return writers.get(indicator.statistic, _write_share)(indicator, rows, profile.iloc[0])


def write_alt_text(indicator: Indicator, rows: pd.DataFrame, *, chart: str = "Bar chart") -> str:
    """Return a text that can stand in for a chart: what it is, then every figure of the profile.

    Parameters
    ----------
    chart
        What kind of chart, as the text's first words.
    """
    _check_rows(indicator, rows)
    parts = [
        f"{row.area_name}: {_list_figures(indicator, rows[rows['area_code'] == row.area_code])}"
        for row in _list_areas(rows).itertuples()
        if not indicator.groups or row.area_role == "profile"
    ]
    unit = "" if indicator.unit in ("%", "score") else f", {indicator.unit}"
    return f"{chart}. {indicator.label}{unit}. {'; '.join(parts)}."


def _check_rows(indicator: Indicator, rows: pd.DataFrame) -> None:
    if set(rows["indicator_id"]) != {indicator.id}:
        raise ValueError(f"The rows are not those of the indicator '{indicator.id}' alone.")
    if not (rows["area_role"] == "profile").any():
        raise ValueError("The rows have no profile area.")


def _write_count(indicator: Indicator, rows: pd.DataFrame, profile: pd.Series) -> str:
    value = _format(indicator, profile["value"])
    if value == "1" and indicator.base_singular:
        return f"There is 1 {indicator.base_singular} here."
    return f"There are {value} {indicator.base_label} here."


def _write_mean(indicator: Indicator, rows: pd.DataFrame, profile: pd.Series) -> str:
    opening = f"The {indicator.phrase} here is {_format(indicator, profile['value'])}"
    return _compare_plainly(indicator, _list_comparators(rows), opening)


def _write_share(indicator: Indicator, rows: pd.DataFrame, profile: pd.Series) -> str:
    value = _format(indicator, profile["value"])
    others = _list_comparators(rows)
    words = [word for word in others["comparison"].unique() if word in _LINKS]
    opening = f"Here, {_name_share(indicator, profile['value'])} {indicator.phrase}"
    if not words:
        return _compare_plainly(indicator, others, opening)
    if len(words) == 1 and words[0] in _SHARES:
        subject = f"{_SHARES[words[0]]} of {indicator.base_label} {indicator.phrase}"
        names = _name_areas(indicator, others[others["comparison"] == words[0]])
        sentence = f"{subject} here ({value}) than in {names}."
        if _count_words(sentence) <= MAX_WORDS:
            return sentence
    clauses = [
        f"{_LINKS[word]} {_name_areas(indicator, others[others['comparison'] == word])}"
        for word in words
    ]
    return _fit(opening, "which is", "This is", clauses)


def _name_share(indicator: Indicator, value: float) -> str:
    """Tell nobody at all from a share too small for its decimals."""
    if value == 0:
        return f"no {indicator.base_label}"
    least = 10.0**-indicator.decimals
    if value < least / 2:
        return f"fewer than {_format(indicator, least)} of {indicator.base_label}"
    return f"{_format(indicator, value)} of {indicator.base_label}"


def _write_largest_group(indicator: Indicator, rows: pd.DataFrame, profile: pd.DataFrame) -> str:
    # Of equal groups the first is named; rows come in the order of the catalogue.
    largest = profile["group"].iloc[int(np.nanargmax(profile["value"].to_numpy(dtype=float)))]
    group = next(group for group in indicator.groups if group.id == largest)
    here = rows[rows["group"] == largest]
    value = _format(indicator, here.loc[here["area_role"] == "profile", "value"].iloc[0])
    if indicator.is_decile:
        return (
            f"{indicator.phrase}, the largest share of {indicator.base_label} ({value}) is in "
            f"national decile {group.label.split()[-1]}. Decile 1 is the most deprived tenth."
        )
    opening = (
        f"The most common {indicator.group_noun} here is {group.in_text}, "
        f"at {value} of {indicator.base_label}"
    )
    return _compare_plainly(indicator, _list_comparators(here), opening)


def _compare_plainly(indicator: Indicator, others: pd.DataFrame, opening: str) -> str:
    """Add the comparators' figures without saying that any difference matters."""
    if others.empty:
        return f"{opening}."
    figures = join_names(
        [f"{_format(indicator, row.value)} in {row.area_name}" for row in others.itertuples()]
    )
    return _fit(opening, "compared with", "This compares with", [figures])


def _fit(opening: str, link: str, start: str, clauses: list[str]) -> str:
    """Write one sentence, or more when one would be too long to read at a go."""
    joined = _join_clauses(clauses)
    whole = f"{opening}, {link} {joined}."
    if _count_words(whole) <= MAX_WORDS:
        return whole
    second = f"{start} {joined}."
    if _count_words(second) <= MAX_WORDS:
        return f"{opening}. {second}"
    return " ".join([f"{opening}.", *(f"{start} {clause}." for clause in clauses)])


def _join_clauses(clauses: list[str]) -> str:
    if len(clauses) == 1:
        return clauses[0]
    return f"{', '.join(clauses[:-1])} but {clauses[-1]}"


def _list_comparators(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[(rows["area_role"] != "profile") & rows["value"].notna()]


def _list_areas(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[["area_code", "area_name", "area_role"]].drop_duplicates("area_code")


def _list_figures(indicator: Indicator, rows: pd.DataFrame) -> str:
    figures = [_format(indicator, value) for value in rows["value"]]
    if not indicator.groups:
        return figures[0]
    return ", ".join(
        f"{label} {figure}" for label, figure in zip(rows["group_label"], figures, strict=True)
    )


def _name_areas(indicator: Indicator, rows: pd.DataFrame) -> str:
    return join_names(
        [
            _name_with_figure(row.area_name, _format(indicator, row.value))
            for row in rows.itertuples()
        ]
    )


def _name_with_figure(name: str, figure: str) -> str:
    """Put a figure behind a name, without two pairs of brackets in a row."""
    return f"{name[:-1]}; {figure})" if name.endswith(")") else f"{name} ({figure})"


def _format(indicator: Indicator, value: float) -> str:
    return format_value(value, indicator.unit, indicator.decimals)


def _count_words(sentence: str) -> int:
    return len(sentence.split())
