"""Agreement on a codebook: for each code and overall, and the disagreements to talk about.

A unit can have several codes, so each code is a question of its own: did the coder apply it or not?
"Not" is only said of units that the coder has looked at.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cip.statistics.agreement import (
    DRAWS,
    SEED,
    Agreement,
    band_agreement,
    count_pairs,
    measure_cohen,
    measure_fleiss,
    measure_percentage,
    share_of_pairs,
)
from cip.statistics.agreement_alpha import alpha_of_coincidences, count_coincidences, measure_alpha

#: The row over all codes together.
OVERALL = ""


def measure_codes(
    codings: pd.DataFrame,
    *,
    codes: Sequence[Hashable] | None = None,
    looked_at: pd.DataFrame | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the agreement of the coders on each code, and over all codes.

    Parameters
    ----------
    codings
        One row per code applied: ``unit, coder, code``. A row with a missing code says that the
        coder looked at the unit and found no code to apply.
    codes
        Codes of the codebook, in its order; those applied at all, sorted, by default.
    looked_at
        One row per unit and coder that looked at it (``unit, coder``), where the codings do not
        tell. Without it a coder has looked at the units with a row of theirs and at no others.

    Returns
    -------
    DataFrame
        The overall row (code ``""``) first, then one row per code: ``code, units`` (looked at by
        two coders or more)``, applied`` (units to which any of their coders applied it)``,
        percentage, percentage_lower, percentage_upper, kappa, kappa_lower, kappa_upper, kappa_of``
        (``Cohen`` with two coders, else ``Fleiss``, over units that all looked at)``, alpha,
        alpha_lower, alpha_upper, band, note``. The overall alpha takes each unit and code
        together, resamples units, and flatters a long codebook of rare codes: read the codes.

    Raises
    ------
    ValueError
        For missing columns or names, fewer than two coders, or a code that is not of the codebook.

    Notes
    -----
    Alpha is that of the two values applied and not applied. With a rare code it is unstable and
    the percentage flatters: nobody applying it is agreement too.
    """
    cells, names, _, _ = lay_out_codings(codings, codes=codes, looked_at=looked_at)
    options = {"draws": draws, "seed": seed, "confidence": confidence}
    rows = [_measure_code(cells[:, :, place], options) for place in range(len(names))]
    table = pd.DataFrame([_measure_overall(cells, options), *rows])
    table.insert(0, "code", [OVERALL, *names])
    return table


def list_disagreements(
    codings: pd.DataFrame,
    *,
    codes: Sequence[Hashable] | None = None,
    looked_at: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the units and codes on which coders who looked at the unit differ.

    Returns
    -------
    DataFrame
        One row per unit and code: ``unit, code, applied_by, not_applied_by`` (coders, joined by
        commas), in the order of the units.
    """
    cells, names, units, coders = lay_out_codings(codings, codes=codes, looked_at=looked_at)
    differs = (cells == 1).any(axis=1) & (cells == 0).any(axis=1)
    rows = []
    for unit, code in zip(*(part.tolist() for part in np.nonzero(differs)), strict=True):
        applied, left = (
            ", ".join(str(c) for c, said in zip(coders, cells[unit, :, code], strict=True)
                      if said == value)
            for value in (1, 0)
        )  # fmt: skip
        rows.append((units[unit], names[code], applied, left))
    return pd.DataFrame(rows, columns=["unit", "code", "applied_by", "not_applied_by"])


def lay_out_codings(
    codings: pd.DataFrame,
    *,
    codes: Sequence[Hashable] | None = None,
    looked_at: pd.DataFrame | None = None,
) -> tuple[NDArray[np.float64], list[Hashable], list[Hashable], list[Hashable]]:
    """Return a block units x coders x codes (1 applied, 0 not, missing not looked at) and names.

    The names are those of the codes, the units and the coders.
    """
    seen = _check_columns(codings, ["unit", "coder", "code"])[["unit", "coder"]]
    if looked_at is not None:
        seen = pd.concat([seen, _check_columns(looked_at, ["unit", "coder"])[["unit", "coder"]]])
    applied = codings.dropna(subset="code")
    used = list(applied["code"].unique())
    names = sorted(used, key=str) if codes is None else list(codes)
    unknown = [str(code) for code in used if code not in names]
    if unknown:
        raise ValueError(f"Not in the codebook: {', '.join(sorted(unknown))}.")
    if not names:
        raise ValueError("No code was applied, so there is nothing to agree on.")
    units, coders = (list(pd.unique(seen[part])) for part in ("unit", "coder"))
    if len(coders) < 2:
        raise ValueError("Agreement needs two coders at least.")
    cells = np.full((len(units), len(coders), len(names)), np.nan)
    places = (_number(seen, "unit", units), _number(seen, "coder", coders))
    cells[places] = 0
    cells[
        _number(applied, "unit", units),
        _number(applied, "coder", coders),
        _number(applied, "code", names),
    ] = 1
    return cells, names, units, coders


def _measure_code(cells: NDArray[np.float64], options: dict[str, float]) -> dict[str, object]:
    alpha = measure_alpha(cells, **options)
    shared = cells[(~np.isnan(cells)).sum(axis=1) > 1]
    row = {"units": len(shared), "applied": int((shared == 1).any(axis=1).sum())}
    row |= _name_parts("percentage", measure_percentage(cells, **options))
    if cells.shape[1] == 2:
        kappa = measure_cohen(*cells.T, confidence=options["confidence"])
    else:
        kappa = measure_fleiss(cells, **options)
    row |= _name_parts("kappa", kappa)
    row["kappa_of"] = "Cohen" if cells.shape[1] == 2 else "Fleiss"
    row |= _name_parts("alpha", alpha)
    return row | {"band": band_agreement(alpha.value), "note": alpha.reason}


def _measure_overall(cells: NDArray[np.float64], options: dict[str, float]) -> dict[str, object]:
    """Return the row over all codes: ratings of a unit on all codes are resampled together."""
    size, coders, kinds = cells.shape
    flat = cells.transpose(0, 2, 1).reshape(size * kinds, coders)
    is_shared = (~np.isnan(cells[:, :, 0])).sum(axis=1) > 1
    codes = np.where(np.isnan(flat), -1, flat).astype(np.intp)
    # A unit has the same coders on all codes, so its codes stay or go together.
    together = count_coincidences(codes, 2).reshape(int(is_shared.sum()), kinds, 4).sum(axis=1)
    alpha = alpha_of_coincidences(together, np.array([0.0, 1.0]), **options)
    pairs = count_pairs(codes).reshape(size, kinds, 2).sum(axis=1)[is_shared]
    row = {
        "units": int(is_shared.sum()),
        "applied": int((cells[is_shared] == 1).any(axis=(1, 2)).sum()),
    }
    row |= _name_parts("percentage", share_of_pairs(pairs, **options))
    row |= _name_parts("kappa", Agreement(np.nan, np.nan, np.nan, 0, ""))
    row["kappa_of"] = ""
    row |= _name_parts("alpha", alpha)
    return row | {"band": band_agreement(alpha.value), "note": alpha.reason}


def _name_parts(name: str, found: Agreement) -> dict[str, float]:
    return {name: found.value, f"{name}_lower": found.lower, f"{name}_upper": found.upper}


def _number(frame: pd.DataFrame, column: str, known: list[Hashable]) -> NDArray[np.intp]:
    return pd.Index(known).get_indexer(frame[column])


def _check_columns(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise ValueError(f"The codings have no column {', '.join(missing)}.")
    for name in ("unit", "coder"):
        if frame[name].isna().any():
            row = int(frame[name].isna().to_numpy().argmax()) + 1
            raise ValueError(f"Row {row} of the codings has no {name}.")
    return frame
