"""The lines in front of a text of the narrative: which finding it is, and its title."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from cip.catalogue.findings import Side
from cip.errors import Problem, find_nearest

KEYS = ("finding", "title", "side", "order")
LONGEST_TITLE = 120
_LONGEST_FRONT = 6_000
#: Lists within lists within lists take the parser long.
_MOST_BRACKETS = 40
_FRONT = re.compile(r"---[ \t]*\n(.*?)\n---[ \t]*(?:\n|$)", re.DOTALL)
EXPECTED = "three hyphens, the lines 'finding: ...' and 'title: ...', and three hyphens again"


@dataclass(frozen=True)
class Front:
    """What stands in front of a text; what is not given is empty or None.

    Parameters
    ----------
    finding
        Id of the finding that the text is for.
    order
        Place among the findings of one side, from 1.
    lines
        Line in the file of each key.
    """

    finding: str = ""
    title: str = ""
    side: str = ""
    order: int | None = None
    lines: Mapping[str, int] = field(default_factory=dict)


def split_front(text: str) -> tuple[str | None, str, int]:
    """Return the lines in front (None where there are none), the body, and its first line."""
    match = _FRONT.match(text)
    if match is None or len(match[1]) > _LONGEST_FRONT:
        return None, text, 1
    return match[1], text[match.end() :], text.count("\n", 0, match.end()) + 1


def read_front(front: str) -> tuple[Front, list[Problem]]:
    """Return the lines in front of a text, and what is wrong with them."""
    problem = Problem("what stands in front is not valid YAML", line=1, expected=EXPECTED)
    if sum(map(front.count, "[{")) > _MOST_BRACKETS:
        return Front(), [problem]
    try:
        raw = YAML(typ="safe", pure=True).load(front)
    except (YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark is not None else 1
        return Front(), [Problem(problem.message, line=line, expected=EXPECTED)]
    if not isinstance(raw, dict):
        message = "what stands in front holds no keys"
        return Front(), [Problem(message, line=1, expected=EXPECTED)]
    lines = {str(key): _find_line(front, str(key)) for key in raw}
    problems = [_name_unknown(str(key), lines) for key in raw if key not in KEYS]
    problems += [problem for problem in _check_values(raw, lines) if problem is not None]
    order, side = raw.get("order"), _take_text(raw, "side")
    return (
        Front(
            finding=_take_text(raw, "finding"),
            title=_take_text(raw, "title"),
            side=side if side in get_args(Side) else "",
            order=order if _is_place(order) else None,
            lines=lines,
        ),
        problems,
    )


def _find_line(front: str, key: str) -> int:
    """Return the line of a key in the file: the lines in front begin on its second."""
    for number, line in enumerate(front.split("\n"), start=2):
        if line.split(":")[0].strip().strip("'\"") == key:
            return number
    return 1


def _name_unknown(key: str, lines: Mapping[str, int]) -> Problem:
    expected = f"one of {', '.join(KEYS)}"
    nearest = find_nearest(key, KEYS)
    message = "a key in front is not known"
    return Problem(message, line=lines[key], found=key[:40], expected=expected, nearest=nearest)


def _check_values(raw: Mapping[Any, Any], lines: Mapping[str, int]) -> list[Problem | None]:
    sides = get_args(Side)
    return [
        *(_check_text(raw, key, lines) for key in ("finding", "title", "side")),
        _check_length(raw, lines),
        None
        if raw.get("side") in (None, *sides) or not isinstance(raw["side"], str)
        else Problem(
            "'side' is not known",
            line=lines["side"],
            expected=f"one of {', '.join(sides)}",
            nearest=find_nearest(raw["side"], sides),
        ),
        None
        if raw.get("order") is None or _is_place(raw["order"])
        else Problem("'order' is not a place", line=lines["order"], expected="a number from 1"),
    ]


def _check_text(raw: Mapping[Any, Any], key: str, lines: Mapping[str, int]) -> Problem | None:
    if raw.get(key) is None or isinstance(raw[key], str):
        return None
    return Problem(f"'{key}' is not text", line=lines[key], expected="words, in quotation marks")


def _check_length(raw: Mapping[Any, Any], lines: Mapping[str, int]) -> Problem | None:
    if len(_take_text(raw, "title")) <= LONGEST_TITLE:
        return None
    expected = f"at most {LONGEST_TITLE} characters"
    return Problem("the title is too long", line=lines["title"], expected=expected)


def _is_place(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 999


def _take_text(raw: Mapping[Any, Any], key: str) -> str:
    value = raw.get(key)
    return " ".join(value.split()) if isinstance(value, str) else ""
