"""Pure statistics: arrays in, arrays out, no files and no tables of areas.

Every function is vectorised over areas. Methods and their sources: ``docs/methods.md``.
"""

from cip.statistics.agreement import (
    Agreement,
    band_agreement,
    measure_cohen,
    measure_fleiss,
    measure_fleiss_counts,
    measure_percentage,
)
from cip.statistics.agreement_alpha import measure_alpha
from cip.statistics.agreement_codes import list_disagreements, measure_codes
from cip.statistics.comparison import (
    BETTER,
    HIGHER,
    LOWER,
    NOT_COMPARED,
    SIMILAR,
    WORSE,
    WordsAtBothLevels,
    compare_at_both_levels,
    compare_with_benchmark,
    count_chance_marks,
    describe_fifth,
)
from cip.statistics.deprivation import (
    calculate_average_rank,
    calculate_average_score,
    calculate_extent,
    calculate_local_concentration,
    calculate_share_most_deprived,
)
from cip.statistics.difference import (
    DifferenceTest,
    calculate_power,
    compare_difference,
    difference_interval,
    newcombe_difference,
    rate_difference,
)
from cip.statistics.estimate import CheckedEstimate, Estimate, TwoLevels, estimate_both_levels
from cip.statistics.funnel import (
    effective_population,
    place_in_funnel,
    pool_rates,
    proportion_funnel,
    rate_funnel,
)
from cip.statistics.inequality import SlopeIndices, calculate_slope_indices
from cip.statistics.intervals import (
    byars_interval,
    count_interval,
    crude_rate,
    exact_poisson_interval,
    proportion,
    wilson_interval,
)
from cip.statistics.life_expectancy import LIFE_BANDS, START_AGES, calculate_life_expectancy
from cip.statistics.means import mean_from_sums, mean_interval
from cip.statistics.quantiles import assign_quantiles
from cip.statistics.raking import RakedWeights, rake_weights
from cip.statistics.raking_margins import RakingError
from cip.statistics.representation import (
    Representation,
    build_representation,
    compare_make_up,
    order_gaps,
)
from cip.statistics.saturation import Saturation, assess_saturation, count_new_themes
from cip.statistics.standard_population import ESP2013, group_standard, order_bands
from cip.statistics.standardised import (
    directly_standardised_rate,
    directly_standardised_rate_of_repeats,
    expected_count,
    indirectly_standardised_rate,
    indirectly_standardised_ratio,
)
from cip.statistics.survey import (
    SurveyEstimate,
    estimate_gap,
    estimate_means,
    estimate_ratio,
    estimate_totals,
)
from cip.statistics.survey_design import (
    SurveyDesign,
    build_design,
    effective_base,
    weighting_effect,
)
from cip.statistics.survey_differences import (
    PairedDifference,
    compare_pairs,
    compare_waves,
    compare_with_rest,
    mcnemar_test,
    paired_difference,
)
from cip.statistics.survey_display import decide_display, find_exposed
from cip.statistics.survey_groups import EVERYONE, Groups, number_groups
from cip.statistics.survey_planning import (
    HANDBOOK_CHANGES,
    PlannedChange,
    find_detectable_share,
    plan_changes,
    plan_sample,
    plan_waves,
)
from cip.statistics.survey_shares import estimate_shares, weighted_proportion
from cip.statistics.survey_tables import (
    tabulate_answers,
    tabulate_bands,
    tabulate_means,
    tabulate_multiple,
)

__all__ = [
    "BETTER",
    "ESP2013",
    "EVERYONE",
    "HANDBOOK_CHANGES",
    "HIGHER",
    "LIFE_BANDS",
    "LOWER",
    "NOT_COMPARED",
    "SIMILAR",
    "START_AGES",
    "WORSE",
    "Agreement",
    "CheckedEstimate",
    "DifferenceTest",
    "Estimate",
    "Groups",
    "PairedDifference",
    "PlannedChange",
    "RakedWeights",
    "RakingError",
    "Representation",
    "Saturation",
    "SlopeIndices",
    "SurveyDesign",
    "SurveyEstimate",
    "TwoLevels",
    "WordsAtBothLevels",
    "assess_saturation",
    "assign_quantiles",
    "band_agreement",
    "build_design",
    "build_representation",
    "byars_interval",
    "calculate_average_rank",
    "calculate_average_score",
    "calculate_extent",
    "calculate_life_expectancy",
    "calculate_local_concentration",
    "calculate_power",
    "calculate_share_most_deprived",
    "calculate_slope_indices",
    "compare_at_both_levels",
    "compare_difference",
    "compare_make_up",
    "compare_pairs",
    "compare_waves",
    "compare_with_benchmark",
    "compare_with_rest",
    "count_chance_marks",
    "count_interval",
    "count_new_themes",
    "crude_rate",
    "decide_display",
    "describe_fifth",
    "difference_interval",
    "directly_standardised_rate",
    "directly_standardised_rate_of_repeats",
    "effective_base",
    "effective_population",
    "estimate_both_levels",
    "estimate_gap",
    "estimate_means",
    "estimate_ratio",
    "estimate_shares",
    "estimate_totals",
    "exact_poisson_interval",
    "expected_count",
    "find_detectable_share",
    "find_exposed",
    "group_standard",
    "indirectly_standardised_rate",
    "indirectly_standardised_ratio",
    "list_disagreements",
    "mcnemar_test",
    "mean_from_sums",
    "mean_interval",
    "measure_alpha",
    "measure_codes",
    "measure_cohen",
    "measure_fleiss",
    "measure_fleiss_counts",
    "measure_percentage",
    "newcombe_difference",
    "number_groups",
    "order_bands",
    "order_gaps",
    "paired_difference",
    "place_in_funnel",
    "plan_changes",
    "plan_sample",
    "plan_waves",
    "pool_rates",
    "proportion",
    "proportion_funnel",
    "rake_weights",
    "rate_difference",
    "rate_funnel",
    "tabulate_answers",
    "tabulate_bands",
    "tabulate_means",
    "tabulate_multiple",
    "weighted_proportion",
    "weighting_effect",
    "wilson_interval",
]
