"""The parameter file of one area: what it may say, and how a mistake in it is reported."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator, model_validator
from ruamel.yaml import YAML

from cip.catalogue.indicators import load_indicators
from cip.catalogue.need import NeedSettings
from cip.catalogue.sources import load_sources
from cip.errors import ParameterError, Problem, find_nearest
from cip.param_models import (
    AreaDefinition,
    AssetSettings,
    EngagementSettings,
    Inputs,
    Organisation,
    Publication,
    SteeringGroupSettings,
    Strict,
    Text,
    Vintages,
)
from cip.yaml_file import describe_error, read_yaml, to_plain, walk_lines

#: The five stages in the order in which they run; a stage's notebook is ``NN_<stage>.ipynb``.
STAGES = ("geography", "data_profile", "asset_map", "engagement_analysis", "summary")

Stage = Literal["geography", "data_profile", "asset_map", "engagement_analysis", "summary"]


class AreaParams(Strict):
    """Everything that a parameter file may say."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,58}[a-z0-9]$")] = Field(
        description="Short name of the area: lower case letters, digits and hyphens; names its output folder."
    )
    title: Text = Field(description="Name of the area as residents would say it.")
    profile_kind: Literal["ward", "parish", "neighbourhood", "town", "bespoke", "demonstration"] = (
        Field(description="What kind of place this is.")
    )
    area: AreaDefinition = Field(description="The places that make up the area.")
    comparators: list[Text] = Field(
        default=["similar", "district", "county", "england"],
        description="What the area is compared with: similar (places of the same kind elsewhere), "
        "district, county, region, england, or codes or names of districts or wards.",
    )
    vintages: Vintages = Field(
        default=Vintages(), description="Editions of geography and deprivation."
    )
    stages: list[Stage] = Field(
        default=list(STAGES), min_length=1, description="Stages wanted; each needs those before it."
    )
    organisation: Organisation = Field(description="Who publishes the profile.")
    licence: Text = Field(
        default="Open Government Licence v3.0",
        description="Licence under which the report is published.",
    )
    report_date: date | None = Field(
        default=None, description="Date printed on the report; left out, the day of the run."
    )
    steering_group: SteeringGroupSettings = Field(
        default=SteeringGroupSettings(),
        description="What the Terms of Reference of the steering group say.",
    )
    inputs: Inputs = Field(default=Inputs(), description="The community's own files.")
    need: NeedSettings = Field(
        default=NeedSettings(), description="How areas are ranked by need (notebook 01)."
    )
    assets: AssetSettings = Field(
        default=AssetSettings(), description="How assets are looked for and reach is measured."
    )
    publication: Publication = Field(
        default=Publication(), description="Which version of the profile this is (notebook 05)."
    )
    engagement: EngagementSettings = Field(
        default=EngagementSettings(), description="What the engagement is for (notebook 04)."
    )
    leave_out: list[Text] = Field(
        default=[],
        description="Indicators, or products with all of their indicators, that the profile does "
        "not show.",
    )
    protect: dict[str, Literal["nhs", "under_5", "none"]] = Field(
        default={},
        description="Rule against disclosure for each product whose counts no publisher has "
        "protected, such as crime_street: under_5.",
    )

    @field_validator("protect")
    @classmethod
    def _protect_known_products(cls, protect: dict[str, str]) -> dict[str, str]:
        for name in protect:
            _check_known(name, "product", load_sources())
        return protect

    @field_validator("leave_out")
    @classmethod
    def _leave_out_known_names(cls, names: list[str]) -> list[str]:
        for name in names:
            _check_known(name, "product or indicator", {**load_sources(), **load_indicators()})
        return names

    @model_validator(mode="after")
    def _stages_in_order(self) -> AreaParams:
        wanted = [s for s in STAGES if s in self.stages]
        if wanted != list(STAGES[: len(wanted)]):
            missing = next(s for s in STAGES if s not in self.stages)
            raise ValueError(f"stages: each stage needs those before it; '{missing}' is missing")
        return self


def _check_known(name: str, kind: str, known: Collection[str]) -> None:
    if name not in known:
        near = find_nearest(name, known)
        hint = f" The nearest is '{near}'." if near else ""
        raise ValueError(f"there is no {kind} '{name}'.{hint}")


class NotebookParameters(Strict):
    """What papermill passes to a notebook: the tagged cell of each carries these names and defaults."""

    params_file: str = Field(default="../params/demo.yml", description="the area's parameter file")
    store_dir: str = Field(default="", description="folder of the store; empty: the usual place")
    outputs_dir: str = Field(default="../outputs", description="where the area's folder is made")

    @classmethod
    def write_cell(cls) -> str:
        """Return the source of the tagged ``parameters`` cell, one typed and commented line a name."""
        return "\n".join(
            f'{name}: str = "{info.default}"  # {info.description}'
            for name, info in cls.model_fields.items()
        )


@dataclass(frozen=True)
class ParameterFile:
    """A parameter file that has been read and found valid.

    Parameters
    ----------
    path
        The file as the user named it.
    params
        Its checked content.
    lines
        Line of each key and list item, by location, for later messages.
    """

    path: Path
    params: AreaParams
    lines: dict[tuple[str | int, ...], int] = field(default_factory=dict, repr=False)

    def find_line(self, *location: str | int) -> int | None:
        """Return the line of ``location``, or of the nearest key above it."""
        for end in range(len(location), 0, -1):
            if location[:end] in self.lines:
                return self.lines[location[:end]]
        return None

    def resolve_input(self, name: str) -> Path | None:
        """Return the path of one of the area's own inputs, or None where none is given."""
        value: Path | None = getattr(self.params.inputs, name)
        return None if value is None else self.path.parent / value

    def list_area_files(self) -> list[tuple[tuple[str | int, ...], Path]]:
        """Return the files that define the area, each with its place in the parameter file."""
        files = self.params.area.list_files()
        return [(("area", *place), self.path.parent / path) for place, path in files]


def load_params(path: str | Path, *, to_come: Collection[str] = ()) -> ParameterFile:
    """Read and check one parameter file.

    Parameters
    ----------
    path
        The file.
    to_come
        Keys of ``inputs`` whose file need not be there yet.

    Raises
    ------
    ParameterError
        With every problem of the file at once: unknown keys (and the nearest known one), missing
        keys, values of the wrong kind, inputs that do not exist; each with its line.
    """
    path = Path(path)
    raw = read_yaml(path)
    lines = dict(walk_lines(raw))
    try:
        params = AreaParams.model_validate(to_plain(raw))
    except ValidationError as error:
        problems = [describe_error(path, lines, item, AreaParams) for item in error.errors()]
        problems += _find_missing_inputs(path, raw.get("inputs"), lines, to_come)
        raise ParameterError(sorted(problems, key=lambda p: p.line or 0)) from None
    file = ParameterFile(path, params, lines)
    missing = _find_missing_inputs(path, raw.get("inputs"), lines, to_come)
    missing += [
        _describe_missing(
            path, ".".join(map(str, ("area", *place))), value, file.find_line("area", *place)
        )
        for place, value in params.area.list_files()
        if not (path.parent / value).is_file()
    ]
    if missing:
        raise ParameterError(missing)
    return file


def load_batch(paths: Sequence[str | Path]) -> tuple[list[ParameterFile], list[ParameterError]]:
    """Read several parameter files; a bad one is returned as its error and stops no other.

    Two files with one ``id`` would write to one folder, so the later one is refused.
    """
    loaded: list[ParameterFile] = []
    errors: list[ParameterError] = []
    for path in paths:
        try:
            one = load_params(path)
        except ParameterError as error:
            errors.append(error)
            continue
        twin = next((o for o in loaded if o.params.id == one.params.id), None)
        if twin is None:
            loaded.append(one)
        else:
            message = f"the id '{one.params.id}' is already used by {twin.path}"
            errors.append(ParameterError(Problem(message, file=path, line=one.find_line("id"))))
    return loaded, errors


def write_new(
    path: Path, area_id: str, title: str, *, wards: Sequence[str], lsoas: Sequence[str]
) -> Path:
    """Write a first parameter file for an area; it never replaces one that is there.

    Raises
    ------
    ParameterError
        If the file exists.
    """
    if path.exists():
        raise ParameterError(Problem("this parameter file already exists", file=path))
    content: dict[str, Any] = {
        "id": area_id,
        "title": title,
        "profile_kind": "ward" if wards and not lsoas else "bespoke",
        "area": {key: list(v) for key, v in (("wards", wards), ("lsoas", lsoas)) if v},
        "comparators": ["similar", "district", "county", "region", "england"],
        "organisation": {
            "name": "Name of your organisation",
            "contact": "Your page or shared mailbox",
        },
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as stream:
        YAML(typ="rt").dump(content, stream)
    return path


def build_schema() -> dict[str, Any]:
    """Return the JSON Schema of a parameter file, for editors."""
    schema = AreaParams.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Parameter file of a Community Insight Profile"
    return schema


def _find_missing_inputs(
    path: Path, inputs: Any, lines: dict, to_come: Collection[str]
) -> list[Problem]:
    # Reads the file's own words, not the model, so that it also speaks when another key is wrong.
    problems = []
    for name, value in inputs.items() if isinstance(inputs, dict) else ():
        if name not in Inputs.model_fields or name in to_come or not isinstance(value, str):
            continue
        target = path.parent / value
        if not target.exists():
            line = lines.get(("inputs", name))
            problems.append(_describe_missing(path, f"inputs.{name}", value, line))
    return problems


def _describe_missing(path: Path, name: str, value: str | Path, line: int | None) -> Problem:
    target = path.parent / value
    siblings = [p.name for p in target.parent.iterdir()] if target.parent.is_dir() else []
    return Problem(
        f"'{name}' names a file that does not exist",
        file=path,
        line=line,
        found=str(value),
        nearest=find_nearest(target.name, siblings),
    )
