"""Memory that a process no longer needs goes back to the system, where the C library can do that."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Any

#: ``M_ARENA_MAX`` and ``M_MMAP_THRESHOLD`` of the GNU C library.
_ARENA_MAX, _MMAP_THRESHOLD = -8, -3
_ARENAS, _LARGE_BYTES = 2, 1 << 20


def keep_memory_small() -> None:
    """Let the threads of this process share two stores of memory, and nothing large lie in them.

    Otherwise each thread gets a store of its own, and what one has freed no other can use. A
    page or a PDF gets memory of its own, which goes back to the system at once when it is freed.
    """
    library = _find_library()
    if library is not None:
        library.mallopt(_ARENA_MAX, _ARENAS)
        library.mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)


def keep_arrow_small() -> None:
    """Let Arrow use the C library's memory: its own store keeps what small tables have left.

    Loads Arrow.
    """
    import pyarrow

    pyarrow.set_memory_pool(pyarrow.system_memory_pool())


def give_back_memory() -> None:
    """Return what was freed to the system, of which the C library keeps most for later."""
    library = _find_library()
    if library is not None:
        library.malloc_trim(0)


@cache
def _find_library() -> Any:
    """Return the GNU C library; None where there is another, which needs no such help."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") and hasattr(library, "mallopt") else None
