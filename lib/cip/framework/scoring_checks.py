"""Rules between the parts of ``scoring.yml``: sums, doubles, unknown ids, persons, days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from cip.errors import Problem, find_nearest
from cip.framework.scoring_model import (
    APPOINTED,
    FUNDED,
    OTHER_GRANTS,
    PART_FUNDED,
    Round,
    ScoringFile,
)
from cip.inputs import find_contact, find_person

Place = tuple[str | int, ...]
_ROLE = "roles and organisations alone, such as 'Chair, tenants' circle'"
#: Where a shared mailbox is what is wanted.
_ADDRESS_KEYS = ("send_to",)


def check_scoring(file: ScoringFile, recommendations: Iterable[str] | None = None) -> list[Problem]:
    """Return every problem between the parts of the file, with its line.

    Parameters
    ----------
    recommendations
        Ids that rounds may name; None where there is no list to check against.
    """
    found: list[tuple[Place, Problem]] = [*_check_files(file), *_check_ids(file)]
    for place, one in enumerate(file.scoring.rounds):
        where = ("rounds", place)
        found += [((*where, *inner), problem) for inner, problem in _check_round(one)]
        if recommendations is not None:
            known = list(recommendations)
            found += [
                ((*where, "recommendations", i), _find_unknown("recommendation", name, known))
                for i, name in enumerate(one.recommendations)
                if name not in known
            ]
    found += _find_people(file.scoring.model_dump(mode="json"), ())
    return sorted(
        (replace(p, file=file.path, line=file.find_line(*place)) for place, p in found),
        key=lambda problem: problem.line or 0,
    )


def _check_files(file: ScoringFile) -> Iterator[tuple[Place, Problem]]:
    seen: dict[str, int] = {}
    for place, one in enumerate(file.scoring.files):
        where = ("files", place)
        if (first := seen.setdefault(one.path.as_posix(), place)) != place:
            message = f"this file is named already, as number {first + 1} of the list"
            yield (*where, "path"), Problem(message, found=one.path.as_posix())
        if not file.resolve(one).is_file():
            yield (
                (*where, "path"),
                Problem("there is no such file", found=one.path.as_posix()),
            )
        if one.holds == OTHER_GRANTS:
            continue
        if one.round is None:
            yield where, Problem("say which round these marks belong to", expected="round: <id>")
        elif one.round not in file.rounds:
            yield (*where, "round"), _find_unknown("round", one.round, file.rounds)


def _check_ids(file: ScoringFile) -> Iterator[tuple[Place, Problem]]:
    seen: dict[str, int] = {}
    for place, one in enumerate(file.scoring.rounds):
        if seen.setdefault(one.id, place) != place:
            message = "this id is used for two rounds"
            yield ("rounds", place, "id"), Problem(message, found=one.id)


def _check_round(one: Round) -> Iterator[tuple[Place, Problem]]:
    for name in ("criteria", "scorers", "applicants"):
        yield from _find_doubles(name, [item.id for item in getattr(one, name)])
    yield from _check_weights(one)
    yield from _check_scale(one)
    yield from _check_days(one)
    yield from _check_conflicts(one)
    yield from _check_decisions(one)


def _find_doubles(name: str, ids: list[str]) -> Iterator[tuple[Place, Problem]]:
    for place, one in enumerate(ids):
        if one in ids[:place]:
            yield (name, place, "id"), Problem(f"this id stands twice in '{name}'", found=one)


def _check_weights(one: Round) -> Iterator[tuple[Place, Problem]]:
    # As fractions: 33.3 + 33.3 + 33.4 are 100, which floats may miss.
    total = sum(Fraction(str(criterion.weight)) for criterion in one.criteria)
    if one.criteria and total != 100:
        message = f"the weights of the criteria of '{one.id}' do not add up to 100"
        yield ("criteria",), Problem(message, found=f"{float(total):g}", expected="100")


def _check_scale(one: Round) -> Iterator[tuple[Place, Problem]]:
    scale = one.find_scale()
    if scale.most <= scale.least:
        yield ("scale",), Problem("the highest mark is not above the lowest")
        return
    for mark in scale.marks:
        if not scale.least <= mark <= scale.most:
            message = "this mark is outside the scale"
            expected = f"{scale.least} to {scale.most}"
            yield ("scale", "marks"), Problem(message, found=f"{mark}", expected=expected)
    if one.spread > scale.most - scale.least:
        message = "marks can never be so far apart, so nothing would be moderated"
        expected = f"at most {scale.most - scale.least}"
        yield ("moderation",), Problem(message, found=f"{one.spread:g}", expected=expected)


def _check_days(one: Round) -> Iterator[tuple[Place, Problem]]:
    for first, last in (
        ("opens", "closes"),
        ("work_starts", "work_ends"),
        ("closes", "decided_on"),
    ):
        start, end = getattr(one, first), getattr(one, last)
        if start and end and end < start:
            message = f"'{last}' is before '{first}'"
            yield (last,), Problem(message, found=end.isoformat(), expected=f"{start} or later")


def _check_conflicts(one: Round) -> Iterator[tuple[Place, Problem]]:
    scorers, applicants = one.name_scorers(), one.name_applicants()
    seen = set()
    for place, conflict in enumerate(one.conflicts):
        where = ("conflicts", place)
        if conflict.scorer not in scorers:
            yield (*where, "scorer"), _find_unknown("scorer", conflict.scorer, scorers)
        if conflict.applicant not in applicants:
            yield (*where, "applicant"), _find_unknown("applicant", conflict.applicant, applicants)
        pair = (conflict.scorer, conflict.applicant)
        if pair in seen:
            yield where, Problem("this conflict of interest stands twice")
        seen.add(pair)
    active = [scorer.id for scorer in one.scorers if scorer.absent is None]
    for place, applicant in enumerate(one.applicants):
        if active and all(one.has_conflict(name, applicant.id) for name in active):
            message = f"every scorer has a conflict of interest with '{applicant.id}'"
            yield ("applicants", place), Problem(message, expected="somebody who can score it")


def _check_decisions(one: Round) -> Iterator[tuple[Place, Problem]]:
    applicants = one.name_applicants()
    decided: set[str] = set()
    for place, decision in enumerate(one.decisions):
        where = ("decisions", place)
        if decision.applicant not in applicants:
            yield (*where, "applicant"), _find_unknown("applicant", decision.applicant, applicants)
        if decision.applicant in decided:
            message = f"'{decision.applicant}' has two decisions"
            yield (*where, "applicant"), Problem(message)
        decided.add(decision.applicant)
        if one.closes and decision.on < one.closes:
            message = "this was decided before the round closed"
            yield (*where, "on"), Problem(message, found=decision.on.isoformat())
        wrong = {APPOINTED} if one.kind == "grant" else {FUNDED, PART_FUNDED}
        if decision.decision in wrong:
            message = f"a round for an {one.kind}" if one.kind[0] == "e" else "a round of grants"
            expected = "funded or funded in part" if one.kind == "grant" else "appointed"
            yield (
                (*where, "decision"),
                Problem(f"{message} ends otherwise", found=decision.decision, expected=expected),
            )
        asked = next((a.asked for a in one.applicants if a.id == decision.applicant), None)
        if decision.amount is not None and asked is not None and decision.amount > asked:
            message = "more was decided than was asked for"
            yield (
                (*where, "amount"),
                Problem(message, found=f"{decision.amount:g}", expected=f"at most {asked:g}"),
            )
    yield from _check_total(one)
    if one.is_decided:
        for name in applicants:
            if name not in decided:
                message = f"the round is decided, but there is no decision on '{name}'"
                yield ("decisions",), Problem(message, expected="a decision with by, on and reason")


def _check_total(one: Round) -> Iterator[tuple[Place, Problem]]:
    decided = sum(Fraction(str(d.amount)) for d in one.decisions if d.amount is not None)
    if one.total is not None and decided > Fraction(str(one.total)):
        message = "the decisions add up to more than there is"
        found, expected = f"{float(decided):g}", f"at most {one.total:g}"
        yield ("decisions",), Problem(message, found=found, expected=expected)


def _find_unknown(kind: str, value: str, known: Iterable[str]) -> Problem:
    names = list(known)
    shown = None if find_person(value) else value
    where = " in this round" if kind in ("scorer", "applicant") else ""
    message = f"there is no such {kind}{where}"
    return Problem(message, found=shown, nearest=find_nearest(value, names))


def _find_people(node: Any, place: Place) -> Iterator[tuple[Place, Problem]]:
    """Yield a problem for each text that seems to name a person; the text is not repeated."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _find_people(value, (*place, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _find_people(value, (*place, index))
    elif isinstance(node, str) and place[-1] != "path":
        # A shared mailbox is what an invitation needs.
        found = None if place[-1] in _ADDRESS_KEYS else find_person(node) or find_contact(node)
        if found:
            message = f"'{place[-1]}' seems to hold {found}, which must not reach a report"
            yield place, Problem(message, expected=_ROLE)
