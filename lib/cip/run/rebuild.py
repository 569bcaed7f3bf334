"""What a final version was made from, so that it can be made again to the same bytes.

``final.json`` holds no time and no place: a rebuild from the same things writes the same record.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from cip.errors import ParameterError, Problem
from cip.param_models import Inputs
from cip.params import ParameterFile
from cip.run.record import RECORDED_PACKAGES
from cip.run.state import digest_code, digest_path, digest_values, list_files_of, read_versions
from cip.yaml_file import list_mapped_files

if TYPE_CHECKING:
    from cip.store import Store

NAME = "final.json"
#: What readers receive, besides the ledger of evidence.
_PUBLISHED = ("reports", "downloads")
_LEDGER = "evidence.json"
#: Packages that write a report's files, besides those that a run records anyway.
_WRITERS = ("jinja2", "lxml", "markdown-it-py", "pyogrio", "python-docx", "xlsxwriter")


class FinalRecord(BaseModel):
    """What ``final.json`` holds; digests are sha256.

    Parameters
    ----------
    parameters
        Digest of the parameters as they were understood.
    inputs
        Digest of each file of the community's own, by its path from the parameter file's folder.
    store
        Digest of each table that a chapter asked for; None for one that was not there.
    software, code, pdf_engine
        Versions of Python and packages, digest of the installed workbook, and what printed.
    files
        Digest of each file that readers receive, by its path in the area's folder.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    record_version: Literal[1] = 1
    area: str
    version: str
    report_date: str
    parameters: str
    inputs: dict[str, str]
    store: dict[str, str | None]
    software: dict[str, str]
    code: str
    pdf_engine: str
    files: dict[str, str]


def finish_final(
    file: ParameterFile, store: Store, folder: Path, *, used: Collection[str], pdf_engine: str
) -> Path:
    """Check the finished pages and PDFs of a final version, and record what it was made from.

    Parameters
    ----------
    file
        The parameter file, whose status is final.
    folder
        The area's folder with everything that readers receive.
    used
        Products that its chapters asked the store for, those that were not there included.
    pdf_engine
        What printed the PDFs.

    Returns
    -------
    Path
        The record, ``final.json``.

    Raises
    ------
    ParameterError
        If a page or a PDF does not pass, or the parameter file has no date.
    """
    from cip.report.publication_checks import check_files

    problems = [problem for result in check_files(folder) for problem in result.problems]
    if file.params.report_date is None:
        message = "a final version needs a date, from which it can be built again"
        problems.append(Problem(message, file=file.path, expected="report_date:"))
    if problems:
        raise ParameterError(problems)
    record = _describe(file, store, folder, used, pdf_engine)
    path = folder / NAME
    text = json.dumps(record.model_dump(), indent=2, ensure_ascii=False, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    return path


def _describe(
    file: ParameterFile, store: Store, folder: Path, used: Collection[str], pdf_engine: str
) -> FinalRecord:
    params = file.params
    return FinalRecord(
        area=params.id,
        version=params.publication.version,
        report_date=str(params.report_date),
        parameters=_digest_parameters(file),
        inputs=_digest_inputs(file),
        store=_digest_store(store, used),
        software=list_software(),
        code=digest_code(),
        pdf_engine=pdf_engine,
        files=_digest_files(folder),
    )


def verify_final(file: ParameterFile, store: Store, folder: Path) -> list[Problem]:
    """Return every way in which a final version can no longer be made again, or was altered.

    Parameters
    ----------
    file
        The parameter file as it is now.
    store
        The store as it is now.
    folder
        The area's folder with ``final.json``.

    Returns
    -------
    list of Problem
        None if the inputs, the store's tables, the software and the files are those of the record.
        What printed the PDFs is known only once it has printed; it is recorded for the reader.
    """
    try:
        record = read_final(folder)
    except ParameterError as error:
        return list(error.problems)
    parameters = {file.path.name: record.parameters}, {file.path.name: _digest_parameters(file)}
    return [
        *_compare("the parameter file", *parameters),
        *_compare("the input", record.inputs, _digest_inputs(file)),
        *_compare("the store's table", record.store, _digest_store(store, record.store)),
        *_compare_versions(record.software, list_software()),
        *_compare("the code of", {"the workbook": record.code}, {"the workbook": digest_code()}),
        *(replace(p, file=name) for name, p in _compare_files(record.files, folder)),
    ]


def read_final(folder: Path) -> FinalRecord:
    """Return the record of a final version.

    Raises
    ------
    ParameterError
        If the area's folder holds none, or one that cannot be read.
    """
    try:
        return FinalRecord.model_validate_json((folder / NAME).read_bytes())
    except FileNotFoundError:
        raise ParameterError(Problem("there is no record of a final version", file=NAME)) from None
    except (OSError, ValidationError):
        message = "the record of the final version cannot be read"
        raise ParameterError(Problem(message, file=NAME)) from None


def list_software() -> dict[str, str]:
    """Return the versions of Python and of every package that shapes a published file."""
    versions = dict(read_versions())
    for name in _WRITERS:
        if name not in RECORDED_PACKAGES:
            versions[name] = metadata.version(name)
    return dict(sorted(versions.items()))


def _compare(
    what: str, then: Mapping[str, str | None], now: Mapping[str, str | None]
) -> Iterator[Problem]:
    for name in sorted({*then, *now}):
        was, held = then.get(name), now.get(name)
        if was == held:
            continue
        if held is None:
            yield Problem(f"{what} '{name}' is gone since the final version was made")
        elif was is None:
            yield Problem(f"{what} '{name}' was not there when the final version was made")
        else:
            yield Problem(f"{what} '{name}' has changed since the final version was made")


def _compare_versions(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Problem]:
    for name in sorted({*then, *now}):
        was, held = then.get(name, "not recorded"), now.get(name, "not installed")
        if was != held:
            message = f"another version of {name} than the final version was made with"
            yield Problem(message, found=held, expected=was)


def _compare_files(then: Mapping[str, str], folder: Path) -> Iterator[tuple[str, Problem]]:
    now = _digest_files(folder)
    for name in sorted({*then, *now}):
        if name not in now:
            yield name, Problem("this file of the final version is gone")
        elif name not in then:
            yield name, Problem("this file is not one of the final version")
        elif then[name] != now[name]:
            yield name, Problem("this file no longer has the bytes of the final version")


def _digest_parameters(file: ParameterFile) -> str:
    return digest_values(file.params.model_dump(mode="json"))


def _digest_inputs(file: ParameterFile) -> dict[str, str]:
    """Return the digest of every file that the parameter file names, directly or through another."""
    base = file.path.parent
    named = {
        os.path.relpath(path, base).replace(os.sep, "/"): digest_path(path)
        for path in _list_inputs(file)
    }
    return {name: digest for name, digest in sorted(named.items()) if digest is not None}


def _list_inputs(file: ParameterFile) -> Iterator[Path]:
    yield from (path for _, path in file.list_area_files())
    for name in Inputs.model_fields:
        path = file.resolve_input(name)
        if path is None:
            continue
        if path.is_dir():
            yield from (inner for inner in sorted(path.rglob("*")) if inner.is_file())
            continue
        yield path
        if name in Inputs.MAPPINGS:
            yield from (path.parent / mapped for mapped in list_mapped_files(path))


def _digest_store(store: Store, products: Collection[str]) -> dict[str, str | None]:
    return {
        product: digest_path(store.path(product)) if store.has(product) else None
        for product in sorted(set(products))
    }


def _digest_files(folder: Path) -> dict[str, str]:
    found = {}
    for part in _PUBLISHED:
        if (folder / part).is_dir():
            states = list_files_of(folder / part)
            found |= {f"{part}/{name}": state.sha256 for name, state in states.items()}
    ledger = digest_path(folder / _LEDGER)
    return found if ledger is None else {**found, _LEDGER: ledger}
