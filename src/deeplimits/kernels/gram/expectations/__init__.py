"""Gaussian expectations of pairs, whole arrays at a time."""

from deeplimits.kernels.gram.expectations.choice import expectations_of, has_closed_form
from deeplimits.kernels.gram.expectations.expectations import Expectations, Moments

__all__ = ["Expectations", "Moments", "expectations_of", "has_closed_form"]
