"""The box that stands where one of the community's own inputs is missing."""

from __future__ import annotations

from cip.display.blocks import NoteBlock

#: How to supply what no form of columns can hold.
_HOW = {
    "survey": "Save the survey tool's export as it comes. Write a mapping file beside it "
    "(survey.yml) that says which column is which question, and name it under inputs: survey: in "
    "the parameter file. The demonstration's params/demo/survey.yml is an example.",
    "sector_survey": "Save the survey tool's export as it comes. Write a mapping file beside it "
    "that says which column is which question, and name it under inputs: sector_survey: in the "
    "parameter file. The demonstration's params/demo/sector_survey.yml is an example.",
    "case_studies": "Put each story into a Markdown file with its consent in front, as in the "
    "demonstration's params/demo/case_studies, and name the folder under inputs: case_studies: in "
    "the parameter file.",
    "scoring": "Declare the rounds in a YAML file, and name it under inputs: scoring: in the "
    "parameter file. The demonstration's params/demo/scoring.yml is an example.",
    "narrative": "The command 'cip narrative' writes each drafted finding as a Markdown file. Edit "
    "them, and name the folder under inputs: narrative: in the parameter file.",
}


def write_need(name: str, title: str, what: str) -> NoteBlock:
    """Return what an input is for, and how to supply it.

    Parameters
    ----------
    name
        The input's name in the parameter file.
    title, what
        What the part of the notebook is called, and what the input would show.
    """
    how = _HOW.get(name) or (
        f"The command 'cip forms' writes an empty {name}.csv. Fill it in, and name it under "
        f"inputs: {name}: in the parameter file."
    )
    return NoteBlock("missing", title, f"{what}\n\n{how}")
