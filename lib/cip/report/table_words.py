"""What every column of the workbook's tables holds, and what every file to download is.

The one place for these words: the README, the Table Schema, the CSVW metadata and the GeoPackage
take them from here. Nothing heavy is imported, as index pages show some of them too.
"""

from __future__ import annotations

from cip.report.actions_words import ACTION_WORDS
from cip.report.asset_words import ASSET_UNITS, ASSET_WORDS
from cip.report.engagement_words import ENGAGEMENT_UNITS, ENGAGEMENT_WORDS
from cip.report.evaluation_words import EVALUATION_WORDS
from cip.report.scoring_words import SCORING_UNITS, SCORING_WORDS
from cip.report.summary_words import SUMMARY_WORDS
from cip.schemas import SCHEMAS

#: By column; ``table.column`` goes before it where one table means something of its own.
COLUMN_WORDS: dict[str, str] = {
    **ASSET_WORDS,
    **ENGAGEMENT_WORDS,
    **SUMMARY_WORDS,
    **ACTION_WORDS,
    **SCORING_WORDS,
    **EVALUATION_WORDS,
    # Areas and small areas
    "area_code": "code of the area; the profile area has the name of its parameter file",
    "area_name": "name of the area",
    "area_role": "profile (the area itself), or what it is compared with: similar (areas of the "
    "same kind), district, county, region, england, place (another small area)",
    "level": "kind of area, such as oa, lsoa, msoa, ward, district",
    "code": "code of the place, or its name where it has none",
    "name": "name of the place",
    "milestones.name": "what happens",
    "is_excluded": "True where the place is taken out of the area, False where it is part of it",
    "oas": "number of output areas (2021) in it",
    "lsoas": "number of LSOAs (2021) in it",
    "small_area_code": "code of the small area",
    "small_area_name": "name of the small area",
    "share": "part of the small area's people who belong to the area",
    "population": "usual residents (Census 2021)",
    "lsoa21_code": "code of the LSOA (2021)",
    "lsoa21_name": "name of the LSOA (2021)",
    "ward24_name": "name of the ward (2024) that the LSOA is fitted to",
    "lad_name": "name of the LSOA's district",
    "msoa21_name": "name of the LSOA's MSOA (2021)",
    "oas_inside": "number of its output areas inside the places named in the parameter file",
    "share_inside": "part of its people inside the places named in the parameter file",
    "belongs": "True where the LSOA belongs to the area",
    # Overlaps and notes
    "kind": "what kind it is",
    "overlaps.kind": "ward, parish, MSOA, outline or kind of service area",
    "area_notes.kind": "warning or information",
    "partners.kind": "kind of organisation",
    "milestones.kind": "milestone of the profile, or other initiative",
    "steering_group.kind": "kind of partner that the seat stands for",
    "is_named": "True where the parameter file names it",
    "oas_shared": "number of output areas that it shares with the area",
    "share_of_area": "part of the profile area's people who live in it",
    "share_of_other": "part of its people who live in the profile area",
    "text": "the note in words",
    # Similar areas
    "oac_group": "group of the output area classification",
    "oac_name": "name of that group",
    "own_lsoas": "number of the profile area's LSOAs of this kind",
    "own_population": "residents of the profile area's LSOAs of this kind",
    "peer_lsoas": "number of other LSOAs of this kind",
    "peer_population": "residents of the other LSOAs of this kind",
    "peer_codes": "codes of the other LSOAs of this kind",
    "is_used": "True where enough people live in the other LSOAs to compare with them",
    # Existing insight, partners, readiness, plan
    "insight_id": "identifier in the register of existing insight",
    "title": "title of the report or consultation",
    "owner": "role or organisation that sees to it",
    "insight.owner": "organisation that holds it",
    "area": "place that it is about",
    "published": "when it was published",
    "start": "first day",
    "end": "last day",
    "link": "where it can be read",
    "topics": "what it is about, parted by semicolons",
    "what_it_says": "its main finding",
    "still_valid": "True or False where somebody has judged whether it still holds",
    "stage": "stage of the framework to which it speaks",
    "validity": "valid, stale, no longer valid, or no findings yet",
    "organisation": "name of the organisation",
    "what_they_do": "the piece of work",
    "until": "when the work ends",
    "question_id": "identifier of the question",
    "heading": "part of the checklist",
    "question": "the question in words",
    "answer": "the answer in words",
    "status": "how far it is",
    "steering_group.status": "agreed, invited, vacant or the like",
    "is_open": "True where something is left to do",
    "is_unanswered": "True where an answer is wanted and there is none",
    "depends_on": "names of what must be over first, parted by semicolons",
    "is_overdue": "True where it should be over and is not",
    "clashes_with": "names of other initiatives at the same time in the same place",
    # Need
    "measure_id": "identifier of the measure of need",
    "need_sensitivity.measure_id": "measure whose weight is moved; empty where all are",
    "label": "name in words",
    "direction": "high where a high value means more need, else low",
    "local_rank": "place among the areas that are ranked here, 1 the most disadvantaged",
    "areas_ranked": "number of areas in the ranking",
    "quintile": "fifth of the ranking, 1 the most disadvantaged",
    "national_rank": "place among the small areas of the country, 1 the most deprived",
    "national_decile": "tenth of the small areas of the country, 1 the most deprived",
    "national_areas": "number of small areas in the national ranking",
    "weight": "weight that the measure was given",
    "weight_used": "part of the composite that the measure makes up, after what is missing",
    "geography": "kind of small area, with its year, in which the figure is published",
    "reason": "why the measure is in the ranking",
    "missing_indicators.reason": "why the store cannot feed the indicator",
    "remark": "what to bear in mind",
    "place": "where the area lies",
    "in_profile": "whole or part where the area belongs to the profile area, else empty",
    "score": "composite of the measures: the mean of their places by weight",
    "rank": "place by need, 1 the most disadvantaged",
    "deprivation_ranks.rank": "national rank, 1 the most deprived",
    "rank_lower_95": "lowest place number in 95% of draws of the weights",
    "rank_upper_95": "highest place number in 95% of draws of the weights",
    "share_of_draws": "part of the draws of the weights in which the area is on the shortlist",
    "is_shortlisted": "True where the area is on the shortlist",
    "tier": "tier of support",
    "signs": "signs of a small or unusual population",
    "young_share": "percentage of residents who are young adults",
    "change": "how the weight is moved",
    "kept": "number of shortlisted areas that stay on the shortlist",
    "left": "areas that leave the shortlist",
    "joined": "areas that come onto the shortlist",
    "edition": "year of the Indices of Deprivation",
    "index_name": "index or domain",
    "local_areas": "number of LSOAs ranked locally",
    "share_in_profile": "part of the LSOA that belongs to the profile area",
    # Indicators
    "indicator_id": "identifier of the indicator",
    "section": "chapter of the report",
    "period": "date or period that the figure describes",
    "period_order": "the period as a decimal year, to sort by",
    "group": "identifier of the group, empty where there is none",
    "group_label": "name of the group",
    "value": "the figure, in the unit given; percentages are 0 to 100",
    "lower_95": "lower limit of the 95% confidence interval, in the unit of the value",
    "upper_95": "upper limit of the 95% confidence interval, in the unit of the value",
    "lower_998": "lower limit of the 99.8% confidence interval, in the unit of the value",
    "upper_998": "upper limit of the 99.8% confidence interval, in the unit of the value",
    "numerator": "count above the line",
    "denominator": "count below the line",
    "unit": "unit of the figure",
    "comparison": "how the profile area stands against this area, by 95% limits: better, similar "
    "or worse; higher, similar or lower; or not compared",
    "small_area_values.comparison": "how the small area stands against the profile area, by 95% "
    "limits",
    "comparison_998": "the same by 99.8% limits",
    "comparison_method": "how that was judged",
    "is_suppressed": "True where the figure is withheld to protect people's privacy",
    "missing_reason": "why there is no figure, or why it is not compared",
    "source_id": "identifier of the table that the figure comes from",
    "lowest": "lowest figure among the small areas",
    "lower_quartile": "a quarter of the small areas are at or below this figure",
    "median": "half of the small areas are at or below this figure",
    "upper_quartile": "three quarters of the small areas are at or below this figure",
    "highest": "highest figure among the small areas",
    "areas": "number of small areas with a figure",
    "of_what": "which small areas these are",
    "domain": "identifier of the index or domain",
    "domain_label": "name of the index or domain",
    "decile": "tenth of the country's small areas, 1 the most deprived",
    # Steering group and maturity
    "seat": "number of the seat",
    "role": "role of whoever takes the seat",
    "sector": "sector of the organisation",
    "votes": "True where the seat has a vote",
    "since": "when the seat was taken",
    "round": "round of ratings",
    "step": "number of the step of place-based working",
    "step_label": "name of the step",
    "raters": "number of partners who rated the step",
    "emerging": "number of raters who chose emerging",
    "developing": "number of raters who chose developing",
    "maturing": "number of raters who chose maturing",
    "thriving": "number of raters who chose thriving",
    "maturity.lowest": "lowest level chosen",
    "maturity.median": "level in the middle of the ratings",
    "maturity.highest": "highest level chosen",
    "spread": "levels between the lowest and the highest, 0 to 3",
    "priorities": "number of raters who want the step worked on first",
    "is_withheld": "True where counts are withheld because they would show one rater's choice",
}

_SHARE, _PEOPLE, _OWN = "proportion, 0 to 1", "people", "as the column unit says"
#: Units of number columns that are not plain counts or ranks.
COLUMN_UNITS: dict[str, str] = {
    **ASSET_UNITS,
    **ENGAGEMENT_UNITS,
    **SCORING_UNITS,
    **dict.fromkeys(("share", "share_inside", "share_of_area", "share_of_other"), _SHARE),
    **dict.fromkeys(("share_of_draws", "share_in_profile", "weight_used"), _SHARE),
    **dict.fromkeys(("population", "own_population", "peer_population", "raters"), _PEOPLE),
    **dict.fromkeys(("value", "lower_95", "upper_95", "lower_998", "upper_998"), _OWN),
    "period_order": "years",
    "young_share": "%",
}

#: Files to download that are not one table as CSV.
FILE_WORDS: dict[str, str] = {
    "data_report_tables.xlsx": "Every figure of the Data Report with notes, definitions and "
    "sources: an accessible workbook for Excel and others.",
    "data_report_tables.ods": "The same workbook as an open document.",
    "small_areas.gpkg": "Outlines of the area's LSOAs with their figures, for mapping programs.",
    "datapackage.json": "What every column of the CSV files holds, for programs (Table Schema).",
    "indicators.csv-metadata.json": "The same for indicators.csv by the W3C's standard (CSVW).",
    "README.txt": "What each file and each column holds.",
}


def describe_column(table: str, column: str) -> str:
    """Return what a column of a table holds; empty for a column that nobody has described."""
    return COLUMN_WORDS.get(f"{table}.{column}") or COLUMN_WORDS.get(column, "")


def describe_file(name: str) -> str:
    """Return one sentence on a file of the downloads."""
    stem = name.rpartition(".")[0]
    if name in FILE_WORDS:
        return FILE_WORDS[name]
    return f"One row per {SCHEMAS[stem].grain}." if stem in SCHEMAS else "A table."
