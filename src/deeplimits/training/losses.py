"""Losses and accuracies of logits."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import optax
from jax import Array


def loss_of(kind: str, logits: Array, labels: Array) -> Array:
    """Return the mean loss over samples.

    Args:
        kind: cross-entropy, logistic with one output and softmax with several; or mse, half the squared distance to
            ±1 with one output, to the label's unit vector with several.
        logits: (output_dim, samples).
        labels: classes, (samples,).
    """
    outputs = logits.shape[0]
    if kind == "cross-entropy":
        if outputs == 1:
            return jnp.mean(jax.nn.softplus((1 - 2.0 * labels) * logits[0]))
        return jnp.mean(optax.softmax_cross_entropy_with_integer_labels(logits.T, labels))
    targets = 2.0 * labels[None] - 1 if outputs == 1 else jax.nn.one_hot(labels, outputs, dtype=logits.dtype).T
    return 0.5 * jnp.mean(jnp.sum((logits - targets) ** 2, axis=0))


def accuracy_of(logits: Array, labels: Array) -> Array:
    """Return the share of samples whose class is the logits' choice."""
    choice = (logits[0] > 0).astype(labels.dtype) if logits.shape[0] == 1 else jnp.argmax(logits, axis=0)
    return jnp.mean(choice == labels)
