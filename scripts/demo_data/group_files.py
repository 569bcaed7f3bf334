"""The register of charities, invented: what they do, and what they live on."""

from pathlib import Path

from demo_data import layouts
from demo_data.places import WARDS
from demo_data.sites import Site, Sites, list_words

HEADINGS = list_words(
    "date_of_extract organisation_number registered_charity_number linked_charity_number "
    "charity_name charity_type charity_registration_status date_of_registration "
    "date_of_removal charity_reporting_status latest_acc_fin_period_start_date "
    "latest_acc_fin_period_end_date latest_income latest_expenditure "
    "charity_contact_address1 charity_contact_address2 charity_contact_address3 "
    "charity_contact_address4 charity_contact_address5 charity_contact_postcode "
    "charity_contact_phone charity_contact_email charity_contact_web charity_activities"
)
EXTRACTED = "2025-05-01 00:00:00.0"
NO_TELEPHONE = "01632 960000"
# Name, what it does, income in pounds a year; "{}" is the ward.
KINDS = (
    ("Friends of {}", "Looks after the paths and the trees.", 2_400),
    ("{} Lunch Club", "A hot meal together every Thursday.", 7_800),
    ("{} Playgroup", "Play for children under five, and company for who brings them.", 31_000),
)
IN_HALLS = (
    ("{} Community Association", "Runs the hall and lets its rooms.", 64_000),
    ("{} Warm Welcome", "Tea, repairs and company in winter.", 4_100),
)
# Names as people type them: markup and the signs of a formula are letters like any other.
ODD = (
    ("i", "<b>Bold Types</b> Reading Circle", "Reads aloud.", "900"),
    ("i", "=Equal Measures Bakers", "Bakes for neighbours.", "1850"),
    ("i", "+One Befriending", "Visits people who live alone.", "not yet known"),
    ("c", "Harbour Advice & Debt Help", "Advice on debt; ring 01632 960000 to begin.", "182000"),
    ("d", "Paper Mill Food Share", "Shares out what shops have left over.", ""),
)


def write_charities(sites: Sites, venues: list[Site], out: Path) -> None:
    """Write the public extract, tabs between the cells; some charities share a hall's postcode."""
    groups = [
        (sites.take(ward), name.format(WARDS[ward][1]), about, str(income + 37 * number))
        for number, ward in enumerate("abcdefghijkl")
        for name, about, income in KINDS[: 3 - number % 2]
    ]
    groups += [
        (site, name.format(site.ward_name), about, str(income + 1900 * number))
        for number, site in enumerate(venues[3:])
        for name, about, income in IN_HALLS
    ]
    groups += [(sites.take(ward), *rest) for ward, *rest in ODD]
    rows = [HEADINGS]
    for number, (site, name, about, income) in enumerate(groups):
        is_removed = number % 17 == 16
        rows.append([
            EXTRACTED, str(5_990_000 + number), str(9_990_000 + number), "0", name.upper(),
            "CIO" if number % 2 else "Charitable company",
            "Removed" if is_removed else "Registered", f"{1980 + number % 40}-06-01 00:00:00.0",
            "2021-02-01 00:00:00.0" if is_removed else "", "Submission Received",
            "2024-01-01 00:00:00.0", "2024-12-31 00:00:00.0", income, income, site.address,
            site.town, "", "", "", site.postcode.text, NO_TELEPHONE, "who@fableshire.example",
            f"https://group{number}.fableshire.example" if number % 3 else "", about,
        ])  # fmt: skip
    text = "".join("\t".join(row) + "\r\n" for row in rows)
    layouts.write_text(out / "publicextract.charity.txt", text)
