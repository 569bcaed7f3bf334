"""Strength of evidence by a declared rule: five tests, each passed or not, and the reason."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cip.catalogue.findings import StrengthRule, Test, load_finding_rules
from cip.periods import order_period
from cip.summary.findings_pieces import Piece, keep_kind
from cip.summary.triangulation import Triangle

#: What says that a group was heard less than its share of the residents.
HEARD_LESS = ("lower", "worse")


@dataclass(frozen=True)
class Strength:
    """How strong the evidence of a finding is.

    Parameters
    ----------
    level
        ``strong``, ``moderate``, ``limited`` or ``none``.
    passed
        Tests that are passed.
    words
        The level and its reasons in sentences.
    """

    level: str
    passed: tuple[str, ...]
    words: str


def judge_strength(
    shown: Sequence[Piece], heard: Sequence[Piece], *, triangle: Triangle, today: date
) -> Strength:
    """Return the strength of the evidence that a finding shows.

    Parameters
    ----------
    shown
        The entries that the finding cites.
    heard
        Who was heard: one piece per group.
    triangle
        Which way each kind of knowledge points.
    today
        Date of the report; the age of figures counts from it.

    Notes
    -----
    The tests, the limits and the levels are declared in ``findings.toml``. A finding without
    evidence passes none.
    """
    rule = load_finding_rules().strength
    results = {
        "kinds": _do_kinds_agree(triangle),
        "difference": any(p.is_clear and p.points for p in keep_kind(shown, "data", "change")),
        "base": _is_base_enough(shown, rule),
        "heard": _is_heard_enough(shown, heard, rule),
        "age": bool(shown) and not list_old(shown, today=today),
    }
    passed = tuple(test for test in rule.tests if results[test])
    level = next(
        one
        for one in rule.levels
        if len(passed) >= one.least_passed
        and set(one.needs) <= set(passed)
        and not (one.needs_side and triangle.fit == "silent")
    )
    sentences = [
        rule.sentences.level.format(label=level.label, passed=len(passed), tests=len(results))
    ]
    if passed:
        reasons = "; ".join(rule.tests[test].passed for test in rule.tests if results[test])
        sentences.append(rule.sentences.passed.format(reasons=reasons))
    if len(passed) < len(results):
        reasons = "; ".join(
            _say_failed(test, shown, rule) for test in rule.tests if not results[test]
        )
        sentences.append(rule.sentences.failed.format(reasons=reasons))
    if shown and triangle.fit == "silent":
        sentences.append(rule.sentences.silent)
    return Strength(level.id, passed, " ".join(sentences))


def _say_failed(test: Test, shown: Sequence[Piece], rule: StrengthRule) -> str:
    words = rule.tests[test]
    is_untold = test == "heard" and not any(piece.knowledge == "voices" for piece in shown)
    return words.absent if is_untold else words.failed


def _do_kinds_agree(triangle: Triangle) -> bool:
    ways = [one.way for one in triangle.pointing.values() if one.is_directed]
    return any(ways.count(way) > 1 for way in ways)


def list_old(shown: Sequence[Piece], *, today: date) -> list[Piece]:
    """Return the figures and answers whose period began longer ago than the rule allows."""
    years = load_finding_rules().strength.old_after_years
    limit = today.year + (today.timetuple().tm_yday - 1) / 366 - years
    dated = keep_kind(shown, "data", "survey", "change", "insight")
    # A period that names no year sorts as missing and is never old.
    return [piece for piece in dated if order_period(piece.period) < limit]


def list_heard_less(heard: Sequence[Piece]) -> list[Piece]:
    """Return the groups that were heard less than their share of the residents."""
    return [p for p in heard if p.is_citable and p.comparison in HEARD_LESS]


def _is_base_enough(shown: Sequence[Piece], rule: StrengthRule) -> bool:
    bases = [p.base for p in keep_kind(shown, "data", "survey", "change")]
    people = [p.value for p in keep_kind(shown, "theme")]
    known = [base >= rule.least_base for base in bases if not math.isnan(base)]
    known += [number >= rule.least_people for number in people if not math.isnan(number)]
    return bool(known) and all(known)


def _is_heard_enough(shown: Sequence[Piece], heard: Sequence[Piece], rule: StrengthRule) -> bool:
    """Tell whether few groups were heard less; without voices nobody was heard."""
    if not any(piece.knowledge == "voices" for piece in shown):
        return False
    compared = [p for p in heard if p.is_citable and p.comparison]
    if not compared:
        return False
    return len(list_heard_less(heard)) <= rule.most_heard_less * len(compared)
