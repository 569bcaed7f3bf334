"""Where publishers offer their products, in which form, and how each address is known.

The entries are in the ``downloads`` of a source, and in ``downloads.toml`` beside this module.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Evidence = Literal["fetched", "quoted in public code", "from memory"]


class _Offer(BaseModel):
    """What every download says.

    Parameters
    ----------
    address
        Where to ask. ``{date}`` stands for a day, ``{month}`` for a month (see the kinds).
    file_name
        Name of the file that is kept; unique among all downloads.
    product
        The product that the file feeds; only in ``downloads.toml``.
    also
        Other products that the same file feeds.
    max_bytes
        What is larger than this is not downloaded.
    is_default
        Whether it is downloaded when no product is named. Large files are not.
    for_areas
        Taken in place of the product's other downloads when areas are chosen.
    evidence
        ``fetched`` once somebody has had the file from that address.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    address: str
    file_name: str = Field(pattern=r"^[a-z0-9][\w.-]*$")
    product: str = ""
    also: list[str] = []
    max_bytes: int = 200_000_000
    is_default: bool = True
    for_areas: bool = False
    evidence: Evidence


class FileDownload(_Offer):
    """One file.

    Parameters
    ----------
    days_back
        For an address with ``{date}``: how many days before today are tried.
    members
        Of a zip archive, the names to keep (``*`` stands for any text); the rest is left out.
    sha256, checksum_ending
        What the content must hash to; or what to add to the address to get the MD5 that the
        publisher gives.
    mark
        Text that the first bytes of a file must hold, for files that the store does not read.
    """

    kind: Literal["file", "zip"]
    days_back: int = 0
    members: list[str] = []
    sha256: str = Field("", pattern=r"^([0-9a-f]{64})?$")
    checksum_ending: str = ""
    mark: str = ""


class ArcgisDownload(_Offer):
    """A feature service, asked page by page. With ``points`` rows get their point as x and y."""

    kind: Literal["arcgis"]
    where: str = "1=1"
    out_fields: str = "*"
    out_sr: int = 4326
    page_rows: int = 2000
    points: bool = False


class NomisDownload(_Offer):
    """A dataset of the Nomis API as CSV, 25,000 rows at a time.

    Parameters
    ----------
    params
        The query; ``geography`` is one of its keys.
    area_geography
        The geography to ask for when areas are chosen, for each of them; ``{area}`` is its code.
    always
        Geography that is asked for besides the chosen areas.
    """

    kind: Literal["nomis"]
    params: dict[str, str]
    area_geography: list[str] = ["{area}", "{area}TYPE151"]
    always: list[str] = ["E92000001"]
    page_rows: int = 25_000


class FingertipsDownload(_Offer):
    """Indicators of the Fingertips API as CSV, some indicators and one type of area at a time."""

    kind: Literal["fingertips"]
    indicators: list[int] = Field(min_length=1)
    area_types: list[int] = Field(min_length=1)
    parent_area_type: int = 15
    batch: int = 10


class GovukDownload(_Offer):
    """The attachment of a GOV.UK page, found through the page's own description of itself.

    Parameters
    ----------
    document
        For a collection: a pattern for the titles of its documents; the newest one is taken.
    attachment
        A pattern for the attachment's file name or title.
    """

    kind: Literal["govuk"]
    document: str = ""
    attachment: str


class OsDownload(_Offer):
    """A product of the OS Downloads API, which gives the size and the MD5 of each file."""

    kind: Literal["os_downloads"]
    area: str
    format: str


class OverpassDownload(_Offer):
    """A question to OpenStreetMap's Overpass API; the answer becomes a table of places."""

    kind: Literal["overpass"]
    query: str
    tags: list[str]


class PoliceDownload(_Offer):
    """Street crime from the archive of data.police.uk: only the months and forces asked for."""

    kind: Literal["police"]
    dates_address: str
    forces: list[str] = Field(min_length=1)
    months: int = Field(12, ge=1, le=36)


Download = Annotated[
    FileDownload
    | ArcgisDownload
    | NomisDownload
    | FingertipsDownload
    | GovukDownload
    | OsDownload
    | OverpassDownload
    | PoliceDownload,
    Field(discriminator="kind"),
]


class KeptFile(BaseModel):
    """A product that is downloaded and kept as a file, because the store does not read it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    publisher: str
    licence: str
    licence_url: str
    attribution: str
    landing_url: str


class DownloadCatalogue(BaseModel):
    """Everything that ``downloads.toml`` declares.

    ``pauses_s`` is the least number of seconds between two requests to a host.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    pauses_s: dict[str, float]
    kept_files: dict[str, KeptFile] = {}
    downloads: list[Download] = []
