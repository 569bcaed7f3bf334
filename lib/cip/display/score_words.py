"""What a round of scoring comes to, in sentences."""

from __future__ import annotations

import math

import pandas as pd

from cip.display.strip_drawing import count_noun, write_day
from cip.display.text import format_value, join_names
from cip.framework.scoring_model import Round
from cip.framework.scoring_panel import (
    FEW_APPLICANTS,
    FEW_SCORERS,
    PanelAgreement,
    name_deciders,
)
from cip.framework.scoring_results import ABSENT, CONFLICT, COUNTED, INCOMPLETE, RoundResult
from cip.statistics.agreement import band_agreement

NOTES_KEPT = "Scorers' notes are working papers and are not shown."


def describe_method(one: Round) -> str:
    """Return how a score comes about."""
    scale = one.find_scale()
    return (
        f"Marks run from {scale.least} to {scale.most}. A scorer's score is the sum of weight times "
        f"the mark's place on that scale: 0 if all marks are the lowest, 100 if all are the "
        "highest. The mean counts scorers alike. Equal means share a rank; no tie is broken. "
        f"Marks {one.spread:g} or more apart on one criterion go back to the panel; a mark that it "
        f"agreed on stands for every scorer's. {NOTES_KEPT}"
    )


def describe_order(result: RoundResult) -> str:
    """Return who comes first, ties as ties: the finding of the chart."""
    table = result.results
    ranked = table[table["rank"].notna()]
    if ranked.empty:
        return f"{result.round.title}: nobody has a score that counts yet"
    first = ranked[ranked["rank"] == 1]
    names = join_names(first["organisation"].tolist())
    mean = word_score(first["mean"].iloc[0])
    if len(first) > 1:
        return f"{names} share the first place, at {mean}"
    rest = ranked[ranked["rank"] > 1]
    tied = rest[rest["tied_with"] != ""]
    tail = f"; {len(tied)} others are level with one another" if len(tied) else ""
    return f"{names} comes first, at {mean} of 100{tail}"


def describe_agreement(panel: PanelAgreement) -> list[str]:
    """Return how far the scorers agree, and how little that can say, one sentence or two each."""
    order, marks = panel.order, panel.marks
    if math.isnan(order.w):
        words = [f"Agreement on the order was not measured: {order.reason}."]
    else:
        words = [
            f"On the order: Kendall's W is {order.w:.2f} (1 is one order, 0 is none), over the "
            f"{count_noun(order.applicants, 'applicant')} whom all {order.scorers} scorers scored. "
            f"The mean rank correlation of two scorers is {_sign(order.mean_correlation)}.",
            _describe_chance(order.chance),
        ]
    if math.isnan(marks.value):
        words.append(f"Agreement on marks was not measured: {marks.reason}.")
    else:
        limits = (
            f" (95% interval {_sign(marks.lower)} to {_sign(marks.upper)})"
            if not math.isnan(marks.lower)
            else ""
        )
        words.append(
            f"On the marks, before moderation: Krippendorff's alpha is {_sign(marks.value)}{limits}, "
            f"over {marks.units} marks; by the usual bands that is {band_agreement(marks.value)}. "
            "Marks of one applicant go together, so the interval is too narrow."
        )
    if order.scorers < FEW_SCORERS or order.applicants < FEW_APPLICANTS:
        words.append(
            "The panel is too small for either figure to judge it. They say where to talk again, "
            "not who is right."
        )
    return words


def _describe_chance(chance: float) -> str:
    if chance < 0.001:
        return "Orders drawn at random hardly ever agree as much."
    share = f"{100 * chance:.0f}%" if chance >= 0.01 else "Fewer than 1%"
    lead = f"{share} of panels with random orders would agree at least as much"
    return f"{lead}, so chance alone could do it." if chance >= 0.05 else f"{lead}."


def describe_sensitivity(result: RoundResult, leaving: pd.DataFrame) -> list[str]:
    """Return whether the order changes when one scorer is left out."""
    if leaving.empty:
        return ["With fewer than two scorers nobody can be left out."]
    deciders = name_deciders(leaving)
    roles = result.round.name_scorers()
    if not deciders:
        return ["The order stays the same whichever scorer is left out."]
    names = result.round.name_applicants()
    words = []
    for scorer in deciders:
        own = leaving[(leaving["scorer"] == scorer) & leaving["rank_without"].notna()]
        ordered = own.sort_values(["rank_without"], kind="stable")
        places = "; ".join(
            f"{row.rank_without} {names[row.applicant]}" for row in ordered.itertuples()
        )
        words.append(f"Without the scorer '{roles[scorer]}' the order would be: {places}.")
    return words


def describe_left_out(result: RoundResult) -> list[str]:
    """Return whose scores do not count, and why: conflicts, absences and gaps."""
    roles, names = result.round.name_scorers(), result.round.name_applicants()
    reasons = {(c.scorer, c.applicant): c.reason for c in result.round.conflicts}
    absent = {one.id: one.absent for one in result.round.scorers if one.absent}
    words = [f"{roles[scorer]} did not score: {why}." for scorer, why in absent.items()]
    for row in result.scores.itertuples():
        who, whom = roles[row.scorer], names[row.applicant]
        if row.standing == CONFLICT:
            why = reasons[(row.scorer, row.applicant)]
            words.append(f"{who} did not score {whom}: conflict of interest ({why}).")
        elif row.standing == INCOMPLETE:
            left = _count_gaps(result, row.applicant, row.scorer)
            words.append(
                f"{who} has left {count_noun(left, 'criterion').replace('criterions', 'criteria')} "
                f"of {whom} without a mark, so none of that scorer's marks for it count."
            )
    return words


def describe_moderation(result: RoundResult) -> list[str]:
    """Return which marks were too far apart, and what the panel settled, one sentence each."""
    names = result.round.name_applicants()
    titles = {item.id: item.title for item in result.round.list_criteria()}
    words = []
    for row in result.moderation.to_dict("records"):
        what = f"{names[row['applicant']]}, {titles[row['criterion']]}"
        apart = f"marks from {row['lowest']} to {row['highest']}"
        if pd.isna(row["agreed"]):
            words.append(f"{what}: {apart}, still to settle.")
            continue
        reason = str(row["reason"]).rstrip(".")
        agreed = f"{row['by']}, {write_day(row['on'])}, agreed {row['agreed']}"
        words.append(f"{what}: {apart}; {agreed}: {reason}.")
    before = result.results
    moved = before[(before["mean"] - before["mean_before"]).abs() > 0.05]
    words += [
        f"That moved the mean of {row.organisation} from {word_score(row.mean_before)} to "
        f"{word_score(row.mean)}."
        for row in moved.itertuples()
    ]
    return words


def _count_gaps(result: RoundResult, applicant: str, scorer: str) -> int:
    marks = result.marks
    own = marks[(marks["applicant"] == applicant) & (marks["scorer"] == scorer)]
    return int(own["mark"].isna().sum())


def word_standing(standing: str) -> str:
    """Return what stands in a cell where a score does not count."""
    return {CONFLICT: "conflict", ABSENT: "absent", INCOMPLETE: "incomplete", COUNTED: ""}[standing]


def word_score(score: float | None) -> str:
    """Return a score as a reader sees it: one decimal place, halves away from zero."""
    return format_value(score, "", 1)


def _sign(value: float) -> str:
    return f"{value:.2f}".replace("-", "\N{MINUS SIGN}")
