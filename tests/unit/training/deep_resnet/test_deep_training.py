"""Training: an epoch against one written out, seeds side by side against one by one, and what is reported."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from deeplimits.datasets import load_regression
from deeplimits.training.deep_resnet import DeepResNet, DeepSetup, group, train_deep_resnet
from deeplimits.training.deep_resnet.epoch import Program, Samples, train_epoch
from deeplimits.training.deep_resnet.group import groups_of, train_group
from deeplimits.training.deep_resnet.order import random_order
from deeplimits.training.deep_resnet.parameters import initial_parameters
from deeplimits.training.optimizers import direction_of

# 40 samples in batches of 16: the last step of an epoch has 8.
DATA = load_regression("ode", width=4, train_size=40, test_size=8)
NETWORK = DeepResNet(depth=5, width=4, init="xavier", init_sd=1.0)
SETUP = DeepSetup(batch=16, epochs=2, epsilon=0, learning_rate=0.05)
ROOM, SEEDS = 16, 2


def gradient_written_out(network: DeepResNet) -> Any:
    """Return loss and gradient of one network on the samples that count, by a loop over its layers."""

    def loss(parameters: Any, inputs: Any, targets: Any, counts: Any) -> Any:
        state = inputs
        for layer in range(network.depth):
            delta = 1.0
            if network.delta == "shared":
                delta = jnp.abs(parameters[2])
            elif network.delta == "per-layer":
                delta = parameters[2][layer]
            state = state + delta * jnp.tanh(state @ parameters[0][layer].T + parameters[1][layer])
        return jnp.mean((state - targets) ** 2, axis=1) @ counts / counts.sum()

    return jax.jit(jax.value_and_grad(loss))


def written_out(network: DeepResNet, graded: Any, optimizer: Any, number: int, rate: float) -> Any:
    """Return parameters and mean loss of one epoch of one network."""
    generator = np.random.default_rng(number)
    first = initial_parameters(network, [generator], network.depth)
    order = random_order([generator], DATA.train_size, 16)
    parameters = [first.weight[:, 0], first.bias[:, 0]]
    if first.delta is not None:
        parameters.append(first.delta[..., 0])
    memory, total = optimizer.init(parameters), 0.0
    for places, counts in zip(order.samples[:, 0], order.counts, strict=True):
        inputs, targets = (np.float32(part[places]) for part in (DATA.train_inputs, DATA.train_targets))
        value, gradient = graded(parameters, inputs, targets, counts)
        moves, memory = optimizer.update(gradient, memory)
        parameters = [old - rate * move for old, move in zip(parameters, moves, strict=True)]
        total += float(value) * counts.sum()
    return parameters, total / DATA.train_size


def one_epoch(network: DeepResNet, setup: DeepSetup, going: tuple[bool, ...] = (True, True)) -> Any:
    generators = [np.random.default_rng(number) for number in range(SEEDS)]
    parameters = initial_parameters(network, generators, ROOM)
    state = parameters, direction_of(setup.method).init(parameters)
    live = jnp.asarray(np.arange(ROOM) < network.depth, jnp.float32)
    samples = Samples(jnp.float32(DATA.train_inputs), jnp.float32(DATA.train_targets))
    order = random_order(generators, DATA.train_size, 16)
    program = Program(network.phi, 1, setup.method)
    return train_epoch(program, state, live, samples, order, jnp.array(going), jnp.float32(setup.learning_rate))


@pytest.mark.parametrize(
    ("delta", "optimizer"),
    [pytest.param("none", "sgd", marks=pytest.mark.slow), ("shared", "adam"), ("per-layer", "sgd")],
)
def test_an_epoch_is_the_one_written_out(delta: str, optimizer: str) -> None:
    network, setup = replace(NETWORK, delta=delta), replace(SETUP, optimizer=optimizer)
    (parameters, _), losses = one_epoch(network, setup)
    theirs = optax.scale_by_adam() if optimizer == "adam" else optax.identity()
    graded = gradient_written_out(network)
    for number in range(SEEDS):
        expected, loss = written_out(network, graded, theirs, number, setup.learning_rate)
        found = [part[: network.depth, number] for part in parameters[:2]]
        if delta != "none":
            found.append(
                parameters.delta[..., number][: network.depth] if delta == "per-layer" else parameters.delta[number]
            )
        assert float(losses[number]) == pytest.approx(loss, rel=1e-5)
        for mine, other in zip(found, expected, strict=True):
            assert np.asarray(mine) == pytest.approx(np.asarray(other), abs=3e-5)
    assert not np.any(parameters.weight[network.depth :])  # the room that is left over stays empty


def test_a_network_that_has_stopped_keeps_its_parameters() -> None:
    start = initial_parameters(NETWORK, [np.random.default_rng(number) for number in range(SEEDS)], ROOM)
    (parameters, _), _ = one_epoch(NETWORK, SETUP, going=(False, True))
    for before, after in ((start.weight, parameters.weight), (start.bias, parameters.bias)):
        assert np.array_equal(before[:, 0], after[:, 0]) and not np.array_equal(before[:, 1], after[:, 1])
    assert start.delta[0] == parameters.delta[0] and start.delta[1] != parameters.delta[1]


def test_seeds_side_by_side_in_segments_are_seeds_one_by_one_without(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = replace(NETWORK, depth=130)  # 12 segments of 11 layers, two of which are room left over
    together = train_group(deep, DATA, SETUP, 7, range(2), None)
    monkeypatch.setattr(group, "segments_of", lambda depth: (1, depth))
    for number in range(2):
        alone = train_group(deep, DATA, SETUP, 7, range(number, number + 1), None)
        assert alone.weight[0] == pytest.approx(together.weight[number], abs=1e-4)
        assert alone.scale[0] == pytest.approx(together.scale[number], abs=1e-4)
        assert alone.epoch_losses[0] == pytest.approx(together.epoch_losses[number], rel=1e-4)
    # The control: the networks differ by much more.
    assert np.abs(together.weight[0] - together.weight[1]).max() > 0.1


def test_what_is_reported_is_the_loss_of_the_weights_over_all_samples_once() -> None:
    run = train_deep_resnet(NETWORK, DATA, replace(SETUP, learning_rate=1e-12), seeds=2)
    assert run.epochs == (2, 2) and run.stopped == ("epochs", "epochs")
    for number in range(2):
        assert run.epoch_losses[number] == pytest.approx([run.train_loss[number]] * 2, rel=1e-5)
    assert run.weight.shape == (2, 5, 4, 4) and run.bias.shape == (2, 5, 4) and run.scale is not None
    assert run.scale == pytest.approx([1 / 5, 1 / 5])
    assert run.test_loss != pytest.approx(run.train_loss)


def test_training_learns_ends_when_converged_and_repeats_to_the_bit() -> None:
    setup = replace(SETUP, epochs=40, epsilon=5e-3)
    run, again = (train_deep_resnet(NETWORK, DATA, setup, seeds=2, seed=1) for _ in range(2))
    assert run.stopped == ("converged", "converged") and max(run.epochs) < 40
    assert all(losses[-1] < 5e-3 <= losses[:-1].min() for losses in run.epoch_losses)
    assert np.array_equal(run.weight, again.weight)
    other = train_deep_resnet(NETWORK, DATA, replace(setup, epochs=1), seeds=2, seed=2)
    assert not np.array_equal(run.epoch_losses[0][:1], other.epoch_losses[0])


def test_a_divergence_is_a_result(tmp_path: Path) -> None:
    run = train_deep_resnet(NETWORK, DATA, replace(SETUP, optimizer="adam", learning_rate=1e38, epochs=4), seeds=2)
    assert run.stopped == ("diverged", "diverged") and run.trained == []
    assert np.isnan(run.train_loss).all()
    assert run.to_dict()["train_loss"] == [None, None]
    with pytest.raises(ValueError, match="all 2 networks have diverged"):
        run.save_weights(tmp_path / "weights.npz")


def test_many_networks_are_split_into_groups_that_fit() -> None:
    big = DeepResNet(depth=1000, width=200)
    groups = groups_of(big, load_regression("ode", width=200, train_size=64, test_size=1), DeepSetup(), 10)
    assert 1 < len(groups) <= 10
    assert [number for group in groups for number in group] == list(range(10))
    assert groups_of(NETWORK, DATA, SETUP, 50) == [range(50)]


@pytest.mark.parametrize(
    ("network", "setup", "seeds", "message"),
    [
        (replace(NETWORK, width=5), SETUP, 1, "needs width 4, got 5"),
        (NETWORK, replace(SETUP, batch=41), 1, "at most the 40 training samples"),
        (NETWORK, SETUP, 0, "seeds must be"),
    ],
)
def test_what_does_not_fit_is_refused(network: DeepResNet, setup: DeepSetup, seeds: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        train_deep_resnet(network, DATA, setup, seeds=seeds)
