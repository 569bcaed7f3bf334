"""Opening files: plain, gzip, zip, workbooks and GeoJSON, all as tables of text cells.

Only the head of a file is read to recognise it. Nothing is ever unpacked to disk.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from cip.errors import Problem, SourceError

HEAD_BYTES = 256 * 1024
HEAD_ROWS = 40
MAX_BYTES = 1_500_000_000
MAX_ZIP_MEMBERS = 2000
#: Parts of a Shapefile, which are read with the .shp that they lie beside.
SHAPEFILE_PARTS = {".dbf", ".shx", ".prj", ".cpg", ".qix", ".sbn", ".sbx"}


@dataclass(frozen=True)
class RawFile:
    """One file, or one member of a zip archive.

    Parameters
    ----------
    path
        Where the bytes are.
    name
        How the file is named to the user and in the manifest (relative, with forward slashes).
    member
        Name inside a zip archive, or None.
    """

    path: Path
    name: str
    member: str | None = None
    cache: dict[str, object] = field(default_factory=dict, compare=False, repr=False)

    def read_head(self) -> bytes:
        """Return the first part of the (uncompressed) content; of a damaged file, what there is."""
        chunks: list[bytes] = []
        size = 0
        try:
            with self._open() as stream:
                while size < HEAD_BYTES and (chunk := stream.read(HEAD_BYTES - size)):
                    chunks.append(chunk)
                    size += len(chunk)
        except (EOFError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error):
            pass  # read_all reports the damage, once it is known that the file is one of ours
        return b"".join(chunks)

    def read_all(self, limit: int | None = None) -> bytes:
        """Return the whole (uncompressed) content.

        Raises
        ------
        SourceError
            When the file is cut short, damaged, or larger than the limit.
        """
        limit = MAX_BYTES if limit is None else limit
        try:
            with self._open() as stream:
                content = stream.read(limit + 1)
        except (EOFError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error) as error:
            raise SourceError(
                Problem(
                    "The file is cut short or damaged: it cannot be unpacked. Download it again.",
                    file=self.name,
                )
            ) from error
        if len(content) > limit:
            raise SourceError(
                Problem(
                    "The file is too large once unpacked.",
                    file=self.name,
                    found=f"more than {limit:,} bytes",
                )
            )
        return content

    def hash_content(self) -> tuple[str, int]:
        """Return the sha256 and the size in bytes of the file as it lies on disk."""
        with self.path.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
        return digest, self.path.stat().st_size

    def _open(self) -> BinaryIO:
        if self.member is not None:
            archive = zipfile.ZipFile(self.path)
            return _ZipMember(archive, self.member)  # type: ignore[return-value]
        if is_gzip(self.path):
            return gzip.open(self.path)  # type: ignore[return-value]
        return self.path.open("rb")


class _ZipMember(io.RawIOBase):
    """A member of an archive that closes the archive with itself."""

    def __init__(self, archive: zipfile.ZipFile, member: str):
        self._archive = archive
        self._stream = archive.open(member)

    def read(self, size: int = -1) -> bytes:
        return self._stream.read(size)

    def close(self) -> None:
        self._stream.close()
        self._archive.close()
        super().close()


def list_files(path: Path) -> Iterator[RawFile | Problem]:
    """Yield every file of a folder (or the one file), with the members of zip archives.

    Hidden files are left out. An archive that is damaged or unsafe gives a Problem.
    """
    if path.is_file():
        yield from _list_one(path, path.name)
        return
    for found in sorted(p for p in path.rglob("*") if p.is_file()):
        relative = found.relative_to(path)
        is_part = found.suffix.casefold() in SHAPEFILE_PARTS and found.with_suffix(".shp").is_file()
        if not is_part and not any(part.startswith(".") for part in relative.parts):
            yield from _list_one(found, relative.as_posix())


def _list_one(path: Path, name: str) -> Iterator[RawFile | Problem]:
    with path.open("rb") as handle:
        start = handle.read(4)
    named_zip = path.suffix.casefold() in {".zip", ".xlsx", ".ods"}
    if start[:2] != b"PK":
        if named_zip:
            kind = "zip archive" if path.suffix.casefold() == ".zip" else "workbook"
            yield Problem(f"The file is not a readable {kind}: is it cut short?", file=name)
        else:
            yield RawFile(path, name)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile:
        yield Problem("The file is cut short or damaged: it cannot be unpacked.", file=name)
        return
    names = {member.filename for member in members}
    if "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= names:
        yield RawFile(path, name)
        return
    yield from _list_members(path, name, members)


def _list_members(
    path: Path, name: str, members: list[zipfile.ZipInfo]
) -> Iterator[RawFile | Problem]:
    if len(members) > MAX_ZIP_MEMBERS or sum(m.file_size for m in members) > MAX_BYTES:
        yield Problem(
            "The zip archive is refused: it holds too many files or too much data.", file=name
        )
        return
    names = {member.filename for member in members}
    for member in sorted(members, key=lambda m: m.filename):
        inner = PurePosixPath(member.filename.replace("\\", "/"))
        if inner.is_absolute() or ".." in inner.parts or ":" in inner.parts[0]:
            yield Problem(
                "The zip archive is refused: a name inside it points outside the archive.",
                file=name,
                found=member.filename,
            )
            return
        is_part = inner.suffix.casefold() in SHAPEFILE_PARTS and (
            str(PurePosixPath(member.filename).with_suffix(".shp")) in names
        )
        if not member.is_dir() and not inner.name.startswith(".") and not is_part:
            yield RawFile(path, f"{name}/{member.filename}", member.filename)


def is_gzip(path: Path) -> bool:
    """Return True when a file starts as gzip files do."""
    with path.open("rb") as handle:
        return handle.read(2) == b"\x1f\x8b"
