"""What the columns of the tables of chapter 04 hold."""

from __future__ import annotations

from cip.schemas.engagement import ENGAGEMENT

_DISPLAY = "shown, small base (10 to 29 people) or withheld"
_SHARED: dict[str, str] = {
    "display": _DISPLAY,
    "wave": "wave of the survey",
    "characteristic": "what people are grouped by, an id of the workbook's catalogue; empty for all",
    "group": "group of people; empty for all of them",
    "question_id": "identifier of the question",
    "answer": "identifier of the answer",
    "theme_id": "identifier of the theme in the codebook",
    "voice": "how they were heard: survey, interview, focus group, street, story",
    "people": "number of different people",
    "value": "share of the answers in per cent, or the mean",
    "lower_95": "lower limit of the 95% confidence interval",
    "upper_95": "upper limit of the 95% confidence interval",
    "unit": "unit of the value",
    "base": "number who were asked and answered",
    "topic": "building block of health that it is about",
    "polarity": "enabler (helps), challenge (harms) or either",
    "cleared_by": "role of whoever cleared it for publication",
    "text": "the words as they are published",
    "title": "its name",
    "source_id": "identifier of the Census table that it is compared with",
}
_OWN: dict[str, str] = {
    "engagement.activity_id": "identifier of the activity",
    "engagement.method": "way of hearing people",
    "engagement.start": "first day",
    "engagement.end": "last day",
    "engagement.place": "where it took place",
    "engagement.led_by": "role or organisation that led it",
    "engagement.for_whom": "group that it was meant to reach",
    "engagement.people_reached": "number of people who took part",
    "engagement.reimbursement": "what people got for their time",
    "respondents.group_label": "name of the group",
    "respondents.respondents": "number of respondents of the group",
    "respondents.answered": "number who told the characteristic",
    "respondents.share": "part of those who told it",
    "respondents.population": "residents of the group",
    "respondents.population_share": "part of the residents",
    "respondents.ratio": "share of respondents over share of residents: 1 where they are alike",
    "respondents.ratio_lower_95": "lower limit of the ratio's 95% confidence interval",
    "respondents.ratio_upper_95": "upper limit of the ratio's 95% confidence interval",
    "respondents.weight_mean": "mean weight of the group's respondents",
    "respondents.is_seldom_heard": "True where the plan set out to hear this group",
    "answers.question": "the question in words",
    "answers.answer_label": "the answer in words",
    "answers.effective_base": "base after the weights: how many unweighted answers it is worth",
    "answers.dont_know": "number who did not know",
    "answers.not_answered": "number who were asked and did not answer",
    "answers.is_weighted": "True where answers are weighted to the population",
    "answer_changes.kind": "groups, waves, whole period (first against last wave) or before and after",
    "answer_changes.first": "first group or wave",
    "answer_changes.second": "second group or wave",
    "answer_changes.difference": "second less first, in percentage points or in the unit",
    "answer_changes.p_value": "chance of a difference at least as large where there is none",
    "answer_changes.reading": "higher, lower, no clear difference or not compared",
    "answer_changes.method": "how that was judged",
    "themes.theme": "name of the theme",
    "themes.parent": "theme that it belongs to",
    "themes.excerpts": "number of passages",
    "theme_groups.of_people": "number of people of the group who were heard",
    "theme_pairs.theme_a": "one theme",
    "theme_pairs.theme_b": "the other theme",
    "agreement.coders": "number of coders",
    "agreement.excerpts": "number of passages that all of them read",
    "agreement.agreement": "part of the passages on which they agree",
    "agreement.kappa": "Cohen's kappa of two coders, Fleiss' kappa of more",
    "agreement.alpha": "Krippendorff's alpha",
    "agreement.alpha_lower_95": "lower limit of alpha's 95% bootstrap interval",
    "agreement.alpha_upper_95": "upper limit of alpha's 95% bootstrap interval",
    "agreement.disagreements": "number of passages on which they differ",
    "agreement.reading": "reliable, tentative or not reliable",
    "quotes.quote_id": "identifier of the quotation",
    "quotes.speaker_label": "who said it, in words that single nobody out",
    "quotes.cleared_on": "when it was cleared",
    "case_studies.case_id": "identifier of the story",
    "case_studies.topics": "building blocks of health that it is about",
    "case_studies.consent_on": "when consent was given",
    "sector.measure_id": "identifier of the measure",
    "sector.measure": "the measure in words",
    "sector.group": "all groups, or those of the community sector",
    "saturation.order": "place in the order of interviews and discussions",
    "saturation.new_themes": "number of themes not heard before",
    "saturation.themes_so_far": "number of themes heard up to here",
    "saturation.new_share": "new themes as a part of those heard in the first discussions",
}

#: By ``table.column``, so that words of other chapters' tables stay as they are.
ENGAGEMENT_WORDS: dict[str, str] = {
    f"{table}.{column}": _SHARED[column]
    for table, schema in ENGAGEMENT.items()
    for column in schema.columns
    if column in _SHARED
} | _OWN

_SHARE = "proportion, 0 to 1"
#: Units of their number columns that are not plain counts.
ENGAGEMENT_UNITS: dict[str, str] = {
    "population_share": _SHARE,
    "alpha": "-1 to 1",
    "kappa": "-1 to 1",
}
