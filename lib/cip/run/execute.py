"""Execute one notebook with papermill and say plainly what happened."""

from __future__ import annotations

import logging
import time
from concurrent.futures import CancelledError, wait
from pathlib import Path
from typing import Any

import papermill
from papermill.exceptions import PapermillExecutionError

from cip.run.engine import ENGINE_NAME, Attempt
from cip.run.kernel import close_kernels, get_holder
from cip.run.task import StageOutcome

__all__ = ["STAGE_TIMEOUT_S", "StageOutcome", "close_kernels", "execute_stage"]

#: A stage that has not ended after this many seconds is stopped; the slowest takes some ten.
STAGE_TIMEOUT_S = 900
#: A notebook whose kernel dies or hangs is run once more; an error in a cell is final.
ATTEMPTS = 2
_TICK_S = 0.5


def execute_stage(
    stage: str,
    notebook: Path,
    target: Path,
    parameters: dict[str, Any],
    *,
    fresh_kernel: bool = False,
    timeout_s: float = STAGE_TIMEOUT_S,
) -> StageOutcome:
    """Run a notebook into ``target``; a failing one is kept there with its error visible.

    Never raises for an error inside the notebook: the outcome carries it.

    Parameters
    ----------
    stage, notebook, target
        The stage's name, its notebook, and where the executed notebook goes.
    parameters
        Values for the notebook's tagged cell.
    fresh_kernel
        Start a kernel for this notebook alone, and end it afterwards.
    timeout_s
        Seconds that the notebook may take in one attempt.
    """
    # What papermill would log is told by the outcome.
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    started = time.perf_counter()
    failure, attempts, attempt = {}, 0, Attempt(trouble="not run yet")
    while attempt.trouble is not None and attempts < ATTEMPTS:
        attempts, attempt = attempts + 1, Attempt()
        failure = _run_once(
            notebook, target, parameters, attempt=attempt, fresh_kernel=fresh_kernel,
            timeout_s=timeout_s,
        )  # fmt: skip
    seconds = round(time.perf_counter() - started, 2)
    status = "failed" if failure else "done"
    return StageOutcome(stage, status, seconds, used=attempt.used, attempts=attempts, **failure)


def _run_once(
    notebook: Path, target: Path, parameters: dict[str, Any], **settings: Any
) -> dict[str, Any]:
    """Run the notebook once, from the thread that owns the kernel; return what failed, if any."""
    holder = get_holder()
    future = holder.thread.submit(
        papermill.execute_notebook,
        notebook,
        target,
        parameters=parameters,
        engine_name=ENGINE_NAME,
        progress_bar=False,
        request_save_on_cell_execute=False,
        **settings,
    )
    try:
        # Looked at now and then: a signal that another thread was given wakes nobody who waits
        # without end.
        while not wait([future], timeout=_TICK_S).done:
            pass
        future.result()
    except PapermillExecutionError as error:
        return {
            "cell": error.exec_count,
            "source": "\n".join(error.source.splitlines()[:4]),
            "message": f"{error.ename}: {error.evalue}",
        }
    except (KeyboardInterrupt, SystemExit, CancelledError):
        # The person has stopped the run: the notebook must not go on behind their back.
        _close_whatever_comes()
        raise
    return {}


def _close_whatever_comes() -> None:
    """End the kernels even when Ctrl-C is pressed again meanwhile."""
    while True:
        try:
            return close_kernels()
        except KeyboardInterrupt:
            continue
