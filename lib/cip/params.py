"""The parameter file of one area: what it may say, and how a mistake in it is reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from cip.errors import ParameterError, Problem, find_nearest

#: The five stages in the order in which they run; a stage's notebook is ``NN_<stage>.ipynb``.
STAGES = ("geography", "data_profile", "asset_map", "engagement_analysis", "summary")

Stage = Literal["geography", "data_profile", "asset_map", "engagement_analysis", "summary"]
Text = Annotated[str, Field(min_length=1, max_length=400)]


class Strict(BaseModel):
    """Base of every model here: a key that is not declared is a mistake, not a comment."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class AreaDefinition(Strict):
    """The places that make up the profile area: codes or exact names, in any mix."""

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
    districts: list[Text] = Field(
        default=[], description="Local authority districts: codes or exact names."
    )

    @model_validator(mode="after")
    def _need_one(self) -> AreaDefinition:
        if not (self.lsoas or self.msoas or self.wards or self.districts):
            raise ValueError("name at least one LSOA, MSOA, ward or district")
        return self


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

    assets: Path | None = Field(default=None, description="Asset register, CSV (notebook 03).")
    insight: Path | None = Field(
        default=None,
        description="Register of existing insight and consultations, CSV (notebook 01).",
    )
    survey: Path | None = Field(
        default=None, description="Survey responses, CSV or XLSX (notebook 04)."
    )
    excerpts: Path | None = Field(default=None, description="Coded excerpts, CSV (notebook 04).")
    narrative: Path | None = Field(
        default=None, description="Folder of the analyst's own text, Markdown (notebook 05)."
    )


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
        default=["district", "county", "england"],
        description="What the area is compared with: district, county, england, or codes or names of districts.",
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
    inputs: Inputs = Field(default=Inputs(), description="The community's own files.")

    @model_validator(mode="after")
    def _stages_in_order(self) -> AreaParams:
        wanted = [s for s in STAGES if s in self.stages]
        if wanted != list(STAGES[: len(wanted)]):
            missing = next(s for s in STAGES if s not in self.stages)
            raise ValueError(f"stages: each stage needs those before it; '{missing}' is missing")
        return self


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


def load_params(path: str | Path) -> ParameterFile:
    """Read and check one parameter file.

    Raises
    ------
    ParameterError
        With every problem of the file at once: unknown keys (and the nearest known one), missing
        keys, values of the wrong kind, inputs that do not exist; each with its line.
    """
    path = Path(path)
    raw = _read_yaml(path)
    lines = dict(_walk_lines(raw))
    try:
        params = AreaParams.model_validate(_to_plain(raw))
    except ValidationError as error:
        problems = [_describe_error(path, lines, item) for item in error.errors()]
        problems += _find_missing_inputs(path, raw.get("inputs"), lines)
        raise ParameterError(sorted(problems, key=lambda p: p.line or 0)) from None
    if missing := _find_missing_inputs(path, raw.get("inputs"), lines):
        raise ParameterError(missing)
    return ParameterFile(path, params, lines)


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
        "comparators": ["district", "county", "england"],
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


def _read_yaml(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        siblings = [p.name for p in path.parent.glob("*.yml")] if path.parent.is_dir() else []
        nearest = find_nearest(path.name, siblings)
        raise ParameterError(
            Problem("there is no such parameter file", file=path, nearest=nearest)
        ) from None
    except UnicodeDecodeError as error:
        message = f"this is not UTF-8 text (byte {error.start})"
        raise ParameterError(Problem(message, file=path, expected="a YAML file")) from None
    except OSError as error:
        raise ParameterError(Problem(f"cannot be read: {error.strerror}", file=path)) from None
    try:
        raw = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        message = f"this is not valid YAML: {error.problem}"
        line = mark.line + 1 if mark is not None else None
        raise ParameterError(Problem(message, file=path, line=line)) from None
    if not isinstance(raw, dict):
        raise ParameterError(
            Problem("the file holds no keys", file=path, expected="lines such as 'id: littlemore'")
        )
    return raw


def _walk_lines(node: Any, location: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple, int]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield (*location, key), node.lc.key(key)[0] + 1
            yield from _walk_lines(value, (*location, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield (*location, index), node.lc.item(index)[0] + 1
            yield from _walk_lines(value, (*location, index))


def _to_plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {str(key): _to_plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_to_plain(value) for value in node]
    return node


def _describe_error(path: Path, lines: dict, item: Any) -> Problem:
    location = tuple(item["loc"])
    line = next(
        (lines[location[:n]] for n in range(len(location), 0, -1) if location[:n] in lines), None
    )
    name = ".".join(str(part) for part in location)
    if item["type"] == "extra_forbidden":
        known = list(_find_model(location[:-1]).model_fields)
        return Problem(
            f"'{name}' is not a known key",
            file=path,
            line=line,
            expected=f"one of {', '.join(known)}",
            nearest=find_nearest(str(location[-1]), known),
        )
    if item["type"] == "missing":
        return Problem(f"the key '{name}' is missing", file=path, line=line)
    message = _reword(item)
    found = repr(item["input"]) if location and not isinstance(item["input"], dict) else None
    nearest = None
    if item["type"] == "literal_error" and isinstance(item["input"], str):
        options = [
            part.strip("' ") for part in item["ctx"]["expected"].replace(" or ", ", ").split(",")
        ]
        nearest = find_nearest(item["input"], options)
    subject = f"'{name}': " if name else ""
    return Problem(f"{subject}{message}", file=path, line=line, found=found, nearest=nearest)


def _reword(item: Any) -> str:
    """Return the library's message in an analyst's words where its own are a programmer's."""
    if item["type"] == "string_pattern_mismatch":
        return "use 3 to 60 lower case letters, digits and hyphens, starting with a letter"
    if item["type"] == "list_type":
        return "should be a list, such as [E05013107]"
    if item["type"] == "model_type":
        return "should hold keys of its own, indented below it"
    return item["msg"].removeprefix("Value error, ").replace("Input should be", "should be")


def _find_model(location: tuple[str | int, ...]) -> type[BaseModel]:
    model: type[BaseModel] = AreaParams
    for part in location:
        annotation = model.model_fields[str(part)].annotation
        assert isinstance(annotation, type) and issubclass(annotation, BaseModel)
        model = annotation
    return model


def _find_missing_inputs(path: Path, inputs: Any, lines: dict) -> list[Problem]:
    # Reads the file's own words, not the model, so that it also speaks when another key is wrong.
    problems = []
    for name, value in inputs.items() if isinstance(inputs, dict) else ():
        if name not in Inputs.model_fields or not isinstance(value, str):
            continue
        target = path.parent / value
        if not target.exists():
            siblings = [p.name for p in target.parent.iterdir()] if target.parent.is_dir() else []
            problems.append(
                Problem(
                    f"'inputs.{name}' names a file that does not exist",
                    file=path,
                    line=lines.get(("inputs", name)),
                    found=value,
                    nearest=find_nearest(target.name, siblings),
                )
            )
    return problems
