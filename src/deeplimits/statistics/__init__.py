"""Statistics that stream, with standard errors and proven bounds; no plotting and no theory."""

from deeplimits.statistics.counts import MINIMUM_COUNT, require_count
from deeplimits.statistics.estimate import Estimate, finite_or_none, with_error
from deeplimits.statistics.gaussian_divergence import gaussian_divergence
from deeplimits.statistics.holm import holm_rejections
from deeplimits.statistics.interval import Interval
from deeplimits.statistics.kolmogorov_smirnov import deviation_bound, ks_distance, ks_p_value, ks_two_sample
from deeplimits.statistics.layer_covariance import LayerCovariance
from deeplimits.statistics.layer_summary import LayerEstimates, LayerSummary
from deeplimits.statistics.moments import Moments
from deeplimits.statistics.output_moments import EnsembleStatistic, OutputMoments
from deeplimits.statistics.quantile_sketch import QuantileSketch
from deeplimits.statistics.scaling_exponent import ScalingExponent, scaling_exponent
from deeplimits.statistics.student import mean_over_seeds, student_interval, student_quantile
from deeplimits.statistics.summary import Summary, SummaryList
from deeplimits.statistics.wasserstein import Wasserstein, wasserstein_distance, wasserstein_to_point

__all__ = [
    "MINIMUM_COUNT",
    "EnsembleStatistic",
    "Estimate",
    "Interval",
    "LayerCovariance",
    "LayerEstimates",
    "LayerSummary",
    "Moments",
    "OutputMoments",
    "QuantileSketch",
    "ScalingExponent",
    "Summary",
    "SummaryList",
    "Wasserstein",
    "deviation_bound",
    "finite_or_none",
    "gaussian_divergence",
    "holm_rejections",
    "ks_distance",
    "ks_p_value",
    "ks_two_sample",
    "mean_over_seeds",
    "require_count",
    "scaling_exponent",
    "student_interval",
    "student_quantile",
    "wasserstein_distance",
    "wasserstein_to_point",
    "with_error",
]
