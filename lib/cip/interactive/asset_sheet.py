"""Everything that is known of one asset, and two records side by side, as HTML for the editor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from cip.assets.record import split_parts
from cip.assets.source_names import name_source
from cip.catalogue.asset_types import load_health_assets
from cip.catalogue.building_blocks import load_topics
from cip.display.markup import escape
from cip.interactive.asset_filter import describe_place, name_type, say_name

_LOCATED = {
    "given": "the source gives the point",
    "postcode": "the middle of its postcode, so it may lie some way off",
}
_UNKNOWN = "not known"
_FACTS = {
    "Type": "asset_type",
    "Kind": "kind",
    "Health asset": "health_asset",
    "Address": "address",
    "Postcode": "postcode",
    "Opening": "opening",
    "Cost": "cost",
    "Serves": "serves",
    "Contact page": "contact_page",
    "Income (pounds a year)": "income",
    "Capacity": "capacity",
    "Detail": "detail",
    "Ids shared with other sources": "shared_id",
    "Licence": "licence",
    "Last checked": "last_checked",
    "Confidence": "confidence",
}
_ABCD = {
    "Resource": "resource",
    "Function": "function",
    "Method": "method",
    "Evaluation: last reviewed": "last_reviewed",
    "Evaluation: still active": "still_active",
    "Evaluation: reviewed by": "reviewed_by",
}
_PAIR = {
    "Name": "name",
    "Type": "asset_type",
    "Address": "address",
    "Postcode": "postcode",
    "Source": "source_id",
    "Id": "asset_id",
}


def write_sheet(asset: pd.Series, records: pd.DataFrame) -> str:
    """Return all that is known of one asset, with the records that it was made of."""
    point = _LOCATED.get(str(asset["located_by"]), "no source gives a place")
    place = [("Place", describe_place(asset)), ("Where the point comes from", point)]
    if pd.notna(asset["x"]) and pd.notna(asset["y"]):
        place.append(("Easting, northing", f"{asset['x']:.0f}, {asset['y']:.0f}"))
    told = [_describe_record(record) for _, record in records.iterrows()]
    title = f"Made of {len(told)} record{'' if len(told) == 1 else 's'}"
    return (
        f'<div class="cip-sheet"><h6>{escape(say_name(asset["name"]))}</h6>'
        f"{_write_facts([*place, *_list_facts(asset, _FACTS)])}"
        "<h6>What it is for (resource, function, method, evaluation)</h6>"
        f"{_write_facts(_list_facts(asset, _ABCD))}"
        f"<h6>{escape(title)}</h6><ul>{''.join(told)}</ul></div>"
    )


def write_pair(first: pd.Series, second: pd.Series, pair: pd.Series, place: str) -> str:
    """Return two records side by side with what speaks for their being one thing.

    Parameters
    ----------
    first, second
        The records.
    pair
        The row of the table ``asset_pairs``.
    place
        Which of how many pairs this is, in words.
    """
    rows = "".join(
        f'<tr><th scope="row">{escape(label)}</th>'
        + "".join(f"<td>{escape(_tell(one, column))}</td>" for one in (first, second))
        + "</tr>"
        for label, column in _PAIR.items()
    )
    return (
        f'<div class="cip-sheet"><table><caption>{escape(place)}</caption><thead><tr>'
        '<td></td><th scope="col">One record</th><th scope="col">The other record</th></tr></thead>'
        f"<tbody>{rows}</tbody></table><p>{escape(describe_likeness(pair))}</p></div>"
    )


def describe_likeness(pair: pd.Series) -> str:
    """Say how alike two records are, in a sentence or two."""
    distance, score = pair["distance_m"], pair["score"]
    far = "their distance is not known" if pd.isna(distance) else f"{distance:,.0f} m apart"
    alike = "names not compared" if pd.isna(score) else f"names alike to {score:.0f} of 100"
    reason = "" if pd.isna(pair["reason"]) else f" Found by: {pair['reason']}."
    return f"{far[:1].upper()}{far[1:]}; {alike}.{reason}"


def _describe_record(record: pd.Series) -> str:
    parts = [
        name_source(record["source_id"]),
        name_type(record["asset_type"]),
        *(_tell(record, name) for name in ("address", "postcode")),
    ]
    if pd.notna(record["last_checked"]):
        parts.append(f"checked {record['last_checked']}")
    if pd.notna(record["row"]):
        parts.append(f"row {record['row']} of the file")
    known = [part for part in parts if part != _UNKNOWN]
    words = f"{say_name(record['name'])} ({record['asset_id']}): {', '.join(known)}"
    return f"<li>{escape(words)}</li>"


def _list_facts(asset: pd.Series, facts: dict[str, str]) -> list[tuple[str, str]]:
    return [(label, _tell(asset, column)) for label, column in facts.items()]


def _tell(row: pd.Series, column: str) -> str:
    """Return one cell in words."""
    value = row[column]
    if pd.isna(value):
        return _UNKNOWN
    if column == "asset_type":
        return name_type(value)
    if column == "source_id":
        return name_source(value)
    if column == "health_asset":
        entry = load_health_assets().get(str(value))
        return entry.label if entry else str(value)
    if column == "function":
        return _name_topics(split_parts(value))
    if column == "still_active":
        return "yes" if bool(value) else "no"
    return f"{value:,.0f}" if column in ("income", "capacity") else str(value)


def _name_topics(ids: Sequence[str]) -> str:
    topics = load_topics()
    return "; ".join(topics[one].label if one in topics else one for one in ids)


def _write_facts(facts: Iterable[tuple[str, str]]) -> str:
    """Return what is known as a list, and what is not in one line."""
    told = list(facts)
    known = [(label, words) for label, words in told if words != _UNKNOWN]
    items = "".join(f"<div><dt>{escape(k)}</dt><dd>{escape(v)}</dd></div>" for k, v in known)
    missing = ", ".join(label.lower() for label, words in told if words == _UNKNOWN)
    rest = f"<p>Not known: {escape(missing)}.</p>" if missing else ""
    return f"<dl>{items}</dl>{rest}" if items else rest
