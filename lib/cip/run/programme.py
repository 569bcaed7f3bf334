"""``cip programme``: several areas in waves and stages, checked and shown in one report.

Nothing heavy is imported here: the command line loads it for its help.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cip.errors import CipError, ParameterError, Problem

if TYPE_CHECKING:
    from cip.framework.programme_areas import AreaOutputs

app = typer.Typer(
    name="programme",
    help="A programme over several areas: its stages, people, actions, grants and outcomes.",
    no_args_is_help=True,
)
FileArgument = Annotated[
    Path, typer.Argument(help="Programme file, such as params/programmes/demo.yml.")
]


@app.command()
def check(file: FileArgument) -> None:
    """Check a programme file, and say where it leaves the staged plan."""
    from cip.framework.programme import list_warnings, load_programme

    found = load_programme(file)
    for warning in list_warnings(found):
        typer.echo(f"Note: {warning}")
    problems = [problem for area in found.areas for problem in area.problems]
    if problems:
        raise ParameterError(problems)
    number = len(found.areas)
    noun = "1 area" if number == 1 else f"{number} areas"
    typer.echo(f"{found.programme.title}: {noun}, from {found.start} to {found.end}.")


@app.command()
def report(
    file: FileArgument,
    outputs: Annotated[
        Path, typer.Option("--outputs", help="Folder that the profiles went to.")
    ] = Path("outputs"),
    pdf: Annotated[bool, typer.Option(help="Write the PDFs of the pages.")] = True,
) -> None:
    """Write one report on all areas, and a page for each area's officer.

    Only what the areas' own runs left is read. An area without a profile is told, and the others
    go on.
    """
    from cip.framework.programme import load_programme
    from cip.run.programme_report import write_programme
    from cip.tables import keep_texts_plain

    keep_texts_plain()
    made = write_programme(load_programme(file), outputs, make_pdf=pdf)
    for warning in made.warnings:
        typer.echo(f"Note: {warning}")
    for area in made.areas:
        if area.state == "no profile":
            typer.echo(f"Note: {area.title}: {area.message}")
    for path in made.files:
        typer.echo(f"Wrote {path}.")
    raise_for(made.areas)


def raise_for(areas: list[AreaOutputs]) -> None:
    """Raise what is wrong with single areas, after everything else was made.

    Raises
    ------
    ParameterError
        If a parameter file cannot be used.
    CipError
        If an area's tables cannot be read.
    """
    problems: list[Problem] = [problem for area in areas for problem in area.problems]
    if not problems:
        return
    is_parameters = any(area.plan.problems for area in areas)
    raise (ParameterError if is_parameters else CipError)(problems)
