"""Stationary Gaussian sequences, exact in law, by circulant embedding."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from deeplimits._typing import Float64Array

# Eigenvalues below 0 by more than rounding mean that the circulant matrix is no covariance.
_ROUNDING = 1e-9


def stationary_gaussian(
    covariance: Callable[[Float64Array], Float64Array],
    length: int,
    *,
    count: int,
    generator: np.random.Generator,
    half_period: int = 0,
) -> Float64Array:
    """Return independent Gaussian sequences with mean 0 and the given covariance, shape (count, length).

    The covariance at lags 0 … N, N-1 … 1 is the first row of a circulant matrix with period 2N, whose eigenvalues λ_k
    are its discrete Fourier transform; x = irfft(sqrt(2N λ) ζ), with complex normal ζ_k, E |ζ_k|² = 1, real at k = 0
    and k = N, has that covariance, and any N + 1 of its entries in a row have the wanted one. The middle of the row is
    the covariance at lag N, and the eigenvalue at the Nyquist frequency is its own.

    Args:
        covariance: covariance at an array of lags.
        length: entries of each sequence.
        count: number of sequences.
        generator: source of randomness.
        half_period: least value of N, for a covariance that must decay before it is folded.

    Raises:
        ValueError: the circulant matrix is not positive semidefinite.

    Note: exact but for rounding; O(N ln N) for each sequence.

    References: davies1987tests.
    """
    half = 1 << (max(length - 1, half_period, 1) - 1).bit_length()
    row = covariance(np.arange(half + 1, dtype=np.float64))
    eigenvalues = np.fft.rfft(np.concatenate([row, row[-2:0:-1]])).real
    if eigenvalues.min() < -_ROUNDING * eigenvalues.max():
        raise ValueError(
            f"the covariance cannot be embedded with period {2 * half}: its smallest eigenvalue is "
            f"{eigenvalues.min():.3g}; raise half_period"
        )
    noise = generator.standard_normal((count, 2, half + 1))
    spectrum = np.sqrt(0.5) * (noise[:, 0] + 1j * noise[:, 1])
    spectrum[:, [0, -1]] = noise[:, 0, [0, -1]]
    spectrum *= np.sqrt(2 * half * np.maximum(eigenvalues, 0.0))
    return np.fft.irfft(spectrum, 2 * half, axis=1)[:, :length]
