"""Schools, libraries, stops, community centres and polling stations of the invented county."""

import io
from csv import QUOTE_ALL, writer
from pathlib import Path

from demo_data import layouts
from demo_data.county import County
from demo_data.national_grid import convert_to_longlat
from demo_data.places import WARDS
from demo_data.sites import Site, Sites, list_words

CENTRES, POLLING, LIBRARIES = "acdefhiil", "abcdefghijl", "bcfij"
STOPS_IN_WARD = 5
NOBODY, NO_TELEPHONE = "Nobody", "01632 960000"
GIAS = list_words(
    "URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,"
    "TypeOfEstablishment (name),EstablishmentStatus (name),OpenDate,CloseDate,"
    "PhaseOfEducation (name),SchoolCapacity,LastChangedDate,Street,Locality,Address3,"
    "Town,County (name),Postcode,SchoolWebsite,TelephoneNum,HeadTitle (name),"
    "HeadFirstName,HeadLastName,Easting,Northing,LSOA (code)",
    ",",
)
NAPTAN = list_words(
    "ATCOCode,NaptanCode,PlateCode,CleardownCode,CommonName,ShortCommonName,Landmark,"
    "Street,Crossing,Indicator,Bearing,NptgLocalityCode,LocalityName,ParentLocalityName,"
    "Town,Suburb,LocalityCentre,GridType,Easting,Northing,Longitude,Latitude,StopType,"
    "BusStopType,TimingStatus,Notes,AdministrativeAreaCode,CreationDateTime,"
    "ModificationDateTime,RevisionNumber,Modification,Status",
    ",",
)


def write_venues(sites: Sites, out: Path) -> list[Site]:
    """Write community centres and polling stations, many of which are the same halls."""
    centres = [sites.take(ward) for ward in CENTRES]
    rows: list[layouts.Row] = [
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
    for number, site in enumerate(centres, start=1):
        longitude, latitude = convert_to_longlat(*site.point)
        # One row without the brackets at its end, as happens when somebody types it.
        point = f"({latitude}, {longitude})" if number != len(centres) else "see the map"
        where = f"{site.address} {site.postcode.text}. {site.town}\nUK\n{point}"
        name = _name_centre(number, site)
        scheme = "https" if number % 2 else "http"
        rows.append([
            name, where, NO_TELEPHONE, f"hall{number}@fableshire.example",
            f"{scheme}://hall{number}.fableshire.example", "<p>Main hall <b>120</b></p>", NOBODY,
        ])  # fmt: skip
    layouts.write_csv(out / "community-centres.csv", rows)
    _write_polling(sites, centres, out)
    return centres


def _name_centre(number: int, site: Site) -> str:
    kind = "Village Hall" if site.ward in "jkl" else "Community Centre"
    return f"{site.ward_name} {kind}" if number != 8 else "The Tannery Hall"


def _write_polling(sites: Sites, centres: list[Site], out: Path) -> None:
    rows: list[layouts.Row] = [["Polling Station", "Address", "Lattitude", "Longitude"]]
    by_ward = {site.ward: (_name_centre(n, site), site) for n, site in enumerate(centres, start=1)}
    for number, ward in enumerate(POLLING):
        name, site = by_ward.get(ward, (f"{WARDS[ward][1]} Church Room", None))
        site = site or sites.take(ward)
        if number % 3 == 0:
            name = name.replace("Community Centre", "Comm. Centre (main hall)")
        longitude, latitude = convert_to_longlat(*site.point)
        # One pair the wrong way round: it is found out, and the postcode stands in.
        pair = (latitude, longitude) if number != 5 else (longitude, latitude)
        address = f"{name} {site.address} {site.town} {site.postcode.text}\n"
        rows.append([name, address, str(pair[0]), f" {pair[1]}"])
    layouts.write_csv(out / "polling-stations.csv", rows)


def write_schools(county: County, sites: Sites, out: Path) -> list[Site]:
    """Write the register of schools in Windows-1252: all columns quoted, one school without a point."""
    lsoas = {cell: area.code for area in county.places.lsoas_2021 for cell in area.cells}
    kinds = (
        ("Primary School", "Community school", "Primary", 210),
        ("Infant School and École", "Voluntary aided school", "Primary", 120),
    )
    schools = [(sites.take(ward), *kind) for ward in "abcdefghijkl" for kind in kinds]
    towns = (("e", "Inkwell Academy"), ("i", "Teaspoon Academy"))
    schools += [
        (sites.take(ward), name, "Academy converter", "Secondary", 900) for ward, name in towns
    ]
    schools.append((sites.take("c"), "Quay College", "Further education", "16 plus", 1500))
    schools.append(
        (sites.take("d"), "Mill Nursery", "Local authority nursery school", "Nursery", 60)
    )
    rows: list[list[str]] = [GIAS]
    for number, (site, name, kind, phase, capacity) in enumerate(schools):
        full = name if " " in name and name.split()[-1] in ("Academy", "College", "Nursery") else (
            f"{site.ward_name} {name}"
        )  # fmt: skip
        x, y = (str(round(axis)) for axis in site.point)
        is_lost, is_closed = number == 20, number == 11
        rows.append([
            str(999001 + number), "999", "Fableshire", str(2000 + number), full, kind,
            "Closed" if is_closed else "Open", "01-09-1990", "31-08-2022" if is_closed else "", phase,
            str(capacity + 15 * (number % 4)), f"{number % 28 + 1:02}-04-2025", site.address, "", "",
            site.town, "Fableshire", site.postcode.text,
            f"https://school{number}.fableshire.example", NO_TELEPHONE, "", NOBODY, NOBODY,
            "0" if is_lost else x, "0" if is_lost else y,
            "999999999" if is_lost else lsoas[site.postcode.cell],
        ])  # fmt: skip
    buffer = io.StringIO()
    writer(buffer, lineterminator="\r\n", quoting=QUOTE_ALL).writerows(rows)
    (out / "gias-schools.csv").write_bytes(buffer.getvalue().encode("cp1252"))
    return [site for site, *_ in schools]


def write_libraries(sites: Sites, venues: list[Site], out: Path) -> None:
    """Write libraries; the one in the ward of "i" shares a building with a community centre."""
    rows: list[layouts.Row] = [
        list_words(
            "name id authority_id address postcode lat lng type closed closed_year opened_year "
            "hours staffhours url email"
        )
    ]
    for number, ward in enumerate(LIBRARIES, start=1):
        shared = next((site for site in venues if site.ward == ward), None)
        site = shared if ward == "i" and shared else sites.take(ward)
        longitude, latitude = convert_to_longlat(*site.point)
        closed = ("XL", "2016") if number == 3 else ("", "")
        rows.append([
            f"{site.ward_name} Library", 9900 + number, 999, f"{site.address}, {site.town}",
            site.postcode.text.replace(" ", ""), str(latitude), str(longitude), "LAL", *closed, "",
            "32.00", "20.00", "https://libraries.fableshire.example", "books@fableshire.example",
        ])  # fmt: skip
    layouts.write_csv(out / "libraries.csv", rows, line_end="\r\n")


def write_stops(near: list[Site], sites: Sites, out: Path) -> None:
    """Write bus stops: a pair by each hall and school, and some more in every ward."""
    alone = [sites.take(ward) for ward in "abcdefghijkl" for _ in range(STOPS_IN_WARD)]
    rows: list[layouts.Row] = [NAPTAN]
    sides = [(site, way) for site in [*near[::3], *alone] for way in ("opp", "adj")]
    for number, (site, way) in enumerate(sides, start=1):
        shift = 12 if way == "opp" else -12
        x, y = round(site.point[0]) + shift, round(site.point[1]) + shift
        longitude, latitude = convert_to_longlat(x, y)
        status = "inactive" if number % 25 == 0 else "active"
        kind = "BCT" if number % 40 else "BCE"
        rows.append([
            f"9990{number:05}", f"fab{number:04}", "", "", site.street, "", "", site.street, "", way,
            "N", "", site.ward_name, site.town, "", "", "", "UKOS", x, y, str(longitude),
            str(latitude), kind, "MKD", "OTH", "", "999", "2009-08-25T00:00:00",
            "2025-03-01T00:00:00", 1, "rev", status,
        ])  # fmt: skip
    # A code that no edition knows, a taxi rank, and a stop with both coordinates 0.
    odd = (("XYZ", 1, "active"), ("TXR", 1, "active"), ("BCT", 0, "pending"), ("BCT", 0, "active"))
    for number, (kind, factor, status) in enumerate(odd, start=len(sides) + 1):
        site = sites.take("i")
        x, y = (round(axis) * factor for axis in site.point)
        rows.append([
            f"9990{number:05}", f"fab{number:04}", "", "", "Market Cross", "", "", site.street, "",
            "", "N", "", site.ward_name, site.town, "", "", "", "UKOS", x, y, "", "", kind, "MKD",
            "OTH", "", "999", "2009-08-25T00:00:00", "2025-03-01T00:00:00", 1, "rev", status,
        ])  # fmt: skip
    layouts.write_csv(out / "naptan-stops.csv", rows, line_end="\r\n")
