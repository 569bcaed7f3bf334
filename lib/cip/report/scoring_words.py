"""What the columns of the tables of scoring and of grants hold."""

from __future__ import annotations

from cip.schemas.scoring import SCORING

_SHARED: dict[str, str] = {
    "round_id": "identifier of the round of scoring",
    "applicant_id": "identifier of the applicant in the round",
    "criterion_id": "identifier of the criterion",
    "scorer_id": "identifier of the scorer in the round",
    "rank": "place in the order, 1 the best; equals share one and the next is left out",
    "mean": "mean of the scorers' scores, 0 to 100",
    "amount": "award in pounds",
    "status": "offered, running, completed, ended early or withdrawn",
    "recommendations": "identifiers of the recommendations that it carries out",
    "grant_id": "identifier of the grant",
    "to_moderate": "number of marks that are too far apart and not settled",
}
_OWN: dict[str, str] = {
    "scoring_rounds.title": "name of the round",
    "scoring_rounds.kind": "expression of interest or grant",
    "scoring_rounds.opens": "first day of applying",
    "scoring_rounds.closes": "last day of applying",
    "scoring_rounds.decided_on": "day on which all was decided",
    "scoring_rounds.applicants": "number of applicants",
    "scoring_rounds.scorers": "number of scorers on the panel",
    "scoring_rounds.moderation_spread": "marks so far apart on one criterion call for a talk",
    "scoring_rounds.kendall_w": "Kendall's W: 1 where scorers give one order, 0 where orders cancel",
    "scoring_rounds.w_applicants": "number of applicants whom every scorer scored",
    "scoring_rounds.w_chance": "share of panels of random orders that agree as much",
    "scoring_rounds.alpha": "Krippendorff's alpha of the marks, before moderation",
    "scoring_rounds.alpha_lower_95": "lower limit of alpha's 95% bootstrap interval",
    "scoring_rounds.alpha_upper_95": "upper limit of alpha's 95% bootstrap interval",
    "scoring_rounds.alpha_units": "number of marks compared, applicant x criterion",
    "scoring_rounds.order_hangs_on": "scorers without whom the order would be another",
    "scoring_marks.scorer": "role and organisation of the scorer",
    "scoring_marks.weight": "weight of the criterion in per cent",
    "scoring_marks.mark": "mark that was given",
    "scoring_marks.agreed_mark": "mark that the panel agreed on in moderation",
    "scoring_marks.standing": "counted, conflict of interest, absent or incomplete",
    "scoring_results.organisation": "organisation that applied",
    "scoring_results.project": "what it applied for",
    "scoring_results.asked": "sum asked for in pounds",
    "scoring_results.scorers": "number of scorers who count",
    "scoring_results.mean_before": "mean before moderation, 0 to 100",
    "scoring_results.lowest": "lowest score by one scorer, 0 to 100",
    "scoring_results.highest": "highest score by one scorer, 0 to 100",
    "scoring_results.spread": "highest less lowest score",
    "scoring_results.tied_with": "applicants with the same mean",
    "scoring_results.moderated": "number of marks settled in moderation",
    "scoring_results.decision": "what the panel decided",
    "scoring_results.decided_by": "panel or role that decided",
    "scoring_results.decided_on": "day of the decision",
    "scoring_results.reason": "why",
    "scoring_results.conditions": "on which conditions",
    "scoring_without.rank_without": "place without this scorer",
    "scoring_without.mean_without": "mean without this scorer, 0 to 100",
    "scoring_without.is_changed": "True where the order of the round changes without this scorer",
    "grants.recipient": "organisation that got the grant",
    "grants.recipient_id": "its identifier in a public register",
    "grants.project": "what the money is for",
    "grants.awarded_on": "day of the award",
    "grants.actions": "identifiers of the actions that it pays for",
    "grants.spent": "spent of the award so far in pounds",
    "grants.monitoring_due": "day by which a report is due",
    "grants.monitoring_received": "day on which it came",
    "grants.outcomes": "what changed, in words",
    "grants.outcome_ids": "identifiers of the outcomes that it is to change",
    "grants.other_funding": "money from elsewhere for the same in pounds",
    "grants.spent_share": "part of the award that is spent",
    "grants.report": "where its report stands on the day of the profile",
    "grants.days_overdue": "days since the report was due",
    "grant_questions.other_id": "identifier of the other scheme's grant",
    "grant_questions.scheme": "the other scheme's funder",
    "grant_questions.other_recipient": "who got the other grant",
    "grant_questions.other_project": "title of the other grant",
    "grant_questions.other_amount": "sum of the other grant in pounds",
    "grant_questions.other_awarded_on": "day of the other award",
    "grant_questions.recipient_match": "same identifier, alike in name or another recipient",
    "grant_questions.months_apart": "months between the two awards",
    "grant_questions.shared_words": "telling words that both purposes have",
    "grant_questions.question": "what to ask; nothing here is a fact",
}

#: By ``table.column``, so that words of other chapters' tables stay as they are.
SCORING_WORDS: dict[str, str] = {
    f"{table}.{column}": _SHARED[column]
    for table, schema in SCORING.items()
    for column in schema.columns
    if column in _SHARED
} | _OWN

_SCORE, _POUNDS = "score, 0 to 100", "pounds"
#: Units of their number columns that are not plain counts.
SCORING_UNITS: dict[str, str] = {
    "kendall_w": "0 to 1",
    "w_chance": "proportion, 0 to 1",
    "moderation_spread": "marks",
    "mean_before": _SCORE,
    "mean_without": _SCORE,
    "asked": _POUNDS,
    "spent": _POUNDS,
    "other_funding": _POUNDS,
    "other_amount": _POUNDS,
    "spent_share": "%",
}
