"""Distances to claims: their intervals are as wide as what is behind them allows."""

import math

import pytest

from deeplimits.sweeps import MomentDistance


def test_many_networks_have_the_normal_interval_and_few_have_students() -> None:
    many, few = (MomentDistance("here", 3.0, 5, 0.5, freedom) for freedom in (math.inf, 4.0))
    assert many.interval(0.05).high == pytest.approx(3 + 0.5 * 1.959964, rel=1e-6)
    assert few.interval(0.05).high == pytest.approx(3 + 0.5 * 2.776445, rel=1e-6)
    assert MomentDistance("here", 0.2, 5, 0.5).interval(0.05).low == 0


def test_what_is_far_on_the_right_side_of_a_bound_is_within_whatever_its_error() -> None:
    far, near, beyond = (MomentDistance.beyond("here", excess, 10, 0.5) for excess in (-5.0, -0.1, 3.0))
    assert (far.value, near.value, beyond.value) == (0, 0, 3)
    assert far.interval(0.05).high == 0
    assert near.interval(0.05).high == pytest.approx(0.5 * 1.959964 - 0.1, rel=1e-5)
    assert beyond.interval(0.05).low == pytest.approx(3 - 0.5 * 1.959964, rel=1e-5)
    assert MomentDistance.beyond("here", 1.0, 3, 0.5, 2.0).interval(0.05).low == 0


def test_what_was_not_measured_is_missing() -> None:
    assert MomentDistance.beyond("here", math.nan, 0, math.nan).missing
