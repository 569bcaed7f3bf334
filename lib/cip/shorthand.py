"""Shorthand for cells without an ordinary figure, as government statistics mark them."""

from __future__ import annotations

import math
from typing import NamedTuple

SUPPRESSED = "[c]"
LOW = "[low]"
NOT_AVAILABLE = "[x]"
NOT_APPLICABLE = "[z]"

#: Why a figure is withheld; the words stand in ``missing_reason`` and under tables.
SUPPRESSED_REASON = "Suppressed to protect people."

#: How a ``missing_reason`` starts where a figure cannot exist, rather than is not to be had.
NOT_APPLICABLE_REASON = "Not applicable"


class Shorthand(NamedTuple):
    """One mark and what it means."""

    symbol: str
    meaning: str


def explain_shorthand() -> list[Shorthand]:
    """Return one entry per mark with its meaning, for a notes sheet or the foot of a report."""
    return [
        Shorthand(SUPPRESSED, "Confidential: withheld to protect people."),
        Shorthand(LOW, "Low: rounds to zero at the decimals shown, but is not zero."),
        Shorthand(NOT_AVAILABLE, "Not available."),
        Shorthand(NOT_APPLICABLE, "Not applicable: there can be no such figure."),
    ]


def show_value(
    value: float | None,
    is_suppressed: bool = False,
    missing_reason: str = "",
    *,
    decimals: int = 1,
) -> str:
    """Return a figure as a table shows it: a number, or the mark that stands for it.

    Parameters
    ----------
    value
        The figure in its own unit; None or not-a-number where there is none.
    is_suppressed
        Whether the figure is withheld. It wins over everything else, even over a value.
    missing_reason
        Why there is no figure. One that starts with "Not applicable" gives ``[z]``.
    decimals
        Decimal places, zero or more. Halves round away from zero.

    Returns
    -------
    str
        Such as ``1,234.5``, ``[c]``, ``[low]``, ``[x]`` or ``[z]``.

    Examples
    --------
    >>> show_value(0.04), show_value(0.0), show_value(None), show_value(12.25, True)
    ('[low]', '0.0', '[x]', '[c]')
    """
    if decimals < 0:
        raise ValueError(f"Decimal places must be zero or more, not {decimals}.")
    if not _is_missing(is_suppressed) and bool(is_suppressed):
        return SUPPRESSED
    if _is_missing(value):
        reason = "" if _is_missing(missing_reason) else str(missing_reason)
        is_void = reason.casefold().startswith(NOT_APPLICABLE_REASON.casefold())
        return NOT_APPLICABLE if is_void else NOT_AVAILABLE
    number = float(value)
    if math.isinf(number):
        raise ValueError("A figure is infinite.")
    rounded = _round_half_away(number, decimals)
    if rounded == 0:
        # A minus sign before zero would look like a figure, so plain zero is written.
        return LOW if number != 0 else f"{0:.{decimals}f}"
    return f"{rounded:,.{decimals}f}"


def _round_half_away(number: float, decimals: int) -> float:
    # The shortest way to write the number is rounded, so 0.15 is a half and not just below it.
    from decimal import ROUND_HALF_UP, Decimal

    return float(Decimal(repr(number)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def _is_missing(value: object) -> bool:
    """Return whether a cell is None, NaN or pandas' NA, without loading pandas."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float) and math.isnan(value)
