"""The ordinary differential equation of a network whose layers follow a trend."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import diffrax
import jax
import jax.numpy as jnp
import numpy as np

from deeplimits._typing import ArrayLike, Float64Array
from deeplimits.activations import Activation
from deeplimits.limits.weight_flow.layer_field import LayerField, checked_inputs, layer_field
from deeplimits.limits.weight_flow.paths import FlowPath
from deeplimits.validation import one_of
from deeplimits.weights import LayerWeights

TREND, LINEAR = "trend", "linear"
Coefficients = tuple[tuple[Float64Array, ...], tuple[Float64Array, ...]]
_TOLERANCE, _MOST_STEPS, _LEAST_STEP = 1e-8, 100_000, 1e-12
_ERRORS = 100  # tolerances that steps' errors add up to at most: 40 where weights turn or stretch states by exp(40)
_LAYERS_OF_INTERVAL, _MOST_INTERVALS = 8, 10
_EQUATIONS = {
    TREND: "dH/dt = L f(t, H), f the trend of scale_k φ(weight_k h + bias_k) over layers",
    LINEAR: "dH/dt = φ'(0) L (T(t) H + c(t)), T and c the trends of scale_k weight_k and scale_k bias_k",
}
_REGIMES = {
    TREND: "depth to infinity, layers ~ 1/depth and smooth in the layer's index",
    LINEAR: "depth to infinity, layers ~ 1/depth and smooth in the layer's index, weights alone to 0",
}


def implied_ode(
    network: LayerWeights,
    inputs: ArrayLike,
    *,
    activation: Activation | str | Callable[[Any], Any],
    equation: str = TREND,
    intervals: int | None = None,
) -> FlowPath:
    """Return the path of the ODE that a network's weights stand for if they are smooth in the layer's index.

    ``trend``: dH/dt = L f(t, H) with f the smooth trend of the layers; the limit of neural ODEs, and for a homogeneous
    φ of any smooth weights. ``linear``: dH/dt = φ'(0) L (T(t) H + c(t)), the limit where the weights alone vanish as
    well (T ~ 1/L, weight ~ L^-β, β > 0), in which φ only sees what is near to 0.

    Args:
        network: weights (depth, width, width), with biases and scales if it has any.
        inputs: H(0), (samples, width).
        activation: φ.
        equation: ``trend`` or ``linear``.
        intervals: of the spline of the trend; by default one for 8 layers, at most 10.

    Returns:
        H at t = k/depth, k = 0 … depth.

    Raises:
        ValueError: shapes do not fit; or ``linear`` with a φ that has φ(0) ≠ 0 or a kink at 0.
        RuntimeError: states explode.

    Note: a network with exactly these layers is an Euler scheme of step 1/depth: it is off by O(1/depth), and by what
        its layers have beside the trend, which smooths a kink of φ too. Solver tolerance 1e-8.

    References: cohen2021scaling.

    >>> layers = LayerWeights(np.full((100, 1, 1), 0.01))
    >>> path = implied_ode(layers, [[1.0]], activation="identity")
    >>> round(float(path.states[-1, 0, 0]), 6)
    2.718282
    """
    one_of("equation", equation, (TREND, LINEAR))
    count = max(1, min(network.depth // _LAYERS_OF_INTERVAL, _MOST_INTERVALS)) if intervals is None else intervals
    field = layer_field(network, activation, count)
    start = checked_inputs(inputs, field.width)
    times = np.arange(field.depth + 1) / field.depth
    coefficients = _of_trend(field) if equation == TREND else _of_linear(field)
    phi = field.phi if equation == TREND else None
    with jax.enable_x64(True):
        found, solved = _solve(phi, field.breaks, coefficients, start, times)
        states = np.asarray(found, dtype=np.float64)
    if not solved:
        raise RuntimeError(f"the {equation} ODE has no solution up to t = 1 in double precision: its states explode")
    return FlowPath(
        times,
        states,
        numerical_error=_ERRORS * _TOLERANCE * float(np.abs(states).max()),
        equation=_EQUATIONS[equation],
        regime=_REGIMES[equation],
        accuracy="O(1/depth), and what the weights have beside their trend",
    )


def _of_trend(field: LayerField) -> Coefficients:
    """Return the polynomials of the spline's basis, from values in the layers, and the layers."""
    polynomials = field.polynomials(np.eye(field.freedom))
    layers = field.weight, field.bias, field.project * (field.depth * field.scale)
    return polynomials, layers


def _of_linear(field: LayerField) -> Coefficients:
    """Return the polynomials of φ'(0) L (T | c)."""
    both = field.scale[:, None, None] * np.concatenate([field.weight, field.bias[..., None]], axis=2)
    size = field.depth * slope_at_zero(field.phi)
    return field.polynomials(size * np.einsum("pk,kij->pij", field.project, both)), ()


@partial(jax.jit, static_argnames=("phi",))
def _solve(phi: Activation | None, breaks: Any, coefficients: Any, start: Any, times: Any) -> Any:
    """Return H at ``times``, and whether it was reached, in a compiled program; without φ the equation is linear."""
    (cubic, square, slope, value), layers = coefficients
    spline = diffrax.CubicInterpolation(jnp.asarray(breaks), (cubic, square, slope, value))

    def of_trend(time: Any, state: Any, phi: Activation) -> Any:
        weight, bias, project = layers
        hidden = phi(jnp.einsum("kij,nj->kni", weight, state) + bias[:, None])
        return jnp.einsum("k,kni->ni", spline.evaluate(time) @ project, hidden)

    def of_linear(time: Any, state: Any, _: Any) -> Any:
        both = spline.evaluate(time)
        return state @ both[:, :-1].T + both[:, -1]

    solution = diffrax.diffeqsolve(
        diffrax.ODETerm(of_linear if phi is None else of_trend),
        diffrax.Dopri5(),
        t0=0.0,
        t1=1.0,
        dt0=None,
        y0=start,
        args=phi,
        saveat=diffrax.SaveAt(ts=jnp.asarray(times)),
        stepsize_controller=diffrax.PIDController(rtol=_TOLERANCE, atol=_TOLERANCE, dtmin=_LEAST_STEP),
        max_steps=_MOST_STEPS,
        throw=False,
    )
    return solution.ys, solution.result == diffrax.RESULTS.successful


def linear_at_zero(phi: Activation) -> bool:
    """Return whether φ(0) = 0 and φ has no kink at 0."""
    return 0.0 not in phi.kinks and float(phi(jnp.zeros(()))) == 0


def slope_at_zero(phi: Activation) -> float:
    """Return φ'(0).

    Raises:
        ValueError: φ(0) is not 0, or φ has a kink at 0.
    """
    if not linear_at_zero(phi):
        raise ValueError(f"near 0 {phi.name} is not linear through 0: there is no linear equation, take {TREND!r}")
    with jax.enable_x64(True):
        return float(jax.grad(phi.function)(jnp.zeros(())))
