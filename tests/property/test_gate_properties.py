"""What holds of the gate for every text: places inside it, planted identifiers, nothing repeated."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cip.engagement.flat_text import flatten_text
from cip.engagement.gate import KINDS, find_flags, redact
from cip.engagement.identifiers import find_identifiers
from cip.engagement.proper_nouns import find_proper_nouns
from cip.engagement.wording import find_wording_fault

TEXTS = st.text(max_size=300)
PLANTED = st.sampled_from(
    [
        ("phone", "01632 960123"),
        ("phone", "+44 7700 900123"),
        ("postcode", "ZZ99 1AA"),
        ("email", "someone@example.org"),
        ("national_insurance", "QQ 12 34 56 C"),
        ("nhs_number", "999 000 0018"),
        ("date_of_birth", "3 June 1947"),
        ("street_address", "12 Paper Mill Lane"),
        ("vehicle", "QZ71 QQQ"),
        ("ip_address", "192.0.2.17"),
    ]
)
#: Signs that no reader sees, and ways of writing a digit.
HIDDEN = st.sampled_from(["", "\u200b", "\u00ad", "\u2060", "\u200d", "\ufe0f"])
DIGITS = st.sampled_from(["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"])
AROUND = st.text(alphabet=st.characters(blacklist_categories=("Nd", "Cs", "No", "Mn")), max_size=60)
SAID = "we saw the bus stop by our door and it was not late"
WORDS = st.lists(st.sampled_from(SAID.split()))


@given(TEXTS)
def test_findings_are_places_of_the_text(text):
    for finding in find_flags(text):
        assert 0 <= finding.start < finding.end <= len(text)
        assert finding.kind in KINDS


@given(TEXTS)
def test_flat_text_keeps_its_places_in_order(text):
    flat = flatten_text(text)
    places = [flat.find_place(n, n + 1) for n in range(len(flat.text))]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert [start for start, _ in places] == sorted(start for start, _ in places)


@given(PLANTED, AROUND, AROUND)
@settings(max_examples=300)
def test_planted_identifiers_are_always_covered(planted, before, after):
    """A finding, of whatever kind, covers each digit and letter that was planted."""
    _, secret = planted
    text = f"{before} | {secret} | {after}"
    start = len(before) + 3
    covered = {n for f in find_identifiers(text) for n in range(f.start, f.end)}
    assert covered >= {start + n for n, sign in enumerate(secret) if sign.isalnum()}


@given(PLANTED, HIDDEN, DIGITS)
def test_hidden_signs_and_other_digits_hide_nothing(planted, hidden, digits):
    kind, secret = planted
    written = hidden.join(digits[int(c)] if c.isdecimal() else c for c in secret)
    assert kind in {finding.kind for finding in find_identifiers(f"it is {written}, yes")}


@given(st.integers(0, 999_999), st.sampled_from(["", " ", "-", ".", "  "]))
def test_every_spacing_of_a_telephone_number(last, gap):
    digits = f"07700{last:06d}"
    written = gap.join(digits)
    found = find_identifiers(f"it is {written} all day")
    assert [(f.start, f.end) for f in found if f.kind == "phone"] == [(6, 6 + len(written))]


@given(st.from_regex(r"[A-Z][a-z]{2,9}", fullmatch=True))
def test_capitalised_word_inside_a_sentence_is_flagged_or_known(word):
    from cip.engagement.name_words import GRAMMAR, HARMLESS

    found = find_proper_nouns(f"we met {word} there")
    assert bool(found) is (word.casefold() not in GRAMMAR | HARMLESS)


@given(TEXTS)
def test_redacting_leaves_what_was_not_found(text):
    findings = find_flags(text)
    covered = {n for f in findings for n in range(f.start, f.end)}
    rest = "".join(sign for n, sign in enumerate(text) if n not in covered)
    result = redact(text, findings)
    place = 0
    for sign in rest:
        place = result.index(sign, place) + 1
    assert (result == text) is (not findings)


@given(WORDS, st.data())
def test_part_of_what_was_said_passes_and_more_does_not(words, data):
    said = " ".join(words)
    first = data.draw(st.integers(0, len(words)))
    last = data.draw(st.integers(first, len(words)))
    part = words[first:last]
    fault = find_wording_fault(" ".join(part), said)
    assert (fault is None) is (len(part) >= max(1, min(3, len(words))))
    assert find_wording_fault(f"{said} tomorrow perhaps", said) is not None
