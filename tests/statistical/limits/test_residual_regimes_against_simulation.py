"""Second moments and the log-normal law of residual networks at initialisation, against simulation."""

import math

import numpy as np
import pytest
from scipy import stats

from deeplimits.limits.residual_regimes import log_ratio_law, mean_square_displacement
from deeplimits.sampling.residual_ratios import residual_ratios

DRAWS = {4: 12_000, 20: 1600}


def p_value(seed, side, width, exponent, block="two-matrix"):
    found = residual_ratios(60, width, [exponent], draws=DRAWS[width], seed=seed, block=block)
    squares = np.exp(2 * getattr(found, f"{side}_displacement").ravel())
    z = (squares.mean() - mean_square_displacement(60, exponent)) / (squares.std() / math.sqrt(squares.size))
    return 2 * stats.norm.sf(abs(z))


@pytest.mark.parametrize("side", ["output", "gradient"])
@pytest.mark.parametrize("width", [4, 20])
def test_the_exact_second_moment(verdict, side, width):
    verdict.accept(lambda seed: p_value(seed, side, width, 0.5))


@pytest.mark.parametrize("side", ["output", "gradient"])
def test_the_second_moment_sees_active_neurons_that_stay_active(verdict, side):
    verdict.reject(lambda seed: p_value(seed, side, 4, 0.4, "one-matrix"))


@pytest.mark.parametrize("side", ["output", "gradient"])
def test_the_law_of_the_log_ratio(verdict, side):
    width, depth, draws = 10, 300, 1200

    def logs(seed):
        return getattr(residual_ratios(depth, width, [0.5], draws=draws, seed=seed), side).ravel()

    law, wide = log_ratio_law(depth, width, 0.5), 0.25
    normal = stats.norm(law.mean, math.sqrt(law.variance))
    verdict.accept(lambda seed: stats.kstest(logs(seed), normal.cdf).pvalue)
    # Negative control: the mean of infinite width.
    verdict.reject(lambda seed: stats.ttest_1samp(logs(seed), wide).pvalue)
