"""The ``cip`` command: profiles from parameter file to reports, and what follows from them.

Nothing heavy is imported here: help and mistakes in a call are answered at once.
"""

from __future__ import annotations

import atexit
import gc
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
from cip.run.actions import app as actions
from cip.run.evidence_commands import evidence, narrative
from cip.run.programme import app as programme
from cip.run.referral import app as referral
from cip.run.stopping import Stopped, stop_on_signals
from cip.run.verify_command import verify

if TYPE_CHECKING:
    from cip.params import ParameterFile
    from cip.run.session import Session
    from cip.run.task import AreaOutcome
    from cip.sources.fetch import FetchReport

app = typer.Typer(
    name="cip",
    help="Community Insight Profiles from one parameter file per area.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(referral)
app.add_typer(actions)
app.add_typer(programme)

StoreOption = Annotated[
    str,
    typer.Option(
        "--store", help="Folder or address of the store; left out, CIP_STORE or your data folder."
    ),
]
OutputsOption = Annotated[Path, typer.Option("--outputs", help="Folder that the profiles go to.")]
ParamsArgument = Annotated[
    list[str],
    typer.Argument(help="Parameter files, one per area: paths or addresses.", show_default=False),
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
    products: Annotated[str, typer.Option(help="Products to fetch: ts054,iod2025.")] = "",
    areas: Annotated[
        str, typer.Option(help="Codes of areas; tables that allow it are fetched for these alone.")
    ] = "",
    list_: Annotated[
        bool, typer.Option("--list", help="Say what can be had from where, and fetch nothing.")
    ] = False,
) -> None:
    """Fill the store, from a folder of publishers' files or from the publishers themselves."""
    from cip.mirror import is_address
    from cip.workspace import find_store_root

    if is_address(store):
        message = "a store is filled in a folder; copy it to its address afterwards"
        raise SourceError(Problem(message, found=store))
    root = find_store_root(store)
    wanted = [*(only or ()), *_split(products)] or None
    if list_:
        from cip.sources.listing import show_available

        for line in show_available(root, wanted):
            typer.echo(line)
        return
    if source is not None:
        from cip.sources.fetch import fetch_folder

        report = fetch_folder(source, root, products=wanted)
    else:
        from cip.sources.bars import show_transfers
        from cip.sources.download import fetch_network

        with show_transfers() as show:
            report = fetch_network(root, products=wanted, areas=_split(areas), progress=show)
    _print_fetch(report, root)


@app.command()
def check(
    params: ParamsArgument,
    store: StoreOption = "",
    outputs: OutputsOption = Path("outputs"),
    evidence: Annotated[
        bool, typer.Option(help="Check what findings and recommendations cite, as well.")
    ] = True,
) -> None:
    """Check parameter files, the places that they name, and the evidence that is cited."""
    files, errors = _load_all(params)
    if files:
        from cip.run.session import check_areas

        for line in check_areas(files, errors, store=store, outputs=outputs, evidence=evidence):
            typer.echo(line)
    _stop_on(errors)


@app.command()
def run(
    params: ParamsArgument,
    store: StoreOption = "",
    outputs: OutputsOption = Path("outputs"),
    jobs: Annotated[
        int | None,
        typer.Option(min=1, help="Areas to run side by side.", show_default="one per processor"),
    ] = None,
    scheduler: Annotated[
        str, typer.Option(help="Run on a Dask cluster instead: tcp://<host>:<port>.")
    ] = "",
    notebooks: Annotated[str, typer.Option(help="Folder of the numbered notebooks.")] = "",
    force: Annotated[
        bool, typer.Option("--force", help="Make everything again, changed or not.")
    ] = False,
    fresh_kernels: Annotated[
        bool, typer.Option("--fresh-kernels", help="Start a new kernel for every notebook.")
    ] = False,
    show_code: Annotated[
        bool, typer.Option(help="Show the notebooks' code in the reports.")
    ] = False,
    pdf: Annotated[bool, typer.Option(help="Write the PDF of the report.")] = True,
    compare: Annotated[
        bool, typer.Option(help="With two areas or more, show them side by side in one report.")
    ] = True,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print each event as one JSON object a line.")
    ] = False,
) -> None:
    """Make the profiles: execute the notebooks and publish the reports."""
    files, errors = _load_all(params)
    if not files:
        _stop_on(errors)
    from cip.run.progress import show_progress
    from cip.run.session import run_session
    from cip.run.task import make_task

    tasks = [
        make_task(
            file.path, store_dir=store, outputs_dir=outputs, notebooks_dir=notebooks,
            show_code=show_code, make_pdf=pdf, fresh_kernels=fresh_kernels, force=force,
        )
        for file in files
    ]  # fmt: skip
    with show_progress(files, as_json=as_json) as progress:
        session = run_session(files, tasks, report=progress, jobs=jobs, scheduler=scheduler)
    errors += session.errors
    if compare and session.stopped is None:
        _compare_batch(files, session.outcomes, outputs, errors, make_pdf=pdf, as_json=as_json)
    _finish(session, errors, outputs, as_json=as_json)


@app.command()
def compare(
    params: ParamsArgument,
    outputs: OutputsOption = Path("outputs"),
    against: Annotated[
        str, typer.Option(help="What each area is compared with: england, county or district.")
    ] = "england",
    pdf: Annotated[bool, typer.Option(help="Write the PDF of the report.")] = True,
) -> None:
    """Show areas that have been run side by side, in outputs/comparison.html."""
    files, errors = _load_all(params)
    _stop_on(errors)
    from cip.run.compare import write_comparison
    from cip.run.overview import write_overview

    for path in write_comparison(files, outputs, against=against, make_pdf=pdf):
        typer.echo(f"Wrote {path}.")
    write_overview(outputs)


@app.command()
def forms(
    folder: Annotated[Path, typer.Argument(help="Where to put them, such as params/rose-hill.")],
) -> None:
    """Write empty forms for the community's own inputs; it never replaces one that is there."""
    from cip.assets import forms as assets
    from cip.engagement import forms as engagement
    from cip.framework.forms import write_forms
    from cip.summary import forms as summary

    # What comes with rows goes first: a form that is there is left as it is.
    written = engagement.write_filled_forms(folder) + summary.write_filled_forms(folder)
    written += write_forms(folder, {**assets.COLUMNS, **engagement.COLUMNS, **summary.COLUMNS})
    for path in written:
        typer.echo(f"Wrote {path}.")
    if not written:
        typer.echo(f"Every form is already in {folder}.")


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
    # Nothing that is still there at the end needs looking through for rings before it goes.
    atexit.register(gc.freeze)
    try:
        with stop_on_signals():
            app(args=list(arguments) if arguments is not None else None)
    except Stopped as stopped:
        typer.echo("Stopped.", err=True)
        sys.exit(stopped.exit_code)
    except CipError as error:
        _print_problems(error.problems)
        sys.exit(error.exit_code)


app.command()(narrative)
app.command()(evidence)
app.command()(verify)


def _load_all(names: list[str]) -> tuple[list, list[CipError]]:
    from cip.mirror import is_address, mirror_params
    from cip.params import load_batch

    paths: list[Path] = []
    problems: list[CipError] = []
    for name in names:
        try:
            paths.append(mirror_params(name) if is_address(name) else Path(name))
        except ParameterError as error:
            problems.append(error)
    files, errors = load_batch(paths)
    return files, [*problems, *errors]


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


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


def _compare_batch(
    files: list[ParameterFile],
    outcomes: list[AreaOutcome],
    outputs: Path,
    errors: list[CipError],
    *,
    make_pdf: bool,
    as_json: bool,
) -> None:
    """Write the comparison of a batch of two or more areas, unless nothing has changed."""
    good = {o.area_id for o in outcomes if o.status in ("done", "unchanged")}
    chosen = [f for f in files if f.params.id in good and "data_profile" in f.params.stages]
    page = outputs / "comparison.html"
    if len(chosen) < 2 or (page.exists() and all(o.status == "unchanged" for o in outcomes)):
        return
    from cip.run.compare import write_comparison
    from cip.run.overview import write_overview

    try:
        written = write_comparison(chosen, outputs, make_pdf=make_pdf)
    except CipError as error:
        errors.append(error)
        return
    # The list of areas links to it.
    write_overview(outputs, unchanged=[o.area_id for o in outcomes if o.status == "unchanged"])
    typer.echo(f"Areas side by side: {written[0]}", err=as_json)


def _finish(session: Session, errors: list[CipError], outputs: Path, *, as_json: bool) -> None:
    """Sum up, failures first, and leave with the exit code that docs/exit-codes.md explains."""
    bad = [o for o in session.outcomes if o.status not in ("done", "unchanged")]
    from cip.run.closing import count_outcomes, describe_changes, describe_failure

    for outcome in bad:
        typer.echo("\n".join(describe_failure(outcome)), err=True)
    # With --json, standard output holds events alone.
    for outcome in session.outcomes:
        for line in describe_changes(outcome):
            typer.echo(line, err=as_json)
    if session.outcomes:
        counted = count_outcomes(session.outcomes)
        typer.echo(f"\n{counted} Open {outputs / 'index.html'}", err=as_json)
    for error in errors:
        _print_problems(error.problems)
    if session.stopped is not None:
        typer.echo("Stopped. Finished areas are kept; run again for the rest.", err=True)
        raise typer.Exit(session.stopped.exit_code)
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
