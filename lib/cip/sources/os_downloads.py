"""Products of Ordnance Survey's Downloads API, which gives size and checksum of every file."""

from __future__ import annotations

import json
from dataclasses import dataclass

from cip.catalogue.downloads import OsDownload
from cip.errors import Problem, SourceError
from cip.sources.transfer import Transfer


@dataclass(frozen=True)
class OsFile:
    """One file of a product, as the list describes it."""

    address: str
    md5: str
    size: int


def find_os_file(download: OsDownload, transfer: Transfer) -> OsFile:
    """Return where the file for an area and a format is, with its checksum.

    Raises
    ------
    SourceError
        When the list is not as expected, or has no file for that area and format.
    """
    content = transfer.get(download.address, max_bytes=5_000_000)
    try:
        listed = json.loads(content)
        choices = [
            OsFile(str(entry["url"]), str(entry["md5"]), int(entry["size"]))
            for entry in listed
            if entry["area"] == download.area and entry["format"] == download.format
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(
            Problem("The list of files is not as expected.", file=download.address)
        ) from error
    if not choices:
        some = sorted({f"{entry['area']} {entry['format']}" for entry in listed})
        raise SourceError(
            Problem(
                "The product is not offered for this area in this format.",
                file=download.address,
                found=", ".join(some[:12]) or "nothing",
                expected=f"{download.area} {download.format}",
            )
        )
    return choices[0]
