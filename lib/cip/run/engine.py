"""The papermill engine that runs a notebook in a kernel which outlives it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from time import monotonic
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from papermill.log import logger

from cip.run.kernel import KernelTrouble, NotebookKernel, get_holder

ENGINE_NAME = "cip-kernel"
#: Tables, pictures and maps of one notebook beyond this are left out, each with a notice.
DISPLAY_LIMIT = 100_000_000
#: How long the last output of a cell may be on its way after the cell has ended.
_OUTPUT_TIMEOUT_S = 60


@dataclass
class Attempt:
    """What running a notebook once has shown, besides the notebook itself.

    Parameters
    ----------
    used
        Ids of the store's products that the notebook asked for.
    trouble
        What went wrong with the kernel, as opposed to an error in a cell.
    """

    used: tuple[str, ...] = ()
    trouble: str | None = None


class NotebookClient(PapermillNotebookClient):
    """papermill's client, with one time limit for the notebook and a limit on what it shows."""

    def __init__(self, manager: NotebookExecutionManager, timeout_s: float, **settings: Any):
        self._deadline = monotonic() + timeout_s
        super().__init__(
            manager,
            timeout=_OUTPUT_TIMEOUT_S,
            timeout_func=lambda _: max(0.1, self._deadline - monotonic()),
            iopub_timeout=_OUTPUT_TIMEOUT_S,
            **settings,
        )
        self.running: NotebookNode | None = None
        self._shown = 0

    def execute_cell(self, cell: NotebookNode, cell_index: int, **settings: Any) -> NotebookNode:
        """Note which cell runs, so that a kernel's end can be told where it happened."""
        if cell.cell_type == "code":
            self.running = cell
        return super().execute_cell(cell, cell_index, **settings)

    def output(
        self, outs: list, msg: dict[str, Any], display_id: str, cell_index: int
    ) -> NotebookNode | None:
        """Keep an output, or a notice in its place once the notebook has shown too much."""
        data = msg["content"].get("data") or {}
        self._shown += sum(len(value) for value in data.values() if isinstance(value, str))
        if data and self._shown > DISPLAY_LIMIT:
            text = f"[This notebook shows more than {DISPLAY_LIMIT:,} characters; left out.]\n"
            outs.append(new_output("stream", name="stderr", text=text))
            return None
        return super().output(outs, msg, display_id, cell_index)


class KernelEngine(Engine):
    """Run a notebook in this process's warm kernel, or in a fresh one that ends with it."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        attempt: Attempt,
        fresh_kernel: bool,
        timeout_s: float,
        **_: Any,
    ) -> None:
        """Execute every cell; trouble with the kernel is noted as the error of the cell it met."""
        holder, kernel, client, is_sound = get_holder(), None, None, False
        try:
            kernel = holder.take(kernel_name, fresh=fresh_kernel)
            client = _make_client(nb_man, kernel, timeout_s)
            client.execute()
            attempt.used = tuple(json.loads(kernel.ask("cip.run.preload", "list_used()")))
            is_sound = True
        except CellTimeoutError:
            attempt.trouble = "TimeoutError"
            _mark(nb_man, client, "TimeoutError", f"not ended after {timeout_s:g} seconds")
        except (DeadKernelError, KernelTrouble) as error:
            attempt.trouble = str(error)
            _mark(nb_man, client, "KernelTrouble", attempt.trouble or "the kernel died")
        finally:
            if kernel is not None:
                holder.give_back(kernel, is_sound=is_sound)


def _make_client(
    nb_man: NotebookExecutionManager, kernel: NotebookKernel, timeout_s: float
) -> NotebookClient:
    client = NotebookClient(nb_man, timeout_s, km=kernel.manager, log=logger)
    client.kc = kernel.client
    return client


def _mark(
    nb_man: NotebookExecutionManager, client: NotebookClient | None, name: str, message: str
) -> None:
    """Show the trouble in the cell that was running, as an error of that cell."""
    cells = [cell for cell in nb_man.nb.cells if cell.cell_type == "code"]
    cell = client.running if client is not None and client.running is not None else cells[0]
    if cell.execution_count is None:
        cell.execution_count = cells.index(cell) + 1
    line = f"{name}: {message}"
    cell.outputs.append(new_output("error", ename=name, evalue=message, traceback=[line]))
    nb_man.cell_exception(cell, nb_man.nb.cells.index(cell))


papermill_engines.register(ENGINE_NAME, KernelEngine)
