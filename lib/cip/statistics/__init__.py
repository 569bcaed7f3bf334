"""Pure statistics: arrays in, arrays out, no files and no tables of areas.

Every function is vectorised over areas. Methods and their sources: ``docs/methods.md``.
"""

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
from cip.statistics.standard_population import ESP2013, group_standard, order_bands
from cip.statistics.standardised import (
    directly_standardised_rate,
    directly_standardised_rate_of_repeats,
    expected_count,
    indirectly_standardised_rate,
    indirectly_standardised_ratio,
)

__all__ = [
    "BETTER",
    "ESP2013",
    "HIGHER",
    "LIFE_BANDS",
    "LOWER",
    "NOT_COMPARED",
    "SIMILAR",
    "START_AGES",
    "WORSE",
    "CheckedEstimate",
    "DifferenceTest",
    "Estimate",
    "SlopeIndices",
    "TwoLevels",
    "WordsAtBothLevels",
    "assign_quantiles",
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
    "compare_with_benchmark",
    "count_chance_marks",
    "count_interval",
    "crude_rate",
    "describe_fifth",
    "difference_interval",
    "directly_standardised_rate",
    "directly_standardised_rate_of_repeats",
    "effective_population",
    "estimate_both_levels",
    "exact_poisson_interval",
    "expected_count",
    "group_standard",
    "indirectly_standardised_rate",
    "indirectly_standardised_ratio",
    "mean_from_sums",
    "mean_interval",
    "newcombe_difference",
    "order_bands",
    "place_in_funnel",
    "pool_rates",
    "proportion",
    "proportion_funnel",
    "rate_difference",
    "rate_funnel",
    "wilson_interval",
]
