"""Saving a download to disk: taken up again where it was cut, and left alone when unchanged."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx

from cip.errors import Problem, SourceError
from cip.sources.transfer import Transfer, TryAgain, check_content, make_too_large

_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


@dataclass(frozen=True)
class Version:
    """What tells one version of a file from another; empty where the server does not say."""

    etag: str = ""
    last_modified: str = ""

    @property
    def condition(self) -> str:
        """What may go into If-Range: a strong ETag, or else the date."""
        weak = self.etag.startswith("W/")
        return self.etag if self.etag and not weak else self.last_modified


@dataclass(frozen=True)
class Saved:
    """A file that has been saved, or was found unchanged.

    ``address`` is where it came from.
    """

    address: str
    sha256: str = ""
    size: int = 0
    version: Version = Version()
    is_unchanged: bool = False


def save_content(content: bytes, path: Path, address: str) -> Saved:
    """Write content that has been put together from pages."""
    path.write_bytes(content)
    return Saved(address, hashlib.sha256(content).hexdigest(), len(content))


def save_file(
    transfer: Transfer, address: str, path: Path, *, max_bytes: int, known: Version | None = None
) -> Saved:
    """Download a file, taking up an earlier attempt that was cut.

    Parameters
    ----------
    path
        Where the complete file goes. What has come so far lies beside it as ``*.part``.
    known
        The version at hand; when the server still has that one, nothing is downloaded.

    Raises
    ------
    SourceError
        As from ``Transfer.get``.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        saved = transfer.retry(
            lambda: _try_once(transfer, address, part, max_bytes, known), address
        )
    except BaseException:
        if not _read_state(part, address).condition:
            # Nothing tells whether the rest would belong to the same file.
            _forget(part)
        raise
    if not saved.is_unchanged:
        part.replace(path)
    _forget(part)
    return saved


def _try_once(
    transfer: Transfer, address: str, part: Path, max_bytes: int, known: Version | None
) -> Saved:
    state = _read_state(part, address)
    headers = {"Accept-Encoding": "identity"}
    done = part.stat().st_size if state.condition else 0
    if done:
        headers |= {"Range": f"bytes={done}-", "If-Range": state.condition}
    elif known:
        headers |= {"If-None-Match": known.etag} if known.etag else {}
        headers |= {"If-Modified-Since": known.last_modified} if known.last_modified else {}
    accepted = (200, 206, 304, 416)
    with transfer.open("GET", address, headers=headers, accepted=accepted) as response:
        if response.status_code == 304 and known:
            return Saved(address, version=known, is_unchanged=True)
        if response.status_code in (304, 416):
            _forget(part)
            raise TryAgain(f"status {response.status_code} for the rest of the file")
        start = _find_start(response, done, part)
        version = _read_version(response)
        if start == 0:
            _write_state(part, address, version)
        _append(transfer, response, part, start, address, max_bytes)
    return _finish(part, address, version if start == 0 else state)


def _find_start(response: httpx.Response, done: int, part: Path) -> int:
    """Return the byte at which the answer begins: the file's first, or the one asked for."""
    if response.status_code == 200:
        return 0
    found = _CONTENT_RANGE.match(response.headers.get("content-range", ""))
    if not found or int(found[1]) != done:
        _forget(part)
        raise TryAgain("the server sent another part of the file than was asked for")
    return done


def _append(
    transfer: Transfer,
    response: httpx.Response,
    part: Path,
    start: int,
    address: str,
    max_bytes: int,
) -> None:
    length = response.headers.get("content-length", "")
    encoded = response.headers.get("content-encoding", "identity") != "identity"
    total = start + int(length) if length.isdigit() and not encoded else None
    if total is not None and total > max_bytes:
        raise make_too_large(address, max_bytes)
    size, kind = start, response.headers.get("content-type", "")
    pieces = transfer.stream(response, address, max_bytes=max_bytes - start, raw=not encoded)
    try:
        with part.open("ab" if start else "wb") as handle:
            for piece in pieces:
                if size == 0:
                    check_content(piece, kind, address)
                handle.write(piece)
                size += len(piece)
                if transfer.progress:
                    transfer.progress(part.name.removesuffix(".part"), size, total)
        if size == 0:
            check_content(b"", kind, address)
    except SourceError:
        _forget(part)  # the rest would not make it better
        raise
    if total is not None and size != total:
        raise TryAgain(f"{size:,} of {total:,} bytes came")


def _finish(part: Path, address: str, version: Version) -> Saved:
    with part.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    return Saved(address, digest, part.stat().st_size, version)


def _read_version(response: httpx.Response) -> Version:
    headers: Mapping[str, str] = response.headers
    return Version(headers.get("etag", ""), headers.get("last-modified", ""))


def _state_path(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _read_state(part: Path, address: str) -> Version:
    """Return the version of which a part lies on disk; an empty one when there is no use in it."""
    try:
        state = json.loads(_state_path(part).read_text("utf-8"))
        if state.pop("address") == address and part.is_file():
            return Version(**state)
    except (OSError, ValueError, KeyError, TypeError):
        pass  # no part, or one that says too little about itself: the download starts again
    return Version()


def _write_state(part: Path, address: str, version: Version) -> None:
    text = json.dumps({"address": address, **asdict(version)})
    _state_path(part).write_text(text, encoding="utf-8")


def _forget(part: Path) -> None:
    part.unlink(missing_ok=True)
    _state_path(part).unlink(missing_ok=True)


def check_sha256(saved: Saved, expected: str) -> None:
    """Compare a file with the sha256 that is declared for it."""
    if expected and not saved.is_unchanged and saved.sha256 != expected:
        raise SourceError(
            Problem(
                "The file is not the one that was declared: its checksum differs.",
                file=saved.address,
                found=saved.sha256,
                expected=expected,
            )
        )


def check_md5(path: Path, expected: str, address: str) -> None:
    """Compare a file with the MD5 that its publisher gives."""
    with path.open("rb") as handle:
        found = hashlib.file_digest(handle, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    if found != expected.casefold():
        path.unlink()
        raise SourceError(
            Problem(
                "The file did not arrive as the publisher sent it: its checksum differs. "
                "Try again.",
                file=address,
                found=found,
                expected=expected.casefold(),
            )
        )
