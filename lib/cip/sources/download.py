"""Downloading products from their publishers into a cache, then reading them like any folder."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from cip.catalogue.sources import Download, load_source_catalogue
from cip.errors import Problem, SourceError, find_nearest
from cip.sources.fetch import FetchReport, Reporter, fetch_folder
from cip.sources.transfer import TIMEOUT, Transfer

MAX_PAGES = 500


def fetch_network(
    store_root: Path,
    *,
    products: Collection[str] | None = None,
    cache_dir: Path | None = None,
    transport: httpx.BaseTransport | None = None,
    base_urls: Mapping[str, str] | None = None,
    report: Reporter | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> FetchReport:
    """Download products from their publishers and put them into the store.

    Parameters
    ----------
    store_root
        The store.
    products
        Product ids; by default every product that can be downloaded. A product that was named
        and cannot be had is an error; of the default ones it is a warning.
    cache_dir
        Where downloaded files are kept; by default a folder beside the store. A good copy stays
        until a newer one is complete, and is used, with a warning that names its date, when the
        publisher's server fails.
    transport, base_urls, sleep
        For mirrors and tests: the HTTP transport, addresses to use in place of others (by their
        beginning), and how to wait between tries.
    report
        Called with a sentence for every file.

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
    downloads = choose_downloads(products)
    root = Path(store_root)
    cache = Path(cache_dir) if cache_dir else root.with_name(f"{root.name}-downloads")
    cache.mkdir(parents=True, exist_ok=True)
    with httpx.Client(transport=transport, timeout=TIMEOUT, follow_redirects=False) as client:
        transfer = Transfer(
            client, load_source_catalogue().allowed_hosts, dict(base_urls or {}), sleep
        )
        warnings, failures = _download_all(downloads, cache, transfer, report)
    problems = [problem for _, found in failures for problem in found]
    if failures and (products is not None or len(failures) == len(downloads)):
        raise SourceError(problems)
    warnings += [f"{product_id}: not downloaded. {p}" for product_id, ps in failures for p in ps]
    addresses = {d.file_name: d.address for _, d in downloads}
    done = fetch_folder(cache, root, products=products, report=report, addresses=addresses)
    done.warnings[:0] = warnings
    return done


def choose_downloads(products: Collection[str] | None) -> list[tuple[str, Download]]:
    """Return the downloads of the products, or of all. Raises SourceError for one without."""
    sources = load_source_catalogue().sources
    problems = []
    for product_id in products or ():
        if product_id not in sources:
            near = find_nearest(product_id, sources)
            problems.append(Problem(f"There is no product '{product_id}'.", nearest=near))
        elif not sources[product_id].downloads:
            problems.append(
                Problem(
                    f"'{product_id}' cannot be downloaded by the workbook. Save its file from "
                    f"{sources[product_id].landing_url} in a folder and fetch that folder."
                )
            )
    if problems:
        raise SourceError(problems)
    chosen = sources if products is None else [p for p in sources if p in set(products)]
    return [(p, download) for p in chosen for download in sources[p].downloads]


def _download_all(
    downloads: list[tuple[str, Download]],
    cache_dir: Path,
    transfer: Transfer,
    report: Reporter | None,
) -> tuple[list[str], list[tuple[str, list[Problem]]]]:
    warnings: list[str] = []
    failures: list[tuple[str, list[Problem]]] = []
    for product_id, download in downloads:
        path = cache_dir / download.file_name
        try:
            save_download(download, path, transfer)
            if report:
                report(f"{product_id}: downloaded {download.file_name}")
        except SourceError as error:
            problems = [_add_evidence(problem, download) for problem in error.problems]
            if not path.is_file():
                failures.append((product_id, problems))
                continue
            day = datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
            warnings.append(
                f"{product_id}: the publisher could not be reached, so the copy downloaded on "
                f"{day} is used. {problems[0]}"
            )
    return warnings, failures


def _add_evidence(problem: Problem, download: Download) -> Problem:
    """Say of an address that nobody has tried, so that it is the first thing to be doubted."""
    if download.evidence == "fetched":
        return problem
    known = f"This address has not been tried by the workbook's authors ({download.evidence})"
    return replace(problem, message=f"{problem.message.rstrip('.')}. {known}.")


def save_download(download: Download, path: Path, transfer: Transfer) -> None:
    """Download one file; the path holds either the old copy or the complete new one."""
    if download.kind == "arcgis":
        content = get_arcgis(download, transfer)
    else:
        content = transfer.get(download.address, max_bytes=download.max_bytes)
        if download.kind == "zip" and not content.startswith(b"PK"):
            raise SourceError(
                Problem("The publisher's server sent no zip archive.", file=download.address)
            )
    partial = path.with_name(f".{path.name}.part")
    partial.write_bytes(content)
    partial.replace(path)


def get_arcgis(download: Download, transfer: Transfer) -> bytes:
    """Ask an ArcGIS feature service page by page, and return GeoJSON or CSV by the file's name."""
    is_geojson = download.file_name.endswith(".geojson")
    features: list[dict[str, Any]] = []
    size = 0
    for _ in range(MAX_PAGES):
        params = {
            "where": download.where,
            "outFields": download.out_fields,
            "outSR": str(download.out_sr),
            "returnGeometry": str(is_geojson or download.points).lower(),
            "resultOffset": str(len(features)),
            "resultRecordCount": str(download.page_rows),
            "f": "geojson" if is_geojson else "json",
        }
        limit = download.max_bytes - size
        content = transfer.get(download.address, params=params, max_bytes=limit)
        size += len(content)
        page = _parse_page(content, download.address)
        features += page["features"]
        if not page["features"] or not _has_more(page, download.page_rows):
            return _encode_features(features, is_geojson=is_geojson)
    raise SourceError(Problem("The service never came to an end.", file=download.address))


def _parse_page(content: bytes, address: str) -> dict[str, Any]:
    try:
        page = json.loads(content)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise SourceError(Problem("The service's answer is not JSON.", file=address)) from error
    if not isinstance(page, dict) or not isinstance(page.get("features"), list):
        said = page.get("error") if isinstance(page, dict) else None
        message = said.get("message") if isinstance(said, dict) else None
        raise SourceError(
            Problem("The service gave no features.", file=address, found=message or "no list")
        )
    return page


def _has_more(page: dict[str, Any], page_rows: int) -> bool:
    flags = (page, page.get("properties") or {})
    return len(page["features"]) >= page_rows or any(f.get("exceededTransferLimit") for f in flags)


def _encode_features(features: list[dict[str, Any]], *, is_geojson: bool) -> bytes:
    if is_geojson:
        whole = {"type": "FeatureCollection", "features": features}
        return json.dumps(whole, ensure_ascii=False).encode()
    # Only a service asked for points gives geometries here; the coordinates join the attributes.
    rows = [
        {**(feature.get("attributes") or {}), **(feature.get("geometry") or {})}
        for feature in features
    ]
    headings = list(dict.fromkeys(key for row in rows for key in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, headings, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
