"""The kernel that runs notebooks: started, asked, reset, replaced and ended from outside."""

from __future__ import annotations

import ast
import atexit
import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import uuid
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import Empty
from time import monotonic
from typing import Any

import psutil
import zmq
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, NoSuchKernel
from jupyter_client.manager import KernelManager
from nbclient.util import run_sync

#: A kernel that holds more than this after a notebook is replaced before the next one.
MEMORY_LIMIT_BYTES = 700_000_000
#: However well it behaves, a kernel is replaced after so many notebooks.
NOTEBOOK_LIMIT = 200
START_TIMEOUT_S = 90
#: For answers that need no computing: the reset between notebooks takes a tenth of a second.
ANSWER_TIMEOUT_S = 30

_PREFIX = "cip-kernel-"
#: pyogrio sets these when it is imported, in the kernel and, for the downloads, in its parent. A
#: kernel is none the older for it; without this it would be replaced after the first area.
_SET_BY_LIBRARIES = frozenset({"GDAL_CURL_CA_BUNDLE", "PROJ_CURL_CA_BUNDLE"})
#: The shortest limit that a system sets is 104 bytes (macOS), with a number added to the name.
_LONGEST_ADDRESS = 98


class KernelTrouble(Exception):
    """A kernel that cannot be started, does not answer, or is gone."""


class NotebookKernel:
    """One running kernel, to be used from one thread.

    Parameters
    ----------
    name
        The kernel's name as the notebook gives it.
    libraries
        What to import beforehand besides the usual; None for a kernel without preparation.
    """

    def __init__(self, name: str, libraries: Iterable[str] | None = None):
        self.setting = describe_setting(name)
        self.is_prepared = libraries is not None
        self.notebooks = 0
        folder = _make_folder()
        label = uuid.uuid4().hex[:8]
        self._log = folder / f"{label}.log"
        self.manager = _make_manager(name, folder, label)
        self._start()
        try:
            self.ask("cip.run.output_limit", "limit_streams()")
            if libraries is not None:
                call = f"prepare({sorted(libraries)!r})"
                self.ask("cip.run.preload", call, timeout_s=START_TIMEOUT_S)
        except BaseException:
            self.kill()
            raise

    def _start(self) -> None:
        try:
            with self._log.open("wb") as log:
                self.manager.start_kernel(
                    extra_arguments=["--HistoryManager.hist_file=:memory:"],
                    cwd=str(Path.cwd()),
                    # Nobody is there to use controls; what stands in for them is shown.
                    env={**os.environ, "CIP_WIDGETS": "off"},
                    stdout=subprocess.DEVNULL,
                    stderr=log,
                )
        except NoSuchKernel as error:
            raise KernelTrouble(f"there is no kernel '{error.name}' on this machine") from None
        self.pid = int(getattr(self.manager.provisioner, "pid", 0) or 0)
        self.client = self.manager.client()
        # Unlimited: what does not fit into the usual queue of 1,000 messages is dropped unseen.
        # How much a notebook may print is limited where it is printed.
        self.client.context.setsockopt(zmq.RCVHWM, 0)
        try:
            self.client.start_channels()
            run_sync(self.client.wait_for_ready)(timeout=START_TIMEOUT_S)
        except BaseException as error:
            self.kill()
            if isinstance(error, RuntimeError):
                raise KernelTrouble(f"the kernel did not start{self._read_log()}") from None
            raise
        self.client.allow_stdin = False

    def _read_log(self) -> str:
        with suppress(OSError):
            lines = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            return "".join(f": {line}" for line in lines[-1:])
        return ""

    def ask(self, module: str, call: str, *, timeout_s: float = ANSWER_TIMEOUT_S) -> str:
        """Call a function of a module inside the kernel and return its text.

        No name is left in the notebook's namespace and no number is used up.

        Raises
        ------
        KernelTrouble
            If the kernel dies, does not answer in time, or the call fails.
        """
        expression = f"__import__({module!r}, fromlist=['_']).{call}"
        return run_sync(self._ask)(expression, timeout_s)

    async def _ask(self, expression: str, timeout_s: float) -> str:
        deadline = monotonic() + timeout_s
        sent = self._send(expression)
        while monotonic() < deadline:
            try:
                reply = await self.client.get_shell_msg(timeout=1)
            except Empty:
                if not self.is_alive():
                    raise KernelTrouble("the kernel died") from None
                continue
            if reply["parent_header"].get("msg_id") != sent:
                continue
            content = reply["content"]
            if content["status"] == "aborted":  # the kernel was still clearing up after an error
                sent = self._send(expression)
                continue
            answer = content.get("user_expressions", {}).get("answer", content)
            if answer["status"] != "ok":
                raise KernelTrouble(f"{answer.get('ename')}: {answer.get('evalue')}")
            return ast.literal_eval(answer["data"]["text/plain"])
        raise KernelTrouble(f"the kernel did not answer within {timeout_s:g} seconds")

    def _send(self, expression: str) -> str:
        return self.client.execute(
            "",
            silent=True,
            store_history=False,
            user_expressions={"answer": expression},
            stop_on_error=False,
        )

    def is_alive(self) -> bool:
        """Return True while the kernel's process runs."""
        return bool(self.manager.is_alive())

    def measure_memory(self) -> int:
        """Return the bytes that the kernel holds; 0 when it is gone."""
        with suppress(psutil.Error):
            return int(psutil.Process(self.pid).memory_info().rss)
        return 0

    def kill(self) -> None:
        """End the kernel at once, with every process that it has started."""
        _kill_tree(self.pid)
        with suppress(Exception):  # what is left is cleared as far as it can be
            self.manager.shutdown_kernel(now=True)
        self._clear_up()

    def stop(self) -> None:
        """Ask the kernel to end, and end it if it does not."""
        children = _list_children(self.pid)
        with suppress(Exception):
            self.manager.shutdown_kernel(now=False)
        for child in children:
            with suppress(psutil.Error):
                child.kill()
        self.kill()

    def _clear_up(self) -> None:
        with suppress(Exception):
            self.client.stop_channels()
        with suppress(Exception):
            # A context that is thrown away with a socket still open would wait for ever, in
            # whichever thread the collector happens to run.
            self.client.context.destroy(linger=0)
        with suppress(Exception):
            self.manager.cleanup_resources()
        self._log.unlink(missing_ok=True)


class KernelHolder:
    """The one warm kernel of this process, and the one thread that notebooks are run from.

    A kernel's client belongs to the event loop of the thread that made it; with a thread of its
    own a kernel serves callers of any thread, one notebook after another.
    """

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="cip-kernel")
        self.busy: NotebookKernel | None = None
        self.is_closed = False
        self._kernel: NotebookKernel | None = None
        self._libraries: set[str] = set()

    def warm(self) -> None:
        """Start a kernel beforehand, from its thread; trouble shows when a notebook wants one."""
        self.thread.submit(self._start_beforehand)

    def _start_beforehand(self) -> None:
        self._kernel = NotebookKernel(NATIVE_KERNEL_NAME, self._libraries)
        if self.is_closed:
            self._kernel.kill()

    def take(self, name: str, *, fresh: bool) -> NotebookKernel:
        """Return a kernel in which no notebook has left a trace."""
        kernel = NotebookKernel(name) if fresh else self._renew(name)
        self.busy = kernel
        if self.is_closed:
            kernel.kill()
            raise KernelTrouble("the run was stopped")
        return kernel

    def give_back(self, kernel: NotebookKernel, *, is_sound: bool) -> None:
        """Keep a kernel for the next notebook, or end it."""
        self.busy = None
        if not is_sound:
            kernel.kill()
        elif not kernel.is_prepared:
            kernel.stop()
        else:
            self._kernel = kernel

    def close(self) -> None:
        """End every kernel of this process."""
        self.is_closed = True
        if self.busy is not None:
            self.busy.kill()
        if self._kernel is not None:
            self._kernel.stop()
        self._kernel = None

    def _renew(self, name: str) -> NotebookKernel:
        """Return the warm kernel after its reset, or a new one where it must not be used again."""
        kernel, self._kernel = self._kernel, None
        if kernel is not None and not self._reset(kernel, name):
            kernel.kill()
            kernel = None
        if kernel is None:
            kernel = NotebookKernel(name, self._libraries)
        kernel.notebooks += 1
        return kernel

    def _reset(self, kernel: NotebookKernel, name: str) -> bool:
        # Started in another folder or environment, a kernel would not be like a fresh one.
        if kernel.setting != describe_setting(name) or not kernel.is_alive():
            return False
        if kernel.notebooks >= NOTEBOOK_LIMIT or kernel.measure_memory() > MEMORY_LIMIT_BYTES:
            return False
        try:
            answer = json.loads(kernel.ask("cip.run.reset", "restore()"))
        except KernelTrouble:
            return False
        # What one notebook imports the next is likely to: the next kernel has it beforehand.
        self._libraries.update(answer["imported"])
        return not answer["traces"]


_HOLDERS: dict[int, KernelHolder] = {}
_LOCK = threading.Lock()


def get_holder() -> KernelHolder:
    """Return this process's holder; a forked child gets one of its own."""
    with _LOCK:
        if os.getpid() not in _HOLDERS:
            _HOLDERS[os.getpid()] = KernelHolder()
        return _HOLDERS[os.getpid()]


def close_kernels() -> None:
    """End this process's kernels. The next notebook starts a new one."""
    holder = _HOLDERS.get(os.getpid())
    if holder is not None:
        holder.close()
        holder.thread.shutdown(wait=False)
        del _HOLDERS[os.getpid()]  # last, so that a call which was interrupted can be repeated


atexit.register(close_kernels)


def describe_setting(name: str) -> tuple[str, str, frozenset[tuple[str, str]]]:
    """Return what a kernel started now would be given: its name, the folder, the environment."""
    environment = {k: v for k, v in os.environ.items() if k not in _SET_BY_LIBRARIES}
    return name, str(Path.cwd()), frozenset(environment.items())


def _make_manager(name: str, folder: Path, label: str) -> KernelManager:
    """Let the kernel talk over sockets in a private folder instead of TCP ports.

    Kernels that start at the same moment may be given the same free port and fail
    (nteract/papermill#511). Windows has no such sockets and keeps to ports, and so does a
    temporary folder whose name is too long for a socket.
    """
    address = str(folder / label)
    has_sockets = sys.platform != "win32" and len(address.encode()) <= _LONGEST_ADDRESS
    private = {"transport": "ipc", "ip": address} if has_sockets else {}
    manager = KernelManager(
        kernel_name=name,
        client_class="jupyter_client.asynchronous.AsyncKernelClient",
        connection_file=str(folder / f"{label}.json"),
        **private,
    )
    manager.shutdown_wait_time = 2.0
    return manager


def _make_folder() -> Path:
    """Return this process's folder of sockets, removed when the process ends."""
    return _make_folder_of(os.getpid())


@functools.cache
def _make_folder_of(pid: int) -> Path:
    _sweep_folders()
    # A short path: the system limits a socket's file name to about 100 characters.
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{pid}-"))
    # Registered before the first kernel is, so it happens after the kernels have ended.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.unregister(close_kernels)
    atexit.register(close_kernels)
    return folder


def _sweep_folders() -> None:
    """Remove the folders of processes that were killed and could not do it themselves."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        pid = folder.name.removeprefix(_PREFIX).split("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def _list_children(pid: int) -> list[Any]:
    with suppress(psutil.Error):
        return psutil.Process(pid).children(recursive=True)
    return []


def _kill_tree(pid: int) -> None:
    for child in _list_children(pid):
        with suppress(psutil.Error):
            child.kill()
    with suppress(psutil.Error):
        psutil.Process(pid).kill()
