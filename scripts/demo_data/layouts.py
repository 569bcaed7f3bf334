"""Writers for the layouts that the publishers use: quoting, byte order marks and line ends too."""

import csv
import io
import json
import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path

from demo_data.outlines import Point
from demo_data.tables import CensusTable

NOTE = "Invented figures for a demonstration: these places do not exist and nobody was counted"
BOM = "\ufeff"
Row = Sequence[str | int]


def write_text(path: Path, text: str) -> None:
    """Write text as UTF-8 without touching its line ends."""
    path.write_bytes(text.encode("utf-8"))


def write_csv(path: Path, rows: Iterable[Row], *, mark: str = "", line_end: str = "\n") -> None:
    """Write a CSV that quotes only where it must (geoportal downloads, File 7)."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator=line_end).writerows(rows)
    write_text(path, mark + buffer.getvalue())


def write_nomis_bulk(
    path: Path, headings: list[str], rows: Iterable[Row], *, is_quoted: bool
) -> None:
    """Write the Nomis bulk layout: date, geography, geography code, then the counts."""
    quoting = csv.QUOTE_NONNUMERIC if is_quoted else csv.QUOTE_MINIMAL
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n", quoting=quoting)
    writer.writerow(["date", "geography", "geography code", *headings])
    writer.writerows(["2021", *row] for row in rows)
    write_text(path, buffer.getvalue())


def write_nomis_query(path: Path, table: CensusTable, level: str, rows: Iterable[Row]) -> None:
    """Write a Nomis query download: five lines above the headings, a note under the figures."""
    headings = [level, "mnemonic", table.total, *(answer.label for answer in table.answers)]
    blank = [""] * len(headings)
    above: list[Row] = [
        [f"{table.id.upper()} - {table.topic}"],
        ["Invented for a demonstration [laid out like a Nomis query download]"],
        ["Population :", "All usual residents"],
        ["Units      :", "Persons"],
        ["Date       :", "2021"],
        [],
    ]
    perturbed = "Counts were perturbed by small amounts, as real ones are."
    below: list[Row] = [[], [], ["", NOTE], ["", perturbed]]
    lines = [*above, headings, [], *rows, *below]
    write_csv(path, [[*line, *blank[len(line) :]] for line in lines])


def make_global_id(code: str) -> str:
    """Make the identifier that the geoportal gives every feature, the same each time."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"invented area {code}"))


def write_boundaries(
    path: Path,
    fields: tuple[str, str, str],
    areas: Iterable[tuple[dict[str, str | int | float], list[Point]]],
) -> None:
    """Write boundaries as the geoportal's ArcGIS service returns them in GeoJSON.

    Parameters
    ----------
    path
        File to write.
    fields
        Names of the code, name and Welsh name properties.
    areas
        Per area: its properties (code, name, and others as they are to be named) and its ring.
    """
    features = []
    for number, (properties, ring) in enumerate(areas, start=1):
        code_field, name_field, welsh_field = fields
        others = {key: value for key, value in properties.items() if key not in ("code", "name")}
        record = {
            "FID": number,
            code_field: properties["code"],
            name_field: properties["name"],
            welsh_field: " ",  # the service gives one space where there is no Welsh name
            **others,
            "GlobalID": make_global_id(str(properties["code"])),
        }
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append(
            {"type": "Feature", "id": number, "geometry": geometry, "properties": record}
        )
    lines = ",\n".join(json.dumps(feature, separators=(",", ":")) for feature in features)
    head = {"type": "name", "properties": {"name": "EPSG:4326"}}
    write_text(
        path,
        f'{{"type":"FeatureCollection","description":{json.dumps(NOTE)},'
        f'"crs":{json.dumps(head, separators=(",", ":"))},"features":[\n{lines}\n]}}\n',
    )
