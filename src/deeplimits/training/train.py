"""Train networks of many seeds side by side."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from deeplimits.architectures import Architecture, ResNet
from deeplimits.datasets import LabelledData, load_data
from deeplimits.parametrizations import TrainingSetup
from deeplimits.training.result import TrainingRun
from deeplimits.training.terms import TERMS, decomposable
from deeplimits.validation import one_of, positive_integer

if TYPE_CHECKING:
    from deeplimits.training.program import Program, Record

METHODS = ("auto", "span", "full")
WEIGHT_LAWS = ("gaussian", "uniform")
KERNEL_INPUTS = 32
_PATHS = (
    "train_loss",
    "train_accuracy",
    "gradient_norm",
    "test_loss",
    "test_accuracy",
    "start_logits",
    "end_logits",
)


def train(
    architecture: Architecture,
    data: LabelledData | str,
    setup: TrainingSetup,
    *,
    seeds: int = 5,
    seed: int = 0,
    weight_law: str = "gaussian",
    test_every: int = 0,
    method: str = "auto",
    kernel_inputs: int = KERNEL_INPUTS,
    decomposition: bool = True,
    gradient_norm: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> TrainingRun:
    """Train a network from several random initial weights and measure losses, logits, weights and tangent kernel.

    Effective weights are trained: the matrices that multiply activations. Gradient descent without or with momentum
    moves the first layer within the span of the training inputs and, with fewer than twice as many of them as they have
    entries, is computed there: the result is the same but for rounding. A loss that leaves the range of numbers is a
    result, not an error.

    Args:
        architecture: an MLP or a ResNet with blocks of one layer, without biases and normalization; output_dim 1 for
            two classes, else the number of classes.
        data: training and test inputs, or the name of a data set with its default sizes.
        setup: loss, optimizer, learning rate, steps, batch and parametrization.
        seeds: number of networks.
        seed: of all of them. Networks of one shape start from the same numbers whatever the setup.
        weight_law: gaussian or uniform, of equal variance.
        test_every: steps between evaluations on the test inputs; 0 for the first and the last only.
        method: auto, span, or full, which keeps the input weights themselves.
        kernel_inputs: test inputs on which the tangent kernel is measured; 0 for none.
        decomposition: whether the logit's terms are measured.
        gradient_norm: whether the norm of the gradient is measured in each step.
        progress: called with the number of seeds done and of all.

    Returns:
        One entry per measure: train_loss, train_accuracy, test_loss and test_accuracy at the end; variance_TERM, the
        variance over test inputs of each term of the first logit (see `decomposition`), variance_mixed, that of the sum
        of all terms of several groups, and terms_residual, how far all are from the logits, relative to the largest;
        variance_start, variance_end and variance_change of the first logit and of its change; input_increment (mean
        norm of a neuron's gain of input weights), hidden_increment and output_increment (mean modulus of an entry's
        gain); kernel_start, kernel_end (mean diagonal of the tangent kernel on some test inputs, learning rates
        relative to the base one) and kernel_change, ‖Θ − Θ(0)‖ / ‖Θ(0)‖ (Frobenius). Terms are not measured of
        activations with φ(0) ≠ 0, nor terms and kernels where the function trained is not the network's.

    Raises:
        ValueError: the network does not fit the data or the setup, or has a part that cannot be trained yet.

    >>> from deeplimits.architectures import MLP
    >>> data = load_data("synthetic", train_size=50, test_size=50)
    >>> network = MLP(width=16, depth=1, input_dim=300, output_dim=1)
    >>> run = train(network, data, TrainingSetup(learning_rate=0.01, steps=5, parametrization="mean-field"), seeds=2)
    >>> run["train_loss"].value < run.path("train_loss")[0].value
    True

    References:
        golikov2020towards.
    """
    data = load_data(data) if isinstance(data, str) else data
    positive_integer("seeds", seeds)
    one_of("weight_law", weight_law, WEIGHT_LAWS)
    one_of("method", method, METHODS)
    _check(architecture, data, setup, test_every)
    from deeplimits.training.seeds import train_seeds  # it imports JAX, which a mistake need not wait for

    span = _in_span(setup, data, method)
    begin = time.perf_counter()
    program = _program(
        architecture, data, setup, weight_law, test_every, span, kernel_inputs, decomposition, gradient_norm
    )
    record = train_seeds(program, setup, data, seeds, seed, progress)
    paths = {name: np.asarray(getattr(record, name), np.float64) for name in _PATHS}
    return TrainingRun(
        architecture=architecture,
        setup=setup,
        data=data.to_dict(),
        seed=seed,
        weight_law=weight_law,
        method="span" if span else "full",
        test_steps=(*(range(0, setup.steps, test_every) if test_every else (0,)), setup.steps),
        by_seed=_by_seed(record, paths),
        wall_seconds=time.perf_counter() - begin,
        **paths,
    )


def _check(architecture: Architecture, data: LabelledData, setup: TrainingSetup, test_every: int) -> None:
    outputs = 1 if data.num_classes == 2 else data.num_classes
    if (architecture.input_dim, architecture.output_dim) != (data.input_dim, outputs):
        raise ValueError(
            f"{data.name} with {data.num_classes} classes needs input_dim={data.input_dim} and output_dim={outputs}, "
            f"got {architecture.input_dim} and {architecture.output_dim}"
        )
    if architecture.kind not in ("mlp", "resnet", "balanced-resnet") or architecture.extensions:
        what = ", ".join(architecture.extensions) or architecture.kind
        raise ValueError(f"training is of MLPs and ResNets with blocks of one layer, without biases; got {what}")
    if isinstance(architecture, ResNet) and architecture.branch_scale == 0:
        raise ValueError("branch_scale is 0: a residual branch without scale has no weights to train")
    setup.scaling.require_fit(architecture)
    if setup.batch is not None and setup.batch > data.train_size:
        raise ValueError(f"batch must be at most the {data.train_size} training inputs, got {setup.batch}")
    if test_every and not 0 < positive_integer("test_every", test_every) <= setup.steps:
        raise ValueError(f"test_every must be 0 or at most the {setup.steps} steps, got {test_every}")


def _in_span(setup: TrainingSetup, data: LabelledData, method: str) -> bool:
    if setup.method.normalised:
        if method == "span":
            raise ValueError(f"{setup.method.name} leaves the span of the inputs: take method 'full' or 'auto'")
        return False
    return method == "span" or (method == "auto" and data.train_size < 2 * data.input_dim)


def _program(
    architecture: Architecture,
    data: LabelledData,
    setup: TrainingSetup,
    weight_law: str,
    test_every: int,
    span: bool,
    kernel_inputs: int,
    decomposition: bool,
    gradient_norm: bool,
) -> Program:
    from deeplimits.training.program import Program

    scaling = setup.scaling
    own = scaling.dynamics == "full" and not scaling.init_corrected
    return Program(
        architecture=architecture,
        weight_law=weight_law,
        loss=setup.loss,
        optimizer=setup.method,
        steps=setup.steps,
        batch=None if setup.batch == data.train_size else setup.batch,
        dynamics=scaling.dynamics,
        init_corrected=scaling.init_corrected,
        span=span,
        test_every=test_every,
        kernel_inputs=min(kernel_inputs, data.test_size) if own else 0,
        decomposed=own and decomposition and decomposable(architecture.phi),
        gradient_norm=gradient_norm,
    )


def _by_seed(record: Record, paths: dict[str, Any]) -> dict[str, Any]:
    """Return one number for each seed and measure."""
    found = {name: paths[name][:, -1] for name in ("train_loss", "train_accuracy", "test_loss", "test_accuracy")}
    start, end = paths["start_logits"][:, 0], paths["end_logits"][:, 0]
    with np.errstate(invalid="ignore", over="ignore"):  # of seeds that diverged
        for name, logit in (("start", start), ("end", end), ("change", end - start)):
            found[f"variance_{name}"] = logit.var(axis=1)
    measures = dict(record.measures)
    if "term_variances" in measures:
        for number, name in enumerate((*TERMS, "mixed")):
            if "hidden_increment" in measures or "hidden" not in name:
                found[f"variance_{name}"] = measures["term_variances"][:, number]
        del measures["term_variances"]
    found |= measures
    return {name: np.asarray(values, np.float64) for name, values in found.items()}
