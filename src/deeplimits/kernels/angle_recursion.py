"""How two inputs align from layer to layer in a wide piecewise linear network."""

from __future__ import annotations

import math
from collections.abc import Iterator

_SMALL_ANGLE = 0.05


def alignment(gap: float) -> float:
    """Return sin θ − θ cos θ at 1 − cos θ = ``gap``, to a relative error of 1e-13 also for small angles.

    With φ(z) = s₊ max(z, 0) + s₋ min(z, 0) and D = (s₊ − s₋)²/2(s₊² + s₋²) (½ for ReLU), inputs of correlation
    ρ = cos θ have E φφ'/E φ² = ρ + (2D/π)(sin θ − θ cos θ).

    Args:
        gap: 1 − ρ in [0, 2].

    >>> alignment(1.0)  # θ = π/2
    1.0

    References: cho2009kernel, arc-cosine kernel of degree 1.
    """
    angle = 2 * math.asin(min(1.0, math.sqrt(gap / 2)))
    if angle > _SMALL_ANGLE:
        return math.sin(angle) - angle * (1 - gap)
    square = angle * angle
    return angle * square / 3 * (1 - square / 10 * (1 - square / 28 * (1 - square / 54)))


def correlation_gaps(rate: float, first_gap: float) -> Iterator[float]:
    """Yield 1 − ρ_l for l = 0, 1, … with ρ_{l+1} = ρ_l + rate · (sin θ_l − θ_l cos θ_l).

    That is ρ_{l+1} = a² ρ_l + b² E φφ'/E φ² with rate = 2 D b²/π (b²/π for ReLU). The gap is carried, not ρ, so that
    the small angles of deep networks keep their digits.

    Args:
        rate: 2 D b²/π, at least 0 and at most 2/π.
        first_gap: 1 − ρ_0.
    """
    gap = first_gap
    while True:
        yield gap
        gap = max(0.0, gap - rate * alignment(gap))


def correlation_flow(time: float, first_gap: float, steps: int = 1000) -> float:
    """Return 1 − ρ(time) with dρ/dt = (sin θ − θ cos θ)/π: the limit of `correlation_gaps` at weak branches.

    A ReLU ResNet of skip_scale 1 and branch_scale² = t/depth has rate · depth → t/π, whatever the ratio of its depth
    to its width: at finite width its correlation fluctuates by O(1/√width) about this path.

    Args:
        time: t, at least 0.
        first_gap: 1 − ρ(0).
        steps: steps of a Runge–Kutta method of order 4.

    >>> round(1 - correlation_flow(1.0, 1.0), 5)
    0.25386

    References: hayou2023width, the limiting covariance kernel of stable ResNets (rederived).
    """

    def slope(gap: float) -> float:
        return -alignment(min(max(gap, 0.0), 2.0)) / math.pi

    gap, step = first_gap, time / steps
    for _ in range(steps):
        first = slope(gap)
        second = slope(gap + step / 2 * first)
        third = slope(gap + step / 2 * second)
        gap += step / 6 * (first + 2 * second + 2 * third + slope(gap + step * third))
    return gap
