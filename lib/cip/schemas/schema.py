"""What one hand-over table must look like."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TableSchema:
    """What one hand-over table must look like.

    Parameters
    ----------
    grain
        What one row stands for.
    columns
        Type of each column: ``text``, ``number``, ``count`` (whole, may be missing) or ``flag``.
    key
        Columns that together occur once.
    written_by
        The stage that makes it.
    """

    grain: str
    columns: dict[str, str]
    key: tuple[str, ...]
    written_by: str
