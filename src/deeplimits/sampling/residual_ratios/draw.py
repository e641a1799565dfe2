"""Draws of residual networks, and how far their outputs and gradients move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.randomness import stable_hash
from deeplimits.sampling.residual_ratios.layers import IndependentLayers, Layers, PathLayers
from deeplimits.sampling.residual_ratios.propagate import propagate
from deeplimits.validation import nonnegative_number, one_of, positive_integer
from deeplimits.weights.laws import draw_layers

INPUT_DIM = 64

_ENTRIES = 64_000  # of one matrix over the networks that are drawn side by side, so that a layer fits into a cache


@dataclass(frozen=True)
class ResidualRatios:
    """Hold natural logarithms, each (draws, exponents, inputs); p_k is the derivative of the loss by h_k.

    Args:
        output: ln ‖h_L‖ / ‖h_0‖.
        output_displacement: ln ‖h_L − h_0‖ / ‖h_0‖.
        gradient: ln ‖p_0‖ / ‖p_L‖.
        gradient_displacement: ln ‖p_0 − p_L‖ / ‖p_L‖.
    """

    output: Float64Array
    output_displacement: Float64Array
    gradient: Float64Array
    gradient_displacement: Float64Array


def residual_ratios(
    depth: int,
    width: int,
    exponents: Sequence[float],
    *,
    law: str = "iid",
    block: str = "two-matrix",
    draws: int,
    inputs: int = 1,
    seed: int = 0,
) -> ResidualRatios:
    """Draw residual networks at initialisation and return how far outputs and gradients move.

    h_0 = A x, h_{k+1} = h_k + depth^-β V_k σ(θ_k h_k), output B h_depth, σ = ReLU; x has 64 entries, uniform in [0, 1];
    A and B have independent uniform entries of variance 1/fan-in; θ_k = 1 for ``one-matrix``. All exponents and inputs
    of a draw have the same A, B and weights. The loss is any function of the output.

    Args:
        depth: number of layers.
        width: of all of them.
        exponents: β, at least 0.
        law: of V and, independently, θ: see `deeplimits.weights.laws.draw_layers`.
        block: ``two-matrix`` or ``one-matrix``.
        draws: of all weights.
        inputs: for each draw.
        seed: of everything; more draws, or other exponents, leave the draws as they were.

    Raises:
        ValueError: a size is not a positive integer, an exponent is below 0, or the law or block is unknown.

    Note: weights of the law ``iid`` are drawn layer by layer; the others need the paths of one network in
        memory. The gradient's ratios do not depend on the loss: its derivative by the output is a factor of all p_k.

    References: marion2025scaling.

    >>> ratios = residual_ratios(50, 10, [0.25, 1.0], draws=40)
    >>> ratios.output.shape, bool(np.all(ratios.output_displacement[:, 0] > ratios.output_displacement[:, 1]))
    ((40, 2, 1), True)
    """
    depth, width = positive_integer("depth", depth), positive_integer("width", width)
    draws, inputs = positive_integer("draws", draws), positive_integer("inputs", inputs)
    betas = [nonnegative_number("exponent", beta) for beta in exponents]
    if not betas:
        raise ValueError("exponents must hold at least one number, got none")
    matrices = 2 if one_of("block", block, ("one-matrix", "two-matrix")) == "two-matrix" else 1
    content = {"residual_ratios": {"depth": depth, "width": width, "law": law, "block": block}, "seed": seed}
    identity = stable_hash(content)
    together = max(1, _ENTRIES // width**2) if law == "iid" else 1
    scales = np.repeat(float(depth) ** -np.array(betas), inputs)
    found = []
    for number in range(-(-draws // together)):
        layers = _layers(law, depth, width, matrices, together, (identity, number))
        start, cotangent = _ends(width, len(betas), inputs, together, (identity, number))
        forward, backward = propagate(layers, start, cotangent, scales)
        found.append((forward.log_ratio, forward.log_displacement, backward.log_ratio, backward.log_displacement))
    shape = (draws, len(betas), inputs)
    return ResidualRatios(*(np.concatenate(part)[:draws].reshape(shape) for part in zip(*found, strict=True)))


def _layers(law: str, depth: int, width: int, matrices: int, together: int, entropy: tuple[int, int]) -> Layers:
    if law == "iid":
        return IndependentLayers(depth, matrices, together, width, entropy)
    seeds = [stable_hash({"draw": list(entropy), "matrix": matrix}) for matrix in range(matrices)]
    return PathLayers(*(draw_layers(law, depth, (width, width), seed=seed) for seed in seeds))


def _ends(
    width: int, exponents: int, inputs: int, together: int, entropy: tuple[int, int]
) -> tuple[Float64Array, Float64Array]:
    """Return h_0 and p_L up to a factor, (networks, width, exponents × inputs)."""
    # Layers are numbered from 0, so that no segment of them has this key.
    generator = np.random.default_rng([*entropy, 2**32 - 1])
    embedding = generator.uniform(-1, 1, (together, width, INPUT_DIM)) * np.sqrt(3 / INPUT_DIM)
    readout = generator.uniform(-1, 1, (together, width, 1)) * np.sqrt(3 / width)
    start = embedding @ generator.uniform(0, 1, (together, INPUT_DIM, inputs))
    return np.tile(start, (1, 1, exponents)), np.broadcast_to(readout, (together, width, exponents * inputs))
