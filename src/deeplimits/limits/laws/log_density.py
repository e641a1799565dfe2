"""The logarithm of a density, far into its tails, by exponential tilting."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.limits.laws.gamma_excess import ComplexArray
from deeplimits.limits.laws.hermite import UniformHermite
from deeplimits.limits.laws.inversion import Inverted, Transform, invert

_RELIABLE = 1e-6
"""Part of its peak down to which an inverted density has nine digits."""

_DEPTH = -745.0
"""Logarithm of the density, relative to its peak, at which float64 underflows."""

_MOST_WINDOWS = 24


@dataclass(frozen=True, eq=False)
class Tilted:
    """Describe the law with density e^{tilt y} f(y), normalised and moved by −centre, for the law of density f."""

    base: Transform
    tilt: float
    centre: float

    @property
    def left_abscissa(self) -> float:
        """The s > 0 up to which E exp(−s Y) is finite."""
        return self.base.left_abscissa + self.tilt

    @property
    def log_normaliser(self) -> float:
        """Logarithm of the moment that the tilted density is divided by."""
        return float(self.base.log_moment(np.array([self.tilt + 0j]))[0].real)

    def log_moment(self, s: ComplexArray) -> ComplexArray:
        """Return ln E exp(s Y)."""
        return self.base.log_moment(s + self.tilt) - self.log_normaliser - s * self.centre


class LogDensity:
    """Evaluate the log-density of a centred law.

    The inverted density is accurate relative to its peak only. Further out, the law is tilted so that its mean moves
    to the edge of what is known, inverted again, and tilted back; each such window reaches five standard deviations
    on. Where no tilt leads further, ln f is continued linearly: that is right for the exponential tail of ln χ²_k, and
    too low where a rare value of a mixture takes over.

    Args:
        transform: the law's moment generating function.
        deviation: its standard deviation.
        inverted: the law itself, inverted.
    """

    def __init__(self, transform: Transform, deviation: float, inverted: Inverted) -> None:
        self._transform = transform
        self._deviation = deviation
        self._centre = _log_piece(inverted, Tilted(transform, 0.0, 0.0))
        self._tails: dict[int, list[UniformHermite]] = {}

    def __call__(self, y: Float64Array) -> Float64Array:
        """Return ln f(y), elementwise."""
        result = np.array(self._centre(y))
        for side, inner in ((1, self._centre.end), (-1, self._centre.start)):
            outside = side * y > side * inner
            if np.any(outside):
                result[outside] = self._in_tail(y[outside], side, inner)
        return result

    def _in_tail(self, y: Float64Array, side: int, inner: float) -> Float64Array:
        """Return ln f(y) beyond ``inner``, where each window takes over at the edge of the one before."""
        if side not in self._tails:
            self._tails[side] = self._windows(side)
        windows = self._tails[side] or [self._centre]
        edges = [inner] + [window.end if side > 0 else window.start for window in windows[:-1]]
        chosen = np.searchsorted(side * np.array(edges), side * y) - 1
        result = np.empty_like(y)
        for index in np.unique(chosen):
            result[chosen == index] = windows[index](y[chosen == index])
        return result

    def _windows(self, side: int) -> list[UniformHermite]:
        """Invert tilted laws from the centre outwards until the density underflows."""
        windows: list[UniformHermite] = []
        last, tilt, peak = self._centre, 0.0, float(self._centre.values.max())
        for _ in range(_MOST_WINDOWS):
            edge, height = (last.end, last.values[-1]) if side > 0 else (last.start, last.values[0])
            if height - peak < _DEPTH:
                break
            try:
                tilt = self._tilt_to(edge, tilt, side)
                tilted = Tilted(self._transform, tilt, edge)
                last = _log_piece(invert(tilted, self._slopes(tilt)[1]), tilted)
            except ValueError:
                break
            windows.append(last)
        return windows

    def _tilt_to(self, edge: float, start: float, side: int) -> float:
        """Return the tilt that moves the mean about to ``edge``."""
        near, reach, furthest = start, 1 / self._deviation, -0.99 * self._transform.left_abscissa
        while True:
            far = max(near + side * reach, furthest)
            if side * (self._slopes(far)[0] - edge) > 0:
                break
            if far == furthest:
                raise ValueError(f"no tilt above {furthest:g} moves the mean to {edge:g}")
            near, reach = far, 2 * reach
        for _ in range(16):
            middle = (near + far) / 2
            near, far = (near, middle) if side * (self._slopes(middle)[0] - edge) > 0 else (middle, far)
        return far

    def _slopes(self, tilt: float) -> tuple[float, float]:
        """Return mean and standard deviation of the tilted law, by a small step along the imaginary axis."""
        step = 1e-3 / self._deviation
        values = self._transform.log_moment(np.array([tilt + 1j * step, tilt + 0j]))
        variance = 2 * (values[1].real - values[0].real) / step**2
        return float(values[0].imag) / step, math.sqrt(variance)


def _log_piece(inverted: Inverted, tilted: Tilted) -> UniformHermite:
    """Return ln f where the inverted tilted density is reliable, tilted back."""
    density = inverted.density
    peak = int(np.argmax(density))
    poor = density < _RELIABLE * density[peak]
    first = peak - int(np.argmax(poor[peak::-1])) + 1
    last = peak + int(np.argmax(poor[peak:])) - 1
    kept = slice(first, last + 1)
    start = inverted.cdf.start + first * inverted.cdf.step
    y = tilted.centre + start + inverted.cdf.step * np.arange(last - first + 1)
    values = np.log(density[kept]) + tilted.log_normaliser - tilted.tilt * y
    slopes = inverted.density_slope[kept] / density[kept] - tilted.tilt
    return UniformHermite(float(y[0]), inverted.cdf.step, values, slopes)
