import math

import pytest
from scipy import stats

from deeplimits.comparison.verdicts import (
    decide,
    networks_for_law,
    networks_for_moment,
    networks_to_decide,
    normal_distance,
    worst,
    z_p_value,
)
from deeplimits.statistics import Interval


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.0, 0.01, "within"),
        (0.0, 0.02, "within"),  # the upper end may touch the tolerance
        (0.0, 0.0201, "undecided"),
        (0.02, 0.03, "undecided"),  # the lower end must be above it
        (0.0201, 0.03, "outside"),
    ],
)
def test_interval_decides(low, high, verdict):
    assert decide(Interval((low + high) / 2, low, high), 0.02) == verdict


def test_the_worst_part_decides_and_of_equals_the_farthest():
    within, undecided, outside = Interval(0.01, 0.0, 0.02), Interval(0.01, 0.0, 0.03), Interval(0.04, 0.03, 0.05)
    assert worst({"mean": within, "variance": undecided}, 0.02) == ("variance", "undecided")
    assert worst({"mean": outside, "variance": undecided}, 0.02) == ("mean", "outside")
    assert worst({"mean": within, "variance": Interval(0.015, 0.01, 0.02)}, 0.02) == ("variance", "within")


def test_normal_distance_is_two_sided_and_scaled():
    distance = normal_distance(-0.6, 0.1, 2.0, 0.05)
    half_width = stats.norm.isf(0.025) * 0.05
    assert distance.value == pytest.approx(0.3)
    assert (distance.low, distance.high) == (pytest.approx(0.3 - half_width), pytest.approx(0.3 + half_width))
    assert normal_distance(0.01, 0.1, 1.0, 0.05).low == 0.0


@pytest.mark.parametrize("z", [0.5, 1.96, -4.0, 12.0])
def test_z_p_value(z):
    assert z_p_value(0.01 * z, 0.01, 1e-9) == pytest.approx(2 * stats.norm.sf(abs(z)), rel=1e-9)


def test_without_scatter_only_rounding_separates_equal_from_different():
    assert z_p_value(1e-10, 0.0, 1e-9) == 1.0
    assert z_p_value(1e-8, 0.0, 1e-9) == 0.0


def test_networks_for_a_distance_without_noise():
    # value − margin / sqrt(N) = tolerance
    networks, verdict = networks_to_decide(0.10, 0.0, 1.6, 0.0, 0.02, 300)
    assert verdict == "outside"
    assert 400 < networks <= 1.03 * 400


def test_networks_for_a_distance_that_is_only_noise():
    # D = 0.8687 / sqrt(N) is what 1000 networks of the predicted law show: nothing but noise, so "within" is ahead.
    noise = math.sqrt(math.pi / 2) * math.log(2)
    networks = networks_for_law(Interval(noise / math.sqrt(1000), 0.0, 0.1), 0.0, 0.02, 1000, 0.05)
    exact = ((noise + math.sqrt(math.log(40) / 2) + 0.8225) / 0.02) ** 2  # 0.8225: room for D's own scatter
    assert exact <= networks <= 1.07 * exact


def test_the_floor_is_never_averaged_away():
    assert networks_to_decide(0.01, 0.0, 1.0, 0.02, 0.02, 1000) == (math.inf, "undecided")
    assert networks_to_decide(0.01, 0.0, 1.0, 0.005, 0.02, 1000) == (41_000.0, "within")  # 40 000, rounded up


@pytest.mark.parametrize(("value", "verdict"), [(0.0, "within"), (0.015, "within"), (0.03, "outside")])
def test_networks_for_a_moment(value, verdict):
    networks, expected = networks_for_moment(value, 0.01, 0.02, 10_000, 0.05)
    assert expected == verdict
    true = math.sqrt(max(value**2 - 0.01**2, 0))
    scatter = 0.01 * math.sqrt(10_000 / networks)
    reach = stats.norm.isf([0.025, 0.05]).sum() * scatter
    assert math.hypot(true, scatter) + (reach if verdict == "within" else -reach) == pytest.approx(0.02, abs=3e-4)


def test_a_distance_at_the_tolerance_is_never_decided():
    assert networks_to_decide(0.02, 0.0, 1.0, 0.0, 0.02, 1000) == (math.inf, "undecided")
