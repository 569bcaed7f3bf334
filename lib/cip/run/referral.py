"""``cip referral``: services in the form of Open Referral UK, checked and written.

Nothing heavy is imported here: the command line loads it for its help.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cip.errors import ParameterError

if TYPE_CHECKING:
    import pandas as pd

app = typer.Typer(
    name="referral",
    help="Exchange services with directories in the form of Open Referral UK (HSDS-UK 3).",
    no_args_is_help=True,
)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="JSON: one service, a list or a page of them.")],
) -> None:
    """Say where a file of services differs from the form; what it holds is never repeated."""
    from dataclasses import replace

    from cip.assets.open_referral import validate_services
    from cip.assets.open_referral.check import list_services, read_document

    document = read_document(file)
    problems = validate_services(document)
    if problems:
        raise ParameterError([replace(problem, file=file) for problem in problems])
    number = len(list_services(document))
    typer.echo(f"{number:,} {'service fits' if number == 1 else 'services fit'} the form.")


@app.command()
def export(
    params: Annotated[Path, typer.Argument(help="Parameter file of an area that has been run.")],
    outputs: Annotated[
        Path, typer.Option("--outputs", help="Folder that the profiles went to.")
    ] = Path("outputs"),
    to: Annotated[
        Path | None,
        typer.Option(help="File to write.", show_default="<outputs>/<area>/open-referral.json"),
    ] = None,
    own_only: Annotated[
        bool,
        typer.Option("--own-only", help="Leave out publishers' registers and OpenStreetMap."),
    ] = False,
) -> None:
    """Write an area's soft assets and services for a directory."""
    from cip.assets.open_referral import export_services, write_services
    from cip.params import load_params
    from cip.tables import TableFolder

    area = load_params(params).params
    tables = TableFolder(outputs / area.id / "tables")
    page = export_services(
        tables.read("assets"),
        area_id=area.id,
        organisation=area.organisation.name,
        town=area.title,
        county=find_county(tables.read("areas")),
        is_own_only=own_only,
    )
    target = write_services(to or outputs / area.id / "open-referral.json", page)
    typer.echo(f"Wrote {len(page['contents']):,} services to {target}.")


def find_county(areas: pd.DataFrame) -> str:
    """Return the name of the county that an area is compared with, else of its district, else "".

    Parameters
    ----------
    areas
        The hand-over table ``areas``.
    """
    names = areas.set_index("area_role")["area_name"]
    return next((str(names[role]) for role in ("county", "district") if role in names.index), "")
