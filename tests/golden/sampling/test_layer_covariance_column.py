"""Covariance of the energy fractions of two layers against an independent Monte Carlo column.

Provenance: 10⁶ float32 networks (5·10⁵ antithetic pairs) with equal scales, n Cov(x_20, x_{20+lag}) with x twice the
energy fraction, standard error 0.0045 (0.0053 for width 200, lag 1). Checked: all 21 numbers, widths 100 and 200
by `slow`.
"""

import pytest

from deeplimits.architectures import ResNet
from deeplimits.sampling import sample

LAGS = (0, 1, 2, 3, 5, 10, 20)
COLUMNS = {
    50: (3.024, 2.0621, 1.4671, 1.0659, 0.5824, 0.1298, 0.0096),
    100: (3.005, 2.0044, 1.3954, 0.9890, 0.5097, 0.0937, 0.0058),
    200: (3.003, 1.9777, 1.3572, 0.9532, 0.4738, 0.0927, -0.003),
}


def rows(width, networks, seed):
    network, name = ResNet(width=width, depth=40), "energy_fraction_covariance"
    run = sample(network, num_networks=networks, observables=[name], seed=seed)
    for lag, expected in zip(LAGS, COLUMNS[width], strict=True):
        ours = run[name].covariance(20, 20 + lag)
        factor = 4 * width
        error = 0.0053 if (width, lag) == (200, 1) else 0.0045
        yield f"width {width}, lag {lag}", factor * ours.value, factor * ours.standard_error, expected, error


def test_every_lag(agree):
    agree(lambda seed: rows(50, 200_000, seed))


@pytest.mark.slow
def test_every_lag_and_width_with_many_networks(agree):
    agree(lambda seed: [row for width in COLUMNS for row in rows(width, 400_000, seed)])
