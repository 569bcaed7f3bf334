"""Inside a kernel: remember how the process stands, and bring it back between notebooks.

Each ``_keep_…`` function notes one part of the state and returns what puts it back. What cannot
be put back is named by ``find_traces``; such a kernel is replaced instead of being used again.
"""

from __future__ import annotations

import asyncio
import builtins
import datetime
import decimal
import gc
import importlib
import json
import linecache
import locale
import logging
import math
import os
import pathlib
import random
import signal
import socket
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType

import psutil

from cip.run import reset_libraries as libraries
from cip.run.memory import give_back_memory
from cip.run.module_state import ModuleState
from cip.run.output_limit import start_count

Restorer = Callable[[], None]

#: Libraries of the workbook that only some areas need. They stay once they are there, and do nothing
#: to others: pyogrio (with two variables of the environment, which are put back), scipy.optimize
#: (with a part of it that has no package).
_HARMLESS = frozenset({"pyogrio", "_moduleTNC"})


@dataclass
class _Memory:
    """What was remembered, in the order in which it is put back."""

    restorers: list[Restorer] = field(default_factory=list)
    modules: frozenset[str] = frozenset()
    threads: frozenset[int] = frozenset()
    extensions: frozenset[str] = frozenset()


_MEMORY = _Memory()

#: The standard library's modules that a notebook is most likely to alter.
_STANDARD = (datetime, json, math, os, os.path, pathlib, random, time, warnings)


def remember() -> None:
    """Note how everything stands now; ``restore`` comes back to it."""
    _MEMORY.restorers = [
        libraries.keep_shell(),
        libraries.keep_figures(),
        _collect,
        _keep_imports(),
        _keep_folder(),
        _keep_environment(),
        _keep_interpreter(),
        _keep_signals(),
        _keep_logging(),
        _keep_warnings(),
        _keep_defaults(),
        libraries.keep_pandas(),
        libraries.keep_numpy(),
        _shuffle,
        _keep_builtins(),
        _keep_modules(),
    ]
    _MEMORY.threads = frozenset(t.ident for t in threading.enumerate() if t.ident)
    _MEMORY.extensions = libraries.list_extensions()


def restore() -> str:
    """Bring the process back to what was remembered; return, as JSON, what cannot be undone.

    The answer holds ``traces`` (reasons, in words) and ``imported`` (libraries that were not
    there). An answer with reasons means that another notebook could tell.
    """
    imported = _list_new_libraries()
    traces = [f"it imported {name}" for name in imported] + find_traces()
    if not traces:
        # A notebook that turned warnings into errors must not stop what undoes it.
        warnings.resetwarnings()
        warnings.simplefilter("ignore")
        for put_back in _MEMORY.restorers:
            put_back()
    start_count()
    return json.dumps({"traces": traces, "imported": imported})


def find_traces() -> list[str]:
    """Return what the last notebook left that cannot be taken back, in words."""
    found = [
        f"the thread {t.name} still runs"
        for t in threading.enumerate()
        if t.ident not in _MEMORY.threads and not libraries.is_kernel_thread(t)
    ]
    found += [f"the process {p.pid} still runs" for p in psutil.Process().children()]
    found += [f"it loaded {name}" for name in libraries.list_extensions() - _MEMORY.extensions]
    if not libraries.has_usual_backend():
        found.append("it chose another backend of matplotlib")
    found += [f"the task {name} still runs" for name in _list_tasks()]
    return found


def _list_tasks() -> list[str]:
    """Return names of tasks that a cell has started and that have not ended."""
    waiting = []
    for task in asyncio.all_tasks():
        code = getattr(task.get_coro(), "cr_code", None)
        if code is not None and "ipykernel_" in code.co_filename and "<module>" not in code.co_name:
            waiting.append(code.co_name)
    return waiting


def _list_new_libraries() -> list[str]:
    tops = {name.partition(".")[0] for name in _MEMORY.modules}
    return sorted(
        {
            name.partition(".")[0]
            for name, module in list(sys.modules.items())
            if name.partition(".")[0] not in tops | _HARMLESS and _is_installed(module)
        }
    )


def _is_installed(module: ModuleType) -> bool:
    parts = pathlib.Path(_find_file(module)).parts
    return "site-packages" in parts or "dist-packages" in parts


def _is_local(name: str, module: ModuleType) -> bool:
    """Return True for a notebook's own module: neither installed nor Python's own."""
    if name.partition(".")[0] in sys.stdlib_module_names or "cython" in name:
        return False
    return not _is_installed(module)


def _find_file(module: ModuleType) -> str:
    places = getattr(module, "__path__", None) or [""]
    return str(getattr(module, "__file__", None) or next(iter(places), ""))


def _collect() -> None:
    for name in ("last_exc", "last_type", "last_value", "last_traceback"):
        if hasattr(sys, name):
            delattr(sys, name)
    gc.enable()
    gc.collect()
    give_back_memory()


def _shuffle() -> None:
    # A fresh kernel draws its seeds from the system: so does one that is used again.
    random.seed()
    libraries.shuffle_numpy()


def _keep_imports() -> Restorer:
    kept = _MEMORY.modules = frozenset(sys.modules)
    paths = [(which, list(which)) for which in (sys.path, sys.meta_path, sys.path_hooks)]
    cells = set(linecache.cache)

    def put_back() -> None:
        for name in [n for n in sys.modules if n not in kept]:
            if _is_local(name, sys.modules[name]):
                module = sys.modules.pop(name)
                parent, _, last = name.rpartition(".")
                if parent in sys.modules and getattr(sys.modules[parent], last, None) is module:
                    delattr(sys.modules[parent], last)
        for current, before in paths:
            current[:] = before
        sys.path_importer_cache.clear()
        importlib.invalidate_caches()
        for name in linecache.cache.keys() - cells:
            del linecache.cache[name]

    return put_back


def _keep_folder() -> Restorer:
    folder, temporary = pathlib.Path.cwd(), tempfile.tempdir
    mask = os.umask(0o077)
    os.umask(mask)

    def put_back() -> None:
        os.chdir(folder)
        os.umask(mask)
        tempfile.tempdir = temporary

    return put_back


def _keep_environment() -> Restorer:
    kept, place = dict(os.environ), locale.setlocale(locale.LC_ALL)

    def put_back() -> None:
        for name in os.environ.keys() - kept.keys():
            del os.environ[name]
        os.environ.update(kept)
        if hasattr(time, "tzset"):
            time.tzset()
        locale.setlocale(locale.LC_ALL, place)

    return put_back


def _keep_interpreter() -> Restorer:
    names = ("argv", "stdin", "stdout", "stderr", "excepthook", "displayhook", "ps1", "ps2")
    kept = {name: getattr(sys, name) for name in names if hasattr(sys, name)}
    arguments, depth, thresholds = list(sys.argv), sys.getrecursionlimit(), gc.get_threshold()

    def put_back() -> None:
        for name, value in kept.items():
            setattr(sys, name, value)
        sys.argv[:] = arguments
        sys.setrecursionlimit(depth)
        gc.set_threshold(*thresholds)
        sys.settrace(None)
        sys.setprofile(None)

    return put_back


def _keep_signals() -> Restorer:
    numbers = signal.valid_signals() - {getattr(signal, n, 0) for n in ("SIGKILL", "SIGSTOP")}
    kept = {number: signal.getsignal(number) for number in numbers}

    def put_back() -> None:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in kept.items():
            if handler is not None and signal.getsignal(number) is not handler:
                signal.signal(number, handler)

    return put_back


def _keep_logging() -> Restorer:
    def list_loggers() -> dict[str, logging.Logger]:
        known = logging.root.manager.loggerDict
        found = {n: one for n, one in known.items() if isinstance(one, logging.Logger)}
        return {"": logging.root, **found}

    def describe(one: logging.Logger) -> tuple[int, list, list, bool, bool]:
        return one.level, list(one.handlers), list(one.filters), one.propagate, one.disabled

    kept = {name: describe(one) for name, one in list_loggers().items()}
    threshold = logging.root.manager.disable

    def put_back() -> None:
        logging.disable(threshold)
        for name, one in list_loggers().items():
            level, handlers, filters, propagate, disabled = kept.get(
                name, (logging.NOTSET, [], [], True, False)
            )
            one.setLevel(level)
            one.handlers[:], one.filters[:] = handlers, filters
            one.propagate, one.disabled = propagate, disabled

    return put_back


def _keep_warnings() -> Restorer:
    kept, show, form = list(warnings.filters), warnings.showwarning, warnings.formatwarning

    def put_back() -> None:
        # Resetting also makes Python forget which warnings it has shown.
        warnings.resetwarnings()
        warnings.filters[:] = kept  # type: ignore[index]
        warnings.showwarning, warnings.formatwarning = show, form

    return put_back


def _keep_defaults() -> Restorer:
    context, wait = decimal.getcontext().copy(), socket.getdefaulttimeout()

    def put_back() -> None:
        decimal.setcontext(context.copy())
        socket.setdefaulttimeout(wait)

    return put_back


def _keep_builtins() -> Restorer:
    kept = dict(vars(builtins))

    def put_back() -> None:
        now = vars(builtins)
        for name in now.keys() - kept.keys():
            del now[name]
        now.update(kept)

    return put_back


def _keep_modules() -> Restorer:
    own = [
        module
        for name, module in sys.modules.items()
        if name.partition(".")[0] == "cip" and not name.startswith("cip.run")
    ]
    others = [*_STANDARD, *libraries.list_watched()]
    return ModuleState(own, others).restore
