"""Registers of services, groups and green spaces, each in the layout of those who keep such lists.

Some things are in two lists under two names, some rows are wrong in ways that real ones are: the
readers tell of them and use the rest.
"""

from collections.abc import Iterable
from pathlib import Path

from demo_data import layouts
from demo_data.county import County
from demo_data.geography_files import name_postcode
from demo_data.group_files import write_charities
from demo_data.land_files import write_food_banks, write_green_spaces
from demo_data.national_grid import convert_to_longlat
from demo_data.places import COUNTRY, WARD_MAP, WARDS
from demo_data.public_files import write_libraries, write_schools, write_stops, write_venues
from demo_data.sites import Postcode, Site, Sites, list_words

# Everything but Blotting Paper Isle, where nobody keeps a surgery.
PEOPLED = "abcdefghijkl"
NO_TELEPHONE = "01632 960000"  # a number that is kept free for drama
NO_POINT_EVERY = 97


def write_all_assets(county: County, out: Path) -> None:
    """Write the files."""
    sites = Sites(county)
    _write_postcode_points(sites.postcodes, out)
    _write_ods(sites, out)
    _write_hospitals(sites, out)
    venues = write_venues(sites, out)
    schools = write_schools(county, sites, out)
    write_libraries(sites, venues, out)
    write_stops([*venues, *schools], sites, out)
    write_charities(sites, venues, out)
    write_food_banks(sites, out)
    write_green_spaces(sites, out)


def _write_postcode_points(postcodes: list[Postcode], out: Path) -> None:
    """Write Code-Point Open: no headings, quality 90 and zeros where there is no point."""
    lines = []
    for postcode in postcodes:
        column, row = postcode.cell
        district = WARDS[WARD_MAP[len(WARD_MAP) - 1 - row][column]][2][0]
        quality, (x, y) = 10, postcode.point
        if postcode.number % NO_POINT_EVERY == NO_POINT_EVERY - 1:
            quality, x, y = 90, 0, 0
        outward, inward = name_postcode(postcode.number)
        lines.append(
            f'"{outward} {inward}",{quality},{x:.0f},{y:.0f},"{COUNTRY[0]}","","","",'
            f'"{district}",""\n'
        )
    layouts.write_text(out / "codepoint-open_zz.csv", "".join(lines))


def _write_ods(sites: Sites, out: Path) -> None:
    """Write surgeries, pharmacies and dentists: 27 columns without headings, all in quotes."""
    surgeries = [
        _list_ods(f"Z{90001 + n}", f"{site.ward_name} Surgery", site, "ACTIVE", "RO76")
        for n, site in enumerate(map(sites.take, PEOPLED))
    ]
    # One row of an older edition, one that closed, one that rests, and one that is no surgery.
    more = [
        ("Z90021", "The Old Ferry Surgery", "d", "INACTIVE", "RO76"),
        ("Z90022", "Teaspoon Common Walk-in Centre", "i", "ACTIVE", "RO87"),
        ("Z90023", "Harbour Branch Surgery", "c", "A", "RO76"),
        ("Z90024", "Island Surgery", "b", "DORMANT", "RO76"),
        ("Z90025", "Fableshire Hospice Prescribing", "h", "ACTIVE", "RO72"),
    ]
    surgeries += [
        _list_ods(c, name, sites.take(w), status, role) for c, name, w, status, role in more
    ]
    _write_quoted(out / "ods-epraccur.csv", surgeries)
    chemists = [
        _list_ods(f"FZ{n:03}", f"{site.ward_name} Pharmacy", site, "A" if n % 5 else "C")
        for n, site in enumerate(map(sites.take, PEOPLED * 2), start=1)
    ]
    _write_quoted(out / "ods-edispensary.csv", chemists)
    dentists = [
        _list_ods(f"V{99001 + n}", f"{site.ward_name} Dental Practice", site, "A")
        for n, site in enumerate(map(sites.take, PEOPLED[::2] + "ii"))
    ]
    _write_quoted(out / "ods-egdpprac.csv", dentists)


def _list_ods(code: str, name: str, site: Site, status: str, role: str = "") -> list[str]:
    closed = "20240331" if status in ("C", "INACTIVE") else ""
    cells = [code, name.upper(), "Z99", "Z98", site.address.upper(), "", "", site.town.upper(), ""]
    opened = "20010401" if int(code[-1]) % 4 else "20241104"
    cells += [site.postcode.text, opened, closed, status, "B", "Z97", "20130401", ""]
    return [*cells, NO_TELEPHONE, "", "", "", "0", "", "Z97", "", role, ""]


def _write_quoted(path: Path, rows: Iterable[list[str]]) -> None:
    lines = (",".join(f'"{cell}"' for cell in row) + "\r\n" for row in rows)
    layouts.write_text(path, "".join(lines))


def _write_hospitals(sites: Sites, out: Path) -> None:
    """Write the NHS website's list: a not-sign between the cells, in Latin-1."""
    headings = list_words(
        "OrganisationID OrganisationCode OrganisationType SubType Sector "
        "OrganisationStatus IsPimsManaged OrganisationName Address1 Address2 Address3 "
        "City County Postcode Latitude Longitude ParentODSCode ParentName Phone Email "
        "Website Fax"
    )
    rows = [headings]
    for number, (ward, name) in enumerate(
        (("c", "Fableshire General Hospital"), ("j", "Clockwork Cottage Hospital")), start=1
    ):
        site = sites.take(ward)
        longitude, latitude = convert_to_longlat(*site.point)
        cells = [str(number), f"RZZ{number:02}", "Hospital", "Hospital", "NHS Sector", "Visible"]
        cells += ["True", name, "", site.address, "", site.town, "Fableshire", site.postcode.text]
        cells += [str(latitude), str(longitude), "RZZ", "Fableshire Invented Trust", NO_TELEPHONE]
        rows.append([*cells, "", f"https://hospital{number}.fableshire.example/", ""])
    text = "".join("¬".join(row) + "\n" for row in rows)
    (out / "nhs-hospitals.csv").write_bytes(text.encode("latin-1"))
