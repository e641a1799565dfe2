"""Layers as a vector field in time: a smooth trend fitted to what layers do at a state, and what is left over.

Layer k of L moves a state h by f_k(h) = scale_k φ(weight_k h + bias_k). At each h the trend is the least-squares cubic
spline, with few degrees of freedom p, of f_k(h) over the middles t_k = (k + 1/2)/L of the layers' intervals; the field
is L times it. The field is fitted, not the weights: so signs of scale_k that change from layer to layer, and what φ
makes of rough weights on average, are part of it. Networks of one depth are fitted together, as draws of one law.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.interpolate import BSpline

from deeplimits._typing import ArrayLike, Float64Array
from deeplimits.activations import Activation, resolve
from deeplimits.validation import positive_integer
from deeplimits.weights import LayerWeights

_DEGREE = 3
LEAST_DEPTH = 8
Networks = LayerWeights | Sequence[LayerWeights]


@dataclass(frozen=True, eq=False)
class LayerField:
    """Hold the layers of one or several networks of one depth L, ready to be fitted at any state.

    Args:
        depth: L.
        weight: (layers, width, width), the networks' layers one network after another.
        bias: (layers, width).
        scale: (layers,).
        phi: activation.
        knots: of the spline.
        project: values in the layers → spline coefficients, shape (p, layers).
    """

    depth: int
    weight: Float64Array
    bias: Float64Array
    scale: Float64Array
    phi: Activation
    knots: Float64Array
    project: Float64Array

    @property
    def layers(self) -> int:
        """Layers of all networks."""
        return len(self.weight)

    @property
    def width(self) -> int:
        """Entries of a state."""
        return self.weight.shape[1]

    @property
    def freedom(self) -> int:
        """Degrees of freedom of the trend, p."""
        return len(self.project)

    @property
    def at_layers(self) -> Float64Array:
        """The spline's basis at each layer's t_k, shape (layers, p)."""
        return np.tile(self.basis(_middles(self.depth)), (self.layers // self.depth, 1))

    def basis(self, times: ArrayLike) -> Float64Array:
        """Return the values of the spline's basis, shape (times, p)."""
        return _basis(self.knots, np.asarray(times, dtype=np.float64))

    @property
    def breaks(self) -> Float64Array:
        """Times between which the spline is one polynomial."""
        return self.knots[_DEGREE : len(self.knots) - _DEGREE]

    def polynomials(self, coefficients: Float64Array) -> tuple[Float64Array, ...]:
        """Return splines with coefficients (p, …) as cubics between breaks, highest order first, (intervals, …)."""
        spline, left = BSpline(self.knots, coefficients, _DEGREE), self.breaks[:-1]
        return tuple(spline(left, order) / math.factorial(order) for order in range(_DEGREE, -1, -1))

    def moves(self, states: Float64Array) -> Float64Array:
        """Return f_k(h) for every layer and state (samples, width), shape (layers, samples, width)."""
        hidden = self.phi(np.einsum("kij,nj->kni", self.weight, states) + self.bias[:, None])
        return self.scale[:, None, None] * np.asarray(hidden, dtype=np.float64)


def layer_field(given: Networks, activation: Activation | str | Callable[[Any], Any], intervals: int) -> LayerField:
    """Return the field of one network, or of several of one depth.

    Args:
        given: weights (depth, width, width), with biases (depth, width) and scales if there are any.
        activation: φ.
        intervals: of the trend's spline, which has 3 degrees of freedom more.

    Raises:
        ValueError: the weights are not square matrices, networks differ in shape or are too many, or layers are fewer
            than 8 or no more than degrees of freedom.
    """
    networks = [given] if isinstance(given, LayerWeights) else list(given)
    if not networks:
        raise ValueError("a flow needs at least one network, got none")
    shapes = {np.shape(network.weight) for network in networks}
    shape = shapes.pop()
    if shapes or len(shape) != 3 or shape[1] != shape[2]:
        raise ValueError(
            "a flow needs square weights, shape (depth, width, width), of one shape in all networks; got "
            f"{sorted({np.shape(network.weight) for network in networks})}"
        )
    depth, count = shape[0], positive_integer("intervals", intervals)
    if depth < LEAST_DEPTH or count + _DEGREE >= depth:
        raise ValueError(
            f"a trend of {count} intervals, {count + _DEGREE} degrees of freedom, needs more layers than that and at "
            f"least {LEAST_DEPTH}, got {depth}"
        )
    biases = [np.zeros(shape[:2]) if one.bias is None else np.asarray(one.bias, np.float64) for one in networks]
    if {bias.shape for bias in biases} != {shape[:2]}:
        raise ValueError(f"biases must have shape {shape[:2]}, as the weights do, got {[b.shape for b in biases]}")
    scales = [np.ones(depth) if (path := one.scale_path) is None else path[:, 0] for one in networks]
    knots = np.concatenate([np.zeros(_DEGREE), np.linspace(0, 1, count + 1), np.ones(_DEGREE)])
    return LayerField(
        depth,
        np.concatenate([np.asarray(one.weight, np.float64) for one in networks]),
        np.concatenate(biases),
        np.concatenate(scales),
        resolve(activation),
        knots,
        np.linalg.pinv(np.tile(_basis(knots, _middles(depth)), (len(networks), 1))),
    )


def checked_inputs(inputs: ArrayLike, width: int) -> Float64Array:
    """Return inputs as float64 (samples, width).

    Raises:
        ValueError: they have another shape or are not finite.
    """
    states = np.asarray(inputs, dtype=np.float64)
    if states.ndim != 2 or states.shape[1] != width or not len(states):
        raise ValueError(f"inputs must have shape (samples, {width}), the weights' width, got {states.shape}")
    if not np.all(np.isfinite(states)):
        raise ValueError("inputs must be finite")
    return states


def _middles(depth: int) -> Float64Array:
    return (np.arange(depth) + 0.5) / depth


def _basis(knots: Float64Array, times: Float64Array) -> Float64Array:
    dense: Float64Array = BSpline.design_matrix(times, knots, _DEGREE).toarray()
    return dense
