"""Kernels as JAX functions of a network's hyperparameters, and their gradients."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from deeplimits._typing import ArrayLike
from deeplimits.architectures import Architecture, require_architecture
from deeplimits.kernels.gram.expectations.traced import traced_expectations
from deeplimits.kernels.gram.limits import steps_of
from deeplimits.kernels.gram.network_terms import PARAMETRIZATIONS, network_terms
from deeplimits.kernels.gram.recursion import Kernels, Pair, Steps, first_pair, output_kernels
from deeplimits.kernels.gram.rows import as_rows
from deeplimits.validation import one_of, unknown_name

HYPERPARAMETERS = (
    "weight_variance",
    "bias_variance",
    "input_variance",
    "skip_scale",
    "branch_scale",
    "branch_variance",
)
NOISE = "noise"
_FLOW_STEPS = 64


def kernel_function(
    architecture: Architecture,
    x: ArrayLike,
    x2: ArrayLike | None = None,
    *,
    limit: str = "infinite-width",
    parametrization: str = "ntk",
) -> Callable[[Mapping[str, Any]], Kernels]:
    """Return a JAX function from hyperparameters to the NNGP and NTK Gram matrices, in memory.

    It may be transformed by ``jax.jit``, ``jax.grad`` and ``jax.hessian``. Call it within ``jax.enable_x64(True)``, or
    it computes in float32.

    Args:
        architecture: the network; hyperparameters that are not given are its own.
        x: rows of inputs.
        x2: other inputs for the columns; x itself by default.
        limit: as of `deeplimits.nngp`; a branch_scale that is given means its time is depth · branch_scale².
        parametrization: ``ntk`` or ``standard``.

    Returns:
        A function of a mapping with any of weight_variance, bias_variance, input_variance, skip_scale, branch_scale (of
        a DenseNet branch_variance) and noise, which is added to the diagonal of the NNGP of x with itself. Its result
        has ``nngp`` and ``ntk``.

    Raises:
        ValueError: as of `deeplimits.nngp`; or the activation has kinks and is not piecewise linear; or, when the
            function is called, a hyperparameter is none of the network's.

    Note:
        The direct recursion, O(depth) time and O(1) memory in the depth but for a DenseNet. Smooth activations without
        closed form take 256 terms of their Hermite series, which is enough up to variances of preactivations of about
        5 and not checked: compare with `deeplimits.nngp` for more. The infinite depth takes 64 steps of Runge–Kutta,
        1e-9.
    """
    require_architecture(architecture)
    one_of("parametrization", parametrization, PARAMETRIZATIONS)
    infinite = steps_of(architecture, limit) is not None
    expectations = traced_expectations(architecture.phi)
    rows = as_rows(x, architecture.input_dim)
    columns = rows if x2 is None else as_rows(x2, architecture.input_dim, "x2")
    first, second = rows.expand(rows.lengths), columns.expand(columns.lengths)
    cosines = np.clip(rows.expand(rows.units) @ columns.expand(columns.units).T, -1, 1)
    if x2 is None:
        np.fill_diagonal(cosines, 1.0)
    products = first[:, None] * second * cosines
    known = {field.name for field in dataclasses.fields(architecture)} & set(HYPERPARAMETERS)

    def kernels(hyperparameters: Mapping[str, Any]) -> Kernels:
        import jax.numpy as jnp

        given = dict(hyperparameters)
        noise = given.pop(NOISE, 0.0)
        for name in given:
            if name not in known:
                raise unknown_name("hyperparameter", name, [*known, NOISE])
        terms = network_terms(architecture, parametrization, **given)
        pair = first_pair(terms, jnp.asarray(first**2)[:, None], jnp.asarray(second**2)[None, :], jnp.asarray(products))
        steps = None if terms.kind == "dense-net" else _steps(terms.skip, terms.branch, terms, infinite)
        found = output_kernels(terms, expectations, pair, steps)
        if x2 is not None:
            return found
        return found._replace(nngp=found.nngp + noise * jnp.eye(len(first)))

    return kernels


def value_and_gradient(
    objective: Callable[[Any, Any], Any],
    kernels: Callable[[Mapping[str, Any]], Kernels],
    hyperparameters: Mapping[str, float],
) -> tuple[float, dict[str, float]]:
    """Return a function of the kernels and its derivative in each hyperparameter, in float64.

    Args:
        objective: from K and Θ, JAX arrays, to a number, as a log marginal likelihood.
        kernels: made by `kernel_function`.
        hyperparameters: where.

    >>> from deeplimits.architectures import MLP
    >>> kernels = kernel_function(MLP(width=10, depth=1, input_dim=2), [[1.0, 1.0]])
    >>> value, slopes = value_and_gradient(lambda K, T: K[0, 0], kernels, {"weight_variance": 2.0, "noise": 0.1})
    >>> round(value, 12), {name: round(slope, 12) for name, slope in slopes.items()}  # weight_variance / 2 + noise
    (1.1, {'noise': 1.0, 'weight_variance': 0.5})
    """
    import jax

    def of(values: dict[str, Any]) -> Any:
        found = kernels(values)
        return objective(found.nngp, found.ntk)

    with jax.enable_x64(True):
        at = {name: np.float64(value) for name, value in hyperparameters.items()}
        value, slopes = jax.jit(jax.value_and_grad(of))(at)
        return float(value), {name: float(slope) for name, slope in sorted(slopes.items())}


def _steps(skip: Any, branch: Any, terms: Any, infinite: bool) -> Steps:
    """Return the blocks as one loop, so that a deep network compiles as fast as a shallow one."""
    layers = _FLOW_STEPS if infinite else terms.depth - (terms.kind == "mlp")

    def steps(drawn: Callable[[Pair], Pair], first: Pair) -> Pair:
        import jax
        import jax.numpy as jnp

        def plus(z: Pair, size: Any, rate: Pair, kept: Any = 1.0) -> Pair:
            parts = [kept * old + size * new for old, new in zip(z[:4], rate[:4], strict=True)]
            return Pair(*parts)

        def flow_step(z: Pair) -> Pair:
            size = branch * terms.depth / layers
            one = drawn(z)
            two = drawn(plus(z, size / 2, one))
            three = drawn(plus(z, size / 2, two))
            four = drawn(plus(z, size, three))
            middle = Pair(
                *(a + 2 * b + 2 * c + d for a, b, c, d in zip(one[:4], two[:4], three[:4], four[:4], strict=True))
            )
            return plus(z, size / 6, middle)

        def step(z: Pair, _: None) -> tuple[Pair, None]:
            return (flow_step(z) if infinite else plus(z, branch, drawn(z), skip)), None

        shape = jnp.shape(first.covariance)
        start = Pair(*(part + 0.0 * branch for part in first[:4]))
        start = start._replace(tangent=jnp.broadcast_to(start.tangent, shape))
        return jax.lax.scan(step, start, None, length=layers)[0]

    return steps
