"""``cip verify``: whether a final profile still is what it was built from.

Nothing heavy is imported here: the command line loads it for its help.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cip.errors import ParameterError


def verify(
    params: Annotated[Path, typer.Argument(help="The area's parameter file.")],
    store: Annotated[str, typer.Option(help="Folder or address of the store.")] = "",
    outputs: Annotated[Path, typer.Option(help="Folder of finished profiles.")] = Path("outputs"),
) -> None:
    """Say whether a final profile still matches what it was built from, file by file.

    Raises
    ------
    ParameterError
        With every difference: a parameter, an input, a table of the store, the software, or a
        published file that has been altered.
    """
    from cip.params import load_params
    from cip.run.rebuild import read_final, verify_final
    from cip.run.task import make_task
    from cip.store import Store

    file = load_params(params)
    task = make_task(params, store_dir=store, outputs_dir=outputs)
    folder = task.outputs_dir / file.params.id
    if problems := verify_final(file, Store(task.store_dir), folder):
        raise ParameterError(problems)
    record = read_final(folder)
    typer.echo(
        f"{file.params.title}, version {record.version}, is as it was made: "
        f"{len(record.files):,} files, from {len(record.inputs):,} inputs and "
        f"{len(record.store):,} tables of the store."
    )
