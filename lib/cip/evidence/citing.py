"""Citations in text: ``[data:social_rented]`` names an entry of the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from cip.errors import Problem, find_nearest
from cip.evidence.entry import KINDS

#: What can be cited besides evidence: a finding stands for all that it rests on.
FINDING = "finding"
#: A word, a colon and a name in square brackets; a link of Markdown is followed by a bracket.
_CITATION = re.compile(r"\[([a-z]+):([\w.:'&+-]+)\](?!\()")


@dataclass(frozen=True)
class Citation:
    """A place in a text that cites something.

    Parameters
    ----------
    evidence_id
        What is cited: ``data:social_rented``, ``finding:housing``.
    line
        Line of the text, from 1.
    start, end
        Where the brackets stand in the text.
    """

    evidence_id: str
    line: int
    start: int
    end: int


def find_citations(text: str) -> list[Citation]:
    """Return every citation of a text, in order; one that is repeated is there twice."""
    found = []
    for match in _CITATION.finditer(text):
        if match[1] in KINDS or match[1] == FINDING:
            line = text.count("\n", 0, match.start()) + 1
            found.append(Citation(f"{match[1]}:{match[2]}", line, match.start(), match.end()))
    return found


def list_cited(citations: Iterable[Citation]) -> list[str]:
    """Return what is cited, each once, in order."""
    return list(dict.fromkeys(citation.evidence_id for citation in citations))


def check_cited(
    cited: Sequence[str], evidence: pd.DataFrame, *, findings: Sequence[str] = ()
) -> Iterator[tuple[str, Problem]]:
    """Yield what is wrong with ids that are cited: the id, and a problem without its place.

    Parameters
    ----------
    evidence
        The ledger: one row per entry.
    findings
        Ids of findings that may be cited, without ``finding:``.
    """
    rows = evidence.set_index("evidence_id")
    known = [*rows.index, *(f"{FINDING}:{name}" for name in findings)]
    for evidence_id in dict.fromkeys(cited):
        if evidence_id not in known:
            nearest = find_nearest(evidence_id, known)
            message = "this cites evidence that is not there: it has gone, or never was"
            yield evidence_id, Problem(message, found=f"[{evidence_id}]", nearest=nearest)
        elif evidence_id in rows.index and not rows.at[evidence_id, "is_citable"]:
            message = f"this cites evidence that is not shown: {rows.at[evidence_id, 'reason']}"
            expected = "a figure that the reports show"
            yield evidence_id, Problem(message, found=f"[{evidence_id}]", expected=expected)
