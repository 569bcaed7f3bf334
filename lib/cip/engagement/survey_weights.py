"""Weights that bring a survey's respondents into line with the Census, where that is honest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from cip.engagement.survey_data import Survey
from cip.engagement.survey_mapping import WEIGHTED_DESIGNS, Weighting
from cip.errors import Problem
from cip.statistics import RakedWeights, RakingError, rake_weights

_REASONS = {
    "convenience": "People came forward by themselves or were met by chance. Weights would give "
    "such answers the look of a sample without making them one, so they are not weighted.",
    "census_of_group": "Everyone of a group was asked. The answers are those of the group and "
    "need no weights.",
}
_NOT_DECLARED = "The mapping file names no margins to weight to, so the answers are not weighted."
_NOT_POSSIBLE = "The answers could not be weighted, so they are not: "


@dataclass(frozen=True)
class SurveyWeights:
    """Weights of a survey's respondents, or why there are none.

    Parameters
    ----------
    weights
        One per row of `Survey.answers`, with mean 1 in each wave; None without weights.
    reason
        In a sentence: why there are no weights, or what the answers were weighted to.
    waves
        Report of the raking of each wave: margins, design effect, people at the cap.
    problems
        What stood in the way, or is worth a look.
    """

    weights: pd.Series | None = field(repr=False)
    reason: str
    waves: Mapping[str, RakedWeights] = field(default_factory=dict, repr=False)
    problems: tuple[Problem, ...] = ()

    @property
    def is_weighted(self) -> bool:
        """Whether there are weights."""
        return self.weights is not None

    @property
    def design_effects(self) -> dict[str, float]:
        """Design effect of the weights in each wave; 1 without weights has no entry."""
        return {wave: raked.design_effect for wave, raked in self.waves.items()}


def weigh_survey(
    survey: Survey, margins: pd.DataFrame, *, weighting: Weighting | None = None
) -> SurveyWeights:
    """Weight each wave to margins of the population.

    Parameters
    ----------
    margins
        One row per characteristic and group: ``characteristic, group, population``; see
        `cip.engagement.margins.build_margins`. A group without a population has no part in it.
    weighting
        Margins, groups to join and cap; by default those of the mapping file.

    Returns
    -------
    SurveyWeights
        Without weights, and with the reason, where the design does not allow them, no margins
        are declared, a margin has an empty group, or the weights do not settle. One wave that
        cannot be weighted leaves all unweighted: weighted and unweighted waves do not compare.

    Notes
    -----
    Raking within a cap; see `cip.statistics.rake_weights`. Who did not say to which group they
    belong keeps the weight that the other margins give.
    """
    if survey.design not in WEIGHTED_DESIGNS:
        return SurveyWeights(None, _REASONS[survey.design])
    plan = weighting or survey.weighting
    if plan is None:
        return SurveyWeights(None, _NOT_DECLARED)
    targets, problems = _read_margins(margins, plan)
    if not problems:
        problems = _find_unknown(survey, plan)
    if problems:
        return _refuse(problems)
    weights = pd.Series(np.nan, index=survey.answers.index)
    raked: dict[str, RakedWeights] = {}
    for wave in survey.waves:
        of_wave = (survey.answers["wave"] == wave).to_numpy()
        people = _join_groups(survey.answers.loc[of_wave, plan.margins], plan, targets)
        try:
            raked[wave] = rake_weights(people, targets, missing="keep", cap=plan.cap)
        except RakingError as error:
            problems += [_place(problem, wave) for problem in error.problems]
        except ValueError as error:
            problems.append(Problem(f"wave {wave}: {error}"))
        else:
            weights[of_wave] = raked[wave].weights
    if problems:
        return _refuse(problems)
    return SurveyWeights(weights, _tell_margins(survey, plan), raked, tuple(_tell_caps(raked)))


def _read_margins(
    margins: pd.DataFrame, plan: Weighting
) -> tuple[dict[str, dict[str, float]], list[Problem]]:
    """Return people by margin and group, joined groups added up."""
    targets: dict[str, dict[str, float]] = {}
    problems = []
    for name in plan.margins:
        rows = margins[(margins["characteristic"] == name) & margins["population"].notna()]
        if rows.empty:
            problems.append(Problem("no population is known for this margin", column=name))
            continue
        new = _name_joined(plan, name)
        sums: dict[str, float] = {}
        for group, people in zip(rows["group"], rows["population"], strict=True):
            key = new.get(group, group)
            sums[key] = sums.get(key, 0.0) + float(people)
        # A group in which nobody lives takes no weight; who says so keeps theirs.
        targets[name] = {group: people for group, people in sums.items() if people > 0}
    return targets, problems


def _find_unknown(survey: Survey, plan: Weighting) -> list[Problem]:
    return [
        Problem("the survey has no such characteristic", column=name)
        for name in plan.margins
        if name not in survey.characteristics
    ]


def _join_groups(
    people: pd.DataFrame, plan: Weighting, targets: Mapping[str, Mapping[str, float]]
) -> pd.DataFrame:
    """Return each person's group of each margin; missing where the margin has no such group."""
    columns = {}
    for name in plan.margins:
        new = _name_joined(plan, name)
        groups = people[name].astype(object).map(lambda group, new=new: new.get(group, group))
        columns[name] = groups.where(groups.isin(list(targets[name])), None)
    return pd.DataFrame(columns, index=people.index)


def _name_joined(plan: Weighting, name: str) -> dict[str, str]:
    joined: Mapping[str, Sequence[str]] = plan.join.get(name, {})
    return {group: new for new, groups in joined.items() for group in groups}


def _refuse(problems: list[Problem]) -> SurveyWeights:
    first = str(problems[0]).rstrip(".")
    return SurveyWeights(None, f"{_NOT_POSSIBLE}{first}.", problems=tuple(problems))


def _place(problem: Problem, wave: str) -> Problem:
    return replace(problem, message=f"wave {wave}: {problem.message}")


def _tell_margins(survey: Survey, plan: Weighting) -> str:
    labels = [survey.characteristics[name].label.lower() for name in plan.margins]
    listed = labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"
    return (
        f"Weighted to the area's make-up by {listed}; no weight is below {plan.cap[0]:g} or above "
        f"{plan.cap[1]:g} times the average."
    )


def _tell_caps(raked: Mapping[str, RakedWeights]) -> list[Problem]:
    return [
        Problem(
            f"wave {wave}: the limits of the weights keep a margin from being met; furthest off "
            f"is '{one.worst['category']}', by {abs(one.worst['gap']):.1f} points",
            column=str(one.worst["margin"]),
        )
        for wave, one in raked.items()
        if one.status == "capped"
    ]
