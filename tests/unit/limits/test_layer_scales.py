"""The numbers through which an architecture enters the limits."""

import math

import pytest

from deeplimits.activations import leaky_relu
from deeplimits.architectures import MLP, BalancedResNet, ResNet
from deeplimits.limits.layer_scales import layer_scales


def test_default_resnet_keeps_its_norm_exactly():
    scales = layer_scales(ResNet(width=10, depth=3))
    assert scales.log_growth == 0
    assert scales.skip_share == pytest.approx(0.5) and scales.branch_share == pytest.approx(0.5)
    assert scales.asymmetry == 1 and scales.interlayer


def test_weight_variance_scales_the_branch():
    scales = layer_scales(ResNet(width=10, depth=3, skip_scale=1.0, branch_scale=-0.5, weight_variance=3.0))
    effective = 0.25 * 3 / 2
    assert scales.log_growth == pytest.approx(math.log(1 + effective), rel=1e-14)
    assert scales.branch_share == pytest.approx(effective / (1 + effective), rel=1e-14)
    assert scales.correlation.modulus == pytest.approx(1 / math.sqrt(1 + effective), rel=1e-14)
    assert not scales.correlation.negative


def test_slopes():
    scales = layer_scales(MLP(width=10, depth=3, weight_variance=2.0, activation=leaky_relu(3.0, -1.0)))
    assert scales.log_growth == pytest.approx(math.log(10), rel=1e-14)
    assert scales.asymmetry == pytest.approx(0.8, rel=1e-14)
    assert scales.skip_share == 0 and not scales.interlayer


def test_the_skip_keeps_its_sign_and_the_branch_has_none():
    assert layer_scales(ResNet(width=10, depth=3, skip_scale=-0.5)).correlation.negative
    assert not layer_scales(BalancedResNet(width=10, depth=3)).interlayer


@pytest.mark.parametrize(("skip", "branch"), [(0.0, 1.0), (1.0, 0.0), (1e-200, 1.0), (1.0, 1e-200), (1e160, 1e150)])
def test_extreme_scales_neither_overflow_nor_vanish(skip, branch):
    scales = layer_scales(ResNet(width=10, depth=3, skip_scale=skip, branch_scale=branch))
    assert math.isfinite(scales.log_growth)
    assert scales.skip_share + scales.branch_share == pytest.approx(1.0, abs=1e-15)
    assert scales.correlation.log_modulus <= 0


def test_a_weak_branch_is_not_lost_beside_the_skip():
    scales = layer_scales(ResNet(width=10, depth=3, skip_scale=1.0, branch_scale=1e-9))
    assert scales.correlation.log_modulus == pytest.approx(-0.5e-18, rel=1e-12)
    assert scales.branch_share == pytest.approx(1e-18, rel=1e-12)


def test_a_smooth_activation_has_no_scales():
    with pytest.raises(TypeError, match="tanh is not piecewise linear"):
        layer_scales(MLP(width=10, depth=3, activation="tanh"))
