"""Names of places and groups, folded so that two registers' ways of writing one name agree.

A score over whole names alone is not safe: "St Mary's School" and "St Mark's School" differ by one
letter, and a name inside a longer one scores 100 in a comparison of sets. So names are parted into
what tells them from their neighbours and what does not, and words that exclude each other are told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from cip.assets.name_words import CONTRASTS, MEETING_PLACES, NEVER_TELLING, NOUNS, STOP, fold_words

#: How much of the score comes from the telling words; the rest from the whole name.
_CORE_WEIGHT = 0.75
#: Highest score of the telling words where each name has one that the other lacks.
_MOST_APART = 70.0

_TAIL = re.compile(r"[,(\[|;]|\s[-\u2013\u2014]\s")


@dataclass(frozen=True, slots=True)
class Name:
    """A name, parted into what tells it from others and what does not.

    Parameters
    ----------
    key
        Its words in alphabetical order: equal for names that are the same but for their dress.
    words
        All words but articles and the like, in order.
    core
        The words that tell it from its neighbours, in order; none in "Village Hall".
    numbers
        Its numbers, "1st" and "first" as 1, and the letters of stops.
    nouns
        The kinds of building or body that it names.
    tail
        Words after the first comma or in brackets: mostly a street or a town.
    """

    key: str
    words: tuple[str, ...]
    core: tuple[str, ...]
    numbers: frozenset[str] = field(default_factory=frozenset)
    nouns: frozenset[str] = field(default_factory=frozenset)
    tail: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_bare(self) -> bool:
        """True where nothing in the name tells it from others of its kind."""
        return not self.core and not self.numbers


@dataclass(frozen=True, slots=True)
class Comparison:
    """How alike two names are.

    Parameters
    ----------
    score
        0 to 100.
    is_inside
        The telling words of one are all in the other, which has more.
    is_contrary
        The names exclude each other: infant and junior, 1st and 3rd, north and south.
    is_loose
        Alike, but with something that a person should look at: a number in one alone, a short
        word spelled in two ways, other words after the comma.
    nouns
        Whether they name the same kind of building or body; ``open`` where one names none.
    """

    score: float
    is_inside: bool
    is_contrary: bool
    is_loose: bool
    nouns: Literal["equal", "some", "apart", "open"]


@lru_cache(maxsize=200_000)
def parse_name(text: str) -> Name:
    """Return a name parted for comparison.

    Examples
    --------
    >>> parse_name("The Rose Hill Surgery, Millcross").core
    ('rose', 'hill')
    """
    head, *rest = _TAIL.split(text, maxsplit=1)
    words = [word for word in fold_words(head) if word not in STOP]
    tail = [word for word in fold_words(rest[0]) if word not in STOP] if rest else []
    if not _keep_telling(words):
        # "Main Hall, Asher Hall": what comes first tells nothing.
        words, tail = [*words, *tail], []
    core = _keep_telling(words)
    return Name(
        " ".join(sorted(words)),
        tuple(words),
        tuple(word for word in core if not _is_number(word)),
        frozenset(word for word in core if _is_number(word)),
        frozenset(words) & NOUNS,
        frozenset(tail),
    )


def _keep_telling(words: list[str]) -> list[str]:
    return [word for word in words if word not in NEVER_TELLING]


def _is_number(word: str) -> bool:
    return word[0].isdigit()


def compare_names(a: Name, b: Name, places: frozenset[str] = frozenset()) -> Comparison:
    """Compare two names.

    Parameters
    ----------
    places
        Words of the addresses of both: a town that stands in one name alone tells nothing.
    """
    core, is_inside, is_loose = _compare_cores(a, b, places | a.tail | b.tail)
    score = _CORE_WEIGHT * core + (1 - _CORE_WEIGHT) * _compare_whole(a, b)
    tails = a.tail - NEVER_TELLING, b.tail - NEVER_TELLING
    is_loose |= bool(a.numbers) != bool(b.numbers)
    is_loose |= bool(tails[0] and tails[1]) and not tails[0] & tails[1]
    return Comparison(
        round(score, 1), is_inside, _exclude_each_other(a, b), is_loose, _compare_nouns(a, b)
    )


def _compare_cores(a: Name, b: Name, places: frozenset[str]) -> tuple[float, bool, bool]:
    """Return the score of the telling words, whether one holds the other, and whether to look."""
    if set(a.core) == set(b.core):
        return (100.0 if a.core else _compare_whole(a, b)), False, False
    if "".join(a.core) == "".join(b.core) or "".join(a.words) == "".join(b.words):
        return 100.0, False, False
    score = fuzz.token_sort_ratio(" ".join(a.core), " ".join(b.core))
    left_a, left_b, is_loose = _match_words(a.core, b.core)
    if left_a and left_b:
        return min(score, _MOST_APART), False, is_loose
    if not left_a and not left_b:
        return score, False, is_loose
    has_rest = bool(a.core) and bool(b.core)
    if has_rest and set(left_a or left_b) <= places:
        return max(score, 95.0), False, is_loose
    return score, True, is_loose


def _compare_whole(a: Name, b: Name) -> float:
    return float(fuzz.token_sort_ratio(" ".join(a.words), " ".join(b.words)))


def _match_words(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[list[str], list[str], bool]:
    """Return the words of each name that the other lacks; misspelt words count as one word."""
    left_a = [word for word in a if word not in b]
    left_b = [word for word in b if word not in a]
    is_loose = False
    for word in list(left_a):
        found = next((other for other in left_b if _is_misspelt(word, other)), None)
        if found is not None:
            left_a.remove(word)
            left_b.remove(found)
            is_loose |= min(len(word), len(found)) < 7
    return left_a, left_b, is_loose


def _is_misspelt(a: str, b: str) -> bool:
    shorter = min(len(a), len(b))
    if shorter < 5 or a[0] != b[0]:
        return False
    most = 2 if shorter >= 9 else 1
    return OSA.distance(a, b, score_cutoff=most) <= most


def _exclude_each_other(a: Name, b: Name) -> bool:
    if a.numbers and b.numbers and not a.numbers & b.numbers:
        return True
    words_a, words_b = set(a.words), set(b.words)
    for contrast in CONTRASTS:
        own, other = words_a & contrast, words_b & contrast
        if own and other and not own & other:
            return True
    return False


def _compare_nouns(a: Name, b: Name) -> Literal["equal", "some", "apart", "open"]:
    if a.nouns == b.nouns:
        return "equal"
    if not a.nouns or not b.nouns:
        return "open"
    both_meet = bool(a.nouns & MEETING_PLACES) and bool(b.nouns & MEETING_PLACES)
    return "some" if a.nouns & b.nouns or both_meet else "apart"
