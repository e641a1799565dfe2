"""Training of small networks: the optimizer, divergence, norms, and going on depth by depth."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from deeplimits.datasets import load_images
from deeplimits.training.conv_resnet import (
    ConvResNet,
    ConvSetup,
    depths,
    initial_norms,
    train_conv_depths,
    train_conv_resnet,
)
from deeplimits.training.conv_resnet.epoch import Order, Program, Samples, cross_entropy, evaluate, train_epoch
from deeplimits.training.conv_resnet.forward import logits
from deeplimits.training.conv_resnet.norms import block_norms
from deeplimits.training.conv_resnet.order import random_order
from deeplimits.training.conv_resnet.parameters import initial_parameters, kernels
from deeplimits.weights import convolution_norm, read_norms

DATA = load_images("digits", train_size=70, test_size=30)
NETWORK = ConvResNet(stages=(2,), channels=(3,), input_channels=1)
SETUP = ConvSetup(epochs=2, batch=32, padding=1, flip=True)


def test_a_step_is_that_of_the_formulas() -> None:
    """v ← m v + g + w p, p ← p − η v, twice; the last batch has places left over."""
    program = Program(NETWORK.strides, 0, False, 0.9, 0.1)
    parameters = jax.tree.map(lambda part: 2 * part, initial_parameters(NETWORK, np.random.default_rng(0)))
    samples = Samples(jnp.asarray(DATA.train_images), jnp.asarray(DATA.train_labels, jnp.int32))
    order = Order(jnp.asarray([[3, 1, 4], [5, 9, 0]]), jnp.asarray([[1.0, 1, 1], [1, 1, 0]]))

    @jax.jit
    @jax.value_and_grad
    def mean(at: Any, taken: Any, shares: Any) -> Any:
        scores = logits(at, samples.images[taken], NETWORK.strides)
        return jnp.sum(shares * cross_entropy(scores, samples.labels[taken]))

    expected, memory, losses = parameters, jax.tree.map(jnp.zeros_like, parameters), []
    for taken, shares in zip(order.samples, ([1 / 3, 1 / 3, 1 / 3], [1 / 2, 1 / 2, 0]), strict=True):
        loss, gradient = mean(expected, taken, jnp.asarray(shares))
        memory = jax.tree.map(lambda v, g, p: 0.9 * v + g + 0.1 * p, memory, gradient, expected)
        expected = jax.tree.map(lambda p, v: p - 0.05 * v, expected, memory)
        losses.append(float(loss))
    copy = jax.tree.map(jnp.array, parameters)
    state, seen = train_epoch(
        program,
        (copy, program.direction.init(copy)),
        samples,
        jnp.zeros(1),
        order,
        jax.random.key(0),
        jnp.float32(0.05),
    )
    for found, wanted in zip(jax.tree.leaves(state[0]), jax.tree.leaves(expected), strict=True):
        assert np.asarray(found) == pytest.approx(np.asarray(wanted), abs=2e-6)
    assert float(seen) == pytest.approx((3 * losses[0] + 2 * losses[1]) / 5, rel=1e-5)


def test_an_evaluation_counts_every_image_once() -> None:
    parameters = jax.tree.map(lambda part: 2 * part, initial_parameters(NETWORK, np.random.default_rng(0)))
    samples = Samples(jnp.asarray(DATA.test_images), jnp.asarray(DATA.test_labels, jnp.int32))
    scores = np.asarray(logits(parameters, samples.images, NETWORK.strides), np.float64)
    logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    expected = -logs[np.arange(30), DATA.test_labels].mean(), np.mean(scores.argmax(axis=1) == DATA.test_labels)
    assert evaluate(NETWORK.strides, parameters, samples, 32) == pytest.approx(expected, rel=1e-5)


def test_every_epoch_goes_through_all_images_once() -> None:
    order = random_order(np.random.default_rng(0), 70, 32)
    assert order.samples.shape == (3, 32) and float(order.counts.sum()) == 70
    assert sorted(np.asarray(order.samples)[np.asarray(order.counts) == 1]) == list(range(70))


def test_training_lowers_the_loss_and_keeps_norms_of_every_block() -> None:
    run = train_conv_resnet(NETWORK, DATA, replace(SETUP, epochs=2, learning_rate=0.02))
    again = train_conv_resnet(NETWORK, DATA, replace(SETUP, epochs=2, learning_rate=0.02))
    other = train_conv_resnet(NETWORK, DATA, replace(SETUP, epochs=2, learning_rate=0.02), number=1)
    assert (run.stopped, run.epoch_losses.shape, run.diverged) == ("epochs", (2,), False)
    assert run.epoch_losses[1] < run.epoch_losses[0]
    assert {part: (one.depth, one.increments.size) for part, one in run.norms.items()} == {
        "first": (2, 1),
        "second": (2, 1),
    }
    assert np.array_equal(run.norms["first"].norms, again.norms["first"].norms)
    assert not np.array_equal(run.norms["first"].norms, other.norms["first"].norms)
    # It starts from the kernels whose norms are said to be the initial ones.
    initial = initial_norms(NETWORK, (8, 8))
    hardly = train_conv_resnet(NETWORK, DATA, replace(SETUP, learning_rate=1e-9))
    assert hardly.norms["second"].norms == pytest.approx(initial["second"].norms, rel=1e-5)


def test_norms_are_those_at_each_convolutions_own_resolution_and_increments_stay_in_a_stage() -> None:
    network = ConvResNet(stages=(3, 2, 2), channels=(2, 3, 3), input_channels=1)
    first, second = kernels(initial_parameters(network, np.random.default_rng(0)))
    found = block_norms(network, first, second, (8, 8))
    assert found["first"].norms[[0, 3, 4, 5, 6]] == pytest.approx(
        [convolution_norm(first[k], size) for k, size in ((0, 8), (3, 8), (4, 4), (5, 4), (6, 2))]
    )
    assert found["second"].norms[[3, 5]] == pytest.approx(
        [convolution_norm(second[3], 4), convolution_norm(second[5], 2)]
    )
    # A: two in the first stage, none in the others, whose first block changes the shape or the resolution.
    assert found["first"].increments == pytest.approx(
        [convolution_norm(first[k].astype(float) - first[k - 1], 8) for k in (1, 2)]
    )
    assert found["second"].increments == pytest.approx(
        [
            convolution_norm(second[k].astype(float) - second[k - 1], size)
            for k, size in ((1, 8), (2, 8), (4, 4), (6, 2))
        ]
    )


def test_a_divergence_is_a_result() -> None:
    run = train_conv_resnet(NETWORK, DATA, replace(SETUP, learning_rate=1e30))
    assert run.diverged and run.norms == {} and run.test_accuracy is None and run.train_loss is None


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    made: list[int] = []

    def train(network: ConvResNet, *args: Any, **options: Any) -> Any:
        made.append(network.depth)
        if network.depth == 3 and options["seed"] == 9:
            raise KeyboardInterrupt
        return train_conv_resnet(network, *args, **options)

    monkeypatch.setattr(depths, "train_conv_resnet", train)
    return made


def test_depths_that_are_there_are_not_trained_again(tmp_path: Path, calls: list[int]) -> None:
    out, seen = tmp_path / "conv.npz", []
    first = train_conv_depths(NETWORK, [(2,)], DATA, SETUP, out=out, progress=lambda *n: seen.append(n))
    assert calls == [2] and seen == [(2, 4), (4, 4)]
    second = train_conv_depths(NETWORK, [(3,), (2,)], DATA, SETUP, out=out, progress=lambda *n: seen.append(n))
    assert calls == [2, 3] and seen[2:] == [(3, 6), (6, 6)]
    whole = train_conv_depths(NETWORK, [(2,), (3,)], DATA, SETUP)
    assert second.records[:1] == first.records
    assert [one.train_loss for one in second.records] == [one.train_loss for one in whole.records]
    for part, by_depth in read_norms(out).items():
        assert sorted(by_depth) == [2, 3]
        for depth, (one,) in by_depth.items():
            assert np.array_equal(one.norms, whole.norms[part][depth][0].norms)


def test_an_interrupt_loses_no_depth_that_is_done(tmp_path: Path, calls: list[int]) -> None:
    with pytest.raises(KeyboardInterrupt, match="holds depths 2, and the same command goes on"):
        train_conv_depths(NETWORK, [(2,), (3,)], DATA, SETUP, out=tmp_path / "conv.npz", seed=9)
    assert calls == [2, 3]
    assert list(read_norms(tmp_path / "conv.npz")["first"]) == [2]


def test_other_settings_and_wrong_calls_are_refused(tmp_path: Path) -> None:
    out = tmp_path / "conv.npz"
    wild = replace(SETUP, learning_rate=1e30)
    for _ in range(2):  # the second time from the record of the first
        runs = train_conv_depths(NETWORK, [(2,)], DATA, wild, out=out)
        assert runs.records[0].stopped == ["diverged"] and runs.norms == {"first": {}, "second": {}}
    assert not out.exists() and json.loads(out.with_suffix(".training.json").read_text())["settings"]["epochs"] == 2
    two = replace(NETWORK, stages=(2, 2), channels=(3, 3), strides=(1, 2))
    for network, stages, options, message in (
        (NETWORK, [(2,)], {"setup": SETUP, "out": out}, "learning_rate is 1e.30 there, 0.1 here. Give another file"),
        (NETWORK, [(2,)], {"setup": wild, "out": out, "seed": 1}, "seed is 0 there, 1 here"),
        (NETWORK, [], {}, "at least one depth"),
        (two, [(1, 2), (2, 1)], {}, "two networks have 3 blocks"),
        (NETWORK, [(2,)], {"setup": replace(SETUP, batch=71)}, "at most the 70 training images, got 71"),
        (replace(NETWORK, input_channels=3), [(2,)], {}, "images of 1 channels in 10 classes"),
    ):
        with pytest.raises(ValueError, match=message):
            train_conv_depths(network, stages, DATA, options.pop("setup", SETUP), **options)  # type: ignore[attr-defined, arg-type]
