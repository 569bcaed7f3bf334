"""The voices editor without its page: files, codes and quotations, kept in step."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from cip.display.blocks import KeyFacts
from cip.engagement.codebook import Codebook
from cip.engagement.coding_settled import list_settled_columns, read_settled
from cip.engagement.excerpts import Excerpts
from cip.errors import ParameterError
from cip.interactive.asset_changes import propose_path
from cip.interactive.asset_panel import Desk
from cip.interactive.voices_clear import ClearPart
from cip.interactive.voices_coders import (
    Coder,
    list_coders,
    merge_codes,
    propose_coder,
    read_codes,
    start_coder,
)
from cip.interactive.voices_journal import JOURNAL_NAME, Journal, Step
from cip.interactive.voices_ledger import Ledger, Target
from cip.interactive.voices_quotes import Judge
from cip.interactive.voices_stand_in import count_voices
from cip.interactive.voices_state import VoicesState, find_settled_path, read_decisions
from cip.workspace import Workspace


@dataclass
class VoicesDesk:
    """Everything that the editor works on.

    Parameters
    ----------
    source
        The file or folder of excerpts.
    state
        Codes and decisions.
    ledger
        Who writes.
    coders
        Who may code here, by name.
    settled
        The file of decisions.
    clear
        The register of quotations.
    notes
        Sentences on what cannot be done here.
    """

    source: Path
    state: VoicesState
    ledger: Ledger
    coders: dict[str, Coder]
    settled: Target = field(repr=False)
    clear: ClearPart = field(repr=False)
    notes: list[str]

    @property
    def coder(self) -> Coder | None:
        """Who codes now."""
        return self.coders.get(self.state.coder)

    @property
    def proposal(self) -> str:
        """A name for one more coder; empty where there is no place for a file."""
        taken = {*self.state.codes, *(one.target.path.stem for one in self.coders.values())}
        return propose_coder(taken) if self.source.is_dir() else ""

    def choose_coder(self, name: str) -> None:
        """Say who codes; it stays so until the cell is run again.

        Raises
        ------
        ParameterError
            If somebody is chosen already, or nobody of that name can code here.
        """
        self._need_nobody()
        if name not in self.coders:
            raise ParameterError("nobody of this name can code here")
        self.state.coder = name

    def add_coder(self, name: str) -> None:
        """Make a file for one more coder, who codes from now on."""
        self._need_nobody()
        coder = start_coder(name, self.state.excerpts, self.source, self.ledger.desk, self.ledger)
        self.coders[coder.name] = coder
        self.state.set_codes(coder.name, {})
        self.state.coder = coder.name

    def take_in(self, step: Step) -> str:
        """Bring what is known in step with a file that was written; return which part it is of."""
        target = self.ledger.find_target(step)
        for coder in self.coders.values():
            if coder.target is target:
                self.state.set_codes(coder.name, read_codes(target.csv, self.state.codebook))
                return "browse"
        if target is self.settled:
            self.state.set_settled(_read_settled(target.path, self.state))
            return "settle"
        self.clear.read()
        return "clear"

    def undo(self) -> tuple[str, str]:
        """Take the last action back; return words, and which part it was of (empty: none)."""
        step = self.ledger.undo(self.state.coder)
        if step is None:
            return "There is nothing to undo.", ""
        return step.words, self.take_in(step)

    def count(self) -> KeyFacts:
        """Return headline figures, without anything that was said."""
        return count_voices(self.state, None if self.clear.trouble else self.clear.count())

    def _need_nobody(self) -> None:
        if self.state.coder:
            problem = f"{self.state.coder} codes here; to change that, run the cell again"
            raise ParameterError(problem)


def open_desk(
    workspace: Workspace, excerpts: Excerpts, codebook: Codebook, *, source: Path, judge: Judge
) -> VoicesDesk:
    """Read every file that the editor writes, as it is on the disk now."""
    desk = Desk(workspace.file)
    folder = source if source.is_dir() else source.parent

    def read_key(name: str, cell: str) -> str:
        theme = codebook.find_theme(cell) if name == "theme_id" else None
        return theme or cell.strip()

    ledger = Ledger(desk, Journal(folder / JOURNAL_NAME), read_key)
    coders, notes = list_coders(excerpts, source, ledger)
    settled = ledger.watch(find_settled_path(source), "excerpts", list_settled_columns())
    own = {coder.name: read_codes(coder.target.csv, codebook) for coder in coders}
    state = VoicesState(
        excerpts, codebook, merge_codes(excerpts, own), read_decisions(excerpts.settled)
    )
    if settled.path.exists():
        state.set_settled(_read_settled(settled.path, state))
    quotes = propose_path(desk.file, "quotes")
    clear = ClearPart(state, judge, quotes, ledger, workspace.today)
    by_name = {coder.name: coder for coder in coders}
    return VoicesDesk(source, state, ledger, by_name, settled, clear, notes)


def _read_settled(path: Path, state: VoicesState) -> dict[tuple[str, str], tuple[str, str]]:
    return read_decisions(read_settled(path, state.codebook, state.frame["excerpt_id"])[0])
