"""What holds of every kernel: symmetry, positive semi-definiteness, rotation invariance, homogeneity."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from deeplimits.architectures import MLP, Architecture, DenseNet, ResNet, stable
from deeplimits.kernels import nngp_and_ntk

SEEDS = st.integers(0, 2**32 - 1)


FIELDS = st.fixed_dictionaries(
    {
        "depth": st.integers(1, 6),
        "activation": st.sampled_from(["relu", "leaky-relu:1,-0.3", "erf", "gelu", "identity"]),
        "bias_variance": st.sampled_from([0.0, 0.2]),
        "weight_variance": st.floats(0.2, 3.0),
    }
)
KINDS = st.sampled_from(["mlp", "one-layer", "two-layer", "stable", "dense-net"])


def network(kind: str, fields: dict[str, Any]) -> Architecture:
    """Build a network outside of the strategies, whose checks draw random numbers of their own."""
    common = {"width": 10, "input_dim": 4, **fields}
    if kind == "mlp":
        return MLP(**common)
    if kind == "dense-net":
        return DenseNet(**common)
    block = "two-layer" if kind == "two-layer" else "one-layer"
    return ResNet(**common, block=block, branch_scale=stable(1.0) if kind == "stable" else 0.7)


def inputs(seed: int) -> np.ndarray:
    """Vectors of many lengths, some equal, nearly equal, opposite or 0."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(12, 4)) * 10.0 ** rng.uniform(-3, 2, (12, 1))
    x[3], x[4], x[5], x[6] = x[0], -2 * x[0], 0, x[1] * (1 + 1e-7 * rng.normal(size=4))
    return x


@given(KINDS, FIELDS, SEEDS)
def test_kernels_are_symmetric_and_positive_semidefinite(kind: str, fields: dict[str, Any], seed: int) -> None:
    net = network(kind, fields)
    for kernel in nngp_and_ntk(net, inputs(seed), parametrization="standard"):
        values = kernel.values
        assert np.array_equal(values, values.T)
        scale = np.sqrt(np.diag(values))
        scale[scale == 0] = 1
        correlations = values / scale / scale[:, None]
        assert np.linalg.eigvalsh(correlations)[0] >= (-2e-8 if net.phi.kinks else -1e-12)
        assert np.array_equal(values[0], values[3])


@given(KINDS, FIELDS, SEEDS)
def test_rotations_change_nothing(kind: str, fields: dict[str, Any], seed: int) -> None:
    net = network(kind, fields)
    x, rotation = inputs(seed), np.linalg.qr(np.random.default_rng(seed).normal(size=(4, 4)))[0]
    for plain, turned in zip(nngp_and_ntk(net, x), nngp_and_ntk(net, x @ rotation), strict=True):
        scale = np.sqrt(np.diag(plain))
        assert np.all(np.abs(plain.values - turned.values) <= 1e-7 * scale * scale[:, None] + 1e-300)


@given(KINDS, FIELDS, SEEDS, st.floats(-20, 20))
def test_homogeneous_networks_have_homogeneous_kernels(
    kind: str, fields: dict[str, Any], seed: int, logarithm: float
) -> None:
    net = network(kind, fields)
    factor, x = 10.0**logarithm, inputs(seed)
    if net.homogeneous:
        for plain, scaled in zip(nngp_and_ntk(net, x), nngp_and_ntk(net, x * factor), strict=True):
            scale = np.sqrt(np.diag(plain))
            assert np.all(np.abs(plain.values - scaled.values / factor**2) <= 1e-12 * scale * scale[:, None] + 1e-300)
