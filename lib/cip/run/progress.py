"""What a person sees while areas run: a live table, plain lines, or one JSON object a line."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from cip.catalogue.stages import load_stages
from cip.params import STAGES, ParameterFile
from cip.run.task import Reporter

#: What is shown for each status; the words under the table explain the signs.
_SIGNS = {
    "running": Text("▶ now", style="bold"),
    "done": Text("✓", style="green"),
    "failed": Text("✗ failed", style="bold red"),
    "unchanged": Text("= same", style="dim"),
}
_ENDED = {"done": "made", "unchanged": "unchanged", "failed": "failed", "not exported": "no report"}


@contextmanager
def show_progress(
    files: Sequence[ParameterFile], console: Console | None = None, *, as_json: bool = False
) -> Iterator[Reporter]:
    """Yield a function that shows each event ``(area_id, stage, status)`` as it comes.

    Parameters
    ----------
    files
        The areas of the batch.
    console
        Where to show it; left out, standard output.
    as_json
        Write each event as one JSON object a line, and nothing else.
    """
    console = console or Console()
    board = Board.set_up(files)
    if as_json:

        def write(area_id: str, stage: str, status: str) -> None:
            console.file.write(_write_event(board, area_id, stage, status))
            console.file.flush()  # whoever reads along sees each event as it happens

        yield write
    elif not console.is_terminal:
        yield lambda *event: console.print(
            _write_line(board, *event), highlight=False, markup=False, soft_wrap=True
        )
    else:
        with Live(
            get_renderable=lambda: draw_board(board, rows=console.height - 8),
            console=console,
            refresh_per_second=4,
        ):
            yield board.note


@dataclass
class Board:
    """Where every area of the batch stands.

    Parameters
    ----------
    titles
        Area id to its title, in the order of the call.
    steps
        Area id to its steps: the stages wanted, then the reports.
    marks
        (Area id, step) to the last status heard.
    ended
        Area id to how it ended.
    """

    titles: dict[str, str]
    steps: dict[str, list[str]]
    marks: dict[tuple[str, str], str] = field(default_factory=dict)
    ended: dict[str, str] = field(default_factory=dict)
    clock: Callable[[], float] = time.monotonic
    started: float = field(default_factory=time.monotonic)

    @classmethod
    def set_up(cls, files: Sequence[ParameterFile]) -> Board:
        """Return the board at the start of a batch."""
        return cls(
            {file.params.id: file.params.title for file in files},
            {file.params.id: [*file.params.stages, "reports"] for file in files},
        )

    def note(self, area_id: str, stage: str, status: str) -> None:
        """Take in one event."""
        if stage == "area":
            self.ended[area_id] = status
        else:
            self.marks[area_id, stage] = status

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return self.clock() - self.started

    def estimate_left(self) -> float | None:
        """Return the seconds left at the speed so far, or None before there is one.

        Steps are counted, not areas, so that a first figure comes before the first area ends;
        areas that were unchanged say nothing about speed.
        """
        worked = [a for a in self.titles if self.ended.get(a) != "unchanged"]
        total = sum(len(self.steps[a]) for a in worked)
        over = sum(self._count_over(a) for a in worked)
        return self.seconds * (total - over) / over if over else None

    def _count_over(self, area_id: str) -> int:
        if area_id in self.ended:
            return len(self.steps[area_id])
        marks = (self.marks.get((area_id, step), "running") for step in self.steps[area_id])
        return sum(mark != "running" for mark in marks)


def draw_board(board: Board, *, rows: int = 40) -> Table:
    """Return the live table: one row per area, what runs first where not all fit."""
    table = Table(caption=_write_caption(board), caption_justify="left", box=None, pad_edge=False)
    table.add_column("Area", no_wrap=True, max_width=30)
    for stage in STAGES:
        table.add_column(load_stages()[stage].title.split()[0], no_wrap=True)
    table.add_column("Reports", no_wrap=True)
    table.add_column("", no_wrap=True)
    shown = _choose_rows(board, max(rows, 3))
    for area_id in shown:
        cells = [
            _SIGNS.get(board.marks.get((area_id, step), ""), Text("·", style="dim"))
            for step in (*STAGES, "reports")
        ]
        end = board.ended.get(area_id)
        started = any(key[0] == area_id for key in board.marks)
        words = _ENDED.get(end, end) if end else ("" if started else "waiting")
        table.add_row(board.titles[area_id], *cells, words)
    return table


def _choose_rows(board: Board, rows: int) -> list[str]:
    """Return the areas to show, in the order of the call: running, failed, waiting, then ended."""

    def rank(area_id: str) -> int:
        end = board.ended.get(area_id)
        if end is None:
            return 0 if any(key[0] == area_id for key in board.marks) else 2
        return 3 if end in ("done", "unchanged") else 1

    chosen = set(sorted(board.titles, key=rank)[:rows])
    return [area_id for area_id in board.titles if area_id in chosen]


def _write_caption(board: Board) -> str:
    counts = Counter(board.ended.values())
    failed = sum(n for status, n in counts.items() if status not in ("done", "unchanged"))
    words = f"{len(board.ended)} of {len(board.titles)} areas ended"
    words += f", {failed} failed" if failed else ""
    left = board.estimate_left()
    if left is not None and len(board.ended) < len(board.titles):
        words += f"; about {write_duration(left)} left"
    return f"{words}; {write_duration(board.seconds)} so far"


def write_duration(seconds: float) -> str:
    """Return a length of time in words, as exact as a reader can use."""
    if seconds < 1.5:
        return "1 second"
    if seconds < 90:
        return f"{round(seconds)} seconds"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} minutes"
    return f"{seconds / 3600:.1f} hours"


def _write_line(board: Board, area_id: str, stage: str, status: str) -> str:
    board.note(area_id, stage, status)
    if stage != "area":
        return f"{area_id}: {stage} {status}"
    left = board.estimate_left()
    count = f"{len(board.ended)} of {len(board.titles)}"
    is_last = len(board.ended) == len(board.titles)
    more = f", about {write_duration(left)} left" if left and not is_last else ""
    return f"{area_id}: {_ENDED.get(status, status)} ({count}{more})"


def _write_event(board: Board, area_id: str, stage: str, status: str) -> str:
    board.note(area_id, stage, status)
    event = {"area": area_id, "stage": stage, "status": status, "seconds": round(board.seconds, 2)}
    return json.dumps(event, ensure_ascii=False) + "\n"
