"""The law of the logarithm of a product of independent factors."""

from __future__ import annotations

import math

from deeplimits.limits.exact.chi_square_network import ChiSquareNetwork
from deeplimits.limits.laws import Inversion, Law, LogChiSquare, LogChiSquareMixture, LogChiSquareSum, NumericalLaw


def product_laws(
    network: ChiSquareNetwork, layers: int, others: tuple[LogChiSquareMixture, ...], shifts: list[float]
) -> tuple[Law, ...]:
    """Return the law of shift + growth + ``layers`` factors + ``others`` for each shift."""
    grown = [shift + layers * network.log_growth for shift in shifts]
    factors = ((network.factor, layers),) if network.factor is not None and layers else ()
    if not factors and len(others) == 1:
        degrees = int(others[0].degrees[0])
        return tuple(LogChiSquare(degrees, shift - math.log(others[0].reference)) for shift in grown)
    inversion = Inversion(LogChiSquareSum((*factors, *((other, 1) for other in others))))
    return tuple(NumericalLaw(inversion, shift) for shift in grown)
