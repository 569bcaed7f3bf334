"""Zip archives that arrive from elsewhere: judged before they are opened, and cut to what is used."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import IO

from cip.errors import Problem, SourceError
from cip.sources.files import MAX_BYTES, MAX_ZIP_MEMBERS

#: Text packs to a twentieth at best. What is packed much harder, and is large, is no table.
MAX_RATIO = 200
LARGE_BYTES = 50_000_000


def check_archive(path: Path, name: str) -> None:
    """Refuse a zip archive or workbook that is cut short, or would unpack to far too much.

    A file of another kind passes. Nothing is unpacked: the archive's own list of contents is
    enough, because reading a member stops at the size that the list gives.

    Raises
    ------
    SourceError
        Naming the file, and what is wrong with it.
    """
    with path.open("rb") as handle:
        if handle.read(2) != b"PK":
            return
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise SourceError(
            Problem("The zip archive is cut short or damaged. Try again.", file=name)
        ) from error
    reason = find_danger(members)
    if reason:
        raise SourceError(Problem(f"The zip archive is refused: {reason}.", file=name))


def find_danger(members: Collection[zipfile.ZipInfo]) -> str:
    """Return why an archive must not be unpacked, or nothing."""
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MAX_ZIP_MEMBERS:
        return f"it holds {len(members):,} files"
    if unpacked > MAX_BYTES:
        return f"it would unpack to {unpacked:,} bytes"
    if unpacked > LARGE_BYTES and unpacked > MAX_RATIO * max(packed, 1):
        return f"{packed:,} bytes would unpack to {unpacked:,}"
    if any(member.flag_bits & 1 for member in members):
        return "it is encrypted"
    if any(_points_outside(member.filename) for member in members):
        return "a name inside it points outside the archive"
    return ""


def _points_outside(name: str) -> bool:
    inner = PurePosixPath(name.replace("\\", "/"))
    return inner.is_absolute() or ".." in inner.parts or ":" in "".join(inner.parts[:1])


def pick_members(
    source: Path | IO[bytes], patterns: Collection[str], target: Path, *, name: str
) -> None:
    """Write the members of an archive that are wanted into a smaller one.

    The same members give the same bytes, whatever their dates in the publisher's archive.

    Parameters
    ----------
    source
        An archive, which may be far larger than what is taken from it.
    patterns
        Names of members; ``*`` stands for any text, and letter case counts.

    Raises
    ------
    SourceError
        When the archive is damaged, no member fits a pattern, or they are too large together.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            chosen = [m for m in archive.infolist() if _is_wanted(m.filename, patterns)]
            _check_choice(chosen, archive, patterns, name)
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as smaller:
                for member in sorted(chosen, key=lambda m: m.filename):
                    info = zipfile.ZipInfo(member.filename)
                    info.compress_type = zipfile.ZIP_DEFLATED
                    with archive.open(member) as content, smaller.open(info, "w") as out:
                        for piece in iter(lambda: content.read(1 << 20), b""):
                            out.write(piece)
    except zipfile.BadZipFile as error:
        raise SourceError(
            Problem("The zip archive is cut short or damaged. Try again.", file=name)
        ) from error


def _is_wanted(member: str, patterns: Collection[str]) -> bool:
    return any(fnmatchcase(member, pattern) for pattern in patterns)


def _check_choice(
    chosen: Collection[zipfile.ZipInfo],
    archive: zipfile.ZipFile,
    patterns: Collection[str],
    name: str,
) -> None:
    if not chosen:
        some = ", ".join(archive.namelist()[:5])
        raise SourceError(
            Problem(
                "The zip archive does not hold the files that are wanted from it.",
                file=name,
                found=some or "nothing",
                expected=" or ".join(patterns),
            )
        )
    reason = find_danger(chosen)
    if reason:
        raise SourceError(Problem(f"The zip archive is refused: {reason}.", file=name))


class RemoteFile(io.RawIOBase):
    """A file at an address, of which only the parts that are read are downloaded.

    Parameters
    ----------
    read_range
        Returns the bytes from one place up to, but without, another.
    size
        Bytes in all.
    """

    def __init__(self, read_range, size: int):
        self._read_range = read_range
        self._size = size
        self._place = 0

    def readable(self) -> bool:
        """Return True: it can be read."""
        return True

    def seekable(self) -> bool:
        """Return True: any place can be gone to."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = max(0, base + offset)
        return self._place

    def readinto(self, buffer) -> int:
        """Fill a buffer from the present place on."""
        end = min(self._place + len(buffer), self._size)
        if end <= self._place:
            return 0
        content = self._read_range(self._place, end)
        buffer[: len(content)] = content
        self._place += len(content)
        return len(content)
