"""Recorded numbers of marion2025scaling: an independent simulation of its networks at initialisation.

Tolerances are those that were recorded beside them.
"""

import numpy as np
import pytest

from deeplimits.experiments.residual_regimes.recorded import LOG_DISPLACEMENT
from deeplimits.sampling.residual_ratios import PathLayers, propagate, residual_ratios

# depth → mean displacement of outputs and gradients of independent weights of width 40, about 4 % of noise each.
INDEPENDENT = {
    1.0: {10: (0.217, 0.231), 120: (0.064, 0.067)},
    0.5: {10: (0.759, 0.791), 120: (0.793, 0.790)},
}


@pytest.mark.parametrize("depth", [10, 120])
def test_independent_weights(depth):
    found = residual_ratios(depth, 40, list(INDEPENDENT), draws=200)
    for i, values in enumerate(INDEPENDENT.values()):
        for part, said in zip((found.output_displacement, found.gradient_displacement), values[depth], strict=True):
            assert np.exp(part[:, i]).mean() == pytest.approx(said, rel=0.09)


def test_smooth_weights():
    found = residual_ratios(120, 40, [2.0, 1.0], law="rbf", draws=10, inputs=4).output_displacement
    double, one = np.exp(found).mean((0, 2))
    assert 120 * double == pytest.approx(0.20, abs=0.05)
    assert one == pytest.approx(0.20, abs=0.05)
    # Negative control: independent weights have displacement 0.06 at this exponent.
    independent = residual_ratios(120, 40, [1.0], draws=40).output_displacement
    assert np.exp(independent).mean() < 0.1


@pytest.mark.slow
def test_the_histogram():
    found = residual_ratios(1000, 100, [0.5], draws=2000)
    for logs in (found.output.ravel(), found.gradient.ravel()):
        ratio = np.exp(logs)
        assert ratio.mean() == pytest.approx(1.280, abs=0.008)
        assert ratio.std() == pytest.approx(0.090, abs=0.006)
        assert logs.mean() == pytest.approx(0.244, abs=0.006)
        assert logs.std() == pytest.approx(0.0705, abs=0.004)
        assert np.quantile(ratio, [0.05, 0.95]) == pytest.approx([1.137, 1.426], abs=0.02)


@pytest.mark.slow
@pytest.mark.parametrize("hurst", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_the_map(hurst):
    exponents = [0.5, 0.75, 1.0, 1.25]
    found = residual_ratios(1000, 40, exponents, law=f"fbm:{hurst}", draws=12, inputs=4)
    for i, exponent in enumerate(exponents):
        sides = (found.output_displacement, found.gradient_displacement)
        for part, said in zip(sides, LOG_DISPLACEMENT[hurst, exponent], strict=True):
            if abs(said) < 3:
                assert part[:, i].mean() / np.log(10) == pytest.approx(said, abs=0.25)


def released_noise(depth, hurst, count, generator):
    """Return noise of the published generator: its Nyquist frequency has the eigenvalue of frequency 0."""
    lags = np.arange(depth, dtype=float)
    row = (np.abs(lags - 1) ** (2 * hurst) - 2 * lags ** (2 * hurst) + (lags + 1) ** (2 * hurst)) / 2
    eigenvalues = np.fft.rfft(np.concatenate([row, [0.0], row[:0:-1]])).real
    eigenvalues[-1] = eigenvalues[0]
    normals = generator.standard_normal((2, count, depth + 1)) * np.sqrt(0.5)
    spectrum = normals[0] + 1j * normals[1]
    spectrum[:, [0, -1]] = np.sqrt(2) * normals[0][:, [0, -1]]
    return np.fft.irfft(spectrum * np.sqrt(2 * depth * np.maximum(eigenvalues, 0)), 2 * depth, axis=1)[:, :depth]


def test_the_published_generator_has_too_much_variance():
    noise = released_noise(1000, 0.9, 4000, np.random.default_rng(0))
    assert noise.var() == pytest.approx(1.23, abs=0.03)


@pytest.mark.slow
def test_the_map_sees_the_published_generator():
    # The row of H = 0.9 was recorded with that generator: where displacements explode, the exact one gives less.
    generator, width, depth = np.random.default_rng(1), 40, 1000
    said = LOG_DISPLACEMENT[0.9, 0.25][0]
    released = []
    for _ in range(12):
        paths = [released_noise(depth, 0.9, width**2, generator).T.reshape(depth, width, width) for _ in range(2)]
        start, cotangent = generator.uniform(0, 1, (1, width, 1)), generator.normal(size=(1, width, 1))
        layers = PathLayers(*(path / np.sqrt(width) for path in paths))
        forward, _ = propagate(layers, start, cotangent, [depth**-0.25])
        released.append(forward.log_displacement.item() / np.log(10))
    exact = residual_ratios(depth, width, [0.25], law="fbm:0.9", draws=12).output_displacement / np.log(10)
    error = np.std(released) / np.sqrt(12) + exact.std() / np.sqrt(12)
    assert np.mean(released) == pytest.approx(said, abs=3)
    assert np.mean(released) - exact.mean() > 3 * error
    assert abs(exact.mean() - said) > 3 * exact.std() / np.sqrt(12)
