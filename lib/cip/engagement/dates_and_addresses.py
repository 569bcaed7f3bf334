"""What full dates, street addresses and IP addresses look like in people's own words."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

Rule = tuple[str, "re.Pattern[str]", "Callable[[re.Match[str]], bool] | None"]

_I = re.IGNORECASE
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ORDINAL = (
    r"(?:(?:twenty|thirty)[\s-]?)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|"
    r"tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|"
    r"nineteenth|twentieth|thirtieth"
)
_DAY = rf"(?:\d{{1,2}}(?:\s?(?:st|nd|rd|th))?|\b(?:{_ORDINAL}))"
_YEAR = r"(?:(?:1[89]|20)\d{2}|'?\d{2})"
_BORN = r"\b(?:born|birthday|birth|dob|d\.o\.b\.?)\b[^\d\n]{0,20}?"

#: Streets by what their names end in: such words are hardly anything else after a number...
_STREETS = r"street|road|rd|avenue|ave|lane|crescent|cres|terrace|mews|boulevard|blvd"
#: ...or are everyday words too, so that they must be written as names are.
_PLACES = (
    r"St|Ln|Close|Cl|Drive|Dr|Way|Court|Ct|Place|Pl|Gardens|Gdns|Grove|Hill|Walk|Square|Sq|Row|"
    r"Green|View|Rise|Park|House|Parade|Broadway|Quay|Wharf|Yard|Croft|Meadow|Meadows|Mead|Path|"
    r"Passage|Alley|Circus|Villas|Mansions|Cottages|Heights|Buildings|Point|Tower|Block|Steps|Fields?"
)
_NUMBER = r"(?:(?:flat|no\.?|number|unit|apartment|house)\s?)?\d{1,4}\s?[a-z]?(?:\s?[-/&]\s?\d{1,4}[a-z]?)?"
_NUMBER_WORD = (
    r"(?:number|no\.?|flat)\s(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty)(?:[\s-]\w{3,5})?"
)
#: Words that stand between a number and a street when no address is meant.
_PLAIN_LIST = (
    "a an and any are as at bad big busy by car cars city country county down every few for from "
    "hour hours house houses in into is junction lane long lots main major mile miles min mins "
    "minute minutes month months more motor mph m metre metres narrow new of off old on one or our "
    "out over people per private public quiet residents safe school shop shops side single small "
    "st nd rd th than that the their this times to trees two up us way week weeks were with yard "
    "yards year years"
)
_PLAIN = frozenset(_PLAIN_LIST.split())
_AFTER = (
    r"(?!\s(?:lights?|lamps?|signs?|works?|party|parties|food|safety|users?|closures?|furniture))"
)


def _is_day(match: re.Match[str]) -> bool:
    """Return whether numbers can be a day, a month and a year, in one of the usual orders."""
    first, second, third = (int(part) for part in re.findall(r"\d+", match.group()))
    if first > 31:
        return 1800 <= first <= 2100 and second <= 12 and 1 <= third <= 31
    return 1 <= min(first, second) <= 12 and max(first, second) <= 31


def _is_day_of_month(match: re.Match[str]) -> bool:
    if re.search(r"\d\D+\d", match.group()) is None:
        return True  # The day is a word.
    days = [int(number) for number in re.findall(r"\d+", match.group())]
    return any(1 <= day <= 31 for day in days)


def _is_address(match: re.Match[str]) -> bool:
    words = match["between"].casefold().split()
    return not any(word.strip(",.") in _PLAIN for word in words)


def _is_ip_address(match: re.Match[str]) -> bool:
    try:
        ipaddress.ip_address(match.group())
    except ValueError:
        return False
    return True


DATE_RULES: tuple[Rule, ...] = (
    (
        "date_of_birth",
        re.compile(
            r"(?<![\d.,/-])\d{1,2}\s?([/.-])\s?\d{1,2}\s?\1\s?(?:(?:1[89]|20)\d{2}|\d{2})"
            r"(?!\d|[/.-]\d)"
        ),
        _is_day,
    ),
    (
        "date_of_birth",
        re.compile(r"(?<![\d.,/-])(?:1[89]|20)\d{2}([/.-])\d{1,2}\1\d{1,2}(?!\d|[/.-]\d)"),
        _is_day,
    ),
    (
        "date_of_birth",
        re.compile(rf"(?<!\d){_DAY}(?:\s?of)?[\s,-]{{0,2}}{_MONTH}[\s,-]{{0,3}}{_YEAR}(?!\d)", _I),
        _is_day_of_month,
    ),
    (
        "date_of_birth",
        re.compile(
            rf"\b{_MONTH}\s?(?:the\s)?{_DAY}[\s,]{{1,3}}(?:(?:1[89]|20)\d{{2}}|'\d{{2}})(?!\d)", _I
        ),
        _is_day_of_month,
    ),
    (
        "date_of_birth",
        re.compile(
            rf"{_BORN}(?P<found>{_DAY}(?:\s?of)?\s?{_MONTH}\b|{_MONTH}\s(?:the\s)?{_DAY}\b)", _I
        ),
        None,
    ),
    (
        "date_of_birth",
        re.compile(rf"{_BORN}(?P<found>\d{{1,2}}[/.]\d{{1,2}}|\d{{6}}|\d{{8}})(?!\d)", _I),
        None,
    ),
)

ADDRESS_RULES: tuple[Rule, ...] = (
    (
        "street_address",
        re.compile(
            rf"(?<![\d.,£$€])\b{_NUMBER},?\s{{1,2}}(?P<between>(?:[\w'.-]{{2,24}},?\s{{1,2}}){{1,3}}?)"
            rf"(?:{_STREETS})\b{_AFTER}",
            _I,
        ),
        _is_address,
    ),
    (
        "street_address",
        re.compile(
            rf"(?<![\d.,£$€])\b(?i:{_NUMBER}),?\s{{1,2}}"
            r"(?P<between>(?:[A-Z][\w'.-]{1,24},?\s{1,2}){1,3}?)"
            rf"(?:{_PLACES}|(?-i:{_PLACES.upper().replace('?', '?')}))\b"
        ),
        _is_address,
    ),
    (
        "street_address",
        re.compile(
            r"\b(?:flat|apartment|apt)\s(?:no\.?\s?|number\s)?\d{1,3}(?:\s?[a-z])?\b"
            r"(?!\s(?:years?|weeks?|months?|days?|beds?|times|people|floors?|of|minutes?|hours?)\b)",
            _I,
        ),
        None,
    ),
    (
        "street_address",
        re.compile(
            r"\b(?:live|lives|lived|living|moved|address)\b(?:\s[^\W\d]{1,8}){0,2}\s(?:at|to|is)\s"
            r"(?P<found>\d{1,4}[a-z]?,?\s(?:the\s)?[^\W\d]{3,24})(?<!years)(?<!people)(?<!months)",
            _I,
        ),
        None,
    ),
)

#: Addresses in words alone.
WORD_ADDRESS_RULES: tuple[Rule, ...] = (
    (
        "street_address",
        re.compile(
            rf"\b{_NUMBER_WORD},?\s(?P<between>(?:[\w'.-]{{2,24}},?\s){{1,3}}?)"
            rf"(?:{_STREETS}|{_PLACES})\b",
            _I,
        ),
        _is_address,
    ),
)

IP_RULES: tuple[Rule, ...] = (
    ("ip_address", re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)"), _is_ip_address),
    (
        "ip_address",
        re.compile(
            r"(?<![\w:.])(?=[0-9a-f:]{0,24}\d)(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", _I
        ),
        _is_ip_address,
    ),
)
