import jax
import jax.numpy as jnp
import numpy as np
import pytest

from deeplimits.architectures import MLP, BalancedResNet, ResNet
from deeplimits.sampling import SamplingError, sample

SMALL = ResNet(width=8, depth=3, input_dim=4, output_dim=2)


def numbers(run, name="log_squared_norm"):
    summaries = run.summaries[name]
    return [(s.mean.value, s.variance.value, s.minimum, s.maximum) for s in summaries]


@pytest.mark.parametrize("matrix", ["fused", "lazy"])
def test_batch_size_does_not_change_a_bit(matrix):
    runs = [sample(SMALL, num_networks=1100, seed=3, matrix=matrix, batch_size=size) for size in (256, 700, 5000)]
    assert numbers(runs[0]) == numbers(runs[1]) == numbers(runs[2])


def test_a_longer_run_starts_with_the_same_networks():
    short, long = (sample(SMALL, num_networks=n, seed=3)["log_squared_norm"].sketch for n in (300, 900))
    assert np.isin(short.points()[0], long.points()[0]).all()


def test_seeds_give_different_networks():
    assert numbers(sample(SMALL, num_networks=50, seed=1)) != numbers(sample(SMALL, num_networks=50, seed=2))


def test_several_inputs_come_back_in_order_and_duplicates_agree():
    x = np.random.default_rng(0).normal(size=(2, 4))
    run = sample(SMALL, np.stack([x[0], 3 * x[0], x[1], x[0]]), num_networks=400)
    means = [mean.value for mean in run["log_squared_norm"].mean]
    assert means[0] == pytest.approx(means[3], abs=1e-5)
    assert means[1] == pytest.approx(means[0] + 2 * np.log(3), abs=1e-5)
    assert means[2] != pytest.approx(means[0], abs=1e-3)
    assert len(run.num_dead) == 4


@pytest.mark.parametrize("architecture", [SMALL, MLP(width=8, depth=3, input_dim=4), BalancedResNet(width=8, depth=3)])
def test_extreme_input_norms_only_shift_the_log_norm(architecture):
    x = np.ones(architecture.input_dim)
    base = sample(architecture, x, num_networks=64)
    for factor in (1e-140, 1e140):
        run = sample(architecture, factor * x, num_networks=64)
        # A different input means different networks, so compare laws loosely and finiteness strictly.
        shift = 2 * np.log(factor)
        assert run["log_squared_norm"].mean.value - shift == pytest.approx(base["log_squared_norm"].mean.value, abs=2)


@pytest.mark.parametrize(("skip", "branch"), [(1.0, 1.0), (0.1, 0.1), (1e30, 1e30), (1e-35, 1e-35)])
def test_extreme_depth_and_scales_neither_overflow_nor_underflow(skip, branch):
    architecture = ResNet(width=4, depth=3000, skip_scale=skip, branch_scale=branch)
    log_norm = sample(architecture, num_networks=16)["log_norm_hidden"].mean.value
    growth = 3000 * np.log(skip**2 + branch**2)
    assert np.isfinite(log_norm)
    assert abs(log_norm - growth) < 3000  # finite width moves the rate by O(1/n) a layer


def test_depth_one_hundred_thousand_at_width_one_hundred_is_finite():
    run = sample(ResNet(width=100, depth=100_000, skip_scale=1, branch_scale=1), num_networks=2)
    # The exponents are integers, so the log-norm has no accumulated rounding: d ln 2 less about 2 a unit of d/n.
    assert 60_000 < run["log_norm_hidden"].mean.value < 100_000 * np.log(2)


def test_dead_networks_are_counted_and_left_out():
    run = sample(MLP(width=1, depth=3), num_networks=512)
    assert run.num_dead[0] + run["log_squared_norm"].count == 512
    assert 300 < run.num_dead[0] < 512  # 7/8 of them
    assert run["active_fraction_last"].mean.value == 1.0


def test_progress_reaches_the_total():
    seen = []
    sample(SMALL, num_networks=1500, batch_size=512, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(512, 1500), (1024, 1500), (1500, 1500)]


def test_a_state_that_leaves_float32_is_an_error_not_a_nan():
    wild = MLP(width=4, depth=4, activation=lambda z: jnp.exp(z), weight_variance=1e6)
    with pytest.raises(SamplingError, match="left the range of float32"):
        sample(wild, num_networks=10)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"num_networks": 0}, "num_networks must be an integer of at least 1, got 0"),
        ({"num_networks": 10, "seed": -1}, "seed must be an integer"),
        ({"num_networks": 10, "seed": True}, "seed must be an integer"),
        ({"num_networks": 10, "matrix": "dens"}, "did you mean 'dense'"),
        ({"num_networks": 10, "matrix": "fused", "x": np.eye(4)}, "one input vector, got 4; use matrix='auto'"),
        ({"num_networks": 10, "observables": ["log_squared_nrm"]}, "did you mean 'log_squared_norm'"),
        ({"num_networks": 10, "observables": []}, "observables is empty"),
        ({"num_networks": 10, "batch_size": 0}, "batch_size must be an integer of at least 1"),
        ({"num_networks": 10, "x": [0.0] * 4}, "all 0"),
        ({"num_networks": 10, "x": [1.0] * 3}, "input_dim=4"),
        ({"num_networks": 10, "x": [1.0, 2.0, np.nan, 1.0]}, "finite"),
    ],
)
def test_bad_arguments_are_refused_with_what_to_do(options, message):
    with pytest.raises(ValueError, match=message):
        sample(SMALL, **options)


def test_a_dense_matrix_that_cannot_fit_is_refused_at_once():
    with pytest.raises(ValueError, match=r"GiB.*lazy"):
        sample(ResNet(width=10**6, depth=2), num_networks=1, matrix="dense")


def test_sampling_does_not_flip_global_configuration():
    before = jax.config.jax_enable_x64
    sample(SMALL, num_networks=4)
    assert jax.config.jax_enable_x64 == before
