"""One layer, forward: written here once, for every architecture and either kind of matrix."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import jax.numpy as jnp
from jaxtyping import Array, Float

from deeplimits.architectures import Architecture, BalancedResNet, ResNet
from deeplimits.matrices import Matrix
from deeplimits.networks.normalization import normalized
from deeplimits.networks.scaled import Scaled, add, rescale
from deeplimits.networks.scales import first_bias, hidden_width_of, normalization_of, rescalable, scales_of
from deeplimits.randomness.keys import SECOND_NORMALS, Key, stream
from deeplimits.randomness.normals import normal
from deeplimits.randomness.normals import signs as random_signs

# Layer l draws from stream l of a network's key, and the hidden layer of its branch from this many streams on.
_HIDDEN = 1 << 29


@dataclass(frozen=True)
class Draws:
    """Draw what is random in one network: answers of its matrices, biases and signs.

    Args:
        matrix: how weight matrices answer.
        key: the network's own key.
    """

    matrix: type[Matrix]
    key: Key

    def ask(self, rows: int, number: int | Array, vectors: Float[Array, "k columns"]) -> Float[Array, "k rows"]:
        """Return W v for each row v of ``vectors``, W the matrix of that ``number``, which is asked only once."""
        weights = self.matrix(rows, vectors.shape[1])
        answer, _ = weights.query(weights.init(stream(self.key, number)), vectors)
        return answer

    def bias(self, scale: tuple[float, int], count: int, number: int | Array, num_inputs: int) -> Scaled:
        """Return a bias vector, the same for every input, times mantissa and exponent of ``scale``."""
        vector = scale[0] * normal(stream(self.key, number), (1, count), purpose=SECOND_NORMALS)
        shape = (num_inputs,)
        return Scaled(jnp.broadcast_to(vector, (*shape, count)), jnp.full(shape, scale[1], jnp.int32))

    def flips(self, architecture: Architecture, layer: Array) -> Float[Array, " n"] | float:
        """Return the signs of a Balanced block, else 1."""
        if not isinstance(architecture, BalancedResNet):
            return 1.0
        return random_signs(stream(self.key, layer), architecture.width)


def first_layer(architecture: Architecture, draws: Draws, vectors: Float[Array, "k input_dim"]) -> Scaled:
    """Return z_0 of the input rows ``vectors``."""
    mantissa = draws.ask(architecture.width, 0, vectors)
    state = Scaled(mantissa, jnp.zeros(vectors.shape[0], jnp.int32))
    if architecture.bias_variance and not isinstance(architecture, ResNet):
        state = add(state, draws.bias(first_bias(architecture), architecture.width, 0, vectors.shape[0]))
    return settle(architecture, state)


def stepper(architecture: Architecture, draws: Draws) -> Callable[[Scaled, Array], Scaled]:
    """Return the layer: a function of z_l and of the number, from 1 on, of the layer that makes z_{l+1} of it."""
    return _extended_step(architecture, draws) if architecture.extensions else _plain_step(architecture, draws)


def settle(architecture: Architecture, state: Scaled) -> Scaled:
    """Bring each row's largest entry near 1 if its magnitude may be carried apart."""
    return rescale(state) if rescalable(architecture) else state


def _plain_step(architecture: Architecture, draws: Draws) -> Callable[[Scaled, Array], Scaled]:
    """One matrix: the two parts have the same exponent."""
    width, phi, scales = architecture.width, architecture.phi.unit, scales_of(architecture)

    def step(state: Scaled, layer: Array) -> Scaled:
        flips = draws.flips(architecture, layer)
        mantissa = scales.branch * draws.ask(width, layer, phi(flips * state.mantissa))
        if scales.skip != 0:
            mantissa = scales.skip * state.mantissa + mantissa
        return settle(architecture, Scaled(mantissa, state.exponent + scales.exponent))

    return step


def _extended_step(architecture: Architecture, draws: Draws) -> Callable[[Scaled, Array], Scaled]:
    """Biases, normalizations and hidden layers: what is added has an exponent of its own."""
    width, phi, scales = architecture.width, architecture.phi.unit, scales_of(architecture)

    def step(state: Scaled, layer: Array) -> Scaled:
        fed = _fed(architecture, draws, state, layer)
        flips = draws.flips(architecture, layer)
        mantissa = scales.branch * draws.ask(width, layer, phi(flips * fed.mantissa))
        new = Scaled(mantissa, fed.exponent + scales.exponent)
        if scales.bias != 0:
            new = add(new, draws.bias((scales.bias, scales.bias_exponent), width, layer, mantissa.shape[0]))
        if scales.skip != 0:
            new = add(Scaled(scales.skip * state.mantissa, state.exponent + scales.exponent), new)
        return settle(architecture, new)

    return step


def _fed(architecture: Architecture, draws: Draws, state: Scaled, layer: Array) -> Scaled:
    """Return the preactivations that the activation of a layer sees: normalized, through U, or as they are."""
    if normalization_of(architecture) != "none":
        state = Scaled(normalized(normalization_of(architecture), state.mantissa), jnp.zeros_like(state.exponent))
    hidden, number = hidden_width_of(architecture), layer + jnp.uint32(_HIDDEN)
    if hidden is None:
        return state
    answer = draws.ask(hidden, number, state.mantissa / math.sqrt(architecture.width))
    fed = Scaled(answer, state.exponent)
    if architecture.bias_variance:
        fed = add(fed, draws.bias(first_bias(architecture), hidden, number, answer.shape[0]))
    return fed
