"""Inside a kernel: what a notebook prints is cut off beyond a limit, where it is printed.

Cutting here and not where the notebook is written keeps 100 MB from being sent, held and saved.
"""

from __future__ import annotations

import sys
from typing import Any

import zmq

#: Printed text of one notebook that is kept, in characters: some 10,000 lines.
PRINT_LIMIT = 1_000_000

NOTICE = f"\n[This notebook printed more than {PRINT_LIMIT:,} characters; the rest is left out.]\n"


class _Meter:
    """How much the notebook has printed so far, on both streams together."""

    printed = 0


def limit_streams() -> str:
    """Let the kernel's two streams drop what goes beyond the limit; return "limited"."""
    for stream in (sys.stdout, sys.stderr):
        stream.write = _limit(stream)  # type: ignore[method-assign]
    _lengthen_queue(getattr(sys.stdout, "pub_thread", None))
    return "limited"


def _lengthen_queue(thread: Any) -> None:
    """Let outputs wait for their reader: beyond 1,000 the kernel's queue would drop some unseen."""
    if thread is not None:
        # A socket may be touched by its own thread only.
        thread.schedule(lambda: thread.socket.setsockopt(zmq.SNDHWM, 0))


def start_count() -> None:
    """Begin to count anew, for the next notebook."""
    _Meter.printed = 0


def _limit(stream: Any) -> Any:
    write = stream.write

    def write_within_limit(text: str) -> int:
        if not isinstance(text, str):
            return write(text)  # says itself what is wrong with it
        before = _Meter.printed
        if before > PRINT_LIMIT:
            return len(text)
        _Meter.printed += len(text)
        if _Meter.printed > PRINT_LIMIT:
            write(text[: PRINT_LIMIT - before] + NOTICE)
        else:
            write(text)
        return len(text)

    return write_within_limit
