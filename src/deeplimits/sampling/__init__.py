"""Exact sampling of finite random networks."""

from deeplimits.sampling.merge import merge
from deeplimits.sampling.persistence import load, save
from deeplimits.sampling.sample import begin, extend, sample
from deeplimits.sampling.samples import Samples
from deeplimits.sampling.states import SamplingError

__all__ = ["Samples", "SamplingError", "begin", "extend", "load", "merge", "sample", "save"]
