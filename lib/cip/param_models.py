"""The parts of a parameter file: places, publisher, editions, inputs, the steering group."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from cip.catalogue.asset_types import load_asset_types
from cip.errors import find_nearest

Text = Annotated[str, Field(min_length=1, max_length=400)]
LongText = Annotated[str, Field(min_length=1, max_length=2000)]


class Strict(BaseModel):
    """Base of every model here: a key that is not declared is a mistake, not a comment."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class Circle(Strict):
    """Everything within a distance of a point, as the crow flies."""

    centre: Text = Field(
        description="A postcode, 'latitude, longitude', or 'easting, northing' in metres."
    )
    metres: float = Field(gt=0, le=50_000, description="Distance from the centre.")


class Places(Strict):
    """Places in any mix: codes or exact names, postcodes, drawn outlines, circles."""

    FILE_KEYS: ClassVar[tuple[str, ...]] = ("postcode_files", "outlines")

    oas: list[Text] = Field(default=[], description="Output Areas of 2021: codes.")
    lsoas: list[Text] = Field(
        default=[],
        description="Lower layer Super Output Areas, 2021 codes or names; 2011 codes are translated.",
    )
    msoas: list[Text] = Field(
        default=[],
        description="Middle layer Super Output Areas 2021: codes, ONS names or House of Commons Library names.",
    )
    wards: list[Text] = Field(
        default=[],
        description="Electoral wards: codes or exact names; fitted to LSOAs by population.",
    )
    parishes: list[Text] = Field(
        default=[], description="Civil parishes: codes or exact names; fitted by Output Areas."
    )
    districts: list[Text] = Field(
        default=[], description="Local authority districts: codes or exact names."
    )
    postcodes: list[Text] = Field(
        default=[], description="Postcodes in full; each stands for the homes that share it."
    )
    postcode_files: list[Path] = Field(
        default=[], description="CSV files with a column of postcodes, beside the parameter file."
    )
    outlines: list[Path] = Field(
        default=[], description="Drawn outlines: GeoJSON, GeoPackage or KML files."
    )
    circles: list[Circle] = Field(default=[], description="A point and a distance.")

    def is_empty(self) -> bool:
        """Return whether nothing is named."""
        return not any(getattr(self, name) for name in Places.model_fields)

    def list_files(self) -> list[tuple[tuple[str | int, ...], Path]]:
        """Return the files that are named, each with its place in here."""
        return [
            ((name, index), path)
            for name in self.FILE_KEYS
            for index, path in enumerate(getattr(self, name))
        ]


class AreaDefinition(Places):
    """The places that make up the profile area, and those to leave out of it."""

    exclude: Places = Field(default=Places(), description="Places to leave out, in the same words.")

    @model_validator(mode="after")
    def _need_one(self) -> AreaDefinition:
        if self.is_empty():
            raise ValueError(
                "name at least one place: an OA, LSOA, MSOA, ward, parish, district or postcode, "
                "an outline, or a circle"
            )
        return self

    def list_files(self) -> list[tuple[tuple[str | int, ...], Path]]:
        """Return the files that are named, those of the exclusions included."""
        left_out = [(("exclude", *place), path) for place, path in self.exclude.list_files()]
        return super().list_files() + left_out


class Organisation(Strict):
    """Who publishes the profile. A shared mailbox or page, never a person's own address."""

    name: Text = Field(description="Name of the publishing organisation.")
    contact: Text = Field(description="Web page or shared mailbox for questions.")


class Vintages(Strict):
    """Which editions of geography and deprivation the profile uses."""

    lsoa: Literal[2021] = Field(
        default=2021, description="LSOA vintage that the area is built from."
    )
    deprivation: list[Literal[2019, 2025]] = Field(
        default=[2025, 2019],
        min_length=1,
        description="Editions of the Indices of Deprivation to show, never compared with each other.",
    )


class Inputs(Strict):
    """The community's own files, as paths relative to the parameter file."""

    #: Inputs that name further files, relative to their own folder.
    MAPPINGS: ClassVar[tuple[str, ...]] = ("survey", "sector_survey", "scoring")

    assets: Path | None = Field(
        default=None, description="The community's own assets, CSV or XLSX (notebook 03)."
    )
    walkabout: Path | None = Field(
        default=None, description="What was seen on walks through the area, CSV (notebook 03)."
    )
    open_referral: Path | None = Field(
        default=None, description="Services in the form of Open Referral UK, JSON (notebook 03)."
    )
    asset_decisions: Path | None = Field(
        default=None,
        description="Which records of assets are one thing and which are not, CSV (notebook 03).",
    )
    priorities: Path | None = Field(
        default=None, description="What residents named as priorities, CSV (notebook 03)."
    )
    insight: Path | None = Field(
        default=None,
        description="Register of existing insight and consultations, CSV (notebook 01).",
    )
    partners: Path | None = Field(
        default=None, description="Who else is working in the area, CSV (notebook 01)."
    )
    readiness: Path | None = Field(
        default=None, description="Answers to the readiness checklist, CSV (notebook 01)."
    )
    milestones: Path | None = Field(
        default=None,
        description="Milestones and other initiatives with their dates, CSV (notebook 01).",
    )
    steering_group: Path | None = Field(
        default=None,
        description="Members of the steering group by role and organisation, CSV (notebook 01).",
    )
    maturity: Path | None = Field(
        default=None, description="Partners' ratings of place-based working, CSV (notebook 01)."
    )
    service_areas: Path | None = Field(
        default=None,
        description="Other outlines of the place to compare with, GeoJSON or GeoPackage (notebook 01).",
    )
    engagement: Path | None = Field(
        default=None, description="What was done to hear people, CSV (notebook 04)."
    )
    good_project: Path | None = Field(
        default=None,
        description="Answers to the checklist of a good engagement project, CSV (notebook 04).",
    )
    survey: Path | None = Field(
        default=None,
        description="Which column of the survey's files is which question, YAML (notebook 04).",
    )
    sector_survey: Path | None = Field(
        default=None,
        description="The same for a survey of community and voluntary groups, YAML (notebook 04).",
    )
    codebook: Path | None = Field(
        default=None, description="Themes and what they mean, CSV or .qdc (notebook 04)."
    )
    excerpts: Path | None = Field(
        default=None,
        description="Coded excerpts: a CSV or .qdpx file, or a folder with one for each coder "
        "(notebook 04).",
    )
    quotes: Path | None = Field(
        default=None,
        description="Which excerpts a person has cleared for quotation, CSV (notebook 04).",
    )
    case_studies: Path | None = Field(
        default=None, description="Folder of stories told with consent, Markdown (notebook 04)."
    )
    narrative: Path | None = Field(
        default=None, description="Folder of the analyst's own text, Markdown (notebook 05)."
    )
    recommendations: Path | None = Field(
        default=None,
        description="Recommendations with the evidence that each cites, CSV (notebook 05).",
    )
    publishing: Path | None = Field(
        default=None, description="Answers to the publishing checklist, CSV (notebook 05)."
    )
    comments: Path | None = Field(
        default=None, description="Reviewers' comments and the answers to them, CSV (notebook 05)."
    )
    sign_off: Path | None = Field(
        default=None, description="Who agreed to publication, and when, CSV (notebook 05)."
    )
    actions: Path | None = Field(
        default=None, description="The action plan, CSV or XLSX (notebook 05)."
    )
    action_log: Path | None = Field(
        default=None, description="Updates on the actions, CSV (notebook 05)."
    )
    scoring: Path | None = Field(
        default=None,
        description="Rounds of scoring: criteria, weights and where the scores are, YAML "
        "(notebook 05).",
    )
    grants: Path | None = Field(default=None, description="Register of grants, CSV (notebook 05).")
    logic_model: Path | None = Field(
        default=None, description="What leads to what, and why, YAML (notebook 05)."
    )
    outcomes: Path | None = Field(
        default=None, description="Baseline and follow-up measurements, CSV (notebook 05)."
    )
    kpis: Path | None = Field(
        default=None, description="Key performance indicators with their values, CSV (notebook 05)."
    )
    effects: Path | None = Field(
        default=None, description="Effects that nobody intended, good and bad, CSV (notebook 05)."
    )


class AssetSettings(Strict):
    """How far notebook 03 looks for assets, and what it measures reach to."""

    margin_m: Annotated[float, Field(ge=0, le=10_000)] = Field(
        default=1_600,
        description="How far outside the area assets are still looked for, in metres: residents "
        "use what lies across a boundary.",
    )
    distances_m: list[Annotated[float, Field(gt=0, le=20_000)]] = Field(
        default=[400, 800, 1200], min_length=1, description="Walking distances, in metres."
    )
    minutes: list[Annotated[float, Field(gt=0, le=120)]] = Field(
        default=[10, 15], description="Walking times, in minutes."
    )
    reach_types: list[Text] = Field(
        default=[],
        description="Types of asset to measure reach to; left out, those of the catalogue that "
        "are meant for it.",
    )
    gap_m: Annotated[float, Field(gt=0, le=20_000)] = Field(
        default=1_200, description="Beyond this walking distance people count as not reached."
    )
    stale_after_months: Annotated[int, Field(ge=1, le=120)] = Field(
        default=24, description="After how many months a check of an asset is out of date."
    )

    @field_validator("reach_types")
    @classmethod
    def _reach_known_types(cls, names: list[str]) -> list[str]:
        for name in names:
            if name not in load_asset_types():
                near = find_nearest(name, load_asset_types())
                hint = f" The nearest is '{near}'." if near else ""
                raise ValueError(f"there is no type of asset '{name}'.{hint}")
        return names

    @model_validator(mode="after")
    def _look_as_far_as_reach(self) -> AssetSettings:
        furthest = max([*self.distances_m, self.gap_m])
        if self.margin_m < furthest:
            raise ValueError(
                f"margin_m is {self.margin_m:g}, but reach is measured to {furthest:g} m: assets "
                "outside the area would be missed"
            )
        return self


class EngagementSettings(Strict):
    """What the engagement is for, and how far its results may be broken down."""

    purposes: list[Literal["needs", "inequalities", "services", "local_democracy"]] = Field(
        default=[], description="Roles of engagement that this one has; see the catalogue."
    )
    rung_aimed_for: Annotated[int, Field(ge=1, le=7)] | None = Field(
        default=None, description="Rung of the ladder of participation that was aimed for, 1 to 7."
    )
    rung_reached: Annotated[int, Field(ge=1, le=7)] | None = Field(
        default=None, description="Rung that was reached, as the steering group sees it, 1 to 7."
    )
    seldom_heard: list[Text] = Field(
        default=[],
        description="Groups that the plan set out to hear, as 'characteristic: group', such as "
        "'age: 16_24'.",
    )
    least_people: Annotated[int, Field(ge=3, le=50)] = Field(
        default=5,
        description="A theme or group with fewer people than this is counted as few, never shown.",
    )


class Publication(Strict):
    """Which version of the profile this is."""

    version: Text = Field(default="0.1", description="Number of the version, as in '1.0'.")
    status: Literal["draft", "for review", "final"] = Field(
        default="draft",
        description="How far the profile is; 'final' needs the checklist, comments and sign-off.",
    )


class SteeringGroupSettings(Strict):
    """What the Terms of Reference say; a value left out is printed as a proposal or a gap."""

    name: Text | None = Field(
        default=None, description="Name of the group; left out, it is named after the area."
    )
    purpose: LongText | None = Field(
        default=None, description="What the group is for, in its own words."
    )
    scope: LongText | None = Field(
        default=None, description="What the group looks at and what it leaves to others."
    )
    chair_role: Text | None = Field(
        default=None, description="Role and organisation that chairs, never a person's name."
    )
    secretary_role: Text | None = Field(
        default=None, description="Role and organisation that takes notes, never a person's name."
    )
    meeting_frequency: Text = Field(
        default="once every two months", description="How often the group meets, as in 'monthly'."
    )
    meeting_minutes: Annotated[int, Field(ge=15, le=480)] = Field(
        default=90, description="How long a meeting lasts, in minutes."
    )
    quorum: Text = Field(
        default="half of the seats that vote, at least one of them a resident's",
        description="Who must be there for a decision to count.",
    )
    decisions: Text = Field(
        default="by agreement; where there is none, by a majority of the seats that vote",
        description="How the group decides.",
    )
    conflicts: LongText | None = Field(
        default=None, description="What a member with a conflict of interest does."
    )
    data_protection_contact: Text | None = Field(
        default=None, description="Shared mailbox or web page for questions about personal data."
    )
    review_months: Annotated[int, Field(ge=1, le=60)] = Field(
        default=12, description="After how many months the terms are looked at again."
    )
