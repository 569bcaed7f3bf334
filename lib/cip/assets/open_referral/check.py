"""Whether services are in the form of Open Referral UK, and where they are not."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cip.assets.open_referral.schema import SERVICE
from cip.errors import ParameterError, Problem, find_nearest
from cip.inputs import find_person
from cip.inputs.files import LARGEST_BYTES

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

#: Names of the list of services on a page of them.
PAGE_KEYS = ("contents", "items", "services")
#: Collections that version 1 had and version 3 has renamed or given up.
_OLD_KEYS = ("service_taxonomys", "regular_schedules", "eligibilitys", "fundings")
_KINDS = {
    "string": "text",
    "number": "a number",
    "object": "an object",
    "array": "a list",
}
_FORMATS = {"uuid": "a UUID", "date": "a date such as 2026-03-31"}


def read_document(path: Path) -> Any:
    """Return the content of a JSON file.

    Raises
    ------
    ParameterError
        If it is not there, too large, or not JSON in UTF-8.
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            limit = f"at most {LARGEST_BYTES // 1_000_000} MB"
            raise ParameterError(Problem("this file is too large", file=path, expected=limit))
        return json.loads(
            path.read_text(encoding="utf-8-sig"),
            parse_constant=_refuse_constant, parse_float=_read_float, parse_int=_read_int,
        )  # fmt: skip
    except json.JSONDecodeError as error:
        message = f"this is not JSON ({error.msg})"
        raise ParameterError(Problem(message, file=path, line=error.lineno)) from None
    except UnicodeDecodeError:
        raise ParameterError(Problem("this file is not text in UTF-8", file=path)) from None
    except OSError as error:
        raise ParameterError(Problem(f"cannot be read: {error.strerror}", file=path)) from None
    except (ValueError, RecursionError):
        message = "this is not JSON: a number is too large, or lists stand in lists without end"
        raise ParameterError(Problem(message, file=path)) from None


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def _read_float(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise ValueError(text)
    return number


def _read_int(text: str) -> int:
    _read_float(text)
    return int(text)


def list_services(document: Any) -> list[tuple[str, Any]]:
    """Return every service of a document with its place in it.

    Parameters
    ----------
    document
        One service, a list of them, or a page of them under ``contents`` or ``items``.

    Raises
    ------
    ParameterError
        If it is none of these.

    Examples
    --------
    >>> list_services({"contents": [{"id": "a"}]})
    [('contents[0]', {'id': 'a'})]
    """
    if isinstance(document, list):
        return [(f"[{number}]", item) for number, item in enumerate(document)]
    if isinstance(document, dict):
        for key in PAGE_KEYS:
            if isinstance(document.get(key), list):
                return [(f"{key}[{n}]", item) for n, item in enumerate(document[key])]
        if "name" in document or "id" in document:
            return [("service", document)]
    expected = "one service, a list of services, or a page with 'contents'"
    raise ParameterError(Problem("this document holds no services", expected=expected))


def validate_services(document: Any) -> list[Problem]:
    """Return everything in which services differ from the form, each with its place.

    Values are repeated only where they can hold nothing personal.

    Parameters
    ----------
    document
        One service, a list of them, or a page of them, as JSON gives it.

    Returns
    -------
    list of Problem
        ``column`` is the place: ``contents[0].organization.id``. Empty where all is well.
    """
    try:
        services = list_services(document)
    except ParameterError as error:
        return error.problems
    problems = [found for place, service in services for found in check_service(service, place)]
    return [*problems, *_find_doubles(services)]


def check_service(service: Any, place: str) -> list[Problem]:
    """Return the problems of one service."""
    problems = []
    if isinstance(service, dict) and any(key in service for key in _OLD_KEYS):
        message = "this service is in the form of Open Referral UK 1"
        problems.append(Problem(message, column=place, expected="version 3"))
    errors = sorted(_get_validator().iter_errors(service), key=lambda e: list(map(str, e.path)))
    return [*problems, *(_describe(error, place) for error in errors)]


@cache
def _get_validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator, FormatChecker

    # Without a checker of formats a text that is no UUID would pass.
    return Draft202012Validator(SERVICE, format_checker=FormatChecker(["uuid", "date"]))


def _describe(error: ValidationError, place: str) -> Problem:
    where = place + "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path
    )
    rule, wanted = error.validator, error.validator_value
    if rule == "required":
        # Each missing name is an error of its own; its message alone says which.
        name = error.message.split("'")[1]
        return Problem(f"'{name}' is missing", column=where)
    if rule == "enum":
        text = str(error.instance)
        nearest = find_nearest(text, wanted)
        return Problem(
            "this is not one of the values of the form", column=where, found=_show(text),
            expected=", ".join(wanted), nearest=nearest,
        )  # fmt: skip
    if rule == "type":
        return Problem("this is of another kind", column=where, expected=_KINDS[wanted])
    if rule == "format":
        found = _show(str(error.instance))
        return Problem(
            "this is not as it is written", column=where, found=found, expected=_FORMATS[wanted]
        )
    if rule == "minLength":
        return Problem("this is empty", column=where, expected="text")
    if rule == "pattern":
        return Problem(
            "this is not as it is written", column=where, expected=f"the pattern {wanted}"
        )
    return Problem("this is out of range", column=where, expected=f"{rule} {wanted}")


def _show(text: str) -> str | None:
    return None if len(text) > 60 or find_person(text) else text


def _find_doubles(services: list[tuple[str, Any]]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for place, service in services:
        key = service.get("id") if isinstance(service, dict) else None
        if isinstance(key, str) and first.setdefault(key, place) != place:
            yield Problem(f"this id stands at {first[key]} already", column=f"{place}.id")
