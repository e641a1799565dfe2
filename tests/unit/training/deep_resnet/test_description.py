"""Networks and setups as data, initial values, the order of samples, and the rules that end training."""

import math
from typing import Any

import numpy as np
import pytest

from deeplimits.training.deep_resnet import DeepResNet, DeepSetup
from deeplimits.training.deep_resnet.order import random_order
from deeplimits.training.deep_resnet.parameters import initial_parameters
from deeplimits.training.deep_resnet.stopping import reason_to_stop


@pytest.mark.parametrize("init", ["xavier", "xavier-depth"])
def test_initial_values_have_the_scales_of_the_paper(init: str) -> None:
    network = DeepResNet(depth=400, width=9, init=init, init_sd=0.3, delta="per-layer")
    weight, bias, delta = initial_parameters(network, [np.random.default_rng(s) for s in (0, 1)], 420)
    assert weight.shape == (420, 2, 9, 9) and bias.shape == (420, 2, 9)
    shrink = 400 if init == "xavier-depth" else 1
    assert delta is not None and delta.shape == (420, 2)
    for part, deviation in ((weight, 0.3 / 9 / shrink), (bias, 0.3 / 3 / shrink), (delta, 1 / 400)):
        values = np.asarray(part)[:400].ravel()
        error = deviation / (2 * values.size) ** 0.5
        assert abs(values.std() - deviation) < 4 * error
        assert abs(values.mean()) < 4 * deviation / values.size**0.5
        assert not np.any(np.asarray(part)[400:])


def test_a_shared_scale_starts_at_one_over_depth() -> None:
    network = DeepResNet(depth=400, width=3)
    assert np.asarray(initial_parameters(network, [np.random.default_rng(0)], 400).delta) == pytest.approx([1 / 400])


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"depth": 0}, "depth must be"),
        ({"delta": "multi"}, "unknown delta"),
        ({"init": "xavier-deep"}, "did you mean 'xavier-depth'"),
        ({"init_sd": -1.0}, "init_sd must be at least 0"),
        ({"activation": "tahn"}, "did you mean 'tanh'"),
    ],
)
def test_a_network_that_is_none_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        DeepResNet(**{"depth": 3, **fields})


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"optimizer": "adem"}, "did you mean 'adam'"),
        ({"learning_rate": 0.0}, "learning_rate must be above 0"),
        ({"batch": 0}, "batch must be"),
        ({"epochs": 0}, "epochs must be"),
        ({"epsilon": -1e-3}, "epsilon must be at least 0"),
    ],
)
def test_a_setup_that_is_none_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        DeepSetup(**fields)


def test_gradient_descent_takes_all_samples() -> None:
    assert DeepSetup(optimizer="gd").batch is None


@pytest.mark.parametrize("batch", [32, 40, 100, 128])
def test_an_epoch_takes_every_sample_once_in_an_order_of_each_network_and_epoch(batch: int) -> None:
    generators = [np.random.default_rng(s) for s in (0, 1)]
    orders = [random_order(generators, 128, batch) for _ in range(2)]
    seen = []
    for order in orders:
        assert order.samples.shape == (-(-128 // batch), 2, batch) and order.counts.sum() == 128
        assert np.all(order.counts[:-1] == 1)
        seen += [order.samples[:, s][order.counts == 1] for s in (0, 1)]
    for one in seen:
        assert np.array_equal(np.sort(one), np.arange(128))
    for i in range(4):
        for j in range(i):
            assert not np.array_equal(seen[i], seen[j])


@pytest.mark.parametrize(
    ("losses", "reason"),
    [
        ([1.0, 0.5], None),
        ([1.0, 0.0099], "converged"),
        ([1.0, math.nan], "diverged"),
        ([math.inf], "diverged"),
        # Less than 1 % below the best is no progress, and five epochs of it end training.
        ([1.0, 0.995, 0.993, 0.992, 0.991], None),
        ([1.0, 0.995, 0.993, 0.992, 0.991, 0.9901], "stalled"),
        ([1.0, 0.995, 0.993, 0.992, 0.991, 0.98], None),
        ([1.0, 2, 2, 2, 0.9, 2, 2, 2, 2], None),
        ([1.0, 2, 2, 2, 0.9, 2, 2, 2, 2, 2], "stalled"),
        ([1.0 / 2**k for k in range(6)] + [0.03] * 4, None),
        ([0.97**k for k in range(12)], "epochs"),
        # Converging counts more than having no epochs left.
        ([0.97**k for k in range(11)] + [0.001], "converged"),
    ],
)
def test_training_ends_by_the_rules(losses: list[float], reason: str | None) -> None:
    assert reason_to_stop(losses, DeepSetup(epsilon=0.01, epochs=12)) == reason
