"""The norm of the gradient along training: that of all effective weights, however the first layer is trained."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from deeplimits.architectures import BalancedResNet
from deeplimits.datasets import load_data
from deeplimits.parametrizations import TrainingSetup
from deeplimits.training import TrainingRun, train

DATA = load_data("digits", train_size=24, test_size=5)
NETWORK = BalancedResNet(width=8, depth=2, input_dim=64, output_dim=10)
SETUP = TrainingSetup(learning_rate=0.02, steps=4)


def trained(method: str, setup: TrainingSetup = SETUP, **options: Any) -> TrainingRun:
    options = {"kernel_inputs": 0, "decomposition": False, "gradient_norm": True, **options}
    return train(NETWORK, DATA, setup, seeds=2, method=method, **options)


def norm_by_jax(run: TrainingRun) -> float:
    """Return the norm of the first seed's gradient by W_in itself and all other weights, at the start."""
    from deeplimits.randomness.identity import stable_hash
    from deeplimits.randomness.keys import fold_in, key_of
    from deeplimits.training.losses import loss_of
    from deeplimits.training.network import logits
    from deeplimits.training.weights import Weights, flips_of, initial_weights

    sizes = {name: getattr(NETWORK, name) for name in ("width", "depth", "input_dim", "output_dim")}
    start = {"kind": NETWORK.kind, **sizes, "weight_law": "gaussian"}
    key = fold_in(key_of(stable_hash({"training": start, "seed": run.seed})), 0)
    flips, inputs = flips_of(NETWORK, key), jnp.asarray(DATA.train_inputs, jnp.float32)

    def loss(weights: Weights) -> Any:
        point = weights._replace(input=weights.input @ inputs.T)
        return loss_of("cross-entropy", logits(NETWORK, point, flips), jnp.asarray(DATA.train_labels))

    gradient = jax.jit(jax.grad(loss))(initial_weights(NETWORK, "gaussian", key))
    return float(np.sqrt(sum(float(jnp.sum(part**2)) for part in gradient)))


def test_it_is_the_norm_by_all_weights_in_the_span_too() -> None:
    span, full = trained("span"), trained("full")
    assert span.gradient_norm.shape == (2, 4)
    assert span.gradient_norm == pytest.approx(full.gradient_norm, rel=1e-4)
    assert span.gradient_norm[0, 0] == pytest.approx(norm_by_jax(span), rel=1e-4)
    # The control: it moves along training and from seed to seed by much more than that.
    assert np.abs(np.diff(span.gradient_norm, axis=1)).min() > 1e-3
    assert abs(np.diff(span.gradient_norm[:, 0])[0]) > 1e-3
    means = [estimate.value for estimate in span.path("gradient_norm")]
    assert means == pytest.approx(span.gradient_norm.mean(axis=0).tolist())
    assert [entry["value"] for entry in span.to_dict()["paths"]["gradient_norm"]] == means


def test_a_step_moves_the_weights_by_rate_times_norm() -> None:
    """For a small step the loss falls by the learning rate times the squared norm."""
    rate = 1e-4
    run = trained("span", TrainingSetup(learning_rate=rate, steps=4))
    fall = -np.diff(run.train_loss, axis=1)[:, 0] / rate
    assert fall == pytest.approx(run.gradient_norm[:, 0] ** 2, rel=0.05)


@pytest.mark.slow
@pytest.mark.parametrize("optimizer", ["sgd", "momentum"])
def test_it_is_of_the_batch_that_the_step_sees(optimizer: str) -> None:
    setup = TrainingSetup(learning_rate=0.02, steps=4, optimizer=optimizer, batch=6)
    runs = [trained(method, setup, test_every=2) for method in ("span", "full")]
    assert runs[0].gradient_norm == pytest.approx(runs[1].gradient_norm, rel=1e-4)
    assert runs[0].test_loss == pytest.approx(runs[1].test_loss, rel=1e-4)
    assert runs[0].gradient_norm[:, 0] != pytest.approx(trained("span").gradient_norm[:, 0], rel=1e-2)


def test_it_is_measured_only_when_asked() -> None:
    run = trained("full", TrainingSetup(learning_rate=0.02, steps=1), gradient_norm=False)
    assert run.gradient_norm.shape == (2, 0)
    assert run.path("gradient_norm") == ()
    assert "variance_hidden" not in run
