"""Wide networks, trained in all weights by gradient descent, against the law of those of infinite width."""

import numpy as np
import pytest
from scipy import stats

from deeplimits.architectures import MLP
from deeplimits.gp import NTKRegressor

WIDTH, NETWORKS, STEP = 256, 500, 0.02
TIME = 0.6
NET = MLP(width=WIDTH, depth=1, input_dim=3)
X = np.array([[1.0, 0.5, -1.0], [-0.5, 1.0, 1.0], [1.0, 1.0, 0.0]])
Y = np.array([1.0, -1.0, 0.5])
NEW = np.array([[0.0, 1.0, -1.0]])


def trained_outputs(seed):
    """Return what each network gives at the new input after its training, written out by hand."""
    normals = np.random.default_rng(seed)
    first = normals.standard_normal((NETWORKS, WIDTH, 3))
    readout = normals.standard_normal((NETWORKS, WIDTH))
    into, out = np.sqrt(1 / 3), np.sqrt(2 / WIDTH)
    for _ in range(round(TIME / STEP)):
        hidden = into * first @ X.T
        active = np.maximum(hidden, 0)
        residual = out * np.einsum("kw,kwi->ki", readout, active) - Y
        back = out * readout[:, :, None] * (hidden > 0) * residual[:, None, :]
        readout = readout - STEP * out * np.einsum("kwi,ki->kw", active, residual)
        first = first - STEP * into * back @ X
    return out * np.einsum("kw,kw->k", readout, np.maximum(into * first @ NEW[0], 0))


def p_value(mean, deviation):
    """Return a p-value of normal outputs with ``mean`` and ``deviation``: that of mean or variance, the smaller."""

    def of(seed):
        standard = (trained_outputs(seed) - mean) / deviation
        by_mean = 2 * stats.norm.sf(abs(standard.mean()) * np.sqrt(NETWORKS))
        by_variance = 2 * min(
            stats.chi2(NETWORKS).cdf(np.sum(standard**2)), stats.chi2(NETWORKS).sf(np.sum(standard**2))
        )
        return min(1.0, 2 * min(by_mean, by_variance))

    return of


def law(**options):
    mean, std = NTKRegressor(NET, **options).fit(X, Y).predict(NEW, return_std=True)
    return mean[0], std[0]


def test_networks_trained_for_a_time_have_the_predicted_mean_and_spread(verdict):
    verdict.accept(p_value(*law(training_time=TIME)))


@pytest.mark.parametrize(("time", "spread"), [(0.4 * TIME, 1.0), (TIME, 1.2)], ids=["less time", "wider"])
def test_a_wrong_law_is_seen(verdict, time, spread):
    mean, _ = law(training_time=time)
    verdict.reject(p_value(mean, spread * law(training_time=TIME)[1]))
