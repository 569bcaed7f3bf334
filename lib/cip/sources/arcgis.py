"""Feature services of the ONS Open Geography Portal (ArcGIS), as GeoJSON or CSV."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from cip.catalogue.downloads import ArcgisDownload
from cip.errors import Problem, SourceError
from cip.sources.paging import read_pages
from cip.sources.transfer import Transfer


def get_arcgis(download: ArcgisDownload, transfer: Transfer) -> bytes:
    """Ask a feature service page by page, and return GeoJSON or CSV by the file's name.

    Raises
    ------
    SourceError
        As from ``read_pages``, and for an answer that is an error message or not JSON.
    """
    is_geojson = download.file_name.endswith(".geojson")
    features: list[dict[str, Any]] = []
    is_last = False

    def make_params(rows: int) -> dict[str, str] | None:
        return None if is_last else _make_params(download, rows, is_geojson=is_geojson)

    def count_rows(content: bytes) -> int:
        nonlocal is_last
        page = parse_page(content, download.address)
        features.extend(page["features"])
        is_last = not has_more(page, download.page_rows)
        return len(page["features"])

    for _ in read_pages(
        transfer,
        download.address,
        make_params=make_params,
        count_rows=count_rows,
        max_bytes=download.max_bytes,
    ):
        pass
    if not features:
        raise SourceError(Problem("The service has no rows.", file=download.address))
    return encode_features(features, is_geojson=is_geojson)


def _make_params(download: ArcgisDownload, rows: int, *, is_geojson: bool) -> dict[str, str]:
    return {
        "where": download.where,
        "outFields": download.out_fields,
        "outSR": str(download.out_sr),
        "returnGeometry": str(is_geojson or download.points).lower(),
        "resultOffset": str(rows),
        "resultRecordCount": str(download.page_rows),
        "f": "geojson" if is_geojson else "json",
    }


def parse_page(content: bytes, address: str) -> dict[str, Any]:
    """Return one page of a feature service. Raises SourceError when it is an error message."""
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


def has_more(page: dict[str, Any], page_rows: int) -> bool:
    """Return True when a page says, or suggests by its length, that another one follows."""
    flags = (page, page.get("properties") or {})
    return len(page["features"]) >= page_rows or any(f.get("exceededTransferLimit") for f in flags)


def encode_features(features: list[dict[str, Any]], *, is_geojson: bool) -> bytes:
    """Return features as one GeoJSON collection, or their attributes as CSV."""
    if is_geojson:
        whole = {"type": "FeatureCollection", "features": features}
        return json.dumps(whole, ensure_ascii=False).encode()
    # Only a service asked for points gives geometries here; the coordinates join the attributes.
    rows = [
        {**(feature.get("attributes") or {}), **(feature.get("geometry") or {})}
        for feature in features
    ]
    return write_csv(rows)


def write_csv(rows: list[dict[str, Any]], headings: list[str] | None = None) -> bytes:
    """Return records as CSV; by default with every key that occurs as a heading."""
    headings = headings or list(dict.fromkeys(key for row in rows for key in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, headings, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
