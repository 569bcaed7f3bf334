"""A browser of our own, spoken to over two pipes in the protocol of its developer tools.

Nobody else can reach it: no port is opened. The protocol is described at
chromedevtools.github.io/devtools-protocol; decision 0011 says why no library stands between.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any

from cip.errors import ExportError, Problem
from cip.processes import kill_tree

#: The browser reads from the third of its files and writes to the fourth. A shell puts them there,
#: and is replaced by the browser: in a program with threads, Python can safely set only the first
#: three.
_LAUNCH = 'exec "$@" 3<&0 4>&1 0</dev/null 1>/dev/null'
_PIPE_BYTES = 1 << 16
#: For answers that need no work on a page.
_ANSWER_TIMEOUT_S = 30.0
_CLOSE_TIMEOUT_S = 5.0
_CRASHES = frozenset({"Inspector.targetCrashed", "Target.targetCrashed"})

Message = dict[str, Any]


class BrowserLostError(ExportError):
    """The browser ended, or no longer answers, while it was at work."""


class DevTools:
    """One running browser; used by one thread at a time.

    Parameters
    ----------
    path
        The browser's program file.
    flags
        Command line options, besides those that this class needs.

    Raises
    ------
    BrowserLostError
        If the browser does not start, with the last line of what it said.
    """

    def __init__(self, path: Path, flags: Sequence[str] = ()) -> None:
        self._numbers = count(1)
        self._messages: SimpleQueue[Message | None] = SimpleQueue()
        self._events: list[Message] = []
        self._deadline: float | None = None
        self._is_lost = False
        self._folder = Path(tempfile.mkdtemp(prefix="cip-browser-"))
        self._log = self._folder / "messages.log"
        try:
            self._start(path, flags)
            #: Such as ``Chrome/131.0.6778.33``.
            self.product = str(self.call("Browser.getVersion")["product"])
        except BaseException as error:
            reason = self._read_log() or str(error)
            self.close()
            if isinstance(error, (OSError, BrowserLostError)):
                raise BrowserLostError(
                    Problem("The browser did not start.", found=reason)
                ) from error
            raise

    def _start(self, path: Path, flags: Sequence[str]) -> None:
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        self._write_to: int | None = ours_out
        # Read by a thread, so that waiting for an answer can end in time.
        reader = threading.Thread(target=self._read, args=(ours_in,), daemon=True)
        reader.start()
        command = [
            str(path),
            "--headless",
            "--remote-debugging-pipe",
            f"--user-data-dir={self._folder}",
            "--no-startup-window",
            *flags,
        ]
        try:
            with self._log.open("wb") as log:
                self._process = _launch(command, theirs_in, theirs_out, log)
        finally:
            os.close(theirs_in)
            os.close(theirs_out)

    @contextmanager
    def limit_time(self, seconds: float) -> Iterator[None]:
        """Give everything inside the block so many seconds together."""
        self._deadline = monotonic() + seconds
        try:
            yield
        finally:
            self._deadline = None

    def call(self, method: str, *, session: str = "", **parameters: Any) -> Message:
        """Send a command and return its result.

        Parameters
        ----------
        method
            Name of the command, such as ``Page.navigate``.
        session
            The page that it is for; left out, the browser itself.

        Raises
        ------
        ExportError
            If the browser refuses; BrowserLostError if it ended or did not answer in time.
        """
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        self._send(message | ({"sessionId": session} if session else {}))
        deadline = self._find_deadline()
        while True:
            reply = self._take(deadline)
            if reply.get("id") == number:
                break
            if "method" in reply:
                self._events.append(reply)
        if "error" in reply:
            refusal = reply["error"]
            raise ExportError(Problem(f"The browser refused {method}.", found=refusal["message"]))
        return reply["result"]

    def forget_events(self) -> None:
        """Forget what has happened so far, before an event is caused that is to be waited for."""
        self._events.clear()

    def wait_for(self, event: str, *, session: str) -> Message:
        """Wait until something happens on a page, or has happened since events were forgotten.

        Raises
        ------
        BrowserLostError
            If the browser or the page ended, or it did not happen in time.
        """
        deadline = self._find_deadline()
        while True:
            for known in self._events:
                if known["method"] == event and known.get("sessionId") == session:
                    self._events.remove(known)
                    return known["params"]
            self._events.append(self._take(deadline))

    def close(self) -> None:
        """End the browser: it is asked, and ended outright where it does not answer."""
        if hasattr(self, "_process"):
            with suppress(ExportError), self.limit_time(_CLOSE_TIMEOUT_S):
                if not self._is_lost:
                    self.call("Browser.close")
                    self._process.wait(_CLOSE_TIMEOUT_S)
            # Whatever it says: a helper of the browser's may outlive it.
            kill_tree(self._process.pid)
            self._process.wait()
        self._is_lost = True
        if getattr(self, "_write_to", None) is not None:
            os.close(self._write_to)  # type: ignore[arg-type]
            self._write_to = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def _find_deadline(self) -> float:
        return self._deadline or monotonic() + _ANSWER_TIMEOUT_S

    def _send(self, message: Message) -> None:
        if self._is_lost or self._write_to is None:
            raise BrowserLostError("the browser has ended")
        left = memoryview(json.dumps(message).encode() + b"\0")
        try:
            while left:
                left = left[os.write(self._write_to, left) :]
        except OSError as error:
            self._is_lost = True
            raise BrowserLostError("the browser has ended") from error

    def _take(self, deadline: float) -> Message:
        try:
            message = self._messages.get(timeout=max(0.0, deadline - monotonic()))
        except Empty:
            # What it may still answer belongs to nobody: it is not asked again.
            self._is_lost = True
            raise BrowserLostError("the browser did not answer in time") from None
        if message is None:
            self._is_lost = True
            raise BrowserLostError("the browser has ended")
        if message.get("method") in _CRASHES:
            self._is_lost = True
            raise BrowserLostError("the page's process has ended")
        return message

    def _read(self, ours: int) -> None:
        """Put every message into the queue, and None at the end; runs in a thread of its own."""
        rest = bytearray()
        try:
            while chunk := os.read(ours, _PIPE_BYTES):
                *ends, last = chunk.split(b"\0")
                for end in ends:
                    rest += end
                    self._messages.put(json.loads(rest))
                    rest.clear()
                rest += last
        except (OSError, ValueError):
            pass  # told by the None
        finally:
            self._messages.put(None)
            os.close(ours)

    def _read_log(self) -> str:
        with suppress(OSError):
            lines = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            return lines[-1] if lines else ""
        return ""


def _launch(command: list[str], theirs_in: int, theirs_out: int, log: Any) -> subprocess.Popen:
    """Start the browser with its ends of the two pipes."""
    if sys.platform == "win32":
        import msvcrt

        handles = [msvcrt.get_osfhandle(theirs_in), msvcrt.get_osfhandle(theirs_out)]
        for handle in handles:
            os.set_handle_inheritable(handle, True)
        pipes = ",".join(str(handle) for handle in handles)
        # Without a list of handles: the standard ones are to be inherited as well.
        return subprocess.Popen(
            [*command, f"--remote-debugging-io-pipes={pipes}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            close_fds=False,
            creationflags=subprocess.CREATE_NEW_PROCESS_GROUP,
        )
    return subprocess.Popen(
        ["/bin/sh", "-c", _LAUNCH, "sh", *command],
        stdin=theirs_in,
        stdout=theirs_out,
        stderr=log,
        # Ctrl-C in a terminal is for this program, which then ends the browser.
        start_new_session=True,
    )
