"""The four questions of asset-based community development, answered for each theme.

Resource, function, method and evaluation follow Annex 4 of the framework, which takes them from
McKnight and Russell (2018).
"""

from __future__ import annotations

import pandas as pd

from cip.assets.record import split_parts
from cip.catalogue.asset_types import load_asset_types
from cip.catalogue.building_blocks import load_topics

#: More names than this are counted, not listed.
MOST_NAMES = 6


def tabulate_abcd(assets: pd.DataFrame) -> pd.DataFrame:
    """Return what the community has, what it is for, how it is used and what is known of that.

    Parameters
    ----------
    assets
        One row per asset of the table ``assets``; those nearby are left out.

    Returns
    -------
    DataFrame
        One row per theme (building block of health) and type of asset that serves it: ``topic,
        theme, asset_type, kind, assets, names, resource, function, method, reviewed, active,
        ended``. ``reviewed`` counts assets that people have looked at together, ``active`` and
        ``ended`` those of which somebody said whether they still go on.
    """
    here = assets[assets["is_inside"].fillna(True).astype(bool)]
    rows = here.assign(topic=here["function"].map(split_parts)).explode("topic")
    lines = [
        _describe(str(topic), str(kind), group)
        for (topic, kind), group in rows.groupby(["topic", "asset_type"], sort=False)
    ]
    columns = [
        "topic", "theme", "asset_type", "kind", "assets", "names",
        "resource", "function", "method", "reviewed", "active", "ended",
    ]  # fmt: skip
    return _sort(pd.DataFrame(lines, columns=columns))


def _describe(topic: str, asset_type: str, rows: pd.DataFrame) -> dict[str, object]:
    entry, theme = load_asset_types()[asset_type], load_topics()[topic]
    names = sorted(set(rows["name"].dropna()), key=str.casefold)
    return {
        "topic": topic,
        "theme": theme.label,
        "asset_type": asset_type,
        "kind": entry.kind,
        "assets": len(rows),
        "names": "; ".join(names) if len(names) <= MOST_NAMES else "",
        "resource": _say(rows["resource"], entry.resource),
        "function": theme.meaning,
        "method": _say(rows["method"], entry.method),
        "reviewed": int(rows["last_reviewed"].notna().sum()),
        "active": int(rows["still_active"].eq(True).fillna(False).sum()),
        "ended": int(rows["still_active"].eq(False).fillna(False).sum()),
    }


def _say(words: pd.Series, general: str) -> str:
    """Return what records say of themselves, at most three things, else the type's own words."""
    said = [word for word in dict.fromkeys(words.dropna()) if word != general]
    return "; ".join(said[:3]) or general


def _sort(frame: pd.DataFrame) -> pd.DataFrame:
    topics, types = list(load_topics()), list(load_asset_types())
    order = frame.assign(
        _topic=frame["topic"].map(topics.index), _type=frame["asset_type"].map(types.index)
    )
    return frame.loc[order.sort_values(["_topic", "kind", "_type"]).index].reset_index(drop=True)
