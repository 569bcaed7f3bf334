"""Open the voices editor where somebody can use it, and counts where nobody can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cip.display.blocks import KeyFacts
from cip.engagement.codebook import Codebook
from cip.engagement.excerpts import Excerpts
from cip.engagement.proper_nouns import AllowedNames
from cip.engagement.speakers import SpeakerCounts
from cip.engagement.suggestion_way import BEST_WAY
from cip.errors import ParameterError
from cip.interactive.asset_changes import propose_path
from cip.interactive.opening import StandIn, are_widgets_wanted
from cip.interactive.voices_code import Suggester
from cip.interactive.voices_coders import merge_codes
from cip.interactive.voices_quotes import Judge, count_quotes, count_speakers, read_quotes
from cip.interactive.voices_stand_in import count_voices
from cip.interactive.voices_state import VoicesState, read_decisions
from cip.workspace import Workspace

if TYPE_CHECKING:
    from cip.interactive.voices_editor import VoicesEditor


def open_voices_editor(
    workspace: Workspace,
    excerpts: Excerpts,
    codebook: Codebook,
    *,
    counts: SpeakerCounts | None = None,
    allowed: AllowedNames | None = None,
    suggest: Suggester | None = BEST_WAY,
) -> VoicesEditor | StandIn:
    """Return the editor of what people said; a cell that ends with the call shows it.

    Texts are shown live to whoever runs the notebook and are never saved in it. Where
    ``CIP_WIDGETS`` is ``off``, as in a batch, counts come instead.

    Parameters
    ----------
    workspace
        One area's run; ``inputs: excerpts`` names where the excerpts lie.
    excerpts
        From `cip.engagement.excerpts.load_excerpts`.
    codebook
        The themes that may be applied.
    counts
        What speakers' labels are checked against; left out, those who took part alone.
    allowed
        Names that may stand in any quotation.
    suggest
        Returns the two nearest themes of each text; left out, the best way that this machine has:
        words and the sentence model where the extra ``suggest`` is installed, else words alone. The
        page says which. None: none are offered.

    Raises
    ------
    ParameterError
        If the parameter file names no excerpts, or the files have become unreadable.
    """
    source = workspace.file.resolve_input("excerpts")
    if source is None:
        raise ParameterError("the parameter file names no excerpts under 'inputs: excerpts'")
    people = workspace.params.engagement.least_people
    judge = Judge(counts or count_speakers(excerpts, people), allowed or AllowedNames())
    if not are_widgets_wanted():
        return StandIn([_count(workspace, excerpts, codebook, judge)])
    from cip.interactive.voices_editor import VoicesEditor

    return VoicesEditor(workspace, excerpts, codebook, source=source, judge=judge, suggest=suggest)


def _count(workspace: Workspace, excerpts: Excerpts, codebook: Codebook, judge: Judge) -> KeyFacts:
    """Return the counts from what was read already: a batch writes nothing."""
    codes = merge_codes(excerpts, {})
    state = VoicesState(excerpts, codebook, codes, read_decisions(excerpts.settled))
    try:
        rows = read_quotes(propose_path(workspace.file, "quotes"))
    except ParameterError:
        return count_voices(state, None)
    return count_voices(state, count_quotes(rows, state, judge))
