"""What rests on what: citations followed through findings, and what falls when evidence goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from cip.evidence.citing import FINDING

COLUMNS = ("citing_kind", "citing_id", "citing_title", "evidence_id", "file", "line")
EXPANDED = (*COLUMNS[:4], "through", *COLUMNS[4:])
FALLEN = (*EXPANDED, "reason")
GONE = "it has gone, or never was"
_PREFIX = f"{FINDING}:"


def follow_findings(cited: Iterable[str], findings: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return the evidence behind what is cited, and the finding that each is reached through.

    Parameters
    ----------
    cited
        Ids as they are cited; ``finding:housing`` stands for all that the finding cites.
    findings
        What each finding cites, by its id without ``finding:``.

    Returns
    -------
    dict
        Id of evidence to the finding that was cited (``finding:housing``), or to nothing where
        the evidence itself was cited. A finding that leads nowhere stays as it is.

    Examples
    --------
    >>> follow_findings(["finding:food", "quote:Q09"], {"food": ["data:fuel", "quote:Q09"]})
    {'quote:Q09': '', 'data:fuel': 'finding:food'}
    """
    cited = list(dict.fromkeys(cited))
    found = {one: "" for one in cited if not one.startswith(_PREFIX)}
    for one in cited:
        if one.startswith(_PREFIX):
            reached = _list_behind(one, findings, set())
            for evidence_id in reached or [one]:
                found.setdefault(evidence_id, one if reached else "")
    return found


def _list_behind(finding: str, findings: Mapping[str, Iterable[str]], seen: set[str]) -> list[str]:
    """Return the evidence behind a finding; one that cites itself in a circle is followed once."""
    if finding in seen:
        return []
    seen.add(finding)
    behind: list[str] = []
    for one in findings.get(finding.removeprefix(_PREFIX), ()):
        behind += _list_behind(one, findings, seen) if one.startswith(_PREFIX) else [one]
    return list(dict.fromkeys(behind))


def expand_citations(citations: pd.DataFrame) -> pd.DataFrame:
    """Return citations with each finding resolved to the evidence that it rests on.

    Parameters
    ----------
    citations
        The table ``citations``: one row per thing that cites x what it cites; those of findings
        among them.

    Returns
    -------
    DataFrame
        One row per thing that cites x entry of the ledger, with ``through``: the finding by which
        it is reached, empty where it is cited directly. Place and line are those of the citation
        that stands in the text. A finding that cites nothing stays as it is.
    """
    own = citations[citations["citing_kind"] == FINDING]
    behind = own.groupby("citing_id", sort=False)["evidence_id"].agg(list).to_dict()
    rows = []
    for _, group in citations.groupby(["citing_kind", "citing_id"], sort=False):
        places = group.drop_duplicates("evidence_id").set_index("evidence_id")
        for evidence_id, through in follow_findings(group["evidence_id"], behind).items():
            place = places.loc[through or evidence_id]
            words = [place[name] for name in COLUMNS[:3]]
            rows.append([*words, evidence_id, through, place["file"], place["line"]])
    table = pd.DataFrame(rows, columns=list(EXPANDED))
    return table.astype({"line": "Int64"} | dict.fromkeys(set(EXPANDED) - {"line"}, "str"))


def list_fallen(
    citations: pd.DataFrame, evidence: pd.DataFrame, *, findings: Iterable[str] = ()
) -> pd.DataFrame:
    """Return everything that cites what is gone, or what may no longer be cited.

    Parameters
    ----------
    citations
        The table ``citations``, of this run or of the one before.
    evidence
        The ledger as it is now: one row per entry.
    findings
        Ids of findings that are there although they cite nothing.

    Returns
    -------
    DataFrame
        One row per thing that falls x entry that it rested on, with ``through`` as
        `expand_citations` has it, and ``reason``: why the entry cannot be cited.
    """
    held = evidence["is_citable"].fillna(False).astype(bool)
    kept = set(evidence.loc[held, "evidence_id"])
    kept |= {f"{_PREFIX}{name}" for name in findings}
    reasons = evidence.loc[~held].set_index("evidence_id")["reason"].to_dict()
    table = expand_citations(citations)
    fallen = table[~table["evidence_id"].isin(kept)].copy()
    fallen["reason"] = [reasons.get(name, GONE) for name in fallen["evidence_id"]]
    return fallen[list(FALLEN)].reset_index(drop=True)
