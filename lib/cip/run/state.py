"""What a run was made from, as digests: they decide which stages must be executed again.

Content alone decides. Times of files are not looked at, because clocks are moved back, folders
are copied and checkouts touch files that they do not change; reading an area's files whole costs
some hundredths of a second. Nothing heavy is imported here.
"""

from __future__ import annotations

import functools
import hashlib
import json
import platform
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import metadata, resources
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from cip.catalogue.stages import load_stages
from cip.param_models import Inputs
from cip.params import ParameterFile
from cip.run.record import RECORDED_PACKAGES
from cip.workspace import name_notebook
from cip.yaml_file import list_mapped_files

#: Raised whenever the meaning of what ``run.json`` holds changes; older records are not trusted.
RECORD_VERSION = 2

#: Parameters that no notebook's figures rest on: files by their content, not by their place; the
#: stages wanted; the date of the report.
_NOT_IN_STAGES = {"inputs", "stages", "report_date", "publication"}
#: Files that the area definition names: an input of the stages that list it.
AREA_FILES = "area_files"
#: The date of the report, where an input holds dates that are measured from it.
REPORT_DATE = "report_date"
_DATED_INPUTS = (
    "insight", "partners", "milestones", "assets", "walkabout", "open_referral", "engagement",
    "quotes", "case_studies", "recommendations", "publishing", "comments", "sign_off", "actions",
    "action_log", "grants", "outcomes", "kpis", "effects", "scoring",
)  # fmt: skip
#: The date of the report where the parameter file states it: registers are judged stale from it.
STATED_DATE = "stated_date"
#: Which version of the profile it is: an input of the stages that list it.
PUBLICATION = "publication"


def _check_inside(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError("a record may name only files of its own folder")
    return name


FileName = Annotated[str, AfterValidator(_check_inside)]


class FileState(BaseModel):
    """Content of one file of an area's folder."""

    model_config = ConfigDict(frozen=True)

    sha256: str
    bytes: int


class StageState(BaseModel):
    """What an earlier run recorded of one stage."""

    model_config = ConfigDict(frozen=True)

    stage: str
    seconds: float
    digest: str
    used: tuple[str, ...]
    files: tuple[FileName, ...]


class Earlier(BaseModel):
    """What an earlier, complete run recorded of an area."""

    model_config = ConfigDict(frozen=True)

    record_version: Literal[2]
    area: str
    title: str
    status: Literal["done"]
    stages: tuple[StageState, ...]
    reports: dict[str, Any]
    reports_digest: str
    files: dict[FileName, FileState]


@dataclass(frozen=True)
class Basis:
    """Everything from outside that an area's stages rest on, digested when the run starts.

    A file that changes while the run goes on is thus recorded as it was before, and the next run
    executes the stage again.

    Parameters
    ----------
    common
        Digest of what every stage rests on: parameters, code, packages.
    inputs
        Digest of each input of the parameter file; None where none is given.
    products
        Digest of each product in the store, by id.
    notebooks
        Digest of each stage's notebook.
    """

    common: str
    inputs: dict[str, str | None]
    products: dict[str, str]
    notebooks: dict[str, str | None]

    def digest_stage(self, stage: str, used: Iterable[str], before: Mapping[str, str]) -> str:
        """Return the digest of all that a stage rests on.

        Parameters
        ----------
        used
            Products that its notebook asked the store for, those that were absent included.
        before
            Digests of the stages before it.
        """
        entry = load_stages()[stage]
        return digest_values(
            {
                "common": self.common,
                "notebook": self.notebooks[stage],
                "inputs": {name: self.inputs[name] for name in entry.reads},
                "store": {product: self.products.get(product) for product in sorted(set(used))},
                "after": {name: before[name] for name in entry.after},
            }
        )

    def digest_reports(self, stages: Mapping[str, str], options: Mapping[str, Any]) -> str:
        """Return the digest of all that the reports rest on."""
        return digest_values({"stages": dict(stages), "options": dict(options)})


@dataclass(frozen=True)
class AreaState:
    """An area's folder as an earlier run left it, compared with what a run would rest on now."""

    basis: Basis
    earlier: Earlier | None = None
    damaged: frozenset[str] = field(default_factory=frozenset)

    def find_kept(self, stage: str, before: Mapping[str, str]) -> StageState | None:
        """Return the record of a stage whose result can be taken over, or None."""
        recorded = self.earlier.stages if self.earlier else ()
        state = next((s for s in recorded if s.stage == stage), None)
        if state is None or self.damaged.intersection(state.files):
            return None
        is_same = state.digest == self.basis.digest_stage(stage, state.used, before)
        return state if is_same else None

    def find_unchanged(
        self, stages: Collection[str], options: Mapping[str, Any]
    ) -> list[StageState] | None:
        """Return the stages' records if neither they nor the reports need anything, else None."""
        if self.earlier is None or self.damaged:
            return None
        if [s.stage for s in self.earlier.stages] != list(stages):
            return None
        digests: dict[str, str] = {}
        for stage in stages:
            kept = self.find_kept(stage, digests)
            if kept is None:
                return None
            digests[stage] = kept.digest
        is_same = self.earlier.reports_digest == self.basis.digest_reports(digests, options)
        return list(self.earlier.stages) if is_same else None


def take_basis(file: ParameterFile, store_dir: Path, notebooks_dir: Path) -> Basis:
    """Digest everything that the stages of an area rest on."""
    manifest = _read_json(store_dir / "manifest.json")
    common = {
        "parameters": file.params.model_dump(mode="json", exclude=_NOT_IN_STAGES),
        "code": digest_code(),
        "software": read_versions(),
        "is_synthetic": manifest.get("is_synthetic"),
    }
    return Basis(
        common=digest_values(common),
        inputs={name: _digest_named(name, file) for name in Inputs.model_fields}
        | {
            AREA_FILES: _digest_area_files(file),
            REPORT_DATE: _find_date(file),
            STATED_DATE: _find_stated_date(file),
            PUBLICATION: digest_values(file.params.publication.model_dump(mode="json")),
        },
        products={
            product: _digest_product(entry)
            for product, entry in manifest.get("products", {}).items()
        },
        notebooks={
            stage: digest_path(notebooks_dir / name_notebook(stage)) for stage in file.params.stages
        },
    )


def read_state(basis: Basis, folder: Path) -> AreaState:
    """Read what an earlier run left in an area's folder; a record that is in doubt counts as none."""
    try:
        earlier = Earlier.model_validate(_read_json(folder / "run.json"))
    except ValidationError:
        return AreaState(basis)
    if earlier.area != folder.name:
        return AreaState(basis)
    return AreaState(basis, earlier, frozenset(find_damage(folder, earlier.files)))


def find_damage(folder: Path, files: Mapping[str, FileState]) -> set[str]:
    """Return the files that are gone or whose content is not what was recorded."""
    return {name for name, state in files.items() if not _matches(folder / name, state)}


def list_files_of(folder: Path) -> dict[str, FileState]:
    """Return the content of every file below a folder, by path relative to it."""
    return {
        path.relative_to(folder).as_posix(): FileState(
            sha256=_hash_file(path), bytes=path.stat().st_size
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@functools.cache
def digest_code() -> str:
    """Return the digest of the installed workbook: sources, catalogue, templates. Once a process."""
    root = Path(str(resources.files("cip")))
    paths = (p for p in root.rglob("*") if p.is_file() and p.suffix not in {".pyc", ".pyo"})
    return digest_values({p.relative_to(root).as_posix(): _hash_file(p) for p in paths})


@functools.cache
def read_versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that shape a report. Once a process."""
    versions = {"python": platform.python_version()}
    for name in RECORDED_PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = "not installed"
    return versions


def digest_path(path: Path) -> str | None:
    """Return the digest of a file, or of all files in a folder; None where there is nothing."""
    if path.is_dir():
        return digest_values({n: s.sha256 for n, s in list_files_of(path).items()})
    return _hash_file(path) if path.is_file() else None


def digest_values(values: Any) -> str:
    """Return the sha256 of plain values, whatever the order of their keys."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _digest_named(name: str, file: ParameterFile) -> str | None:
    """Return the digest of an input, and of the files that it names in its turn."""
    path = file.resolve_input(name)
    digest = _digest_input(path)
    if path is None or name not in Inputs.MAPPINGS:
        return digest
    return digest_values(
        [digest, *(_digest_input(path.parent / n) for n in list_mapped_files(path))]
    )


def _digest_input(path: Path | None) -> str | None:
    # The name counts with the content, because chapters name the file that they rest on.
    return None if path is None else digest_values([path.name, digest_path(path)])


def _digest_area_files(file: ParameterFile) -> str | None:
    files = [_digest_input(path) for _, path in file.list_area_files()]
    return digest_values(files) if files else None


def _find_date(file: ParameterFile) -> str | None:
    if not any(file.resolve_input(name) for name in _DATED_INPUTS):
        return None
    return (file.params.report_date or date.today()).isoformat()


def _find_stated_date(file: ParameterFile) -> str | None:
    stated = file.params.report_date
    return None if stated is None else stated.isoformat()


def _digest_product(entry: Mapping[str, Any]) -> str:
    # Period and licence count with the table, because source lines say them; the day of fetching
    # does not, because fetching the same file again changes nothing that a report shows.
    return digest_values({key: value for key, value in entry.items() if key != "fetched_at"})


def _matches(path: Path, state: FileState) -> bool:
    try:
        return path.stat().st_size == state.bytes and _hash_file(path) == state.sha256
    except OSError:
        return False


def _hash_file(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _read_json(path: Path) -> dict[str, Any]:
    """Return a JSON object; what is absent or damaged gives an empty one, which matches nothing.

    A damaged manifest is told by the store itself when the first stage asks it for a table.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}
