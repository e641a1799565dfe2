"""Numbers far from 1 neither overflow nor vanish, and what cannot be measured is an error, not a dead network."""

import math

import pytest

from deeplimits.architectures import MLP, BalancedResNet, ResNet
from deeplimits.sampling import SamplingError, sample
from deeplimits.sampling.methods import choose

SAME_AS_RELU = ResNet(width=100, depth=20)


@pytest.mark.parametrize("matrix", ["fused", "lazy"])
@pytest.mark.parametrize("slope", ["0.0005", "1e-20", "1e20"])
def test_the_size_of_the_slopes_does_not_matter(matrix, slope):
    run = sample(ResNet(width=100, depth=20, activation=f"leaky-relu:{slope},0"), num_networks=1000, matrix=matrix)
    reference = sample(SAME_AS_RELU, num_networks=1000, matrix=matrix)
    assert run.num_dead == (0,)
    error = math.hypot(*(r["log_norm_hidden"].mean.standard_error for r in (run, reference)))
    assert abs(run["log_norm_hidden"].mean.value - reference["log_norm_hidden"].mean.value) < 5 * error


@pytest.mark.parametrize(
    "network",
    [
        ResNet(width=5, depth=100, skip_scale=1e-3, branch_scale=1.0),
        ResNet(width=10, depth=50, weight_variance=1e20),
        ResNet(width=3, depth=40, skip_scale=0.01, branch_scale=1.0),
    ],
)
def test_narrow_networks_with_a_weak_skip_do_not_die(network):
    fused, lazy = (sample(network, num_networks=2000, matrix=matrix) for matrix in ("fused", "lazy"))
    assert fused.num_dead == lazy.num_dead == (0,)
    pair = [run["log_norm_hidden"].mean for run in (fused, lazy)]
    assert abs(pair[0].value - pair[1].value) < 5 * math.hypot(*(mean.standard_error for mean in pair))


@pytest.mark.parametrize("slopes", ["1e-12,0", "1e10,0"])
def test_a_chain_keeps_extreme_slopes(slopes):
    run = sample(MLP(width=100, depth=40, activation=f"leaky-relu:{slopes}"), num_networks=500)
    assert run.matrix == "chain"
    assert abs(run["log_norm_hidden"].mean.value + 1.0) < 0.5


@pytest.mark.parametrize("depth", [124, 140])
def test_a_smooth_network_that_fades_is_not_called_dead(depth):
    with pytest.raises(SamplingError, match="left the range of float32"):
        sample(MLP(width=100, depth=depth, activation="tanh", weight_variance=0.5), num_networks=64)


def test_balanced_networks_are_not_chains():
    assert choose("auto", BalancedResNet(width=2, depth=4, skip_scale=0.0), 1, ()).name == "fused"


def test_a_chain_needs_no_memory_for_its_width():
    assert sample(MLP(width=10**7, depth=3), num_networks=10).num_networks == 10


def test_extreme_admissible_numbers_work():
    assert sample(ResNet(width=3, depth=2, skip_scale=1e-170, branch_scale=0.0), num_networks=8).num_dead == (0,)
    for weight_variance in (1e-40, 1e38):
        assert sample(MLP(width=10, depth=2, weight_variance=weight_variance), num_networks=8).num_networks == 8
