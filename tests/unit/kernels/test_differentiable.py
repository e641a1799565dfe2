"""The differentiable kernels are the others, and their gradients are difference quotients."""

import dataclasses
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from deeplimits.activations import custom
from deeplimits.architectures import MLP, Architecture, DenseNet, ResNet, stable
from deeplimits.kernels import nngp_and_ntk
from deeplimits.kernels.differentiable import kernel_function, value_and_gradient

RNG = np.random.default_rng(1)
X = RNG.normal(size=(5, 3))
X[2] = X[1]
WEIGHTS = RNG.normal(size=(2, 5, 5))


@pytest.mark.parametrize(
    ("net", "limit", "parametrization"),
    [
        (ResNet(width=5, depth=4, input_dim=3, bias_variance=0.3), "infinite-width", "ntk"),
        (MLP(width=5, depth=3, input_dim=3, activation="erf", bias_variance=0.1), "infinite-width", "standard"),
        (ResNet(width=5, depth=3, input_dim=3, activation="gelu", block="two-layer"), "infinite-width", "ntk"),
        (DenseNet(width=5, depth=2, input_dim=3, activation="tanh", bias_variance=0.2), "infinite-width", "ntk"),
        (ResNet(width=5, depth=3, input_dim=3, branch_scale=stable(1.0)), "infinite-depth", "ntk"),
    ],
    ids=lambda value: value.kind + "-" + value.phi.name if isinstance(value, Architecture) else value,
)
def test_values_and_gradients(net: Architecture, limit: str, parametrization: str) -> None:
    names = {"weight_variance", "input_variance", "branch_scale", "branch_variance", "skip_scale", "bias_variance"}
    names &= {field.name for field in dataclasses.fields(net)}
    at = {name: float(getattr(net, name)) for name in names if getattr(net, name) > 0}
    if limit == "infinite-depth":
        del at["skip_scale"]
    given: dict[str, Any] = {"limit": limit, "parametrization": parametrization}
    value, slopes = value_and_gradient(
        lambda k, t: jnp.sum(k * WEIGHTS[0]) + jnp.sum(t * WEIGHTS[1]),
        kernel_function(net, X, **given),
        {**at, "noise": 0.1},
    )

    def plain(**changed: Any) -> float:
        if limit == "infinite-depth" and "branch_scale" in changed:
            changed["branch_scale"] = stable(net.depth * changed["branch_scale"] ** 2)
        first, second = nngp_and_ntk(dataclasses.replace(net, **changed), X, **given)
        return float(np.sum(first * WEIGHTS[0]) + np.sum(second * WEIGHTS[1]))

    noise = float(np.trace(WEIGHTS[0]))
    assert value == pytest.approx(plain() + 0.1 * noise, rel=1e-8)
    assert slopes["noise"] == pytest.approx(noise)
    for name, centre in at.items():
        quotient = (plain(**{name: centre + 1e-4}) - plain(**{name: centre - 1e-4})) / 2e-4
        assert slopes[name] == pytest.approx(quotient, rel=2e-5, abs=1e-5)


def test_what_cannot_be_differentiated_is_refused() -> None:
    clipped = custom(lambda z: jnp.clip(z, -1, 1), kinks=[-1.0, 1.0], name="hard-tanh")
    with pytest.raises(ValueError, match="no differentiable kernel of hard-tanh"):
        kernel_function(MLP(width=5, depth=2, input_dim=3, activation=clipped), X)
    kernels = kernel_function(MLP(width=5, depth=2, input_dim=3), X)
    with pytest.raises(ValueError, match="unknown hyperparameter 'branch_scale'"):
        kernels({"branch_scale": 1.0})
