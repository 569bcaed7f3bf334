"""The box that stands where one of the community's own inputs is missing."""

from __future__ import annotations

from cip.display.blocks import NoteBlock


def write_need(name: str, title: str, what: str) -> NoteBlock:
    """Return what an input is for, and how to supply it.

    Parameters
    ----------
    name
        The input's name in the parameter file.
    title, what
        What the part of the notebook is called, and what the input would show.
    """
    how = (
        f"The command 'cip forms' writes an empty {name}.csv. Fill it in, and name it under "
        f"inputs: {name}: in the parameter file."
    )
    return NoteBlock("missing", title, f"{what}\n\n{how}")
