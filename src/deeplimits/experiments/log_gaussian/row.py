"""A row of the table: one measured number with its standard error, and what each limit says of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from deeplimits.statistics import Estimate, finite_or_none

Row: TypeAlias = dict[str, Any]


def row(observable: str, statistic: str, estimate: Estimate, said: Mapping[str, float | None], **where: int) -> Row:
    """Return a row.

    Args:
        observable: what was measured.
        statistic: what of it.
        estimate: the measured number.
        said: limit → what it predicts; None where it says nothing of this statistic.
        where: ``layer`` and ``other_layer``, for what is measured at layers.

    >>> row("log_norm", "mean", Estimate(0.1, 0.02, 50), {"log-gaussian": 0.11}, layer=3)["log_gaussian"]
    0.11
    """
    return {
        "observable": observable,
        "statistic": statistic,
        **where,
        "count": estimate.count,
        "measured": finite_or_none(estimate.value),
        "measured_standard_error": finite_or_none(estimate.standard_error),
        **{limit.replace("-", "_"): value for limit, value in said.items()},
    }
