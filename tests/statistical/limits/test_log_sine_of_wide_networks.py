"""The sine of the angle of two inputs at infinite width against wide networks."""

import numpy as np
import pytest
from scipy import stats

from deeplimits.architectures import MLP
from deeplimits.limits import predict
from deeplimits.sampling import sample

NET = MLP(width=1000, depth=12, input_dim=2)
# Depth/width times a number of order 1 is what the limit leaves out: fluctuations bend the mean of a logarithm.
ALLOWANCE = 3 * np.arange(1, 13) / NET.width


def inputs(cosine):
    return [[1.0, 0.0], [cosine, np.sqrt(1 - cosine**2)]]


@pytest.fixture
def p_value():
    def compute(predicted):
        expected = np.array(predict(NET, inputs(predicted), limit="infinite-width")["log_sine"].mean)

        def at(seed):
            run = sample(NET, inputs(0.3), num_networks=512, observables=["log_sine"], seed=seed)
            means = run["log_sine"].mean
            excess = np.abs([mean.value for mean in means] - expected) - ALLOWANCE
            scores = np.maximum(excess, 0) / [mean.standard_error for mean in means]
            return min(1.0, 2 * len(scores) * stats.norm.sf(scores.max()))

        return at

    return compute


def test_wide_networks_have_the_predicted_angle_at_every_layer(p_value, verdict):
    verdict.accept(p_value(0.3))


def test_control_another_first_angle_is_seen(p_value, verdict):
    verdict.reject(p_value(0.33))
