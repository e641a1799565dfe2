"""Statistics that stream, with standard errors and proven bounds; no plotting and no theory."""

from deeplimits.statistics.counts import MINIMUM_COUNT, require_count
from deeplimits.statistics.estimate import Estimate, finite_or_none, with_error
from deeplimits.statistics.holm import holm_rejections
from deeplimits.statistics.interval import Interval
from deeplimits.statistics.kolmogorov_smirnov import deviation_bound, ks_distance, ks_p_value, ks_two_sample
from deeplimits.statistics.moments import Moments
from deeplimits.statistics.quantile_sketch import QuantileSketch
from deeplimits.statistics.summary import Summary, SummaryList
from deeplimits.statistics.wasserstein import Wasserstein, wasserstein_distance, wasserstein_to_point

__all__ = [
    "MINIMUM_COUNT",
    "Estimate",
    "Interval",
    "Moments",
    "QuantileSketch",
    "Summary",
    "SummaryList",
    "Wasserstein",
    "deviation_bound",
    "finite_or_none",
    "holm_rejections",
    "ks_distance",
    "ks_p_value",
    "ks_two_sample",
    "require_count",
    "wasserstein_distance",
    "wasserstein_to_point",
    "with_error",
]
