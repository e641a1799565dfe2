"""Layered laws: their containers, when they are computed, what they say at every layer, and what they cost."""

import math
import time

import jax.numpy as jnp
import numpy as np
import pytest

from deeplimits.activations import custom
from deeplimits.architectures import MLP, BalancedResNet, ResNet
from deeplimits.limits import LawList, LayeredLaw, LayerPairLaw, Normal, PointMass, predict
from deeplimits.limits.deferred_laws import DeferredLaws
from deeplimits.limits.log_gaussian.pair_fluctuation import pair_path

PAIR = np.array([[1.0, 0.0], [0.6, 0.8]])


def test_containers():
    law = LayeredLaw((0, 3), (PointMass(1.0), Normal(2.0, 3.0)))
    assert law.mean == [1.0, 2.0] and law.variance == [0.0, 9.0]
    assert law[1].mean == 2.0 and len(law) == 2 and list(law) == list(law.laws)
    with pytest.raises(ValueError, match="1 laws for 2 layers"):
        LayeredLaw((0, 3), (PointMass(1.0),))
    with pytest.raises(ValueError, match=r"got shape \(3, 3\)"):
        LayerPairLaw((0, 3), np.zeros((3, 3)))


def test_laws_are_computed_once_and_only_when_asked():
    calls = []
    laws = DeferredLaws({}, {"log_norm": lambda: calls.append(1) or (PointMass(1.0),)})
    assert "log_norm" in laws and len(laws) == 1 and not calls
    assert laws["log_norm"] is laws["log_norm"] and calls == [1]
    with pytest.raises(KeyError):
        laws["other"]


def test_several_inputs_list_all_but_what_joins_them():
    prediction = predict(ResNet(width=10, depth=3, input_dim=2), PAIR, limit="log-gaussian")
    assert isinstance(prediction["log_norm"], LawList) and len(prediction["log_norm"].mean) == 2
    assert prediction["energy_fraction_covariance"].mean == [None, None]
    assert isinstance(prediction["correlation"], LayeredLaw)


@pytest.mark.parametrize("kind", [MLP, ResNet, BalancedResNet])
def test_a_layer_is_the_last_one_of_a_shallower_network(kind):
    deep = predict(kind(width=50, depth=7), limit="log-gaussian")
    for depth in range(1, 8):
        shallow = predict(kind(width=50, depth=depth), limit="log-gaussian")
        layer = depth - (kind is MLP)
        for name in ("log_norm", "active_fraction", "energy_fraction"):
            last = shallow["log_norm_hidden" if name == "log_norm" else f"{name}_last"]
            assert deep[name][layer].mean == pytest.approx(last.mean, rel=1e-12)
            assert deep[name][layer].variance == pytest.approx(last.variance, rel=1e-12)


def test_infinite_width_at_every_layer():
    net = MLP(width=10, depth=4, activation="gelu", input_dim=2, weight_variance=1.7)
    prediction = predict(net, PAIR[1], limit="infinite-width")
    deeper = [MLP(width=10, depth=d, activation="gelu", input_dim=2, weight_variance=1.7) for d in (1, 2, 3, 4)]
    expected = [predict(each, PAIR[1], limit="infinite-width")["log_norm_hidden"].mean for each in deeper]
    assert prediction["log_norm"].mean == pytest.approx(expected, rel=1e-12)
    assert not np.any(prediction["energy_fraction_covariance"].values)
    assert prediction["output_kurtosis"].mean == 3 and prediction["output_square_correlation"].mean == 0


@pytest.mark.parametrize("kind", [MLP, ResNet, BalancedResNet])
def test_the_closed_recursion_is_that_of_any_activation(kind):
    relu = custom(lambda z: jnp.maximum(z, 0), kinks=(0.0,), name="by quadrature")
    net, other = (kind(width=10, depth=4, input_dim=2, activation=phi, weight_variance=2.0) for phi in ("relu", relu))
    # The inputs' norms differ, which a homogeneous activation does not see.
    x = PAIR * [[1.0], [3.0]]
    closed, direct = (predict(each, x, limit="infinite-width")["correlation"].mean for each in (net, other))
    assert direct == pytest.approx(closed, abs=1e-10)


def test_erf_of_unequal_inputs_written_out():
    from deeplimits.activations import ERF
    from deeplimits.activations.duals import dual

    net = ResNet(width=10, depth=3, input_dim=2, activation="erf", skip_scale=0.9, branch_scale=0.7)
    x = PAIR * [[1.0], [3.0]]
    gram, scale = x @ x.T / 2, net.weight_variance
    expected = []
    for _ in range(4):
        a, b = gram[0, 0], gram[1, 1]
        r = gram[0, 1] / math.sqrt(a * b)
        expected.append(r)
        pairs = np.array([[dual(ERF, a, a, 1.0), dual(ERF, a, b, r)], [dual(ERF, a, b, r), dual(ERF, b, b, 1.0)]])
        gram = 0.81 * gram + 0.49 * scale * pairs
    assert predict(net, x, limit="infinite-width")["correlation"].mean == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("limit", ["infinite-width", "log-gaussian"])
def test_equal_inputs_stay_equal(limit):
    law = predict(ResNet(width=10, depth=5, input_dim=2), [[1.0, 2.0], [2.0, 4.0]], limit=limit)["correlation"]
    assert law.mean == pytest.approx([1.0] * 6, abs=1e-15) and law.variance == pytest.approx([0.0] * 6, abs=1e-15)


def test_the_first_layer_is_that_of_a_gaussian_sample():
    # n Var of a sample correlation is (1 − ρ²)².
    assert pair_path(ResNet(width=10, depth=3), 0.4).scaled_variances[0] == pytest.approx(0.64**2, rel=1e-13)


@pytest.mark.parametrize("a2", [0.3, 0.9])
def test_a_linear_network_keeps_the_fluctuation_of_its_layers(a2):
    # z_{l+1} = a z_l + b W z_l: the Gram matrix is a product; each layer adds (1 − a⁴)(1 − ρ²)².
    net = ResNet(width=10, depth=6, activation="identity", skip_scale=math.sqrt(a2), branch_scale=math.sqrt(1 - a2))
    expected = [(1 + layer * (1 - a2**2)) * 0.64**2 for layer in range(7)]
    assert pair_path(net, 0.4).scaled_variances == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize(
    ("architecture", "warned"),
    [
        (ResNet(width=200, depth=40), False),
        (ResNet(width=200, depth=60), True),
        (MLP(width=200, depth=150), False),
        (MLP(width=200, depth=180), True),
        (BalancedResNet(width=100, depth=180), False),
        (BalancedResNet(width=100, depth=230), True),
    ],
    ids=str,
)
def test_warns_of_the_kurtosis(architecture, warned):
    warnings = predict(architecture, limit="log-gaussian").warnings
    assert any("output_kurtosis" in warning for warning in warnings) == warned


@pytest.mark.parametrize("limit", ["infinite-width", "log-gaussian"])
@pytest.mark.parametrize(
    "architecture",
    [
        ResNet(width=100, depth=10**4, input_dim=2),
        ResNet(width=100, depth=10**4, input_dim=2, skip_scale=1.0, branch_scale=0.01),
        MLP(width=100, depth=10**4, input_dim=2),
    ],
    ids=["equal", "stable", "mlp"],
)
def test_ten_thousand_layers_are_fast(limit, architecture):
    prediction = predict(architecture, PAIR, limit=limit)
    start = time.process_time()
    for name in prediction:
        prediction[name]
    assert time.process_time() - start < 1.0
