"""What a run of one area is given, and what it gives back: plain values that can be sent anywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from cip.errors import CipError
from cip.mirror import find_address, is_address, mirror_params, mirror_store
from cip.workspace import find_store_root, name_notebook

#: Called as ``report(area_id, stage, status)`` whenever a stage starts or ends.
Reporter = Callable[[str, str, str], None]


@dataclass(frozen=True)
class AreaTask:
    """What a worker needs in order to run one area; plain values, so that it can be sent anywhere.

    Parameters
    ----------
    params_file, store_dir, outputs_dir, notebooks_dir
        Paths as the user gave them.
    show_code
        Whether the reports show the code of the notebooks.
    make_pdf
        Whether to write the PDF of the report.
    fresh_kernels
        Whether every notebook gets a kernel of its own.
    force
        Whether to execute every stage, changed or not.
    params_address, store_address
        Where the parameter file or the store lives, if the paths are those of local copies.
    """

    params_file: Path
    store_dir: Path
    outputs_dir: Path
    notebooks_dir: Path
    show_code: bool = False
    make_pdf: bool = True
    fresh_kernels: bool = False
    force: bool = False
    params_address: str = ""
    store_address: str = ""

    def bring_here(self) -> AreaTask:
        """Return the task with this machine's own copies of what lives at an address."""
        here = self
        if self.params_address:
            here = replace(here, params_file=mirror_params(self.params_address))
        if self.store_address:
            here = replace(here, store_dir=mirror_store(self.store_address))
        return here


@dataclass(frozen=True)
class StageOutcome:
    """What became of one notebook.

    Parameters
    ----------
    stage
        Name of the stage.
    status
        ``done``, ``failed``, or ``unchanged`` where an earlier run's result was taken over.
    seconds
        Wall time, of all attempts together.
    cell
        Number of the code cell that failed, from 1, as shown in the executed notebook.
    source
        First lines of that cell.
    message
        The error in one or a few lines.
    used
        Ids of the store's products that the notebook asked for, whether or not they were there.
    attempts
        How often the notebook was run: 2 where its kernel died or did not end in time.
    """

    stage: str
    status: str
    seconds: float
    cell: int | None = None
    source: str | None = None
    message: str | None = None
    used: tuple[str, ...] = ()
    attempts: int = 1


@dataclass
class AreaOutcome:
    """What became of one area.

    ``status`` is ``done``, ``unchanged`` (nothing needed doing), ``failed`` (a notebook) or
    ``not exported`` (a report). ``changes`` tells, one sentence each, which cited evidence reads
    differently than in the run before; ``not_compared`` why that could not be told.
    """

    area_id: str
    title: str
    status: str
    stages: list[StageOutcome] = field(default_factory=list)
    message: str | None = None
    seconds: float = 0.0
    folder: str = ""
    changes: list[str] = field(default_factory=list)
    not_compared: str = ""


def make_task(
    params_file: str | Path,
    *,
    store_dir: str | Path = "",
    outputs_dir: str | Path = "outputs",
    notebooks_dir: str | Path = "",
    show_code: bool = False,
    make_pdf: bool = True,
    fresh_kernels: bool = False,
    force: bool = False,
) -> AreaTask:
    """Fill in the usual places: the user's store and the workbook's own notebooks."""
    return AreaTask(
        Path(params_file),
        find_store_root(store_dir),
        Path(outputs_dir),
        Path(notebooks_dir) if notebooks_dir else find_notebooks(),
        show_code,
        make_pdf,
        fresh_kernels,
        force,
        find_address(Path(params_file)),
        str(store_dir) if is_address(store_dir) else "",
    )


def find_notebooks() -> Path:
    """Return the folder of the numbered notebooks: here, or beside the installed package.

    Raises
    ------
    CipError
        If neither place holds them.
    """
    for folder in (Path("notebooks"), Path(__file__).parents[3] / "notebooks"):
        if (folder / name_notebook("geography")).exists():
            return folder
    raise CipError(
        "the numbered notebooks were not found; run from the workbook's folder or name --notebooks"
    )
