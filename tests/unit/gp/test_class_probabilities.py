import numpy as np
import pytest
from scipy import stats

from deeplimits.gp.class_probabilities import probability_of_largest


def by_orthant(mean, deviation, winner):
    """P(all Y_winner − Y_j > 0), an orthant of a correlated normal vector."""
    others = [j for j in range(len(mean)) if j != winner]
    covariance = deviation**2 * (np.eye(len(others)) + 1)
    law = stats.multivariate_normal(mean[others] - mean[winner], covariance, seed=0)
    return law.cdf(np.zeros(len(others)))


def test_two_classes_have_a_closed_form():
    means = np.column_stack([np.linspace(-1, 1, 9), np.zeros(9)])
    got = probability_of_largest(means, np.full(9, 0.5))
    np.testing.assert_allclose(got[:, 0], stats.norm.cdf(means[:, 0] / (0.5 * np.sqrt(2))), atol=1e-12)


def test_four_classes_are_orthants():
    mean = np.array([0.3, 0.0, -0.4, 0.25])
    got = probability_of_largest(mean[None], np.array([0.6]))[0]
    assert got == pytest.approx([by_orthant(mean, 0.6, c) for c in range(4)], abs=1e-5)


def test_rows_sum_to_one_and_keep_the_order_of_the_means():
    generator = np.random.default_rng(5)
    means, deviations = generator.standard_normal((1000, 10)), np.exp(4 * generator.standard_normal(1000))
    got = probability_of_largest(means, deviations)
    np.testing.assert_allclose(got.sum(axis=1), 1, rtol=1e-12)
    np.testing.assert_array_equal(got.argmax(axis=1), means.argmax(axis=1))


def test_without_deviation_the_largest_is_certain():
    got = probability_of_largest(np.array([[0.1, 0.3, 0.2], [1.0, 1.0, 0.0]]), np.zeros(2))
    np.testing.assert_allclose(got, [[0, 1, 0], [0.5, 0.5, 0]], atol=1e-6)


def test_one_class_is_certain():
    np.testing.assert_array_equal(probability_of_largest(np.array([[0.0]]), np.array([1.0])), [[1.0]])
