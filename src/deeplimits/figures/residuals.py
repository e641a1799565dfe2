"""The panel below a law or a curve: measured less predicted, in standard errors."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from deeplimits.figures.style import INK, SIMULATION_FILL

RESIDUAL_LABEL = "residual\n(standard errors)"
BAND = 2.0
"""Standard errors either way that are shaded: chance leaves them once in 22 times."""


def prepare_residuals(axes: Axes) -> None:
    """Shade the band that chance rarely leaves, and draw the line of no difference."""
    axes.axhspan(-BAND, BAND, color=SIMULATION_FILL, linewidth=0)
    axes.axhline(0, color=INK, linewidth=0.6)


def scale_residuals(axes: Axes) -> None:
    """Make the axis linear up to 3 standard errors and logarithmic beyond; tick the band's edges and powers of ten."""
    axes.set_yscale("symlog", linthresh=3, linscale=0.8)
    low, high = axes.get_ylim()
    low, high = min(1.2 * low, -4.0), max(1.2 * high, 4.0)
    axes.set_ylim(low, high)
    powers = [10.0**k for k in range(1, int(np.log10(max(-low, high, 10.0))) + 1)]
    powers = powers[:: len(powers) // 3 + 1]
    ticks = [tick for tick in (*(-p for p in reversed(powers)), -BAND, BAND, *powers) if low <= tick <= high]
    axes.set_yticks(ticks, [f"{tick:,.0f}".replace("-", "\u2212") for tick in ticks])
    axes.set_yticks([], minor=True)
