"""How far coders agree, theme by theme and over all: the table ``agreement``."""

from __future__ import annotations

import pandas as pd

from cip.engagement.codebook import Codebook
from cip.engagement.excerpts import Excerpts
from cip.statistics.agreement import DRAWS
from cip.statistics.agreement_codes import OVERALL, measure_codes

#: ``theme_id`` of the row over all themes.
ALL_THEMES = "all"
_COLUMNS = ["theme_id", "coders", "excerpts", "agreement", "kappa", "alpha", "alpha_lower_95",
            "alpha_upper_95", "disagreements", "reading"]  # fmt: skip


def measure_agreement(
    excerpts: Excerpts, codebook: Codebook, *, draws: int = DRAWS
) -> pd.DataFrame:
    """Return how far the coders agree.

    Parameters
    ----------
    excerpts
        Read by two coders or more. An excerpt that a coder has read and left without a theme is a
        "no" to every theme; one that a coder has not read says nothing of that coder.
    codebook
        Headings that nobody applies are left out.
    draws
        Resamples of the intervals.

    Returns
    -------
    DataFrame
        The row over all themes first (``theme_id`` is ``all``), then one row per theme in the
        order of the codebook: ``coders`` and ``excerpts`` (read by two or more), ``agreement``
        (percentage), ``kappa`` (Cohen's with two coders, else Fleiss'; none over all themes),
        ``alpha`` (Krippendorff's, 1 for full agreement) with its interval, ``disagreements``
        (excerpts, over all themes: excerpts and themes) and ``reading`` (``reliable``,
        ``tentative``, ``not reliable``, ``no figure``). No rows with fewer than two coders.

    Notes
    -----
    `cip.statistics.measure_codes`. Bands after Krippendorff 2004.
    """
    readers = excerpts.looked_at.groupby("excerpt_id")["coder"].transform("nunique")
    shared = excerpts.looked_at[readers > 1]
    used = set(excerpts.codings["theme_id"])
    themes = [t.id for t in codebook.themes if t.id not in codebook.headings or t.id in used]
    if shared.empty or not used:
        return pd.DataFrame({name: pd.Series(dtype="object") for name in _COLUMNS})
    names = {"excerpt_id": "unit", "theme_id": "code"}
    codings = excerpts.codings[excerpts.codings["excerpt_id"].isin(set(shared["excerpt_id"]))]
    found = measure_codes(
        codings.rename(columns=names),
        codes=themes,
        looked_at=shared.rename(columns=names),
        draws=draws,
    )
    differing = _count_differences(codings, shared)
    return pd.DataFrame(
        {
            "theme_id": found["code"].replace({OVERALL: ALL_THEMES}).astype("str"),
            "coders": shared["coder"].nunique(),
            "excerpts": found["units"],
            "agreement": found["percentage"],
            "kappa": found["kappa"],
            "alpha": found["alpha"],
            "alpha_lower_95": found["alpha_lower"],
            "alpha_upper_95": found["alpha_upper"],
            "disagreements": [
                int(differing.sum()) if code == OVERALL else int(differing.get(code, 0))
                for code in found["code"]
            ],
            "reading": found["band"],
        }
    )


def _count_differences(codings: pd.DataFrame, shared: pd.DataFrame) -> pd.Series:
    """Return, for each theme, the excerpts on which those who read them differ."""
    readers = shared.groupby("excerpt_id")["coder"].nunique()
    applied = codings.groupby(["excerpt_id", "theme_id"])["coder"].nunique().reset_index(name="by")
    differs = applied[applied["by"] < applied["excerpt_id"].map(readers)]
    return differs.groupby("theme_id").size()
