"""What stands in for the voices editor where nobody can use it: counts, and nothing that was said."""

from __future__ import annotations

from cip.display.blocks import KeyFacts
from cip.interactive.voices_settle import count_open
from cip.interactive.voices_state import VoicesState


def count_voices(state: VoicesState, quotes: tuple[int, int] | None) -> KeyFacts:
    """Return how much there is to look at, and what of it waits for a person.

    Parameters
    ----------
    state
        Excerpts and codes; nobody is chosen as the coder.
    quotes
        Quotations in the register and how many are cleared; None where it cannot be read.
    """
    frame = state.frame
    unread = len(frame) - len({excerpt for codes in state.codes.values() for excerpt in codes})
    coders = sum(bool(codes) for codes in state.codes.values())
    known, cleared = quotes or (0, 0)
    note = f"{cleared:,} of them cleared" if quotes else "the register cannot be read"
    facts = [
        ("Excerpts", f"{len(frame):,}", f"from {frame['person_id'].nunique():,} people"),
        ("Read by nobody", f"{unread:,}", f"{coders:,} {'coder' if coders == 1 else 'coders'}"),
        ("Differences", f"{count_open(state):,}", "between coders, not settled"),
        ("Quotations", f"{known:,}" if quotes else "not known", note),
    ]
    return KeyFacts(facts, block_id="voices-editor")
