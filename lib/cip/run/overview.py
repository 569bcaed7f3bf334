"""The list of areas in ``outputs/index.html``, read from each area's own record."""

from __future__ import annotations

import json
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any


class Overview:
    """Keeps ``outputs/index.html`` up to date while areas finish.

    Parameters
    ----------
    outputs
        The outputs folder.
    pause_s
        Shortest time between two writings: with many areas each one reads many records.
    """

    def __init__(self, outputs: Path, *, pause_s: float = 2.0):
        self.outputs = outputs
        self.unchanged: set[str] = set()
        self._pause_s = pause_s
        self._written = float("-inf")

    def note(self, area_id: str, status: str) -> None:
        """Take in how an area ended, and write the list unless it has just been written."""
        if status == "unchanged":
            self.unchanged.add(area_id)
        elif time.monotonic() - self._written >= self._pause_s:
            self.write()

    def exists(self) -> bool:
        """Return whether the list has been written, now or by an earlier call."""
        return (self.outputs / "index.html").exists()

    def write(self) -> None:
        """Write the list now, if there is an outputs folder at all."""
        if self.outputs.is_dir():
            write_overview(self.outputs, unchanged=self.unchanged)
            self._written = time.monotonic()


def write_overview(outputs: Path, *, unchanged: Collection[str] = ()) -> Path:
    """Write the list of all areas in the folder, those of earlier runs included."""
    # Heavy, and not needed by a call that finds nothing changed.
    from cip.report.index import write_index

    entries = [read_area(folder) for folder in sorted(outputs.iterdir())]
    areas = [entry for entry in entries if entry is not None]
    for entry in areas:
        if entry["id"] in unchanged and entry["status"] == "ok":
            entry["status"] = "unchanged"
    together = [
        {"label": f"Areas side by side ({kind.upper()})", "path": f"comparison.{kind}"}
        for kind in ("html", "pdf")
        if (outputs / f"comparison.{kind}").exists()
    ]
    return write_index(outputs, areas, together=together)


def read_area(folder: Path) -> dict[str, Any] | None:
    """Return what the list says of one area: its last complete run, and a failed attempt if any."""
    if folder.name.startswith(".") or not folder.is_dir():
        return None
    from cip.run.publish import list_files

    complete, failed = _read_record(folder), _read_record(folder / "failed")
    record = complete or failed
    if record is None:
        return None
    listed = list_files(complete["reports"], below=f"{folder.name}/") if complete else {}
    message = f"The last run failed: {failed['message']}" if failed else ""
    return {
        "id": folder.name,
        "title": record["title"],
        "status": "ok" if complete else "failed",
        "message": message.splitlines()[0] if message else "",
        "is_synthetic": record["is_synthetic"],
        "files": _list_entry_points(folder.name, listed),
    }


def _list_entry_points(
    area_id: str, listed: dict[str, list[dict[str, str]]]
) -> list[dict[str, str]]:
    """Return the reports, and one link to the area's own page for everything else."""
    if not listed:
        return []
    return [*listed.get("Reports", []), {"label": "All files", "path": f"{area_id}/index.html"}]


def _read_record(folder: Path) -> dict[str, Any] | None:
    path = folder / "run.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):  # or its folder is being swapped just now
        return None
