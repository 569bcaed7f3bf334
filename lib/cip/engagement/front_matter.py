"""The lines in front of a story: its title, who agreed to it, and who cleared it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from cip.errors import Problem, find_nearest

KEYS = ("title", "consent", "cleared_by", "cleared_on", "topics", "names_changed")
MORE_KEYS = ("names_allowed", "withdrawn")
FORMS = ("written", "recorded", "spoken before a witness")
_LONGEST_TITLE = 120
_LONGEST_FRONT = 6_000
#: Lists within lists within lists take the parser long.
_MOST_BRACKETS = 40
_FRONT = re.compile(r"---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|$)", re.DOTALL)
_EXPECTED = "a line of three hyphens, the lines 'title: ...' and so on, and three hyphens again"


@dataclass(frozen=True)
class CaseFront:
    """What stands in front of a story; what is not given is None or empty.

    Parameters
    ----------
    consent_form
        One of `FORMS`.
    names_changed
        Whether names in the story were changed.
    names_allowed
        Names in the story that may be published.
    """

    title: str = field(repr=False)
    consent_on: date | None
    consent_form: str
    cleared_by: str = field(repr=False)
    cleared_on: date | None
    topics: tuple[str, ...] = field(repr=False)
    names_changed: bool | None
    names_allowed: tuple[str, ...] = field(repr=False)
    withdrawn: bool


def read_front(text: str) -> tuple[CaseFront | None, str, int, list[Problem]]:
    """Read the lines in front of a story.

    Returns
    -------
    tuple
        The lines (None where they cannot be used at all), the story below them, the number of the
        story's first line in the file, and what is wrong, without what the lines hold.
    """
    match = _FRONT.match(text)
    if match is None or len(match[1]) > _LONGEST_FRONT:
        return None, "", 1, [Problem("no lines stand in front of the story", expected=_EXPECTED)]
    body, line = text[match.end() :], text.count("\n", 0, match.end()) + 1
    if sum(map(match[1].count, "[{")) > _MOST_BRACKETS:
        return None, body, line, [Problem("this is not valid YAML", expected=_EXPECTED)]
    try:
        raw = YAML(typ="safe", pure=True).load(match[1])
    except (YAMLError, ValueError) as error:
        # The parser's own words may repeat a line.
        mark = getattr(error, "problem_mark", None)
        number = mark.line + 2 if mark is not None else None
        return (
            None,
            body,
            line,
            [Problem("this is not valid YAML", line=number, expected=_EXPECTED)],
        )
    if not isinstance(raw, dict):
        return None, body, line, [Problem("these lines hold no keys", expected=_EXPECTED)]
    problems = list(_check_keys(raw))
    front = _take_values(raw, problems)
    return (front if front.title else None), body, line, problems


def _check_keys(raw: Mapping[Any, Any]) -> list[Problem]:
    known = [*KEYS, *MORE_KEYS]
    problems = [Problem(f"the line '{key}:' is missing") for key in ("title",) if not raw.get(key)]
    for place, key in enumerate(raw, start=1):
        if key not in known:
            near = find_nearest(str(key), known)
            message = f"key {place} in front is not known"
            problems.append(Problem(message, expected=f"one of {', '.join(known)}", nearest=near))
    return problems


def _take_values(raw: Mapping[Any, Any], problems: list[Problem]) -> CaseFront:
    consent = raw.get("consent")
    if consent is not None and not isinstance(consent, dict):
        expected = "'date:' and 'form:', indented below it"
        problems.append(Problem("'consent' is not filled in as it should", expected=expected))
    told = consent if isinstance(consent, dict) else {}
    form = _take_text(told, "form", problems)
    if form and form not in FORMS:
        message = "the form of consent is not known"
        problems.append(Problem(message, expected=f"one of {', '.join(FORMS)}"))
    title = _take_text(raw, "title", problems)
    if len(title) > _LONGEST_TITLE:
        expected = f"at most {_LONGEST_TITLE} characters"
        problems.append(Problem("the title is too long", expected=expected))
    return CaseFront(
        title,
        _take_date(told, "date", problems),
        form,
        _take_text(raw, "cleared_by", problems),
        _take_date(raw, "cleared_on", problems),
        _take_list(raw, "topics", problems),
        _take_flag(raw, "names_changed", problems),
        _take_list(raw, "names_allowed", problems),
        bool(_take_flag(raw, "withdrawn", problems)),
    )


def _take_text(raw: Mapping[Any, Any], key: str, problems: list[Problem]) -> str:
    value = raw.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        problems.append(Problem(f"'{key}' is not text"))
        return ""
    return " ".join(value.split())


def _take_date(raw: Mapping[Any, Any], key: str, problems: list[Problem]) -> date | None:
    value = raw.get(key)
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        problems.append(Problem(f"'{key}' is not a date", expected="a date such as 2026-03-31"))
        return None


def _take_flag(raw: Mapping[Any, Any], key: str, problems: list[Problem]) -> bool | None:
    value = raw.get(key)
    if value is None or isinstance(value, bool):
        return value
    if str(value).casefold() in ("yes", "no"):
        return str(value).casefold() == "yes"
    problems.append(Problem(f"'{key}' is not yes or no"))
    return None


def _take_list(raw: Mapping[Any, Any], key: str, problems: list[Problem]) -> tuple[str, ...]:
    value = raw.get(key)
    if value is None:
        return ()
    items = re.split(r"[;,]", value) if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        problems.append(Problem(f"'{key}' is not a list of words", expected="[first, second]"))
        return ()
    return tuple(item.strip() for item in items if item.strip())
