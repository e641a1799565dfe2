"""Two inputs whose angle may shrink without bound: the second is carried as a part along the first and one across it.

With z' = c z + s g, g a unit vector orthogonal to z, and s a float32 times a power of two, a network is homogeneous in
the whole and a layer is linear but for the units that change sign between z and z'. It is asked φ(z) and

    D = (φ(z') − c φ(z))/s,  unit by unit  k' g + (k' − k)(c/s) z,

k and k' the slopes of φ at the unit of z and of z': no large numbers cancel however small s is. With
z_next = α z + λW φ(z) the second state is z'_next = c z_next + s (α g + λW D), whose last vector is split again.
This is exact in law, and an angle of e^−1000 has the digits of one of e^−1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from deeplimits.architectures import Architecture
from deeplimits.matrices import Matrix
from deeplimits.matrices.orthogonalisation import extend_basis
from deeplimits.networks.forward import describe, read_out
from deeplimits.networks.layer import Draws
from deeplimits.networks.reading import Layer, Reading, scan_blocks
from deeplimits.networks.scaled import Scaled, exponent_of, power_of_two, rescale
from deeplimits.networks.scales import num_blocks_of, scales_of
from deeplimits.randomness.keys import Key

# A unit changes sign only if |z| is below about s/c times the layer's largest: below 2^-60 none is.
_LARGEST_RATIO = 60


class _Pair(NamedTuple):
    """Stand for z, and for z' = 2^exponent (along × z's mantissa + 2^shift across × direction)."""

    first: Scaled
    direction: Float[Array, "1 n"]
    along: Float[Array, ""]
    across: Float[Array, ""]
    shift: Int[Array, ""]
    exponent: Int[Array, ""]


def refuses(architecture: Architecture, num_inputs: int, observables: tuple[str, ...]) -> str | None:
    """Say why this reduction cannot sample ``architecture``, or None if it can."""
    if num_inputs != 2:
        return f"it takes two input vectors, got {num_inputs}"
    if not {"correlation", "covariance", "log_sine"}.intersection(observables):
        return "it follows the angle of two inputs: ask for correlation, covariance or log_sine"
    if not architecture.phi.homogeneous:
        return f"it needs a ReLU, a leaky ReLU or the identity, got {architecture.phi.name}"
    if architecture.extensions:
        return f"it takes one matrix a layer and nothing else, got {' and '.join(architecture.extensions)}"
    return None


def forward_pair(
    architecture: Architecture,
    matrix: type[Matrix],
    vectors: Float[Array, "3 input_dim"],
    key: Key,
    max_layers: int | None = None,
) -> Reading:
    """Draw one network and run two input vectors through it.

    Args:
        architecture: which network; see `refuses`.
        matrix: how its weight matrices answer.
        vectors: the first input's direction u and the second one's parts along u and across it.
        key: the network's own key; layer l draws from its stream l.
        max_layers: most layers to describe along the depth, or None for none.

    Returns:
        What `forward` returns, with sines that are exact however small.
    """
    num_blocks, draws = num_blocks_of(architecture), Draws(matrix, key)
    step = _stepper(architecture, draws)
    answers = draws.ask(architecture.width, 0, vectors[::2])
    nothing = jnp.int32(0)
    start = _split(
        Scaled(answers[:1], jnp.zeros(1, jnp.int32)), jnp.sum(vectors[0] * vectors[1]), answers[1:], nothing, nothing
    )

    def block(carry: tuple[_Pair, Array]) -> tuple[_Pair, Array]:
        pair, layer = carry
        return step(pair, layer), layer + 1

    begin = (start, jnp.uint32(1))
    (pair, _), last, path = scan_blocks(block, begin, num_blocks, lambda carry: _describe(carry[0]), max_layers)
    return read_out(architecture, draws, _both(pair), last, path)


def _stepper(architecture: Architecture, draws: Draws) -> Callable[[_Pair, Array], _Pair]:
    scales = scales_of(architecture)

    def step(pair: _Pair, layer: Array) -> _Pair:
        # In units of 2^shift, so that g has a coefficient near 1.
        along = pair.along * power_of_two(jnp.clip(-pair.shift, -126, _LARGEST_RATIO))
        first, across = pair.first.mantissa, pair.across * pair.direction
        second = along * first + across
        flips = draws.flips(architecture, layer)
        slope, other = _slopes(architecture, flips * first, flips * second)
        difference = other * across + (other - slope) * along * first
        answers = draws.ask(architecture.width, layer, flips * jnp.concatenate([slope * first, difference]))
        new = scales.skip * jnp.concatenate([first, across]) + scales.branch * answers
        # Two parts that cancel would leave rounding errors of a second input that feeds nothing forward.
        lives = (scales.skip != 0) | jnp.any(other * second != 0)
        return _split(
            Scaled(new[:1], pair.first.exponent + scales.exponent),
            jnp.where(lives, pair.along, 0),
            jnp.where(lives, new[1:], 0),
            pair.shift,
            pair.exponent + scales.exponent,
        )

    return step


def _slopes(
    architecture: Architecture, first: Float[Array, "1 n"], second: Float[Array, "1 n"]
) -> tuple[Float[Array, "1 n"], Float[Array, "1 n"]]:
    """Return the slopes of φ, per unit of its amplitude, at the units of both inputs."""
    slopes = architecture.phi.unit.slopes
    assert slopes is not None, "refused before"
    return jnp.where(first > 0, *slopes), jnp.where(second > 0, *slopes)


def _split(
    first: Scaled, along: Float[Array, ""], rest: Float[Array, "1 n"], shift: Int[Array, ""], exponent: Int[Array, ""]
) -> _Pair:
    """Return the pair z = ``first``, z' = 2^exponent (along × first's mantissa + 2^shift rest)."""
    settled = rescale(first)
    norm = jnp.linalg.norm(settled.mantissa)
    basis, coefficients = extend_basis(settled.mantissa / jnp.where(norm > 0, norm, 1), rest)
    moved = along * power_of_two(settled.exponent - first.exponent)[0]
    added = power_of_two(jnp.clip(shift, -126, 126)) * coefficients[0, 0]
    along = jnp.where(norm > 0, moved + added / jnp.where(norm > 0, norm, 1), 0)
    across, home = coefficients[0, 1], exponent_of(coefficients[0, 1])
    across, shift = across * power_of_two(-home), shift + home
    size = exponent_of(jnp.maximum(jnp.abs(along) * norm, across * power_of_two(jnp.clip(shift, -126, 126))))
    return _Pair(settled, basis[1:], along * power_of_two(-size), across, shift - size, exponent + size)


def _both(pair: _Pair) -> Scaled:
    """Return z and z', the latter without what float32 cannot hold of it."""
    across = pair.across * power_of_two(jnp.clip(pair.shift, -126, 126))
    second = pair.along * pair.first.mantissa + across * pair.direction
    return Scaled(
        jnp.concatenate([pair.first.mantissa, second]), jnp.concatenate([pair.first.exponent, pair.exponent[None]])
    )


def _describe(pair: _Pair) -> Layer:
    layer = describe(_both(pair))
    sine = pair.across * jnp.linalg.norm(pair.direction) / jnp.sqrt(layer.squared_norm[1:])
    odd = pair.shift & 1
    return layer._replace(sine=sine * power_of_two(odd), sine_exponent=((pair.shift - odd) // 2)[None])
