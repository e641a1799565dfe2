"""What is measured of a network when it has been trained."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array

from deeplimits.training.decomposition import terms
from deeplimits.training.input_layer import Vectors
from deeplimits.training.network_in_training import NetworkInTraining
from deeplimits.training.program import Numbers
from deeplimits.training.tangent_kernel import tangent_kernel
from deeplimits.training.terms import TERMS
from deeplimits.training.weights import Weights


def measure(
    network: NetworkInTraining, trained: Weights, points: Weights, numbers: Numbers, vectors: Vectors, outputs: Array
) -> dict[str, Array]:
    """Return how far the weights have moved, the variances of the logits' terms, and the change of the kernel.

    Args:
        network: one seed's network.
        trained: what was trained.
        points: start and end, stacked, with z_0 of the test inputs.
        numbers: learning rates.
        vectors: the inputs.
        outputs: logits of the test inputs at the end.
    """
    program = network.program
    start, end = (jax.tree.map(lambda part, index=index: part[index], points) for index in range(2))
    gain = end.minus(start)
    found = {
        "input_increment": jnp.mean(network.first.row_norms(trained.input)),
        "output_increment": jnp.mean(jnp.abs(gain.output)),
    }
    if gain.hidden.shape[0]:
        found["hidden_increment"] = jnp.mean(jnp.abs(gain.hidden))
    if program.decomposed:
        exact = gain._replace(input=network.first.test_gain(trained.input))
        parts = terms(program.architecture, start, exact, network.flips)
        several = jnp.array([name.count("-") > 0 for name in TERMS])
        mixed = jnp.sum(parts[:, 0], axis=0, where=several[:, None])
        found["term_variances"] = jnp.var(jnp.concatenate([parts[:, 0], mixed[None]]), axis=1)
        found["terms_residual"] = jnp.max(jnp.abs(parts.sum(axis=0) - outputs)) / jnp.max(jnp.abs(outputs))
    if program.kernel_inputs:
        inputs = vectors.test[: program.kernel_inputs]
        seen = points._replace(input=points.input[..., : program.kernel_inputs])
        rates = Weights(*(rate / numbers.base_rate for rate in numbers.rates))

        def kernel(point: Weights) -> Array:
            return tangent_kernel(program.architecture, point, network.flips, inputs, rates)

        before, after = jax.vmap(kernel)(seen)
        found["kernel_start"], found["kernel_end"] = (jnp.trace(each) / inputs.shape[0] for each in (before, after))
        found["kernel_change"] = jnp.linalg.norm(after - before) / jnp.linalg.norm(before)
    return found
