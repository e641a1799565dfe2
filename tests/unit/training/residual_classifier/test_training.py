"""Training: against an epoch written out, seeds and rates side by side against alone, and what is reported."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from deeplimits.datasets import LabelledData, load_data
from deeplimits.training.deep_resnet.order import random_order
from deeplimits.training.residual_classifier import (
    ClassifierRun,
    ClassifierSetup,
    NetworkWeights,
    ResidualClassifier,
    train_learning_rates,
    train_residual_classifier,
)
from deeplimits.training.residual_classifier import group as grouping
from deeplimits.training.residual_classifier.group import groups_of, train_group
from deeplimits.training.residual_classifier.parameters import generators_of
from deeplimits.weights import read_weights

# 40 samples in batches of 16: the last step of an epoch has 8.
DATA = load_data("digits", train_size=40, test_size=20, unit_range=True)
NETWORK = ResidualClassifier(depth=5, width=6, law="fbm:0.7")
SETUP = ClassifierSetup(batch=16, epochs=3, learning_rate=0.02, decay_every=2)


def numpy_logits(network: ResidualClassifier, run: ClassifierRun, number: int, inputs: Any, *, trained: bool) -> Any:
    """Return logits (samples, classes) by a loop in double precision."""
    held = run.end if trained else run.start
    state = inputs @ held.embedding[number].astype(np.float64).T
    for k in range(network.depth):
        inner = state
        if held.inner is not None:
            inner = state @ held.inner[number, k].T
            inner = inner if held.inner_bias is None else inner + held.inner_bias[number, k]
        branch = np.maximum(inner, 0) @ held.outer[number, k].T
        branch = branch if held.outer_bias is None else branch + held.outer_bias[number, k]
        state = state + network.depth**-network.exponent * branch
    return state @ held.readout[number].T


def cross_entropy(logits: Any, labels: Any) -> Any:
    largest = logits.max(axis=1)
    total = largest + np.log(np.exp(logits - largest[:, None]).sum(axis=1))
    return total - logits[np.arange(len(labels)), labels]


@pytest.mark.parametrize(
    ("block", "law"), [pytest.param("one-matrix", "iid", marks=pytest.mark.slow), ("two-matrix", "fbm:0.7")]
)
def test_losses_and_accuracies_are_those_of_the_weights_in_double_precision(block: str, law: str) -> None:
    network = replace(NETWORK, block=block, law=law)
    run = train_residual_classifier(network, DATA, SETUP, seeds=2)
    for number in range(2):
        for part in ("train", "test"):
            inputs, labels = (getattr(DATA, f"{part}_{kind}") for kind in ("inputs", "labels"))
            logits = numpy_logits(network, run, number, inputs, trained=True)
            assert getattr(run, f"{part}_losses")[number] == pytest.approx(cross_entropy(logits, labels), abs=1e-4)
            assert run.by_seed(f"{part}_accuracy")[number] == np.mean(logits.argmax(1) == labels)
    assert run["test_loss"].value == pytest.approx(run.test_losses.mean())
    assert run["test_accuracy"].standard_error > 0


def written_out(network: ResidualClassifier, setup: ClassifierSetup, start: NetworkWeights, number: int) -> Any:
    """Train one network by a loop over layers, with the same initial weights and order of samples."""
    generator = generators_of(network, 0, [number])[0]
    for shape in ((network.width, DATA.input_dim), (DATA.num_classes, network.width)):
        generator.uniform(-1, 1, shape)
    names = [name for name in ("embedding", "readout", "outer", "outer_bias") if getattr(start, name) is not None]
    parameters = {name: jnp.asarray(getattr(start, name)[number]) for name in names}

    def loss(held: Any, inputs: Any, labels: Any) -> Any:
        state = inputs @ held["embedding"].T
        for k in range(network.depth):
            branch = jax.nn.relu(state) @ held["outer"][k].T
            if "outer_bias" in held:
                branch = branch + held["outer_bias"][k]
            state = state + network.branch_scale * branch
        return optax.softmax_cross_entropy_with_integer_labels(state @ held["readout"].T, labels).mean()

    graded, optimizer = jax.jit(jax.value_and_grad(loss)), optax.scale_by_adam()
    memory, losses = optimizer.init(parameters), []
    for epoch in range(setup.epochs):
        order, total = random_order([generator], DATA.train_size, 16), 0.0
        for places, counts in zip(order.samples[:, 0], order.counts, strict=True):
            some = places[counts > 0]
            value, gradient = graded(parameters, jnp.float32(DATA.train_inputs[some]), DATA.train_labels[some])
            moves, memory = optimizer.update(gradient, memory)
            rate = setup.learning_rate * setup.decay ** (epoch // setup.decay_every)
            parameters = {name: parameters[name] - rate * moves[name] for name in names}
            total += float(value) * len(some)
        losses.append(total / DATA.train_size)
    return parameters, losses


def assert_starts_from_its_law(run: ClassifierRun) -> None:
    """Check the initial weights that are returned against the law's own draw and the bounds of uniform ones."""
    bound = (3 / DATA.input_dim) ** 0.5
    assert 0.9 * bound < np.abs(run.start.embedding).max() <= bound
    assert not np.any(run.start.outer_bias) and run.start.outer.std() == pytest.approx(NETWORK.width**-0.5, rel=0.2)


def test_training_is_that_written_out_with_its_rate_falling_in_steps() -> None:
    run = train_residual_classifier(NETWORK, DATA, SETUP, seeds=2)
    assert_starts_from_its_law(run)
    expected, losses = written_out(NETWORK, SETUP, run.start, 1)
    assert run.epoch_losses[1] == pytest.approx(losses, rel=1e-4)
    for name, values in expected.items():
        assert getattr(run.end, name)[1] == pytest.approx(np.asarray(values), abs=2e-4), name
        # The control: training has moved them by much more.
        assert np.abs(getattr(run.start, name)[1] - values).max() > 0.02


def test_seeds_and_rates_side_by_side_in_segments_are_one_alone_without(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = replace(NETWORK, depth=130)  # 12 segments of 11 layers, two of which are room left over
    together = train_learning_rates(deep, DATA, [0.01, 0.002], replace(SETUP, epochs=2), seeds=2, seed=7)
    monkeypatch.setattr(grouping, "segments_of", lambda depth: (1, depth))
    for run, rate in zip(together, (0.01, 0.002), strict=True):
        alone = train_group(deep, DATA, replace(SETUP, epochs=2), 7, [(1, rate)], None)
        assert run.setup.learning_rate == rate
        assert alone.end.outer[0] == pytest.approx(run.end.outer[1], abs=2e-4)
        assert alone.epoch_losses[0] == pytest.approx(run.epoch_losses[1], rel=1e-3)
        assert np.array_equal(alone.start.outer[0], run.start.outer[1])
    assert np.abs(together[0].end.outer - together[1].end.outer).max() > 0.01  # the control


def test_a_divergence_is_a_result_and_leaves_its_neighbour_alone(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    both = train_learning_rates(NETWORK, DATA, [1e38, 0.02], SETUP, progress=lambda *counts: seen.append(counts))
    wild, tame = both
    assert wild.diverged.tolist() == [True] and tame.diverged.tolist() == [False]
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert np.isnan(wild.by_seed("test_accuracy")).all() and wild.trained == []
    assert wild.to_dict()["measures"]["test_loss"]["value"] is None
    alone = train_residual_classifier(NETWORK, DATA, SETUP)
    assert tame.end.outer == pytest.approx(alone.end.outer, abs=1e-5)
    with pytest.raises(ValueError, match="all 1 networks have diverged"):
        wild.save_weights(tmp_path / "weights.npz")


def test_training_ends_early_where_every_network_has_diverged() -> None:
    seen: list[tuple[int, int]] = []
    wild = replace(SETUP, learning_rate=1e38, epochs=6)
    run = train_residual_classifier(NETWORK, DATA, wild, progress=lambda *counts: seen.append(counts))
    assert seen[-1] == (6, 6) and len(seen) < 6
    assert np.isnan(run.epoch_losses[0, -1]) and run.diverged.all()


def test_weights_are_saved_for_exponents(tmp_path: Path) -> None:
    run = train_residual_classifier(replace(NETWORK, block="two-matrix"), DATA, SETUP, seeds=2)
    run.save_weights(tmp_path / "weights.npz")
    kept = read_weights(tmp_path / "weights.npz")[5][1]
    assert run.end.inner is not None and run.end.inner_bias is not None
    assert np.shape(kept.weight) == (5, 2, 6, 6)
    assert np.array_equal(np.asarray(kept.weight)[:, 1], run.end.inner[1])
    assert np.array_equal(np.asarray(kept.bias)[:, 1], run.end.inner_bias[1])
    assert kept.scale == pytest.approx(5**-0.5)


def test_it_learns_and_repeats_to_the_bit() -> None:
    setup = replace(SETUP, epochs=12, decay_every=12)
    run, again = (train_residual_classifier(NETWORK, DATA, setup, seed=3) for _ in range(2))
    assert run["train_accuracy"].value > 0.6 and run.epoch_losses[0, -1] < 0.6 * run.epoch_losses[0, 0]
    assert np.array_equal(run.end.outer, again.end.outer)
    other = train_residual_classifier(NETWORK, DATA, setup, seed=4)
    assert not np.array_equal(run.end.outer, other.end.outer)


def test_many_networks_are_split_into_groups_that_fit() -> None:
    members = [(number, 1e-3) for number in range(40)]
    groups = groups_of(ResidualClassifier(depth=1000, width=100), DATA, SETUP, members)
    assert 1 < len(groups) <= 40
    assert [one for group in groups for one in group] == members
    assert len(groups_of(NETWORK, DATA, SETUP, members)) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"setup": replace(SETUP, batch=41)}, "at most the 40 training inputs"),
        ({"learning_rates": []}, "at least one number"),
        ({"learning_rates": [0.1, -1.0]}, "learning_rate must be above 0"),
        ({"seeds": 0}, "seeds must be"),
    ],
)
def test_what_does_not_fit_is_refused(options: dict[str, Any], message: str) -> None:
    arguments: dict[str, Any] = {"learning_rates": [0.1], "setup": SETUP, **options}
    data: LabelledData = DATA
    with pytest.raises(ValueError, match=message):
        train_learning_rates(NETWORK, data, **arguments)
