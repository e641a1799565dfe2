"""How far a residual network with independent weights moves its input: exact second moment, law of the log-ratio.

h_{k+1} = h_k + L^-β V_k σ(θ_k h_k), σ = ReLU, L layers of width d, entries of V_k and θ_k independent with a symmetric
law of mean 0 and variance 1/d. Given h_k, flip the signs of the rows of θ_k and of the columns of V_k: the Jacobian
J_k = 1 + L^-β V_k D_k θ_k has the law in which the diagonal of D_k holds independent fair coins, whatever h_k is. So
h_L = J_L … J_1 h_0 is a product of independent matrices of one law, which transposing them does not change: whatever
is said of h_L and h_0 here is true of the gradients p_0 = J_1ᵀ … J_Lᵀ p_L too. Nothing is assumed of h_0 or p_L but
that they are not 0 and do not depend on the weights between; p_L may depend on them through a factor.

None of this holds with one matrix, h_{k+1} = h_k + L^-β V_k σ(h_k): there active neurons stay active, and the second
moment is larger by a factor 1 + O(1/d).
"""

from __future__ import annotations

import math

from deeplimits._typing import ArrayLike
from deeplimits.limits.laws import Normal
from deeplimits.validation import nonnegative_number, positive_integer


def mean_square_displacement(depth: int, exponent: ArrayLike) -> float:
    """Return E ‖h_L − h_0‖² / ‖h_0‖² = (1 + L^-2β / 2)^L − 1 of two-matrix blocks; of gradients alike.

    The increments are centred given what comes before, so it is E ‖h_L‖² / ‖h_0‖² − 1, and
    E ‖V σ(θ h)‖² = E ‖σ(θ h)‖² = ‖h‖² / 2 by symmetry. Infinite depth: 0 for β > 1/2, e^½ − 1 for β = 1/2, infinite
    for β < 1/2.

    Args:
        depth: L.
        exponent: β, at least 0: branches are multiplied by L^-β.

    Raises:
        ValueError: ``depth`` is not a positive integer, or ``exponent`` is below 0.

    Note: exact at every width, depth and law of symmetric entries.

    References: marion2025scaling (rederived).

    >>> round(mean_square_displacement(100, 0.5), 4)
    0.6467
    """
    depth, beta = positive_integer("depth", depth), nonnegative_number("exponent", exponent)
    return math.expm1(depth * math.log1p(float(depth) ** (-2 * beta) / 2))


def log_ratio_law(depth: int, width: int, exponent: ArrayLike) -> Normal:
    """Return the law of ln ‖h_L‖ / ‖h_0‖, and of ln ‖p_0‖ / ‖p_L‖, of deep networks with two-matrix blocks.

    With s = L^-β, one layer multiplies ‖h‖² by 1 + 2 s x + s² y, E x = 0, E x² = 1/(2d), E y = 1/2. To order s² its
    logarithm has half the mean s² (1/2 − 1/d) and half the root of the variance 2 s² / d: the sum over L layers is
    N(T (1/4 − 1/(2d)), T / (2d)), T = L^{1−2β}.

    Args:
        depth: L.
        width: d.
        exponent: β, at least 0.

    Raises:
        ValueError: ``depth`` or ``width`` is not a positive integer, or ``exponent`` is below 0.

    Note: the law as L → ∞ at fixed width and T; mean and variance have relative errors O(L^-2β), 1/L for β = 1/2.

    References: marion2025scaling (rederived).

    >>> law = log_ratio_law(1000, 100, 0.5)
    >>> round(law.mean, 6), round(law.variance, 6)
    (0.245, 0.005)
    """
    depth, width = positive_integer("depth", depth), positive_integer("width", width)
    time = float(depth) ** (1 - 2 * nonnegative_number("exponent", exponent))
    return Normal(time * (0.25 - 0.5 / width), math.sqrt(time / (2 * width)))
