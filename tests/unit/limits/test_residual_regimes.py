"""Closed forms and regimes of residual networks at initialisation."""

import math

import pytest

from deeplimits.limits.residual_regimes import (
    critical_exponent,
    log_ratio_law,
    mean_square_displacement,
    residual_regime,
)


def test_the_second_moment_by_multiplying_layer_after_layer():
    product = 1.0
    for _ in range(37):
        product *= 1 + 37.0 ** (-2 * 0.7) / 2
    assert mean_square_displacement(37, 0.7) == pytest.approx(product - 1, rel=1e-12)


@pytest.mark.parametrize(
    ("depth", "exponent", "value"),
    [(10**6, 0.5, math.expm1(0.5)), (10**6, 1.0, 0.5e-6), (10**6, 2.0, 0.5e-18), (100, 0.5, 0.6467)],
)
def test_the_second_moment_of_deep_networks(depth, exponent, value):
    assert mean_square_displacement(depth, exponent) == pytest.approx(value, rel=1e-4)


def test_the_log_normal_law_has_the_second_moment_but_for_one_over_depth():
    law = log_ratio_law(1000, 100, 0.5)
    second = math.exp(2 * law.mean + 2 * law.variance)
    assert second == pytest.approx(1 + mean_square_displacement(1000, 0.5), rel=2e-3 / 1000 * 100)


@pytest.mark.parametrize(
    ("law", "exponent"),
    [("iid", 0.5), ("iid:gaussian", 0.5), ("rbf", 1), ("fbm:0.05", 0.5), ("fbm:0.5", 0.5), ("fbm:0.97", 0.97)],
)
def test_on_either_side_of_the_critical_exponent(law, exponent):
    assert critical_exponent(law) == exponent
    kinds = [residual_regime(law, exponent + shift).kind for shift in (-1e-6, 0.0, 1e-6)]
    assert kinds == ["explosion", "non-trivial", "identity"]
    assert residual_regime(law, exponent).accuracy and residual_regime(law, exponent).regime


@pytest.mark.parametrize("law", ["fbm", "fbm:1", "fbm:nan", "fbm:x", "brownian"])
def test_laws_that_are_none_are_refused(law):
    with pytest.raises(ValueError, match=r"Hurst|law of layers"):
        critical_exponent(law)


def test_wrong_numbers_are_refused():
    with pytest.raises(ValueError, match="exponent"):
        mean_square_displacement(10, -0.5)
    with pytest.raises(ValueError, match="depth"):
        log_ratio_law(0, 10, 0.5)
