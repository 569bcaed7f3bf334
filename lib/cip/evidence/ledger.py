"""The whole ledger: the parts of all stages, who cites what, and what a refresh has changed."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from cip.errors import CipError, Problem
from cip.schemas.evidence import EVIDENCE_COLUMNS, EVIDENCE_TABLES
from cip.tables import TableFolder

LEDGER_VERSION = 1
#: What is compared between two runs: what a reader would read differently.
_COMPARED = ("value", "lower_95", "upper_95", "base", "period", "comparison", "is_citable")


def read_parts(tables: TableFolder) -> pd.DataFrame:
    """Return the ledger of an area: the parts that its stages have written, one after the other.

    Returns
    -------
    DataFrame
        One row per entry, with the columns of EVIDENCE_COLUMNS.
    """
    parts = [tables.read(name) for name in EVIDENCE_TABLES.values() if tables.has(name)]
    if not parts:
        return pd.DataFrame(columns=list(EVIDENCE_COLUMNS))
    return pd.concat(parts, ignore_index=True)


@dataclass(frozen=True)
class Change:
    """A cited entry that reads differently than in the run before.

    Parameters
    ----------
    evidence_id, label
        What has changed.
    before, after
        What it said and says; empty where it was not there or is gone.
    rests_on_it
        Findings, recommendations and actions that cite it, as ``kind:id``, through findings too.
    """

    evidence_id: str
    label: str
    before: str
    after: str
    rests_on_it: tuple[str, ...]

    def __str__(self) -> str:
        before = self.before or "not there"
        after = self.after or "gone"
        return (
            f"[{self.evidence_id}] {self.label}: was {_part(before)}; now {_part(after)}. "
            f"Rests on it: {', '.join(self.rests_on_it)}."
        )


def _part(sentence: str) -> str:
    return f"“{sentence.rstrip('.')}”" if sentence not in ("not there", "gone") else sentence


def list_cited_by(citations: pd.DataFrame) -> dict[str, list[str]]:
    """Return what rests on each entry: the entry's id to ``kind:id`` of what cites it.

    Parameters
    ----------
    citations
        One row per citing thing x evidence, with findings followed to what they cite.
    """
    found: dict[str, list[str]] = {}
    for row in citations.itertuples():
        name = f"{row.citing_kind}:{row.citing_id}"
        listed = found.setdefault(row.evidence_id, [])
        if name not in listed:
            listed.append(name)
    return found


def list_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Return the cited entries that differ between two ledgers, in the order of their ids.

    An entry counts when something cites it now, or cited it before.

    Parameters
    ----------
    before, after
        Ledgers as :func:`describe_ledger` gives them.
    """
    old = {entry["evidence_id"]: entry for entry in before["entries"]}
    new = {entry["evidence_id"]: entry for entry in after["entries"]}
    changes = []
    for name in sorted(old | new):
        was, now = old.get(name), new.get(name)
        cited = dict.fromkeys([*(was or {}).get("cited_by", []), *(now or {}).get("cited_by", [])])
        if cited and not _is_same(was, now):
            label = (now or was or {})["label"]
            said, says = ((entry or {}).get("statement", "") for entry in (was, now))
            changes.append(Change(name, label, said, says, tuple(cited)))
    return changes


def _is_same(was: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> bool:
    if was is None or now is None:
        return was is now
    if was["statement"] != now["statement"]:
        return False
    return all(was.get(key) == now.get(key) for key in _COMPARED)


def describe_ledger(
    evidence: pd.DataFrame, cited_by: Mapping[str, Iterable[str]], *, about: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the ledger as plain values for ``evidence.json``.

    Parameters
    ----------
    evidence
        One row per entry.
    cited_by
        As :func:`list_cited_by` gives it.
    about
        What the ledger is of: area, title, date, whether it is invented.
    """
    entries = []
    for row in evidence.to_dict("records"):
        entry = {key: _to_plain(value) for key, value in row.items()}
        entry["topics"] = _split(entry["topics"])
        entry["source_ids"] = _split(entry["source_ids"])
        entry["cited_by"] = list(cited_by.get(entry["evidence_id"], []))
        entries.append({key: value for key, value in entry.items() if value is not None})
    return {"ledger_version": LEDGER_VERSION, **about, "entries": entries}


def _to_plain(value: Any) -> Any:
    if value is None or value is pd.NA:
        return None
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 6)
    if hasattr(value, "item"):
        return _to_plain(value.item())
    return value


def _split(text: Any) -> list[str]:
    return [part for part in str(text or "").split("; ") if part]


def write_ledger(path: Path, ledger: Mapping[str, Any]) -> None:
    """Write ``evidence.json``."""
    text = json.dumps(ledger, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def read_ledger(path: Path) -> dict[str, Any] | None:
    """Read ``evidence.json``; None where there is none, or one of another version.

    Raises
    ------
    CipError
        If the file is there and is no ledger.
    """
    try:
        ledger = json.loads(path.read_text(encoding="utf-8"))
        version = ledger["ledger_version"]
        _ = [entry["evidence_id"] for entry in ledger["entries"]]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        message = "this is no ledger of evidence; delete it and run the area again"
        raise CipError(Problem(message, file=path)) from None
    return ledger if version == LEDGER_VERSION else None


def describe_changes(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Return changes as plain values for ``run.json``."""
    return [
        asdict(change) | {"rests_on_it": list(change.rests_on_it), "words": str(change)}
        for change in changes
    ]
