"""How far a panel agrees, and whether the order hangs on one of its scorers."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cip.framework.scoring_results import COUNTED, RoundResult, average, rank_means, score_pairs
from cip.statistics.agreement import Agreement
from cip.statistics.agreement_alpha import measure_alpha
from cip.statistics.scorer_agreement import Concordance, measure_concordance

#: Below this a panel's agreement is hardly told from chance; the pages say so.
FEW_SCORERS, FEW_APPLICANTS = 5, 7


@dataclass(frozen=True)
class PanelAgreement:
    """How far the scorers agree, by their own marks before moderation.

    Parameters
    ----------
    order
        Whether they put applicants in the same order: Kendall's W over the applicants whom all of
        them scored.
    marks
        Whether they give the same marks: Krippendorff's alpha, interval, over applicant x
        criterion.
    """

    order: Concordance
    marks: Agreement


def measure_panel(result: RoundResult) -> PanelAgreement:
    """Return how far the scorers of a round agree."""
    scores = score_pairs(
        result.round,
        result.marks.assign(agreed=pd.array([pd.NA] * len(result.marks), dtype="Int64")),
    )
    scorers = [one.id for one in result.round.scorers if any(s == one.id for _, s in scores)]
    applicants = [one.id for one in result.round.applicants]
    table = [[float(scores.get((a, s), float("nan"))) for s in scorers] for a in applicants]
    order = (
        measure_concordance(table)
        if len(scorers) > 1 and applicants
        else Concordance(
            *[float("nan")] * 3, len(applicants), len(scorers), "fewer than two scorers"
        )
    )
    return PanelAgreement(order, _measure_marks(result))


def _measure_marks(result: RoundResult) -> Agreement:
    counted = result.marks[result.marks["standing"] == COUNTED]
    wide = counted.pivot(index=["applicant", "criterion"], columns="scorer", values="mark")
    if wide.shape[1] < 2:
        nan = float("nan")
        return Agreement(nan, nan, nan, 0, "fewer than two scorers")
    return measure_alpha(wide.astype("float64"), level="interval")


def leave_one_out(result: RoundResult) -> pd.DataFrame:
    """Return what the order would be without each scorer.

    Returns
    -------
    DataFrame
        One row per scorer who counted x applicant: ``scorer, applicant, rank, mean,
        rank_without, mean_without, is_changed`` (whether any rank of the round changes without
        this scorer). Missing where nobody else scored the applicant. None for a single scorer.
    """
    scores = score_pairs(result.round, result.marks)
    counted = [one.id for one in result.round.scorers if any(s == one.id for _, s in scores)]
    means = average(scores)
    ranks = rank_means(means)
    rows = []
    for scorer in counted if len(counted) > 1 else []:
        others = average(scores, without=scorer)
        # Ranks among those whom somebody else scored, so that a gap alone changes nothing.
        kept = rank_means({name: mean for name, mean in means.items() if name in others})
        without = rank_means(others)
        is_changed = kept != without
        rows += [
            (scorer, name, ranks[name], float(means[name]), without.get(name),
             float(others[name]) if name in others else None, is_changed)
            for name in means
        ]  # fmt: skip
    names = ["scorer", "applicant", "rank", "mean", "rank_without", "mean_without", "is_changed"]
    table = pd.DataFrame(rows, columns=names)
    return table.astype(
        {
            "scorer": "str", "applicant": "str", "rank": "Int64", "mean": "Float64",
            "rank_without": "Int64", "mean_without": "Float64", "is_changed": "bool",
        }
    )  # fmt: skip


def name_deciders(leaving: pd.DataFrame) -> list[str]:
    """Return the scorers without whom the order changes, in the order of the table."""
    return list(dict.fromkeys(leaving.loc[leaving["is_changed"], "scorer"]))
