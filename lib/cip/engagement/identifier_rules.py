"""What contact details, numbers of persons and vehicles look like in people's own words.

Every repetition is bounded, so that a long comment takes no longer than many short ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from cip.engagement.dates_and_addresses import (
    ADDRESS_RULES,
    DATE_RULES,
    IP_RULES,
    WORD_ADDRESS_RULES,
)

Rule = tuple[str, "re.Pattern[str]", "Callable[[re.Match[str]], bool] | None"]

_SEP = r"[\s().\-/_*·•|]{0,3}"
#: Not part of a longer word or number.
_START, _END = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"


def is_valid_nhs_number(digits: str) -> bool:
    """Return whether ten digits end in the right check digit (modulus 11, weights 10 to 2).

    Examples
    --------
    >>> is_valid_nhs_number("9990000018"), is_valid_nhs_number("9990000019")
    (True, False)
    """
    if len(digits) != 10 or not digits.isdecimal():
        return False
    total = sum(
        int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)
    )
    check = (11 - total % 11) % 11
    return check != 10 and check == int(digits[9])


def _read_digits(match: re.Match[str]) -> str:
    group = "found" if "found" in match.re.groupindex else 0
    return re.sub(r"\D", "", match.group(group))


def _is_nhs_number(match: re.Match[str]) -> bool:
    return is_valid_nhs_number(_read_digits(match))


def _is_phone(match: re.Match[str]) -> bool:
    digits = _read_digits(match)
    is_decimal = re.fullmatch(r"0\.\d+", match.group()) is not None
    return not is_decimal and not "0123456789".startswith(digits[:10])


def _is_local_phone(match: re.Match[str]) -> bool:
    return 6 <= len(_read_digits(match)) <= 13


def _is_postcode(match: re.Match[str]) -> bool:
    """Return False for an ordinal after a letter and a digit, such as "b1 2nd floor"."""
    text = match.group()
    is_ordinal = re.search(r"(?:1st|2nd|3rd|\dth)$", text) is not None
    return not (is_ordinal and re.match(r"[A-Za-z]\d\s", text))


def _is_vehicle(match: re.Match[str]) -> bool:
    """Return False where the three letters are a word, as in "A34 AND" or "BUS 10A"."""
    letters = re.search(r"[A-Za-z]{3}", match["found" if "found" in match.re.groupindex else 0])
    return letters is None or letters.group().upper() not in _SHORT_WORDS


_PLATE = re.compile(
    r"[a-z]{2}\d{2}\s?[a-z]{3}|[a-z]\d{1,3}\s?[a-z]{3}|[a-z]{3}\s?\d{1,3}[a-z]|[a-z]{1,3}\d{1,4}"
    r"|\d{1,4}(?!am|pm|mph|th|st|nd|rd|km|kg|k|m|p|x|s)[a-z]{1,3}",
    re.IGNORECASE,
)


def _is_plate_after_word(match: re.Match[str]) -> bool:
    found = match["found"]
    is_plate = _PLATE.fullmatch(found) or re.fullmatch(r"[A-Z]{1,3}\s\d{1,4}", found)
    words = re.findall(r"[A-Z]{3}", found.upper())
    return is_plate is not None and not any(word in _SHORT_WORDS for word in words)


def _is_web_address(match: re.Match[str]) -> bool:
    """Return False for the pages of government and of the NHS, which are nobody's own."""
    host = re.sub(r"^https?://", "", match.group().casefold()).split("/")[0].rstrip(".,;:!?)")
    return not re.search(r"(?:^|\.)(?:gov|nhs)\.uk$", host)


_SHORT_WORDS_LIST = (
    "ALL AND ANY ARE ASK BED BIG BUS BUT CAN CAR DAY DID END FAR FEW FOR GET GOT HAD HAS HER HIM "
    "HIS HOW ITS LET LOT MAN MAY NEW NOR NOT NOW OFF OLD ONE OUR OUT PER PUT RUN SAW SAY SEE SHE "
    "SIX TEN THE TOO TRY TWO USE VAN VIA WAS WAY WHO WHY YES YET YOU ZIP"
)
_SHORT_WORDS = frozenset(_SHORT_WORDS_LIST.split())
_AREAS = (
    "ab|al|ba|bb|bd|bh|bl|bn|br|bs|bt|ca|cb|cf|ch|cm|co|cr|ct|cv|cw|da|dd|de|dg|dh|dl|dn|dt|dy|ec|"
    "eh|en|ex|fk|fy|gl|gu|gy|ha|hd|hg|hp|hr|hs|hu|hx|ig|im|ip|iv|je|ka|kt|kw|ky|la|ld|le|ll|ln|ls|"
    "lu|me|mk|ml|ne|ng|nn|np|nr|nw|ol|ox|pa|pe|ph|pl|po|pr|rg|rh|rm|sa|se|sg|sk|sl|sm|sn|so|sp|sr|"
    "ss|st|sw|sy|ta|td|tf|tn|tq|tr|ts|tw|ub|wa|wc|wd|wf|wn|wr|ws|wv|yo|ze|zz|0l|0x|b|e|g|l|m|n|s|w"
)
_IN = "ABD-HJLNP-UW-Z"
_TLD = "com|org|net|uk|gov|edu|info|eu|ie|io|me|biz|co|ac|nhs"
_NUMBER_WORD = (
    "zero|oh|o|nought|naught|one|two|three|four|five|six|seven|eight|nine|double|triple|hundred"
)
_CALL = (
    r"ring|call|phone|tel|telephone|mob|mobile|text|whats\s?app|fax|contact|landline|number\sis|"
    r"number's|reach\sme|reached"
)
_CAR = r"car|van|reg|registration|number\s?plate|plate|vehicle|motorbike|moped|lorry|taxi"
_SITES = r"facebook|fb|instagram|twitter|x|tiktok|linkedin|youtube|snapchat|threads|bsky|t|wa"
_NETWORK = (
    r"insta|instagram|ig|snap|snapchat|twitter|tik\s?tok|facebook|fb|discord|telegram|linkedin|"
    r"youtube|bluesky|mastodon"
)
_I = re.IGNORECASE
_P = r"[\s.\-]{0,2}"

#: Rules that need no digit in the text.
WORD_RULES: tuple[Rule, ...] = (
    ("email", re.compile(r"[\w.+'%-]{1,64}\s?@\s?(?:[\w-]{1,63}\.){1,5}[^\W\d_]{2,24}\b"), None),
    (
        "email",
        re.compile(rf"[\w.+'%-]{{1,64}}\s?@\s?(?:[\w-]{{1,63}}\s?\.\s?){{1,5}}(?:{_TLD})\b", _I),
        None,
    ),
    (
        "email",
        re.compile(
            r"[\w.+'%-]{1,64}\s?[(\[{<]\s?at\s?[)\]}>]\s?[\w-]{1,63}"
            r"\s?(?:\.|[(\[{<]\s?dot\s?[)\]}>]|\bdot\b)\s?[a-z]{2,24}",
            _I,
        ),
        None,
    ),
    (
        "email",
        re.compile(rf"[\w.+'%-]{{1,64}}\s+at\s+[\w-]{{1,63}}\s+dot\s+(?:{_TLD})\b", _I),
        None,
    ),
    ("web_address", re.compile(r"\b(?:https?://|www\.)[^\s<>\"]{3,200}", _I), _is_web_address),
    ("web_address", re.compile(rf"\b(?:{_SITES})\.(?:com|app|me|net)/[\w@.\-/]{{2,80}}", _I), None),
    (
        "web_address",
        re.compile(
            r"(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,4}(?:com|co\.uk|org\.uk|me\.uk|org|net|info)"
            r"(?:/[^\s<>\"]{0,200})?(?![\w-])",
            _I,
        ),
        _is_web_address,
    ),
    (
        "handle",
        re.compile(r"(?<![\w@.])@\s?[A-Za-z_](?:[\w.]{1,29})(?<!\.)"),
        lambda m: m[0][1] != " ",
    ),
    (
        "handle",
        re.compile(
            rf"\b(?:{_NETWORK})\b\W{{0,3}}(?:(?:handle|name|username|account|user|profile)\W{{0,3}}"
            r"(?:is|:|=|-)?|[:=])\s?@?(?P<found>\w[\w.]{2,29})(?<!\.)",
            _I,
        ),
        lambda m: m["found"].casefold() not in ("the", "was", "and", "for", "that", "with"),
    ),
    ("handle", re.compile(r"(?<![\w/])/?u/[A-Za-z0-9_-]{3,20}\b"), None),
    (
        "phone",
        re.compile(rf"\b(?:(?:{_NUMBER_WORD})\b[\s,.\-]{{0,3}}){{9,40}}(?<![\s,.\-])", _I),
        None,
    ),
    *WORD_ADDRESS_RULES,
)

#: All rules: the kind, what it looks like, and what else must hold.
RULES: tuple[Rule, ...] = (
    *WORD_RULES,
    (
        "phone",
        re.compile(
            rf"(?<!\d)(?<!\d[.,])(?:(?:\+|00){_SEP}4\s?4{_SEP}0?|\(?0)(?:{_SEP}\d){{9,10}}"
            r"(?!\d)"
        ),
        _is_phone,
    ),
    (
        "phone",
        re.compile(rf"{_START}[0Oo](?:{_SEP}[\dOo]){{9,10}}{_END}"),
        lambda m: len(re.findall(r"\d", m[0])) > 5 and re.search(r"[Oo]", m[0]) is not None,
    ),
    ("phone", re.compile(rf"(?<![\w.])\+\d(?:{_SEP}\d){{7,14}}(?!\d)"), None),
    ("phone", re.compile(r"(?<![\d.,])7\d{3}[\s-]\d{3}[\s-]?\d{3}(?!\d)"), None),
    (
        "phone",
        re.compile(
            rf"\b(?:{_CALL})\b\W{{0,3}}(?:[^\W\d]{{1,12}}\W{{1,2}}){{0,5}}"
            r"(?P<found>\d{3,}(?:[\s-]\d{3,}){0,3})(?!\d)",
            _I,
        ),
        _is_local_phone,
    ),
    (
        "postcode",
        re.compile(
            rf"{_START}(?:[A-Z]{_P}[A-Z]?|0[LX]){_P}\d(?:{_P}[A-Z\d])?{_P}[\dO]{_P}[{_IN}]{_P}"
            rf"[{_IN}]{_END}"
        ),
        _is_postcode,
    ),
    (
        "postcode",
        re.compile(rf"{_START}(?:{_AREAS})\d[A-Z\d]?{_P}\d[{_IN}]{{2}}{_END}", _I),
        _is_postcode,
    ),
    (
        "nhs_number",
        re.compile(r"(?<!\d)(?<!\d[.,])\d{3}[\s.\-]{1,3}\d{3}[\s.\-]{1,3}\d{4}(?!\d)"),
        _is_nhs_number,
    ),
    (
        "nhs_number",
        re.compile(
            r"\b(?:nhs|patient|hospital|health|medical)\b[^\d\n]{0,40}"
            r"(?P<found>\d(?:[\s.\-]{0,2}\d){9})(?!\d)",
            _I,
        ),
        _is_nhs_number,
    ),
    (
        "nhs_number",
        re.compile(
            r"\bnhs\s?(?:number|num|no|id|#)\b\W{0,3}(?:(?:is|was)\b)?\W{0,3}"
            r"(?P<found>\d(?:[\s.\-]{0,2}\d){8,10})(?!\d)",
            _I,
        ),
        None,
    ),
    (
        "national_insurance",
        re.compile(rf"{_START}[A-Z]{_P}[A-Z](?:{_P}\d){{6}}{_P}[A-D]{_END}"),
        None,
    ),
    (
        "national_insurance",
        re.compile(rf"{_START}[a-z]{{2}}-?\d{{2}}(?:[\s.\-]?\d{{2}}){{2}}[\s.\-]?[a-d]{_END}", _I),
        None,
    ),
    (
        "national_insurance",
        re.compile(
            r"\b(?:national\s+insurance|nino|ni)\b[^\d\n]{0,20}?"
            r"(?P<found>\b[a-z]\s?[a-z](?:[\s.\-]{0,2}\d){6}(?:\s?[a-d]\b)?)",
            _I,
        ),
        None,
    ),
    (
        "vehicle",
        re.compile(rf"{_START}[A-Z]{{2}}\s?\d{{2}}[\s.\-]{{0,2}}[A-Z]{{3}}{_END}"),
        _is_vehicle,
    ),
    ("vehicle", re.compile(rf"{_START}[a-z]{{2}}\d{{2}}\s?[a-z]{{3}}{_END}", _I), _is_vehicle),
    ("vehicle", re.compile(rf"{_START}[A-HJ-NPR-Y]\d{{1,3}}[\s-]?[A-Z]{{3}}{_END}"), _is_vehicle),
    ("vehicle", re.compile(rf"{_START}[A-Z]{{3}}[\s-]?\d{{1,3}}[A-Y]{_END}"), _is_vehicle),
    (
        "vehicle",
        re.compile(
            rf"\b(?:{_CAR})\b\W{{0,3}}(?:(?:is|was|number|no|plate|reg|registration)\b\W{{0,3}}){{0,3}}"
            r"(?P<found>(?=[a-z]{0,3}\s?\d)(?:[a-z]{1,3}\s?\d{1,4}\s?[a-z]{0,3}|\d{1,4}\s?[a-z]{1,3}))"
            r"(?![\w])",
            _I,
        ),
        _is_plate_after_word,
    ),
    *DATE_RULES,
    *ADDRESS_RULES,
    *IP_RULES,
)
