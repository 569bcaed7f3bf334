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
    compare_with_benchmark,
)
from cip.statistics.deprivation import (
    calculate_average_rank,
    calculate_average_score,
    calculate_extent,
    calculate_local_concentration,
    calculate_share_most_deprived,
)
from cip.statistics.intervals import (
    byars_interval,
    count_interval,
    crude_rate,
    exact_poisson_interval,
    mean_interval,
    wilson_interval,
)
from cip.statistics.quantiles import assign_quantiles

__all__ = [
    "BETTER",
    "HIGHER",
    "LOWER",
    "NOT_COMPARED",
    "SIMILAR",
    "WORSE",
    "assign_quantiles",
    "byars_interval",
    "calculate_average_rank",
    "calculate_average_score",
    "calculate_extent",
    "calculate_local_concentration",
    "calculate_share_most_deprived",
    "compare_with_benchmark",
    "count_interval",
    "crude_rate",
    "exact_poisson_interval",
    "mean_interval",
    "wilson_interval",
]
