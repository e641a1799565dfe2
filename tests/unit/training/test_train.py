"""Identities that hold for every network and setup: to the bit, or but for rounding."""

import dataclasses
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from deeplimits.architectures import MLP, Architecture, BalancedResNet, ResNet
from deeplimits.datasets import LabelledData, load_data
from deeplimits.parametrizations import BUILT_IN, Optimizer, TrainingSetup, resolve
from deeplimits.training import TrainingRun, train

DATA = load_data("synthetic", train_size=40, test_size=30)
SHAPE: dict[str, Any] = {"width": 24, "input_dim": 300, "output_dim": 1, "input_variance": 0.1}
NETWORK = MLP(depth=2, activation="leaky-relu:1,0.1", **SHAPE)


def trained(network: Architecture = NETWORK, data: LabelledData = DATA, seeds: int = 2, **fields: Any) -> TrainingRun:
    options = {name: fields.pop(name) for name in ("method", "weight_law", "test_every", "seed") if name in fields}
    setup = TrainingSetup(**{"learning_rate": 0.01, "steps": 5, **fields})
    return train(network, data, setup, seeds=seeds, **options)


def same(first: TrainingRun, second: TrainingRun) -> bool:
    return np.array_equal(first.end_logits, second.end_logits) and np.array_equal(first.train_loss, second.train_loss)


FULL = [name for name, p in BUILT_IN.items() if p.dynamics == "full" and not p.init_corrected and not p.follows_depth]


@pytest.mark.parametrize("optimizer", ["gd", pytest.param("rmsprop", marks=pytest.mark.slow)])
def test_at_the_reference_width_all_parametrizations_are_one_to_the_bit(optimizer: str) -> None:
    runs = [
        trained(parametrization=dataclasses.replace(resolve(name), reference_width=24), optimizer=optimizer)
        for name in (*FULL, "intermediate:0.75")
    ]
    assert all(same(run, runs[0]) for run in runs[1:])
    # The control: a reference width one less.
    off = dataclasses.replace(resolve("mean-field"), reference_width=23)
    assert not same(trained(parametrization=off, optimizer=optimizer), runs[0])


@pytest.mark.parametrize("optimizer", ["gd", pytest.param("rmsprop", marks=pytest.mark.slow)])
def test_intermediate_is_ntk_at_one_half_and_mean_field_at_one(optimizer: str) -> None:
    for q, name in ((0.5, "ntk"), (1.0, "mean-field")):
        between = trained(parametrization=f"intermediate:{q}", optimizer=optimizer)
        assert same(between, trained(parametrization=name, optimizer=optimizer))
    assert not same(trained(parametrization="ntk"), trained(parametrization="mean-field"))


OTHERS = [
    (MLP(depth=1, activation="tanh", **SHAPE), "momentum"),
    (MLP(depth=4, activation="erf", **SHAPE), "gd"),
    (ResNet(depth=3, activation="gelu", **SHAPE), "gd"),
    (BalancedResNet(depth=2, **SHAPE), "momentum"),
]


@pytest.mark.parametrize(
    ("network", "optimizer"), [(NETWORK, "gd"), *(pytest.param(*other, marks=pytest.mark.slow) for other in OTHERS)]
)
def test_training_in_the_span_is_training_and_the_terms_sum_to_the_logits(
    network: Architecture, optimizer: str
) -> None:
    span, full = (trained(network, method=method, optimizer=optimizer) for method in ("span", "full"))
    scale = np.abs(full.end_logits).max()
    assert np.abs(full.end_logits - full.start_logits).max() > 0.1 * scale
    assert span.end_logits == pytest.approx(full.end_logits, abs=1e-4 * scale)
    for name in span:
        if name != "terms_residual":
            assert span.by_seed[name] == pytest.approx(full.by_seed[name], rel=2e-3), name
    for run in (span, full):
        assert run["terms_residual"].value < 1e-5
        assert run.num_diverged == 0


@pytest.mark.slow
def test_batches_in_the_span_too() -> None:
    span, full = (trained(method=method, optimizer="sgd", batch=16, steps=7) for method in ("span", "full"))
    assert span.end_logits == pytest.approx(full.end_logits, abs=1e-4 * np.abs(full.end_logits).max())
    assert not np.allclose(full.end_logits, trained(optimizer="sgd", steps=7).end_logits, rtol=1e-2)


def test_the_span_is_chosen_where_it_is_cheaper() -> None:
    from deeplimits.training.train import _in_span

    setups = [TrainingSetup(learning_rate=0.1, steps=1, optimizer=name) for name in ("sgd", "momentum", "adam")]
    assert [_in_span(setup, DATA, "auto") for setup in setups] == [True, True, False]
    many = load_data("synthetic", train_size=600, test_size=10)
    assert not _in_span(setups[0], many, "auto")
    with pytest.raises(ValueError, match="rmsprop leaves the span"):
        trained(optimizer="rmsprop", method="span")


@pytest.mark.slow
def test_more_seeds_begin_with_the_same_seeds() -> None:
    few, many = trained(seeds=2), trained(seeds=3)
    assert many.end_logits[:2] == pytest.approx(few.end_logits, rel=1e-4, abs=1e-5)
    assert not np.allclose(many.end_logits[2], many.end_logits[1], rtol=1e-2)


def by_hand(loss: str, optimizer: Optimizer, steps: int, rate: float) -> np.ndarray[Any, Any]:
    """Train a tanh network with one hidden layer in float64 NumPy, from the initial weights of seed 0."""
    network = MLP(depth=1, activation="tanh", **{**SHAPE, "output_dim": 3})
    data = load_data("digits", train_size=30, test_size=10, classes=[0, 1, 2])
    from deeplimits.randomness.identity import stable_hash
    from deeplimits.randomness.keys import fold_in, key_of
    from deeplimits.training.weights import initial_weights

    network = dataclasses.replace(network, input_dim=64)
    sizes = {"width": 24, "depth": 1, "input_dim": 64, "output_dim": 3}
    start = {"kind": "mlp", **sizes, "weight_law": "gaussian"}
    drawn = initial_weights(network, "gaussian", fold_in(key_of(stable_hash({"training": start, "seed": 0})), 0))
    weights = [np.asarray(part, np.float64) for part in (drawn.input, drawn.output)]
    one_hot, first, second = np.eye(3)[data.train_labels], [0.0, 0.0], [0.0, 0.0]
    for step in range(1, steps + 1):
        hidden = np.tanh(data.train_inputs @ weights[0].T)
        f = hidden @ weights[1].T
        softmax = np.exp(f) / np.exp(f).sum(axis=1, keepdims=True)
        error = ((softmax if loss == "cross-entropy" else f) - one_hot) / len(f)
        back = (error @ weights[1]) * (1 - hidden**2)
        for i, g in enumerate((back.T @ data.train_inputs, error.T @ hidden)):
            if optimizer.name == "momentum":
                first[i] = optimizer.momentum * first[i] + g
                g = first[i]
            elif optimizer.name == "rmsprop":
                second[i] = optimizer.square_decay * second[i] + (1 - optimizer.square_decay) * g**2
                g = g / (np.sqrt(second[i]) + optimizer.epsilon)
            elif optimizer.name == "adam":
                first[i] = optimizer.momentum * first[i] + (1 - optimizer.momentum) * g
                second[i] = optimizer.square_decay * second[i] + (1 - optimizer.square_decay) * g**2
                root = np.sqrt(second[i] / (1 - optimizer.square_decay**step))
                g = first[i] / (1 - optimizer.momentum**step) / (root + optimizer.epsilon)
            weights[i] = weights[i] - rate * g
    run = trained(network, data, loss=loss, optimizer=optimizer, steps=steps, learning_rate=rate, seeds=1)
    expected = weights[1] @ np.tanh(weights[0] @ data.test_inputs.T)
    assert run.end_logits[0] == pytest.approx(expected, abs=2e-3 * np.abs(expected).max())
    moved: np.ndarray[Any, Any] = np.abs(run.end_logits - run.start_logits)
    return moved


@pytest.mark.parametrize(
    ("loss", "optimizer", "rate"),
    [
        ("cross-entropy", "rmsprop", 1e-3),
        *(
            pytest.param(*other, marks=pytest.mark.slow)
            for other in (("cross-entropy", "gd", 0.3), ("mse", "momentum", 0.05), ("mse", "adam", 1e-3))
        ),
    ],
)
def test_a_run_is_what_the_equations_give(loss: str, optimizer: str, rate: float) -> None:
    assert by_hand(loss, Optimizer(name=optimizer), 4, rate).max() > 0.03


def test_a_divergence_is_a_result() -> None:
    run = trained(learning_rate=1e30)
    assert run.num_diverged == 2
    assert all(step is not None and 0 < step <= 5 for step in run.diverged_at)
    assert run["train_loss"].count == 0
    document = run.to_dict()
    assert document["num_diverged"] == 2
    assert document["measures"]["train_loss"]["value"] is None
    assert trained().diverged_at == (None, None)


@pytest.mark.slow
def test_the_linearised_function_is_the_tangent() -> None:
    fields: dict[str, Any] = {"optimizer": "gd", "learning_rate": 1e-4, "steps": 1}
    base = resolve("ntk")
    one, other = (
        trained(parametrization=dataclasses.replace(base, dynamics=dynamics), **fields)
        for dynamics in ("full", "linearised")
    )
    moved = one.end_logits - one.start_logits
    assert other.end_logits - other.start_logits == pytest.approx(moved, abs=0.02 * np.abs(moved).max())
    # Far from the start the three kinds of dynamics differ.
    fields = {"learning_rate": 0.1, "steps": 5}
    ends = [
        trained(parametrization=dataclasses.replace(base, dynamics=dynamics), **fields).end_logits
        for dynamics in ("full", "linearised", "frozen-gradient")
    ]
    for i, first in enumerate(ends):
        for second in ends[i + 1 :]:
            assert np.abs(first - second).max() > 0.01 * np.abs(first).max()


@pytest.mark.slow
def test_init_correction_gives_the_standard_initial_function_back() -> None:
    corrected, plain = (trained(parametrization=name) for name in ("init-corrected-mean-field", "standard"))
    assert corrected.start_logits == pytest.approx(plain.start_logits, abs=1e-5 * np.abs(plain.start_logits).max())
    uncorrected = trained(parametrization="mean-field")
    assert np.abs(corrected.start_logits - uncorrected.start_logits).max() > 0.1 * np.abs(plain.start_logits).max()


def test_the_tangent_kernel_is_that_of_all_gradients() -> None:
    from deeplimits.randomness.keys import key_of
    from deeplimits.training.network import logits
    from deeplimits.training.tangent_kernel import tangent_kernel
    from deeplimits.training.weights import Weights, flips_of, initial_weights

    network = BalancedResNet(depth=2, **{**SHAPE, "width": 8})
    weights, flips = initial_weights(network, "gaussian", key_of(5)), flips_of(network, key_of(5))
    inputs = jnp.asarray(DATA.test_inputs[:4], jnp.float32)
    rates = Weights(jnp.float32(2.0), jnp.float32(0.5), jnp.float32(3.0))

    def output(point: Weights, x: Any) -> Any:
        return logits(network, point._replace(input=point.input @ x[:, None]), flips)[0, 0]

    gradients = jax.jit(jax.vmap(jax.grad(output), in_axes=(None, 0)))(weights, inputs)
    flat = [np.asarray(part).reshape(4, -1) for part in gradients]
    expected = sum(float(rate) * part @ part.T for rate, part in zip(rates, flat, strict=True))
    point = weights._replace(input=weights.input @ inputs.T)
    kernel = jax.jit(lambda: tangent_kernel(network, point, flips, inputs, rates))()
    assert np.asarray(kernel) == pytest.approx(expected, rel=1e-3)


@pytest.mark.slow
def test_losses_along_training_are_recorded_when_asked() -> None:
    run = trained(test_every=2)
    assert run.test_steps == (0, 2, 4, 5)
    assert run.test_loss.shape == (2, 4)
    assert run.train_loss.shape == (2, 6)
    assert run.path("train_loss")[5] == run["train_loss"]
    assert run.test_loss[:, [0, 3]] == pytest.approx(trained().test_loss, rel=1e-3)
    shorter = trained(test_every=2, steps=4)  # its last evaluation is after step 4
    assert run.test_loss[:, 2] == pytest.approx(shorter.test_loss[:, -1], rel=1e-3)


@pytest.mark.parametrize(
    ("network", "fields", "message"),
    [
        (MLP(width=8, depth=1), {}, "needs input_dim=300 and output_dim=1"),
        (MLP(depth=1, bias_variance=1.0, **SHAPE), {}, "without biases; got biases"),
        (ResNet(depth=1, block="two-layer", **SHAPE), {}, "got two-layer blocks"),
        (NETWORK, {"optimizer": "sgd", "batch": 41}, "at most the 40 training inputs"),
        (NETWORK, {"test_every": 6}, "at most the 5 steps"),
        (NETWORK, {"parametrization": "depth-mup"}, "an MLP has none"),
        (NETWORK, {"weight_law": "cauchy"}, "unknown weight_law"),
    ],
)
def test_mistakes_are_explained_before_any_work(network: Architecture, fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        trained(network, **fields)
