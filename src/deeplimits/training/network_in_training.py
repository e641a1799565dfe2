"""One seed's network in training: the function trained, its gradient, and the points at which it is evaluated."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array, lax

from deeplimits.randomness.keys import Key
from deeplimits.training.input_layer import FullInput, InputLayer, SpanInput, Vectors
from deeplimits.training.losses import accuracy_of, loss_of
from deeplimits.training.network import logits
from deeplimits.training.program import Numbers, Program
from deeplimits.training.weights import Weights, flips_of, initial_weights


class NetworkInTraining:
    """Bind a program to one seed's initial weights."""

    def __init__(self, program: Program, numbers: Numbers, key: Key, vectors: Vectors) -> None:
        standard = initial_weights(program.architecture, program.weight_law, key)
        self.program = program
        self.flips = flips_of(program.architecture, key)
        self.start = standard.times(numbers.scales)
        self.first: InputLayer = (SpanInput if program.span else FullInput)(vectors, self.start.input)
        self._input_scale = numbers.scales.input
        self._standard = standard

    def trained_at_start(self) -> Weights:
        """Return what is trained, at the start."""
        return self.start._replace(input=self.first.start())

    def function(self, point: Weights, origin: Weights) -> Array:
        """Return the trained function at ``point``; ``origin`` is the point at the start, for the same samples."""
        value = self._moved(point, origin)
        if not self.program.init_corrected:
            return value
        # f(θ) − f(θ(0)) + f°(θ(0)), f° with the initial weights of the standard parametrization.
        standard = self._standard._replace(input=origin.input / self._input_scale)
        return value + lax.stop_gradient(self._run(standard) - self._run(origin))

    def _moved(self, point: Weights, origin: Weights) -> Array:
        if self.program.dynamics != "linearised":
            return self._run(point)
        at_origin, change = jax.jvp(self._run, (origin,), (point.minus(origin),))
        moved: Array = at_origin + change
        return moved

    def _run(self, point: Weights) -> Array:
        return logits(self.program.architecture, point, self.flips)

    def gradient(self, trained: Weights, batch: Array | None, labels: Array) -> tuple[Array, Array, Weights]:
        """Return loss, accuracy and the gradient by what is trained."""
        point = trained._replace(input=self.first.preactivations(trained.input, batch))
        origin = self.start._replace(input=self.first.start_of(batch))
        frozen = self.program.dynamics == "frozen-gradient"
        value, pull = jax.vjp(lambda weights: self.function(weights, origin), origin if frozen else point)
        if frozen:
            value = self.function(point, origin)
        loss, by_logits = jax.value_and_grad(lambda f: loss_of(self.program.loss, f, labels))(value)
        (by_point,) = pull(by_logits)
        gradient = by_point._replace(input=self.first.gradient(by_point.input, batch))
        return loss, accuracy_of(value, labels), gradient

    def gradient_norm(self, gradient: Weights, batch: Array | None) -> Array:
        """Return the norm of the gradient by all weights, from that by what is trained."""
        rest = jnp.sum(gradient.hidden**2) + jnp.sum(gradient.output**2)
        return jnp.sqrt(self.first.squared_norm(gradient.input, batch) + rest)

    def test_point(self, trained: Weights) -> Weights:
        """Return the weights with z_0 of the test inputs in place of the first."""
        return trained._replace(input=self.first.test_start + self.first.test_gain(trained.input))

    def all_points(self, trained: Weights) -> tuple[Weights, Weights]:
        """Return the points at the start and now, each with z_0 of all training inputs and then all test inputs."""
        origin = self.start._replace(input=jnp.concatenate([self.first.train_start, self.first.test_start], axis=1))
        now = [self.first.preactivations(trained.input, None), self.test_point(trained).input]
        return origin, trained._replace(input=jnp.concatenate(now, axis=1))
