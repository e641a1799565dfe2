"""How far apart two ensembles of logits are: the Kullback–Leibler divergence of their Gaussian fits."""

from __future__ import annotations

import math

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array
from deeplimits.statistics.estimate import Estimate


def gaussian_divergence(logits: ArrayLike, reference: ArrayLike) -> Estimate:
    """Return the mean over inputs of KL(N(m, s²) ‖ N(m', s'²)) = ln(s'/s) + (s² + (m − m')²) / 2s'² − 1/2.

    m and s are mean and standard deviation over the networks of an ensemble, at each input and output apart; m' and s'
    those of the reference.

    Args:
        logits: of the ensemble, shape (networks, …), at least five networks.
        reference: of the reference, shape (other networks, …) with the same inputs.

    Raises:
        ValueError: the inputs disagree, or an ensemble has fewer than five networks.

    Note: for Gaussian logits the estimate has no bias at any number of networks: the expectations of ln s², 1 / s'² and
        (m − m')² are known. The standard error is the jackknife's over the networks of both.

    >>> rng = np.random.default_rng(0)
    >>> same = gaussian_divergence(rng.normal(size=(200, 50)), rng.normal(size=(200, 50)))
    >>> abs(same.value) < 0.01
    True
    """
    one, other = (np.asarray(array, dtype=np.float64) for array in (logits, reference))
    if one.shape[1:] != other.shape[1:] or min(one.shape[0], other.shape[0]) < 5:
        raise ValueError(
            "a divergence compares five or more networks with five or more at the same inputs, got shapes "
            f"{one.shape} and {other.shape}"
        )
    one, other = (array.reshape(array.shape[0], -1) for array in (one, other))
    squared = 0.0
    for left in (
        np.array([_divergence(np.delete(one, i, axis=0), other) for i in range(len(one))]),
        np.array([_divergence(one, np.delete(other, i, axis=0)) for i in range(len(other))]),
    ):
        squared += (left.size - 1) * float(left.var())
    return Estimate(_divergence(one, other), math.sqrt(squared), min(len(one), len(other)))


def _divergence(one: Float64Array, other: Float64Array) -> float:
    from scipy.special import digamma

    a, b = len(one), len(other)
    variance, reference = one.var(axis=0, ddof=1), other.var(axis=0, ddof=1)
    shift = (one.mean(axis=0) - other.mean(axis=0)) ** 2 - variance / a
    with np.errstate(divide="ignore", invalid="ignore"):  # an ensemble without spread is infinitely far
        logs = np.log(reference / variance)
        quadratic = (b - 3) / (b - 1) * (variance + shift) / reference - 1 / b
    bias = digamma((b - 1) / 2) - math.log((b - 1) / 2) - digamma((a - 1) / 2) + math.log((a - 1) / 2)
    return float(np.mean(logs - bias + quadratic - 1)) / 2
