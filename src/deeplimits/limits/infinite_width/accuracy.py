"""Where the infinite-width limit is known to be off."""

from __future__ import annotations

from deeplimits.architectures import Architecture
from deeplimits.limits.laws import LogChiSquare
from deeplimits.limits.log_gaussian.log_norm import output_log_norm

_TOLERATED = 0.05


def warnings_for(architecture: Architecture) -> tuple[str, ...]:
    """Warn if fluctuations of the norm, unknown to this limit, are over 5 % of the variance of ``log_squared_norm``.

    They are estimated by the log-Gaussian limit, so for piecewise linear activations only.
    """
    if architecture.phi.slopes is None:
        return ()
    missed = output_log_norm(architecture).variance
    total = missed + LogChiSquare(architecture.output_dim).variance
    if missed <= _TOLERATED * total:
        return ()
    return (
        f"the variance of log_squared_norm is about {100 * missed / total:.0f} % too small at depth/width = "
        f"{architecture.depth_width_ratio:.3g}: the norm of a layer fluctuates, which this limit leaves out "
        "(log-gaussian has it)",
    )
