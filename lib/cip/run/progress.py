"""What a person sees while areas run: a live bar per area, or plain lines where there is no terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cip.params import ParameterFile
from cip.run.area import Reporter


@contextmanager
def show_progress(
    files: Sequence[ParameterFile], console: Console | None = None
) -> Iterator[Reporter]:
    """Yield a function that shows each event ``(area_id, stage, status)`` as it comes."""
    console = console or Console()
    if not console.is_terminal:
        yield lambda area_id, stage, status: console.print(
            f"{area_id}: {stage} {status}", highlight=False, soft_wrap=True
        )
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[doing]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        # One step a notebook and one for the reports.
        bars = {
            file.params.id: progress.add_task(
                file.params.title, total=len(file.params.stages) + 1, doing="waiting", start=False
            )
            for file in files
        }

        def show(area_id: str, stage: str, status: str) -> None:
            bar = bars.get(area_id)
            if bar is None:
                return
            progress.start_task(bar)
            if stage == "area":
                progress.update(bar, doing=status)
                progress.stop_task(bar)
            elif status == "running":
                progress.update(bar, doing=stage.replace("_", " "))
            else:
                progress.update(bar, advance=1)

        yield show
