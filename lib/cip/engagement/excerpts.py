"""What people said, cut into excerpts and coded: read from whatever tool the coders used.

The text of an excerpt stays in memory. No representation, message or table of this module holds
it; people, documents and coders bear names made here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from cip.engagement.codebook import Codebook
from cip.engagement.excerpts_columns import ATTRIBUTES, VOICES
from cip.errors import ParameterError, Problem

__all__ = ["VOICES", "Excerpts", "load_excerpts"]


@dataclass(frozen=True, repr=False)
class Excerpts:
    """Coded excerpts.

    Parameters
    ----------
    frame
        One row per excerpt: ``excerpt_id, document_id, person_id`` (names made here)``, voice,
        wave``, the characteristics of the speaker (`cip.catalogue.people_groups`; missing where
        not told)``, text, suggestion`` (whether it suggests something), in the order of the files.
    codings
        One row per excerpt, coder and theme applied: ``excerpt_id, coder, theme_id``.
    looked_at
        One row per excerpt and coder who has read it: ``excerpt_id, coder``. Without a coding the
        coder found no theme in it.
    settled
        One row per settled disagreement: ``excerpt_id, theme_id, decision, decided_on``.
    files
        The file of each coder, for those who code in a file of their own.
    """

    frame: pd.DataFrame
    codings: pd.DataFrame
    looked_at: pd.DataFrame
    settled: pd.DataFrame
    files: dict[str, Path] = field(default_factory=dict)

    def __repr__(self) -> str:
        return (
            f"Excerpts({len(self.frame)} excerpts, {self.frame['person_id'].nunique()} people, "
            f"{len(self.coders)} coders, {len(self.codings)} codings, {len(self.settled)} settled)"
        )

    @property
    def coders(self) -> list[str]:
        """Names made here of those who coded, in the order of their files."""
        return list(dict.fromkeys(self.looked_at["coder"]))

    @property
    def characteristics(self) -> list[str]:
        """Characteristics of speakers that the excerpts tell."""
        return [name for name in self.frame if name in ATTRIBUTES and name not in ("voice", "wave")]

    @property
    def people(self) -> pd.DataFrame:
        """One row per person: ``person_id``, the characteristics and no text."""
        names = ["person_id", *self.characteristics]
        return self.frame[names].drop_duplicates("person_id").reset_index(drop=True)


def load_excerpts(
    path: Path, codebook: Codebook, *, parts: Collection[str] = ()
) -> tuple[Excerpts, list[Problem]]:
    """Read coded excerpts.

    Parameters
    ----------
    path
        A table of our own form (`cip.engagement.excerpts_columns.list_excerpt_columns`), an export
        of Taguette or QualCoder (CSV, XLSX), a REFI-QDA project (``.qdpx``), or a folder with one
        of these for each coder. Beside them may lie ``settled.csv`` (decisions on disagreements)
        and ``documents.csv`` (who spoke in which document, for tools that do not tell).
    codebook
        The themes that coders may apply.
    parts
        Names of parts of the area that may stand for codes of small areas.

    Returns
    -------
    tuple
        The excerpts, and what is wrong with single rows. A row that cannot be used at all is left
        out, a cell that cannot be read is missing; the rest is kept. A problem names file, row
        and column and never what the cell holds.

    Raises
    ------
    ParameterError
        If a file cannot be read, lacks columns, or no excerpt is left.
    """
    from cip.engagement.coding_settled import read_settled
    from cip.engagement.excerpt_files import join_files, list_files, read_file

    path = Path(path)
    files, problems = [], []
    for source in list_files(path):
        found, wrong = read_file(source, codebook, parts)
        files.append(found)
        problems += wrong
    excerpts, wrong = join_files(files)
    problems += wrong
    if excerpts.frame.empty:
        message = "no excerpt in here can be used"
        raise ParameterError([Problem(message, file=path), *problems])
    settled = (path if path.is_dir() else path.parent) / "settled.csv"
    if settled.is_file():
        decisions, wrong = read_settled(settled, codebook, excerpts.frame["excerpt_id"])
        problems += wrong
        excerpts = Excerpts(
            excerpts.frame, excerpts.codings, excerpts.looked_at, decisions, excerpts.files
        )
    return excerpts, problems
