"""Fractional Gaussian noise and fractional Brownian motion."""

from __future__ import annotations

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array
from deeplimits.validation import finite_number, positive_integer
from deeplimits.weights.laws.circulant import stationary_gaussian
from deeplimits.weights.laws.generator import law_generator


def fractional_gaussian_noise(length: int, *, hurst: float, count: int = 1, seed: int = 0) -> Float64Array:
    """Return paths of fractional Gaussian noise of unit variance, shape (count, length).

    B^H(k + 1) - B^H(k), with covariance γ(m) = (|m - 1|^{2H} - 2 |m|^{2H} + |m + 1|^{2H}) / 2 at lag m.

    Args:
        length: entries of each path.
        hurst: Hurst index H, between 0 and 1; 0.5 is white noise.
        count: number of independent paths.
        seed: of all paths together.

    Raises:
        ValueError: ``hurst`` is not between 0 and 1, or a number of paths or entries is below 1.

    Note: exact at every H. (The generator published with marion2025scaling uses the eigenvalue of frequency 0 at the
        Nyquist frequency too, and adds an alternating component: its variance is 1.23 at H = 0.9, 1.64 at H = 0.97.)

    References: davies1987tests; marion2025scaling.

    >>> noise = fractional_gaussian_noise(50, hurst=0.9, count=4000)
    >>> round(float(noise.var()), 1), round(float((noise[:, 1:] * noise[:, :-1]).mean()), 1)
    (1.0, 0.7)
    """
    length, count, exponent = positive_integer("length", length), positive_integer("count", count), 2 * _checked(hurst)

    def covariance(lags: Float64Array) -> Float64Array:
        return (np.abs(lags - 1) ** exponent - 2 * lags**exponent + (lags + 1) ** exponent) / 2

    generator = law_generator("fgn", seed, hurst=exponent / 2)
    return stationary_gaussian(covariance, length, count=count, generator=generator)


def fractional_brownian_path(length: int, *, hurst: float, count: int = 1, seed: int = 0) -> Float64Array:
    """Return fractional Brownian motion at k/length, k = 0 … length, shape (count, length + 1).

    Partial sums of fractional Gaussian noise times length^-H: B^H starts at 0 and has variance t^{2H}.

    Args:
        length: steps.
        hurst: Hurst index H, between 0 and 1.
        count: number of independent paths.
        seed: of all paths together.

    Raises:
        ValueError: see `fractional_gaussian_noise`.
    """
    noise = fractional_gaussian_noise(length, hurst=hurst, count=count, seed=seed)
    return np.pad(np.cumsum(noise, axis=1), ((0, 0), (1, 0))) * float(length) ** -hurst


def _checked(hurst: ArrayLike) -> float:
    number = finite_number("hurst", hurst)
    if not 0 < number < 1:
        raise ValueError(f"a Hurst index is between 0 and 1 (0.5 for white noise), got {number:g}")
    return number
