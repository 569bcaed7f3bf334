"""Street crime from data.police.uk: some months and forces out of an archive of everything.

The archive holds every force and three years in more than a gigabyte. Where the server gives
parts of a file, only its list of contents and the files that are wanted are downloaded.
"""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

from cip.catalogue.downloads import PoliceDownload
from cip.errors import Problem, SourceError
from cip.sources.archives import RemoteFile, pick_members
from cip.sources.saving import Saved, save_content, save_file
from cip.sources.transfer import Transfer, TryAgain

BLOCK_BYTES = 1 << 20


def save_street_crime(download: PoliceDownload, path: Path, transfer: Transfer) -> Saved:
    """Save the newest months of the declared forces as a small zip archive.

    Raises
    ------
    SourceError
        As from ``Transfer.get``, and when the archive lacks a month that the publisher announces.
    """
    months = find_months(download, transfer)
    address = download.address.format(month=months[0])
    patterns = [f"*{m}-{force}-street.csv" for m in months for force in download.forces]
    remote = open_remote(transfer, address, download.max_bytes)
    if remote is None:
        whole = path.with_name(f"{path.name}.whole")
        save_file(transfer, address, whole, max_bytes=download.max_bytes)
        pick_members(whole, patterns, path, name=address)
        whole.unlink()
    else:
        pick_members(remote, patterns, path, name=address)
    _check_months(path, months, address)
    return save_content(path.read_bytes(), path, address)


def find_months(download: PoliceDownload, transfer: Transfer) -> list[str]:
    """Return the newest months that the publisher has, the latest first."""
    content = transfer.get(download.dates_address, max_bytes=2_000_000)
    try:
        months = sorted({str(entry["date"]) for entry in json.loads(content)}, reverse=True)
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(
            Problem("The list of months is not as expected.", file=download.dates_address)
        ) from error
    months = [m for m in months if re.fullmatch(r"\d{4}-\d{2}", m)]
    if not months:
        raise SourceError(Problem("The publisher has no months.", file=download.dates_address))
    return months[: download.months]


def open_remote(transfer: Transfer, address: str, max_bytes: int) -> io.BufferedReader | None:
    """Return a file at an address that is downloaded as it is read; None where that cannot be."""

    def ask() -> tuple[int, str] | None:
        headers = {"Range": "bytes=0-0", "Accept-Encoding": "identity"}
        with transfer.open("GET", address, headers=headers, accepted=(200, 206)) as response:
            total = response.headers.get("content-range", "").rpartition("/")[2]
            if response.status_code != 206 or not total.isdigit():
                return None
            return int(total), response.headers.get("etag", "")

    found = transfer.retry(ask, address)
    if found is None:
        return None
    size, etag = found
    taken = 0

    def read_range(first: int, end: int) -> bytes:
        nonlocal taken
        taken += end - first
        if taken > max_bytes:
            raise SourceError(Problem("More was read than is allowed.", file=address))
        return transfer.retry(lambda: _read_once(transfer, address, first, end, etag), address)

    return io.BufferedReader(RemoteFile(read_range, size), buffer_size=BLOCK_BYTES)


def _read_once(transfer: Transfer, address: str, first: int, end: int, etag: str) -> bytes:
    headers = {"Range": f"bytes={first}-{end - 1}", "Accept-Encoding": "identity"}
    headers |= {"If-Range": etag} if etag and not etag.startswith("W/") else {}
    with transfer.open("GET", address, headers=headers, accepted=(200, 206)) as response:
        if response.status_code == 200:
            raise SourceError(
                Problem("The archive was replaced while it was read. Try again.", file=address)
            )
        content = b"".join(transfer.stream(response, address, max_bytes=end - first, raw=True))
    if len(content) != end - first:
        raise TryAgain(f"{len(content):,} of {end - first:,} bytes came")
    if transfer.progress:
        transfer.progress(address.rsplit("/", 1)[-1], end, None)
    return content


def _check_months(path: Path, months: list[str], address: str) -> None:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    missing = [month for month in months if not any(month in name for name in names)]
    if missing:
        path.unlink()
        raise SourceError(
            Problem(
                "The archive lacks months that the publisher announces.",
                file=address,
                found=f"no {', '.join(missing)}",
            )
        )
