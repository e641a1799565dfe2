"""Every limit by name, and what they answer."""

from __future__ import annotations

from deeplimits._typing import ArrayLike
from deeplimits.architectures import Architecture, require_architecture
from deeplimits.datasets import Inputs, as_inputs
from deeplimits.limits.depth_flow import DepthFlow
from deeplimits.limits.exact import Exact
from deeplimits.limits.infinite_width import InfiniteWidth
from deeplimits.limits.limit import Limit
from deeplimits.limits.log_gaussian import LogGaussian
from deeplimits.limits.prediction import Prediction, Refusal, RefusedError
from deeplimits.validation import one_of

CATALOGUE: dict[str, Limit] = {limit.name: limit for limit in (InfiniteWidth(), LogGaussian(), DepthFlow(), Exact())}


def predict(architecture: Architecture, x: ArrayLike | Inputs | None = None, *, limit: str) -> Prediction:
    """Predict the laws of a random network's observables.

    Args:
        architecture: the network.
        x: one input vector (input_dim,) or several (inputs, input_dim); the first unit vector by default.
        limit: name of a limit, a key of `CATALOGUE`.

    Returns:
        Observable → its law, or one law per input vector in input order.

    Raises:
        RefusedError: the limit makes no statement about this architecture; the message says why.
        ValueError: the limit's name is unknown, or the inputs do not fit.

    >>> from deeplimits.architectures import MLP
    >>> law = predict(MLP(width=100, depth=21), limit="exact")["log_norm_hidden"]
    >>> round(law.variance, 6)
    1.059001
    """
    one_of("limit", limit, CATALOGUE)
    inputs = as_inputs(x, require_architecture(architecture).input_dim)
    answer = CATALOGUE[limit].predict(architecture, inputs)
    if isinstance(answer, Refusal):
        raise RefusedError(f"{limit} makes no statement: {answer.reason}")
    return answer


def for_architecture(architecture: Architecture, x: ArrayLike | Inputs | None = None) -> list[Prediction | Refusal]:
    """List what every limit says of an architecture, refusals included.

    Args:
        architecture: the network.
        x: one input vector (input_dim,) or several (inputs, input_dim); the first unit vector by default.

    Raises:
        ValueError: the inputs do not fit.

    >>> from deeplimits.architectures import ResNet
    >>> [type(answer).__name__ for answer in for_architecture(ResNet(width=100, depth=50))]
    ['Prediction', 'Prediction', 'Refusal', 'Refusal']
    """
    inputs = as_inputs(x, require_architecture(architecture).input_dim)
    return [limit.predict(architecture, inputs) for limit in CATALOGUE.values()]
