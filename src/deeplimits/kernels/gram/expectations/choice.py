"""The choice of how the expectations of an activation are evaluated."""

from __future__ import annotations

from deeplimits.activations import Activation
from deeplimits.activations.closed_forms import closed_derivative_dual, closed_dual
from deeplimits.kernels.gram.expectations.closed import ClosedExpectations, PiecewiseLinearExpectations
from deeplimits.kernels.gram.expectations.expectations import Expectations
from deeplimits.kernels.gram.expectations.numerical import NumericalExpectations


def expectations_of(activation: Activation) -> Expectations:
    """Return how the expectations of ``activation`` are evaluated."""
    if activation.slopes is not None:
        return PiecewiseLinearExpectations(*activation.slopes)
    product, slope = closed_dual(activation), closed_derivative_dual(activation)
    if product is not None and slope is not None:
        return ClosedExpectations(product, slope)
    return NumericalExpectations(activation)


def has_closed_form(activation: Activation) -> bool:
    """Whether `expectations_of` ``activation`` are closed forms."""
    return closed_dual(activation) is not None and closed_derivative_dual(activation) is not None
