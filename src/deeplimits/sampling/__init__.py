"""Exact sampling of finite random networks."""

from deeplimits.sampling.sample import SamplingError, sample
from deeplimits.sampling.samples import Samples

__all__ = ["Samples", "SamplingError", "sample"]
