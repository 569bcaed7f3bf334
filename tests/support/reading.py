"""Reading invented files from a folder into a store beside it, as `cip fetch --from` does."""

from __future__ import annotations

from pathlib import Path

import pytest

from cip.errors import SourceError
from cip.sources.fetch import fetch_folder
from cip.store import Store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for the files."""
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def fetch(folder: Path) -> Store:
    """Return the store that the files of a folder make."""
    fetch_folder(folder, folder.parent / "store")
    return Store(folder.parent / "store")


def refuse(folder: Path) -> str:
    """Return the messages with which the files are refused; the store must be as it was."""
    store = folder.parent / "store"
    before = sorted(path.name for path in store.glob("*"))
    with pytest.raises(SourceError) as caught:
        fetch_folder(folder, store)
    assert sorted(path.name for path in store.glob("*")) == before
    return "\n".join(str(problem) for problem in caught.value.problems)
