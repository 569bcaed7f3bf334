"""``cip narrative`` and ``cip evidence``: drafts to edit, and what rests on a number.

Nothing heavy is imported here: the command line loads it for its help.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cip.errors import CipError, ParameterError, Problem, find_nearest

_PARAMS = typer.Argument(help="The area's parameter file.")


def narrative(
    params: Annotated[Path, _PARAMS],
    store: Annotated[str, typer.Option(help="Folder or address of the store.")] = "",
    outputs: Annotated[Path, typer.Option(help="Folder of finished profiles.")] = Path("outputs"),
) -> None:
    """Write each drafted finding that has no file yet as Markdown, to be edited."""
    from cip.evidence.ledger import read_parts
    from cip.params import load_params
    from cip.run.evidence_check import draft, gather_tables, open_tables
    from cip.run.task import make_task
    from cip.summary.drafts import write_drafts

    file = load_params(params)
    task = make_task(params, store_dir=store, outputs_dir=outputs)
    named = file.resolve_input("narrative")
    folder = named or params.parent / params.stem / "narrative"
    with gather_tables(task, file) as tables:
        drafts = draft(open_tables(task, tables), read_parts(tables))
    written = write_drafts(folder, drafts)
    for path in written:
        typer.echo(f"Wrote {path}")
    typer.echo(f"{len(written)} of {len(drafts)} findings had no file yet.")
    if named is None:
        place = f"{params.stem}/narrative"
        typer.echo(f"Name the folder in {params}, under inputs: narrative: {place}")


def evidence(
    area: Annotated[Path, typer.Argument(help="Folder of a finished profile: outputs/<area>.")],
    evidence_id: Annotated[
        str, typer.Argument(help="What to look up, such as data:social_rented; left out, all.")
    ] = "",
) -> None:
    """Say what rests on a piece of evidence, or list all that something rests on."""
    from cip.evidence.ledger import read_ledger

    ledger = read_ledger(area / "evidence.json")
    if ledger is None:
        message = "there is no ledger of evidence here; run the area first"
        raise CipError(Problem(message, file=area / "evidence.json"))
    entries = {entry["evidence_id"]: entry for entry in ledger["entries"]}
    if evidence_id and evidence_id not in entries:
        nearest = find_nearest(evidence_id, entries)
        message = "there is no such evidence in this profile"
        raise ParameterError(Problem(message, found=evidence_id, nearest=nearest))
    chosen = [entries[evidence_id]] if evidence_id else list(entries.values())
    for entry in chosen:
        if evidence_id or entry["cited_by"]:
            typer.echo(f"[{entry['evidence_id']}] {entry['statement']}")
            rests = ", ".join(entry["cited_by"]) or "nothing"
            typer.echo(f"    rests on it: {rests}")
