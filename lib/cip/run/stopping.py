"""Ctrl-C and SIGTERM: noted at once, acted on at the next safe point while areas run."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

#: What asks a batch to stop; the exit code is 128 more, as shells have it: 130 and 143.
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopped(BaseException):
    """The user, or the system, asked the command to stop."""

    def __init__(self, signum: int):
        super().__init__(signal.Signals(signum).name)
        self.exit_code = 128 + signum


class _Switch:
    """The one stop switch of this process."""

    def __init__(self) -> None:
        self.signum: int | None = None
        self.is_held = False

    def flip(self, signum: int, frame: FrameType | None) -> None:
        first = self.signum is None
        self.signum = self.signum or signum
        if first and not self.is_held:
            raise Stopped(signum)


_switch = _Switch()


@contextmanager
def stop_on_signals() -> Iterator[None]:
    """Turn the stop signals into :class:`Stopped`; further ones are let pass while it is dealt with."""
    _switch.signum, _switch.is_held = None, False
    earlier = {number: signal.signal(number, _switch.flip) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)


@contextmanager
def hold_signals() -> Iterator[None]:
    """Only note a signal in here, so that none tears a pool or a page apart halfway."""
    before, _switch.is_held = _switch.is_held, True
    try:
        yield
    finally:
        _switch.is_held = before


def raise_if_stopped() -> None:
    """Act on a noted signal.

    Raises
    ------
    Stopped
        If a stop signal has come since :func:`stop_on_signals`.
    """
    if _switch.signum is not None:
        raise Stopped(_switch.signum)
