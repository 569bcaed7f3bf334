"""The community's own tables: CSV and XLSX files read with every mistake told at once.

``read_table`` checks a file against declared columns; ``write_form`` writes an empty one.
"""

from cip.inputs.columns import Column, split_choices
from cip.inputs.forms import describe_columns, write_form
from cip.inputs.personal import find_contact, find_person
from cip.inputs.reading import read_table

__all__ = [
    "Column",
    "describe_columns",
    "find_contact",
    "find_person",
    "read_table",
    "split_choices",
    "write_form",
]
