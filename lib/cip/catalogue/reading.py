"""The texts of the catalogue: one main file for each kind of fact, and one for each topic."""

from __future__ import annotations

from importlib import resources


def read_files(kind: str) -> dict[str, str]:
    """Return the text of ``<kind>.toml``, then of every ``<kind>_<topic>.toml``, by file name.

    A topic's file holds tables alone, so that the texts of one kind may be joined.
    """
    folder = resources.files("cip.catalogue")
    topics = sorted(
        entry.name
        for entry in folder.iterdir()
        if entry.name.startswith(f"{kind}_") and entry.name.endswith(".toml")
    )
    return {name: folder.joinpath(name).read_text("utf-8") for name in (f"{kind}.toml", *topics)}
