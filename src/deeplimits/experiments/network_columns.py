"""The columns of the generic experiment's table, in order."""

from __future__ import annotations

from deeplimits.statistics import Estimate, finite_or_none

STATISTICS = ("mean", "variance", "skewness", "excess_kurtosis")
COLUMNS = (
    "observable",
    "input",
    "layer",
    "other_layer",
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


def estimate_columns(name: str, estimate: Estimate) -> dict[str, float | None]:
    """Return an estimate as two columns: ``name`` and ``name`` + ``_standard_error``."""
    return {
        name: finite_or_none(estimate.value),
        f"{name}_standard_error": finite_or_none(estimate.standard_error),
    }
