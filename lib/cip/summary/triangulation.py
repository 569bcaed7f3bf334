"""Three kinds of knowledge side by side: which way each points, and whether they fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cip.catalogue.findings import FindingRules, Fit, Side, load_finding_rules
from cip.display.text import join_names
from cip.summary.findings_pieces import Piece

STRENGTH, CHALLENGE, MIXED, NEUTRAL, ABSENT = "strength", "challenge", "mixed", "neutral", "absent"


@dataclass(frozen=True)
class Pointing:
    """Which way one kind of knowledge points.

    Parameters
    ----------
    way
        ``strength``, ``challenge``, ``mixed`` (both), ``neutral`` (neither) or ``absent``
        (nothing can be cited).
    strengths, challenges
        How many entries point to each.
    """

    way: str
    strengths: int = 0
    challenges: int = 0

    @property
    def is_directed(self) -> bool:
        """Whether it points to a strength, to a challenge, or to both."""
        return self.way in (STRENGTH, CHALLENGE, MIXED)


@dataclass(frozen=True)
class Triangle:
    """How the kinds of knowledge fit.

    Parameters
    ----------
    pointing
        By kind of knowledge: ``numbers``, ``voices``, ``assets``.
    fit, side
        See `findings.toml`.
    words
        The fit in sentences.
    evidence, point
        What an opening says that points: a noun, and its verb.
    """

    pointing: Mapping[str, Pointing]
    fit: Fit
    side: Side
    words: str
    evidence: str
    point: str


def find_pointing(pieces: Iterable[Piece]) -> Pointing:
    """Return which way pieces of one kind of knowledge point.

    Each indicator, question, theme, change and asset counts once; one whose answers or groups
    point both ways does not count.
    """
    held = [piece for piece in pieces if piece.is_citable and not piece.is_empty]
    if not held:
        return Pointing(ABSENT)
    ways: dict[str, set[str]] = {}
    for piece in held:
        if piece.points:
            ways.setdefault(piece.stem, set()).add(piece.points)
    plain = [next(iter(way)) for way in ways.values() if len(way) == 1]
    strengths, challenges = plain.count(STRENGTH), plain.count(CHALLENGE)
    return Pointing(_choose_way(strengths, challenges), strengths, challenges)


def _choose_way(strengths: int, challenges: int) -> str:
    total = strengths + challenges
    if not total:
        return NEUTRAL
    needed = load_finding_rules().direction.majority * total
    if strengths >= needed:
        return STRENGTH
    return CHALLENGE if challenges >= needed else MIXED


def triangulate(pieces: Iterable[Piece]) -> Triangle:
    """Return how published figures, voices and assets about one subject fit.

    Parameters
    ----------
    pieces
        All that is known of it; what cannot be cited does not count.
    """
    rules = load_finding_rules()
    held = list(pieces)
    pointing = {
        kind: find_pointing(piece for piece in held if piece.knowledge == kind)
        for kind in rules.kinds
    }
    ways = [one.way for one in pointing.values() if one.is_directed]
    fit = _find_fit(ways)
    directed = [kind for kind, one in pointing.items() if one.is_directed]
    evidence, point = rules.text.evidence, "points"
    if len(directed) == 1:
        evidence, point = rules.kinds[directed[0]].noun, _conjugate(directed[0], rules)
    words = _write_fit(pointing, fit, rules)
    return Triangle(pointing, fit, _find_side(ways), words, evidence, point)


def _find_fit(ways: list[str]) -> Fit:
    if not ways:
        return "silent"
    if len(ways) == 1:
        return "one-sided"
    return "agree" if len(set(ways)) == 1 else "tension"


def _find_side(ways: list[str]) -> Side:
    if not ways:
        return "unknown"
    if set(ways) == {STRENGTH}:
        return "strength"
    return "challenge" if set(ways) == {CHALLENGE} else "mixed"


def find_theme_side(triangle: Triangle) -> Side:
    """Return the side of a theme: the way of what people say of it, whatever the figures say."""
    way = triangle.pointing["voices"].way
    return _find_side([way] if way in (STRENGTH, CHALLENGE, MIXED) else [])


def _write_fit(pointing: Mapping[str, Pointing], fit: Fit, rules: FindingRules) -> str:
    directed = [kind for kind, one in pointing.items() if one.is_directed]
    words = rules.fit[fit].words
    if fit == "tension":
        clauses = " ".join(_write_clause(kind, pointing[kind].way, rules) for kind in directed)
        sentences = [words.format(clauses=clauses)]
    elif fit == "silent":
        sentences = [words]
    else:
        kinds = join_names([rules.kinds[kind].noun for kind in directed])
        kinds = _start(kinds) if fit == "agree" else kinds
        target = _name_target(pointing[directed[0]].way, rules)
        point = _conjugate(directed[0], rules)
        sentences = [words.format(kinds=kinds, target=target, point=point)]
    if fit != "silent":
        neutral = [kind for kind, one in pointing.items() if one.way == NEUTRAL]
        sentences += [_write_neutral(kind, rules) for kind in neutral]
        sentences.append(_write_counts(pointing, rules))
    return " ".join(sentences)


def _write_clause(kind: str, way: str, rules: FindingRules) -> str:
    return rules.fit_sentences.clause.format(
        kind=_start(rules.kinds[kind].noun),
        point=_conjugate(kind, rules),
        target=_name_target(way, rules),
    )


def _write_neutral(kind: str, rules: FindingRules) -> str:
    noun = _start(rules.kinds[kind].noun)
    return rules.fit_sentences.neutral.format(kind=noun, point=_conjugate(kind, rules))


def _write_counts(pointing: Mapping[str, Pointing], rules: FindingRules) -> str:
    parts = []
    for kind, one in pointing.items():
        counted = [
            f"{number} for {rules.targets[target]}"
            for number, target in ((one.strengths, STRENGTH), (one.challenges, CHALLENGE))
            if number
        ]
        if counted:
            parts.append(f"{rules.kinds[kind].counted}, {' and '.join(counted)}")
    return rules.fit_sentences.count.format(counts="; ".join(parts))


def _conjugate(kind: str, rules: FindingRules) -> str:
    return "point" if rules.kinds[kind].plural else "points"


def _name_target(way: str, rules: FindingRules) -> str:
    return next(words for target, words in rules.targets.items() if target == way)


def _start(words: str) -> str:
    return words[:1].upper() + words[1:]
