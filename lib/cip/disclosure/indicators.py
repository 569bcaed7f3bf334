"""The table of indicators made safe: counts, percentages and limits of few people withheld."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import sparse

from cip.disclosure.rules import TOLERANCE, DisclosureRule
from cip.disclosure.secondary import CellSystem, choose_blanks
from cip.shorthand import SUPPRESSED_REASON
from cip.statistics.comparison import NOT_COMPARED

LIMITS = ("lower_95", "upper_95", "lower_998", "upper_998")
COMPARISONS = ("comparison", "comparison_998")

#: Figures that are not counts of people, or that their publisher has already protected.
EXEMPT = frozenset({"published", "decile_areas"})
#: Parts that add up to their base, so that the rest of the base can be worked out.
ADDITIVE = frozenset({"proportion", "composition", "decile_people"})
STATISTICS = EXEMPT | ADDITIVE | {"count", "weighted_mean", "density", "rate", "ratio", "change"}

#: Why a comparison is missing although the comparator's own figure is shown.
COMPARED_REASON = "The area's figure is suppressed to protect people."

_SET = ["indicator_id", "area_code", "period"]


def protect_indicators(
    table: pd.DataFrame, rule: DisclosureRule, *, statistics: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Withhold figures about few people, and those that would give them away.

    The groups of one indicator, area and period are the parts of their denominator; what they
    leave of it is a hidden part, which is protected as well. A withheld cell loses its value,
    limits and numerator. A withheld denominator takes all figures of its set with it.

    Parameters
    ----------
    table
        Indicator table, one row per indicator x area x period x group. Percentages 0-100.
    rule
        See :func:`cip.disclosure.load_rule`. Under a rule that rounds, numerators, denominators
        and values are made anew from rounded parts, and the limits of every figure that rests on
        counts are left out, because exact limits give the exact counts back.
    statistics
        Statistic of each indicator, as in the catalogue. One that is not named is a count without
        a denominator, a weighted mean without a numerator, else a proportion.

    Returns
    -------
    DataFrame
        The same rows and columns. Withheld rows have ``is_suppressed`` true and the reason
        "Suppressed to protect people." A comparison with a withheld figure is "not compared".

    Raises
    ------
    ValueError
        When a count is negative, or ``statistics`` holds a word that is not one.
    """
    if rule.is_open or table.empty:
        return table.copy()
    rows = table.reset_index(drop=True)
    kind = _find_statistics(rows, statistics or {})
    in_scope = ~kind.isin(EXEMPT) & ~rows["is_suppressed"].fillna(False).astype(bool)
    if not rule.protects_country:
        in_scope &= rows["area_role"] != "england"
    hidden, without_base = _find_withheld(rows, kind, in_scope, rule)
    if rule.round_to > 1:
        # A withheld row keeps its denominator, which is rounded like any other.
        rows = _round_rows(rows, kind, in_scope, rule)
    rows = _withhold(rows, hidden, without_base)
    rows.index = table.index
    return rows


def _find_statistics(rows: pd.DataFrame, statistics: Mapping[str, str]) -> pd.Series:
    unknown = set(statistics.values()) - STATISTICS
    if unknown:
        raise ValueError(f"There is no such statistic: {', '.join(sorted(unknown))}.")
    named = rows["indicator_id"].map(dict(statistics))
    guess = np.select(
        [rows["denominator"].isna(), rows["numerator"].isna()],
        ["count", "weighted_mean"],
        default="proportion",
    )
    return named.where(named.notna(), pd.Series(guess, rows.index)).astype(object)


def _find_withheld(
    rows: pd.DataFrame, kind: pd.Series, in_scope: pd.Series, rule: DisclosureRule
) -> tuple[pd.Series, pd.Series]:
    """Return which rows lose their figures, and which of them their denominator too."""
    numerator, denominator = _read_counts(rows)
    # An expected count, or an area's hectares, is no number of people.
    has_people = ~kind.isin(["ratio", "density"])
    hidden = in_scope & rule.is_unsafe(numerator.where(in_scope))
    without_base = in_scope & has_people & rule.is_unsafe(denominator.where(in_scope))
    is_mean = kind == "weighted_mean"
    hidden |= in_scope & is_mean & (denominator > 0) & ~rule.shows_mean(denominator)
    is_sum = in_scope & kind.isin(ADDITIVE) & numerator.notna() & denominator.notna()
    keys = rows.groupby(_SET, sort=False, dropna=False).ngroup()
    chosen = is_sum & _find_risky(numerator.where(is_sum), denominator, keys, rule)
    for _, members in keys[chosen].groupby(keys[chosen], sort=False):
        lost, is_base_lost = _solve_set(numerator[members.index], denominator[members.index], rule)
        hidden[members.index] |= lost
        without_base[members.index] |= is_base_lost
    without_base |= in_scope & has_people & _share_base(rows, denominator, without_base)
    # One figure and its percentage give the denominator, so none of the set can be shown.
    hidden |= without_base | (
        in_scope & (kind == "count") & _share_base(rows, denominator, without_base, numerator)
    )
    return hidden, without_base


def _find_risky(
    numerator: pd.Series, denominator: pd.Series, keys: pd.Series, rule: DisclosureRule
) -> pd.Series:
    """Return the rows of every set with a small part, rest or base; the others need no solving."""
    rests = [denominator - numerator, denominator - numerator.groupby(keys).transform("sum")]
    is_small = rule.is_unsafe(numerator) | rule.is_unsafe(denominator)
    for rest in rests:
        is_small = is_small | rule.is_unsafe(rest.clip(lower=0))
    return keys.isin(keys[is_small])


def _share_base(
    rows: pd.DataFrame,
    denominator: pd.Series,
    without_base: pd.Series,
    counts: pd.Series | None = None,
) -> pd.Series:
    """Return the rows that would show a withheld denominator: same source, area, period, count."""
    place = rows[["source_id", "area_code", "period"]]
    lost = place.assign(n=denominator)[without_base]
    shown = place.assign(n=denominator if counts is None else counts)
    return _match(shown, lost)


def _match(rows: pd.DataFrame, others: pd.DataFrame) -> pd.Series:
    """Return which rows also occur in another table of the same columns."""
    if others.empty:
        return pd.Series(False, index=rows.index)
    wanted = pd.MultiIndex.from_frame(others.drop_duplicates())
    return pd.Series(pd.MultiIndex.from_frame(rows).isin(wanted), index=rows.index)


def _solve_set(
    numerator: pd.Series, denominator: pd.Series, rule: DisclosureRule
) -> tuple[np.ndarray, bool]:
    """Return which groups of one indicator and area are withheld, and whether the base is."""
    parts, base = numerator.to_numpy(), float(denominator.iloc[0])
    is_one_base = bool(np.allclose(denominator, base, atol=TOLERANCE))
    if not is_one_base or parts.sum() > base + TOLERANCE:
        # Groups that overlap, or have bases of their own, are each a part beside its own rest.
        solved = [_solve_parts(np.array([part]), own, rule)
                  for part, own in zip(parts, denominator, strict=True)]  # fmt: skip
        lost = np.array([one[0][0] for one in solved])
        return lost, any(one[1] for one in solved)
    return _solve_parts(parts, base, rule)


def _solve_parts(parts: np.ndarray, base: float, rule: DisclosureRule) -> tuple[np.ndarray, bool]:
    """Solve one sum: the groups, what they leave of the base, and the base."""
    rest = base - parts.sum()
    if rest < -TOLERANCE * max(1.0, base):
        # More events than people: nothing can be subtracted.
        return rule.is_unsafe(parts), False
    has_rest = rest > TOLERANCE or len(parts) == 1
    values = np.array([*parts, *([max(rest, 0.0)] if has_rest else []), base])
    if not rule.is_unsafe(values).any():
        return np.zeros(len(parts), dtype=bool), False
    signs = np.ones((1, len(values)))
    signs[0, -1] = -1
    is_last, nothing = np.zeros(len(values), dtype=bool), np.zeros(len(values), dtype=bool)
    is_last[-1], is_hidden = True, nothing.copy()
    is_hidden[len(parts) : -1] = True
    is_whole = bool(np.all(np.abs(values - np.round(values)) <= TOLERANCE))
    system = CellSystem(values, sparse.csr_array(signs), nothing, is_last, is_hidden, is_whole)
    is_blank = choose_blanks(system, rule).is_blank
    return is_blank[: len(parts)], bool(is_blank[-1])


def _round_rows(
    rows: pd.DataFrame, kind: pd.Series, is_rounded: pd.Series, rule: DisclosureRule
) -> pd.DataFrame:
    """Round the counts and make the values from the rounded counts."""
    numerator, denominator = _read_counts(rows)
    own_numerator = is_rounded & numerator.notna()
    own_base = is_rounded & denominator.notna() & ~kind.isin(["ratio", "density"])
    part = numerator.where(~own_numerator, rule.round_counts(numerator))
    base = denominator.where(~own_base, rule.round_counts(denominator))
    growth = (part / numerator).where(numerator > 0, 1.0)
    shrink = (denominator / base).where(base > 0, 1.0)
    value = rows["value"].astype(float)
    is_mean = kind == "weighted_mean"
    made = value * growth * shrink.where(denominator.notna(), 1.0)
    is_share = kind.isin(ADDITIVE)
    made = made.where(~is_share, rule.round_percentages(made, base))
    is_made = is_rounded & ~is_mean & numerator.notna()
    result = rows.assign(
        value=value.where(~is_made, made), numerator=part, denominator=base
    )  # fmt: skip
    for name in _present(rows, LIMITS):
        result[name] = rows[name].astype(float).mask(is_made)
    return result


def _withhold(rows: pd.DataFrame, hidden: pd.Series, without_base: pd.Series) -> pd.DataFrame:
    result = rows.copy()
    for name in ["value", "numerator", *_present(rows, LIMITS)]:
        result[name] = rows[name].astype(float).mask(hidden)
    result["denominator"] = rows["denominator"].astype(float).mask(without_base)
    result["is_suppressed"] = rows["is_suppressed"].fillna(False).astype(bool) | hidden
    result["missing_reason"] = rows["missing_reason"].mask(hidden, SUPPRESSED_REASON)
    figure, is_own = rows[["indicator_id", "period", "group"]], rows["area_role"] == "profile"
    lost = ~is_own & _match(figure, figure[is_own & hidden])
    for name in _present(rows, COMPARISONS):
        is_word = rows[name].fillna("") != ""
        result.loc[(hidden | lost) & is_word, name] = NOT_COMPARED
    explained = lost & ~hidden & ~rows["comparison"].fillna("").isin(["", NOT_COMPARED])
    result.loc[explained, "missing_reason"] = COMPARED_REASON
    return result


def _read_counts(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    return tuple(
        pd.Series(rows[name].to_numpy(dtype=float, na_value=np.nan), rows.index)
        for name in ("numerator", "denominator")
    )


def _present(rows: pd.DataFrame, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if name in rows.columns]
