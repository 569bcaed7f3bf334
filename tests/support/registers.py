"""Invented registers of places, in the forms of the bodies that keep them.

Every form has the columns that name people or give their telephone, as the genuine ones do, so
that it can be seen that none of them gets into a store.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
from shapely.geometry import Point, box

from cip.catalogue.sources import Source

from .county import AREAS, SmallArea, name_area
from .web import make_zip

#: Nobody of this name lives here.
PERSON, TELEPHONE = "Aurelia Quillfeather", "01632960001"


def write_greenspace() -> bytes:
    """Return the zip archive of OS Open Greenspace: Shapefiles of sites and of ways into them."""
    points = [find_point(area) for area in AREAS]
    numbers = [f"00000000-0000-0000-0000-{area.number:012}" for area in AREAS]
    sites = gpd.GeoDataFrame(
        {
            "id": numbers,
            "function": ["Play Space", "Public Park Or Garden"] * (len(AREAS) // 2)
            + ["Cemetery"] * (len(AREAS) % 2),
            "distName1": [None if area.number % 2 else f"Green {area.number}" for area in AREAS],
        },
        geometry=[box(x, y, x + 100, y + 200) for x, y in points],
        crs=27700,
    )
    gates = gpd.GeoDataFrame(
        {"id": numbers, "accessType": "Pedestrian", "refToGSite": numbers},
        geometry=[Point(*point) for point in points],
        crs=27700,
    )
    folder = "OS Open Greenspace/data/"
    with tempfile.TemporaryDirectory() as made:
        for name, frame in (("SP_GreenspaceSite", sites), ("SP_AccessPoint", gates)):
            frame.to_file(Path(made) / f"{name}.shp")
        files = {folder + p.name: p.read_bytes() for p in sorted(Path(made).iterdir())}
    return make_zip({**files, "OS Open Greenspace/doc/licence.txt": "Open Government Licence"})


def find_point(area: SmallArea) -> tuple[int, int]:
    """Return easting and northing of a place in an area."""
    return 448_000 + 1_400 * area.number, 205_000


def postcode(area: SmallArea) -> str:
    return f"OX{area.number + 1} 9ZZ"


def write_schools(source: Source) -> bytes:
    rows = []
    for area in AREAS:
        x, y = find_point(area)
        rows.append(
            {
                "URN": 100000 + area.number,
                "LA (code)": 931,
                "LA (name)": "Oxfordshire",
                "EstablishmentName": f"School {area.number}",
                "TypeOfEstablishment (name)": "Community school",
                "EstablishmentStatus (name)": "Closed" if area.number == 5 else "Open",
                "OpenDate": "01-09-1990",
                "CloseDate": "31-08-2020" if area.number == 5 else "",
                "PhaseOfEducation (name)": "Primary",
                "Street": "High Street",
                "Locality": "",
                "Address3": "",
                "Town": name_area(area.district),
                "Postcode": postcode(area),
                "TelephoneNum": TELEPHONE,
                "HeadLastName": PERSON,
                "Easting": x,
                "Northing": y,
                "LSOA (code)": area.lsoa21,
                "LastChangedDate": "02-02-2026",
            }
        )
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("cp1252")


def make_ods_writer(prefix: str, role: str) -> Callable[[Source], bytes]:
    """Return a writer of an ODS report: 27 columns, and no headings."""

    def write(source: Source) -> bytes:
        lines = []
        for area in AREAS:
            place = f"{prefix}{area.number:0{6 - len(prefix)}}" if len(prefix) == 1 else prefix
            cells = [place, f"{role} {area.number}", "Y59", "QU9", "1 High Street", "", "Oxford"]
            cells += ["Oxfordshire", "", postcode(area), "19740401", "", "ACTIVE"]
            cells += ["", "10Q", "", "", TELEPHONE, "", "", "", "", "", "", "", role, ""]
            lines.append(",".join(f'"{cell}"' for cell in cells))
        return ("\r\n".join(lines) + "\r\n").encode()

    return write


def write_pharmacies(source: Source) -> bytes:
    content = make_ods_writer("K", "RO182")(source).decode()
    for area in AREAS:
        content = content.replace(f'"K{area.number:05}"', f'"FA{area.number:03}"')
    return content.encode()


def write_stops(source: Source) -> bytes:
    lines = [
        "ATCOCode,NaptanCode,CommonName,Street,Indicator,LocalityName,Easting,Northing,Longitude,"
        "Latitude,StopType,CreationDateTime,ModificationDateTime,Status"
    ]
    for area in AREAS:
        x, y = find_point(area)
        lines.append(
            f"340000{area.number:03},oxf,Church,High Street,opp,Oxford,{x},{y},{area.west},51.75,"
            "BCT,2009-08-25T00:00:00,2025-01-01T00:00:00,active"
        )
    return ("\n".join(lines) + "\n").encode()


def write_charities(source: Source) -> bytes:
    headings = [
        "date_of_extract", "organisation_number", "registered_charity_number",
        "linked_charity_number", "charity_name", "charity_type", "charity_registration_status",
        "date_of_registration", "date_of_removal", "charity_contact_postcode",
        "charity_contact_phone", "charity_activities",
    ]  # fmt: skip
    lines = ["\t".join(headings)]
    for area in AREAS:
        for linked in (0, 1):
            cells = ["2026-03-01", f"{area.number}{linked}", f"{200000 + area.number}", f"{linked}"]
            cells += [f"CHARITY {area.number}", "Trust", "Registered", "1990-05-01", ""]
            cells += [postcode(area), TELEPHONE, "HELPS PEOPLE NEARBY"]
            lines.append("\t".join(cells))
    return make_zip({"publicextract.charity.txt": "\n".join(lines) + "\n"})


def write_centres(source: Source) -> bytes:
    """Return a city's list of community centres, with the columns that must never be read."""
    rows = [
        [
            "Name",
            "Location",
            "Phone",
            "Email",
            "Website",
            "Room Hire Information",
            "Bookings Contact",
        ]
    ]
    for area in AREAS:
        where = f"1 High Street {postcode(area)}. Oxford\nUK\n(51.75, {area.west})"
        contact = [TELEPHONE, "a@b.example", "https://hall.example", f"<p>{PERSON}</p>", PERSON]
        rows.append([f"Hall {area.number}", where, *contact])
    return _write_rows(rows)


def write_polling(source: Source) -> bytes:
    rows = [["Polling Station", "Address", "Lattitude", "Longitude"]]
    rows += [
        [f"Hall {a.number}", f"Hall {a.number} Oxford {postcode(a)}\n", "51.75", f" {a.west}"]
        for a in AREAS
    ]
    return _write_rows(rows)


def write_recycling(source: Source) -> bytes:
    rows = [["Address", "Lattitude", "Longitude", "Glass", "Cans", "Plastic", "Paper"]]
    rows += [
        [f"{a.number} Close  {postcode(a)}", "51.75", str(a.west), "Yes", "No", "No", "No"]
        for a in AREAS
    ]
    return _write_rows(rows)


def write_car_parks(source: Source) -> bytes:
    headings = "Site and location,Lattitude,Longitude,Category,Post code,Directions,"
    rows = [f"{headings}Additional information,Parking Spaces".split(",")]
    for area in AREAS:
        ring = f"Ring {TELEPHONE}"
        place = [f"Car park {area.number}", "51.75", str(area.west), "Suburban", postcode(area)]
        rows.append([*place, ring, ring, str(20 * area.number)])
    return _write_rows(rows)


def write_food_banks(source: Source) -> bytes:
    """Return points without properties."""
    features = [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "Point", "coordinates": [area.west, 51.75]},
        }
        for area in AREAS
    ]
    return json.dumps(
        {"type": "FeatureCollection", "name": "food-banks", "features": features}
    ).encode()


def _write_rows(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


WRITERS: dict[str, Callable[[Source], bytes]] = {
    "places_schools": write_schools,
    "places_gp": make_ods_writer("K", "RO76"),
    "places_pharmacy": write_pharmacies,
    "places_dentist": make_ods_writer("V", "RO110"),
    "places_stops": write_stops,
    "places_charities": write_charities,
    "places_community_centres": write_centres,
    "places_polling_stations": write_polling,
    "places_recycling": write_recycling,
    "places_car_parks": write_car_parks,
    "places_food_banks": write_food_banks,
}
