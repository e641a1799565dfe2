"""Whatever is measured and predicted, a comparison can be printed and saved, and does not depend on units."""

import json

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri

from deeplimits.architectures import MLP
from deeplimits.comparison import compare
from deeplimits.datasets import as_inputs
from deeplimits.limits.laws.law import Law
from deeplimits.limits.prediction import Prediction
from deeplimits.sampling import Samples
from deeplimits.statistics import Summary

NETWORK = MLP(width=10, depth=3, weight_variance=2.0)
INPUTS = as_inputs(None, NETWORK.input_dim)


class AnyLaw(Law):
    """A Gaussian, its moments, or a point mass."""

    def __init__(self, kind, mean, variance):
        self.has_distribution, self.is_point_mass = kind != "moments", kind == "point"
        self._mean, self._variance = mean, 0.0 if kind == "point" else variance

    @property
    def mean(self):
        return self._mean

    @property
    def variance(self):
        return self._variance

    def cdf(self, y):
        return ndtr((np.asarray(y) - self._mean) / np.sqrt(self._variance))

    def quantile(self, probability):
        return self._mean + np.sqrt(self._variance) * ndtri(probability)


def compared(values, law):
    samples = Samples.from_summaries(
        NETWORK, INPUTS, len(values), (0,), 0, "lazy", {"log_norm_hidden": (Summary.from_values(values),)}, {}
    )
    return compare(samples, Prediction("any", NETWORK, INPUTS, {"log_norm_hidden": (law,)}, "", ""))


kinds = st.sampled_from(["gaussian", "moments", "point"])
numbers = st.floats(-1e6, 1e6)
variances = st.floats(1e-6, 1e6)


@given(st.lists(numbers, min_size=4, max_size=40), kinds, numbers, variances)
def test_every_comparison_is_json_and_fits_the_page(values, kind, mean, variance):
    comparison = compared(np.array(values), AnyLaw(kind, mean, variance))
    json.dumps(comparison.to_dict(), allow_nan=False)
    assert max(map(len, str(comparison).splitlines())) <= 100
    assert "nan" not in str(comparison) and "nan" not in comparison._repr_html_()


@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from(["gaussian", "moments"]),
    st.floats(-1, 1),
    st.floats(-50, 50),
    st.floats(0.1, 10),
)
def test_units_of_the_observable_do_not_matter(seed, kind, mean, shift, factor):
    values = np.random.default_rng(seed).normal(size=300)
    (row,) = compared(values, AnyLaw(kind, mean, 1.5)).rows
    (mapped,) = compared(shift + factor * values, AnyLaw(kind, shift + factor * mean, 1.5 * factor**2)).rows
    assert mapped.verdict == row.verdict and mapped.detectable == row.detectable
    for name, distance in row.distances.items():
        assert abs(mapped.distances[name].value - distance.value) < 1e-9
        assert abs(mapped.distances[name].high - distance.high) < 1e-9
    if row.wasserstein1:
        assert abs(mapped.wasserstein1.value / factor - row.wasserstein1.value) < 1e-5


@given(st.integers(0, 2**32 - 1), kinds, st.floats(0.005, 0.5), st.floats(0.005, 0.5))
def test_a_larger_tolerance_never_makes_a_verdict_worse(seed, kind, first, second):
    assume(first < second)
    rng = np.random.default_rng(seed)
    values, law = rng.normal(size=200), AnyLaw(kind, rng.normal(scale=0.3), 1.0)
    comparison = compared(values, law)
    severity = ["within", "undecided", "outside"]
    strict, lenient = (
        compare(comparison.samples, comparison.answers, tolerance=tolerance).rows[0].verdict
        for tolerance in (first, second)
    )
    assert severity.index(lenient) <= severity.index(strict)
