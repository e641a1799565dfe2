"""Where the infinite-width limit is known to be off."""

from __future__ import annotations

from deeplimits.architectures import Architecture
from deeplimits.limits.laws import LogChiSquare
from deeplimits.limits.log_gaussian.log_norm import output_log_norm
from deeplimits.limits.prediction import Caution

_TOLERATED = 0.05


def cautions_for(architecture: Architecture) -> tuple[Caution, ...]:
    """Warn if fluctuations of the norm, unknown to this limit, are over 5 % of the variance of ``log_squared_norm``.

    They are estimated by the log-Gaussian limit, so for piecewise linear activations and one matrix
    a block only.
    """
    if architecture.phi.slopes is None or architecture.extensions:
        return ()
    missed = output_log_norm(architecture).variance
    total = missed + LogChiSquare(architecture.output_dim).variance
    if missed <= _TOLERATED * total:
        return ()
    sentence = (
        f"the variance of log_squared_norm is about {100 * missed / total:.0f} % too small at depth/width = "
        f"{architecture.depth_width_ratio:.3g}: the norm of a layer fluctuates, which this limit leaves out "
        "(log-gaussian has it)"
    )
    return (Caution(sentence, ("log_squared_norm",)),)
