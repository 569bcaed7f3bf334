"""Words of the workbook of tables: what the catalogue's short terms mean to a reader."""

from __future__ import annotations

STATISTICS = {
    "count": "Count",
    "proportion": "Percentage",
    "composition": "Percentage in each group",
    "rate": "Rate",
    "ratio": "Ratio of observed to expected",
    "change": "Change between two periods",
    "weighted_mean": "Mean, weighted by people",
    "decile_people": "Percentage of people in each national decile",
    "decile_areas": "Percentage of small areas in each national decile",
    "published": "The publisher's own figure",
}

STANDARDISATIONS = {
    "crude": "Crude: not adjusted for age",
    "standardised": "Standardised",
    "not_applicable": "Neither: a plain count or measure",
}

POLARITIES = {
    "high_is_good": "A high figure is good",
    "high_is_bad": "A high figure is bad",
    "none": "Neither high nor low is good",
}

INTERVALS = {
    "wilson": "Wilson score limits",
    "byars": "Byar's limits, exact below 10 events",
    "published": "The publisher's own limits",
    "none": "No interval",
}

ROLES = {
    "profile": "Profile area",
    "similar": "Similar areas",
    "district": "District",
    "county": "County",
    "region": "Region",
    "england": "England",
    "place": "Another small area",
}

#: Notes that every workbook has, by a short key; the number is the place in this list.
FIXED_NOTES = {
    "values": "Figures are computed from sums over small areas: numerators and denominators are "
    "added up first, and percentages are never averaged. A cell holds the figure with all its "
    "decimals; fewer are shown.",
    "limits": "A confidence interval is the range of values that chance alone could explain. "
    "In 95 of 100 such figures it holds the value that lies behind them (99.8%: 998 of 1,000). The "
    "method of each interval is on the sheet Definitions. A figure from a full count can have an "
    "interval too: it then describes the process behind the count.",
    "comparison": "The word says how the profile area stands against the area of the row. It is "
    "better, similar or worse where a high figure is good or bad, and higher, similar or lower "
    "where it is neither. Similar means that no difference could be shown, not that there is none.",
    "chance": "Of 100 comparisons at 95% where nothing differs, about five are still marked as "
    "different; at 99.8% about two of 1,000. One marked figure among many is weak evidence.",
    "counts": "Numerator and denominator are the counts that the figure is made of. The mark [z] "
    "stands where the figure has none, as for a count or a mean.",
}
