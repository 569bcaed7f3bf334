"""The ``cip`` command: new, fetch, check, run, doctor, schema.

Nothing heavy is imported here: help and mistakes in a call are answered at once.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cip.errors import (
    EXIT_EXPORT,
    EXIT_NOTEBOOK,
    EXIT_PARAMETERS,
    CipError,
    ParameterError,
    Problem,
    SourceError,
)

if TYPE_CHECKING:
    from cip.run.area import AreaOutcome
    from cip.sources.fetch import FetchReport

app = typer.Typer(
    name="cip",
    help="Community Insight Profiles from one parameter file per area.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

StoreOption = Annotated[
    str,
    typer.Option("--store", help="Folder of the store; left out, CIP_STORE or your data folder."),
]
OutputsOption = Annotated[Path, typer.Option("--outputs", help="Folder that the profiles go to.")]
ParamsArgument = Annotated[
    list[Path], typer.Argument(help="Parameter files, one per area.", show_default=False)
]


@app.command()
def new(
    area_id: Annotated[
        str, typer.Argument(help="Short name, such as rose-hill; becomes params/<name>.yml.")
    ],
    title: Annotated[str, typer.Option(help="Name of the area as residents would say it.")],
    ward: Annotated[
        list[str] | None, typer.Option(help="Code or exact name of a ward; repeatable.")
    ] = None,
    lsoa: Annotated[
        list[str] | None, typer.Option(help="Code or exact name of an LSOA; repeatable.")
    ] = None,
    folder: Annotated[Path, typer.Option(help="Where parameter files are kept.")] = Path("params"),
) -> None:
    """Write a parameter file for a new area."""
    from cip.params import load_params, write_new

    target = write_new(
        folder / f"{area_id}.yml", area_id, title, wards=ward or [], lsoas=lsoa or []
    )
    try:
        load_params(target)
    except ParameterError:
        target.unlink()
        raise
    typer.echo(f"Wrote {target}. Next: cip check {target}")


@app.command()
def fetch(
    source: Annotated[
        Path | None,
        typer.Option(
            "--from",
            help="A folder of publishers' files, or one file; left out, the files are downloaded.",
        ),
    ] = None,
    store: StoreOption = "",
    only: Annotated[list[str] | None, typer.Option(help="Product to fetch; repeatable.")] = None,
) -> None:
    """Fill the store, from a folder of publishers' files or from the publishers themselves."""
    from cip.workspace import find_store_root

    root = find_store_root(store)
    if source is not None:
        from cip.sources.fetch import fetch_folder

        report = fetch_folder(source, root, products=only or None)
    else:
        from cip.sources.download import fetch_network

        report = fetch_network(root, products=only or None)
    _print_fetch(report, root)


@app.command()
def check(params: ParamsArgument, store: StoreOption = "") -> None:
    """Check parameter files, and that the store knows every place that they name."""
    files, errors = _load_all(params)
    summaries = []
    for file in files:
        try:
            summaries.append(_summarise(file, store))
        except (ParameterError, SourceError) as error:
            errors.append(error)
    for summary in summaries:
        typer.echo(summary)
    _stop_on(errors)


@app.command()
def run(
    params: ParamsArgument,
    store: StoreOption = "",
    outputs: OutputsOption = Path("outputs"),
    jobs: Annotated[int, typer.Option(min=1, help="Areas to run side by side.")] = 2,
    notebooks: Annotated[str, typer.Option(help="Folder of the numbered notebooks.")] = "",
    show_code: Annotated[
        bool, typer.Option(help="Show the notebooks' code in the reports.")
    ] = False,
    pdf: Annotated[bool, typer.Option(help="Write the PDF of the report.")] = True,
) -> None:
    """Make the profiles: execute the notebooks and publish the reports."""
    files, errors = _load_all(params)
    for file in list(files):
        try:
            _summarise(file, store)
        except (ParameterError, SourceError) as error:
            errors.append(error)
            files.remove(file)
    outcomes: list[AreaOutcome] = []
    if files:
        from cip.run.area import make_task
        from cip.run.batch import run_batch
        from cip.run.overview import write_overview
        from cip.run.progress import show_progress

        tasks = [
            make_task(
                file.path, store_dir=store, outputs_dir=outputs, notebooks_dir=notebooks,
                show_code=show_code, make_pdf=pdf,
            )
            for file in files
        ]  # fmt: skip
        with show_progress(files) as progress:
            outcomes = list(run_batch(tasks, jobs=jobs, report=progress))
        write_overview(outputs)
    _finish(outcomes, errors, outputs)


@app.command()
def doctor(store: StoreOption = "") -> None:
    """Say what is on this machine: packages, browser, store."""
    from cip.run.doctor import examine

    lines, healthy = examine(store)
    for line in lines:
        typer.echo(line)
    if not healthy:
        raise typer.Exit(1)


@app.command()
def schema(
    target: Annotated[Path, typer.Argument(help="File to write.")] = Path("params/_schema.json"),
) -> None:
    """Write the JSON Schema of parameter files, for editors."""
    from cip.params import build_schema

    target.write_text(json.dumps(build_schema(), indent=2) + "\n", encoding="utf-8")
    typer.echo(f"Wrote {target}.")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; a mistake in an input ends with its messages and its exit code."""
    try:
        app(args=list(arguments) if arguments is not None else None)
    except CipError as error:
        _print_problems(error.problems)
        sys.exit(error.exit_code)


def _load_all(paths: list[Path]) -> tuple[list, list[CipError]]:
    from cip.params import load_batch

    files, errors = load_batch(paths)
    return files, list(errors)


def _summarise(file, store: str) -> str:
    """Resolve the area against the store, so that an unknown place is told before anything runs."""
    from cip.area_definition import resolve_area
    from cip.geography import build_areas
    from cip.register import load_register
    from cip.store import Store
    from cip.workspace import find_store_root

    register = load_register(Store(find_store_root(store)))
    area = resolve_area(file, register)
    areas, _ = build_areas(file, area, register)
    others = ", ".join(areas.loc[areas["area_role"] != "profile", "area_name"])
    return f"{file.path}: {file.params.title}, {len(area.codes)} LSOAs, compared with {others}"


def _print_fetch(report: FetchReport, root: Path) -> None:
    for product, entry in report.products.items():
        files = "1 file" if len(entry.files) == 1 else f"{len(entry.files)} files"
        typer.echo(f"{product}: {entry.rows:,} rows from {files}")
    for warning in report.warnings:
        typer.echo(f"Note: {warning}")
    if report.not_recognised:
        typer.echo(f"Left alone, because no declared layout fits ({len(report.not_recognised)}):")
        for name in report.not_recognised:
            typer.echo(f"  {name}")
    typer.echo(f"{len(report.products)} products are now in the store at {root}")


def _finish(outcomes: list[AreaOutcome], errors: list[CipError], outputs: Path) -> None:
    bad = [o for o in outcomes if o.status != "done"]
    for outcome in bad:
        typer.echo(f"\n{outcome.title}: {outcome.status}", err=True)
        for stage in outcome.stages:
            if stage.status == "failed":
                where = f"cell {stage.cell}" if stage.cell is not None else "the kernel"
                typer.echo(f"  notebook {stage.stage}, {where}", err=True)
                for line in (stage.source or "").splitlines():
                    typer.echo(f"    {line}", err=True)
        typer.echo(f"  {outcome.message}", err=True)
    done = len(outcomes) - len(bad)
    if outcomes:
        typer.echo(f"\n{done} of {len(outcomes)} profiles made. Open {outputs / 'index.html'}")
    for error in errors:
        _print_problems(error.problems)
    if any(o.status == "failed" for o in bad):
        raise typer.Exit(EXIT_NOTEBOOK)
    if bad:
        raise typer.Exit(EXIT_EXPORT)
    if errors:
        raise typer.Exit(errors[0].exit_code)


def _stop_on(errors: list[CipError]) -> None:
    if errors:
        for error in errors:
            _print_problems(error.problems)
        raise typer.Exit(EXIT_PARAMETERS if len(errors) > 1 else errors[0].exit_code)


def _print_problems(problems: Sequence[Problem]) -> None:
    for problem in problems:
        typer.echo(str(problem), err=True)


if __name__ == "__main__":
    main()
