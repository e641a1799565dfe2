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
from deeplimits.limits.logarithms import log_of


def correlations_by_layer(architecture: Architecture, inputs: Inputs) -> list[float]:
    """Return ρ_l, the limit of the cosine between z_l and z'_l, at each recorded layer.

    With variances q, q' of the two inputs at layer l (an MLP: 0 and 1 for the two scales),

        √(q_{l+1} q'_{l+1}) ρ_{l+1} = skip_scale² √(q_l q'_l) ρ_l
                                      + branch_scale² (weight_variance E φ(u)φ(v) + bias_variance),

    (u, v) Gaussian of variances q_l, q'_l and correlation ρ_l; or of variance 1 under a normalization, and through a
    hidden layer both variances and the covariance are more by bias_variance. A Balanced ResNet has the same recursion:
    both inputs see the same signs, and (−u, −v) has the law of (u, v).

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
    if architecture.phi.slopes is not None and not architecture.extensions:
        path = correlation_gaps(alignment_rate(architecture), first_gap(inputs))
        gaps = list(islice(path, layers[-1] + 1))
        return [1 - gaps[layer] for layer in layers]
    kept, wanted = [], set(layers)
    for layer, correlation in enumerate(_general(architecture, inputs, layers[-1])):
        if layer in wanted:
            kept.append(correlation)
    return kept + [correlation] * (len(layers) - len(kept))


def log_sines_by_layer(architecture: Architecture, inputs: Inputs) -> list[float]:
    """Return ln sin θ_l at each recorded layer, θ_l the limit of the angle between z_l and z'_l.

    From the gaps 1 − ρ_l of `correlation_gaps`, sin² = (1 − ρ)(1 + ρ), so small angles have all their digits; and as
    1 + ρ_l = 1 + ρ_0 plus what the gaps have lost, so have nearly straight ones.

    Args:
        architecture: a piecewise linear MLP or ResNet without extensions.
        inputs: two input vectors that are not parallel.

    References: cho2009kernel, arc-cosine kernel of degree 1.
    """
    layers, first = layers_of(architecture), first_gap(inputs)
    path = correlation_gaps(alignment_rate(architecture), first)
    gaps = list(islice(path, layers[-1] + 1))
    opposite = first_gap(Inputs(inputs.values * [[1], [-1]], single=False))
    sums = [opposite + (first - gaps[layer]) if gaps[layer] > 1 else 2 - gaps[layer] for layer in layers]
    return [(math.log(gaps[layer]) + math.log(plus)) / 2 for layer, plus in zip(layers, sums, strict=True)]


def _general(architecture: Architecture, inputs: Inputs, last: int) -> Iterator[float]:
    """Yield ρ_0 … ρ_last, or fewer if nothing changes any more."""
    maps, log_bias = layer_maps(architecture), log_of(architecture.bias_variance)
    first_bias, hidden_bias, normalized = log_bias, -math.inf, False
    if isinstance(architecture, ResNet):
        first_bias, normalized = -math.inf, architecture.normalization != "none"
        hidden_bias = log_bias if architecture.block == "two-layer" else -math.inf
    log_inputs = np.log(inputs.squared_norms / architecture.input_dim) + math.log(architecture.input_variance)
    inside = float(log_inputs[0]), float(log_inputs[1])
    pair = maps.first(inside[0]), maps.first(inside[1])
    correlation = _carried(1 - first_gap(inputs), inside, pair, first_bias)
    yield correlation
    for _ in range(last):
        following, seen = (maps.update(pair[0]), maps.update(pair[1])), (maps.seen(pair[0]), maps.seen(pair[1]))
        value = _carried(correlation, pair, following, log_scale=maps.log_skip)
        if maps.log_branch > -math.inf:
            of_seen = _carried(correlation, (0.0, 0.0) if normalized else pair, seen, hidden_bias)
            fed = maps.fed(pair[0]), maps.fed(pair[1])
            drawn = _branch_correlation(architecture, *seen, of_seen)
            value += _carried(drawn, fed, following, log_bias, maps.log_branch)
        value = min(1.0, max(-1.0, value))
        new, old = (*following, value), (*pair, correlation)
        if max(abs(a - b) for a, b in zip(new, old, strict=True)) < 1e-15:
            return
        pair, correlation = following, value
        yield correlation


def _carried(
    correlation: float,
    before: tuple[float, float],
    after: tuple[float, float],
    log_added: float = -math.inf,
    log_scale: float = 0.0,
) -> float:
    """Return what ``correlation`` contributes to that of the next variances, and with it a common variance.

    Everything but ``correlation`` is a logarithm, as these leave float64's range: variances are in pairs, ``log_added``
    is that of the common variance, and ``log_scale`` that of a factor of all of it.
    """
    home = sum(after) / 2 - log_scale
    return correlation * math.exp(sum(before) / 2 - home) + math.exp(log_added - home)


def _branch_correlation(architecture: Architecture, u: float, v: float, correlation: float) -> float:
    """Return E φφ' / √(E φ² E φ'²) at variances e^u and e^v, at the edge of float64's range where they are beyond."""
    from deeplimits.activations.duals import dual, second_moment

    first, second = (math.exp(min(max(value, -EVALUATED_RANGE), EVALUATED_RANGE)) for value in (u, v))
    norms = [second_moment(architecture.phi, variance) for variance in (first, second)]
    return dual(architecture.phi, first, second, correlation) / (math.sqrt(norms[0]) * math.sqrt(norms[1]))
