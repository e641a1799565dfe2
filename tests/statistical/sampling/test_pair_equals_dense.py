"""The pair of inputs, split into parts, against the reference in joint law; and wrong ones, which must be seen."""

from dataclasses import replace

import numpy as np
import pytest

from deeplimits.architectures import MLP, BalancedResNet, ResNet
from deeplimits.datasets import as_inputs
from deeplimits.networks.reductions import two_inputs
from deeplimits.randomness.keys import key_of
from deeplimits.sampling.blocks import Program, run_blocks
from deeplimits.sampling.methods import DENSE, PAIR

NETWORKS = 16384
QUANTITIES = ("log_squared_norm", "log_norm_hidden", "energy_fraction_last", "correlation", "log_sine")
# Below it float32 does not know the angle of the reference: there both count as one value.
FLOOR = np.log(2.0**-14)

ACUTE, OBTUSE = np.array([[1.0, 0.2], [1.0, -0.4]]), np.array([[1.0, 0.2], [-0.9, 0.5]])
CASES = {
    "obtuse, balanced": (BalancedResNet(width=12, depth=3, input_dim=2, output_dim=2, skip_scale=-0.6), OBTUSE),
    "acute, MLP": (MLP(width=12, depth=4, input_dim=2, output_dim=2), ACUTE),
    "narrow MLP": (MLP(width=3, depth=4, input_dim=2, output_dim=2), OBTUSE),
    "leaky": (ResNet(width=8, depth=5, input_dim=2, output_dim=1, activation="leaky-relu:1,-0.3"), OBTUSE),
    "linear": (MLP(width=6, depth=6, input_dim=2, output_dim=3, activation="identity"), OBTUSE),
    "vanilla": (ResNet(width=16, depth=6, input_dim=2, output_dim=2), ACUTE),
}
EVERYDAY = "acute, MLP"


def measure(case, method, seed):
    architecture, x = CASES[case]
    block = max(512, method.block_size)
    program = Program(architecture, method, QUANTITIES, block, 64)
    drawn = run_blocks(program, as_inputs(x, 2), key_of(seed), range(NETWORKS // block))
    alive = ~np.any(drawn.dead, axis=1)
    columns = [drawn.values[name][alive] for name in QUANTITIES[:3]]
    correlations, sines = (drawn.values[name][alive, 0] for name in QUANTITIES[3:])
    sines = np.maximum(np.nan_to_num(sines, nan=FLOOR, neginf=FLOOR), FLOOR)
    layers = [0, correlations.shape[1] // 2, -1]
    return np.concatenate([*columns, correlations[:, layers], sines[:, layers]], axis=1)


@pytest.fixture
def p_value(joint_p_value):
    def compute(case, method):
        return lambda seed: joint_p_value(measure(case, method, seed), measure(case, DENSE, seed + 1), seed)

    return compute


@pytest.mark.parametrize(
    "case", [case if case == EVERYDAY else pytest.param(case, marks=pytest.mark.slow) for case in CASES]
)
def test_pair_and_dense_networks_have_one_joint_law(case, p_value, verdict):
    verdict.accept(p_value(case, PAIR))


def test_half_a_unit_too_much_across_is_seen(p_value, verdict, monkeypatch):
    split, factor = two_inputs._split, np.sqrt(12.5 / 12)
    monkeypatch.setattr(
        two_inputs, "_split", lambda first, along, rest, *others: split(first, along, factor * rest, *others)
    )
    verdict.reject(p_value(EVERYDAY, replace(PAIR, name="half a unit more")))


@pytest.mark.slow
def test_units_that_change_sign_only_in_the_second_input_are_seen(p_value, verdict, monkeypatch):
    slopes = two_inputs._slopes
    monkeypatch.setattr(two_inputs, "_slopes", lambda net, first, second: slopes(net, first, first))
    verdict.reject(p_value(EVERYDAY, replace(PAIR, name="forgetful")))
