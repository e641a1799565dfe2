"""Expectations on JAX arrays, differentiable in the variances and the covariance."""

from __future__ import annotations

import math
from typing import Any

from deeplimits.activations import ERF, GELU, Activation
from deeplimits.kernels.gram.expectations.expectations import Expectations, Moments

_PARALLEL = 1e-14
_TERMS = 256


def traced_expectations(activation: Activation) -> Expectations:
    """Return how the expectations of ``activation`` are evaluated in JAX.

    Raises:
        ValueError: it has kinks and is not piecewise linear.
    """
    if activation.slopes is not None:
        return _PiecewiseLinear(*activation.slopes)
    if activation == ERF:
        return _Erf()
    if activation == GELU:
        return _Gelu()
    if activation.kinks:
        raise ValueError(
            f"no differentiable kernel of {activation.name}: give a piecewise linear activation or one without kinks"
        )
    return _Smooth(activation)


class _Pairs:
    """What all have in common."""

    def near(self, variance: Any, gap: Any) -> Moments:
        """Return the moments at equal variances."""
        moments = self.pair(variance, variance, variance - gap)
        return moments._replace(gap=self.square(variance) - moments.product)

    def square(self, variance: Any) -> Any:
        raise NotImplementedError

    def pair(self, a: Any, b: Any, covariance: Any) -> Moments:
        raise NotImplementedError


class _PiecewiseLinear(_Pairs):
    """φ(z) = s₊ max(z, 0) + s₋ min(z, 0); angles below 1e-7 count as 0, where no derivative exists."""

    def __init__(self, up: float, down: float) -> None:
        self._mean_square, self._kink = (up**2 + down**2) / 2, (up - down) ** 2 / (2 * math.pi)

    def square(self, variance: Any) -> Any:
        return self._mean_square * variance

    def pair(self, a: Any, b: Any, covariance: Any) -> Moments:
        import jax.numpy as jnp

        present = (a > 0) & (b > 0)
        scale = jnp.sqrt(jnp.where(a > 0, a, 1.0)) * jnp.sqrt(jnp.where(b > 0, b, 1.0))
        cosine = jnp.where(present, covariance / scale, 0.0)
        square = (1 - cosine) * (1 + cosine)
        parallel = square < _PARALLEL
        root = jnp.sqrt(jnp.where(parallel, 0.5, square))
        straight = jnp.where(cosine > 0, 0.0, math.pi)
        angle = jnp.where(parallel, straight, jnp.arctan2(root, jnp.where(parallel, 0.0, cosine)))
        unit = self._mean_square * cosine + self._kink * (jnp.where(parallel, 0.0, root) - angle * cosine)
        return Moments(jnp.where(present, scale * unit, 0.0), self._mean_square - self._kink * angle)


class _Erf(_Pairs):
    """The arcsine kernel; det is that of I + 2Σ.

    References: williams1997computing, the kernel of erf.
    """

    def square(self, variance: Any) -> Any:
        return self.pair(variance, variance, variance).product

    def pair(self, a: Any, b: Any, covariance: Any) -> Moments:
        import jax.numpy as jnp

        root = jnp.sqrt((1 + 2 * a) * (1 + 2 * b) - 4 * covariance**2)
        return Moments(2 / math.pi * jnp.arctan2(2 * covariance, root), 4 / math.pi / root)


class _Gelu(_Pairs):
    """See `deeplimits.activations.closed_forms`; det is that of I + Σ.

    References: tsuchida2021avoiding, the GELU kernel.
    """

    def square(self, variance: Any) -> Any:
        return self.pair(variance, variance, variance).product

    def pair(self, a: Any, b: Any, covariance: Any) -> Moments:
        import jax.numpy as jnp

        det = (1 + a) * (1 + b) - covariance**2
        both = jnp.arctan2(jnp.sqrt(det), -covariance) / (2 * math.pi)
        density, ends = 1 / (2 * math.pi * jnp.sqrt(det)), 1 / (1 + a) + 1 / (1 + b)
        product = covariance * both + density * (a * b - covariance**2 + covariance**2 * ends)
        return Moments(product, both + covariance * density * (ends + 1 / det))


class _Smooth(_Pairs):
    """Mehler's formula with 256 terms: see `HermiteSeries`."""

    def __init__(self, activation: Activation) -> None:
        self._function = activation.function

    def square(self, variance: Any) -> Any:
        import jax.numpy as jnp

        from deeplimits.kernels.gram.expectations.hermite_series import nodes_and_functions

        z, weights, functions = nodes_and_functions(1)
        values = self._function(jnp.sqrt(_positive(variance))[..., None] * z)
        return jnp.sum(values**2 * (weights * functions[0]), axis=-1)

    def pair(self, a: Any, b: Any, covariance: Any) -> Moments:
        import jax
        import jax.numpy as jnp

        def slope(z: Any) -> Any:
            return jax.jvp(self._function, (z,), (jnp.ones_like(z),))[1]

        correlation = covariance / (jnp.sqrt(_positive(a)) * jnp.sqrt(_positive(b)))
        return Moments(*(_series(f, a, b, correlation) for f in (self._function, slope)))


def _positive(variance: Any) -> Any:
    import jax.numpy as jnp

    return jnp.where(variance > 0, variance, 1e-300)


def _series(function: Any, a: Any, b: Any, correlation: Any) -> Any:
    import jax
    import jax.numpy as jnp

    from deeplimits.kernels.gram.expectations.hermite_series import nodes_and_functions

    z, weights, functions = nodes_and_functions(_TERMS)
    first, second = (
        jnp.moveaxis(function(jnp.sqrt(_positive(q))[..., None] * z) @ (weights * functions).T, -1, 0) for q in (a, b)
    )

    def step(total: Any, parts: Any) -> tuple[Any, None]:
        return total * correlation + parts[0] * parts[1], None

    return jax.lax.scan(step, jnp.zeros_like(correlation), (first[::-1], second[::-1]))[0]
