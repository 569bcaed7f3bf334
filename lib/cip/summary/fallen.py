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
#: What stands between evidence and outcome, and can be cited in its turn.
STEPS = (FINDING, "recommendation", "action", "grant", "outcome")


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
    return follow_steps(cited, {f"{_PREFIX}{name}": ids for name, ids in findings.items()})


def follow_steps(cited: Iterable[str], behind: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return the evidence behind what is cited, through every step of the chain.

    Parameters
    ----------
    cited
        Ids as they are cited: evidence, or a step such as ``recommendation:repairs``.
    behind
        What each step cites, by its whole id.

    Returns
    -------
    dict
        Id of evidence to the step that was cited, or to nothing where the evidence itself was
        cited. A step that leads nowhere stays as it is.
    """
    cited = list(dict.fromkeys(cited))
    found = {one: "" for one in cited if not is_step(one)}
    for one in cited:
        if is_step(one):
            reached = _list_behind(one, behind, set())
            for evidence_id in reached or [one]:
                found.setdefault(evidence_id, one if reached else "")
    return found


def is_step(cited: str) -> bool:
    """Return whether an id names a step of the chain, such as a finding, and not evidence."""
    return cited.partition(":")[0] in STEPS


def _list_behind(step: str, behind: Mapping[str, Iterable[str]], seen: set[str]) -> list[str]:
    """Return the evidence behind a step; one that cites itself in a circle is followed once."""
    if step in seen:
        return []
    seen.add(step)
    found: list[str] = []
    for one in behind.get(step, ()):
        found += _list_behind(one, behind, seen) if is_step(one) else [one]
    return list(dict.fromkeys(found))


def expand_citations(citations: pd.DataFrame) -> pd.DataFrame:
    """Return citations with each step of the chain resolved to the evidence that it rests on.

    Parameters
    ----------
    citations
        The table ``citations``: one row per thing that cites x what it cites; those of findings,
        recommendations and actions among them.

    Returns
    -------
    DataFrame
        One row per thing that cites x entry of the ledger, with ``through``: the step by which it
        is reached (``finding:housing``, ``recommendation:repairs``), empty where it is cited
        directly. Place and line are those of the citation that stands in the text. A step that
        cites nothing stays as it is.
    """
    whole = citations["citing_kind"].astype(str) + ":" + citations["citing_id"].astype(str)
    behind = citations.groupby(whole, sort=False)["evidence_id"].agg(list).to_dict()
    rows = []
    for _, group in citations.groupby(["citing_kind", "citing_id"], sort=False):
        places = group.drop_duplicates("evidence_id").set_index("evidence_id")
        for evidence_id, through in follow_steps(group["evidence_id"], behind).items():
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
