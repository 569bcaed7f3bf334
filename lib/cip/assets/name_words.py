"""The words of names as they are compared, and what each of them tells.

Grouped by hand after the ways in which registers of schools, surgeries, stops, halls and charities
write the names of one thing.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_PHRASES = tuple(
    (re.compile(rf"\b(?:{pattern})\b"), text)
    for pattern, text in (
        (r"church of england|c of e|cofe|c e|anglican", "ce"),
        (r"roman catholic|r c|catholic", "rc"),
        (r"united reformed|u r c", "urc"),
        (r"friends meeting", "quaker meeting"),
        (r"voluntary (?:aided|controlled)", " "),
        (r"co operatives?|cooperatives?|co ops?|coops?", "coop"),
        (r"community interest company|c i c", "cic"),
        (r"sixth form", "sixthform"),
        (r"pre school", "preschool"),
        (r"play group", "playgroup"),
        (r"walk in", "walkin"),
        (r"multi storey", "multistorey"),
        (r"foodbanks?", "food bank"),
        # A letter that tells one stop or platform from the next is no article.
        (r"(stop|bay|stand|platform|gate|block) ([a-z])", r"\1 0\2"),
    )
)
_SAME_WORDS = {
    "saint": "st", "saints": "st", "ss": "st", "street": "st", "rd": "road", "av": "avenue",
    "ave": "avenue", "ln": "lane", "cres": "crescent", "sq": "square", "gdns": "garden",
    "center": "centre", "ctr": "centre", "theater": "theatre", "comm": "community",
    "assoc": "association", "assn": "association", "hosp": "hospital", "med": "medical",
    "sch": "school", "prim": "primary", "jnr": "junior", "jr": "junior", "infants": "infant",
    "stn": "station", "rec": "recreation", "opposite": "opp", "adjacent": "adj", "gp": "doctor",
    "dr": "doctor", "drs": "doctor", "limited": "ltd", "chemist": "pharmacy", "hut": "hall",
    "academy": "school", "first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5",
    "sixth": "6", "seventh": "7", "eighth": "8", "ninth": "9", "tenth": "10",
}  # fmt: skip


def _stem(word: str) -> str:
    """Return a word without the s of a plural or of a genitive, which registers leave out."""
    short = word.rstrip("s")
    return short if len(word) > 3 and len(short) >= 3 else word


def _list_words(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in text.split())


STOP = _list_words("the a an and of at in for on to by with")
NOUNS = _list_words(
    "hall church chapel centre school library club college nursery park field ground meadow "
    "playground cafe garden cemetery churchyard museum theatre pavilion mosque temple house group "
    "association trust society pta scout guide room"
)
#: Of these, people use one or another for the same rooms.
MEETING_PLACES = _list_words("hall centre room pavilion club")
#: Words that say what kind of thing a name is of, not which one.
_WEAK = (NOUNS - _list_words("house meadow scout guide")) | _list_words(
    "ltd plc uk gb llp cic cio charity charitable registered company co branch shop store "
    "surgery medical practice health healthcare clinic pharmacy dental dentist dentistry doctor "
    "hospital partnership partner partners family optician optometrist care medicine infirmary "
    "home nursing residential day learning further education aided public council county district "
    "parish village community social local main large small committee meeting reception room "
    "recreation play area open space allotment sport leisure pitch playing bank food station stop "
    "recycling point car parking multistorey office preschool playgroup kindergarten virgin "
    "apostle evangelist martyr blessed service walkin general"
)
#: Of each set, two names that have different words are of different things.
CONTRASTS = tuple(
    _list_words(text)
    for text in (
        "infant junior primary secondary nursery sixthform preschool",
        "ce rc methodist baptist urc quaker pentecostal orthodox congregational",
        "north south east west",
        "upper lower middle",
        "boys girls",
        "men women ladies mothers fathers",
        "toddler teenage junior",
        "old new",
        "express superstore metro extra",
        "opp adj",
        "scout guide brownie rainbow cub beaver",
        "cricket tennis football rugby bowls hockey golf",
        "road lane street avenue square crescent close",
    )
)
#: These tell two things apart, and yet one source leaves them out: they say nothing of which it is.
_STAGES, _FAITHS, _FORMATS = CONTRASTS[0], CONTRASTS[1], CONTRASTS[8]
NEVER_TELLING = _WEAK | _STAGES | _FAITHS | _FORMATS
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")


@lru_cache(maxsize=200_000)
def fold_words(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are compared: no case, accents, plurals or punctuation.

    Examples
    --------
    >>> fold_words("St. Mary's C.E. Primary School")
    ('st', 'mary', 'ce', 'primary', 'school')
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = re.sub(r"['\u2019\u2018`\u02bc]|(?<=\b\w)\.", "", plain)
    plain = " ".join(re.sub(r"[\W_]+", " ", re.sub(r"[&+]", " and ", plain)).split())
    for pattern, words in _PHRASES:
        plain = pattern.sub(words, plain)
    return tuple(_fold_word(word) for word in plain.split())


def _fold_word(word: str) -> str:
    if found := _ORDINAL.fullmatch(word):
        return found[1]
    word = _SAME_WORDS.get(word, word)
    return _SAME_WORDS.get(_stem(word), _stem(word))
