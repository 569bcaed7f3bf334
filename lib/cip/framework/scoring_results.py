"""What a round comes to: scores per scorer, weighted means, ranks with ties, what is left out.

A scorer's score of an applicant is ``sum of weight x (mark - least) / (most - least)``: 0 where
every mark is the lowest, 100 where every mark is the highest. The mean over the scorers who count
is that of the applicant. All of it is worked out in fractions, so that a tie is a tie.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import pandas as pd

from cip.framework.scoring_model import Decision, Round
from cip.framework.scoring_scores import ScoredRounds

#: Why a scorer's score of an applicant counts or does not.
COUNTED, CONFLICT, ABSENT, INCOMPLETE = "counted", "conflict of interest", "absent", "incomplete"

Pair = tuple[str, str]


@dataclass(frozen=True)
class RoundResult:
    """What one round comes to.

    Parameters
    ----------
    round
        What is declared of it.
    marks
        One row per applicant x criterion x scorer: ``applicant, criterion, scorer, mark, agreed,
        standing``; ``mark`` is missing where none was given.
    scores
        One row per applicant x scorer: ``applicant, scorer, score, standing``; 0 to 100.
    results
        One row per applicant, best first and those without a score last: ``applicant,
        organisation, project, asked, scorers, mean, mean_before, lowest, highest, spread, rank,
        tied_with, to_moderate, moderated, decision, by, on, reason, conditions, amount``.
    moderation
        One row per applicant x criterion whose marks are too far apart, or which a panel settled:
        ``applicant, criterion, lowest, highest, agreed, by, on, reason``.
    """

    round: Round
    marks: pd.DataFrame = field(repr=False)
    scores: pd.DataFrame = field(repr=False)
    results: pd.DataFrame = field(repr=False)
    moderation: pd.DataFrame = field(repr=False)


def work_out_rounds(scored: ScoredRounds) -> list[RoundResult]:
    """Return what each round comes to, in the order of the file."""
    return [work_out(one, scored) for one in scored.file.scoring.rounds]


def work_out(one: Round, scored: ScoredRounds) -> RoundResult:
    """Return what one round comes to."""
    marks = _tabulate_marks(one, scored)
    exact = score_pairs(one, marks)
    before = score_pairs(one, marks.assign(agreed=pd.array([pd.NA] * len(marks), dtype="Int64")))
    moderation = _list_moderation(one, marks, scored)
    return RoundResult(
        one,
        marks,
        _tabulate_scores(one, marks, exact),
        _tabulate_results(one, exact, before, moderation),
        moderation,
    )


def score_pairs(one: Round, marks: pd.DataFrame) -> dict[Pair, Fraction]:
    """Return the score of each applicant by each scorer that counts, by (applicant, scorer).

    A mark that a panel agreed on stands for every scorer's.
    """
    scale = one.find_scale()
    weights = {item.id: Fraction(str(item.weight)) for item in one.list_criteria()}
    found: dict[Pair, Fraction] = {}
    for item in marks[marks["standing"] == COUNTED].itertuples():
        mark = item.agreed if pd.notna(item.agreed) else item.mark
        part = weights[item.criterion] * (int(mark) - scale.least) / (scale.most - scale.least)
        pair = (item.applicant, item.scorer)
        found[pair] = found.get(pair, Fraction(0)) + part
    return found


def average(scores: Mapping[Pair, Fraction], *, without: str = "") -> dict[str, Fraction]:
    """Return each applicant's mean over the scorers, or over all but one of them."""
    held: dict[str, list[Fraction]] = {}
    for (applicant, scorer), score in scores.items():
        if scorer != without:
            held.setdefault(applicant, []).append(score)
    return {name: sum(parts, Fraction(0)) / len(parts) for name, parts in held.items()}


def rank_means(means: Mapping[str, Fraction]) -> dict[str, int]:
    """Return each applicant's rank, 1 the best; equal means share a rank and the next is left out.

    Examples
    --------
    >>> rank_means({"a": Fraction(50), "b": Fraction(70), "c": Fraction(50), "d": Fraction(10)})
    {'a': 2, 'b': 1, 'c': 2, 'd': 4}
    """
    return {name: 1 + sum(o > mean for o in means.values()) for name, mean in means.items()}


def _tabulate_marks(one: Round, scored: ScoredRounds) -> pd.DataFrame:
    own = scored.marks[scored.marks["round"] == one.id]
    given = own.set_index(["applicant", "scorer", "criterion"])["mark"].to_dict()
    settled = scored.agreed[scored.agreed["round"] == one.id]
    agreed = settled.set_index(["applicant", "criterion"])["mark"].to_dict()
    rows = []
    for applicant in one.applicants:
        for scorer in one.scorers:
            cells = [given.get((applicant.id, scorer.id, c.id)) for c in one.list_criteria()]
            standing = _find_standing(one, applicant.id, scorer.id, scorer.absent, cells)
            rows += [
                (applicant.id, criterion.id, scorer.id, mark,
                 agreed.get((applicant.id, criterion.id)), standing)
                for criterion, mark in zip(one.list_criteria(), cells, strict=True)
            ]  # fmt: skip
    names = ["applicant", "criterion", "scorer", "mark", "agreed", "standing"]
    table = pd.DataFrame(rows, columns=names)
    kinds = dict.fromkeys(names, "str") | {"mark": "Int64", "agreed": "Int64"}
    return table.astype(kinds)


def _find_standing(
    one: Round, applicant: str, scorer: str, absent: str | None, cells: Iterable[object]
) -> str:
    if one.has_conflict(scorer, applicant):
        return CONFLICT
    if absent is not None:
        return ABSENT
    # A scorer with a gap would count as if the gap were an average mark, so does not count.
    return INCOMPLETE if any(cell is None for cell in cells) else COUNTED


def _tabulate_scores(
    one: Round, marks: pd.DataFrame, exact: Mapping[Pair, Fraction]
) -> pd.DataFrame:
    pairs = marks[["applicant", "scorer", "standing"]].drop_duplicates(ignore_index=True)
    scores = [
        float(exact[pair]) if pair in exact else None
        for pair in zip(pairs["applicant"], pairs["scorer"], strict=True)
    ]
    return pairs.assign(score=pd.array(scores, dtype="Float64"))


def _list_moderation(one: Round, marks: pd.DataFrame, scored: ScoredRounds) -> pd.DataFrame:
    settled = scored.agreed[scored.agreed["round"] == one.id]
    records = {(row["applicant"], row["criterion"]): row for row in settled.to_dict("records")}
    rows = []
    counted = marks[marks["standing"] == COUNTED]
    for (applicant, criterion), held in counted.groupby(["applicant", "criterion"], sort=False):
        low, high = int(held["mark"].min()), int(held["mark"].max())
        record = records.get((applicant, criterion))
        if record is None and high - low < one.spread:
            continue
        settled_words = (
            [None, None, None, None]
            if record is None
            else [record["mark"], record["by"], record["on"].date().isoformat(), record["reason"]]
        )
        rows.append([applicant, criterion, low, high, *settled_words])
    names = ["applicant", "criterion", "lowest", "highest", "agreed", "by", "on", "reason"]
    numbers = ("lowest", "highest", "agreed")
    kinds = {name: "Int64" if name in numbers else "str" for name in names}
    return pd.DataFrame(rows, columns=names).astype(kinds)


def _tabulate_results(
    one: Round,
    exact: Mapping[Pair, Fraction],
    before: Mapping[Pair, Fraction],
    moderation: pd.DataFrame,
) -> pd.DataFrame:
    means, earlier = average(exact), average(before)
    ranks = rank_means(means)
    decisions = {decision.applicant: decision for decision in one.decisions}
    rows = []
    for applicant in one.applicants:
        held = [float(score) for (name, _), score in exact.items() if name == applicant.id]
        mean = means.get(applicant.id)
        tied = [n for n, m in means.items() if n != applicant.id and m == mean]
        own = moderation[moderation["applicant"] == applicant.id]
        rows.append(
            {
                "applicant": applicant.id,
                "organisation": applicant.organisation,
                "project": applicant.project,
                "asked": applicant.asked,
                "scorers": len(held),
                "mean": None if mean is None else float(mean),
                "mean_before": None if mean is None else float(earlier[applicant.id]),
                "lowest": min(held, default=None),
                "highest": max(held, default=None),
                "spread": max(held) - min(held) if held else None,
                "rank": ranks.get(applicant.id),
                "tied_with": "; ".join(tied),
                "to_moderate": int(own["agreed"].isna().sum()),
                "moderated": int(own["agreed"].notna().sum()),
                **_tell_decision(decisions.get(applicant.id)),
            }
        )
    return _arrange(rows)


def _tell_decision(decision: Decision | None) -> dict[str, object]:
    names = ("decision", "by", "on", "reason", "conditions", "amount")
    found = {name: None if decision is None else getattr(decision, name) for name in names}
    return found | {"on": None if decision is None else decision.on.isoformat()}


_NUMBERS = ("asked", "mean", "mean_before", "lowest", "highest", "spread", "amount")
_COUNTS = ("scorers", "rank", "to_moderate", "moderated")
_NAMES = (
    "applicant", "organisation", "project", "asked", "scorers", "mean", "mean_before", "lowest",
    "highest", "spread", "rank", "tied_with", "to_moderate", "moderated", "decision", "by", "on",
    "reason", "conditions", "amount",
)  # fmt: skip


def _arrange(rows: list[dict[str, object]]) -> pd.DataFrame:
    kinds = {
        name: "Float64" if name in _NUMBERS else "Int64" if name in _COUNTS else "str"
        for name in _NAMES
    }
    table = pd.DataFrame(rows, columns=list(_NAMES)).astype(kinds)
    # Equals stay in the order in which they applied: no tie is broken by what stands first.
    return table.sort_values("rank", kind="stable", na_position="last", ignore_index=True)
