"""Numbers of independent simulations that were recorded before this experiment was written.

They are from the same equations, of width 40: three draws of the weights with three inputs each, at depth 1000. The
source says that its fractional noise is exact; where displacements explode at H = 0.9 its values are those of the
published generator instead, whose noise has too much variance. None of those is claimed: they are above 3.
"""

from __future__ import annotations

# (Hurst index, exponent) → mean log10 of the displacement of outputs and of gradients.
LOG_DISPLACEMENT: dict[tuple[float, float], tuple[float, float]] = {
    (0.1, 0.25): (2.53, 3.57),
    (0.1, 0.5): (-0.19, -0.07),
    (0.1, 0.75): (-0.91, -0.88),
    (0.1, 1.0): (-1.68, -1.64),
    (0.1, 1.25): (-2.42, -2.37),
    (0.3, 0.25): (2.49, 3.31),
    (0.3, 0.5): (-0.21, -0.07),
    (0.3, 0.75): (-0.97, -0.89),
    (0.3, 1.0): (-1.73, -1.63),
    (0.3, 1.25): (-2.47, -2.42),
    (0.5, 0.25): (3.44, 3.16),
    (0.5, 0.5): (-0.15, -0.09),
    (0.5, 0.75): (-0.91, -0.90),
    (0.5, 1.0): (-1.65, -1.65),
    (0.5, 1.25): (-2.43, -2.40),
    (0.7, 0.25): (9.46, 8.73),
    (0.7, 0.5): (0.63, 0.10),
    (0.7, 0.75): (-0.45, -0.82),
    (0.7, 1.0): (-1.21, -1.57),
    (0.7, 1.25): (-1.96, -2.30),
    (0.9, 0.25): (30.7, 30.2),
    (0.9, 0.5): (4.1, 3.7),
    (0.9, 0.75): (0.30, 0.01),
    (0.9, 1.0): (-0.63, -0.84),
    (0.9, 1.25): (-1.35, -1.62),
}

# Hurst index → exponent at which the displacement of outputs is 1 at depth 1000, and how far it may be off.
UNIT_DISPLACEMENT: dict[float, tuple[float, float]] = {
    0.1: (0.45, 0.06),
    0.3: (0.45, 0.06),
    0.5: (0.45, 0.06),
    0.7: (0.65, 0.07),
    0.9: (0.83, 0.08),
}
