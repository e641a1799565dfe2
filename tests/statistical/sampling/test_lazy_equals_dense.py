"""The fast exact sampler against the reference, in joint law; and wrong samplers, which must be seen."""

from dataclasses import replace
from functools import partial

import jax.numpy as jnp
import numpy as np
import pytest

from deeplimits.architectures import MLP, BalancedResNet, ResNet
from deeplimits.datasets import as_inputs
from deeplimits.matrices import LazyGaussian
from deeplimits.networks.reductions.units import Units
from deeplimits.observables import DEFAULT
from deeplimits.randomness.keys import key_of
from deeplimits.randomness.normals import normal
from deeplimits.sampling.blocks import Program, run_blocks
from deeplimits.sampling.methods import CHAIN, COMPILED, DENSE, FUSED, LAZY, _read_general

NETWORKS = 16384


class IndependentAnswers(LazyGaussian):
    """Wrong: each input meets a matrix of its own."""

    def query(self, state, vectors):
        norms = jnp.linalg.norm(vectors, axis=1, keepdims=True)
        return norms * normal(state.key, (vectors.shape[0], self.rows)), state


class OneDegreeTooMany(LazyGaussian):
    """Wrong by the smallest defect we want to see: norms as if the layer had half a unit more than it has."""

    def query(self, state, vectors):
        answers, state = super().query(state, vectors)
        return answers * np.sqrt((self.rows + 0.5) / self.rows), state


INPUTS = np.random.default_rng(3).normal(size=(3, 5))
CASES = {
    "one input": (ResNet(width=16, depth=4, input_dim=5, output_dim=2), INPUTS[0]),
    "correlated inputs": (ResNet(width=16, depth=3, input_dim=5, output_dim=2), INPUTS[:2] + INPUTS[2]),
    "duplicate inputs": (MLP(width=16, depth=3, input_dim=5, output_dim=1), INPUTS[[0, 1, 0]]),
    "fewer units than inputs": (MLP(width=2, depth=3, input_dim=5, output_dim=2), INPUTS),
    "balanced": (BalancedResNet(width=12, depth=3, input_dim=5, output_dim=3, skip_scale=0.9), INPUTS[:2]),
    "one input, odd width": (BalancedResNet(width=7, depth=4, input_dim=5, output_dim=3), INPUTS[0]),
    "one input, MLP": (MLP(width=9, depth=3, input_dim=5, output_dim=2, activation="tanh"), INPUTS[1]),
    "chain": (MLP(width=9, depth=4, input_dim=5, output_dim=2), INPUTS[1]),
    "leaky chain": (MLP(width=6, depth=3, output_dim=1, activation="leaky-relu:0.8,-0.3"), None),
    "chain with linear readout": (ResNet(width=5, depth=3, output_dim=2, skip_scale=0, branch_scale=1.2), None),
    "narrow, weak skip": (ResNet(width=3, depth=9, input_dim=5, skip_scale=0.01, branch_scale=1.0), INPUTS[2]),
    "tiny slope": (ResNet(width=8, depth=5, output_dim=2, activation="leaky-relu:1e-4,-2e-5"), None),
    "tanh": (MLP(width=12, depth=4, input_dim=5, output_dim=1, activation="tanh"), INPUTS[:2]),
    "leaky, negative skip": (ResNet(width=12, depth=4, activation="leaky-relu:1,0.3", skip_scale=-0.6), None),
}


def measure(architecture, x, method, seed):
    inputs = as_inputs(x, architecture.input_dim)
    block = max(512, method.block_size)
    program = Program(architecture, method, DEFAULT, block, 64)
    drawn = run_blocks(program, inputs, key_of(seed), range(NETWORKS // block))
    alive = ~np.any(drawn.dead, axis=1)
    return np.concatenate([drawn.values[name][alive] for name in DEFAULT], axis=1)


@pytest.fixture
def p_value(joint_p_value):
    def compute(case, method):
        architecture, x = CASES[case]

        def at(seed):
            return joint_p_value(
                measure(architecture, x, method, seed), measure(architecture, x, DENSE, seed + 1), seed
            )

        return at

    return compute


def with_a_unit_too_much(architecture, vectors, key, size, max_layers):
    """Wrong: each branch is as large as if one unit more fed it."""
    gain = np.sqrt((architecture.width + 1) / architecture.width)
    wrong = replace(architecture, branch_scale=float(gain * architecture.branch_scale))
    return COMPILED.read(wrong, vectors, key, size, max_layers)


def lazily(matrix):
    return replace(LAZY, read=partial(_read_general, matrix))


ONE_INPUT = [case for case, (_, x) in CASES.items() if (x is None or x.ndim == 1) and "chain" not in case]
COMPILED_TOO = ["one input", "narrow, weak skip", "tiny slope", "leaky, negative skip", "leaky chain"]


EVERYDAY = (
    "correlated inputs",
    "duplicate inputs",
    "fewer units than inputs",
    "tanh",
    "one input",
    "leaky chain",
    "narrow, weak skip",
)


def thinned(cases):
    """Mark as slow what is not of every day: each case is two programs to compile."""
    return [pytest.param(case, marks=[] if case in EVERYDAY else [pytest.mark.slow]) for case in cases]


@pytest.mark.parametrize("case", thinned(CASES))
def test_lazy_and_dense_networks_have_one_joint_law(case, p_value, verdict):
    verdict.accept(p_value(case, LAZY))


@pytest.mark.parametrize("case", ["chain", "leaky chain", "chain with linear readout"])
def test_chain_and_dense_networks_have_one_joint_law(case, p_value, verdict):
    verdict.accept(p_value(case, CHAIN))


@pytest.mark.parametrize("case", thinned(COMPILED_TOO))
def test_compiled_and_dense_networks_have_one_joint_law(case, p_value, verdict):
    pytest.importorskip("numba")
    verdict.accept(p_value(case, COMPILED))


@pytest.mark.parametrize("case", thinned(ONE_INPUT))
def test_fused_and_dense_networks_have_one_joint_law(case, p_value, verdict):
    verdict.accept(p_value(case, FUSED))


def test_the_reference_agrees_with_itself(p_value, verdict):
    verdict.accept(p_value("correlated inputs", DENSE))


def test_forgetting_that_inputs_share_a_matrix_is_seen(p_value, verdict):
    verdict.reject(p_value("correlated inputs", lazily(IndependentAnswers)))


def test_half_a_unit_too_much_norm_is_seen(p_value, verdict):
    verdict.reject(p_value("one input", lazily(OneDegreeTooMany)))


def test_a_unit_too_much_in_a_compiled_branch_is_seen(p_value, verdict):
    pytest.importorskip("numba")
    verdict.reject(p_value("one input", replace(COMPILED, read=with_a_unit_too_much)))


def test_a_fused_layer_that_forgets_one_unit_is_seen(p_value, verdict, monkeypatch):
    forgetful = Units.sum
    monkeypatch.setattr(Units, "sum", lambda self, f, pairs: forgetful(self, f, pairs.at[0].multiply(0.75)))
    verdict.reject(p_value("one input", replace(FUSED, name="forgetful")))
