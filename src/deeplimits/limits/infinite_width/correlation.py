"""How the angle between two inputs changes from layer to layer at infinite width."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice

import numpy as np

from deeplimits.architectures import Architecture, ResNet
from deeplimits.datasets import Inputs
from deeplimits.kernels import correlation_gaps
from deeplimits.limits.infinite_width.second_moments import EVALUATED_RANGE
from deeplimits.limits.infinite_width.variance_recursion import layer_maps
from deeplimits.limits.input_pair import first_gap
from deeplimits.limits.layer_scales import alignment_rate
from deeplimits.limits.layers import layers_of


def correlations_by_layer(architecture: Architecture, inputs: Inputs) -> list[float]:
    """Return ρ_l, the limit of the cosine between z_l and z'_l, at each recorded layer.

    With variances q, q' of the two inputs at layer l (an MLP: 0 and 1 for the two scales),

        √(q_{l+1} q'_{l+1}) ρ_{l+1} = skip_scale² √(q_l q'_l) ρ_l + branch_scale² weight_variance E φ(u)φ(v),

    (u, v) Gaussian of variances q_l, q'_l and correlation ρ_l. A Balanced ResNet has the same recursion: both inputs
    see the same signs, and (−u, −v) has the law of (u, v).

    Args:
        architecture: an MLP or a ResNet, with any activation.
        inputs: two input vectors.

    Raises:
        ValueError: an expectation cannot be computed.

    Note:
        About 3 µs a layer for piecewise linear activations, 0.1 ms for erf and GELU, 10 ms for others, until the
        recursion has come to rest.

    References: lee2018deep, the recursion for K^l; cho2009kernel (ReLU).
    """
    layers = layers_of(architecture)
    if architecture.phi.slopes is not None:
        path = correlation_gaps(alignment_rate(architecture), first_gap(inputs))
        gaps = list(islice(path, layers[-1] + 1))
        return [1 - gaps[layer] for layer in layers]
    kept, wanted = [], set(layers)
    for layer, correlation in enumerate(_smooth(architecture, inputs, layers[-1])):
        if layer in wanted:
            kept.append(correlation)
    return kept + [correlation] * (len(layers) - len(kept))


def _smooth(architecture: Architecture, inputs: Inputs, last: int) -> Iterator[float]:
    """Yield ρ_0 … ρ_last, or fewer if nothing changes any more."""
    branch, update = layer_maps(architecture)
    log_skip = -math.inf
    if isinstance(architecture, ResNet) and architecture.skip_scale:
        log_skip = 2 * math.log(abs(architecture.skip_scale))
    scales = np.log(inputs.squared_norms / architecture.input_dim) + math.log(architecture.input_variance)
    state = (float(scales[0]), float(scales[1]), 1 - first_gap(inputs))
    yield state[2]
    for _ in range(last):
        u, v, correlation = state
        following = update(u), update(v)
        # Both parts relative to the next variances, in logarithms, as these leave float64's range.
        reference = (following[0] + following[1]) / 2
        value = math.exp(log_skip + (u + v) / 2 - reference) * correlation
        if branch(u) > -math.inf:
            share = math.exp((branch(u) + branch(v)) / 2 - reference)
            value += share * _branch_correlation(architecture, u, v, correlation)
        new = (*following, min(1.0, max(-1.0, value)))
        if max(abs(a - b) for a, b in zip(new, state, strict=True)) < 1e-15:
            return
        state = new
        yield state[2]


def _branch_correlation(architecture: Architecture, u: float, v: float, correlation: float) -> float:
    """Return E φφ' / √(E φ² E φ'²) at variances e^u and e^v, at the edge of float64's range where they are beyond."""
    from deeplimits.activations.duals import dual, second_moment

    first, second = (math.exp(min(max(value, -EVALUATED_RANGE), EVALUATED_RANGE)) for value in (u, v))
    norms = [second_moment(architecture.phi, variance) for variance in (first, second)]
    return dual(architecture.phi, first, second, correlation) / (math.sqrt(norms[0]) * math.sqrt(norms[1]))
