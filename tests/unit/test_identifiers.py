"""Structured identifiers: what must be found and what must not, as a table.

Every number is invented: telephone numbers and postcodes from ranges that are not given out, NHS
numbers that begin with 999, National Insurance numbers and plates with letters that are never used.
"""

from __future__ import annotations

import time

import pytest

from cip.engagement.identifier_rules import is_valid_nhs_number
from cip.engagement.identifiers import find_identifiers

FOUND = [
    # Telephone numbers.
    ("phone", "ring me on 01632 960123 after six", "01632 960123"),
    ("phone", "my number 07700 900 123 is always on", "07700 900 123"),
    ("phone", "07700900123", "07700900123"),
    ("phone", "it is 07700-900-123.", "07700-900-123"),
    ("phone", "+44 7700 900123 from abroad", "+44 7700 900123"),
    ("phone", "0044 1632 960 123", "0044 1632 960 123"),
    ("phone", "+44 (0)1632 960123", "+44 (0)1632 960123"),
    ("phone", "(01632) 960 123 in the day", "(01632) 960 123"),
    ("phone", "0 7 7 0 0 9 0 0 1 2 3", "0 7 7 0 0 9 0 0 1 2 3"),
    ("phone", "tel.01632.960.123", "01632.960.123"),
    ("phone", "0770​0 900​123", "0770​0 900​123"),
    ("phone", "０７７００ ９００１２３", "０７７００ ９００１２３"),
    ("phone", "07700&nbsp;900&nbsp;123", "07700&nbsp;900&nbsp;123"),
    ("phone", "O7700? no, call 7700 900 123", "7700 900 123"),
    ("phone", "ring the caretaker on 960123", "960123"),
    ("phone", "whatsapp 7700900123 any day", "7700900123"),
    ("phone", "oh seven seven oh oh nine oh oh one two three", None),
    ("phone", "+1 212 555 0123 is my sister's", "+1 212 555 0123"),
    ("phone", "٠٧٧٠٠٩٠٠١٢٣ بعد السادسة", "٠٧٧٠٠٩٠٠١٢٣"),
    ("phone", "07700 900\n123", "07700 900\n123"),
    ("phone", "07700 900123/07700 900124", "07700 900123"),
    ("phone", "07700 900123/07700 900124", "07700 900124"),
    ("phone", "07700 900123-4", "07700 900123"),
    ("phone", "O77OO 9OO 123", "O77OO 9OO 123"),
    # Postcodes.
    ("postcode", "I live at ZZ99 1AA", "ZZ99 1AA"),
    ("postcode", "zz99 1aa is ours", "zz99 1aa"),
    ("postcode", "ZZ991AA", "ZZ991AA"),
    ("postcode", "ZZ99  1AA near the pond", "ZZ99  1AA"),
    ("postcode", "ZZ99-1AA", "ZZ99-1AA"),
    ("postcode", "Z Z 9 9 1 A A", "Z Z 9 9 1 A A"),
    ("postcode", "Z9 9ZZ", "Z9 9ZZ"),
    ("postcode", "Z9Z 9ZZ", "Z9Z 9ZZ"),
    ("postcode", "ＺＺ９９ １ＡＡ", "ＺＺ９９ １ＡＡ"),
    ("postcode", "ΖΖ99 1АА", "ΖΖ99 1АА"),
    # E-mail addresses.
    ("email", "write to someone@example.org please", "someone@example.org"),
    ("email", "Some.One+box@mail.example.co.uk", "Some.One+box@mail.example.co.uk"),
    ("email", "someone(at)example.org", "someone(at)example.org"),
    ("email", "someone [at] example [dot] org", "someone [at] example [dot] org"),
    ("email", "someone at example dot org", "someone at example dot org"),
    ("email", "someone @ example . org", "someone @ example . org"),
    ("email", "someone＠example.org", "someone＠example.org"),
    ("email", "<someone@example.org>", "someone@example.org"),
    ("email", "someone​@exam​ple.org", "someone​@exam​ple.org"),
    # NHS numbers.
    ("nhs_number", "999 000 0018 on the letter", "999 000 0018"),
    ("nhs_number", "999-000-0018", "999-000-0018"),
    ("nhs_number", "NHS number 9990000018", "9990000018"),
    ("nhs_number", "my NHS no. is 9990000019, or so", "9990000019"),
    ("nhs_number", "patient 9990000018 was told to wait", "9990000018"),
    # National Insurance numbers.
    ("national_insurance", "QQ 12 34 56 C", "QQ 12 34 56 C"),
    ("national_insurance", "qq123456c", "qq123456c"),
    ("national_insurance", "QQ123456C was refused", "QQ123456C"),
    ("national_insurance", "Q Q 1 2 3 4 5 6 C", "Q Q 1 2 3 4 5 6 C"),
    ("national_insurance", "my ni number is qq 12 34 56", "qq 12 34 56"),
    # Vehicles.
    ("vehicle", "a white van, QZ71 QQQ, every night", "QZ71 QQQ"),
    ("vehicle", "qz71 qqq parks there", "qz71 qqq"),
    ("vehicle", "QZ71QQQ", "QZ71QQQ"),
    ("vehicle", "the old W123 QQQ", "W123 QQQ"),
    ("vehicle", "QQQ 123W", "QQQ 123W"),
    ("vehicle", "his car reg is QQ 1234", "QQ 1234"),
    # Names on social media and web addresses.
    ("handle", "message @pond_walker about it", "@pond_walker"),
    ("handle", "insta: pond.walker", "pond.walker"),
    ("handle", "my snapchat username is pondwalker9", "pondwalker9"),
    ("handle", "ask u/pond_walker", "u/pond_walker"),
    ("web_address", "facebook.com/pond.walker", "facebook.com/pond.walker"),
    ("web_address", "see https://pondwalker.example/about", "https://pondwalker.example/about"),
    ("web_address", "www.pondwalker.example", "www.pondwalker.example"),
    ("web_address", "it is on pondwalker.co.uk now", "pondwalker.co.uk"),
    # Full dates.
    ("date_of_birth", "born 03/06/1947 in the front room", "03/06/1947"),
    ("date_of_birth", "DOB 3.6.47", "3.6.47"),
    ("date_of_birth", "1947-06-03", "1947-06-03"),
    ("date_of_birth", "3rd of June 1947", "3rd of June 1947"),
    ("date_of_birth", "June 3, 1947", "June 3, 1947"),
    ("date_of_birth", "3 jun '47", "3 jun '47"),
    ("date_of_birth", "my birthday is 3 June", "3 June"),
    ("date_of_birth", "date of birth 03061947", "03061947"),
    ("date_of_birth", "3/6/1947", "3/6/1947"),
    ("date_of_birth", "the twenty-third of June 1947", "twenty-third of June 1947"),
    # Street addresses.
    ("street_address", "at 12 Paper Mill Lane", "12 Paper Mill Lane"),
    ("street_address", "we live at 12a quill road", "12a quill road"),
    ("street_address", "Flat 3, 14 Inkwell Close", "14 Inkwell Close"),
    ("street_address", "Flat 3 Lantern House is damp", "Flat 3 Lantern House"),
    ("street_address", "the fire at 7 Blotter St", "7 Blotter St"),
    ("street_address", "number seven, Inkwell Close", "number seven, Inkwell Close"),
    ("street_address", "22-24 Harbour Street", "22-24 Harbour Street"),
    ("street_address", "NO. 9 PAPER COURT", "NO. 9 PAPER COURT"),
    ("street_address", "No 6 Harbour Steps", "No 6 Harbour Steps"),
    ("street_address", "in flat 12b above the shop", "flat 12b"),
    ("street_address", "he lives at 23 the crescent", "23 the crescent"),
    # IP addresses.
    ("ip_address", "from 192.0.2.17 at night", "192.0.2.17"),
    ("ip_address", "2001:db8::1f", "2001:db8::1f"),
]

NOT_FOUND = [
    "we waited 10 minutes, twice",
    "open 24/7 all year",
    "between 2019 and 2024",
    "the 2024-25 budget",
    "£1,234,567 for one crossing",
    "about 1,500 homes",
    "1 2 3 4 5",
    "0 1 2 3 4 5 6 7 8 9",
    "0.1234567890 of a point",
    "the last bus is at 18:40",
    "from 0900-1700, then 0930-1600",
    "half past 7 or 8",
    "call 999 or 111",
    "I rang 4 times in 2 weeks",
    "phone them 20 or 30 times a day",
    "the number 10 bus",
    "reference 1234567890",
    "order 9990000018",
    "999 000 0019",
    "1234567890",
    "we are 3 of 4 in a room",
    "score 10/10",
    "a 50/50 chance",
    "on 3 June",
    "in June 2024",
    "June 2024",
    "since 1947",
    "born in 1947",
    "the 1980s were better",
    "version 3.2.1",
    "at 3.30 on the 4th",
    "1/2/3",
    "45/67/2010",
    "2 minutes walk from the shop",
    "a 5 minute drive",
    "20 mph road",
    "3 cars in the road",
    "2 broken street lights",
    "10 years down the road",
    "2 car park spaces",
    "30 houses in our street",
    "one way street",
    "I like the High Street",
    "the road is full of 4x4s",
    "4 people at St Mary's",
    "OX4 is where I live",
    "ward B12, bed 4",
    "the b1 2nd floor lift",
    "A34 AND the ring road",
    "the M40 was shut",
    "BUS 10A is late",
    "the 12B bus",
    "MY CAR 2 TIMES",
    "my car 4 years ago",
    "a van 3 times a week",
    "COVID 19 was hard",
    "2 GPs left in 2023",
    "meet @ 5pm by the pond",
    "5 @ 2.50 each",
    "see www.nhs.uk or https://www.gov.uk/benefits",
    "I looked at the dot on the map",
    "facebook is where we heard",
    "twitter was no help",
    "it was good.and then it closed",
    "e.g. the hall, i.e. upstairs",
    "10:30:45 on the clock",
    "3:2 in the end",
    "age 75+",
    "a 3 bed flat for 4",
    "in this flat 3 years now",
    "100% agree!!!",
    "5* service",
    "12,000 a year before tax",
    "temperature of 38.5",
    "blood pressure 140/90",
    "I am 47 and he is 74",
    "<3 <3 <3",
    "🚌🚌🚌 10 years late",
    "",
]


@pytest.mark.parametrize(("kind", "text", "part"), FOUND, ids=range(len(FOUND)))
def test_finds_what_identifies_and_where(kind, text, part):
    found = [(one.kind, text[one.start : one.end]) for one in find_identifiers(text)]
    if part is None:
        assert kind in [name for name, _ in found]
    else:
        assert (kind, part) in found


@pytest.mark.parametrize("text", NOT_FOUND, ids=range(len(NOT_FOUND)))
def test_leaves_other_numbers_and_words_alone(text):
    assert [one.kind for one in find_identifiers(text)] == []


def test_tables_are_as_long_as_they_must_be():
    assert len(FOUND) >= 60
    assert len(NOT_FOUND) >= 60
    assert {kind for kind, _, _ in FOUND} >= {"email", "phone", "postcode", "nhs_number"}


@pytest.mark.parametrize(
    ("digits", "valid"),
    [
        ("9990000018", True),
        ("9990000019", False),
        ("999000001", False),
        ("99900000188", False),
        ("999000001x", False),
        ("", False),
    ],
)
def test_check_digit_of_nhs_numbers(digits, valid):
    assert is_valid_nhs_number(digits) is valid


def test_check_digit_of_ten_is_never_valid():
    """Where the remainder asks for 10 no number is given out, whatever its last digit."""
    stems = [f"99900{n:04d}" for n in range(300)]
    without = [s for s in stems if not any(is_valid_nhs_number(f"{s}{d}") for d in range(10))]
    assert 300 / 11 - 3 <= len(without) <= 300 / 11 + 3


def test_finding_holds_no_text():
    (found,) = find_identifiers("ring 01632 960123")
    assert "960123" not in repr(found)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "1" * 100_000,
        "0 " * 50_000,
        "a@" * 50_000,
        "12 a " * 20_000,
        "a." * 50_000,
        "one two " * 12_000,
        "call " * 20_000,
        "A1 " * 33_000,
        "nhs " * 25_000,
        "‮א" * 50_000,
        "🙂" * 50_000,
        "someone@example.org " * 5_000,
    ],
    ids=range(13),
)
def test_a_comment_of_100_kb_takes_no_time(text):
    started = time.process_time()
    find_identifiers(text)
    assert time.process_time() - started < 3
