"""Updates that are noted and not yet written: pure state, with every one kept for undo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Updates:
    """What has been noted so far. Each step returns a new state.

    Parameters
    ----------
    noted
        Updates as rows of the log, the latest noted last.
    """

    noted: tuple[Mapping[str, str], ...] = ()

    def add(self, update: Mapping[str, str]) -> Updates:
        """Return the state with one more update; itself where the last one is the same."""
        row = dict(update)
        return self if row in self.noted else Updates((*self.noted, row))

    def undo(self) -> Updates:
        """Return the state without the last update."""
        return Updates(self.noted[:-1])

    def describe(self) -> str:
        """Say how much waits to be written."""
        number = len(self.noted)
        if not number:
            return "No update waits to be written."
        waits = "update waits" if number == 1 else "updates wait"
        return f"{number} {waits} to be written."


def say_update(update: Mapping[str, str]) -> str:
    """Return an update in a line."""
    note = f" {update['note']}" if update["note"] else ""
    return f"{update['action']}, {update['on']}, {update['by']}: {update['status']}.{note}"
