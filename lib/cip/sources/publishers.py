"""Every kind of download at one door: what a publisher offers becomes a file on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from cip.catalogue.downloads import (
    ArcgisDownload,
    Download,
    FileDownload,
    FingertipsDownload,
    GovukDownload,
    NomisDownload,
    OsDownload,
    OverpassDownload,
    PoliceDownload,
)
from cip.errors import Problem, SourceError
from cip.sources.arcgis import get_arcgis
from cip.sources.archives import check_archive, pick_members
from cip.sources.fingertips import get_fingertips
from cip.sources.govuk import find_attachment
from cip.sources.nomis import get_nomis
from cip.sources.os_downloads import find_os_file
from cip.sources.overpass import get_overpass
from cip.sources.police import save_street_crime
from cip.sources.saving import (
    Saved,
    Version,
    check_md5,
    check_sha256,
    save_content,
    save_file,
)
from cip.sources.transfer import NotThere, Transfer


def obtain(
    download: Download,
    path: Path,
    transfer: Transfer,
    *,
    today: date,
    known: Version | None = None,
    areas: Sequence[str] = (),
) -> Saved:
    """Download one product's file to a path.

    Parameters
    ----------
    today
        The day, for addresses with a date in them.
    known
        The version at hand; a file that is still that one is not downloaded.
    areas
        Codes of areas, for downloads that can be asked for some only.

    Raises
    ------
    SourceError
        When the file cannot be had, or is not what it should be. Nothing is then at the path.
    """
    try:
        return _obtain(download, path, transfer, today=today, known=known, areas=areas)
    except SourceError:
        path.unlink(missing_ok=True)
        raise


def _obtain(
    download: Download,
    path: Path,
    transfer: Transfer,
    *,
    today: date,
    known: Version | None,
    areas: Sequence[str],
) -> Saved:
    limit = download.max_bytes
    if isinstance(download, FileDownload):
        return _save_declared(download, path, transfer, today=today, known=known)
    if isinstance(download, GovukDownload):
        address = find_attachment(download, transfer)
        return _save_checked(address, path, transfer, max_bytes=limit, known=known)
    if isinstance(download, OsDownload):
        file = find_os_file(download, transfer)
        limit = min(limit, file.size)
        saved = _save_checked(file.address, path, transfer, max_bytes=limit, known=known)
        if not saved.is_unchanged:
            check_md5(path, file.md5, file.address)
        return saved
    if isinstance(download, PoliceDownload):
        return save_street_crime(download, path, transfer)
    content = _ask(download, transfer, areas)
    return save_content(content, path, download.address)


def _ask(download: Download, transfer: Transfer, areas: Sequence[str]) -> bytes:
    """Return the answer of a service that is asked a question, put together from its parts."""
    if isinstance(download, NomisDownload):
        return get_nomis(download, transfer, areas)
    askers: dict[type, Callable[..., bytes]] = {
        ArcgisDownload: get_arcgis,
        FingertipsDownload: get_fingertips,
        OverpassDownload: get_overpass,
    }
    return askers[type(download)](download, transfer)


def _save_declared(
    download: FileDownload, path: Path, transfer: Transfer, *, today: date, known: Version | None
) -> Saved:
    saved = _save_newest(download, path, transfer, today=today, known=known)
    if saved.is_unchanged:
        return saved
    if download.checksum_ending:
        text = transfer.get(saved.address + download.checksum_ending, max_bytes=10_000)
        check_md5(path, text.decode("ascii", "replace").split(maxsplit=1)[0], saved.address)
    check_sha256(saved, download.sha256)
    _check_start(download, path, saved.address)
    if download.members:
        return _cut(download, path, saved)
    check_archive(path, download.file_name)
    return saved


def _save_newest(
    download: FileDownload, path: Path, transfer: Transfer, *, today: date, known: Version | None
) -> Saved:
    """Save the file of the latest day that the publisher has."""
    missing: NotThere | None = None
    for address in list_addresses(download, today):
        try:
            return save_file(transfer, address, path, max_bytes=download.max_bytes, known=known)
        except NotThere as error:
            missing = error
    assert missing is not None
    raise missing


def list_addresses(download: FileDownload, today: date) -> Iterator[str]:
    """Give the addresses to try: one, or one for each day from today backwards."""
    if "{date}" not in download.address:
        yield download.address
        return
    for days in range(download.days_back + 1):
        yield download.address.replace("{date}", f"{today - timedelta(days=days):%Y%m%d}")


def _save_checked(
    address: str, path: Path, transfer: Transfer, *, max_bytes: int, known: Version | None
) -> Saved:
    saved = save_file(transfer, address, path, max_bytes=max_bytes, known=known)
    if not saved.is_unchanged:
        check_archive(path, path.name)
    return saved


def _check_start(download: FileDownload, path: Path, address: str) -> None:
    with path.open("rb") as handle:
        start = handle.read(256)
    if download.kind == "zip" and not start.startswith(b"PK"):
        raise SourceError(Problem("The publisher's server sent no zip archive.", file=address))
    if download.mark and download.mark.encode() not in start:
        raise SourceError(
            Problem(
                "The file is not of the kind that was expected.",
                file=address,
                expected=f"'{download.mark}' at its beginning",
            )
        )


def _cut(download: FileDownload, path: Path, saved: Saved) -> Saved:
    """Keep only the members of an archive that are wanted, with the version of the whole."""
    whole = path.rename(path.with_name(f"{path.name}.whole"))
    try:
        pick_members(whole, download.members, path, name=download.file_name)
    finally:
        whole.unlink()
    cut = save_content(path.read_bytes(), path, saved.address)
    return Saved(cut.address, cut.sha256, cut.size, saved.version)
