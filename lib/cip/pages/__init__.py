"""What each notebook shows: tables of a stage turned into figures, tables, maps and notes."""

from __future__ import annotations

from collections.abc import Iterable

from cip.display.blocks import Block


def show(*blocks: Block | Iterable[Block] | None) -> None:
    """Display blocks below the cell, one after the other; None and empty lists show nothing."""
    from IPython.display import display

    for block in blocks:
        if isinstance(block, Block):
            display(block)
        elif block is not None:
            show(*block)
