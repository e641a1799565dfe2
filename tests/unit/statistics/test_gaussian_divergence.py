import numpy as np
import pytest

from deeplimits.statistics import gaussian_divergence


def closed_form(mean: float, deviation: float) -> float:
    return -np.log(deviation) + (deviation**2 + mean**2) / 2 - 0.5


@pytest.mark.parametrize(("mean", "deviation"), [(0.0, 1.0), (0.5, 1.0), (0.0, 2.0), (-1.0, 0.5)])
def test_it_is_the_divergence_of_two_normals(mean: float, deviation: float) -> None:
    generator = np.random.default_rng(1)
    logits = mean + deviation * generator.normal(size=(40, 500))
    estimate = gaussian_divergence(logits, generator.normal(size=(40, 500)))
    assert estimate.value == pytest.approx(closed_form(mean, deviation), abs=0.03)


def test_it_has_not_the_bias_that_a_plug_in_has() -> None:
    generator = np.random.default_rng(2)
    one, other = generator.normal(size=(12, 4000)), generator.normal(size=(12, 4000))
    plugged = 0.5 * (np.log(other.var(0, ddof=1) / one.var(0, ddof=1)) + (
        one.var(0, ddof=1) + (one.mean(0) - other.mean(0)) ** 2
    ) / other.var(0, ddof=1) - 1)  # fmt: skip
    assert plugged.mean() > 0.1
    assert abs(gaussian_divergence(one, other[:8]).value) < 0.02


def test_shapes_and_counts_are_checked() -> None:
    with pytest.raises(ValueError, match="five or more networks"):
        gaussian_divergence(np.zeros((4, 5)), np.zeros((6, 5)))
    with pytest.raises(ValueError, match="same inputs"):
        gaussian_divergence(np.zeros((6, 5)), np.zeros((6, 6)))
