"""Empty forms of chapter 03, by the input's name in the parameter file."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cip.assets.decisions import list_decision_columns
from cip.assets.own_form import list_asset_columns
from cip.assets.priorities import list_priority_columns
from cip.assets.walkabout import list_walkabout_columns
from cip.inputs import Column

#: The columns of each form.
COLUMNS: dict[str, Callable[[], Mapping[str, Column]]] = {
    "assets": list_asset_columns,
    "walkabout": list_walkabout_columns,
    "priorities": list_priority_columns,
    "asset_decisions": list_decision_columns,
}
