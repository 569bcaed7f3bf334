"""Open the editor of the action plan where somebody can use it, and figures where nobody can."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from cip.errors import ParameterError, Problem
from cip.framework.actions import stand_actions
from cip.interactive.action_own import OwnPlan
from cip.interactive.action_stand_in import count_actions
from cip.interactive.opening import StandIn, are_widgets_wanted
from cip.workspace import Workspace

if TYPE_CHECKING:
    from cip.interactive.action_editor import ActionEditor


def open_action_editor(
    workspace: Workspace,
    *,
    recommendations: Collection[str] | None = None,
    assets: Collection[str] | None = None,
) -> ActionEditor | StandIn:
    """Return the editor of the area's action plan; a cell that ends with the call shows it.

    Where ``CIP_WIDGETS`` is ``off``, as in a batch, headline figures come instead, so that a
    notebook in which the call was left still exports.

    Parameters
    ----------
    recommendations, assets
        Ids that the plan may name; None where they are not known.

    Raises
    ------
    ParameterError
        If the area names no plan, or with every problem of it.
    """
    if workspace.file.resolve_input("actions") is None:
        problem = "this area names no action plan, so there is nothing to edit"
        expected = "actions under inputs; 'cip forms' writes an empty one"
        raise ParameterError(Problem(problem, file=workspace.file.path, expected=expected))
    own = OwnPlan(workspace.file, workspace.today, recommendations, assets)
    if not are_widgets_wanted():
        return StandIn([count_actions(stand_actions(own.read()))])
    from cip.interactive.action_editor import ActionEditor

    return ActionEditor(own, area=workspace.params.title)
