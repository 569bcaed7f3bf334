"""Green spaces with the ways into them, and food banks, as points and outlines."""

import json
from pathlib import Path

from demo_data import layouts
from demo_data.national_grid import convert_to_longlat
from demo_data.sites import Sites

FOOD_BANKS = "cdii"
# Function, half of its side in metres, and a name for those that have one.
SPACES = (
    ("Public Park Or Garden", 90, "{} Park"),
    ("Play Space", 20, ""),
    ("Playing Field", 70, ""),
    ("Allotments Or Community Growing Spaces", 40, "{} Allotments"),
    ("Religious Grounds", 30, ""),
)


def write_food_banks(sites: Sites, out: Path) -> None:
    """Write points without a name or anything else, as they are handed on."""
    features = []
    for ward in FOOD_BANKS:
        longitude, latitude = convert_to_longlat(*sites.take(ward).point)
        point = {"type": "Point", "coordinates": [longitude, latitude]}
        features.append({"type": "Feature", "properties": {}, "geometry": point})
    _write(out / "food-banks.geojson", "food-banks", "urn:ogc:def:crs:OGC:1.3:CRS84", features)


def write_green_spaces(sites: Sites, out: Path) -> None:
    """Write sites as squares with a corner cut off, and two ways into each, in metres."""
    areas, gates = [], []
    for number, ward in enumerate("abcdefghijkl" + "iii"):
        for step in range(2):
            function, half, name = SPACES[(number + 2 * step) % len(SPACES)]
            site = sites.take(ward)
            x, y = (round(axis) for axis in site.point)
            corners = [(-1, -1), (1, -1), (1, 0.4), (0.4, 1), (-1, 1), (-1, -1)]
            ring = [[x + round(half * east), y + round(half * north)] for east, north in corners]
            id_ = layouts.make_global_id(f"green {number} {step}")
            properties = {
                "id": id_, "function": function,
                "distinctiveName1": name.format(site.ward_name) or None,
            }  # fmt: skip
            areas.append({
                "type": "Feature", "properties": properties,
                "geometry": {"type": "MultiPolygon", "coordinates": [[ring]]},
            })  # fmt: skip
            gates += [_make_gate(id_, side, x + half * (side - 1), y - half) for side in (0, 2)]
    grid = "urn:ogc:def:crs:EPSG::27700"
    _write(out / "greenspace-site.geojson", "GreenspaceSite", grid, areas)
    _write(out / "greenspace-access-point.geojson", "AccessPoint", grid, gates)


def _make_gate(site_id: str, side: int, x: int, y: int) -> dict[str, object]:
    properties = {
        "id": layouts.make_global_id(f"gate {site_id} {side}"),
        "accessType": "Pedestrian" if side else "Motor Vehicle And Pedestrian",
        "refToGreenspaceSite": site_id,
    }
    point = {"type": "Point", "coordinates": [x, y]}
    return {"type": "Feature", "properties": properties, "geometry": point}


def _write(path: Path, name: str, system: str, features: list[dict[str, object]]) -> None:
    head = {"type": "name", "properties": {"name": system}}
    lines = ",\n".join(json.dumps(feature, separators=(",", ":")) for feature in features)
    layouts.write_text(
        path,
        f'{{"type":"FeatureCollection","name":"{name}","description":{json.dumps(layouts.NOTE)},'
        f'"crs":{json.dumps(head, separators=(",", ":"))},"features":[\n{lines}\n]}}\n',
    )
