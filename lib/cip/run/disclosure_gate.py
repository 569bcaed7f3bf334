"""The last gate before a profile is published: no small number may follow from what is out already."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from cip.errors import CipError
from cip.params import ParameterFile
from cip.run.lock import AreaBusyError, lock_area
from cip.store import Store
from cip.tables import TableFolder

#: Name of the lock under which areas with protected counts are checked and published in turn.
GATE = "disclosure"
_WAIT_S = 0.05


@contextmanager
def pass_gate(file: ParameterFile, store: Store, made: Path, outputs: Path) -> Iterator[None]:
    """Publish inside the block, after checking the area against all that are published.

    Areas without protected products pass at once. Others pass one at a time, so that two that
    overlap and finish together are still checked against each other.

    Raises
    ------
    CipError
        If the area's figures, with those of others or of its previous run, give away a small
        number. Nothing is published then; the message tells no count.
    """
    if not file.params.protect:
        yield
        return
    with _hold_gate(outputs):
        problems = _check(file, store, made, outputs)
        if problems:
            raise CipError(problems)
        yield


@contextmanager
def _hold_gate(outputs: Path) -> Iterator[None]:
    while True:
        try:
            with lock_area(outputs, GATE):
                yield
                return
        except AreaBusyError:
            time.sleep(_WAIT_S)


def _check(file: ParameterFile, store: Store, made: Path, outputs: Path) -> list:
    from cip.protection import find_unsafe_overlaps

    area = file.params.id
    own = _read_members(made, area)
    if own is None or not _publishes(made, set(file.params.protect)):
        return []
    others = {}
    for folder in sorted(path for path in outputs.glob("*/") if path.name != area):
        members = _read_members(folder, folder.name)
        if members is not None and _publishes(folder, set(file.params.protect)):
            others[folder.name] = members
    previous = _read_members(outputs / area, area)
    return find_unsafe_overlaps(store, file.params.protect, own, others, previous)


def _read_members(folder: Path, area: str) -> pd.DataFrame | None:
    tables = TableFolder(folder / "tables")
    if "membership" not in tables.list_names():
        return None
    members = tables.read("membership")
    roles = tables.read("areas").set_index("area_code")["area_role"]
    # A ward that the area is compared with is shown like the area itself. Districts and counties
    # are far larger, and similar areas are weighted, so that no count can be taken from them.
    shown = roles.index[roles.isin(["profile", "place"])]
    return members[members["area_code"].isin(shown)]


def _publishes(folder: Path, products: set[str]) -> bool:
    tables = TableFolder(folder / "tables")
    if "indicators" not in tables.list_names():
        return False
    return bool(products & set(tables.read("indicators")["source_id"]))
