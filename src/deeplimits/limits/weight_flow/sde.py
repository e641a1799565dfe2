"""The stochastic differential equation of networks whose layers are rough."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import diffrax
import jax
import jax.numpy as jnp
import numpy as np

from deeplimits._typing import ArrayLike, Float64Array
from deeplimits.activations import Activation
from deeplimits.limits.weight_flow.layer_field import LayerField, Networks, checked_inputs, layer_field
from deeplimits.limits.weight_flow.paths import FlowPaths
from deeplimits.randomness import stable_hash
from deeplimits.validation import positive_integer

_BLOCKS, _LEAST_OF_BLOCK = 4, 8
_LEAST_STEPS, _MOST_STEPS = 100, 256
_QUARTERS = 4
_SIDE_BY_SIDE = 16_000  # layers times paths, so that what layers do stays in the caches


def implied_sde(
    networks: Networks,
    inputs: ArrayLike,
    *,
    activation: Activation | str | Callable[[Any], Any],
    paths: int = 100,
    seed: int = 0,
    intervals: int = 1,
    steps: int | None = None,
) -> FlowPaths:
    """Sample paths of the SDE that networks' weights stand for if they are rough in the layer's index.

    With f the smooth trend of what layers do at a state (see `layer_field`) and r_k what layer k does beside it,

        dH = c L f(t, H) dt + sqrt(L) s Σ_j r_j(H) dB_j,

    the sum over the m layers j in the block around t, s² = 1/m corrected for the trend's degrees of freedom, and B_j
    independent Brownian motions, one set for all inputs: given H the noise has the covariance, between entries and
    between inputs, of the block's layers. It is the limit of layers ~ depth^-½ that are independent draws of one law in
    each block. What φ makes of rough weights on average (in the paper ½ φ''(0) times their quadratic variation) is part
    of f. Independent layers have a trend too, by chance, and no depth makes it smaller: c = max(0, 1 − expected/found),
    of its squares at the inputs, is about 0 if chance explains it (James and Stein's factor). A true drift of that size
    is shrunk as well, less the more networks are fitted. Itô's equation, Euler's scheme.

    Args:
        networks: weights (depth, width, width) of one network or of several, with biases and scales if there are any;
            several have their law fitted better, and their trend.
        inputs: H(0), (samples, width).
        activation: φ.
        paths: to sample.
        seed: of the noise.
        intervals: of the spline of the trend, which has 3 degrees of freedom more.
        steps: of the scheme; by default as many as layers, at least 100 and at most 256.

    Returns:
        H at t = 0, 1/4, 1/2, 3/4 and 1 on each path.

    Raises:
        ValueError: shapes do not fit, or a number is below 1.
        RuntimeError: paths explode.

    Note: a law, with *fresh* noise. A trained network's noise has seen the data: what it does better than these paths
        it has learned in its noise. Weak error O(1/steps); fitted variances are off by about sqrt(2/m).

    References: cohen2021scaling.

    >>> from deeplimits.weights import LayerWeights
    >>> layers = LayerWeights(np.random.default_rng(0).standard_normal((400, 1, 1)) / 20)
    >>> sampled = implied_sde(layers, [[1.0]], activation="identity", paths=400)
    >>> bool(abs(np.log(np.mean(sampled.states[:, -1] ** 2)) - 1) < 0.4)
    True
    """
    count = positive_integer("paths", paths)
    field = layer_field(networks, activation, intervals)
    start = checked_inputs(inputs, field.width)
    taken = min(max(_LEAST_STEPS, field.depth), _MOST_STEPS) if steps is None else positive_integer("steps", steps)
    taken = -(-taken // _QUARTERS) * _QUARTERS
    share = trend_share(field, start)
    states = _sampled(field, share, start, count, taken, seed)
    if not np.all(np.isfinite(states)):
        raise RuntimeError("paths of the SDE explode: their states are no numbers in single precision")
    return FlowPaths(
        np.linspace(0, 1, _QUARTERS + 1),
        states,
        trend_share=share,
        equation="dH = c L f(t, H) dt + sqrt(L) s Σ_j r_j(H) dB_j, f the layers' trend, r_j what they do beside it",
        regime="depth to infinity, layers ~ depth^-½ beside their trend and independent of each other",
        accuracy=f"weak order 1 in depth and in the {taken} steps; noise with a covariance fitted to blocks of layers",
    )


def trend_share(field: LayerField, states: Float64Array) -> float:
    """Return c, the share of the fitted trend that is not explained by chance, at these states."""
    moves = field.moves(states).reshape(field.layers, -1)
    fitted = field.at_layers @ (field.project @ moves)
    found, beside = float(np.sum(fitted**2)), float(np.sum((moves - fitted) ** 2))
    if found == 0:
        return 0.0
    return max(0.0, 1 - field.freedom * beside / (field.layers - field.freedom) / found)


class _Layers(NamedTuple):
    """Hold what the compiled program takes of a field.

    Args:
        weight: (layers, width, width).
        bias: (layers, width).
        scale: (layers,).
        project: values in the layers → spline coefficients, (p, layers).
        at_layers: the spline's basis at the layers, (layers, p).
        trend_at: c L times the basis in the middle of each step, (steps, p).
        members: layers of each block, (blocks, m).
        size: sqrt(L) s.
    """

    weight: Any
    bias: Any
    scale: Any
    project: Any
    at_layers: Any
    trend_at: Any
    members: Any
    size: Any


def _sampled(field: LayerField, share: float, start: Float64Array, paths: int, steps: int, seed: int) -> Float64Array:
    members = _blocks(field)
    middles = (np.arange(steps) + 0.5) / steps
    size = np.sqrt(field.depth / members.shape[1] * field.layers / (field.layers - field.freedom))
    trend_at = field.depth * share * field.basis(middles)
    layers = _Layers(
        weight=jnp.asarray(field.weight, jnp.float32),
        bias=jnp.asarray(field.bias, jnp.float32),
        scale=jnp.asarray(field.scale, jnp.float32),
        project=jnp.asarray(field.project, jnp.float32),
        at_layers=jnp.asarray(field.at_layers, jnp.float32),
        trend_at=jnp.asarray(trend_at, jnp.float32),
        members=jnp.asarray(members),
        size=jnp.float32(size),
    )
    keys = jax.random.split(jax.random.key(stable_hash({"implied_sde": seed}) % 2**32), paths)
    together = max(1, min(paths, _SIDE_BY_SIDE // field.layers))
    return np.asarray(_solve(field.phi, together, layers, jnp.asarray(start, jnp.float32), keys), dtype=np.float64)


@partial(jax.jit, static_argnames=("phi", "together"))
def _solve(phi: Activation, together: int, layers: Any, start: Any, keys: Any) -> Any:
    """Return one path for each key, ``together`` of them side by side."""
    steps, blocks = len(layers.trend_at), len(layers.members)

    def fitted(state: Any) -> tuple[Any, Any]:
        hidden = phi(jnp.einsum("kij,nj->kni", layers.weight, state) + layers.bias[:, None])
        moves = layers.scale[:, None, None] * hidden
        return moves, jnp.einsum("pk,kni->pni", layers.project, moves)

    def place(time: Any, number: int) -> Any:
        """Return in which of ``number`` equal parts of [0, 1] a time is; times are whole steps but for rounding."""
        return jnp.clip(jnp.floor(time * number + 0.01), 0, number - 1).astype(jnp.int32)

    def drift(time: Any, state: Any, _: Any) -> Any:
        return jnp.einsum("p,pni->ni", layers.trend_at[place(time, steps)], fitted(state)[1])

    def noise(time: Any, state: Any, _: Any) -> Any:
        block = layers.members[place(time, blocks)]
        moves, coefficients = fitted(state)
        beside = moves[block] - jnp.einsum("jp,pni->jni", layers.at_layers[block], coefficients)
        return layers.size * jnp.moveaxis(beside, 0, -1)

    def path(key: Any) -> Any:
        motion = diffrax.UnsafeBrownianPath(jax.ShapeDtypeStruct(layers.members.shape[1:], jnp.float32), key)
        return diffrax.diffeqsolve(
            diffrax.MultiTerm(diffrax.ODETerm(drift), diffrax.ControlTerm(noise, motion)),
            diffrax.Euler(),
            t0=0.0,
            t1=1.0,
            dt0=1 / steps,
            y0=start,
            saveat=diffrax.SaveAt(ts=jnp.linspace(0, 1, _QUARTERS + 1)),
            adjoint=diffrax.ForwardMode(),  # nothing is differentiated, and this motion allows no other
            max_steps=steps + _QUARTERS,
        ).ys

    return jax.lax.map(path, keys, batch_size=together)


def _blocks(field: LayerField) -> Any:
    """Return which layers each block takes, (blocks, m): as many in each, so that neighbours may share a few."""
    count = max(1, min(_BLOCKS, field.depth // _LEAST_OF_BLOCK))
    length = -(-field.depth // count)
    first = np.round(np.linspace(0, field.depth - length, count)).astype(np.int32)
    networks = field.depth * np.arange(field.layers // field.depth, dtype=np.int32)
    inside = first[:, None, None] + networks[None, :, None] + np.arange(length, dtype=np.int32)
    return inside.reshape(count, -1)
