"""Execute one notebook with papermill and say plainly what happened."""

from __future__ import annotations

import atexit
import functools
import logging
import shutil
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import papermill
from nbclient.exceptions import DeadKernelError
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

#: A stage that has not ended after this many seconds is stopped; the slowest takes some ten.
STAGE_TIMEOUT_S = 900


@dataclass(frozen=True)
class StageOutcome:
    """What became of one notebook.

    Parameters
    ----------
    stage
        Name of the stage.
    status
        ``done`` or ``failed``.
    seconds
        Wall time.
    cell
        Number of the code cell that failed, from 1, as shown in the executed notebook.
    source
        First lines of that cell.
    message
        The error in one or a few lines.
    """

    stage: str
    status: str
    seconds: float
    cell: int | None = None
    source: str | None = None
    message: str | None = None


def execute_stage(
    stage: str, notebook: Path, target: Path, parameters: dict[str, Any]
) -> StageOutcome:
    """Run a notebook into ``target``; a failing one is kept there with its error visible.

    Never raises for an error inside the notebook: the outcome carries it.
    """
    logging.getLogger("papermill").setLevel(logging.ERROR)
    started = time.perf_counter()
    failure: dict[str, Any] = {}
    try:
        papermill.execute_notebook(
            notebook,
            target,
            parameters=parameters,
            progress_bar=False,
            request_save_on_cell_execute=False,
            execution_timeout=STAGE_TIMEOUT_S,
            config=_configure_kernel(),
        )
    except PapermillExecutionError as error:
        failure = {
            "cell": error.exec_count,
            "source": "\n".join(error.source.splitlines()[:4]),
            "message": f"{error.ename}: {error.evalue}",
        }
    except (DeadKernelError, TimeoutError, RuntimeError) as error:
        failure = {"message": f"{type(error).__name__}: {error}".strip()}
    seconds = round(time.perf_counter() - started, 2)
    return StageOutcome(stage, "failed" if failure else "done", seconds, **failure)


def _configure_kernel() -> Config:
    """Let the kernel talk over sockets in a private folder instead of TCP ports.

    Kernels that start at the same moment may be given the same free port and fail
    (nteract/papermill#511). Each kernel here has a socket name of its own: left to itself,
    jupyter_client names it after the current folder, which processes share. Windows has no such
    sockets and keeps to ports.
    """
    config = Config()
    if sys.platform != "win32":
        config.KernelManager.transport = "ipc"
        config.KernelManager.ip = str(_make_socket_folder() / uuid.uuid4().hex[:12])
    return config


@functools.cache
def _make_socket_folder() -> Path:
    """Return this process's folder of sockets, removed when the process ends."""
    # A short path: the system limits a socket's file name to about 100 characters.
    folder = Path(tempfile.mkdtemp(prefix="cip-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
