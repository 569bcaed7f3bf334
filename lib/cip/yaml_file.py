"""Read a YAML file so that every mistake in it can be told with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from cip.errors import ParameterError, Problem, find_nearest

Lines = Mapping[tuple[str | int, ...], int]


def read_yaml(path: Path) -> Any:
    """Return a YAML file's keys with the lines that they stand on.

    Raises
    ------
    ParameterError
        If the file is absent, is not UTF-8 text or YAML, or holds no keys.
    """
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


def list_mapped_files(path: Path) -> list[str]:
    """Return the files that a survey's mapping file names, as it writes them.

    None where the file cannot be read or names none: that is told when the survey is loaded.
    """
    try:
        entries = read_yaml(path).get("files")
    except ParameterError:
        return []
    if not isinstance(entries, list):
        return []
    named = [entry.get("path") for entry in entries if isinstance(entry, dict)]
    return [str(name) for name in named if name]


def walk_lines(node: Any, location: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple, int]]:
    """Yield the location and the line of each key and list item."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield (*location, key), node.lc.key(key)[0] + 1
            yield from walk_lines(value, (*location, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield (*location, index), node.lc.item(index)[0] + 1
            yield from walk_lines(value, (*location, index))


def to_plain(node: Any) -> Any:
    """Return what was read as plain dicts and lists."""
    if isinstance(node, dict):
        return {str(key): to_plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [to_plain(value) for value in node]
    return node


def describe_error(path: Path, lines: Lines, item: Any, model: type[BaseModel]) -> Problem:
    """Return one of pydantic's errors as a problem of the file, with line and nearest valid value.

    Parameters
    ----------
    lines
        Line of each key and list item, by location.
    item
        One of ``ValidationError.errors()``.
    model
        The model that the file was checked against.
    """
    location = tuple(item["loc"])
    line = next(
        (lines[location[:n]] for n in range(len(location), 0, -1) if location[:n] in lines), None
    )
    name = ".".join(str(part) for part in location)
    if item["type"] == "extra_forbidden":
        known = list(_find_model(model, location[:-1]).model_fields)
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


def _find_model(model: type[BaseModel], location: tuple[str | int, ...]) -> type[BaseModel]:
    for part in location:
        if isinstance(part, int):
            continue
        annotation = model.model_fields[part].annotation
        # A model by itself, or inside a list, or one that may be left out.
        inner = [annotation, *get_args(annotation)]
        model = next(a for a in inner if isinstance(a, type) and issubclass(a, BaseModel))
    return model
