"""When a service happens: the parts of an iCalendar rule in plain words, and back again."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from cip.inputs import find_person

_DAYS = {
    "MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday",
    "SA": "Saturday", "SU": "Sunday",
}  # fmt: skip
_CODES = {name: code for code, name in _DAYS.items()}
_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
_NUMBERS = {name: number for number, name in _ORDINALS.items()}
_TIME = re.compile(r"(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?")
_BYDAY = re.compile(r"([+-]?\d{1,2})?([A-Z]{2})")
_SEPARATOR = "; "
_LONGEST = 200


def describe_schedules(schedules: list[dict[str, Any]], today: date) -> str | None:
    """Return when something happens, in words; None where the schedules do not say.

    A schedule that ended before ``today`` is left out. One without days and times is given by its
    own description, unless that holds a person's details.

    Examples
    --------
    >>> describe_schedules(
    ...     [{"freq": "WEEKLY", "byday": "TU,TH", "opens_at": "10:00", "closes_at": "12:30:00Z"}],
    ...     date(2026, 11, 21),
    ... )
    'Tuesdays and Thursdays 10:00 to 12:30'
    """
    words = [_describe(schedule, today) for schedule in schedules]
    return _SEPARATOR.join(dict.fromkeys(word for word in words if word)) or None


def _describe(schedule: dict[str, Any], today: date) -> str | None:
    start, end = _read_date(schedule.get("valid_from")), _read_date(schedule.get("valid_to"))
    if end is not None and end < today:
        return None
    days, times = _say_days(schedule), _say_times(schedule)
    said = " ".join(part for part in (days, times) if part)
    if not said:
        text = schedule.get("description")
        said = " ".join(text[:_LONGEST].split()) if isinstance(text, str) else ""
        if not said or find_person(said):
            return None
    if start is not None and start > today:
        said += f", from {start.isoformat()}"
    if end is not None:
        said += f", until {end.isoformat()}"
    return said[0].upper() + said[1:]


def _read_date(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _say_times(schedule: dict[str, Any]) -> str:
    opens, closes = (_read_time(schedule.get(key)) for key in ("opens_at", "closes_at"))
    if opens and closes:
        return f"{opens} to {closes}"
    return f"from {opens}" if opens else f"until {closes}" if closes else ""


def _read_time(value: object) -> str | None:
    found = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    return found[1] if found else None


def _say_days(schedule: dict[str, Any]) -> str:
    interval = schedule.get("interval")
    every = int(interval) if isinstance(interval, (int, float)) and interval > 1 else 1
    days = _read_days(schedule)
    if schedule.get("freq") == "MONTHLY":
        return _say_month_days(schedule, days, every)
    names = [_DAYS[code] for _, code in days]
    if not names:
        return ""
    if every == 1:
        return _say_week(names)
    return f"every {_NTH.get(every, f'{every}th')} {_join(names)}"


#: Every second, third or fourth week.
_NTH = {2: "second", 3: "third", 4: "fourth"}


def _read_days(schedule: dict[str, Any]) -> list[tuple[int, str]]:
    text = schedule.get("byday")
    parts = re.split(r"[,;\s]+", text.upper().strip()) if isinstance(text, str) else []
    matches = [found for part in parts if (found := _BYDAY.fullmatch(part))]
    days = {(int(found[1] or 0), found[2]) for found in matches if found[2] in _DAYS}
    if not days and (start := _read_date(schedule.get("dtstart"))):
        # Without a day the rule repeats that of its first event.
        days = {(0, list(_DAYS)[start.weekday()])} if schedule.get("freq") == "WEEKLY" else set()
    order = list(_DAYS)
    # The first of a month before the last, and Monday before Tuesday.
    return sorted(days, key=lambda day: (day[0] < 0, day[0], order.index(day[1])))


def _say_week(names: list[str]) -> str:
    if len(names) == 7:
        return "every day"
    if names == list(_DAYS.values())[:5]:
        return "Mondays to Fridays"
    return _join([f"{name}s" for name in names])


def _say_month_days(schedule: dict[str, Any], days: list[tuple[int, str]], every: int) -> str:
    words = [
        f"{_ORDINALS[number]} {_DAYS[code]}" if number in _ORDINALS else f"every {_DAYS[code]}"
        for number, code in days
    ]
    text = schedule.get("bymonthday")
    if not words and isinstance(text, str):
        numbers = [int(part) for part in re.findall(r"-?\d{1,2}", text)]
        words = [_say_month_day(number) for number in numbers if 1 <= abs(number) <= 31]
    if not words:
        return ""
    month = "the month" if every == 1 else f"every {_NTH.get(every, f'{every}th')} month"
    return f"{_join(words)} of {month}"


def _say_month_day(number: int) -> str:
    if number < 0:
        return "last day" if number == -1 else f"{-number}th day before the end"
    ending = "th" if 10 < number < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _join(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def read_opening(text: str) -> list[dict[str, Any]] | None:
    """Return schedules for words that `describe_schedules` writes; None for any other words.

    Examples
    --------
    >>> read_opening("First Monday of the month 14:00 to 16:00")
    [{'freq': 'MONTHLY', 'byday': '1MO', 'opens_at': '14:00', 'closes_at': '16:00'}]
    >>> read_opening("Most mornings") is None
    True
    """
    found = [_read_part(part) for part in text.split(_SEPARATOR)]
    schedules = [schedule for schedule in found if schedule is not None]
    # Words that would not come back as they are say more than the schedule does.
    is_same = len(schedules) == len(found) and describe_schedules(schedules, date.max) == text
    return schedules if is_same else None


_TIMES = re.compile(r"(?P<days>.*?)\s*(?P<opens>\d{2}:\d{2}) to (?P<closes>\d{2}:\d{2})")


def _read_part(part: str) -> dict[str, Any] | None:
    timed = _TIMES.fullmatch(part)
    words = (timed["days"] if timed else part).casefold()
    rule = _read_rule(words)
    if rule is None or not (rule or timed):
        return None
    times = {"opens_at": timed["opens"], "closes_at": timed["closes"]} if timed else {}
    return {**rule, **times}


def _read_rule(words: str) -> dict[str, Any] | None:
    if not words:
        return {}
    if words == "every day":
        return {"freq": "WEEKLY", "byday": ",".join(_DAYS)}
    if words == "mondays to fridays":
        return {"freq": "WEEKLY", "byday": ",".join(list(_DAYS)[:5])}
    if words.endswith(" of the month"):
        parts = [part.split(" ") for part in _split(words.removesuffix(" of the month"))]
        if all(len(part) == 2 and part[0] in _NUMBERS for part in parts):
            days = [_code(day, prefix=str(_NUMBERS[number])) for number, day in parts]
            return None if None in days else {"freq": "MONTHLY", "byday": ",".join(days)}
        return None
    interval = {"interval": 2} if words.startswith("every second ") else {}
    names = _split(words.removeprefix("every second "))
    days = [_code(name if interval else name.removesuffix("s")) for name in names]
    return None if None in days else {"freq": "WEEKLY", **interval, "byday": ",".join(days)}


def _split(words: str) -> list[str]:
    return re.split(r", | and ", words)


def _code(name: str, *, prefix: str = "") -> str | None:
    code = _CODES.get(name.capitalize())
    return f"{prefix}{code}" if code else None
