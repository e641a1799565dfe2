"""Symmetries that every prediction obeys, because the network does."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from deeplimits.activations import leaky_relu
from deeplimits.architectures import MLP, BalancedResNet, ResNet
from deeplimits.limits import LayerPairLaw, Prediction, for_architecture

SLOPES = st.tuples(st.floats(-2, 2), st.floats(-2, 2)).filter(lambda s: abs(s[0]) + abs(s[1]) > 0.01)
SCALES = st.tuples(st.floats(-1.5, 1.5), st.floats(-1.5, 1.5)).filter(lambda s: abs(s[0]) + abs(s[1]) > 0.01)
SCALES |= st.tuples(st.sampled_from([1.0, -1.0]), st.floats(0.01, 0.6))  # those that have an infinite-depth limit


NETWORKS = st.tuples(
    st.sampled_from([MLP, ResNet, BalancedResNet]),
    st.integers(1, 300),
    st.integers(1, 40),
    st.floats(0.1, 5),
    st.sampled_from([(1.0, 0.0), (1.0, 1.0)]) | SLOPES,
    SCALES,
)


def built(network):
    """Return the drawn network; outside of the strategy, as type checking there would draw random numbers."""
    kind, width, depth, weight_variance, slopes, scales = network
    fields = {"width": width, "depth": depth, "input_dim": 4, "weight_variance": weight_variance}
    if kind is not MLP:
        fields["skip_scale"], fields["branch_scale"] = scales
    return kind(activation=leaky_relu(*slopes), **fields)


def answered(architecture, x=None):
    return {answer.limit: answer for answer in for_architecture(architecture, x) if isinstance(answer, Prediction)}


def replaced(architecture, **changes):
    names = ("width", "depth", "input_dim", "weight_variance", "input_variance", "activation")
    names += ("skip_scale", "branch_scale") if isinstance(architecture, ResNet) else ()
    return type(architecture)(**{name: getattr(architecture, name) for name in names} | changes)


def assert_same(first, second, shift=0.0):
    assert first.keys() == second.keys()
    for limit in first:
        for name in first[limit]:
            moved = shift if name in ("log_squared_norm", "log_output_second_moment") else 0.0
            one, other = first[limit][name], second[limit][name]
            if name in ("mean_square", "covariance"):
                grown = math.exp(shift)
                np.testing.assert_allclose(other.mean, grown * np.array(one.mean), rtol=1e-9)
                np.testing.assert_allclose(other.variance, grown**2 * np.array(one.variance), rtol=1e-8)
                continue
            if isinstance(one, LayerPairLaw):
                np.testing.assert_allclose(other.values, one.values, rtol=1e-9, atol=1e-12)
                continue
            # Log-norms of deep networks are large numbers: their rounding is relative.
            np.testing.assert_allclose(other.mean, np.add(one.mean, moved), rtol=1e-9, atol=1e-9)
            if one.variance is None:
                assert other.variance is None
            else:
                np.testing.assert_allclose(other.variance, one.variance, rtol=1e-9, atol=1e-12)


@given(NETWORKS, st.floats(0.1, 10))
def test_homogeneous_in_the_input(network, factor):
    architecture = built(network)
    x = np.array([0.5, 0.0, -1.0, 2.0])
    assert_same(answered(architecture, x), answered(architecture, factor * x), shift=2 * math.log(factor))


@given(NETWORKS, st.floats(0.1, 10))
def test_two_inputs_enter_by_their_angle(network, factor):
    architecture = built(network)
    pairs = [[3.0, 4.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]], [[0.0, factor, 0.0, 0.0], [0.0, 1.2, 0.0, -1.6]]
    answers = [answered(architecture, np.array(pair)) for pair in pairs]
    for limit in ("infinite-width", "log-gaussian"):
        one, other = (answer[limit]["correlation"] for answer in answers)
        np.testing.assert_allclose(other.mean, one.mean, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(other.variance, one.variance, rtol=1e-6, atol=1e-12)


@given(NETWORKS)
def test_rotations_of_the_input_change_nothing(network):
    architecture = built(network)
    x = np.array([3.0, 4.0, 0.0, 0.0])
    assert_same(answered(architecture, x), answered(architecture, np.array([0.0, 0.0, -5.0, 0.0])))


@given(NETWORKS, st.floats(0.2, 5))
def test_slopes_and_weight_variance_scale_alike(network, factor):
    architecture = built(network)
    up, down = architecture.phi.slopes
    scaled = replaced(
        architecture,
        activation=leaky_relu(factor * up, factor * down),
        weight_variance=architecture.weight_variance / factor**2,
    )
    assert_same(answered(architecture), answered(scaled))


@given(NETWORKS)
def test_signs_of_slopes_and_branch_do_not_matter(network):
    architecture = built(network)
    up, down = architecture.phi.slopes
    changes = {"activation": leaky_relu(-up, -down)}
    if isinstance(architecture, ResNet):
        changes["branch_scale"] = -architecture.branch_scale
    assert_same(answered(architecture), answered(replaced(architecture, **changes)))


@given(st.integers(20, 300), st.integers(1, 60), st.floats(-1, 1), st.floats(0.05, 1))
def test_variance_is_positive_and_grows_with_depth(width, depth, skip, branch):
    variances = [
        answered(ResNet(width=width, depth=d, skip_scale=skip, branch_scale=branch))["log-gaussian"][
            "log_norm_hidden"
        ].variance
        for d in (depth, depth + 1)
    ]
    assert variances[0] > 0
    if skip >= 0:
        assert variances[1] > variances[0]
