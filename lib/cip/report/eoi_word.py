"""Invitations to apply as Word documents that a group goes on editing, one per round."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from cip.framework.expression_of_interest import build_invitation
from cip.framework.scoring_scores import read_scoring
from cip.params import ParameterFile
from cip.report.word import write_document

#: Words for the list of documents: what the files are.
INVITATION_WORDS = "Invitation to apply (Word)"


def name_invitation(round_id: str) -> str:
    """Return the file name of a round's invitation."""
    return f"invitation_{round_id.replace('-', '_')}.docx"


def write_invitations(
    file: ParameterFile,
    folder: Path,
    *,
    today: date,
    recommendations: Mapping[str, str] | None = None,
    is_synthetic: bool = False,
) -> list[Path]:
    """Write the invitation of every round that the area's scoring file declares.

    Parameters
    ----------
    file
        The area's parameter file.
    folder
        Where to write; made if absent.
    today
        Date of the draft where the parameter file gives none.
    recommendations
        Words of recommendations, by id; left out, the ids stand.
    is_synthetic
        Whether the area is invented: every page then says so.

    Returns
    -------
    list of Path
        The documents; none where the area names no scoring file.

    Raises
    ------
    ParameterError
        With every problem of the scoring file and of what it names.
    """
    path = file.resolve_input("scoring")
    if path is None:
        return []
    written = []
    for one in read_scoring(path).file.scoring.rounds:
        document = build_invitation(
            file.params,
            one,
            today=today,
            recommendations=recommendations,
            is_synthetic=is_synthetic,
        )
        written.append(write_document(document, folder / name_invitation(one.id)))
    return written
