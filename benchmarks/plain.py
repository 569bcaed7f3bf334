"""The work of the five notebooks as plain Python: no kernel, no papermill, the same exports.

This is the floor that the runner is measured against. Cells are compiled and run in this process,
and what they display is kept as a kernel would keep it.
"""

from __future__ import annotations

import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_output

from cip.params import load_params
from cip.run.publish import Publisher
from cip.store import Store
from cip.workspace import name_notebook


def run_cells(path: Path, parameters: dict[str, str]) -> nbformat.NotebookNode:
    """Run a notebook's cells in one namespace and return it with its outputs."""
    import IPython.display

    notebook = nbformat.read(path, as_version=4)
    shown: list[Any] = []
    IPython.display.display = lambda *things, **_: shown.extend(things)
    # A kernel has this name without an import.
    namespace: dict[str, Any] = {"display": IPython.display.display}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        exec(compile(cell.source, path.name, "exec"), namespace)
        if "parameters" in cell.metadata.get("tags", []):
            namespace.update(parameters)
        cell.outputs = [
            new_output("display_data", data=dict(thing._repr_mimebundle_())) for thing in shown
        ]
        shown.clear()
    return notebook


def make_area(params_file: Path, store: Path, outputs: Path, notebooks: Path) -> str:
    """Make one profile without a kernel."""
    file = load_params(params_file)
    folder = outputs / file.params.id
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "notebooks").mkdir(parents=True)
    parameters = {
        "params_file": str(params_file),
        "store_dir": str(store),
        "outputs_dir": str(outputs),
    }
    with Publisher(file, Store(store), folder, show_code=False, make_pdf=True) as publisher:
        for stage in file.params.stages:
            name = name_notebook(stage)
            nbformat.write(run_cells(notebooks / name, parameters), folder / "notebooks" / name)
            publisher.add(stage)
        publisher.finish()
    return file.params.id


def main() -> None:
    """Make every area named on the command line in two processes."""
    store, outputs, notebooks, *files = map(Path, sys.argv[1:])
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(make_area, file, store, outputs, notebooks) for file in files]
        for job in jobs:
            job.result()


if __name__ == "__main__":
    main()
