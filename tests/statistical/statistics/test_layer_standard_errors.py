"""Standard errors along the layers, between layers and of output moments match the scatter that they describe."""

import math

import numpy as np
import pytest
from scipy import stats

from deeplimits.statistics import LayerCovariance, LayerSummary, OutputMoments

SPREAD = 0.3  # of a network's log-squared output
KAPPA = math.exp(SPREAD**2)


def scatter_p_value(errors):
    """Two-sided p-value of Σ z² for z = (estimate − truth) / standard error, which is χ² if those are right."""
    total = np.sum(np.square(errors))
    return 2 * min(stats.chi2.cdf(total, len(errors)), stats.chi2.sf(total, len(errors)))


def layer_mean(rng):
    summary = LayerSummary.from_values((0, 1), rng.beta(2, 3, size=(1000, 2)))
    return summary.mean[1], 2 / 5


def layer_variance(rng):
    summary = LayerSummary.from_values((0, 1), rng.beta(2, 3, size=(1000, 2)))
    return summary.variance[1], 1 / 25


def fractions(rng):
    """Two layers of fractions about 1/2, as those of networks 100 wide: deviations 0.087, correlation 0.6."""
    first, noise = rng.normal(size=(2, 1000))
    return LayerCovariance.from_values((0, 1), 0.5 + 0.087 * np.stack([first, 0.6 * first + 0.8 * noise], axis=1))


def pair_covariance(rng):
    return fractions(rng).covariance(0, 1), 0.6 * 0.087**2


def pair_variance(rng):
    return fractions(rng).covariance(1, 1), 0.087**2


def output(rng):
    squares = np.exp(SPREAD * rng.normal(size=(8000, 1))) * rng.normal(size=(8000, 4)) ** 2
    energy = squares.sum(axis=1)
    return OutputMoments.from_values(0.0, 4, np.log(energy), 4 * (squares**2).sum(axis=1) / energy**2)


def second_moment(rng):
    return output(rng).estimate("log_output_second_moment"), SPREAD**2 / 2


def kurtosis(rng):
    return output(rng).estimate("output_kurtosis"), 3 * KAPPA


def square_correlation(rng):
    return output(rng).estimate("output_square_correlation"), (KAPPA - 1) / (3 * KAPPA - 1)


CASES = [layer_mean, layer_variance, pair_covariance, pair_variance, second_moment, kurtosis, square_correlation]


def standardised_errors(case, seed, repetitions):
    rng, errors = np.random.default_rng(seed), []
    for _ in range(repetitions):
        estimate, truth = case(rng)
        errors.append((estimate.value - truth) / estimate.standard_error)
    return np.array(errors)


@pytest.mark.parametrize("case", CASES)
def test_standard_errors(verdict, case):
    verdict.accept(lambda seed: scatter_p_value(standardised_errors(case, seed, 400)))


@pytest.mark.parametrize("case", CASES)
def test_standard_errors_20_percent_too_small_are_seen(verdict, case):
    """Control; Σ z² then grows by 56 %, 8 of its standard deviations: power over 99 %."""
    verdict.reject(lambda seed: scatter_p_value(standardised_errors(case, seed, 400) / 0.8))
