"""Open the chooser where somebody can use it, and the picture that stands in where nobody can."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cip.area_definition import resolve_area
from cip.display.blocks import Block
from cip.interactive.ground import load_ground
from cip.interactive.layers import load_layers
from cip.interactive.selection import start_selection
from cip.interactive.stand_in import choose_area
from cip.register import Register, load_register
from cip.workspace import Workspace

if TYPE_CHECKING:
    from cip.interactive.chooser import Chooser

#: Set to ``off`` by whatever runs notebooks without a person in front of them.
WIDGETS_VARIABLE = "CIP_WIDGETS"


@dataclass(frozen=True)
class StandIn(Block):
    """The blocks that a cell shows in place of the chooser, as one object that displays itself."""

    blocks: Sequence[Block]

    def to_html(self) -> str:
        """Return the blocks as HTML, one after the other."""
        return "".join(block.to_html() for block in self.blocks)

    def to_text(self) -> str:
        """Return the blocks as plain text, one after the other."""
        return "\n\n".join(block.to_text() for block in self.blocks)


def are_widgets_wanted() -> bool:
    """Say whether a person may be there to use controls: unless ``CIP_WIDGETS`` is ``off``."""
    return os.environ.get(WIDGETS_VARIABLE, "").strip().casefold() != "off"


def open_chooser(workspace: Workspace, register: Register | None = None) -> Chooser | StandIn:
    """Return the controls with which the area is chosen; a cell that ends with the call shows them.

    Where ``CIP_WIDGETS`` is ``off``, as in a batch, the blocks of ``choose_area`` come instead, so
    that a notebook in which the call was left still exports.

    Raises
    ------
    ParameterError
        If the area that the parameter file names now is not in the store.
    """
    register = register or load_register(workspace.store)
    if not are_widgets_wanted():
        return StandIn(choose_area(workspace, register))
    from cip.interactive.chooser import Chooser

    ground = load_ground(workspace.store, register)
    codes = resolve_area(workspace.file, register).codes
    layers = load_layers(workspace.store, register, ground)
    return Chooser(workspace.file, register, start_selection(ground, codes), layers)
