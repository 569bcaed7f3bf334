"""The record of a run: everything needed to tell what a report was made from."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cip.params import ParameterFile

if TYPE_CHECKING:
    from cip.store import Store

#: Packages whose version can change a figure, a picture or a page.
RECORDED_PACKAGES = (
    "cip-workbook", "numpy", "pandas", "scipy", "geopandas", "shapely", "pyarrow", "matplotlib",
    "seaborn", "folium", "papermill", "nbconvert", "nbclient", "weasyprint",
)  # fmt: skip


def describe_parameters(file: ParameterFile) -> dict[str, Any]:
    """Return the parameters as they were understood, defaults included, and the file's digest."""
    return {
        "file": file.path.name,
        "sha256": hashlib.sha256(file.path.read_bytes()).hexdigest(),
        "values": file.params.model_dump(mode="json"),
    }


def describe_store(store: Store, products: Iterable[str] | None = None) -> dict[str, Any]:
    """Return the digest, vintage and source files of each product of the store."""
    described = {}
    for product in sorted(products if products is not None else store.products()):
        entry = store.entry(product)
        described[product] = {
            "table_sha256": entry.sha256,
            "period": entry.period,
            "geography": entry.geography,
            "licence": entry.licence,
            "files": [{"name": f.name, "sha256": f.sha256} for f in entry.files],
        }
    return described


def describe_software() -> dict[str, Any]:
    """Return versions of Python and of the packages that shape a report, and the code's commit."""
    versions = {}
    for name in RECORDED_PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = "not installed"
    return {"python": platform.python_version(), "packages": versions, "commit": read_commit()}


def read_commit() -> str:
    """Return the git commit of the code, marked if there are changes, or say that there is none."""
    here = Path(__file__).parent
    try:
        commit = _ask_git(here, "rev-parse", "HEAD")
        changed = _ask_git(here, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError):
        return "not a git checkout"
    return f"{commit} with uncommitted changes" if changed else commit


def write_record(path: Path, record: dict[str, Any]) -> None:
    """Write ``run.json``, whole or not at all, stamped with the time at which the run ended."""
    record = {**record, "finished_at": datetime.now(UTC).isoformat(timespec="seconds")}
    partial = path.with_suffix(f".{os.getpid()}.tmp")
    partial.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.replace(path)


def _ask_git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", *words], cwd=folder, capture_output=True, text=True, check=True, timeout=20
    )
    return done.stdout.strip()
