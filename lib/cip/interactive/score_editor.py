"""The score editor: score an application, settle a mark; saved after a diff was shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets

from cip.display.blocks import Block
from cip.display.markup import escape
from cip.interactive.asset_panel import Desk
from cip.interactive.score_parts import ScorePart, SettlePart
from cip.interactive.score_stand_in import count_rounds
from cip.workspace import Workspace

_LEAD = (
    "Choose a round, who you are on the panel and an applicant, and give a mark for each criterion. "
    "Everything can be done with the keyboard. Nothing is written until you have seen what would "
    "change in the round's file."
)


class ScoreEditor:
    """The parts of the editor, kept in step with the round's files.

    Parameters
    ----------
    workspace
        One area's run.
    """

    def __init__(self, workspace: Workspace):
        self.desk = Desk(workspace.file)
        self.score = ScorePart(self.desk)
        self.settle = SettlePart(self.desk)
        title = escape(workspace.params.title)
        heading = widgets.HTML(f"<h4>Scoring in {title}</h4><p>{escape(_LEAD)}</p>")
        self.widget = widgets.VBox([heading, self.score.widget, self.settle.widget])
        for name in ("cip-chooser", "cip-asset-editor", "cip-score-editor"):
            self.widget.add_class(name)
        # A mark that was written may be one that waits to be settled.
        self.score.panel.confirm.on_click(lambda _: self.settle.refresh())

    def _repr_mimebundle_(self, **options: Any) -> Mapping[str, Any]:
        """Return the controls, and figures for whoever reads without a kernel."""
        facts: Block = count_rounds(self.desk.file)
        return {
            **self.widget._repr_mimebundle_(**options),
            "text/html": facts.to_html(),
            "text/plain": facts.to_text(),
        }
