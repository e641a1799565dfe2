"""Distances between laws, against closed forms and against the laws' own cdfs."""

import numpy as np
import pytest
from scipy import stats

from deeplimits.architectures import MLP, ResNet
from deeplimits.comparison.law_distance import ks_between
from deeplimits.limits import Law, Normal, predict
from deeplimits.limits.laws import Inversion, LogChiSquare, LogChiSquareSum, NumericalLaw, log_chi_square


def on_a_grid(first: Law, second: Law) -> float:
    """Return the distance from the cdfs themselves."""
    y = np.linspace(min(first.mean, second.mean) - 40, max(first.mean, second.mean) + 20, 100_001)
    return float(np.max(np.abs(first.cdf(y) - second.cdf(y))))


@pytest.mark.parametrize("shift", [0.01, 0.5, 3.0])
def test_two_normals_apart(shift: float) -> None:
    expected = 2 * stats.norm.cdf(shift / 2) - 1
    assert ks_between(Normal(1.0, 1.0), Normal(1.0 + shift, 1.0)) == pytest.approx(expected, rel=2e-4)


def test_two_normals_of_different_spread() -> None:
    # The densities cross where y² (1 − 1/s²) = 2 ln s.
    crossing = np.sqrt(2 * np.log(2) / (1 - 1 / 4))
    expected = stats.norm.cdf(crossing) - stats.norm.cdf(crossing / 2)
    assert ks_between(Normal(0.0, 1.0), Normal(0.0, 2.0)) == pytest.approx(expected, rel=2e-4)


@pytest.mark.parametrize(
    ("network", "first", "second"),
    [
        (MLP(width=100, depth=20), "log-gaussian", "exact"),
        (MLP(width=100, depth=20, output_dim=1), "infinite-width", "exact"),
        (MLP(width=3, depth=20), "log-gaussian", "exact"),
        (MLP(width=5, depth=1, output_dim=1), "infinite-width", "exact"),
        (MLP(width=100, depth=1, output_dim=2000), "log-gaussian", "exact"),
        (MLP(width=30_000, depth=5), "infinite-width", "exact"),
        (ResNet(width=50, depth=200), "infinite-width", "log-gaussian"),
    ],
    ids=str,
)
def test_it_is_the_distance_of_the_cdfs(network: MLP | ResNet, first: str, second: str) -> None:
    laws = [predict(network, limit=limit)["log_squared_norm"] for limit in (first, second)]
    assert ks_between(*laws) == pytest.approx(on_a_grid(*laws), rel=5e-4, abs=1e-9)


def test_laws_far_apart_have_distance_1_and_a_law_has_none_to_itself() -> None:
    assert ks_between(Normal(0.0, 1.0), Normal(1e6, 1.0)) == 1.0
    assert ks_between(Normal(0.0, 1.0), Normal(30.0, 1.0)) == pytest.approx(1.0, abs=1e-9)
    assert ks_between(LogChiSquare(3), LogChiSquare(3)) == 0.0


def test_closed_and_numerical_forms_of_a_law_agree() -> None:
    numerical = NumericalLaw(Inversion(LogChiSquareSum(((log_chi_square(4), 1),))), shift=0.25)
    assert ks_between(numerical, LogChiSquare(4, shift=0.25)) < 1e-9


def test_a_law_without_characteristic_function_is_compared_on_its_quantiles() -> None:
    class Opaque(Law):
        mean, variance = 0.1, 1.0

        def cdf(self, y):  # type: ignore[no-untyped-def]
            return stats.norm.cdf(np.asarray(y) - 0.1)

        def quantile(self, probability):  # type: ignore[no-untyped-def]
            return 0.1 + stats.norm.ppf(np.asarray(probability))

    assert ks_between(Normal(0.0, 1.0), Opaque()) == pytest.approx(2 * stats.norm.cdf(0.05) - 1, abs=1e-3)
