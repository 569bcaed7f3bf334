"""The list of areas in ``outputs/index.html``, read from each area's own record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cip.report.index import write_index
from cip.run.publish import list_files


def write_overview(outputs: Path) -> Path:
    """Write the list of all areas in the folder, those of earlier runs included."""
    areas = [entry for folder in sorted(outputs.iterdir()) if (entry := read_area(folder))]
    return write_index(outputs, areas)


def read_area(folder: Path) -> dict[str, Any] | None:
    """Return what the list says of one area: its last complete run, and a failed attempt if any."""
    if folder.name.startswith(".") or not folder.is_dir():
        return None
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
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
