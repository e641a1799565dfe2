import math
import platform
import re
import sys
import time
from dataclasses import replace

import numpy as np
import pytest

from deeplimits.architectures import MLP, BalancedResNet, ResNet
from deeplimits.randomness.keys import fold_in, key_of
from deeplimits.sampling import extend, sample
from deeplimits.sampling.methods import choose

numba = pytest.importorskip("numba", reason="the compiled kernel needs Numba")
compiled = pytest.importorskip("deeplimits.networks.reductions.compiled")

NET = ResNet(width=10, depth=5, output_dim=3)


def log_norms(reading):
    return np.log(np.asarray(reading.last.squared_norm, np.float64)) + 2 * math.log(2) * np.asarray(
        reading.last.exponent
    )


# The first words of the reference implementation from the state 1, 2, 3, 4.
def test_the_generator_gives_the_published_words():
    state, words = tuple(np.uint32(word) for word in (1, 2, 3, 4)), []
    for _ in range(6):
        word, *state = compiled.next_word(*map(np.uint32, state))
        words.append(int(word))
    assert words == [641, 1573767, 3222811527, 3517856514, 836907274, 4247214768]


def test_every_angle_and_radius_maps_to_the_box_muller_pair():
    generator = np.random.default_rng(0)
    edges = np.array([0, 1, 2, 1 << 30, 1 << 31, 3 << 30, 0xFFFFFFFF], np.uint32)
    anywhere = generator.integers(2**32, size=(2, 5000), dtype=np.uint32)
    radius = np.concatenate([np.repeat(edges, edges.size), anywhere[0]])
    angle = np.concatenate([np.tile(edges, edges.size), anywhere[1]])
    pairs = np.array([compiled.box_muller(r, a) for r, a in zip(radius, angle, strict=True)])
    # The uniform number has 24 bits, as in the generator; what is tested is the rest.
    uniform = (radius >> 1).astype(np.int32).astype(np.float32) * np.float32(2.0**-31) + np.float32(2.0**-32)
    turn = (angle << np.uint32(1)).view(np.int32).astype(np.float64) * math.pi * 2.0**-32
    size, sign = np.sqrt(-2 * np.log(uniform.astype(np.float64))), np.where(angle >> 31, -1.0, 1.0)
    expected = np.stack([size * sign * np.cos(turn), size * np.sin(turn)], axis=1)
    np.testing.assert_allclose(pairs, expected, rtol=0, atol=2e-6)


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="reads the assembly of x86")
def test_the_loop_is_vectorised():
    if not pytest.importorskip("llvmlite.binding").get_host_cpu_features().get("fma"):
        pytest.skip("this processor has no fused multiply-add")
    # Compiled anew, as code from Numba's cache cannot be inspected.
    fresh = numba.njit(error_model="numpy", fastmath={"contract"})(compiled._advance.py_func)
    lanes, quad = np.ones(compiled.LANES, np.float32), np.ones(4 * compiled.LANES, np.float32)
    fresh(quad.copy(), np.ones(quad.size, np.uint32), lanes, quad.copy(), 4, lanes.copy(), lanes.copy())
    (assembly,) = fresh.inspect_asm().values()
    packed = re.findall(r"vfn?m(?:add|sub)\d+ps\s.*[yz]mm", assembly)
    assert len(packed) >= 30, "the loop over networks is no longer vectorised: several times slower"


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="measured on x86 only")
def test_the_vectorised_loop_is_the_one_that_runs():
    # Beside it there is a scalar one, for arrays that overlap. NumPy's normals alone take ten times as long as a whole
    # layer of ours; the scalar loop takes half as long as they.
    width, lanes = 1000, compiled.LANES
    units, states = np.zeros(width * lanes, np.float32), np.ones((5, 4 * lanes), np.uint32)
    spread, sums = np.ones(4 * lanes, np.float32), np.ones((3, lanes), np.float32)
    arguments = units, states[0], sums[0], spread, width, sums[1], sums[2]
    generator = np.random.Generator(np.random.SFC64(1))

    def seconds(work):
        took = []
        for _ in range(10):
            started = time.thread_time()
            work()
            took.append(time.thread_time() - started)
        return min(took)

    ours = seconds(lambda: compiled._advance(*arguments))
    assert ours < 0.3 * seconds(lambda: generator.standard_normal(width * lanes, np.float32))


def test_a_network_depends_on_its_key_and_number_alone():
    whole = compiled.read_block(NET, 1.0, key_of(5), 100, max_layers=4)
    part = compiled.read_block(NET, 1.0, key_of(5), 7, max_layers=4)
    other = compiled.read_block(NET, 1.0, key_of(6), 100, max_layers=4)
    np.testing.assert_array_equal(whole.output[:, :7], part.output)
    np.testing.assert_array_equal(whole.path.squared_norm[:, :7], part.path.squared_norm)
    np.testing.assert_array_equal(whole.last.num_positive, whole.path.num_positive[-1])
    assert not np.any(np.asarray(whole.output) == np.asarray(other.output))
    assert len(np.unique(np.asarray(whole.output))) == whole.output.size


def test_batches_threads_and_extension_change_no_bit():
    runs = [sample(NET, num_networks=9000, matrix="compiled", batch_size=batch) for batch in (1, 20_000)]
    runs.append(extend(sample(NET, num_networks=300, matrix="compiled"), num_networks=9000))
    for run in runs[1:]:
        assert run["log_squared_norm"].mean == runs[0]["log_squared_norm"].mean
        assert run["energy_fraction_last"].variance == runs[0]["energy_fraction_last"].variance


# Powers of two change exponents only, so the comparison is exact: 4000 layers that shrink by a million each.
@pytest.mark.parametrize("exponent", [-20, 20])
def test_deep_networks_neither_overflow_nor_vanish(exponent):
    plain = ResNet(width=6, depth=4000, skip_scale=0.5, branch_scale=0.5)
    extreme = replace(plain, skip_scale=math.ldexp(0.5, exponent), branch_scale=math.ldexp(0.5, exponent))
    first, second = (compiled.read_block(net, 1.0, key_of(8), 32) for net in (plain, extreme))
    np.testing.assert_array_equal(first.last.squared_norm, second.last.squared_norm)
    np.testing.assert_array_equal(np.asarray(first.last.exponent) + 4000 * exponent, second.last.exponent)
    np.testing.assert_array_equal(first.output, second.output)
    assert np.all(np.isfinite(log_norms(first)))


def test_depth_4000_has_the_law_of_the_chain():
    net = MLP(width=50, depth=4000, weight_variance=1e9)
    means = [sample(net, num_networks=4096, matrix=matrix)["log_norm_hidden"].mean for matrix in ("compiled", "chain")]
    error = math.hypot(means[0].standard_error, means[1].standard_error)
    assert abs(means[0].value - means[1].value) < 5 * error


def test_dead_networks_are_told_and_narrow_ones_are_kept():
    # P(dead) = 1 − (1 − 2⁻²)³ = 0.578 for width 2 and depth 3.
    run = sample(MLP(width=2, depth=3), num_networks=20_000, matrix="compiled")
    assert abs(run.num_dead[0] / 20_000 - 0.578125) < 5 * math.sqrt(0.244 / 20_000)
    assert sample(ResNet(width=1, depth=200), num_networks=2000, matrix="compiled").num_dead == (0,)


@pytest.mark.parametrize(
    ("architecture", "num_inputs", "reason"),
    [
        (NET, 2, "one input"),
        (ResNet(width=10, depth=5, activation="tanh"), 1, "leaky ReLU"),
        (BalancedResNet(width=10, depth=5), 1, "random signs"),
        (ResNet(width=10, depth=5, bias_variance=0.1), 1, "biases"),
        (ResNet(width=10, depth=5, normalization="rms"), 1, "normalization"),
        (ResNet(width=10, depth=5, block="two-layer"), 1, "two-layer"),
        (ResNet(width=2**17, depth=5), 1, "65536"),
        (ResNet(width=10, depth=5, skip_scale=1e-9, branch_scale=1.0), 1, "skip_scale"),
        (ResNet(width=10, depth=5, activation="leaky-relu:1,1e-9"), 1, "slope"),
    ],
)
def test_what_it_cannot_do_is_refused(architecture, num_inputs, reason):
    with pytest.raises(ValueError, match=reason):
        choose("compiled", architecture, num_inputs, ())


def test_auto_compiles_long_runs_only():
    net = ResNet(width=100, depth=99)
    assert choose("auto", net, 1, (), num_networks=10**5).name == "fused"
    assert choose("auto", net, 1, (), num_networks=2 * 10**5).name == "compiled"
    assert choose("auto", replace(net, activation="tanh"), 1, (), num_networks=10**7).name == "fused"
    assert choose("auto", MLP(width=100, depth=100), 1, (), num_networks=10**7).name == "chain"


def test_without_numba_auto_does_without_and_the_name_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    assert choose("auto", ResNet(width=100, depth=99), 1, (), num_networks=10**7).name == "fused"
    with pytest.raises(ValueError, match=r"deeplimits\[fast\]"):
        sample(NET, num_networks=5, matrix="compiled")


def test_blocks_have_streams_of_their_own():
    first, second = (compiled.read_block(NET, 1.0, fold_in(key_of(1), block), 2000) for block in (0, 1))
    correlation = np.corrcoef(log_norms(first)[:, 0], log_norms(second)[:, 0])[0, 1]
    assert abs(correlation) < 5 / math.sqrt(2000)
