"""Exact moments of the activity of the last preactivation vector."""

from __future__ import annotations

from deeplimits.limits.laws import Law, MomentsOnly, PointMass


def active_fraction(width: int, sign: int) -> Law:
    """Return the law of the fraction of positive entries of a Gaussian vector.

    B ~ Bin(n, ½) of the entries have the sign that keeps the network alive; if there is one (``sign`` not 0), B ≥ 1:
    E B = n / 2(1 − 2^−n), E B² = n(n + 1) / 4(1 − 2^−n).

    Args:
        width: n.
        sign: 1 or −1 if at least one entry is known to have that sign, 0 if not.

    >>> active_fraction(1, 1).mean
    1.0
    """
    return _conditioned(width, sign, (width + 1) / (4 * width))


def energy_fraction(width: int, sign: int) -> Law:
    """Return the law of ‖relu z‖²/‖z‖² for a Gaussian vector z.

    Given B positive entries it is Beta(B/2, (n − B)/2), so E of it is E B/n and E of its square is
    E B(B + 2) / n(n + 2) = (n + 5) / 4(n + 2)(1 − 2^−n).

    Args:
        width: n.
        sign: 1 or −1 if at least one entry is known to have that sign, 0 if not.

    >>> energy_fraction(1, 1).variance
    0.0
    """
    return _conditioned(width, sign, (width + 5) / (4 * (width + 2)))


def _conditioned(width: int, sign: int, second_moment: float) -> Law:
    """Return the moments of a fraction of mean ½ given that the share of ``sign`` is not 0.

    Before conditioning the second moment is given; the share is 0 with probability 2^−width.
    """
    alive = 1 - 2.0**-width if sign else 1.0
    mean = 0.5 / alive
    # Var = E f²/alive − mean², arranged so that nothing cancels at large width: E f² = ¼ + variance.
    variance = ((second_moment - 0.25) - 0.25 * (1 - alive) / alive) / alive
    if variance <= 0:
        return PointMass(mean if sign >= 0 else 1 - mean)
    return MomentsOnly(mean if sign >= 0 else 1 - mean, variance)
