"""NNGP and NTK Gram matrices: what they are made of, how they are filled, and what is refused."""

from pathlib import Path
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from deeplimits.activations import Activation, custom
from deeplimits.architectures import MLP, Architecture, BalancedResNet, DenseNet, ResNet, stable
from deeplimits.kernels import nngp, nngp_and_ntk, nngp_diagonal, ntk, ntk_diagonal
from deeplimits.kernels.gram import assembly

RNG = np.random.default_rng(0)
X = RNG.normal(size=(40, 6))
ONE_LENGTH = X / np.linalg.norm(X, axis=1, keepdims=True)
ELU = custom(lambda z: jnp.where(z > 0, z, jnp.expm1(jnp.minimum(z, 0))), kinks=[0.0], name="elu")
SHIFTED = custom(lambda z: jnp.clip(z, -1, 1), kinks=[-1.0, 1.0], name="hard-tanh")

NETWORKS: list[Architecture] = [
    MLP(width=30, depth=3, input_dim=6, bias_variance=0.2),
    ResNet(width=30, depth=4, input_dim=6),
    ResNet(width=30, depth=4, input_dim=6, bias_variance=0.3, block="two-layer", hidden_width=50, activation="erf"),
    ResNet(width=30, depth=3, input_dim=6, normalization="rms", activation="gelu", branch_scale=stable(2.0)),
    DenseNet(width=30, depth=3, input_dim=6, bias_variance=0.1, branch_variance=0.5, activation="tanh"),
]


def by_hand(net: Architecture, a: float, b: float, k: float, standard: bool) -> tuple[float, float]:
    """One pair through an MLP or ResNet with one-matrix blocks, written without the package's recursion."""
    from deeplimits.activations.duals import derivative_dual, dual

    residual = isinstance(net, ResNet)
    skip = net.skip_scale**2 if isinstance(net, ResNet) else 0.0
    branch = net.branch_scale**2 if isinstance(net, ResNet) else 1.0
    c, v, bias = net.input_variance / net.input_dim, net.weight_variance, net.bias_variance
    gain = net.width / v if standard else 1.0
    gain_bias = (1 / bias if bias else 0.0) if standard else 1.0
    first = 0.0 if residual else bias
    theta = (k if standard else c * k) + gain_bias * first
    a, b, k = c * a + first, c * b + first, c * k + first
    for _ in range(net.depth - (not residual)):
        r = k / np.sqrt(a * b)
        product, slope = dual(net.phi, a, b, r), derivative_dual(net.phi, a, b, r)
        theta = skip * theta + branch * (gain * v * product + gain_bias * bias + v * slope * theta)
        k = skip * k + branch * (v * product + bias)
        a, b = (skip * q + branch * (v * dual(net.phi, q, q, 1.0) + bias) for q in (a, b))
    if residual:
        return k, theta + (net.width if standard else 1) * k
    r = k / np.sqrt(a * b)
    k = v * dual(net.phi, a, b, r)
    return k, gain * k + v * derivative_dual(net.phi, a, b, r) * theta


@pytest.mark.parametrize("standard", [False, True])
@pytest.mark.parametrize("activation", ["relu", "tanh", ELU])
@pytest.mark.parametrize("kind", [MLP, ResNet])
def test_every_entry_is_the_recursion(kind: Any, activation: str | Activation, standard: bool) -> None:
    net = kind(width=7, depth=3, input_dim=6, activation=activation, bias_variance=0.2, input_variance=1.5)
    x = X[:2]
    expected = by_hand(net, x[0] @ x[0], x[1] @ x[1], x[0] @ x[1], standard)
    found = nngp_and_ntk(net, x, parametrization="standard" if standard else "ntk")
    np.testing.assert_allclose([found[0].values[0, 1], found[1].values[0, 1]], expected, rtol=1e-11)


@pytest.mark.parametrize("net", NETWORKS, ids=lambda net: f"{net.kind}-{net.phi.name}")
def test_diagonals_columns_and_single_kernels_agree(net: Architecture) -> None:
    first, second = nngp_and_ntk(net, X, parametrization="standard")
    assert np.array_equal(first.values, nngp(net, X).values)
    assert np.array_equal(second.values, ntk(net, X, parametrization="standard").values)
    np.testing.assert_array_equal(nngp_diagonal(net, X), np.diag(first))
    np.testing.assert_array_equal(ntk_diagonal(net, X, parametrization="standard"), np.diag(second))
    np.testing.assert_allclose(ntk(net, X, X[3:9], parametrization="standard"), second.values[:, 3:9], rtol=1e-9)


def test_a_balanced_resnet_has_the_kernels_of_the_plain_one() -> None:
    nets = [kind(width=9, depth=3, input_dim=6) for kind in (ResNet, BalancedResNet)]
    assert np.array_equal(ntk(nets[0], X).values, ntk(nets[1], X).values)


@pytest.mark.parametrize("activation", ["relu", "erf"])
def test_the_depth_of_a_stable_network_goes_to_its_flow(activation: str) -> None:
    deep = ResNet(width=5, depth=2000, input_dim=6, activation=activation, branch_scale=stable(0.7))
    for finite, infinite in zip(
        nngp_and_ntk(deep, X[:3]), nngp_and_ntk(deep, X[:3], limit="infinite-depth"), strict=True
    ):
        np.testing.assert_allclose(finite, infinite, rtol=3e-3)
        assert infinite.limit == "infinite-depth"


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deeplimits.kernels.gram.plan._FEW", 10)


CASES = [
    (MLP(width=5, depth=60, input_dim=6), X, 1e-12),
    (ResNet(width=5, depth=50, input_dim=6), X, 1e-12),
    (ResNet(width=5, depth=9, input_dim=6, branch_scale=stable(1.0)), X, 1e-11),
    (ResNet(width=5, depth=9, input_dim=6, bias_variance=0.2), ONE_LENGTH, 1e-12),
    (ResNet(width=5, depth=5, input_dim=6, activation="gelu", branch_scale=stable(1.0)), X, 1e-9),
    (MLP(width=5, depth=2, input_dim=6, activation="tanh", bias_variance=0.1), X, 1e-9),
]


@pytest.mark.parametrize(("net", "x", "tolerance"), CASES)
def test_tables_are_the_recursion(
    net: Architecture, x: np.ndarray, tolerance: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = "infinite-depth" if net.depth == 9 and net.phi.homogeneous and not net.bias_variance else "infinite-width"
    direct = nngp_and_ntk(net, x, limit=limit)
    monkeypatch.setattr("deeplimits.kernels.gram.plan._FEW", 10)
    tabulated = nngp_and_ntk(net, x, limit=limit)
    for plain, fast in zip(direct, tabulated, strict=True):
        scale = np.sqrt(np.diag(plain))
        error = np.max(np.abs(plain.values - fast.values) / scale / scale[:, None])
        assert 0 < error <= tolerance
        assert plain.numerical_error == 0 < fast.numerical_error <= 1e-9
        assert error <= 10 * fast.numerical_error + 1e-14 * net.depth


def test_a_table_that_cannot_be_accurate_is_not_used(tables: None) -> None:
    chaotic = MLP(width=5, depth=60, input_dim=6, activation="erf", weight_variance=50.0)
    found = ntk(chaotic, ONE_LENGTH)
    assert found.numerical_error == 0
    assert np.array_equal(found.values[:5, :5], ntk(chaotic, ONE_LENGTH[:5]).values)


def test_threads_blocks_and_memory_maps_change_nothing(
    tables: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    net, seen = NETWORKS[1], []
    monkeypatch.setattr(assembly, "_cores", lambda: 1)
    alone = nngp_and_ntk(net, X, block=7)
    monkeypatch.setattr(assembly, "_cores", lambda: 2)
    out = tuple(np.memmap(tmp_path / name, np.float64, "w+", shape=(40, 40)) for name in ("k", "t"))
    together = nngp_and_ntk(net, X, block=7, out=out, progress=lambda done, total: seen.append((done, total)))
    for plain, mapped, array in zip(alone, together, out, strict=True):
        assert mapped.values is array
        assert np.array_equal(plain.values, array)
    assert seen == [(done, 21) for done in range(1, 22)]
    np.testing.assert_allclose(nngp(net, X).values, alone[0].values, rtol=1e-14)


class Store:
    """What a chunked store offers: a shape, a dtype, and assignment to slices."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self.shape, self.dtype, self.content = shape, np.dtype(np.float64), np.full(shape, np.nan)

    def __setitem__(self, place: tuple[slice, slice], values: np.ndarray) -> None:
        assert all(isinstance(each, slice) for each in place)
        assert self.content[place].shape == values.shape
        self.content[place] = values


def test_a_store_that_takes_slices_is_filled_with_equal_rows_too() -> None:
    x = np.concatenate([X[:9], X[4:6], X[9:20], X[:1]])
    store = Store((23, 23))
    found = ntk(NETWORKS[0], x, out=store, block=6)
    assert found.values is store
    assert np.array_equal(store.content, ntk(NETWORKS[0], x, block=6).values)


@pytest.mark.parametrize("net", [*NETWORKS[:3], NETWORKS[4]], ids=lambda net: f"{net.kind}-{net.phi.name}")
def test_zeros_equal_rows_and_near_ones(net: Architecture) -> None:
    x = X[:12].copy()
    x[3], x[5], x[7] = x[8], 0, x[9] * (1 + 1e-9)
    x[6] = -x[2]
    for kernel in nngp_and_ntk(net, x):
        values = kernel.values
        assert np.all(np.isfinite(values))
        assert np.array_equal(values, values.T)
        assert np.array_equal(values[3], values[8]) and values[3, 3] == values[3, 8]
        assert np.linalg.eigvalsh(values)[0] >= -1e-13 * np.linalg.eigvalsh(values)[-1]
        assert np.array_equal(values[5] == 0, [net.homogeneous] * 12)


@pytest.mark.parametrize("length", [1e-150, 1e150])
def test_extreme_lengths(length: float) -> None:
    scaled = X[:5] * length
    for kernel, plain in zip(nngp_and_ntk(NETWORKS[1], scaled), nngp_and_ntk(NETWORKS[1], X[:5]), strict=True):
        np.testing.assert_allclose(kernel.values / length / length, plain.values, rtol=1e-12)
    mixed = np.concatenate([X[:3], scaled])
    assert all(np.all(np.isfinite(kernel)) for kernel in nngp_and_ntk(NETWORKS[0], mixed))
    if length < 1:
        assert all(np.all(np.isfinite(kernel)) for kernel in nngp_and_ntk(NETWORKS[4], mixed))
    else:
        with pytest.raises(ValueError, match="tanh leave float64"):
            ntk(NETWORKS[4], mixed)


def test_small_angles_keep_their_digits() -> None:
    # Θ falls linearly with the angle: 1 − cos θ alone would lose it below 1e-8.
    angle = 1e-10
    x = np.array([[1.0, 0.0], [np.cos(angle), np.sin(angle)]])
    net = MLP(width=5, depth=1, input_dim=2)
    values = ntk(net, x).values
    assert (values[0, 0] - values[0, 1]) / angle == pytest.approx(1 / np.pi / 2, rel=1e-4)


def test_small_angles_keep_their_digits_without_closed_forms() -> None:
    modulus = custom(jnp.abs, kinks=[0.0], name="modulus")
    x = np.array([[1.0, 0.0], [np.cos(1e-7), np.sin(1e-7)], [0.6, 0.8], [1.0, 0.0]])
    nets = [
        MLP(width=5, depth=3, input_dim=2, activation=each, weight_variance=1.0)
        for each in (modulus, "leaky-relu:1,-1")
    ]
    for numerical, closed in zip(*(nngp_and_ntk(net, x) for net in nets), strict=True):
        np.testing.assert_allclose(numerical.values, closed.values, rtol=1e-12)


def near_rows(lengths: np.ndarray) -> np.ndarray:
    x = np.zeros((len(lengths), 6))
    x[:, :2] = [1.0, 0.0]
    x[:, 1] = np.append(0.0, 10.0 ** -np.linspace(7, 0, len(lengths) - 1))
    return x * (lengths / np.linalg.norm(x, axis=1))[:, None]


def test_a_chaotic_network_keeps_its_kernel_positive() -> None:
    chaotic = MLP(width=5, depth=5, input_dim=6, activation=custom(lambda z: jnp.sin(10 * z), name="sine"))
    for kernel in nngp_and_ntk(chaotic, near_rows(np.full(14, 2.0))):
        eigenvalues = np.linalg.eigvalsh(kernel.values)
        assert eigenvalues[0] >= -1e-13 * eigenvalues[-1]


def test_a_table_sees_the_narrow_peak_of_a_chaotic_network(tables: None) -> None:
    chaotic = MLP(width=5, depth=8, input_dim=6, activation=custom(lambda z: jnp.sin(5 * z), name="sine"))
    x = near_rows(np.append(np.ones(10), np.linspace(0.99, 1.01, 10)) * np.sqrt(18))
    found = nngp(chaotic, x).values
    np.testing.assert_allclose(found[:8, :8], nngp(chaotic, x[:8]).values, atol=1e-3)
    assert found[0, 1] > 0.1 * found[0, 0]


@pytest.mark.parametrize("activation", ["tanh", "erf"])
def test_slopes_that_are_narrow_beside_the_variance(activation: str) -> None:
    # E φ'(u)² → ∫ φ'² / √(2π q) as q → ∞, ∫ tanh'² = 4/3 and ∫ erf'² = (4/π) √(π/2).
    x, area = np.array([[1e6]]), {"tanh": 4 / 3, "erf": 4 / np.pi * np.sqrt(np.pi / 2)}[activation]
    net = MLP(width=5, depth=1, input_dim=1, activation=activation, weight_variance=1.0)
    assert ntk(net, x).values[0, 0] == pytest.approx(1 + 1e6 * area / np.sqrt(2 * np.pi), rel=1e-5)


def test_zeros_at_infinite_depth() -> None:
    x = np.array([[0.0, 0.0], [1e-200, 0.0], [1.0, -1.0]])
    for activation in ("relu", "erf"):
        net = ResNet(width=5, depth=4, input_dim=2, bias_variance=0.2, branch_scale=stable(1.0), activation=activation)
        deep = ResNet(
            width=5, depth=1000, input_dim=2, bias_variance=0.2, branch_scale=stable(1.0), activation=activation
        )
        for limit, finite in zip(nngp_and_ntk(net, x, limit="infinite-depth"), nngp_and_ntk(deep, x), strict=True):
            np.testing.assert_allclose(limit.values, finite.values, rtol=5e-3, atol=1e-12)


def test_a_jump_has_an_nngp_but_no_tangent_kernel() -> None:
    x = np.array([[1.0, 0.0], [0.0, 1.0]])
    net = MLP(width=5, depth=2, input_dim=2, activation=custom(jnp.sign, kinks=[0.0]), weight_variance=1.0)
    np.testing.assert_allclose(nngp(net, x).values, np.eye(2), atol=1e-14)
    for refused in (ntk, nngp_and_ntk, ntk_diagonal):
        with pytest.raises(ValueError, match="jumps at one of its kinks"):
            refused(net, x)


def test_any_activation_agrees_with_adaptive_integrals() -> None:
    from deeplimits.activations.duals import derivative_dual, dual
    from deeplimits.kernels.gram.expectations.numerical import NumericalExpectations

    a, b, r = np.array([0.3, 1.0, 4.0]), np.array([2.0, 1.0, 4.0]), np.array([-0.8, 0.999, 0.2])
    for activation in (custom(jnp.sin, name="sine"), ELU, SHIFTED):
        moments = NumericalExpectations(activation).pair(a, b, r * np.sqrt(a * b))
        np.testing.assert_allclose(moments.product, dual(activation, a, b, r), rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(moments.slope, derivative_dual(activation, a, b, r), rtol=1e-7)


def test_the_result_says_what_it_is() -> None:
    kernel = ntk(NETWORKS[1], X[:3], parametrization="standard")
    assert repr(kernel) == "KernelMatrix(ntk, 3 × 3, infinite-width, standard parametrization, ResNet of depth 4)"
    assert len(kernel) == 3 and kernel[0, 1] == kernel.values[0, 1]
    assert np.asarray(kernel, dtype=np.float32).dtype == np.float32
    eigenvalues = np.linalg.eigvalsh(kernel.values)
    assert kernel.condition() == pytest.approx(eigenvalues[-1] / eigenvalues[0])
    assert ntk(NETWORKS[1], X[[0, 0]]).condition() == np.inf
    with pytest.raises(ValueError, match="x and x2"):
        ntk(NETWORKS[1], X[:3], X[:3]).condition()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"x": X[:, :5]}, r"shape \(6,\) or \(inputs, 6\)"),
        ({"x": [[1, np.nan, 0, 0, 0, 0]]}, "finite, got nan in row 1, column 2"),
        ({"x": [["a"] * 6]}, "real numbers"),
        ({"x2": X[:, :5]}, "x2 must have shape"),
        ({"limit": "infinit-width"}, "did you mean 'infinite-width'"),
        ({"parametrization": "mup"}, "choose from ntk, standard"),
        ({"block": 0}, "block must be an integer"),
        ({"out": np.zeros((3, 3))}, r"out must have shape \(40, 40\), got \(3, 3\)"),
        ({"out": np.zeros((40, 40), np.float32)}, "float64, got float32"),
        ({"out": "file"}, "out must have shape"),
        ({"limit": "infinite-depth"}, r"0\.707107 with skip_scale=0\.707107 has no limit.*stable\(t\)"),
    ],
)
def test_bad_arguments(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ntk(**{"architecture": NETWORKS[1], "x": X, **arguments})


def test_what_no_kernel_is_known_of() -> None:
    fixed = ResNet(width=5, depth=8, input_dim=6, skip_scale=1.0, branch_scale=0.5)
    with pytest.raises(ValueError, match=r"at this depth, stable\(2\) is this network"):
        nngp(fixed, X, limit="infinite-depth")
    with pytest.raises(ValueError, match="of residual networks, got MLP"):
        nngp(NETWORKS[0], X, limit="infinite-depth")
    with pytest.raises(ValueError, match="row 3 is all 0"):
        nngp(NETWORKS[3], np.concatenate([X[:2], np.zeros((1, 6))]))
    with pytest.raises(ValueError, match="overflows float64"):
        nngp(MLP(width=5, depth=600, input_dim=6, weight_variance=40.0), X)
    broken, summed = custom(lambda z: jnp.log(z), name="logarithm"), custom(lambda z: jnp.sum(z), name="sum")
    with pytest.raises(ValueError, match="must be finite"):
        nngp(MLP(width=5, depth=2, input_dim=6, activation=broken, weight_variance=1.0), X)
    with pytest.raises(ValueError, match="real array of the shape"):
        nngp(MLP(width=5, depth=2, input_dim=6, activation=summed, weight_variance=1.0), X)
    with pytest.raises(ValueError, match="adaptive integrals"):
        nngp(MLP(width=5, depth=1, input_dim=6, activation=SHIFTED, weight_variance=1.0), RNG.normal(size=(99, 6)))
