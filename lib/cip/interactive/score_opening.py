"""Open the score editor where somebody can use it, and figures where nobody can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cip.interactive.opening import StandIn, are_widgets_wanted
from cip.interactive.score_stand_in import count_rounds
from cip.workspace import Workspace

if TYPE_CHECKING:
    from cip.interactive.score_editor import ScoreEditor


def open_score_editor(workspace: Workspace) -> ScoreEditor | StandIn:
    """Return the editor of the area's rounds of scoring; a cell that ends with the call shows it.

    Where ``CIP_WIDGETS`` is ``off``, as in a batch, headline figures come instead, so that a
    notebook in which the call was left still exports.

    Raises
    ------
    ParameterError
        If the area names no scoring file, or with every problem of it.
    """
    if not are_widgets_wanted():
        return StandIn([count_rounds(workspace.file)])
    from cip.interactive.score_editor import ScoreEditor

    return ScoreEditor(workspace)
