"""What a compiled training program depends on, takes and returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from jax import Array

from deeplimits.architectures import Architecture
from deeplimits.parametrizations import Optimizer
from deeplimits.training.weights import Weights


@dataclass(frozen=True)
class Program:
    """Hold what a compiled program depends on; learning rates and initial scales are its arguments.

    Args:
        architecture: the network.
        weight_law: gaussian or uniform.
        loss: cross-entropy or mse.
        optimizer: the optimizer.
        steps: updates.
        batch: samples in a step, None for all.
        dynamics: full, linearised or frozen-gradient.
        init_corrected: whether the initial function of the standard parametrization replaces the network's own.
        span: whether the first layer is trained in the span of the inputs.
        test_every: steps between evaluations on the test inputs; 0 for only the first and the last.
        kernel_inputs: test inputs on which the tangent kernel is measured, 0 for none.
        decomposed: whether the logits' terms are measured.
        gradient_norm: whether the gradient's norm is measured in each step.
    """

    architecture: Architecture
    weight_law: str
    loss: str
    optimizer: Optimizer
    steps: int
    batch: int | None
    dynamics: str
    init_corrected: bool
    span: bool
    test_every: int
    kernel_inputs: int
    decomposed: bool
    gradient_norm: bool


class Numbers(NamedTuple):
    """Hold the numbers of a parametrization: initial scale and learning rate of each group."""

    scales: Weights
    rates: Weights
    base_rate: Array


class Labels(NamedTuple):
    """Hold the classes of training and test inputs."""

    train: Array
    test: Array


class Record(NamedTuple):
    """Hold what one seed measured.

    Args:
        train_loss: before each step, on its batch, and at last on all training inputs: (steps + 1,).
        train_accuracy: likewise.
        gradient_norm: in each step, (steps,); empty if it is not measured.
        test_loss: at each evaluation.
        test_accuracy: likewise.
        start_logits: of the test inputs at the start, (output_dim, test_size).
        end_logits: at the end.
        measures: name → number or array at the end.
    """

    train_loss: Array
    train_accuracy: Array
    gradient_norm: Array
    test_loss: Array
    test_accuracy: Array
    start_logits: Array
    end_logits: Array
    measures: dict[str, Array]
