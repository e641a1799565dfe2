"""One random network, forward: the layer is written here once, for every architecture and either kind of matrix."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import jax.numpy as jnp
from jaxtyping import Array, Float

from deeplimits.architectures import MLP, Architecture, BalancedResNet, ResNet
from deeplimits.matrices import Matrix
from deeplimits.networks.reading import Layer, Reading, scan_blocks
from deeplimits.networks.scaled import Scaled, rescale
from deeplimits.randomness.keys import Key, stream
from deeplimits.randomness.normals import signs as random_signs


@dataclass(frozen=True)
class Scales:
    """Hold α and λ sqrt(weight_variance / width) times φ's amplitude as (mantissa) 2^exponent.

    So even 1e30 fits in float32, and a layer's gain is near 1. For an MLP α = 0 and λ = 1.
    """

    skip: float
    branch: float
    exponent: int


def scales_of(architecture: Architecture) -> Scales:
    """Return the factors of z_l and of W φ(z_l) in the layer of ``architecture``."""
    skip, branch = 0.0, 1.0
    if isinstance(architecture, ResNet):
        skip, branch = architecture.skip_scale, architecture.branch_scale
    branch *= math.sqrt(architecture.weight_variance) * architecture.phi.amplitude
    exponent = math.frexp(max(abs(skip), abs(branch)))[1] if architecture.phi.homogeneous else 0
    skip, branch = math.ldexp(skip, -exponent), math.ldexp(branch, -exponent)
    return Scales(skip, branch / math.sqrt(architecture.width), exponent)


def num_blocks_of(architecture: Architecture) -> int:
    """Return how many times the layer is applied to z_0: depth, or depth − 1 in an MLP."""
    return architecture.depth - 1 if isinstance(architecture, MLP) else architecture.depth


def readout_scale(architecture: Architecture) -> tuple[float, int]:
    """Return m and e with m 2^e the factor of W_out, e = 0 unless φ is homogeneous.

    The activation precedes W_out in an MLP, a ResNet reads out linearly.
    """
    if not isinstance(architecture, MLP):
        return 1 / math.sqrt(architecture.width), 0
    scale = math.sqrt(architecture.weight_variance) * architecture.phi.amplitude
    exponent = math.frexp(scale)[1] if architecture.phi.homogeneous else 0
    return math.ldexp(scale, -exponent) / math.sqrt(architecture.width), exponent


def is_lost(architecture: Architecture, squared_norm: Array) -> Array:
    """Say where a state has left float32: only a state that cannot be rescaled, of a φ that is not homogeneous, can."""
    if architecture.phi.homogeneous:
        return jnp.zeros(squared_norm.shape, bool)
    return ~((squared_norm > 1e-30 * architecture.width) & jnp.isfinite(squared_norm))


def forward(
    architecture: Architecture,
    matrix: type[Matrix],
    vectors: Float[Array, "k input_dim"],
    key: Key,
    max_layers: int | None = None,
) -> Reading:
    """Draw one network and run ``vectors`` through it.

    Args:
        architecture: which network.
        matrix: how its weight matrices answer.
        vectors: input rows, already multiplied by sqrt(input_variance / input_dim).
        key: the network's own key; layer l draws from its stream l.
        max_layers: most layers to describe along the depth, or None for none.

    Returns:
        One number per input vector in each field. A homogeneous activation's state is rescaled in each layer; any other
        keeps exponent 0.
    """
    width, num_blocks, phi = architecture.width, num_blocks_of(architecture), architecture.phi.unit
    ask = _questioner(matrix, key)
    start = Scaled(ask(width, 0, vectors), jnp.zeros(vectors.shape[0], jnp.int32))

    def block(carry: tuple[Scaled, Array]) -> tuple[Scaled, Array]:
        state, layer = carry
        flips = _signs(architecture, key, layer)
        branch = ask(width, layer, phi(flips * state.mantissa))
        return _residual_step(architecture, state, branch), layer + 1

    # The layer is counted in the carry: read from a scanned array, it would keep the generator's loop from vectorising.
    begin = (_settle(architecture, start), jnp.uint32(1))
    (state, _), last, path = scan_blocks(block, begin, num_blocks, lambda carry: describe(carry[0]), max_layers)
    readout = phi(state.mantissa) if isinstance(architecture, MLP) else state.mantissa
    scale, exponent = readout_scale(architecture)
    output = scale * ask(architecture.output_dim, num_blocks + 1, readout).T
    lost = is_lost(architecture, last.squared_norm)
    last = last._replace(squared_norm=jnp.where(lost, jnp.nan, last.squared_norm))
    output = jnp.where(lost, jnp.nan, output)
    return Reading(last, path, output, state.exponent + exponent, jnp.all(readout == 0, axis=1) & ~lost)


def describe(state: Scaled) -> Layer:
    """Return the sums over units of each row of ``state``."""
    positive = jnp.maximum(state.mantissa, 0)
    squared_norm = jnp.sum(state.mantissa**2, axis=1)
    cosine = None
    if state.mantissa.shape[0] == 2:
        product = jnp.sum(state.mantissa[:1] * state.mantissa[1:], axis=1)
        cosine = product / jnp.sqrt(squared_norm[:1] * squared_norm[1:])
    return Layer(
        squared_norm=squared_norm,
        positive_energy=jnp.sum(positive**2, axis=1),
        num_positive=jnp.sum(state.mantissa > 0, axis=1).astype(jnp.float32),
        exponent=state.exponent,
        cosine=cosine,
    )


def _questioner(matrix: type[Matrix], key: Key) -> Callable[[int, int | Array, Array], Array]:
    def ask(rows: int, layer: int | Array, vectors: Array) -> Array:
        weights = matrix(rows, vectors.shape[1])
        answer, _ = weights.query(weights.init(stream(key, layer)), vectors)
        return answer

    return ask


def _residual_step(architecture: Architecture, state: Scaled, branch: Float[Array, "k n"]) -> Scaled:
    scales = scales_of(architecture)
    mantissa = scales.branch * branch
    if scales.skip != 0:
        mantissa = scales.skip * state.mantissa + mantissa
    return _settle(architecture, Scaled(mantissa, state.exponent + scales.exponent))


def _settle(architecture: Architecture, state: Scaled) -> Scaled:
    return rescale(state) if architecture.phi.homogeneous else state


def _signs(architecture: Architecture, key: Key, layer: Array) -> Float[Array, " n"] | float:
    if not isinstance(architecture, BalancedResNet):
        return 1.0
    return random_signs(stream(key, layer), architecture.width)
