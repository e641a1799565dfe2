"""How far the laws about the flow are off at a width and depth, and where to be warned."""

from __future__ import annotations

from collections.abc import Sequence

from deeplimits.architectures import ResNet
from deeplimits.limits.depth_flow.fluctuation import Fluctuation
from deeplimits.limits.depth_flow.rates import relative_depth_constant
from deeplimits.limits.prediction import Caution

_TOLERATED = 0.05


def accuracy_of(architecture: ResNet, found: Sequence[Fluctuation]) -> str:
    """Return, in a sentence, the estimated error of the variance, that of a log-normal law of the same log-variance."""
    error = max(float(each.scaled_variances[-1]) for each in found) / 2 / architecture.width
    return (
        f"Leading order in 1/width: the variance of mean_square is off by O(1/width), perhaps {100 * error:.2g} % here "
        "(measured so for ReLU), its mean by O(1/width²) and its shape by O(1/√width). Of two inputs the limit itself: "
        "off by O(1/depth), and without their scatter of O(1/√width)."
    )


def cautions_for(
    architecture: ResNet, log_starts: Sequence[float], found: Sequence[Fluctuation]
) -> tuple[Caution, ...]:
    """Warn of a variance that may be off by more than 5 %, and of a depth at which the limit is off by as much."""
    cautions = []
    scatter = max(float(each.scaled_variances[-1]) for each in found)
    if scatter / 2 / architecture.width > _TOLERATED:
        sentence = (
            f"the true variance of mean_square may be {50 * scatter / architecture.width:.2g} % above this one at "
            f"width {architecture.width}, and its law is skewed; from width {int(scatter / 2 / _TOLERATED) + 1} on it "
            "is under 5 %"
        )
        cautions.append(Caution(sentence, ("mean_square",)))
    bias = max(
        abs(relative_depth_constant(architecture, start, float(each.log_means[-1]))) / architecture.depth
        for start, each in zip(log_starts, found, strict=True)
    )
    if bias > _TOLERATED:
        sentence = (
            f"at depth {architecture.depth} variances are about {100 * bias:.2g} % from those of infinite depth, and "
            "what joins two inputs is predicted for infinite depth; infinite-width is for this depth"
        )
        cautions.append(Caution(sentence, ("correlation", "covariance")))
    return tuple(cautions)
