"""``cip actions``: the action plan as a workbook with drop-downs, back, and two versions compared.

Nothing heavy is imported here: the command line loads it for its help.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cip.errors import ParameterError, Problem

if TYPE_CHECKING:
    from datetime import date

    from cip.params import ParameterFile

app = typer.Typer(
    name="actions",
    help="Exchange the action plan as a workbook, and compare two versions of it.",
    no_args_is_help=True,
)
Params = Annotated[Path, typer.Argument(help="Parameter file of the area.")]


@app.command()
def export(
    params: Params,
    to: Annotated[
        Path | None,
        typer.Option(help="Workbook to write.", show_default="<area>-actions.xlsx"),
    ] = None,
) -> None:
    """Write the plan and its log as a workbook whose cells offer what can be chosen."""
    from cip.framework.action_columns import list_action_columns, list_log_columns
    from cip.framework.actions import read_action_plan
    from cip.params import load_params
    from cip.report.actions_xlsx import read_sheet, write_plan_workbook

    file = load_params(params)
    path, log = file.resolve_input("actions"), file.resolve_input("action_log")
    if path is None:
        raise ParameterError(
            Problem("this area names no action plan", file=params, expected="inputs: actions:")
        )
    known = list_recommendations(file)
    read_action_plan(path, log, today=find_today(file), recommendations=known)
    actions = read_sheet(path, list_action_columns())
    assert actions is not None  # The plan was read, so that its columns are there.
    told = None if log is None else read_sheet(log, list_log_columns())
    target = to or Path(f"{file.params.id}-actions.xlsx")
    write_plan_workbook(target, actions=actions, log=told, recommendations=known or [])
    typer.echo(f"Wrote {len(actions.rows):,} actions to {target}.")


@app.command(name="import")
def import_workbook(
    params: Params,
    workbook: Annotated[Path, typer.Argument(help="Workbook that was exported and filled in.")],
    yes: Annotated[
        bool, typer.Option("--yes", help="Write without asking, once the diff was shown.")
    ] = False,
) -> None:
    """Take a workbook back into the area's own files; what would change is shown first."""
    from cip.interactive.action_changes import apply_changes
    from cip.interactive.action_import import plan_import
    from cip.params import load_params

    file = load_params(params)
    changes = plan_import(
        file, workbook, today=find_today(file), recommendations=list_recommendations(file)
    )
    if changes.is_empty:
        typer.echo("The area's own files say this already. Nothing to write.")
        return
    typer.echo(changes.diff)
    if not yes and not typer.confirm(f"Write it to {changes.names}?"):
        typer.echo("Nothing was written.")
        return
    apply_changes(changes)
    typer.echo(f"Written to {changes.names}.")


@app.command()
def compare(
    old: Annotated[Path, typer.Argument(help="The older version, CSV or XLSX.")],
    new: Annotated[Path, typer.Argument(help="The newer version, CSV or XLSX.")],
) -> None:
    """Say what was added, dropped and told otherwise between two versions of a plan."""
    from datetime import date

    from cip.framework.actions import compare_plans, describe_changes, read_actions

    # Reviews of both versions lie in the past, whichever day the report carries.
    today = date.max
    problems, versions = [], []
    for path in (old, new):
        try:
            versions.append(read_actions(path, today=today))
        except ParameterError as error:
            problems += error.problems
    if problems:
        raise ParameterError(problems)
    changes = compare_plans(*versions)
    for item in changes.itertuples():
        typer.echo(describe_change(item))
    typer.echo(describe_changes(changes))


def describe_change(item) -> str:
    """Return a row of `cip.framework.actions.compare_plans` as a line."""
    if not item.field:
        return f"{item.change}: {item.action_id} ({item.action})"
    before, after = item.before or "blank", item.after or "blank"
    return f"changed: {item.action_id}, {item.field}: {before} -> {after}"


def find_today(file: ParameterFile) -> date:
    """Return the date of the report, or else this day."""
    from datetime import date

    return file.params.report_date or date.today()


def list_recommendations(file: ParameterFile) -> list[str] | None:
    """Return the ids of the area's recommendations; None where it names no file of them."""
    from cip.summary.recommendations import read_citations

    path = file.resolve_input("recommendations")
    if path is None:
        return None
    return [str(one) for one in dict.fromkeys(read_citations(path)["citing_id"])]
