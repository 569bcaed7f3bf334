"""Office files that come out byte for byte the same."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import date
from pathlib import Path

_FIRST = "[Content_Types].xml"
_OLDEST_YEAR = 1980  # a zip file knows no earlier one


def fix_package(content: bytes, day: date) -> bytes:
    """Return an Office file whose parts are in a fixed order and carry the document's date."""
    stamp = (max(day.year, _OLDEST_YEAR), day.month, day.day, 0, 0, 0)
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in sorted(old.namelist(), key=lambda name: (name != _FIRST, name)):
            entry = zipfile.ZipInfo(name, date_time=stamp)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            new.writestr(entry, old.read(name))
    return buffer.getvalue()


def write_whole(content: bytes, path: Path) -> Path:
    """Write a file whole or not at all; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path
