"""The columns of the generic experiment's table, in order."""

from __future__ import annotations

STATISTICS = ("mean", "variance", "skewness", "excess_kurtosis")
COLUMNS = (
    "observable",
    "input",
    "count",
    "num_dead",
    *(column for statistic in STATISTICS for column in (statistic, f"{statistic}_standard_error")),
    "unreliable",
    "limit",
    "predicted_mean",
    "predicted_variance",
    "distance_of",
    "distance",
    "distance_low",
    "distance_high",
    "wasserstein1",
    "verdict",
    "detectable",
    "reason",
)
