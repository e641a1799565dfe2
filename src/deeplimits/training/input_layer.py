"""The first layer in training: its weights themselves, or what they gained in the span of the training inputs.

Gradient descent moves W_in within the span of the training inputs: W_in(k) = W_in(0) + A(k) X with one row of X for
each of N inputs, and a step of gradient G by the first preactivations Z = W_in Xᵀ moves A by −η G. So Z = Z(0) + A X Xᵀ
costs one product with an N × N matrix a step, where W_in itself costs two with X. Momentum is linear in the gradients,
so the same holds for it. The two agree but for rounding.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple

import jax.numpy as jnp
from jax import Array


class Vectors(NamedTuple):
    """Hold training and test inputs with their Gram matrices, float32.

    Args:
        train: X, (train_size, input_dim).
        test: test inputs, (test_size, input_dim).
        gram: X Xᵀ; empty if the weights themselves are trained.
        test_gram: X times the test inputs' transpose; empty likewise.
    """

    train: Array
    test: Array
    gram: Array
    test_gram: Array


class InputLayer(ABC):
    """Say how the first preactivations, (width, samples), follow from what is trained in place of W_in.

    Args:
        vectors: the inputs.
        initial: W_in at the start, (width, input_dim).
    """

    def __init__(self, vectors: Vectors, initial: Array) -> None:
        self.vectors = vectors
        self.initial = initial
        self.train_start = initial @ vectors.train.T
        self.test_start = initial @ vectors.test.T

    @abstractmethod
    def start(self) -> Array:
        """Return what is trained, at the start."""

    @abstractmethod
    def preactivations(self, trained: Array, batch: Array | None) -> Array:
        """Return z_0 of the training inputs with the indices ``batch``, or of all."""

    @abstractmethod
    def gradient(self, by_preactivations: Array, batch: Array | None) -> Array:
        """Return the gradient by what is trained, from that by z_0."""

    @abstractmethod
    def squared_norm(self, gradient: Array, batch: Array | None) -> Array:
        """Return ‖∂loss/∂W_in‖² (Frobenius), from the gradient by what is trained."""

    @abstractmethod
    def test_gain(self, trained: Array) -> Array:
        """Return what z_0 of the test inputs has gained since the start."""

    @abstractmethod
    def row_norms(self, trained: Array) -> Array:
        """Return the Euclidean norm of what each neuron's input weights have gained, (width,)."""

    def start_of(self, batch: Array | None) -> Array:
        """Return z_0 of training inputs at the start."""
        return self.train_start if batch is None else self.train_start[:, batch]


class FullInput(InputLayer):
    """Train W_in."""

    def start(self) -> Array:
        """Return W_in."""
        return self.initial

    def preactivations(self, trained: Array, batch: Array | None) -> Array:
        """Return W_in times the inputs."""
        return trained @ self._inputs(batch).T

    def gradient(self, by_preactivations: Array, batch: Array | None) -> Array:
        """Return G X."""
        return by_preactivations @ self._inputs(batch)

    def squared_norm(self, gradient: Array, batch: Array | None) -> Array:
        """Return the sum of its squares."""
        return jnp.sum(gradient**2)

    def test_gain(self, trained: Array) -> Array:
        """Return the gain of W_in times the test inputs."""
        return (trained - self.initial) @ self.vectors.test.T

    def row_norms(self, trained: Array) -> Array:
        """Return the norms of the rows of the gain of W_in."""
        return jnp.linalg.norm(trained - self.initial, axis=1)

    def _inputs(self, batch: Array | None) -> Array:
        return self.vectors.train if batch is None else self.vectors.train[batch]


class SpanInput(InputLayer):
    """Train A, one column for each training input."""

    def start(self) -> Array:
        """Return zeros."""
        return jnp.zeros_like(self.train_start)

    def preactivations(self, trained: Array, batch: Array | None) -> Array:
        """Return Z(0) + A X Xᵀ."""
        gram = self.vectors.gram if batch is None else self.vectors.gram[:, batch]
        return self.start_of(batch) + trained @ gram

    def gradient(self, by_preactivations: Array, batch: Array | None) -> Array:
        """Return G, in the columns of the batch."""
        if batch is None:
            return by_preactivations
        return jnp.zeros_like(self.train_start).at[:, batch].set(by_preactivations)

    def squared_norm(self, gradient: Array, batch: Array | None) -> Array:
        """Return ‖G X‖² = tr G X Xᵀ Gᵀ."""
        gram = self.vectors.gram
        if batch is not None:
            gradient, gram = gradient[:, batch], gram[batch][:, batch]
        return jnp.maximum(jnp.sum((gradient @ gram) * gradient), 0)

    def test_gain(self, trained: Array) -> Array:
        """Return A X times the test inputs."""
        return trained @ self.vectors.test_gram

    def row_norms(self, trained: Array) -> Array:
        """Return the roots of the diagonal of A X Xᵀ Aᵀ."""
        return jnp.sqrt(jnp.maximum(jnp.sum((trained @ self.vectors.gram) * trained, axis=1), 0))
