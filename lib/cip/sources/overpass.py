"""Places of OpenStreetMap, from an Overpass server, as a table with one row for each place.

Only what is declared is kept. Names of mappers are neither asked for nor stored.
"""

from __future__ import annotations

import json
from typing import Any

from cip.catalogue.downloads import OverpassDownload
from cip.errors import Problem, SourceError
from cip.sources.arcgis import write_csv
from cip.sources.transfer import Transfer

COLUMNS = ["osm_type", "osm_id", "lat", "lon"]


def get_overpass(download: OverpassDownload, transfer: Transfer) -> bytes:
    """Send a question to an Overpass server and return the places as CSV.

    Raises
    ------
    SourceError
        When the server gave up before the end, which it says inside an answer that looks
        complete, or when there is no place.
    """
    content = transfer.post(
        download.address, form={"data": download.query}, max_bytes=download.max_bytes
    )
    try:
        answer = json.loads(content)
        elements = answer["elements"]
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(
            Problem("The server's answer is not the declared form.", file=download.address)
        ) from error
    if answer.get("remark"):
        raise SourceError(
            Problem(
                "The server stopped before the answer was complete. Try again later.",
                file=download.address,
                found=str(answer["remark"])[:200],
            )
        )
    rows = [row for element in elements if (row := _make_row(element, download.tags))]
    if not rows:
        raise SourceError(Problem("The answer holds no place.", file=download.address))
    return write_csv(rows, [*COLUMNS, *download.tags])


def _make_row(element: dict[str, Any], tags: list[str]) -> dict[str, Any] | None:
    """Return one place; None for an element without tags or without a position."""
    place = element.get("center") or element
    own = element.get("tags") or {}
    if not own or "lat" not in place:
        return None
    return {
        "osm_type": element["type"],
        "osm_id": element["id"],
        "lat": place["lat"],
        "lon": place["lon"],
        **{tag: own.get(tag, "") for tag in tags},
    }
