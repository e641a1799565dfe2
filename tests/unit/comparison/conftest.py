"""Small laws, predictions and samples made by hand, so that the rules are tested without any theorem or network."""

import math

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from deeplimits.architectures import ResNet
from deeplimits.datasets import as_inputs
from deeplimits.limits.laws.law import Law
from deeplimits.limits.prediction import Prediction
from deeplimits.sampling import Samples
from deeplimits.sampling.states import States
from deeplimits.statistics import Summary

NETWORK = ResNet(width=100, depth=50, weight_variance=2.0)


class MomentsOnly(Law):
    has_distribution = False

    def __init__(self, mean, variance=None):
        self._mean, self._variance = mean, variance

    @property
    def mean(self):
        return self._mean

    @property
    def variance(self):
        return self._variance


class Point(MomentsOnly):
    is_point_mass = True

    def __init__(self, mean):
        super().__init__(mean, 0.0)


class Gaussian(MomentsOnly):
    has_distribution = True

    def cdf(self, y):
        return ndtr((np.asarray(y) - self.mean) / math.sqrt(self.variance))

    def quantile(self, probability):
        return self.mean + math.sqrt(self.variance) * ndtri(probability)


class Laws:
    gaussian, moments, point = Gaussian, MomentsOnly, Point


@pytest.fixture
def laws():
    return Laws


@pytest.fixture
def predict():
    def make(limit, laws, *, x=None, network=NETWORK, **words):
        inputs = as_inputs(x, network.input_dim)
        per_input = {name: law if isinstance(law, tuple) else (law,) for name, law in laws.items()}
        return Prediction(limit, network, inputs, per_input, "a regime", "an accuracy", **words)

    return make


@pytest.fixture
def measure():
    def make(values, *, x=None, network=NETWORK, num_dead=None):
        inputs = as_inputs(x, network.input_dim)
        per_input = {name: list(np.atleast_2d(array)) for name, array in values.items()}
        count = len(next(iter(per_input.values()))[0])
        dead = num_dead or (0,) * inputs.count
        summaries = {
            name: tuple(Summary.from_values(array[lost:]) for array, lost in zip(arrays, dead, strict=True))
            for name, arrays in per_input.items()
        }
        return Samples.from_summaries(network, inputs, count, dead, 7, "lazy", summaries, {"python": "3.11"})

    return make


@pytest.fixture
def measure_states():
    """Samples of what has other states than the law of one number per network: name of the accumulator → states."""

    def make(states, *, x=None, network=NETWORK, observables=None):
        inputs = as_inputs(x, network.input_dim)
        by_name = {name: each if isinstance(each, tuple) else (each,) for name, each in states.items()}
        (count,) = {state.count for each in by_name.values() for state in each}
        nothing = {name: tuple(_none_like(state) for state in each) for name, each in by_name.items()}
        dead = (0,) * inputs.count
        complete, rest = States(by_name, dead, count), States(nothing, dead, 0)
        names = tuple(observables or by_name)
        return Samples(network, inputs, 7, "lazy", names, 64, 0, complete, rest, {"python": "3.11"})

    return make


def _none_like(state):
    if hasattr(state, "log_scale"):
        return type(state).empty(state.log_scale, state.output_dim)
    return type(state).empty(state.layers)


@pytest.fixture
def normal_scores():
    """Values whose empirical law is as near to N(0, 1) as that many values can be."""
    return lambda count: ndtri((np.arange(count) + 0.5) / count)
