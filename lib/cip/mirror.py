"""Local copies of a store or of parameter files that live at an address such as ``s3://…``.

Everything else works on files. What lives elsewhere is copied once into the user's cache folder,
and again only as far as it has changed. Addresses are read with fsspec; each kind needs the
package that fsspec names for it, such as ``s3fs``.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from cip.errors import ParameterError, Problem, SourceError
from cip.param_models import AreaDefinition, Inputs
from cip.yaml_file import list_mapped_files, read_yaml

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

#: Where copies are kept; left out, the user's cache folder.
CACHE_VARIABLE = "CIP_CACHE"
_ADDRESS_FILE = ".address"


def is_address(text: object) -> bool:
    """Return whether a text is an address rather than a path."""
    return "://" in str(text)


def find_address(path: Path) -> str:
    """Return the address that a copy was made of, or "" where the path is no copy."""
    marker = path.parent / _ADDRESS_FILE
    return f"{marker.read_text(encoding='utf-8')}/{path.name}" if marker.exists() else ""


def mirror_store(address: str) -> Path:
    """Copy a store from an address, as far as the copy is not there already.

    Raises
    ------
    SourceError
        If the address cannot be read, holds no store, or a table does not arrive whole.
    """
    try:
        files, root = _open(address)
        manifest = files.cat_file(f"{root}/manifest.json")
        products = json.loads(manifest)["products"]
    except (ImportError, OSError, ValueError, KeyError) as error:
        raise SourceError(
            Problem("there is no store at this address", file=address, found=_word(error))
        ) from error
    folder = _make_folder(address)
    for product, entry in products.items():
        name, expected = f"{product}.parquet", entry["sha256"]
        if _digest(folder / name) != expected:
            try:
                _copy(files, f"{root}/{name}", folder / name)
            except OSError as error:
                problem = Problem("this table cannot be read", file=f"{address}/{name}")
                raise SourceError(problem) from error
        if _digest(folder / name) != expected:
            message = f"the table '{product}' differs from the store's list; fetch the store again"
            raise SourceError(Problem(message, file=f"{address}/{name}"))
    # Last: a copy that was interrupted has the old list, or none.
    _write(folder / "manifest.json", manifest)
    return folder


def mirror_params(address: str) -> Path:
    """Copy a parameter file, and the files that it names, from an address.

    Raises
    ------
    ParameterError
        If there is no such file, or it names a file outside its own folder.
    """
    parent, _, name = address.rpartition("/")
    try:
        files, root = _open(parent)
        text = files.cat_file(f"{root}/{name}")
    except (ImportError, OSError, ValueError) as error:
        problem = Problem("there is no such parameter file", file=address, found=_word(error))
        raise ParameterError(problem) from error
    folder = _make_folder(parent)
    _write(folder / name, text)
    raw = read_yaml(folder / name)
    _mirror_named(files, root, folder, list(_list_named(raw)), address)
    # A survey's mapping file is there now; what it names lies beside it.
    _mirror_named(files, root, folder, list(_list_mapped(raw, folder)), address)
    return folder / name


def _mirror_named(
    files: AbstractFileSystem, root: str, folder: Path, named: list[str], address: str
) -> None:
    for value in named:
        if PurePosixPath(value).is_absolute() or ".." in PurePosixPath(value).parts:
            raise ParameterError(
                Problem(
                    "a parameter file at an address can name only files below its own folder",
                    file=address,
                    found=value,
                )
            )
        # One that is not there is told, with its line, when the parameter file is checked.
        if files.isdir(f"{root}/{value}"):
            for path in files.find(f"{root}/{value}"):
                _copy(files, path, folder / value / path.partition(f"/{value}/")[2])
        elif files.exists(f"{root}/{value}"):
            _copy(files, f"{root}/{value}", folder / value)


def _list_mapped(raw: Any, folder: Path) -> Iterator[str]:
    """Yield the files that mapping files name, relative to the parameter file."""
    inputs = raw.get("inputs")
    for name in Inputs.MAPPINGS if isinstance(inputs, dict) else ():
        mapping = inputs.get(name)
        if mapping and (folder / str(mapping)).is_file():
            below = PurePosixPath(str(mapping)).parent
            yield from (str(below / n) for n in list_mapped_files(folder / str(mapping)))


def _list_named(raw: Any) -> Iterator[str]:
    """Yield the paths that a parameter file names, whether or not the rest of it is right."""
    inputs = raw.get("inputs")
    if isinstance(inputs, dict):
        yield from (str(v) for k, v in inputs.items() if k in Inputs.model_fields and v)
    area = raw.get("area")
    for places in (area, area.get("exclude")) if isinstance(area, dict) else ():
        if isinstance(places, dict):
            for key in AreaDefinition.FILE_KEYS:
                yield from map(str, places.get(key) or ())


def _open(address: str) -> tuple[AbstractFileSystem, str]:
    from fsspec.core import url_to_fs

    files, root = url_to_fs(address)
    return files, root.rstrip("/")


def _make_folder(address: str) -> Path:
    named = os.environ.get(CACHE_VARIABLE)
    if named:
        cache = Path(named)
    else:
        from platformdirs import user_cache_path

        cache = user_cache_path("cip", appauthor=False)
    address = address.rstrip("/")
    folder = cache / "mirrors" / hashlib.sha256(address.encode()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / _ADDRESS_FILE, address.encode())
    return folder


def _copy(files: AbstractFileSystem, source: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    try:
        files.get_file(source, str(partial))
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; several workers may do so at one moment."""
    if path.exists() and path.read_bytes() == content:
        return
    partial = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    partial.write_bytes(content)
    partial.replace(path)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def _word(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
