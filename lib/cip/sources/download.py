"""Downloading products from their publishers, then reading them like any folder."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

import httpx

from cip.catalogue.downloads import Download
from cip.catalogue.offers import Offer, load_download_catalogue, load_offers
from cip.catalogue.sources import Source, load_source_catalogue
from cip.errors import Problem, SourceError, find_nearest
from cip.sources.acceptance import check_layout
from cip.sources.copies import Copy, CopyFolder
from cip.sources.fetch import FetchReport, Reporter, fetch_folder
from cip.sources.publishers import obtain
from cip.sources.transfer import TIMEOUT, Progress, Transfer
from cip.sources.writing import add_notes

_AREA_CODE = re.compile(r"[A-Z]\d{8}")


@dataclass
class _Run:
    """One fetch: what to do it with, and what has come of it."""

    folder: CopyFolder
    transfer: Transfer
    say: Reporter
    today: date
    areas: Sequence[str]
    copies: list[Copy] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    failures: list[tuple[str, list[Problem]]] = field(default_factory=list)
    old: dict[str, str] = field(default_factory=dict)


def fetch_network(
    store_root: Path,
    *,
    products: Collection[str] | None = None,
    areas: Sequence[str] = (),
    cache_dir: Path | None = None,
    transport: httpx.BaseTransport | None = None,
    base_urls: Mapping[str, str] | None = None,
    report: Reporter | None = None,
    progress: Progress | None = None,
    sleep: Callable[[float], None] = time.sleep,
    today: date | None = None,
) -> FetchReport:
    """Download products from their publishers and put them into the store.

    Parameters
    ----------
    store_root
        The store.
    products
        Product ids; by default every product that can be downloaded and is not very large. A
        product that was named and cannot be had is an error; of the default ones it is a warning.
    areas
        Codes of areas: products that can be asked for some areas only are asked for these, their
        small areas and England.
    cache_dir
        Where downloaded files are kept; by default a folder beside the store. A good copy stays
        until a newer one has been read without fault, and is used, with a warning that names its
        date, when the publisher's server fails or its file is no longer understood. A file that
        is not understood is kept as ``*.rejected``.
    transport, base_urls, sleep, today
        For mirrors and tests: the HTTP transport, addresses to use in place of others (by their
        beginning), how to wait between tries, and the day.
    report
        Called with a sentence for every file.
    progress
        Called with a file's name, the bytes so far and, where known, the bytes in all.

    Returns
    -------
    FetchReport
        As from ``fetch_folder``, with warnings for old copies and products that failed.

    Raises
    ------
    SourceError
        When a named product cannot be had, nothing could be had, or a file has problems. The
        store is then exactly as it was.
    """
    _check_areas(areas)
    downloads = choose_downloads(products, for_areas=bool(areas))
    root = Path(store_root)
    folder = CopyFolder(find_cache(root, cache_dir))
    day = today or datetime.now(UTC).date()
    with httpx.Client(transport=transport, timeout=TIMEOUT, follow_redirects=False) as client:
        transfer = Transfer(
            client,
            load_source_catalogue().allowed_hosts,
            dict(base_urls or {}),
            sleep,
            load_download_catalogue().pauses_s,
            progress,
        )
        run = _Run(folder, transfer, report or (lambda sentence: None), day, areas)
        try:
            return _fetch(run, downloads, root, products)
        finally:
            folder.tidy()


def _fetch(
    run: _Run,
    downloads: Sequence[tuple[Offer, Download]],
    root: Path,
    products: Collection[str] | None,
) -> FetchReport:
    for offer, download in downloads:
        _download(offer, download, run)
    _stop_on_failures(run, is_named=products is not None)
    done = _read(run, root, products)
    run.folder.keep(run.copies)
    add_notes(root, {id_: [note] for id_, note in run.old.items()})
    done.warnings[:0] = run.warnings
    return done


def _check_areas(areas: Sequence[str]) -> None:
    wrong = [area for area in areas if not _AREA_CODE.fullmatch(area)]
    if wrong:
        raise SourceError(
            Problem(
                "This is not the code of an area.",
                found=f"'{area}'",
                expected="a letter and eight digits, such as E07000178",
            )
            for area in wrong
        )


def find_cache(store_root: Path, cache_dir: Path | None = None) -> Path:
    """Return the folder in which downloaded files are kept: beside the store, unless named."""
    return Path(cache_dir) if cache_dir else store_root.with_name(f"{store_root.name}-downloads")


def choose_downloads(
    products: Collection[str] | None, *, for_areas: bool = False
) -> list[tuple[Offer, Download]]:
    """Return the downloads of the products, or of all. Raises SourceError for one without."""
    sources, offers = load_source_catalogue().sources, load_offers()
    problems = []
    for product_id in products or ():
        if product_id in offers:
            continue
        if product_id in sources:
            problems.append(
                Problem(
                    f"'{product_id}' cannot be downloaded by the workbook. Save its file from "
                    f"{sources[product_id].landing_url} in a folder and fetch that folder."
                )
            )
            continue
        near = find_nearest(product_id, [*sources, *offers])
        problems.append(Problem(f"There is no product '{product_id}'.", nearest=near))
    if problems:
        raise SourceError(problems)
    chosen = [o for id_, o in offers.items() if products is None or id_ in set(products)]
    pairs = [(offer, d) for offer in chosen for d in offer.choose(for_areas=for_areas)]
    wanted = [(o, d) for o, d in pairs if d.is_default or products is not None]
    # A file that feeds several products is had once.
    return list({d.file_name: (o, d) for o, d in reversed(wanted)}.values())[::-1]


def _download(offer: Offer, download: Download, run: _Run) -> None:
    """Have one file, or go back to the good copy, or note the failure."""
    copy = run.folder.start(offer, download, run.areas)
    record = run.folder.find_record(copy)
    try:
        known = record.version if record else None
        copy.saved = obtain(
            download, copy.new, run.transfer, today=run.today, known=known, areas=run.areas
        )
        if record and copy.saved.sha256 == record.sha256:
            copy.new.unlink()
            copy.saved = replace(copy.saved, is_unchanged=True)
    except SourceError as error:
        problems = [_add_evidence(problem, download) for problem in error.problems]
        _go_back(copy, problems, run, "the publisher could not be reached")
        return
    if copy.has_new:
        _accept(copy, record.headings if record else (), run)
    else:
        run.copies.append(copy)
        run.say(f"{offer.product_id}: {copy.file_name} is unchanged")


def _accept(copy: Copy, known: Sequence[str], run: _Run) -> None:
    source = copy.offer.source
    try:
        if isinstance(source, Source):
            copy.headings = check_layout(copy.new, source, known=known)
    except SourceError as error:
        _reject(copy, error.problems, run)
        return
    run.copies.append(copy)
    run.say(f"{copy.offer.product_id}: downloaded {copy.file_name}")


def _reject(copy: Copy, problems: Sequence[Problem], run: _Run) -> None:
    aside = run.folder.reject(copy, problems)
    last = replace(
        problems[0],
        message=f"{problems[0].message.rstrip('.')}. What came is kept as '{aside.name}'.",
    )
    _go_back(copy, [last, *problems[1:]], run, "the publisher's file is no longer understood")


def _go_back(copy: Copy, problems: Sequence[Problem], run: _Run, reason: str) -> None:
    """Use the good copy, saying how old it is; without one, note the failure."""
    product_id = copy.offer.product_id
    copy.saved = None
    if not copy.good.is_file():
        run.failures.append((product_id, list(problems)))
        return
    said = f"{reason}, so the copy downloaded on {run.folder.find_day(copy)} is used."
    run.warnings.append(f"{product_id}: {said} {problems[0]}")
    run.old[product_id] = said[:1].upper() + said[1:]
    run.copies.append(copy)


def _add_evidence(problem: Problem, download: Download) -> Problem:
    """Say of an address that nobody has tried, so that it is the first thing to be doubted."""
    if download.evidence == "fetched":
        return problem
    known = f"This address has not been tried by the workbook's authors ({download.evidence})"
    return replace(problem, message=f"{problem.message.rstrip('.')}. {known}.")


def _stop_on_failures(run: _Run, *, is_named: bool) -> None:
    if run.failures and (is_named or not run.copies):
        raise SourceError(problem for _, problems in run.failures for problem in problems)
    run.warnings += [
        f"{id_}: not downloaded. {p}" for id_, problems in run.failures for p in problems
    ]
    run.failures.clear()


def _read(run: _Run, root: Path, products: Collection[str] | None) -> FetchReport:
    """Read what there is; a new file with faults gives way to the good copy, and it starts again.

    Every turn puts a new file aside, so that it comes to an end.
    """
    while True:
        read = [copy for copy in run.copies if copy.offer.is_read]
        kept = [copy for copy in run.copies if not copy.offer.is_read]
        notes = [
            f"{c.offer.product_id}: kept as {c.good}; the store does not read it." for c in kept
        ]
        if not read:
            return FetchReport(root, warnings=notes)
        addresses = {c.file_name: _find_address(c) for c in read}
        named = [p for p in products or () if load_offers()[p].is_read]
        try:
            with run.folder.lay_out(read) as folder:
                done = fetch_folder(
                    folder,
                    root,
                    products=named if products is not None else None,
                    report=run.say,
                    addresses=addresses,
                )
        except SourceError as error:
            if not _put_aside(error, run):
                raise
            _stop_on_failures(run, is_named=products is not None)
            continue
        done.warnings.extend(notes)
        return done


def _put_aside(error: SourceError, run: _Run) -> bool:
    """Reject the new files that an error blames. Returns False when it blames none of them."""
    blamed = False
    for copy in [c for c in run.copies if c.has_new]:
        own = [p for p in error.problems if _names(p, copy.file_name)]
        if own:
            blamed = True
            run.copies.remove(copy)
            _reject(copy, own, run)
    return blamed


def _names(problem: Problem, file_name: str) -> bool:
    file = str(problem.file or "")
    return file == file_name or file.startswith(f"{file_name}/")


def _find_address(copy: Copy) -> str:
    return copy.saved.address if copy.saved else copy.download.address
