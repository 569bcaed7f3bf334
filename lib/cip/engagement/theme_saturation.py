"""Whether further interviews still brought new themes: the table ``saturation``."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from cip.engagement.coding_settled import settle_codings
from cip.engagement.excerpts import Excerpts
from cip.statistics.saturation import Saturation, assess_saturation, count_new_themes

#: Ways of hearing people that are held one after another.
HELD = ("interview", "focus group")


def count_saturation(excerpts: Excerpts, *, voices: Collection[str] = HELD) -> pd.DataFrame:
    """Return how many themes each interview or group brought up for the first time.

    Parameters
    ----------
    excerpts
        Documents count in the order in which they first stand in the files: put them in the order
        in which interviews were held.

    Returns
    -------
    DataFrame
        One row per interview or group: ``order`` (from 1)``, voice, new_themes, themes_so_far,
        new_share`` (new themes as a percentage of all so far; missing while there are none).
        Only agreed and settled codings count.
    """
    held = excerpts.frame[excerpts.frame["voice"].isin(list(voices))]
    documents = held.drop_duplicates("document_id")[["document_id", "voice"]]
    final = settle_codings(excerpts).final
    said = final.merge(
        held[["excerpt_id", "document_id"]], on="excerpt_id", how="inner", validate="m:1"
    )
    mentions = said.rename(columns={"document_id": "interview", "theme_id": "theme"})
    counted = count_new_themes(mentions[["interview", "theme"]], list(documents["document_id"]))
    so_far = counted["all_themes"].to_numpy(dtype=float)
    return pd.DataFrame(
        {
            "order": np.arange(1, len(counted) + 1),
            "voice": documents["voice"].to_numpy(),
            "new_themes": counted["new_themes"].to_numpy(),
            "themes_so_far": counted["all_themes"].to_numpy(),
            "new_share": 100
            * counted["new_themes"].to_numpy()
            / np.where(so_far > 0, so_far, np.nan),
        }
    )


def judge_saturation(saturation: pd.DataFrame) -> Saturation | None:
    """Return whether new themes ran dry (`cip.statistics.assess_saturation`).

    Returns
    -------
    Saturation or None
        None where there is nothing to judge: no interviews, or none of the first with a theme.
    """
    if not saturation["new_themes"].head(4).sum():
        return None
    return assess_saturation(saturation["new_themes"])
