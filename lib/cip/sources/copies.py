"""The good copies of downloaded files: kept with their date until a newer one has proved itself."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import BaseModel, ConfigDict, ValidationError

from cip.catalogue.downloads import Download
from cip.catalogue.offers import Offer
from cip.errors import Problem, SourceError
from cip.sources.saving import Saved, Version
from cip.store import hash_file

LEDGER_NAME = "downloads.json"


class Record(BaseModel):
    """What is known of one good copy."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    product: str
    address: str
    sha256: str
    bytes: int
    downloaded_at: str
    checked_at: str
    etag: str = ""
    last_modified: str = ""
    headings: list[str] = []
    publisher: str
    licence: str
    attribution: str

    @property
    def version(self) -> Version:
        """What the publisher's server said of the version."""
        return Version(self.etag, self.last_modified)


class Ledger(BaseModel):
    """Every good copy of a folder, by file name."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    copies: dict[str, Record] = {}


@dataclass
class Copy:
    """One download on its way: the good copy, and what has come from the publisher.

    ``saved`` is None while nothing new has been accepted.
    """

    offer: Offer
    download: Download
    file_name: str
    good: Path
    new: Path
    saved: Saved | None = None
    headings: Sequence[str] = ()

    @property
    def has_new(self) -> bool:
        """True when a new version has come that has not taken the place of the good copy yet."""
        return self.saved is not None and not self.saved.is_unchanged

    @property
    def in_use(self) -> Path:
        """The file to read."""
        return self.new if self.has_new else self.good


class CopyFolder:
    """A folder of good copies, with a ledger of what they are.

    Parameters
    ----------
    root
        The folder; made when it is not there.
    """

    def __init__(self, root: Path):
        self.root = root
        self._records = _read_ledger(root / LEDGER_NAME).copies

    def start(self, offer: Offer, download: Download, areas: Sequence[str]) -> Copy:
        """Return the copy of a download; one for chosen areas has their codes in its name."""
        name = download.file_name
        if areas and download.for_areas:
            codes = "_".join(sorted(areas))
            mark = codes if len(codes) <= 40 else sha256(codes.encode()).hexdigest()[:12]
            stem, dot, ending = name.partition(".")
            name = f"{stem}-{mark}{dot}{ending}"
        incoming = self.root / ".new"
        incoming.mkdir(parents=True, exist_ok=True)
        return Copy(offer, download, name, self.root / name, incoming / name)

    def find_record(self, copy: Copy) -> Record | None:
        """Return what is known of the good copy; None when it is not there or has been changed."""
        record = self._records.get(copy.file_name)
        if record is None or not copy.good.is_file() or hash_file(copy.good) != record.sha256:
            return None
        return record

    def find_day(self, copy: Copy) -> str:
        """Return the day on which the good copy was downloaded, as far as that is known."""
        record = self.find_record(copy)
        if record is not None:
            return record.downloaded_at[:10]
        return datetime.fromtimestamp(copy.good.stat().st_mtime, UTC).date().isoformat()

    def keep(self, copies: Iterable[Copy]) -> None:
        """Let new versions take the places of the good copies, and write the ledger."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        for copy in copies:
            if copy.saved is None:
                continue
            if copy.has_new:
                self._records[copy.file_name] = _describe(copy, copy.saved, now)
                copy.new.replace(copy.good)
                for stale in self._name_rejected(copy):
                    stale.unlink(missing_ok=True)
            elif copy.file_name in self._records:
                known = self._records[copy.file_name]
                self._records[copy.file_name] = known.model_copy(update={"checked_at": now})
        self._write()

    def reject(self, copy: Copy, problems: Sequence[Problem]) -> Path:
        """Put a new version aside, with a text that says why, and go back to the good copy."""
        aside, reason = self._name_rejected(copy)
        copy.new.replace(aside)
        lines = [f"Rejected {datetime.now(UTC):%Y-%m-%d}", *map(str, problems)]
        reason.write_text("\n".join(lines) + "\n", encoding="utf-8")
        copy.saved = None
        return aside

    def tidy(self) -> None:
        """Remove the folder of incoming files, unless a part of one waits to be taken up again."""
        incoming = self.root / ".new"
        if incoming.is_dir() and not any(incoming.iterdir()):
            incoming.rmdir()

    def _name_rejected(self, copy: Copy) -> tuple[Path, Path]:
        aside = copy.good.with_name(f"{copy.file_name}.rejected")
        return aside, aside.with_name(f"{aside.name}.txt")

    def _write(self) -> None:
        text = Ledger(copies=dict(sorted(self._records.items()))).model_dump_json(indent=2)
        draft = self.root / f".{LEDGER_NAME}.new"
        draft.write_text(text + "\n", encoding="utf-8", newline="\n")
        draft.replace(self.root / LEDGER_NAME)

    @contextmanager
    def lay_out(self, copies: Iterable[Copy]) -> Iterator[Path]:
        """Give a folder that holds the files to read under their own names, and nothing else."""
        with TemporaryDirectory(dir=self.root, prefix=".reading-") as folder:
            for copy in copies:
                _link(copy.in_use, Path(folder) / copy.file_name)
            yield Path(folder)


def read_ledger(root: Path) -> Mapping[str, Record]:
    """Return what is known of the good copies in a folder, by file name."""
    return _read_ledger(root / LEDGER_NAME).copies


def _read_ledger(path: Path) -> Ledger:
    if not path.is_file():
        return Ledger()
    try:
        return Ledger.model_validate_json(path.read_text(encoding="utf-8"))
    except (ValidationError, UnicodeDecodeError) as error:
        raise SourceError(
            Problem("The list of downloads is damaged. Delete it and fetch again.", file=path)
        ) from error


def _describe(copy: Copy, saved: Saved, now: str) -> Record:
    source = copy.offer.source
    return Record(
        product=copy.offer.product_id,
        address=saved.address,
        sha256=saved.sha256,
        bytes=saved.size,
        downloaded_at=now,
        checked_at=now,
        etag=saved.version.etag,
        last_modified=saved.version.last_modified,
        headings=list(copy.headings),
        publisher=source.publisher,
        licence=source.licence,
        attribution=source.attribution,
    )


def _link(original: Path, name: Path) -> None:
    try:
        os.link(original, name)
    except OSError:  # a disk without hard links
        shutil.copy2(original, name)
