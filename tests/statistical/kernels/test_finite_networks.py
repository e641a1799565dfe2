"""Finite networks, written here in NumPy, have on average the kernels that are computed.

With one hidden layer the mean over networks is the infinite-width kernel at every width and any inputs; for a ReLU MLP
of any depth it is at one input.
"""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from deeplimits.architectures import MLP
from deeplimits.kernels import nngp_and_ntk

NETWORKS, WIDTH = 6000, 12
X = np.array([[1.0, -0.5, 0.3], [0.2, 0.9, -1.0]])


def finite(net: MLP, x: np.ndarray, seed: int) -> np.ndarray:
    """Return f(x) f(x') and Σ ∂f(x) ∂f(x') of random MLPs, (networks, 2 kernels, 3 pairs), by backpropagation."""
    rng = np.random.default_rng(seed)
    slope = {"relu": lambda z: (z > 0) * 1.0, "tanh": lambda z: 1 / np.cosh(z) ** 2}[net.phi.name]
    normal = lambda *shape: rng.normal(size=(NETWORKS, *shape))  # noqa: E731
    factors = [net.input_variance / net.input_dim] + [net.weight_variance / net.width] * (net.depth - 1)
    matrices = [normal(net.width, net.input_dim)] + [normal(net.width, net.width) for _ in factors[1:]]
    signal, seen, states = np.broadcast_to(x.T, (NETWORKS, *x.T.shape)), [], []
    for matrix, factor in zip(matrices, factors, strict=True):
        seen.append(signal)
        states.append(np.sqrt(factor) * matrix @ signal + np.sqrt(net.bias_variance) * normal(net.width, 1))
        signal = net.phi(states[-1])
    readout, scale = normal(1, net.width), net.weight_variance / net.width
    output = np.sqrt(scale) * (readout @ signal)[:, 0]
    inner = lambda a: np.einsum("rni,rnj->rij", a, a)  # noqa: E731
    tangent = scale * inner(signal)
    back = np.sqrt(scale) * np.swapaxes(readout, 1, 2) * slope(states[-1])
    for layer in range(net.depth - 1, -1, -1):
        tangent = tangent + inner(back) * (factors[layer] * inner(seen[layer]) + net.bias_variance)
        if layer:
            back = np.sqrt(factors[layer]) * np.swapaxes(matrices[layer], 1, 2) @ back * slope(states[layer - 1])
    kernels = np.stack([output[:, :, None] * output[:, None, :], tangent], axis=1)
    return kernels[:, :, [0, 0, 1], [0, 1, 1]]


def p_value(net: MLP, wrong: MLP, x: np.ndarray) -> Callable[[int], float]:
    """Return the p-value, over seeds, that the mean of networks like ``net`` is the kernels of ``wrong``."""
    expected = np.stack([kernel.values[[0, 0, -1], [0, -1, -1]] for kernel in nngp_and_ntk(wrong, x)])

    def of(seed: int) -> float:
        found = finite(net, x, seed)
        errors = (found.mean(axis=0) - expected) / (found.std(axis=0, ddof=1) / np.sqrt(NETWORKS))
        return min(1.0, 6 * float(2 * stats.norm.sf(np.max(np.abs(errors)))))

    return of


SHALLOW = MLP(width=WIDTH, depth=1, input_dim=3, activation="tanh", bias_variance=0.3, input_variance=1.4)
DEEP = MLP(width=WIDTH, depth=3, input_dim=3)
ONE_INPUT = np.repeat(X[:1], 2, axis=0)


@pytest.mark.parametrize(("net", "x"), [(SHALLOW, X), (DEEP, ONE_INPUT)], ids=["shallow", "deep"])
def test_the_mean_over_networks_is_the_kernel(verdict, net: MLP, x: np.ndarray) -> None:
    verdict.accept(p_value(net, net, x))


@pytest.mark.parametrize(("net", "x"), [(SHALLOW, X), (DEEP, ONE_INPUT)], ids=["shallow", "deep"])
def test_a_weight_variance_five_percent_off_is_seen(verdict, net: MLP, x: np.ndarray) -> None:
    from dataclasses import replace

    verdict.reject(p_value(net, replace(net, weight_variance=1.05 * net.weight_variance), x))
